/* query.h - what the generated doors call of this folder. */
#ifndef HGI_QUERY_H
#define HGI_QUERY_H

#include "hotgigs/query.h"
#include "hotgigs/related.h"
#include "record/record.h"

hg_status hgi_find(hg_conn *conn, const hgi_table *table, const hg_query *query, hgi_list **out, hg_error *err);
hg_status hgi_count(hg_conn *conn, const hgi_table *table, const hg_query *query, int64_t *out, hg_error *err);
hg_status hgi_exists(hg_conn *conn, const hgi_table *table, const hg_query *query, int32_t *out, hg_error *err);
hg_status hgi_stream(hg_conn *conn, const hgi_table *table, const hg_query *query, hg_cursor **out, hg_error *err);
hg_status hgi_next(hg_cursor *cursor, const hgi_table *table, const void **row, hg_error *err);
hg_status hgi_update_where(hg_conn *conn, const hgi_table *table, const hg_query *query, const void *row, uint64_t set,
                           int64_t at_most, int64_t *changed, hg_error *err);
hg_status hgi_delete_where(hg_conn *conn, const hgi_table *table, const hg_query *query, int64_t at_most,
                           int64_t *deleted, hg_error *err);
hg_status hgi_list_cursor(const hgi_list *list, size_t i, hg_text **out, hg_error *err);

/* What belongs to the rows of a list; the rows of that, if they are the table's. */
hg_status hgi_list_related(hg_conn *conn, const hgi_table *table, const hgi_list *list, int32_t relation,
                           const hg_query *query, hg_related **out, hg_error *err);
const hgi_list *hgi_related_list(const hg_related *related, const hgi_table *table);

#endif
