/* operations/search_skills - hotgigs.jobs_by_skill holds what jobs.skills and job_skills say, whoever writes them and how, and
 * nothing else. What is found by it is asked in search.c and search_pages.c.
 *
 * HOTGIGS_TEST_SEED repeats a run whose seed a failure printed. */
#include "fixture.h"
#include "suites.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

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

/* What the two tables say, in words of their own: no function of the index's has a part in it. */
#define SAID \
    "SELECT DISTINCT left(lower(btrim(n.name)), 100), coalesce(j.created_at, '-infinity'), j.id, j.id FROM jobs j," \
    " LATERAL (SELECT CASE jsonb_typeof(e) WHEN 'string' THEN e #>> '{}' WHEN 'object' THEN e ->> 'name' END AS name" \
    "          FROM jsonb_array_elements(CASE WHEN jsonb_typeof(j.skills) = 'array' THEN j.skills ELSE '[]' END) e) n" \
    " WHERE j.company_id = " COMPANY " AND btrim(n.name) <> ''" \
    " UNION ALL SELECT left(lower(btrim(s.skill_name)), 100), coalesce(j.created_at, '-infinity'), j.id, s.id" \
    " FROM job_skills s JOIN jobs j ON j.id = s.job_id WHERE j.company_id = " COMPANY " AND btrim(s.skill_name) <> ''"
#define KEPT "SELECT * FROM hotgigs.jobs_by_skill WHERE job_id IN (SELECT id FROM touched)"

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
    "DELETE FROM jobs WHERE id = " JOB,
};

START_TEST(jobs_by_skill_is_what_both_tables_say_after_any_write)
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

/* The triggers write where no persona may, for a persona who may write the tables. */
START_TEST(jobs_by_skill_follows_a_recruiter_and_is_nobodys_to_read)
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
    ck_assert_int_eq(sql_int("SELECT count(*) FROM hotgigs.jobs_by_skill WHERE skill = 'weaving' AND job_id = '%s'", uuid_text(&job)), 1);
    ck_ok(hg_job_skill_update(tenant, &id, &change, HG_BIT(HG_JOB_SKILL_SKILL_NAME), NULL, &err), err);
    check("a recruiter's update", 0);
    ck_ok(hg_job_skill_delete(tenant, &id, &err), err);
    check("a recruiter's delete", 0);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM hotgigs.jobs_by_skill WHERE job_id = '%s'", uuid_text(&job)), 0);
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        ck_assert_int_eq(sql_int("SELECT (has_table_privilege(r, t, 'SELECT, INSERT, UPDATE, DELETE')"
                                 " OR has_any_column_privilege(r, t, 'SELECT, INSERT, UPDATE'))::int"
                                 " FROM (VALUES ('%s', 'hotgigs.jobs_by_skill')) v (r, t)", roles[i]), 0);
}
END_TEST

/* Two who name the same skill, one taking it away: neither waits for the other, and what is left is found. */
START_TEST(two_rows_of_one_skill_do_not_decide_about_each_other)
{
    hg_uuid job = fixture_job(&company, 1);
    PGconn *one = sql_connect(fixture_dsn("ADMIN")), *other = sql_connect(fixture_dsn("ADMIN"));

    begin_with(&job);
    sql_do("INSERT INTO job_skills (job_id, skill_name) VALUES ('%s', 'Weaving')", uuid_text(&job));
    PQclear(PQexec(one, fixture_text("BEGIN; DELETE FROM job_skills WHERE job_id = '%s'", uuid_text(&job))));
    PQclear(PQexec(other, fixture_text("SET lock_timeout = '2s'; INSERT INTO job_skills (job_id, skill_name) VALUES ('%s', 'weaving')",
                                       uuid_text(&job))));
    ck_assert_str_eq(PQerrorMessage(other), "");
    PQclear(PQexec(one, "COMMIT"));
    check("both", 0);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM hotgigs.jobs_by_skill WHERE job_id = '%s'", uuid_text(&job)), 1);
    PQfinish(one);
    PQfinish(other);
}
END_TEST

START_TEST(refill_makes_it_anew)
{
    begin_with(NULL);
    sql_do("BEGIN; SET LOCAL session_replication_role = replica; WITH j AS (INSERT INTO jobs (company_id, title, slug, description, job_type,"
           " skills) VALUES ('%s', 't', 's', 'd', 'contract', '[\"SQL\", \"sql\"]') RETURNING id), s AS (INSERT INTO job_skills (job_id,"
           " skill_name) SELECT id, 'Go' FROM j) INSERT INTO touched SELECT id FROM j; COMMIT", uuid_text(&company));
    ck_assert_int_eq(sql_int("SELECT count(*) FROM hotgigs.jobs_by_skill JOIN touched t ON t.id = job_id"), 0);
    sql_do("SELECT hotgigs.refill_jobs_by_skill()");
    check("a refill", 0);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM hotgigs.jobs_by_skill JOIN touched t ON t.id = job_id"), 2);
}
END_TEST

Suite *
suite_operations_search_skills(void)
{
    Suite *suite = suite_create("operations/search_skills");
    TCase *tcase = tcase_create("search_skills");

    tcase_add_checked_fixture(tcase, setup, fixture_close);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, jobs_by_skill_is_what_both_tables_say_after_any_write);
    tcase_add_test(tcase, jobs_by_skill_follows_a_recruiter_and_is_nobodys_to_read);
    tcase_add_test(tcase, two_rows_of_one_skill_do_not_decide_about_each_other);
    tcase_add_test(tcase, refill_makes_it_anew);
    suite_add_tcase(suite, tcase);
    return suite;
}
