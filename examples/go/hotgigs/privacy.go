package hotgigs

/*
#include <stdlib.h>
#include "doors.h"
*/
import "C"

import (
	"context"
	"io"
	"math"
	"runtime"
	"time"
	"unsafe"
)

// ExportScope is what goes into a person's document.
type ExportScope int32

// As hotgigs/privacy.h has them.
const (
	ExportAccess   ExportScope = iota // all about him, what was inferred included
	ExportPortable                    // what he provided: what ImportDocument takes
)

// Export is a person's document as it comes, in bounded memory: an io.Reader. Until it is read to its end, or
// closed, the connection is its own.
//
//	document, err := hotgigs.OpenExport(ctx, conn, user, hotgigs.ExportAccess)
//	...
//	defer document.Close()
//	_, err = io.Copy(file, document)
type Export struct {
	ctx   context.Context // of the whole export
	conn  *Conn
	c     *C.hg_export
	piece []byte // the library's, until the next is asked for
	err   error
}

// OpenExport begins the document of one user, of one snapshot; that it was asked for is on record before it is read. The context
// is that of the whole export. NotFound: no such user, or another than the caller. State: a transaction is open.
func OpenExport(ctx context.Context, conn *Conn, user UUID, scope ExportScope) (*Export, error) {
	export := &Export{ctx: ctx, conn: conn}
	err := conn.run(ctx, func(c *C.hg_conn, e *C.hg_error) C.hg_status {
		return C.hg_privacy_export_open(c, (*C.hg_uuid)(unsafe.Pointer(&user)), C.int32_t(scope), &export.c, e)
	})
	if err != nil {
		return nil, err
	}
	runtime.SetFinalizer(export, (*Export).Close)
	return export, nil
}

// Read reads on. io.EOF says that the document is whole, and was of one snapshot; after any other error it is none.
func (x *Export) Read(p []byte) (int, error) {
	if len(x.piece) == 0 && len(p) > 0 && x.err == nil {
		x.err = x.next()
	}
	if x.err != nil {
		return 0, x.err
	}
	n := copy(p, x.piece)
	x.piece = x.piece[n:]
	return n, nil
}

func (x *Export) next() error {
	var ptr *C.char
	var size C.size_t
	err := x.conn.run(x.ctx, func(c *C.hg_conn, e *C.hg_error) C.hg_status {
		return C.hg_privacy_export_next(x.c, &ptr, &size, e)
	})
	if err == nil && ptr == nil {
		return io.EOF
	}
	x.piece = unsafe.Slice((*byte)(unsafe.Pointer(ptr)), int(size))
	return err
}

// SHA256 is the sum of the whole document. State: it was not read to its end, or is closed.
func (x *Export) SHA256() (sum [32]byte, err error) {
	if x.c == nil {
		return sum, state("the export is closed")
	}
	err = x.conn.run(context.Background(), func(c *C.hg_conn, e *C.hg_error) C.hg_status {
		return C.hg_privacy_export_sha256(x.c, (*C.uint8_t)(unsafe.Pointer(&sum[0])), e)
	})
	return sum, err
}

// Close ends the export, read to its end or not; the connection is free again.
func (x *Export) Close() {
	x.conn.mutex.Lock()
	defer x.conn.mutex.Unlock()
	runtime.SetFinalizer(x, nil)
	C.hg_privacy_export_close(x.c)
	x.c, x.piece = nil, nil
	if x.err == nil {
		x.err = state("the export is closed")
	}
}

// ImportDocument writes the rows of a portable document, all or none, and says how many; the service's alone. The sum is what
// SHA256 said where it was exported, never what came with the document. Conflict: he is there already.
func ImportDocument(ctx context.Context, conn *Conn, document []byte, sum [32]byte) (int64, error) {
	var rows C.int64_t
	text, size := stringOf(string(document))
	err := conn.run(ctx, func(c *C.hg_conn, e *C.hg_error) C.hg_status {
		return C.hg_privacy_import(c, text, size, (*C.uint8_t)(unsafe.Pointer(&sum[0])), &rows, e)
	})
	return int64(rows), err
}

// ---- The ledger of erasures ------------------------------------------------------------------------------------------

// LedgerErase is PrivacyErase in a transaction of its own, whose line is in the file, and on the disk, before it commits. Invalid:
// the file cannot be opened. Held: a legal hold. InDoubt: repeat it.
func LedgerErase(ctx context.Context, conn *Conn, path string, params *PrivacyEraseParams) (*PrivacyEraseRow, error) {
	p, err := prepare(C.HG_OPERATION_PRIVACY_ERASE, params)
	if err != nil {
		return nil, err
	}
	defer p.free()
	file := C.CString(path)
	defer C.free(unsafe.Pointer(file))
	var row *C.hg_privacy_erase_row
	err = conn.run(ctx, func(c *C.hg_conn, e *C.hg_error) C.hg_status {
		return C.hg_ledger_erase(c, file, (*C.hg_privacy_erase_params)(p.params), &row, e)
	})
	return takeRow(unsafe.Pointer(row), decodePrivacyEraseRow), err
}

// LedgerReplay erases again whom a restore has brought back: a row a line, with its outcome. It may be repeated. Lines before since
// are passed over: the time that was restored to, less what clocks may differ; of the zero time none is.
func LedgerReplay(ctx context.Context, conn *Conn, path string, since time.Time) ([]PrivacyReplayRow, error) {
	micros := int64(math.MinInt64)
	if !since.IsZero() {
		known, ok := microseconds(since)
		if !ok {
			return nil, invalid(-1, "since is no time that PostgreSQL has")
		}
		micros = known
	}
	file := C.CString(path)
	defer C.free(unsafe.Pointer(file))
	var list *C.hg_privacy_replay_list
	err := conn.run(ctx, func(c *C.hg_conn, e *C.hg_error) C.hg_status {
		return C.hg_ledger_replay(c, file, C.hg_timestamp(micros), &list, e)
	})
	if err != nil {
		return nil, err
	}
	return takeList((*C.hg_operation_list)(unsafe.Pointer(list)), decodePrivacyReplayRow), nil
}
