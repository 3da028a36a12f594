/* record_int.h - what the files of this folder share. */
#ifndef HGI_RECORD_INT_H
#define HGI_RECORD_INT_H

#include "link/link.h"
#include "record/record.h"

#include <string.h>

/* ---- The shape of a statement: the key of its cache ------------------------------------------------------------------ */

enum {
    HGI_GET = 1, HGI_GET_MANY, HGI_INSERT, HGI_INSERT_MANY, HGI_UPDATE, HGI_UPSERT, HGI_UPSERT_MANY, HGI_DELETE,
    HGI_PROBE
};

/* Everything that a statement's text depends on. No padding in it: it is compared as bytes. */
typedef struct hgi_shape {
    uint8_t  operation;         /* HGI_GET ... */
    uint8_t  role;              /* a plan under policies is made anew when the role changes (38 against 22 us a call) */
    uint8_t  table;
    int8_t   key;               /* of an upsert */
    uint8_t  by_version;        /* 1: an update that checks the row's version */
    uint8_t  with_version;      /* 1: the result ends with xmin */
    uint8_t  must_change;       /* 1: no row is an error on the server (22012), so that what is around it is undone */
    uint8_t  reserved;
    uint64_t columns;           /* that come back; 0: none */
    uint64_t set;               /* that are written */
} hgi_shape;

/* sql.c: the statement of a shape, from the cache or made. NULL after a failure. */
hgi_statement *hgi_shape_statement(hg_conn *conn, const hgi_table *table, const hgi_shape *shape, hg_error *err);
/* An array of keys that is the first argument, in a form that the server plans once. Were it $1 alone, the general plan would
 * be one for ten keys, the plan for fewer cheaper, and every execution planned anew. */
#define HGI_KEYS "(SELECT $1)::uuid[]"
/* The list of columns that a shape brings back, for SELECT and RETURNING. */
void hgi_write_result(hgi_buffer *sql, const hgi_table *table, const hgi_shape *shape);
/* The columns that an upsert changes in a row that is there. */
uint64_t hgi_upsert_updates(const hgi_table *table, int32_t role, uint64_t set, int32_t key);

/* The shape of a call that reads rows back: what the connection's role may read. */
hgi_shape hgi_shape_new(const hg_conn *conn, const hgi_table *table, int operation, int reads);

/* Has the call compare the types of its result with the descriptor's, the first time; types is room for them. */
enum { HGI_RESULT_MAX = 66 };
void hgi_call_expect(hgi_call *call, const hgi_table *table, const hgi_shape *shape, uint32_t *types);

/* ---- rules.c: whether a caller's row may be written ------------------------------------------------------------------- */

/* Every rule of masks and values that can be told here, in the order of the columns; the error names the column. */
hg_status hgi_check_read(hg_conn *conn, const hgi_table *table, hg_error *err);
hg_status hgi_check_insert(hg_conn *conn, const hgi_table *table, const void *row, uint64_t set, hg_error *err);
/* Of these the rules of a row's values and masks alone: of a batch, whose set is the same in all rows, those of all but the
 * first. *bad gets the number of the first row that the error is about. */
hg_status hgi_check_rows(const hgi_table *table, const void *rows, size_t count, size_t stride, uint64_t set, size_t *bad,
                         hg_error *err);
hg_status hgi_check_update(hg_conn *conn, const hgi_table *table, const void *row, uint64_t set, hg_error *err);
hg_status hgi_check_upsert(hg_conn *conn, const hgi_table *table, const void *row, uint64_t set, int32_t key,
                           hg_error *err);
/* An operation's parameters: a row whose columns nobody is granted. */
hg_status hgi_check_params(const hgi_table *params, const void *row, uint64_t set, hg_error *err);
const char *hgi_role_name(int32_t role);

/* Puts the table's name into an error that has none, and gives back its status. */
hg_status hgi_at_table(hg_error *err, const hgi_table *table, hg_status status);
/* HG_E_DENIED: the role may not have the column, or with -1 the table, what ("read", "written"). */
hg_status hgi_fail_role(hg_error *err, const hgi_table *table, int32_t column, const char *what, hg_conn *conn)
    HGI_COLD;

/* A failure that concerns a column: like hgi_fail, with the table's name and ordinal. The message begins with the
 * column's name. */
hg_status hgi_fail_column(hg_error *err, hg_status status, const hgi_table *table, int32_t column, const char *what)
    HGI_COLD;
/* Completes what a call failed with: the table, and the column that the constraint is of or whose type differs. */
hg_status hgi_fail_call(hg_error *err, const hgi_table *table, const hgi_shape *shape, hg_status status) HGI_COLD;

/* ---- encode.c: a row's fields as arguments ----------------------------------------------------------------------------- */

/* Values that stand in the caller's memory as the server wants them are pointed to; the others are made in local, or, when
 * that is full, in more. */
typedef struct hgi_params {
    int32_t     count;
    int32_t     failed;         /* 1: out of memory */
    hgi_arena   more;           /* what local has no room for */
    const char *values[HGI_RESULT_MAX];
    int         lengths[HGI_RESULT_MAX];
    size_t      used;           /* of local */
    char        local[1024];
} hgi_params;

static inline void
hgi_params_begin(hgi_params *params)
{
    params->count = 0;
    params->failed = 0;
    params->used = 0;
    params->more = (hgi_arena){ 0 };
}

static inline void
hgi_params_end(hgi_params *params)
{
    if (params->more.first != NULL)
        hgi_arena_free(&params->more);
}

static inline hgi_args
hgi_params_args(const hgi_params *params)
{
    return (hgi_args){ params->count, params->values, params->lengths };
}

void hgi_params_add(hgi_params *params, const void *ptr, size_t len);       /* pointed to, not copied */
char *hgi_params_room(hgi_params *params, size_t size);                     /* NULL: failed */
void hgi_params_add_columns(hgi_params *params, const hgi_table *table, const void *row, uint64_t set);

/* A field of a kind of bounded size in the server's binary form. Gives back the bytes written, 0 if the kind is none of them. */
enum { HGI_FIXED_MAX = 32 };                    /* the longest: a decimal */
size_t hgi_fixed_encode(int32_t kind, const void *field, char *out);
/* One field in the server's binary form. */
void hgi_field_encode(const hgi_table *table, int32_t column, const void *row, hgi_buffer *out);

/* ---- The order of a list ------------------------------------------------------------------------------------------------- */

enum { HGI_ORDER_MAX = 8 };
typedef struct hgi_order_key {
    uint8_t column;
    uint8_t descending;
    uint8_t nulls_first;
} hgi_order_key;
typedef struct hgi_order {
    int32_t       count;
    uint32_t      filters;   /* of a list: a sum over the shape of the query's filters, which its cursors carry */
    hgi_order_key keys[HGI_ORDER_MAX];
} hgi_order;

/* ---- list.c, decode.c: a result's cells as rows ------------------------------------------------------------------------- */

struct hgi_list {
    const hgi_table *table;
    size_t           count;
    size_t           stride;
    size_t           capacity;  /* rows that a long list has memory for */
    char            *rows;      /* directly behind this struct, in the same block, but for a long list */
    hgi_result      *result;    /* that the rows' text points into; NULL: copied */
    hgi_arena        texts;     /* of a long list, and what else does not fit */
    hgi_order        order;     /* that a query asked for, for its cursors */
};

/* Up to so many rows text stays in libpq's result; longer lists are copied into blocks as they arrive, since memory
 * that stays in the cache is worth more than the copy. Of jobs of 3 kB in place takes 0.93 of the client's CPU with 256 rows
 * (`make bench` has them beside the 257 that are copied), and took 1.05 with 1,024 and 1.09 with 4,096 (libpq 15). */
enum { HGI_SHORT_LIST = 256 };

/* No such row, or not visible: the two look the same. */
hg_status hgi_fail_not_found(hg_error *err, const hgi_table *table);

/* A write whose row could not be read back: the caller must not take it for one that did not happen. */
hg_status hgi_fail_written(hg_error *err) HGI_COLD;

/* Takes result, whatever the outcome. */
hg_status hgi_list_decode(const hgi_table *table, const hgi_shape *shape, hgi_result *result, hgi_list **out,
                          hg_error *err);
/* Reads a call to its end into a list. As many rows are expected, -1: nobody knows: that decides which kind of list it is and how
 * much memory there is at first, and nothing else. */
hg_status hgi_list_read(hg_conn *conn, const hgi_table *table, const hgi_shape *shape, hgi_call *call, int64_t expected,
                        hgi_list **out, hg_error *err);
/* How many to expect by what the statement gave before, where at most so many will come; INT64_MAX: nobody knows. Not where the rows
 * are asked for by their ids: how many those are says more. */
int64_t hgi_list_expected(const hgi_statement *statement, int64_t most);

/* batch.c: whether a write may be run, or collected, now; takes it into the open batch, where id and version (0: none) tell
 * what to ask for if it finds no row. */
hg_status hgi_writable(hg_conn *conn, const void *out, hg_error *err);
hg_status hgi_collect(hg_conn *conn, const hgi_table *table, hgi_call *call, const hg_uuid *id, uint64_t version,
                      hg_error *err);
/* write.c: why a write by id changed nothing, told by a probe of its own trip. */
hg_status hgi_explain_zero(hg_conn *conn, const hgi_table *table, const hg_uuid *id, uint64_t version, hg_error *err);

/* The two halves of that for a list that is read in parts: an empty one, and a call's rows behind those that are there. */
hgi_list *hgi_list_long(const hgi_table *table);
hg_status hgi_list_append(hg_conn *conn, const hgi_shape *shape, hgi_call *call, size_t expected, hgi_list *list,
                          hg_error *err);

/* Fills rows one after the other. */
typedef struct hgi_decoder {
    const hgi_table *table;
    uint64_t         columns;
    int32_t          cells;      /* of a row: its columns, and xmin if it comes along */
    int32_t          with_version;
    int32_t          unknown;    /* values of the current row that this build does not know */
    hgi_arena       *texts;      /* what needs memory besides the row */
    hgi_arena       *copy;       /* where text is copied to; NULL: it stays where it is */
} hgi_decoder;
/* For rows with the columns of the shape; text stays where it is. */
static inline hgi_decoder
hgi_decoder_of(const hgi_table *table, const hgi_shape *shape, hgi_arena *texts)
{
    return (hgi_decoder){ .table = table, .columns = shape->columns, .with_version = shape->with_version, .texts = texts,
                          .cells = __builtin_popcountll(shape->columns) + shape->with_version };
}
hg_status hgi_row_decode(hgi_decoder *decoder, const hgi_result *result, int32_t r, void *row, hg_error *err);
/* A row from COPY: the bytes behind the number of its columns, with room for a NUL byte behind them. */
hg_status hgi_copied_decode(hgi_decoder *decoder, char *bytes, size_t size, void *row, hg_error *err);

/* ---- fields ----------------------------------------------------------------------------------------------------------------- */

/* The size of a field in C. In line, since the decoder's loops have it as a constant. */
static inline size_t
hgi_kind_size(int32_t kind)
{
    static const uint8_t sizes[] = {
        [HG_KIND_UUID] = sizeof(hg_uuid),           [HG_KIND_TEXT] = sizeof(hg_str),
        [HG_KIND_ENUM] = sizeof(int32_t),           [HG_KIND_BOOL] = sizeof(int32_t),
        [HG_KIND_INT] = sizeof(int32_t),            [HG_KIND_DECIMAL] = sizeof(hg_decimal),
        [HG_KIND_DATE] = sizeof(hg_date),           [HG_KIND_TIMESTAMP] = sizeof(hg_timestamp),
        [HG_KIND_TEXT_LIST] = sizeof(hg_str_list),  [HG_KIND_JSON] = sizeof(hg_json),
        [HG_KIND_INET] = sizeof(hg_inet),           [HG_KIND_BIGINT] = sizeof(int64_t),
        [HG_KIND_UUID_LIST] = sizeof(hg_uuid_list),
    };

    return sizes[kind];
}

static inline const void *
hgi_field(const hgi_table *table, int32_t column, const void *row)
{
    return (const char *)row + table->info.columns[column].offset;
}

/* The number of a text among the column's values, -1: none of them. Most of them differ in the first byte. */
static inline int32_t
hgi_enum_value(const hg_column_info *column, const char *ptr, size_t len)
{
    for (int32_t i = 0; i < column->value_count && len > 0; i++) {
        const char *value = column->values[i];

        if (value[0] == ptr[0] && strlen(value) == len && memcmp(value, ptr, len) == 0)
            return i + 1;
    }
    return -1;
}

static inline int32_t
hgi_first_bit(uint64_t mask)
{
    return (int32_t)__builtin_ctzll(mask);
}

/* A walk over the columns of a mask: left is what is to come, its lowest bit *column's. 0 at the end.
 *
 *     for (left = mask, column = info->columns; hgi_next_column(&left, &column); left >>= 1, column++) */
static inline int
hgi_next_column(uint64_t *left, const hg_column_info **column)
{
    if (__builtin_expect((long)(*left & 1), 1))
        return 1;
    if (*left == 0)
        return 0;
    *column += hgi_first_bit(*left);
    *left >>= hgi_first_bit(*left);
    return 1;
}

static inline uint64_t
hgi_all_columns(const hgi_table *table)
{
    return table->info.column_count == 64 ? UINT64_MAX : HG_BIT(table->info.column_count) - 1;
}

#endif
