/* schema/lock - one run at a time, and nobody waits for ever. */
#include "suites.h"

#include <pthread.h>
#include <string.h>

#include "scratch.h"

/* The key that lib/schema/lock.c documents; other programs may rely on it. */
static const char take_sql[] = "SELECT pg_advisory_lock(7525361489858229041)";
static const char give_sql[] = "SELECT pg_advisory_unlock(7525361489858229041)";

typedef struct runner {
    hg_conn  *conn;
    hg_status status;
    int32_t   applied;
    hg_error  err;
} runner;

static void *
apply(void *arg)
{
    runner *r = arg;

    r->status = hg_schema_apply(r->conn, 0, &r->applied, &r->err);
    return NULL;
}

START_TEST(two_runs_at_once_apply_everything_once)
{
    runner runners[2] = { { .conn = open_installer() }, { .conn = open_installer() } };
    pthread_t threads[2];

    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, apply, &runners[i]), 0);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);

    for (int i = 0; i < 2; i++)
        assert_status(runners[i].status, HG_OK, runners[i].err);
    ck_assert_int_eq(runners[0].applied + runners[1].applied, hgi_migration_count);
    ck_assert_msg(runners[0].applied == 0 || runners[1].applied == 0, "one applied %d and the other %d",
                  runners[0].applied, runners[1].applied);
    hg_conn_close(runners[0].conn);
    hg_conn_close(runners[1].conn);
}
END_TEST

START_TEST(a_run_gives_up_when_its_time_is_over)
{
    int64_t began;
    int32_t applied = 7;
    hg_error err = { 0 };

    scratch_run(as_admin(), take_sql);
    began = hgi_now_us();
    assert_status(hg_schema_apply(as_installer(), 300, &applied, &err), HG_E_CANCELLED, err);

    ck_assert_int_ge(hgi_now_us() - began, 300000);
    ck_assert_int_lt(hgi_now_us() - began, 1500000);
    ck_assert_int_eq(applied, 0);
    assert_contains(err.message, "lock");
    assert_contains(err.message, "login ");
    ck_assert_int_eq(scratch_int(as_admin(), "SELECT count(*) FROM pg_namespace WHERE nspname = 'hotgigs'"), 0);
}
END_TEST

/* A waiter inside pg_advisory_lock() would hold the other's CREATE INDEX CONCURRENTLY up, and it him. */
START_TEST(a_run_that_waits_holds_no_snapshot)
{
    runner waiting = { .conn = open_installer() };
    hg_conn *admin = as_admin();
    pthread_t thread;

    scratch_run(admin, take_sql);
    ck_assert_int_eq(pthread_create(&thread, NULL, apply, &waiting), 0);
    scratch_run(admin, "CREATE TABLE t (a int)");
    scratch_run(admin, "SET lock_timeout = '5s'");
    scratch_run(admin, "CREATE INDEX CONCURRENTLY ON t (a)");
    scratch_run(admin, "DROP TABLE t");
    scratch_run(admin, give_sql);
    pthread_join(thread, NULL);

    assert_status(waiting.status, HG_OK, waiting.err);
    ck_assert_int_eq(waiting.applied, hgi_migration_count);
    hg_conn_close(waiting.conn);
}
END_TEST

START_TEST(the_lock_is_given_back_whatever_the_outcome)
{
    static scratch_build own;
    hg_error err = { 0 };

    scratch_build_own(&own);
    own.build.migration_count = 1;
    scratch_build_add(&own, "900", "broken", "BEGIN; SELECT 1 / 0; COMMIT;", 1);
    assert_status(hgi_schema_apply_list(as_installer(), &own.build, 0, NULL, &err), HG_E_INVALID, err);

    ck_assert_int_eq(scratch_int(as_admin(), "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"), 0);
}
END_TEST

Suite *
suite_schema_lock(void)
{
    Suite *suite = suite_create("schema/lock");
    TCase *tcase = tcase_create("lock");

    tcase_add_checked_fixture(tcase, scratch_empty, scratch_drop);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, two_runs_at_once_apply_everything_once);
    tcase_add_test(tcase, a_run_gives_up_when_its_time_is_over);
    tcase_add_test(tcase, a_run_that_waits_holds_no_snapshot);
    tcase_add_test(tcase, the_lock_is_given_back_whatever_the_outcome);
    suite_add_tcase(suite, tcase);
    return suite;
}
