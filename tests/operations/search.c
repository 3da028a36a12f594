/* operations/search - job_search, job_facets, skill_suggest and candidate_search: what is found and what never is, in
 * which order. Pages to their end are in search_pages.c, and what one costs in search_plans.c.
 *
 * Rows of other tests are in the database, so each test's rows have a word in their text that no other has. */
#include "fixture.h"
#include "suites.h"

#include <string.h>

static hg_uuid recruiter, viewer, company, seeker;
static const char *word;

static void
enter(int32_t role, const hg_uuid *user)
{
    hg_identity who = identity(role, user);

    ck_ok(hg_session_enter(tenant, &who, &err), err);
}

static void
setup(void)
{
    fixture_open_tenant();
    recruiter = fixture_user(HG_USER_USER_TYPE_COMPANY);
    viewer = fixture_user(HG_USER_USER_TYPE_COMPANY);
    seeker = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    company = fixture_company(&recruiter, HG_COMPANY_MEMBER_ROLE_RECRUITER);
    fixture_company(&viewer, HG_COMPANY_MEMBER_ROLE_VIEWER);
    word = unique_text().ptr;
}

/* ---- Jobs --------------------------------------------------------------------------------------------------------------- */

/* A job whose title is name; set is more of an UPDATE, or NULL. */
static hg_uuid
a_job(const char *name, const char *set)
{
    hg_uuid id = fixture_job(&company, 1);

    sql_do("UPDATE jobs SET title = '%s', description = '%s' WHERE id = '%s'", name, word, uuid_text(&id));
    if (set != NULL)
        sql_do("UPDATE jobs SET %s WHERE id = '%s'", set, uuid_text(&id));
    return id;
}

static hg_job_search_params
find(const char *text)
{
    return (hg_job_search_params){
        .struct_size = sizeof(hg_job_search_params),
        .set = HG_BIT(HG_JOB_SEARCH_TEXT) | HG_BIT(HG_JOB_SEARCH_WITH_TOTAL),
        .text = str_of(text), .with_total = 1,
    };
}

/* The titles found, in order, with a blank between. */
static const char *
titles(hg_conn *conn, const hg_job_search_params *params)
{
    hg_job_search_list *list = NULL;
    const char *all = "";

    ck_ok(hg_job_search(conn, params, &list, &err), err);
    for (size_t i = 0; i < hg_job_search_list_count(list); i++) {
        const hg_job_search_row *row = hg_job_search_list_at(list, i);

        ck_assert_int_eq(row->total, (int64_t)hg_job_search_list_count(list));
        all = fixture_text("%s%s%s", all, i == 0 ? "" : " ", row->title.ptr);
    }
    hg_job_search_list_free(list);
    return all;
}

/* A digit a row: 3 all in the title, 2 a part of it, 1 the rest. */
static const char *
relevances(const hg_job_search_params *params)
{
    hg_job_search_list *list = NULL;
    const char *all = "";

    ck_ok(hg_job_search(tenant, params, &list, &err), err);
    for (size_t i = 0; i < hg_job_search_list_count(list); i++)
        all = fixture_text("%s%d", all, (int)hg_job_search_list_at(list, i)->relevance);
    hg_job_search_list_free(list);
    return all;
}

START_TEST(a_title_stands_above_a_body_however_old)
{
    hg_job_search_params params;

    a_job("Body", fixture_text("description = '%s zebra zebra zebra', created_at = '2030-01-01'", word));
    a_job("Part-zebra", fixture_text("created_at = '2010-01-01', description = '%s lion'", word));
    a_job("Zebra-lion", "created_at = '2000-01-01'");
    a_job("Rest", fixture_text("created_at = '2031-01-01', description = '%s zebra lion'", word));
    params = find(fixture_text("zebra %s", word));
    ck_assert_str_eq(titles(tenant, &params), "Part-zebra Zebra-lion Rest Body");
    params = find(fixture_text("zebra lion %s", word));
    ck_assert_str_eq(titles(tenant, &params), "Part-zebra Zebra-lion Rest");
    ck_assert_str_eq(relevances(&params), "221");
    params.set |= HG_BIT(HG_JOB_SEARCH_FEATURED_FIRST);      /* each of the passes twice */
    params.featured_first = 1;
    ck_assert_str_eq(relevances(&params), "221");
    params = find("zebra lion");
    ck_assert_int_eq(relevances(&params)[0], '3');
}
END_TEST

static const struct { const char *text, *found; } queries[] = {
    { "%s red",             "A1 A2" },
    { "%s red blue",        "A1" },
    { "%s red AND blue",    "A1" },
    { "%s red -blue",       "A2" },
    { "%s red NOT blue",    "A2" },
    { "%s blue OR %1$s green", "A1 A3" },
    { "\"%s red\"",         "A1" },
    { "%s the",             "A1 A2 A3" },
    { "%s '%%_\\ & | ! ( :*", "A1 A2 A3" },
    { "%s nowhere",         "" },
};

START_TEST(words_mean_and_or_and_not)
{
    hg_job_search_params params;
    char text[200];

    a_job("A1", fixture_text("description = '%s red and blue', created_at = '2003-01-01'", word));
    a_job("A2", fixture_text("description = 'red is %s', created_at = '2002-01-01'", word));
    a_job("A3", fixture_text("description = '%s green', created_at = '2001-01-01'", word));
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(text, sizeof text, queries[_i].text, word);
#pragma GCC diagnostic pop
    params = find(text);
    ck_assert_msg(strcmp(titles(tenant, &params), queries[_i].found) == 0, "\"%s\" found \"%s\", want \"%s\"", text,
                  titles(tenant, &params), queries[_i].found);
}
END_TEST

START_TEST(leak_hidden_closed_and_expired_jobs_are_never_found)
{
    hg_job_search_params params = find(word);

    a_job("Open", NULL);
    a_job("Hidden", "is_public = false");
    a_job("Nobody", "is_public = NULL");
    a_job("Closed", "employment_status = 'closed'");
    a_job("Expired", "application_deadline = now() AT TIME ZONE 'UTC' - interval '1 minute'");
    a_job("Soon", "application_deadline = now() AT TIME ZONE 'UTC' + interval '1 minute', created_at = '2000-01-01'");
    ck_assert_str_eq(titles(tenant, &params), "Open Soon");
    enter(HG_ROLE_COMPANY, &recruiter);             /* his own company's drafts are job_list_company's */
    ck_assert_str_eq(titles(tenant, &params), "Open Soon");
    enter(HG_ROLE_CANDIDATE, &seeker);
    ck_assert_str_eq(titles(tenant, &params), "Open Soon");
    ck_assert_str_eq(titles(service, &params), "Open Soon");
}
END_TEST

static const struct { const char *any[2], *all[2], *found; } skill_cases[] = {
    { { "SQL" },           { NULL },            "J1 J2 J3" },
    { { "sql", "go" },     { NULL },            "J1 J2 J3 J4" },
    { { NULL },            { "Sql", "C" },      "J1 J2" },
    { { NULL },            { "c", "table" },    "J2" },
    { { "go", "ada" },     { "sql" },           "" },
    { { " " },             { NULL },            "J1 J2 J3 J4" },
};

START_TEST(skills_are_found_in_both_spellings_and_in_job_skills)
{
    hg_job_search_params params = find(word);
    hg_uuid j2, j3;
    hg_str any[2], all[2];
    uint32_t any_count = 0, all_count = 0;

    a_job("J1", "skills = '[\"SQL\", \"c\"]', created_at = '2004-01-01'");
    j2 = a_job("J2", "skills = '[{\"name\": \"Sql\", \"level\": \"expert\"}, {\"name\": \"C\"}]', created_at = '2003-01-01'");
    j3 = a_job("J3", "skills = '{}', created_at = '2002-01-01'");
    a_job("J4", "skills = '[\"Go\", 5, null]', created_at = '2001-01-01'");
    sql_do("INSERT INTO job_skills (job_id, skill_name) VALUES ('%s', 'TABLE'), ('%s', 'sQL')", uuid_text(&j2),
           uuid_text(&j3));
    for (int i = 0; i < 2; i++) {
        if (skill_cases[_i].any[i] != NULL)
            any[any_count++] = str_of(skill_cases[_i].any[i]);
        if (skill_cases[_i].all[i] != NULL)
            all[all_count++] = str_of(skill_cases[_i].all[i]);
    }
    params.set |= HG_BIT(HG_JOB_SEARCH_SKILLS_ANY) | HG_BIT(HG_JOB_SEARCH_SKILLS_ALL);
    params.skills_any = (hg_str_list){ any, NULL, any_count };
    params.skills_all = (hg_str_list){ all, NULL, all_count };
    ck_assert_str_eq(titles(tenant, &params), skill_cases[_i].found);
}
END_TEST

static const struct { int32_t from, to; const char *found; } salaries[] = {
    { 0,   49,  "Unstated UpTo80" },
    { 50,  60,  "From50 Unstated UpTo80 Both50to70" },
    { 70,  70,  "From50 Unstated UpTo80 Both50to70" },
    { 71,  80,  "From50 Unstated UpTo80" },
    { 81,  999, "From50 Unstated" },
};

START_TEST(salaries_overlap_with_open_ends)
{
    hg_job_search_params params = find(word);

    a_job("From50", "salary_min = 50, created_at = '2004-01-01'");
    a_job("Unstated", "created_at = '2003-01-01'");
    a_job("UpTo80", "salary_max = 80, created_at = '2002-01-01'");
    a_job("Both50to70", "salary_min = 50, salary_max = 70, created_at = '2001-01-01'");
    params.set |= HG_BIT(HG_JOB_SEARCH_SALARY_FROM) | HG_BIT(HG_JOB_SEARCH_SALARY_TO);
    params.salary_from = salaries[_i].from;
    params.salary_to = salaries[_i].to;
    ck_assert_str_eq(titles(tenant, &params), salaries[_i].found);
    params.set |= HG_BIT(HG_JOB_SEARCH_SALARY_STATED) | HG_BIT(HG_JOB_SEARCH_SALARY_CURRENCY);
    params.salary_stated = 1;
    params.salary_currency = str_of("EUR");
    ck_assert_str_eq(titles(tenant, &params), "");
}
END_TEST

static const struct { const char *name; int32_t parameter; const char *value; hg_status status; } bad[] = {
    { "an order that there is not", HG_JOB_SEARCH_SORT,        "id; DROP TABLE jobs", HG_E_INVALID },
    { "views",                      HG_JOB_SEARCH_SORT,        "views",               HG_OK },
    { "a place of no page",         HG_JOB_SEARCH_AFTER_PLACE, "nonsense",            HG_E_INVALID },
    { "a place of no time",         HG_JOB_SEARCH_AFTER_PLACE, "1:soon'--",           HG_E_INVALID },
    { "a place of a pass beyond",   HG_JOB_SEARCH_AFTER_PLACE, "9:2020-01-01",        HG_OK },
};

START_TEST(bad_input_is_refused)
{
    hg_job_search_params params = find(word);
    hg_status st;

    params.set |= HG_BIT(bad[_i].parameter);
    if (bad[_i].parameter == HG_JOB_SEARCH_SORT) {
        params.sort = str_of(bad[_i].value);
    } else {
        params.set |= HG_BIT(HG_JOB_SEARCH_AFTER_ID);
        params.after_place = str_of(bad[_i].value);
        params.after_id = company;
    }
    st = hg_job_search(tenant, &params, NULL, &err);
    ck_assert_msg(st == bad[_i].status, "%s gave %s (%s)", bad[_i].name, hg_status_name(st), err.message);

    params = find(word);
    params.set |= HG_BIT(HG_JOB_SEARCH_AT_MOST);
    params.at_most = 201;
    ck_status(hg_job_search(tenant, &params, NULL, &err), HG_E_INVALID, err);
    params = find(word);
    params.set |= HG_BIT(HG_JOB_SEARCH_SALARY_FROM) | HG_BIT(HG_JOB_SEARCH_SALARY_TO);
    params.salary_from = 2;
    params.salary_to = 1;
    ck_status(hg_job_search(tenant, &params, NULL, &err), HG_E_INVALID, err);
    params = find(word);
    params.set |= HG_BIT(HG_JOB_SEARCH_AFTER_PLACE);         /* without its id */
    params.after_place = str_of("1:2020-01-01");
    ck_status(hg_job_search(tenant, &params, NULL, &err), HG_E_INVALID, err);
}
END_TEST

/* What is just within a bound, and just beyond. */
START_TEST(a_thousand_names_and_a_century_are_taken_and_no_more)
{
    static hg_str names[1001];
    hg_job_search_params params = find(word);

    for (int i = 0; i <= 1000; i++)
        names[i] = str_of(fixture_text("name %d", i));
    params.set |= HG_BIT(HG_JOB_SEARCH_SKILLS_ANY) | HG_BIT(HG_JOB_SEARCH_POSTED_WITHIN);
    for (int beyond = 0; beyond < 3; beyond++) {
        params.skills_any = (hg_str_list){ names, NULL, beyond == 1 ? 1001 : 1000 };
        params.posted_within = beyond == 2 ? 36501 : 36500;
        ck_status(hg_job_search(tenant, &params, NULL, &err), beyond == 0 ? HG_OK : HG_E_INVALID, err);
    }
}
END_TEST

/* 100 characters of a name are kept, and looked for. */
START_TEST(a_name_of_more_than_100_characters_is_found)
{
    hg_job_search_params params = find(word);
    const char *long_name = fixture_text("%0150d", _i);
    const hg_str name = str_of(long_name);
    const hg_uuid job = a_job("Long", _i == 0 ? fixture_text("skills = '[\"%s\"]'", long_name) : NULL);

    if (_i > 0)
        sql_do("INSERT INTO job_skills (job_id, skill_name) VALUES ('%s', left('%s', 100 + %d))", uuid_text(&job), long_name, _i - 1);
    params.set |= HG_BIT(HG_JOB_SEARCH_SKILLS_ALL);
    params.skills_all = (hg_str_list){ &name, NULL, 1 };
    ck_assert_str_eq(titles(tenant, &params), "Long");
}
END_TEST

START_TEST(featured_come_first_and_orders_are_kept)
{
    hg_job_search_params params = find(word);

    a_job("Cheap", "salary_max = 10, created_at = '2004-01-01'");
    a_job("dear", "salary_max = 90, created_at = '2003-01-01'");
    a_job("Open", "created_at = '2002-01-01'");
    a_job("Star", "is_featured = true, salary_max = 50, created_at = '2001-01-01'");
    ck_assert_str_eq(titles(tenant, &params), "Cheap dear Open Star");
    params.set |= HG_BIT(HG_JOB_SEARCH_FEATURED_FIRST) | HG_BIT(HG_JOB_SEARCH_SORT);
    params.featured_first = 1;
    params.sort = str_of("salary");
    ck_assert_str_eq(titles(tenant, &params), "Star dear Cheap Open");
    params.sort = str_of("title");
    ck_assert_str_eq(titles(tenant, &params), "Star Cheap dear Open");
}
END_TEST

START_TEST(filters_hold_before_the_limit_and_the_total_under_them)
{
    hg_job_search_params params = find(word);
    const hg_str types[] = { { "contract", 8 } };
    hg_job_search_list *list = NULL;

    sql_do("INSERT INTO jobs (company_id, title, slug, description, job_type, location, created_at) SELECT '%s', 'x', 's' || g, "
           "'%s', CASE WHEN g <= 30 THEN 'contract' ELSE 'full_time' END, 'a 5%%_ \\place', timestamp '2024-01-01' + g * "
           "interval '1 hour' FROM generate_series(1, 300) g", uuid_text(&company), word);
    params.set |= HG_BIT(HG_JOB_SEARCH_JOB_TYPES) | HG_BIT(HG_JOB_SEARCH_LOCATION);
    params.job_types = (hg_str_list){ types, NULL, 1 };
    params.location = str_of("5%_ \\PLACE");
    ck_ok(hg_job_search(tenant, &params, &list, &err), err);
    ck_assert_uint_eq(hg_job_search_list_count(list), 20);
    ck_assert_int_eq(hg_job_search_list_at(list, 0)->total, 30);
    hg_job_search_list_free(list);
    params.location = str_of("5__");
    ck_ok(hg_job_search(tenant, &params, &list, &err), err);
    ck_assert_uint_eq(hg_job_search_list_count(list), 0);
    hg_job_search_list_free(list);
}
END_TEST

START_TEST(companies_and_days_are_filters)
{
    hg_job_search_params params = find(word);

    a_job("New", NULL);
    a_job("Old", "created_at = now() AT TIME ZONE 'UTC' - interval '10 days'");
    params.set |= HG_BIT(HG_JOB_SEARCH_POSTED_WITHIN) | HG_BIT(HG_JOB_SEARCH_COMPANY_ID);
    params.posted_within = 9;
    params.company_id = company;
    ck_assert_str_eq(titles(tenant, &params), "New");
    params.posted_within = 11;
    ck_assert_str_eq(titles(tenant, &params), "New Old");
    params.company_id = recruiter;
    ck_assert_str_eq(titles(tenant, &params), "");
    params = find(word);
    sql_do("UPDATE companies SET industry = 'Deep Sea' WHERE id = '%s'", uuid_text(&company));
    params.set |= HG_BIT(HG_JOB_SEARCH_INDUSTRY);
    params.industry = str_of("deep sea");
    ck_assert_str_eq(titles(tenant, &params), "New Old");
    params.industry = str_of("deep");
    ck_assert_str_eq(titles(tenant, &params), "");
}
END_TEST

/* What is shown of a company is kept beside its jobs, but for what is long. */
static const struct { const char *name, *slug, *logo; } shown[] = {
    { "'Shown'", "'shown-' || id", "NULL" },
    { "'Shown again'", "'shown again-' || id", "'https://shown'" },
    { "'x'", "slug", "repeat('x', 1000)" },
    { "name", "slug", "repeat('x', 1001)" },
    { "name", "slug", "repeat('x', 1000) || md5(name)" },
};

START_TEST(a_page_shows_the_company_as_it_is)
{
    hg_job_search_params params = find(word);
    hg_job_search_list *list = NULL;
    const hg_job_search_row *row;

    a_job("Of it", NULL);
    sql_do("UPDATE companies SET name = %s, slug = %s, logo_url = %s WHERE id = '%s'", shown[_i].name, shown[_i].slug, shown[_i].logo,
           uuid_text(&company));
    ck_ok(hg_job_search(tenant, &params, &list, &err), err);
    ck_assert_uint_eq(hg_job_search_list_count(list), 1);
    row = hg_job_search_list_at(list, 0);
    ck_assert_str_eq(fixture_text("%s %s %s", row->company_name.ptr, row->company_slug.ptr,
                                  row->company_logo_url.ptr == NULL ? "none" : row->company_logo_url.ptr),
                     sql_text("SELECT concat_ws(' ', name, slug, coalesce(logo_url, 'none')) FROM companies WHERE id = '%s'", uuid_text(&company)));
    hg_job_search_list_free(list);
}
END_TEST

START_TEST(facets_count_what_the_search_finds)
{
    hg_job_facets_params params = { .struct_size = sizeof params, .set = HG_BIT(HG_JOB_FACETS_TEXT), .text = str_of(word) };
    hg_job_facets_list *list = NULL;
    const char *all = "";

    a_job("A", "job_type = 'contract', location = 'Rome', remote_type = 'remote'");
    a_job("B", "job_type = 'contract', location = 'Bonn'");
    a_job("C", "job_type = 'internship', location = 'Rome', experience_level = 'entry'");
    a_job("Hidden", "is_public = false, location = 'Rome'");
    ck_ok(hg_job_facets(tenant, &params, &list, &err), err);
    for (size_t i = 0; i < hg_job_facets_list_count(list); i++) {
        const hg_job_facets_row *row = hg_job_facets_list_at(list, i);

        all = fixture_text("%s%s=%s:%d ", all, row->facet.ptr, row->value.ptr, (int)row->jobs);
    }
    ck_assert_str_eq(all, "experience_level=entry:1 job_type=contract:2 job_type=internship:1 location=Rome:2 "
                          "location=Bonn:1 remote_type=remote:1 ");
    hg_job_facets_list_free(list);
}
END_TEST

START_TEST(leak_skills_of_hidden_jobs_are_not_suggested)
{
    hg_uuid open = a_job("Open", NULL), hidden = a_job("Hidden", "is_public = false");
    hg_skill_suggest_params params = { .struct_size = sizeof params, .set = HG_BIT(HG_SKILL_SUGGEST_PREFIX),
                                       .prefix = str_of(fixture_text("%c%s", word[0] - 32, word + 1)) };
    hg_skill_suggest_list *list = NULL;

    sql_do("INSERT INTO job_skills (job_id, skill_name) VALUES ('%s', '%s_X'), ('%s', '%s_x'), ('%s', '%s secret')",
           uuid_text(&open), word, uuid_text(&hidden), word, uuid_text(&hidden), word);
    ck_ok(hg_skill_suggest(tenant, &params, &list, &err), err);
    ck_assert_uint_eq(hg_skill_suggest_list_count(list), 1);
    ck_assert_str_eq(hg_skill_suggest_list_at(list, 0)->name.ptr, fixture_text("%s_x", word));
    ck_assert_int_eq(hg_skill_suggest_list_at(list, 0)->jobs, 1);
    hg_skill_suggest_list_free(list);
    params.prefix = str_of("%");
    ck_ok(hg_skill_suggest(tenant, &params, &list, &err), err);
    ck_assert_uint_eq(hg_skill_suggest_list_count(list), 0);
    hg_skill_suggest_list_free(list);
    params.prefix = str_of(" ");
    ck_status(hg_skill_suggest(tenant, &params, NULL, &err), HG_E_INVALID, err);
}
END_TEST

/* Of a name that is used ten times the open jobs are counted; of one that is used more, its uses, in two digits. */
START_TEST(a_suggestion_counts_open_jobs_up_to_ten_uses)
{
    static const struct { int hidden, jobs; } cases[] = { { 2, 8 }, { 3, 11 }, { 115, 120 } };
    hg_skill_suggest_params params = { .struct_size = sizeof params, .set = HG_BIT(HG_SKILL_SUGGEST_PREFIX), .prefix = str_of(word) };
    hg_skill_suggest_list *list = NULL;

    sql_do("WITH j AS (INSERT INTO jobs (company_id, title, slug, description, job_type, is_public) SELECT '%s', 't', '%s' || g, 'd', 'contract',"
           " g <= 8 FROM generate_series(1, 8 + %d) g RETURNING id) INSERT INTO job_skills (job_id, skill_name) SELECT id, '%s' FROM j",
           uuid_text(&company), word, cases[_i].hidden, word);
    ck_ok(hg_skill_suggest(tenant, &params, &list, &err), err);
    ck_assert_uint_eq(hg_skill_suggest_list_count(list), 1);
    ck_assert_int_eq(hg_skill_suggest_list_at(list, 0)->jobs, cases[_i].jobs);
    hg_skill_suggest_list_free(list);
}
END_TEST

/* The last character there is, and more of it, too. */
START_TEST(a_suggestion_goes_on_with_any_character)
{
    hg_uuid open = a_job("Open", NULL);
    hg_skill_suggest_params params = { .struct_size = sizeof params, .set = HG_BIT(HG_SKILL_SUGGEST_PREFIX), .prefix = str_of(word) };
    hg_skill_suggest_list *list = NULL;

    sql_do("INSERT INTO job_skills (job_id, skill_name) SELECT '%s', rpad('%s', n, chr(1114111)) FROM unnest('{30,31,100}'::int[]) u(n)",
           uuid_text(&open), word);
    ck_ok(hg_skill_suggest(tenant, &params, &list, &err), err);
    ck_assert_uint_eq(hg_skill_suggest_list_count(list), 3);
    hg_skill_suggest_list_free(list);
}
END_TEST

/* ---- Candidates ----------------------------------------------------------------------------------------------------------- */

static hg_uuid
a_candidate(const char *headline, const char *set)
{
    hg_uuid user = fixture_user(HG_USER_USER_TYPE_CANDIDATE), id;

    hg_uuid_new(&id);
    sql_do("INSERT INTO candidate_profiles (id, user_id, headline, summary, visibility_settings) "
           "VALUES ('%s', '%s', '%s', '%s', '{\"profile_public\": true}')", uuid_text(&id), uuid_text(&user), headline, word);
    if (set != NULL)
        sql_do("UPDATE candidate_profiles SET %s WHERE id = '%s'", set, uuid_text(&id));
    return id;
}

static hg_candidate_search_params
seek(const char *text)
{
    return (hg_candidate_search_params){
        .struct_size = sizeof(hg_candidate_search_params),
        .set = HG_BIT(HG_CANDIDATE_SEARCH_TEXT) | HG_BIT(HG_CANDIDATE_SEARCH_WITH_TOTAL),
        .text = str_of(text), .with_total = 1,
    };
}

static const char *
headlines(hg_conn *conn, const hg_candidate_search_params *params)
{
    hg_candidate_search_list *list = NULL;
    const char *all = "";

    ck_ok(hg_candidate_search(conn, params, &list, &err), err);
    for (size_t i = 0; i < hg_candidate_search_list_count(list); i++) {
        const hg_candidate_search_row *row = hg_candidate_search_list_at(list, i);

        ck_assert_int_eq(row->total, (int64_t)hg_candidate_search_list_count(list));
        all = fixture_text("%s%s%s", all, i == 0 ? "" : " ", row->headline.ptr);
    }
    hg_candidate_search_list_free(list);
    return all;
}

START_TEST(leak_only_recruiters_find_and_only_who_opted_in)
{
    hg_candidate_search_params params = seek(word);
    hg_uuid freelancer = fixture_user(HG_USER_USER_TYPE_FREELANCE_RECRUITER), gone;

    a_candidate("Open", NULL);
    a_candidate("Hidden", "visibility_settings = '{}'");
    a_candidate("Text", "visibility_settings = '{\"profile_public\": \"true\"}'");
    a_candidate("Null", "visibility_settings = NULL");
    gone = a_candidate("Gone", NULL);
    sql_do("UPDATE users SET is_active = false WHERE id = (SELECT user_id FROM candidate_profiles WHERE id = '%s')",
           uuid_text(&gone));
    enter(HG_ROLE_COMPANY, &recruiter);
    ck_assert_str_eq(headlines(tenant, &params), "Open");
    enter(HG_ROLE_FREELANCER, &freelancer);
    ck_assert_str_eq(headlines(tenant, &params), "Open");
    enter(HG_ROLE_COMPANY, &viewer);
    ck_status(hg_candidate_search(tenant, &params, NULL, &err), HG_E_DENIED, err);
    enter(HG_ROLE_FREELANCER, &recruiter);          /* not his type: nobody */
    ck_status(hg_candidate_search(tenant, &params, NULL, &err), HG_E_DENIED, err);
    enter(HG_ROLE_CANDIDATE, &seeker);
    ck_status(hg_candidate_search(tenant, &params, NULL, &err), HG_E_DENIED, err);
    enter(HG_ROLE_ANON, NULL);
    ck_status(hg_candidate_search(tenant, &params, NULL, &err), HG_E_DENIED, err);
}
END_TEST

START_TEST(leak_a_salary_that_is_not_shown_cannot_be_found_out)
{
    hg_candidate_search_params params = seek(word);

    a_candidate("Shown", "desired_salary_min = 50, desired_salary_max = 60, "
                         "visibility_settings = '{\"profile_public\": true, \"salary_visible\": true}', created_at = '2003-01-01'");
    a_candidate("Kept", "desired_salary_min = 50, desired_salary_max = 60, created_at = '2002-01-01'");
    a_candidate("Open", "visibility_settings = '{\"profile_public\": true, \"salary_visible\": true}', created_at = '2001-01-01'");
    enter(HG_ROLE_COMPANY, &recruiter);
    params.set |= HG_BIT(HG_CANDIDATE_SEARCH_SALARY_FROM) | HG_BIT(HG_CANDIDATE_SEARCH_SALARY_TO);
    params.salary_from = 60;
    params.salary_to = 70;
    ck_assert_str_eq(headlines(tenant, &params), "Shown Kept Open");
    params.salary_from = 61;
    ck_assert_str_eq(headlines(tenant, &params), "Kept Open");
}
END_TEST

START_TEST(candidates_are_found_by_what_they_say)
{
    hg_candidate_search_params params;
    const hg_str skills[] = { { "sql", 3 }, { "C", 1 } }, soon[] = { { "immediately", 11 } }, places[] = { { "BONN", 4 } },
                 types[] = { { "contract", 8 } }, master[] = { { "Master", 6 } };

    a_candidate("Ada", "skills = '[\"SQL\", {\"name\": \"c\"}]', experience_years = 5, availability = 'immediately', "
                       "education_level = 'master', desired_locations = '{Bonn,Rome}', desired_job_types = '{contract}', "
                       "created_at = '2002-01-01'");
    a_candidate("Bob", "skills = '[\"SQL\"]', experience_years = 9, availability = 'within_month', created_at = '2001-01-01'");
    enter(HG_ROLE_COMPANY, &recruiter);

    params = seek(word);
    params.set |= HG_BIT(HG_CANDIDATE_SEARCH_SKILLS_ANY);
    params.skills_any = (hg_str_list){ skills, NULL, 2 };
    ck_assert_str_eq(headlines(tenant, &params), "Ada Bob");
    params = seek(word);
    params.set |= HG_BIT(HG_CANDIDATE_SEARCH_SKILLS_ALL);
    params.skills_all = (hg_str_list){ skills, NULL, 2 };
    ck_assert_str_eq(headlines(tenant, &params), "Ada");
    params = seek(word);
    params.set |= HG_BIT(HG_CANDIDATE_SEARCH_YEARS_FROM) | HG_BIT(HG_CANDIDATE_SEARCH_SORT);
    params.years_from = 5;
    params.sort = str_of("experience");
    ck_assert_str_eq(headlines(tenant, &params), "Bob Ada");
    params.set |= HG_BIT(HG_CANDIDATE_SEARCH_YEARS_TO);
    params.years_to = 8;
    ck_assert_str_eq(headlines(tenant, &params), "Ada");
    params.years_to = 4;
    ck_status(hg_candidate_search(tenant, &params, NULL, &err), HG_E_INVALID, err);
    params = seek(word);
    params.set |= HG_BIT(HG_CANDIDATE_SEARCH_AVAILABILITY) | HG_BIT(HG_CANDIDATE_SEARCH_LOCATIONS)
                  | HG_BIT(HG_CANDIDATE_SEARCH_EDUCATION);
    params.availability = (hg_str_list){ soon, NULL, 1 };
    params.locations = (hg_str_list){ places, NULL, 1 };
    params.education = (hg_str_list){ master, NULL, 1 };
    ck_assert_str_eq(headlines(tenant, &params), "Ada");
    params = seek(word);
    params.set |= HG_BIT(HG_CANDIDATE_SEARCH_JOB_TYPES);
    params.job_types = (hg_str_list){ types, NULL, 1 };
    ck_assert_str_eq(headlines(tenant, &params), "Ada Bob");        /* Bob names none: any */
    params = seek(fixture_text("%s NOT ada", word));
    ck_assert_str_eq(headlines(tenant, &params), "Bob");
}
END_TEST

START_TEST(who_applied_to_the_job_is_left_out_and_only_ones_own_jobs_are_asked)
{
    hg_candidate_search_params params = seek(word);
    hg_uuid job = fixture_job(&company, 1), applied = a_candidate("Applied", NULL);

    a_candidate("Free", NULL);
    sql_do("INSERT INTO applications (job_id, candidate_id) VALUES ('%s', '%s')", uuid_text(&job), uuid_text(&applied));
    params.set |= HG_BIT(HG_CANDIDATE_SEARCH_NOT_APPLIED_TO);
    params.not_applied_to = job;
    enter(HG_ROLE_COMPANY, &recruiter);
    ck_assert_str_eq(headlines(tenant, &params), "Free");
    sql_do("UPDATE jobs SET company_id = (SELECT company_id FROM company_members WHERE user_id = '%s') WHERE id = '%s'",
           uuid_text(&viewer), uuid_text(&job));
    ck_status(hg_candidate_search(tenant, &params, NULL, &err), HG_E_NOT_FOUND, err);
}
END_TEST

Suite *
suite_operations_search(void)
{
    Suite *suite = suite_create("operations/search");
    TCase *tcase = tcase_create("search");

    tcase_add_checked_fixture(tcase, setup, fixture_close);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_title_stands_above_a_body_however_old);
    tcase_add_loop_test(tcase, words_mean_and_or_and_not, 0, (int)(sizeof queries / sizeof *queries));
    tcase_add_test(tcase, leak_hidden_closed_and_expired_jobs_are_never_found);
    tcase_add_loop_test(tcase, skills_are_found_in_both_spellings_and_in_job_skills, 0,
                        (int)(sizeof skill_cases / sizeof *skill_cases));
    tcase_add_loop_test(tcase, salaries_overlap_with_open_ends, 0, (int)(sizeof salaries / sizeof *salaries));
    tcase_add_test(tcase, a_thousand_names_and_a_century_are_taken_and_no_more);
    tcase_add_loop_test(tcase, a_name_of_more_than_100_characters_is_found, 0, 2);
    tcase_add_loop_test(tcase, bad_input_is_refused, 0, (int)(sizeof bad / sizeof *bad));
    tcase_add_test(tcase, featured_come_first_and_orders_are_kept);
    tcase_add_test(tcase, filters_hold_before_the_limit_and_the_total_under_them);
    tcase_add_test(tcase, companies_and_days_are_filters);
    tcase_add_loop_test(tcase, a_page_shows_the_company_as_it_is, 0, (int)(sizeof shown / sizeof *shown));
    tcase_add_test(tcase, facets_count_what_the_search_finds);
    tcase_add_test(tcase, leak_skills_of_hidden_jobs_are_not_suggested);
    tcase_add_loop_test(tcase, a_suggestion_counts_open_jobs_up_to_ten_uses, 0, 3);
    tcase_add_test(tcase, a_suggestion_goes_on_with_any_character);
    tcase_add_test(tcase, leak_only_recruiters_find_and_only_who_opted_in);
    tcase_add_test(tcase, leak_a_salary_that_is_not_shown_cannot_be_found_out);
    tcase_add_test(tcase, candidates_are_found_by_what_they_say);
    tcase_add_test(tcase, who_applied_to_the_job_is_left_out_and_only_ones_own_jobs_are_asked);
    suite_add_tcase(suite, tcase);
    return suite;
}
