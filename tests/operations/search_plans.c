/* operations/search_plans - what a page of a search costs among 200,000 jobs and 100,000 candidates, as a tenant: pages of
 * the buffer cache, counted by EXPLAIN, and that no table is read from end to end. The time is printed and not judged.
 *
 * The rows lie in a database of their own, made once for the suite: index-only scans want a vacuum, which no transaction
 * that is rolled back can have. */
#include "fixture.h"
#include "operations/search_names.h"
#include "operations/search_pairs.h"
#include "suites.h"

#include <cjson/cJSON.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* open_jobs alone has 25,000 pages. The dearest of these read 430. */
enum { MOST = 500 };

static const char database[] = "hotgigs_search";

static void
die(const char *why, const char *where)
{
    fprintf(stderr, "search_plans: %s: %.200s\n", why, where);
    abort();
}

static void
run(PGconn *pg, const char *sql)
{
    PGresult *result = PQexec(pg, sql);
    ExecStatusType status = PQresultStatus(result);

    PQclear(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        die(PQerrorMessage(pg), sql);
}

static char *
read_file(const char *path)
{
    FILE *file = fopen(path, "r");
    char *text = calloc(1, 1 << 16);

    if (file == NULL || text == NULL || fread(text, 1, (1 << 16) - 1, file) == 0) {
        fprintf(stderr, "search_plans: cannot read %s\n", path);
        abort();
    }
    fclose(file);
    return text;
}

static PGconn *
connect_as(const char *login, const char *to)
{
    char name[64], conninfo[1024];
    PGconn *pg;

    snprintf(name, sizeof name, "HOTGIGS_TEST_%s_DSN", login);
    snprintf(conninfo, sizeof conninfo, "%s%s%s", getenv(name), to != NULL ? " dbname=" : "", to != NULL ? to : "");
    pg = PQconnectdb(conninfo);
    if (PQstatus(pg) != CONNECTION_OK) {
        fprintf(stderr, "search_plans: %s", PQerrorMessage(pg));
        abort();
    }
    PQclear(PQexec(pg, "SET client_min_messages = error"));
    return pg;
}

enum { AT_ONCE = 2, STATEMENTS = 64 };

/* Runs the statements, two at a time, in the order given. */
static void
run_beside(PGconn *pg[AT_ONCE], const char *const *sql, int count)
{
    int next = 0, busy = 0, is_busy[AT_ONCE] = { 0 };

    while (next < count || busy > 0) {
        struct pollfd ready[AT_ONCE];

        for (int i = 0; i < AT_ONCE; i++) {
            if (!is_busy[i] && next < count) {
                if (!PQsendQuery(pg[i], sql[next++]))
                    die(PQerrorMessage(pg[i]), sql[next - 1]);
                is_busy[i] = 1;
                busy++;
            }
            ready[i] = (struct pollfd){ .fd = is_busy[i] ? PQsocket(pg[i]) : -1, .events = POLLIN };
        }
        poll(ready, AT_ONCE, -1);
        for (int i = 0; i < AT_ONCE; i++) {
            PGresult *result;

            if (ready[i].revents == 0)
                continue;
            PQconsumeInput(pg[i]);
            while (is_busy[i] && !PQisBusy(pg[i])) {
                result = PQgetResult(pg[i]);
                if (result == NULL) {
                    is_busy[i] = 0;
                    busy--;
                } else if (PQresultStatus(result) == PGRES_FATAL_ERROR) {
                    die(PQresultErrorMessage(result), "beside another");
                }
                PQclear(result);
            }
        }
    }
}

/* The indexes that are not kept, but those of one table, those that take longest first. */
static int
read_indexes(PGconn *pg, const char *but_of, char statements[STATEMENTS][256])
{
    PGresult *result = PQexecParams(pg, "SELECT 'REINDEX INDEX ' || i.indexrelid::regclass FROM pg_index i JOIN pg_class c"
                                  " ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam WHERE NOT i.indisready"
                                        " AND i.indrelid <> $1::regclass ORDER BY m.amname = 'gin' DESC, 1 DESC", 1, NULL, &but_of, NULL, NULL, 0);
    int count = PQntuples(result);

    if (count == 0 || count > STATEMENTS)
        die(PQerrorMessage(pg), "reading the indexes");
    for (int i = 0; i < count; i++)
        snprintf(statements[i], sizeof statements[i], "%s", PQgetvalue(result, i, 0));
    PQclear(result);
    return count;
}

/* What an older snapshot cannot see is not marked as visible to all, and index-only scans go to the rows. Autovacuum's snapshot
 * here is as old as the oldest transaction of any database. So it is looked at what the vacuum has marked. */
static void
vacuum(PGconn *pg[AT_ONCE])
{
    static const char *const tables[] = {
        "VACUUM (ANALYZE) public.jobs", "VACUUM (ANALYZE) public.candidate_profiles", "VACUUM (ANALYZE) public.users",
        "VACUUM (ANALYZE) public.job_skills", "VACUUM (ANALYZE) public.companies", "VACUUM (ANALYZE) hotgigs.open_jobs",
        "VACUUM (ANALYZE) hotgigs.company_people",
    };
    PGresult *unmarked;
    int is_done = 0;

    while (!is_done) {
        run_beside(pg, tables, (int)(sizeof tables / sizeof *tables));
        unmarked = PQexec(pg[0], "SELECT FROM pg_class WHERE relkind = 'r' AND relallvisible < relpages / 2 AND relname IN"
                                 " ('jobs', 'candidate_profiles', 'users', 'job_skills', 'companies', 'open_jobs', 'company_people') LIMIT 1");
        if (PQresultStatus(unmarked) != PGRES_TUPLES_OK)
            die(PQerrorMessage(pg[0]), "looking at what was vacuumed");
        is_done = PQntuples(unmarked) == 0;
        PQclear(unmarked);
    }
}

/* No index is kept while the rows come, and each is built behind them, as a restore does. */
static void
load(void)
{
    static const char *const halves[AT_ONCE] = {
        "INSERT INTO hotgigs.open_jobs SELECT d.* FROM hotgigs.open_jobs_due() d WHERE d.job_id < '80000000-0000-0000-0000-000000000000'",
        "INSERT INTO hotgigs.open_jobs SELECT d.* FROM hotgigs.open_jobs_due() d WHERE d.job_id >= '80000000-0000-0000-0000-000000000000'",
    };
    char statements[STATEMENTS][256];
    const char *list[STATEMENTS];
    char *names, *data[AT_ONCE] = { read_file("tests/operations/search_jobs.sql"), read_file("tests/operations/search_data.sql") };
    PGconn *pg = connect_as("ADMIN", NULL), *both[AT_ONCE];
    int count;

    run(pg, "DROP DATABASE IF EXISTS hotgigs_search WITH (FORCE)");
    run(pg, "CREATE DATABASE hotgigs_search OWNER hotgigs_installer TEMPLATE hotgigs_pristine");
    PQfinish(pg);
    for (int i = 0; i < AT_ONCE; i++) {
        both[i] = connect_as("ADMIN", database);
        run(both[i], "SET session_replication_role = replica");
        run(both[i], "SET maintenance_work_mem = '256MB'");
    }
    run(both[0], "DO $$ BEGIN EXECUTE (SELECT string_agg(format('ALTER TABLE %s SET (autovacuum_enabled = off)', oid::regclass), '; ')"
                 " FROM pg_class WHERE relkind = 'r' AND relnamespace IN ('public'::regnamespace, 'hotgigs'::regnamespace)); END $$");
    run(both[0], "UPDATE pg_index SET indisready = false WHERE indrelid = ANY ('{public.jobs,public.job_skills,"
                 "public.candidate_profiles,public.users,public.companies,hotgigs.open_jobs}'::regclass[])");
    for (int i = 0; i < AT_ONCE; i++)
        run(both[i], "SET ROLE hotgigs_owner");
    run_beside(both, (const char *const *)data, AT_ONCE);
    for (int i = 0; i < AT_ONCE; i++)
        run(both[i], "RESET ROLE");
    names = read_file("tests/operations/search_names.sql");
    run(both[1], "SET ROLE hotgigs_owner");
    run(both[1], names);
    run(both[1], "RESET ROLE");
    free(names);
    /* of 102,000 users those who ask */
    run(both[0], "INSERT INTO hotgigs.callers (subject, caller_id, persona, viewer_of, account_manager_of, recruiter_of, admin_of, candidates,"
                 " freelancers) SELECT u::text, u, 'hotgigs_company', p.* FROM unnest(ARRAY[md5('u1'), md5('u2')]::uuid[]) u, hotgigs.places_of(u) p");

    /* what jobs are found by is read through their indexes */
    for (int round = 0; round < 2; round++) {
        count = read_indexes(both[0], round == 0 ? "hotgigs.open_jobs" : "public.jobs", statements);
        for (int i = 0; i < count; i++)
            list[i] = statements[i];
        run_beside(both, list, count);
        if (round == 0) {
            run_beside(both, halves, AT_ONCE);
            run(both[0], "SELECT hotgigs.refill_company_people()");
        }
    }
    vacuum(both);
    for (int i = 0; i < AT_ONCE; i++) {
        PQfinish(both[i]);
        free(data[i]);
    }
}

static void
unload(void)
{
    PGconn *pg = connect_as("ADMIN", NULL);

    run(pg, "DROP DATABASE hotgigs_search WITH (FORCE)");
    PQfinish(pg);
}

/* ---- The searches ----------------------------------------------------------------------------------------------------- */

/* Arguments that are named; the others are NULL, and a page has 20 rows. */
static const char *const job_arguments[] = {
    "words", "at_location", "job_types", "levels", "remote_types", "salary_from", "salary_to", "currency", "period",
    "salary_stated", "skills_any", "skills_all", "of_company", "industry", "posted_within", "featured_first", "sort",
    "after_place", "after_id", "at_most", "with_total", NULL,
};
static const char *const candidate_arguments[] = {
    "words", "skills_any", "skills_all", "years_from", "years_to", "available", "education", "locations", "job_types",
    "remote", "salary_from", "salary_to", "salary_currency", "not_applied_to", "sort", "after_place", "after_id", "at_most",
    "with_total", NULL,
};

static const struct { const char *function, *arguments; int rows, most; } searches[] = {
    { "job_search", "",                                                              20, MOST },
    { "job_search", "words => 'engineer'",                                           20, MOST },     /* one in three */
    { "job_search", "words => 'rust'",                                               20, MOST },     /* one in thirty */
    { "job_search", "words => 'xylophone'",                                          20, MOST },     /* forty in all */
    { "job_search", "words => 'absentword'",                                          0, MOST },
    { "job_search", "words => 'rust engineer'",                                      20, MOST },
    { "job_search", "words => 'rust NOT engineer'",                                  20, MOST },
    { "job_search", "words => 'xylophone or rust'",                                  20, MOST },
    { "job_search", "words => 'rust', sort => 'newest'",                             20, MOST },
    { "job_search", "words => 'rust', sort => 'salary'",                             20, MOST },
    { "job_search", "words => 'rust', sort => 'title'",                              20, MOST },
    { "job_search", "sort => 'salary'",                                              20, MOST },
    { "job_search", "sort => 'title', featured_first => true, words => 'rust'",      20, MOST },
    { "job_search", "featured_first => true",                                        20, MOST },
    { "job_search", "words => 'rust', featured_first => true",                       20, MOST },
    { "job_search", "at_location => 'berlin'",                                       20, MOST },
    { "job_search", "job_types => '{contract}', levels => '{senior}', remote_types => '{remote}'", 20, MOST },
    { "job_search", "salary_from => 140000, salary_to => 145000",                    20, MOST },
    { "job_search", "skills_any => '{skill7,jool9}'",                                20, MOST },
    { "job_search", "skills_all => '{skill7}'",                                      20, MOST },
    { "job_search", "skills_all => '{jool9}'",                                       20, MOST },
    { "job_search", "of_company => md5('c5')::uuid",                                 20, MOST },
    { "job_search", "industry => 'finance'",                                         20, MOST },
    { "job_search", "posted_within => 1",                                             0, MOST },
    { "job_search", "after_place => '1:2024-01-20', after_id => md5('j1')::uuid",    20, MOST },
    { "job_search", "words => 'rust', after_place => '2:2024-01-20', after_id => md5('j1')::uuid", 20, MOST },
    { "job_search", "at_location => 'northquarter'",                                 20, MOST },     /* one in 200 */
    { "job_search", "at_location => 'northquarter', featured_first => true",         20, MOST },
    { "job_search", "at_location => 'nowhere'",                                       0, MOST },
    { "job_search", "job_types => '{contract}', levels => '{senior}', remote_types => '{hybrid}'", -1, MOST },
    { "job_search", "industry => 'none'",                                             0, MOST },
    { "job_search", "skills_any => '{none}'",                                         0, MOST },
    { "job_search", "words => 'absentword', at_location => 'berlin', job_types => '{contract}'", 0, MOST },
    /* salaries that nobody pays */
    { "job_search", "salary_from => 9999999, salary_stated => true",                  0, MOST },
    { "job_search", "salary_from => 9999999, salary_stated => true, sort => 'salary'", 0, MOST },
    { "job_search", "salary_from => 9999999, salary_stated => true, sort => 'title'", 0, MOST },
    { "job_search", "salary_to => 1, salary_stated => true, featured_first => true, sort => 'title'", 0, MOST },
    { "job_search", "currency => 'XYZ', salary_stated => true, featured_first => true", 0, MOST },
    { "job_search", "period => 'hourly', salary_stated => true",                      0, MOST },
    { "job_search", "salary_from => 149000, salary_stated => true, sort => 'title'", 20, MOST },     /* one in a hundred */
    { "job_search", "words => 'rust', salary_from => 9999999, salary_stated => true", 0, MOST },
    { "job_search", "job_types => '{contract}', salary_from => 9999999, salary_stated => true", 0, MOST },
    { "job_search", "industry => 'finance', salary_from => 9999999, salary_stated => true", 0, MOST },
    { "job_search", "words => 'rust', at_location => 'nowhere'",                      0, MOST },
    { "job_search", "sort => 'title', at_location => 'northquarter'",                20, MOST },
    { "job_search", "sort => 'title', at_location => 'berlin'",                      20, MOST },
    { "job_search", "sort => 'salary', at_location => 'northquarter'",               20, MOST },
    { "job_search", "words => 'rust', at_location => 'northquarter', sort => 'title'", -1, MOST },
    { "job_search", "sort => 'views'",                                               20, MOST },
    { "job_search", "sort => 'views', words => 'rust'",                              20, MOST },
    { "job_search", "sort => 'views', words => 'xylophone'",                         20, MOST },
    { "job_search", "sort => 'views', job_types => '{contract}', featured_first => true", 20, MOST },
    { "job_search", "skills_all => '{skill7,skill8}'",                               -1, MOST },
    /* a thousand jobs have one in their JSON, another thousand the other in job_skills */
    { "job_search", "skills_all => '{skill7,jool9}'",                                -1, MOST },
    { "job_search", "skills_all => '{jool9}', sort => 'salary'",                     20, MOST },
    { "job_search", "skills_all => '{jool9}', sort => 'title', featured_first => true", 20, MOST },
    { "job_search", "skills_all => '{skill7}', words => 'rust'",                     20, MOST },
    { "job_search", "skills_all => '{jool9}', words => 'engineer'",                  20, MOST },
    /* a skill that job_skills alone names, with whatever else */
    { "job_search", "skills_all => '{jool9}', words => 'rust'", -1, MOST },
    { "job_search", "skills_all => '{jool9}', words => 'xylophone'", -1, MOST },
    { "job_search", "skills_any => '{jool9,skill7,skill8,iool8}', words => 'xylophone'", -1, MOST },
    { "job_search", "skills_all => '{jool9,jool29}'", -1, MOST },
    { "job_search", "skills_all => '{jool9}', salary_from => 9999999, salary_stated => true", -1, MOST },
    { "job_search", "skills_all => '{jool9}', job_types => '{contract}', levels => '{senior}', remote_types => '{hybrid}'", -1, MOST },
    { "job_search", "skills_all => '{jool9}', at_location => 'northquarter'", -1, MOST },
    { "job_search", "skills_all => '{jool9}', at_location => 'zz', sort => 'title'", -1, MOST },
    { "job_search", "skills_all => '{jool9}', posted_within => 1, sort => 'salary'", -1, MOST },
    { "job_search", "skills_all => '{jool9}', of_company => md5('c5')::uuid", -1, MOST },
    { "job_search", "skills_all => '{jool9}', industry => 'finance', sort => 'views'", -1, MOST },
    { "job_search", "skills_all => '{jool9}', sort => 'views'", -1, MOST },
    { "job_search", "words => 'xylophone', sort => 'views', at_location => 'berlin'", -1, MOST },
    { "candidate_search", "",                                                        20, MOST },
    { "candidate_search", "words => 'engineer'",                                     20, MOST },
    { "candidate_search", "words => 'rust'",                                         20, MOST },
    { "candidate_search", "words => 'rust NOT engineer'",                            20, MOST },
    { "candidate_search", "skills_all => '{skill7}'",                                20, MOST },
    { "candidate_search", "skills_all => '{skill7,skill8}'",                         -1, MOST },
    { "candidate_search", "salary_from => 140000, salary_to => 142000",              20, MOST },
    { "candidate_search", "words => 'rust', sort => 'experience'",                   20, MOST },
    { "candidate_search", "words => 'rust', not_applied_to => (SELECT id FROM public.jobs WHERE company_id = md5('c1')::uuid"
                          " LIMIT 1)",                                               20, MOST },
    { "candidate_search", "years_from => 5, years_to => 7, available => '{immediately}', education => '{master}',"
                          " locations => '{oslo}', job_types => '{full_time}'",      20, MOST },
    { "candidate_search", "salary_from => 9999999",                                   0, MOST },
    { "candidate_search", "salary_from => 9999999, sort => 'experience'",             0, MOST },
    { "candidate_search", "salary_from => 149000, sort => 'experience'",             20, MOST },
    { "candidate_search", "words => 'rust', salary_from => 9999999, salary_currency => 'EUR'", 0, MOST },
    { "candidate_search", "skills_any => '{skill7}', salary_from => 9999999, sort => 'experience'", 0, MOST },
    { "candidate_search", "years_from => 29",                                        20, MOST },
    { "candidate_search", "words => 'absentword'",                                    0, MOST },
    { "candidate_search", "locations => '{nowhere}'",                                 0, MOST },
    { "candidate_search", "years_from => 90",                                         0, MOST },
    { "skill_suggest", "prefix => 'j', at_most => 10",                               10, MOST },
    { "skill_suggest", "prefix => 'jool9', at_most => 10",                           -1, MOST },
};

static void
add_arguments(char *sql, size_t size, const char *const *names, const char *given)
{
    for (int i = 0; names != NULL && names[i] != NULL; i++) {
        char name[64];
        size_t len = strlen(sql);

        snprintf(name, sizeof name, "%s =>", names[i]);
        if (strstr(given, name) == NULL)
            snprintf(sql + len, size - len, "%s%s => %s", sql[len - 1] == '(' ? "" : ", ", names[i],
                     strcmp(names[i], "at_most") == 0 ? "20" : "NULL");
    }
}

static const char *
cell(PGconn *pg, const char *sql)
{
    PGresult *result = PQexec(pg, sql);
    const char *text;

    ck_assert_msg(PQresultStatus(result) == PGRES_TUPLES_OK, "%s: %s", sql, PQerrorMessage(pg));
    text = fixture_text("%s", PQgetvalue(result, 0, 0));
    PQclear(result);
    return text;
}

START_TEST(a_page_costs_a_few_hundred_buffers_and_no_table_is_read)
{
    PGconn *pg = connect_as("LOGIN", database);
    int jobs = strcmp(searches[_i].function, "job_search") == 0;
    int candidates = strcmp(searches[_i].function, "candidate_search") == 0;
    char sql[2048];
    const char *explained = NULL;
    const cJSON *plan;
    cJSON *json;
    double pages, rows, ms;

    snprintf(sql, sizeof sql, "SELECT * FROM hotgigs.%s(%s", searches[_i].function, searches[_i].arguments);
    add_arguments(sql, sizeof sql, jobs ? job_arguments : candidates ? candidate_arguments : NULL, searches[_i].arguments);
    strcat(sql, ")");
    run(pg, "BEGIN");
    run(pg, "SELECT set_config('role', 'hotgigs_company', true), set_config('request.jwt.claims', "
            "json_build_object('sub', md5('u1')::uuid)::text, true)");
    for (int again = 0; again < 2; again++)         /* the first fills the caches of the catalogue */
        explained = cell(pg, fixture_text("EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) %s", sql));

    json = cJSON_Parse(explained);
    plan = cJSON_GetObjectItem(cJSON_GetArrayItem(json, 0), "Plan");
    pages = cJSON_GetNumberValue(cJSON_GetObjectItem(plan, "Shared Hit Blocks"))
            + cJSON_GetNumberValue(cJSON_GetObjectItem(plan, "Shared Read Blocks"));
    rows = cJSON_GetNumberValue(cJSON_GetObjectItem(plan, "Actual Rows"));
    ms = cJSON_GetNumberValue(cJSON_GetObjectItem(cJSON_GetArrayItem(json, 0), "Execution Time"));
    cJSON_Delete(json);
    printf("%6.0f pages %8.2f ms  %s(%s)\n", pages, ms, searches[_i].function, searches[_i].arguments);
    ck_assert_msg(pages <= searches[_i].most, "%.0f pages, %d at most: %s", pages, searches[_i].most, sql);
    if (searches[_i].rows >= 0)
        ck_assert_msg((int)rows == searches[_i].rows, "%s gave %.0f rows", sql, rows);
    ck_assert_str_eq(cell(pg, "SELECT coalesce(string_agg(relname, ' '), 'none') FROM pg_stat_xact_user_tables WHERE relname IN"
                              " ('jobs', 'job_skills', 'candidate_profiles', 'users', 'open_jobs') AND seq_scan > 0"), "none");
    PQfinish(pg);
}
END_TEST

Suite *
suite_operations_search_plans(void)
{
    Suite *suite = suite_create("operations/search_plans");
    TCase *tcase = tcase_create("search_plans");

    tcase_add_unchecked_fixture(tcase, load, unload);
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, a_page_costs_a_few_hundred_buffers_and_no_table_is_read, 0,
                        (int)(sizeof searches / sizeof *searches));
    search_names_add(tcase);
    search_pairs_add(tcase);
    suite_add_tcase(suite, tcase);
    return suite;
}
