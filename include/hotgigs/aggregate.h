/* hotgigs/aggregate.h - counts, sums, averages, least and greatest of what a query's filters find, by groups and by time.
 *
 *     hg_query *q = hg_query_new(HG_TABLE_APPLICATIONS);
 *     hg_query_where_uuid(q, HG_APPLICATION_JOB_ID, HG_OP_EQ, &job, &err);
 *     hg_query_group(q, HG_APPLICATION_STATUS, &err);
 *     hg_query_bucket(q, HG_APPLICATION_APPLIED_AT, HG_UNIT_DAY, "Europe/Zurich", &err);
 *     hg_query_measure(q, HG_MEASURE_COUNT, -1, &err);
 *     hg_aggregate_run(conn, q, &table, &err);
 *
 * gives a table whose columns are status, day, count: first what it is grouped by, in the order of the calls, then the
 * measures in theirs. Filters are those of hotgigs/query.h, and row-level security holds: only rows that the role may see
 * are counted. Rows come in ascending order of the groups, NULL last, unless another is asked for; enumerated values in
 * the order of their texts. hg_query_limit() counts rows of the table.
 *
 * Threads  a query is built by one thread at a time; a connection runs in one at a time; a table is read in any. */
#ifndef HOTGIGS_AGGREGATE_H
#define HOTGIGS_AGGREGATE_H

#include "hotgigs/query.h"
#include "hotgigs/detail/begin.h"

/* What is measured of a group's rows. */
enum {
    HG_MEASURE_COUNT = 1,          /* rows, or with a column values that are not NULL: HG_KIND_BIGINT */
    HG_MEASURE_COUNT_DISTINCT = 2, /* different values that are not NULL: HG_KIND_BIGINT */
    HG_MEASURE_SUM = 3,            /* of integers HG_KIND_BIGINT, of decimals HG_KIND_DECIMAL, exact */
    HG_MEASURE_AVG = 4,            /* HG_KIND_DECIMAL, rounded to the column's scale plus 6, an integer's to 6 */
    HG_MEASURE_MIN = 5,            /* the column's kind: numbers, times, dates, text */
    HG_MEASURE_MAX = 6             /* likewise */
};

/* Lengths of a bucket. */
enum {
    HG_UNIT_HOUR = 1,  /* an hour */
    HG_UNIT_DAY = 2,   /* a day, from midnight of the time zone */
    HG_UNIT_WEEK = 3,  /* a week, from Monday */
    HG_UNIT_MONTH = 4  /* a calendar month */
};

/* Groups by a column; up to 8. HG_E_INVALID, with the column: it does not exist, or is JSON or a list, or is one too many. */
hg_status hg_query_group(hg_query *query, int32_t column, hg_error *err);

/* Measures a column of each group, HG_MEASURE_*; up to 16. column -1: its rows, with HG_MEASURE_COUNT alone. HG_E_INVALID,
 * with the column: it does not exist, or is of a kind that has no such measure, or is one too many. */
hg_status hg_query_measure(hg_query *query, int32_t function, int32_t column, hg_error *err);

/* Groups by the hour, day, week or month in which a time or date lies, one bucket column a query. Its cells are when that
 * begins: an instant, UTC, or of a date column a date.
 *
 * zone  "Europe/Zurich", NUL-ended, of at most 63 characters; NULL or "": UTC. A day is 23 or 25 hours long where the
 *       zone says so. A date column has no zone and no hours. A name that the server does not know is HG_E_INVALID when
 *       the query is run, before anything is computed.
 *
 * There are no gaps: a bucket without rows is there, for each group that has a row in any bucket, with counts of 0 and
 * NULL for the other measures. From when to when: what the query's own filters of the column (<, <=, >, >=, =, not inside
 * a group of filters) say, else the first and the last bucket that have rows; up to 100,000 buckets, and a million over all groups, else
 * HG_E_INVALID. Rows whose time is NULL or infinite are in no bucket. */
hg_status hg_query_bucket(hg_query *query, int32_t column, int32_t unit, const char *zone, hg_error *err);

/* Only rows of the table whose measure (number measure of the calls, from 0) compares so: HG_OP_EQ to HG_OP_GE. Up to 16,
 * all of which must hold; a measure that is NULL passes none. HG_E_INVALID: there is no such measure, or it is not a
 * number. */
hg_status hg_query_having_int(hg_query *query, int32_t measure, int32_t op, int64_t value, hg_error *err);

/* The same with a decimal, which is compared exactly: an average, a sum of decimals. HG_E_INVALID, too: the value is
 * NULL or no decimal. */
hg_status hg_query_having_decimal(hg_query *query, int32_t measure, int32_t op, const hg_decimal *value, hg_error *err);

/* Orders the table by a measure, NULL last, before anything else; the groups then decide among equals. hg_query_order()
 * takes columns that the query is grouped by. HG_E_INVALID: there is no such measure or direction. */
hg_status hg_query_order_measure(hg_query *query, int32_t measure, int32_t direction, hg_error *err);

/* ---- The table --------------------------------------------------------------------------------------------------------- */

/* Opaque, unchangeable, may be read from any thread. */
typedef struct hg_table hg_table;

/* Runs a query with at least one measure or group: one statement, one round trip. Without groups the table has one row.
 *
 * out           yours: hg_table_free()
 * HG_E_INVALID  the query measures and groups nothing, or orders by what it is not grouped by; an unknown time zone; too
 *               many buckets; with the column, a sum or average that hg_decimal cannot hold
 * HG_E_DENIED   this role may not read a column that the query goes by; nothing was sent */
hg_status hg_aggregate_run(hg_conn *conn, const hg_query *query, hg_table **out, hg_error *err);

size_t  hg_table_rows(const hg_table *table);                   /* how many rows; 0 of NULL */
int32_t hg_table_columns(const hg_table *table);                /* groups and measures; 0 of NULL */
int32_t hg_table_kind(const hg_table *table, int32_t column);   /* HG_KIND_*; 0: none, there is no such column */

/* Whether a cell is SQL NULL: 1, also where there is no such cell. Its value is zero. */
int32_t hg_table_is_null(const hg_table *table, size_t row, int32_t column);

/* Each reads a cell, zero where it is SQL NULL. HG_E_INVALID: there is no such cell, or it is of another kind. */

/* Counts, integers, booleans and enumerated values, of which -1 is one that this build does not know. */
hg_status hg_table_int(const hg_table *table, size_t row, int32_t column, int64_t *out, hg_error *err);

/* Decimals and integers. */
hg_status hg_table_decimal(const hg_table *table, size_t row, int32_t column, hg_decimal *out, hg_error *err);

/* Times, and buckets of a time column: when they begin. */
hg_status hg_table_time(const hg_table *table, size_t row, int32_t column, hg_timestamp *out, hg_error *err);

/* Dates, and buckets of a date column: when they begin. */
hg_status hg_table_date(const hg_table *table, size_t row, int32_t column, hg_date *out, hg_error *err);

/* Uuids. */
hg_status hg_table_uuid(const hg_table *table, size_t row, int32_t column, hg_uuid *out, hg_error *err);

/* Addresses. */
hg_status hg_table_inet(const hg_table *table, size_t row, int32_t column, hg_inet *out, hg_error *err);

/* Texts and the names of enumerated values, borrowed from the table. */
hg_status hg_table_text(const hg_table *table, size_t row, int32_t column, hg_str *out, hg_error *err);

/* Frees it; NULL is allowed. Any thread. */
void hg_table_free(hg_table *table);

#include "hotgigs/detail/end.h"
#endif
