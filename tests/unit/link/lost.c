/* link/lost - a connection that goes: before a call, during one, while idle, in a transaction, in COMMIT. What a caller may
 * believe is in the status, and every later call on it says that it is lost. */
#include "fixture.h"
#include "suites.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

static hg_uuid task;
static hg_conn *conn;

static void
setup(void)
{
    fixture_open();
    task = fixture_insert(HG_TABLE_TASKS);
    conn = fixture_conn(fixture_dsn("SERVICE"), NULL);
}

static void
teardown(void)
{
    ck_status(hg_conn_ping(conn, &err), HG_E_CONNECTION, err);
    hg_conn_close(conn);
    fixture_close();
}

static hg_status
get(hg_conn *on)
{
    const hg_task *row = (const hg_task *)(const void *)&row;
    hg_status st = hg_task_get(on, &task, &row, &err);

    ck_assert_msg(st == HG_OK || row == NULL, "*out is not NULL after a failure");
    if (st == HG_OK)
        hg_task_free(row);
    return st;
}

static hg_status
update(hg_conn *on)
{
    hg_task row = { .struct_size = sizeof row, .title = { "t", 1 } };

    return hg_task_update(on, &task, &row, HG_BIT(HG_TASK_TITLE), NULL, &err);
}

START_TEST(one_that_was_ended_while_idle_says_so_and_that_repeating_may_help)
{
    if (_i >= 2) {                                      /* with statements prepared, or the first of all */
        ck_ok(get(conn), err);
        ck_ok(update(conn), err);
    }
    kill_backend(conn);
    ck_status(_i % 2 ? update(conn) : get(conn), HG_E_CONNECTION, err);     /* the server said so before it went */
    ck_assert_msg(err.flags & HG_ERROR_RETRY, "the flags are %u", err.flags);
    ck_status(get(conn), HG_E_CONNECTION, err);
    ck_status(update(conn), HG_E_CONNECTION, err);
    ck_status(hg_tx_begin(conn, NULL, &err), HG_E_CONNECTION, err);
}
END_TEST

START_TEST(one_that_is_ended_in_a_transaction_takes_it_with_it)
{
    ck_ok(hg_tx_begin(conn, NULL, &err), err);
    ck_ok(update(conn), err);
    kill_backend(conn);
    ck_status(_i ? update(conn) : get(conn), HG_E_CONNECTION, err);
    hg_tx_rollback(conn, &err);
    ck_assert_msg(!hg_tx_is_open(conn), "the transaction is still open");
    ck_ok(update(service), err);                        /* nothing holds the row */
}
END_TEST

START_TEST(one_that_is_ended_before_commit_leaves_nothing)
{
    hg_status st;

    ck_ok(hg_tx_begin(conn, NULL, &err), err);
    ck_ok(update(conn), err);
    kill_backend(conn);
    st = hg_tx_commit(conn, &err);
    ck_assert_msg(st == HG_E_CONNECTION || st == HG_E_IN_DOUBT, "gave %s (%s)", hg_status_name(st), err.message);
    ck_assert_msg((st == HG_E_IN_DOUBT) == ((err.flags & HG_ERROR_OUTCOME_UNKNOWN) != 0), "the flags are %u", err.flags);
    ck_assert_msg(!hg_tx_is_open(conn), "the transaction is still open");
}
END_TEST

typedef struct killer {
    int pid;
    int64_t after_us;
} killer;

static void *
kill_later(void *arg)
{
    killer *k = arg;
    PGconn *pg = PQconnectdb(fixture_dsn("ADMIN"));
    char sql[80];

    hgi_sleep_us(k->after_us);
    snprintf(sql, sizeof sql, "SELECT pg_terminate_backend(%d)", k->pid);
    PQclear(PQexec(pg, sql));
    PQfinish(pg);
    return NULL;
}

START_TEST(one_that_is_ended_during_a_call_ends_the_call)
{
    killer k = { .pid = backend_pid(conn), .after_us = 150 * 1000 };
    PGconn *other = sql_connect(fixture_dsn("ADMIN"));
    pthread_t thread;

    PQclear(PQexec(other, fixture_text("BEGIN; LOCK TABLE tasks IN ACCESS EXCLUSIVE MODE")));
    if (_i >= 2)
        ck_ok(hg_conn_set_timeout(conn, 20000, &err), err);       /* the other way of waiting */
    ck_assert(pthread_create(&thread, NULL, kill_later, &k) == 0);
    ck_status(_i % 2 ? update(conn) : get(conn), HG_E_CONNECTION, err);
    pthread_join(thread, NULL);
    PQfinish(other);
    ck_ok(get(service), err);
}
END_TEST

/* A deferred trigger that waits makes COMMIT itself slow. */
START_TEST(one_that_is_ended_in_commit_leaves_it_in_doubt)
{
    killer k = { .after_us = 200 * 1000 };
    const char *table = fixture_text("slow_%s", unique_text().ptr);
    hg_conn *installer = fixture_conn(fixture_dsn("INSTALLER"), NULL);
    pthread_t thread;
    hg_status st;

    ck_ok(hgi_script(installer, fixture_text(
              "CREATE TABLE public.%s (n integer);"
              "CREATE FUNCTION public.%s() RETURNS trigger LANGUAGE plpgsql AS "
              "$$ BEGIN PERFORM pg_sleep(10); RETURN NULL; END $$;"
              "CREATE CONSTRAINT TRIGGER t AFTER INSERT ON public.%s DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
              "EXECUTE FUNCTION public.%s()", table, table, table, table), &err), err);
    ck_ok(hg_tx_begin(installer, NULL, &err), err);
    ck_ok(hgi_command(installer, fixture_text("INSERT INTO public.%s VALUES (1)", table), HGI_CALL_WRITE, NULL, &err), err);
    k.pid = backend_pid(installer);
    ck_assert(pthread_create(&thread, NULL, kill_later, &k) == 0);
    st = hg_tx_commit(installer, &err);
    pthread_join(thread, NULL);
    ck_status(st, HG_E_IN_DOUBT, err);
    ck_assert_msg(err.flags & HG_ERROR_OUTCOME_UNKNOWN && !(err.flags & HG_ERROR_RETRY), "the flags are %u", err.flags);
    ck_assert_msg(!hg_tx_is_open(installer), "the transaction is still open");
    hg_conn_close(installer);
    sql_do("DROP TABLE public.%s; DROP FUNCTION public.%s()", table, table);
    kill_backend(conn);                                 /* for the teardown */
    ck_status(get(conn), HG_E_CONNECTION, err);
}
END_TEST

START_TEST(one_that_the_server_ended_for_idleness_in_a_transaction_says_so)
{
    ck_ok(hgi_command(conn, "SET idle_in_transaction_session_timeout = 100", HGI_CALL_BARE, NULL, &err), err);
    ck_ok(hg_tx_begin(conn, NULL, &err), err);
    ck_ok(update(conn), err);
    wait_until_gone(backend_pid(conn));
    ck_status(get(conn), HG_E_CONNECTION, err);
    ck_assert_msg(err.flags & HG_ERROR_RETRY, "the flags are %u", err.flags);
    hg_tx_rollback(conn, &err);
}
END_TEST

Suite *
suite_link_lost(void)
{
    Suite *suite = suite_create("link/lost");
    TCase *tc = tcase_create("lost");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, one_that_was_ended_while_idle_says_so_and_that_repeating_may_help, 0, 4);
    tcase_add_loop_test(tc, one_that_is_ended_in_a_transaction_takes_it_with_it, 0, 2);
    tcase_add_test(tc, one_that_is_ended_before_commit_leaves_nothing);
    tcase_add_loop_test(tc, one_that_is_ended_during_a_call_ends_the_call, 0, 4);
    tcase_add_test(tc, one_that_is_ended_in_commit_leaves_it_in_doubt);
    tcase_add_test(tc, one_that_the_server_ended_for_idleness_in_a_transaction_says_so);
    suite_add_tcase(suite, tc);
    return suite;
}
