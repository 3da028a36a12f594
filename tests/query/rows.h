/* rows.h - rows for the tests of queries: odd texts, extreme values and NULLs in every column of any table.
 *
 * They are written by the superuser without triggers and foreign keys, as text, and read back by the library as the
 * superuser, who may read all columns. Other tests' rows stand in the same table: a query narrows itself to these by
 * their ids, query_rows_only(). */
#ifndef TESTS_QUERY_ROWS_H
#define TESTS_QUERY_ROWS_H

#include "fixture.h"
#include "query/query_int.h"

typedef struct query_rows {
    int32_t          table;
    const hgi_table *of;
    size_t           count;
    hg_uuid         *ids;              /* of row i, ascending */
    hgi_list        *list;             /* row i */
} query_rows;

extern hg_conn *owner;                 /* the superuser, through the library */

void query_open(void);                 /* fixture_open_tenant() and owner */
void query_close(void);
TCase *query_case(Suite *suite, const char *name, double seconds);

/* count rows; query_rows_free(). */
void query_rows_make(query_rows *rows, int32_t table, size_t count);
void query_rows_free(query_rows *rows);
const void *query_row(const query_rows *rows, size_t i);
int  query_row_is_null(const query_rows *rows, size_t i, int32_t column);
/* A query of the table that finds no other rows. */
hg_query *query_rows_only(const query_rows *rows);
/* The place of a row by its id, or -1. */
long query_row_place(const query_rows *rows, const hg_uuid *id);

/* Value number i of a column's pool as text, NULL is SQL NULL. */
const char *query_value(int32_t table, int32_t column, size_t i);

/* The literal of a text for the superuser's SQL, quotes included. */
const char *sql_literal(const char *text);

int is_byte_order(void);               /* 1: the database compares texts by their bytes */

#endif
