/* schema/concurrent - CREATE INDEX CONCURRENTLY alone in a file: repeatable, whatever was left behind. */
#include "suites.h"

#include <string.h>

#include "scratch.h"

static const char build_sql[] =
    "-- Jobs by title.\n"
    "SET ROLE hotgigs_owner;\n"
    "CREATE UNIQUE INDEX CONCURRENTLY system_metrics_once_idx ON public.system_metrics (metric_name);\n"
    "RESET ROLE;\n";

static const char index_state[] =
    "SELECT concat_ws(' ', pg_get_userbyid(c.relowner), i.indisvalid)"
    " FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE relname = 'system_metrics_once_idx'";

static scratch_build own;

static void
with_file(const char *sql)
{
    scratch_build_own(&own);
    scratch_build_add(&own, "900", "once", sql, 0);
}

static hg_status
apply(int32_t *applied, hg_error *err)
{
    return hgi_schema_apply_list(as_installer(), &own.build, 0, applied, err);
}

static void
add_twins(void)
{
    scratch_run(as_admin(), "INSERT INTO public.system_metrics (metric_name, metric_value) VALUES ('a', 1), ('a', 2)");
}

START_TEST(an_index_is_built_and_recorded_once)
{
    hg_error err = { 0 };
    int32_t applied;

    with_file(build_sql);
    assert_status(apply(&applied, &err), HG_OK, err);
    ck_assert_int_eq(applied, 1);
    ck_assert_str_eq(scratch_text(as_admin(), index_state), "hotgigs_owner t");
    ck_assert_int_eq(scratch_int(as_admin(), "SELECT count(*) FROM hotgigs.schema_history WHERE version = '900'"
                                             " AND duration_ms >= 0"), 1);

    assert_status(apply(&applied, &err), HG_OK, err);
    ck_assert_int_eq(applied, 0);
}
END_TEST

/* The run that built it ended before it was recorded. */
START_TEST(an_index_that_is_there_counts_as_built)
{
    hg_error err = { 0 };
    int32_t applied;

    with_file(build_sql);
    scratch_run(as_admin(), "CREATE UNIQUE INDEX system_metrics_once_idx ON public.system_metrics (metric_name)");

    assert_status(apply(&applied, &err), HG_OK, err);
    ck_assert_int_eq(applied, 1);
}
END_TEST

static const char *const spellings[] = {
    "SET ROLE hotgigs_owner; CREATE UNIQUE INDEX CONCURRENTLY system_metrics_once_idx"
    " ON public.system_metrics (metric_name); RESET ROLE;",
    "SET ROLE hotgigs_owner; create unique index\n  concurrently if not exists system_metrics_once_idx"
    " on public.system_metrics(metric_name); RESET ROLE;",
};

START_TEST(an_invalid_index_is_dropped_and_built_anew)
{
    hg_error err = { 0 };
    hg_error failure = { 0 };

    with_file(spellings[_i]);
    add_twins();
    ck_assert_int_ne(hgi_script(as_admin(), "CREATE UNIQUE INDEX CONCURRENTLY system_metrics_once_idx"
                                            " ON public.system_metrics (metric_name)", &failure), HG_OK);
    scratch_run(as_admin(), "DELETE FROM public.system_metrics");
    ck_assert_str_eq(scratch_text(as_admin(), index_state), "hotgigs_owner f");

    assert_status(apply(NULL, &err), HG_OK, err);
    ck_assert_str_eq(scratch_text(as_admin(), index_state), "hotgigs_owner t");
}
END_TEST

START_TEST(a_build_that_fails_leaves_no_index)
{
    hg_error err = { 0 };

    with_file(build_sql);
    add_twins();

    assert_status(apply(NULL, &err), HG_E_CONFLICT, err);
    assert_contains(err.message, "900_once: ");
    ck_assert_str_eq(err.sqlstate, "23505");
    ck_assert_str_eq(scratch_text(as_admin(), index_state), "");
    ck_assert_int_eq(scratch_int(as_admin(), "SELECT count(*) FROM hotgigs.schema_history WHERE version = '900'"), 0);
}
END_TEST

START_TEST(a_statement_that_fails_leaves_role_and_settings_as_they_were)
{
    hg_error err = { 0 };

    with_file("SET ROLE hotgigs_owner; SET lock_timeout = '7s'; SELECT no_such_function(); RESET ROLE;");

    assert_status(apply(NULL, &err), HG_E_SCHEMA, err);       /* the fixture looks at the session */
    ck_assert_str_eq(err.sqlstate, "42883");
}
END_TEST

Suite *
suite_schema_concurrent(void)
{
    Suite *suite = suite_create("schema/concurrent");
    TCase *tcase = tcase_create("concurrent");

    tcase_add_unchecked_fixture(tcase, scratch_prepare, scratch_remove);
    tcase_add_checked_fixture(tcase, scratch_made, scratch_drop);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, an_index_is_built_and_recorded_once);
    tcase_add_test(tcase, an_index_that_is_there_counts_as_built);
    tcase_add_loop_test(tcase, an_invalid_index_is_dropped_and_built_anew, 0,
                        (int)(sizeof spellings / sizeof spellings[0]));
    tcase_add_test(tcase, a_build_that_fails_leaves_no_index);
    tcase_add_test(tcase, a_statement_that_fails_leaves_role_and_settings_as_they_were);
    suite_add_tcase(suite, tcase);
    return suite;
}
