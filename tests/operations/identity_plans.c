/* operations/identity_plans - none of the operations of identity, companies and messages reads a whole table: the pages
 * that each touches, among 200,000 users, are counted.
 *
 * Everything is made in one transaction of the superuser and rolled back. Each statement is that of the description, run
 * under its role and claims, with a plan for these parameters and with one for any. EXPLAIN counts what functions read,
 * too; each runs twice, since the first time fills the caches of the catalogue. */
#include "operations/ask.h"
#include "suites.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

/* A table of 200,000 users has 4,000 pages and more. */
enum { MOST_PAGES = 700 };

static const char *const crowd[] = {
    "SET LOCAL session_replication_role = replica",        /* the foreign keys of a million rows take a minute to check */
    "INSERT INTO users (id, email, password_hash, user_type, first_name, last_name, created_at) SELECT ('00000000-0000-4000-8000-' ||"
    " lpad(i::text, 12, '0'))::uuid, 'crowd' || i || '@example.org', 'h', (ARRAY['candidate', 'company'])[1 + i % 2], 'First' || i,"
    " md5(i::text), timestamp '2024-01-01' + i * interval '1 second' FROM generate_series(1, 200000) i",
    "INSERT INTO companies (id, name, slug) SELECT ('00000000-0000-4000-9000-' || lpad(i::text, 12, '0'))::uuid, 'Crowd ' ||"
    " i || ' ' || md5(i::text), 'crowd-' || i FROM generate_series(1, 50000) i",
    "INSERT INTO company_members (company_id, user_id, role, joined_at) SELECT ('00000000-0000-4000-9000-' ||"
    " lpad((1 + i / 4)::text, 12, '0'))::uuid, ('00000000-0000-4000-8000-' || lpad(i::text, 12, '0'))::uuid, 'admin', now()"
    " FROM generate_series(1, 199999, 2) i",
    "INSERT INTO user_profiles (user_id) SELECT ('00000000-0000-4000-8000-' || lpad(i::text, 12, '0'))::uuid"
    " FROM generate_series(1, 100000) i",
    "INSERT INTO oauth_accounts (user_id, provider, provider_user_id) SELECT ('00000000-0000-4000-8000-' ||"
    " lpad(i::text, 12, '0'))::uuid, 'google', i FROM generate_series(1, 100000) i",
    "INSERT INTO notifications (user_id, notification_type, title, message, created_at) SELECT ('00000000-0000-4000-8000-' ||"
    " lpad((1 + i % 20000)::text, 12, '0'))::uuid, 'n', 't', 'm', timestamp '2024-01-01' + i * interval '1 second'"
    " FROM generate_series(1, 200000) i",
    "INSERT INTO email_logs (email_type, recipient_email, status, provider_message_id, created_at) SELECT 't', 'a@b',"
    " (ARRAY['sent', 'delivered', 'pending'])[1 + i % 3], 'm' || i, timestamp '2024-01-01' + i * interval '1 minute'"
    " FROM generate_series(1, 200000) i",
    "INSERT INTO tasks (company_id, title, assigned_to) SELECT ('00000000-0000-4000-9000-' || lpad((1 + i % 40000)::text, 12,"
    " '0'))::uuid, 't', ('00000000-0000-4000-8000-' || lpad((2 * (1 + i % 40000) - 1)::text, 12, '0'))::uuid"
    " FROM generate_series(1, 200000) i",
    /* An invitation of 0003, and a task with an id that is known. */
    "INSERT INTO company_members (company_id, user_id, role, joined_at) VALUES ('00000000-0000-4000-9000-000000000002',"
    " '00000000-0000-4000-8000-000000000003', 'viewer', NULL)",
    "INSERT INTO tasks (id, company_id, title) VALUES ('00000000-0000-4000-a000-000000000001',"
    " '00000000-0000-4000-9000-000000000001', 't')",
    "SET LOCAL session_replication_role = origin",
    /* What a trigram index has not sorted in yet is read from end to end; autovacuum does this. */
    "SELECT gin_clean_pending_list(oid) FROM pg_class WHERE relname IN ('users_words_idx', 'companies_name_words_idx')",
    "ANALYZE users, companies, company_members, user_profiles, oauth_accounts, notifications, email_logs, tasks",
};

#define USER(n)    "'00000000-0000-4000-8000-00000000" n "'"
#define COMPANY(n) "'00000000-0000-4000-9000-00000000" n "'"
#define NULLS3 "NULL, NULL, NULL"

/* 0003 is a user of the company persona and admin of company 0001; 0004 is a candidate. */
static const struct { const char *operation, *role, *user, *arguments; } cases[] = {
    { "user_register",             "service",   "", "'new@example.org', NULL, 'candidate', " NULLS3 ", " NULLS3 },
    { "user_credentials",          "service",   "", "'crowd777@example.org'" },
    { "user_touch_login",          "service",   "", USER("0004") },
    { "user_mark_verified",        "service",   "", USER("0004") ", 'crowd4@example.org'" },
    { "user_change_email",         "service",   "", USER("0004") ", 'another@example.org'" },
    { "user_change_password",      "service",   "", USER("0004") ", 'h', 'x'" },
    { "user_admin_list",           "service",   "", NULLS3 ", " NULLS3 ", NULL, 20, false" },
    { "user_admin_list",           "service",   "", "'d79c8788088c', " NULLS3 ", " NULLS3 ", 20, true" },
    { "user_admin_list",           "service",   "", NULLS3 ", NULL, NULL, '2024-01-02', " USER("0004") ", 20, false" },
    { "oauth_find_user",           "service",   "", "'google', '777'" },
    { "oauth_register_or_link",    "service",   "", "'google', '777', '', true, " NULLS3 ", " NULLS3 ", " NULLS3 ", NULL" },
    { "user_get_bundle",           "candidate", "0004", "NULL" },
    { "user_profile_save",         "candidate", "0004", "NULL, 'b', true, NULL, false, NULL, false, NULL, false, NULL, false,"
                                                        " NULL, false, NULL, false" },
    { "user_prefs_merge",          "candidate", "0004", "NULL, '{}', '{}'" },
    { "oauth_unlink",              "service",   "", "'google', " USER("0005") },
    { "user_view",                 "company",   "0003", USER("0001") },
    { "user_search",               "company",   "0003", "'first', NULL, NULL, NULL, 20" },
    { "company_view",              "anon",      "", "NULL, 'crowd-777'" },
    { "company_search",            "anon",      "", NULLS3 ", NULL, NULL, NULL, 20, false" },
    { "company_search",            "anon",      "", NULLS3 ", NULL, 'Crowd 3', " COMPANY("0003") ", 20, false" },
    { "company_search",            "company",   "0003", "'d79c8788088c', " NULLS3 ", NULL, NULL, 20, true" },
    { "company_list_mine",         "company",   "0003", NULL },
    { "company_settings_merge",    "company",   "0003", COMPANY("0001") ", '{}'" },
    { "company_remove_preview",    "company",   "0003", COMPANY("0001") },
    { "member_list",               "company",   "0003", COMPANY("0001") ", true" },
    { "member_role",               "company",   "0003", COMPANY("0001") ", NULL" },
    { "member_can",                "company",   "0003", COMPANY("0001") ", 'manage_jobs', NULL" },
    { "member_invite",             "company",   "0003", COMPANY("0001") ", " USER("0009") ", 'viewer', NULL, NULL" },
    { "member_set_role",           "company",   "0003", COMPANY("0001") ", " USER("0001") ", 'admin', NULL, false" },
    { "company_create",            "company",   "0003", "'Crowd New', " NULLS3 ", " NULLS3 ", " NULLS3 ", NULL" },
    { "company_remove",            "company",   "0003", COMPANY("0001") ", 0, 0" },
    { "member_accept",             "company",   "0003", COMPANY("0002") ", NULL" },
    { "member_decline",            "company",   "0003", COMPANY("0002") ", NULL" },
    { "member_leave",              "company",   "0003", COMPANY("0001") },
    { "member_remove",             "company",   "0003", COMPANY("0001") ", " USER("0001") },
    { "member_offboard",           "company",   "0003", COMPANY("0001") ", " USER("0001") ", " USER("0003") },
    { "user_set_active",           "service",   "", USER("0004") ", false" },
    { "notification_mark_read",    "candidate", "0004", "ARRAY[" USER("0004") "]::uuid[]" },
    { "task_set_status",           "company",   "0003", "'00000000-0000-4000-a000-000000000001', 'in_progress', " NULLS3 },
    { "notification_send",         "service",   "", "ARRAY[" USER("0004") "]::uuid[], 'n', 't', 'm', " NULLS3 },
    { "notification_page",         "candidate", "0004", NULLS3 ", NULL, 20" },
    { "notification_unread_count", "candidate", "0004", NULL },
    { "notification_mark_all",     "candidate", "0004", "'2024-01-02'" },
    { "notification_clear",        "candidate", "0004", "'2024-01-02', false" },
    { "notification_purge",        "service",   "", "'2024-01-01 00:01:00', 100" },
    { "email_claim_pending",       "service",   "", "20, NULL" },
    { "email_apply_event",         "service",   "", "NULL, 'm777', 'delivered', NULL, NULL" },
    { "email_stats",               "service",   "", "'2024-01-02', '2024-01-03', NULL" },
    { "email_stats_daily",         "service",   "", "'2024-01-02', '2024-01-03', 't'" },
    { "task_page",                 "company",   "0003", COMPANY("0001") ", " NULLS3 ", " NULLS3 ", " NULLS3 ", 20" },
    { "task_page",                 "company",   "0003", NULLS3 ", " NULLS3 ", " NULLS3 ", NULL, NULL" },
    { "task_counts",               "company",   "0003", COMPANY("0001") ", NULL" },
    { "task_create",               "company",   "0003", COMPANY("0001") ", 't', " NULLS3 ", " USER("0001") ", " NULLS3 ", NULL" },
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
    const char *arguments = cases[i].arguments != NULL ? fixture_text("(%s)", cases[i].arguments) : "";
    double pages = 0;

    sql_do("SET LOCAL plan_cache_mode = %s", mode);
    sql_do("SET LOCAL ROLE hotgigs_%s", cases[i].role);
    sql_do("SELECT set_config('request.jwt.claims', '%s', true)",
           cases[i].user[0] != '\0' ? fixture_text("{\"sub\": \"00000000-0000-4000-8000-00000000%s\"}", cases[i].user) : "");
    for (int again = 0; again < 2; again++) {
        sql_do("SAVEPOINT before");
        pages = pages_of(sql_text("EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF, FORMAT JSON) EXECUTE asked%d%s", i,
                                  arguments));
        sql_do("ROLLBACK TO before");
    }
    sql_do("RESET ROLE");
    return pages;
}

/* In the database where no other suite leaves rows: theirs would count. */
static void
setup(void)
{
    fixture_open();
    PQfinish(admin);
    admin = sql_connect(fixture_dsn_with("ADMIN", "dbname=hotgigs_scratch"));
}

START_TEST(no_operation_reads_a_whole_table)
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
                too_many = fixture_text("%s\n%s (%s), %s: %.0f pages", too_many, cases[i].operation,
                                        cases[i].arguments != NULL ? cases[i].arguments : "", modes[mode], pages);
        }
    }
    sql_do("ROLLBACK");
    ck_assert_msg(too_many[0] == '\0', "these read more than %d pages:%s", MOST_PAGES, too_many);
}
END_TEST

Suite *
suite_operations_identity_plans(void)
{
    Suite *suite = suite_create("operations/identity_plans");
    TCase *tc = tcase_create("identity_plans");

    tcase_add_checked_fixture(tc, setup, fixture_close);
    tcase_set_timeout(tc, 300);
    tcase_add_test(tc, no_operation_reads_a_whole_table);
    suite_add_tcase(suite, tc);
    return suite;
}
