/* operations/search_odd - what somebody may type into the searches, one parameter at a time as their descriptions name them: each
 * odd value is answered as a slow query of the same rows says, or refused in the words of this schema; never by an error of SQL's or
 * of the text search's own, never after a long time, and never with a row that is not the caller's to find.
 *
 * The rows, one of each odd value and one like it that is hidden, lie in a database of their own: all of them are compared. */
#include "fixture.h"
#include "hotgigs/operation.h"
#include "operations/search_odd.h"
#include "suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Of one call. It is far more than any takes. */
enum { MOST_MS = 3000 };

/* ---- Rows ------------------------------------------------------------------------------------------------------------- */

static hg_uuid boss;

/* $1: an odd value that fits, $2: its number. What is hidden has a word more behind it. */
static const char *const fill[] = {
    "INSERT INTO companies (id, name, slug, industry, company_size) VALUES (md5('c' || $2)::uuid, $1, 'c' || $2, $1, left($1, 50))",
    "INSERT INTO jobs (id, company_id, title, slug, description, job_type, location, department, salary_currency, salary_period,"
    " salary_min, salary_max, skills, is_public, employment_status, created_at)"
    " SELECT md5('j' || $2 || h)::uuid, md5('c' || $2)::uuid, $1, 'j' || $2 || h, 'a b ' || $1, (ARRAY['contract', 'full_time'])[1 + $2::int % 2],"
    " $1, $1, left($1, 3), left($1, 20), $2::int, $2::int + 10, jsonb_build_array($1, jsonb_build_object('name', 'n' || $1)), h <> ' hidden',"
    " CASE WHEN h = ' closed' THEN 'closed' ELSE 'open' END, timestamp '2024-01-01' + $2::int * interval '1 hour'"
    " FROM unnest(ARRAY['', ' hidden', ' closed']) AS u(h)",
    "INSERT INTO job_skills (job_id, skill_name) SELECT md5('j' || $2 || h)::uuid, s FROM unnest(ARRAY['', ' hidden', ' closed']) AS u(h),"
    " unnest(CASE WHEN h = '' THEN ARRAY[$1, 'in ' || $1] ELSE ARRAY[$1 || ' hidden'] END) AS v(s)",
    "INSERT INTO users (id, email, user_type, first_name, last_name) SELECT md5('u' || $2 || h)::uuid, 'u' || $2 || h || '@odd.example',"
    " CASE WHEN h = ' member' THEN 'company' ELSE 'candidate' END, $1, 'Last' FROM unnest(ARRAY['', ' member', ' hidden']) AS u(h)",
    "INSERT INTO company_members (company_id, user_id, role, joined_at) VALUES (md5('own')::uuid, md5('u' || $2 || ' member')::uuid, 'viewer', now())",
    "INSERT INTO candidate_profiles (id, user_id, headline, current_title, summary, skills, education_level, desired_locations,"
    " desired_job_types, remote_preference, desired_salary_min, desired_salary_max, desired_salary_currency, availability, experience_years,"
    " visibility_settings, created_at)"
    " SELECT md5('p' || $2 || h)::uuid, md5('u' || $2 || h)::uuid, $1, 'a', 'b ' || $1, jsonb_build_array($1), left($1, 50), ARRAY[$1], ARRAY[$1],"
    " left($1, 50), $2::int, $2::int + 10, left($1, 3), 'immediately', $2::int % 40, CASE WHEN h = '' THEN '{\"profile_public\": true,"
    " \"salary_visible\": true}' ELSE '{}' END::jsonb, timestamp '2024-01-01' + $2::int * interval '1 hour' FROM unnest(ARRAY['', ' hidden']) AS u(h)",
};

static void
fill_rows(void)
{
    PGconn *pg;

    fixture_own_database("hotgigs_search_odd");
    pg = sql_connect(fixture_dsn("ADMIN"));
    PQclear(PQexec(pg, "BEGIN; INSERT INTO users (id, email, user_type) VALUES (md5('boss')::uuid, 'boss@odd.example', 'company');"
                       "INSERT INTO companies (id, name, slug) VALUES (md5('own')::uuid, 'Own', 'own');"
                       "INSERT INTO company_members (company_id, user_id, role, joined_at) VALUES (md5('own')::uuid, md5('boss')::uuid,"
                       " 'recruiter', now())"));
    for (int i = 0; i < ODD; i++) {
        char number[16];
        const char *values[2] = { odd[i], number };
        const Oid types[2] = { 25, 25 };         /* text */

        snprintf(number, sizeof number, "%d", i);
        for (size_t s = 0; s < sizeof fill / sizeof *fill; s++) {
            PGresult *result = PQexecParams(pg, fill[s], 2, types, values, NULL, NULL, 0);

            if (PQresultStatus(result) != PGRES_COMMAND_OK) {
                fprintf(stderr, "search_odd: %s of \"%s\": %s", fill[s], odd[i], PQerrorMessage(pg));
                abort();
            }
            PQclear(result);
        }
    }
    PQclear(PQexec(pg, "COMMIT"));
    PQclear(PQexec(pg, "ANALYZE"));
    PQfinish(pg);
}

static void
drop_rows(void)
{
    fixture_own_database(NULL);
}

/* ---- Answers by a slow query ------------------------------------------------------------------------------------------ */

#define IDS(of) "SELECT string_agg(r.id::text, ' ' ORDER BY r.id::text COLLATE \"C\") FROM " of " AND (%s)"
#define OPEN "jobs r LEFT JOIN companies c ON c.id = r.company_id WHERE r.is_public AND r.employment_status = 'open'"

/* most: of at_most. all: what there is to be found, whatever is asked, with its condition as %s; $1 is the odd value. */
static const struct search { const char *name; int32_t role, most; const char *all; } searches[] = {
    { "job_search", HG_ROLE_ANON, 200, IDS(OPEN) },
    { "job_facets", HG_ROLE_CANDIDATE, 0, "SELECT string_agg(k, ' ' ORDER BY k COLLATE \"C\") FROM (SELECT r.job_type || ':' || count(*) AS k FROM "
                                          OPEN " AND (%s) GROUP BY r.job_type) x" },
    { "candidate_search", HG_ROLE_COMPANY, 200, IDS("candidate_profiles r WHERE hotgigs.opted_in(r.visibility_settings)") },
    { "user_search", HG_ROLE_COMPANY, 1000, IDS("users r WHERE r.user_type = 'company'") },
    { "company_search", HG_ROLE_ANON, 1000, IDS("companies r WHERE true") },
    { "skill_suggest", HG_ROLE_ANON, 50,
      "SELECT string_agg(k, ' ' ORDER BY k COLLATE \"C\") FROM (SELECT lower(s.skill_name) AS k FROM job_skills s LEFT JOIN (SELECT r.id FROM "
      OPEN ") j ON j.id = s.job_id WHERE %s GROUP BY 1 HAVING count(j.id) > 0 ORDER BY count(*) DESC, 1 LIMIT 50) x" },
};
enum { SEARCHES = sizeof searches / sizeof *searches };

#define WORDS(doc) \
    "numnode(websearch_to_tsquery('english', regexp_replace(regexp_replace($1, '\\mNOT\\s+', '-', 'g'), '\\mAND\\M', ' ', 'g'))) = 0 OR " doc \
    " @@ websearch_to_tsquery('english', regexp_replace(regexp_replace($1, '\\mNOT\\s+', '-', 'g'), '\\mAND\\M', ' ', 'g'))"
#define FOLDED(names) "ARRAY(SELECT left(lower(btrim(n)), 100) FROM unnest(" names ") AS u(n) WHERE btrim(n) <> '')"
#define NAMES_OF(skills) \
    "ARRAY(SELECT CASE jsonb_typeof(e) WHEN 'string' THEN e #>> '{}' ELSE e ->> 'name' END FROM jsonb_array_elements(" skills ") AS u(e))"
#define OF_JOB FOLDED(NAMES_OF("r.skills") " || ARRAY(SELECT s.skill_name::text FROM job_skills s WHERE s.job_id = r.id)")
#define OF_CANDIDATE FOLDED(NAMES_OF("r.skills"))
#define STATED "(r.desired_salary_min IS NOT NULL OR r.desired_salary_max IS NOT NULL)"

#define FEW "cardinality($1::text[]) <= 1000"
#define READ "length($1) <= 10000 AND $1 !~ '(NOT |- ){32}'"

/* Of a search whose name begins so: which values it takes (NULL: all) and which rows these choose (NULL: all); $1 is the value. */
static const struct oracle { const char *search, *param, *takes, *where; } oracles[] = {
    { "job_", "text", READ, WORDS("(to_tsvector('english', r.title) || to_tsvector('english', array_to_string(" FOLDED(NAMES_OF("r.skills"))
                                  ", ' ; ')) || to_tsvector('english', concat_ws(' ; ', r.department, r.location)) ||"
                                  " to_tsvector('english', r.description))") },
    { "job_", "location", "length($1) <= 255", "strpos(lower(r.location), lower(btrim($1))) > 0 OR btrim($1) = ''" },
    { "job_", "job_types", NULL, "r.job_type = ANY ($1::text[])" },
    { "job_", "levels", NULL, "r.experience_level = ANY ($1::text[])" },
    { "job_", "remote_types", NULL, "r.remote_type = ANY ($1::text[])" },
    { "job_", "salary_from", NULL, "r.salary_max >= $1::int" },
    { "job_", "salary_to", NULL, "r.salary_min <= $1::int" },
    { "job_", "salary_currency", NULL, "r.salary_currency = upper($1)" },
    { "job_", "salary_period", NULL, "r.salary_period = $1" },
    { "job_", "skills_any", FEW, OF_JOB " && " FOLDED("$1::text[]") " OR cardinality(" FOLDED("$1::text[]") ") = 0" },
    { "job_", "skills_all", FEW, OF_JOB " @> " FOLDED("$1::text[]") },
    { "job_", "company_id", NULL, "r.company_id = $1::uuid" },
    { "job_", "industry", NULL, "lower(c.industry) = lower(btrim($1))" },
    { "job_", "posted_within", "$1::int BETWEEN 0 AND 36500", "r.created_at >= now() AT TIME ZONE 'UTC' - $1::int * interval '1 day'" },
    { "job_search", "sort", "$1 IN ('relevance', 'newest', 'salary', 'title', 'views')", NULL },
    { "job_search", "after_place", "false", NULL },         /* without after_id; with it: see below */
    { "job_search", "at_most", "$1::int BETWEEN 1 AND 200", NULL },
    { "candidate_", "text", READ, WORDS("(to_tsvector('english', r.headline || ' ; a') || to_tsvector('english', array_to_string(" OF_CANDIDATE
                                        ", ' ; ')) || to_tsvector('english', r.summary))") },
    { "candidate_", "skills_any", FEW, OF_CANDIDATE " && " FOLDED("$1::text[]") " OR cardinality(" FOLDED("$1::text[]") ") = 0" },
    { "candidate_", "skills_all", FEW, OF_CANDIDATE " @> " FOLDED("$1::text[]") },
    { "candidate_", "years_from", NULL, "r.experience_years >= $1::int" },
    { "candidate_", "years_to", NULL, "r.experience_years <= $1::int" },
    { "candidate_", "availability", NULL, "r.availability = ANY ($1::text[])" },
    { "candidate_", "education", FEW, "lower(btrim(r.education_level)) = ANY (" FOLDED("$1::text[]") ")" },
    { "candidate_", "locations", FEW, FOLDED("r.desired_locations") " && " FOLDED("$1::text[]") " OR cardinality(" FOLDED("$1::text[]") ") = 0" },
    { "candidate_", "job_types", FEW, FOLDED("r.desired_job_types") " && " FOLDED("$1::text[]") },
    { "candidate_", "remote", NULL, "r.remote_preference IN ($1, 'any')" },
    { "candidate_", "salary_from", NULL, "r.desired_salary_max >= $1::int" },
    { "candidate_", "salary_to", NULL, "r.desired_salary_min <= $1::int" },
    { "candidate_", "not_applied_to", "false", NULL },      /* no job of his */
    { "candidate_", "sort", "$1 IN ('relevance', 'newest', 'experience')", NULL },
    { "candidate_", "after_place", "false", NULL },
    { "candidate_", "at_most", "$1::int BETWEEN 1 AND 200", NULL },
    { "user_search", "words", "length($1) <= 255", "strpos(lower(concat_ws(' ', r.first_name, r.last_name) || ' ' || r.email), lower($1)) > 0" },
    { "user_search", "user_type", NULL, "r.user_type = $1" },
    { "company_search", "words", "length($1) <= 255", "strpos(lower(r.name), lower($1)) > 0" },
    { "company_search", "industry", "length($1) <= 100", "r.industry = $1" },
    { "company_search", "company_size", "length($1) <= 50", "r.company_size = $1" },
    { "company_search", "is_verified", NULL, "r.is_verified = $1::bool" },
    { "skill_suggest", "at_most", "$1::int BETWEEN 1 AND 50", NULL },
    { "", "at_most", "$1::int >= 0", NULL },
    { "skill_suggest", "prefix", "ltrim($1) <> ''", "left(lower(s.skill_name), length(lower(ltrim($1)))) = lower(ltrim($1))" },
};

static const struct oracle *
oracle_of(const char *search, const char *param)
{
    static const struct oracle none = { "", "", NULL, NULL };

    for (size_t i = 0; i < sizeof oracles / sizeof *oracles; i++)
        if (strncmp(search, oracles[i].search, strlen(oracles[i].search)) == 0 && strcmp(param, oracles[i].param) == 0)
            return &oracles[i];
    return &none;
}

/* A cell about value, $1 in sql. */
static const char *
cell(const char *sql, const char *value)
{
    const Oid text_type = 25;
    PGresult *result = PQexecParams(admin, sql, strstr(sql, "$1") != NULL, &text_type, &value, NULL, NULL, 0);
    const char *text;

    ck_assert_msg(PQresultStatus(result) == PGRES_TUPLES_OK, "%s%s", PQerrorMessage(admin), sql);
    text = fixture_text("%s", PQgetvalue(result, 0, 0));
    PQclear(result);
    return text;
}

/* What is to be found where this holds. */
static const char *
told(const struct search *s, const char *where, const char *value)
{
    char *sql = fixture_memory(strlen(s->all) + strlen(where) + 1);
    const char *rest = strstr(s->all, "%s");

    sprintf(sql, "%.*s%s%s", (int)(rest - s->all), s->all, where, rest + 2);
    return cell(sql, value);
}

/* ---- Calls ------------------------------------------------------------------------------------------------------------ */

static const hg_operation_info *
operation_of(const char *name)
{
    for (int32_t i = 0; i < hg_operation_count(); i++)
        if (strcmp(hg_operation_describe(i)->name, name) == 0)
            return hg_operation_describe(i);
    ck_abort_msg("there is no operation %s", name);
    return NULL;
}

static int
is_param(const hg_operation_info *op, const char *name)
{
    for (int32_t p = 0; p < op->params->column_count; p++)
        if (strcmp(op->params->columns[p].name, name) == 0)
            return 1;
    return 0;
}

/* What every call says that is not about it. */
static cJSON *
plain(const struct search *s, const hg_operation_info *op)
{
    cJSON *json = cJSON_CreateObject();

    if (is_param(op, "at_most"))
        cJSON_AddNumberToObject(json, "at_most", s->most);
    if (is_param(op, "prefix"))
        cJSON_AddStringToObject(json, "prefix", "in");
    return json;
}

static int
by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* What came, a word a row, sorted. Of facets, the types. */
static const char *
keys_of(const hg_operation_info *op, const hg_operation_list *list)
{
    size_t count = hg_operation_list_count(list), kept = 0, len = 1;
    char **keys = fixture_memory((count + 1) * sizeof *keys), *all, *end;

    for (size_t i = 0; i < count; i++) {
        hg_text *cell[3] = { NULL, NULL, NULL };
        int is_facet = strcmp(op->name, "job_facets") == 0;

        for (int32_t c = 0; c < (is_facet ? 3 : 1); c++)
            ck_ok(hg_operation_row_text(op, hg_operation_list_at(list, i), c, &cell[c], &err), err);
        if (!is_facet)
            keys[kept++] = fixture_text("%s", hg_text_ptr(cell[0]));
        else if (strcmp(hg_text_ptr(cell[0]), "job_type") == 0)
            keys[kept++] = fixture_text("%s:%s", hg_text_ptr(cell[1]), hg_text_ptr(cell[2]));
        for (int c = 0; c < 3; c++)
            hg_text_free(cell[c]);
    }
    qsort(keys, kept, sizeof *keys, by_text);
    for (size_t i = 0; i < kept; i++)
        len += strlen(keys[i]) + 1;
    all = end = fixture_memory(len);
    for (size_t i = 0; i < kept; i++)
        end += sprintf(end, "%s%s", i > 0 ? " " : "", keys[i]);
    return all;
}

/* Runs it, within its time, and takes json. found: the keys of what came, sorted, with a blank between. */
static hg_status
call(const hg_operation_info *op, cJSON *json, const char **found)
{
    char *text = cJSON_PrintUnformatted(json);
    hg_draft *draft = NULL;
    hg_operation_list *list = NULL;
    struct timespec begun, ended;
    hg_status st;
    double ms;

    cJSON_Delete(json);
    clock_gettime(CLOCK_MONOTONIC, &begun);
    st = hg_operation_params_from_json(op, text, strlen(text), &draft, &err);
    if (st == HG_OK)
        st = hg_operation_run_list(tenant, op, hg_operation_draft_params(op, draft), &list, &err);
    clock_gettime(CLOCK_MONOTONIC, &ended);
    ms = (double)(ended.tv_sec - begun.tv_sec) * 1e3 + (double)(ended.tv_nsec - begun.tv_nsec) / 1e6;
    ck_assert_msg(ms < MOST_MS, "%s took %.0f ms: %.300s", op->name, ms, text);
    /* by the library itself, by this schema, or a LIMIT below 0, which the library has a sentence for */
    ck_assert_msg(st == HG_OK || ((st == HG_E_INVALID || st == HG_E_NOT_FOUND)
                                  && (err.sqlstate[0] == '\0' || strncmp(err.sqlstate, "HG", 2) == 0 || strcmp(err.sqlstate, "2201W") == 0)),
                  "%s gave %s, %s %s: %.300s", op->name, hg_status_name(st), err.sqlstate, err.message, text);
    ck_assert_msg(strcmp(err.message, "the server refused a value") != 0, "%s says nothing of %.300s", op->name, text);
    hg_draft_free(draft);
    cJSON_free(text);

    *found = keys_of(op, list);
    hg_operation_list_free(list);
    return st;
}

/* ---- Tests ------------------------------------------------------------------------------------------------------------ */

static void
setup(void)
{
    fixture_open_tenant();
    ck_ok(hg_uuid_parse(sql_text("SELECT md5('boss')::uuid"), 36, &boss, &err), err);
}

static void
enter(int32_t role)
{
    hg_identity who = identity(role, role == HG_ROLE_ANON ? NULL : &boss);

    ck_ok(hg_session_enter(tenant, &who, &err), err);
}

/* Of job_search alone there are 21 parameters. What is asked of words, of names and of a part of a name is the same wherever a search
 * takes such: all values in one place, and in the others every ODD_STEPth, another one each; and a megabyte in a list in one place. */
enum { PARAMS = 32, ODD_STEP = 17 };

static int
takes_all(const char *search, const char *param)
{
    return (strcmp(search, "job_search") == 0 && (strcmp(param, "text") == 0 || strcmp(param, "skills_any") == 0))
        || (strcmp(search, "company_search") == 0 && strcmp(param, "words") == 0);
}

START_TEST(an_odd_value_is_answered_or_refused)
{
    const struct search *s = &searches[_i / PARAMS];
    const hg_operation_info *op = operation_of(s->name);
    const hg_column_info *param = &op->params->columns[_i % PARAMS];
    const struct oracle *oracle;
    const char *value, *found, *want;
    cJSON *given;

    ck_assert_int_le(op->params->column_count, PARAMS);
    if (_i % PARAMS >= op->params->column_count)
        return;
    oracle = oracle_of(op->name, param->name);
    enter(s->role);
    for (int i = 0; (given = odd_value(param, i, &value)) != NULL; i++) {
        int takes;
        cJSON *json;
        hg_status st;

        if (!takes_all(op->name, param->name)
            && ((param->kind != HG_KIND_INT && i >= 2 && (i + _i) % ODD_STEP > 0)
                || (param->kind == HG_KIND_TEXT_LIST && strlen(value) > 200000))) {
            cJSON_Delete(given);
            continue;
        }
        takes = oracle->takes == NULL || *cell(fixture_text("SELECT (%s)::int", oracle->takes), value) == '1';
        json = plain(s, op);
        cJSON_DeleteItemFromObjectCaseSensitive(json, param->name);
        cJSON_AddItemToObject(json, param->name, given);
        st = call(op, json, &found);
        ck_assert_msg((st == HG_OK) == takes, "%s by %s '%.100s' (%zu bytes) gave %s %s", op->name, param->name, value, strlen(value),
                      hg_status_name(st), err.message);
        if (st != HG_OK || strcmp(param->name, "at_most") == 0)
            continue;
        want = told(s, oracle->where != NULL ? oracle->where : "true", value);
        ck_assert_msg(strcmp(found, want) == 0, "%s by %s '%.100s' (%zu bytes)\nfound %.800s\nwant  %.800s", op->name, param->name, value,
                      strlen(value), found, want);
    }
}
END_TEST

/* ---- Places to go on from --------------------------------------------------------------------------------------------- */

static const char *const places[] = {
    "1:", ":", "1", "0:2024-01-02", "1:2024-01-02", "2:2024-01-02", "3:2024-01-02", "6:2024-01-02", "7:2024-01-02", "99:2024-01-02",
    "100:2024-01-02", "-1:2024-01-02", "0001:5", "1:5", "2:5", "1:0", "1:-1", "1:2147483647", "1:2147483648", "1:-2147483648", "1:-2147483649",
    "1:99999999999999999999", "1:1e5", "1:0x10", "1: 5", "1:5 ", "1:NaN", "1:infinity", "1:-infinity", "2:infinity", "1:294276-12-31", "1:294277-01-01",
    "1:4713-01-01 BC", "1:4715-01-01 BC", "1:2024-02-30", "1:now", "1:2024-01-02 00:00:00+25", "1:01/02/2024", "1:5@2024-01-02", "1:5@infinity",
    "1:5@junk", "1:5@", "1:@", "1:a@b@c", "1:it's", "1:'; DROP TABLE jobs --", "1:%s %1$s %", "1:\\", "1:\360\237\230\200", "1:a\nb", "\331\241:5", "1::", "1:{}",
};
enum { PLACES = sizeof places / sizeof *places };

static const struct { const char *search, *sort; } orders[] = {
    { "job_search", "relevance" }, { "job_search", "newest" }, { "job_search", "salary" }, { "job_search", "title" }, { "job_search", "views" },
    { "candidate_search", "relevance" }, { "candidate_search", "newest" }, { "candidate_search", "experience" },
};
enum { ORDERS = sizeof orders / sizeof *orders };

/* Whatever place is made up, what comes is among what is found without it. That places which were given go on where they should
 * is asked in search_pages.c. */
START_TEST(a_place_that_was_made_up_gives_nothing_new)
{
    const struct search *s = strcmp(orders[_i].search, "job_search") == 0 ? &searches[0] : &searches[2];
    const hg_operation_info *op = operation_of(s->name);
    const char *found, *all = told(s, "true", ""), *ids[] = { "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "" };
    int taken = 0;

    enter(s->role);
    ids[2] = sql_text("SELECT left('%s', 36)", all);
    for (int i = _i % 2; i < PLACES; i += 2) {
        cJSON *json = plain(s, op);

        cJSON_AddStringToObject(json, "sort", orders[_i].sort);
        cJSON_AddStringToObject(json, "after_place", places[i]);
        cJSON_AddStringToObject(json, "after_id", ids[i % 3]);
        if (i % 4 < 2 && is_param(op, "featured_first"))
            cJSON_AddTrueToObject(json, "featured_first");
        if (_i % 5 == 0)
            cJSON_AddStringToObject(json, "text", "a b");
        if (call(op, json, &found) != HG_OK)
            continue;
        taken++;
        for (const char *id = found; *id != '\0'; id += strcspn(id, " ") + (id[strcspn(id, " ")] != '\0'))
            ck_assert_msg(strstr(all, fixture_text("%.36s", id)) != NULL, "%s after %s gave %.36s", op->name, places[i], id);
    }
    ck_assert_int_gt(taken, 0);
    ck_assert_int_lt(taken, PLACES / 2 - 1);
}
END_TEST

/* ---- Several at once -------------------------------------------------------------------------------------------------- */

/* Some value for a parameter that names what row holds, or nearly. NULL: left out. */
static cJSON *
some_value(const hg_column_info *param, int row, unsigned *seed, const char **plainly)
{
    const char *near = odd[rand_r(seed) % 4 > 0 ? row : rand_r(seed) % ODD];
    cJSON *value;

    switch (param->kind) {
    case HG_KIND_TEXT_LIST:
        value = cJSON_CreateArray();
        cJSON_AddItemToArray(value, cJSON_CreateString(near));
        cJSON_AddItemToArray(value, cJSON_CreateString(strstr(param->name, "job_types") != NULL ? "contract" : odd[row]));
        *plainly = array_of(value);
        return value;
    case HG_KIND_INT:
        *plainly = strcmp(param->name, "posted_within") == 0 ? "36500" : fixture_text("%d", row + rand_r(seed) % 20 - 8);
        return cJSON_CreateNumber(atof(*plainly));
    case HG_KIND_ENUM:
        *plainly = param->values[rand_r(seed) % param->value_count];
        return cJSON_CreateString(*plainly);
    default:
        *plainly = near;
        return cJSON_CreateString(near);
    }
}

static const char *
with_value(const char *where, const char *value)
{
    char *literal = PQescapeLiteral(admin, value, strlen(value));
    const char *text = "";

    for (const char *at; (at = strstr(where, "$1")) != NULL; where = at + 2)
        text = fixture_text("%s%.*s%s", text, (int)(at - where), where, literal);
    PQfreemem(literal);
    return fixture_text("%s%s", text, where);
}

enum { MIXTURES = 10 };

/* Filters together leave what each of them leaves. */
START_TEST(odd_values_together_leave_what_each_of_them_leaves)
{
    const struct search *s = &searches[_i % (SEARCHES - 1)];
    const hg_operation_info *op = operation_of(s->name);
    const char *wanted = getenv("HOTGIGS_TEST_SEED"), *found, *want;
    unsigned first = wanted != NULL ? (unsigned)strtoul(wanted, NULL, 10) : (unsigned)time(NULL), seed = first + (unsigned)_i;

    enter(s->role);
    for (int n = 0; n < MIXTURES; n++) {
        const char *where = "true", *takes = "true", *value;
        int row = rand_r(&seed) % ODD;
        cJSON *json = plain(s, op), *given;
        char *text;
        hg_status st;

        for (int32_t p = 0; p < op->params->column_count; p++) {
            const hg_column_info *param = &op->params->columns[p];
            const struct oracle *oracle = oracle_of(op->name, param->name);

            if (oracle->where == NULL || rand_r(&seed) % 6 > 0 || param->kind == HG_KIND_UUID || param->kind == HG_KIND_BOOL)
                continue;
            given = some_value(param, row, &seed, &value);
            cJSON_AddItemToObject(json, param->name, given);
            where = fixture_text("%s AND (%s)", where, with_value(oracle->where, value));
            takes = fixture_text("%s AND %s", takes, oracle->takes != NULL ? with_value(oracle->takes, value) : "true");
            if (strstr(param->name, "_to") != NULL && cJSON_HasObjectItem(json, fixture_text("%.*sfrom", (int)strlen(param->name) - 2, param->name)))
                takes = fixture_text("%s AND %s >= %d", takes, value,
                                     cJSON_GetObjectItem(json, fixture_text("%.*sfrom", (int)strlen(param->name) - 2, param->name))->valueint);
        }
        text = cJSON_PrintUnformatted(json);
        st = call(op, json, &found);
        ck_assert_msg((st == HG_OK) == (*cell(fixture_text("SELECT (%s)::int", takes), "") == '1'), "HOTGIGS_TEST_SEED=%u: %s of %s gave %s %s",
                      first, op->name, text, hg_status_name(st), err.message);
        if (st == HG_OK) {
            want = told(s, where, "");
            ck_assert_msg(strcmp(found, want) == 0, "HOTGIGS_TEST_SEED=%u: %s of %s\nfound %.800s\nwant  %.800s", first, op->name, text,
                          found, want);
        }
        cJSON_free(text);
    }
}
END_TEST

Suite *
suite_operations_search_odd(void)
{
    Suite *suite = suite_create("operations/search_odd");
    TCase *tcase = tcase_create("search_odd");

    tcase_add_unchecked_fixture(tcase, fill_rows, drop_rows);
    tcase_add_checked_fixture(tcase, setup, fixture_close);
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, an_odd_value_is_answered_or_refused, 0, PARAMS * SEARCHES);
    tcase_add_loop_test(tcase, a_place_that_was_made_up_gives_nothing_new, 0, ORDERS);
    tcase_add_loop_test(tcase, odd_values_together_leave_what_each_of_them_leaves, 0, SEARCHES - 1);
    suite_add_tcase(suite, tcase);
    return suite;
}
