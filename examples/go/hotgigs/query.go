package hotgigs

/*
#include "doors.h"
*/
import "C"

import (
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"reflect"
	"runtime"
	"time"
	"unsafe"
)

// Op is an operator of a filter.
type Op int32

// As hotgigs/query.h has them.
const (
	EQ       Op = iota + 1 // =
	NE                     // <>; NULL counts as different
	LT                     // <
	LE                     // <=
	GT                     // >
	GE                     // >=
	Prefix                 // text begins with the value
	Contains               // text has the value in it, in any case
	Includes               // JSON and lists: has all of the value in it
	Overlaps               // lists: has any of the value in it
	HasKey                 // JSON: has the key
	HasAny                 // JSON: any of them
	HasAll                 // JSON: all of them
	Within                 // inet: is in the network, or it
)

// Query is what is asked of a table. Its calls give the query again, so that they can be chained; the first failure stays,
// and comes back from whatever runs the query. It is built by one goroutine, and may then be run by many.
type Query struct {
	c   *C.hg_query
	err error
}

// NewQuery is a query of a table or view.
func NewQuery(table AnyTable) *Query {
	q := &Query{c: C.hg_query_new(C.int32_t(table.Describe().Number))}
	runtime.SetFinalizer(q, (*Query).Close)
	return q
}

// Close frees it. Once is enough, and again does no harm.
func (q *Query) Close() {
	runtime.SetFinalizer(q, nil)
	C.hg_query_free(q.c)
	q.c = nil
}

// Err is the first failure of the calls that built it.
func (q *Query) Err() error { return q.err }

// check says why the query cannot be run: its first failure, or that there is none.
func (q *Query) check() error {
	if q == nil {
		return invalid(-1, "no query")
	}
	return q.err
}

// run makes a call with the query, if it can be run.
func (q *Query) run(ctx context.Context, conn *Conn, call func(*C.hg_conn, *C.hg_error) C.hg_status) error {
	if err := q.check(); err != nil {
		return err
	}
	return conn.run(ctx, call)
}

func (q *Query) step(call func(e *C.hg_error) C.hg_status) *Query {
	if q.err == nil {
		var e C.hg_error
		q.err = errorOf(call(&e), &e)
	}
	return q
}

// Where adds a filter. value is of the column's type: string, an enumeration's type, an int, bool, UUID, time.Time, Date,
// Decimal, netip.Prefix, json.RawMessage, or []Null[string].
func (q *Query) Where(column Column, op Op, value any) *Query {
	c, o := C.int32_t(column), C.int32_t(op)
	return q.step(func(e *C.hg_error) C.hg_status {
		switch v := value.(type) {
		case string:
			ptr, length := stringOf(v)
			return C.hg_query_where_text(q.c, c, o, ptr, length, e)
		case UUID:
			return C.hg_query_where_uuid(q.c, c, o, (*C.hg_uuid)(unsafe.Pointer(&v)), e)
		case bool:
			return C.hg_query_where_bool(q.c, c, o, map[bool]C.int32_t{true: 1}[v], e)
		case time.Time:
			us, ok := microseconds(v)
			if !ok {
				return refuse(e, "a time outside of what PostgreSQL has")
			}
			return C.hg_query_where_time(q.c, c, o, C.hg_timestamp(us), e)
		case Date:
			return C.hg_query_where_date(q.c, c, o, C.hg_date(v), e)
		case Decimal:
			return C.hg_query_where_decimal(q.c, c, o, (*C.hg_decimal)(unsafe.Pointer(&v)), e)
		case netip.Prefix:
			inet, err := inetOf(v)
			if err != nil {
				return refuse(e, "no IP address")
			}
			return C.hg_query_where_inet(q.c, c, o, (*C.hg_inet)(unsafe.Pointer(&inet)), e)
		case json.RawMessage:
			ptr, length := stringOf(string(v))
			return C.hg_query_where_json(q.c, c, o, ptr, length, e)
		case []Null[string]:
			buf, ends, nulls := packed(v)
			ptr, _ := stringOf(buf)
			return C.hg_query_where_text_list(q.c, c, o, ptr, (*C.uint64_t)(unsafe.Pointer(&ends[0])),
				(*C.uint8_t)(unsafe.Pointer(&nulls[0])), C.size_t(len(v)), e)
		case int:
			return C.hg_query_where_int(q.c, c, o, C.int64_t(v), e)
		case int32:
			return C.hg_query_where_int(q.c, c, o, C.int64_t(v), e)
		case int64:
			return C.hg_query_where_int(q.c, c, o, C.int64_t(v), e)
		case fmt.Stringer: // the enumerations
			if number := reflect.ValueOf(v); number.Kind() == reflect.Int32 {
				return C.hg_query_where_enum(q.c, c, o, C.int32_t(number.Int()), e)
			}
		}
		return refuse(e, "a value of a type that no column has")
	})
}

func refuse(e *C.hg_error, message string) C.hg_status {
	e.status, e.column = C.HG_E_INVALID, -1
	for i := range message {
		e.message[i] = C.char(message[i])
	}
	return C.HG_E_INVALID
}

// WhereNull asks for rows whose column is NULL, or is not.
func (q *Query) WhereNull(column Column, is bool) *Query {
	return q.step(func(e *C.hg_error) C.hg_status {
		return C.hg_query_where_null(q.c, C.int32_t(column), map[bool]C.int32_t{true: 1}[is], e)
	})
}

// WhereID asks for rows whose column is one of ids.
func (q *Query) WhereID(column Column, ids []UUID) *Query {
	return q.step(func(e *C.hg_error) C.hg_status {
		return C.hg_query_where_in_uuid(q.c, C.int32_t(column), uuids(ids), C.size_t(len(ids)), e)
	})
}

// Any, All and Not begin a group, which End ends: one of it must hold, all of it, or what all of it finds is left out.
func (q *Query) Any() *Query {
	return q.step(func(e *C.hg_error) C.hg_status { return C.hg_query_any(q.c, e) })
}
func (q *Query) All() *Query {
	return q.step(func(e *C.hg_error) C.hg_status { return C.hg_query_all(q.c, e) })
}
func (q *Query) Not() *Query {
	return q.step(func(e *C.hg_error) C.hg_status { return C.hg_query_not(q.c, e) })
}
func (q *Query) End() *Query {
	return q.step(func(e *C.hg_error) C.hg_status { return C.hg_query_end(q.c, e) })
}

// Ascending and Descending add a sort key.
func (q *Query) Ascending(column Column) *Query  { return q.order(column, C.HG_ASCENDING) }
func (q *Query) Descending(column Column) *Query { return q.order(column, C.HG_DESCENDING) }

func (q *Query) order(column Column, direction C.int32_t) *Query {
	return q.step(func(e *C.hg_error) C.hg_status {
		return C.hg_query_order(q.c, C.int32_t(column), direction, C.HG_NULLS_DEFAULT, e)
	})
}

// Limit asks for so many rows at most.
func (q *Query) Limit(limit int64) *Query {
	return q.step(func(e *C.hg_error) C.hg_status { return C.hg_query_limit(q.c, C.int64_t(limit), e) })
}

// After asks for the rows behind the one that FindPage gave the place of.
func (q *Query) After(place string) *Query {
	return q.step(func(e *C.hg_error) C.hg_status {
		ptr, length := stringOf(place)
		return C.hg_query_after(q.c, ptr, length, e)
	})
}

// Columns reads only these, and the id.
func (q *Query) Columns(columns ...Column) *Query {
	var mask C.uint64_t
	for _, c := range columns {
		mask |= 1 << uint(c)
	}
	return q.step(func(e *C.hg_error) C.hg_status { return C.hg_query_columns(q.c, mask, e) })
}
