/* link/tls - behind TLS calls with a deadline read all of an answer, also where a poll sees nothing of a record's second half.
 *
 * TLS is that of tls.py, since the tests' server listens to no port, and has none on its Unix socket. The libpqs of
 * PostgreSQL 14 to 18 that this was tried with read such an answer whole even without the help of hgi_read_socket(). Skipped with a
 * line where python3 or openssl is missing. */
#include "fixture.h"
#include "suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[64];
static FILE *tls;              /* its standard input, which ends it */
static int port;

static const char *
in_folder(const char *name)
{
    return fixture_text("%s/%s", folder, name);
}

static int
start_tls(void)
{
    FILE *printed;

    if (system("command -v python3 openssl >/dev/null && python3 -c 'import ssl' 2>/dev/null") != 0)
        return 0;
    ck_assert_int_eq(system(fixture_text("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1"
                                         " -subj /CN=localhost -keyout %s -out %s 2>/dev/null",
                                         in_folder("key"), in_folder("certificate"))), 0);
    ck_assert_int_eq(system(fixture_text("mkfifo %s", in_folder("port"))), 0);
    tls = popen(fixture_text("exec python3 tests/unit/link/tls.py %s/.s.PGSQL.%s %s %s >%s", PQhost(service->pg),
                             PQport(service->pg), in_folder("certificate"), in_folder("key"), in_folder("port")), "w");
    printed = fopen(in_folder("port"), "r");
    ck_assert(tls != NULL && printed != NULL && fscanf(printed, "%d", &port) == 1);
    fclose(printed);
    return 1;
}

static void
setup(void)
{
    fixture_open();
    tls = NULL;
    strcpy(folder, "/tmp/hotgigs-tls-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void
teardown(void)
{
    if (tls != NULL)
        pclose(tls);
    unlink(in_folder("key"));
    unlink(in_folder("certificate"));
    unlink(in_folder("port"));
    rmdir(folder);
    fixture_close();
}

START_TEST(a_call_with_a_deadline_reads_all_of_an_answer_behind_tls)
{
    enum { ROWS = 3, FIRST = 20000, LAST = 32000, STEP = 300 };
    hg_conn_options opt = { .struct_size = sizeof opt, .timeout_ms = 1000 };
    hg_uuid jobs[ROWS];
    hg_conn *conn;

    if (!start_tls()) {
        printf("skip  python3 or openssl is missing: nothing is read behind TLS\n");
        return;
    }
    for (int i = 0; i < ROWS; i++)
        jobs[i] = fixture_insert(HG_TABLE_JOBS);
    conn = fixture_conn(fixture_dsn_with("SERVICE", fixture_text("host=127.0.0.1 port=%d sslmode=require", port)), &opt);
    ck_assert_msg(PQsslInUse(conn->pg), "the connection has no TLS");
    for (int length = FIRST; length <= LAST; length += STEP) {     /* some last record does not fit behind what is half read */
        hg_job_list *list = NULL;

        sql_do("UPDATE jobs SET description = repeat('x', %d) WHERE id IN ('%s', '%s', '%s')", length, uuid_text(&jobs[0]),
               uuid_text(&jobs[1]), uuid_text(&jobs[2]));
        if (hg_job_get_many(conn, jobs, ROWS, &list, &err) != HG_OK)
            ck_abort_msg("rows of %d bytes: %s", length, err.message);
        ck_assert_msg(hg_job_list_count(list) == ROWS, "%zu rows came", hg_job_list_count(list));
        hg_job_list_free(list);
    }
    fixture_done(conn);
}
END_TEST

Suite *
suite_link_tls(void)
{
    Suite *suite = suite_create("link/tls");
    TCase *tc = tcase_create("tls");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, a_call_with_a_deadline_reads_all_of_an_answer_behind_tls);
    suite_add_tcase(suite, tc);
    return suite;
}
