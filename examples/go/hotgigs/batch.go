package hotgigs

/*
#include "doors.h"
*/
import "C"

import (
	"context"
	"fmt"
)

// BatchError is why a batch failed: the error of one of its writes, which errors.Is and errors.As find.
type BatchError struct {
	Failed int   // the number of the write that failed, from 0; -1: none in particular
	Err    error // as its own call would have given it
}

func (e *BatchError) Error() string { return fmt.Sprintf("write %d of the batch: %v", e.Failed, e.Err) }

// Unwrap is the write's own error.
func (e *BatchError) Unwrap() error { return e.Err }

// Batch runs body, collects its Insert, Update, Upsert and Delete calls on this connection, which give no rows, and sends
// them in one round trip: all of them happen or none. Other calls are State until its end. An error of body's own, or a
// panic, gives up what was collected, and the transaction that it is in.
func (conn *Conn) Batch(ctx context.Context, body func() error) error {
	err := conn.run(ctx, func(c *C.hg_conn, e *C.hg_error) C.hg_status { return C.hg_batch_begin(c, e) })
	if err != nil {
		return err
	}
	conn.setBatching(true)
	isDone := false
	defer func() {
		conn.setBatching(false)
		if !isDone {
			// If even this fails, the connection is lost, and the batch with it.
			_ = conn.run(context.Background(), func(c *C.hg_conn, e *C.hg_error) C.hg_status { return C.hg_batch_drop(c, e) })
		}
	}()
	if err := body(); err != nil {
		return err
	}
	isDone = true
	failed := C.int64_t(-1)
	err = conn.run(ctx, func(c *C.hg_conn, e *C.hg_error) C.hg_status { return C.hg_batch_end(c, &failed, e) })
	if err != nil && failed >= 0 {
		return &BatchError{int(failed), err}
	}
	return err
}

func (conn *Conn) setBatching(is bool) {
	conn.mutex.Lock()
	defer conn.mutex.Unlock()
	conn.batching = is
}
