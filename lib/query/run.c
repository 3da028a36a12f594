/* run.c - a query on its way to a connection: what the role may, the arguments, and the statement of its shape. */
#include "query/query_int.h"

/* The columns that a find reads: what was asked for or all that the role may, and what its cursors need. */
static uint64_t
columns_to_read(const hg_query *query, uint64_t readable)
{
    uint64_t columns = query->columns != 0 ? query->columns : readable;

    for (int32_t i = 0; i < query->order.count; i++)
        columns |= HG_BIT(query->order.keys[i].column);
    return columns | (HG_BIT(0) & readable);
}

static hg_status
check_role(hg_conn *conn, const hg_query *query, hg_error *err)
{
    uint64_t hidden = (query->used | query->columns) & ~query->table->readable[conn->role];

    if (hidden == 0)
        return HG_OK;
    return hgi_fail_role(err, query->table, hgi_first_bit(hidden), "read", conn);
}

hg_status
hgi_run_begin(hgi_run *run, hg_conn *conn, const hgi_table *table, const hg_query *query, int verb, hg_error *err)
{
    hg_status st = hgi_usable(conn, err);

    if (st != HG_OK)
        return st;
    if (query == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "query is NULL");
    if (query->table != table)
        return hgi_fail(err, HG_E_INVALID, -1, "the query is of %s, not of %s", query->table->info.name, table->info.name);
    if (verb != HGI_QUERY_AGGREGATE && query->aggregate.group_count + query->aggregate.measure_count > 0)
        return hgi_fail(err, HG_E_INVALID, -1, "the query groups or measures; hg_aggregate_run() runs it");
    if (query->depth != 0)
        return hgi_fail(err, HG_E_INVALID, -1, "a group of the query is still open; hg_query_end() closes it");
    st = hgi_check_read(conn, table, err);
    if (st == HG_OK)
        st = check_role(conn, query, err);
    if (st != HG_OK)
        return st;

    run->conn = conn;
    run->query = query;
    run->verb = verb;
    run->portal = 0;
    run->count = 0;
    run->limit = 0;
    run->page = -1;
    run->null_keys = 0;
    run->shape = hgi_shape_new(conn, table, verb,
                               verb == HGI_QUERY_FIND || verb == HGI_QUERY_DECLARE || verb == HGI_QUERY_RELATED);
    if (run->shape.columns != 0)
        run->shape.columns = columns_to_read(query, table->readable[conn->role]);
    return HG_OK;
}

void
hgi_run_add(hgi_run *run, const char *value, size_t len, uint32_t type)
{
    run->values[run->count] = value;
    run->lengths[run->count] = (int)len;
    run->types[run->count] = type;
    run->count++;
}

hgi_args
hgi_run_args(const hgi_run *run)
{
    return (hgi_args){ run->count, run->values, run->lengths };
}

static int
is_paged(const hgi_run *run)
{
    return run->verb == HGI_QUERY_FIND || run->verb == HGI_QUERY_DECLARE;
}

void
hgi_run_add_filters(hgi_run *run)
{
    const hg_query *query = run->query;
    const hgi_value *values = (const hgi_value *)(const void *)query->values.ptr;
    const char *data = query->data.ptr != NULL ? query->data.ptr : "";   /* a NULL argument would be SQL NULL */

    run->first_filter = run->count + 1;
    for (size_t i = 0; i < query->values.len / sizeof *values; i++)
        hgi_run_add(run, data + values[i].offset, (size_t)values[i].len, values[i].type);
}

/* The size of a page is a part of the statement. Were it an argument, the server would take a tenth of the rows for the page in
 * its general plan, find each special one cheaper, and plan every execution anew. */
enum { PAGE_ROWS = 256 };

void
hgi_run_add_limit(hgi_run *run)
{
    int64_t limit = run->query->limit;

    if (limit >= 0 && limit <= PAGE_ROWS) {
        run->page = (int32_t)limit;
    } else if (limit >= 0) {
        hgi_put64(run->number, (uint64_t)limit);
        hgi_run_add(run, run->number, 8, HGI_OID_INT8);
        run->limit = run->count;
    }
}

static hg_status
add_arguments(hgi_run *run, hg_error *err)
{
    const hg_query *query = run->query;
    hg_status st;

    hgi_run_add_filters(run);
    run->first_key = run->count + 1;
    if (is_paged(run) && query->cursor.len > 0) {
        st = hgi_keyset_args(run, err);
        if (st != HG_OK)
            return st;
    }
    if (is_paged(run)) {
        hgi_run_add_limit(run);
    } else if (run->verb == HGI_QUERY_UPDATE || run->verb == HGI_QUERY_DELETE) {
        hgi_put64(run->number, (uint64_t)run->at_most);
        hgi_run_add(run, run->number, 8, HGI_OID_INT8);
        run->limit = run->count;
    }
    return HG_OK;
}

/* Everything that the text depends on, as bytes. */
static void
write_key(const hgi_run *run, hgi_buffer *key)
{
    const hg_query *query = run->query;
    uint32_t facts[5] = { run->portal, (uint32_t)query->order.count, (uint32_t)(query->lock + 8 * query->backwards),
                          (uint32_t)(run->limit != 0) + 2 * (uint32_t)(query->cursor.len > 0 && is_paged(run)),
                          (uint32_t)run->page };

    hgi_buffer_add(key, (const char *)&run->shape, sizeof run->shape);
    hgi_buffer_add(key, (const char *)facts, sizeof facts);
    hgi_buffer_add(key, (const char *)&run->null_keys, sizeof run->null_keys);
    hgi_buffer_add(key, (const char *)query->order.keys, (size_t)query->order.count * sizeof(hgi_order_key));
    hgi_buffer_add(key, query->nodes.ptr, query->nodes.len);
}

static hgi_statement *
make_statement(hgi_run *run, const hgi_buffer *key, void (*write)(const hgi_run *run, hgi_buffer *sql), hg_error *err)
{
    hgi_statement *statement = NULL;
    char memory[4096];
    hgi_buffer sql;

    hgi_buffer_on(&sql, memory, sizeof memory);
    write(run, &sql);
    if (sql.failed)
        hgi_nomem(err);
    else
        statement = hgi_statement_add(run->conn, key->ptr, key->len, sql.ptr, run->count, run->types, err);
    hgi_buffer_free(&sql);
    return statement;
}

hg_status
hgi_run_prepare(hgi_run *run, const hgi_buffer *key, void (*write)(const hgi_run *run, hgi_buffer *sql), hg_error *err)
{
    if (key->failed)
        return hgi_nomem(err);
    run->statement = hgi_statement_find(run->conn, key->ptr, key->len);
    if (run->statement == NULL)
        run->statement = make_statement(run, key, write, err);
    return run->statement != NULL ? HG_OK : HG_E_NOMEM;
}

hg_status
hgi_run_statement(hgi_run *run, hg_error *err)
{
    char memory[1024];
    hgi_buffer key;
    hg_status st = add_arguments(run, err);

    if (st != HG_OK)
        return st;
    hgi_buffer_on(&key, memory, sizeof memory);
    write_key(run, &key);
    st = hgi_run_prepare(run, &key, hgi_query_write, err);
    hgi_buffer_free(&key);
    return st;
}
