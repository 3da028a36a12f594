/* operations/analytics_company - dashboard, funnel and time to hire of a company: exact, never multiplied, and its own. */
#include "operations/analytics.h"
#include "suites.h"

#include <string.h>

static hg_uuid recruiter, company, job, rival, rivals;

/* A year, an empty company of somebody else's with one public job, and an application to that. */
static void
setup(void)
{
    hg_uuid theirs;

    fixture_open_tenant();
    recruiter = fixture_user(HG_USER_USER_TYPE_COMPANY);
    rival = fixture_user(HG_USER_USER_TYPE_COMPANY);
    company = fixture_company(&recruiter, HG_COMPANY_MEMBER_ROLE_VIEWER);
    rivals = fixture_company(&rival, HG_COMPANY_MEMBER_ROLE_ADMIN);
    job = analytics_year(&company, &recruiter);
    theirs = analytics_job(&rivals, "open", 1, NULL);
    analytics_application(&theirs, "hired", "2026-01-05", "linkedin", "hired 2026-01-06");
    analytics_enter(HG_ROLE_COMPANY, &recruiter);
}

/* An admin's company without anything. */
static hg_uuid
enter_empty_company(void)
{
    hg_uuid user = fixture_user(HG_USER_USER_TYPE_COMPANY), empty = fixture_company(&user, HG_COMPANY_MEMBER_ROLE_ADMIN);

    hg_session_leave(tenant);
    analytics_enter(HG_ROLE_COMPANY, &user);
    return empty;
}

/* ---- dashboard_company ---------------------------------------------------------------------------------------------- */

static hg_status
dashboard(hg_conn *conn, const hg_uuid *of, const char *since, const char *until, hg_text **json)
{
    hg_dashboard_company_params params = { .struct_size = sizeof params, .set = HG_BIT(HG_DASHBOARD_COMPANY_COMPANY_ID),
                                           .company_id = *of };
    const hg_dashboard_company_row *row = NULL;
    uint64_t trips;
    hg_status st;

    if (since != NULL) {
        params.set |= HG_BIT(HG_DASHBOARD_COMPANY_SINCE) | HG_BIT(HG_DASHBOARD_COMPANY_UNTIL);
        params.since = analytics_time(since);
        params.until = analytics_time(until);
    }
    trips = conn_stats(conn).round_trips;
    st = hg_dashboard_company(conn, &params, &row, &err);
    ck_assert_uint_eq(conn_stats(conn).round_trips, trips + 1);
    if (st == HG_OK)
        ck_ok(hg_dashboard_company_row_to_json(row, json, &err), err);
    hg_dashboard_company_row_free(row);
    return st;
}

static const char in_january[] =
    "{\"jobs_total\": 8, \"jobs_live\": 1, \"jobs_open\": 3, \"jobs_draft\": 1, \"jobs_paused\": 1, \"jobs_closed\": 1,"
    " \"jobs_filled\": 1, \"jobs_other\": 1, \"applications_total\": 9, \"applications_applied\": 1,"
    " \"applications_screening\": 1, \"applications_interviewing\": 1, \"applications_offer\": 1,"
    " \"applications_hired\": 2, \"applications_rejected\": 2, \"applications_withdrawn\": 1, \"applications_new\": 5,"
    " \"interviews_upcoming\": 2, \"interviews_scheduled\": 1, \"interviews_completed\": 2, \"interviews_cancelled\": 1,"
    " \"interviews_no_show\": 1, \"hires\": 1, \"avg_days_to_hire\": 10.00, \"tasks_open\": 4, \"tasks_overdue\": 2}";

START_TEST(a_dashboard_counts_each_thing_once)
{
    hg_text *json = NULL;

    ck_ok(dashboard(tenant, &company, "2026-01-01", "2026-02-01", &json), err);
    analytics_says(json, in_january);
}
END_TEST

START_TEST(the_service_sees_the_same)
{
    hg_text *json = NULL;

    ck_ok(dashboard(service, &company, "2026-01-01", "2026-02-01", &json), err);
    analytics_says(json, in_january);
}
END_TEST

START_TEST(without_a_window_everything_is_in_it)
{
    hg_text *json = NULL;

    ck_ok(dashboard(tenant, &company, NULL, NULL, &json), err);
    analytics_says(json, "{\"applications_new\": 9, \"hires\": 2, \"avg_days_to_hire\": 22.50, \"interviews_scheduled\": 3,"
                         " \"interviews_completed\": 3}");
}
END_TEST

START_TEST(recent_names_the_newest_first_and_as_many_as_asked_for)
{
    hg_dashboard_company_params params = { .struct_size = sizeof params, .company_id = company, .recent = 3,
                                           .set = HG_BIT(HG_DASHBOARD_COMPANY_COMPANY_ID)
                                                  | HG_BIT(HG_DASHBOARD_COMPANY_RECENT) };
    const hg_dashboard_company_row *row = NULL;

    ck_ok(hg_dashboard_company(tenant, &params, &row, &err), err);
    ck_assert_str_eq(sql_text("SELECT string_agg(x ->> 'status' || ' ' || (x ->> 'applied_at'), ', ' ORDER BY n)"
                              " FROM jsonb_array_elements('%s') WITH ORDINALITY l (x, n)", row->recent.ptr),
                     "offer 2026-02-20T00:00:00, screening 2026-02-11T00:00:00, applied 2026-02-10T00:00:00");
    hg_dashboard_company_row_free(row);
}
END_TEST

START_TEST(an_empty_company_has_zeros)
{
    hg_uuid empty = enter_empty_company();
    hg_text *json = NULL;

    ck_ok(dashboard(tenant, &empty, "2026-01-01", "2026-02-01", &json), err);
    analytics_says(json, "{\"jobs_total\": 0, \"jobs_live\": 0, \"jobs_other\": 0, \"applications_total\": 0,"
                         " \"applications_hired\": 0, \"applications_new\": 0, \"interviews_upcoming\": 0,"
                         " \"interviews_completed\": 0, \"hires\": 0, \"avg_days_to_hire\": null, \"tasks_open\": 0,"
                         " \"recent\": []}");
}
END_TEST

/* Its jobs are public: what it has open must not be counted for a stranger all the same. */
START_TEST(leak_a_rivals_dashboard_is_not_found)
{
    ck_status(dashboard(tenant, &rivals, NULL, NULL, NULL), HG_E_NOT_FOUND, err);
}
END_TEST

START_TEST(leak_who_was_invited_and_who_left_find_nothing)
{
    sql_do("UPDATE company_members SET joined_at = NULL WHERE user_id = '%s'", uuid_text(&recruiter));
    ck_status(dashboard(tenant, &company, NULL, NULL, NULL), HG_E_NOT_FOUND, err);
    sql_do("UPDATE company_members SET joined_at = now(), is_active = false WHERE user_id = '%s'", uuid_text(&recruiter));
    ck_status(dashboard(tenant, &company, NULL, NULL, NULL), HG_E_NOT_FOUND, err);
}
END_TEST

/* Times that have no distance are counted, and no part of a mean. */
START_TEST(an_infinite_time_breaks_nothing)
{
    hg_text *json = NULL;

    analytics_application(&job, "hired", "-infinity", NULL, "hired 2026-01-31");
    ck_ok(dashboard(tenant, &company, "2026-01-01", "2026-02-01", &json), err);
    analytics_says(json, "{\"hires\": 2, \"avg_days_to_hire\": 10.00}");
}
END_TEST

/* ---- funnel --------------------------------------------------------------------------------------------------------- */

/* The rows as an array of "stage reached present share conversion median". */
static void
funnel_is(const hg_uuid *of, const hg_uuid *of_job, const char *since, const char *until, const char *want)
{
    hg_funnel_params params = { .struct_size = sizeof params, .set = HG_BIT(HG_FUNNEL_COMPANY_ID), .company_id = *of };
    hg_funnel_list *list = NULL;
    const char *got = "";
    uint64_t trips;

    if (of_job != NULL) {
        params.set |= HG_BIT(HG_FUNNEL_JOB_ID);
        params.job_id = *of_job;
    }
    if (since != NULL) {
        params.set |= HG_BIT(HG_FUNNEL_SINCE) | HG_BIT(HG_FUNNEL_UNTIL);
        params.since = analytics_time(since);
        params.until = analytics_time(until);
    }
    trips = conn_stats(tenant).round_trips;
    ck_ok(hg_funnel(tenant, &params, &list, &err), err);
    ck_assert_uint_eq(conn_stats(tenant).round_trips, trips + 1);
    for (size_t i = 0; i < hg_funnel_list_count(list); i++) {
        hg_text *json = NULL;

        ck_ok(hg_funnel_row_to_json(hg_funnel_list_at(list, i), &json, &err), err);
        got = fixture_text("%s%s\n", got,
                           sql_text("SELECT concat_ws(' ', r ->> 'stage', r ->> 'reached', r ->> 'present', r ->> 'share',"
                                    " r ->> 'conversion', coalesce(r ->> 'median_days', '-')) FROM jsonb('%s') r",
                                    hg_text_ptr(json)));
        hg_text_free(json);
    }
    hg_funnel_list_free(list);
    ck_assert_str_eq(got, want);
}

START_TEST(a_funnel_counts_what_was_ever_reached)
{
    funnel_is(&company, NULL, NULL, NULL,
              "applied 9 1 1.0000 1.0000 0.00\n"
              "screening 6 1 0.6667 0.6667 1.00\n"
              "interviewing 4 1 0.4444 0.6667 3.50\n"
              "offer 4 1 0.4444 0.7500 6.00\n"
              "hired 2 2 0.2222 0.5000 22.50\n"
              "rejected 2 2 0.2222 0.2222 6.00\n"
              "withdrawn 1 1 0.1111 0.1111 3.00\n");
}
END_TEST

START_TEST(a_funnel_has_a_window_of_applying_and_a_job)
{
    funnel_is(&company, NULL, "2026-01-01", "2026-01-10",
              "applied 3 0 1.0000 1.0000 0.00\n"
              "screening 3 0 1.0000 1.0000 1.00\n"
              "interviewing 3 0 1.0000 1.0000 4.00\n"
              "offer 3 0 1.0000 1.0000 7.00\n"
              "hired 2 2 0.6667 0.6667 22.50\n"
              "rejected 1 1 0.3333 0.3333 11.00\n"
              "withdrawn 0 0 0.0000 0.0000 -\n");
    funnel_is(&company, &job, "2026-02-01", "2027-01-01",
              "applied 1 0 1.0000 1.0000 0.00\n"
              "screening 1 0 1.0000 1.0000 1.00\n"
              "interviewing 1 1 1.0000 1.0000 2.00\n"
              "offer 0 0 0.0000 0.0000 -\n"
              "hired 0 0 0.0000 0.0000 -\n"
              "rejected 0 0 0.0000 0.0000 -\n"
              "withdrawn 0 0 0.0000 0.0000 -\n");
}
END_TEST

START_TEST(an_empty_companys_funnel_has_seven_rows_of_zeros)
{
    hg_uuid empty = enter_empty_company();

    funnel_is(&empty, NULL, NULL, NULL,
              "applied 0 0 0.0000 0.0000 -\nscreening 0 0 0.0000 0.0000 -\ninterviewing 0 0 0.0000 0.0000 -\n"
              "offer 0 0 0.0000 0.0000 -\nhired 0 0 0.0000 0.0000 -\nrejected 0 0 0.0000 0.0000 -\n"
              "withdrawn 0 0 0.0000 0.0000 -\n");
}
END_TEST

START_TEST(leak_a_rivals_funnel_is_empty_and_so_is_a_rivals_job)
{
    funnel_is(&rivals, NULL, NULL, NULL, "");
    funnel_is(&rivals, &job, NULL, NULL, "");
    hg_session_leave(tenant);
    analytics_enter(HG_ROLE_COMPANY, &rival);
    funnel_is(&rivals, &job, NULL, NULL, "");
}
END_TEST

/* ---- time_to_hire --------------------------------------------------------------------------------------------------- */

static hg_status
time_to_hire(const hg_uuid *of, const char *since, const char *until, hg_text **json)
{
    hg_time_to_hire_params params = { .struct_size = sizeof params, .set = HG_BIT(HG_TIME_TO_HIRE_COMPANY_ID),
                                      .company_id = *of };
    const hg_time_to_hire_row *row = NULL;
    uint64_t trips;
    hg_status st;

    if (since != NULL) {
        params.set |= HG_BIT(HG_TIME_TO_HIRE_SINCE) | HG_BIT(HG_TIME_TO_HIRE_UNTIL);
        params.since = analytics_time(since);
        params.until = analytics_time(until);
    }
    trips = conn_stats(tenant).round_trips;
    st = hg_time_to_hire(tenant, &params, &row, &err);
    ck_assert_uint_eq(conn_stats(tenant).round_trips, trips + 1);
    if (st == HG_OK)
        ck_ok(hg_time_to_hire_row_to_json(row, json, &err), err);
    hg_time_to_hire_row_free(row);
    return st;
}

START_TEST(time_to_hire_counts_from_the_first_hired_step)
{
    hg_text *json = NULL;

    ck_ok(time_to_hire(&company, NULL, NULL, &json), err);
    analytics_says(json, "{\"hires\": 2, \"mean_days\": 22.50, \"median_days\": 22.50, \"fastest_days\": 10.00,"
                         " \"slowest_days\": 35.00, \"days_0_7\": 0, \"days_8_14\": 1, \"days_15_30\": 0, \"days_31_60\": 1,"
                         " \"days_over_60\": 0}");
    ck_ok(time_to_hire(&company, "2026-01-12", "2026-02-05", &json), err);
    analytics_says(json, "{\"hires\": 0, \"mean_days\": null, \"median_days\": null, \"days_0_7\": 0, \"days_31_60\": 0}");
}
END_TEST

/* Days to hire, and the bucket that they belong in. */
static const struct { const char *applied, *hired, *bucket; } borders[] = {
    { "2025-01-01",          "2025-01-01",                 "days_0_7" },
    { "2025-01-01",          "2025-01-08 23:59:59.999999", "days_0_7" },
    { "2025-01-01",          "2025-01-09",                 "days_8_14" },
    { "2025-01-01 00:00:01", "2025-01-16",                 "days_8_14" },
    { "2025-01-01",          "2025-01-16",                 "days_15_30" },
    { "2025-01-01",          "2025-01-31 12:00",           "days_15_30" },
    { "2025-01-01",          "2025-02-01",                 "days_31_60" },
    { "2025-01-01",          "2025-03-02 23:00",           "days_31_60" },
    { "2025-01-01",          "2025-03-03",                 "days_over_60" },
};

START_TEST(every_hire_has_its_bucket)
{
    hg_text *json = NULL;
    hg_uuid id = analytics_application(&job, "hired", borders[_i].applied, NULL, "applied 2025-01-01");

    sql_do("INSERT INTO application_timeline (application_id, status, created_at) VALUES ('%s', 'hired', '%s')",
           uuid_text(&id), borders[_i].hired);
    ck_ok(time_to_hire(&company, "2025-01-01", "2026-01-01", &json), err);
    analytics_says(json, fixture_text("{\"hires\": 1, \"%s\": 1}", borders[_i].bucket));
}
END_TEST

START_TEST(leak_a_rivals_time_to_hire_is_not_found)
{
    ck_status(time_to_hire(&rivals, NULL, NULL, NULL), HG_E_NOT_FOUND, err);
}
END_TEST

Suite *
suite_operations_analytics_company(void)
{
    Suite *suite = suite_create("operations/analytics_company");
    TCase *tcase = tcase_create("analytics_company");

    tcase_add_checked_fixture(tcase, setup, fixture_close);
    tcase_add_test(tcase, a_dashboard_counts_each_thing_once);
    tcase_add_test(tcase, the_service_sees_the_same);
    tcase_add_test(tcase, without_a_window_everything_is_in_it);
    tcase_add_test(tcase, recent_names_the_newest_first_and_as_many_as_asked_for);
    tcase_add_test(tcase, an_empty_company_has_zeros);
    tcase_add_test(tcase, leak_a_rivals_dashboard_is_not_found);
    tcase_add_test(tcase, leak_who_was_invited_and_who_left_find_nothing);
    tcase_add_test(tcase, an_infinite_time_breaks_nothing);
    tcase_add_test(tcase, a_funnel_counts_what_was_ever_reached);
    tcase_add_test(tcase, a_funnel_has_a_window_of_applying_and_a_job);
    tcase_add_test(tcase, an_empty_companys_funnel_has_seven_rows_of_zeros);
    tcase_add_test(tcase, leak_a_rivals_funnel_is_empty_and_so_is_a_rivals_job);
    tcase_add_test(tcase, time_to_hire_counts_from_the_first_hired_step);
    tcase_add_loop_test(tcase, every_hire_has_its_bucket, 0, sizeof borders / sizeof borders[0]);
    tcase_add_test(tcase, leak_a_rivals_time_to_hire_is_not_found);
    suite_add_tcase(suite, tcase);
    return suite;
}
