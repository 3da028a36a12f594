/* filter.h - any filter by its column, operator and value: one call instead of fifteen. */
#ifndef TESTS_QUERY_FILTER_H
#define TESTS_QUERY_FILTER_H

#include "query/rows.h"

/* Operators of tests: HG_OP_*, and behind them what is not one. */
enum { OP_IS_NULL = HG_OP_WITHIN + 1, OP_IS_NOT_NULL, OP_PATH, OP_COUNT = OP_PATH };

/* What a column is compared with. */
typedef struct operand {
    union {
        hg_uuid      uuid;
        hg_str       text;             /* and JSON */
        int32_t      integer;          /* and dates, booleans, enumerated values */
        hg_decimal   decimal;
        hg_timestamp time;
        hg_str_list  list;
        hg_inet      inet;
    } value;
    hg_str_list path;                  /* of OP_PATH */
    int32_t     path_op;
} operand;

/* Whether columns of the kind have the operator. */
int kind_has_operator(int32_t kind, int32_t op);

/* The filter, through the public call for that kind. */
hg_status filter_add(hg_query *query, int32_t kind, int32_t column, int32_t op, const operand *with);

/* A list in the form of the calls: texts, ends and null bits, in the test's memory. */
typedef struct packed_list {
    char     *buf;
    uint64_t *ends;
    uint8_t  *nulls;
    size_t    count;
} packed_list;
packed_list pack_list(const hg_str_list *list);

/* The same filter as SQL with literals: written by hand, knowing nothing of the library's. */
const char *filter_sql(const hg_column_info *column, int32_t op, const operand *with);

const char *op_name(int32_t op);

/* Operand number i for a column's operator: values that rows have, parts of them, and others. 0: there is none. */
int operand_make(const query_rows *rows, int32_t column, int32_t op, size_t i, operand *out);

/* 1: the row's field passes, 0: not, -1: NULL leaves it open, -2: not foretold. Computed in answer.c. */
int filter_answer(const hg_column_info *column, int32_t op, const void *field, int is_null, const operand *with);

#endif
