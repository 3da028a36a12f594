/* hotgigs/describe.h - what the library has, described at run time.
 *
 * Tables, views, operations, and then constants, structs and calls, so that a binding can be generated, or written, without
 * a header. share/hotgigs/hotgigs.json says the same as a file.
 * Everything here is static memory, the same for all threads, for as long as the library is loaded. Any thread. */
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
    HG_KIND_INET = 11,      /* hg_inet */
    HG_KIND_BIGINT = 12,    /* int64_t; of operations and aggregates alone */
    HG_KIND_UUID_LIST = 13  /* hg_uuid_list; of operations alone */
};

/* Classes of personal data; sql/privacy/columns.txt says what each means, and which column is of which. */
enum {
    HG_DATA_NONE = 0,           /* not about a person */
    HG_DATA_KEY = 1,            /* an id, or a reference */
    HG_DATA_RECORD = 2,         /* state and times of a row about a person */
    HG_DATA_IDENTITY = 3,       /* who he is */
    HG_DATA_CONTACT = 4,        /* how to reach him */
    HG_DATA_PROFILE = 5,        /* what he says of his work */
    HG_DATA_SETTING = 6,        /* what he wants */
    HG_DATA_CONTENT = 7,        /* what he wrote or was written to him */
    HG_DATA_OPINION = 8,        /* what others wrote of him */
    HG_DATA_INFERRED = 9,       /* what a model or a count says of him */
    HG_DATA_FINANCIAL = 10,     /* money */
    HG_DATA_TECHNICAL = 11,     /* traces: address, agent, session, times of sign-in */
    HG_DATA_SECRET = 12         /* what opens an account or pays into one */
};

/* What erasure does with a column of a row that stays. */
enum {
    HG_ERASURE_KEEP = 0,        /* stays */
    HG_ERASURE_ROW = 1,         /* goes with its row */
    HG_ERASURE_NULL = 2,        /* becomes NULL */
    HG_ERASURE_EMPTY = 3,       /* '' or {} */
    HG_ERASURE_FALSE = 4,       /* becomes false */
    HG_ERASURE_PSEUDONYM = 5,   /* erased-<id>@erased.invalid */
    HG_ERASURE_LINK = 6,        /* a reference: NULL where the person's row goes */
    HG_ERASURE_REDACT = 7       /* in the audit trail */
};

/* Bits of hg_column_info.privacy. */
enum {
    HG_COLUMN_EXPORTED = 1,     /* in the export of everything about a person */
    HG_COLUMN_PORTABLE = 2,     /* in the portable one, too */
    HG_COLUMN_VEILED = 4,       /* the audit trail shows a marker or a digest of it */
    HG_COLUMN_UNLOGGED = 8,     /* a program should not write its values into a log */
    HG_COLUMN_MASKED = 16       /* the export of everything shows a marker: always, or (with EXPORTED) where it is of others */
};

/* One column. Later versions append fields: walk columns by column_stride. */
typedef struct hg_column_info {
    const char *name;           /* in the database; the field's name too, but for a keyword's trailing '_' */
    const char *field;          /* in the struct */
    const char *sql_type;       /* as PostgreSQL's format_type() prints it */
    const char *default_sql;    /* or NULL */
    const char *comment;        /* from COMMENT ON COLUMN */
    const char *const *values;  /* of an enumerated column: the text of value i + 1; else NULL */
    int32_t     value_count;    /* of values; else 0 */
    int32_t     kind;           /* HG_KIND_* */
    uint32_t    offset;         /* of the field in the row, bytes */
    int32_t     nullable;       /* 1 if the column may be NULL */
    int32_t     length;         /* varchar(n): n characters; numeric(p,s): p digits; else 0 */
    int32_t     scale;          /* numeric(p,s): s; else 0 */
    uint32_t    readers;        /* bit HG_ROLE_*: who may read the column */
    uint32_t    inserters;      /* ... give it in an insert */
    uint32_t    updaters;       /* ... change it */
    uint32_t    since;          /* the library version that first had it, as HG_HEADER_VERSION is written */
    int32_t     data_class;     /* HG_DATA_*: the class of personal data; of a table's column, else 0 */
    int32_t     erasure;        /* HG_ERASURE_*: what erasure does with it */
    uint32_t    privacy;        /* HG_COLUMN_* bits */
    uint32_t    reserved;       /* zero */
} hg_column_info;

/* A unique key that an upsert can go by. */
typedef struct hg_key_info {
    const char *name;           /* such as "email" or "company_id_user_id", as in HG_<SINGULAR>_KEY_<NAME> */
    uint64_t    columns;        /* mask of its columns */
} hg_key_info;

/* Rows of another table that belong to a row of this one, as a foreign key of one of the two says. */
typedef struct hg_relation_info {
    const char *name;           /* such as "company" or "job_skills", as in HG_REL_<SINGULAR>_<NAME> */
    int32_t     table;          /* the other table, HG_TABLE_* */
    int32_t     column;         /* of this table: company_id, or id; the two are equal in rows that belong together */
    int32_t     other_column;   /* of the other table: id, or job_id */
    int32_t     is_many;        /* 0: at most one row of the other table belongs to a row of this one */
} hg_relation_info;

/* One table or view. Later versions append fields. */
typedef struct hg_table_info {
    uint32_t struct_size;       /* sizeof(hg_table_info) of the library */
    int32_t  table;             /* HG_TABLE_* or HG_VIEW_* */
    const char *name;           /* in the database */
    const char *singular;       /* in the names of the calls */
    const char *comment;        /* from COMMENT ON TABLE */
    const hg_column_info *columns; /* column i is bit i of a mask */
    int32_t  column_count;      /* of columns, at most 64 */
    uint32_t column_stride;     /* bytes from one column to the next */
    uint32_t row_size;          /* bytes of a row of this library: its struct_size */
    int32_t  version_column;    /* the column that row_version is taken from; -1: the row's xmin; of a view: none */
    const hg_key_info *keys;    /* key i is HG_<SINGULAR>_KEY_* number i */
    int32_t  key_count;         /* of keys */
    uint32_t key_stride;        /* bytes from one key to the next */
    uint32_t unknown_offset;    /* of the field unknown_text in a row, bytes; 0: there is none */
    uint32_t reserved;          /* zero */
    const char *schema;         /* in the database: public, of a view hotgigs */
    int32_t  is_view;           /* 1: it is read and never written */
    uint32_t relation_stride;   /* bytes from one relation to the next */
    const hg_relation_info *relations; /* relation i is HG_REL_<SINGULAR>_* number i */
    int32_t  relation_count;    /* of relations */
    int32_t  reserved1;         /* zero */
    uint32_t deleters;          /* bit HG_ROLE_*: who may delete rows, as far as grants say */
    uint32_t reserved2;         /* zero */
} hg_table_info;

/* How many tables this library knows, with the numbers from 0. */
int32_t hg_table_count(void);

/* How many views, with the numbers from HG_VIEW_FIRST. */
int32_t hg_view_count(void);

/* Table or view number table, HG_TABLE_* or HG_VIEW_*; NULL if there is none. Static. */
const hg_table_info *hg_table_describe(int32_t table);

/* One column of a row as text, by ordinal: what its to_text call gives, booleans as true and false, an enumerated value
 * that this build does not know as the text that the database holds. row is a row of the table, from the library or a
 * caller's own: then (loaded_mask 0) every field counts as it is, and 0 of an enumerated column gives NULL.
 * out  a text, yours: hg_text_free(); NULL when the column is SQL NULL or was not read, which is success.
 * HG_E_INVALID  there is no such table or column, or row is NULL or not filled: its struct_size is 0
 * HG_E_NOMEM    there is no memory for the text */
hg_status hg_row_column_text(int32_t table, const void *row, int32_t column, hg_text **out, hg_error *err);

/* ---- Operations ---------------------------------------------------------------------------------------------- */

/* What comes back of an operation. */
enum {
    HG_ROWS_NONE = 1,           /* nothing */
    HG_ROWS_ONE = 2,            /* one row; without one it is HG_E_NOT_FOUND */
    HG_ROWS_MAYBE = 3,          /* one row or none */
    HG_ROWS_MANY = 4,           /* a list */
    HG_ROWS_COUNT = 5           /* a number */
};

/* Whose rights an operation runs with. */
enum {
    HG_RIGHTS_CALLER = 1,       /* the caller's grants and policies */
    HG_RIGHTS_DEFINER = 2,      /* a function of the database that does what the caller may not do himself */
    HG_RIGHTS_SERVICE = 3       /* the service's alone */
};

/* Bits of an argument, beside the parameter's ordinal. */
enum {
    HG_ARGUMENT_GIVEN = 64      /* not the parameter's value, but a boolean, whether it is given */
};

/* One operation, as the generator writes it: hotgigs/operation.h runs it. Later versions append fields.
 *
 * Its parameters, and its rows unless they are a table's, are described like rows of a table: ordinals, fields, kinds.
 * There table is -1, name and singular are the operation's, nobody's grants are told, and the structs begin with
 *     params  struct_size, reserved0, set (mask of the parameters that are given), null_mask, reserved1
 *     row     as a table's row does */
typedef struct hg_operation_info {
    uint32_t struct_size;       /* sizeof(hg_operation_info) */
    int32_t  rows;              /* HG_ROWS_* */
    int32_t  rights;            /* HG_RIGHTS_* */
    uint32_t roles;             /* bit HG_ROLE_*: who may call it */
    int32_t  writes;            /* 1: it changes something, so that a lost reply is HG_E_IN_DOUBT */
    int32_t  row_table;         /* HG_TABLE_* whose rows come back; -1: rows of its own, or none */
    uint64_t row_columns;       /* mask of the columns that come back; HG_ROWS_COUNT: 1 if the number is a column */
    uint64_t sql_hash;          /* of sql: what a connection knows the statement by */
    const char *name;           /* job_set_state */
    const char *group;          /* jobs */
    const char *comment;        /* what it does */
    const char *not_found;      /* what it means that there is no row; NULL: not said */
    const char *sql;            /* the statement */
    const hg_table_info *params; /* its parameters */
    const hg_table_info *row;   /* NULL: a table's rows, or none */
    const uint32_t *row_types;  /* PostgreSQL's type id of each column of row */
    const uint8_t  *arguments;  /* $1 ...: the parameter's ordinal, perhaps with HG_ARGUMENT_GIVEN */
    const uint32_t *argument_types; /* and its type id */
    int32_t  argument_count;    /* of arguments */
    uint32_t since;             /* the library version that first had it; 0 of an operation that is not the library's */
} hg_operation_info;

/* How many operations this library has. */
int32_t hg_operation_count(void);

/* Operation number operation, HG_OPERATION_*; NULL if there is none. Static. */
const hg_operation_info *hg_operation_describe(int32_t operation);

/* ---- Constants, structs and calls ------------------------------------------------------------------------------ */

/* A binding without a header starts from the three structs below: they are walked by these offsets for ever, and what a
 * later version has to say of a constant, a struct or a call, other calls will. */

/* A constant. Not here: ordinals of columns and parameters, values of enumerated columns, keys and relations, which the
 * tables' and operations' descriptions tell. */
typedef struct hg_constant_info {
    const char *name;           /* HG_E_NOT_FOUND */
    int64_t     value;          /* 1 */
    uint32_t    since;          /* the library version that first had it */
    uint32_t    reserved;       /* zero */
} hg_constant_info;

/* A field of a struct. */
typedef struct hg_field_info {
    const char *name;           /* sqlstate */
    const char *type;           /* as it is declared: "const char *", "hg_uuid", "char[64]" */
    uint32_t    offset;         /* bytes */
    uint32_t    size;           /* bytes */
} hg_field_info;

/* A struct. Not here: rows and parameters, which the tables' and operations' descriptions tell. */
typedef struct hg_struct_info {
    const char *name;           /* hg_error */
    const hg_field_info *fields; /* one behind the other */
    int32_t     field_count;    /* of fields */
    uint32_t    size;           /* bytes, of this library's */
    uint32_t    since;          /* the library version that first had it */
    uint32_t    reserved;       /* zero */
} hg_struct_info;

/* An exported function. In its type hg_status and hg_date are int32_t, and hg_timestamp is int64_t. Not here: the typed
 * calls of operations, which hg_operation_run() and its like do for any, and what hotgigs/json.h and hotgigs/pq.h have,
 * whose types are other libraries'. */
typedef struct hg_call_info {
    const char *name;           /* hg_job_get */
    const char *type;           /* "hg_status (hg_conn *, const hg_uuid *, const hg_job **, hg_error *)" */
    uint32_t    since;          /* the library version that first had it */
    uint32_t    reserved;       /* zero */
} hg_call_info;

/* How many constants. */
int32_t hg_constant_count(void);

/* Constant i, in the order of the headers; NULL if there is none. Static. */
const hg_constant_info *hg_constant_describe(int32_t i);

/* How many structs. */
int32_t hg_struct_count(void);

/* Struct i, in the order of the headers; NULL if there is none. Static. */
const hg_struct_info *hg_struct_describe(int32_t i);

/* How many calls. */
int32_t hg_call_count(void);

/* Call i, in the order of the headers; NULL if there is none. Static. */
const hg_call_info *hg_call_describe(int32_t i);

#include "hotgigs/detail/end.h"
#endif
