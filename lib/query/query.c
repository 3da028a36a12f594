/* query.c - a query as it is made, ordered, limited and copied. */
#include "query/query_int.h"

#include <string.h>

hg_query *
hg_query_new(int32_t table)
{
    const hgi_table *found = hgi_table_of(table);
    hg_query *query;

    if (found == NULL)
        return NULL;
    query = hgi_alloc_zero(sizeof *query);
    if (query == NULL)
        return NULL;
    query->table = found;
    query->limit = -1;
    return query;
}

void
hg_query_free(hg_query *query)
{
    if (query == NULL)
        return;
    hgi_buffer_free(&query->nodes);
    hgi_buffer_free(&query->values);
    hgi_buffer_free(&query->data);
    hgi_buffer_free(&query->cursor);
    hgi_free(query);
}

static int
copy_buffer(hgi_buffer *to, const hgi_buffer *from)
{
    memset(to, 0, sizeof *to);
    if (from->len > 0)
        hgi_buffer_add(to, from->ptr, from->len);
    return !to->failed;
}

hg_query *
hg_query_copy(const hg_query *query)
{
    hg_query *copy;
    int copied;

    if (query == NULL || (copy = hgi_alloc(sizeof *copy)) == NULL)
        return NULL;
    *copy = *query;
    copied = copy_buffer(&copy->nodes, &query->nodes);
    copied &= copy_buffer(&copy->values, &query->values);
    copied &= copy_buffer(&copy->data, &query->data);
    copied &= copy_buffer(&copy->cursor, &query->cursor);
    if (!copied) {
        hg_query_free(copy);
        return NULL;
    }
    return copy;
}

hg_status
hgi_query_column(const hg_query *query, int32_t column, hg_error *err)
{
    if (query == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "query is NULL");
    if (column < 0 || column >= query->table->info.column_count)
        return hgi_fail(err, HG_E_INVALID, column, "%s has no column %d", query->table->info.name, (int)column);
    return HG_OK;
}

/* ---- Order, limit, columns, lock ------------------------------------------------------------------------------------ */

hg_status
hg_query_order(hg_query *query, int32_t column, int32_t direction, int32_t nulls, hg_error *err)
{
    hg_status st = hgi_query_column(query, column, err);
    hgi_order *order;
    int32_t kind;

    if (st != HG_OK)
        return st;
    order = &query->order;
    kind = query->table->info.columns[column].kind;
    if (kind == HG_KIND_JSON || kind == HG_KIND_TEXT_LIST)
        return hgi_fail_column(err, HG_E_INVALID, query->table, column, "is JSON or a list, which has no order");
    if (direction != HG_ASCENDING && direction != HG_DESCENDING)
        return hgi_fail(err, HG_E_INVALID, column, "direction is neither HG_ASCENDING nor HG_DESCENDING");
    if (nulls < HG_NULLS_DEFAULT || nulls > HG_NULLS_LAST)
        return hgi_fail(err, HG_E_INVALID, column, "nulls is none of HG_NULLS_*");
    if (order->count == HGI_ORDER_MAX)
        return hgi_fail(err, HG_E_INVALID, column, "more than %d sort keys", HGI_ORDER_MAX);
    if (nulls == HG_NULLS_DEFAULT)
        nulls = direction == HG_ASCENDING ? HG_NULLS_LAST : HG_NULLS_FIRST;
    order->keys[order->count++] = (hgi_order_key){ .column = (uint8_t)column, .descending = (uint8_t)direction,
                                                   .nulls_first = nulls == HG_NULLS_FIRST };
    query->used |= HG_BIT(column);
    return hgi_ok(err);
}

hg_status
hg_query_limit(hg_query *query, int64_t limit, hg_error *err)
{
    if (query == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "query is NULL");
    if (limit < 0)
        return hgi_fail(err, HG_E_INVALID, -1, "limit is negative");
    query->limit = limit;
    return hgi_ok(err);
}

hg_status
hg_query_columns(hg_query *query, uint64_t columns, hg_error *err)
{
    if (query == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "query is NULL");
    if (columns == 0)
        return hgi_fail(err, HG_E_INVALID, -1, "columns names none");
    if (columns & ~hgi_all_columns(query->table))
        return hgi_fail(err, HG_E_INVALID, hgi_first_bit(columns & ~hgi_all_columns(query->table)),
                        "columns names one that %s does not have", query->table->info.name);
    query->columns = columns;
    return hgi_ok(err);
}

hg_status
hg_query_lock(hg_query *query, int32_t lock, hg_error *err)
{
    if (query == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "query is NULL");
    if (lock < HG_LOCK_NONE || lock > HG_LOCK_SKIP_LOCKED)
        return hgi_fail(err, HG_E_INVALID, -1, "lock is none of HG_LOCK_*");
    query->lock = lock;
    return hgi_ok(err);
}
