/* operations/analytics_plans - among 200,000 applications, what is counted for one company, candidate or freelancer reads no
 * whole table: the pages that each operation touches are counted.
 *
 * Everything is made in one transaction of the superuser and rolled back. Each statement is that of the description, run
 * under its role and claims, with a plan for these parameters and with one for any. EXPLAIN counts what functions read,
 * too; each runs twice, since the first time fills the caches of the catalogue. platform_stats reads whole tables, and so
 * do event_counts and event_series without a company what the window holds: they are not here. */
#include "fixture.h"
#include "suites.h"

#include <cjson/cJSON.h>
#include <string.h>

/* A table of 200,000 applications has 2,500 pages and more; a company has 20 of them, with 40 steps. */
enum { MOST_PAGES = 1000 };

/* 10,000 companies with 2 jobs and an admin each; 20,000 candidates with 10 applications each. */
static const char *const crowd[] = {
    "SET LOCAL session_replication_role = replica",        /* the foreign keys of a million rows take a minute to check */
    "INSERT INTO users (id, email, user_type) SELECT ('00000000-0000-4000-8000-' || lpad(i::text, 12, '0'))::uuid,"
    " 'crowd' || i || '@example.org', CASE WHEN i <= 10000 THEN 'company' WHEN i <= 30000 THEN 'candidate'"
    " ELSE 'freelance_recruiter' END FROM generate_series(1, 40000) i",
    "INSERT INTO companies (id, name, slug) SELECT ('00000000-0000-4000-9000-' || lpad(i::text, 12, '0'))::uuid, 'Crowd',"
    " 'crowd-' || i FROM generate_series(1, 10000) i",
    "INSERT INTO company_members (company_id, user_id, role, joined_at) SELECT ('00000000-0000-4000-9000-' ||"
    " lpad(i::text, 12, '0'))::uuid, ('00000000-0000-4000-8000-' || lpad(i::text, 12, '0'))::uuid, 'admin', now()"
    " FROM generate_series(1, 10000) i",
    "INSERT INTO jobs (id, company_id, title, slug, description, job_type, posted_by) SELECT ('00000000-0000-4000-a000-' ||"
    " lpad(i::text, 12, '0'))::uuid, ('00000000-0000-4000-9000-' || lpad((1 + i % 10000)::text, 12, '0'))::uuid, 't', 's' || i,"
    " 'd', 'full_time', ('00000000-0000-4000-8000-' || lpad((1 + i % 10000)::text, 12, '0'))::uuid"
    " FROM generate_series(1, 20000) i",
    "INSERT INTO candidate_profiles (id, user_id) SELECT ('00000000-0000-4000-b000-' || lpad(i::text, 12, '0'))::uuid,"
    " ('00000000-0000-4000-8000-' || lpad(i::text, 12, '0'))::uuid FROM generate_series(10001, 30000) i",
    "INSERT INTO applications (id, job_id, candidate_id, status, applied_at) SELECT ('00000000-0000-4000-c000-' ||"
    " lpad(i::text, 12, '0'))::uuid, ('00000000-0000-4000-a000-' || lpad((1 + i % 20000)::text, 12, '0'))::uuid,"
    " ('00000000-0000-4000-b000-' || lpad((10001 + i / 10 % 20000)::text, 12, '0'))::uuid,"
    " (ARRAY['applied', 'screening', 'hired'])[1 + i % 3], timestamp '2024-01-01' + i * interval '1 minute'"
    " FROM generate_series(1, 200000) i",
    "INSERT INTO application_timeline (application_id, status, created_at) SELECT a.id, s.status, a.applied_at"
    " FROM applications a, (VALUES ('applied'), ('hired')) s (status) WHERE a.id > '00000000-0000-4000-c000-000000000000'"
    " AND a.id < '00000000-0000-4000-c000-999999999999'",
    "INSERT INTO interviews (application_id, interviewer_id, scheduled_at) SELECT ('00000000-0000-4000-c000-' ||"
    " lpad((2 * i)::text, 12, '0'))::uuid, ('00000000-0000-4000-8000-' || lpad((1 + i % 10000)::text, 12, '0'))::uuid,"
    " now() + interval '1 day' FROM generate_series(1, 100000) i",
    "INSERT INTO tasks (company_id, title) SELECT ('00000000-0000-4000-9000-' || lpad((1 + i % 10000)::text, 12, '0'))::uuid,"
    " 't' FROM generate_series(1, 100000) i",
    "INSERT INTO ai_job_matches (candidate_id, job_id, match_score, is_recommended) SELECT ('00000000-0000-4000-b000-' ||"
    " lpad((10001 + i % 20000)::text, 12, '0'))::uuid, ('00000000-0000-4000-a000-' || lpad((1 + i / 10 % 20000)::text, 12,"
    " '0'))::uuid, 50, true FROM generate_series(1, 200000) i",
    "INSERT INTO notifications (user_id, notification_type, title, message) SELECT ('00000000-0000-4000-8000-' ||"
    " lpad((1 + i % 40000)::text, 12, '0'))::uuid, 'n', 't', 'm' FROM generate_series(1, 200000) i",
    "INSERT INTO freelance_recruiters (id, user_id) SELECT ('00000000-0000-4000-d000-' || lpad(i::text, 12, '0'))::uuid,"
    " ('00000000-0000-4000-8000-' || lpad(i::text, 12, '0'))::uuid FROM generate_series(30001, 40000) i",
    "INSERT INTO referrals (recruiter_id, candidate_id, job_id) SELECT ('00000000-0000-4000-d000-' ||"
    " lpad((30001 + i % 10000)::text, 12, '0'))::uuid, ('00000000-0000-4000-b000-' || lpad((10001 + i % 20000)::text, 12,"
    " '0'))::uuid, ('00000000-0000-4000-a000-' || lpad((1 + i / 10 % 20000)::text, 12, '0'))::uuid"
    " FROM generate_series(1, 100000) i",
    "INSERT INTO analytics_events (event_type, event_data, created_at) SELECT 'job_view', jsonb_build_object('job_id',"
    " '00000000-0000-4000-a000-' || lpad((1 + i % 20000)::text, 12, '0')), timestamp '2024-01-01' + i * interval '1 second'"
    " FROM generate_series(1, 200000) i",
    "INSERT INTO system_metrics (metric_name, metric_value, recorded_at) SELECT 'metric' || i % 100, i,"
    " timestamp '2024-01-01' + i * interval '1 minute' FROM generate_series(1, 200000) i",
    "SET LOCAL session_replication_role = origin",
    "ANALYZE users, companies, company_members, jobs, candidate_profiles, applications, application_timeline, interviews,"
    " tasks, ai_job_matches, notifications, freelance_recruiters, referrals, analytics_events, system_metrics",
};

#define COMPANY   "'00000000-0000-4000-9000-000000000777'"
#define JOB       "'00000000-0000-4000-a000-000000000776'"
#define WINDOW    "'2024-01-01', '2024-04-01'"

/* 777 is the admin of company 777, 10777 a candidate, 30777 a freelancer. */
static const struct { const char *operation, *role, *user, *arguments; } cases[] = {
    { "dashboard_company",     "company",    "00777", COMPANY ", " WINDOW ", 5" },
    { "dashboard_company",     "company",    "00777", COMPANY ", NULL, NULL, NULL" },
    { "dashboard_company",     "service",    "",      COMPANY ", " WINDOW ", 5" },
    { "dashboard_candidate",   "candidate",  "10777", "'00000000-0000-4000-b000-000000010777'" },
    { "dashboard_candidate",   "service",    "",      "'00000000-0000-4000-b000-000000010777'" },
    { "dashboard_freelancer",  "freelancer", "30777", "'00000000-0000-4000-d000-000000030777'" },
    { "dashboard_freelancer",  "service",    "",      "'00000000-0000-4000-d000-000000030777'" },
    { "funnel",                "company",    "00777", COMPANY ", NULL, " WINDOW },
    { "funnel",                "company",    "00777", COMPANY ", " JOB ", NULL, NULL" },
    { "funnel",                "service",    "",      COMPANY ", NULL, NULL, NULL" },
    { "time_to_hire",          "company",    "00777", COMPANY ", " WINDOW },
    { "time_to_hire",          "service",    "",      COMPANY ", NULL, NULL" },
    { "application_series",    "company",    "00777", COMPANY ", " WINDOW ", 'day', 'Europe/Zurich', NULL" },
    { "application_series",    "service",    "",      COMPANY ", " WINDOW ", 'day', 'Europe/Zurich', " JOB },
    { "source_effectiveness",  "company",    "00777", COMPANY ", " WINDOW },
    { "source_effectiveness",  "service",    "",      COMPANY ", NULL, NULL" },
    { "recruiter_leaderboard", "company",    "00777", COMPANY ", " WINDOW },
    { "event_counts",          "company",    "00777", WINDOW ", NULL, " COMPANY },
    { "event_counts",          "service",    "",      WINDOW ", ARRAY['job_view'], " COMPANY },
    { "event_series",          "company",    "00777", WINDOW ", 'day', 'Europe/Zurich', NULL, " COMPANY },
    { "event_purge",           "service",    "",      "'2024-01-02', 10" },
    { "metric_series",         "service",    "",      "'metric7', '2024-01-02', '2024-01-03', 'hour', 'UTC', NULL" },
    { "metric_latest",         "service",    "",      "ARRAY['metric7', 'metric8', 'none'], NULL" },
};

static const char *
sql_of(const char *operation)
{
    for (int32_t i = 0; i < hg_operation_count(); i++)
        if (strcmp(hg_operation_describe(i)->name, operation) == 0)
            return hg_operation_describe(i)->sql;
    ck_abort_msg("there is no operation %s", operation);
    return NULL;
}

static double
pages_of(const char *explained)
{
    cJSON *json = cJSON_Parse(explained);
    const cJSON *plan = cJSON_GetObjectItem(cJSON_GetArrayItem(json, 0), "Plan");
    double pages = 0;

    ck_assert_msg(plan != NULL, "EXPLAIN said %s", explained);
    pages += cJSON_GetNumberValue(cJSON_GetObjectItem(plan, "Shared Hit Blocks"));
    pages += cJSON_GetNumberValue(cJSON_GetObjectItem(plan, "Shared Read Blocks"));
    cJSON_Delete(json);
    return pages;
}

/* Pages touched the second time, each time as if it were the first. */
static double
count_pages(int i, const char *mode)
{
    double pages = 0;

    sql_do("SET LOCAL plan_cache_mode = %s", mode);
    sql_do("SET LOCAL ROLE hotgigs_%s", cases[i].role);
    sql_do("SELECT set_config('request.jwt.claims', '%s', true)",
           cases[i].user[0] != '\0' ? fixture_text("{\"sub\": \"00000000-0000-4000-8000-0000000%s\"}", cases[i].user) : "");
    for (int again = 0; again < 2; again++) {
        sql_do("SAVEPOINT before");
        pages = pages_of(sql_text("EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF, FORMAT JSON) EXECUTE asked%d(%s)", i,
                                  cases[i].arguments));
        sql_do("ROLLBACK TO before");
    }
    sql_do("RESET ROLE");
    return pages;
}

START_TEST(no_count_of_ones_own_reads_a_whole_table)
{
    const char *too_many = "";

    sql_do("BEGIN");
    sql_do("SET LOCAL search_path = public");
    for (size_t i = 0; i < sizeof crowd / sizeof crowd[0]; i++)
        sql_do("%s", crowd[i]);
    for (int i = 0; i < (int)(sizeof cases / sizeof cases[0]); i++) {
        static const char *const modes[] = { "force_custom_plan", "force_generic_plan" };

        sql_do("SET LOCAL ROLE hotgigs_%s", cases[i].role);
        sql_do("PREPARE asked%d AS %s", i, sql_of(cases[i].operation));
        sql_do("RESET ROLE");
        for (int mode = 0; mode < 2; mode++) {
            double pages = count_pages(i, modes[mode]);

            if (pages > MOST_PAGES)
                too_many = fixture_text("%s\n%s as %s (%s), %s: %.0f pages", too_many, cases[i].operation, cases[i].role,
                                        cases[i].arguments, modes[mode], pages);
        }
    }
    sql_do("ROLLBACK");
    ck_assert_msg(too_many[0] == '\0', "these read more than %d pages:%s", MOST_PAGES, too_many);
}
END_TEST

Suite *
suite_operations_analytics_plans(void)
{
    Suite *suite = suite_create("operations/analytics_plans");
    TCase *tcase = tcase_create("analytics_plans");

    tcase_add_checked_fixture(tcase, fixture_open, fixture_close);
    tcase_set_timeout(tcase, 300);
    tcase_add_test(tcase, no_count_of_ones_own_reads_a_whole_table);
    suite_add_tcase(suite, tcase);
    return suite;
}
