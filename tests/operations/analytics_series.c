/* operations/analytics_series - applications by the reader's days, without gaps, and by where they came from. */
#include "operations/analytics.h"
#include "suites.h"

#include <string.h>

static hg_uuid recruiter, company, job, rival, rivals;

static void
setup(void)
{
    hg_uuid theirs;

    fixture_open_tenant();
    recruiter = fixture_user(HG_USER_USER_TYPE_COMPANY);
    rival = fixture_user(HG_USER_USER_TYPE_COMPANY);
    company = fixture_company(&recruiter, HG_COMPANY_MEMBER_ROLE_VIEWER);
    rivals = fixture_company(&rival, HG_COMPANY_MEMBER_ROLE_ADMIN);
    theirs = analytics_job(&rivals, "open", 1, NULL);
    analytics_application(&theirs, "applied", "2026-03-08 12:00", "linkedin", "hired 2026-03-09");
    analytics_enter(HG_ROLE_COMPANY, &recruiter);
}

/* ---- application_series --------------------------------------------------------------------------------------------- */

static hg_status
series_run(const hg_uuid *of, const hg_uuid *of_job, const char *since, const char *until, const char *unit,
           const char *zone, hg_application_series_list **list)
{
    hg_application_series_params params = {
        .struct_size = sizeof params,
        .set = HG_BIT(HG_APPLICATION_SERIES_COMPANY_ID) | HG_BIT(HG_APPLICATION_SERIES_SINCE)
               | HG_BIT(HG_APPLICATION_SERIES_UNTIL),
        .company_id = *of, .since = analytics_time(since), .until = analytics_time(until),
    };
    uint64_t trips;
    hg_status st;

    if (unit != NULL) {
        params.set |= HG_BIT(HG_APPLICATION_SERIES_UNIT);
        params.unit = str_of(unit);
    }
    if (zone != NULL) {
        params.set |= HG_BIT(HG_APPLICATION_SERIES_ZONE);
        params.zone = str_of(zone);
    }
    if (of_job != NULL) {
        params.set |= HG_BIT(HG_APPLICATION_SERIES_JOB_ID);
        params.job_id = *of_job;
    }
    trips = conn_stats(tenant).round_trips;
    st = hg_application_series(tenant, &params, list, &err);
    ck_assert_uint_eq(conn_stats(tenant).round_trips, trips + 1);
    return st;
}

/* The rows as lines of "starts_at starts_on applications". */
static void
series_is(const hg_uuid *of, const hg_uuid *of_job, const char *since, const char *until, const char *unit,
          const char *zone, const char *want)
{
    hg_application_series_list *list = NULL;
    const char *got = "";

    ck_ok(series_run(of, of_job, since, until, unit, zone, &list), err);
    for (size_t i = 0; i < hg_application_series_list_count(list); i++) {
        const hg_application_series_row *row = hg_application_series_list_at(list, i);

        got = fixture_text("%s%s\n", got,
                           sql_text("SELECT concat_ws(' ', to_char(timestamp 'epoch' + %lld * interval '1 microsecond',"
                                    " 'MM-DD HH24:MI'), to_char(date '%s', 'MM-DD'), '%lld')", (long long)row->starts_at,
                                    sql_text("SELECT date 'epoch' + %d", (int)row->starts_on),
                                    (long long)row->applications));
    }
    hg_application_series_list_free(list);
    ck_assert_str_eq(got, want);
}

/* On 8 March 2026 New York puts its clocks on, and that day has 23 hours; on 1 November it puts them back. */
START_TEST(a_day_of_the_reader_has_23_hours_or_25)
{
    job = analytics_job(&company, "open", 1, NULL);
    analytics_application(&job, "applied", "2026-03-08 04:59:59.999999", NULL, "");
    analytics_application(&job, "applied", "2026-03-08 05:00", NULL, "");
    analytics_application(&job, "applied", "2026-03-09 03:59:59.999999", NULL, "");
    analytics_application(&job, "applied", "2026-03-09 04:00", NULL, "");
    analytics_application(&job, "applied", "2026-11-01 03:59", NULL, "");
    analytics_application(&job, "applied", "2026-11-01 04:00", NULL, "");
    analytics_application(&job, "applied", "2026-11-02 04:59", NULL, "");
    analytics_application(&job, "applied", "2026-11-02 05:00", NULL, "");

    series_is(&company, NULL, "2026-03-07 05:00", "2026-03-10 04:00", "day", "America/New_York",
              "03-07 05:00 03-07 1\n03-08 05:00 03-08 2\n03-09 04:00 03-09 1\n");
    series_is(&company, NULL, "2026-10-31 04:00", "2026-11-03 05:00", NULL, "America/New_York",
              "10-31 04:00 10-31 1\n11-01 04:00 11-01 2\n11-02 05:00 11-02 1\n");
    series_is(&company, NULL, "2026-03-07", "2026-03-10", "day", NULL,
              "03-07 00:00 03-07 0\n03-08 00:00 03-08 2\n03-09 00:00 03-09 2\n");
}
END_TEST

/* Between one and two o'clock there are two hours in November, and none in March. */
START_TEST(an_hour_that_comes_twice_is_two_hours)
{
    job = analytics_job(&company, "open", 1, NULL);
    analytics_application(&job, "applied", "2026-11-01 05:30", NULL, "");
    analytics_application(&job, "applied", "2026-11-01 06:30", NULL, "");
    analytics_application(&job, "applied", "2026-11-01 06:59", NULL, "");

    series_is(&company, NULL, "2026-11-01 05:00", "2026-11-01 08:00", "hour", "America/New_York",
              "11-01 05:00 11-01 1\n11-01 06:00 11-01 2\n11-01 07:00 11-01 0\n");
    series_is(&company, NULL, "2026-11-01 05:00", "2026-11-01 06:00", "hour", "Asia/Kolkata",
              "11-01 04:30 11-01 0\n11-01 05:30 11-01 1\n");
}
END_TEST

START_TEST(weeks_begin_on_monday_and_months_have_their_own_length)
{
    job = analytics_job(&company, "open", 1, NULL);
    analytics_application(&job, "applied", "2026-02-01", NULL, "");
    analytics_application(&job, "applied", "2026-02-28", NULL, "");
    analytics_application(&job, "applied", "2026-03-01", NULL, "");

    series_is(&company, NULL, "2026-02-01", "2026-02-10", "week", NULL,
              "01-26 00:00 01-26 1\n02-02 00:00 02-02 0\n02-09 00:00 02-09 0\n");
    series_is(&company, NULL, "2026-02-01", "2026-03-31 22:00", "month", "Europe/Zurich",
              "01-31 23:00 02-01 2\n02-28 23:00 03-01 1\n");
}
END_TEST

START_TEST(a_series_of_a_job_and_of_an_empty_company)
{
    hg_uuid other;

    job = analytics_job(&company, "open", 1, NULL);
    other = analytics_job(&company, "open", 1, NULL);
    series_is(&company, NULL, "2026-02-01", "2026-02-03", "day", NULL, "02-01 00:00 02-01 0\n02-02 00:00 02-02 0\n");
    analytics_application(&job, "applied", "2026-02-01", NULL, "");
    analytics_application(&other, "applied", "2026-02-01", NULL, "");
    series_is(&company, &other, "2026-02-01", "2026-02-03", "day", NULL, "02-01 00:00 02-01 1\n02-02 00:00 02-02 0\n");
    series_is(&company, NULL, "2026-02-03", "2026-02-03", "day", NULL, "");
    series_is(&company, NULL, "2026-02-03", "2026-02-01", "day", NULL, "");
}
END_TEST

static const struct { const char *name, *since, *until, *unit, *zone; } refused[] = {
    { "no such unit",     "2026-01-01", "2026-01-02", "year", NULL },
    { "no such zone",     "2026-01-01", "2026-01-02", "day",  "Mars/Olympus" },
    { "too many hours",   "2000-01-01", "2026-01-02", "hour", NULL },
    { "too many days",    "1600-01-01", "2026-01-02", "day",  NULL },
};

START_TEST(a_series_refuses)
{
    hg_application_series_list *list = NULL;
    hg_status st = series_run(&company, NULL, refused[_i].since, refused[_i].until, refused[_i].unit, refused[_i].zone, &list);

    ck_assert_msg(st == HG_E_INVALID, "%s: gave %s (%s)", refused[_i].name, hg_status_name(st), err.message);
    ck_assert_ptr_null(list);
}
END_TEST

START_TEST(leak_a_rivals_series_is_empty)
{
    job = analytics_job(&company, "open", 1, NULL);
    series_is(&rivals, NULL, "2026-03-08", "2026-03-09", "day", NULL, "");
    series_is(&rivals, &job, "2026-03-08", "2026-03-09", "day", NULL, "");
}
END_TEST

/* ---- source_effectiveness ------------------------------------------------------------------------------------------- */

static void
sources_are(const hg_uuid *of, const char *since, const char *until, const char *want)
{
    hg_source_effectiveness_params params = { .struct_size = sizeof params, .company_id = *of,
                                              .set = HG_BIT(HG_SOURCE_EFFECTIVENESS_COMPANY_ID) };
    hg_source_effectiveness_list *list = NULL;
    const char *got = "";
    uint64_t trips;

    if (since != NULL) {
        params.set |= HG_BIT(HG_SOURCE_EFFECTIVENESS_SINCE) | HG_BIT(HG_SOURCE_EFFECTIVENESS_UNTIL);
        params.since = analytics_time(since);
        params.until = analytics_time(until);
    }
    trips = conn_stats(tenant).round_trips;
    ck_ok(hg_source_effectiveness(tenant, &params, &list, &err), err);
    ck_assert_uint_eq(conn_stats(tenant).round_trips, trips + 1);
    for (size_t i = 0; i < hg_source_effectiveness_list_count(list); i++) {
        hg_text *json = NULL;

        ck_ok(hg_source_effectiveness_row_to_json(hg_source_effectiveness_list_at(list, i), &json, &err), err);
        got = fixture_text("%s%s\n", got,
                           sql_text("SELECT concat_ws(' ', coalesce(r ->> 'source', '-'), r ->> 'applied',"
                                    " r ->> 'interviewed', r ->> 'hired', r ->> 'interview_rate', r ->> 'hire_rate')"
                                    " FROM jsonb('%s') r", hg_text_ptr(json)));
        hg_text_free(json);
    }
    hg_source_effectiveness_list_free(list);
    ck_assert_str_eq(got, want);
}

START_TEST(sources_tell_what_was_ever_reached)
{
    analytics_year(&company, &recruiter);
    sources_are(&company, NULL, NULL,
                "linkedin 2 2 2 1.0000 1.0000\n- 5 2 0 0.4000 0.0000\nreferral 2 0 0 0.0000 0.0000\n");
    sources_are(&company, "2026-01-10", "2026-02-01 00:00:00.000001",
                "referral 2 0 0 0.0000 0.0000\n- 1 1 0 1.0000 0.0000\n");
}
END_TEST

START_TEST(leak_a_rivals_sources_are_none)
{
    sources_are(&rivals, NULL, NULL, "");
}
END_TEST

Suite *
suite_operations_analytics_series(void)
{
    Suite *suite = suite_create("operations/analytics_series");
    TCase *tcase = tcase_create("analytics_series");

    tcase_add_checked_fixture(tcase, setup, fixture_close);
    tcase_add_test(tcase, a_day_of_the_reader_has_23_hours_or_25);
    tcase_add_test(tcase, an_hour_that_comes_twice_is_two_hours);
    tcase_add_test(tcase, weeks_begin_on_monday_and_months_have_their_own_length);
    tcase_add_test(tcase, a_series_of_a_job_and_of_an_empty_company);
    tcase_add_loop_test(tcase, a_series_refuses, 0, sizeof refused / sizeof refused[0]);
    tcase_add_test(tcase, leak_a_rivals_series_is_empty);
    tcase_add_test(tcase, sources_tell_what_was_ever_reached);
    tcase_add_test(tcase, leak_a_rivals_sources_are_none);
    suite_add_tcase(suite, tcase);
    return suite;
}
