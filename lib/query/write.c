/* write.c - update and delete of all rows that a query finds, guarded by a number that is not to be passed. */
#include "query/query_int.h"

static hg_status
run_guarded(hgi_run *run, hgi_params *params, int64_t at_most, int64_t *changed, hg_error *err)
{
    const hgi_table *table = run->query->table;
    hgi_call call = { .flags = HGI_CALL_WRITE };
    hgi_result *result = NULL;
    size_t len;
    hg_status st;

    for (int32_t i = 0; i < params->count; i++)
        run->values[i] = params->values[i], run->lengths[i] = params->lengths[i];
    run->at_most = at_most < INT64_MAX ? at_most : INT64_MAX - 1;        /* the statement adds 1 */
    st = params->failed ? hgi_nomem(err) : hgi_run_statement(run, err);
    if (st != HG_OK)
        return st;
    call.statement = run->statement;
    call.args = hgi_run_args(run);
    st = hgi_call_run(run->conn, &call, &result, NULL, err);
    if (st != HG_OK)
        return hgi_fail_call(err, table, &run->shape, st);
    if ((int64_t)hgi_get64(hgi_result_cell(result, 0, 0, &len)) > at_most)
        st = hgi_fail(err, HG_E_STATE, -1, "the query finds more than %lld rows of %s; nothing was changed",
                      (long long)at_most, table->info.name);
    else if (changed != NULL)
        *changed = (int64_t)hgi_get64(hgi_result_cell(result, 0, 1, &len));
    hgi_result_free(result);
    return st == HG_OK ? hgi_ok(err) : st;
}

/* What makes no sense in a write, said rather than passed over. */
static hg_status
check_plain(const hg_query *query, int64_t at_most, hg_error *err)
{
    if (at_most < 0)
        return hgi_fail(err, HG_E_INVALID, -1, "at_most is negative");
    if (query->limit >= 0 || query->order.count > 0 || query->cursor.len > 0 || query->lock != HG_LOCK_NONE ||
        query->columns != 0)
        return hgi_fail(err, HG_E_INVALID, -1, "a write goes by filters alone: no order, limit, page, columns or lock");
    return HG_OK;
}

hg_status
hgi_update_where(hg_conn *conn, const hgi_table *table, const hg_query *query, const void *row, uint64_t set,
                 int64_t at_most, int64_t *changed, hg_error *err)
{
    hgi_params params;
    hgi_run run;
    hg_status st;

    if (changed != NULL)
        *changed = 0;
    st = hgi_run_begin(&run, conn, table, query, HGI_QUERY_UPDATE, err);
    if (st == HG_OK)
        st = check_plain(query, at_most, err);
    if (st == HG_OK)
        st = hgi_check_update(conn, table, row, set, err);
    if (st == HG_OK && ((const hgi_row *)row)->row_version != 0)
        st = hgi_fail(err, HG_E_INVALID, -1, "row_version is of one row; make it zero for a write by query");
    if (st != HG_OK)
        return st;
    run.shape.set = set;
    for (uint64_t left = set; left != 0; left &= left - 1)
        hgi_run_add(&run, NULL, 0, table->types[hgi_first_bit(left)]);
    hgi_params_begin(&params);
    hgi_params_add_columns(&params, table, row, set);
    st = run_guarded(&run, &params, at_most, changed, err);
    hgi_params_end(&params);
    return st;
}

hg_status
hgi_delete_where(hg_conn *conn, const hgi_table *table, const hg_query *query, int64_t at_most, int64_t *deleted,
                 hg_error *err)
{
    hgi_params none;
    hgi_run run;
    hg_status st;

    if (deleted != NULL)
        *deleted = 0;
    st = hgi_run_begin(&run, conn, table, query, HGI_QUERY_DELETE, err);
    if (st == HG_OK)
        st = check_plain(query, at_most, err);
    if (st == HG_OK && !(table->deletable >> conn->role & 1))
        st = hgi_fail_role(err, table, -1, "deleted from", conn);
    if (st != HG_OK)
        return st;
    hgi_params_begin(&none);
    return run_guarded(&run, &none, at_most, deleted, err);
}
