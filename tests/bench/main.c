/* main.c - runs the workloads: hotgigs-bench ADMIN_DSN SERVICE_DSN LOGIN_DSN [QUICK]. The table goes
 * to the standard output, the same as JSON to build/bench.json.
 *
 *     hotgigs-bench --counts ADMIN_DSN SERVICE_DSN LOGIN_DSN
 *     hotgigs-bench --calls WORKLOAD SIDE COUNT ADMIN_DSN SERVICE_DSN
 *     hotgigs-bench --only TEXT ADMIN_DSN SERVICE_DSN LOGIN_DSN
 *     hotgigs-bench --fill JOBS TASKS METRICS ADMIN_DSN
 *     hotgigs-bench --stream ROWS SERVICE_DSN
 *     hotgigs-bench --peers DSN JSON QUICK NAME=PROGRAM ...
 *
 * count what single calls cost (counts.c), run one side of one workload so many times and nothing else, measure the
 * workloads whose name has that text, in a database that a whole run has left, make the rows, and let programs of other libraries
 * take turns with the library's (peers.c). */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

/* In this order: what a server's process was asked before decides how much memory it keeps, and with that how many pages it meets anew
 * in each call. That of the page through the document's indexes took 297 us of CPU without, and 417 with 52 of them. */
static const bench_workload reads[] = {
    { "get by primary key", "call", 1, 300, 40, "library", library_get, "libpq", libpq_get, 1 },
    { "50 jobs by id", "row", 50, 10, 60, "library", library_get_50, "libpq one by one", libpq_get_50, 1 },
    { "list of all jobs", "row", 0, 1, 5, "library", library_list, "libpq", libpq_list, 0 },
    { "stream of all jobs", "row", 0, 1, 5, "library", library_stream, "libpq's list", libpq_list, 0 },
    { "the same beside single rows", "row", 0, 1, 5, "library", library_stream, "libpq by row", libpq_stream, 0 },
    { "page of 50", "call", 1, 50, 40, "library", library_page, "libpq", libpq_page, 0 },
    { "page of 50 on one core", "call", 1, 50, 40, "library", library_page, "libpq", libpq_page, 1 },
    { "page of 50 as cards", "call", 1, 50, 20, "visitor, cards", library_cards, "libpq, the document's indexes",
      libpq_page_ids_document, 1 },
    { "the whole card in a session", "call", 1, 50, 20, "tenant, cards", library_whole_cards, "libpq, the document's indexes",
      libpq_page_ids_document, 1 },
    { "as cards beside today's indexes", "call", 1, 50, 20, "visitor, cards", library_cards, "libpq", libpq_page_ids, 1 },
    { "stream of 2,500 by rows", "row", BENCH_SOME, 1, 20, "library", library_stream_some, "libpq's list", libpq_list_some, 0 },
    { "256 rows in libpq's result", "call", 1, 5, 20, "256, in place", library_short, "257, copied", library_long, 0 },
};

static const bench_workload writes[] = {
    { "insert, and the row back", "call", 1, 300, 60, "library", library_insert_back, "libpq", libpq_insert_back, 1 },
    { "insert", "call", 1, 300, 60, "library", library_insert, "libpq", libpq_insert, 1 },
    { "insert in a batch", "row", 1000, 1, 20, "library", library_batch, "libpq one by one", libpq_insert_1000, 1 },
    { "bulk insert", "row", 1000, 4, 20, "library", library_insert_many, "libpq, COPY", libpq_copy, 1 },
    { "bulk insert beside a binary COPY", "row", 1000, 4, 20, "library", library_insert_many, "libpq, COPY", libpq_copy_binary, 1 },
    { "bulk insert in a session", "row", 1000, 4, 20, "tenant", tenant_insert_many, "libpq, COPY", libpq_copy, 1 },
    { "transaction of 5", "call", 1, 50, 100, "library", library_transaction, "libpq", libpq_transaction, 1 },
    { "transaction of 5 in a batch", "call", 1, 50, 100, "library", library_transaction_batch, "libpq", libpq_transaction, 1 },
    { "the batch beside a pipeline by hand", "call", 1, 50, 60, "library", library_transaction_batch, "libpq, pipeline",
      libpq_transaction_pipeline, 1 },
};

static const bench_workload sessions[] = {
    { "get by primary key in a session", "call", 1, 300, 60, "tenant", library_get_as_tenant, "service", library_get, 1 },
    { "get of a row behind a helper", "call", 1, 300, 60, "tenant", tenant_get, "service", service_get, 1 },
    { "page of 50 in a session", "call", 1, 50, 40, "tenant", tenant_page, "service", service_page, 1 },
    { "insert in a session", "call", 1, 100, 40, "tenant", tenant_insert, "service", service_insert, 1 },
};

static const bench_workload audits[] = {
    { "insert and its trail", "call", 1, 100, 20, "audited", audited_insert, "plain", plain_insert, 1 },
    { "update and its trail", "call", 1, 100, 20, "audited", audited_update, "plain", plain_update, 1 },
    { "bulk insert and its trail", "row", 1000, 4, 10, "audited", audited_insert_many, "plain", plain_insert_many, 1 },
    { "bulk update and its trail", "row", 1000, 4, 10, "audited", audited_update_where, "plain", plain_update_where, 1 },
};

#define MEASURE_ALL(b, list) \
    for (size_t i = 0; i < sizeof (list) / sizeof (list)[0]; i++) \
        bench_measure(b, &(list)[i])

/* A server's process pays for each page when it first meets it. The service's has met most by now; the tenant's would pay beside it. */
static void
meet_all_jobs(bench *b)
{
    for (size_t i = 0; i < b->job_count; i += 50)
        library_get_50(b), library_get_50_as_tenant(b);
}

static void
measure_all(bench *b, const char *admin_dsn)
{
    MEASURE_ALL(b, reads);
    MEASURE_ALL(b, writes);
    meet_all_jobs(b);
    MEASURE_ALL(b, sessions);
    audit_open(b, admin_dsn);
    MEASURE_ALL(b, audits);
    audit_close();
}

static PGconn *
connect_to(const char *dsn)
{
    PGconn *pg = PQconnectdb(dsn);

    if (PQstatus(pg) != CONNECTION_OK)
        bench_die("connecting", PQerrorMessage(pg));
    return pg;
}

static void
connect_both(bench *b, const char *dsn)
{
    hg_error err;

    if (hg_conn_open(dsn, NULL, &b->conn, &err) != HG_OK)
        bench_die("hg_conn_open", err.message);
    b->service_dsn = dsn;
    b->pg = connect_to(dsn);
    bench_watch(b->pg);
    bench_watch(hg_conn_pq(b->conn));
    libpq_prepare(b->pg);
}

static void
read_jobs(bench *b)
{
    b->job_ids = bench_read_ids(b->pg, "SELECT id FROM public.jobs ORDER BY id", &b->job_count);
}

static void
disconnect(bench *b)
{
    hg_conn_close(b->conn);
    PQfinish(b->pg);
    free(b->job_ids);
}

static const bench_workload *
find_workload(const char *name)
{
    for (size_t i = 0; i < sizeof reads / sizeof reads[0]; i++)
        if (strcmp(name, reads[i].name) == 0)
            return &reads[i];
    for (size_t i = 0; i < sizeof writes / sizeof writes[0]; i++)
        if (strcmp(name, writes[i].name) == 0)
            return &writes[i];
    bench_die(name, "there is no such workload");
    return NULL;
}

static int
run_calls(char **argv)
{
    const bench_workload *w = find_workload(argv[0]);
    int is_write = w >= writes && w < writes + sizeof writes / sizeof writes[0];
    bench b = { 0 };

    connect_both(&b, argv[4]);
    if (strstr(argv[0], "stream") == NULL)               /* which has no ids, and whose memory is looked at */
        read_jobs(&b);
    if (is_write) {
        writes_open(&b, argv[3]);
        transactions_open(&b);
    }
    for (long i = atol(argv[2]); i > 0; i--)
        (strcmp(argv[1], "library") == 0 ? w->ours : w->theirs)(&b);
    if (is_write) {
        transactions_close();
        writes_close();
    }
    disconnect(&b);
    return 0;
}

/* In a database that a whole run has left. */
static int
measure_only(const char *text, const char *admin_dsn, const char *service_dsn, const char *login_dsn)
{
    bench b = { .only = text };

    connect_both(&b, service_dsn);
    read_jobs(&b);
    libpq_prepare_document(b.pg);
    tenant_open(&b, login_dsn);
    writes_open(&b, admin_dsn);
    transactions_open(&b);
    bench_json_begin("/dev/null", "");
    measure_all(&b, admin_dsn);
    bench_delay(&b);
    bench_json_end();
    transactions_close();
    writes_close();
    tenant_close(&b);
    disconnect(&b);
    return 0;
}

static int
count_calls(const char *admin_dsn, const char *service_dsn, const char *login_dsn)
{
    bench b = { 0 };

    mallopt(M_TOP_PAD, 64 << 20);       /* room at the heap's end, as a process has that has run for a while */
    connect_both(&b, service_dsn);
    read_jobs(&b);
    bench_count_all(&b, admin_dsn, login_dsn);
    disconnect(&b);
    return 0;
}

static int
fill(size_t jobs, size_t tasks, size_t metrics, const char *dsn)
{
    PGconn *admin = connect_to(dsn), *beside = connect_to(dsn);
    double begun = bench_seconds(BENCH_WALL);

    bench_load_begin(admin, beside);
    growth_fill(beside, metrics);
    bench_fill(admin, jobs);
    tenant_fill(admin, tasks);
    bench_wait(beside);
    bench_load_end(admin, beside);
    PQfinish(beside);
    PQfinish(admin);
    printf("# %zu jobs, %zu candidates, %zu applications, %zu events, %zu tasks, %zu metrics: made in %.1f s\n", jobs, jobs / 5,
           2 * jobs, 5 * jobs, tasks, metrics, bench_seconds(BENCH_WALL) - begun);
    fflush(stdout);
    return 0;
}

static int
stream(const char *dsn, long rows)
{
    hg_conn *conn;
    hg_error err;

    if (hg_conn_open(dsn, NULL, &conn, &err) != HG_OK)
        bench_die("hg_conn_open", err.message);
    growth_stream(conn, rows);
    hg_conn_close(conn);
    return 0;
}

/* What else ran before this did: with a core's work of others, times tell little, and counts what they always do. */
static void
tell_load(void)
{
    double load = 0;

    if (getloadavg(&load, 1) == 1 && load > 0.7)
        printf("# the machine is busy, %.1f processes at a time: times that follow are not to be quoted\n", load);
}

static int
run_all(const char *admin_dsn, const char *service_dsn, const char *login_dsn, int is_quick)
{
    bench b = { .is_quick = is_quick };
    double begun = bench_seconds(BENCH_WALL);
    PGconn *admin = connect_to(admin_dsn);

    tell_load();
    fill(is_quick ? 3000 : 100000, is_quick ? 20000 : 1000000, is_quick ? 50000 : 10000000, admin_dsn);
    bench_fill_document(admin);
    bench_settle(admin);
    connect_both(&b, service_dsn);
    read_jobs(&b);
    libpq_prepare_document(b.pg);
    tenant_open(&b, login_dsn);
    writes_open(&b, admin_dsn);
    transactions_open(&b);
    printf("# %s\n", bench_machine(b.pg));
    bench_json_begin("build/bench.json", bench_machine(b.pg));
    measure_all(&b, admin_dsn);
    bench_threads(&b);
    bench_memory(&b);
    bench_delay(&b);
    bench_growth(&b);
    search_pages(&b, admin_dsn);
    transactions_close();
    writes_close();
    tenant_close(&b);
    disconnect(&b);
    privacy_measure(admin_dsn, service_dsn, is_quick ? 10000 : 1000000, is_quick);
    bench_settle(admin);                                /* before the peers take their turns */
    PQfinish(admin);
    bench_goals_tell();
    bench_json_end();
    printf("# %.0f s, without the peers\n", bench_seconds(BENCH_WALL) - begun);
    return 0;
}

int
main(int argc, char **argv)
{
    bench_count_begin();
    if (argc == 7 && strcmp(argv[1], "--calls") == 0)
        return run_calls(argv + 2);
    if (argc == 6 && strcmp(argv[1], "--only") == 0)
        return measure_only(argv[2], argv[3], argv[4], argv[5]);
    if (argc == 5 && strcmp(argv[1], "--counts") == 0)
        return count_calls(argv[2], argv[3], argv[4]);
    if (argc == 6 && strcmp(argv[1], "--fill") == 0)
        return fill((size_t)atol(argv[2]), (size_t)atol(argv[3]), (size_t)atol(argv[4]), argv[5]);
    if (argc == 4 && strcmp(argv[1], "--stream") == 0)
        return stream(argv[3], atol(argv[2]));
    if (argc > 5 && strcmp(argv[1], "--peers") == 0) {
        bench_peers(argv[2], argv[3], argv[4][0] != '\0', argc - 5, argv + 5);
        return 0;
    }
    if (argc < 4)
        bench_die("usage", "hotgigs-bench ADMIN_DSN SERVICE_DSN LOGIN_DSN [QUICK]");
    return run_all(argv[1], argv[2], argv[3], argc > 4 && argv[4][0] != '\0');
}
