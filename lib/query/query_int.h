/* query_int.h - for this folder only: a query as it is built. */
#ifndef HGI_QUERY_INT_H
#define HGI_QUERY_INT_H

#include "query/query.h"
#include "record/record_int.h"

enum { HGI_DEPTH_MAX = 16, HGI_VALUES_MAX = 200 };

/* What a filter does. Its values stand in the query's values, in the same order. No padding: nodes are compared as bytes,
 * being part of the shape. */
enum {
    HGI_NODE_COMPARE = 1,        /* column op $ */
    HGI_NODE_NULL,               /* column IS NULL, op 1, or IS NOT NULL, op 0 */
    HGI_NODE_IN,                 /* column = ANY ($); op 1: or it is NULL */
    HGI_NODE_PATH,               /* column #>> $ op $ */
    HGI_NODE_ANY,
    HGI_NODE_ALL,
    HGI_NODE_NOT,
    HGI_NODE_END
};
typedef struct hgi_node {
    uint8_t kind;                /* HGI_NODE_* */
    uint8_t op;                  /* HG_OP_* */
    uint8_t column;
    uint8_t reserved;
} hgi_node;

/* A value in the query's data. */
typedef struct hgi_value {
    size_t   offset;
    int32_t  len;
    uint32_t type;               /* HGI_OID_* */
} hgi_value;

/* What an aggregate is made of: aggregate.c. Of fixed size, so that a query is copied as it is. */
enum { HGI_GROUPS_MAX = 8, HGI_MEASURES_MAX = 16, HGI_HAVING_MAX = 16, HGI_ZONE_MAX = 63, HGI_ROWS = 255 };
typedef struct hgi_group {
    uint8_t column;
    uint8_t unit;                /* of the bucket, HG_UNIT_*; 0: the column itself */
} hgi_group;
typedef struct hgi_measure {
    uint8_t function;            /* HG_MEASURE_* */
    uint8_t column;              /* HGI_ROWS: none */
} hgi_measure;
typedef struct hgi_having {
    uint8_t measure;
    uint8_t op;
    uint8_t len;
    char    value[HGI_DECIMAL_BYTES]; /* numeric, binary */
} hgi_having;
typedef struct hgi_aggregate {
    int32_t     group_count;
    int32_t     measure_count;
    int32_t     having_count;
    int32_t     by_measure;      /* 1 + the measure that the order begins with; 0: none */
    int32_t     descending;
    hgi_group   groups[HGI_GROUPS_MAX];
    hgi_measure measures[HGI_MEASURES_MAX];
    hgi_having  having[HGI_HAVING_MAX];
    char        zone[HGI_ZONE_MAX + 1]; /* of the bucket */
} hgi_aggregate;

struct hg_query {
    const hgi_table *table;
    hgi_buffer nodes;            /* hgi_node[] */
    hgi_buffer values;           /* hgi_value[] */
    hgi_buffer data;
    hgi_buffer cursor;           /* the bytes of a keyset cursor; none if empty */
    uint64_t   columns;          /* to read; 0: all that the role may */
    uint64_t   used;             /* filtered or ordered by */
    int64_t    limit;            /* -1: none */
    int32_t    lock;
    int32_t    depth;            /* of open groups */
    int32_t    backwards;        /* 1: the cursor is that of hg_query_before() */
    hgi_order  order;
    hgi_aggregate aggregate;
};

/* ---- Building ---- */

/* Guards of every building call: the query, the column, and whether the operator is one of the type's. */
hg_status hgi_query_column(const hg_query *query, int32_t column, hg_error *err);
hg_status hgi_query_operator(const hg_query *query, int32_t column, int32_t op, int32_t kind, const char *what,
                             hg_error *err);
/* A list of texts in the form of hg_query_where_text_list() as a binary array. */
hg_status hgi_query_encode_list(int32_t column, const char *buf, const uint64_t *ends, const uint8_t *nulls, size_t count,
                                uint32_t element, hgi_buffer *out, hg_error *err);
/* Appends a filter with one value of len bytes, or takes nothing at all. */
hg_status hgi_query_add(hg_query *query, int kind, int32_t op, int32_t column, uint32_t type, const char *value,
                        size_t len, hg_error *err);

/* ---- Running ---- */

/* As many rows as a query's limit lets come for each of the keys, for hgi_list_expected(). */
static inline int64_t
hgi_most_rows(const hg_query *query, size_t keys)
{
    if (query->limit < 0 || (keys > 0 && query->limit > INT64_MAX / (int64_t)keys))
        return INT64_MAX;
    return (int64_t)keys * query->limit;
}

/* What a statement is to be made of a query. */
enum { HGI_QUERY_FIND = 32, HGI_QUERY_COUNT, HGI_QUERY_EXISTS, HGI_QUERY_DECLARE, HGI_QUERY_UPDATE, HGI_QUERY_DELETE,
       HGI_QUERY_AGGREGATE, HGI_QUERY_RELATED };

/* A query on its way to one connection. Arguments are added in the order of the statement's text: what an update writes,
 * the filters' values, the cursor's, the limit. */
typedef struct hgi_run {
    hg_conn        *conn;
    const hg_query *query;
    hgi_shape       shape;
    int32_t         verb;          /* HGI_QUERY_* */
    uint32_t        portal;        /* number of the portal of a HGI_QUERY_DECLARE */
    int32_t         count;         /* arguments so far */
    int32_t         first_filter;  /* the number of the filters' first argument, from 1 */
    int32_t         first_key;     /* ... of the cursor's */
    int32_t         limit;         /* ... of a limit beyond a page's, or at_most; 0: none */
    int32_t         page;          /* the limit, as a part of the statement; -1: not one of a page */
    uint64_t        null_keys;     /* bit i: sort key i of the cursor is NULL */
    int64_t         at_most;
    hgi_statement  *statement;
    char            number[8];     /* the limit, or at_most */
    const char     *values[HGI_ARGS_MAX];
    int             lengths[HGI_ARGS_MAX];
    uint32_t        types[HGI_ARGS_MAX];
} hgi_run;

/* Checks the query against the table and the role. */
hg_status hgi_run_begin(hgi_run *run, hg_conn *conn, const hgi_table *table, const hg_query *query, int verb,
                        hg_error *err);
/* An argument, which must live until the call is over. */
void hgi_run_add(hgi_run *run, const char *value, size_t len, uint32_t type);
/* Adds what the query holds, and finds or makes the statement. */
hg_status hgi_run_statement(hgi_run *run, hg_error *err);
hgi_args hgi_run_args(const hgi_run *run);

/* sql.c */
void hgi_query_write(const hgi_run *run, hgi_buffer *sql);
void hgi_query_write_filters(const hgi_run *run, hgi_buffer *sql);   /* nothing, if there are none */
void hgi_query_write_limit(const hgi_run *run, hgi_buffer *sql);     /* nothing, if there is none */
void hgi_write_param(hgi_buffer *sql, int32_t number);

/* run.c */
void hgi_run_add_filters(hgi_run *run);
void hgi_run_add_limit(hgi_run *run);                               /* the query's, if it has one */
/* The statement that key stands for, found or made of sql. */
hg_status hgi_run_prepare(hgi_run *run, const hgi_buffer *key, void (*write)(const hgi_run *run, hgi_buffer *sql),
                          hg_error *err);

/* keyset.c */
/* A sort key as the statement has it: the other way round for a page backwards. Key number order.count is the id. */
hgi_order_key hgi_run_key(const hgi_run *run, int32_t i);
/* Has a list's order say what query its cursors are of. */
void hgi_keyset_keep(const hg_query *query, hgi_order *order);
/* The cursor's values as arguments; HG_E_INVALID: it is of another order or of other filters. */
hg_status hgi_keyset_args(hgi_run *run, hg_error *err);

/* keyset_sql.c: the rows behind the cursor, in arms, which come one after the other. */
enum { HGI_ARM_BEHIND, HGI_ARM_NULL, HGI_ARM_NOT_NULL, HGI_ARMS_MAX = 2 * HGI_ORDER_MAX + 1 };
typedef struct hgi_arm {
    int32_t kind;
    int32_t first;               /* the sort keys before it are those of the cursor */
    int32_t last;                /* of HGI_ARM_BEHIND: the last of those that are compared at once */
} hgi_arm;
/* How many there are, HGI_ARMS_MAX at most; none without a cursor. */
int32_t hgi_keyset_arms(const hgi_run *run, hgi_arm *arms);
void hgi_keyset_write_arm(const hgi_run *run, const hgi_arm *arm, hgi_buffer *sql);

#endif
