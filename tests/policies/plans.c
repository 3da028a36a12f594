/* plans.c - what the policies cost: on tables of 200,000 rows, a row by its id and one's own rows are found by an index.
 *
 * Plans, not times: a sequential scan of a large table in EXPLAIN is the failure. */
#include <stdlib.h>
#include <string.h>

#include "policies/policies.h"
#include "suites.h"

#define DATABASE "hotgigs_plans"

/* 2,000 companies with 100 jobs each, 20,000 candidates with 10 applications each, beside the fixture. Triggers and foreign
 * keys are off meanwhile: the rows are consistent as they are made. */
static const char fill[] =
    "SET session_replication_role = replica;"
    "INSERT INTO companies (id, name, slug) SELECT ('11111111-0000-4000-8000-' || lpad(to_hex(i), 12, '0'))::uuid,"
    " 'c' || i, 'c' || i"
    "  FROM generate_series(1, 2000) i;"
    "INSERT INTO users (id, email, user_type) SELECT ('22222222-0000-4000-8000-' || lpad(to_hex(i), 12,"
    " '0'))::uuid, 'u' || i, 'candidate'"
    "  FROM generate_series(1, 20000) i;"
    "INSERT INTO candidate_profiles (id, user_id) SELECT ('33333333-0000-4000-8000-' || lpad(to_hex(i), 12,"
    " '0'))::uuid,"
    "  ('22222222-0000-4000-8000-' || lpad(to_hex(i), 12, '0'))::uuid FROM generate_series(1, 20000) i;"
    "INSERT INTO jobs (id, company_id, title, slug, description, job_type, is_public, created_at)"
    "  SELECT ('44444444-0000-4000-8000-' || lpad(to_hex(i), 12, '0'))::uuid,"
    "  ('11111111-0000-4000-8000-' || lpad(to_hex(i % 2000 + 1), 12, '0'))::uuid, 't', 's' || i, 'd', 'full_time', i % 3"
    " = 0,"
    "  now() - i * interval '1 minute' FROM generate_series(1, 200000) i;"
    "INSERT INTO applications (id, job_id, candidate_id) SELECT ('55555555-0000-4000-8000-' || lpad(to_hex(i), 12,"
    " '0'))::uuid,"
    "  ('44444444-0000-4000-8000-' || lpad(to_hex(i), 12, '0'))::uuid,"
    "  ('33333333-0000-4000-8000-' || lpad(to_hex(i % 20000 + 1), 12, '0'))::uuid FROM generate_series(1, 200000) i;"
    "INSERT INTO application_timeline (application_id, status) SELECT id, 'applied' FROM applications LIMIT 50000;"
    "INSERT INTO interviews (application_id, scheduled_at) SELECT id, now() FROM applications LIMIT 50000;"
    "INSERT INTO ai_interview_sessions (application_id, questions, responses) SELECT id, '[]', '[]' FROM"
    " applications LIMIT 50000;"
    "INSERT INTO job_skills (job_id, skill_name) SELECT id, 'x' FROM jobs LIMIT 50000;"
    "INSERT INTO ai_job_matches (candidate_id, job_id, match_score) SELECT candidate_id, job_id, 50 FROM"
    " applications LIMIT 50000 ON CONFLICT DO NOTHING;"
    "INSERT INTO candidate_experiences (candidate_id, company_name, job_title, start_date) SELECT id, 'c', 't',"
    " '2020-01-01'"
    "  FROM candidate_profiles;"
    "INSERT INTO documents (user_id, document_type, file_name, file_url) SELECT user_id, 'resume', 'n', 'u' FROM"
    " candidate_profiles;"
    "INSERT INTO notifications (user_id, notification_type, title, message) SELECT user_id, 'x', 't', 'm' FROM"
    " candidate_profiles,"
    "  generate_series(1, 2);"
    "INSERT INTO tasks (company_id, title) SELECT id, 't' FROM companies, generate_series(1, 10);"
    "INSERT INTO referrals (recruiter_id, candidate_id, job_id) SELECT '00000401-0000-4000-8000-f00000000003',"
    " candidate_id, job_id"
    "  FROM applications LIMIT 50000 ON CONFLICT DO NOTHING;"
    "INSERT INTO audit_logs (user_id, action, resource_type) SELECT user_id, 'x', 'y' FROM candidate_profiles;";

/* The large tables; of the others a sequential scan is right. */
static const char *const large[] = {
    "users", "candidate_profiles", "jobs", "applications", "application_timeline", "interviews",
    "ai_interview_sessions",
    "job_skills", "ai_job_matches", "candidate_experiences", "documents", "notifications", "tasks", "referrals",
    "audit_logs",
};

static const struct { const char *who, *sql; } queries[] = {
    /* By id. */
    { "ada",            "SELECT id FROM users WHERE id = :ada" },
    { "visitor_plain",  "SELECT id FROM jobs WHERE id = :acme_open" },
    { "ada",            "SELECT id FROM jobs WHERE id = :acme_open" },
    { "acme_viewer",    "SELECT id FROM jobs WHERE id = :acme_draft" },
    { "fred",           "SELECT id FROM jobs WHERE id = :beta_paused" },
    { "ada",            "SELECT id FROM applications WHERE id = :ada_acme" },
    { "acme_viewer",    "SELECT id FROM applications WHERE id = :ada_acme" },
    { "acme_recruiter", "SELECT id FROM candidate_profiles WHERE id = :p_ada" },
    { "fred",           "SELECT id FROM candidate_profiles WHERE id = :p_fay" },
    { "ada",            "SELECT id FROM application_timeline WHERE id = :t_ada_acme" },
    { "acme_viewer",    "SELECT id FROM application_timeline WHERE id = :t_ada_acme" },
    { "ada",            "SELECT id FROM interviews WHERE id = :i_ada_acme" },
    { "acme_viewer",    "SELECT id FROM interviews WHERE id = :i_ada_acme" },
    { "fred",           "SELECT id FROM interviews WHERE id = :i_ada_beta" },
    { "ada",            "SELECT id FROM ai_interview_sessions WHERE id = :ai_ada_acme" },
    { "visitor_plain",  "SELECT id FROM job_skills WHERE id = :s_acme_open" },
    { "acme_recruiter", "SELECT id FROM candidate_experiences WHERE id = :x_ada" },
    { "acme_recruiter", "SELECT id FROM documents WHERE id = :d_ada_resume" },
    { "fred",           "SELECT id FROM documents WHERE id = :d_fay_public" },
    { "acme_viewer",    "SELECT id FROM tasks WHERE id = :task_manager" },
    { "acme_viewer",    "SELECT id FROM referrals WHERE id = :r_fay_pending" },
    /* One's own rows: the policy alone is the condition. */
    { "ada",            "SELECT id FROM users" },
    { "ada",            "SELECT id FROM candidate_profiles" },
    { "ada",            "SELECT id FROM candidate_experiences" },
    { "ada",            "SELECT id FROM applications" },
    { "acme_viewer",    "SELECT id FROM applications" },
    { "ada",            "SELECT id FROM documents" },
    { "acme_recruiter", "SELECT id FROM documents" },
    { "fred",           "SELECT id FROM documents" },
    { "ada",            "SELECT id FROM notifications" },
    { "ada",            "SELECT id FROM notifications ORDER BY created_at DESC LIMIT 20" },
    { "ada",            "SELECT id FROM audit_logs" },
    { "ada",            "SELECT id FROM ai_job_matches" },
    { "acme_viewer",    "SELECT id FROM ai_job_matches" },
    { "acme_viewer",    "SELECT id FROM tasks" },
    { "fred",           "SELECT id FROM tasks" },
    { "ada",            "SELECT id FROM referrals" },
    { "acme_viewer",    "SELECT id FROM referrals" },
    { "fred",           "SELECT id FROM referrals" },
    { "fred",           "SELECT id FROM interviews" },
    /* Lists with their own condition. */
    { "visitor_plain",  "SELECT id FROM jobs WHERE is_public ORDER BY created_at DESC LIMIT 20" },
    { "ada",            "SELECT id FROM jobs WHERE is_public ORDER BY created_at DESC LIMIT 20" },
    { "acme_viewer",    "SELECT id FROM jobs WHERE company_id = :acme" },
    { "acme_viewer",    "SELECT id FROM applications WHERE job_id = :acme_open" },
    { "ada",            "SELECT id FROM application_timeline WHERE application_id = :ada_acme ORDER BY created_at" },
    { "acme_viewer",    "SELECT id FROM application_timeline WHERE application_id = :ada_acme ORDER BY created_at" },
    { "acme_viewer",    "SELECT id FROM interviews WHERE application_id = :ada_acme" },
    { "acme_viewer",    "SELECT id FROM job_skills WHERE job_id = :acme_open" },
    { "acme_viewer",    "SELECT id FROM candidate_experiences WHERE candidate_id = :p_ada" },
    /* Changes. */
    { "acme_recruiter", "UPDATE jobs SET title = 'x' WHERE id = :acme_open" },
    { "acme_admin",     "DELETE FROM jobs WHERE id = :acme_draft" },
    { "acme_recruiter", "UPDATE interviews SET location = 'x' WHERE id = :i_ada_acme" },
    { "ada",            "UPDATE notifications SET is_read = true WHERE user_id = :ada" },
    { "acme_manager",   "UPDATE tasks SET notes = 'x' WHERE id = :task_manager" },
};

enum { QUERIES = sizeof queries / sizeof queries[0] };

static void
make(void)
{
    PGconn *admin;

    ck_assert_msg(policy_database_make(DATABASE, NULL) == 0 && policy_fixture_load(DATABASE) == 0,
        "the database cannot be made");
    admin = policy_connect("ADMIN", DATABASE);
    ck_assert_ptr_nonnull(admin);
    ck_assert_msg(policy_do(admin, fill) == 0, "the database cannot be filled");
    ck_assert_msg(policy_do(admin, "ANALYZE") == 0, "ANALYZE failed");
    PQfinish(admin);
}

static void
unmake(void)
{
    policy_database_drop(DATABASE);
}

static PGconn *login;

static void
open_connection(void)
{
    login = policy_connect("LOGIN", DATABASE);
    ck_assert_ptr_nonnull(login);
}

static void
close_connection(void)
{
    PQfinish(login);
}

/* The table that a line of a plan scans from end to end; NULL: none, or a small one. */
static const char *
scanned(const char *line)
{
    const char *at = strstr(line, "Seq Scan on ");
    size_t n;

    if (at == NULL)
        return NULL;
    at += strlen("Seq Scan on ");
    n = strcspn(at, " ");
    for (size_t i = 0; i < sizeof large / sizeof large[0]; i++)
        if (strlen(large[i]) == n && strncmp(large[i], at, n) == 0)
            return large[i];
    return NULL;
}

START_TEST(large_table_is_not_scanned)
{
    char *sql = policy_sql(queries[_i].sql, NULL), *explain = NULL;
    const char *table = NULL;
    PGresult *r;

    ck_assert_int_ge(asprintf(&explain, "EXPLAIN (COSTS OFF) %s", sql), 0);
    ck_assert_int_eq(policy_do(login, "BEGIN"), 0);
    ck_assert_int_eq(policy_become(login, policy_person_find(queries[_i].who)), 0);
    r = PQexec(login, explain);
    ck_assert_msg(PQntuples(r) > 0, "%s: %s: %s", queries[_i].who, queries[_i].sql, PQerrorMessage(login));
    for (int i = 0; i < PQntuples(r) && table == NULL; i++)
        table = scanned(PQgetvalue(r, i, 0));
    if (table != NULL)
        for (int i = 0; i < PQntuples(r); i++)
            fprintf(stderr, "%s\n", PQgetvalue(r, i, 0));
    ck_assert_msg(table == NULL, "%s: %s scans all of %s", queries[_i].who, queries[_i].sql, table);
    PQclear(r);
    policy_do(login, "ROLLBACK");
    free(sql);
    free(explain);
}
END_TEST

/* The detector itself: this query has to read everything. */
START_TEST(scan_of_a_large_table_is_noticed)
{
    PGresult *r;
    int found = 0;

    ck_assert_int_eq(policy_do(login, "BEGIN"), 0);
    ck_assert_int_eq(policy_become(login, policy_person_find("ada")), 0);
    r = PQexec(login, "EXPLAIN (COSTS OFF) SELECT id FROM jobs WHERE title = 'x'");
    for (int i = 0; i < PQntuples(r); i++)
        found |= scanned(PQgetvalue(r, i, 0)) != NULL;
    PQclear(r);
    policy_do(login, "ROLLBACK");
    ck_assert_int_eq(found, 1);
}
END_TEST

Suite *
suite_policies_plans(void)
{
    Suite *suite = suite_create("policies/plans");
    TCase *tcase = tcase_create("plans");

    tcase_set_timeout(tcase, 60);
    tcase_add_unchecked_fixture(tcase, make, unmake);
    tcase_add_checked_fixture(tcase, open_connection, close_connection);
    tcase_add_loop_test(tcase, large_table_is_not_scanned, 0, QUERIES);
    tcase_add_test(tcase, scan_of_a_large_table_is_noticed);
    suite_add_tcase(suite, tcase);
    return suite;
}
