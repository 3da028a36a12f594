/* plans.c - what the policies cost: in a large database a row by its id and one's own rows are found by an index;
 * and so are those of every statement that the library's calls send, of every table and view, as every persona (plans_calls.c).
 * The people are those of the policies' fixture, among the crowd.
 *
 * Plans, not times: a large table that is read from end to end in EXPLAIN is the failure (plan.h). */
#include <stdlib.h>
#include <string.h>

#include "crowd.h"
#include "hotgigs/hotgigs.h"
#include "hotgigs/pq.h"
#include "policies/plan.h"
#include "policies/plans.h"
#include "suites.h"

static const char *database;

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
    { "ada",            "SELECT * FROM hotgigs.application_cards" },
    { "acme_viewer",    "SELECT * FROM hotgigs.application_cards" },
    { "acme_viewer",    "SELECT * FROM hotgigs.pipeline_cards" },
    { "ada",            "SELECT * FROM hotgigs.agenda_items" },
    { "acme_viewer",    "SELECT * FROM hotgigs.agenda_items" },
    { "fred",           "SELECT * FROM hotgigs.agenda_items" },
    { "acme_viewer",    "SELECT * FROM hotgigs.named_referrals" },
    { "fred",           "SELECT * FROM hotgigs.named_referrals" },
    { "acme_viewer",    "SELECT * FROM hotgigs.task_cards" },
    { "fred",           "SELECT * FROM hotgigs.task_cards" },
    { "acme_viewer",    "SELECT * FROM hotgigs.member_cards" },
    { "ada",            "SELECT * FROM hotgigs.notification_cards" },
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
    database = crowd_database();
    ck_assert_msg(database != NULL, "the crowd cannot be made");
}

PGconn *plans_login;

static void
open_connection(void)
{
    plans_login = policy_connect("LOGIN", database);
    ck_assert_ptr_nonnull(plans_login);
    plan_learn(plans_login);
}

static void
close_connection(void)
{
    PQfinish(plans_login);
}

const char *const plans_personas[PLANS_PERSONAS] = { "visitor_plain", "ada", "acme_admin", "fred", "service" };

hg_conn *
plans_connect(const policy_person *person)
{
    hg_identity who = { .struct_size = sizeof who, .role = person->role };
    int is_service = person->role == HG_ROLE_SERVICE;
    char *dsn = policy_dsn(is_service ? "SERVICE" : "LOGIN", database);
    hg_conn *conn;
    hg_error err;

    if (person->claims != NULL)
        who.user_id = policy_uuid(person->claims);
    ck_assert_msg(hg_conn_open(dsn, NULL, &conn, &err) == HG_OK, "%s", err.message);
    ck_assert_msg(is_service || hg_session_enter(conn, &who, &err) == HG_OK, "%s", err.message);
    free(dsn);
    return conn;
}

START_TEST(large_table_is_not_read_whole)
{
    char *sql = policy_sql(queries[_i].sql, NULL), *explain = NULL;
    const char *fault;
    PGresult *r;

    ck_assert_int_ge(asprintf(&explain, "EXPLAIN (FORMAT JSON) %s", sql), 0);
    ck_assert_int_eq(policy_do(plans_login, "BEGIN"), 0);
    ck_assert_int_eq(policy_become(plans_login, policy_person_find(queries[_i].who)), 0);
    r = PQexec(plans_login, explain);
    fault = plan_fault(r, NULL);
    if (fault != NULL)
        plan_tell(r);
    ck_assert_msg(fault == NULL, "%s: %s: %s", queries[_i].who, queries[_i].sql, fault);
    PQclear(r);
    policy_do(plans_login, "ROLLBACK");
    free(sql);
    free(explain);
}
END_TEST

/* ---- Pages of cards ------------------------------------------------------------------------------------------------------ */

/* Rows of the table that this transaction has looked at. */
static int
looked_at(hg_conn *conn, const char *table)
{
    char sql[200], *text;
    int count;

    snprintf(sql, sizeof sql, "SELECT sum(seq_tup_read + idx_tup_fetch) FROM pg_stat_xact_user_tables WHERE relname = '%s'", table);
    text = policy_ask(hg_conn_pq(conn), sql);
    count = atoi(text);
    free(text);
    return count;
}

/* Reads the page of fifty job cards that query is at; fails if more than a page was looked at. */
static void
check_page_of_cards(hg_conn *conn, const hg_query *query, const char *what)
{
    int jobs = looked_at(conn, "jobs"), companies = looked_at(conn, "companies");
    hg_job_card_list *list;
    hg_error err;

    ck_assert_msg(hg_job_card_find(conn, query, &list, &err) == HG_OK, "%s", err.message);
    ck_assert_uint_eq(hg_job_card_list_count(list), 50);
    jobs = looked_at(conn, "jobs") - jobs;
    companies = looked_at(conn, "companies") - companies;
    ck_assert_msg(jobs <= 150 && companies <= 150, "a page %s reads %d jobs and %d companies", what, jobs, companies);
    hg_job_card_list_free(list);
}

/* A job board by the newest or the oldest, 5,000 jobs down and back: what lies before a page is not read again, and no company but
 * those of the page. The oldest first is where those without a date come behind the others. */
START_TEST(page_of_job_cards_reads_a_page)
{
    hg_text *place = NULL;
    hg_job_card_list *list;
    hg_query *query;
    hg_conn *conn;
    hg_error err;

    if (!plans_has_invokers_views())
        return;
    query = hg_query_new(HG_VIEW_JOB_CARDS);
    conn = plans_connect(policy_person_find(plans_personas[_i / 2]));
    ck_assert_msg(hg_tx_begin(conn, NULL, &err) == HG_OK, "%s", err.message);
    ck_assert_int_eq(hg_query_order(query, HG_JOB_CARD_CREATED_AT, _i % 2, HG_NULLS_DEFAULT, NULL), HG_OK);
    ck_assert_int_eq(hg_query_limit(query, 5000, NULL), HG_OK);
    ck_assert_msg(hg_job_card_find(conn, query, &list, &err) == HG_OK, "%s", err.message);
    ck_assert_uint_eq(hg_job_card_list_count(list), 5000);
    ck_assert_msg(hg_job_card_list_cursor(list, 4999, &place, &err) == HG_OK, "%s", err.message);
    hg_job_card_list_free(list);

    ck_assert_int_eq(hg_query_limit(query, 50, NULL), HG_OK);
    check_page_of_cards(conn, query, "at the top");
    ck_assert_int_eq(hg_query_after(query, hg_text_ptr(place), hg_text_len(place), NULL), HG_OK);
    check_page_of_cards(conn, query, "behind 5,000");
    ck_assert_int_eq(hg_query_before(query, hg_text_ptr(place), hg_text_len(place), NULL), HG_OK);
    check_page_of_cards(conn, query, "before 5,000");
    ck_assert_msg(hg_tx_rollback(conn, &err) == HG_OK, "%s", err.message);
    hg_text_free(place);
    hg_query_free(query);
    hg_conn_close(conn);
}
END_TEST

/* ---- The detector itself --------------------------------------------------------------------------------------------------- */

/* What ada asks, and in an order by an index alone; by which column of jobs the plan is to go; what is wrong with it. */
static const struct { const char *sql, *column, *fault; } bad[] = {
    { "SELECT id FROM jobs WHERE title = 'x'",             NULL,         "all of jobs is scanned" },
    { "SELECT id FROM jobs ORDER BY id",                   NULL,         "all of jobs is read through jobs_pkey" },
    { "SELECT id FROM jobs WHERE title = 'x' ORDER BY id", NULL,         "all of jobs is read through jobs_pkey" },
    { "SELECT max(title) FROM (SELECT title FROM jobs ORDER BY id OFFSET 0) AS r LIMIT 1", NULL,
      "all of jobs is read through jobs_pkey" },
    { "SELECT id FROM notifications ORDER BY id LIMIT 20", NULL,         "all of notifications is read through notifications_pkey" },
    { "SELECT id FROM audit_logs WHERE resource_id = :acme_open ORDER BY resource_type, resource_id", NULL,
      "all of audit_logs is read through audit_logs_resource_type_resource_id_created_at_idx" },
    { "SELECT id FROM jobs WHERE id = :acme_open",         "company_id", "no index of jobs has a condition on company_id" },
    { "SELECT id FROM users WHERE id = :ada",              "id",         "no index of jobs has a condition on id" },
    { "SELECT id FROM jobs WHERE id = :acme_open",         "id",         NULL },
    { "SELECT id FROM jobs ORDER BY id LIMIT 20",          NULL,         NULL },
    { "SELECT id FROM jobs ORDER BY id LIMIT 20",          "",           "no index has a condition with the argument" },
    { "SELECT id FROM jobs WHERE id = ANY (ARRAY[:acme_open]::uuid[])", "", NULL },
    { "SELECT id FROM jobs WHERE id = :acme_open",         "",           NULL },
};

static const char by_index_alone[] = "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off";

START_TEST(large_table_that_is_read_whole_is_noticed)
{
    const char *column = bad[_i].column;
    const plan_wish wish = { "jobs", column }, argument = { NULL, NULL };       /* "": of any column, as of views */
    char *sql = policy_sql(bad[_i].sql, NULL), *explain = NULL;
    const char *fault;
    PGresult *r;

    ck_assert_int_ge(asprintf(&explain, "EXPLAIN (FORMAT JSON) %s", sql), 0);
    ck_assert_int_eq(policy_do(plans_login, "BEGIN"), 0);
    ck_assert_int_eq(policy_become(plans_login, policy_person_find("ada")), 0);
    if (strstr(sql, "ORDER") != NULL)
        ck_assert_int_eq(policy_do(plans_login, by_index_alone), 0);
    r = PQexec(plans_login, explain);
    fault = plan_fault(r, column == NULL ? NULL : column[0] != '\0' ? &wish : &argument);
    ck_assert_msg(strcmp(fault != NULL ? fault : "", bad[_i].fault != NULL ? bad[_i].fault : "") == 0, "%s: gave %s, want %s",
                  bad[_i].sql, fault != NULL ? fault : "none", bad[_i].fault != NULL ? bad[_i].fault : "none");
    PQclear(r);
    policy_do(plans_login, "ROLLBACK");
    free(sql);
    free(explain);
}
END_TEST

Suite *
suite_policies_plans(void)
{
    Suite *suite = suite_create("policies/plans");
    TCase *tcase = tcase_create("plans");

    tcase_set_timeout(tcase, 60);
    tcase_add_unchecked_fixture(tcase, make, NULL);
    tcase_add_checked_fixture(tcase, open_connection, close_connection);
    tcase_add_loop_test(tcase, large_table_is_not_read_whole, 0, QUERIES);
    plans_calls(tcase);
    plans_exempt(tcase);
    tcase_add_loop_test(tcase, page_of_job_cards_reads_a_page, 0, 2 * PLANS_TENANTS);    /* from PostgreSQL 15 on */
    tcase_add_loop_test(tcase, large_table_that_is_read_whole_is_noticed, 0, sizeof bad / sizeof bad[0]);
    suite_add_tcase(suite, tcase);
    return suite;
}
