/* find.c - find, count and exists. */
#include "query/query_int.h"

#include <string.h>

/* A page backwards was read from its end. */
static void
reverse(hgi_list *list)
{
    char kept[256];

    for (size_t i = 0, j = list->count; i + 1 < j; i++) {
        char *a = list->rows + i * list->stride, *b = list->rows + --j * list->stride;

        for (size_t done = 0; done < list->stride; done += sizeof kept) {
            size_t n = list->stride - done < sizeof kept ? list->stride - done : sizeof kept;

            memcpy(kept, a + done, n);
            memcpy(a + done, b + done, n);
            memcpy(b + done, kept, n);
        }
    }
}

hg_status
hgi_find(hg_conn *conn, const hgi_table *table, const hg_query *query, hgi_list **out, hg_error *err)
{
    uint32_t types[HGI_RESULT_MAX];
    hgi_call call = { 0 };
    hgi_run run;
    hg_status st;

    if (out == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "out is NULL");
    *out = NULL;
    st = hgi_run_begin(&run, conn, table, query, HGI_QUERY_FIND, err);
    if (st == HG_OK)
        st = hgi_run_statement(&run, err);
    if (st != HG_OK)
        return st;
    call.statement = run.statement;
    call.args = hgi_run_args(&run);
    hgi_call_expect(&call, table, &run.shape, types);
    st = hgi_list_read(conn, table, &run.shape, &call, hgi_list_expected(run.statement, hgi_most_rows(query, 1)), out,
                       err);
    if (st != HG_OK)
        return hgi_fail_call(err, table, &run.shape, st);
    hgi_keyset_keep(query, &(*out)->order);
    if (query->backwards)
        reverse(*out);
    return hgi_ok(err);
}

/* The one cell that the statement gives. */
static hg_status
run_scalar(hg_conn *conn, const hgi_table *table, const hg_query *query, int verb, hgi_result **out, hg_error *err)
{
    hgi_call call = { 0 };
    hgi_run run;
    hg_status st = hgi_run_begin(&run, conn, table, query, verb, err);

    if (st == HG_OK)
        st = hgi_run_statement(&run, err);
    if (st != HG_OK)
        return st;
    call.statement = run.statement;
    call.args = hgi_run_args(&run);
    st = hgi_call_run(conn, &call, out, NULL, err);
    return st == HG_OK ? hgi_ok(err) : hgi_fail_call(err, table, &run.shape, st);
}

hg_status
hgi_count(hg_conn *conn, const hgi_table *table, const hg_query *query, int64_t *out, hg_error *err)
{
    hgi_result *result = NULL;
    size_t len;
    hg_status st;

    if (out == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "out is NULL");
    *out = 0;
    st = run_scalar(conn, table, query, HGI_QUERY_COUNT, &result, err);
    if (st == HG_OK)
        *out = (int64_t)hgi_get64(hgi_result_cell(result, 0, 0, &len));
    hgi_result_free(result);
    return st;
}

hg_status
hgi_exists(hg_conn *conn, const hgi_table *table, const hg_query *query, int32_t *out, hg_error *err)
{
    hgi_result *result = NULL;
    size_t len;
    hg_status st;

    if (out == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "out is NULL");
    *out = 0;
    st = run_scalar(conn, table, query, HGI_QUERY_EXISTS, &result, err);
    if (st == HG_OK)
        *out = hgi_result_cell(result, 0, 0, &len)[0] != 0;
    hgi_result_free(result);
    return st;
}
