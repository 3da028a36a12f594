/* link/wait - deadlines and cancels: the call ends in time, whatever the server does, and the connection works on unless
 * the server does not answer at all. */
#include "fixture.h"
#include "suites.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int64_t started;

static void
start_clock(void)
{
    started = hgi_now_us();
}

/* The bounds above are the library's own (a second for asking, two for what is left to read) and some for a busy machine. */
static void
expect_within(int64_t least_ms, int64_t most_ms)
{
    int64_t took = (hgi_now_us() - started) / 1000;

    ck_assert_msg(took >= least_ms && took <= most_ms, "it took %lld ms, want %lld to %lld", (long long)took,
                  (long long)least_ms, (long long)most_ms);
}

static hg_uuid task;

/* Locks the row by another connection, until the test lets go. */
static PGconn *
lock_row(void)
{
    PGconn *other = sql_connect(fixture_dsn("ADMIN"));

    PQclear(PQexec(other, "BEGIN"));
    PQclear(PQexec(other, fixture_text("SELECT FROM tasks WHERE id = '%s' FOR UPDATE", uuid_text(&task))));
    return other;
}

static hg_status
update(hg_conn *conn)
{
    hg_task row = { .struct_size = sizeof row, .title = { "t", 1 } };

    return hg_task_update(conn, &task, &row, HG_BIT(HG_TASK_TITLE), NULL, &err);
}

static hg_status
get(hg_conn *conn)
{
    const hg_task *row = NULL;
    hg_status st = hg_task_get(conn, &task, &row, &err);

    hg_task_free(row);
    return st;
}

static void
setup(void)
{
    fixture_open();
    task = fixture_insert(HG_TABLE_TASKS);
}

/* ---- Deadlines --------------------------------------------------------------------------------------------------- */

START_TEST(a_call_that_takes_longer_than_its_deadline_is_cancelled)
{
    PGconn *other = lock_row();
    hg_identity who = identity(HG_ROLE_SERVICE, NULL);

    strcpy(who.action, "test");
    if (_i == 1)                                        /* then the server keeps the time as well */
        ck_ok(hg_session_enter(service, &who, &err), err);
    ck_ok(hg_conn_set_timeout(service, 200, &err), err);
    for (int round = 0; round < 2; round++) {
        start_clock();
        ck_status(update(service), HG_E_CANCELLED, err);
        expect_within(150, 5000);
    }
    ck_ok(get(service), err);
    PQfinish(other);
    ck_ok(hg_conn_set_timeout(service, 0, &err), err);
    ck_ok(update(service), err);
    hg_session_leave(service);
}
END_TEST

START_TEST(a_deadline_that_is_kept_changes_nothing)
{
    ck_ok(hg_conn_set_timeout(service, 10000, &err), err);
    ck_ok(get(service), err);
    ck_ok(update(service), err);
    ck_ok(hg_conn_set_timeout(service, INT64_MAX, &err), err);
    ck_ok(get(service), err);
    ck_status(hg_conn_set_timeout(service, -1, &err), HG_E_INVALID, err);
    ck_status(hg_conn_set_timeout(NULL, 1, &err), HG_E_INVALID, err);
    ck_ok(get(service), err);
}
END_TEST

START_TEST(a_deadline_of_the_options_holds_from_the_start)
{
    hg_conn_options opt = { .struct_size = sizeof opt, .timeout_ms = 200 };
    hg_conn *conn = fixture_conn(fixture_dsn("SERVICE"), &opt);
    PGconn *other = lock_row();

    start_clock();
    ck_status(update(conn), HG_E_CANCELLED, err);
    expect_within(150, 5000);
    PQfinish(other);
    fixture_done(conn);
}
END_TEST

START_TEST(a_transactions_deadline_ends_its_calls_and_its_commit)
{
    hg_tx_options opt = { .struct_size = sizeof opt, .timeout_ms = 300 };
    PGconn *other = lock_row();

    start_clock();
    ck_ok(hg_tx_begin(service, &opt, &err), err);
    ck_ok(get(service), err);
    ck_status(update(service), HG_E_CANCELLED, err);
    expect_within(250, 5000);
    ck_status(update(service), HG_E_STATE, err);
    ck_ok(hg_tx_rollback(service, &err), err);
    ck_ok(get(service), err);

    ck_ok(hg_tx_begin(service, &opt, &err), err);
    PQfinish(other);
    ck_ok(update(service), err);
    hgi_sleep_us(350 * 1000);
    ck_status(hg_tx_commit(service, &err), HG_E_CANCELLED, err);
    ck_assert_msg(!hg_tx_is_open(service), "the transaction is still open");
    ck_ok(get(service), err);
}
END_TEST

/* ---- hg_conn_cancel ---------------------------------------------------------------------------------------------- */

typedef struct canceller {
    hg_conn  *conn;
    int64_t   after_us;
    hg_status status;
} canceller;

static void *
cancel(void *arg)
{
    canceller *c = arg;

    hgi_sleep_us(c->after_us);
    c->status = hg_conn_cancel(c->conn, NULL);
    return NULL;
}

START_TEST(a_cancel_from_another_thread_ends_the_call)
{
    PGconn *other = lock_row();
    canceller c = { .conn = service, .after_us = 150 * 1000 };
    pthread_t thread;

    for (int round = 0; round < 3; round++) {
        start_clock();
        ck_assert(pthread_create(&thread, NULL, cancel, &c) == 0);
        ck_status(update(service), HG_E_CANCELLED, err);
        pthread_join(thread, NULL);
        expect_within(100, 5000);
        ck_assert_msg(c.status == HG_OK, "the cancel itself gave %s", hg_status_name(c.status));
        ck_ok(get(service), err);
    }
    PQfinish(other);
}
END_TEST

START_TEST(a_cancel_of_nothing_does_no_harm)
{
    for (int i = 0; i < 5; i++)
        ck_ok(hg_conn_cancel(service, &err), err);
    hgi_sleep_us(50 * 1000);
    ck_ok(get(service), err);
    ck_status(hg_conn_cancel(NULL, &err), HG_E_INVALID, err);
}
END_TEST

typedef struct storm {
    hg_conn    *conn;
    atomic_int  stop;
} storm;

static void *
cancel_again_and_again(void *arg)
{
    storm *s = arg;

    while (!atomic_load(&s->stop)) {
        hg_conn_cancel(s->conn, NULL);
        hgi_sleep_us(500);
    }
    return NULL;
}

START_TEST(a_storm_of_cancels_gives_each_call_one_of_two_ends)
{
    storm s = { .conn = service };
    pthread_t thread;
    int cancelled = 0, fine = 0;

    ck_assert(pthread_create(&thread, NULL, cancel_again_and_again, &s) == 0);
    for (int i = 0; i < 300; i++) {
        hg_status st = i % 2 ? get(service) : update(service);

        cancelled += st == HG_E_CANCELLED;
        fine += st == HG_OK;
        ck_assert_msg(st == HG_OK || st == HG_E_CANCELLED, "gave %s (%s)", hg_status_name(st), err.message);
    }
    atomic_store(&s.stop, 1);
    pthread_join(thread, NULL);
    hgi_sleep_us(50 * 1000);
    ck_assert_msg(fine + cancelled == 300, "%d and %d", fine, cancelled);
    get(service);                                       /* a late cancel may still meet one call */
    ck_ok(get(service), err);
}
END_TEST

/* ---- A server that hangs ----------------------------------------------------------------------------------------- */

/* Stops a process of our own server, and makes sure that it goes on, whatever becomes of the test. 0: it is none. */
static int
stop_process(int pid)
{
    char path[64], name[32] = "";
    FILE *file;

    if (getenv("HOTGIGS_DSN") != NULL)
        return 0;
    snprintf(path, sizeof path, "/proc/%d/comm", pid);
    file = fopen(path, "r");
    if (file == NULL)
        return 0;
    if (fgets(name, sizeof name, file) == NULL)
        name[0] = '\0';
    fclose(file);
    if (strncmp(name, "postgres", 8) != 0 || kill(pid, SIGSTOP) != 0)
        return 0;
    if (fork() == 0) {
        for (int i = 0; i < 100 && getppid() != 1; i++)
            usleep(100 * 1000);
        kill(pid, SIGCONT);
        _exit(0);
    }
    return 1;
}

START_TEST(a_server_process_that_hangs_does_not_hang_the_caller)
{
    hg_conn_options opt = { .struct_size = sizeof opt, .timeout_ms = 200 };
    hg_conn *conn = fixture_conn(fixture_dsn("SERVICE"), &opt);
    int pid = backend_pid(conn);
    hg_status st;

    ck_ok(get(conn), err);
    ck_ok(update(conn), err);
    if (!stop_process(pid)) {
        printf("skipped: a_server_process_that_hangs: its process cannot be stopped from here\n");
        fixture_done(conn);
        return;
    }
    start_clock();
    st = _i == 0 ? get(conn) : update(conn);
    kill(pid, SIGCONT);
    expect_within(150, 9000);
    ck_status(st, _i == 0 ? HG_E_CANCELLED : HG_E_IN_DOUBT, err);
    ck_status(get(conn), HG_E_CONNECTION, err);
    start_clock();
    hg_conn_close(conn);
    expect_within(0, 5000);
}
END_TEST

START_TEST(a_connection_in_a_transaction_whose_server_hangs_is_closed_in_bounded_time)
{
    hg_conn *conn = fixture_conn(fixture_dsn("SERVICE"), NULL);
    int pid = backend_pid(conn);

    ck_ok(hg_tx_begin(conn, NULL, &err), err);
    ck_ok(update(conn), err);
    if (!stop_process(pid)) {
        printf("skipped: a_connection_in_a_transaction: its process cannot be stopped from here\n");
        hg_tx_rollback(conn, NULL);
        fixture_done(conn);
        return;
    }
    start_clock();
    if (_i == 0)
        ck_assert_msg(hg_tx_rollback(conn, &err) != HG_OK, "a rollback that was not answered succeeded");
    hg_conn_close(conn);
    kill(pid, SIGCONT);
    expect_within(0, 12000);
    wait_until_gone(pid);
    ck_ok(update(service), err);                        /* what was open has been rolled back */
}
END_TEST

Suite *
suite_link_wait(void)
{
    Suite *suite = suite_create("link/wait");
    TCase *tc = tcase_create("wait");

    tcase_add_checked_fixture(tc, setup, fixture_close);
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, a_call_that_takes_longer_than_its_deadline_is_cancelled, 0, 2);
    tcase_add_test(tc, a_deadline_that_is_kept_changes_nothing);
    tcase_add_test(tc, a_deadline_of_the_options_holds_from_the_start);
    tcase_add_test(tc, a_transactions_deadline_ends_its_calls_and_its_commit);
    tcase_add_test(tc, a_cancel_from_another_thread_ends_the_call);
    tcase_add_test(tc, a_cancel_of_nothing_does_no_harm);
    tcase_add_test(tc, a_storm_of_cancels_gives_each_call_one_of_two_ends);
    tcase_add_loop_test(tc, a_server_process_that_hangs_does_not_hang_the_caller, 0, 2);
    tcase_add_loop_test(tc, a_connection_in_a_transaction_whose_server_hangs_is_closed_in_bounded_time, 0, 2);
    suite_add_tcase(suite, tc);
    return suite;
}
