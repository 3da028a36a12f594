/* schema/faults - each allocation fails in turn: HG_E_NOMEM, nothing half done, nothing leaked. */
#include "suites.h"

#include <string.h>

#include "generated/tables.h"
#include "record/check.h"
#include "scratch.h"

#ifdef HGI_FAULTS

typedef hg_status (*body)(hg_conn *conn, hg_error *err);

/* Until a run gets by without the failure; each before it says so. What leaks is found by the fixture, when the
 * connection is closed: a statement that was made ready stays until then. */
static void
fail_in_turn(hg_conn *conn, body run)
{
    for (long n = 1; n < 10000; n++) {
        hg_error err = { 0 };
        hg_status st;

        hgi_fault_at(n);
        st = run(conn, &err);
        hgi_fault_at(0);
        if (st == HG_OK) {
            ck_assert_msg(n > 1, "nothing was allocated");
            return;
        }
        ck_assert_msg(st == HG_E_NOMEM, "allocation %ld: %s: %s", n, hg_status_name(st), err.message);
        ck_assert_msg(hg_conn_ping(conn, &err) == HG_OK, "allocation %ld: %s", n, err.message);
    }
    ck_abort_msg("it never succeeds");
}

static hg_status
run_status(hg_conn *conn, hg_error *err)
{
    hg_schema_plan *plan;
    hg_status st = hg_schema_status(conn, &plan, err);

    ck_assert_msg((st == HG_OK) == (plan != NULL), "%s, but the plan is %p", hg_status_name(st), (void *)plan);
    hg_schema_plan_free(plan);
    return st;
}

static hg_status
run_verify(hg_conn *conn, hg_error *err)
{
    hg_text *text;
    hg_status st = hg_schema_verify(conn, &text, err);

    ck_assert_msg((st == HG_OK) == (text != NULL), "%s, but the text is %p", hg_status_name(st), (void *)text);
    hg_text_free(text);
    return st;
}

/* With a difference to tell, which succeeds by failing. */
static hg_status
run_verify_of_a_difference(hg_conn *conn, hg_error *err)
{
    hg_text *text;
    hg_status st = hg_schema_verify(conn, &text, err);

    ck_assert_msg((st == HG_E_SCHEMA) == (text != NULL), "%s, but the text is %p", hg_status_name(st), (void *)text);
    hg_text_free(text);
    return st == HG_E_SCHEMA ? HG_OK : st;
}

static hg_status
run_apply(hg_conn *conn, hg_error *err)
{
    return hg_schema_apply(conn, 0, NULL, err);
}

static hg_status
run_check(hg_conn *conn, hg_error *err)
{
    return hgi_schema_check(conn, hgi_tables, hgi_table_count, err);
}

START_TEST(status_runs_out_of_memory)
{
    fail_in_turn(as_installer(), run_status);
}
END_TEST

START_TEST(verify_runs_out_of_memory)
{
    fail_in_turn(as_installer(), run_verify_of_a_difference);
}
END_TEST

START_TEST(apply_runs_out_of_memory)
{
    fail_in_turn(as_installer(), run_apply);
    ck_assert_int_eq(run_verify(as_installer(), NULL), HG_OK);
}
END_TEST

START_TEST(adopt_runs_out_of_memory)
{
    scratch_run(as_admin(), "TRUNCATE hotgigs.schema_history");
    fail_in_turn(as_installer(), run_apply);
    ck_assert_int_eq(run_status(as_installer(), NULL), HG_OK);
}
END_TEST

START_TEST(check_runs_out_of_memory)
{
    fail_in_turn(as_installer(), run_check);
}
END_TEST

/* In what is looked at last. */
static void
scratch_with_a_difference(void)
{
    scratch_made();
    scratch_run(as_admin(), "ALTER TABLE public.users DISABLE TRIGGER USER;"
                            "INSERT INTO public.users (email, user_type) VALUES ('one@x', 'company');"
                            "ALTER TABLE public.users ENABLE TRIGGER USER");
}

#endif

Suite *
suite_schema_faults(void)
{
    Suite *suite = suite_create("schema/faults");
#ifdef HGI_FAULTS
    TCase *empty = tcase_create("empty"), *made = tcase_create("made"), *different = tcase_create("different");

    tcase_add_checked_fixture(empty, scratch_empty, scratch_drop);
    tcase_set_timeout(empty, 60);
    tcase_add_test(empty, apply_runs_out_of_memory);
    suite_add_tcase(suite, empty);

    tcase_add_unchecked_fixture(made, scratch_prepare, scratch_remove);
    tcase_add_checked_fixture(made, scratch_made, scratch_drop);
    tcase_set_timeout(made, 60);
    tcase_add_test(made, status_runs_out_of_memory);
    tcase_add_test(made, adopt_runs_out_of_memory);
    tcase_add_test(made, check_runs_out_of_memory);
    suite_add_tcase(suite, made);

    tcase_add_unchecked_fixture(different, scratch_prepare, scratch_remove);
    tcase_add_checked_fixture(different, scratch_with_a_difference, scratch_drop);
    tcase_set_timeout(different, 60);
    tcase_add_test(different, verify_runs_out_of_memory);
    suite_add_tcase(suite, different);
#endif
    return suite;
}
