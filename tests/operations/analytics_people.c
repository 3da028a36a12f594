/* operations/analytics_people - the front pages of a candidate and of a freelance recruiter: exact, and nobody else's. */
#include "operations/analytics.h"
#include "suites.h"

#include <string.h>

static hg_uuid boss, company, user, candidate, freelancer, recruiter;

static void
setup(void)
{
    fixture_open_tenant();
    boss = fixture_user(HG_USER_USER_TYPE_COMPANY);
    company = fixture_company(&boss, HG_COMPANY_MEMBER_ROLE_ADMIN);
    candidate = analytics_candidate(&user);
    freelancer = fixture_user(HG_USER_USER_TYPE_FREELANCE_RECRUITER);
    hg_uuid_new(&recruiter);
    sql_do("INSERT INTO freelance_recruiters (id, user_id) VALUES ('%s', '%s')", uuid_text(&recruiter),
           uuid_text(&freelancer));
}

/* ---- dashboard_candidate -------------------------------------------------------------------------------------------- */

static hg_status
of_candidate(hg_conn *conn, const hg_uuid *id, hg_text **json)
{
    hg_dashboard_candidate_params params = { .struct_size = sizeof params, .candidate_id = *id,
                                             .set = HG_BIT(HG_DASHBOARD_CANDIDATE_CANDIDATE_ID) };
    const hg_dashboard_candidate_row *row = NULL;
    uint64_t trips = conn_stats(conn).round_trips;
    hg_status st = hg_dashboard_candidate(conn, &params, &row, &err);

    ck_assert_uint_eq(conn_stats(conn).round_trips, trips + 1);
    if (st == HG_OK)
        ck_ok(hg_dashboard_candidate_row_to_json(row, json, &err), err);
    hg_dashboard_candidate_row_free(row);
    return st;
}

static hg_uuid
applies(const hg_uuid *job, const char *status)
{
    hg_uuid id;

    hg_uuid_new(&id);
    sql_do("INSERT INTO applications (id, job_id, candidate_id, status) VALUES ('%s', '%s', '%s', '%s')", uuid_text(&id),
           uuid_text(job), uuid_text(&candidate), status);
    return id;
}

static void
matches(const hg_uuid *job, double score, const char *is_recommended, const char *is_viewed)
{
    sql_do("INSERT INTO ai_job_matches (candidate_id, job_id, match_score, is_recommended, viewed_by_candidate)"
           " VALUES ('%s', '%s', %f, %s, %s)", uuid_text(&candidate), uuid_text(job), score, is_recommended, is_viewed);
}

static void
his_life(void)
{
    hg_uuid first = analytics_job(&company, "open", 1, NULL), hidden = analytics_job(&company, "open", 0, NULL);
    hg_uuid closed = analytics_job(&company, "closed", 1, NULL), past = analytics_job(&company, "open", 1, "2020-01-01");
    static const char *const ends[] = { "hired", "offer", "screening" };
    hg_uuid two, later = analytics_job(&company, "open", 1, "9999-01-01");

    sql_do("UPDATE jobs SET title = 'Welder' WHERE id = '%s'", uuid_text(&hidden));
    applies(&first, "applied");
    two = applies(&hidden, "interviewing");
    applies(&closed, "rejected");
    applies(&past, "withdrawn");
    for (int i = 0; i < 3; i++) {
        hg_uuid other = analytics_job(&company, "open", 1, "2020-01-01");

        applies(&other, ends[i]);
    }
    analytics_interview(&two, NULL, "scheduled", "now() + interval '2 days'");
    analytics_interview(&two, NULL, "scheduled", "now() + interval '1 day'");
    analytics_interview(&two, NULL, "scheduled", "now() - interval '1 day'");
    analytics_interview(&two, NULL, "cancelled", "now() + interval '1 hour'");
    analytics_interview(&two, NULL, "completed", "now() - interval '3 days'");
    matches(&first, 99, "true", "false");
    matches(&hidden, 98, "true", "false");
    matches(&closed, 97, "true", "false");
    matches(&past, 96, "true", "false");
    matches(&later, 91.5, "true", "false");
    later = analytics_job(&company, "open", 1, NULL);
    matches(&later, 80, "true", "NULL");
    later = analytics_job(&company, "open", 1, NULL);
    matches(&later, 95, "true", "true");
    later = analytics_job(&company, "open", 1, NULL);
    matches(&later, 94, "false", "false");
    sql_do("INSERT INTO notifications (user_id, notification_type, title, message, is_read, expires_at)"
           " SELECT '%s', 'x', 't', 'm', r, e::timestamp FROM (VALUES (false, NULL), (NULL, '9999-01-01'), (true, NULL),"
           " (false, '2020-01-01')) n (r, e)", uuid_text(&user));
    sql_do("UPDATE candidate_profiles SET headline = 'h', summary = '', experience_years = 0, skills = '[\"c\"]'"
           " WHERE id = '%s'", uuid_text(&candidate));
    sql_do("INSERT INTO candidate_experiences (candidate_id, company_name, job_title, start_date)"
           " SELECT '%s', 'c', 't', '2020-01-01' FROM generate_series(1, 3)", uuid_text(&candidate));
}

static const char life[] =
    "{\"applications_total\": 7, \"applications_open\": 4, \"applications_applied\": 1, \"applications_screening\": 1,"
    " \"applications_interviewing\": 1, \"applications_offer\": 1, \"applications_hired\": 1, \"applications_rejected\": 1,"
    " \"applications_withdrawn\": 1, \"interviews_upcoming\": 2, \"interviews_completed\": 1,"
    " \"next_interview_minutes\": 60, \"next_interview_type\": \"video\", \"next_interview_job_title\": \"Welder\","
    " \"matches_new\": 2, \"best_match_score\": 91.50, \"notifications_unread\": 2, \"completeness\": 40}";

START_TEST(a_candidate_sees_each_thing_once)
{
    hg_text *json = NULL;

    his_life();
    analytics_enter(HG_ROLE_CANDIDATE, &user);
    ck_ok(of_candidate(tenant, &candidate, &json), err);
    analytics_says(json, life);
    ck_ok(of_candidate(service, &candidate, &json), err);
    analytics_says(json, life);
}
END_TEST

START_TEST(a_new_candidate_has_zeros)
{
    hg_text *json = NULL;

    analytics_enter(HG_ROLE_CANDIDATE, &user);
    ck_ok(of_candidate(tenant, &candidate, &json), err);
    analytics_says(json, "{\"applications_total\": 0, \"applications_open\": 0, \"applications_hired\": 0,"
                         " \"interviews_upcoming\": 0, \"next_interview_id\": null, \"next_interview_at\": null,"
                         " \"matches_new\": 0, \"best_match_score\": null, \"notifications_unread\": 0,"
                         " \"completeness\": 0}");
}
END_TEST

START_TEST(leak_another_candidates_dashboard_is_not_found)
{
    hg_uuid other;

    analytics_candidate(&other);
    his_life();
    analytics_enter(HG_ROLE_CANDIDATE, &other);
    ck_status(of_candidate(tenant, &candidate, NULL), HG_E_NOT_FOUND, err);
}
END_TEST

/* ---- dashboard_freelancer ------------------------------------------------------------------------------------------- */

static hg_status
of_freelancer(hg_conn *conn, const hg_uuid *id, hg_text **json)
{
    hg_dashboard_freelancer_params params = { .struct_size = sizeof params, .recruiter_id = *id,
                                              .set = HG_BIT(HG_DASHBOARD_FREELANCER_RECRUITER_ID) };
    const hg_dashboard_freelancer_row *row = NULL;
    uint64_t trips = conn_stats(conn).round_trips;
    hg_status st = hg_dashboard_freelancer(conn, &params, &row, &err);

    ck_assert_uint_eq(conn_stats(conn).round_trips, trips + 1);
    if (st == HG_OK)
        ck_ok(hg_dashboard_freelancer_row_to_json(row, json, &err), err);
    hg_dashboard_freelancer_row_free(row);
    return st;
}

static void
refers(const hg_uuid *job, const char *status, const char *amount, const char *commission)
{
    hg_uuid whom = analytics_candidate(NULL);

    sql_do("INSERT INTO referrals (recruiter_id, candidate_id, job_id, referral_status, commission_amount,"
           " commission_status) VALUES ('%s', '%s', '%s', '%s', %s, '%s')", uuid_text(&recruiter), uuid_text(&whom),
           uuid_text(job), status, amount, commission);
}

static void
his_work(void)
{
    hg_uuid dollars = analytics_job(&company, "open", 0, NULL), francs = analytics_job(&company, "filled", 1, NULL);

    sql_do("UPDATE jobs SET salary_currency = 'CHF' WHERE id = '%s'", uuid_text(&francs));
    sql_do("UPDATE freelance_recruiters SET total_earnings = 1234.56 WHERE id = '%s'", uuid_text(&recruiter));
    refers(&dollars, "pending", "NULL", "pending");
    refers(&dollars, "pending", "NULL", "pending");
    refers(&dollars, "accepted", "0.10", "pending");
    refers(&dollars, "hired", "0.20", "paid");
    refers(&dollars, "hired", "0.10", "paid");
    refers(&francs, "hired", "99999999.99", "approved");
    refers(&francs, "rejected", "NULL", "pending");
}

static const char work[] =
    "{\"referrals_total\": 7, \"referrals_pending\": 2, \"referrals_accepted\": 1, \"referrals_rejected\": 1,"
    " \"placed\": 3, \"in_pipeline\": 3, \"open_jobs\": 1, \"conversion\": 0.4286, \"earned\": 1234.56,"
    " \"commissions\": [{\"currency\": \"CHF\", \"pending\": 0, \"approved\": 99999999.99, \"paid\": 0},"
    " {\"currency\": \"USD\", \"pending\": 0.10, \"approved\": 0, \"paid\": 0.30}]}";

START_TEST(a_freelancer_sees_his_referrals_and_earnings)
{
    hg_text *json = NULL;

    his_work();
    analytics_enter(HG_ROLE_FREELANCER, &freelancer);
    ck_ok(of_freelancer(tenant, &recruiter, &json), err);
    analytics_says(json, work);
    ck_ok(of_freelancer(service, &recruiter, &json), err);
    analytics_says(json, work);
}
END_TEST

START_TEST(a_new_freelancer_has_zeros)
{
    hg_text *json = NULL;

    analytics_enter(HG_ROLE_FREELANCER, &freelancer);
    ck_ok(of_freelancer(tenant, &recruiter, &json), err);
    analytics_says(json, "{\"referrals_total\": 0, \"placed\": 0, \"in_pipeline\": 0, \"open_jobs\": 0, \"conversion\": 0,"
                         " \"earned\": 0, \"commissions\": []}");
}
END_TEST

START_TEST(leak_another_freelancers_dashboard_is_not_found)
{
    hg_uuid other = fixture_user(HG_USER_USER_TYPE_FREELANCE_RECRUITER);

    sql_do("INSERT INTO freelance_recruiters (user_id) VALUES ('%s')", uuid_text(&other));
    analytics_enter(HG_ROLE_FREELANCER, &other);
    ck_status(of_freelancer(tenant, &recruiter, NULL), HG_E_NOT_FOUND, err);
}
END_TEST

Suite *
suite_operations_analytics_people(void)
{
    Suite *suite = suite_create("operations/analytics_people");
    TCase *tcase = tcase_create("analytics_people");

    tcase_add_checked_fixture(tcase, setup, fixture_close);
    tcase_add_test(tcase, a_candidate_sees_each_thing_once);
    tcase_add_test(tcase, a_new_candidate_has_zeros);
    tcase_add_test(tcase, leak_another_candidates_dashboard_is_not_found);
    tcase_add_test(tcase, a_freelancer_sees_his_referrals_and_earnings);
    tcase_add_test(tcase, a_new_freelancer_has_zeros);
    tcase_add_test(tcase, leak_another_freelancers_dashboard_is_not_found);
    suite_add_tcase(suite, tcase);
    return suite;
}
