/* evening.c - how many rows the day has added to each table: one aggregate call a table, by its number. */
#include <stdio.h>

#include "day.h"

static int64_t
count_table(day *d, int32_t table)
{
    hg_query *query = hg_query_new(table);
    hg_table *counted = NULL;
    int64_t rows = 0;

    d->st = hg_query_measure(query, HG_MEASURE_COUNT, -1, &d->err);
    if (d->st == HG_OK)
        d->st = hg_aggregate_run(d->service, query, &counted, &d->err);
    if (d->st == HG_OK)
        d->st = hg_table_int(counted, 0, 0, &rows, &d->err);
    hg_table_free(counted);
    hg_query_free(query);
    return rows;
}

void
count_rows(day *d, int64_t rows[TABLES], double took_ms[TABLES])
{
    for (int32_t i = 0; i < TABLES && d->st == HG_OK; i++) {
        double start = milliseconds();

        rows[i] = count_table(d, i);
        took_ms[i] = milliseconds() - start;
    }
}

void
tell_the_rows(day *d)
{
    int64_t rows[TABLES] = { 0 }, all = 0;
    double took_ms[TABLES], all_ms = 0;

    count_rows(d, rows, took_ms);
    if (d->st != HG_OK)
        return;
    printf("\n%-24s %6s %12s\n", "table", "rows", "counted in");
    for (int32_t i = 0; i < TABLES; i++) {
        int64_t added = rows[i] - d->rows_before[i];

        printf("%-24s %6lld %9.1f ms\n", hg_table_describe(i)->name, (long long)added, took_ms[i]);
        all += added;
        all_ms += took_ms[i];
        if (added == 0)
            fail(d, "a table has been left out");
    }
    printf("%-24s %6lld %9.1f ms\n", "all", (long long)all, all_ms);
}
