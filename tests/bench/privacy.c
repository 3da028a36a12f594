/* privacy.c - what the erasure of one user costs beside a million entries of the audit trail: on a connection that has erased
 * before, and as the first call of a new one, which makes the server's plans. Each user has a profile, five applications and fifty
 * entries; each is erased once. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bench.h"

enum { ENTRIES_A_USER = 50, WARM_UP = 6, WARM = 41, COLD = 7, QUICK_WARM = 9, QUICK_COLD = 3 };

static int next_user;

typedef struct cost {
    double wall;                    /* milliseconds */
    double cpu;                     /* of the server's process */
} cost;

static void
run(PGconn *pg, const char *sql)
{
    PGresult *result = PQexec(pg, sql);

    if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
        bench_die("the users to erase", PQresultErrorMessage(result));
    PQclear(result);
}

/* As the owner, who may write entries of another time. */
static void
fill(const char *admin_dsn, size_t entries)
{
    static const char rows[] =
        "INSERT INTO users (id, email, user_type) SELECT md5('erased' || i)::uuid, 'erased' || i || '@example.com', 'candidate'"
        " FROM generate_series(1, %zu) i;"
        "INSERT INTO candidate_profiles (id, user_id) SELECT id, id FROM users WHERE email LIKE 'erased%%';"
        "INSERT INTO applications (candidate_id, job_id) SELECT u.id, j.id FROM users u,"
        " (SELECT id FROM jobs ORDER BY id LIMIT 5) j WHERE u.email LIKE 'erased%%';"
        "INSERT INTO audit_logs (user_id, action, resource_type, resource_id, old_values, new_values, ip_address, user_agent)"
        " SELECT md5('erased' || 1 + i %% %zu)::uuid, 'update', (ARRAY['users', 'candidate_profiles', 'jobs'])[1 + i %% 3],"
        " md5('erased' || 1 + i %% %zu)::uuid, '{\"headline\": \"one\"}', '{\"headline\": \"two\", \"_meta\": {\"op\": \"update\"}}',"
        " '192.0.2.1', 'Browser' FROM generate_series(1, %zu) i";
    PGconn *admin = PQconnectdb(admin_dsn);
    size_t users = entries / ENTRIES_A_USER;
    char sql[2048];

    run(admin, "SET ROLE hotgigs_owner");
    snprintf(sql, sizeof sql, rows, users, users, users, entries);
    run(admin, sql);
    run(admin, "RESET ROLE");
    run(admin, "VACUUM ANALYZE users, candidate_profiles, applications, audit_logs");
    PQfinish(admin);
}

static hg_uuid
user_at(PGconn *pg, int i)
{
    PGresult *result;
    hg_uuid id;
    char sql[64];

    snprintf(sql, sizeof sql, "SELECT md5('erased%d')::uuid", i);
    result = PQexec(pg, sql);
    if (hg_uuid_parse(PQgetvalue(result, 0, 0), 36, &id, NULL) != HG_OK)
        bench_die("the users to erase", "no id");
    PQclear(result);
    return id;
}

/* Milliseconds that the connection's server process was on a core; 0 where the system does not tell. */
static double
server_cpu(hg_conn *conn)
{
    unsigned long long ns = 0;
    char path[64];
    FILE *file;

    snprintf(path, sizeof path, "/proc/%d/schedstat", PQbackendPID(hg_conn_pq(conn)));
    file = fopen(path, "r");
    if (file == NULL || fscanf(file, "%llu", &ns) != 1)
        ns = 0;
    if (file != NULL)
        fclose(file);
    return (double)ns / 1e6;
}

static cost
erase_one(hg_conn *conn, PGconn *pg, int is_delete)
{
    hg_privacy_erase_params params = { .struct_size = sizeof params, .is_delete = is_delete,
                                       .set = HG_BIT(HG_PRIVACY_ERASE_USER_ID) | HG_BIT(HG_PRIVACY_ERASE_IS_DELETE) };
    const hg_privacy_erase_row *row = NULL;
    struct timespec before, after;
    cost spent = { 0, -server_cpu(conn) };
    hg_error err;

    params.user_id = user_at(pg, ++next_user);
    clock_gettime(CLOCK_MONOTONIC, &before);
    if (hg_privacy_erase(conn, &params, &row, &err) != HG_OK)
        bench_die("hg_privacy_erase", err.message);
    clock_gettime(CLOCK_MONOTONIC, &after);
    if (row->audit_entries < ENTRIES_A_USER)
        bench_die("hg_privacy_erase", "it has not redacted what it should");
    hg_privacy_erase_row_free(row);
    spent.cpu += server_cpu(conn);
    spent.wall = (double)(after.tv_sec - before.tv_sec) * 1e3 + (double)(after.tv_nsec - before.tv_nsec) / 1e6;
    return spent;
}

static hg_conn *
connect_service(const char *dsn)
{
    hg_conn *conn;
    hg_error err;

    if (hg_conn_open(dsn, NULL, &conn, &err) != HG_OK)
        bench_die("hg_conn_open", err.message);
    return conn;
}

static int
ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* The middle one of count, each erased on the connection, or on one of its own. */
static cost
middle_of(int count, hg_conn *conn, const char *dsn, PGconn *pg, int is_delete)
{
    double wall[WARM], cpu[WARM];

    for (int i = 0; i < count; i++) {
        hg_conn *used = conn != NULL ? conn : connect_service(dsn);
        cost spent = erase_one(used, pg, is_delete);

        wall[i] = spent.wall, cpu[i] = spent.cpu;
        if (conn == NULL)
            hg_conn_close(used);
    }
    qsort(wall, (size_t)count, sizeof *wall, ascending);
    qsort(cpu, (size_t)count, sizeof *cpu, ascending);
    return (cost){ wall[count / 2], cpu[count / 2] };
}

void
privacy_measure(const char *admin_dsn, const char *service_dsn, size_t entries, int is_quick)
{
    PGconn *pg;

    fill(admin_dsn, entries);
    pg = PQconnectdb(service_dsn);
    for (int is_delete = 0; is_delete < 2; is_delete++) {
        hg_conn *conn = connect_service(service_dsn);
        cost warm, cold = middle_of(is_quick ? QUICK_COLD : COLD, NULL, service_dsn, pg, is_delete);

        middle_of(WARM_UP, conn, NULL, pg, is_delete);
        warm = middle_of(is_quick ? QUICK_WARM : WARM, conn, NULL, pg, is_delete);
        hg_conn_close(conn);
        printf("erasure beside %zu audit entries, %s: %.1f ms (server's CPU %.1f); first of a connection %.1f ms (CPU %.1f)\n",
               entries, is_delete ? "delete" : "tombstone", warm.wall, warm.cpu, cold.wall, cold.cpu);
        bench_goal(is_delete ? "erasure, delete" : "erasure, tombstone", BENCH_MS, warm.wall);
        bench_number(is_delete ? "erasure, delete" : "erasure, tombstone", (double)entries, "ms", warm.wall);
        printf("\n");
    }
    PQfinish(pg);
}
