/* operations/search_skills - hotgigs.open_jobs holds what jobs, job_skills and companies say, whoever writes them and how, and
 * nothing else; and ranges of numbers are what their marks say. What is found by it is asked in search.c and search_pages.c.
 *
 * HOTGIGS_TEST_SEED repeats a run whose seed a failure printed. */
#include "fixture.h"
#include "suites.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static hg_uuid recruiter, company;

static void
setup(void)
{
    fixture_open_tenant();
    recruiter = fixture_user(HG_USER_USER_TYPE_COMPANY);
    company = fixture_company(&recruiter, HG_COMPANY_MEMBER_ROLE_RECRUITER);
}

/* Who and what the statements below are about. Lines of jobs that are gone count, too: touched has the ids of all that there were. */
static void
begin_with(const hg_uuid *job)
{
    sql_do("CREATE TEMP TABLE now AS SELECT '%s'::uuid AS company, 0 AS n; CREATE TEMP TABLE touched (id uuid)", uuid_text(&company));
    if (job != NULL)
        sql_do("INSERT INTO touched VALUES ('%s')", uuid_text(job));
}

#define COMPANY "(SELECT company FROM now)"
#define N "(SELECT n FROM now)"

/* What the tables say of an open public job, in words of their own: the keys of the orders, what is shown of its company, and of what it
 * is found by skills, company, industry, type and whether it is featured, each a lexeme with a blank in it. */
#define NAMES \
    "SELECT left(lower(btrim(CASE jsonb_typeof(e) WHEN 'string' THEN e #>> '{}' WHEN 'object' THEN e ->> 'name' END)), 100) AS name" \
    " FROM jsonb_array_elements(CASE WHEN jsonb_typeof(j.skills) = 'array' THEN j.skills ELSE '[]' END) e" \
    " UNION SELECT left(lower(btrim(s.skill_name)), 100) FROM job_skills s WHERE s.job_id = j.id"
#define MARKS(OF) \
    "ARRAY(SELECT m FROM unnest(" OF ") m WHERE m ~ '^(skill|company|industry|type|is featured)( |$)' ORDER BY m COLLATE \"C\")"
#define SAID \
    "SELECT j.id, coalesce(j.created_at, '-infinity'), lower(j.title), j.application_deadline, coalesce(j.view_count, 0) > 3," \
    " (SELECT concat_ws('|', c.name, c.slug, left(c.logo_url, 1001)) FROM companies c WHERE c.id = j.company_id), " \
    MARKS("ARRAY(SELECT 'skill ' || n.name FROM (" NAMES ") n WHERE n.name <> '') || ('company ' || j.company_id)" \
          " || ('industry ' || lower((SELECT c.industry FROM companies c WHERE c.id = j.company_id)))" \
          " || ('type ' || j.job_type) || CASE WHEN j.is_featured THEN 'is featured' END") \
    " FROM jobs j WHERE j.company_id = " COMPANY " AND j.is_public AND j.employment_status = 'open'"
#define KEPT \
    "SELECT job_id, newest, title, deadline, views > 3, concat_ws('|', company_name, company_slug, company_logo), " MARKS("tsvector_to_array(finds)") \
    " FROM hotgigs.open_jobs WHERE job_id IN (SELECT id FROM touched)"

static void
check(const char *after, unsigned seed)
{
    const char *wrong = sql_text("%s", "SELECT string_agg(w.wrong, '; ') FROM ("
                                 "SELECT 'missing: ' || x::text AS wrong FROM ((" SAID ") EXCEPT ALL (" KEPT ")) x UNION ALL "
                                 "SELECT 'too much: ' || x::text FROM ((" KEPT ") EXCEPT ALL (" SAID ")) x) w");

    ck_assert_msg(wrong == NULL, "HOTGIGS_TEST_SEED=%u: after %s: %.1000s", seed, after, wrong);
}

#define JOB "(SELECT id FROM jobs WHERE company_id = " COMPANY " ORDER BY md5(id::text || " N ") LIMIT 1)"
#define ROWS "(SELECT s.id FROM job_skills s JOIN jobs j ON j.id = s.job_id WHERE j.company_id = " COMPANY \
             " ORDER BY md5(s.id::text || " N ") LIMIT " N " % 4)"
#define SKILLS "(ARRAY['[]', NULL, '{}', '\"sql\"', '[\"SQL\", \" sql \", \"c++\"]', '[{\"name\": \"Sql\", \"level\": \"expert\"}, 5, null]'," \
               " '[\"\", \" \", \"100%\", \"Ünïcode\"]', '[{\"name\": \"C++\"}, \"SQL\", \"" \
               "a name of more than a hundred characters, which is cut where the key of an index would be too long for it\"]'])" \
               "[1 + (g + " N ") % 8]::jsonb"
#define NAME "(ARRAY['SQL', 'sql', ' Sql ', 'C++', '100%', ' ', 'Ünïcode'])[1 + (g + " N ") % 7]"

static const char *const writes[] = {
    "WITH j AS (INSERT INTO jobs (company_id, title, slug, description, job_type, created_at, skills) SELECT " COMPANY ", 't',"
    " md5(random()::text), 'd', 'contract', (ARRAY[now(), NULL, '2001-01-01'])[1 + " N " % 3], " SKILLS
    " FROM generate_series(1, 1 + " N " % 3) g RETURNING id) INSERT INTO touched SELECT id FROM j",
    "UPDATE jobs SET skills = " SKILLS " FROM generate_series(1, 1) g WHERE id = " JOB,
    "UPDATE jobs SET skills = " SKILLS ", view_count = 7 FROM generate_series(1, 1) g WHERE company_id = " COMPANY,
    "UPDATE jobs SET created_at = CASE WHEN " N " % 3 > 0 THEN timestamp '2002-02-02' END WHERE id = " JOB,
    "UPDATE jobs SET skills = '[\"go\"]', created_at = '2003-03-03' WHERE id = " JOB,
    "INSERT INTO job_skills (job_id, skill_name) SELECT " JOB ", " NAME " FROM generate_series(1, 1 + " N " % 3) g",
    "UPDATE job_skills SET skill_name = " NAME " FROM generate_series(1, 1) g WHERE id IN " ROWS,
    "UPDATE job_skills SET skill_level = 'expert' WHERE id IN " ROWS,
    "DELETE FROM job_skills WHERE id IN " ROWS,
    "UPDATE jobs SET employment_status = CASE employment_status WHEN 'open' THEN 'closed' ELSE 'open' END WHERE id = " JOB,
    "UPDATE jobs SET is_public = NOT is_public, title = 'T' || " N ", is_featured = " N " % 2 = 0 WHERE id = " JOB,
    "UPDATE jobs SET view_count = " N " % 9, application_deadline = now() WHERE id = " JOB,
    "UPDATE companies SET industry = (ARRAY['Retail', 'Energy', NULL])[1 + " N " % 3] WHERE id = " COMPANY,
    "UPDATE companies SET name = 'N' || " N ", slug = 'n' || md5(random()::text), logo_url = (ARRAY[NULL, 'https://a', repeat('x', 2000)])"
    "[1 + " N " % 3], industry = CASE WHEN " N " % 2 = 0 THEN 'Retail' ELSE industry END WHERE id = " COMPANY,
    "DELETE FROM jobs WHERE id = " JOB,
};

START_TEST(open_jobs_is_what_the_tables_say_after_any_write)
{
    const char *wanted = getenv("HOTGIGS_TEST_SEED");
    unsigned seed = wanted != NULL ? (unsigned)strtoul(wanted, NULL, 10) : (unsigned)time(NULL), next = seed;

    begin_with(NULL);
    for (int i = 0; i < 100; i++) {
        int which = i < 3 ? 0 : rand_r(&next) % (int)(sizeof writes / sizeof *writes);

        sql_do("UPDATE now SET n = %d", rand_r(&next) % 1000);
        sql_do("%s", writes[which]);
        check(writes[which], seed);
    }
}
END_TEST

/* Every column that the trigger is for, changed alone to what it was not. */
static const struct { const char *column, *value; } changes[] = {
    { "company_id", "NULL" }, { "title", "'Zebra'" }, { "description", "'zebra'" }, { "requirements", "'zebra'" },
    { "responsibilities", "'zebra'" }, { "benefits", "'zebra'" }, { "department", "'Zebra'" }, { "location", "'Zebra'" },
    { "job_type", "'internship'" }, { "experience_level", "'executive'" }, { "remote_type", "'hybrid'" }, { "salary_min", "4711" },
    { "salary_max", "4712" }, { "salary_currency", "'CHF'" }, { "salary_period", "'hourly'" }, { "skills", "'[\"zebra\"]'" },
    { "seo_keywords", "'{zebra}'" }, { "application_deadline", "'2099-01-01'" }, { "is_featured", "true" },
    { "created_at", "'2001-01-01'" }, { "employment_status", "'closed'" }, { "is_public", "false" },
};
enum { CHANGES = sizeof changes / sizeof *changes };

START_TEST(each_column_that_a_search_asks_for_is_followed_by_itself)
{
    hg_uuid job = fixture_job(&company, 1);
    const char *id = uuid_text(&job);

    sql_do("UPDATE jobs SET salary_min = 1, salary_currency = 'USD', salary_period = 'yearly' WHERE id = '%s'", id);
    sql_do("CREATE TEMP TABLE before AS SELECT * FROM hotgigs.open_jobs WHERE job_id = '%s'", id);
    sql_do("UPDATE jobs SET %s = %s WHERE id = '%s'", changes[_i].column, changes[_i].value, id);
    ck_assert_msg(sql_int("SELECT count(*) FROM (SELECT * FROM hotgigs.open_jobs_due() WHERE job_id = '%s') d"
                          " FULL JOIN (SELECT * FROM hotgigs.open_jobs WHERE job_id = '%s') o ON o.job_id = d.job_id"
                          " WHERE d::text IS DISTINCT FROM o::text", id, id) == 0,
                  "%s is changed, and open_jobs does not say so", changes[_i].column);
    ck_assert_msg(sql_int("SELECT count(*) FROM before b WHERE EXISTS (SELECT FROM hotgigs.open_jobs o WHERE o.job_id = b.job_id"
                          " AND o::text = b::text)") == 0, "nothing is found by %s", changes[_i].column);
}
END_TEST

START_TEST(no_column_of_the_trigger_is_left_out_here)
{
    const char *all = "";

    for (int i = 0; i < CHANGES; i++)
        all = fixture_text("%s %s ", all, changes[i].column);
    ck_assert_str_eq(sql_text("SELECT coalesce(string_agg(attname, ' '), 'none') FROM pg_trigger t JOIN pg_attribute a ON a.attrelid = t.tgrelid"
                              " AND a.attnum = ANY (t.tgattr) WHERE tgname = 'open_jobs_update' AND strpos('%s', ' ' || attname || ' ') = 0", all),
                     "none");
}
END_TEST

/* The same of what a page shows of a company, and of its industry. */
static const struct { const char *column, *value; } company_changes[] = {
    { "name", "'Zebra'" }, { "slug", "'zebra-' || id" }, { "logo_url", "'https://zebra'" }, { "logo_url", "repeat('z', 1001)" },
    { "industry", "'Zebra'" },
};
enum { COMPANY_CHANGES = sizeof company_changes / sizeof *company_changes };

START_TEST(each_column_of_a_company_is_followed_by_itself)
{
    hg_uuid job = fixture_job(&company, 1);
    const char *all = "";

    begin_with(&job);
    sql_do("CREATE TEMP TABLE before AS SELECT * FROM hotgigs.open_jobs WHERE job_id = '%s'", uuid_text(&job));
    sql_do("UPDATE companies SET %s = %s WHERE id = '%s'", company_changes[_i].column, company_changes[_i].value, uuid_text(&company));
    check(company_changes[_i].column, 0);
    ck_assert_msg(sql_int("SELECT count(*) FROM before b JOIN hotgigs.open_jobs o USING (job_id) WHERE o::text = b::text") == 0,
                  "%s changes nothing", company_changes[_i].column);
    for (int i = 0; i < COMPANY_CHANGES; i++)
        all = fixture_text("%s %s ", all, company_changes[i].column);
    ck_assert_str_eq(sql_text("SELECT coalesce(string_agg(attname, ' '), 'none') FROM pg_trigger t JOIN pg_attribute a ON a.attrelid = t.tgrelid"
                              " AND a.attnum = ANY (t.tgattr) WHERE tgname = 'open_jobs_company' AND strpos('%s', ' ' || attname || ' ') = 0", all),
                     "none");
}
END_TEST

/* The triggers write where no persona may, for a persona who may write the tables. */
START_TEST(open_jobs_follows_a_recruiter_and_is_nobodys_to_read)
{
    static const char *const roles[] = { "hotgigs_anon", "hotgigs_candidate", "hotgigs_company", "hotgigs_freelancer", "hotgigs_service" };
    hg_identity who = identity(HG_ROLE_COMPANY, &recruiter);
    hg_uuid job = fixture_job(&company, 1);
    hg_job_skill row = { .struct_size = sizeof row, .job_id = job, .skill_name = str_of("Weaving") };
    hg_job_skill change = { .struct_size = sizeof change, .skill_name = str_of("Knitting") };
    const hg_job_skill *made;
    hg_uuid id;

    begin_with(&job);
    ck_ok(hg_session_enter(tenant, &who, &err), err);
    ck_ok(hg_job_skill_insert(tenant, &row, HG_BIT(HG_JOB_SKILL_JOB_ID) | HG_BIT(HG_JOB_SKILL_SKILL_NAME), &made, &err), err);
    id = made->id;
    hg_job_skill_free(made);
    check("a recruiter's insert", 0);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM hotgigs.open_jobs WHERE finds @@ '''skill weaving''' AND job_id = '%s'", uuid_text(&job)), 1);
    ck_ok(hg_job_skill_update(tenant, &id, &change, HG_BIT(HG_JOB_SKILL_SKILL_NAME), NULL, &err), err);
    check("a recruiter's update", 0);
    ck_ok(hg_job_skill_delete(tenant, &id, &err), err);
    check("a recruiter's delete", 0);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM hotgigs.open_jobs WHERE finds @@ '''skill knitting''' AND job_id = '%s'", uuid_text(&job)), 0);
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        ck_assert_int_eq(sql_int("SELECT count(*) FROM (VALUES ('hotgigs.open_jobs'), ('hotgigs.open_job_turns')) v (t), CAST('%s' AS name) r"
                                 " WHERE has_table_privilege(r, t, 'SELECT, INSERT, UPDATE, DELETE')"
                                 " OR has_any_column_privilege(r, t, 'SELECT, INSERT, UPDATE')", roles[i]), 0);
}
END_TEST

/* Its skills go with it, and their triggers too are asked what it is found by. */
START_TEST(a_job_that_its_admin_deletes_leaves_nothing)
{
    const hg_uuid admin_user = fixture_user(HG_USER_USER_TYPE_COMPANY);
    const hg_uuid of_company = fixture_company(&admin_user, HG_COMPANY_MEMBER_ROLE_ADMIN), job = fixture_job(&of_company, 1);
    hg_identity who = identity(HG_ROLE_COMPANY, &admin_user);

    sql_do("INSERT INTO job_skills (job_id, skill_name) VALUES ('%s', 'Weaving')", uuid_text(&job));
    ck_assert_int_eq(sql_int("SELECT count(*) FROM hotgigs.open_job_turns WHERE job_id = '%s'", uuid_text(&job)), 1);
    ck_ok(hg_session_enter(tenant, &who, &err), err);
    ck_ok(hg_job_delete(tenant, &job, &err), err);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM hotgigs.open_jobs WHERE job_id = '%s'", uuid_text(&job)), 0);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM hotgigs.open_job_turns WHERE job_id = '%s'", uuid_text(&job)), 0);
}
END_TEST

/* Two who change what a job is found by at a time: the later waits for the earlier, and both are found. A skill that is named while
 * its job is opened, too. */
START_TEST(what_two_write_at_a_time_is_found)
{
    static const char *const seconds[] = {
        "INSERT INTO job_skills (job_id, skill_name) SELECT id, 'Knitting' FROM touched",
        "UPDATE jobs SET skills = '[\"knitting\"]' WHERE id IN (SELECT id FROM touched)",
        "UPDATE jobs SET employment_status = 'open', title = 'Knitting' WHERE id IN (SELECT id FROM touched)",
    };
    hg_uuid job = fixture_job(&company, 1);
    PGconn *one = sql_connect(fixture_dsn("ADMIN")), *other = sql_connect(fixture_dsn("ADMIN"));

    begin_with(&job);
    if (_i == 2)
        sql_do("UPDATE jobs SET employment_status = 'closed' WHERE id = '%s'", uuid_text(&job));
    PQclear(PQexec(one, fixture_text("BEGIN; INSERT INTO job_skills (job_id, skill_name) VALUES ('%s', 'Weaving')", uuid_text(&job))));
    PQclear(PQexec(other, fixture_text("CREATE TEMP TABLE touched AS SELECT '%s'::uuid AS id", uuid_text(&job))));
    ck_assert_int_eq(PQsendQuery(other, seconds[_i]), 1);
    while (sql_int("SELECT count(*) FROM pg_locks WHERE pid = %d AND NOT granted", PQbackendPID(other)) == 0)
        usleep(1000);
    PQclear(PQexec(one, "COMMIT"));
    PQclear(PQgetResult(other));
    ck_assert_str_eq(PQerrorMessage(other), "");
    check(seconds[_i], 0);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM hotgigs.open_jobs WHERE finds @@ '''skill weaving''' AND finds @@ 'knit |"
                             " ''skill knitting''' AND job_id = '%s'", uuid_text(&job)), 1);
    PQfinish(one);
    PQfinish(other);
}
END_TEST

/* A connection of the tenants', in a transaction of this user's. */
static PGconn *
enter_as(const hg_uuid *user)
{
    PGconn *pg = sql_connect(fixture_dsn("LOGIN"));

    PQclear(PQexec(pg, fixture_text("BEGIN; SET LOCAL ROLE hotgigs_company; SELECT set_config('request.jwt.claims', '{\"sub\": \"%s\"}', true)",
                                    uuid_text(user))));
    ck_assert_str_eq(PQerrorMessage(pg), "");
    return pg;
}

#define INSERT_OWN \
    "INSERT INTO jobs (company_id, posted_by, title, slug, description, job_type)" \
    " SELECT '%s', (current_setting('request.jwt.claims')::json ->> 'sub')::uuid, 't', 's', 'd', 'contract'"

/* A company is renamed while a job of its own is made or changed, or the other way round, by two of its admins: whoever waits sees
 * what the other wrote. */
START_TEST(a_company_is_renamed_beside_its_jobs)
{
    static const char *const writes_of[][2] = {
        { INSERT_OWN, NULL },
        { "UPDATE jobs SET title = 'Knitting' WHERE company_id = '%s'", NULL },
        { "INSERT INTO job_skills (job_id, skill_name) SELECT id, 'Knitting' FROM jobs WHERE company_id = '%s'", NULL },
        { NULL, INSERT_OWN },
        { NULL, "UPDATE jobs SET title = 'Knitting' WHERE company_id = '%s'" },
        { NULL, "INSERT INTO job_skills (job_id, skill_name) SELECT id, 'Knitting' FROM jobs WHERE company_id = '%s'" },
    };
    static const char renames[] = "UPDATE companies SET name = 'Renamed' WHERE id = '%s'";
    const char *first = writes_of[_i][0] != NULL ? writes_of[_i][0] : renames, *second = first == renames ? writes_of[_i][1] : renames;
    const hg_uuid admins[] = { fixture_user(HG_USER_USER_TYPE_COMPANY), fixture_user(HG_USER_USER_TYPE_COMPANY) };
    const char *of_company;
    hg_uuid job;
    PGconn *one, *other;

    company = fixture_company(&admins[0], HG_COMPANY_MEMBER_ROLE_ADMIN);
    of_company = uuid_text(&company);
    sql_do("INSERT INTO company_members (company_id, user_id, role, joined_at) VALUES ('%s', '%s', 'admin', now())", of_company,
           uuid_text(&admins[1]));
    job = fixture_job(&company, 1);
    begin_with(&job);
    one = enter_as(&admins[0]);
    other = enter_as(&admins[1]);
    PQclear(PQexec(one, fixture_text(first, of_company)));
    ck_assert_str_eq(PQerrorMessage(one), "");
    ck_assert_int_eq(PQsendQuery(other, fixture_text(second, of_company)), 1);
    while (sql_int("SELECT count(*) FROM pg_locks WHERE pid = %d AND NOT granted", PQbackendPID(other)) == 0) {
        ck_assert(PQconsumeInput(other));
        ck_assert_msg(PQisBusy(other), "%s does not wait: %s", second, PQresultErrorMessage(PQgetResult(other)));
    }
    PQclear(PQexec(one, "COMMIT"));
    ck_assert_str_eq(PQerrorMessage(one), "");
    PQclear(PQgetResult(other));
    ck_assert_str_eq(PQerrorMessage(other), "");
    PQclear(PQexec(other, "COMMIT"));
    ck_assert_str_eq(PQerrorMessage(other), "");
    sql_do("INSERT INTO touched SELECT id FROM jobs WHERE company_id = '%s'", of_company);
    check(second, 0);
    ck_assert_int_eq(sql_int("SELECT count(DISTINCT job_id) FROM hotgigs.open_jobs JOIN touched t ON t.id = job_id"), _i % 3 == 0 ? 2 : 1);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM hotgigs.open_jobs JOIN touched t ON t.id = job_id WHERE company_name <> 'Renamed'"), 0);
    PQfinish(one);
    PQfinish(other);
}
END_TEST

/* What a job is found by takes a hundred times as long to write as what is shown of its company. */
START_TEST(a_renamed_company_changes_no_index)
{
    PGconn *pg = sql_connect(fixture_dsn("ADMIN"));
    PGresult *result;

    sql_do("INSERT INTO jobs (company_id, title, slug, description, job_type) SELECT '%s', 't', 's' || g, (SELECT string_agg(md5(g::text || w),"
           " ' ') FROM generate_series(1, 20) w), 'contract' FROM generate_series(1, 200) g", uuid_text(&company));
    result = PQexec(pg, fixture_text("BEGIN; UPDATE companies SET name = 'Renamed' WHERE id = '%s'; SELECT n_tup_upd, n_tup_hot_upd"
                                     " FROM pg_stat_xact_user_tables WHERE relname = 'open_jobs'", uuid_text(&company)));
    ck_assert_msg(PQresultStatus(result) == PGRES_TUPLES_OK, "%s", PQerrorMessage(pg));
    ck_assert_str_eq(PQgetvalue(result, 0, 0), "200");
    ck_assert_msg(atoi(PQgetvalue(result, 0, 1)) > 30, "of 200 jobs %s were written without their indexes", PQgetvalue(result, 0, 1));
    PQclear(result);
    PQclear(PQexec(pg, "COMMIT"));
    PQfinish(pg);
}
END_TEST

/* Both see the tables as they were before either wrote. One of them fails, as the level promises, and none is lost. */
START_TEST(what_two_write_that_see_one_state_is_not_lost)
{
    static const char *const writes_of[][2] = {
        { "INSERT INTO job_skills (job_id, skill_name) VALUES ('%s', 'Weaving')",
          "UPDATE jobs SET employment_status = 'open' WHERE id = '%s'" },
        { "UPDATE jobs SET employment_status = 'open' WHERE id = '%s'",
          "INSERT INTO job_skills (job_id, skill_name) VALUES ('%s', 'Weaving')" },
    };
    hg_uuid job = fixture_job(&company, 1);
    PGconn *one = sql_connect(fixture_dsn("ADMIN")), *other = sql_connect(fixture_dsn("ADMIN"));
    PGresult *result;

    begin_with(&job);
    sql_do("UPDATE jobs SET employment_status = 'closed' WHERE id = '%s'", uuid_text(&job));
    PQclear(PQexec(one, "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1"));
    PQclear(PQexec(other, "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1"));
    PQclear(PQexec(one, fixture_text(writes_of[_i][0], uuid_text(&job))));
    PQclear(PQexec(one, "COMMIT"));
    ck_assert_str_eq(PQerrorMessage(one), "");
    result = PQexec(other, fixture_text(writes_of[_i][1], uuid_text(&job)));
    ck_assert_msg(strcmp(PQresultErrorField(result, PG_DIAG_SQLSTATE) != NULL ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : "none",
                         "40001") == 0, "%s: want a serialization failure, got %s", writes_of[_i][1], PQerrorMessage(other));
    PQclear(result);
    PQclear(PQexec(other, "ROLLBACK"));
    sql_do(writes_of[_i][1], uuid_text(&job));
    check(writes_of[_i][1], 0);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM hotgigs.open_jobs WHERE finds @@ '''skill weaving''' AND job_id = '%s'",
                             uuid_text(&job)), 1);
    PQfinish(one);
    PQfinish(other);
}
END_TEST

/* More than a tsvector may hold. */
START_TEST(a_megabyte_of_skills_is_no_hindrance)
{
    hg_uuid job = fixture_job(&company, 1);

    sql_do("UPDATE jobs SET skills = (SELECT jsonb_agg('skill ' || g || repeat(md5(g::text), 3)) FROM generate_series(1, 20000) g)"
           " WHERE id = '%s'", uuid_text(&job));
    sql_do("INSERT INTO job_skills (job_id, skill_name) SELECT '%s', 'craft ' || g || repeat(md5(g::text), 2) FROM generate_series(1, 3000) g",
           uuid_text(&job));
    ck_assert_int_eq(sql_int("SELECT count(*) FROM hotgigs.open_jobs WHERE finds @@ ('''skill ' || left('skill 7' || repeat(md5('7'), 3), 100)"
                             " || '''')::tsquery AND job_id = '%s'", uuid_text(&job)), 1);
    ck_assert_msg(sql_int("SELECT count(*) FROM hotgigs.open_jobs, unnest(tsvector_to_array(finds)) m WHERE m LIKE 'skill craft %%'"
                          " AND job_id = '%s'", uuid_text(&job)) == 1000, "a thousand rows of job_skills are what it is found by");
    sql_do("INSERT INTO candidate_profiles (user_id, skills, desired_locations, visibility_settings) SELECT '%s', j.skills,"
           " ARRAY(SELECT jsonb_array_elements_text(j.skills)), '{\"profile_public\": true}' FROM jobs j WHERE j.id = '%s'",
           uuid_text(&recruiter), uuid_text(&job));
    sql_do("DELETE FROM candidate_profiles WHERE user_id = '%s'", uuid_text(&recruiter));
}
END_TEST

/* A write that makes a job larger than what is read of it, and marks or words: the last that is read, and the first that is not. */
static const struct { const char *name, *write, *last, *beyond; } amounts[] = {
    { "a thousand skills in the list",
      "UPDATE jobs SET skills = (SELECT jsonb_agg('n' || i ORDER BY i) FROM generate_series(1, 1001) i) WHERE company_id = '%s'",
      "'skill n1000'", "'skill n1001'" },
    { "10,000 characters of keywords",
      "UPDATE jobs SET seo_keywords = ARRAY[repeat('x ', 4996), 'last', 'beyond'] WHERE company_id = '%s'", "'last'", "'beyond'" },
    { "100,000 characters of its texts",
      "UPDATE jobs SET description = repeat('x ', 49995), requirements = 'last', benefits = 'beyond' WHERE company_id = '%s'",
      "'last'", "'beyond'" },
};

START_TEST(so_much_of_a_job_is_read_and_no_more)
{
    hg_uuid job = fixture_job(&company, 1);
    const char *kept;

    sql_do(amounts[_i].write, uuid_text(&company));
    kept = sql_text("SELECT concat(t @> ARRAY[%s], t @> ARRAY[%s]) FROM (SELECT tsvector_to_array(finds) FROM hotgigs.open_jobs"
                    " WHERE job_id = '%s') o(t)", amounts[_i].last, amounts[_i].beyond, uuid_text(&job));
    ck_assert_msg(strcmp(kept, "tf") == 0, "of %s the last and the one beyond are kept: %s, want tf", amounts[_i].name, kept);
}
END_TEST

START_TEST(refill_makes_it_anew)
{
    begin_with(NULL);
    sql_do("BEGIN; SET LOCAL session_replication_role = replica; WITH j AS (INSERT INTO jobs (company_id, title, slug, description, job_type,"
           " skills) VALUES ('%s', 't', 's', 'd', 'contract', '[\"SQL\", \"sql\"]') RETURNING id), s AS (INSERT INTO job_skills (job_id,"
           " skill_name) SELECT id, 'Go' FROM j) INSERT INTO touched SELECT id FROM j; COMMIT", uuid_text(&company));
    ck_assert_int_eq(sql_int("SELECT count(*) FROM hotgigs.open_jobs JOIN touched t ON t.id = job_id"), 0);
    sql_do("SELECT hotgigs.refill_open_jobs()");
    check("a refill", 0);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM hotgigs.open_jobs JOIN touched t ON t.id = job_id"), 1);
}
END_TEST

/* Each number of eight bits against each other one, asked for from there on and up to there; and a range is few marks. */
START_TEST(a_number_is_found_by_all_on_its_one_side)
{
    for (int above = 0; above < 2; above++) {
        const char *rows = sql_text("WITH numbers AS MATERIALIZED (SELECT n, array_to_tsvector(hotgigs.bit_marks('x y', n::bit(8)::text, %s))"
                                    " AS finds, hotgigs.beyond('x y', n::bit(8)::text, %s) AS asked FROM generate_series(0, 255) n)"
                                    " SELECT string_agg(format('%%s by %%s', r.n, a.asked), '; ') FROM numbers r, numbers a"
                                    " WHERE r.finds @@ a.asked <> (r.n %s a.n) OR numnode(a.asked) > 7",
                                    above ? "true" : "false", above ? "true" : "false", above ? ">=" : "<=");

        ck_assert_msg(rows == NULL, "%s: these are found, or are not, or are asked for by too much: %.300s", above ? "above" : "below", rows);
    }
}
END_TEST

/* Bits sort as what they stand for, and tell small amounts, years and days apart. */
START_TEST(bits_sort_as_numbers_do)
{
    static const struct { const char *bits, *of, *exact; } kinds[] = {
        { "hotgigs.amount_bits", "(SELECT -2147483648 UNION SELECT 2147483647 UNION SELECT -1 UNION SELECT g FROM generate_series(0, 300) g UNION"
                                 " SELECT (2.0 ^ (e / 4.0))::integer + d FROM generate_series(32, 119) e, generate_series(-1, 1) d)",
          "n BETWEEN 1 AND 255" },
        { "hotgigs.year_bits", "(SELECT -5 UNION SELECT 2147483647 UNION SELECT g FROM generate_series(0, 255) g)", "n BETWEEN 1 AND 254" },
        { "hotgigs.day_bits", "(SELECT timestamp '-infinity' UNION SELECT 'infinity' UNION SELECT timestamp '1970-01-02' + g * interval '13 days'"
                              " FROM generate_series(0, 5000) g)", "n BETWEEN '1970-01-03' AND '2140-01-01'" },
    };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        ck_assert_msg(sql_text("SELECT string_agg(n::text, ' ') FROM (SELECT n, %s, b COLLATE \"C\" AS b, lag(b) OVER (ORDER BY n) COLLATE \"C\""
                               " AS before FROM (SELECT n, %s(n) AS b FROM %s AS v(n)) v) w(n, exact, b, before)"
                               " WHERE b < before OR exact AND b = before", kinds[i].exact, kinds[i].bits, kinds[i].of) == NULL,
                      "%s is wrong about some", kinds[i].bits);
}
END_TEST

Suite *
suite_operations_search_skills(void)
{
    Suite *suite = suite_create("operations/search_skills");
    TCase *tcase = tcase_create("search_skills");

    tcase_add_checked_fixture(tcase, setup, fixture_close);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, open_jobs_is_what_the_tables_say_after_any_write);
    tcase_add_loop_test(tcase, each_column_that_a_search_asks_for_is_followed_by_itself, 0, CHANGES);
    tcase_add_test(tcase, no_column_of_the_trigger_is_left_out_here);
    tcase_add_loop_test(tcase, each_column_of_a_company_is_followed_by_itself, 0, COMPANY_CHANGES);
    tcase_add_test(tcase, open_jobs_follows_a_recruiter_and_is_nobodys_to_read);
    tcase_add_test(tcase, a_job_that_its_admin_deletes_leaves_nothing);
    tcase_add_loop_test(tcase, what_two_write_at_a_time_is_found, 0, 3);
    tcase_add_loop_test(tcase, a_company_is_renamed_beside_its_jobs, 0, 6);
    tcase_add_test(tcase, a_renamed_company_changes_no_index);
    tcase_add_loop_test(tcase, what_two_write_that_see_one_state_is_not_lost, 0, 2);
    tcase_add_test(tcase, a_megabyte_of_skills_is_no_hindrance);
    tcase_add_loop_test(tcase, so_much_of_a_job_is_read_and_no_more, 0, (int)(sizeof amounts / sizeof *amounts));
    tcase_add_test(tcase, refill_makes_it_anew);
    tcase_add_test(tcase, a_number_is_found_by_all_on_its_one_side);
    tcase_add_test(tcase, bits_sort_as_numbers_do);
    suite_add_tcase(suite, tcase);
    return suite;
}
