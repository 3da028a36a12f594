/* operations/search_pairs - what a page of job_search and candidate_search costs among 200,000 jobs and 100,000 candidates whatever is
 * mixed: each two filters that may stand together, in each order, from the first page and from three places in it. There are some
 * 7,500; a run judges a few dozen of them, by its seed, and all with HOTGIGS_ALL_PAIRS set, which takes two minutes. */
#include "fixture.h"
#include "operations/search_pairs.h"
#include "unit/random.h"

#include <stdlib.h>
#include <string.h>

/* Of 93 in 100 it is 410 at most, of 99 it is 540, and of the dearest 680; once it was 890. What costs more has a filter that many
 * pass and whose rows the first part of the order lacks. */
enum { MOST = 750, JUDGED = 40 };

struct filter { char group; const char *arguments; };
struct order { const char *sort, *places[4]; };

static const struct filter job_filters[] = {
    { ' ', "" },
    { 'w', "words => 'engineer'" }, { 'w', "words => 'rust'" }, { 'w', "words => 'xylophone'" }, { 'w', "words => 'absentword'" },
    { 'w', "words => 'wordc4c'" }, { 'w', "words => 'staff'" },
    { 'p', "at_location => 'berlin'" }, { 'p', "at_location => 'northquarter'" }, { 'p', "at_location => 'nowhere'" },
    { 't', "job_types => '{contract,freelance,full_time}'" },
    { 't', "job_types => '{contract}'; levels => '{senior}'; remote_types => '{hybrid}'" },
    { 's', "salary_from => 9999999; salary_stated => true" }, { 's', "salary_from => 100000" },
    { 's', "salary_from => 149000; salary_stated => true" }, { 's', "salary_to => 31000" },
    { 'k', "skills_all => '{jool9}'" }, { 'k', "skills_all => '{skill7}'" }, { 'k', "skills_any => '{jool9,skill7,skill8,iool8}'" },
    { 'k', "skills_all => '{none}'" },
    { 'c', "of_company => md5('c5')::uuid" }, { 'i', "industry => 'finance'" }, { 'i', "industry => 'none'" },
    { 'd', "posted_within => 1" },
    { 'd', "posted_within => (now() AT TIME ZONE 'UTC')::date - date '2024-01-20'" },
    { 'z', "featured_first => true" },
};
static const struct order job_orders[] = {
    { "relevance", { NULL, "1:2024-01-21", "2:2024-02-08", "2:2024-01-02" } },
    { "newest",    { NULL, "1:2024-01-21", "1:2024-02-08", "1:2024-01-02" } },
    { "salary",    { NULL, "1:100000", "1:52000", "1:-1" } },
    { "title",     { NULL, "1:lead engineer", "1:senior rust", "1:staff a" } },
    { "views",     { NULL, "1:0", "1:0", "1:0" } },
};
static const struct filter candidate_filters[] = {
    { ' ', "" },
    { 'w', "words => 'engineer'" }, { 'w', "words => 'rust'" }, { 'w', "words => 'absentword'" }, { 'w', "words => 'wordc4c'" },
    { 'p', "locations => '{oslo}'" }, { 'p', "locations => '{nowhere}'" },
    { 'a', "available => '{immediately}'; education => '{master}'" },
    { 'y', "years_from => 29" }, { 'y', "years_from => 3; years_to => 12" }, { 'y', "years_from => 90" },
    { 's', "salary_from => 9999999" }, { 's', "salary_from => 100000" }, { 's', "salary_from => 149000" },
    { 'k', "skills_all => '{skill7}'" }, { 'k', "skills_any => '{skill1,skill7,skill8}'" }, { 'k', "skills_all => '{none}'" },
    { 'n', "not_applied_to => (SELECT id FROM public.jobs WHERE company_id = md5('c1')::uuid LIMIT 1)" },
};
static const struct order candidate_orders[] = {
    { "relevance",  { NULL, "1:2024-01-21", "2:2024-03-01", "2:2024-01-02" } },
    { "newest",     { NULL, "1:2024-01-21", "1:2024-03-01", "1:2024-01-02" } },
    { "experience", { NULL, "1:25", "1:10", "1:2" } },
};

static const struct {
    const char *function;
    const struct filter *filters;
    int filter_count;
    const struct order *orders;
    int order_count;
} searches[] = {
    { "job_search", job_filters, sizeof job_filters / sizeof *job_filters, job_orders, sizeof job_orders / sizeof *job_orders },
    { "candidate_search", candidate_filters, sizeof candidate_filters / sizeof *candidate_filters, candidate_orders,
      sizeof candidate_orders / sizeof *candidate_orders },
};

/* Makes pages(of, given): what a search with these arguments reads, and NULL for all others. */
static const char count_pages[] =
    "CREATE FUNCTION pg_temp.pages(of text, given text) RETURNS integer LANGUAGE plpgsql AS $$ DECLARE told json; call text; BEGIN"
    " SELECT format('SELECT * FROM hotgigs.%I(%s)', of, string_agg(n || ' => ' || coalesce(substring(given FROM '(?:^|; )' || n"
    " || ' => ([^;]*)'), CASE n WHEN 'at_most' THEN '20' ELSE 'NULL' END), ', ')) INTO call FROM pg_proc p,"
    " unnest(p.proargnames[:p.pronargs]) AS u(n) WHERE p.pronamespace = 'hotgigs'::regnamespace AND p.proname = of;"
    " EXECUTE 'EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) ' || call INTO told;"
    " RETURN (told->0->'Plan'->>'Shared Hit Blocks')::integer + (told->0->'Plan'->>'Shared Read Blocks')::integer; END $$";

static PGconn *pg;

static const char *
cell(const char *sql)
{
    PGresult *result = PQexec(pg, sql);
    const char *text;

    ck_assert_msg(PQresultStatus(result) == PGRES_TUPLES_OK || PQresultStatus(result) == PGRES_COMMAND_OK, "%s%s", PQerrorMessage(pg), sql);
    text = PQntuples(result) > 0 ? fixture_text("%s", PQgetvalue(result, 0, 0)) : "";
    PQclear(result);
    return text;
}

static int
pages_of(const char *function, const char *arguments)
{
    const char *values[] = { function, arguments };
    PGresult *result = PQexecParams(pg, "SELECT pg_temp.pages($1, $2)", 2, NULL, values, NULL, NULL, 0);
    int pages;

    ck_assert_msg(PQresultStatus(result) == PGRES_TUPLES_OK, "%s(%s): %s", function, arguments, PQerrorMessage(pg));
    pages = atoi(PQgetvalue(result, 0, 0));
    PQclear(result);
    return pages;
}

/* The mixture of this number, as arguments; NULL: none has it, for two filters of one group do not stand together. */
static const char *
mixture_of(int search, long number)
{
    int place = (int)(number % 4), count = searches[search].filter_count;
    const struct order *order = &searches[search].orders[number / 4 % searches[search].order_count];
    const struct filter *one = &searches[search].filters[number / 4 / searches[search].order_count % count];
    const struct filter *other = &searches[search].filters[number / 4 / searches[search].order_count / count];

    if (one->group >= other->group && (one->group != ' ' || other->group != ' '))
        return NULL;
    return fixture_text("%s; %s; sort => '%s'%s", one->arguments, other->arguments, order->sort, order->places[place] == NULL ? ""
                        : fixture_text("; after_place => '%s'; after_id => md5('j1')::uuid", order->places[place]));
}

START_TEST(whatever_is_mixed_costs_a_few_hundred_pages)
{
    int is_all = getenv("HOTGIGS_ALL_PAIRS") != NULL;
    long mixtures = 4L * searches[_i].order_count * searches[_i].filter_count * searches[_i].filter_count;
    uint64_t state = test_seed * 2 + 1;
    int judged = 0, most = 0;
    const char *worst = "";

    pg = sql_connect(fixture_dsn_with("LOGIN", "dbname=hotgigs_search"));
    cell("BEGIN");
    cell("SELECT set_config('role', 'hotgigs_company', true), set_config('request.jwt.claims',"
         " json_build_object('sub', md5('u1')::uuid)::text, true)");
    cell(count_pages);
    pages_of(searches[_i].function, "words => 'rust'");      /* fills the caches of the catalogue */
    for (long n = 0; is_all ? n < mixtures : judged < JUDGED; n++) {
        const char *mixture;
        int pages;

        state = state * 6364136223846793005u + 1442695040888963407u;
        mixture = mixture_of(_i, is_all ? n : (long)((state >> 33) % (uint64_t)mixtures));
        if (mixture == NULL)
            continue;
        pages = pages_of(searches[_i].function, mixture);
        judged++;
        if (is_all)
            printf("%6d pages  %s(%s)\n", pages, searches[_i].function, mixture);
        if (pages > most) {
            most = pages;
            worst = mixture;
        }
    }
    printf("%6d pages at most, of %d mixtures: %s(%s)\n", most, judged, searches[_i].function, worst);
    ck_assert_msg(most <= MOST, "%d pages, %d at most: %s(%s)", most, MOST, searches[_i].function, worst);
    PQfinish(pg);
}
END_TEST

void
search_pairs_add(TCase *tcase)
{
    tcase_add_loop_test(tcase, whatever_is_mixed_costs_a_few_hundred_pages, 0, (int)(sizeof searches / sizeof *searches));
}
