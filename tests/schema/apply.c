/* schema/apply - files are applied in order, each with its history row or not at all. */
#include "suites.h"

#include <stdio.h>
#include <string.h>

#include "scratch.h"

static scratch_build own;

static const char history_count[] = "SELECT count(*) FROM hotgigs.schema_history";

static void
assert_no_table(const char *name)
{
    char sql[200];

    snprintf(sql, sizeof sql, "SELECT count(*) FROM pg_class WHERE relname = '%s'", name);
    ck_assert_msg(scratch_int(as_admin(), sql) == 0, "table %s is there", name);
}

static void
apply_own(void)
{
    hg_error err = { 0 };

    assert_status(hgi_schema_apply_list(as_installer(), &own.build, 0, NULL, &err), HG_OK, err);
}

START_TEST(an_empty_database_gets_everything)
{
    hg_error err = { 0 };
    hg_text *differences;
    int32_t applied;

    assert_status(hg_schema_apply(as_installer(), 0, &applied, &err), HG_OK, err);

    ck_assert_int_eq(applied, hgi_migration_count);
    assert_status(hg_schema_verify(as_installer(), &differences, &err), HG_OK, err);
    ck_assert_str_eq(hg_text_ptr(differences), "");
    hg_text_free(differences);
}
END_TEST

START_TEST(a_second_run_does_nothing)
{
    hg_error err = { 0 };
    int32_t applied;

    assert_status(hg_schema_apply(as_installer(), 0, NULL, &err), HG_OK, err);
    scratch_run(as_admin(), "CREATE TABLE before AS SELECT * FROM hotgigs.schema_history");
    assert_status(hg_schema_apply(as_installer(), 0, &applied, &err), HG_OK, err);

    ck_assert_int_eq(applied, 0);
    ck_assert_int_eq(scratch_int(as_admin(), "SELECT count(*) FROM (SELECT * FROM hotgigs.schema_history"
                                             " EXCEPT SELECT * FROM before) AS d"), 0);
}
END_TEST

START_TEST(the_history_tells_who_with_what_and_how_long)
{
    hg_error err = { 0 };

    assert_status(hg_schema_apply(as_installer(), 0, NULL, &err), HG_OK, err);

    ck_assert_int_eq(scratch_int(as_admin(), history_count), hgi_migration_count);
    ck_assert_int_eq(scratch_int(as_admin(), "SELECT count(*) FROM hotgigs.schema_history"
                                             " WHERE library_version = '0.1.0' AND duration_ms >= 0"
                                             " AND applied_at > now() - interval '1 hour'"
                                             " AND applied_by = (SELECT pg_get_userbyid(datdba) FROM pg_database"
                                             "                   WHERE datname = current_database())"),
                     hgi_migration_count);
    ck_assert_str_eq(scratch_text(as_admin(), "SELECT name FROM hotgigs.schema_history WHERE version = '001'"),
                     "roles");
}
END_TEST

START_TEST(an_edited_file_is_refused_before_anything_is_done)
{
    hg_error err = { 0 };

    scratch_build_own(&own);
    apply_own();
    scratch_build_add(&own, "900", "more", "BEGIN; CREATE TABLE more (); COMMIT;", 1);
    own.files[5].sha256[31] ^= 1;

    assert_status(hgi_schema_apply_list(as_installer(), &own.build, 0, NULL, &err), HG_E_SCHEMA, err);
    assert_contains(err.message, own.files[5].version);
    assert_contains(err.message, own.files[5].name);
    assert_no_table("more");
}
END_TEST

START_TEST(a_newer_history_is_refused_before_anything_is_done)
{
    hg_error err = { 0 };

    scratch_build_own(&own);
    apply_own();
    scratch_build_add(&own, "900", "more", "BEGIN; CREATE TABLE more (); COMMIT;", 1);
    scratch_run(as_admin(), "INSERT INTO hotgigs.schema_history (version, name, checksum)"
                            " VALUES ('999', 'later', sha256('x'))");

    assert_status(hgi_schema_apply_list(as_installer(), &own.build, 0, NULL, &err), HG_E_SCHEMA, err);
    assert_contains(err.message, "999_later");
    assert_no_table("more");
}
END_TEST

START_TEST(a_file_of_an_earlier_phase_is_applied_later)
{
    hg_error err = { 0 };
    int32_t applied, at;
    hgi_migration late;

    scratch_build_own(&own);
    late = own.files[own.build.migration_count - 1];
    own.build.migration_count--;
    apply_own();
    for (at = 0; strcmp(own.files[at].version, "100") < 0; at++)
        ;
    memmove(&own.files[at + 1], &own.files[at], (size_t)(own.build.migration_count - at) * sizeof own.files[0]);
    own.files[at] = late;
    own.files[at].version = "099";
    own.build.migration_count++;

    assert_status(hgi_schema_apply_list(as_installer(), &own.build, 0, &applied, &err), HG_OK, err);
    ck_assert_int_eq(applied, 1);
    ck_assert_int_eq(scratch_int(as_admin(), history_count), own.build.migration_count);
}
END_TEST

START_TEST(a_failing_file_leaves_nothing)
{
    static const char sql[] = "BEGIN;\nSET LOCAL ROLE hotgigs_owner;\nCREATE TABLE hotgigs.half ();\n"
                              "SELECT 1 / 0;\nCREATE TABLE hotgigs.other ();\nCOMMIT;\n";
    hg_error err = { 0 };
    int32_t applied;

    scratch_build_own(&own);
    own.build.migration_count = 6;
    scratch_build_add(&own, "007", "broken", sql, 1);

    assert_status(hgi_schema_apply_list(as_installer(), &own.build, 0, &applied, &err), HG_E_INVALID, err);
    ck_assert_int_eq(applied, 6);
    ck_assert_str_eq(err.sqlstate, "22012");
    ck_assert_str_eq(err.message, "007_broken: division by zero");
    ck_assert_int_eq(scratch_int(as_admin(), history_count), 6);
    assert_no_table("half");

    scratch_build_own(&own);
    assert_status(hgi_schema_apply_list(as_installer(), &own.build, 0, &applied, &err), HG_OK, err);
    ck_assert_int_eq(applied, own.build.migration_count - 6);
}
END_TEST

START_TEST(a_file_that_fails_at_its_commit_leaves_nothing)
{
    static const char sql[] = "BEGIN; SET LOCAL ROLE hotgigs_owner;"
                              " CREATE TABLE hotgigs.half (a int UNIQUE DEFERRABLE INITIALLY DEFERRED);"
                              " INSERT INTO hotgigs.half VALUES (1), (1); COMMIT;";
    hg_error err = { 0 };

    scratch_build_own(&own);
    apply_own();
    scratch_build_add(&own, "900", "late", sql, 1);

    assert_status(hgi_schema_apply_list(as_installer(), &own.build, 0, NULL, &err), HG_E_CONFLICT, err);
    assert_contains(err.message, "900_late: ");
    ck_assert_str_eq(err.sqlstate, "23505");
    ck_assert_str_eq(err.constraint, "half_a_key");
    ck_assert_int_eq(scratch_int(as_admin(), history_count), own.build.migration_count - 1);
    assert_no_table("half");
}
END_TEST

/* The first files run before there is a history. */
START_TEST(a_run_that_ends_before_there_is_a_history_is_repeated)
{
    hg_error err = { 0 };
    int32_t applied;

    scratch_build_own(&own);
    own.build.migration_count = 2;
    assert_status(hgi_schema_apply_list(as_installer(), &own.build, 0, &applied, &err), HG_E_INTERNAL, err);
    ck_assert_int_eq(applied, 2);
    assert_contains(err.message, "schema_history");

    scratch_build_own(&own);
    assert_status(hgi_schema_apply_list(as_installer(), &own.build, 0, &applied, &err), HG_OK, err);
    ck_assert_int_eq(applied, own.build.migration_count);
    ck_assert_int_eq(scratch_int(as_admin(), history_count), own.build.migration_count);
}
END_TEST

START_TEST(a_history_that_fails_with_its_file_is_not_believed_in)
{
    hg_error err = { 0 };
    int32_t applied;

    scratch_build_own(&own);
    own.files[2].sql = "BEGIN; SET LOCAL ROLE hotgigs_owner;"
                       " CREATE TABLE hotgigs.schema_history (version text); COMMIT;";
    own.files[2].sql_len = strlen(own.files[2].sql);

    assert_status(hgi_schema_apply_list(as_installer(), &own.build, 0, &applied, &err), HG_E_SCHEMA, err);
    ck_assert_int_eq(applied, 2);
    assert_no_table("schema_history");
}
END_TEST

START_TEST(a_killed_run_can_be_repeated)
{
    static const char sql[] = "BEGIN; CREATE TABLE half ();"
                              " SELECT pg_terminate_backend(pg_backend_pid()); CREATE TABLE other (); COMMIT;";
    hg_error err = { 0 };
    hg_conn *again;
    int32_t applied;

    scratch_build_own(&own);
    own.build.migration_count = 6;
    scratch_build_add(&own, "007", "killed", sql, 1);
    assert_status(hgi_schema_apply_list(as_installer(), &own.build, 0, &applied, &err), HG_E_CONNECTION, err);
    assert_contains(err.message, "007_killed: ");
    ck_assert_int_eq(applied, 6);
    ck_assert_uint_eq(err.flags, HG_ERROR_RETRY);
    assert_no_table("half");

    again = open_installer();
    assert_status(hg_schema_apply(again, 0, &applied, &err), HG_OK, err);
    ck_assert_int_eq(applied, hgi_migration_count - 6);
    hg_conn_close(again);
}
END_TEST

/* SET LOCAL stands before the file's BEGIN in the same message, and must hold behind it. */
START_TEST(a_file_runs_under_a_lock_timeout)
{
    static const char sql[] = "BEGIN; SET LOCAL ROLE hotgigs_owner;"
                              " CREATE VIEW hotgigs.seen AS SELECT current_setting('lock_timeout');"
                              " CREATE TABLE hotgigs.settings AS SELECT current_setting('lock_timeout') AS l,"
                              " current_setting('statement_timeout') AS s; COMMIT;";

    scratch_build_own(&own);
    own.build.lock_timeout_ms = 1234;
    scratch_build_add(&own, "900", "settings", sql, 1);
    scratch_run(as_admin(), "ALTER DATABASE hotgigs_schema_test SET statement_timeout = '55s'");
    apply_own();

    ck_assert_str_eq(scratch_text(as_admin(), "SELECT l || ' ' || s FROM hotgigs.settings"), "1234ms 0");
    scratch_run(as_admin(), "ALTER DATABASE hotgigs_schema_test RESET statement_timeout");
    scratch_run(as_installer(), "SET statement_timeout = 0");      /* the session began with the database's */
}
END_TEST

START_TEST(a_table_that_stays_locked_fails_the_file_in_time)
{
    hg_conn *reader;
    hg_error err = { 0 };
    int64_t began;

    scratch_build_own(&own);
    apply_own();
    own.build.lock_timeout_ms = 50;
    own.build.attempts = 2;
    scratch_build_add(&own, "900", "blocked",
                      "BEGIN; CREATE TABLE half (); SET LOCAL ROLE hotgigs_owner;"
                      " ALTER TABLE public.jobs ADD COLUMN more text; COMMIT;", 1);
    reader = as_admin();
    scratch_run(reader, "BEGIN; LOCK TABLE public.jobs IN ACCESS SHARE MODE");
    began = hgi_now_us();

    assert_status(hgi_schema_apply_list(as_installer(), &own.build, 0, NULL, &err), HG_E_RETRY, err);
    ck_assert_int_lt(hgi_now_us() - began, 2500000);
    ck_assert_str_eq(err.sqlstate, "55P03");
    assert_contains(err.message, "900_blocked: ");
    scratch_run(reader, "ROLLBACK");
    assert_no_table("half");
    ck_assert_int_eq(scratch_int(as_admin(), history_count), own.build.migration_count - 1);
}
END_TEST

START_TEST(a_file_that_is_not_one_transaction_stops_the_run_before_the_first)
{
    hg_error err = { 0 };
    int32_t applied;

    scratch_build_own(&own);
    scratch_build_add(&own, "900", "open", "BEGIN; SELECT 1;", 1);

    assert_status(hgi_schema_apply_list(as_installer(), &own.build, 0, &applied, &err), HG_E_INTERNAL, err);
    assert_contains(err.message, "900_open");
    ck_assert_int_eq(applied, 0);
    assert_no_table("users");
}
END_TEST

START_TEST(a_pooler_is_refused)
{
    hg_error err = { 0 };

    as_installer()->named = 0;             /* as link/connect.c does where the server process is another one */

    assert_status(hg_schema_apply(as_installer(), 0, NULL, &err), HG_E_STATE, err);
    assert_contains(err.message, "direct connection");
    assert_no_table("users");
    as_installer()->named = 1;
}
END_TEST

/* Told that no statement is prepared, the library has not looked for a pooler; a lost lock gives it away. */
START_TEST(a_lock_that_is_lost_on_the_way_stops_the_run)
{
    hg_error err = { 0 };
    int32_t applied;

    scratch_build_own(&own);
    own.build.migration_count = 6;
    scratch_build_add(&own, "007", "unlocks",
                      "BEGIN; CREATE TABLE half (); SELECT pg_advisory_unlock_all(); COMMIT;", 1);

    assert_status(hgi_schema_apply_list(as_installer(), &own.build, 0, &applied, &err), HG_E_STATE, err);
    assert_contains(err.message, "007_unlocks: the lock");
    ck_assert_int_eq(applied, 6);
    assert_no_table("half");
}
END_TEST

START_TEST(a_login_without_rights_changes_nothing)
{
    hg_error err = { 0 };
    int32_t applied;

    scratch_run(as_admin(), "CREATE SCHEMA before");
    scratch_run(as_admin(), "SET ROLE hotgigs_anon");

    ck_assert_int_ne(hg_schema_apply(as_admin(), 0, &applied, &err), HG_OK);
    scratch_run(as_admin(), "RESET ROLE");
    ck_assert_str_eq(err.sqlstate, "42501");
    assert_no_table("users");
}
END_TEST

Suite *
suite_schema_apply(void)
{
    Suite *suite = suite_create("schema/apply");
    TCase *tcase = tcase_create("apply");

    tcase_add_checked_fixture(tcase, scratch_empty, scratch_drop);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, an_empty_database_gets_everything);
    tcase_add_test(tcase, a_second_run_does_nothing);
    tcase_add_test(tcase, the_history_tells_who_with_what_and_how_long);
    tcase_add_test(tcase, an_edited_file_is_refused_before_anything_is_done);
    tcase_add_test(tcase, a_newer_history_is_refused_before_anything_is_done);
    tcase_add_test(tcase, a_file_of_an_earlier_phase_is_applied_later);
    tcase_add_test(tcase, a_failing_file_leaves_nothing);
    tcase_add_test(tcase, a_file_that_fails_at_its_commit_leaves_nothing);
    tcase_add_test(tcase, a_run_that_ends_before_there_is_a_history_is_repeated);
    tcase_add_test(tcase, a_history_that_fails_with_its_file_is_not_believed_in);
    tcase_add_test(tcase, a_killed_run_can_be_repeated);
    tcase_add_test(tcase, a_file_runs_under_a_lock_timeout);
    tcase_add_test(tcase, a_table_that_stays_locked_fails_the_file_in_time);
    tcase_add_test(tcase, a_file_that_is_not_one_transaction_stops_the_run_before_the_first);
    tcase_add_test(tcase, a_pooler_is_refused);
    tcase_add_test(tcase, a_lock_that_is_lost_on_the_way_stops_the_run);
    tcase_add_test(tcase, a_login_without_rights_changes_nothing);
    suite_add_tcase(suite, tcase);
    return suite;
}
