/* operations/analytics_platform - leaderboard, numbers of the platform, events and measurements. */
#include "operations/analytics.h"
#include "suites.h"

#include <string.h>

static hg_uuid admin_user, recruiter, company, job, rival, rivals, theirs;
static const char *kind, *other_kind;      /* types of event that no other test has */

static void
setup(void)
{
    fixture_open_tenant();
    admin_user = fixture_user(HG_USER_USER_TYPE_COMPANY);
    recruiter = fixture_user(HG_USER_USER_TYPE_COMPANY);
    rival = fixture_user(HG_USER_USER_TYPE_COMPANY);
    company = fixture_company(&admin_user, HG_COMPANY_MEMBER_ROLE_ADMIN);
    rivals = fixture_company(&rival, HG_COMPANY_MEMBER_ROLE_ADMIN);
    theirs = analytics_job(&rivals, "open", 1, NULL);
    kind = fixture_text("seen-%s", unique_text().ptr);
    other_kind = fixture_text("used-%s", unique_text().ptr);
}

static hg_str_list
list_of(const char *first, const char *second)
{
    hg_str *items = fixture_memory(2 * sizeof *items);

    items[0] = str_of(first);
    items[1] = second != NULL ? str_of(second) : (hg_str){ 0 };
    return (hg_str_list){ .items = items, .count = second != NULL ? 2 : 1 };
}

/* ---- recruiter_leaderboard ------------------------------------------------------------------------------------------ */

static void
member(const hg_uuid *user, const char *role, const char *name, const char *joined, const char *is_active)
{
    sql_do("INSERT INTO company_members (company_id, user_id, role, joined_at, is_active)"
           " VALUES ('%s', '%s', '%s', %s, %s)", uuid_text(&company), uuid_text(user), role, joined, is_active);
    sql_do("UPDATE users SET last_name = '%s' WHERE id = '%s'", name, uuid_text(user));
}

static void
leaders_are(const hg_uuid *of, const char *since, const char *until, const char *want)
{
    hg_recruiter_leaderboard_params params = { .struct_size = sizeof params, .company_id = *of,
                                               .set = HG_BIT(HG_RECRUITER_LEADERBOARD_COMPANY_ID) };
    hg_recruiter_leaderboard_list *list = NULL;
    const char *got = "";
    uint64_t trips;

    if (since != NULL) {
        params.set |= HG_BIT(HG_RECRUITER_LEADERBOARD_SINCE) | HG_BIT(HG_RECRUITER_LEADERBOARD_UNTIL);
        params.since = analytics_time(since);
        params.until = analytics_time(until);
    }
    trips = conn_stats(tenant).round_trips;
    ck_ok(hg_recruiter_leaderboard(tenant, &params, &list, &err), err);
    ck_assert_uint_eq(conn_stats(tenant).round_trips, trips + 1);
    for (size_t i = 0; i < hg_recruiter_leaderboard_list_count(list); i++) {
        const hg_recruiter_leaderboard_row *row = hg_recruiter_leaderboard_list_at(list, i);

        got = fixture_text("%s%s %d %d %d %d\n", got, row->last_name.ptr, (int)row->jobs_posted, (int)row->applications,
                           (int)row->interviews, (int)row->hires);
    }
    hg_recruiter_leaderboard_list_free(list);
    ck_assert_str_eq(got, want);
}

/* A member who is invited and one who left are not among them; what is done at another company does not count. */
START_TEST(a_leaderboard_counts_each_thing_once)
{
    hg_uuid invited = fixture_user(HG_USER_USER_TYPE_COMPANY), gone = fixture_user(HG_USER_USER_TYPE_COMPANY), a;

    member(&recruiter, "recruiter", "Rita", "now()", "true");
    member(&invited, "recruiter", "Ivan", "NULL", "true");
    member(&gone, "recruiter", "Gus", "now()", "false");
    sql_do("UPDATE users SET last_name = 'Ada' WHERE id = '%s'", uuid_text(&admin_user));
    job = analytics_year(&company, &recruiter);
    sql_do("UPDATE jobs SET posted_by = '%s', created_at = '2026-01-01' WHERE id = '%s'", uuid_text(&recruiter),
           uuid_text(&job));
    sql_do("UPDATE jobs SET posted_by = '%s', created_at = '2025-01-01' WHERE company_id = '%s' AND posted_by IS NULL",
           uuid_text(&admin_user), uuid_text(&company));
    sql_do("UPDATE jobs SET posted_by = '%s' WHERE id = '%s'", uuid_text(&recruiter), uuid_text(&theirs));
    a = analytics_application(&theirs, "hired", "2026-01-02", NULL, "hired 2026-01-03");
    analytics_interview(&a, &recruiter, "completed", "'2026-01-02'");
    analytics_enter(HG_ROLE_COMPANY, &admin_user);

    leaders_are(&company, NULL, NULL, "Rita 1 6 3 2\nAda 7 3 0 0\n");
    leaders_are(&company, "2026-01-01", "2026-02-01", "Rita 1 5 2 1\nAda 0 0 0 0\n");
    leaders_are(&rivals, NULL, NULL, "");
    hg_session_leave(tenant);
    analytics_enter(HG_ROLE_COMPANY, &invited);
    leaders_are(&company, NULL, NULL, "");
}
END_TEST

/* ---- platform_stats ------------------------------------------------------------------------------------------------- */

/* Each number against a query of its own, since other tests' rows are there too. */
static const struct { const char *column, *sql; } numbers[] = {
    { "users_total",        "SELECT count(*) FROM users" },
    { "users_active",       "SELECT count(*) FROM users WHERE is_active" },
    { "users_company",      "SELECT count(*) FROM users WHERE user_type = 'company'" },
    { "users_freelancer",   "SELECT count(*) FROM users WHERE user_type = 'freelance_recruiter'" },
    { "users_new",          "SELECT count(*) FROM users WHERE created_at::date BETWEEN '1990-02-01' AND '1990-02-10'" },
    { "users_before",       "SELECT count(*) FROM users WHERE created_at::date BETWEEN '1990-01-22' AND '1990-01-31'" },
    { "companies_total",    "SELECT count(*) FROM companies" },
    { "companies_new",      "SELECT 0" },
    { "jobs_total",         "SELECT count(*) FROM jobs" },
    { "jobs_live",          "SELECT count(*) FROM hotgigs.job_cards" },
    { "applications_total", "SELECT count(*) FROM applications" },
    { "applications_new",   "SELECT count(*) FROM applications WHERE applied_at::date BETWEEN '1990-02-01' AND '1990-02-10'" },
    { "hires_total",        "SELECT count(DISTINCT application_id) FROM application_timeline WHERE status = 'hired'" },
    { "hires_new",          "SELECT count(DISTINCT application_id) FROM application_timeline WHERE status = 'hired'"
                            " AND created_at = '1990-02-03'" },
    { "users_growth",       "SELECT round(a / b - 1, 4) FROM (SELECT count(*)::numeric a FROM users WHERE created_at ="
                            " '1990-02-01') x, (SELECT count(*) b FROM users WHERE created_at = '1990-01-22') y" },
    { "companies_growth",   "SELECT NULL" },
};

START_TEST(numbers_of_the_platform_are_those_of_its_tables)
{
    hg_platform_stats_params params = {
        .struct_size = sizeof params, .set = HG_BIT(HG_PLATFORM_STATS_SINCE) | HG_BIT(HG_PLATFORM_STATS_UNTIL),
        .since = analytics_time("1990-02-01"), .until = analytics_time("1990-02-11"),
    };
    const hg_platform_stats_row *row = NULL;
    const char *json;
    uint64_t trips;
    hg_text *text = NULL;
    hg_uuid user;

    for (int i = 0; i < 5; i++) {
        user = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
        sql_do("UPDATE users SET created_at = '%s' WHERE id = '%s'", i < 3 ? "1990-02-01" : "1990-01-22", uuid_text(&user));
    }
    analytics_application(&theirs, "hired", "1990-02-02", NULL, "hired 1990-02-03,hired 1990-02-04");
    trips = conn_stats(service).round_trips;
    ck_ok(hg_platform_stats(service, &params, &row, &err), err);
    ck_assert_uint_eq(conn_stats(service).round_trips, trips + 1);
    ck_ok(hg_platform_stats_row_to_json(row, &text, &err), err);
    hg_platform_stats_row_free(row);
    json = fixture_text("%s", hg_text_ptr(text));
    hg_text_free(text);

    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        const char *want = sql_text("SELECT coalesce((%s)::text, '-')", numbers[i].sql);
        const char *got = sql_text("SELECT coalesce('%s'::jsonb ->> '%s', '-')", json, numbers[i].column);

        ck_assert_msg(strcmp(got, want) == 0, "%s: gave %s, want %s", numbers[i].column, got, want);
    }
}
END_TEST

START_TEST(leak_no_persona_gets_the_numbers_of_the_platform)
{
    hg_platform_stats_params params = {
        .struct_size = sizeof params, .set = HG_BIT(HG_PLATFORM_STATS_SINCE) | HG_BIT(HG_PLATFORM_STATS_UNTIL),
        .since = 0, .until = 1,
    };

    analytics_enter(HG_ROLE_COMPANY, &admin_user);
    ck_status(hg_platform_stats(tenant, &params, NULL, &err), HG_E_DENIED, err);
}
END_TEST

/* ---- events --------------------------------------------------------------------------------------------------------- */

static void
event(const char *type, const hg_uuid *about, const hg_uuid *by, const char *session, const char *at)
{
    sql_do("INSERT INTO analytics_events (event_type, event_data, user_id, session_id, created_at)"
           " VALUES ('%s', %s, %s, '%s', '%s')", type,
           about == NULL ? "NULL" : fixture_text("jsonb_build_object('job_id', '%s')", uuid_text(about)),
           by == NULL ? "NULL" : fixture_text("'%s'", uuid_text(by)), session, at);
}

static void
events(void)
{
    job = analytics_job(&company, "draft", 0, NULL);
    event(kind, &job, &rival, "s1", "2026-03-08 05:00");
    event(kind, &job, &rival, "s1", "2026-03-09 03:59");
    event(kind, &job, NULL, "s2", "2026-03-08 12:00");
    event(kind, &job, NULL, "s2", "2026-03-10");
    event(kind, &theirs, &rival, "s1", "2026-03-08 12:00");
    event(other_kind, &theirs, NULL, "s3", "2026-03-08 12:00");
    event(kind, NULL, &recruiter, "s4", "2026-03-08 12:00");
}

static void
counts_are(hg_conn *conn, const hg_uuid *of, const char *want)
{
    hg_event_counts_params params = {
        .struct_size = sizeof params,
        .set = HG_BIT(HG_EVENT_COUNTS_SINCE) | HG_BIT(HG_EVENT_COUNTS_UNTIL) | HG_BIT(HG_EVENT_COUNTS_TYPES),
        .since = analytics_time("2026-03-08"), .until = analytics_time("2026-03-10"), .types = list_of(kind, other_kind),
    };
    hg_event_counts_list *list = NULL;
    const char *got = "";
    uint64_t trips;

    if (of != NULL) {
        params.set |= HG_BIT(HG_EVENT_COUNTS_COMPANY_ID);
        params.company_id = *of;
    }
    trips = conn_stats(conn).round_trips;
    ck_ok(hg_event_counts(conn, &params, &list, &err), err);
    ck_assert_uint_eq(conn_stats(conn).round_trips, trips + 1);
    for (size_t i = 0; i < hg_event_counts_list_count(list); i++) {
        const hg_event_counts_row *row = hg_event_counts_list_at(list, i);

        got = fixture_text("%s%.4s %d %d %d\n", got, row->event_type.ptr, (int)row->events, (int)row->users,
                           (int)row->sessions);
    }
    hg_event_counts_list_free(list);
    ck_assert_str_eq(got, want);
}

START_TEST(events_are_counted_by_type_with_zeros)
{
    events();
    counts_are(service, NULL, "seen 5 2 3\nused 1 0 1\n");
    counts_are(service, &company, "seen 3 1 2\nused 0 0 0\n");
    analytics_enter(HG_ROLE_COMPANY, &admin_user);
    counts_are(tenant, &company, "seen 3 1 2\nused 0 0 0\n");
}
END_TEST

START_TEST(leak_events_of_a_rival_and_of_all_are_nothing_to_a_company)
{
    events();
    analytics_enter(HG_ROLE_COMPANY, &admin_user);
    counts_are(tenant, &rivals, "");
    counts_are(tenant, NULL, "");
}
END_TEST

static void
events_per_day_are(hg_conn *conn, const hg_uuid *of, const char *want)
{
    hg_event_series_params params = {
        .struct_size = sizeof params,
        .set = HG_BIT(HG_EVENT_SERIES_SINCE) | HG_BIT(HG_EVENT_SERIES_UNTIL) | HG_BIT(HG_EVENT_SERIES_ZONE)
               | HG_BIT(HG_EVENT_SERIES_TYPES),
        .since = analytics_time("2026-03-07 05:00"), .until = analytics_time("2026-03-10 04:00"),
        .zone = str_of("America/New_York"), .types = list_of(kind, NULL),
    };
    hg_event_series_list *list = NULL;
    const char *got = "";
    uint64_t trips;

    if (of != NULL) {
        params.set |= HG_BIT(HG_EVENT_SERIES_COMPANY_ID);
        params.company_id = *of;
    }
    trips = conn_stats(conn).round_trips;
    ck_ok(hg_event_series(conn, &params, &list, &err), err);
    ck_assert_uint_eq(conn_stats(conn).round_trips, trips + 1);
    for (size_t i = 0; i < hg_event_series_list_count(list); i++) {
        const hg_event_series_row *row = hg_event_series_list_at(list, i);

        got = fixture_text("%s%s %d %d %d\n", got, sql_text("SELECT to_char(date 'epoch' + %d, 'MM-DD')", (int)row->starts_on),
                           (int)row->events, (int)row->users, (int)row->sessions);
    }
    hg_event_series_list_free(list);
    ck_assert_str_eq(got, want);
}

START_TEST(events_per_day_are_those_of_the_readers_days)
{
    events();
    events_per_day_are(service, NULL, "03-07 0 0 0\n03-08 5 2 3\n03-09 1 0 1\n");
    analytics_enter(HG_ROLE_COMPANY, &admin_user);
    events_per_day_are(tenant, &company, "03-07 0 0 0\n03-08 3 1 2\n03-09 1 0 1\n");
    events_per_day_are(tenant, &rivals, "");
    events_per_day_are(tenant, NULL, "");
}
END_TEST

START_TEST(old_events_are_purged_the_oldest_first)
{
    hg_event_purge_params params = { .struct_size = sizeof params, .set = 3, .before = analytics_time("1990-01-03"),
                                     .at_most = 2 };
    int64_t gone = -1;

    sql_do("DELETE FROM analytics_events WHERE created_at < '1991-01-01'");
    event(kind, NULL, NULL, "s", "1990-01-02");
    event(kind, NULL, NULL, "s", "1990-01-01");
    event(kind, NULL, NULL, "s", "1990-01-02 12:00");
    event(kind, NULL, NULL, "s", "1990-01-03");
    ck_ok(hg_event_purge(service, &params, &gone, &err), err);
    ck_assert_int_eq(gone, 2);
    ck_assert_str_eq(sql_text("SELECT string_agg(created_at::text, ', ' ORDER BY created_at) FROM analytics_events"
                              " WHERE event_type = '%s'", kind), "1990-01-02 12:00:00, 1990-01-03 00:00:00");
    ck_ok(hg_event_purge(service, &params, &gone, &err), err);
    ck_assert_int_eq(gone, 1);
    ck_ok(hg_event_purge(service, &params, &gone, &err), err);
    ck_assert_int_eq(gone, 0);
}
END_TEST

/* ---- measurements --------------------------------------------------------------------------------------------------- */

static void
metric(const char *value, const char *host, const char *at)
{
    sql_do("INSERT INTO system_metrics (metric_name, metric_value, dimensions, recorded_at)"
           " VALUES ('%s', %s, '{\"host\": \"%s\", \"x\": 1}', '%s')", kind, value, host, at);
}

START_TEST(a_metric_has_a_series_without_gaps)
{
    hg_metric_series_params params = {
        .struct_size = sizeof params,
        .set = HG_BIT(HG_METRIC_SERIES_METRIC_NAME) | HG_BIT(HG_METRIC_SERIES_SINCE) | HG_BIT(HG_METRIC_SERIES_UNTIL)
               | HG_BIT(HG_METRIC_SERIES_DIMENSIONS),
        .metric_name = str_of(kind), .since = analytics_time("2026-01-01"), .until = analytics_time("2026-01-01 03:00"),
        .dimensions = { "{\"host\": \"a\"}", 13 },
    };
    static const char *const want[] = {
        "{\"samples\": 2, \"failures\": 1, \"average\": 0.15, \"least\": 0.1, \"greatest\": 0.2}",
        "{\"samples\": 0, \"failures\": 0, \"average\": null, \"least\": null, \"greatest\": null}",
        "{\"samples\": 1, \"failures\": 0, \"average\": 7, \"least\": 7, \"greatest\": 7}",
    };
    hg_metric_series_list *list = NULL;
    uint64_t trips;

    metric("0.1", "a", "2026-01-01");
    metric("0.2", "a", "2026-01-01 00:59:59.999999");
    metric("NULL", "a", "2026-01-01 00:30");
    metric("99", "b", "2026-01-01 00:30");
    metric("7", "a", "2026-01-01 02:30");
    metric("8", "a", "2026-01-01 03:00");
    trips = conn_stats(service).round_trips;
    ck_ok(hg_metric_series(service, &params, &list, &err), err);
    ck_assert_uint_eq(conn_stats(service).round_trips, trips + 1);
    ck_assert_uint_eq(hg_metric_series_list_count(list), 3);
    for (size_t i = 0; i < 3; i++) {
        hg_text *json = NULL;

        ck_ok(hg_metric_series_row_to_json(hg_metric_series_list_at(list, i), &json, &err), err);
        analytics_says(json, want[i]);
    }
    hg_metric_series_list_free(list);
}
END_TEST

START_TEST(the_latest_of_each_metric_is_found)
{
    hg_metric_latest_params params = {
        .struct_size = sizeof params, .set = HG_BIT(HG_METRIC_LATEST_METRIC_NAMES),
        .metric_names = list_of(kind, "never measured"),
    };
    hg_system_metric_list *list = NULL;

    metric("1", "a", "2026-01-01");
    metric("3", "a", "2026-01-03");
    metric("4", "b", "2026-01-04");
    metric("2", "a", "2026-01-02");
    ck_ok(hg_metric_latest(service, &params, &list, &err), err);
    ck_assert_uint_eq(hg_system_metric_list_count(list), 1);
    ck_assert_int_eq(hg_system_metric_list_at(list, 0)->recorded_at, analytics_time("2026-01-04"));
    hg_system_metric_list_free(list);
    params.set |= HG_BIT(HG_METRIC_LATEST_DIMENSIONS);
    params.dimensions = (hg_json){ "{\"host\": \"a\"}", 13 };
    ck_ok(hg_metric_latest(service, &params, &list, &err), err);
    ck_assert_int_eq(hg_system_metric_list_at(list, 0)->recorded_at, analytics_time("2026-01-03"));
    hg_system_metric_list_free(list);
}
END_TEST

Suite *
suite_operations_analytics_platform(void)
{
    Suite *suite = suite_create("operations/analytics_platform");
    TCase *tcase = tcase_create("analytics_platform");

    tcase_add_checked_fixture(tcase, setup, fixture_close);
    tcase_add_test(tcase, a_leaderboard_counts_each_thing_once);
    tcase_add_test(tcase, numbers_of_the_platform_are_those_of_its_tables);
    tcase_add_test(tcase, leak_no_persona_gets_the_numbers_of_the_platform);
    tcase_add_test(tcase, events_are_counted_by_type_with_zeros);
    tcase_add_test(tcase, leak_events_of_a_rival_and_of_all_are_nothing_to_a_company);
    tcase_add_test(tcase, events_per_day_are_those_of_the_readers_days);
    tcase_add_test(tcase, old_events_are_purged_the_oldest_first);
    tcase_add_test(tcase, a_metric_has_a_series_without_gaps);
    tcase_add_test(tcase, the_latest_of_each_metric_is_found);
    suite_add_tcase(suite, tcase);
    return suite;
}
