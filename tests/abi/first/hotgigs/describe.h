/* hotgigs/describe.h - the tables described at run time, so that a binding can be generated, or written, without a
 * header. Everything here is static memory, the same for all threads, for as long as the library is loaded. */
#ifndef HOTGIGS_DESCRIBE_H
#define HOTGIGS_DESCRIBE_H

#include "hotgigs/core.h"
#include "hotgigs/detail/begin.h"

/* What a field of a row is in C. */
enum {
    HG_KIND_UUID = 1,       /* hg_uuid */
    HG_KIND_TEXT = 2,       /* hg_str */
    HG_KIND_JSON = 3,       /* hg_json */
    HG_KIND_ENUM = 4,       /* int32_t: 1 to value_count, or -1 for a value that this build does not know */
    HG_KIND_INT = 5,        /* int32_t */
    HG_KIND_BOOL = 6,       /* int32_t: 0 or 1 */
    HG_KIND_DECIMAL = 7,    /* hg_decimal */
    HG_KIND_TIMESTAMP = 8,  /* hg_timestamp */
    HG_KIND_DATE = 9,       /* hg_date */
    HG_KIND_TEXT_LIST = 10, /* hg_str_list */
    HG_KIND_INET = 11       /* hg_inet */
};

/* One column. Later versions append fields: walk columns by column_stride. */
typedef struct hg_column_info {
    const char *name;           /* in the database; the field's name too, but for a keyword's trailing '_' */
    const char *field;          /* in the struct */
    const char *sql_type;       /* as PostgreSQL's format_type() prints it */
    const char *default_sql;    /* or NULL */
    const char *comment;        /* from COMMENT ON COLUMN */
    const char *const *values;  /* of an enumerated column: the text of value i + 1; else NULL */
    int32_t     value_count;
    int32_t     kind;           /* HG_KIND_* */
    uint32_t    offset;         /* of the field in the row, bytes */
    int32_t     nullable;       /* 1 if the column may be NULL */
    int32_t     length;         /* varchar(n): n characters; numeric(p,s): p digits; else 0 */
    int32_t     scale;          /* numeric(p,s): s; else 0 */
    uint32_t    readers;        /* bit HG_ROLE_*: who may read the column */
    uint32_t    inserters;      /* ... give it in an insert */
    uint32_t    updaters;       /* ... change it */
    uint32_t    since;          /* the library version that first had it, as HG_HEADER_VERSION is written */
} hg_column_info;

/* A unique key that an upsert can go by. */
typedef struct hg_key_info {
    const char *name;           /* such as "email" or "company_id_user_id", as in HG_<SINGULAR>_KEY_<NAME> */
    uint64_t    columns;        /* mask of its columns */
} hg_key_info;

/* One table. Later versions append fields. */
typedef struct hg_table_info {
    uint32_t struct_size;       /* sizeof(hg_table_info) of the library */
    int32_t  table;             /* HG_TABLE_* */
    const char *name;           /* in the database, in schema public */
    const char *singular;       /* in the names of the calls */
    const char *comment;        /* from COMMENT ON TABLE */
    const hg_column_info *columns; /* column i is bit i of a mask */
    int32_t  column_count;
    uint32_t column_stride;     /* bytes from one column to the next */
    uint32_t row_size;          /* bytes of a row of this library: its struct_size */
    int32_t  version_column;    /* the column that row_version is taken from; -1: the row's xmin */
    const hg_key_info *keys;    /* key i is HG_<SINGULAR>_KEY_* number i */
    int32_t  key_count;
    uint32_t key_stride;
} hg_table_info;

/* How many tables this library knows. */
int32_t hg_table_count(void);

/* Table number table, HG_TABLE_*; NULL if there is none. */
const hg_table_info *hg_table_describe(int32_t table);

/* One column of a row as text, by ordinal: what its to_text call gives; an enumerated value that this build does not
 * know as the text that the database holds. row is a row of the table, from the library or a caller's own.
 * out  a text, yours: hg_text_free(); NULL when the column is SQL NULL or was not read, which is success. */
hg_status hg_row_column_text(int32_t table, const void *row, int32_t column, hg_text **out, hg_error *err);

#include "hotgigs/detail/end.h"
#endif
