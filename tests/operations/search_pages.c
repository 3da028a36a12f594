/* operations/search_pages - every page of job_search and candidate_search, and job_facets, against a plain query of the
 * same rows: orders, a thousand rows that share a key, odd rows (NULL everything, open and reversed salaries, both
 * spellings of skills, percent signs, other scripts, 10 kB of text) under every kind of filter.
 *
 * The rows are filled in once for the suite, and have words and places that no other has. */
#include "fixture.h"
#include "suites.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE = 67, MOST_IDS = 1200 };

static const char fill[] =
    "SET session_replication_role = replica;"
    "INSERT INTO companies (id, name, slug) VALUES (md5('pages')::uuid, 'Pages', 'pages');"
    "INSERT INTO users (id, email, user_type) VALUES (md5('pages r')::uuid, 'pages@pages.test', 'company');"
    "INSERT INTO company_members (company_id, user_id, role, joined_at)"
    " VALUES (md5('pages')::uuid, md5('pages r')::uuid, 'recruiter', now());"
    /* a thousand of one moment, title, salary and count; some featured, some with the word in the title */
    "INSERT INTO jobs (company_id, title, slug, description, job_type, created_at, salary_min, is_featured)"
    " SELECT md5('pages')::uuid, CASE WHEN g % 3 = 0 THEN 'pagessame' ELSE 'clerk' END, 'pagessame' || g, 'pagessame', 'contract',"
    " '2024-05-05', 7, (ARRAY[true, NULL, false, false, false])[g % 5 + 1] FROM generate_series(1, 1000) g;"
    /* odd ones */
    "INSERT INTO jobs (id, company_id, title, slug, description, requirements, job_type, experience_level, remote_type, created_at,"
    " application_deadline, salary_min, salary_max, salary_currency, salary_period, view_count, is_featured, is_public,"
    " employment_status, location, skills, seo_keywords)"
    " SELECT md5('pagesodd' || g)::uuid, CASE WHEN g % 9 > 0 THEN md5('pages')::uuid END, (ARRAY['', '100%', '%1$s %s %L %%', 'it''s"
    " \\ \"', U&'\\+01F600 \\0627\\0644', repeat('%', 255), ' ', 'NULL'])[g % 8 + 1], 'pagesodd' || g, 'pagesodd',"
    " CASE WHEN g % 50 = 3 THEN repeat('%s \\ \"x\" ', 1100) END, (ARRAY['contract', 'full_time'])[g % 2 + 1],"
    " (ARRAY['entry', NULL])[g / 2 % 2 + 1], (ARRAY['remote', NULL, 'hybrid'])[g % 3 + 1],"
    " (ARRAY['infinity', '-infinity', NULL, '4713-01-01 BC', '2024-05-05'])[g % 5 + 1]::timestamp,"
    " (ARRAY['infinity', NULL, '2000-01-01'])[g % 3 + 1]::timestamp,"
    " (ARRAY[2147483647, -2147483648, NULL, 0, 45000, 99999])[g / 2 % 6 + 1],"
    " (ARRAY[NULL, 2147483647, 0, 50000, 45999, -5, 100000])[g % 7 + 1], (ARRAY['USD', NULL, 'EUR'])[g / 3 % 3 + 1],"
    " (ARRAY['yearly', NULL])[g / 5 % 2 + 1], (ARRAY[NULL, -1, 2147483647])[g % 3 + 1], (ARRAY[true, NULL, false])[g % 3 + 1],"
    " (ARRAY[true, true, true, NULL, false])[g / 7 % 5 + 1], (ARRAY['open', 'open', 'closed', NULL])[g / 11 % 4 + 1],"
    " (ARRAY['', '100% \\_here', NULL, U&'M\\00DCNCHEN', U&'\\6771\\4EAC'])[g % 5 + 1],"
    " (ARRAY['null', '{}', '[null, 1, {\"name\": null}, \"x%\"]', NULL, '[{\"name\": \" X% \", \"level\": 1}, \"x%\", {}]',"
    " '\"x%\"', '[\"\\u00dcber\", \"\"]', '[[\"x%\"]]'])[g % 8 + 1]::jsonb, (ARRAY['{}', '{NULL,\"\"}', NULL])[g % 3 + 1]::text[]"
    " FROM generate_series(1, 1000) g;"
    "INSERT INTO job_skills (job_id, skill_name) SELECT md5('pagesodd' || g)::uuid, (ARRAY['X%', 'x', U&'\\00DCBER'])[g % 3 + 1]"
    " FROM generate_series(1, 1000, 9) g;"
    "INSERT INTO job_skills (job_id, skill_name) VALUES (NULL, 'x%');"
    /* as long as titles and places may be, for what is found by place or currency alone */
    "INSERT INTO jobs (company_id, title, slug, description, job_type, location, created_at, salary_currency, salary_max, is_featured)"
    " SELECT md5('pages')::uuid, CASE WHEN g % 2 = 0 THEN 'clerk' WHEN g % 4 = 1"
    " THEN rpad('sixteen letters', 16) || chr(1114111) || g ELSE (SELECT string_agg(chr(65536 + abs(hashint4(g * 300 + n)) % 9999),"
    " '') FROM generate_series(1, 255) n) END, 'pagesplain' || g, 'x', 'contract', rpad('pagesplain', 255, chr(66000 + g)),"
    " timestamp '2024-05-05' + g / 50 * interval '1 day', 'QQQ', g / 100, g % 5 = 0 FROM generate_series(1, 1000) g;"
    /* odd candidates */
    "INSERT INTO users (id, email, user_type, is_active) SELECT md5('pagesc' || g)::uuid, 'c' || g || '@pages.test', 'candidate',"
    " (ARRAY[true, true, true, NULL, false])[g % 5 + 1] FROM generate_series(1, 1000) g;"
    "INSERT INTO candidate_profiles (id, user_id, headline, summary, current_title, experience_years, education_level, availability,"
    " desired_salary_min, desired_salary_max, desired_salary_currency, desired_job_types, desired_locations, remote_preference, skills,"
    " visibility_settings, created_at)"
    " SELECT md5('pagesp' || g)::uuid, CASE WHEN g % 13 > 0 THEN md5('pagesc' || g)::uuid END,"
    " (ARRAY[NULL, '', '100% %s', U&'\\6771\\4EAC'])[g % 4 + 1], 'pagesodd' || CASE WHEN g % 50 = 3 THEN repeat(' %s \\ \"', 1500) ELSE '' END,"
    " (ARRAY[NULL, '%1$s'])[g % 2 + 1], (ARRAY[NULL, 0, -3, 5, 29, 100, 2147483647])[g % 7 + 1],"
    " (ARRAY['Master', NULL, ' master ', U&'\\00DCBER'])[g % 4 + 1], (ARRAY['immediately', NULL])[g % 2 + 1],"
    " (ARRAY[2147483647, -2147483648, NULL, 0, 45000, 99999])[g / 2 % 6 + 1],"
    " (ARRAY[NULL, 2147483647, 0, 50000, 45999, -5, 100000])[g % 7 + 1], (ARRAY['USD', NULL, 'EUR'])[g / 3 % 3 + 1],"
    " (ARRAY[NULL, '{}', '{{contract},{full_time}}', '{NULL,\" Contract\"}', '{contract}'])[g % 5 + 1]::text[],"
    " (ARRAY[NULL, '{}', '{\"100%\"}', '{{a,b},{c,NULL}}', '{M\\u00dcNCHEN}'])[g / 2 % 5 + 1]::text[],"
    " (ARRAY[NULL, 'remote', 'any', 'on_site'])[g % 4 + 1],"
    " (ARRAY['null', '{}', '[null, 1, {\"name\": null}, \"x%\"]', NULL, '[{\"name\": \" X% \"}, \"x%\"]', '\"x%\"',"
    " '[\"\\u00dcber\"]'])[g % 7 + 1]::jsonb,"
    " (ARRAY['{\"profile_public\": true, \"salary_visible\": true}', '{\"profile_public\": true}', NULL, 'null', '[]',"
    " '{\"profile_public\": \"true\"}', '{\"profile_public\": true, \"salary_visible\": \"true\"}',"
    " '{\"profile_public\": true, \"salary_visible\": true}'])[g / 3 % 8 + 1]::jsonb,"
    " (ARRAY['infinity', '-infinity', NULL, '4713-01-01 BC', '2024-05-05'])[g % 5 + 1]::timestamp FROM generate_series(1, 1000) g;"
    "SELECT hotgigs.refill_open_jobs();"
    "SELECT hotgigs.refill_callers();"
    "SET session_replication_role = origin";

static const char sweep[] =
    "SET session_replication_role = replica;"
    "DELETE FROM job_skills WHERE job_id IN (SELECT id FROM jobs WHERE slug ~ '^pages(same|odd|plain)');"
    "DELETE FROM job_skills WHERE job_id IS NULL AND skill_name = 'x%';"
    "DELETE FROM jobs WHERE slug ~ '^pages(same|odd|plain)';"
    "DELETE FROM candidate_profiles WHERE summary LIKE 'pagesodd%';"
    "DELETE FROM company_members WHERE company_id = md5('pages')::uuid;"
    "DELETE FROM companies WHERE id = md5('pages')::uuid;"
    "DELETE FROM users WHERE email LIKE '%pages.test';"
    "SELECT hotgigs.refill_open_jobs();"
    "SELECT hotgigs.refill_callers();"
    "SET session_replication_role = origin";

static void
once(const char *sql)
{
    PGconn *pg = sql_connect(getenv("HOTGIGS_TEST_ADMIN_DSN"));
    PGresult *result = PQexec(pg, sql);

    if (PQresultStatus(result) != PGRES_COMMAND_OK) {
        fprintf(stderr, "search_pages: %s", PQresultErrorMessage(result));
        abort();
    }
    PQclear(result);
    PQfinish(pg);
}

static void
fill_rows(void)
{
    once(sweep);
    once(fill);
}

static void
sweep_rows(void)
{
    once(sweep);
}

static void
add_id(char *all, size_t *count, const hg_uuid *id)
{
    ck_assert_uint_lt(*count, MOST_IDS);
    sprintf(all + 37 * (*count)++, "%s ", uuid_text(id));
}

static void
ck_same(const char *got, const char *want, const char *of)
{
    size_t at = 0;

    while (got[at] != '\0' && got[at] == want[at])
        at++;
    ck_assert_msg(got[at] == want[at], "%s: %zu found, %zu wanted; the first that differs is number %zu", of, strlen(got) / 37,
                  strlen(want) / 37, at / 37);
}

/* ---- Jobs --------------------------------------------------------------------------------------------------------------- */

#define NEWEST "coalesce(created_at, '-infinity')"

static const struct { const char *sort, *by; } orders[] = {
    { "newest",    NEWEST " DESC, id DESC" },
    { "relevance", "title = 'pagessame' DESC, " NEWEST " DESC, id DESC" },
    { "salary",    "coalesce(salary_max, salary_min, -1) DESC, id DESC" },
    { "title",     "lower(title), id" },
    { "views",     "(SELECT max(n) FROM (SELECT m::bigint << e AS n FROM generate_series(0, 28) e, generate_series(4, 7) m UNION"
                   " SELECT generate_series(0, 3)) s WHERE n <= greatest(view_count, 0)) DESC, id DESC" },
};
enum { ORDERS = 2 * sizeof orders / sizeof *orders };

/* All pages of what params ask for in orders[nth / 2], with the featured ones first where nth is odd. */
static void
ck_jobs(hg_job_search_params params, int nth, const char *where)
{
    char *all = calloc(MOST_IDS + 1, 37);
    hg_job_search_list *list = NULL;
    size_t count, seen = 0;

    params.set |= HG_BIT(HG_JOB_SEARCH_SORT) | HG_BIT(HG_JOB_SEARCH_FEATURED_FIRST) | HG_BIT(HG_JOB_SEARCH_AT_MOST);
    params.sort = str_of(orders[nth / 2].sort);
    params.featured_first = nth % 2;
    params.at_most = PAGE;
    do {
        ck_ok(hg_job_search(tenant, &params, &list, &err), err);
        count = hg_job_search_list_count(list);
        for (size_t i = 0; i < count; i++)
            add_id(all, &seen, &hg_job_search_list_at(list, i)->id);
        if (count > 0) {
            const hg_job_search_row *last = hg_job_search_list_at(list, count - 1);

            params.set |= HG_BIT(HG_JOB_SEARCH_AFTER_PLACE) | HG_BIT(HG_JOB_SEARCH_AFTER_ID);
            params.after_place = str_of(fixture_text("%s", last->place.ptr));
            params.after_id = last->id;
        }
        hg_job_search_list_free(list);
    } while (count > 0);
    ck_same(all, sql_text("SELECT coalesce(string_agg(id || ' ', '' ORDER BY %s%s), '') FROM jobs WHERE is_public AND"
                          " employment_status = 'open' AND (application_deadline IS NULL OR application_deadline > now() AT TIME"
                          " ZONE 'UTC') AND %s", nth % 2 ? "coalesce(is_featured, false) DESC, " : "", orders[nth / 2].by, where),
            fixture_text("%s, %s", orders[nth / 2].sort, where));
    free(all);
}

START_TEST(pages_neither_lose_nor_repeat_what_shares_a_key)
{
    hg_job_search_params params = { .struct_size = sizeof params, .set = HG_BIT(HG_JOB_SEARCH_TEXT), .text = str_of("pagessame") };

    ck_jobs(params, _i, "description = 'pagessame'");
}
END_TEST

/* The key of a window's end, or of a page's, once went into a template of format() as it was: a title with a percent sign
 * in it ended the search with 22023, whoever had written it. */
START_TEST(odd_rows_are_found_in_every_order)
{
    hg_job_search_params params = { .struct_size = sizeof params, .set = HG_BIT(HG_JOB_SEARCH_TEXT), .text = str_of("pagesodd") };

    ck_jobs(params, _i, "description = 'pagesodd'");
}
END_TEST

/* Without words an order is walked in its index, or in windows of it where a place is asked for; titles and places as long
 * as their columns let them be fit into those indexes. */
START_TEST(pages_without_words_are_the_whole_too)
{
    hg_job_search_params params = { .struct_size = sizeof params, .location = str_of("PagesPlain") };
    hg_job_search_params by_money = { .struct_size = sizeof by_money, .salary_currency = str_of("qqq"), .salary_stated = 1 };
    const hg_str types[] = { { "contract", 8 } };

    params.set = HG_BIT(HG_JOB_SEARCH_LOCATION);
    ck_jobs(params, _i, "location LIKE 'pagesplain%'");
    by_money.set = HG_BIT(HG_JOB_SEARCH_SALARY_CURRENCY) | HG_BIT(HG_JOB_SEARCH_SALARY_STATED);
    ck_jobs(by_money, _i, "salary_currency = 'QQQ'");
    params.set = HG_BIT(HG_JOB_SEARCH_LOCATION) | HG_BIT(HG_JOB_SEARCH_JOB_TYPES);
    params.job_types = (hg_str_list){ types, NULL, 1 };
    ck_jobs(params, _i, "location LIKE 'pagesplain%' AND job_type = 'contract'");
}
END_TEST

#define SKILL(name) "(EXISTS (SELECT FROM job_skills s WHERE s.job_id = jobs.id AND lower(s.skill_name) = '" name "') OR " IN_JSON(name) ")"
#define IN_JSON(name) "EXISTS (SELECT FROM jsonb_array_elements(CASE WHEN jsonb_typeof(skills) = 'array' THEN skills ELSE '[]' END) e(e)" \
    " WHERE lower(btrim(CASE jsonb_typeof(e) WHEN 'string' THEN e #>> '{}' WHEN 'object' THEN e ->> 'name' END)) = '" name "')"

/* What one filter asks for, and the same in SQL. NULL: no such filter. */
static const struct {
    const char *location, *currency, *period, *any, *all, *type, *level, *remote, *from, *to;
    int stated;
    const char *where;
} odd_jobs[] = {
    { .where = "true" },
    { .location = "%", .where = "location LIKE '%\\%%'" },
    { .location = "0% \\_H", .where = "location = '100% \\_here'" },
    { .location = "m\303\274nch", .where = "location = U&'M\\00DCNCHEN'" },
    { .location = "\346\235\261\344\272\254", .where = "location = U&'\\6771\\4EAC'" },
    { .location = "_", .where = "location = '100% \\_here'" },
    { .from = "0", .where = "(salary_max IS NULL OR salary_max >= 0)" },
    { .from = "45999", .where = "(salary_max IS NULL OR salary_max >= 45999)" },
    { .from = "46000", .stated = 1, .where = "(salary_max >= 46000 OR salary_max IS NULL AND salary_min IS NOT NULL)" },
    { .from = "2147483647", .stated = 1, .where = "(salary_max >= 2147483647 OR salary_max IS NULL AND salary_min IS NOT NULL)" },
    { .to = "-2147483648", .where = "(salary_min IS NULL OR salary_min <= -2147483648)" },
    { .to = "-1", .where = "(salary_min IS NULL OR salary_min <= -1)" },
    { .to = "0", .stated = 1, .where = "(salary_min <= 0 OR salary_min IS NULL AND salary_max IS NOT NULL)" },
    { .from = "45000", .to = "45998", .where = "(salary_max IS NULL OR salary_max >= 45000) AND (salary_min IS NULL OR salary_min <= 45998)" },
    { .from = "99999", .to = "100000", .where = "(salary_max IS NULL OR salary_max >= 99999) AND (salary_min IS NULL OR salary_min <= 100000)" },
    { .stated = 1, .where = "(salary_min IS NOT NULL OR salary_max IS NOT NULL)" },
    { .currency = "eur", .where = "(salary_currency = 'EUR' OR salary_min IS NULL AND salary_max IS NULL)" },
    { .currency = "eur", .stated = 1, .where = "salary_currency = 'EUR' AND (salary_min IS NOT NULL OR salary_max IS NOT NULL)" },
    { .currency = "%", .where = "salary_min IS NULL AND salary_max IS NULL" },
    { .period = "yearly", .where = "(salary_period = 'yearly' OR salary_min IS NULL AND salary_max IS NULL)" },
    { .any = "x%", .where = SKILL("x%") },
    { .all = "X", .where = SKILL("x") },
    { .any = "X%", .all = " \303\234ber ", .where = SKILL("x%") " AND " SKILL("\303\274ber") },
    { .all = "none", .where = "false" },
    { .type = "full_time", .level = "entry", .where = "job_type = 'full_time' AND experience_level = 'entry'" },
    { .remote = "hybrid", .all = "x%", .from = "50000", .where = "remote_type = 'hybrid' AND " SKILL("x%")
      " AND (salary_max IS NULL OR salary_max >= 50000)" },
};

static hg_str texts[5];

static hg_str_list
one_of(int slot, const char *text)
{
    texts[slot] = str_of(text);
    return (hg_str_list){ &texts[slot], NULL, 1 };
}

/* The same filter of job_search and of job_facets, whose fields have the same names. */
#define ASK(params, OF, FIELD, field, given, value) \
    do { \
        if (given) { \
            (params).set |= HG_BIT(HG_##OF##_##FIELD); \
            (params).field = value; \
        } \
    } while (0)
#define ASK_ODD(params, OF, c) \
    do { \
        (params).set = HG_BIT(HG_##OF##_TEXT); \
        (params).text = str_of("pagesodd"); \
        ASK(params, OF, LOCATION, location, (c).location != NULL, str_of((c).location)); \
        ASK(params, OF, SALARY_CURRENCY, salary_currency, (c).currency != NULL, str_of((c).currency)); \
        ASK(params, OF, SALARY_PERIOD, salary_period, (c).period != NULL, str_of((c).period)); \
        ASK(params, OF, SKILLS_ANY, skills_any, (c).any != NULL, one_of(0, (c).any)); \
        ASK(params, OF, SKILLS_ALL, skills_all, (c).all != NULL, one_of(1, (c).all)); \
        ASK(params, OF, JOB_TYPES, job_types, (c).type != NULL, one_of(2, (c).type)); \
        ASK(params, OF, LEVELS, levels, (c).level != NULL, one_of(3, (c).level)); \
        ASK(params, OF, REMOTE_TYPES, remote_types, (c).remote != NULL, one_of(4, (c).remote)); \
        ASK(params, OF, SALARY_FROM, salary_from, (c).from != NULL, (int32_t)atoll((c).from)); \
        ASK(params, OF, SALARY_TO, salary_to, (c).to != NULL, (int32_t)atoll((c).to)); \
        ASK(params, OF, SALARY_STATED, salary_stated, (c).stated, 1); \
    } while (0)

START_TEST(odd_rows_pass_the_filters_that_say_so)
{
    hg_job_search_params params = { .struct_size = sizeof params };

    ASK_ODD(params, JOB_SEARCH, odd_jobs[_i]);
    ck_jobs(params, 2 * (_i % 5) + _i % 2, fixture_text("description = 'pagesodd' AND %s", odd_jobs[_i].where));
}
END_TEST

START_TEST(facets_count_odd_rows)
{
    hg_job_facets_params params = { .struct_size = sizeof params };
    hg_job_facets_list *list = NULL;
    const char *all = "";

    ASK_ODD(params, JOB_FACETS, odd_jobs[_i]);
    ck_ok(hg_job_facets(tenant, &params, &list, &err), err);
    for (size_t i = 0; i < hg_job_facets_list_count(list); i++) {
        const hg_job_facets_row *row = hg_job_facets_list_at(list, i);

        all = fixture_text("%s%s=%s:%d ", all, row->facet.ptr, row->value.ptr, (int)row->jobs);
    }
    hg_job_facets_list_free(list);
    ck_assert_str_eq(all, sql_text(
        "SELECT coalesce(string_agg(f || '=' || v || ':' || n || ' ', '' ORDER BY f, n DESC, v), '') FROM (SELECT f, v, count(*) AS n FROM jobs"
        " CROSS JOIN LATERAL (VALUES ('job_type', job_type), ('experience_level', experience_level), ('remote_type', remote_type),"
        " ('location', location)) AS o(f, v) WHERE v IS NOT NULL AND is_public AND employment_status = 'open' AND (application_deadline"
        " IS NULL OR application_deadline > now() AT TIME ZONE 'UTC') AND description = 'pagesodd' AND %s GROUP BY f, v) g",
        odd_jobs[_i].where));
}
END_TEST

/* ---- Candidates --------------------------------------------------------------------------------------------------------- */

#define SHOWN "(visibility_settings @> '{\"salary_visible\": true}' AND (desired_salary_min IS NOT NULL OR desired_salary_max IS NOT NULL))"

static const struct {
    const char *skill, *available, *education, *place, *type, *remote, *from, *to, *currency, *years_from, *years_to, *where;
} odd_candidates[] = {
    { .where = "true" },
    { .skill = "X%", .where = IN_JSON("x%") },
    { .skill = "\303\234BER", .where = IN_JSON("\303\274ber") },
    { .available = "immediately", .where = "availability = 'immediately'" },
    { .education = "MASTER ", .where = "lower(btrim(education_level)) = 'master'" },
    { .place = "100%", .where = "desired_locations = '{100%}'" },
    { .place = "B", .where = "'b' = ANY (desired_locations)" },
    { .type = "contract", .where = "(coalesce(cardinality(desired_job_types), 0) = 0 OR EXISTS (SELECT FROM unnest(desired_job_types) t"
      " WHERE lower(btrim(t)) = 'contract'))" },
    { .remote = "remote", .where = "(remote_preference IS NULL OR remote_preference IN ('remote', 'any'))" },
    { .from = "45999", .where = "(NOT coalesce(" SHOWN ", false) OR desired_salary_max IS NULL OR desired_salary_max >= 45999)" },
    { .from = "2147483647", .where = "(NOT coalesce(" SHOWN ", false) OR desired_salary_max IS NULL OR desired_salary_max >= 2147483647)" },
    { .to = "-1", .where = "(NOT coalesce(" SHOWN ", false) OR desired_salary_min IS NULL OR desired_salary_min <= -1)" },
    { .from = "45000", .to = "45998", .currency = "eur", .where = "(NOT coalesce(" SHOWN ", false) OR (desired_salary_max IS NULL OR"
      " desired_salary_max >= 45000) AND (desired_salary_min IS NULL OR desired_salary_min <= 45998) AND desired_salary_currency = 'EUR')" },
    { .years_from = "5", .where = "experience_years BETWEEN 5 AND 100" },
    { .years_from = "29", .years_to = "2147483647", .where = "experience_years >= 29" },
    { .years_to = "28", .where = "experience_years BETWEEN 0 AND 28" },
    { .years_from = "-3", .years_to = "0", .where = "experience_years BETWEEN -3 AND 0" },
};

START_TEST(odd_candidates_pass_the_filters_that_say_so)
{
    hg_candidate_search_params params = { .struct_size = sizeof params };
    const char *recruiter = sql_text("SELECT md5('pages r')::uuid");
    hg_uuid id;
    hg_identity who;
    char *all = calloc(MOST_IDS + 1, 37);
    hg_candidate_search_list *list = NULL;
    int by_years = _i % 2;
    size_t count, seen = 0;

    ck_ok(hg_uuid_parse(recruiter, strlen(recruiter), &id, &err), err);
    who = identity(HG_ROLE_COMPANY, &id);
    ck_ok(hg_session_enter(tenant, &who, &err), err);
    params.set = HG_BIT(HG_CANDIDATE_SEARCH_TEXT) | HG_BIT(HG_CANDIDATE_SEARCH_SORT) | HG_BIT(HG_CANDIDATE_SEARCH_AT_MOST);
    params.text = str_of("pagesodd");
    params.sort = str_of(by_years ? "experience" : "newest");
    params.at_most = PAGE;
    ASK(params, CANDIDATE_SEARCH, SKILLS_ALL, skills_all, odd_candidates[_i].skill, one_of(0, odd_candidates[_i].skill));
    ASK(params, CANDIDATE_SEARCH, AVAILABILITY, availability, odd_candidates[_i].available, one_of(1, odd_candidates[_i].available));
    ASK(params, CANDIDATE_SEARCH, EDUCATION, education, odd_candidates[_i].education, one_of(2, odd_candidates[_i].education));
    ASK(params, CANDIDATE_SEARCH, LOCATIONS, locations, odd_candidates[_i].place, one_of(3, odd_candidates[_i].place));
    ASK(params, CANDIDATE_SEARCH, JOB_TYPES, job_types, odd_candidates[_i].type, one_of(4, odd_candidates[_i].type));
    ASK(params, CANDIDATE_SEARCH, REMOTE, remote, odd_candidates[_i].remote, str_of(odd_candidates[_i].remote));
    ASK(params, CANDIDATE_SEARCH, SALARY_FROM, salary_from, odd_candidates[_i].from, (int32_t)atoll(odd_candidates[_i].from));
    ASK(params, CANDIDATE_SEARCH, SALARY_TO, salary_to, odd_candidates[_i].to, (int32_t)atoll(odd_candidates[_i].to));
    ASK(params, CANDIDATE_SEARCH, SALARY_CURRENCY, salary_currency, odd_candidates[_i].currency, str_of(odd_candidates[_i].currency));
    ASK(params, CANDIDATE_SEARCH, YEARS_FROM, years_from, odd_candidates[_i].years_from, (int32_t)atoll(odd_candidates[_i].years_from));
    ASK(params, CANDIDATE_SEARCH, YEARS_TO, years_to, odd_candidates[_i].years_to, (int32_t)atoll(odd_candidates[_i].years_to));
    do {
        ck_ok(hg_candidate_search(tenant, &params, &list, &err), err);
        count = hg_candidate_search_list_count(list);
        for (size_t i = 0; i < count; i++)
            add_id(all, &seen, &hg_candidate_search_list_at(list, i)->id);
        if (count > 0) {
            const hg_candidate_search_row *last = hg_candidate_search_list_at(list, count - 1);

            params.set |= HG_BIT(HG_CANDIDATE_SEARCH_AFTER_PLACE) | HG_BIT(HG_CANDIDATE_SEARCH_AFTER_ID);
            params.after_place = str_of(fixture_text("%s", last->place.ptr));
            params.after_id = last->id;
        }
        hg_candidate_search_list_free(list);
    } while (count > 0);
    ck_same(all, sql_text("SELECT coalesce(string_agg(id || ' ', '' ORDER BY %s DESC, id DESC), '') FROM candidate_profiles WHERE"
                          " summary LIKE 'pagesodd%%' AND visibility_settings @> '{\"profile_public\": true}' AND user_id IN (SELECT"
                          " u.id FROM users u WHERE u.is_active) AND %s",
                          by_years ? "coalesce(experience_years, -1)" : NEWEST, odd_candidates[_i].where),
            odd_candidates[_i].where);
    free(all);
}
END_TEST

Suite *
suite_operations_search_pages(void)
{
    Suite *suite = suite_create("operations/search_pages");
    TCase *tcase = tcase_create("search_pages");
    int filters = (int)(sizeof odd_jobs / sizeof *odd_jobs);

    tcase_add_unchecked_fixture(tcase, fill_rows, sweep_rows);
    tcase_add_checked_fixture(tcase, fixture_open_tenant, fixture_close);
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, pages_neither_lose_nor_repeat_what_shares_a_key, 0, ORDERS);
    tcase_add_loop_test(tcase, odd_rows_are_found_in_every_order, 0, ORDERS);
    tcase_add_loop_test(tcase, pages_without_words_are_the_whole_too, 0, ORDERS);
    tcase_add_loop_test(tcase, odd_rows_pass_the_filters_that_say_so, 0, filters);
    tcase_add_loop_test(tcase, facets_count_odd_rows, 0, filters);
    tcase_add_loop_test(tcase, odd_candidates_pass_the_filters_that_say_so, 0,
                        (int)(sizeof odd_candidates / sizeof *odd_candidates));
    suite_add_tcase(suite, tcase);
    return suite;
}
