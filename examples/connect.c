/* connect - opens a connection, asks who it is, and what a call costs.
 *
 * New here: hg_library_version, hg_conn_open, hg_conn_ping, hg_conn_server_version, hg_session_role,
 *           hg_conn_get_stats, hg_conn_close, hg_status_name; hg_table_count and hg_table_describe.
 *
 * Run:      connect [DSN]
 *           Without DSN: the variable HOTGIGS_SERVICE_DSN, and without that libpq's own (PGHOST and so on).
 *           Any login will do: this program reads no row.
 *
 * Prints:
 *     library 0.1.0 knows 25 tables; the first is users, with 14 columns
 *     connected to PostgreSQL 15 as service
 *     a ping: 1 round trip, 0.1 ms
 *     a server that is not there: HG_E_CONNECTION
 */
#include <hotgigs/hotgigs.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const char *
role_name(int32_t role)
{
    static const char *const names[] = { "anon", "candidate", "company", "freelancer", "service" };

    return role >= HG_ROLE_ANON && role <= HG_ROLE_SERVICE ? names[role] : "none of the personas";
}

static double
milliseconds(void)
{
    struct timespec now;

    timespec_get(&now, TIME_UTC);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

int
main(int argc, char **argv)
{
    const char *dsn = argc > 1 ? argv[1] : getenv("HOTGIGS_SERVICE_DSN");   /* NULL: libpq's environment */
    hg_conn_options options = { .struct_size = sizeof options, .timeout_ms = 5000 };
    hg_conn_stats before = { .struct_size = sizeof before }, after = { .struct_size = sizeof after };
    uint32_t version = hg_library_version();
    const hg_table_info *users = hg_table_describe(HG_TABLE_USERS);   /* static memory */
    hg_conn *conn = NULL;
    hg_conn *nobody = NULL;
    hg_error err = { 0 };
    hg_status st;
    double start;

    if (version < HG_HEADER_VERSION) {
        fprintf(stderr, "the library is older than the headers this program was built with\n");
        return 1;
    }
    printf("library %u.%u.%u knows %d tables; the first is %s, with %d columns\n",
           (unsigned)(version >> 16), (unsigned)(version >> 8 & 255), (unsigned)(version & 255),
           (int)hg_table_count(), users->name, (int)users->column_count);

    st = hg_conn_open(dsn, &options, &conn, &err);
    if (st != HG_OK)
        goto out;
    printf("connected to PostgreSQL %d as %s\n", (int)(hg_conn_server_version(conn) / 10000),
           role_name(hg_session_role(conn)));

    hg_conn_get_stats(conn, &before, NULL);         /* fails only for a missing argument */
    start = milliseconds();
    st = hg_conn_ping(conn, &err);
    if (st != HG_OK)
        goto out;
    hg_conn_get_stats(conn, &after, NULL);
    printf("a ping: %d round trip, %.1f ms\n", (int)(after.round_trips - before.round_trips),
           milliseconds() - start);

    /* A failure comes back as a status; the message says more, and is NULL-safe to ignore. */
    printf("a server that is not there: %s\n",
           hg_status_name(hg_conn_open("host=/nonexistent", NULL, &nobody, NULL)));
out:
    if (st != HG_OK)
        fprintf(stderr, "connect: %s: %s\n", hg_status_name(st), err.message);
    hg_conn_close(nobody);                          /* NULL after a failure, which is allowed */
    hg_conn_close(conn);
    return st == HG_OK ? 0 : 1;
}
