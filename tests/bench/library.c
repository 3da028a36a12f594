/* library.c - the same workloads through the library. */
#include "bench.h"

void
library_get(bench *b)
{
    const hg_job *job;
    hg_error err;

    if (hg_job_get(b->conn, &b->job_ids[b->next++ % b->job_count], &job, &err) != HG_OK)
        bench_die("hg_job_get", err.message);
    b->checksum += bench_sum_job(job);
    hg_job_free(job);
}

void
library_list(bench *b)
{
    hg_job_list *list;
    const hg_job *row;
    size_t count, stride;
    hg_error err;

    if (hg_job_get_many(b->conn, b->job_ids, b->job_count, &list, &err) != HG_OK)
        bench_die("hg_job_get_many", err.message);
    row = hg_job_list_rows(list, &count, &stride);
    for (size_t i = 0; i < count; i++, row = (const hg_job *)((const char *)row + stride))
        b->checksum += bench_sum_job(row);
    hg_job_list_free(list);
}
