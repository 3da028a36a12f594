/* related.c - the rows of another table that belong to the rows of a list: one statement, however long the list is.
 *
 *     all of them          SELECT ... FROM job_skills WHERE job_id = ANY (keys) AND filters ORDER BY job_id, order, id
 *
 *     at most n a row      SELECT ... FROM unnest(keys) AS parent (hg_key)
 *                          CROSS JOIN LATERAL (SELECT ... WHERE job_id = hg_key AND filters ORDER BY ... LIMIT n) AS r
 *                          ORDER BY job_id, order, id
 *
 * The second is an index look-up a row that ends after n; row_number() over all of them would read each to its end.
 *
 * The keys are the first argument, each once. Rows come sorted by it, and uuids have one order here and on the server, that of
 * their bytes: so the rows' keys, sorted, and what came back are walked side by side, and each row of the list gets a range. */
#include "query/query_int.h"

#include "hotgigs/related.h"

#include <stdlib.h>
#include <string.h>

enum { KEYS_MAX = 40 * 1000 * 1000 };

typedef struct range {
    size_t first;
    size_t count;
} range;

struct hg_related {
    hgi_list *list;
    size_t    rows;                  /* of the list that was asked about */
    range     ranges[];
};

/* The key of one row of that list. */
typedef struct row_key {
    hg_uuid key;
    size_t  row;
} row_key;

/* ---- Keys ------------------------------------------------------------------------------------------------------------- */

static int
by_key(const void *a, const void *b)
{
    return memcmp(((const row_key *)a)->key.bytes, ((const row_key *)b)->key.bytes, sizeof(hg_uuid));
}

/* The rows that have a key, sorted by it. */
static hg_status
collect_keys(const hgi_list *list, int32_t column, row_key *keys, size_t *count, hg_error *err)
{
    *count = 0;
    for (size_t i = 0; i < list->count; i++) {
        const hgi_row *row = hgi_list_at(list, i);

        if (!(row->loaded_mask >> column & 1))
            return hgi_fail_column(err, HG_E_INVALID, list->table, column,
                                   "was not read, and says what belongs to a row; add it to hg_query_columns()");
        if (row->null_mask >> column & 1)
            continue;
        memcpy(&keys[*count].key, hgi_field(list->table, column, row), sizeof(hg_uuid));
        keys[(*count)++].row = i;
    }
    if (*count > 0)
        qsort(keys, *count, sizeof *keys, by_key);
    return HG_OK;
}

/* Each key once, as a binary array; gives back how many. */
static size_t
encode_keys(const row_key *keys, size_t count, hgi_buffer *array)
{
    size_t distinct = 0;
    char *p = hgi_buffer_room(array, 20);

    if (p == NULL)
        return 0;
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && by_key(&keys[i], &keys[i - 1]) == 0)
            continue;
        p = hgi_buffer_room(array, 20);
        if (p == NULL)
            return 0;
        hgi_put32(p, sizeof(hg_uuid));
        memcpy(p + 4, keys[i].key.bytes, sizeof(hg_uuid));
        distinct++;
    }
    hgi_put32(array->ptr, 1);
    hgi_put32(array->ptr + 4, 0);
    hgi_put32(array->ptr + 8, HGI_OID_UUID);
    hgi_put32(array->ptr + 12, (uint32_t)distinct);
    hgi_put32(array->ptr + 16, 1);
    return distinct;
}

/* ---- The statement ------------------------------------------------------------------------------------------------------ */

static void
add_name(hgi_buffer *sql, const hgi_run *run, int32_t column)
{
    hgi_buffer_add_text(sql, run->query->table->info.columns[column].name);
}

/* ORDER BY what was asked for and the id; behind the key where that is not one and the same. */
static void
write_order(const hgi_run *run, int32_t key, hgi_buffer *sql)
{
    const hgi_order *order = &run->query->order;

    hgi_buffer_add_text(sql, "\nORDER BY ");
    if (key >= 0) {
        add_name(sql, run, key);
        hgi_buffer_add_text(sql, ", ");
    }
    for (int32_t i = 0; i < order->count; i++) {
        add_name(sql, run, order->keys[i].column);
        hgi_buffer_add_text(sql, order->keys[i].descending ? " DESC" : "");
        hgi_buffer_add_text(sql, order->keys[i].nulls_first ? " NULLS FIRST, " : " NULLS LAST, ");
    }
    add_name(sql, run, 0);
}

static void
write_filters(const hgi_run *run, hgi_buffer *sql)
{
    if (run->query->nodes.len == 0)
        return;
    hgi_buffer_add_text(sql, "\n  AND ");
    hgi_query_write_filters(run, sql);
}

/* The first few of each row. */
static void
write_first_few(const hgi_run *run, hgi_buffer *sql)
{
    hgi_buffer_add_text(sql, "\nFROM unnest(" HGI_KEYS ") AS parent (hg_key)\nCROSS JOIN LATERAL (SELECT ");
    for (uint64_t left = run->shape.columns; left != 0; left &= left - 1) {
        add_name(sql, run, hgi_first_bit(left));
        hgi_buffer_add_text(sql, (left & (left - 1)) != 0 || run->shape.with_version ? ", " : "");
    }
    hgi_buffer_add_text(sql, run->shape.with_version ? "xmin\nFROM " : "\nFROM ");
    hgi_buffer_add_text(sql, run->query->table->relation);
    hgi_buffer_add_text(sql, "\nWHERE ");
    add_name(sql, run, run->shape.key);
    hgi_buffer_add_text(sql, " = parent.hg_key");
    write_filters(run, sql);
    write_order(run, -1, sql);
    hgi_query_write_limit(run, sql);
    hgi_buffer_add_text(sql, ") AS r");
}

static void
write_related(const hgi_run *run, hgi_buffer *sql)
{
    hgi_buffer_add_text(sql, "SELECT ");
    hgi_write_result(sql, run->query->table, &run->shape);
    if (run->query->limit >= 0) {
        write_first_few(run, sql);
    } else {
        hgi_buffer_add_text(sql, "\nFROM ");
        hgi_buffer_add_text(sql, run->query->table->relation);
        hgi_buffer_add_text(sql, "\nWHERE ");
        add_name(sql, run, run->shape.key);
        hgi_buffer_add_text(sql, " = ANY (" HGI_KEYS ")");
        write_filters(run, sql);
    }
    write_order(run, run->shape.key, sql);
}

static void
write_key(const hgi_run *run, hgi_buffer *key)
{
    const hg_query *query = run->query;
    int32_t facts[3] = { query->order.count, run->limit != 0, run->page };

    hgi_buffer_add(key, (const char *)&run->shape, sizeof run->shape);
    hgi_buffer_add(key, (const char *)facts, sizeof facts);
    hgi_buffer_add(key, (const char *)query->order.keys, (size_t)query->order.count * sizeof(hgi_order_key));
    hgi_buffer_add(key, query->nodes.ptr, query->nodes.len);
}

static hg_status
prepare(hgi_run *run, const hgi_buffer *array, hg_error *err)
{
    char memory[1024];
    hgi_buffer key;
    hg_status st;

    hgi_run_add(run, array->ptr, array->len, HGI_OID_UUID_ARRAY);
    hgi_run_add_filters(run);
    hgi_run_add_limit(run);
    hgi_buffer_on(&key, memory, sizeof memory);
    write_key(run, &key);
    st = hgi_run_prepare(run, &key, write_related, err);
    hgi_buffer_free(&key);
    return st;
}

/* ---- Running -------------------------------------------------------------------------------------------------------------- */

static hg_status
check_query(const hg_query *query, hg_error *err)
{
    if (query->cursor.len > 0)
        return hgi_fail(err, HG_E_INVALID, -1, "related rows have no pages; limit how many belong to a row");
    if (query->lock != HG_LOCK_NONE)
        return hgi_fail(err, HG_E_INVALID, -1, "related rows are not locked");
    return HG_OK;
}

/* What the query asks and the role may, with the column that tells whose a row is. */
static hg_status
begin(hgi_run *run, hg_conn *conn, const hg_relation_info *relation, const hg_query *query, hg_error *err)
{
    const hgi_table *table = hgi_table_of(relation->table);
    hg_status st = check_query(query, err);

    if (st == HG_OK)
        st = hgi_run_begin(run, conn, table, query, HGI_QUERY_RELATED, err);
    if (st != HG_OK)
        return st;
    if (!(table->readable[conn->role] >> relation->other_column & 1))
        return hgi_fail_role(err, table, relation->other_column, "read", conn);
    run->shape.columns |= HG_BIT(relation->other_column);
    run->shape.key = (int8_t)relation->other_column;
    return HG_OK;
}

static hg_status
read_rows(hgi_run *run, const hgi_buffer *array, int is_many, size_t keys, hgi_list **out, hg_error *err)
{
    const hgi_table *table = run->query->table;
    uint32_t types[HGI_RESULT_MAX];
    hgi_call call = { 0 };
    hg_status st = prepare(run, array, err);

    if (st != HG_OK)
        return st;
    call.statement = run->statement;
    call.args = hgi_run_args(run);
    hgi_call_expect(&call, table, &run->shape, types);
    st = hgi_list_read(run->conn, table, &run->shape, &call,
                       is_many ? hgi_list_expected(run->statement, hgi_most_rows(run->query, keys)) : (int64_t)keys, out, err);
    return st == HG_OK ? HG_OK : hgi_fail_call(err, table, &run->shape, st);
}

/* Both sides are sorted by the key. */
static void
find_ranges(hg_related *related, const row_key *keys, size_t count, int32_t column)
{
    const hgi_list *list = related->list;
    size_t at = 0;

    for (size_t i = 0; i < count; i++) {
        if (i > 0 && by_key(&keys[i], &keys[i - 1]) == 0) {
            related->ranges[keys[i].row] = related->ranges[keys[i - 1].row];
            continue;
        }
        related->ranges[keys[i].row].first = at;
        while (at < list->count
               && memcmp(hgi_field(list->table, column, hgi_list_at(list, at)), keys[i].key.bytes, sizeof(hg_uuid)) == 0)
            at++;
        related->ranges[keys[i].row].count = at - related->ranges[keys[i].row].first;
        if (related->ranges[keys[i].row].count == 0)
            related->ranges[keys[i].row].first = 0;
    }
}

static hg_status
load(hgi_run *run, const hgi_list *list, const hg_relation_info *relation, hg_related *related, hg_error *err)
{
    row_key *keys = hgi_alloc(list->count * sizeof *keys + 1);
    hgi_buffer array = { 0 };
    size_t count = 0, distinct = 0;
    hg_status st = keys != NULL ? collect_keys(list, relation->column, keys, &count, err) : hgi_nomem(err);

    if (st == HG_OK && count > 0)
        distinct = encode_keys(keys, count, &array);
    if (st == HG_OK && array.failed)
        st = hgi_nomem(err);
    if (st == HG_OK && distinct > KEYS_MAX)
        st = hgi_fail(err, HG_E_INVALID, relation->column, "the list is too long");
    if (st == HG_OK && distinct > 0)
        st = read_rows(run, &array, relation->is_many, distinct, &related->list, err);
    else if (st == HG_OK && (related->list = hgi_list_long(run->query->table)) == NULL)
        st = hgi_nomem(err);
    if (st == HG_OK)
        find_ranges(related, keys, count, relation->other_column);
    hgi_buffer_free(&array);
    hgi_free(keys);
    return st;
}

static hg_status
check_relation(const hgi_table *table, const hgi_list *list, int32_t relation, hg_error *err)
{
    if (list == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "list is NULL");
    if (relation < 0 || relation >= table->info.relation_count)
        return hgi_fail(err, HG_E_INVALID, -1, "%s has no relation %d", table->info.name, (int)relation);
    return HG_OK;
}

hg_status
hgi_list_related(hg_conn *conn, const hgi_table *table, const hgi_list *list, int32_t relation, const hg_query *query,
                 hg_related **out, hg_error *err)
{
    const hg_relation_info *info;
    hg_related *related = NULL;
    hg_query *all = NULL;
    hgi_run run;
    hg_status st;

    if (out == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "out is NULL");
    *out = NULL;
    st = check_relation(table, list, relation, err);
    if (st != HG_OK)
        return st;
    info = &table->info.relations[relation];
    if (query == NULL) {
        query = all = hg_query_new(info->table);
        if (all == NULL)
            return hgi_nomem(err);
    }
    st = begin(&run, conn, info, query, err);
    if (st != HG_OK)
        goto out;

    related = hgi_alloc_zero(sizeof *related + list->count * sizeof *related->ranges);
    if (related == NULL) {
        st = hgi_nomem(err);
        goto out;
    }
    related->rows = list->count;
    st = load(&run, list, info, related, err);
    if (st != HG_OK)
        goto out;
    *out = related;
    related = NULL;                  /* the caller's now */
    st = hgi_ok(err);
out:
    hg_related_free(related);
    hg_query_free(all);
    return st;
}

/* ---- What callers do with it --------------------------------------------------------------------------------------------- */

const hgi_list *
hgi_related_list(const hg_related *related, const hgi_table *table)
{
    return related != NULL && related->list->table == table ? related->list : NULL;
}

int32_t
hg_related_table(const hg_related *related)
{
    return related != NULL ? related->list->table->info.table : -1;
}

void
hg_related_of(const hg_related *related, size_t i, size_t *first, size_t *count)
{
    range of = { 0, 0 };

    if (related != NULL && i < related->rows)
        of = related->ranges[i];
    if (first != NULL)
        *first = of.first;
    if (count != NULL)
        *count = of.count;
}

void
hg_related_free(hg_related *related)
{
    if (related == NULL)
        return;
    hgi_list_free(related->list);
    hgi_free(related);
}
