/* bench.h - the benchmark: the library beside hand-written libpq, and a tenant's session beside the service, in the same
 * process and run. */
#ifndef BENCH_H
#define BENCH_H

#include <libpq-fe.h>

#include "hotgigs/hotgigs.h"
#include "hotgigs/pq.h"
#include "text.h"

/* What both sides work with. */
typedef struct bench {
    hg_conn *conn;              /* the library's, acting as the service by its login */
    hg_conn *tenant;            /* the library's, acting as a recruiter in a session */
    hg_conn *visitor;           /* in no session: what the login is by default */
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
    const char *service_dsn;
    int      is_quick;          /* less time for each workload */
    const char *only;           /* of the workloads' names; NULL: all */
} bench;

/* One workload: each side runs it once and adds to the checksum. units: rows or calls in one run, 0: a row a job. */
typedef struct bench_workload {
    const char *name;
    const char *unit;
    size_t      units;
    int         runs_a_turn;    /* runs of one side before the other's turn */
    int         turns;          /* at the most; no more are begun when the workload's time is over */
    const char *ours_name;
    void      (*ours)(bench *b);
    const char *theirs_name;
    void      (*theirs)(bench *b);
    int         pinned;         /* 1: client and server on one core: round trips are not waking times */
} bench_workload;

/* data.c */
#define BENCH_BEGAN "timestamp '2026-01-01'"                  /* the time of the first row, in SQL */
void     bench_load_begin(PGconn *admin, PGconn *beside);       /* before and behind all filling, by two of one role */
void     bench_load_end(PGconn *admin, PGconn *beside);
void     bench_send(PGconn *beside, const char *sql);           /* to be done meanwhile */
void     bench_wait(PGconn *beside);                            /* until it is done */
void     bench_fill(PGconn *admin, size_t jobs);
void     bench_fill_document(PGconn *admin);    /* document.jobs */
void     bench_settle(PGconn *admin);           /* behind all of it, before anything is measured */
hg_uuid *bench_read_ids(PGconn *pg, const char *sql, size_t *count);
void     bench_die(const char *what, const char *why);

/* count.c: of this process, both sides together. */
typedef struct bench_counts {
    uint64_t allocations;
    uint64_t own_allocations;   /* those that the library makes itself, not libpq for it */
    uint64_t own_small;         /* of them, those that ask for less than a block of many pieces has, 64 KiB */
    uint64_t round_trips;
    uint64_t bytes_sent;
    uint64_t bytes_received;
    uint64_t locks;             /* that the library took */
    uint64_t waits;             /* and had to wait for */
    uint64_t waited_ns;
} bench_counts;
void         bench_count_begin(void);
bench_counts bench_counted(void);

/* search.c: a page of each kind of search as the recruiter, timed and printed. */
void search_pages(bench *b, const char *admin_dsn);

/* goals.c: beside what was measured, if it has one. What: ratios of wall time, CPU and memory; CPU of client and server above
 * the other side; peak; time. */
enum { BENCH_WALL, BENCH_CPU, BENCH_ABOVE, BENCH_MEMORY, BENCH_MIB, BENCH_MS };
void bench_goal(const char *workload, int what, double value);
void bench_goals_tell(void);    /* all of this run */

/* measure.c */
double bench_seconds(int clock);                               /* of the whole process: BENCH_WALL or BENCH_CPU */
void   bench_json_begin(const char *path, const char *machine); /* before the first, and behind the last workload */
void   bench_json_end(void);
void   bench_number(const char *what, double x, const char *unit, double value); /* beside the workloads, in the JSON */
void   bench_json_goal(const char *workload, const char *what, double value, double must, double superb, const char *verdict);
void   bench_measure(bench *b, const bench_workload *w);
void   bench_watch(PGconn *pg);                                /* its server's process is pinned and measured */
void   bench_unwatch(PGconn *pg);
void   bench_pin(int pinned);

/* libpq.c: what an engineer would write by hand, text results, every column decoded into the same struct. */
void      libpq_prepare(PGconn *pg);
void      libpq_prepare_one(PGconn *pg, const char *name, const char *sql, int params);
void      libpq_new_id(char text[HG_UUID_TEXT_SIZE]);
PGresult *libpq_run(PGconn *pg, const char *name, int count, const char *const *values, int expected);
void      libpq_get(bench *b);
uint64_t  libpq_get_one(PGconn *pg, const hg_uuid *id);
void      libpq_get_50(bench *b);  /* one by one, as it is done without an array */
void      libpq_list(bench *b);    /* all that there are, in one result */
void      libpq_stream(bench *b);  /* the same in single-row mode */
void      libpq_list_some(bench *b);       /* BENCH_SOME of them */
void      libpq_page(bench *b);
void      libpq_page_ids(bench *b); /* all decoded, but only the ids count */
void      libpq_prepare_document(PGconn *pg);
void      libpq_page_ids_document(bench *b); /* the same of document.jobs */

/* library.c */
void library_get(bench *b);
void library_get_as_tenant(bench *b);
void library_get_50(bench *b);
void library_get_50_as_tenant(bench *b);
void library_list(bench *b);
void library_stream(bench *b);
enum { BENCH_SOME = 2500 };
void library_stream_some(bench *b);     /* fewer than come by COPY: in chunks or one by one */
void library_short(bench *b);       /* 256 rows, which stay in libpq's result, or 257, which are copied as they come */
void library_long(bench *b);
void library_page(bench *b);
void library_cards(bench *b);
void library_whole_cards(bench *b);

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
void privacy_measure(const char *admin_dsn, const char *service_dsn, size_t entries, int is_quick);

/* writes.c: events one by one, in a batch, and a thousand at once beside COPY. */
void writes_prepare(PGconn *pg);
void writes_open(bench *b, const char *admin_dsn);
void writes_close(void);
void library_insert(bench *b);
void libpq_insert(bench *b);
void library_insert_back(bench *b); /* and what became of it */
void libpq_insert_back(bench *b);
void library_batch(bench *b);       /* 1,000 in one trip */
void libpq_insert_1000(bench *b);
void library_insert_many(bench *b); /* 1,000 */
void tenant_insert_many(bench *b);  /* the same as a recruiter in a session, in his own name */
void libpq_copy(bench *b);          /* texts */
void libpq_copy_binary(bench *b);

/* transactions.c: five statements that belong together, of tables without a trail. */
void transactions_prepare(PGconn *pg);
void transactions_open(bench *b);
void transactions_close(void);
void library_transaction(bench *b);
void library_transaction_batch(bench *b);
void libpq_transaction(bench *b);
void libpq_transaction_pipeline(bench *b);      /* as the best that is written by hand */

/* growth.c, memory.c */
void   growth_fill(PGconn *beside, size_t rows);        /* metrics to be streamed; goes on until bench_wait() */
size_t growth_stream(hg_conn *conn, int64_t limit);
double memory_of_stream(bench *b, int64_t rows);        /* MiB at the most */
void   growth_open(bench *b);                           /* a thousand shapes of query, and connections for them */
void   growth_close(void);
void   growth_find_one_shape(bench *b);                 /* a thousand calls, as the next two */
void   growth_find_all_kept(bench *b);
void   growth_find_few_kept(bench *b);                  /* by a connection that keeps a quarter of them */

/* machine.c: the processor, the system, the server and how it is reached; until the next call. */
const char *bench_machine(PGconn *pg);

/* counts.c */
void bench_count_all(bench *b, const char *admin_dsn, const char *login_dsn);

/* peers.c: other libraries, a program each, beside the library's own, which is the first. */
void bench_peers(const char *dsn, const char *json_path, int is_quick, int count, char **programs);

/* threads.c, memory.c, delay.c, growth.c: themes that set up what they need, measure, and put it away. */
void bench_threads(bench *b);
void bench_memory(bench *b);
void bench_delay(bench *b);
void bench_growth(bench *b);

#endif
