package hotgigs

/*
#include "doors.h"
*/
import "C"

import (
	"context"
	"unsafe"
)

// parameters of an operation.
type parameters interface {
	encode(d *draft) error
}

// prepared is an operation with its parameters, in the library's memory.
type prepared struct {
	op     *C.hg_operation_info
	params unsafe.Pointer
	draft  *draft
}

func prepare(number int, params parameters) (*prepared, error) {
	p := &prepared{op: C.hg_operation_describe(C.int32_t(number))}
	if params == nil {
		return p, nil
	}
	d, err := newDraft(C.hg_operation_draft_new(p.op))
	if err != nil {
		return nil, err
	}
	p.draft = d
	if err := params.encode(d); err != nil {
		d.free()
		return nil, err
	}
	p.params = C.hg_operation_draft_params(p.op, d.c)
	return p, nil
}

func (p *prepared) free() {
	if p.draft != nil {
		p.draft.free()
	}
}

func operate(ctx context.Context, conn *Conn, number int, params parameters) error {
	p, err := prepare(number, params)
	if err != nil {
		return err
	}
	defer p.free()
	return conn.run(ctx, func(c *C.hg_conn, e *C.hg_error) C.hg_status { return C.hg_operation_run(c, p.op, p.params, e) })
}

func operateCount(ctx context.Context, conn *Conn, number int, params parameters) (int64, error) {
	p, err := prepare(number, params)
	if err != nil {
		return 0, err
	}
	defer p.free()
	var count C.int64_t
	err = conn.run(ctx, func(c *C.hg_conn, e *C.hg_error) C.hg_status {
		return C.hg_operation_run_count(c, p.op, p.params, &count, e)
	})
	return int64(count), err
}

func operateRow[R any](ctx context.Context, conn *Conn, number int, params parameters, decode func(unsafe.Pointer, *R, *texts)) (*R, error) {
	p, err := prepare(number, params)
	if err != nil {
		return nil, err
	}
	defer p.free()
	var row unsafe.Pointer
	err = conn.run(ctx, func(c *C.hg_conn, e *C.hg_error) C.hg_status {
		return C.hg_operation_run_row(c, p.op, p.params, &row, e)
	})
	return takeRow(row, decode), err
}

// takeRow frees the row that an operation gave; nil of NULL.
func takeRow[R any](row unsafe.Pointer, decode func(unsafe.Pointer, *R, *texts)) *R {
	if row == nil {
		return nil
	}
	out := new(R)
	decode(row, out, &texts{})
	C.hg_operation_row_free(row)
	return out
}

func operateList[R any](ctx context.Context, conn *Conn, number int, params parameters, decode func(unsafe.Pointer, *R, *texts)) ([]R, error) {
	p, err := prepare(number, params)
	if err != nil {
		return nil, err
	}
	defer p.free()
	var list *C.hg_operation_list
	err = conn.run(ctx, func(c *C.hg_conn, e *C.hg_error) C.hg_status {
		return C.hg_operation_run_list(c, p.op, p.params, &list, e)
	})
	if err != nil {
		return nil, err
	}
	return takeList(list, decode), nil
}

// takeList frees the list that an operation gave.
func takeList[R any](list *C.hg_operation_list, decode func(unsafe.Pointer, *R, *texts)) []R {
	var count, stride C.size_t
	base := C.hg_operation_list_rows(list, &count, &stride)
	rows := decodeRows(base, int(count), uintptr(stride), decode)
	C.hg_operation_list_free(list)
	return rows
}
