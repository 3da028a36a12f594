/* session/tx - transactions: begun with their first statement, ended once, and never left behind. */
#include "fixture.h"
#include "suites.h"

#include <string.h>

static hg_uuid task;

static void
setup(void)
{
    fixture_open();
    task = fixture_insert(HG_TABLE_TASKS);
}

static hg_status
put(const char *title)
{
    hg_task row = { .struct_size = sizeof row, .title = { title, strlen(title) } };

    return hg_task_update(service, &task, &row, HG_BIT(HG_TASK_TITLE), NULL, &err);
}

static const char *
stored(void)
{
    return sql_text("SELECT title FROM tasks WHERE id = '%s'", uuid_text(&task));
}

static hg_status
run_wrong(void)
{
    return hgi_command(service, "SELECT 1/0", 0, NULL, &err);
}

START_TEST(commit_keeps_and_rollback_drops)
{
    ck_ok(hg_tx_begin(service, NULL, &err), err);
    ck_ok(put("one"), err);
    ck_assert_msg(strcmp(stored(), "one") != 0, "it is seen before commit");
    ck_ok(hg_tx_commit(service, &err), err);
    ck_assert_str_eq(stored(), "one");
    ck_ok(hg_tx_begin(service, NULL, &err), err);
    ck_ok(put("two"), err);
    ck_ok(hg_tx_rollback(service, &err), err);
    ck_assert_str_eq(stored(), "one");
}
END_TEST

START_TEST(it_is_open_from_begin_to_its_end)
{
    ck_assert_msg(!hg_tx_is_open(service) && !hg_tx_is_open(NULL), "open before begin");
    ck_ok(hg_tx_begin(service, NULL, &err), err);
    ck_assert_msg(hg_tx_is_open(service), "not open after begin");
    ck_status(hg_tx_begin(service, NULL, &err), HG_E_STATE, err);
    ck_ok(put("one"), err);
    ck_status(hg_tx_begin(service, NULL, &err), HG_E_STATE, err);
    ck_ok(hg_tx_commit(service, &err), err);
    ck_assert_msg(!hg_tx_is_open(service), "open after commit");
    ck_status(hg_tx_commit(service, &err), HG_E_STATE, err);
    ck_status(hg_tx_rollback(service, &err), HG_E_STATE, err);
    ck_status(hg_tx_savepoint(service, "s", &err), HG_E_STATE, err);
    ck_status(hg_tx_release(service, "s", &err), HG_E_STATE, err);
    ck_status(hg_tx_rollback_to(service, "s", &err), HG_E_STATE, err);
    ck_status(hg_tx_begin(NULL, NULL, &err), HG_E_INVALID, err);
    ck_status(hg_tx_commit(NULL, &err), HG_E_INVALID, err);
    ck_status(hg_tx_rollback(NULL, &err), HG_E_INVALID, err);
    ck_status(hg_tx_savepoint(NULL, "s", &err), HG_E_INVALID, err);
}
END_TEST

START_TEST(options_that_are_none_are_refused)
{
    hg_tx_options opts[] = {
        { .struct_size = 0 },
        { .struct_size = sizeof opts[0], .isolation = 4 },
        { .struct_size = sizeof opts[0], .isolation = -1 },
        { .struct_size = sizeof opts[0], .read_only = 2 },
        { .struct_size = sizeof opts[0], .deferrable = -1 },
        { .struct_size = sizeof opts[0], .timeout_ms = -1 },
    };

    ck_status(hg_tx_begin(service, &opts[_i], &err), HG_E_INVALID, err);
    ck_assert_msg(!hg_tx_is_open(service), "it was begun all the same");
}
END_TEST

static const char *
ask(const char *sql)
{
    hgi_result *result = NULL;
    const char *text;
    size_t len = 0;

    ck_ok(hgi_command(service, sql, 0, &result, &err), err);
    text = hgi_result_cell(result, 0, 0, &len);
    text = fixture_text("%.*s", (int)len, text);
    hgi_result_free(result);
    return text;
}

START_TEST(options_reach_the_server)
{
    static const char *const names[] = { "read committed", "read committed", "repeatable read", "serializable" };
    hg_tx_options opt = { .struct_size = sizeof opt, .isolation = _i, .read_only = _i == 3, .deferrable = _i == 3 };

    ck_ok(hg_tx_begin(service, &opt, &err), err);
    ck_assert_str_eq(ask("SHOW transaction_isolation"), names[_i]);
    ck_assert_str_eq(ask("SHOW transaction_read_only"), _i == 3 ? "on" : "off");
    ck_assert_str_eq(ask("SHOW transaction_deferrable"), _i == 3 ? "on" : "off");
    if (_i == 3)
        ck_status(put("x"), HG_E_STATE, err);
    ck_ok(hg_tx_rollback(service, &err), err);
}
END_TEST

START_TEST(repeatable_read_sees_one_moment)
{
    hg_tx_options opt = { .struct_size = sizeof opt, .isolation = HG_ISOLATION_REPEATABLE_READ };
    const hg_task *row = NULL;

    ck_ok(put("before"), err);
    ck_ok(hg_tx_begin(service, &opt, &err), err);
    ck_ok(hg_task_get(service, &task, &row, &err), err);
    hg_task_free(row);
    sql_do("UPDATE tasks SET title = 'after' WHERE id = '%s'", uuid_text(&task));
    ck_ok(hg_task_get(service, &task, &row, &err), err);
    ck_assert_str_eq(row->title.ptr, "before");
    hg_task_free(row);
    ck_status(put("mine"), HG_E_RETRY, err);
    ck_assert_msg(err.flags & HG_ERROR_RETRY, "the flags are %u", err.flags);
    ck_ok(hg_tx_rollback(service, &err), err);
}
END_TEST

/* ---- Failed ------------------------------------------------------------------------------------------------------ */

START_TEST(after_a_failed_statement_nothing_runs_and_nothing_is_kept)
{
    uint64_t trips;

    ck_ok(hg_tx_begin(service, NULL, &err), err);
    ck_ok(put("one"), err);
    ck_status(run_wrong(), HG_E_INVALID, err);
    ck_assert_msg(hg_tx_is_open(service), "it is not open any more");
    trips = conn_stats(service).round_trips;
    ck_status(put("two"), HG_E_STATE, err);
    ck_assert_msg(conn_stats(service).round_trips == trips, "it was sent");
    ck_status(hg_tx_commit(service, &err), HG_E_STATE, err);
    ck_assert_msg(!hg_tx_is_open(service), "it is still open");
    ck_assert_msg(strcmp(stored(), "one") != 0, "a part of it was kept");
    ck_ok(put("three"), err);
}
END_TEST

START_TEST(a_first_statement_that_fails_fails_the_transaction)
{
    ck_ok(hg_tx_begin(service, NULL, &err), err);
    ck_status(run_wrong(), HG_E_INVALID, err);
    ck_status(put("one"), HG_E_STATE, err);
    ck_ok(hg_tx_rollback(service, &err), err);
    ck_ok(put("one"), err);
}
END_TEST

START_TEST(what_is_refused_before_it_is_sent_does_not_fail_the_transaction)
{
    hg_task row = { .struct_size = sizeof row, .title = { "\xff", 1 } };

    ck_ok(hg_tx_begin(service, NULL, &err), err);
    ck_ok(put("one"), err);
    ck_status(hg_task_update(service, &task, &row, HG_BIT(HG_TASK_TITLE), NULL, &err), HG_E_INVALID, err);
    ck_ok(put("two"), err);
    ck_ok(hg_tx_commit(service, &err), err);
    ck_assert_str_eq(stored(), "two");
}
END_TEST

START_TEST(an_update_that_found_nothing_does_not_fail_the_transaction)
{
    hg_uuid nothing;
    const hg_task *row = NULL;

    hg_uuid_random(&nothing);
    ck_ok(hg_tx_begin(service, NULL, &err), err);
    ck_status(hg_task_get(service, &nothing, &row, &err), HG_E_NOT_FOUND, err);
    ck_status(hg_task_delete(service, &nothing, &err), HG_E_NOT_FOUND, err);
    ck_ok(put("one"), err);
    ck_ok(hg_tx_commit(service, &err), err);
    ck_assert_str_eq(stored(), "one");
}
END_TEST

/* ---- Savepoints -------------------------------------------------------------------------------------------------- */

START_TEST(a_savepoint_is_what_can_be_gone_back_to)
{
    ck_ok(hg_tx_begin(service, NULL, &err), err);
    ck_ok(put("one"), err);
    ck_ok(hg_tx_savepoint(service, "here", &err), err);
    ck_ok(put("two"), err);
    ck_ok(hg_tx_rollback_to(service, "here", &err), err);
    ck_ok(hg_tx_commit(service, &err), err);
    ck_assert_str_eq(stored(), "one");
}
END_TEST

START_TEST(a_failed_transaction_goes_on_after_its_savepoint)
{
    ck_ok(hg_tx_begin(service, NULL, &err), err);
    if (_i == 1)
        ck_ok(put("one"), err);
    ck_ok(hg_tx_savepoint(service, "select", &err), err);       /* may be the first statement, and a keyword */
    ck_status(run_wrong(), HG_E_INVALID, err);
    ck_status(put("two"), HG_E_STATE, err);
    ck_status(hg_tx_savepoint(service, "other", &err), HG_E_STATE, err);
    ck_ok(hg_tx_rollback_to(service, "select", &err), err);
    ck_ok(put("three"), err);
    ck_ok(hg_tx_release(service, "select", &err), err);
    ck_ok(hg_tx_commit(service, &err), err);
    ck_assert_str_eq(stored(), "three");
}
END_TEST

START_TEST(a_savepoint_that_is_none_is_a_state_error)
{
    ck_ok(hg_tx_begin(service, NULL, &err), err);
    ck_status(hg_tx_rollback_to(service, "nowhere", &err), HG_E_STATE, err);
    ck_ok(hg_tx_rollback(service, &err), err);
    ck_ok(hg_tx_begin(service, NULL, &err), err);
    ck_ok(put("one"), err);
    ck_status(hg_tx_release(service, "nowhere", &err), HG_E_STATE, err);
    ck_ok(hg_tx_rollback(service, &err), err);
}
END_TEST

START_TEST(a_name_that_is_none_is_refused_unsent)
{
    static const char *const names[] = {
        NULL, "", "a b", "a\"b", "a;b", "\u00e4", "a-b",
        "a234567890123456789012345678901234567890123456789012345678901234",
    };
    uint64_t trips;

    ck_ok(hg_tx_begin(service, NULL, &err), err);
    ck_ok(put("one"), err);
    trips = conn_stats(service).round_trips;
    ck_status(hg_tx_savepoint(service, names[_i], &err), HG_E_INVALID, err);
    ck_status(hg_tx_release(service, names[_i], &err), HG_E_INVALID, err);
    ck_status(hg_tx_rollback_to(service, names[_i], &err), HG_E_INVALID, err);
    ck_assert_msg(conn_stats(service).round_trips == trips, "it was sent");
    ck_ok(hg_tx_savepoint(service, "a23456789012345678901234567890123456789012345678901234567890123", &err), err);
    ck_ok(hg_tx_commit(service, &err), err);
    ck_assert_str_eq(stored(), "one");
}
END_TEST

/* ---- Closing ----------------------------------------------------------------------------------------------------- */

START_TEST(closing_inside_a_transaction_rolls_back)
{
    hg_conn *conn = fixture_conn(fixture_dsn("SERVICE"), NULL);
    hg_task row = { .struct_size = sizeof row, .title = { "lost", 4 } };
    int pid = backend_pid(conn);

    ck_ok(hg_tx_begin(conn, NULL, &err), err);
    ck_ok(hg_task_update(conn, &task, &row, HG_BIT(HG_TASK_TITLE), NULL, &err), err);
    hg_conn_close(conn);
    wait_until_gone(pid);
    ck_assert_msg(strcmp(stored(), "lost") != 0, "it was kept");
    ck_ok(put("free"), err);                            /* and nothing holds the row */
}
END_TEST

Suite *
suite_session_tx(void)
{
    Suite *suite = suite_create("session/tx");
    TCase *tc = tcase_create("tx");

    tcase_add_checked_fixture(tc, setup, fixture_close);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, commit_keeps_and_rollback_drops);
    tcase_add_test(tc, it_is_open_from_begin_to_its_end);
    tcase_add_loop_test(tc, options_that_are_none_are_refused, 0, 6);
    tcase_add_loop_test(tc, options_reach_the_server, 0, 4);
    tcase_add_test(tc, repeatable_read_sees_one_moment);
    tcase_add_test(tc, after_a_failed_statement_nothing_runs_and_nothing_is_kept);
    tcase_add_test(tc, a_first_statement_that_fails_fails_the_transaction);
    tcase_add_test(tc, what_is_refused_before_it_is_sent_does_not_fail_the_transaction);
    tcase_add_test(tc, an_update_that_found_nothing_does_not_fail_the_transaction);
    tcase_add_test(tc, a_savepoint_is_what_can_be_gone_back_to);
    tcase_add_loop_test(tc, a_failed_transaction_goes_on_after_its_savepoint, 0, 2);
    tcase_add_test(tc, a_savepoint_that_is_none_is_a_state_error);
    tcase_add_loop_test(tc, a_name_that_is_none_is_refused_unsent, 0, 8);
    tcase_add_test(tc, closing_inside_a_transaction_rolls_back);
    suite_add_tcase(suite, tc);
    return suite;
}
