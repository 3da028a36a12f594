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

Suite *
suite_operations_job_similar(void)
{
    Suite *suite = suite_create("operations/job_similar");
    TCase *tcase = tcase_create("job_similar");

    tcase_add_checked_fixture(tcase, setup, fixture_close);
    tcase_add_test(tcase, more_shared_skills_come_first_then_the_company);
    tcase_add_test(tcase, closed_and_hidden_jobs_are_left_out_and_the_limit_holds);
    suite_add_tcase(suite, tcase);
    return suite;
}
