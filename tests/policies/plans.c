/* plans.c - what the policies cost: with a million applications, a row by its id and one's own rows are found by an index;
 * and so are those of every statement that the library's calls send, of every table and view, as every persona: by id, by
 * each reference, and a page of what one sees. The people are those of the policies' fixture, among the crowd.
 *
 * Plans, not times: a sequential scan of a large table in EXPLAIN is the failure. */
#include <stdlib.h>
#include <string.h>

#include "crowd.h"
#include "hotgigs/hotgigs.h"
#include "hotgigs/pq.h"
#include "policies/policies.h"
#include "query/query.h"
#include "record/record.h"
#include "suites.h"

#define DATABASE "hotgigs_crowd"

/* The large tables; of the others a sequential scan is right. */
static const char *const large[] = {
    "users", "candidate_profiles", "jobs", "applications", "application_timeline", "interviews",
    "ai_interview_sessions",
    "job_skills", "ai_job_matches", "candidate_experiences", "documents", "notifications", "tasks", "referrals",
    "audit_logs", "candidate_education", "user_profiles", "oauth_accounts", "freelance_recruiters", "ai_resume_analysis",
    "analytics_events", "system_metrics", "email_logs",
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
    ck_assert_msg(crowd_database() != NULL, "the crowd cannot be made");
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

/* ---- The statements that the library's calls send ------------------------------------------------------------------- */

/* Every call by id that this role may make: its statements are prepared then, probes and all. What is changed is nobody's. */
static void
make_calls_by_id(hg_conn *conn, const hgi_table *table, int32_t role, int is_table)
{
    uint64_t writable = is_table ? table->updatable[role] : 0;
    const hg_uuid ids[2] = { policy_uuid("acme_open"), policy_uuid("ada") }, nobody = { { 0x77 } };
    hgi_row *row = calloc(1, table->info.row_size);
    const void *out;
    hgi_list *list;

    if (hgi_get(conn, table, &ids[0], &out, NULL) == HG_OK)
        hgi_row_free(out);
    if (hgi_get_many(conn, table, ids, 2, &list, NULL) == HG_OK)
        hgi_list_free(list);
    for (int32_t column = 0; column < table->info.column_count && writable != 0; column++)
        if (writable >> column & 1 && table->info.columns[column].nullable) {
            row->struct_size = table->info.row_size;
            row->null_mask = writable = HG_BIT(column);
            hgi_update(conn, table, &nobody, row, writable, NULL, NULL);
            writable = 0;
        }
    if (is_table && table->deletable >> role & 1)
        hgi_delete(conn, table, &nobody, NULL);
    free(row);
}

/* Of these nobody asks for the newest as a whole. A row is seen through its job, application, candidate or referral, and asked
 * for by that; or because its owner lets it be seen, which no index tells: searches know. */
static const char *const only_by_reference[] = {
    "job_skills", "candidate_experiences", "candidate_education", "application_timeline", "interviews",
    "ai_interview_sessions", "interview_cards", "named_referrals", "user_profiles", "candidate_profiles", "candidate_cards",
    "freelance_recruiter_cards",
};

/* 14 has no views of the invoker's: there job cards are behind a barrier, which hides their order from the indexes. */
static int
has_invokers_views(void)
{
    return PQserverVersion(login) >= 150000;
}

static int
has_pages(const hgi_table *table)
{
    if (!has_invokers_views() && strcmp(table->info.name, "job_cards") == 0)
        return 0;
    for (size_t i = 0; i < sizeof only_by_reference / sizeof only_by_reference[0]; i++)
        if (strcmp(table->info.name, only_by_reference[i]) == 0)
            return 0;
    return 1;
}

/* Rows that refer to one, by each column that refers; and the newest twenty that one sees. */
static void
make_finds(hg_conn *conn, int32_t number, int32_t role)
{
    const hgi_table *table = hgi_table_of(number);
    const hg_uuid id = policy_uuid("acme_open");
    hgi_list *list;

    for (int32_t column = 0; column < table->info.column_count; column++) {
        const hg_column_info *info = &table->info.columns[column];
        int refers = info->kind == HG_KIND_UUID && column > 0, is_newest = strcmp(info->name, "created_at") == 0 && has_pages(table);
        hg_query *query;

        if (!(table->readable[role] >> column & 1) || (!refers && !is_newest))
            continue;
        query = hg_query_new(number);
        if (refers)
            ck_assert_int_eq(hg_query_where_uuid(query, column, HG_OP_EQ, &id, NULL), HG_OK);
        if (is_newest) {
            ck_assert_int_eq(hg_query_order(query, column, HG_DESCENDING, HG_NULLS_DEFAULT, NULL), HG_OK);
            ck_assert_int_eq(hg_query_limit(query, 20, NULL), HG_OK);
        }
        if (hgi_find(conn, table, query, &list, NULL) == HG_OK)
            hgi_list_free(list);
        hg_query_free(query);
    }
}

/* The plan of a prepared statement: for twenty rows, if it asks how many, or else whatever its arguments, the plan that stays.
 * limit: the ordinal of that argument, or 0. */
static const char *
scanned_by(PGconn *raw, const char *name, int arguments, int limit)
{
    char explain[2048];
    const char *table = NULL;
    PGresult *plan;

    policy_do(raw, limit > 0 ? "SET LOCAL plan_cache_mode = force_custom_plan" : "SET LOCAL plan_cache_mode = force_generic_plan");
    snprintf(explain, sizeof explain, "EXPLAIN (COSTS OFF) EXECUTE \"%s\"", name);
    for (int i = 1; i <= arguments; i++) {
        strcat(explain, i == 1 ? "(" : ", ");
        strcat(explain, i == limit ? "20" : "NULL");
    }
    strcat(explain, arguments > 0 ? ")" : "");
    plan = PQexec(raw, explain);
    ck_assert_msg(PQntuples(plan) > 0, "%s: %s", explain, PQerrorMessage(raw));
    for (int i = 0; i < PQntuples(plan) && table == NULL; i++)
        table = scanned(PQgetvalue(plan, i, 0));
    for (int i = 0; i < PQntuples(plan) && table != NULL; i++)
        fprintf(stderr, "%s\n", PQgetvalue(plan, i, 0));
    PQclear(plan);
    return table;
}

static int
check_statements(PGconn *raw, const policy_person *person, const char *relation)
{
    PGresult *all;
    int count;

    ck_assert_int_eq(policy_do(raw, "BEGIN"), 0);
    all = PQexec(raw, "SELECT name, statement, cardinality(parameter_types),"
                      " coalesce(substring(statement FROM 'LIMIT \\$([0-9]+)'), '0')"
                      " FROM pg_prepared_statements WHERE statement NOT LIKE '%set_config%'");
    count = PQntuples(all);
    ck_assert_int_eq(policy_become(raw, person), 0);
    for (int i = 0; i < count; i++) {
        const char *table = scanned_by(raw, PQgetvalue(all, i, 0), atoi(PQgetvalue(all, i, 2)),
                                       atoi(PQgetvalue(all, i, 3)));

        ck_assert_msg(table == NULL, "%s, %s: all of %s is scanned by %s", relation, person->name, table,
                      PQgetvalue(all, i, 1));
    }
    PQclear(all);
    policy_do(raw, "ROLLBACK");
    return count;
}

START_TEST(calls_of_a_table_do_not_scan)
{
    static const char *const people[] = { "visitor_plain", "ada", "acme_admin", "fred" };
    int is_table = _i < hgi_table_count, statements = 0;
    const hgi_table *table = is_table ? hgi_tables[_i] : hgi_views[_i - hgi_table_count];
    char *dsn = policy_dsn("LOGIN", DATABASE);

    for (size_t p = 0; p < sizeof people / sizeof people[0]; p++) {
        const policy_person *person = policy_person_find(people[p]);
        hg_identity who = { .struct_size = sizeof who, .role = person->role };
        hg_conn *conn;
        hg_error err;

        if (person->claims != NULL)
            who.user_id = policy_uuid(person->claims);
        ck_assert_msg(hg_conn_open(dsn, NULL, &conn, &err) == HG_OK, "%s", err.message);
        ck_assert_msg(hg_session_enter(conn, &who, &err) == HG_OK, "%s", err.message);
        make_calls_by_id(conn, table, person->role, is_table);
        make_finds(conn, is_table ? _i : HG_VIEW_FIRST + _i - hgi_table_count, person->role);
        statements += check_statements(hg_conn_pq(conn), person, table->info.name);
        hg_conn_close(conn);
    }
    if (strcmp(table->info.columns[0].name, "id") == 0 && table->readable[HG_ROLE_COMPANY] != 0)
        ck_assert_msg(statements > 0, "%s: no statement was looked at", table->info.name);
    free(dsn);
}
END_TEST

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
    static const char *const people[] = { "visitor_plain", "ada", "acme_admin", "fred" };
    const policy_person *person = policy_person_find(people[_i / 2]);
    hg_identity who = { .struct_size = sizeof who, .role = person->role };
    hg_query *query;
    char *dsn;
    hg_text *place = NULL;
    hg_job_card_list *list;
    hg_conn *conn;
    hg_error err;

    if (!has_invokers_views())
        return;
    query = hg_query_new(HG_VIEW_JOB_CARDS);
    dsn = policy_dsn("LOGIN", DATABASE);
    if (person->claims != NULL)
        who.user_id = policy_uuid(person->claims);
    ck_assert_msg(hg_conn_open(dsn, NULL, &conn, &err) == HG_OK, "%s", err.message);
    ck_assert_msg(hg_session_enter(conn, &who, &err) == HG_OK, "%s", err.message);
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
    free(dsn);
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
    tcase_add_unchecked_fixture(tcase, make, NULL);
    tcase_add_checked_fixture(tcase, open_connection, close_connection);
    tcase_add_loop_test(tcase, large_table_is_not_scanned, 0, QUERIES);
    tcase_add_loop_test(tcase, calls_of_a_table_do_not_scan, 0, hgi_table_count + hgi_view_count);
    tcase_add_loop_test(tcase, page_of_job_cards_reads_a_page, 0, 8);    /* from PostgreSQL 15 on */
    tcase_add_test(tcase, scan_of_a_large_table_is_noticed);
    suite_add_tcase(suite, tcase);
    return suite;
}
