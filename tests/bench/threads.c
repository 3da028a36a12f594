/* threads.c - eight threads that share a pool beside eight that own a libpq connection each, and the pool from 1 to 64. */
#include <pthread.h>
#include <stdio.h>

#include "bench.h"

enum { THREADS = 8, MOST = 64, GETS = 200 };

static hg_pool *pool;
static PGconn *owned[THREADS];

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

/* As many connections as threads; the cores are the limit, so that what is shown is that more threads cost nothing. */
static void
measure_sizes(bench *b)
{
    printf("gets a second through a pool of as many connections as threads\n ");
    for (size_t threads = 1; threads <= MOST; threads *= 2) {
        size_t gets = (b->is_quick ? 4000 : 40000) / threads;
        double begun, rate;

        open_pool(b, (int32_t)threads);
        run(b, work_pooled, threads, 20);
        begun = bench_seconds(BENCH_WALL);
        run(b, work_pooled, threads, gets);
        rate = (double)(threads * gets) / (bench_seconds(BENCH_WALL) - begun);
        hg_pool_close(pool);
        printf(" %zu: %.0f", threads, rate);
        bench_number("pool", (double)threads, "gets a second", rate);
    }
    printf("\n");
}

void
bench_threads(bench *b)
{
    static const bench_workload w = { "8 threads through the pool", "call", THREADS * GETS, 1, 20, "pool of 8", run_pooled,
                                      "8 connections", run_owned, 1 / 0.97, 0, 0, 0 };

    open_pool(b, THREADS);
    for (int i = 0; i < THREADS; i++) {
        owned[i] = PQconnectdb(b->service_dsn);
        libpq_prepare(owned[i]);
    }
    bench_measure(b, &w);
    for (int i = 0; i < THREADS; i++)
        PQfinish(owned[i]);
    hg_pool_close(pool);
    measure_sizes(b);
}
