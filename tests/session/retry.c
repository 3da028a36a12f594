/* session/retry - the retry loop: repeats what may succeed, gives back the failure of what may not, and never repeats a
 * commit whose outcome is not known. */
#include "fixture.h"
#include "suites.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
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
    fixture_done(conn);
    fixture_close();
}

static hg_retry
quick(void)
{
    return (hg_retry){ .struct_size = sizeof(hg_retry), .min_delay_ms = 1, .max_delay_ms = 2 };
}

static const hg_tx_options serializable = { .struct_size = sizeof serializable, .isolation = HG_ISOLATION_SERIALIZABLE };
static const hg_tx_options repeatable = { .struct_size = sizeof repeatable, .isolation = HG_ISOLATION_REPEATABLE_READ };

static hg_status
read_task(hg_conn *on, hg_error *e)
{
    const hg_task *row = NULL;
    hg_status st = hg_task_get(on, &task, &row, e);

    hg_task_free(row);
    return st;
}

static hg_status
write_task(hg_conn *on, const char *title, hg_error *e)
{
    hg_task row = { .struct_size = sizeof row, .title = { title, strlen(title) } };

    return hg_task_update(on, &task, &row, HG_BIT(HG_TASK_TITLE), NULL, e);
}

/* A transaction that somebody else disturbs as often as it is told. */
static hg_status
disturbed_body(int *disturb, hg_error *e)
{
    if (hg_tx_begin(conn, &repeatable, e) != HG_OK || read_task(conn, e) != HG_OK)
        return e != NULL ? e->status : HG_E_INTERNAL;
    if (*disturb > 0) {
        --*disturb;
        sql_do("UPDATE tasks SET notes = coalesce(notes, '') || 'x' WHERE id = '%s'", uuid_text(&task));
    }
    if (write_task(conn, "mine", e) != HG_OK)
        return e != NULL ? e->status : HG_E_RETRY;
    return hg_tx_commit(conn, e);
}

START_TEST(a_conflict_is_repeated_until_it_succeeds)
{
    hg_retry retry = quick();
    int disturb = 3, runs = 0, done = 0;
    hg_error *e = _i == 0 ? &err : NULL;                /* it is remembered even where the caller does not listen */

    while (!done && hg_tx_again(conn, &retry, e) == HG_OK) {
        runs++;
        done = disturbed_body(&disturb, e) == HG_OK;
    }
    ck_assert_msg(done && runs == 4 && retry.attempt == 4, "done %d after %d runs (%d)", done, runs, retry.attempt);
    ck_assert_str_eq(sql_text("SELECT title FROM tasks WHERE id = '%s'", uuid_text(&task)), "mine");
}
END_TEST

START_TEST(attempts_run_out_and_the_last_failure_comes_back)
{
    hg_retry retry = quick();
    int disturb = 1000, runs = 0;

    retry.max_attempts = 5;
    while (hg_tx_again(conn, &retry, &err) == HG_OK) {
        runs++;
        ck_status(disturbed_body(&disturb, &err), HG_E_RETRY, err);
    }
    ck_assert_msg(runs == 5, "%d runs, want 5", runs);
    ck_status(err.status, HG_E_RETRY, err);
    ck_assert_str_eq(err.sqlstate, "40001");
    ck_assert_msg(!hg_tx_is_open(conn), "the last run is still open");
}
END_TEST

START_TEST(time_runs_out)
{
    hg_retry retry = { .struct_size = sizeof retry, .max_attempts = 1000000, .min_delay_ms = 50, .max_delay_ms = 50,
                       .timeout_ms = 300 };
    int disturb = 1000000;
    int64_t started = hgi_now_us();

    while (hg_tx_again(conn, &retry, &err) == HG_OK)
        ck_status(disturbed_body(&disturb, &err), HG_E_RETRY, err);
    ck_status(err.status, HG_E_RETRY, err);
    ck_assert_msg(hgi_now_us() - started < 1000 * 1000, "it took %lld ms", (long long)(hgi_now_us() - started) / 1000);
}
END_TEST

START_TEST(what_repeating_cannot_help_is_given_back_at_once)
{
    hg_retry retry = quick();
    int runs = 0;

    while (hg_tx_again(conn, &retry, &err) == HG_OK) {
        runs++;
        ck_ok(hg_tx_begin(conn, NULL, &err), err);
        ck_status(hgi_command(conn, "SELECT 1/0", 0, NULL, &err), HG_E_INVALID, err);
    }
    ck_assert_msg(runs == 1, "%d runs, want 1", runs);
    ck_status(err.status, HG_E_INVALID, err);
    ck_assert_msg(!hg_tx_is_open(conn), "the transaction is still open");
}
END_TEST

START_TEST(what_was_refused_before_it_was_sent_is_given_back_at_once)
{
    hg_retry retry = quick();
    int runs = 0;

    while (hg_tx_again(conn, &retry, &err) == HG_OK) {
        runs++;
        ck_ok(hg_tx_begin(conn, NULL, &err), err);
        ck_status(write_task(conn, "\xff", &err), HG_E_INVALID, err);
    }
    ck_assert_msg(runs == 1, "%d runs, want 1", runs);
    ck_status(err.status, HG_E_INVALID, err);
}
END_TEST

START_TEST(a_lost_connection_is_made_anew)
{
    hg_retry retry = quick();
    hg_identity who = identity(HG_ROLE_SERVICE, NULL);
    int runs = 0, done = 0;

    strcpy(who.action, "again");
    ck_ok(hg_session_enter(conn, &who, &err), err);
    while (!done && hg_tx_again(conn, &retry, &err) == HG_OK) {
        runs++;
        ck_ok(hg_tx_begin(conn, NULL, &err), err);
        if (runs == 1 && _i == 0)
            kill_backend(conn);
        if (read_task(conn, &err) != HG_OK)
            continue;
        if (runs == 1 && _i == 1)
            kill_backend(conn);
        if (write_task(conn, "again", &err) != HG_OK)
            continue;
        done = hg_tx_commit(conn, &err) == HG_OK;
    }
    ck_assert_msg(done && runs == 2, "done %d after %d runs (%s)", done, runs, err.message);
    ck_ok(read_task(conn, &err), err);
    hg_session_leave(conn);
}
END_TEST

/* COMMIT waits in a deferred trigger, and the server is ended meanwhile. */
static void *
kill_committer(void *arg)
{
    PGconn *pg = PQconnectdb(arg);

    for (int i = 0; i < 500; i++) {
        PGresult *result = PQexec(pg, "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                                      "WHERE wait_event = 'PgSleep' AND query = 'COMMIT'");
        int killed = PQntuples(result) > 0 && PQgetvalue(result, 0, 0)[0] == '1';

        PQclear(result);
        if (killed)
            break;
        hgi_sleep_us(10 * 1000);
    }
    PQfinish(pg);
    return NULL;
}

START_TEST(a_commit_in_doubt_is_never_repeated)
{
    const char *table = fixture_text("slow_%s", unique_text().ptr);
    hg_conn *installer = fixture_conn(fixture_dsn("INSTALLER"), NULL);
    hg_retry retry = quick();
    pthread_t thread;
    int runs = 0;

    ck_ok(hgi_script(installer, fixture_text(
              "CREATE TABLE public.%s (n integer);"
              "CREATE FUNCTION public.%s() RETURNS trigger LANGUAGE plpgsql AS "
              "$$ BEGIN PERFORM pg_sleep(10); RETURN NULL; END $$;"
              "CREATE CONSTRAINT TRIGGER t AFTER INSERT ON public.%s DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
              "EXECUTE FUNCTION public.%s()", table, table, table, table), &err), err);
    ck_assert(pthread_create(&thread, NULL, kill_committer, fixture_text("%s", fixture_dsn("ADMIN"))) == 0);
    while (hg_tx_again(installer, &retry, &err) == HG_OK) {
        runs++;
        ck_ok(hg_tx_begin(installer, NULL, &err), err);
        ck_ok(hgi_command(installer, fixture_text("INSERT INTO public.%s VALUES (1)", table), HGI_CALL_WRITE, NULL, &err),
              err);
        ck_status(hg_tx_commit(installer, &err), HG_E_IN_DOUBT, err);
    }
    pthread_join(thread, NULL);
    ck_assert_msg(runs == 1, "%d runs, want 1", runs);
    ck_status(err.status, HG_E_IN_DOUBT, err);
    ck_assert_msg(err.flags == HG_ERROR_OUTCOME_UNKNOWN, "the flags are %u", err.flags);
    hg_conn_close(installer);
    sql_do("DROP TABLE public.%s; DROP FUNCTION public.%s()", table, table);
}
END_TEST

START_TEST(a_body_that_leaves_its_transaction_open_is_rolled_back)
{
    hg_retry retry = quick();

    ck_ok(hg_tx_again(conn, &retry, &err), err);
    ck_ok(hg_tx_begin(conn, NULL, &err), err);
    ck_ok(write_task(conn, "open", &err), err);
    ck_status(hg_tx_again(conn, &retry, &err), HG_E_STATE, err);        /* neither committed nor failed */
    ck_assert_msg(!hg_tx_is_open(conn), "it is still open");
}
END_TEST

START_TEST(a_state_that_is_none_is_refused)
{
    hg_retry bad[] = {
        { .struct_size = 0 },
        { .struct_size = sizeof bad[0], .max_attempts = -1 },
        { .struct_size = sizeof bad[0], .min_delay_ms = -1 },
        { .struct_size = sizeof bad[0], .max_delay_ms = -1 },
    };

    ck_status(hg_tx_again(conn, &bad[_i], &err), HG_E_INVALID, err);
    ck_status(hg_tx_again(conn, NULL, &err), HG_E_INVALID, err);
    ck_status(hg_tx_again(NULL, &bad[_i], &err), HG_E_INVALID, err);
}
END_TEST

/* ---- Two who really meet ----------------------------------------------------------------------------------------- */

typedef struct counter {
    const char *conninfo;
    hg_uuid     task;
    int         failed;
    int         runs;
} counter;

enum { INCREMENTS = 20 };

/* Reads a number in a serializable transaction and writes it back, one more. */
static hg_status
increment(hg_conn *on, const hg_uuid *id, hg_error *e)
{
    const hg_task *row = NULL;
    hg_task next = { .struct_size = sizeof next };
    char text[16];
    hg_status st = hg_tx_begin(on, &serializable, e);

    if (st == HG_OK)
        st = hg_task_get(on, id, &row, e);
    if (st != HG_OK)
        return st;
    snprintf(text, sizeof text, "%d", atoi(row->notes.ptr != NULL ? row->notes.ptr : "0") + 1);
    hg_task_free(row);
    next.notes = (hg_str){ text, strlen(text) };
    st = hg_task_update(on, id, &next, HG_BIT(HG_TASK_NOTES), NULL, e);
    return st == HG_OK ? hg_tx_commit(on, e) : st;
}

static void *
count_up(void *arg)
{
    counter *c = arg;
    hg_conn_options opt = { .struct_size = sizeof opt, .skip_check = 1 };
    hg_conn *on = NULL;
    hg_error e;

    if (hg_conn_open(c->conninfo, &opt, &on, &e) != HG_OK) {
        c->failed = 1;
        return NULL;
    }
    for (int i = 0; i < INCREMENTS; i++) {
        hg_retry retry = { .struct_size = sizeof retry, .max_attempts = 1000 };
        int done = 0;

        while (!done && hg_tx_again(on, &retry, &e) == HG_OK) {
            c->runs++;
            done = increment(on, &c->task, &e) == HG_OK;
        }
        c->failed += !done;
    }
    hg_conn_close(on);
    return NULL;
}

START_TEST(of_many_increments_at_once_none_is_lost)
{
    enum { THREADS = 4 };
    counter counters[THREADS];
    pthread_t threads[THREADS];
    int runs = 0;

    for (int i = 0; i < THREADS; i++) {
        counters[i] = (counter){ .conninfo = fixture_dsn("SERVICE"), .task = task };
        ck_assert(pthread_create(&threads[i], NULL, count_up, &counters[i]) == 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        ck_assert_msg(counters[i].failed == 0, "%d increments of thread %d failed", counters[i].failed, i);
        runs += counters[i].runs;
    }
    ck_assert_msg(runs >= THREADS * INCREMENTS, "%d runs", runs);
    ck_assert_str_eq(sql_text("SELECT notes FROM tasks WHERE id = '%s'", uuid_text(&task)),
                     fixture_text("%d", THREADS * INCREMENTS));
}
END_TEST

Suite *
suite_session_retry(void)
{
    Suite *suite = suite_create("session/retry");
    TCase *tc = tcase_create("retry");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, a_conflict_is_repeated_until_it_succeeds, 0, 2);
    tcase_add_test(tc, attempts_run_out_and_the_last_failure_comes_back);
    tcase_add_test(tc, time_runs_out);
    tcase_add_test(tc, what_repeating_cannot_help_is_given_back_at_once);
    tcase_add_test(tc, what_was_refused_before_it_was_sent_is_given_back_at_once);
    tcase_add_loop_test(tc, a_lost_connection_is_made_anew, 0, 2);
    tcase_add_test(tc, a_commit_in_doubt_is_never_repeated);
    tcase_add_test(tc, a_body_that_leaves_its_transaction_open_is_rolled_back);
    tcase_add_loop_test(tc, a_state_that_is_none_is_refused, 0, 4);
    tcase_add_test(tc, of_many_increments_at_once_none_is_lost);
    suite_add_tcase(suite, tc);
    return suite;
}
