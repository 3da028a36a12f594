/* hotgigs/core.h - statuses, errors and the values that rows are made of.
 *
 * Every preprocessor token of a public header stands on a line that begins with '#': without those lines the
 * header is plain declarations, which a foreign function interface can read. */
#ifndef HOTGIGS_CORE_H
#define HOTGIGS_CORE_H

#include <stddef.h>
#include <stdint.h>

/* Bit of a column in a mask: HG_BIT(HG_JOB_TITLE) | HG_BIT(HG_JOB_SLUG). The only macro a C user needs. */
#define HG_BIT(ordinal) (UINT64_C(1) << (ordinal))

#include "hotgigs/detail/begin.h"

/* ---- Library ---------------------------------------------------------------------------------------------- */

/* The version of these headers: major, minor and patch, a byte each. */
enum {
    HG_HEADER_VERSION = 0x000100 /* 0.1.0 */
};

/* The version of the library that is loaded. Refuse to start when it is less than HG_HEADER_VERSION.
 * Any thread. */
uint32_t hg_library_version(void);

/* A hash of every struct, field, offset, constant and symbol of the loaded library: until version 1.0 freezes
 * the layout, a binding compares it with the one it was generated for. Any thread. */
uint64_t hg_layout_hash(void);

/* ---- Status and error ------------------------------------------------------------------------------------- */

/* 0 or one of HG_E_*. A later library may know more: treat an unknown one as HG_E_INTERNAL. */
typedef int32_t hg_status;
enum {
    HG_OK = 0,           /* success */
    HG_E_NOT_FOUND = 1,  /* no such row, or not visible to this role: the two look the same on purpose */
    HG_E_CONFLICT = 2,   /* a unique key is taken, or the row changed since it was read */
    HG_E_CONSTRAINT = 3, /* a check, foreign key or NOT NULL of the database refuses it */
    HG_E_DENIED = 4,     /* this role may not */
    HG_E_INVALID = 5,    /* a value or an argument is wrong; almost always found before anything is sent */
    HG_E_RETRY = 6,      /* serialization failure or deadlock: repeat the whole transaction */
    HG_E_CONNECTION = 7, /* the server cannot be reached, refused the login, or went away */
    HG_E_CANCELLED = 8,  /* deadline passed, or hg_conn_cancel() */
    HG_E_NOMEM = 9,      /* out of memory, here or on the server */
    HG_E_SCHEMA = 10,    /* the database is not the schema that this build knows */
    HG_E_INTERNAL = 11,  /* a defect of the library, or an answer of the server that it does not expect */
    HG_E_STATE = 12,     /* not allowed now: a finished transaction, an open cursor, a status machine */
    HG_E_IN_DOUBT = 13,  /* a write was sent and its reply was lost: it may or may not have happened */
    HG_E_HELD = 14       /* a legal hold keeps the data */
};

/* Bits of hg_error.flags. */
enum {
    HG_ERROR_RETRY = 1,           /* repeating the whole transaction may succeed */
    HG_ERROR_OUTCOME_UNKNOWN = 2  /* a commit was sent and its outcome is not known */
};

/* What went wrong. The caller's memory, 512 bytes for ever, without a pointer in it; needs no freeing. Every call
 * that can fail takes one as its last parameter, and NULL there is allowed. A call that succeeds sets status to
 * HG_OK and leaves the rest alone. */
typedef struct hg_error {
    hg_status status;         /* what the call returned */
    int32_t   column;         /* ordinal of the column concerned, or -1 */
    uint32_t  flags;          /* HG_ERROR_* */
    char      sqlstate[8];    /* the server's five characters, or "" when the error is not the server's */
    char      constraint[64]; /* name of the constraint, or "" */
    char      table[64];      /* name of the table, or "" */
    char      message[320];   /* one line of English, without values of rows; it counts rows, values and elements from 0 */
    uint8_t   reserved[44];   /* zero */
} hg_error;

/* The name of a status, such as "HG_E_NOT_FOUND"; "HG_E_?" for an unknown one, never NULL. Static. Any thread. */
const char *hg_status_name(hg_status status);

/* ---- Values ----------------------------------------------------------------------------------------------- */

/* A uuid. */
typedef struct hg_uuid {
    uint8_t bytes[16];        /* in the order of the text */
} hg_uuid;

/* Text, UTF-8 without NUL bytes inside. In what the library returns a NUL byte follows ptr[len]'s last byte; in
 * what a caller passes none is needed. {NULL, 0} is the empty string, never SQL NULL. */
typedef struct hg_str {
    const char *ptr;          /* its first byte */
    size_t      len;          /* bytes */
} hg_str;

/* A JSON document's text (jsonb prints it in its own order and spacing). hotgigs/json.h gives a parsed tree. */
typedef hg_str hg_json;

/* An exact decimal number: unscaled / 10^scale. No binary fraction anywhere. */
typedef struct hg_decimal {
    int64_t unscaled;         /* zero unless kind is HG_DECIMAL_FINITE */
    int32_t scale;            /* digits behind the point, 0 to 18 */
    int32_t kind;             /* HG_DECIMAL_* */
} hg_decimal;

/* Kinds of a decimal. */
enum {
    HG_DECIMAL_FINITE = 0,            /* a number */
    HG_DECIMAL_NAN = 1,               /* PostgreSQL's NaN */
    HG_DECIMAL_INFINITY = 2,          /* PostgreSQL's Infinity */
    HG_DECIMAL_NEGATIVE_INFINITY = 3  /* PostgreSQL's -Infinity */
};

/* Microseconds since 1970-01-01T00:00:00Z. INT64_MIN and INT64_MAX are PostgreSQL's -infinity and infinity. */
typedef int64_t hg_timestamp;

/* Days since 1970-01-01. INT32_MIN and INT32_MAX are PostgreSQL's -infinity and infinity. */
typedef int32_t hg_date;

/* A one-dimensional list of texts. Bit i of nulls (byte i / 8, bit i % 8) says that element i is NULL; nulls itself
 * may be NULL: none is. An element {NULL, 0} is the empty string. */
typedef struct hg_str_list {
    const hg_str  *items;     /* the first one */
    const uint8_t *nulls;     /* a bit an element, or NULL */
    size_t         count;     /* elements */
} hg_str_list;

/* A list of uuids, none of which is NULL. {NULL, 0} is the empty one. */
typedef struct hg_uuid_list {
    const hg_uuid *items;     /* the first one */
    size_t         count;     /* elements */
} hg_uuid_list;

/* An IP address or network. */
typedef struct hg_inet {
    uint8_t bytes[16];        /* network order; the first 4 for family 4, the rest zero */
    uint8_t family;           /* 4 or 6 */
    uint8_t prefix;           /* bits of the network: 0 to 32 or 128; a single host has all */
    uint8_t reserved[6];      /* zero */
} hg_inet;

/* Memory that the text forms below always fit in, their NUL byte included. */
enum {
    HG_UUID_TEXT_SIZE = 37,      /* of hg_uuid_to_text(), bytes */
    HG_DECIMAL_TEXT_SIZE = 32,   /* of hg_decimal_to_text() */
    HG_TIMESTAMP_TEXT_SIZE = 40, /* of hg_timestamp_to_text() */
    HG_DATE_TEXT_SIZE = 24,      /* of hg_date_to_text() */
    HG_INET_TEXT_SIZE = 52       /* of hg_inet_to_text() */
};

/* A new version 7 uuid (RFC 9562): time first, so that keys made by clients stay in index order. Within one thread's
 * calls each is greater than the one before. Any thread. */
void hg_uuid_new(hg_uuid *out);

/* A new version 4 uuid: random. Any thread. */
void hg_uuid_random(hg_uuid *out);

/* Text to value and back. Parsing takes ptr and len, needs no NUL byte, and refuses what is left over at the end
 * with HG_E_INVALID; *out is then zero. Printing writes a NUL-ended text into the caller's buf of size bytes,
 * and refuses with HG_E_INVALID what does not fit. No memory is allocated. Any thread. */

/* 36 characters, in either case. */
hg_status hg_uuid_parse(const char *ptr, size_t len, hg_uuid *out, hg_error *err);

/* 36 characters, in lower case. */
hg_status hg_uuid_to_text(const hg_uuid *value, char *buf, size_t size, hg_error *err);

/* "12.50", "-0.001", "1e3" is refused; "NaN", "Infinity" and "-Infinity". Scale is the number of digits behind
 * the point as written, so "3.7500" keeps its zeros. */
hg_status hg_decimal_parse(const char *ptr, size_t len, hg_decimal *out, hg_error *err);

/* With as many digits behind the point as its scale says. */
hg_status hg_decimal_to_text(const hg_decimal *value, char *buf, size_t size, hg_error *err);

/* "2026-11-22T10:37:10.123456Z" as RFC 3339 has it, or with a space for the T, with 0 to 6 digits of a second's
 * fraction, the Z optional; an offset is refused rather than lost. "infinity", "-infinity". Years before 1 as
 * PostgreSQL writes them, with " BC" at the end. */
hg_status hg_timestamp_parse(const char *ptr, size_t len, hg_timestamp *out, hg_error *err);

/* With a T and a Z, and as many digits of the fraction as it has: "2026-11-22T10:37:10Z". */
hg_status hg_timestamp_to_text(hg_timestamp value, char *buf, size_t size, hg_error *err);

/* "2026-11-22", "infinity", "-infinity", "0044-03-15 BC". */
hg_status hg_date_parse(const char *ptr, size_t len, hg_date *out, hg_error *err);

/* In the same forms. */
hg_status hg_date_to_text(hg_date value, char *buf, size_t size, hg_error *err);

/* "192.0.2.7", "192.0.2.0/24", "2001:db8::1/64". */
hg_status hg_inet_parse(const char *ptr, size_t len, hg_inet *out, hg_error *err);

/* The prefix is printed only when it is not the whole address. */
hg_status hg_inet_to_text(const hg_inet *value, char *buf, size_t size, hg_error *err);

/* A text that the library made, of any length. Opaque, unchangeable. */
typedef struct hg_text hg_text;

/* PostgreSQL's array literal, {a,"b c",NULL,""}. Puts the list into the caller's memory, aligned as malloc aligns and of
 * size bytes: 17 * len + 64 are always enough. The list lives as long as that memory. */
hg_status hg_str_list_parse(const char *ptr, size_t len, void *memory, size_t size, hg_str_list *out, hg_error *err);

/* The same literal, allocated for once. out: yours, hg_text_free(). HG_E_NOMEM. */
hg_status hg_str_list_to_text(const hg_str_list *value, hg_text **out, hg_error *err);

/* ---- Text that the library made ---------------------------------------------------------------------------- */

/* Its bytes with a NUL byte behind them, borrowed from it; "" of NULL. Any thread. */
const char *hg_text_ptr(const hg_text *text);

/* How many bytes, without the NUL behind them; 0 of NULL. Any thread. */
size_t hg_text_len(const hg_text *text);

/* Frees it; NULL is allowed. Any thread. */
void hg_text_free(hg_text *text);

#include "hotgigs/detail/end.h"
#endif
