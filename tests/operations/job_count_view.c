/* operations/job_count_view - a view is counted for whoever looks, moves no version, and tells nothing of hidden jobs. */
#include "fixture.h"
#include "suites.h"

#include <string.h>

static hg_uuid user, company, job;

static void
setup(void)
{
    fixture_open_tenant();
    user = fixture_user(HG_USER_USER_TYPE_COMPANY);
    company = fixture_company(&user, HG_COMPANY_MEMBER_ROLE_ADMIN);
    job = fixture_job(&company, 1);
}

static hg_status
look(const hg_uuid *at, const char *session)
{
    hg_job_count_view_params params = { .struct_size = sizeof params, .set = HG_BIT(HG_JOB_COUNT_VIEW_JOB_ID),
                                        .job_id = *at };

    if (session != NULL) {
        params.session = str_of(session);
        params.set |= HG_BIT(HG_JOB_COUNT_VIEW_SESSION);
    }
    return hg_job_count_view(tenant, &params, &err);
}

START_TEST(anybody_is_counted_and_updated_at_stays)
{
    const char *before = sql_text("SELECT updated_at FROM jobs WHERE id = '%s'", uuid_text(&job));

    ck_ok(look(&job, NULL), err);
    ck_ok(look(&job, "s1"), err);

    ck_assert_int_eq(sql_int("SELECT view_count FROM jobs WHERE id = '%s'", uuid_text(&job)), 2);
    ck_assert_str_eq(sql_text("SELECT updated_at FROM jobs WHERE id = '%s'", uuid_text(&job)), before);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM analytics_events WHERE event_data ->> 'job_id' = '%s'"
                             " AND session_id = 's1'", uuid_text(&job)), 1);
}
END_TEST

START_TEST(a_hidden_job_and_none_at_all_look_alike)
{
    hg_uuid hidden = fixture_job(&company, 0), none;
    const char *session = unique_text().ptr;

    hg_uuid_new(&none);
    ck_ok(look(&hidden, session), err);
    ck_ok(look(&none, session), err);

    ck_assert_int_eq(sql_int("SELECT view_count FROM jobs WHERE id = '%s'", uuid_text(&hidden)), 0);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM analytics_events WHERE session_id = '%s'", session), 0);
}
END_TEST

Suite *
suite_operations_job_count_view(void)
{
    Suite *suite = suite_create("operations/job_count_view");
    TCase *tcase = tcase_create("job_count_view");

    tcase_add_checked_fixture(tcase, setup, fixture_close);
    tcase_add_test(tcase, anybody_is_counted_and_updated_at_stays);
    tcase_add_test(tcase, a_hidden_job_and_none_at_all_look_alike);
    suite_add_tcase(suite, tcase);
    return suite;
}
