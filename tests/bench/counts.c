/* counts.c - what single calls cost the client, counted and not timed: the same numbers on every run.
 *
 * A line for each: name, calls or rows, allocations that the library makes itself, the small ones of them, round trips, bytes out
 * and in. Under callgrind counted_calls() is what is collected and dumped (tests/bench/counts/run), in the order of the lines. */
#include <stdio.h>

#include "bench.h"

typedef struct counted {
    const char *name;
    void      (*run)(bench *b);
    int         times;
    size_t      units;          /* rows or calls of one run; 0: a row a job */
} counted;

static const counted reads[] = {
    { "get", library_get, 200, 1 },
    { "get, libpq", libpq_get, 200, 1 },
    { "get_many of 50, a row", library_get_50, 10, 50 },
    { "page of 50", library_page, 4, 1 },
    { "page of 50, libpq", libpq_page, 4, 1 },
    { "list, a row", library_list, 1, 0 },
    { "list, libpq, a row", libpq_list, 1, 0 },
    { "stream, a row", library_stream, 1, 0 },
    { "stream, libpq, a row", libpq_stream, 1, 0 },
};

static const counted writes[] = {
    { "insert", library_insert, 200, 1 },
    { "insert, libpq", libpq_insert, 200, 1 },
    { "insert and back", library_insert_back, 200, 1 },
    { "insert and back, libpq", libpq_insert_back, 200, 1 },
    { "batch of 1000 inserts, a row", library_batch, 1, 1000 },
    { "insert_many of 1000, a row", library_insert_many, 1, 1000 },
    { "COPY, libpq, a row", libpq_copy, 1, 1000 },
    { "transaction of 5", library_transaction, 50, 1 },
    { "transaction of 5, libpq", libpq_transaction, 50, 1 },
    { "transaction of 5 in a batch", library_transaction_batch, 50, 1 },
};

/* Not static and not inline: callgrind goes by its name. */
__attribute__((noinline)) void counted_calls(bench *b, const counted *one);

void
counted_calls(bench *b, const counted *one)
{
    for (int i = 0; i < one->times; i++)
        one->run(b);
}

static void
count_list(bench *b, const counted *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const counted *one = &list[i];
        double units = (double)(one->units != 0 ? one->units : b->job_count) * one->times;
        bench_counts before, after;

        for (int warm = 0; warm < 3; warm++)
            one->run(b);
        before = bench_counted();
        counted_calls(b, one);
        after = bench_counted();
        printf("%s|%.0f|%.4f|%.4f|%.5f|%.1f|%.1f\n", one->name, units,
               (double)(after.own_allocations - before.own_allocations) / units,
               (double)(after.own_small - before.own_small) / units,
               (double)(after.round_trips - before.round_trips) / units,
               (double)(after.bytes_sent - before.bytes_sent) / units,
               (double)(after.bytes_received - before.bytes_received) / units);
    }
}

/* The writes are made ready behind the reads, whose numbers do not go by what lies on the heap for them. */
void
bench_count_all(bench *b, const char *admin_dsn)
{
    count_list(b, reads, sizeof reads / sizeof reads[0]);
    writes_open(b, admin_dsn);
    transactions_open(b);
    count_list(b, writes, sizeof writes / sizeof writes[0]);
    transactions_close();
    writes_close();
}
