/* column_text.h - a column's text, and what else printing a row and reading one back share. */
#ifndef HGI_COLUMN_TEXT_H
#define HGI_COLUMN_TEXT_H

#include "record/record_int.h"

/* Whether row can be read at all: it is there, and its struct_size holds the head. */
hg_status hgi_column_row_check(const hgi_table *table, const void *row, hg_error *err);

/* Whether whoever filled the row knew of the column: a caller's own may be older and shorter. */
int hgi_column_is_covered(const hgi_table *table, int32_t column, const void *row);

/* Appends what the column's to_text gives; "true" and "false"; an enumerated value's text, which is
 * in the row where this build does not know it. The column is covered and not NULL. Out of memory
 * is told by the buffer alone. HG_E_INVALID: the field holds nothing of its type; err names it. */
hg_status hgi_column_text(const hgi_table *table, int32_t column, const void *row, hgi_buffer *out,
                          hg_error *err);

/* hg_row_column_text() with the table's descriptor. */
hg_status hgi_column_text_new(const hgi_table *table, int32_t column, const void *row, hg_text **out,
                              hg_error *err);

/* A failure that a value's own function has explained: like hgi_fail_column, "jobs.title: ...". */
hg_status hgi_column_fail_value(hg_error *err, const hgi_table *table, int32_t column,
                                const hg_error *said);

#endif
