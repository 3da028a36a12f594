/* link/call - one call, one trip: what travels with it, and errors that come late. */
#include "fixture.h"
#include "suites.h"

#include <string.h>

/* ---- Round trips ------------------------------------------------------------------------------------------------- */

static hg_conn_stats before;

static void
from_here(hg_conn *conn)
{
    before = conn_stats(conn);
}

static void
expect(hg_conn *conn, const char *what, int trips, int context_rows)
{
    hg_conn_stats now = conn_stats(conn);

    ck_assert_msg((int)(now.round_trips - before.round_trips) == trips, "%s: %d round trips, want %d", what,
                  (int)(now.round_trips - before.round_trips), trips);
    ck_assert_msg((int)(now.context_rows - before.context_rows) == context_rows, "%s: %d context rows, want %d", what,
                  (int)(now.context_rows - before.context_rows), context_rows);
    before = now;
}

/* Every kind of call, each in one trip, first use and later ones alike. */
static void
run_all(hg_conn *conn, int context_rows)
{
    for (int round = 0; round < 2; round++) {
        hg_task row = { .struct_size = sizeof row, .title = { "t", 1 } };
        hg_user user = { .struct_size = sizeof user, .email = unique_text(), .user_type = 1, .phone = { "1", 1 } };
        const hg_task *made = NULL, *got = NULL;
        hg_task_list *list = NULL;
        hg_uuid id;

        from_here(conn);
        ck_ok(hg_task_insert(conn, &row, HG_BIT(HG_TASK_TITLE), &made, &err), err);
        expect(conn, "insert", 1, context_rows);
        id = made->id;
        ck_ok(hg_task_get(conn, &id, &got, &err), err);
        expect(conn, "get", 1, context_rows);
        hg_task_free(got);
        ck_ok(hg_task_get_many(conn, &id, 1, &list, &err), err);
        expect(conn, "get_many", 1, context_rows);
        hg_task_list_free(list);
        ck_ok(hg_task_update(conn, &id, &row, HG_BIT(HG_TASK_TITLE), NULL, &err), err);
        expect(conn, "update", 1, context_rows);
        row.row_version = made->row_version + 1;
        ck_status(hg_task_update(conn, &id, &row, HG_BIT(HG_TASK_TITLE), NULL, &err), HG_E_CONFLICT, err);
        expect(conn, "an update of another version", 1, context_rows);
        row.row_version = 0;
        ck_ok(hg_task_insert_many(conn, &row, 1, sizeof row, HG_BIT(HG_TASK_TITLE), &list, &err), err);
        expect(conn, "insert_many", 1, context_rows);
        hg_task_list_free(list);
        ck_ok(hg_user_upsert(conn, &user, HG_BIT(HG_USER_EMAIL) | HG_BIT(HG_USER_USER_TYPE) | HG_BIT(HG_USER_PHONE),
                             HG_USER_KEY_EMAIL, NULL, &err), err);
        expect(conn, "upsert", 1, context_rows);
        ck_ok(hg_task_delete(conn, &id, &err), err);
        expect(conn, "delete", 1, context_rows);
        ck_status(hg_task_delete(conn, &id, &err), HG_E_NOT_FOUND, err);
        expect(conn, "a delete of nothing", 1, context_rows);
        ck_ok(hg_conn_ping(conn, &err), err);
        expect(conn, "ping", 1, 0);
        hg_task_free(made);
    }
}

START_TEST(each_call_is_one_trip_without_a_context_row_as_the_default_persona)
{
    run_all(service, 0);
}
END_TEST

START_TEST(each_call_is_one_trip_with_one_context_row_in_a_session)
{
    hg_identity who = identity(HG_ROLE_SERVICE, NULL);

    strcpy(who.action, "test");
    ck_ok(hg_session_enter(service, &who, &err), err);
    run_all(service, 1);
    hg_session_leave(service);
}
END_TEST

START_TEST(an_identity_that_is_the_default_persona_sends_no_context_row)
{
    hg_identity who = identity(HG_ROLE_SERVICE, NULL);

    ck_ok(hg_session_enter(service, &who, &err), err);
    run_all(service, 0);
}
END_TEST

START_TEST(without_prepared_statements_it_is_one_trip_too)
{
    hg_conn_options opt = { .struct_size = sizeof opt, .prepare = HG_PREPARE_OFF };
    hg_conn *conn = fixture_conn(fixture_dsn("SERVICE"), &opt);
    hg_identity who = identity(HG_ROLE_SERVICE, NULL);

    strcpy(who.action, "test");
    run_all(conn, 0);
    ck_ok(hg_session_enter(conn, &who, &err), err);
    run_all(conn, 1);
    hg_session_leave(conn);
    fixture_done(conn);
}
END_TEST

START_TEST(a_transaction_costs_its_statements_and_commit)
{
    hg_identity who = identity(HG_ROLE_SERVICE, NULL);
    hg_uuid id = fixture_insert(HG_TABLE_TASKS);
    const hg_task *row = NULL;

    strcpy(who.action, "test");
    ck_ok(hg_session_enter(service, &who, &err), err);
    from_here(service);
    ck_ok(hg_tx_begin(service, NULL, &err), err);
    expect(service, "begin", 0, 0);
    ck_ok(hg_task_get(service, &id, &row, &err), err);
    hg_task_free(row);
    expect(service, "its first statement", 1, 1);
    ck_ok(hg_task_get(service, &id, &row, &err), err);
    hg_task_free(row);
    expect(service, "its second statement", 1, 0);
    ck_ok(hg_tx_commit(service, &err), err);
    expect(service, "commit", 1, 0);
    ck_ok(hg_tx_begin(service, NULL, &err), err);
    ck_ok(hg_tx_commit(service, &err), err);
    expect(service, "a transaction without statements", 0, 0);
    ck_ok(hg_tx_begin(service, NULL, &err), err);
    ck_ok(hg_tx_rollback(service, &err), err);
    expect(service, "one that is rolled back", 0, 0);
}
END_TEST

/* ---- What only the Sync raises ----------------------------------------------------------------------------------- */

static hg_conn *installer;
static const char *scratch;

static void
open_installer(void)
{
    fixture_open();
    installer = fixture_conn(fixture_dsn("INSTALLER"), NULL);
    scratch = fixture_text("late_%s", unique_text().ptr);
    ck_ok(hgi_script(installer, fixture_text("CREATE TABLE public.%s (n integer UNIQUE DEFERRABLE INITIALLY DEFERRED)",
                                             scratch), &err), err);
}

static void
close_installer(void)
{
    hg_tx_rollback(installer, NULL);
    hgi_script(installer, fixture_text("DROP TABLE public.%s", scratch), NULL);
    fixture_done(installer);
    fixture_close();
}

/* A statement of the test's own, as the layers above make theirs. */
static hg_status
insert_number(hg_conn *conn, int32_t number, uint32_t flags, hgi_result **out)
{
    static const uint32_t types[] = { HGI_OID_INT4 };
    hgi_call call = { .flags = HGI_CALL_WRITE | flags };
    const char *value;
    char bytes[4];
    int length = 4;

    call.statement = hgi_statement_find(conn, "late", 4);
    if (call.statement == NULL)
        call.statement = hgi_statement_add(conn, "late", 4, fixture_text("INSERT INTO public.%s VALUES ($1) RETURNING n",
                                                                         scratch), 1, types, &err);
    hgi_put32(bytes, (uint32_t)number);
    value = bytes;
    call.args = (hgi_args){ 1, &value, &length };
    return hgi_call_run(conn, &call, out, NULL, &err);
}

START_TEST(a_deferred_constraint_fails_the_call_although_its_rows_came)
{
    hgi_result *result = NULL;

    ck_ok(insert_number(installer, 1, 0, &result), err);
    hgi_result_free(result);
    result = (hgi_result *)(void *)&result;
    ck_status(insert_number(installer, 1, 0, &result), HG_E_CONFLICT, err);        /* prepared: not a pipeline */
    ck_assert_msg(result == NULL, "rows were given in spite of the failure");
    ck_assert_str_eq(err.sqlstate, "23505");
    ck_ok(insert_number(installer, 2, 0, &result), err);
    hgi_result_free(result);
    ck_assert_msg(sql_int("SELECT count(*) FROM %s", scratch) == 2, "%ld rows are stored, want 2",
                  sql_int("SELECT count(*) FROM %s", scratch));
}
END_TEST

START_TEST(a_deferred_constraint_fails_a_pipeline_too)
{
    hgi_result *result = NULL;

    sql_do("INSERT INTO %s VALUES (1)", scratch);
    result = (hgi_result *)(void *)&result;
    ck_status(insert_number(installer, 1, 0, &result), HG_E_CONFLICT, err);        /* its first use: Parse goes before */
    ck_assert_msg(result == NULL, "rows were given in spite of the failure");
    ck_ok(hg_conn_ping(installer, &err), err);
    ck_assert_msg(sql_int("SELECT count(*) FROM %s", scratch) == 1, "the row is stored in spite of the failure");
}
END_TEST

START_TEST(a_deferred_constraint_fails_commit)
{
    ck_ok(hg_tx_begin(installer, NULL, &err), err);
    ck_ok(insert_number(installer, 1, 0, NULL), err);
    ck_ok(insert_number(installer, 1, 0, NULL), err);
    ck_status(hg_tx_commit(installer, &err), HG_E_CONFLICT, err);
    ck_assert_msg(!hg_tx_is_open(installer), "the transaction is still open");
    ck_assert_msg(sql_int("SELECT count(*) FROM %s", scratch) == 0, "something is stored");
}
END_TEST

START_TEST(rows_read_one_by_one_count_only_after_the_end)
{
    hgi_call call = { .flags = HGI_CALL_WRITE | HGI_CALL_BY_ROW };
    hgi_result *result = NULL;
    hg_status st;
    int rows = 0;

    call.statement = hgi_statement_add(installer, "many", 4,
                                       fixture_text("INSERT INTO public.%s SELECT i / 2 FROM generate_series(0, 999) i "
                                                    "RETURNING n", scratch), 0, NULL, &err);
    ck_ok(hgi_call_send(installer, &call, &err), err);
    while ((st = hgi_call_read(installer, &call, &result, &err)) == HG_OK && result != NULL) {
        rows += hgi_result_rows(result);
        hgi_result_free(result);
    }
    ck_assert_msg(rows == 1000, "%d rows came, want 1000", rows);
    ck_status(st, HG_E_CONFLICT, err);
    ck_ok(hg_conn_ping(installer, &err), err);
}
END_TEST

START_TEST(rows_come_in_chunks_where_libpq_has_them_else_one_by_one)
{
    int want = PQlibVersion() >= 170000 ? 64 : 1, most = 0, rows = 0;
    hgi_call call = { .flags = HGI_CALL_BY_ROW };
    hgi_result *result = NULL;
    hg_status st;

    call.statement = hgi_statement_add(installer, "chunks", 6, "SELECT generate_series(1, 1000)", 0, NULL, &err);
    ck_ok(hgi_call_send(installer, &call, &err), err);
    while ((st = hgi_call_read(installer, &call, &result, &err)) == HG_OK && result != NULL) {
        rows += hgi_result_rows(result);
        most = hgi_result_rows(result) > most ? hgi_result_rows(result) : most;
        hgi_result_free(result);
    }
    ck_ok(st, err);
    ck_assert_msg(rows == 1000, "%d rows came, want 1000", rows);
    ck_assert_msg(most == want, "up to %d rows came at a time with libpq %d, want %d", most, PQlibVersion(), want);
}
END_TEST

START_TEST(values_come_in_binary_with_statements_and_without)
{
    hg_conn_options opt = { .struct_size = sizeof opt, .prepare = _i ? HG_PREPARE_OFF : HG_PREPARE_ON };
    hg_conn *conn = fixture_conn(fixture_dsn("SERVICE"), &opt);
    hgi_call call = { .flags = 0 };
    hgi_result *result = NULL;

    call.statement = hgi_statement_add(conn, "binary", 6, "SELECT 1, 'text', true, now()", 0, NULL, &err);
    ck_ok(hgi_call_run(conn, &call, &result, NULL, &err), err);
    for (int i = 0; i < 4; i++)
        ck_assert_msg(PQfformat(result, i) == 1, "column %d came in format %d, want 1, binary", i, PQfformat(result, i));
    hgi_result_free(result);
    fixture_done(conn);
}
END_TEST

START_TEST(a_call_that_is_dropped_half_way_leaves_the_connection_usable)
{
    hgi_call call = { .flags = HGI_CALL_BY_ROW };
    hgi_result *result = NULL;

    call.statement = hgi_statement_add(installer, "long", 4, "SELECT repeat('x', 1000) FROM generate_series(1, 10000000)", 0,
                                       NULL, &err);
    ck_ok(hgi_call_send(installer, &call, &err), err);
    ck_ok(hgi_call_read(installer, &call, &result, &err), err);
    ck_assert_msg(hgi_result_rows(result) >= 1, "no row came");
    hgi_result_free(result);
    hgi_call_drop(installer, &call);
    ck_ok(hg_conn_ping(installer, &err), err);
}
END_TEST

START_TEST(a_result_of_other_types_is_a_schema_error)
{
    static const uint32_t types[] = { HGI_OID_TEXT };
    hgi_call call = { .result_types = types, .result_count = 1 };
    hgi_result *result = (hgi_result *)(void *)&call;

    call.statement = hgi_statement_add(installer, "typed", 5, "SELECT 1", 0, NULL, &err);
    ck_status(hgi_call_run(installer, &call, &result, NULL, &err), HG_E_SCHEMA, err);
    ck_assert_msg(result == NULL, "a result was given in spite of the failure");
    ck_ok(hg_conn_ping(installer, &err), err);
}
END_TEST

START_TEST(after_any_error_the_next_call_works)
{
    static const char *const bad[] = {
        "SELECT 1/0", "SELEC", "SELECT * FROM no_such_table", "COMMIT; SELECT 1", "SELECT pg_sleep('x')", "",
        "COPY (SELECT 1) TO STDOUT", "COPY pg_class FROM STDIN",
    };
    hg_uuid id = fixture_insert(HG_TABLE_TASKS);
    hg_identity who = identity(HG_ROLE_SERVICE, NULL);
    const hg_task *row = NULL;

    strcpy(who.action, "test");
    for (int session = 0; session < 2; session++) {
        if (session)
            ck_ok(hg_session_enter(service, &who, &err), err);
        hgi_command(service, bad[_i], 0, NULL, &err);
        if (service->broken)                            /* COPY, which the library never asks for, may end it */
            return;
        ck_ok(hg_task_get(service, &id, &row, &err), err);
        hg_task_free(row);
    }
    hg_session_leave(service);
}
END_TEST

Suite *
suite_link_call(void)
{
    Suite *suite = suite_create("link/call");
    TCase *tc = tcase_create("trips");

    tcase_add_checked_fixture(tc, fixture_open, fixture_close);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, each_call_is_one_trip_without_a_context_row_as_the_default_persona);
    tcase_add_test(tc, each_call_is_one_trip_with_one_context_row_in_a_session);
    tcase_add_test(tc, an_identity_that_is_the_default_persona_sends_no_context_row);
    tcase_add_test(tc, without_prepared_statements_it_is_one_trip_too);
    tcase_add_test(tc, a_transaction_costs_its_statements_and_commit);
    tcase_add_loop_test(tc, values_come_in_binary_with_statements_and_without, 0, 2);
    tcase_add_loop_test(tc, after_any_error_the_next_call_works, 0, 8);
    suite_add_tcase(suite, tc);

    tc = tcase_create("late");
    tcase_add_checked_fixture(tc, open_installer, close_installer);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, a_deferred_constraint_fails_the_call_although_its_rows_came);
    tcase_add_test(tc, a_deferred_constraint_fails_a_pipeline_too);
    tcase_add_test(tc, a_deferred_constraint_fails_commit);
    tcase_add_test(tc, rows_read_one_by_one_count_only_after_the_end);
    tcase_add_test(tc, rows_come_in_chunks_where_libpq_has_them_else_one_by_one);
    tcase_add_test(tc, a_call_that_is_dropped_half_way_leaves_the_connection_usable);
    tcase_add_test(tc, a_result_of_other_types_is_a_schema_error);
    suite_add_tcase(suite, tc);
    return suite;
}
