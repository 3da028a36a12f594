package hotgigs

/*
#cgo pkg-config: hotgigs
#include "doors.h"
*/
import "C"

import (
	"context"
	"fmt"
	"unsafe"
)

// Status is what a call came to. The statuses are errors for errors.Is: errors.Is(err, hotgigs.NotFound).
type Status int32

// As hotgigs/core.h has them.
const (
	NotFound   Status = 1  // no such row, or not visible to this role
	Conflict   Status = 2  // a unique key is taken, or the row changed since it was read
	Constraint Status = 3  // a check, foreign key or NOT NULL refuses it
	Denied     Status = 4  // this role may not
	Invalid    Status = 5  // a value or an argument is wrong
	Retry      Status = 6  // repeat the whole transaction
	Connection Status = 7  // the server cannot be reached, refused the login, or went away
	Cancelled  Status = 8  // the context ended, or a deadline passed
	NoMemory   Status = 9  // out of memory
	Schema     Status = 10 // the database is not the schema that the library knows
	Internal   Status = 11 // a defect of the library
	State      Status = 12 // not allowed now
	InDoubt    Status = 13 // a write was sent and its reply was lost
	Held       Status = 14 // a legal hold keeps the data
)

// Error is the status' name, such as "HG_E_NOT_FOUND".
func (s Status) Error() string { return C.GoString(C.hg_status_name(C.hg_status(s))) }

// Error is why a call failed, for errors.As. errors.Is finds its Status, and the context's error if that ended the call.
type Error struct {
	Status         Status
	Column         Column // the column concerned, or -1
	MayRetry       bool   // repeating the whole transaction may succeed
	OutcomeUnknown bool   // a commit was sent and its outcome is not known
	SQLState       string
	Constraint     string
	Table          string
	Message        string // without values of rows

	context error
}

func (e *Error) Error() string { return e.Status.Error() + ": " + e.Message }

// Is says whether target is the error's status.
func (e *Error) Is(target error) bool { return target == error(e.Status) }

// Unwrap is the context's error where the context ended the call, else nil.
func (e *Error) Unwrap() error { return e.context }

func errorOf(st C.hg_status, err *C.hg_error) error {
	if st == C.HG_OK {
		return nil
	}
	return &Error{Status: Status(st), Column: Column(err.column), MayRetry: err.flags&C.HG_ERROR_RETRY != 0,
		OutcomeUnknown: err.flags&C.HG_ERROR_OUTCOME_UNKNOWN != 0, SQLState: C.GoString(&err.sqlstate[0]),
		Constraint: C.GoString(&err.constraint[0]), Table: C.GoString(&err.table[0]), Message: C.GoString(&err.message[0])}
}

// because adds the context's error to that of a call that it ended.
func because(ctx context.Context, err error) error {
	if e, ok := err.(*Error); ok && e.Status == Cancelled {
		e.context = ctx.Err()
		if _, has := ctx.Deadline(); has && e.context == nil { // the server's clock was ahead of the context's by a moment
			e.context = context.DeadlineExceeded
		}
	}
	return err
}

func invalid(column Column, format string, args ...any) error {
	return &Error{Status: Invalid, Column: column, Message: fmt.Sprintf(format, args...)}
}

func state(message string) error { return &Error{Status: State, Column: -1, Message: message} }

// textOf copies a text of the library and frees it.
func textOf(text *C.hg_text) string {
	s := unsafeString(unsafe.Pointer(C.hg_text_ptr(text)), int(C.hg_text_len(text)))
	C.hg_text_free(text)
	return s
}
