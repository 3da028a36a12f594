/* doors.h - the library's typed calls behind one signature for all tables, so that Go has one call of each kind and cgo
 * little to compile. table is the place in AnyTable's list; what a table has no call for gives HG_E_INVALID. */
#ifndef HGO_DOORS_H
#define HGO_DOORS_H

#include <hotgigs/hotgigs.h>

/* A list and where its rows stand. */
typedef struct hgo_list {
    void       *list;
    const void *rows;
    size_t      count, stride;
} hgo_list;

hg_status hgo_get(int table, hg_conn *conn, const hg_uuid *id, const void **out, hg_error *err);
hg_status hgo_get_many(int table, hg_conn *conn, const hg_uuid *ids, size_t count, hgo_list *out, hg_error *err);
hg_status hgo_find(int table, hg_conn *conn, const hg_query *query, hgo_list *out, hg_error *err);
hg_status hgo_count(int table, hg_conn *conn, const hg_query *query, int64_t *out, hg_error *err);
hg_status hgo_exists(int table, hg_conn *conn, const hg_query *query, int32_t *out, hg_error *err);
hg_status hgo_stream(int table, hg_conn *conn, const hg_query *query, hg_cursor **out, hg_error *err);
hg_status hgo_next(int table, hg_cursor *cursor, const void **row, hg_error *err);
hg_status hgo_cursor_of(int table, const hgo_list *list, size_t i, hg_text **out, hg_error *err);
/* What belongs to the rows of a list; and of it the rows of its own table. */
hg_status hgo_list_related(int table, hg_conn *conn, const hgo_list *list, int32_t relation, const hg_query *query,
                           hg_related **out, hg_error *err);
void      hgo_related_list(int table, const hg_related *related, hgo_list *out);
void      hgo_free_row(int table, const void *row);
void      hgo_free_list(int table, const hgo_list *list);

hg_draft  *hgo_draft_new(int table);
hg_status hgo_insert(int table, hg_conn *conn, const hg_draft *draft, const void **out, hg_error *err);
hg_status hgo_insert_many(int table, hg_conn *conn, const hg_draft *draft, hgo_list *out, hg_error *err);
hg_status hgo_upsert(int table, hg_conn *conn, const hg_draft *draft, int32_t key, const void **out, hg_error *err);
hg_status hgo_upsert_many(int table, hg_conn *conn, const hg_draft *draft, int32_t key, hgo_list *out, hg_error *err);
hg_status hgo_update(int table, hg_conn *conn, const hg_uuid *id, const hg_draft *draft, uint64_t version, const void **out,
                     hg_error *err);
hg_status hgo_update_where(int table, hg_conn *conn, const hg_query *query, const hg_draft *draft, int64_t at_most,
                           int64_t *changed, hg_error *err);
hg_status hgo_delete(int table, hg_conn *conn, const hg_uuid *id, hg_error *err);
hg_status hgo_delete_where(int table, hg_conn *conn, const hg_query *query, int64_t at_most, int64_t *deleted, hg_error *err);

hg_status hgo_to_json(int table, const hg_draft *draft, hg_text **out, hg_error *err);
hg_status hgo_from_json(int table, const char *ptr, size_t len, hg_draft **out, hg_error *err);
/* The rows of a draft, and the columns that they set; borrowed from it. */
void      hgo_draft_rows(int table, const hg_draft *draft, hgo_list *out, uint64_t *set);

#endif
