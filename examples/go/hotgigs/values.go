package hotgigs

/*
#include "doors.h"
*/
import "C"

import (
	"math"
	"time"
	"unsafe"
)

// Null is a value that may be SQL NULL: V is zero then, and Valid false.
type Null[T any] struct {
	V     T
	Valid bool
}

// Some is a value that is not NULL.
func Some[T any](v T) Null[T] { return Null[T]{v, true} }

// Or is the value, or another one for NULL.
func (n Null[T]) Or(other T) T {
	if n.Valid {
		return n.V
	}
	return other
}

// UUID is 16 bytes in the order of the text.
type UUID [16]byte

// NewUUID is a new version 7 uuid.
func NewUUID() (id UUID) {
	C.hg_uuid_new((*C.hg_uuid)(unsafe.Pointer(&id)))
	return id
}

// ParseUUID reads 36 characters, in either case.
func ParseUUID(text string) (id UUID, err error) {
	var e C.hg_error
	ptr, length := stringOf(text)
	st := C.hg_uuid_parse(ptr, length, (*C.hg_uuid)(unsafe.Pointer(&id)), &e)
	return id, errorOf(st, &e)
}

func (id UUID) String() string {
	const hex = "0123456789abcdef"
	var b [36]byte
	at := 0
	for i, x := range id {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			b[at] = '-'
			at++
		}
		b[at], b[at+1] = hex[x>>4], hex[x&15]
		at += 2
	}
	return string(b[:])
}

// IsZero says that it is none.
func (id UUID) IsZero() bool { return id == UUID{} }

// PostgreSQL's infinite times. They compare as they should with all others. A year BC has time.Time's astronomical number:
// year 0 is 1 BC.
var (
	Infinity         = time.UnixMicro(math.MaxInt64).UTC()
	NegativeInfinity = time.UnixMicro(math.MinInt64).UTC()
)

// microseconds of a time, which loses what is finer. A time.Time outside of what 64 bits hold is refused.
func microseconds(t time.Time) (int64, bool) {
	if t.Before(NegativeInfinity) || t.After(Infinity) {
		return 0, false
	}
	return t.UnixMicro(), true
}

// Date is a day, counted from 1970-01-01.
type Date int32

// PostgreSQL's infinite dates.
const (
	DateInfinity         Date = math.MaxInt32
	DateNegativeInfinity Date = math.MinInt32
)

// DateOf is the day of a calendar, proleptic Gregorian; year 0 is 1 BC.
func DateOf(year int, month time.Month, day int) Date {
	seconds := time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix()
	return Date(seconds / 86400) // midnight: nothing is lost, before 1970 neither
}

// Time is midnight UTC of the day; Infinity and NegativeInfinity of the infinite ones.
func (d Date) Time() time.Time {
	switch d {
	case DateInfinity:
		return Infinity
	case DateNegativeInfinity:
		return NegativeInfinity
	}
	return time.Unix(int64(d)*86400, 0).UTC()
}

// String is the day as PostgreSQL writes it: "2026-11-22", "0044-03-15 BC", "infinity".
func (d Date) String() string {
	var buf [C.HG_DATE_TEXT_SIZE]C.char
	C.hg_date_to_text(C.hg_date(d), &buf[0], C.size_t(len(buf)), nil)
	return C.GoString(&buf[0])
}

// TimeText is a time as the library writes it: RFC 3339 in UTC, " BC" behind years before 1, "infinity".
func TimeText(t time.Time) string {
	var buf [C.HG_TIMESTAMP_TEXT_SIZE]C.char
	C.hg_timestamp_to_text(C.hg_timestamp(t.UnixMicro()), &buf[0], C.size_t(len(buf)), nil)
	return C.GoString(&buf[0])
}

// Decimal is an exact decimal number, Unscaled / 10^Scale. Its memory is the library's hg_decimal.
type Decimal struct {
	Unscaled int64
	Scale    int32 // digits behind the point, 0 to 18
	Kind     DecimalKind
}

// DecimalKind tells numbers from what numeric has besides.
type DecimalKind int32

// Kinds of Decimal.
const (
	Finite DecimalKind = iota
	NaN
	PositiveInfinite
	NegativeInfinite
)

// ParseDecimal reads "12.50", "NaN", "Infinity". The scale is as written.
func ParseDecimal(text string) (d Decimal, err error) {
	var e C.hg_error
	ptr, length := stringOf(text)
	st := C.hg_decimal_parse(ptr, length, (*C.hg_decimal)(unsafe.Pointer(&d)), &e)
	return d, errorOf(st, &e)
}

func (d Decimal) String() string {
	var buf [C.HG_DECIMAL_TEXT_SIZE]C.char
	C.hg_decimal_to_text((*C.hg_decimal)(unsafe.Pointer(&d)), &buf[0], C.size_t(len(buf)), nil)
	return C.GoString(&buf[0])
}

// stringOf is where a string's bytes stand; for the time of one C call.
func stringOf(s string) (*C.char, C.size_t) {
	if len(s) == 0 {
		return nil, 0
	}
	return (*C.char)(*(*unsafe.Pointer)(unsafe.Pointer(&s))), C.size_t(len(s))
}

func enumName(names []string, value int32) string {
	if value < 1 || int(value) >= len(names) {
		return "?"
	}
	return names[value]
}
