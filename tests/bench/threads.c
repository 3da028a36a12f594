/* threads.c - threads that share a pool beside as many that own a libpq connection each: eight of them, and from 1 to 64. */
#include <pthread.h>
#include <stdio.h>

#include "bench.h"

enum { THREADS = 8, MOST = 64, GETS = 200 };

static hg_pool *pool;
static PGconn *owned[MOST];

typedef struct worker {
    pthread_t  thread;
    bench     *b;
    size_t     number;
    size_t     gets;
    uint64_t   sum;
} worker;

static const hg_uuid *
job_of(const worker *me, size_t i)
{
    return &me->b->job_ids[(me->b->next + me->number * GETS + i) % me->b->job_count];
}

static void *
work_pooled(void *context)
{
    worker *me = context;
    const hg_job *job;
    hg_conn *conn;
    hg_error err;

    for (size_t i = 0; i < me->gets; i++) {
        if (hg_pool_acquire(pool, -1, &conn, &err) != HG_OK || hg_job_get(conn, job_of(me, i), &job, &err) != HG_OK)
            bench_die("a get through the pool", err.message);
        me->sum += bench_sum_job(job);
        hg_job_free(job);
        hg_conn_close(conn);
    }
    return NULL;
}

static void *
work_owned(void *context)
{
    worker *me = context;

    for (size_t i = 0; i < me->gets; i++)
        me->sum += libpq_get_one(owned[me->number], job_of(me, i));
    return NULL;
}

static void
run(bench *b, void *(*work)(void *), size_t threads, size_t gets)
{
    worker workers[MOST];

    for (size_t i = 0; i < threads; i++) {
        workers[i] = (worker){ .b = b, .number = i, .gets = gets };
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0)
            bench_die("pthread_create", "no thread");
    }
    for (size_t i = 0; i < threads; i++) {
        pthread_join(workers[i].thread, NULL);
        b->checksum += workers[i].sum;
    }
    b->next += threads * gets;
}

static void run_pooled(bench *b) { run(b, work_pooled, THREADS, GETS); }
static void run_owned(bench *b) { run(b, work_owned, THREADS, GETS); }

static void
open_pool(bench *b, int32_t size)
{
    hg_pool_options options = { .struct_size = sizeof options, .max_size = size, .min_idle = size };
    hg_error err;

    if (hg_pool_open(b->service_dsn, &options, &pool, &err) != HG_OK)
        bench_die("hg_pool_open", err.message);
}

static void
open_owned(bench *b, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        owned[i] = PQconnectdb(b->service_dsn);
        libpq_prepare(owned[i]);
    }
}

static void
close_owned(size_t count)
{
    for (size_t i = 0; i < count; i++)
        PQfinish(owned[i]);
}

static double
gets_a_second(bench *b, void *(*work)(void *), size_t threads)
{
    size_t gets = (b->is_quick ? 640 : 20000) / threads;
    double begun = bench_seconds(BENCH_WALL);

    run(b, work, threads, gets);
    return (double)(threads * gets) / (bench_seconds(BENCH_WALL) - begun);
}

/* What the library's locks cost these threads, of all their time. */
static void
tell_locks(size_t threads, const bench_counts *before, const bench_counts *after, double took)
{
    double taken = (double)(after->locks - before->locks), waited = (double)(after->waits - before->waits);
    double share = (double)(after->waited_ns - before->waited_ns) / 1e9 / (took * (double)threads);

    printf("   the library's locks: %.3f %% found held, %.3f %% of the time waited for\n", 100 * waited / taken, 100 * share);
    bench_number("locks of the pool's threads", (double)threads, "% found held", 100 * waited / taken);
    bench_number("locks of the pool's threads", (double)threads, "% of the time", 100 * share);
}

/* As many connections as threads. The cores are the limit; a lock in the pool would make its share of the other side fall as
 * threads are added, and is looked at besides. Twice each, in turns. */
static void
measure_sizes(bench *b)
{
    printf("gets a second by threads: through a pool of as many connections, with connections of their own\n");
    for (size_t threads = 1; threads <= MOST; threads *= 2) {
        bench_counts before, after;
        double pooled, own, took;

        open_pool(b, (int32_t)threads);
        open_owned(b, threads);
        run(b, work_pooled, threads, 20);
        run(b, work_owned, threads, 20);
        before = bench_counted(), took = bench_seconds(BENCH_WALL);
        pooled = gets_a_second(b, work_pooled, threads);
        after = bench_counted(), took = bench_seconds(BENCH_WALL) - took;
        own = (gets_a_second(b, work_owned, threads) + gets_a_second(b, work_owned, threads)) / 2;
        pooled = (pooled + gets_a_second(b, work_pooled, threads)) / 2;
        close_owned(threads);
        hg_pool_close(pool);
        printf("  %2zu: %6.0f, %6.0f (%.2f)", threads, pooled, own, pooled / own);
        tell_locks(threads, &before, &after, took);
        bench_number("pool", (double)threads, "gets a second", pooled);
        bench_number("connections of their own", (double)threads, "gets a second", own);
    }
}

void
bench_threads(bench *b)
{
    static const bench_workload w = { "8 threads through the pool", "call", THREADS * GETS, 1, 20, "pool of 8", run_pooled,
                                      "8 connections", run_owned, 0 };

    open_pool(b, THREADS);
    open_owned(b, THREADS);
    bench_measure(b, &w);
    close_owned(THREADS);
    hg_pool_close(pool);
    measure_sizes(b);
}
