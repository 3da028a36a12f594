/* hotgigs.c - the library itself, measured as its peers are. */
#include "peer.h"

static hg_conn *conn;
static hg_query *query;

void
peer_open(const char *dsn)
{
    hg_error err;

    if (hg_conn_open(dsn, NULL, &conn, &err) != HG_OK)
        peer_die(err.message);
    query = hg_query_new(HG_TABLE_JOBS);
}

void
peer_close(void)
{
    hg_query_free(query);
    hg_conn_close(conn);
}

uint64_t
peer_get(const char *id)
{
    const hg_job *job;
    hg_uuid key;
    uint64_t sum;
    hg_error err;

    if (hg_uuid_parse(id, 36, &key, &err) != HG_OK || hg_job_get(conn, &key, &job, &err) != HG_OK)
        peer_die(err.message);
    sum = bench_sum_job(job);
    hg_job_free(job);
    return sum;
}

uint64_t
peer_list(void)
{
    hg_job_list *list;
    const hg_job *row;
    size_t count, stride;
    uint64_t sum = 0;
    hg_error err;

    if (hg_job_find(conn, query, &list, &err) != HG_OK)
        peer_die(err.message);
    row = hg_job_list_rows(list, &count, &stride);
    for (size_t i = 0; i < count; i++, row = (const hg_job *)((const char *)row + stride))
        sum += bench_sum_job(row);
    hg_job_list_free(list);
    return sum;
}
