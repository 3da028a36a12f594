/* operations/search_plans - what a page of a search costs among 200,000 jobs and 100,000 candidates, as a tenant: pages of
 * the buffer cache, counted by EXPLAIN, and that no table is read from end to end. The time is printed and not judged.
 *
 * The rows lie in a database of their own, made once for the suite: index-only scans want a vacuum, which no transaction
 * that is rolled back can have. The indexes are dropped for the load and built behind it, as a restore does. */
#include "fixture.h"
#include "suites.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* jobs alone has 8,300 pages, the index of an order with all that filters without an index ask for 2,100. */
enum { MOST = 700, MOST_OF_HARD = 1500, INDEX_ALONE = 3000 };

static const char database[] = "hotgigs_search";

static void
run(PGconn *pg, const char *sql)
{
    PGresult *result = PQexec(pg, sql);
    ExecStatusType status = PQresultStatus(result);

    PQclear(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        fprintf(stderr, "search_plans: %s: %.200s\n", PQerrorMessage(pg), sql);
        abort();
    }
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

static void
load(void)
{
    PGconn *pg = connect_as("ADMIN", NULL);
    char *data = read_file("tests/operations/search_data.sql");

    run(pg, "DROP DATABASE IF EXISTS hotgigs_search WITH (FORCE)");
    run(pg, "CREATE DATABASE hotgigs_search OWNER hotgigs_installer TEMPLATE hotgigs_pristine");
    PQfinish(pg);
    pg = connect_as("ADMIN", database);
    run(pg, "SET session_replication_role = replica");
    run(pg, "SET maintenance_work_mem = '256MB'");
    run(pg, "CREATE TEMP TABLE kept AS SELECT indexdef, indexname FROM pg_indexes WHERE schemaname = 'public' AND tablename"
            " IN ('jobs', 'job_skills', 'candidate_profiles') AND indexname NOT LIKE '%pkey'");
    run(pg, "DO $$ DECLARE n text; BEGIN FOR n IN SELECT indexname FROM kept LOOP EXECUTE 'DROP INDEX public.' || n; END LOOP;"
            " END $$");
    run(pg, "SET ROLE hotgigs_owner");
    run(pg, data);
    run(pg, "RESET ROLE");
    run(pg, "DO $$ DECLARE d text; BEGIN FOR d IN SELECT indexdef FROM kept LOOP EXECUTE d; END LOOP; END $$");
    run(pg, "VACUUM (ANALYZE) public.jobs");
    run(pg, "VACUUM (ANALYZE) public.job_skills");
    run(pg, "VACUUM (ANALYZE) public.candidate_profiles");
    run(pg, "VACUUM (ANALYZE) public.users");
    run(pg, "VACUUM (ANALYZE) public.companies");
    PQfinish(pg);
    free(data);
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
    /* salaries that nobody pays: the index is read to its end, and no row */
    { "job_search", "salary_from => 9999999, salary_stated => true",                  0, INDEX_ALONE },
    { "job_search", "salary_from => 9999999, salary_stated => true, sort => 'salary'", 0, INDEX_ALONE },
    { "job_search", "salary_from => 9999999, salary_stated => true, sort => 'title'", 0, INDEX_ALONE },
    { "job_search", "currency => 'XYZ', salary_stated => true, featured_first => true", 0, INDEX_ALONE },
    /* what two or three in a thousand have by an index that does not know the order */
    { "job_search", "skills_all => '{skill7,jool9}'",                                -1, MOST_OF_HARD },
    { "job_search", "skills_all => '{jool9}', words => 'engineer'",                  20, MOST_OF_HARD },
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
                          " locations => '{oslo}', job_types => '{full_time}'",      20, 900 },
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
    ck_assert_msg(pages <= searches[_i].most, "%s touches %.0f pages, %d at most", sql, pages, searches[_i].most);
    if (searches[_i].rows >= 0)
        ck_assert_msg((int)rows == searches[_i].rows, "%s gave %.0f rows", sql, rows);
    ck_assert_str_eq(cell(pg, "SELECT coalesce(string_agg(relname, ' '), 'none') FROM pg_stat_xact_user_tables WHERE relname IN"
                              " ('jobs', 'job_skills', 'candidate_profiles', 'users') AND seq_scan > 0"), "none");
    PQfinish(pg);
}
END_TEST

Suite *
suite_operations_search_plans(void)
{
    Suite *suite = suite_create("operations/search_plans");
    TCase *tcase = tcase_create("search_plans");

    tcase_add_unchecked_fixture(tcase, load, unload);
    tcase_add_checked_fixture(tcase, fixture_open, fixture_close);
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, a_page_costs_a_few_hundred_buffers_and_no_table_is_read, 0,
                        (int)(sizeof searches / sizeof *searches));
    suite_add_tcase(suite, tcase);
    return suite;
}
