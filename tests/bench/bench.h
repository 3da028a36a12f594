/* bench.h - the benchmark: the library beside hand-written libpq, in the same process and run. */
#ifndef BENCH_H
#define BENCH_H

#include <libpq-fe.h>

#include "hotgigs/hotgigs.h"
#include "hotgigs/pq.h"

/* What both sides work with. */
typedef struct bench {
    hg_conn *conn;              /* the library's, acting as the service by its login */
    PGconn  *pg;                /* libpq's, the same login */
    hg_uuid *job_ids;           /* of all jobs, shuffled by a fixed seed */
    size_t   job_count;
    size_t   next;              /* which job comes next: both sides walk the same ids */
    uint64_t checksum;          /* of what was decoded: both sides must come to the same */
} bench;

/* One workload: each side runs it once and adds to the checksum. units: rows or calls in one run. */
typedef struct bench_workload {
    const char *name;
    const char *unit;
    size_t      units;
    int         runs_a_turn;    /* runs of one side before the other's turn */
    int         turns;
    void      (*library)(bench *b);
    void      (*libpq)(bench *b);
    double      wall_goal;      /* ratio that must be reached, 0: none */
    double      cpu_goal;
    int         pinned;         /* 1: client and server on one core: round trips are not waking times */
} bench_workload;

/* data.c */
void bench_fill(PGconn *admin, size_t jobs);
void bench_read_ids(bench *b);

/* libpq.c: what an engineer would write by hand, text results, every column decoded into the same struct. */
void libpq_prepare(bench *b);
void libpq_get(bench *b);
void libpq_list(bench *b);

/* library.c */
void library_get(bench *b);
void library_list(bench *b);

/* measure.c */
void bench_measure(bench *b, const bench_workload *w);
void bench_pin(bench *b, int pinned);

uint64_t bench_sum_job(const hg_job *job);
void     bench_die(const char *what, const char *why);

#endif
