package hotgigs

/*
#include <stdlib.h>
#include "doors.h"
*/
import "C"

import (
	"context"
	"net/netip"
	"reflect"
	"runtime"
	"time"
	"unsafe"
)

// Function is what Measure computes.
type Function int32

// As hotgigs/aggregate.h has them. Sums of integers are int64, of decimals Decimal, exact; averages are Decimal.
const (
	CountOf Function = iota + 1 // values that are not NULL
	CountDistinct
	Sum
	Average
	Least
	Greatest
)

// Unit is how long a bucket of time is.
type Unit int32

// Units of Bucket. A week begins on Monday.
const (
	Hour Unit = iota + 1
	Day
	Week
	Month
)

// Group groups by a column.
func (q *Query) Group(column Column) *Query {
	return q.step(func(e *C.hg_error) C.hg_status { return C.hg_query_group(q.c, C.int32_t(column), e) })
}

// Bucket groups by the hour, day, week or month, in a zone such as "Europe/Zurich", in which a time or date lies; "": UTC.
// There are no gaps: a bucket without rows is there, with counts of 0 and NULL for the other measures.
func (q *Query) Bucket(column Column, unit Unit, zone string) *Query {
	text := C.CString(zone)
	defer C.free(unsafe.Pointer(text))
	return q.step(func(e *C.hg_error) C.hg_status {
		return C.hg_query_bucket(q.c, C.int32_t(column), C.int32_t(unit), text, e)
	})
}

// CountRows measures how many rows there are.
func (q *Query) CountRows() *Query { return q.Measure(CountOf, -1) }

// Measure measures a column.
func (q *Query) Measure(function Function, column Column) *Query {
	return q.step(func(e *C.hg_error) C.hg_status {
		return C.hg_query_measure(q.c, C.int32_t(function), C.int32_t(column), e)
	})
}

// Having keeps the rows whose measure, counted from 0, compares so with value: an int or a Decimal.
func (q *Query) Having(measure int, op Op, value any) *Query {
	return q.step(func(e *C.hg_error) C.hg_status {
		switch v := value.(type) {
		case int:
			return C.hg_query_having_int(q.c, C.int32_t(measure), C.int32_t(op), C.int64_t(v), e)
		case int64:
			return C.hg_query_having_int(q.c, C.int32_t(measure), C.int32_t(op), C.int64_t(v), e)
		case Decimal:
			return C.hg_query_having_decimal(q.c, C.int32_t(measure), C.int32_t(op), (*C.hg_decimal)(unsafe.Pointer(&v)), e)
		}
		return refuse(e, "a measure compares with int, int64 or Decimal")
	})
}

// AscendingMeasure and DescendingMeasure order by a measure, counted from 0, before anything else.
func (q *Query) AscendingMeasure(measure int) *Query { return q.orderMeasure(measure, C.HG_ASCENDING) }
func (q *Query) DescendingMeasure(measure int) *Query {
	return q.orderMeasure(measure, C.HG_DESCENDING)
}

func (q *Query) orderMeasure(measure int, direction C.int32_t) *Query {
	return q.step(func(e *C.hg_error) C.hg_status {
		return C.hg_query_order_measure(q.c, C.int32_t(measure), direction, e)
	})
}

// Aggregate runs a query with groups and measures, in one round trip. T is a struct whose fields take them by their order:
// the groups, then the measures. A field has the type of the column, or Null of it where there may be NULL; a text or an
// enumeration may be a string, an integer int64.
//
//	type perDay struct {
//		Status hotgigs.Null[hotgigs.ApplicationStatus]
//		Day    time.Time
//		Count  int64
//	}
//	days, err := hotgigs.Aggregate[perDay](ctx, conn, query)
func Aggregate[T any](ctx context.Context, conn *Conn, query *Query) ([]T, error) {
	var table *C.hg_table
	err := query.run(ctx, conn, func(c *C.hg_conn, e *C.hg_error) C.hg_status {
		return C.hg_aggregate_run(c, query.c, &table, e)
	})
	runtime.KeepAlive(query)
	defer C.hg_table_free(table)
	if err != nil {
		return nil, err
	}
	rows := make([]T, int(C.hg_table_rows(table)))
	for i := range rows {
		if err := fillRow(table, C.size_t(i), reflect.ValueOf(&rows[i]).Elem()); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// fillRow reads the cells of a row into the fields of a struct.
func fillRow(table *C.hg_table, row C.size_t, into reflect.Value) error {
	columns := int(C.hg_table_columns(table))
	if into.Kind() != reflect.Struct || into.NumField() != columns {
		return invalid(-1, "the rows are to be structs of %d fields: one for each group and measure", columns)
	}
	for i := 0; i < columns; i++ {
		field := into.Field(i)
		if !field.CanSet() {
			return invalid(-1, "field %s begins with a small letter", into.Type().Field(i).Name)
		}
		value, isNullable := field, isNull(field.Type())
		if isNullable {
			value = field.Field(0)
		}
		if C.hg_table_is_null(table, row, C.int32_t(i)) != 0 {
			if !isNullable {
				return invalid(-1, "a cell is NULL, and field %s is no Null", into.Type().Field(i).Name)
			}
			continue
		}
		if err := fillCell(table, row, C.int32_t(i), value); err != nil {
			return err
		}
		if isNullable {
			field.Field(1).SetBool(true)
		}
	}
	return nil
}

// isNull says whether a type is a Null: V and Valid.
func isNull(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && t.NumField() == 2 && t.Field(0).Name == "V" && t.Field(1).Name == "Valid"
}

// fillCell reads a cell by the type of what it goes into; the library refuses a cell of another kind.
func fillCell(table *C.hg_table, row C.size_t, column C.int32_t, value reflect.Value) error {
	var e C.hg_error
	var st C.hg_status
	switch to := value.Addr().Interface().(type) {
	case *UUID:
		st = C.hg_table_uuid(table, row, column, (*C.hg_uuid)(unsafe.Pointer(to)), &e)
	case *Decimal:
		st = C.hg_table_decimal(table, row, column, (*C.hg_decimal)(unsafe.Pointer(to)), &e)
	case *time.Time:
		var us C.hg_timestamp
		st = C.hg_table_time(table, row, column, &us, &e)
		*to = time.UnixMicro(int64(us)).UTC()
	case *Date:
		st = C.hg_table_date(table, row, column, (*C.hg_date)(unsafe.Pointer(to)), &e)
	case *netip.Prefix:
		var inet cInet
		st = C.hg_table_inet(table, row, column, (*C.hg_inet)(unsafe.Pointer(&inet)), &e)
		*to = getInet(unsafe.Pointer(&inet), 0)
	case *string:
		var text C.hg_str
		st = C.hg_table_text(table, row, column, &text, &e)
		*to = unsafeString(unsafe.Pointer(text.ptr), int(text.len))
	default:
		return fillInt(table, row, column, value)
	}
	return errorOf(st, &e)
}

// fillInt reads an integer, a bool or an enumeration.
func fillInt(table *C.hg_table, row C.size_t, column C.int32_t, value reflect.Value) error {
	var e C.hg_error
	var number C.int64_t
	if st := C.hg_table_int(table, row, column, &number, &e); st != C.HG_OK {
		return errorOf(st, &e)
	}
	switch {
	case value.CanInt() && !value.OverflowInt(int64(number)):
		value.SetInt(int64(number))
	case value.Kind() == reflect.Bool:
		value.SetBool(number != 0)
	default:
		return invalid(-1, "a cell with a number does not go into %s", value.Type())
	}
	return nil
}
