/* operations/search_names - what a page of company_search, user_search and skill_suggest costs among 100,000 companies, 102,000 users and
 * 400,000 job_skills: each mixture of two filters, first and later pages, as a tenant. The companies found are those that a plain query
 * finds: search_odd.c has too few for each of the ways that company_search may go.
 */
#include "fixture.h"
#include "operations/search_names.h"

#include <stdlib.h>
#include <string.h>

/* companies alone has 1,500 pages. MOST_TO_GET_THERE: a word with which names begin stands together in their order, and of one that
 * many companies have, all before them are read. */
enum { MOST = 700, MOST_TO_GET_THERE = 1400, MOST_OF_PEOPLE = 400 };

static PGconn *pg;

static const char *
cell(const char *sql)
{
    PGresult *result = PQexec(pg, sql);
    const char *text;

    ck_assert_msg(PQresultStatus(result) == PGRES_TUPLES_OK, "%s%s", PQerrorMessage(pg), sql);
    text = fixture_text("%s", PQgetvalue(result, 0, 0));
    PQclear(result);
    return text;
}

static void
run(const char *sql)
{
    PGresult *result = PQexec(pg, sql);

    ck_assert_msg(PQresultStatus(result) == PGRES_COMMAND_OK || PQresultStatus(result) == PGRES_TUPLES_OK, "%s%s", PQerrorMessage(pg), sql);
    PQclear(result);
}

/* How many pages of the buffer cache this reads. */
static int
pages_of(const char *sql)
{
    PGresult *result = PQexec(pg, fixture_text("EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) %s", sql));
    int pages = -1;

    ck_assert_msg(PQresultStatus(result) == PGRES_TUPLES_OK, "%s%s", PQerrorMessage(pg), sql);
    for (int i = 0; i < PQntuples(result) && pages < 0; i++) {
        const char *line = strstr(PQgetvalue(result, i, 0), "Buffers: shared"), *hit, *miss;

        if (line == NULL)
            continue;
        hit = strstr(line, "hit=");
        miss = strstr(line, "read=");
        pages = (hit != NULL ? atoi(hit + 4) : 0) + (miss != NULL ? atoi(miss + 5) : 0);
    }
    PQclear(result);
    ck_assert_msg(pages >= 0, "no pages are told of %s", sql);
    return pages;
}

static void
enter(const char *user)
{
    pg = sql_connect(fixture_dsn_with("LOGIN", "dbname=hotgigs_search"));
    run("BEGIN");
    run(fixture_text("SELECT set_config('role', 'hotgigs_company', true), set_config('request.jwt.claims',"
                     " json_build_object('sub', md5('%s')::uuid)::text, true)", user));
}

/* No table was read from end to end, by this or what was asked before it in the transaction. */
static void
ck_unread(const char *sql)
{
    ck_assert_msg(strcmp(cell("SELECT coalesce(sum(seq_scan), 0) FROM pg_stat_xact_user_tables WHERE relname IN ('companies', 'users', 'jobs',"
                              " 'job_skills')"), "0") == 0, "a table is read: %s", sql);
}

/* ---- Companies -------------------------------------------------------------------------------------------------------- */

/* argument: which of company_search's. */
static const struct filter { int argument; const char *value, *where; int most; } filters[] = {
    { 0, "'steel'",   "name ILIKE '%steel%'", MOST },                           /* one in five, all over the order */
    { 0, "'471'",     "name ILIKE '%471%'", MOST },                             /* one in four hundred */
    { 0, "'k 47110'", "name ILIKE '%k 47110%'", MOST },                         /* one at most */
    { 0, "'smart'",   "name ILIKE '%smart%'", MOST_TO_GET_THERE },
    { 0, "'zz'",      "name ILIKE '%zz%'", MOST },
    { 1, "'Mining'", "industry = 'Mining'", MOST },
    { 1, "'None'",    "industry = 'None'", MOST },
    { 2, "'500+'",    "company_size = '500+'", MOST },
    { 3, "true",      "is_verified", MOST },
    { 3, "false",     "is_verified IS NOT TRUE", MOST },
};
enum { FILTERS = sizeof filters / sizeof *filters };

/* The page with these two filters, which may be one and the same, from the beginning or from the middle of the order: what it costs,
 * or whether it is what a plain query finds. */
static void
look_for(const struct filter *one, const struct filter *other, int later, int is_compared)
{
    const char *given[4] = { "NULL", "NULL", "NULL", "NULL" }, *sql;
    int most = one->most > other->most ? one->most : other->most, pages;

    given[one->argument] = one->value;
    given[other->argument] = other->value;
    sql = fixture_text("hotgigs.company_search(%s, %s, %s, %s, %s, 50, %d::boolean)", given[0], given[1], given[2], given[3],
                       later ? "'Global', md5('x')::uuid" : "NULL, NULL", is_compared);
    if (!is_compared) {
        pages = pages_of(fixture_text("SELECT * FROM %s", sql));
        ck_assert_msg(pages <= most, "%d pages, %d at most: %s", pages, most, sql);
        return;
    }
    sql = fixture_text("SELECT coalesce(string_agg(id::text, ' ') || ': ' || max(total), '') FROM %s", sql);
    ck_assert_msg(strcmp(cell(sql), cell(fixture_text(
        "SELECT coalesce(string_agg(id::text, ' ' ORDER BY name, id) || ': ' || (SELECT count(*) FROM hotgigs.company_cards WHERE (%s) AND (%s)),"
        " '') FROM (SELECT id, name FROM hotgigs.company_cards WHERE (%s) AND (%s) AND %s ORDER BY name, id LIMIT 50) p",
        one->where, other->where, one->where, other->where, later ? "(name, id) > ('Global', md5('x')::uuid)" : "true"))) == 0,
        "%s finds others, or another number", sql);
}

START_TEST(a_page_of_companies_costs_a_few_hundred_pages)
{
    int count = 0;

    enter("u1");
    run("SELECT * FROM hotgigs.company_search('x', NULL, NULL, NULL, NULL, NULL, NULL, NULL)");
    for (int is_compared = 0; is_compared < 2; is_compared++) {
        for (int i = 0; i < FILTERS; i++)
            for (int k = i; k < FILTERS; k++)
                for (int later = 0; later < 2; later++)
                    if ((i == k || filters[i].argument != filters[k].argument) && (!is_compared || count++ % 5 == 0))
                        look_for(&filters[i], &filters[k], later, is_compared);
        if (!is_compared)
            ck_unread("company_search");
    }
    ck_assert_int_gt(count, 60);
    PQfinish(pg);
}
END_TEST

/* ---- People and skills ------------------------------------------------------------------------------------------------ */

/* Who asks: u1 of a company of 21, u2 of one with 401 members and 4,000 applicants. */
static const char *const askers[] = { "u1", "u2" };

/* What user_search says is what the cards say, a page of a few hundred pages of the buffer cache. */
START_TEST(a_page_of_people_costs_a_few_hundred_pages)
{
    static const char *const words[] = { "NULL", "'first1'", "'first17 last'", "'@big'", "'u1234@'", "'absent'" },
                      *const types[] = { "NULL", "'company'", "'candidate'" }, *const after[] = { "NULL, NULL", "'First3', md5('x')::uuid" };

    enter(askers[_i]);
    run("SELECT * FROM hotgigs.user_search('x', NULL, NULL, NULL, NULL)");
    for (int n = 0; n < 6 * 3 * 2; n++) {
        const char *word = words[n / 6], *type = types[n / 2 % 3], *from = after[n % 2], *sql, *found;
        int pages;

        sql = fixture_text("hotgigs.user_search(%s, %s, %s, NULL)", word, type, from);
        pages = pages_of(fixture_text("SELECT * FROM %s", sql));
        ck_assert_msg(pages <= MOST_OF_PEOPLE, "%d pages, %d at most: %s as %s", pages, MOST_OF_PEOPLE, sql, askers[_i]);
        if (n == 0)
            ck_unread(sql);
        if (_i == 1 && n % 5 > 0)
            continue;       /* the cards of 4,000 take a while */
        found = cell(fixture_text("SELECT count(*) || ': ' || coalesce(string_agg(p::text, ' '), '') FROM %s p", sql));
        ck_assert_str_eq(found, cell(fixture_text(
            "SELECT count(*) || ': ' || coalesce(string_agg(p::text, ' '), '') FROM (SELECT * FROM (SELECT id, concat_ws(' ', first_name, last_name)"
            " AS name, email, profile_image_url, user_type, is_verified FROM hotgigs.user_cards) c WHERE (%s IS NULL OR name || ' ' || email ILIKE"
            " '%%' || %s || '%%') AND (%s IS NULL OR user_type = %s) AND ((%s) IS NULL OR (name, id) > (%s)) ORDER BY name, id LIMIT 50) p",
            word, word, type, type, from, from)));
    }
    PQfinish(pg);
}
END_TEST

/* The names that begin so, of which one is asked for by an open public job, and how often: so often, or used so often at all. */
static const char told[] =
    "SELECT count(*) || coalesce(string_agg(name || jobs, ' ' ORDER BY uses DESC, name), '') FROM (SELECT name, uses,"
    " CASE WHEN uses <= 10 THEN open ELSE trunc(uses::numeric, 2 - length(uses::text)) END AS jobs FROM (SELECT lower(s.skill_name) AS name, count(*) AS uses,"
    " count(*) FILTER (WHERE j.is_public AND j.employment_status = 'open' AND (j.application_deadline IS NULL OR j.application_deadline > now()))"
    " AS open FROM job_skills s JOIN jobs j ON j.id = s.job_id WHERE lower(s.skill_name) ~>=~ lower('%s')"
    " AND lower(s.skill_name) ~<~ (lower('%s') || '~') GROUP BY 1) n WHERE open > 0 ORDER BY uses DESC, name LIMIT 50) n";

/* Most of all names begin with a letter of twenty; sixty are used twenty times each by jobs that came one after the other, sixty by
 * jobs from all over the table, sixty ten times by such jobs, and one is in closed jobs alone. Of fifty that are used ten times each
 * job is looked at, five hundred; of others, whether there is one. */
static int
most_to_suggest(char first, int at_most)
{
    return at_most < 50 ? 400 : first == 'Z' ? 800 : first == 'X' || first == 'Y' ? 700 : 400;
}

START_TEST(suggestions_cost_a_few_hundred_pages)
{
    static const char *const prefixes[] = { "j", "jo", "jool", "jool9", "jool99", "T", "X", "Y", "Z", "xrare1", "xsecret", "absent" };
    static const int at_most[] = { 1, 10, 50 };
    PGconn *as_tenant, *as_admin;

    enter("u1");
    run("SELECT * FROM hotgigs.skill_suggest('x', 10)");
    for (size_t p = 0; p < sizeof prefixes / sizeof *prefixes; p++)
        for (int n = 0; n < 3; n++) {
            const char *sql = fixture_text("SELECT * FROM hotgigs.skill_suggest('%s', %d)", prefixes[p], at_most[n]);
            int pages = pages_of(sql), most = most_to_suggest(prefixes[p][0], at_most[n]);

            ck_assert_msg(pages <= most, "%d pages, %d at most: %s", pages, most, sql);
        }
    ck_unread("suggestions");
    as_tenant = pg;
    as_admin = sql_connect(fixture_dsn_with("ADMIN", "dbname=hotgigs_search"));
    for (size_t p = 0; p < sizeof prefixes / sizeof *prefixes; p++) {
        const char *found;

        pg = as_tenant;
        found = cell(fixture_text("SELECT count(*) || coalesce(string_agg(name || jobs, ' '), '') FROM hotgigs.skill_suggest('%s', 50)",
                                  prefixes[p]));
        pg = as_admin;
        ck_assert_str_eq(found, cell(fixture_text(told, prefixes[p], prefixes[p])));
    }
    PQfinish(as_admin);
    PQfinish(as_tenant);
}
END_TEST

void
search_names_add(TCase *tcase)
{
    tcase_add_test(tcase, a_page_of_companies_costs_a_few_hundred_pages);
    tcase_add_loop_test(tcase, a_page_of_people_costs_a_few_hundred_pages, 0, 2);
    tcase_add_test(tcase, suggestions_cost_a_few_hundred_pages);
}
