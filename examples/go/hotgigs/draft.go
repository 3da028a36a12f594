package hotgigs

/*
#include "doors.h"
*/
import "C"

import (
	"encoding/json"
	"net/netip"
	"time"
	"unsafe"
)

// draft is rows for writing in the library's memory: so no Go pointer stands in what C reads.
type draft struct {
	c   *C.hg_draft
	err C.hg_error
}

func newDraft(c *C.hg_draft) (*draft, error) {
	if c == nil {
		return nil, invalid(-1, "this table is not written to")
	}
	return &draft{c: c}, nil
}

func (d *draft) free() { C.hg_draft_free(d.c) }

func (d *draft) done(st C.hg_status) error { return errorOf(st, &d.err) }

func (d *draft) noSuchColumn(c Column) error { return invalid(c, "the table has no column %d", c) }

func (d *draft) nextRow() error { return d.done(C.hg_draft_next_row(d.c, &d.err)) }

func (d *draft) setNull(c C.int32_t) error { return d.done(C.hg_draft_set_null(d.c, c, &d.err)) }

func (d *draft) setInt(c C.int32_t, v int64) error {
	return d.done(C.hg_draft_set_int(d.c, c, C.int64_t(v), &d.err))
}

func (d *draft) setBigint(c C.int32_t, v int64) error { return d.setInt(c, v) }

func (d *draft) setEnum(c C.int32_t, v int64) error {
	return d.done(C.hg_draft_set_enum(d.c, c, C.int32_t(v), &d.err))
}

func (d *draft) setBool(c C.int32_t, v bool) error {
	value := C.int32_t(0)
	if v {
		value = 1
	}
	return d.done(C.hg_draft_set_bool(d.c, c, value, &d.err))
}

func (d *draft) setUUID(c C.int32_t, v UUID) error {
	return d.done(C.hg_draft_set_uuid(d.c, c, (*C.hg_uuid)(unsafe.Pointer(&v)), &d.err))
}

func (d *draft) setText(c C.int32_t, v string) error {
	ptr, length := stringOf(v)
	return d.done(C.hg_draft_set_text(d.c, c, ptr, length, &d.err))
}

func (d *draft) setJSON(c C.int32_t, v json.RawMessage) error {
	ptr, length := stringOf(string(v))
	return d.done(C.hg_draft_set_json(d.c, c, ptr, length, &d.err))
}

func (d *draft) setTime(c C.int32_t, v time.Time) error {
	us, ok := microseconds(v)
	if !ok {
		return invalid(Column(c), "column %d: a time outside of what PostgreSQL has", c)
	}
	return d.done(C.hg_draft_set_time(d.c, c, C.hg_timestamp(us), &d.err))
}

func (d *draft) setDate(c C.int32_t, v Date) error {
	return d.done(C.hg_draft_set_date(d.c, c, C.hg_date(v), &d.err))
}

func (d *draft) setDecimal(c C.int32_t, v Decimal) error {
	return d.done(C.hg_draft_set_decimal(d.c, c, (*C.hg_decimal)(unsafe.Pointer(&v)), &d.err))
}

func (d *draft) setInet(c C.int32_t, v netip.Prefix) error {
	value, err := inetOf(v)
	if err != nil {
		return err
	}
	return d.done(C.hg_draft_set_inet(d.c, c, (*C.hg_inet)(unsafe.Pointer(&value)), &d.err))
}

func inetOf(v netip.Prefix) (cInet, error) {
	value := cInet{prefix: uint8(v.Bits())}
	switch {
	case !v.IsValid():
		return value, invalid(-1, "no IP address")
	case v.Addr().Is4():
		value.family = 4
		four := v.Addr().As4()
		copy(value.bytes[:], four[:])
	default:
		value.family, value.bytes = 6, v.Addr().As16()
	}
	return value, nil
}

// packed is a list of texts as the library takes them: one behind the other, with the offsets behind each.
func packed(list []Null[string]) (buf string, ends []uint64, nulls []byte) {
	var bytes []byte
	ends, nulls = make([]uint64, len(list)+1), make([]byte, len(list)/8+1)
	for i, text := range list {
		if text.Valid {
			bytes = append(bytes, text.V...)
		} else {
			nulls[i/8] |= 1 << (i % 8)
		}
		ends[i] = uint64(len(bytes))
	}
	return string(bytes), ends, nulls
}

func (d *draft) setTextList(c C.int32_t, v []Null[string]) error {
	buf, ends, nulls := packed(v)
	ptr, _ := stringOf(buf)
	return d.done(C.hg_draft_set_text_list(d.c, c, ptr, (*C.uint64_t)(unsafe.Pointer(&ends[0])),
		(*C.uint8_t)(unsafe.Pointer(&nulls[0])), C.size_t(len(v)), &d.err))
}

func (d *draft) setUUIDList(c C.int32_t, v []UUID) error {
	return d.done(C.hg_draft_set_uuid_list(d.c, c, uuids(v), C.size_t(len(v)), &d.err))
}

func uuids(list []UUID) *C.hg_uuid {
	if len(list) == 0 {
		return nil
	}
	return (*C.hg_uuid)(unsafe.Pointer(&list[0]))
}
