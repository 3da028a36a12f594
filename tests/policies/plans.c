/* plans.c - what the policies cost: in a large database a row by its id and one's own rows are found by an index;
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

static const char *database;

/* The large tables; of the others a sequential scan is right. With a million rows in each (make plans) all are. */
static const char *const large[] = {
    "users", "candidate_profiles", "jobs", "applications", "application_timeline", "interviews",
    "ai_interview_sessions",
    "job_skills", "ai_job_matches", "candidate_experiences", "documents", "notifications", "tasks", "referrals",
    "audit_logs", "candidate_education", "user_profiles", "oauth_accounts", "ai_resume_analysis",
    "analytics_events", "system_metrics", "email_logs", "companies", "company_members",
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

static PGconn *login;

static void
open_connection(void)
{
    login = policy_connect("LOGIN", database);
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
    for (int32_t i = 0; i < hgi_table_count && crowd_is_million(); i++)
        if (strlen(hgi_tables[i]->info.name) == n && strncmp(hgi_tables[i]->info.name, at, n) == 0)
            return hgi_tables[i]->info.name;
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

/* A row of which each column that the role may insert has some value; nothing refers to anything, so that it is not written. */
static void
try_insert(hg_conn *conn, const hgi_table *table, int32_t role)
{
    uint64_t set = table->insertable[role];
    hgi_row *row = calloc(1, table->info.row_size);

    row->struct_size = table->info.row_size;
    for (int32_t column = 0; column < table->info.column_count; column++) {
        const hg_column_info *info = &table->info.columns[column];
        char *field = (char *)row + info->offset;

        if (!(set >> column & 1) || info->kind == HG_KIND_TEXT_LIST)
            set &= ~HG_BIT(column);
        else if (info->nullable)
            row->null_mask |= HG_BIT(column);
        else if (info->kind == HG_KIND_TEXT)
            *(hg_str *)(void *)field = (hg_str){ "x", 1 };
        else if (info->kind == HG_KIND_JSON)
            *(hg_json *)(void *)field = (hg_json){ "{}", 2 };
        else if (info->kind == HG_KIND_ENUM)
            *(int32_t *)(void *)field = 1;
        else if (info->kind == HG_KIND_UUID)
            memset(field, 0x77, sizeof(hg_uuid));
    }
    if (set != 0)
        hgi_insert(conn, table, row, set, NULL, NULL);
    free(row);
}

/* Every call by id that this role may make: its statements are prepared then, probes and all. What is changed is nobody's. */
static void
make_changes_by_id(hg_conn *conn, const hgi_table *table, int32_t number, int32_t role)
{
    uint64_t writable = table->updatable[role];
    const hg_uuid nobody = { { 0x77 } };
    hg_query *query = hg_query_new(number);
    hgi_row *row = calloc(1, table->info.row_size);
    int64_t changed;

    ck_assert_int_eq(hg_query_where_uuid(query, 0, HG_OP_EQ, &nobody, NULL), HG_OK);
    try_insert(conn, table, role);
    for (int32_t column = 0; column < table->info.column_count && writable != 0; column++)
        if (writable >> column & 1 && table->info.columns[column].nullable) {
            row->struct_size = table->info.row_size;
            row->null_mask = writable = HG_BIT(column);
            hgi_update(conn, table, &nobody, row, writable, NULL, NULL);
            hgi_update_where(conn, table, query, row, writable, 1, &changed, NULL);
            writable = 0;
        }
    if (table->deletable >> role & 1) {
        hgi_delete(conn, table, &nobody, NULL);
        hgi_delete_where(conn, table, query, 1, &changed, NULL);
    }
    hg_query_free(query);
    free(row);
}

/* The fixture's rows that this role sees, and what belongs to them. */
static void
make_reads_by_id(hg_conn *conn, const hgi_table *table)
{
    hg_uuid ids[512];
    size_t count = 0;
    const void *row;
    hgi_list *list;

    for (const char *id; count < 512 && (id = policy_id_at((int)count)) != NULL; count++)
        ck_assert_int_eq(hg_uuid_parse(id, strlen(id), &ids[count], NULL), HG_OK);
    if (hgi_get(conn, table, &ids[0], &row, NULL) == HG_OK)
        hgi_row_free(row);
    if (hgi_get_many(conn, table, ids, count, &list, NULL) != HG_OK)
        return;
    for (int32_t i = 0; i < table->info.relation_count && hgi_list_count(list) > 0; i++) {
        hg_related *related;

        if (hgi_list_related(conn, table, list, i, NULL, &related, NULL) == HG_OK)
            hg_related_free(related);
    }
    hgi_list_free(list);
}

/* Whose newest twenty no index finds, and why. A page of them is asked for by what they belong to, or of a search. That a line is
 * needed is checked, too. */
enum { ANON = 1 << HG_ROLE_ANON, CANDIDATE = 1 << HG_ROLE_CANDIDATE, COMPANY = 1 << HG_ROLE_COMPANY, FREELANCER = 1 << HG_ROLE_FREELANCER };

/* Whoever sees the parent sees it. As a set, = ANY (ARRAY(SELECT ...)), the parents that one sees would be an index condition, but be
 * computed whenever one row is read by its id: for a large company that is 100,000 applications. And an index by time
 * would end at twenty only where most rows are one's own. */
#define OF_ITS_PARENT "is seen through its parent, a row at a time"
/* Its owner has opted in, in a JSON column, whose operators are not leakproof: how many have, and how far down the twentieth is, no
 * index tells. hotgigs.candidate_search has an index of those who have. */
#define OPTED_IN "is seen if its owner says so"
/* A barrier view hides the order of its tables from a query over it. Recruiters are looked up by name. */
#define BEHIND_A_BARRIER "is all verified recruiters, behind a barrier"

static const struct { const char *name; int32_t roles; const char *why; } without_newest[] = {
    { "job_skills",                ANON | CANDIDATE | COMPANY | FREELANCER, OF_ITS_PARENT },
    { "candidate_experiences",     COMPANY | FREELANCER,                    OF_ITS_PARENT },
    { "candidate_education",       COMPANY | FREELANCER,                    OF_ITS_PARENT },
    { "application_timeline",      CANDIDATE | COMPANY,                     OF_ITS_PARENT },
    { "interviews",                CANDIDATE | COMPANY,                     OF_ITS_PARENT },
    { "ai_interview_sessions",     CANDIDATE | COMPANY,                     OF_ITS_PARENT },
    { "interview_cards",           CANDIDATE | COMPANY,                     OF_ITS_PARENT },
    { "user_profiles",             CANDIDATE | COMPANY | FREELANCER,        OPTED_IN },
    { "candidate_profiles",        COMPANY | FREELANCER,                    OPTED_IN },
    { "candidate_cards",           CANDIDATE | COMPANY | FREELANCER,        OPTED_IN },
    { "freelance_recruiter_cards", CANDIDATE | COMPANY,                     BEHIND_A_BARRIER },
};

static int
has_newest(const hgi_table *table, int32_t role)
{
    for (size_t i = 0; i < sizeof without_newest / sizeof without_newest[0]; i++)
        if (strcmp(table->info.name, without_newest[i].name) == 0 && without_newest[i].roles >> role & 1)
            return 0;
    return 1;
}

/* 14 has no views of the invoker's: there job cards are behind a barrier, which hides their order from the indexes. */
static int
has_invokers_views(void)
{
    return PQserverVersion(login) >= 150000;
}

/* The column that the newest come first by, or -1: there is none, or an older server does not find them. */
static int32_t
newest_column(const hgi_table *table, int32_t role)
{
    if (!has_invokers_views() && strcmp(table->info.name, "job_cards") == 0)
        return -1;
    for (int32_t column = 0; column < table->info.column_count; column++)
        if (table->readable[role] >> column & 1 && strcmp(table->info.columns[column].name, "created_at") == 0)
            return column;
    return -1;
}

static void
find(hg_conn *conn, const hgi_table *table, const hg_query *query)
{
    hgi_list *list;

    if (hgi_find(conn, table, query, &list, NULL) == HG_OK)
        hgi_list_free(list);
}

/* Rows that refer to one, by each column that refers. */
static void
make_finds_by_reference(hg_conn *conn, const hgi_table *table, int32_t number, int32_t role)
{
    const hg_uuid id = policy_uuid("acme_open");

    for (int32_t column = 1; column < table->info.column_count; column++) {
        hg_query *query;

        if (!(table->readable[role] >> column & 1) || table->info.columns[column].kind != HG_KIND_UUID)
            continue;
        query = hg_query_new(number);
        ck_assert_int_eq(hg_query_where_uuid(query, column, HG_OP_EQ, &id, NULL), HG_OK);
        find(conn, table, query);
        hg_query_free(query);
    }
}

/* The newest twenty that one sees. */
static void
make_find_newest(hg_conn *conn, const hgi_table *table, int32_t number, int32_t role)
{
    int32_t column = newest_column(table, role);
    hg_query *query;

    if (column < 0)
        return;
    query = hg_query_new(number);
    ck_assert_int_eq(hg_query_order(query, column, HG_DESCENDING, HG_NULLS_DEFAULT, NULL), HG_OK);
    ck_assert_int_eq(hg_query_limit(query, 20, NULL), HG_OK);
    find(conn, table, query);
    hg_query_free(query);
}

/* The large table that a plan, the result of EXPLAIN, scans; NULL: none. */
static const char *
scanned_in(PGresult *plan)
{
    const char *table = NULL;

    for (int i = 0; i < PQntuples(plan) && table == NULL; i++)
        table = scanned(PQgetvalue(plan, i, 0));
    PQclear(plan);
    return table;
}

/* The table that is scanned by the plan that a prepared statement keeps, whatever its arguments; NULL: none. */
static const char *
scanned_by(PGconn *raw, const char *name, int arguments)
{
    char explain[2048];
    PGresult *plan;

    snprintf(explain, sizeof explain, "EXPLAIN (COSTS OFF) EXECUTE \"%s\"", name);
    for (int i = 1; i <= arguments; i++)
        strcat(explain, i == 1 ? "(NULL" : ", NULL");
    strcat(explain, arguments > 0 ? ")" : "");
    plan = PQexec(raw, explain);
    ck_assert_msg(PQntuples(plan) > 0, "%s: %s", explain, PQerrorMessage(raw));
    return scanned_in(plan);
}

/* Nothing is scanned by any statement that was prepared on this connection; gives back how many there are. */
static int
check_statements(PGconn *raw, const policy_person *person, const char *relation)
{
    PGresult *all;
    int count;

    ck_assert_int_eq(policy_do(raw, "BEGIN"), 0);
    all = PQexec(raw, "SELECT name, statement, cardinality(parameter_types) FROM pg_prepared_statements"
                      " WHERE statement NOT LIKE '%set_config%'");
    count = PQntuples(all);
    ck_assert_int_eq(policy_become(raw, person), 0);
    ck_assert_int_eq(policy_do(raw, "SET LOCAL plan_cache_mode = force_generic_plan"), 0);
    for (int i = 0; i < count; i++) {
        const char *table = scanned_by(raw, PQgetvalue(all, i, 0), atoi(PQgetvalue(all, i, 2)));

        ck_assert_msg(table == NULL, "%s, %s: all of %s is scanned by %s", relation, person->name, table, PQgetvalue(all, i, 1));
    }
    PQclear(all);
    policy_do(raw, "ROLLBACK");
    return count;
}

static hg_conn *
connect_as(const policy_person *person)
{
    hg_identity who = { .struct_size = sizeof who, .role = person->role };
    char *dsn = policy_dsn("LOGIN", database);
    hg_conn *conn;
    hg_error err;

    if (person->claims != NULL)
        who.user_id = policy_uuid(person->claims);
    ck_assert_msg(hg_conn_open(dsn, NULL, &conn, &err) == HG_OK, "%s", err.message);
    ck_assert_msg(hg_session_enter(conn, &who, &err) == HG_OK, "%s", err.message);
    free(dsn);
    return conn;
}

static const char *const people[] = { "visitor_plain", "ada", "acme_admin", "fred" };
enum { PEOPLE = sizeof people / sizeof people[0] };

START_TEST(calls_of_a_table_do_not_scan)
{
    int is_table = _i < hgi_table_count, statements = 0;
    int32_t number = is_table ? _i : HG_VIEW_FIRST + _i - hgi_table_count;
    const hgi_table *table = hgi_table_of(number);

    for (size_t p = 0; p < PEOPLE; p++) {
        const policy_person *person = policy_person_find(people[p]);
        hg_conn *conn = connect_as(person);

        make_reads_by_id(conn, table);
        if (is_table)
            make_changes_by_id(conn, table, number, person->role);
        make_finds_by_reference(conn, table, number, person->role);
        if (has_newest(table, person->role))
            make_find_newest(conn, table, number, person->role);
        statements += check_statements(hg_conn_pq(conn), person, table->info.name);
        hg_conn_close(conn);
    }
    if (strcmp(table->info.columns[0].name, "id") == 0 && table->readable[HG_ROLE_COMPANY] != 0)
        ck_assert_msg(statements > 0, "%s: no statement was looked at", table->info.name);
}
END_TEST

static const hgi_table *
table_named(const char *name)
{
    for (int32_t i = 0; i < hgi_table_count + hgi_view_count; i++) {
        const hgi_table *table = i < hgi_table_count ? hgi_tables[i] : hgi_views[i - hgi_table_count];

        if (strcmp(table->info.name, name) == 0)
            return table;
    }
    ck_abort_msg("there is no %s", name);
}

/* Not read, only planned: it takes seconds. */
START_TEST(newest_that_no_index_finds_are_scanned_for)
{
    const hgi_table *table = table_named(without_newest[_i].name);

    for (size_t p = 0; p < PEOPLE; p++) {
        const policy_person *person = policy_person_find(people[p]);
        char sql[2048] = "EXPLAIN (COSTS OFF) SELECT id";

        if (!(without_newest[_i].roles >> person->role & 1))
            continue;
        for (int32_t column = 1; column < table->info.column_count; column++)
            if (table->readable[person->role] >> column & 1)
                strcat(strcat(sql, ", "), table->info.columns[column].name);
        strcat(strcat(strcat(sql, " FROM "), table->relation), " ORDER BY created_at DESC, id LIMIT 20");
        ck_assert_int_eq(policy_do(login, "BEGIN"), 0);
        ck_assert_int_eq(policy_become(login, person), 0);
        ck_assert_msg(scanned_in(PQexec(login, sql)) != NULL, "%s %s, but an index finds the newest: take %s's role out",
                      table->info.name, without_newest[_i].why, person->name);
        policy_do(login, "ROLLBACK");
    }
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
    hg_text *place = NULL;
    hg_job_card_list *list;
    hg_query *query;
    hg_conn *conn;
    hg_error err;

    if (!has_invokers_views())
        return;
    query = hg_query_new(HG_VIEW_JOB_CARDS);
    conn = connect_as(policy_person_find(people[_i / 2]));
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
    tcase_add_loop_test(tcase, newest_that_no_index_finds_are_scanned_for, 0, sizeof without_newest / sizeof without_newest[0]);
    tcase_add_loop_test(tcase, page_of_job_cards_reads_a_page, 0, 2 * PEOPLE);    /* from PostgreSQL 15 on */
    tcase_add_test(tcase, scan_of_a_large_table_is_noticed);
    suite_add_tcase(suite, tcase);
    return suite;
}
