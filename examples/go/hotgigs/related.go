package hotgigs

/*
#include "doors.h"
*/
import "C"

import (
	"runtime"
	"unsafe"
)

// Relation is what of the table of O belongs to the rows of the table of R, by a foreign key.
type Relation[R, O any] struct {
	number int32
	other  *Table[O]
}

// Include is what Find reads beside its rows: Relation.Into makes it.
type Include[R any] interface {
	check() error
	load(door C.int, c *C.hg_conn, list *C.hgo_list, e *C.hg_error) C.hg_status
}

type include[R, O any] struct {
	relation *Relation[R, O]
	into     *[][]O
	query    *Query
}

// Into has Find read what belongs to its rows as well, in one statement for all of them: (*into)[i] is what belongs to row i,
// and nil if there is nothing that this role may see. Rows that refer to the same one share it. query has further filters, an
// order, columns, and with Limit so many for each row; nil: all there are.
//
//	var skills [][]hotgigs.JobSkill
//	jobs, err := hotgigs.Jobs.Find(ctx, conn, query, hotgigs.JobRelationJobSkills.Into(&skills, nil))
func (rel *Relation[R, O]) Into(into *[][]O, query *Query) Include[R] {
	return &include[R, O]{rel, into, query}
}

func (in *include[R, O]) check() error {
	if in.query == nil {
		return nil
	}
	return in.query.check()
}

func (in *include[R, O]) load(door C.int, c *C.hg_conn, list *C.hgo_list, e *C.hg_error) C.hg_status {
	var related *C.hg_related
	var query *C.hg_query
	if in.query != nil {
		query = in.query.c
	}
	st := C.hgo_list_related(door, c, list, C.int32_t(in.relation.number), query, &related, e)
	runtime.KeepAlive(in.query)
	if st == C.HG_OK {
		*in.into = in.parts(related, int(list.count))
	}
	C.hg_related_free(related)
	return st
}

// parts decodes the other rows once, and gives each row its part of them.
func (in *include[R, O]) parts(related *C.hg_related, count int) [][]O {
	var list C.hgo_list
	C.hgo_related_list(in.relation.other.door(), related, &list)
	rows := decodeRows(unsafe.Pointer(list.rows), int(list.count), uintptr(list.stride), in.relation.other.decode)
	parts := make([][]O, count)
	for i := range parts {
		var first, n C.size_t
		if C.hg_related_of(related, C.size_t(i), &first, &n); n > 0 {
			parts[i] = rows[first : first+n : first+n]
		}
	}
	return parts
}

// withIncludes reads what belongs to the rows of a list that was found.
func (t *Table[R]) withIncludes(c *C.hg_conn, list *C.hgo_list, includes []Include[R], e *C.hg_error) C.hg_status {
	for _, in := range includes {
		if st := in.load(t.door(), c, list, e); st != C.HG_OK {
			return st
		}
	}
	return C.HG_OK
}
