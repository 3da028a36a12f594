/* hotgigs/query.h - what is asked of a table: filters, order, page, columns.
 *
 * A query belongs to one table or view, is built by calls, run by hg_<singular>_find() and its relatives, and may be run
 * again, on any connection and as any role. Values are copied, checked against the column's type, and travel as
 * arguments: the text of the statement depends on the query's shape alone. A call that fails leaves the query as it
 * was. One thread at a time while it is built; running does not change it.
 *
 * Every call gives HG_E_INVALID, with the column, for a column that the table does not have, a type that is not the
 * column's, and an operator that the type does not have. What the role may not read is HG_E_DENIED when the query is
 * run, before anything is sent. */
#ifndef HOTGIGS_QUERY_H
#define HOTGIGS_QUERY_H

#include "hotgigs/conn.h"
#include "hotgigs/detail/begin.h"

/* A query. Opaque. */
typedef struct hg_query hg_query;

/* Operators. */
enum {
    HG_OP_EQ = 1,        /* =                every type */
    HG_OP_NE = 2,        /* <>               every type; NULL counts as different */
    HG_OP_LT = 3,        /* <                numbers, times, dates, uuid, inet, text (in the database's collation) */
    HG_OP_LE = 4,        /* <=               the same */
    HG_OP_GT = 5,        /* >                the same */
    HG_OP_GE = 6,        /* >=               the same */
    HG_OP_PREFIX = 7,    /* text begins with the value: '%' and '_' mean themselves */
    HG_OP_CONTAINS = 8,  /* text has the value in it, in any case: '%' and '_' mean themselves */
    HG_OP_INCLUDES = 9,  /* @>               JSON and lists: has all of the value in it */
    HG_OP_OVERLAPS = 10, /* &&               lists: has any of the value in it */
    HG_OP_HAS_KEY = 11,  /* ?                JSON: has the key, or the text as an element */
    HG_OP_HAS_ANY = 12,  /* ?|               JSON: any of them */
    HG_OP_HAS_ALL = 13,  /* ?&               JSON: all of them */
    HG_OP_WITHIN = 14    /* <<=              inet: is in the network, or it */
};

/* A query of table number table, HG_TABLE_* or HG_VIEW_*, yours: hg_query_free(). NULL: no such table, or out of memory. */
hg_query *hg_query_new(int32_t table);

/* A copy, to be changed apart, yours: hg_query_free(). NULL: out of memory, or query is NULL. */
hg_query *hg_query_copy(const hg_query *query);

/* Frees it; NULL is allowed. Any thread. */
void hg_query_free(hg_query *query);

/* ---- Filters: all that stand side by side must hold ------------------------------------------------------------------ */

/* Integers. HG_E_INVALID, too: a value of more than 32 bits. */
hg_status hg_query_where_int(hg_query *query, int32_t column, int32_t op, int64_t value, hg_error *err);

/* Booleans: 0 or 1. */
hg_status hg_query_where_bool(hg_query *query, int32_t column, int32_t op, int32_t value, hg_error *err);

/* Enumerated columns by their number, HG_<SINGULAR>_<COLUMN>_<VALUE>. */
hg_status hg_query_where_enum(hg_query *query, int32_t column, int32_t op, int32_t value, hg_error *err);

/* Uuids. */
hg_status hg_query_where_uuid(hg_query *query, int32_t column, int32_t op, const hg_uuid *value, hg_error *err);

/* Text columns; and the name of a value of enumerated columns, and the key of a JSON column with HG_OP_HAS_KEY. */
hg_status hg_query_where_text(hg_query *query, int32_t column, int32_t op, const char *ptr, size_t len, hg_error *err);

/* Times, UTC. */
hg_status hg_query_where_time(hg_query *query, int32_t column, int32_t op, hg_timestamp value, hg_error *err);

/* Dates. */
hg_status hg_query_where_date(hg_query *query, int32_t column, int32_t op, hg_date value, hg_error *err);

/* Decimals. */
hg_status hg_query_where_decimal(hg_query *query, int32_t column, int32_t op, const hg_decimal *value, hg_error *err);

/* Addresses and networks. */
hg_status hg_query_where_inet(hg_query *query, int32_t column, int32_t op, const hg_inet *value, hg_error *err);

/* A JSON column with a document: HG_OP_EQ, HG_OP_NE, HG_OP_INCLUDES. HG_E_INVALID, too: not JSON. */
hg_status hg_query_where_json(hg_query *query, int32_t column, int32_t op, const char *ptr, size_t len, hg_error *err);

/* Lists: count texts one behind the other in buf, ends[i] the offset behind text i, bit i of nulls (which may be NULL) for
 * a NULL. List columns with HG_OP_EQ, _NE, _INCLUDES, _OVERLAPS; JSON columns with HG_OP_HAS_ANY, _HAS_ALL. */
hg_status hg_query_where_text_list(hg_query *query, int32_t column, int32_t op, const char *buf, const uint64_t *ends,
                                   const uint8_t *nulls, size_t count, hg_error *err);

/* A JSON column's value at a path of keys and indexes (a list as above), as text, compared with a text. */
hg_status hg_query_where_json_path(hg_query *query, int32_t column, const char *path_buf, const uint64_t *path_ends,
                                   size_t path_count, int32_t op, const char *ptr, size_t len, hg_error *err);

/* The column is NULL (1) or is not (0). */
hg_status hg_query_where_null(hg_query *query, int32_t column, int32_t is_null, hg_error *err);

/* The column is one of count values; no row is found if count is 0. They travel as one array. */

/* Integers. */
hg_status hg_query_where_in_int(hg_query *query, int32_t column, const int32_t *values, size_t count, hg_error *err);

/* Enumerated columns by their numbers. */
hg_status hg_query_where_in_enum(hg_query *query, int32_t column, const int32_t *values, size_t count, hg_error *err);

/* Uuids. */
hg_status hg_query_where_in_uuid(hg_query *query, int32_t column, const hg_uuid *values, size_t count, hg_error *err);

/* Dates. */
hg_status hg_query_where_in_date(hg_query *query, int32_t column, const hg_date *values, size_t count, hg_error *err);

/* Times, UTC. */
hg_status hg_query_where_in_time(hg_query *query, int32_t column, const hg_timestamp *values, size_t count,
                                 hg_error *err);

/* Decimals. */
hg_status hg_query_where_in_decimal(hg_query *query, int32_t column, const hg_decimal *values, size_t count,
                                    hg_error *err);

/* Addresses and networks. */
hg_status hg_query_where_in_inet(hg_query *query, int32_t column, const hg_inet *values, size_t count, hg_error *err);

/* Texts, in the form of a list as above. A NULL among the values finds the rows that have NULL. */
hg_status hg_query_where_in_text(hg_query *query, int32_t column, const char *buf, const uint64_t *ends,
                                 const uint8_t *nulls, size_t count, hg_error *err);

/* Groups of filters, up to 16 deep. In an empty one no filter holds, and all do. A query whose group was not ended is
 * HG_E_INVALID when it is run. */

/* Begins a group, in which one filter must hold. */
hg_status hg_query_any(hg_query *query, hg_error *err);

/* Begins a group, in which all must hold. */
hg_status hg_query_all(hg_query *query, hg_error *err);

/* Begins a group; the rows for which all of it holds are left out. A row for which NULL leaves that open is not left out. */
hg_status hg_query_not(hg_query *query, hg_error *err);

/* Ends the group that was begun last. HG_E_STATE: no group is open. */
hg_status hg_query_end(hg_query *query, hg_error *err);

/* ---- Order and pages --------------------------------------------------------------------------------------------------- */

/* Directions of an order. */
enum {
    HG_ASCENDING = 0, /* the least first */
    HG_DESCENDING = 1 /* the greatest first */
};

/* Where NULL comes in an order. */
enum {
    HG_NULLS_DEFAULT = 0, /* last ascending, first descending */
    HG_NULLS_FIRST = 1,   /* before every value */
    HG_NULLS_LAST = 2     /* behind every value */
};

/* Adds a sort key, up to 8. The id always comes last by itself, so that the order is total. */
hg_status hg_query_order(hg_query *query, int32_t column, int32_t direction, int32_t nulls, hg_error *err);

/* At most so many rows; HG_E_INVALID: negative. Without it, all, and a list holds all of them in memory. Where the query gave few
 * rows before they stay as libpq received them, which for millions takes up to two and a half times the memory of copied rows.
 * What may be long, stream it. Up to 256 the limit is a part of the query's shape: each size of a page is prepared once, so keep
 * to few of them. */
hg_status hg_query_limit(hg_query *query, int64_t limit, hg_error *err);

/* Only rows behind the one that cursor was taken of (hg_<singular>_list_cursor()). The cursor carries the shape that it is of: filters may have other
 * values, but not be others. HG_E_INVALID: the cursor is none, or of another table; when the query is run, of another
 * order or of other filters. Of after and before the later call counts; len 0 takes it back.
 *
 * Where an index has the order, and the query a limit and no lock, a page reads a page, however deep it lies: but for rows that share
 * the last sort key with the cursor's and are sorted against the id's direction, as the newest first are, which are read again. */
hg_status hg_query_after(hg_query *query, const char *cursor, size_t len, hg_error *err);

/* Only rows before it, otherwise as hg_query_after(): the page comes in the same order, and is the nearest limit rows. */
hg_status hg_query_before(hg_query *query, const char *cursor, size_t len, hg_error *err);

/* ---- Columns and locks --------------------------------------------------------------------------------------------------- */

/* Reads only these columns, and the id; HG_E_INVALID: none, or one that the table does not have. Naming one that the role
 * may not read is HG_E_DENIED when the query is run; without this call such columns are left out by themselves. */
hg_status hg_query_columns(hg_query *query, uint64_t columns, hg_error *err);

/* Locks of the rows that are found. */
enum {
    HG_LOCK_NONE = 0,       /* none */
    HG_LOCK_UPDATE = 1,     /* waits for others' locks */
    HG_LOCK_SKIP_LOCKED = 2 /* passes over rows that others have locked */
};

/* Locks the rows that are found until the transaction ends (FOR UPDATE), waiting for others' locks or passing such rows
 * over. Only rows that the role may update are found then. */
hg_status hg_query_lock(hg_query *query, int32_t lock, hg_error *err);

/* ---- Speed --------------------------------------------------------------------------------------------------------------- */

/* Says in words, filter by filter, which index can serve it as the role that conn acts as, which cannot and why, and what
 * to add; then the order. The query itself is not run, and no value of it is shown. One round trip.
 *
 * Under row-level security a filter whose operator is not leakproof (numbers with decimals, JSON, lists, prefix, contains,
 * networks) cannot use an index, since the policies come first; the service is not under any that says no.
 *
 * out  lines of text, yours: hg_text_free()
 * HG_E_DENIED  the query goes by a column that this role may not read */
hg_status hg_query_explain(hg_conn *conn, const hg_query *query, hg_text **out, hg_error *err);

/* ---- Streams ------------------------------------------------------------------------------------------------------------- */

/* Rows on their way, of hg_<singular>_stream(). */
typedef struct hg_cursor hg_cursor;

/* Closes it; rows that were not read are dropped. NULL is allowed. The connection's thread. */
void hg_cursor_close(hg_cursor *cursor);

#include "hotgigs/detail/end.h"
#endif
