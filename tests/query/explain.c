/* query/explain - what hg_query_explain() says is what PostgreSQL's planner then does.
 *
 * The cases are those of postgres.md 2.4: operators that are leakproof and that are not, asked by the service, who is under
 * no policy that says no, and by a persona. Each is shown to the planner as well, with literals and without sequential
 * scans to flee to: the index that the words name must stand in the plan, and where they name none there must be none. */
#include "query/filter.h"
#include "suites.h"

#include <string.h>

typedef hg_status (*add)(hg_query *query);

static hg_status
company_is(hg_query *q)
{
    hg_uuid id = { { 1 } };

    return hg_query_where_uuid(q, HG_JOB_COMPANY_ID, HG_OP_EQ, &id, &err);
}
static hg_status
company_in(hg_query *q)
{
    hg_uuid ids[2] = { { { 1 } }, { { 2 } } };

    return hg_query_where_in_uuid(q, HG_JOB_COMPANY_ID, ids, 2, &err);
}
static hg_status
company_is_null(hg_query *q)
{
    return hg_query_where_null(q, HG_JOB_COMPANY_ID, 1, &err);
}
static hg_status
created_since(hg_query *q)
{
    return hg_query_where_time(q, HG_JOB_CREATED_AT, HG_OP_GT, INT64_C(1790000000000000), &err);
}
static hg_status
place_is(hg_query *q)
{
    return hg_query_where_text(q, HG_JOB_LOCATION, HG_OP_EQ, "Rome", 4, &err);
}
static hg_status
place_is_not(hg_query *q)
{
    return hg_query_where_text(q, HG_JOB_LOCATION, HG_OP_NE, "Rome", 4, &err);
}
static hg_status
place_begins(hg_query *q)
{
    return hg_query_where_text(q, HG_JOB_LOCATION, HG_OP_PREFIX, "Ro", 2, &err);
}
static hg_status
title_has(hg_query *q)
{
    return hg_query_where_text(q, HG_JOB_TITLE, HG_OP_CONTAINS, "Engineer", 8, &err);
}
static hg_status
skills_have(hg_query *q)
{
    return hg_query_where_json(q, HG_JOB_SKILLS, HG_OP_INCLUDES, "[\"C\"]", 5, &err);
}
static hg_status
skills_key(hg_query *q)
{
    return hg_query_where_text(q, HG_JOB_SKILLS, HG_OP_HAS_KEY, "C", 1, &err);
}
static hg_status
words_any(hg_query *q)
{
    uint64_t end = 1;

    return hg_query_where_text_list(q, HG_JOB_SEO_KEYWORDS, HG_OP_OVERLAPS, "a", &end, NULL, 1, &err);
}
static hg_status
is_public(hg_query *q)
{
    return hg_query_where_bool(q, HG_JOB_IS_PUBLIC, HG_OP_EQ, 1, &err);
}
static hg_status
open_and_public(hg_query *q)
{
    hg_status st = hg_query_where_text(q, HG_JOB_EMPLOYMENT_STATUS, HG_OP_EQ, "open", 4, &err);

    return st == HG_OK ? is_public(q) : st;
}
static hg_status
company_or_place(hg_query *q)
{
    return hg_query_any(q, &err) || company_is(q) || place_is(q) || hg_query_end(q, &err) ? err.status : HG_OK;
}
static hg_status
company_or_title(hg_query *q)
{
    return hg_query_any(q, &err) || company_is(q) || title_has(q) || hg_query_end(q, &err) ? err.status : HG_OK;
}
static hg_status
not_company(hg_query *q)
{
    return hg_query_not(q, &err) || company_is(q) || hg_query_end(q, &err) ? err.status : HG_OK;
}
static hg_status
skills_of_company(hg_query *q)
{
    return company_is(q) || skills_have(q) ? err.status : HG_OK;
}
static hg_status
score_above(hg_query *q)
{
    hg_decimal value = { .unscaled = 5, .scale = 1 };

    return hg_query_where_decimal(q, HG_AI_JOB_MATCH_MATCH_SCORE, HG_OP_GT, &value, &err);
}
/* An index of the test's own, the only one that begins with its column. */
static const char make_partial_index[] =
    "CREATE INDEX IF NOT EXISTS explain_partial_idx ON public.system_metrics (recorded_at) WHERE metric_name = 'cpu'";
static hg_status
measured_since(hg_query *q)
{
    return hg_query_where_time(q, HG_SYSTEM_METRIC_RECORDED_AT, HG_OP_GT, 0, &err);
}
static hg_status
address_within(hg_query *q)
{
    hg_inet net = { .family = 4, .prefix = 8, .bytes = { 10 } };

    return hg_query_where_inet(q, HG_AUDIT_LOG_IP_ADDRESS, HG_OP_WITHIN, &net, &err);
}
static hg_status
email_is(hg_query *q)
{
    return hg_query_where_text(q, HG_USER_EMAIL, HG_OP_EQ, "a@b", 3, &err);
}
static hg_status
skills_path(hg_query *q)
{
    uint64_t end = 1;

    return hg_query_where_json_path(q, HG_JOB_SKILLS, "0", &end, 1, HG_OP_EQ, "C", 1, &err);
}

enum { BY_SERVICE, BY_COMPANY, BY_CANDIDATE };

static const struct {
    const char *what;
    int32_t     table;
    add         filter;
    int32_t     by;
    const char *says[3];               /* each must stand in the answer */
    const char *where;                 /* for the planner, with literals; NULL: not asked */
    const char *plan;                  /* what its plan must have, one of them; NULL: no index but a policy's own */
} cases[] = {
/* Two indexes begin with company_id, and of those the planner takes the cheaper one on the rows of the moment. */
#define OF_COMPANY "idx_jobs_company_id|jobs_company_id_slug_once"
#define ID "'01000000-0000-0000-0000-000000000000'"
    { "uuid =, service", HG_TABLE_JOBS, company_is, BY_SERVICE, { "jobs as service: no policy stands before the filters",
      "1. company_id = ...: index idx_jobs_company_id" }, "company_id = " ID, OF_COMPANY },
    { "uuid =, company", HG_TABLE_JOBS, company_is, BY_COMPANY, { "jobs as company: policies are applied before",
      "1. company_id = ...: index idx_jobs_company_id" }, "company_id = " ID, OF_COMPANY },
    { "uuid in", HG_TABLE_JOBS, company_in, BY_COMPANY, { "company_id in (...): index idx_jobs_company_id" },
      "company_id = ANY ('{00000000-0000-0000-0000-000000000001,00000000-0000-0000-0000-000000000002}'::uuid[])",
      OF_COMPANY },
    { "is null", HG_TABLE_JOBS, company_is_null, BY_COMPANY, { "company_id is null: index idx_jobs_company_id" },
      "company_id IS NULL", OF_COMPANY },
    { "timestamp >", HG_TABLE_JOBS, created_since, BY_COMPANY, { "created_at > ...: index idx_jobs_created_at" },
      "created_at > timestamp '2999-01-01'", "idx_jobs_created_at|jobs_created_at_id_idx" },
    { "text =", HG_TABLE_JOBS, place_is, BY_COMPANY, { "location = ...: index idx_jobs_location" }, "location = 'Rome'",
      "idx_jobs_location" },
    { "text <>", HG_TABLE_JOBS, place_is_not, BY_SERVICE, { "location <> ...: no index is of use" },
      "location IS DISTINCT FROM 'Rome'", NULL },
    { "prefix, company", HG_TABLE_JOBS, place_begins, BY_COMPANY, { "location begins with ...: no index", "not leakproof",
      "such as company_id (idx_jobs_company_id)" }, "location LIKE 'Ro%'", NULL },
    { "contains, company", HG_TABLE_JOBS, title_has, BY_COMPANY, { "title contains ...: no index", "not leakproof" },
      "title ILIKE '%Engineer%'", NULL },
    { "contains, service", HG_TABLE_JOBS, title_has, BY_SERVICE, { "title contains ...: no index",
      "USING gin (title gin_trgm_ops), with extension pg_trgm", "all that the role sees are checked" }, "title ILIKE '%Engineer%'", NULL },
    { "json @>, company", HG_TABLE_JOBS, skills_have, BY_COMPANY, { "skills @> ...: no index: @> of jsonb is not leakproof",
      "policies of role company" }, "skills @> '[\"C\"]'", NULL },
    { "json @>, service", HG_TABLE_JOBS, skills_have, BY_SERVICE, { "CREATE INDEX ON public.jobs USING gin (skills)" },
      "skills @> '[\"C\"]'", NULL },
    { "json ?, candidate", HG_TABLE_JOBS, skills_key, BY_CANDIDATE, { "skills ? ...: no index: ? of jsonb is not leakproof" },
      "skills ? 'C'", NULL },
    { "list &&, company", HG_TABLE_JOBS, words_any, BY_COMPANY, { "seo_keywords && ...: no index: && of text[] is not leakproof" },
      "seo_keywords && '{a}'", NULL },
    { "list &&, service", HG_TABLE_JOBS, words_any, BY_SERVICE, { "USING gin (seo_keywords)" }, "seo_keywords && '{a}'", NULL },
    { "second column alone", HG_TABLE_JOBS, is_public, BY_SERVICE,
      { "is_public = ...: no index: in idx_jobs_status_public it stands behind employment_status" }, NULL, NULL },
    { "both columns", HG_TABLE_JOBS, open_and_public, BY_SERVICE, { "1. employment_status = ...: index idx_jobs_status_public",
      "2. is_public = ...: index idx_jobs_status_public" }, "employment_status = 'open' AND is_public = true",
      "idx_jobs_status_public|jobs_open_" },
    { "any, all indexed", HG_TABLE_JOBS, company_or_place, BY_SERVICE, { "any of these: each has an index" },
      "company_id = " ID " OR location = 'Rome'", "BitmapOr" },
    { "any, one not", HG_TABLE_JOBS, company_or_title, BY_SERVICE, { "any of these: one at least has no index", "all that the role sees are checked" },
      "company_id = " ID " OR title ILIKE '%Engineer%'", NULL },
    { "not", HG_TABLE_JOBS, not_company, BY_SERVICE, { "not all of these: no index" }, "(company_id = " ID ") IS NOT TRUE", NULL },
    { "json @> behind an indexed filter", HG_TABLE_JOBS, skills_of_company, BY_COMPANY, { "company_id = ...: index",
      "it is checked on the rows that the indexed filters find" }, "company_id = " ID " AND skills @> '[\"C\"]'",
      OF_COMPANY },
    { "at a path", HG_TABLE_JOBS, skills_path, BY_SERVICE, { "skills at a path = ...: no index" }, "skills #>> '{0}' = 'C'", NULL },
    { "numeric, service", HG_TABLE_AI_JOB_MATCHES, score_above, BY_SERVICE, { "match_score > ...: index idx_ai_job_matches_score" },
      "match_score > 0.5", "idx_ai_job_matches_score" },
    { "numeric, candidate", HG_TABLE_AI_JOB_MATCHES, score_above, BY_CANDIDATE,
      { "no index, though idx_ai_job_matches_score has the column: > of numeric(5,2) is not leakproof" }, "match_score > 0.5", NULL },
    { "partial index", HG_TABLE_SYSTEM_METRICS, measured_since, BY_SERVICE,
      { "recorded_at > ...: index explain_partial_idx, if the filters say that" }, NULL, NULL },
    { "inet <<=", HG_TABLE_AUDIT_LOGS, address_within, BY_SERVICE, { "ip_address <<= ...: no index",
      "CREATE INDEX ON public.audit_logs (ip_address)" }, NULL, NULL },
    { "unique text", HG_TABLE_USERS, email_is, BY_SERVICE, { "email = ...: index" }, "email = 'a@b'", "email" },
};

static hg_conn *
enter(int32_t by, hg_uuid *user)
{
    hg_identity who;

    if (by == BY_SERVICE)
        return service;
    *user = fixture_user(by == BY_COMPANY ? HG_USER_USER_TYPE_COMPANY : HG_USER_USER_TYPE_CANDIDATE);
    who = identity(by == BY_COMPANY ? HG_ROLE_COMPANY : HG_ROLE_CANDIDATE, user);
    ck_ok(hg_session_enter(tenant, &who, &err), err);
    return tenant;
}

static const char *
explained(hg_conn *conn, const hg_query *query)
{
    hg_text *text = NULL;
    const char *kept;

    ck_ok(hg_query_explain(conn, query, &text, &err), err);
    kept = fixture_text("%s", hg_text_ptr(text));
    hg_text_free(text);
    return kept;
}

/* The planner's plan of it under the same role, which may not read the table from end to end if it can help it. */
static const char *
planned(hg_conn *conn, const char *table, const char *where)
{
    hgi_result *result = NULL;
    const char *plan = "";

    ck_ok(hg_tx_begin(conn, NULL, &err), err);
    ck_ok(hgi_command(conn, "SET LOCAL enable_seqscan = off", 0, NULL, &err), err);
    ck_ok(hgi_command(conn, fixture_text("EXPLAIN (COSTS OFF) SELECT id FROM public.%s WHERE %s", table, where), 0, &result,
                      &err), err);
    for (int32_t i = 0; i < hgi_result_rows(result); i++) {
        size_t len;
        const char *line = hgi_result_cell(result, i, 0, &len);

        plan = fixture_text("%s%.*s\n", plan, (int)len, line);
    }
    hgi_result_free(result);
    ck_ok(hg_tx_rollback(conn, &err), err);
    return plan;
}

/* No index is searched by the condition's column; by those of a policy there may be. */
static void
check_not_searched(const char *plan, const char *where, const char *what)
{
    const char *column = fixture_text("%.*s", (int)strcspn(where + (where[0] == '('), " "), where + (where[0] == '('));

    for (const char *at = plan; (at = strstr(at, "Index Cond")) != NULL; at++) {
        const char *line = fixture_text("%.*s", (int)strcspn(at, "\n"), at);

        ck_assert_msg(strstr(line, column) == NULL, "%s: the planner knows an index:\n%s", what, plan);
    }
}

/* Whether the plan has one of names, which stand between bars. */
static int
has_one_of(const char *plan, const char *names)
{
    for (size_t len; *names != '\0'; names += len + (names[len] == '|')) {
        len = strcspn(names, "|");
        if (strstr(plan, fixture_text("%.*s", (int)len, names)) != NULL)
            return 1;
    }
    return 0;
}

START_TEST(words_name_the_index_that_the_planner_takes)
{
    hg_query *query = hg_query_new(cases[_i].table);
    const char *table = hgi_tables[cases[_i].table]->info.name, *words, *plan;
    hg_uuid user;
    hg_conn *conn = enter(cases[_i].by, &user);

    ck_assert_msg(cases[_i].filter(query) == HG_OK, "%s: %s", cases[_i].what, err.message);
    if (cases[_i].filter == measured_since)
        sql_do("%s", make_partial_index);

    words = explained(conn, query);

    if (cases[_i].filter == measured_since)
        sql_do("DROP INDEX public.explain_partial_idx");

    for (size_t i = 0; i < 3 && cases[_i].says[i] != NULL; i++)
        ck_assert_msg(strstr(words, cases[_i].says[i]) != NULL, "%s: want \"%s\" in:\n%s", cases[_i].what, cases[_i].says[i],
                      words);
    if (cases[_i].where != NULL) {
        plan = planned(conn, table, cases[_i].where);
        if (cases[_i].plan != NULL)
            ck_assert_msg(has_one_of(plan, cases[_i].plan), "%s: want %s in the plan:\n%s", cases[_i].what, cases[_i].plan,
                          plan);
        else
            check_not_searched(plan, cases[_i].where, cases[_i].what);
    }
    hg_session_leave(tenant);
    hg_query_free(query);
}
END_TEST

/* ---- Order ------------------------------------------------------------------------------------------------------------------- */

static const struct { const char *what; int32_t column, direction, nulls; int limit; int with_company; const char *says; } orders[] = {
    { "by time, newest first", HG_JOB_CREATED_AT, HG_DESCENDING, 0, 1, 0,
      "order by created_at desc, id: index jobs_created_at_id_idx has it, and reading stops at the limit" },
    { "by time, turned", HG_JOB_CREATED_AT, HG_ASCENDING, 0, 0, 0, "index idx_jobs_created_at has its beginning" },
    { "nulls where the index has them not", HG_JOB_CREATED_AT, HG_DESCENDING, HG_NULLS_LAST, 0, 0,
      "no index has it: all that the filters find is sorted; add CREATE INDEX ON public.jobs (created_at DESC NULLS LAST, id)" },
    { "no index", HG_JOB_SALARY_MIN, HG_ASCENDING, 0, 1, 0, "sorted before the first rows come; add CREATE INDEX ON public.jobs "
      "(salary_min, id)" },
    { "by a column behind one that is pinned", HG_JOB_IS_PUBLIC, HG_ASCENDING, 0, 0, 1, "index idx_jobs_status_public" },
    { "by the id alone", -1, 0, 0, 1, 0, "order by id: index jobs_pkey has it, and reading stops at the limit" },
};

START_TEST(order_says_which_index_has_it)
{
    hg_query *query = hg_query_new(HG_TABLE_JOBS);
    const char *words;

    if (orders[_i].with_company)
        ck_ok(hg_query_where_text(query, HG_JOB_EMPLOYMENT_STATUS, HG_OP_EQ, "open", 4, &err), err);
    if (orders[_i].column >= 0)
        ck_ok(hg_query_order(query, orders[_i].column, orders[_i].direction, orders[_i].nulls, &err), err);
    if (orders[_i].limit)
        ck_ok(hg_query_limit(query, 20, &err), err);

    words = explained(service, query);

    ck_assert_msg(strstr(words, orders[_i].says) != NULL, "%s: want \"%s\" in:\n%s", orders[_i].what, orders[_i].says, words);
    hg_query_free(query);
}
END_TEST

/* Two that lack the same index are told to make one, which then serves both. */
START_TEST(filter_and_order_that_lack_an_index_are_told_of_one)
{
    static const char create[] = "CREATE INDEX ON public.jobs (salary_period, department, salary_max DESC NULLS LAST, id)";
    hg_query *query = hg_query_new(HG_TABLE_JOBS);
    const char *before, *after;

    ck_ok(hg_query_where_text(query, HG_JOB_DEPARTMENT, HG_OP_EQ, "x", 1, &err), err);
    ck_ok(hg_query_where_text(query, HG_JOB_SALARY_PERIOD, HG_OP_EQ, "x", 1, &err), err);
    ck_ok(hg_query_where_int(query, HG_JOB_VIEW_COUNT, HG_OP_GT, 1, &err), err);
    ck_ok(hg_query_order(query, HG_JOB_SALARY_MAX, HG_DESCENDING, HG_NULLS_LAST, &err), err);
    ck_ok(hg_query_limit(query, 20, &err), err);
    before = explained(service, query);
    sql_do("%s", create);
    after = explained(service, query);
    sql_do("DROP INDEX public.jobs_salary_period_department_salary_max_id_idx");

    ck_assert_str_eq(before, fixture_text(
        "jobs as service: no policy stands before the filters\n"
        "  1. department = ...: no index: none has the column with that operator; add the index of the order, below\n"
        "  2. salary_period = ...: no index: none has the column with that operator; add the index of the order, below\n"
        "  3. view_count > ...: no index: none has the column with that operator; add CREATE INDEX ON public.jobs (view_count)\n"
        "  order by salary_max desc, id: no index has it: all that the filters find is sorted before the first rows come; add %s\n"
        "  all in all: no filter narrows the rows by an index; all that the role sees are checked\n", create));
    ck_assert_msg(strstr(after, "1. department = ...: index jobs_salary_period_department_salary_max_id_idx\n") != NULL
                  && strstr(after, "2. salary_period = ...: index jobs_salary_period_department_salary_max_id_idx\n") != NULL
                  && strstr(after, "id: index jobs_salary_period_department_salary_max_id_idx has it") != NULL, "with the index: %s", after);
    hg_query_free(query);
}
END_TEST

/* ---- The whole -------------------------------------------------------------------------------------------------------------------- */

START_TEST(nested_groups_are_numbered_and_indented)
{
    hg_query *query = hg_query_new(HG_TABLE_JOBS);

    ck_ok(company_is(query), err);
    ck_ok(hg_query_any(query, &err), err);
    ck_ok(place_is(query), err);
    ck_ok(hg_query_all(query, &err), err);
    ck_ok(title_has(query), err);
    ck_ok(created_since(query), err);
    ck_ok(hg_query_end(query, &err), err);
    ck_ok(hg_query_end(query, &err), err);
    ck_ok(hg_query_not(query, &err), err);
    ck_ok(is_public(query), err);
    ck_ok(hg_query_end(query, &err), err);

    ck_assert_str_eq(explained(service, query),
        "jobs as service: no policy stands before the filters\n"
        "  1. company_id = ...: index idx_jobs_company_id\n"
        "  any of these: each has an index, and they are combined\n"
        "    2. location = ...: index idx_jobs_location\n"
        "    all of these:\n"
        "      3. title contains ...: no index: none has the column with that operator; add CREATE INDEX ON public.jobs "
        "USING gin (title gin_trgm_ops), with extension pg_trgm\n"
        "      4. created_at > ...: index idx_jobs_created_at\n"
        "  not all of these: no index leaves rows out, so they are checked row by row\n"
        "    5. is_public = ...: no index: in idx_jobs_status_public it stands behind employment_status, which no = filters; "
        "add that filter, or CREATE INDEX ON public.jobs (is_public)\n");
    hg_query_free(query);
}
END_TEST

START_TEST(no_value_is_shown_and_nothing_is_run)
{
    hg_query *query = hg_query_new(HG_TABLE_JOBS);
    const char *words;
    uint64_t trips;

    ck_ok(hg_query_where_text(query, HG_JOB_TITLE, HG_OP_EQ, "a secret", 8, &err), err);
    ck_ok(hg_query_where_int(query, HG_JOB_SALARY_MIN, HG_OP_EQ, 123456, &err), err);
    trips = conn_stats(service).round_trips;
    words = explained(service, query);
    ck_assert_uint_eq(conn_stats(service).round_trips, trips + 1);
    ck_assert(strstr(words, "secret") == NULL && strstr(words, "123456") == NULL);
    hg_query_free(query);
}
END_TEST

/* Every filter on every column of every table has a line, for the service and for the superuser. */
START_TEST(every_column_and_operator_is_explained)
{
    const hgi_table *table = hgi_tables[_i];
    query_rows rows;

    query_rows_make(&rows, _i, 20);
    for (int32_t c = 0; c < table->info.column_count; c++) {
        hg_query *query = hg_query_new(_i);
        const char *words;
        operand with;
        int lines = 0, filters = 0;

        for (int32_t op = HG_OP_EQ; op <= OP_COUNT; op++)
            if (kind_has_operator(table->info.columns[c].kind, op) && operand_make(&rows, c, op, 0, &with)) {
                ck_ok(filter_add(query, table->info.columns[c].kind, c, op, &with), err);
                filters++;
            }
        words = explained(owner, query);
        ck_assert_msg(strstr(words, "as other: no policy") != NULL, "%s", words);
        for (const char *at = words; (at = strstr(at, fixture_text(". %s ", table->info.columns[c].name))) != NULL; at++)
            lines++;
        ck_assert_msg(lines == filters, "%d filters in:\n%s", filters, words);
        hg_query_free(query);
    }
    query_rows_free(&rows);
}
END_TEST

START_TEST(view_has_no_index_of_its_own)
{
    hg_query *query = hg_query_new(HG_VIEW_JOB_CARDS);
    const hgi_table *view = query->table;
    hg_uuid user, id = { { 1 } };
    hg_conn *conn = enter(BY_COMPANY, &user);
    const char *words;

    ck_ok(hg_query_where_uuid(query, 0, HG_OP_EQ, &id, &err), err);
    for (int32_t c = 0; c < view->info.column_count; c++)
        if (view->info.columns[c].kind == HG_KIND_JSON && view->readable[HG_ROLE_COMPANY] >> c & 1)
            ck_ok(hg_query_where_json(query, c, HG_OP_INCLUDES, "{}", 2, &err), err);
    ck_ok(hg_query_order(query, 0, 0, 0, &err), err);

    words = explained(conn, query);

    ck_assert_msg(strstr(words, "job_cards as company: a view") != NULL, "%s", words);
    ck_assert_msg(strstr(words, "1. id = ...: leakproof, so it may reach an index") != NULL, "%s", words);
    ck_assert_msg(strstr(words, "CREATE INDEX") == NULL, "%s", words);
    hg_session_leave(tenant);
    hg_query_free(query);
}
END_TEST

/* Of two indexes that begin with the order, or reach it behind a column that is pinned, the one that is narrowed more. */
START_TEST(order_of_one_users_rows_is_that_of_their_index)
{
    hg_uuid user;
    hg_conn *conn = enter(BY_COMPANY, &user);
    const char *words;

    for (int several = 0; several < 2; several++) {
        hg_query *query = hg_query_new(HG_TABLE_NOTIFICATIONS);

        ck_ok(several ? hg_query_where_in_uuid(query, HG_NOTIFICATION_USER_ID, (hg_uuid[]){ user, user }, 2, &err)
                      : hg_query_where_uuid(query, HG_NOTIFICATION_USER_ID, HG_OP_EQ, &user, &err), err);
        ck_ok(hg_query_order(query, HG_NOTIFICATION_CREATED_AT, HG_DESCENDING, HG_NULLS_DEFAULT, &err), err);
        ck_ok(hg_query_limit(query, 10, &err), err);
        words = explained(conn, query);
        ck_assert_msg(strstr(words, several ? "id: index idx_notifications_created_at" : "id: index notifications_user_id_created_at_idx")
                      != NULL, "%s", words);
        ck_assert_msg(strstr(words, "rows that the policies hide are passed over") != NULL, "%s", words);
        hg_query_free(query);
    }
    hg_session_leave(tenant);
}
END_TEST

/* Every shipped view with an order: from its tables' indexes, where it has no barrier. */
START_TEST(order_of_a_view_is_explained)
{
    for (int32_t i = 0; i < hgi_view_count; i++) {
        hg_query *query = hg_query_new(HG_VIEW_FIRST + i);
        const char *name = hgi_views[i]->info.name, *words;
        int is_barrier = sql_int("SELECT coalesce(reloptions && '{security_barrier=true}', false)::int FROM pg_class "
                                 "WHERE oid = 'hotgigs.%s'::regclass", name) != 0;

        ck_ok(hg_query_order(query, 0, HG_ASCENDING, HG_NULLS_DEFAULT, &err), err);
        words = explained(owner, query);
        ck_assert_msg(strstr(words, is_barrier ? "all that the filters find is sorted" : "may come from an index of the view's tables")
                      != NULL, "%s: %s", name, words);
        hg_query_free(query);
    }
}
END_TEST

START_TEST(view_that_leaves_nothing_out_has_no_condition_to_wait_for)
{
    hg_query *query = hg_query_new(HG_VIEW_COMPANY_CARDS);
    hg_uuid user;
    hg_conn *conn = enter(BY_COMPANY, &user);
    const char *words;

    ck_ok(hg_query_where_text(query, HG_COMPANY_CARD_NAME, HG_OP_CONTAINS, "x", 1, &err), err);
    words = explained(conn, query);
    ck_assert_msg(strstr(words, "company_cards as company: a view without a condition") != NULL, "%s", words);
    ck_assert_msg(strstr(words, ": it may reach an index of the view's tables") != NULL, "%s", words);
    hg_session_leave(tenant);
    hg_query_free(query);
}
END_TEST

START_TEST(misuse_is_refused_before_anything_is_sent)
{
    hg_query *query = hg_query_new(HG_TABLE_JOBS);
    hg_text *text = (hg_text *)(void *)&query;
    uint64_t trips = conn_stats(tenant).round_trips;

    ck_status(hg_query_explain(tenant, NULL, &text, &err), HG_E_INVALID, err);
    ck_assert_ptr_null(text);
    ck_status(hg_query_explain(NULL, query, &text, &err), HG_E_INVALID, err);
    ck_status(hg_query_explain(tenant, query, NULL, &err), HG_E_INVALID, err);
    ck_ok(hg_query_where_null(query, HG_JOB_AI_GENERATED_CONTENT, 1, &err), err);
    ck_status(hg_query_explain(tenant, query, &text, &err), HG_E_DENIED, err);
    ck_column(err, HG_JOB_AI_GENERATED_CONTENT);
    ck_ok(hg_query_any(query, &err), err);
    ck_status(hg_query_explain(service, query, &text, &err), HG_E_INVALID, err);
    ck_assert_uint_eq(conn_stats(tenant).round_trips, trips);
    hg_query_free(query);
}
END_TEST

START_TEST(explaining_without_memory_fails_cleanly)
{
    hg_query *query = hg_query_new(HG_TABLE_JOBS);
    hg_text *text = NULL;

    ck_ok(skills_of_company(query), err);
    for (long n = 1; text == NULL; n++) {
        hg_status st;

        ck_assert_int_lt(n, 100);
        hgi_fault_at(n);
        st = hg_query_explain(service, query, &text, &err);
        hgi_fault_at(0);
        ck_assert_msg(st == (text != NULL ? HG_OK : HG_E_NOMEM), "allocation %ld: %s", n, err.message);
    }
    hg_text_free(text);
    hg_query_free(query);
}
END_TEST

Suite *
suite_query_explain(void)
{
    Suite *suite = suite_create("query/explain");
    TCase *tcase = query_case(suite, "words", 60);

    tcase_add_loop_test(tcase, words_name_the_index_that_the_planner_takes, 0, sizeof cases / sizeof *cases);
    tcase_add_loop_test(tcase, order_says_which_index_has_it, 0, sizeof orders / sizeof *orders);
    tcase_add_test(tcase, filter_and_order_that_lack_an_index_are_told_of_one);
    tcase_add_test(tcase, nested_groups_are_numbered_and_indented);
    tcase_add_test(tcase, no_value_is_shown_and_nothing_is_run);
    tcase_add_loop_test(tcase, every_column_and_operator_is_explained, 0, hgi_table_count);
    tcase_add_test(tcase, view_has_no_index_of_its_own);
    tcase_add_test(tcase, order_of_one_users_rows_is_that_of_their_index);
    tcase_add_test(tcase, order_of_a_view_is_explained);
    tcase_add_test(tcase, view_that_leaves_nothing_out_has_no_condition_to_wait_for);
    tcase_add_test(tcase, misuse_is_refused_before_anything_is_sent);
    tcase_add_test(tcase, explaining_without_memory_fails_cleanly);
    return suite;
}
