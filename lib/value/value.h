/* value.h - the thirteen types: PostgreSQL's binary form and text, both ways. A file a type.
 *
 * Nothing here knows a connection, a table or a column. Decoders read what a server sent, so they trust nothing;
 * encoders write what a caller gave, checked before by the caller of the encoder with the _check functions. */
#ifndef HGI_VALUE_H
#define HGI_VALUE_H

#include "hotgigs/core.h"
#include "memory/memory.h"

#include <string.h>

/* Type ids in PostgreSQL, the same in every version: pg_type.dat. */
enum {
    HGI_OID_BOOL = 16, HGI_OID_INT8 = 20, HGI_OID_INT4 = 23, HGI_OID_TEXT = 25, HGI_OID_XID = 28,
    HGI_OID_INET = 869, HGI_OID_BOOL_ARRAY = 1000, HGI_OID_INT4_ARRAY = 1007, HGI_OID_TEXT_ARRAY = 1009,
    HGI_OID_VARCHAR_ARRAY = 1015, HGI_OID_INET_ARRAY = 1041, HGI_OID_VARCHAR = 1043, HGI_OID_DATE = 1082,
    HGI_OID_TIMESTAMP = 1114, HGI_OID_TIMESTAMP_ARRAY = 1115, HGI_OID_DATE_ARRAY = 1182,
    HGI_OID_NUMERIC_ARRAY = 1231, HGI_OID_NUMERIC = 1700, HGI_OID_UUID = 2950, HGI_OID_UUID_ARRAY = 2951,
    HGI_OID_JSONB = 3802, HGI_OID_JSONB_ARRAY = 3807
};

/* ---- error.c ------------------------------------------------------------------------------------------------- */

/* What a call comes to only when it fails. The compiler then lays the way there apart from the way that is taken: between two
 * calls the server and the kernel have emptied the processor's caches, and each line of code that is loaded anew counts. */
#if defined(__GNUC__)
#define HGI_COLD __attribute__((cold))
#else
#define HGI_COLD
#endif

/* Sets err (which may be NULL) and gives back status: return hgi_fail(err, HG_E_INVALID, column, "...", ...).
 * The format knows %s, %d, %lld, %zu and %.*s as printf does; a message that is too long is cut at a character, and a
 * line's end in it becomes a space. sqlstate, constraint and table become "", flags 0: whoever knows more writes it
 * afterwards. Needs no memory. */
hg_status hgi_fail(hg_error *err, hg_status status, int32_t column, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 4, 5), cold))
#endif
    ;
hg_status hgi_nomem(hg_error *err) HGI_COLD;        /* HG_E_NOMEM, "out of memory" */
hg_status hgi_ok(hg_error *err);           /* HG_OK: err->status is zero from now on */

/* ---- What a decoder can say ----------------------------------------------------------------------------------- */

typedef int32_t hgi_decoded;
enum {
    HGI_NO_MEMORY = -1,
    HGI_DECODED = 0,
    HGI_MALFORMED = 1,       /* not what the server's send function writes: a defect or another type */
    HGI_OUT_OF_RANGE = 2     /* a legal value that the C type cannot hold */
};

/* ---- Integers in network order -------------------------------------------------------------------------------- */

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define HGI_NETWORK16(v) __builtin_bswap16(v)
#define HGI_NETWORK32(v) __builtin_bswap32(v)
#define HGI_NETWORK64(v) __builtin_bswap64(v)
#else
#define HGI_NETWORK16(v) (v)
#define HGI_NETWORK32(v) (v)
#define HGI_NETWORK64(v) (v)
#endif

/* In the header because a row's decoder spends its time here: each is one load and one byte swap. */

static inline uint16_t
hgi_get16(const char *p)
{
    uint16_t v;

    memcpy(&v, p, sizeof v);
    return HGI_NETWORK16(v);
}

static inline uint32_t
hgi_get32(const char *p)
{
    uint32_t v;

    memcpy(&v, p, sizeof v);
    return HGI_NETWORK32(v);
}

static inline uint64_t
hgi_get64(const char *p)
{
    uint64_t v;

    memcpy(&v, p, sizeof v);
    return HGI_NETWORK64(v);
}

static inline void
hgi_put16(char *p, uint16_t v)
{
    v = HGI_NETWORK16(v);
    memcpy(p, &v, sizeof v);
}

static inline void
hgi_put32(char *p, uint32_t v)
{
    v = HGI_NETWORK32(v);
    memcpy(p, &v, sizeof v);
}

static inline void
hgi_put64(char *p, uint64_t v)
{
    v = HGI_NETWORK64(v);
    memcpy(p, &v, sizeof v);
}

/* ---- text.c ----------------------------------------------------------------------------------------------------- */

/* What palloc gives one value: 1 GB less a byte. Also what keeps a length within libpq's int. To be asked before a text is read:
 * a length that is wrong is mostly one that is far too long. */
enum { HGI_VALUE_MAX = 0x3fffffff };

/* Whether a text is ASCII without NUL, as almost every one is. In the header for the rules of a row, most of whose values are
 * texts. It goes by sixteen bytes in a vector, which every compiler of ours has, or by words; the last ones overlap what has
 * been seen. */
static inline int
hgi_text_is_plain(const char *ptr, size_t len)
{
    typedef int8_t bytes16 __attribute__((vector_size(16)));
    const uint64_t ones = UINT64_C(0x0101010101010101), highs = ones << 7;
    uint64_t words[2] = { ones, ones };
    uint32_t halves[2];

    if (len >= sizeof(bytes16)) {
        const char *last = ptr + len - sizeof(bytes16);
        bytes16 next, plain;

        memcpy(&next, last, sizeof next);
        for (plain = next > 0; ptr < last; ptr += sizeof next) {
            memcpy(&next, ptr, sizeof next);
            plain &= next > 0;                       /* -1 for each byte of which it is true */
        }
        memcpy(words, &plain, sizeof words);
        return (words[0] & words[1]) == UINT64_MAX;
    }
    if (len >= sizeof words[0]) {
        memcpy(&words[0], ptr, sizeof words[0]);
        memcpy(&words[1], ptr + len - sizeof words[1], sizeof words[1]);
    } else if (len >= sizeof halves[0]) {
        memcpy(&halves[0], ptr, sizeof halves[0]);
        memcpy(&halves[1], ptr + len - sizeof halves[1], sizeof halves[1]);
        words[0] = (uint64_t)halves[0] << 32 | halves[1];
    } else if (len > 0) {
        words[0] = ones << 24 | (uint64_t)(uint8_t)ptr[0] << 16 | (uint64_t)(uint8_t)ptr[len / 2] << 8 | (uint8_t)ptr[len - 1];
    }
    /* Only a byte of 0 borrows from its highest bit. */
    return (((words[0] - ones) | words[0] | (words[1] - ones) | words[1]) & highs) == 0;
}

/* What is wrong with a text: NULL if nothing, else a phrase for a message ("is not UTF-8", "holds a NUL byte").
 * *characters, if not NULL, gets the number of code points. Valid is what the server's pg_utf8_islegal takes: no
 * overlong form, no surrogate, nothing above U+10FFFF. */
const char *hgi_text_check(const char *ptr, size_t len, size_t *characters);

/* The longest prefix of at most max bytes that ends at a character. */
size_t hgi_text_cut(const char *ptr, size_t len, size_t max);

/* ---- text_handle.c ----------------------------------------------------------------------------------------------- */

/* Makes a text of the buffer's contents. buf is empty afterwards, whatever the outcome; one that has failed, or for
 * whose text there is no memory, gives HG_E_NOMEM and *out NULL. */
hg_status hgi_text_new(hgi_buffer *buf, hg_text **out, hg_error *err);

/* ---- uuid.c, time.c, date.c, decimal.c, inet.c: encoders give the number of bytes that they wrote -------------- */

static inline hgi_decoded
hgi_uuid_decode(const char *cell, size_t len, hg_uuid *out)
{
    if (len != sizeof out->bytes)
        return HGI_MALFORMED;
    memcpy(out->bytes, cell, sizeof out->bytes);
    return HGI_DECODED;
}
size_t      hgi_uuid_encode(const hg_uuid *value, char *out);                  /* 16 */
/* Ascending version 7 uuids, in bulk, stride bytes apart: sizeof(hg_uuid), or a row's size for the ids of rows. */
void        hgi_uuid_new_many(hg_uuid *out, size_t count, size_t stride);

#define HGI_TIMESTAMP_SHIFT INT64_C(946684800000000)     /* from 1970-01-01, where ours begin, to 2000-01-01, where the server's do */
#define HGI_TIMESTAMP_FIRST INT64_C(-211813488000000000) /* the server's MIN_TIMESTAMP, from 2000 */
hgi_decoded hgi_timestamp_decode_odd(int64_t micros, hg_timestamp *out);       /* of the server's, one that is not between these */
static inline hgi_decoded
hgi_timestamp_decode(const char *cell, size_t len, hg_timestamp *out)
{
    int64_t micros;

    if (len != 8)
        return HGI_MALFORMED;
    micros = (int64_t)hgi_get64(cell);
    if (micros < HGI_TIMESTAMP_FIRST || micros >= INT64_MAX - HGI_TIMESTAMP_SHIFT)
        return hgi_timestamp_decode_odd(micros, out);
    *out = micros + HGI_TIMESTAMP_SHIFT;
    return HGI_DECODED;
}
hg_status   hgi_timestamp_check(hg_timestamp value);                           /* HG_E_INVALID: PostgreSQL has no such instant */
size_t      hgi_timestamp_encode(hg_timestamp value, char *out);               /* 8 */

hgi_decoded hgi_date_decode(const char *cell, size_t len, hg_date *out);
hg_status   hgi_date_check(hg_date value);
size_t      hgi_date_encode(hg_date value, char *out);                         /* 4 */

enum { HGI_DECIMAL_BYTES = 24 };
hgi_decoded hgi_decimal_decode(const char *cell, size_t len, hg_decimal *out); /* scale 0 to 18 */
/* Whether numeric(precision, scale) takes value as it is: NULL, or a phrase for a message ("has more than 2 digits
 * behind the point", "has more than 3 digits before the point", "is not a decimal: kind is none of HG_DECIMAL_*").
 * Nothing is rounded.
 * Zeros at the end do not count. NaN fits; an infinity fits only precision 0 (a numeric without precision). */
const char *hgi_decimal_check(const hg_decimal *value, int32_t precision, int32_t scale);
size_t      hgi_decimal_encode(const hg_decimal *value, char *out);            /* at most HGI_DECIMAL_BYTES */
int         hgi_decimal_compare(const hg_decimal *a, const hg_decimal *b);     /* PostgreSQL's order: NaN is greatest */

enum { HGI_INET_BYTES = 20 };
hgi_decoded hgi_inet_decode(const char *cell, size_t len, hg_inet *out);
const char *hgi_inet_check(const hg_inet *value);                              /* NULL or a phrase for a message */
size_t      hgi_inet_encode(const hg_inet *value, char *out);                  /* 8 or 20 */

/* ---- text_list.c: text[] ------------------------------------------------------------------------------------------ */

/* Bytes that hgi_text_list_decode takes for the list of this cell, a multiple of 8; 0 for an empty one. */
hgi_decoded hgi_text_list_size(const char *cell, size_t len, size_t *size);
/* Decodes in place: items point into cell, whose bytes behind each element are overwritten with NUL, which is why it
 * is not const. memory gives hgi_text_list_size() bytes. HGI_OUT_OF_RANGE: more than one dimension. */
hgi_decoded hgi_text_list_decode(char *cell, size_t len, hgi_arena *memory, hg_str_list *out);
/* NULL, or a phrase for a message that tells the first bad element ("element 3 is not UTF-8", items[3]), which is
 * written into buf of at least 64 bytes where it holds a number. */
const char *hgi_text_list_check(const hg_str_list *value, char *buf, size_t buf_size);
void        hgi_text_list_encode(const hg_str_list *value, hgi_buffer *out);       /* binary array */
void        hgi_text_list_literal(const hg_str_list *value, hgi_buffer *out);      /* {a,"b c",NULL} */
int         hgi_text_list_is_null(const hg_str_list *value, size_t i);

/* ---- uuid_list.c: uuid[] ------------------------------------------------------------------------------------------ */

/* How many uuids the cell holds. HGI_OUT_OF_RANGE: more than one dimension, or a NULL among them. */
hgi_decoded hgi_uuid_list_size(const char *cell, size_t len, size_t *count);
/* items has room for hgi_uuid_list_size() of them. The cell has passed that. */
void        hgi_uuid_list_decode(const char *cell, size_t count, hg_uuid *items);
/* NULL, or a phrase for a message. */
const char *hgi_uuid_list_check(const hg_uuid_list *value);
void        hgi_uuid_list_encode(const hg_uuid_list *value, hgi_buffer *out);      /* binary array */
void        hgi_uuid_list_literal(const hg_uuid_list *value, hgi_buffer *out);     /* {a,b} */

/* ---- json.c: RFC 8259, checked, without a tree -------------------------------------------------------------------- */

enum { HGI_JSON_DEPTH = 128 };

/* NULL if the text is one JSON document that jsonb takes, else a phrase for a message. Depth at most HGI_JSON_DEPTH,
 * nothing trailing, no \u0000, no lone surrogate and no number beyond numeric's range, none of which jsonb can hold. */
const char *hgi_json_check(const char *ptr, size_t len);

/* Walks the members of a JSON object or the elements of an array, of a text that hgi_json_check() has passed. */
typedef struct hgi_json_walk {
    const char *at;
    const char *end;
    int32_t     is_object;
    int32_t     reserved;
} hgi_json_walk;
int hgi_json_open(hgi_json_walk *walk, const char *ptr, size_t len);              /* 0: neither object nor array */
int hgi_json_next(hgi_json_walk *walk, hg_str *key, hg_str *value);               /* 0 at the end; key raw, with quotes */
int hgi_json_is_string(const hg_str *value);
int hgi_json_is_null(const hg_str *value);
void hgi_json_unescape(const hg_str *value, hgi_buffer *out);                     /* appends a string's text */
void hgi_json_escape(const char *ptr, size_t len, hgi_buffer *out);               /* appends it as a string, quoted */

/* ---- sha256.c: FIPS 180-4 ------------------------------------------------------------------------------------------ */

enum { HGI_SHA256_SIZE = 32 };
typedef struct hgi_sha256 {
    uint32_t state[8];
    uint64_t size;              /* bytes so far */
    uint8_t  block[64];         /* the last size % 64 of them wait here */
} hgi_sha256;
void hgi_sha256_begin(hgi_sha256 *sum);
void hgi_sha256_add(hgi_sha256 *sum, const void *ptr, size_t len);
void hgi_sha256_end(hgi_sha256 *sum, uint8_t out[HGI_SHA256_SIZE]);               /* sum has to be begun again */

#endif
