/* plans_exempt.c - what the library's calls read otherwise than by an index on what they ask for: by name, with the reason. That each
 * line is needed is checked, here, and of one's own rows in plans_calls.c. */
#include "policies/plans.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crowd.h"
#include "hotgigs/pq.h"
#include "policies/plan.h"

enum { ANON = 1 << HG_ROLE_ANON, CANDIDATE = 1 << HG_ROLE_CANDIDATE, COMPANY = 1 << HG_ROLE_COMPANY,
       FREELANCER = 1 << HG_ROLE_FREELANCER, SERVICE = 1 << HG_ROLE_SERVICE };

/* ---- All that one sees ------------------------------------------------------------------------------------------------ */

enum { ANY = PLANS_NEWEST | PLANS_COUNT | PLANS_EXISTS };

/* Where a line counts: with numbers of rows that differ, the server may choose otherwise between two that cost about the same. */
enum { CROWD = 1, MILLION = 2, BOTH = CROWD | MILLION };

static int
counts(int where)
{
    return where & (crowd_is_million() ? MILLION : CROWD);
}

/* Whoever sees the parent sees it. As a set, = ANY (ARRAY(SELECT ...)), the parents that one sees would be an index condition, but be
 * computed whenever one row is read by its id: for a large company that is 100,000 applications. And an index by time
 * would end at twenty only where most rows are one's own. So a page is asked for by what the rows belong to, or of a search. */
#define OF_ITS_PARENT "is seen through its parent, a row at a time"
/* Its owner has opted in, in a JSON column, whose operators are not leakproof: how many have, and how far down the twentieth is, no
 * index tells. hotgigs.candidate_search has an index of those who have. */
#define OPTED_IN "is seen if its owner says so"
/* A barrier view hides the order of its tables from a query over it. Recruiters are looked up by name. */
#define BEHIND_A_BARRIER "is all verified recruiters, behind a barrier"
/* What is counted is most of the table; and the first row is soon one of them. */
#define EVERYBODYS "is for everybody to see, or nearly all of it"
/* Of any of three sets, each of ten for all that the server knows, a row is expected within a few pages, and one is enough. Who has
 * none reads all of the table: of a million referrals in 160 ms. A count goes by the three indexes. */
#define OF_THREE_SETS "is seen by any of three sets, of which one row is expected soon"

static const struct { const char *name; int32_t roles; int asked; const char *why; int where; } all_read[] = {
    { "job_skills",                ANON | CANDIDATE | COMPANY | FREELANCER, ANY,                        OF_ITS_PARENT, BOTH },
    { "candidate_experiences",     COMPANY | FREELANCER,                    ANY,                        OF_ITS_PARENT, BOTH },
    { "candidate_education",       COMPANY | FREELANCER,                    ANY,                        OF_ITS_PARENT, BOTH },
    { "application_timeline",      CANDIDATE | COMPANY,                     ANY,                        OF_ITS_PARENT, BOTH },
    { "interviews",                CANDIDATE | COMPANY,                     ANY,                        OF_ITS_PARENT, BOTH },
    { "ai_interview_sessions",     CANDIDATE | COMPANY,                     ANY,                        OF_ITS_PARENT, BOTH },
    { "interview_cards",           CANDIDATE | COMPANY,                     ANY,                        OF_ITS_PARENT, BOTH },
    { "user_profiles",             CANDIDATE | COMPANY | FREELANCER,        ANY,                        OPTED_IN, BOTH },
    { "candidate_profiles",        COMPANY | FREELANCER,                    ANY,                        OPTED_IN, BOTH },
    { "candidate_cards",           CANDIDATE | COMPANY | FREELANCER,        ANY,                        OPTED_IN, BOTH },
    { "freelance_recruiter_cards", CANDIDATE | COMPANY,                     PLANS_NEWEST | PLANS_COUNT, BEHIND_A_BARRIER, BOTH },
    { "freelance_recruiter_cards", CANDIDATE | COMPANY,                     PLANS_EXISTS,               BEHIND_A_BARRIER, MILLION },
    { "jobs",                      ANON | CANDIDATE | COMPANY | FREELANCER, PLANS_COUNT | PLANS_EXISTS, EVERYBODYS, BOTH },
    { "job_cards",                 ANON | CANDIDATE | COMPANY | FREELANCER, PLANS_COUNT | PLANS_EXISTS, EVERYBODYS, BOTH },
    { "company_cards",             ANON | CANDIDATE | COMPANY | FREELANCER, PLANS_COUNT | PLANS_EXISTS, EVERYBODYS, BOTH },
    { "named_referrals",           CANDIDATE | COMPANY | FREELANCER,        PLANS_EXISTS,               OF_THREE_SETS, BOTH },
};

enum { ALL_READ = sizeof all_read / sizeof all_read[0] };

int
plans_may_read_all(const hgi_table *table, int32_t role, int asked)
{
    for (int i = 0; i < ALL_READ; i++)
        if (strcmp(table->info.name, all_read[i].name) == 0 && all_read[i].roles >> role & 1 &&
            all_read[i].asked & asked && counts(all_read[i].where))
            return 1;
    return 0;
}

int
plans_has_invokers_views(void)
{
    return PQserverVersion(plans_login) >= 150000;
}

int32_t
plans_newest_column(const hgi_table *table, int32_t role)
{
    static const char *const names[] = { "created_at", "recorded_at", "scheduled_at", "applied_at", "updated_at" };

    if (!plans_has_invokers_views() && strcmp(table->info.name, "job_cards") == 0)
        return -1;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        for (int32_t column = 0; column < table->info.column_count; column++)
            if (table->readable[role] >> column & 1 && strcmp(table->info.columns[column].name, names[i]) == 0)
                return column;
    return -1;
}

/* ---- By a column ------------------------------------------------------------------------------------------------------- */

/* An id of any table: the index begins with the name of the table, without which nobody asks. */
#define WITH_ITS_TYPE "is asked for with its resource_type, which the index begins with"

static const struct { const char *name, *column; int32_t roles; const char *why; } without_index[] = {
    { "audit_logs", "resource_id", SERVICE, WITH_ITS_TYPE },
};

enum { WITHOUT_INDEX = sizeof without_index / sizeof without_index[0] };

int
plans_is_without_index(const hgi_table *table, int32_t column, int32_t role)
{
    for (int i = 0; i < WITHOUT_INDEX; i++)
        if (strcmp(table->info.name, without_index[i].name) == 0 && without_index[i].roles >> role & 1 &&
            strcmp(table->info.columns[column].name, without_index[i].column) == 0)
            return 1;
    return 0;
}

/* A policy says whose the rows are, in a form that an index knows, and for the server those of one are as few as those that are asked
 * for, or fewer: it reads them by the one or by the other. What it reads is not more than a list of one's own. */
#define OF_ONE_USER "is one user's, of whom few rows are expected"
#define OF_ONE_COMPANY "is seen by the jobs of one's company, of which ten are expected, as of keys"

static const struct { const char *name, *column; int32_t roles; const char *why; int where; } own[] = {
    { "user_profiles",        "user_id",        CANDIDATE | COMPANY | FREELANCER, OF_ONE_USER,    BOTH },
    { "oauth_accounts",       "user_id",        CANDIDATE | COMPANY | FREELANCER, OF_ONE_USER,    BOTH },
    { "notifications",        "user_id",        CANDIDATE | COMPANY | FREELANCER, OF_ONE_USER,    BOTH },
    { "audit_logs",           "user_id",        CANDIDATE | COMPANY | FREELANCER, OF_ONE_USER,    BOTH },
    { "company_members",      "user_id",        CANDIDATE | FREELANCER,           OF_ONE_USER,    BOTH },
    { "candidate_profiles",   "user_id",        CANDIDATE,                        OF_ONE_USER,    BOTH },
    { "candidate_education",  "candidate_id",   CANDIDATE,                        OF_ONE_USER,    CROWD },
    { "documents",            "user_id",        CANDIDATE,                        OF_ONE_USER,    BOTH },
    { "freelance_recruiters", "user_id",        FREELANCER,                       OF_ONE_USER,    BOTH },
    { "tasks",                "assigned_to",    FREELANCER,                       OF_ONE_USER,    CROWD },
    { "interviews",           "interviewer_id", FREELANCER,                       OF_ONE_USER,    CROWD },
    { "referrals",            "candidate_id",   CANDIDATE,                        OF_ONE_USER,    CROWD },
    { "referrals",            "job_id",         COMPANY,                          OF_ONE_COMPANY, BOTH },
    { "ai_job_matches",       "job_id",         COMPANY,                          OF_ONE_COMPANY, MILLION },
};

const char *
plans_own_column(const char *relation, int32_t role)
{
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        if (strcmp(relation, own[i].name) == 0 && own[i].roles >> role & 1 && counts(own[i].where))
            return own[i].column;
    return NULL;
}

/* ---- That they are needed ----------------------------------------------------------------------------------------------- */

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

/* Not run, only planned: it takes seconds. */
static void
check_fault(const char *person, const char *sql, const char *name, const char *why)
{
    PGresult *explained;
    hg_conn *conn = plans_connect(policy_person_find(person));
    PGconn *raw = hg_conn_pq(conn);

    ck_assert_int_eq(policy_do(raw, "BEGIN"), 0);
    ck_assert_int_eq(policy_become(raw, policy_person_find(person)), 0);
    explained = PQexec(raw, sql);
    ck_assert_msg(PQntuples(explained) > 0, "%s", PQerrorMessage(raw));
    ck_assert_msg(plan_fault(explained, NULL) != NULL, "%s %s, but an index finds it for %s: take that out: %s", name, why, person, sql);
    PQclear(explained);
    policy_do(raw, "ROLLBACK");
    hg_conn_close(conn);
}

/* As the calls ask for it. */
static void
write_asked(const hgi_table *table, int32_t role, int asked, char *sql)
{
    strcpy(sql, "EXPLAIN (FORMAT JSON) SELECT ");
    if (asked == PLANS_COUNT) {
        strcat(strcat(sql, "count(*) FROM "), table->relation);
    } else if (asked == PLANS_EXISTS) {
        strcat(strcat(strcat(sql, "EXISTS (SELECT FROM "), table->relation), ")");
    } else {
        strcat(sql, "id");
        for (int32_t column = 1; column < table->info.column_count; column++)
            if (table->readable[role] >> column & 1)
                strcat(strcat(sql, ", "), table->info.columns[column].name);
        strcat(strcat(strcat(sql, " FROM "), table->relation), " ORDER BY created_at DESC, id LIMIT 20");
    }
}

START_TEST(what_no_index_finds_is_read_whole)
{
    const hgi_table *table = table_named(all_read[_i].name);

    for (int p = 0; p < PLANS_TENANTS && counts(all_read[_i].where); p++)
        for (int asked = PLANS_NEWEST; asked <= PLANS_EXISTS; asked *= 2) {
            int32_t role = policy_person_find(plans_personas[p])->role;
            char sql[2048];

            if (!(all_read[_i].roles >> role & 1) || !(all_read[_i].asked & asked))
                continue;
            write_asked(table, role, asked, sql);
            check_fault(plans_personas[p], sql, table->info.name, all_read[_i].why);
        }
}
END_TEST

START_TEST(what_no_index_has_is_read_whole)
{
    for (int p = 0; p < PLANS_PERSONAS; p++) {
        char sql[500];

        if (!(without_index[_i].roles >> policy_person_find(plans_personas[p])->role & 1))
            continue;
        snprintf(sql, sizeof sql, "EXPLAIN (FORMAT JSON) SELECT FROM %s WHERE %s = '%s'",
                 table_named(without_index[_i].name)->relation, without_index[_i].column, policy_id("acme_open"));
        check_fault(plans_personas[p], sql, without_index[_i].column, without_index[_i].why);
    }
}
END_TEST

void
plans_exempt(TCase *tcase)
{
    tcase_add_loop_test(tcase, what_no_index_finds_is_read_whole, 0, ALL_READ);
    tcase_add_loop_test(tcase, what_no_index_has_is_read_whole, 0, WITHOUT_INDEX);
}
