/* main.c - runs the workloads: hotgigs-bench ADMIN_DSN SERVICE_DSN LOGIN_DSN [QUICK]. The table goes
 * to the standard output, the same as JSON to build/bench.json.
 *
 *     hotgigs-bench --calls WORKLOAD SIDE COUNT SERVICE_DSN
 *
 * runs one side of one workload so many times and nothing else, for callgrind (tests/bench/instructions), and
 *
 *     hotgigs-bench --fill JOBS ADMIN_DSN
 *
 * makes the rows that it reads. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

static const bench_workload workloads[] = {
    { "get by primary key", "call", 1, 300, 40, "library", library_get, "libpq", libpq_get, 1.02, 1.00, 0, 1 },
    { "list of all jobs", "row", 0, 1, 5, "library", library_list, "libpq", libpq_list, 0.95, 1.00, 0, 0 },
    { "stream of all jobs", "row", 0, 1, 5, "library", library_stream, "libpq's list", libpq_list, 0.92, 0.70, 0, 0 },
    { "50 jobs by id", "row", 50, 10, 60, "library", library_get_50, "libpq one by one", libpq_get_50, 0.65, 0.40, 0, 1 },
    { "get in a session", "call", 1, 300, 60, "tenant", tenant_get, "service", service_get, 0, 0, 18, 1 },
    { "page of 50 in a session", "call", 1, 50, 40, "tenant", tenant_page, "service", service_page, 0, 0, 0, 1 },
    { "insert in a session", "call", 1, 100, 40, "tenant", tenant_insert, "service", service_insert, 0, 0, 0, 1 },
    { "insert and its trail", "call", 1, 100, 30, "audited", audited_insert, "plain", plain_insert, 0, 0, 0, 1 },
    { "update and its trail", "call", 1, 100, 30, "audited", audited_update, "plain", plain_update, 0, 0, 0, 1 },
    { "bulk insert and its trail", "row", 1000, 4, 15, "audited", audited_insert_many, "plain", plain_insert_many, 2.00, 0, 0, 1 },
    { "bulk update and its trail", "row", 1000, 4, 15, "audited", audited_update_where, "plain", plain_update_where, 0, 0, 0, 1 },
};

static void
connect_both(bench *b, const char *dsn)
{
    hg_error err;

    if (hg_conn_open(dsn, NULL, &b->conn, &err) != HG_OK)
        bench_die("hg_conn_open", err.message);
    b->pg = PQconnectdb(dsn);
    if (PQstatus(b->pg) != CONNECTION_OK)
        bench_die("PQconnectdb", PQerrorMessage(b->pg));
    libpq_prepare(b);
    bench_read_ids(b);
}

static void
disconnect(bench *b)
{
    hg_conn_close(b->conn);
    PQfinish(b->pg);
    free(b->job_ids);
}

static int
run_calls(char **argv)
{
    bench b = { 0 };
    const bench_workload *w = strcmp(argv[0], "get") == 0      ? &workloads[0]
                              : strcmp(argv[0], "stream") == 0 ? &workloads[2] : &workloads[1];

    connect_both(&b, argv[3]);
    for (long i = atol(argv[2]); i > 0; i--)
        (strcmp(argv[1], "library") == 0 ? w->ours : w->theirs)(&b);
    disconnect(&b);
    return 0;
}

static PGconn *
connect_admin(const char *dsn)
{
    PGconn *admin = PQconnectdb(dsn);

    if (PQstatus(admin) != CONNECTION_OK)
        bench_die("connecting", PQerrorMessage(admin));
    return admin;
}

int
main(int argc, char **argv)
{
    bench b = { 0 };
    PGconn *admin;
    size_t jobs, tasks;

    if (argc == 6 && strcmp(argv[1], "--calls") == 0)
        return run_calls(argv + 2);
    if (argc == 4 && strcmp(argv[1], "--fill") == 0) {
        admin = connect_admin(argv[3]);
        bench_fill(admin, (size_t)atol(argv[2]));
        PQfinish(admin);
        return 0;
    }
    if (argc < 4)
        bench_die("usage", "hotgigs-bench ADMIN_DSN SERVICE_DSN LOGIN_DSN [QUICK]");
    jobs = argc > 4 && argv[4][0] != '\0' ? 10000 : 100000;
    tasks = 10 * jobs;
    admin = connect_admin(argv[1]);
    printf("# %zu jobs, %zu tasks\n", jobs, tasks);
    fflush(stdout);
    audit_fill(admin, 0);
    bench_fill(admin, jobs);
    tenant_fill(admin, tasks);
    audit_fill(admin, 1);
    PQfinish(admin);
    connect_both(&b, argv[2]);
    tenant_open(&b, argv[3]);
    audit_open(&b, argv[1]);
    bench_json_begin("build/bench.json", PQserverVersion(b.pg));
    for (size_t i = 0; i < sizeof workloads / sizeof workloads[0]; i++) {
        bench_workload w = workloads[i];

        w.units = w.units != 0 ? w.units : jobs;
        bench_measure(&b, &w);
        fflush(stdout);
    }
    bench_json_end();
    audit_close();
    tenant_close(&b);
    disconnect(&b);
    privacy_measure(argv[1], argv[2], tasks);
    return 0;
}
