/* schema/check - the comparison at connect: what is missing or different is named, what is more is not minded. */
#include "suites.h"

#include <string.h>

#include "generated/tables.h"
#include "record/check.h"
#include "scratch.h"

static hg_status
check(hg_conn *conn, hg_error *err)
{
    return hgi_schema_check(conn, hgi_tables, hgi_table_count, err);
}

START_TEST(a_migrated_database_passes_in_one_round_trip)
{
    hg_conn_stats before = { .struct_size = sizeof before }, after = { .struct_size = sizeof after };
    hg_error err = { 0 };

    ck_assert_int_eq(hg_conn_get_stats(as_installer(), &before, NULL), HG_OK);
    assert_status(check(as_installer(), &err), HG_OK, err);
    ck_assert_int_eq(hg_conn_get_stats(as_installer(), &after, NULL), HG_OK);

    ck_assert_uint_eq(after.round_trips - before.round_trips, 1);
    ck_assert_uint_eq(after.prepared, before.prepared);
}
END_TEST

START_TEST(a_visitor_needs_no_right)
{
    hg_error err = { 0 };

    scratch_run(as_admin(), "SET ROLE hotgigs_anon");

    assert_status(check(as_admin(), &err), HG_OK, err);
}
END_TEST

static const struct { const char *name, *sql, *message, *table; int32_t column; } drifts[] = {
    { "a table is missing", "DROP TABLE public.tasks CASCADE", "database lacks public.tasks", "tasks", -1 },
    { "a table in another schema", "ALTER TABLE public.tasks SET SCHEMA hotgigs", "database lacks public.tasks",
      "tasks", -1 },
    { "a column is missing", "ALTER TABLE public.jobs DROP COLUMN title CASCADE", "database lacks public.jobs.title",
      "jobs", HG_JOB_TITLE },
    { "a column has another name", "ALTER TABLE public.jobs RENAME COLUMN location TO place",
      "database lacks public.jobs.location", "jobs", HG_JOB_LOCATION },
    { "a column has another type", "ALTER TABLE public.email_logs ALTER COLUMN error_message TYPE integer USING 0",
      "public.email_logs.error_message is integer where text was expected", "email_logs", HG_EMAIL_LOG_ERROR_MESSAGE },
    { "text for varchar", "ALTER TABLE public.job_skills ALTER COLUMN skill_name TYPE text",
      "public.job_skills.skill_name is text where character varying(100) was expected", "job_skills",
      HG_JOB_SKILL_SKILL_NAME },
    { "the first of several", "ALTER TABLE public.email_logs DROP COLUMN sent_at,"
      " ALTER COLUMN error_message TYPE integer USING 0; DROP TABLE public.tasks CASCADE",
      "public.email_logs.error_message is integer where text was expected", "email_logs", HG_EMAIL_LOG_ERROR_MESSAGE },
};

START_TEST(what_differs_is_named)
{
    hg_error err = { 0 };

    hg_status st;

    scratch_run(as_admin(), "BEGIN");
    scratch_run(as_admin(), drifts[_i].sql);
    scratch_run(as_admin(), "SET LOCAL ROLE hotgigs_anon");
    st = check(as_admin(), &err);
    scratch_run(as_admin(), "ROLLBACK");

    assert_status(st, HG_E_SCHEMA, err);
    ck_assert_str_eq(err.message, drifts[_i].message);
    ck_assert_str_eq(err.table, drifts[_i].table);
    ck_assert_int_eq(err.column, drifts[_i].column);
}
END_TEST

START_TEST(a_newer_database_passes)
{
    hg_error err = { 0 };
    hg_status st;

    scratch_run(as_admin(), "BEGIN");
    scratch_run(as_admin(), "ALTER TABLE public.jobs ADD COLUMN more text; CREATE TABLE public.invoices (id int);"
                            "ALTER TABLE public.jobs DROP COLUMN title CASCADE, ADD COLUMN title varchar(255);"
                            "CREATE TABLE hotgigs.jobs (id int);"
                            "ALTER TABLE public.jobs ALTER COLUMN slug TYPE varchar(300)");
    st = check(as_admin(), &err);
    scratch_run(as_admin(), "ROLLBACK");

    assert_status(st, HG_OK, err);
}
END_TEST

Suite *
suite_schema_check(void)
{
    Suite *suite = suite_create("schema/check");
    TCase *tcase = tcase_create("check");

    tcase_add_unchecked_fixture(tcase, scratch_prepare, scratch_remove);
    tcase_add_checked_fixture(tcase, scratch_shared, scratch_drop);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_migrated_database_passes_in_one_round_trip);
    tcase_add_test(tcase, a_visitor_needs_no_right);
    tcase_add_loop_test(tcase, what_differs_is_named, 0, (int)(sizeof drifts / sizeof drifts[0]));
    tcase_add_test(tcase, a_newer_database_passes);
    suite_add_tcase(suite, tcase);
    return suite;
}
