/* supabase.c - the migrations where schema auth and auth.uid() exist already and are somebody else's, as on Supabase. */
#include <stdlib.h>
#include <string.h>

#include "policies/policies.h"
#include "suites.h"

#define DATABASE "hotgigs_supabase"

/* auth.uid() as Supabase ships it: a malformed id is an error there, which the helpers must not meet. */
static const char existing[] =
    "CREATE SCHEMA auth; GRANT USAGE ON SCHEMA auth TO PUBLIC;"
    "CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT coalesce("
    "  nullif(current_setting('request.jwt.claim.sub', true), ''),"
    "  (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'))::uuid $$;"
    "CREATE TABLE auth.users (id uuid PRIMARY KEY, email text);";

static policy_matrix *matrix;

static void
make(void)
{
    ck_assert_msg(policy_database_make(DATABASE, existing) == 0, "the migrations do not run where auth exists");
    ck_assert_msg(policy_fixture_load(DATABASE) == 0, "the fixture does not load");
    matrix = policy_matrix_read("tests/policies/matrix.txt");
    ck_assert_ptr_nonnull(matrix);
}

static void
unmake(void)
{
    policy_matrix_free(matrix);
    policy_database_drop(DATABASE);
}

START_TEST(existing_auth_uid_stays_as_it_is)
{
    PGconn *conn = policy_connect("ADMIN", DATABASE);
    char *found = policy_ask(conn, "SELECT (p.proowner <> 'hotgigs_owner'::regrole AND n.nspowner <>"
    " 'hotgigs_owner'::regrole"
                                   " AND p.prosrc LIKE '%coalesce(%' AND p.prosrc NOT LIKE '%substring%')::text"
                                   " FROM pg_proc p"
                                   " JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'auth' AND"
                                   " p.proname = 'uid'");

    PQfinish(conn);
    ck_assert_str_eq(found, "true");
    free(found);
}
END_TEST

/* Malformed ids among the identities included. */
START_TEST(policies_hold_beside_an_existing_auth_uid)
{
    static const char *const tables[] = { "users", "jobs", "company_members", "candidate_profiles", "applications",
        "referrals" };
    policy_stage stage = { NULL, NULL, NULL, NULL, NULL };
    char *text = NULL;
    size_t size;
    FILE *report = open_memstream(&text, &size);
    int failed;

    stage.login = policy_connect("LOGIN", DATABASE);
    stage.service = policy_connect("SERVICE", DATABASE);
    stage.owner = policy_connect("INSTALLER", DATABASE);
    ck_assert(stage.login != NULL && stage.service != NULL && stage.owner != NULL);
    ck_assert_int_eq(policy_do(stage.owner, "SET ROLE hotgigs_owner"), 0);
    failed = policy_section_run(policy_section_find(matrix, tables[_i]), &stage, report, 0);
    fclose(report);
    policy_stage_close(&stage);
    ck_assert_msg(failed == 0, "%d cells differ: %.2000s", failed, text);
    free(text);
}
END_TEST

Suite *
suite_policies_supabase(void)
{
    Suite *suite = suite_create("policies/supabase");
    TCase *tcase = tcase_create("supabase");

    tcase_set_timeout(tcase, 60);
    tcase_add_unchecked_fixture(tcase, make, unmake);
    tcase_add_test(tcase, existing_auth_uid_stays_as_it_is);
    tcase_add_loop_test(tcase, policies_hold_beside_an_existing_auth_uid, 0, 6);
    suite_add_tcase(suite, tcase);
    return suite;
}
