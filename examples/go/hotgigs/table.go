// Package hotgigs is the data of HotGigs.ai for Go, over libhotgigs: a type a table, a function an operation.
//
// Every call takes a context, whose deadline and end reach the server. Rows are Go memory: nothing of the library is in
// them, and nothing needs freeing. Conn, Pool, Query and Stream have Close; what is forgotten is closed when collected.
package hotgigs

/*
#include "doors.h"
*/
import "C"

import (
	"context"
	"runtime"
	"unsafe"
)

// Kind is what a column is.
type Kind int

// Kinds of columns.
const (
	KindUUID Kind = iota + 1
	KindText
	KindJSON
	KindEnum
	KindInt
	KindBool
	KindDecimal
	KindTime
	KindDate
	KindTextList
	KindInet
	KindBigint
	KindUUIDList
)

// ColumnInfo describes a column.
type ColumnInfo struct {
	Name, Field string // in the database; in the row's struct
	Kind        Kind
	Nullable    bool
	Length      int // of a text; 0: any
	Scale       int // of a decimal
	Values      []string

	readers, inserters, updaters uint8
}

// ReadBy, InsertedBy and UpdatedBy say what the grants allow a role.
func (c *ColumnInfo) ReadBy(role Role) bool     { return c.readers>>uint(role)&1 != 0 }
func (c *ColumnInfo) InsertedBy(role Role) bool { return c.inserters>>uint(role)&1 != 0 }
func (c *ColumnInfo) UpdatedBy(role Role) bool  { return c.updaters>>uint(role)&1 != 0 }

// TableInfo describes a table or a view.
type TableInfo struct {
	Name, Singular string
	Number         int
	IsView         bool
	VersionColumn  int // kept by a trigger; -1: none
	Columns        []ColumnInfo
}

// Table reads and writes the rows of one table. Views have no writes: Invalid.
type Table[R any] struct {
	info   TableInfo
	index  int
	decode func(unsafe.Pointer, *R, *texts)
	encode func(*draft, Column, *R) error
}

// AnyTable is a Table whose row type is not known: rows are pointers to it.
type AnyTable interface {
	Describe() *TableInfo
	NewRow() any
	GetAny(ctx context.Context, conn *Conn, id UUID) (any, error)
	InsertAny(ctx context.Context, conn *Conn, row any, columns ...Column) (any, error)
	UpdateAny(ctx context.Context, conn *Conn, id UUID, row any, columns ...Column) (any, error)
	Delete(ctx context.Context, conn *Conn, id UUID) error
	Count(ctx context.Context, conn *Conn, query *Query) (int64, error)
	JSONOfAny(row any, columns ...Column) ([]byte, error)
	FromJSONAny(text []byte) (any, error)
}

// Describe gives the table's description.
func (t *Table[R]) Describe() *TableInfo { return &t.info }

func (t *Table[R]) door() C.int { return C.int(t.index) }

// ---- Reading ---------------------------------------------------------------------------------------------------------

// Get reads a row by its id. NotFound: there is none, or it is not visible to this role.
func (t *Table[R]) Get(ctx context.Context, conn *Conn, id UUID) (*R, error) {
	return t.one(ctx, conn, func(c *C.hg_conn, out *unsafe.Pointer, e *C.hg_error) C.hg_status {
		return C.hgo_get(t.door(), c, (*C.hg_uuid)(unsafe.Pointer(&id)), out, e)
	})
}

// GetMany reads the rows that have one of these ids, in no particular order.
func (t *Table[R]) GetMany(ctx context.Context, conn *Conn, ids []UUID) ([]R, error) {
	return t.many(ctx, conn, func(c *C.hg_conn, out *C.hgo_list, e *C.hg_error) C.hg_status {
		return C.hgo_get_many(t.door(), c, uuids(ids), C.size_t(len(ids)), out, e)
	})
}

// Find reads the rows that a query finds, in its order, and what Relation.Into asks for beside them.
func (t *Table[R]) Find(ctx context.Context, conn *Conn, query *Query, includes ...Include[R]) ([]R, error) {
	err := query.check()
	for _, in := range includes {
		if err == nil {
			err = in.check()
		}
	}
	if err != nil {
		return nil, err
	}
	return t.many(ctx, conn, func(c *C.hg_conn, out *C.hgo_list, e *C.hg_error) C.hg_status {
		if st := t.found(c, query, out, e); st != C.HG_OK {
			return st
		}
		return t.withIncludes(c, out, includes, e)
	})
}

// FindPage is Find, and gives the place of its last row for Query.After; "" if there are no rows.
func (t *Table[R]) FindPage(ctx context.Context, conn *Conn, query *Query) (rows []R, last string, err error) {
	if err = query.check(); err != nil {
		return nil, "", err
	}
	rows, err = t.many(ctx, conn, func(c *C.hg_conn, out *C.hgo_list, e *C.hg_error) C.hg_status {
		st := t.found(c, query, out, e)
		if st == C.HG_OK && out.count > 0 {
			var text *C.hg_text
			if st = C.hgo_cursor_of(t.door(), out, out.count-1, &text, e); st == C.HG_OK {
				last = textOf(text)
			}
		}
		return st
	})
	return rows, last, err
}

func (t *Table[R]) found(c *C.hg_conn, query *Query, out *C.hgo_list, e *C.hg_error) C.hg_status {
	defer runtime.KeepAlive(query)
	return C.hgo_find(t.door(), c, query.c, out, e)
}

// Count is how many rows a query's filters find that this role may see; nil: all.
func (t *Table[R]) Count(ctx context.Context, conn *Conn, query *Query) (int64, error) {
	var count C.int64_t
	if query == nil {
		query = NewQuery(t)
		defer query.Close()
	}
	err := query.run(ctx, conn, func(c *C.hg_conn, e *C.hg_error) C.hg_status {
		return C.hgo_count(t.door(), c, query.c, &count, e)
	})
	runtime.KeepAlive(query)
	return int64(count), err
}

// Exists says whether a query's filters find any row.
func (t *Table[R]) Exists(ctx context.Context, conn *Conn, query *Query) (bool, error) {
	var is C.int32_t
	err := query.run(ctx, conn, func(c *C.hg_conn, e *C.hg_error) C.hg_status {
		return C.hgo_exists(t.door(), c, query.c, &is, e)
	})
	runtime.KeepAlive(query)
	return is != 0, err
}

func (t *Table[R]) one(ctx context.Context, conn *Conn, call func(*C.hg_conn, *unsafe.Pointer, *C.hg_error) C.hg_status) (*R, error) {
	var p unsafe.Pointer
	if err := conn.run(ctx, func(c *C.hg_conn, e *C.hg_error) C.hg_status { return call(c, &p, e) }); err != nil {
		return nil, err
	}
	if p == nil { // a write in a batch
		return nil, nil
	}
	row := new(R)
	t.decode(p, row, &texts{})
	C.hgo_free_row(t.door(), p)
	return row, nil
}

// write is one, of a write: in a batch it is collected, and gives no row.
func (t *Table[R]) write(ctx context.Context, conn *Conn, call func(*C.hg_conn, *unsafe.Pointer, *C.hg_error) C.hg_status) (*R, error) {
	return t.one(ctx, conn, func(c *C.hg_conn, out *unsafe.Pointer, e *C.hg_error) C.hg_status {
		if conn.batching {
			out = nil
		}
		return call(c, out, e)
	})
}

func (t *Table[R]) many(ctx context.Context, conn *Conn, call func(*C.hg_conn, *C.hgo_list, *C.hg_error) C.hg_status) ([]R, error) {
	var list C.hgo_list
	if err := conn.run(ctx, func(c *C.hg_conn, e *C.hg_error) C.hg_status { return call(c, &list, e) }); err != nil {
		C.hgo_free_list(t.door(), &list)
		return nil, err
	}
	rows := decodeRows(list.rows, int(list.count), uintptr(list.stride), t.decode)
	C.hgo_free_list(t.door(), &list)
	return rows, nil
}

// decodeRows walks the library's rows by base and stride: a newer library's are longer.
func decodeRows[R any](base unsafe.Pointer, count int, stride uintptr, decode func(unsafe.Pointer, *R, *texts)) []R {
	rows := make([]R, count)
	var t texts
	for i := range rows {
		decode(unsafe.Add(base, uintptr(i)*stride), &rows[i], &t)
	}
	return rows
}

// ---- Streams ---------------------------------------------------------------------------------------------------------

// Stream is rows on their way, in bounded memory:
//
//	for stream.Next(ctx) { use(stream.Row()) }
//	err := stream.Close()
type Stream[R any] struct {
	table *Table[R]
	conn  *Conn
	c     *C.hg_cursor
	row   R
	err   error
}

// Stream reads what a query finds row by row. Outside a transaction the connection is the stream's until it is closed.
func (t *Table[R]) Stream(ctx context.Context, conn *Conn, query *Query) (*Stream[R], error) {
	stream := &Stream[R]{table: t, conn: conn}
	err := query.run(ctx, conn, func(c *C.hg_conn, e *C.hg_error) C.hg_status {
		return C.hgo_stream(t.door(), c, query.c, &stream.c, e)
	})
	runtime.KeepAlive(query)
	if err != nil {
		return nil, err
	}
	runtime.SetFinalizer(stream, func(s *Stream[R]) { _ = s.Close() })
	return stream, nil
}

// Next goes to the next row; false at the end, and when it failed, which Close tells.
func (s *Stream[R]) Next(ctx context.Context) bool {
	var p unsafe.Pointer
	if s.err != nil || s.c == nil {
		return false
	}
	var row R
	s.err = s.conn.run(ctx, func(c *C.hg_conn, e *C.hg_error) C.hg_status {
		st := C.hgo_next(s.table.door(), s.c, &p, e)
		if st == C.HG_OK && p != nil {
			s.table.decode(p, &row, &texts{})
		}
		return st
	})
	s.row = row
	return s.err == nil && p != nil
}

// Row is the current row.
func (s *Stream[R]) Row() *R { return &s.row }

// Close ends the stream, and gives what made Next fail.
func (s *Stream[R]) Close() error {
	s.conn.mutex.Lock()
	defer s.conn.mutex.Unlock()
	runtime.SetFinalizer(s, nil)
	C.hg_cursor_close(s.c)
	s.c = nil
	return s.err
}

// ---- Writing ---------------------------------------------------------------------------------------------------------

// draft is rows with the columns to be written.
func (t *Table[R]) draft(rows []R, columns []Column) (*draft, error) {
	d, err := newDraft(C.hgo_draft_new(t.door()))
	if err != nil {
		return nil, err
	}
	for i := range rows {
		if i > 0 {
			err = d.nextRow()
		}
		for _, c := range columns {
			if err == nil {
				err = t.encode(d, c, &rows[i])
			}
		}
		if err != nil {
			d.free()
			return nil, err
		}
	}
	return d, nil
}

// Insert inserts a row with these columns; the others get their DEFAULT, and the id a new uuid. It gives the row as stored.
func (t *Table[R]) Insert(ctx context.Context, conn *Conn, row *R, columns ...Column) (*R, error) {
	d, err := t.draft(unsafe.Slice(row, 1), columns)
	if err != nil {
		return nil, err
	}
	defer d.free()
	return t.write(ctx, conn, func(c *C.hg_conn, out *unsafe.Pointer, e *C.hg_error) C.hg_status {
		return C.hgo_insert(t.door(), c, d.c, out, e)
	})
}

// InsertMany inserts rows in one round trip, all or none, and gives them as stored, in their order.
func (t *Table[R]) InsertMany(ctx context.Context, conn *Conn, rows []R, columns ...Column) ([]R, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	d, err := t.draft(rows, columns)
	if err != nil {
		return nil, err
	}
	defer d.free()
	return t.many(ctx, conn, func(c *C.hg_conn, out *C.hgo_list, e *C.hg_error) C.hg_status {
		return C.hgo_insert_many(t.door(), c, d.c, out, e)
	})
}

// Key is a unique key of a table.
type Key int32

// Upsert inserts a row, or changes these columns of the one that has its key.
func (t *Table[R]) Upsert(ctx context.Context, conn *Conn, row *R, key Key, columns ...Column) (*R, error) {
	d, err := t.draft(unsafe.Slice(row, 1), columns)
	if err != nil {
		return nil, err
	}
	defer d.free()
	return t.write(ctx, conn, func(c *C.hg_conn, out *unsafe.Pointer, e *C.hg_error) C.hg_status {
		return C.hgo_upsert(t.door(), c, d.c, C.int32_t(key), out, e)
	})
}

// UpsertMany upserts rows in one round trip, all or none, and gives them as stored, in their order.
func (t *Table[R]) UpsertMany(ctx context.Context, conn *Conn, rows []R, key Key, columns ...Column) ([]R, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	d, err := t.draft(rows, columns)
	if err != nil {
		return nil, err
	}
	defer d.free()
	return t.many(ctx, conn, func(c *C.hg_conn, out *C.hgo_list, e *C.hg_error) C.hg_status {
		return C.hgo_upsert_many(t.door(), c, d.c, C.int32_t(key), out, e)
	})
}

// Update changes these columns of a row, and gives it as it is now. Conflict: version is not 0, and the row has another.
func (t *Table[R]) Update(ctx context.Context, conn *Conn, id UUID, row *R, version uint64, columns ...Column) (*R, error) {
	d, err := t.draft(unsafe.Slice(row, 1), columns)
	if err != nil {
		return nil, err
	}
	defer d.free()
	return t.write(ctx, conn, func(c *C.hg_conn, out *unsafe.Pointer, e *C.hg_error) C.hg_status {
		return C.hgo_update(t.door(), c, (*C.hg_uuid)(unsafe.Pointer(&id)), d.c, C.uint64_t(version), out, e)
	})
}

// UpdateWhere changes these columns of every row that a query finds, or of none if they are more than atMost: State.
func (t *Table[R]) UpdateWhere(ctx context.Context, conn *Conn, query *Query, atMost int64, row *R, columns ...Column) (int64, error) {
	d, err := t.draft(unsafe.Slice(row, 1), columns)
	if err != nil {
		return 0, err
	}
	defer d.free()
	var changed C.int64_t
	err = query.run(ctx, conn, func(c *C.hg_conn, e *C.hg_error) C.hg_status {
		return C.hgo_update_where(t.door(), c, query.c, d.c, C.int64_t(atMost), &changed, e)
	})
	runtime.KeepAlive(query)
	return int64(changed), err
}

// Delete deletes a row.
func (t *Table[R]) Delete(ctx context.Context, conn *Conn, id UUID) error {
	return conn.run(ctx, func(c *C.hg_conn, e *C.hg_error) C.hg_status {
		return C.hgo_delete(t.door(), c, (*C.hg_uuid)(unsafe.Pointer(&id)), e)
	})
}

// DeleteWhere deletes every row that a query finds, or none if they are more than atMost: State.
func (t *Table[R]) DeleteWhere(ctx context.Context, conn *Conn, query *Query, atMost int64) (int64, error) {
	var deleted C.int64_t
	err := query.run(ctx, conn, func(c *C.hg_conn, e *C.hg_error) C.hg_status {
		return C.hgo_delete_where(t.door(), c, query.c, C.int64_t(atMost), &deleted, e)
	})
	runtime.KeepAlive(query)
	return int64(deleted), err
}

// ---- JSON ------------------------------------------------------------------------------------------------------------

// JSON is these columns of a row as an object, its members named like the columns. Numbers are exact.
func (t *Table[R]) JSON(row *R, columns ...Column) ([]byte, error) {
	d, err := t.draft(unsafe.Slice(row, 1), columns)
	if err != nil {
		return nil, err
	}
	defer d.free()
	var text *C.hg_text
	if err := d.done(C.hgo_to_json(t.door(), d.c, &text, &d.err)); err != nil {
		return nil, err
	}
	return []byte(textOf(text)), nil
}

// FromJSON is an object, or an array of them, as rows. Loaded says which columns it has.
func (t *Table[R]) FromJSON(text []byte) ([]R, error) {
	var made *C.hg_draft
	var e C.hg_error
	ptr, length := stringOf(string(text))
	if st := C.hgo_from_json(t.door(), ptr, length, &made, &e); st != C.HG_OK {
		return nil, errorOf(st, &e)
	}
	defer C.hg_draft_free(made)
	var list C.hgo_list
	var set C.uint64_t
	C.hgo_draft_rows(t.door(), made, &list, &set)
	return decodeRows(list.rows, int(list.count), uintptr(list.stride), func(p unsafe.Pointer, row *R, texts *texts) {
		given := *(*head)(p)
		given.loaded = uint64(set)
		t.decodeWith(p, &given, row, texts)
	}), nil
}

// Loaded lists the columns that a row was read with, or that FromJSON found: those to write it with.
func (t *Table[R]) Loaded(row *R) (columns []Column) {
	head := (*Row)(unsafe.Pointer(row)) // which every row begins with
	for c := range t.info.Columns {
		if head.IsLoaded(Column(c)) {
			columns = append(columns, Column(c))
		}
	}
	return columns
}

// decodeWith decodes a caller's row, whose head says of no column that it was read: a copy says so.
func (t *Table[R]) decodeWith(p unsafe.Pointer, given *head, row *R, texts *texts) {
	copied := append([]byte(nil), unsafe.Slice((*byte)(p), int(given.size))...)
	*(*head)(unsafe.Pointer(&copied[0])) = *given
	t.decode(unsafe.Pointer(&copied[0]), row, texts)
}

// ---- Rows whose type is not known ------------------------------------------------------------------------------------

// NewRow is a pointer to an empty row.
func (t *Table[R]) NewRow() any { return new(R) }

// GetAny is Get.
func (t *Table[R]) GetAny(ctx context.Context, conn *Conn, id UUID) (any, error) {
	return t.Get(ctx, conn, id)
}

// InsertAny is Insert.
func (t *Table[R]) InsertAny(ctx context.Context, conn *Conn, row any, columns ...Column) (any, error) {
	return t.Insert(ctx, conn, row.(*R), columns...)
}

// UpdateAny is Update, whatever the version.
func (t *Table[R]) UpdateAny(ctx context.Context, conn *Conn, id UUID, row any, columns ...Column) (any, error) {
	return t.Update(ctx, conn, id, row.(*R), 0, columns...)
}

// JSONOfAny is JSON.
func (t *Table[R]) JSONOfAny(row any, columns ...Column) ([]byte, error) {
	return t.JSON(row.(*R), columns...)
}

// FromJSONAny is the first row of FromJSON.
func (t *Table[R]) FromJSONAny(text []byte) (any, error) {
	rows, err := t.FromJSON(text)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}
