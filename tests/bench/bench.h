/* bench.h - the benchmark: the library beside hand-written libpq, and a tenant's session beside the service, in the same
 * process and run. */
#ifndef BENCH_H
#define BENCH_H

#include <libpq-fe.h>

#include "hotgigs/hotgigs.h"
#include "hotgigs/pq.h"

/* What both sides work with. */
typedef struct bench {
    hg_conn *conn;              /* the library's, acting as the service by its login */
    hg_conn *tenant;            /* the library's, acting as a recruiter in a session */
    hg_uuid  recruiter;         /* he */
    hg_uuid  company;           /* his */
    hg_uuid *task_ids;          /* the company's tasks */
    size_t   task_count;
    hg_query *task_page;        /* the 50 newest of them */
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
    const char *ours_name;
    void      (*ours)(bench *b);
    const char *theirs_name;
    void      (*theirs)(bench *b);
    double      wall_goal;      /* ratio that must be reached, 0: none */
    double      cpu_goal;
    double      above_goal;     /* microseconds of CPU, client and server, that ours may take more; 0: none */
    int         pinned;         /* 1: client and server on one core: round trips are not waking times */
} bench_workload;

/* data.c */
void bench_fill(PGconn *admin, size_t jobs);
void bench_read_ids(bench *b);

/* libpq.c: what an engineer would write by hand, text results, every column decoded into the same struct. */
void libpq_prepare(bench *b);
void libpq_get(bench *b);
void libpq_list(bench *b);
void libpq_get_50(bench *b);    /* one by one, as it is done without an array */

/* library.c */
void library_get(bench *b);
void library_list(bench *b);
void library_stream(bench *b);
void library_get_50(bench *b);

/* tenant.c: the same calls as a recruiter in a session, and as the service without one, on a million tasks. */
void tenant_fill(PGconn *admin, size_t tasks);
void tenant_open(bench *b, const char *login_dsn);
void tenant_close(bench *b);
void tenant_get(bench *b);
void tenant_page(bench *b);
void tenant_insert(bench *b);
void service_get(bench *b);
void service_page(bench *b);
void service_insert(bench *b);

/* audit.c: a recruiter's writes with the audit trail's triggers and without. */
void audit_fill(PGconn *admin, int on);
void audit_open(bench *b, const char *admin_dsn);
void audit_close(void);
void audited_insert(bench *b);
void plain_insert(bench *b);
void audited_update(bench *b);
void plain_update(bench *b);
void audited_insert_many(bench *b);
void plain_insert_many(bench *b);
void audited_update_where(bench *b);
void plain_update_where(bench *b);

/* privacy.c: erasures beside a trail of that many entries. */
void privacy_measure(const char *admin_dsn, const char *service_dsn, size_t entries);

/* measure.c */
void bench_json_begin(const char *path, int server_version);   /* before the first, and behind the last workload */
void bench_json_end(void);
void bench_measure(bench *b, const bench_workload *w);
void bench_pin(bench *b, int pinned);

uint64_t bench_sum_job(const hg_job *job);
void     bench_die(const char *what, const char *why);

#endif
