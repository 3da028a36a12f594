/* doors.c - a door of each kind for each table: C may not call through a pointer of another type. */
#include "doors.h"

#include <string.h>

#include "zz_doors.h"

typedef struct doors {
    hg_status (*find)(hg_conn *, const hg_query *, hgo_list *, hg_error *);
    hg_status (*count)(hg_conn *, const hg_query *, int64_t *, hg_error *);
    hg_status (*exists)(hg_conn *, const hg_query *, int32_t *, hg_error *);
    hg_status (*stream)(hg_conn *, const hg_query *, hg_cursor **, hg_error *);
    hg_status (*next)(hg_cursor *, const void **, hg_error *);
    hg_status (*cursor_of)(const void *, size_t, hg_text **, hg_error *);
    void      (*free_row)(const void *);
    void      (*free_list)(void *);
    hg_status (*get)(hg_conn *, const hg_uuid *, const void **, hg_error *);
    hg_status (*get_many)(hg_conn *, const hg_uuid *, size_t, hgo_list *, hg_error *);
    hg_draft *(*draft_new)(void);
    hg_status (*insert)(hg_conn *, const hg_draft *, const void **, hg_error *);
    hg_status (*insert_many)(hg_conn *, const hg_draft *, hgo_list *, hg_error *);
    hg_status (*update)(hg_conn *, const hg_uuid *, const hg_draft *, uint64_t, const void **, hg_error *);
    hg_status (*update_where)(hg_conn *, const hg_query *, const hg_draft *, int64_t, int64_t *, hg_error *);
    hg_status (*remove)(hg_conn *, const hg_uuid *, hg_error *);
    hg_status (*remove_where)(hg_conn *, const hg_query *, int64_t, int64_t *, hg_error *);
    hg_status (*to_json)(const hg_draft *, hg_text **, hg_error *);
    hg_status (*from_json)(const char *, size_t, hg_draft **, hg_error *);
    void      (*draft_rows)(const hg_draft *, hgo_list *, uint64_t *);
    hg_status (*upsert)(hg_conn *, const hg_draft *, int32_t, const void **, hg_error *);
    hg_status (*upsert_many)(hg_conn *, const hg_draft *, int32_t, hgo_list *, hg_error *);
    hg_status (*list_related)(hg_conn *, const void *, int32_t, const hg_query *, hg_related **, hg_error *);
    const void *(*related_list)(const hg_related *, size_t *, size_t *);
} doors;

#define HGO_READ(s)                                                                                                  \
    static hg_status s##_list(hg_status st, hg_##s##_list *list, hgo_list *out)                                      \
    {                                                                                                                \
        out->list = list;                                                                                            \
        out->rows = hg_##s##_list_rows(list, &out->count, &out->stride);                                             \
        return st;                                                                                                   \
    }                                                                                                                \
    static hg_status s##_find(hg_conn *conn, const hg_query *query, hgo_list *out, hg_error *err)                    \
    {                                                                                                                \
        hg_##s##_list *list = NULL;                                                                                  \
        hg_status st = hg_##s##_find(conn, query, &list, err);                                                       \
        return s##_list(st, list, out);                                                                              \
    }                                                                                                                \
    static hg_status s##_next(hg_cursor *cursor, const void **out, hg_error *err)                                    \
    {                                                                                                                \
        const hg_##s *row = NULL;                                                                                    \
        hg_status st = hg_##s##_next(cursor, &row, err);                                                             \
        *out = row;                                                                                                  \
        return st;                                                                                                   \
    }                                                                                                                \
    static hg_status s##_cursor_of(const void *list, size_t i, hg_text **out, hg_error *err)                         \
    {                                                                                                                \
        return hg_##s##_list_cursor(list, i, out, err);                                                              \
    }                                                                                                                \
    static void s##_free_row(const void *row) { hg_##s##_free(row); }                                                \
    static void s##_free_list(void *list) { hg_##s##_list_free(list); }
#define HGO_READS(s)                                                                                                 \
    .find = s##_find, .count = hg_##s##_count, .exists = hg_##s##_exists, .stream = hg_##s##_stream,                 \
    .next = s##_next, .cursor_of = s##_cursor_of, .free_row = s##_free_row, .free_list = s##_free_list

#define HGO_GET(s)                                                                                                   \
    static hg_status s##_get(hg_conn *conn, const hg_uuid *id, const void **out, hg_error *err)                      \
    {                                                                                                                \
        const hg_##s *row = NULL;                                                                                    \
        hg_status st = hg_##s##_get(conn, id, &row, err);                                                            \
        *out = row;                                                                                                  \
        return st;                                                                                                   \
    }                                                                                                                \
    static hg_status s##_get_many(hg_conn *conn, const hg_uuid *ids, size_t count, hgo_list *out, hg_error *err)     \
    {                                                                                                                \
        hg_##s##_list *list = NULL;                                                                                  \
        hg_status st = hg_##s##_get_many(conn, ids, count, &list, err);                                              \
        return s##_list(st, list, out);                                                                              \
    }
#define HGO_GETS(s) .get = s##_get, .get_many = s##_get_many

/* hgo_update: the draft's row is read-only, and its version is not a column: so a copy, as long as this header knows it. */
#define HGO_WRITE(s)                                                                                                 \
    static hg_status s##_insert(hg_conn *conn, const hg_draft *draft, const void **out, hg_error *err)               \
    {                                                                                                                \
        const hg_##s *row = NULL;                                                                                    \
        uint64_t set = 0;                                                                                            \
        const hg_##s *from = hg_##s##_draft_rows(draft, NULL, NULL, &set);                                           \
        hg_status st = hg_##s##_insert(conn, from, set, out != NULL ? &row : NULL, err);                             \
        if (out != NULL)                                                                                             \
            *out = row;                                                                                              \
        return st;                                                                                                   \
    }                                                                                                                \
    static hg_status s##_insert_many(hg_conn *conn, const hg_draft *draft, hgo_list *out, hg_error *err)             \
    {                                                                                                                \
        hg_##s##_list *list = NULL;                                                                                  \
        size_t count = 0, stride = 0;                                                                                \
        uint64_t set = 0;                                                                                            \
        const hg_##s *from = hg_##s##_draft_rows(draft, &count, &stride, &set);                                      \
        hg_status st = hg_##s##_insert_many(conn, from, count, stride, set, out != NULL ? &list : NULL, err);        \
        return out != NULL ? s##_list(st, list, out) : st;                                                           \
    }                                                                                                                \
    static hg_status s##_update(hg_conn *conn, const hg_uuid *id, const hg_draft *draft, uint64_t version,           \
                                const void **out, hg_error *err)                                                     \
    {                                                                                                                \
        const hg_##s *row = NULL;                                                                                    \
        uint64_t set = 0;                                                                                            \
        const hg_##s *from = hg_##s##_draft_rows(draft, NULL, NULL, &set);                                           \
        hg_##s copy;                                                                                                 \
        hg_status st;                                                                                                \
        if (from != NULL) {                                                                                          \
            copy = *from;                                                                                            \
            copy.struct_size = sizeof copy;                                                                          \
            copy.row_version = version;                                                                              \
        }                                                                                                            \
        st = hg_##s##_update(conn, id, from != NULL ? &copy : NULL, set, out != NULL ? &row : NULL, err);            \
        if (out != NULL)                                                                                             \
            *out = row;                                                                                              \
        return st;                                                                                                   \
    }                                                                                                                \
    static hg_status s##_update_where(hg_conn *conn, const hg_query *query, const hg_draft *draft, int64_t at_most,  \
                                      int64_t *changed, hg_error *err)                                               \
    {                                                                                                                \
        uint64_t set = 0;                                                                                            \
        const hg_##s *from = hg_##s##_draft_rows(draft, NULL, NULL, &set);                                           \
        return hg_##s##_update_where(conn, query, from, set, at_most, changed, err);                                 \
    }                                                                                                                \
    static hg_status s##_to_json(const hg_draft *draft, hg_text **out, hg_error *err)                                \
    {                                                                                                                \
        return hg_##s##_to_json(hg_##s##_draft_rows(draft, NULL, NULL, NULL), out, err);                             \
    }                                                                                                                \
    static void s##_draft_rows(const hg_draft *draft, hgo_list *out, uint64_t *set)                                  \
    {                                                                                                                \
        out->rows = hg_##s##_draft_rows(draft, &out->count, &out->stride, set);                                      \
        if (out->rows == NULL)                                                                                       \
            out->count = 0;                                                                                          \
    }
#define HGO_WRITES(s)                                                                                                \
    .draft_new = hg_##s##_draft_new, .insert = s##_insert, .insert_many = s##_insert_many, .update = s##_update,     \
    .update_where = s##_update_where, .remove = hg_##s##_delete, .remove_where = hg_##s##_delete_where,              \
    .to_json = s##_to_json, .from_json = hg_##s##_from_json, .draft_rows = s##_draft_rows

#define HGO_UPSERT(s)                                                                                                \
    static hg_status s##_upsert(hg_conn *conn, const hg_draft *draft, int32_t key, const void **out, hg_error *err)  \
    {                                                                                                                \
        const hg_##s *row = NULL;                                                                                    \
        uint64_t set = 0;                                                                                            \
        const hg_##s *from = hg_##s##_draft_rows(draft, NULL, NULL, &set);                                           \
        hg_status st = hg_##s##_upsert(conn, from, set, key, out != NULL ? &row : NULL, err);                        \
        if (out != NULL)                                                                                             \
            *out = row;                                                                                              \
        return st;                                                                                                   \
    }                                                                                                                \
    static hg_status s##_upsert_many(hg_conn *conn, const hg_draft *draft, int32_t key, hgo_list *out, hg_error *err) \
    {                                                                                                                \
        hg_##s##_list *list = NULL;                                                                                  \
        size_t count = 0, stride = 0;                                                                                \
        uint64_t set = 0;                                                                                            \
        const hg_##s *from = hg_##s##_draft_rows(draft, &count, &stride, &set);                                      \
        hg_status st = hg_##s##_upsert_many(conn, from, count, stride, set, key, &list, err);                        \
        return s##_list(st, list, out);                                                                              \
    }
#define HGO_UPSERTS(s) .upsert = s##_upsert, .upsert_many = s##_upsert_many

#define HGO_RELATE(s)                                                                                                \
    static hg_status s##_list_related(hg_conn *conn, const void *list, int32_t relation, const hg_query *query,      \
                                      hg_related **out, hg_error *err)                                               \
    {                                                                                                                \
        return hg_##s##_list_related(conn, list, relation, query, out, err);                                         \
    }
#define HGO_RELATES(s) .list_related = s##_list_related

#define HGO_BELONG(s)                                                                                                \
    static const void *s##_related_list(const hg_related *related, size_t *count, size_t *stride)                    \
    {                                                                                                                \
        return hg_##s##_list_rows(hg_##s##_related_list(related), count, stride);                                    \
    }
#define HGO_BELONGS(s) .related_list = s##_related_list

HGO_DOORS

static const doors all_doors[] = { HGO_ENTRIES };

/* A table without such a call: a view, or one without a unique key. */
static hg_status
no_call(hg_error *err)
{
    memset(err, 0, sizeof *err);
    err->status = HG_E_INVALID;
    err->column = -1;
    memcpy(err->message, "this table has no such call", sizeof "this table has no such call");
    return HG_E_INVALID;
}

#define THROUGH(call, ...) all_doors[table].call != NULL ? all_doors[table].call(__VA_ARGS__) : no_call(err)

hg_status
hgo_get(int table, hg_conn *conn, const hg_uuid *id, const void **out, hg_error *err)
{
    return THROUGH(get, conn, id, out, err);
}

hg_status
hgo_get_many(int table, hg_conn *conn, const hg_uuid *ids, size_t count, hgo_list *out, hg_error *err)
{
    return THROUGH(get_many, conn, ids, count, out, err);
}

hg_status
hgo_find(int table, hg_conn *conn, const hg_query *query, hgo_list *out, hg_error *err)
{
    return all_doors[table].find(conn, query, out, err);
}

hg_status
hgo_count(int table, hg_conn *conn, const hg_query *query, int64_t *out, hg_error *err)
{
    return all_doors[table].count(conn, query, out, err);
}

hg_status
hgo_exists(int table, hg_conn *conn, const hg_query *query, int32_t *out, hg_error *err)
{
    return all_doors[table].exists(conn, query, out, err);
}

hg_status
hgo_stream(int table, hg_conn *conn, const hg_query *query, hg_cursor **out, hg_error *err)
{
    return all_doors[table].stream(conn, query, out, err);
}

hg_status
hgo_next(int table, hg_cursor *cursor, const void **row, hg_error *err)
{
    return all_doors[table].next(cursor, row, err);
}

hg_status
hgo_cursor_of(int table, const hgo_list *list, size_t i, hg_text **out, hg_error *err)
{
    return all_doors[table].cursor_of(list->list, i, out, err);
}

void
hgo_free_row(int table, const void *row)
{
    all_doors[table].free_row(row);
}

void
hgo_free_list(int table, const hgo_list *list)
{
    all_doors[table].free_list(list->list);
}

hg_draft *
hgo_draft_new(int table)
{
    return all_doors[table].draft_new != NULL ? all_doors[table].draft_new() : NULL;
}

hg_status
hgo_insert(int table, hg_conn *conn, const hg_draft *draft, const void **out, hg_error *err)
{
    return THROUGH(insert, conn, draft, out, err);
}

hg_status
hgo_insert_many(int table, hg_conn *conn, const hg_draft *draft, hgo_list *out, hg_error *err)
{
    return THROUGH(insert_many, conn, draft, out, err);
}

hg_status
hgo_upsert(int table, hg_conn *conn, const hg_draft *draft, int32_t key, const void **out, hg_error *err)
{
    return THROUGH(upsert, conn, draft, key, out, err);
}

hg_status
hgo_upsert_many(int table, hg_conn *conn, const hg_draft *draft, int32_t key, hgo_list *out, hg_error *err)
{
    return THROUGH(upsert_many, conn, draft, key, out, err);
}

hg_status
hgo_list_related(int table, hg_conn *conn, const hgo_list *list, int32_t relation, const hg_query *query,
                 hg_related **out, hg_error *err)
{
    return THROUGH(list_related, conn, list->list, relation, query, out, err);
}

void
hgo_related_list(int table, const hg_related *related, hgo_list *out)
{
    out->rows = all_doors[table].related_list(related, &out->count, &out->stride);
}

hg_status
hgo_update(int table, hg_conn *conn, const hg_uuid *id, const hg_draft *draft, uint64_t version, const void **out,
           hg_error *err)
{
    return THROUGH(update, conn, id, draft, version, out, err);
}

hg_status
hgo_update_where(int table, hg_conn *conn, const hg_query *query, const hg_draft *draft, int64_t at_most,
                 int64_t *changed, hg_error *err)
{
    return THROUGH(update_where, conn, query, draft, at_most, changed, err);
}

hg_status
hgo_delete(int table, hg_conn *conn, const hg_uuid *id, hg_error *err)
{
    return THROUGH(remove, conn, id, err);
}

hg_status
hgo_delete_where(int table, hg_conn *conn, const hg_query *query, int64_t at_most, int64_t *deleted, hg_error *err)
{
    return THROUGH(remove_where, conn, query, at_most, deleted, err);
}

hg_status
hgo_to_json(int table, const hg_draft *draft, hg_text **out, hg_error *err)
{
    return THROUGH(to_json, draft, out, err);
}

hg_status
hgo_from_json(int table, const char *ptr, size_t len, hg_draft **out, hg_error *err)
{
    return THROUGH(from_json, ptr, len, out, err);
}

void
hgo_draft_rows(int table, const hg_draft *draft, hgo_list *out, uint64_t *set)
{
    all_doors[table].draft_rows(draft, out, set);
}
