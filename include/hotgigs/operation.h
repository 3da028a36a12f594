/* hotgigs/operation.h - running an operation by its description: how the typed calls do it.
 *
 * hotgigs/operations.h has a typed call for every operation of the library, and hotgigs-gen writes the same for
 * operations of your own (examples/operations). What they call is here; a binding may call it itself, with what
 * hg_operation_describe() gives. op is read during the call, and by a draft for as long as it lives.
 *
 * Of every call here:
 * params           a params struct of op; NULL where op requires no parameter
 * HG_E_INVALID     a parameter is missing, wrong, or not zero without its bit in set: err's column is its ordinal, and
 *                  nothing was sent; or the rows of op come otherwise; or op was generated for another version
 * HG_E_DENIED      op is not for this role (nothing was sent), or the server refuses
 * HG_E_NOT_FOUND   there is no such row, or none that this role may see
 * HG_E_STATE       not allowed now
 * HG_E_IN_DOUBT    op writes, and the reply was lost
 * Threads          one connection, one thread at a time; likewise a draft; the other calls in any thread */
#ifndef HOTGIGS_OPERATION_H
#define HOTGIGS_OPERATION_H

#include "hotgigs/core.h"
#include "hotgigs/conn.h"
#include "hotgigs/describe.h"
#include "hotgigs/draft.h"
#include "hotgigs/session.h"
#include "hotgigs/detail/begin.h"

/* Rows that an operation gave: opaque, unchangeable, may be read from any thread. A typed list is one of these. */
typedef struct hg_operation_list hg_operation_list;

/* Runs an operation from which nothing comes back. */
hg_status hg_operation_run(hg_conn *conn, const hg_operation_info *op, const void *params, hg_error *err);

/* Runs one that gives one row, or perhaps one.
 * out  yours: hg_operation_row_free(). NULL, with success, where HG_ROWS_MAYBE has none. May be NULL. */
hg_status hg_operation_run_row(hg_conn *conn, const hg_operation_info *op, const void *params, const void **out,
                               hg_error *err);

/* Runs one that gives a list.
 * out  yours: hg_operation_list_free(). May be NULL. */
hg_status hg_operation_run_list(hg_conn *conn, const hg_operation_info *op, const void *params, hg_operation_list **out,
                                hg_error *err);

/* Runs one that gives a number.
 * out  may be NULL */
hg_status hg_operation_run_count(hg_conn *conn, const hg_operation_info *op, const void *params, int64_t *out,
                                 hg_error *err);

/* Frees a row that hg_operation_run_row() gave; NULL is allowed. Any thread. */
void hg_operation_row_free(const void *row);

/* The first row, how many there are, and the bytes from one to the next. Borrowed from the list. NULL and 0 of an empty
 * list and of NULL. */
const void *hg_operation_list_rows(const hg_operation_list *list, size_t *count, size_t *stride);

/* Row i, borrowed from the list; NULL if there are not so many. */
const void *hg_operation_list_at(const hg_operation_list *list, size_t i);

/* How many rows; 0 of NULL. */
size_t hg_operation_list_count(const hg_operation_list *list);

/* Frees a list with all its rows; NULL is allowed. Any thread. */
void hg_operation_list_free(hg_operation_list *list);

/* A row as a JSON object, its members named like the columns. Numbers are exact, JSON columns verbatim.
 * out  yours: hg_text_free() */
hg_status hg_operation_row_to_json(const hg_operation_info *op, const void *row, hg_text **out, hg_error *err);

/* One column of a row as text, by ordinal, as hg_row_column_text() gives it of a table's row.
 * out  yours: hg_text_free(); NULL when the column is SQL NULL */
hg_status hg_operation_row_text(const hg_operation_info *op, const void *row, int32_t column, hg_text **out,
                                hg_error *err);

/* A draft of op's parameters, yours: hg_draft_free(). Its one row is the params struct. NULL: out of memory, or op was
 * generated for another version. */
hg_draft *hg_operation_draft_new(const hg_operation_info *op);

/* The params of a draft, with their set. Borrowed until the draft is changed or freed. NULL: not a draft of op. */
const void *hg_operation_draft_params(const hg_operation_info *op, const hg_draft *draft);

/* A JSON object as a draft of op's parameters: each member gives the parameter of its name.
 * out           yours: hg_draft_free()
 * HG_E_INVALID  not JSON, or a member is no parameter or does not fit it */
hg_status hg_operation_params_from_json(const hg_operation_info *op, const char *ptr, size_t len, hg_draft **out,
                                        hg_error *err);

#include "hotgigs/detail/end.h"
#endif
