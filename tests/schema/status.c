/* schema/status - what stands applied and what is to come. */
#include "suites.h"

#include <string.h>

#include "scratch.h"

static hg_schema_plan *
read_plan(hg_conn *conn)
{
    hg_schema_plan *plan;
    hg_error err = { 0 };

    assert_status(hg_schema_status(conn, &plan, &err), HG_OK, err);
    return plan;
}

START_TEST(an_empty_database_has_everything_pending)
{
    hg_schema_plan *plan = read_plan(as_installer());
    size_t count, stride;
    const hg_migration *rows = hg_schema_plan_rows(plan, &count, &stride);

    ck_assert_int_eq((int)count, hgi_migration_count);
    ck_assert_uint_eq(stride, sizeof(hg_migration));
    for (size_t i = 0; i < count; i++) {
        ck_assert_str_eq(rows[i].version, hgi_migrations[i].version);
        ck_assert_str_eq(rows[i].name, hgi_migrations[i].name);
        ck_assert_int_eq(rows[i].state, HG_MIGRATION_PENDING);
        ck_assert_int_eq(rows[i].applied_at, 0);
        ck_assert_uint_eq(rows[i].struct_size, sizeof rows[i]);
    }
    hg_schema_plan_free(plan);
}
END_TEST

START_TEST(a_migrated_database_has_everything_applied)
{
    hg_schema_plan *plan = read_plan(as_installer());
    size_t count;
    const hg_migration *rows = hg_schema_plan_rows(plan, &count, NULL);
    int64_t now = scratch_int(as_installer(), "SELECT (extract(epoch FROM now()) * 1000000)::bigint");

    ck_assert_int_eq((int)count, hgi_migration_count);
    for (size_t i = 0; i < count; i++) {
        ck_assert_int_eq(rows[i].state, HG_MIGRATION_APPLIED);
        ck_assert_msg(rows[i].applied_at > now - INT64_C(3600000000) && rows[i].applied_at <= now,
                      "%s was applied %lld us from now", rows[i].version, (long long)(rows[i].applied_at - now));
        ck_assert_int_ge(rows[i].duration_ms, 0);
    }
    hg_schema_plan_free(plan);
}
END_TEST

START_TEST(what_differs_is_told_in_order)
{
    hg_schema_plan *plan;
    size_t count;
    const hg_migration *rows;

    scratch_run(as_admin(), "UPDATE hotgigs.schema_history SET checksum = sha256('x') WHERE version = '003';"
                            "INSERT INTO hotgigs.schema_history (version, name, checksum)"
                            " VALUES ('000', 'earlier', sha256('y')), ('999', 'later', sha256('z'));"
                            "DELETE FROM hotgigs.schema_history WHERE version = '004'");
    plan = read_plan(as_installer());
    rows = hg_schema_plan_rows(plan, &count, NULL);

    ck_assert_int_eq((int)count, hgi_migration_count + 2);
    ck_assert_str_eq(rows[0].version, "000");
    ck_assert_str_eq(rows[0].name, "earlier");
    ck_assert_int_eq(rows[0].state, HG_MIGRATION_UNKNOWN);
    ck_assert_int_eq(rows[1].state, HG_MIGRATION_APPLIED);
    ck_assert_str_eq(rows[3].version, "003");
    ck_assert_int_eq(rows[3].state, HG_MIGRATION_CHANGED);
    ck_assert_int_eq(rows[4].state, HG_MIGRATION_PENDING);
    ck_assert_str_eq(rows[count - 1].version, "999");
    ck_assert_int_eq(rows[count - 1].state, HG_MIGRATION_UNKNOWN);
    hg_schema_plan_free(plan);
}
END_TEST

START_TEST(a_visitor_may_ask)
{
    hg_schema_plan *plan;
    size_t count;

    scratch_run(as_admin(), "SET ROLE hotgigs_anon");
    plan = read_plan(as_admin());

    hg_schema_plan_rows(plan, &count, NULL);
    ck_assert_int_eq((int)count, hgi_migration_count);
    hg_schema_plan_free(plan);
}
END_TEST

START_TEST(not_inside_a_transaction)
{
    hg_schema_plan *plan = (hg_schema_plan *)1;
    hg_text *text = (hg_text *)1;
    hg_error err = { 0 };
    int32_t applied = 7;

    assert_status(hg_tx_begin(as_installer(), NULL, &err), HG_OK, err);

    assert_status(hg_schema_status(as_installer(), &plan, &err), HG_E_STATE, err);
    ck_assert_ptr_null(plan);
    assert_status(hg_schema_verify(as_installer(), &text, &err), HG_E_STATE, err);
    ck_assert_ptr_null(text);
    assert_status(hg_schema_apply(as_installer(), 0, &applied, &err), HG_E_STATE, err);
    ck_assert_int_eq(applied, 0);
    assert_status(hg_tx_rollback(as_installer(), &err), HG_OK, err);
}
END_TEST

START_TEST(arguments_are_checked)
{
    hg_error err = { 0 };
    size_t count = 7;

    assert_status(hg_schema_status(as_installer(), NULL, &err), HG_E_INVALID, err);
    assert_status(hg_schema_verify(as_installer(), NULL, &err), HG_E_INVALID, err);
    assert_status(hg_schema_apply(as_installer(), -1, NULL, &err), HG_E_INVALID, err);
    assert_status(hg_schema_apply(NULL, 0, NULL, &err), HG_E_INVALID, err);
    ck_assert_ptr_null(hg_schema_plan_rows(NULL, &count, NULL));
    ck_assert_uint_eq(count, 0);
    hg_schema_plan_free(NULL);
}
END_TEST

/* Only applying needs a lock that stays. */
START_TEST(behind_a_pooler_one_may_ask)
{
    hg_schema_plan *plan;
    hg_text *text;
    hg_error err = { 0 };

    as_installer()->named = 0;             /* as link/connect.c does where the server process is another one */

    plan = read_plan(as_installer());
    hg_schema_plan_free(plan);
    assert_status(hg_schema_verify(as_installer(), &text, &err), HG_OK, err);
    hg_text_free(text);
    as_installer()->named = 1;
}
END_TEST

Suite *
suite_schema_status(void)
{
    Suite *suite = suite_create("schema/status");
    TCase *empty = tcase_create("empty"), *made = tcase_create("made");

    tcase_add_checked_fixture(empty, scratch_empty, scratch_drop);
    tcase_add_test(empty, an_empty_database_has_everything_pending);
    tcase_add_test(empty, not_inside_a_transaction);
    tcase_add_test(empty, arguments_are_checked);
    suite_add_tcase(suite, empty);

    tcase_add_unchecked_fixture(made, scratch_prepare, scratch_remove);
    tcase_add_checked_fixture(made, scratch_made, scratch_drop);
    tcase_set_timeout(made, 60);
    tcase_add_test(made, a_migrated_database_has_everything_applied);
    tcase_add_test(made, what_differs_is_told_in_order);
    tcase_add_test(made, a_visitor_may_ask);
    tcase_add_test(made, behind_a_pooler_one_may_ask);
    suite_add_tcase(suite, made);
    return suite;
}
