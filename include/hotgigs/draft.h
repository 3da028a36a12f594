/* hotgigs/draft.h - rows for writing, filled by calls: how languages write that may not pass a struct with pointers.
 *
 * hg_<singular>_draft_new() makes a draft of that table with one empty row, the setters fill columns of the row by
 * ordinal and copy what they are given, hg_draft_next_row() begins another, and hg_<singular>_draft_rows() gives
 * the rows and their set mask for the write calls. All rows of a draft set the same columns; where the last row does
 * not, hg_<singular>_draft_rows() gives NULL with their count and stride, which every write call refuses as
 * HG_E_INVALID. (hg_draft_next_row() then says which column it is.) One thread at a time. */
#ifndef HOTGIGS_DRAFT_H
#define HOTGIGS_DRAFT_H

#include "hotgigs/core.h"
#include "hotgigs/detail/begin.h"

/* A draft. Opaque. */
typedef struct hg_draft hg_draft;

/* Frees it and its rows; NULL is allowed. Any thread. */
void hg_draft_free(hg_draft *draft);

/* Begins another row. HG_E_INVALID: the row so far does not set the columns that the first row sets; err's column
 * is the first that differs. HG_E_NOMEM. */
hg_status hg_draft_next_row(hg_draft *draft, hg_error *err);

/* Each sets one column of the current row, and again if it was set before. A value is checked when it is written.
 * HG_E_INVALID: the table has no such column, or it is of another type; the message names it. HG_E_NOMEM: the
 * column is as it was. */

/* SQL NULL, of any type. */
hg_status hg_draft_set_null(hg_draft *draft, int32_t column, hg_error *err);

/* Integers and bigints. HG_E_INVALID when it does not fit the column. */
hg_status hg_draft_set_int(hg_draft *draft, int32_t column, int64_t value, hg_error *err);

/* Booleans: 0 or 1. */
hg_status hg_draft_set_bool(hg_draft *draft, int32_t column, int32_t value, hg_error *err);

/* Uuids. */
hg_status hg_draft_set_uuid(hg_draft *draft, int32_t column, const hg_uuid *value, hg_error *err);

/* Text, and enumerated columns by their value's text, where one that is none of the column's is HG_E_INVALID at once.
 * ptr may be NULL when len is 0: the empty string. */
hg_status hg_draft_set_text(hg_draft *draft, int32_t column, const char *ptr, size_t len, hg_error *err);

/* Enumerated columns by their number, HG_<SINGULAR>_<COLUMN>_<VALUE>. */
hg_status hg_draft_set_enum(hg_draft *draft, int32_t column, int32_t value, hg_error *err);

/* JSON columns: the document's text. */
hg_status hg_draft_set_json(hg_draft *draft, int32_t column, const char *ptr, size_t len, hg_error *err);

/* Times, UTC. */
hg_status hg_draft_set_time(hg_draft *draft, int32_t column, hg_timestamp value, hg_error *err);

/* Dates. */
hg_status hg_draft_set_date(hg_draft *draft, int32_t column, hg_date value, hg_error *err);

/* Decimals. */
hg_status hg_draft_set_decimal(hg_draft *draft, int32_t column, const hg_decimal *value, hg_error *err);

/* Addresses and networks. */
hg_status hg_draft_set_inet(hg_draft *draft, int32_t column, const hg_inet *value, hg_error *err);

/* A list of count texts that stand one behind the other in buf; ends[i] is the offset behind element i. Bit i of
 * nulls says that element i is NULL; nulls may be NULL: none is. HG_E_INVALID: ends that do not ascend, or a NULL
 * element with a text. */
hg_status hg_draft_set_text_list(hg_draft *draft, int32_t column, const char *buf, const uint64_t *ends,
                                 const uint8_t *nulls, size_t count, hg_error *err);

/* A list of uuids, copied. items may be NULL when count is 0. */
hg_status hg_draft_set_uuid_list(hg_draft *draft, int32_t column, const hg_uuid *items, size_t count, hg_error *err);

#include "hotgigs/detail/end.h"
#endif
