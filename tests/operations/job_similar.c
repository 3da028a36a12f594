/* operations/job_similar - most shared skills first, then the same company; closed and hidden jobs are not among them. */
#include "fixture.h"
#include "suites.h"

#include <string.h>

static hg_uuid user, company, other, job, alike, sister, half;

static void
skill(const hg_uuid *of, const char *name)
{
    sql_do("INSERT INTO job_skills (job_id, skill_name) VALUES ('%s', '%s')", uuid_text(of), name);
}

/* Skills of this test's own: the database has jobs of others. */
static void
setup(void)
{
    hg_uuid another = { { 0 } };
    const char *c, *sql;

    fixture_open_tenant();
    c = fixture_text("c-%.*s", 20, unique_text().ptr);
    sql = fixture_text("sql-%.*s", 20, unique_text().ptr);
    user = fixture_user(HG_USER_USER_TYPE_COMPANY);
    another = fixture_user(HG_USER_USER_TYPE_COMPANY);
    company = fixture_company(&user, HG_COMPANY_MEMBER_ROLE_ADMIN);
    other = fixture_company(&another, HG_COMPANY_MEMBER_ROLE_ADMIN);
    job = fixture_job(&company, 1);
    sister = fixture_job(&company, 1);
    half = fixture_job(&other, 1);
    alike = fixture_job(&other, 1);
    skill(&job, c);
    skill(&job, sql);
    skill(&alike, fixture_text("%s", c));
    skill(&alike, fixture_text("SQL%s", sql + 3));
    skill(&half, c);
}

static hg_job_similar_list *
similar(int32_t at_most)
{
    hg_job_similar_params params = { .struct_size = sizeof params, .set = 3, .job_id = job, .at_most = at_most };
    hg_job_similar_list *list = NULL;

    ck_ok(hg_job_similar(tenant, &params, &list, &err), err);
    return list;
}

START_TEST(more_shared_skills_come_first_then_the_company)
{
    hg_job_similar_list *list = similar(10);

    ck_assert_uint_eq(hg_job_similar_list_count(list), 3);
    ck_assert_mem_eq(&hg_job_similar_list_at(list, 0)->id, &alike, 16);
    ck_assert_int_eq(hg_job_similar_list_at(list, 0)->shared_skills, 2);
    ck_assert_int_eq(hg_job_similar_list_at(list, 0)->same_company, 0);
    ck_assert_mem_eq(&hg_job_similar_list_at(list, 1)->id, &half, 16);
    ck_assert_mem_eq(&hg_job_similar_list_at(list, 2)->id, &sister, 16);
    ck_assert_int_eq(hg_job_similar_list_at(list, 2)->same_company, 1);
    ck_assert_int_gt(hg_job_similar_list_at(list, 0)->job_type, 0);
    hg_job_similar_list_free(list);
}
END_TEST

START_TEST(closed_and_hidden_jobs_are_left_out_and_the_limit_holds)
{
    hg_job_similar_list *list;

    sql_do("UPDATE jobs SET employment_status = 'closed' WHERE id = '%s'", uuid_text(&alike));
    sql_do("UPDATE jobs SET is_public = false WHERE id = '%s'", uuid_text(&sister));
    list = similar(10);
    ck_assert_uint_eq(hg_job_similar_list_count(list), 1);
    hg_job_similar_list_free(list);
    list = similar(-3);
    ck_assert_uint_eq(hg_job_similar_list_count(list), 0);
    hg_job_similar_list_free(list);
}
END_TEST

/* Of many that share as much the newest are looked for, or each is looked at: the same comes of both, and of a plain query;
 * where several are of one moment, and where nothing says of when. */
START_TEST(of_many_the_newest_come_as_a_plain_query_says)
{
    static const int32_t pages[] = { 1, 7, 40, 200 };

    sql_do("WITH made AS (INSERT INTO jobs (company_id, title, slug, description, job_type, is_public, created_at)"
           " SELECT CASE WHEN n %% 9 = 0 THEN '%s' ELSE '%s' END::uuid, 't', 'many-' || n || '%.20s', 'd', 'full_time', n %% 5 > 0,"
           " CASE WHEN n %% 11 > 0 THEN timestamp '2030-01-01' - n / 4 * interval '1 day' END FROM generate_series(1, 120) n"
           " RETURNING id) INSERT INTO job_skills (job_id, skill_name) SELECT m.id, s.skill_name FROM made m, job_skills s"
           " WHERE s.job_id = '%s' AND (s.skill_name LIKE 'c-%%' OR hashtext(m.id::text) %% 3 = 0)",
           uuid_text(&company), uuid_text(&other), unique_text().ptr, uuid_text(&job));
    for (size_t p = 0; p < sizeof pages / sizeof pages[0]; p++) {
        hg_job_similar_list *list = similar(pages[p]);
        const char *want = sql_text(
            "SELECT string_agg(id || ' ' || shared, ',' ORDER BY place) FROM (SELECT j.id, s.shared, row_number() OVER (ORDER BY"
            " s.shared DESC, j.company_id = '%s' DESC, j.created_at DESC NULLS LAST, j.id DESC) AS place FROM jobs j CROSS JOIN"
            " LATERAL (SELECT count(DISTINCT lower(m.skill_name)) AS shared FROM job_skills m JOIN job_skills t"
            " ON lower(t.skill_name) = lower(m.skill_name) WHERE m.job_id = j.id AND t.job_id = '%s') s WHERE j.id <> '%s'"
            " AND j.is_public AND j.employment_status = 'open' AND (s.shared > 0 OR j.company_id = '%s')) q WHERE place <= %d",
            uuid_text(&company), uuid_text(&job), uuid_text(&job), uuid_text(&company), (int)pages[p]);
        const char *got = "";

        for (size_t i = 0; i < hg_job_similar_list_count(list); i++) {
            const hg_job_similar_row *row = hg_job_similar_list_at(list, i);

            got = fixture_text("%s%s%s %d", got, i > 0 ? "," : "", uuid_text(&row->id), (int)row->shared_skills);
        }
        ck_assert_str_eq(got, want);
        hg_job_similar_list_free(list);
    }
}
END_TEST

Suite *
suite_operations_job_similar(void)
{
    Suite *suite = suite_create("operations/job_similar");
    TCase *tcase = tcase_create("job_similar");

    tcase_add_checked_fixture(tcase, setup, fixture_close);
    tcase_add_test(tcase, more_shared_skills_come_first_then_the_company);
    tcase_add_test(tcase, closed_and_hidden_jobs_are_left_out_and_the_limit_holds);
    tcase_add_test(tcase, of_many_the_newest_come_as_a_plain_query_says);
    suite_add_tcase(suite, tcase);
    return suite;
}
