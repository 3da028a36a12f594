package hotgigs

import (
	"encoding/json"
	"net/netip"
	"time"
	"unsafe"
)

// Column is a column's ordinal in its table.
type Column int32

// Row is what every row begins with.
type Row struct {
	Version uint64            // the row's version for Update, as it was read; 0: the table has none
	Loaded  uint64            // bit c: column c was read, and its field says what it is
	Unknown map[Column]string // texts of enumerated columns whose value this package does not know; nil: none
}

// IsLoaded says whether a column was read: the role may have it, and the query asked for it.
func (r *Row) IsLoaded(c Column) bool { return r.Loaded>>uint(c)&1 != 0 }

// The head that all row structs of the library share.
type head struct {
	size, _  uint32
	version  uint64
	nullMask uint64
	loaded   uint64
}

// begin reads the head, and gives the columns that have a value.
func (r *Row) begin(p unsafe.Pointer) uint64 {
	h := (*head)(p)
	r.Version, r.Loaded = h.version, h.loaded
	return h.loaded &^ h.nullMask
}

type cText struct {
	ptr unsafe.Pointer
	len uintptr
}

type cTextList struct {
	items, nulls unsafe.Pointer
	count        uintptr
}

type cInet struct {
	bytes          [16]byte
	family, prefix uint8
	_              [6]uint8
}

func at[T any](p unsafe.Pointer, offset uintptr) *T { return (*T)(unsafe.Add(p, offset)) }

func unsafeString(p unsafe.Pointer, n int) string {
	if n == 0 {
		return ""
	}
	return string(unsafe.Slice((*byte)(p), n))
}

// texts is where the texts of rows are copied to, many of them into one piece of memory: an allocation a text would be most of
// what a row costs. A text that is kept keeps its piece, which is small: 4 KiB at most.
type texts struct {
	free []byte
	size int
}

const leastPiece, mostPiece = 256, 4096

func (t *texts) copy(p unsafe.Pointer, n int) []byte {
	if n > len(t.free) {
		if n > mostPiece/4 {
			return append([]byte(nil), unsafe.Slice((*byte)(p), n)...)
		}
		switch {
		case t.size == 0:
			t.size = leastPiece
		case t.size < mostPiece:
			t.size *= 2
		}
		for t.size < n {
			t.size *= 2
		}
		t.free = make([]byte, t.size)
	}
	text := t.free[:n:n]
	t.free = t.free[n:]
	copy(text, unsafe.Slice((*byte)(p), n))
	return text
}

func (t *texts) getText(p unsafe.Pointer, offset uintptr) string {
	c := at[cText](p, offset)
	if c.len == 0 {
		return ""
	}
	text := t.copy(c.ptr, int(c.len))
	return *(*string)(unsafe.Pointer(&text)) // nobody writes to it
}

func (t *texts) getJSON(p unsafe.Pointer, offset uintptr) json.RawMessage {
	c := at[cText](p, offset)
	return t.copy(c.ptr, int(c.len))
}

func getUUID(p unsafe.Pointer, offset uintptr) UUID       { return *at[UUID](p, offset) }
func getInt(p unsafe.Pointer, offset uintptr) int32       { return *at[int32](p, offset) }
func getBigint(p unsafe.Pointer, offset uintptr) int64    { return *at[int64](p, offset) }
func getBool(p unsafe.Pointer, offset uintptr) bool       { return *at[int32](p, offset) != 0 }
func getDate(p unsafe.Pointer, offset uintptr) Date       { return *at[Date](p, offset) }
func getDecimal(p unsafe.Pointer, offset uintptr) Decimal { return *at[Decimal](p, offset) }
func getTime(p unsafe.Pointer, offset uintptr) time.Time {
	return time.UnixMicro(*at[int64](p, offset)).UTC()
}

func getInet(p unsafe.Pointer, offset uintptr) netip.Prefix {
	c := at[cInet](p, offset)
	if c.family == 4 {
		return netip.PrefixFrom(netip.AddrFrom4([4]byte{c.bytes[0], c.bytes[1], c.bytes[2], c.bytes[3]}), int(c.prefix))
	}
	return netip.PrefixFrom(netip.AddrFrom16(c.bytes), int(c.prefix))
}

func (t *texts) getTextList(p unsafe.Pointer, offset uintptr) []Null[string] {
	c := at[cTextList](p, offset)
	list := make([]Null[string], c.count)
	for i := range list {
		if c.nulls != nil && *at[byte](c.nulls, uintptr(i/8))>>(i%8)&1 != 0 {
			continue
		}
		list[i] = Some(t.getText(c.items, uintptr(i)*unsafe.Sizeof(cText{})))
	}
	return list
}

func getUUIDList(p unsafe.Pointer, offset uintptr) []UUID {
	c := at[cText](p, offset) // items and their count
	return append([]UUID{}, unsafe.Slice((*UUID)(c.ptr), int(c.len))...)
}

// unknownTexts is where the texts of the unknown values begin; nil: there are none.
func unknownTexts(p unsafe.Pointer, offset uintptr) unsafe.Pointer {
	return *at[unsafe.Pointer](p, offset)
}

// keepUnknown takes the next of the texts if value is unknown, and gives where the others begin.
func (r *Row) keepUnknown(c Column, value int32, texts unsafe.Pointer) unsafe.Pointer {
	if value != -1 {
		return texts
	}
	if r.Unknown == nil {
		r.Unknown = map[Column]string{}
	}
	text := at[cText](texts, 0)
	r.Unknown[c] = unsafeString(text.ptr, int(text.len))
	return unsafe.Add(texts, unsafe.Sizeof(cText{}))
}
