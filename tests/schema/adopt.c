/* schema/adopt - a database that was made with psql gets its history, if it is what this build would have made. */
#include "suites.h"

#include <string.h>

#include "scratch.h"

static const char history_count[] = "SELECT count(*) FROM hotgigs.schema_history";

/* As psql -f does. */
static void
run_files(int32_t count)
{
    for (int32_t i = 0; i < count; i++) {
        hg_conn *conn = open_installer();

        scratch_run(conn, hgi_migrations[i].sql);
        hg_conn_close(conn);
    }
}

START_TEST(a_database_made_with_psql_is_adopted)
{
    hg_error err = { 0 };
    int32_t applied;

    run_files(hgi_migration_count);
    ck_assert_int_eq(scratch_int(as_admin(), history_count), 0);

    assert_status(hg_schema_apply(as_installer(), 0, &applied, &err), HG_OK, err);
    ck_assert_int_eq(applied, hgi_migration_count);
    ck_assert_int_eq(scratch_int(as_admin(), "SELECT count(*) FROM hotgigs.schema_history"
                                             " WHERE library_version IS NULL AND duration_ms IS NULL"),
                     hgi_migration_count);

    assert_status(hg_schema_apply(as_installer(), 0, &applied, &err), HG_OK, err);
    ck_assert_int_eq(applied, 0);
}
END_TEST

START_TEST(a_table_of_somebody_else_does_not_hinder)
{
    hg_error err = { 0 };
    int32_t applied;

    scratch_run(as_admin(), "CREATE TABLE public.invoices (a int CHECK (a > 0));"
                            "GRANT ALL ON public.invoices TO PUBLIC");

    assert_status(hg_schema_apply(as_installer(), 0, &applied, &err), HG_OK, err);
    ck_assert_int_eq(applied, hgi_migration_count);
}
END_TEST

START_TEST(a_database_that_differs_is_not_adopted)
{
    hg_error err = { 0 };
    int32_t applied;

    run_files(hgi_migration_count);
    scratch_run(as_admin(), "ALTER TABLE public.job_skills ALTER COLUMN skill_name TYPE varchar(300)");

    assert_status(hg_schema_apply(as_installer(), 0, &applied, &err), HG_E_SCHEMA, err);
    ck_assert_int_eq(applied, 0);
    ck_assert_str_eq(err.table, "job_skills");
    assert_contains(err.message, "public.job_skills column skill_name: character varying(");
    ck_assert_int_eq(scratch_int(as_admin(), history_count), 0);
}
END_TEST

START_TEST(a_database_that_psql_has_half_made_is_not_adopted)
{
    hg_error err = { 0 };

    run_files(hgi_migration_count / 2);

    assert_status(hg_schema_apply(as_installer(), 0, NULL, &err), HG_E_SCHEMA, err);
    assert_contains(err.message, "missing: ");
    ck_assert_int_eq(scratch_int(as_admin(), history_count), 0);
}
END_TEST

START_TEST(a_database_with_a_table_of_our_name_is_left_alone)
{
    hg_error err = { 0 };

    scratch_run(as_admin(), "CREATE TABLE public.users (id bigint)");

    assert_status(hg_schema_apply(as_installer(), 0, NULL, &err), HG_E_SCHEMA, err);
    ck_assert_int_eq(scratch_int(as_admin(), "SELECT count(*) FROM pg_namespace WHERE nspname = 'hotgigs'"), 0);
}
END_TEST

Suite *
suite_schema_adopt(void)
{
    Suite *suite = suite_create("schema/adopt");
    TCase *tcase = tcase_create("adopt");

    tcase_add_checked_fixture(tcase, scratch_empty, scratch_drop);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_database_made_with_psql_is_adopted);
    tcase_add_test(tcase, a_table_of_somebody_else_does_not_hinder);
    tcase_add_test(tcase, a_database_that_differs_is_not_adopted);
    tcase_add_test(tcase, a_database_that_psql_has_half_made_is_not_adopted);
    tcase_add_test(tcase, a_database_with_a_table_of_our_name_is_left_alone);
    suite_add_tcase(suite, tcase);
    return suite;
}
