/* operations/referrals - who refers whom, what the company makes of it, and that a commission is earned and paid once. */
#include "operations/applications_stage.h"
#include "suites.h"

#include <string.h>

static const char *
referral_json(const char *by, const char *whom, const char *job)
{
    return fixture_text("{\"recruiter_id\":\"%s\",\"candidate_id\":\"%s\",\"job_id\":\"%s\",\"notes\":\"good\"}", by, whom, job);
}

static hg_status
refer(const char *by, const char *whom, const char *job)
{
    return play("referral_create", "%s", referral_json(by, whom, job));
}

/* other, who has not applied, referred to a job by the freelancer. */
static const char *
a_referral_to(const char *job, const char *status)
{
    const char *id = stage_id();

    sql_do("INSERT INTO referrals (id, recruiter_id, candidate_id, job_id, referral_status) VALUES ('%s', '%s', '%s', '%s', '%s')",
           id, agent, other_profile, job, status);
    return id;
}

static const char *
a_referral(const char *status)
{
    return a_referral_to(job_id, status);
}

static hg_status
decide(const char *id, const char *accept)
{
    return play("referral_decide", "{\"referral_id\":\"%s\",\"accept\":%s}", id, accept);
}

/* ---- Referring ------------------------------------------------------------------------------------------------------------ */

START_TEST(a_referral_begins_undecided_and_is_told)
{
    as(&freelancer);
    ck_plays(refer(agent, other_profile, job_id));
    ck_got("\"referral_status\":\"pending\"");
    ck_got("\"commission_status\":\"pending\"");
    ck_assert_int_eq(sql_int("SELECT count(*) FROM notifications WHERE user_id IN ('%s', '%s')", boss.id, other.id), 2);
    ck_refuses(refer(agent, other_profile, job_id), HG_E_CONFLICT);
}
END_TEST

START_TEST(leak_2_whom_one_may_not_see_one_does_not_refer)
{
    actor hidden, open;
    const char *hidden_profile = stage_profile(&hidden, "{}"), *open_profile = stage_profile(&open, "{\"profile_public\": true}");
    const char *secret = stage_job(company_id);

    sql_do("UPDATE jobs SET is_public = false WHERE id = '%s'", secret);
    as(&freelancer);
    ck_refuses(refer(agent, hidden_profile, job_id), HG_E_NOT_FOUND);
    ck_refuses(refer(agent, stage_id(), job_id), HG_E_NOT_FOUND);
    ck_refuses(refer(agent, open_profile, secret), HG_E_NOT_FOUND);
    ck_plays(refer(agent, open_profile, job_id));
    ck_refuses(refer(stage_id(), open_profile, job_id), HG_E_NOT_FOUND);
    as(&recruiter);
    ck_refuses(refer(agent, other_profile, job_id), HG_E_DENIED);
    as(&candidate);
    ck_refuses(refer(agent, other_profile, job_id), HG_E_DENIED);
}
END_TEST

/* The two look alike, so that a freelancer learns of neither. */
START_TEST(who_has_applied_and_who_was_referred_are_one_answer)
{
    char said[256];

    as(&freelancer);
    ck_refuses(refer(agent, profile, job_id), HG_E_CONFLICT);
    strcpy(said, err.message);
    a_referral("rejected");
    ck_refuses(refer(agent, other_profile, job_id), HG_E_CONFLICT);
    ck_assert_str_eq(said, err.message);
}
END_TEST

START_TEST(a_closed_job_takes_no_referral)
{
    sql_do("UPDATE jobs SET employment_status = 'closed' WHERE id = '%s'", job_id);
    as(&freelancer);
    ck_refuses(refer(agent, other_profile, job_id), HG_E_STATE);
    ck_refuses(refer("x", other_profile, job_id), HG_E_INVALID);
}
END_TEST

START_TEST(of_eight_referrals_at_once_one_is_first)
{
    const actor *who[8];
    const char *json[8];
    hg_status status[8];

    for (size_t i = 0; i < 8; i++) {
        who[i] = &freelancer;
        json[i] = referral_json(agent, other_profile, job_id);
    }
    play_behind(fixture_text("SELECT FROM jobs WHERE id = '%s' FOR UPDATE", job_id), 8, who, "referral_create", json, status);
    ck_assert_uint_eq(count_of(status, 8, HG_OK), 1);
    ck_assert_uint_eq(count_of(status, 8, HG_E_CONFLICT), 7);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM referrals WHERE candidate_id = '%s'", other_profile), 1);
}
END_TEST

/* ---- Deciding ------------------------------------------------------------------------------------------------------------- */

START_TEST(an_accepted_referral_is_an_application_in_the_freelancers_name)
{
    const char *id = a_referral("pending");

    as(&recruiter);
    ck_plays(decide(id, "true"));
    ck_got("\"referral_status\":\"accepted\"");
    ck_assert_str_eq(sql_text("SELECT referrer_id || ' ' || status || ' ' || application_source FROM applications"
                              " WHERE candidate_id = '%s'", other_profile), fixture_text("%s applied referral", freelancer.id));
    ck_assert_int_eq(sql_int("SELECT count(*) FROM application_timeline t JOIN applications a ON a.id = t.application_id"
                             " WHERE a.candidate_id = '%s' AND t.metadata ->> 'referral_id' = '%s'", other_profile, id), 1);
    ck_assert_int_eq(sql_int("SELECT application_count FROM jobs WHERE id = '%s'", job_id), 2);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM notifications WHERE user_id IN ('%s', '%s')", freelancer.id, other.id), 2);
    ck_refuses(decide(id, "true"), HG_E_STATE);
    ck_refuses(decide(id, "false"), HG_E_STATE);
}
END_TEST

START_TEST(a_rejected_referral_makes_no_application)
{
    const char *id = a_referral("pending");

    as(&manager);
    ck_refuses(decide(id, "false"), HG_E_DENIED);
    as(&stranger);
    ck_refuses(decide(id, "false"), HG_E_NOT_FOUND);
    as(&freelancer);
    ck_refuses(decide(id, "true"), HG_E_DENIED);
    as(&recruiter);
    ck_plays(decide(id, "false"));
    ck_got("\"application_id\":null");
    ck_assert_int_eq(sql_int("SELECT count(*) FROM applications WHERE candidate_id = '%s'", other_profile), 0);
}
END_TEST

START_TEST(an_own_application_since_then_gets_its_referrer_and_an_older_one_does_not)
{
    const char *id = a_referral("pending"), *own;

    own = stage_application(job_id, other_profile, "screening");
    sql_do("UPDATE referrals SET created_at = created_at - interval '1 hour' WHERE id = '%s'", id);
    as(&recruiter);
    ck_plays(decide(id, "true"));
    ck_got(own);
    ck_assert_str_eq(sql_text("SELECT referrer_id FROM applications WHERE id = '%s'", own), freelancer.id);

    id = stage_id();
    sql_do("INSERT INTO referrals (id, recruiter_id, candidate_id, job_id, created_at) VALUES ('%s', '%s', '%s', '%s',"
           " now() AT TIME ZONE 'UTC' + interval '1 hour')", id, agent, profile, job_id);
    ck_refuses(decide(id, "true"), HG_E_CONFLICT);
    ck_assert_ptr_null(sql_text("SELECT referrer_id FROM applications WHERE id = '%s'", application_id));
}
END_TEST

START_TEST(leak_2_who_has_withdrawn_his_consent_is_not_shown_to_the_company)
{
    const char *id = a_referral("pending");

    sql_do("UPDATE candidate_profiles SET visibility_settings = '{}' WHERE id = '%s'", other_profile);
    as(&recruiter);
    ck_refuses(decide(id, "true"), HG_E_STATE);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM applications WHERE candidate_id = '%s'", other_profile), 0);
    ck_assert_str_eq(sql_text("SELECT referral_status FROM referrals WHERE id = '%s'", id), "pending");
}
END_TEST

START_TEST(of_eight_decisions_at_once_one_counts)
{
    const actor *who[8];
    const char *id = a_referral("pending"), *json[8];
    hg_status status[8];

    for (size_t i = 0; i < 8; i++) {
        who[i] = i % 2 ? &recruiter : &boss;
        json[i] = fixture_text("{\"referral_id\":\"%s\",\"accept\":%s}", id, i % 4 < 2 ? "true" : "false");
    }
    play_at_once(8, who, "referral_decide", json, status);
    ck_assert_uint_eq(count_of(status, 8, HG_OK), 1);
    ck_assert_uint_eq(count_of(status, 8, HG_E_STATE), 7);
    ck_assert_int_eq(sql_int("SELECT count(*) - (referral_status = 'accepted')::integer FROM applications a, referrals r"
                             " WHERE a.job_id = '%s' AND a.candidate_id = r.candidate_id AND r.id = '%s' GROUP BY referral_status",
                             job_id, id), 0);
}
END_TEST

/* ---- Money ------------------------------------------------------------------------------------------------------------------ */

static const char *
a_hire(const char *amount)
{
    const char *id = a_referral_to(stage_job(company_id), "hired");

    sql_do("UPDATE referrals SET commission_amount = %s WHERE id = '%s'", amount, id);
    return id;
}

static hg_status
approve(const char *id, const char *more)
{
    return play("commission_approve", "{\"referral_id\":\"%s\"%s}", id, more);
}

START_TEST(a_commission_is_approved_by_an_admin_and_paid_by_the_service)
{
    const char *id = a_hire("1234.56");

    as(&recruiter);
    ck_refuses(approve(id, ""), HG_E_DENIED);
    as(&stranger);
    ck_refuses(approve(id, ""), HG_E_NOT_FOUND);
    as(&freelancer);
    ck_refuses(approve(id, ""), HG_E_DENIED);
    ck_refuses(play_service("commission_pay", "{\"referral_id\":\"%s\"}", id), HG_E_STATE);
    as(&boss);
    ck_plays(approve(id, ""));
    ck_got("\"commission_amount\":1234.56,\"commission_status\":\"approved\"");
    ck_refuses(approve(id, ""), HG_E_STATE);
    ck_refuses(play("commission_pay", "{\"referral_id\":\"%s\"}", id), HG_E_DENIED);
    ck_refuses(play_service("commission_pay", "{\"referral_id\":\"%s\",\"amount\":1000}", id), HG_E_CONFLICT);
    ck_plays(play_service("commission_pay", "{\"referral_id\":\"%s\",\"amount\":1234.56}", id));
    ck_got("\"commission_status\":\"paid\"");
    ck_refuses(play_service("commission_pay", "{\"referral_id\":\"%s\"}", id), HG_E_STATE);
    ck_refuses(play_service("commission_pay", "{\"referral_id\":\"%s\"}", stage_id()), HG_E_NOT_FOUND);
    ck_assert_str_eq(sql_text("SELECT total_earnings FROM freelance_recruiters WHERE id = '%s'", agent), "1234.56");
}
END_TEST

START_TEST(a_commission_has_an_amount_and_a_hire)
{
    const char *id = a_hire("NULL");

    as(&boss);
    ck_refuses(approve(id, ""), HG_E_INVALID);
    ck_refuses(approve(id, ",\"amount\":-1"), HG_E_INVALID);
    ck_plays(approve(id, ",\"amount\":99.99"));
    ck_got("\"commission_amount\":99.99");
    id = a_referral("accepted");
    ck_refuses(approve(id, ",\"amount\":1"), HG_E_STATE);
}
END_TEST

START_TEST(of_eight_payments_at_once_one_is_earned)
{
    const actor worker = { .role = HG_ROLE_SERVICE }, *who[8];
    const char *id = a_hire("100"), *json[8];
    hg_status status[8];

    for (size_t i = 0; i < 8; i++) {
        who[i] = &boss;
        json[i] = fixture_text("{\"referral_id\":\"%s\"}", id);
    }
    play_at_once(8, who, "commission_approve", json, status);
    ck_assert_uint_eq(count_of(status, 8, HG_OK), 1);
    for (size_t i = 0; i < 8; i++)
        who[i] = &worker;
    play_at_once(8, who, "commission_pay", json, status);
    ck_assert_uint_eq(count_of(status, 8, HG_OK), 1);
    ck_assert_uint_eq(count_of(status, 8, HG_E_STATE), 7);
    ck_assert_str_eq(sql_text("SELECT total_earnings FROM freelance_recruiters WHERE id = '%s'", agent), "100.00");
}
END_TEST

START_TEST(totals_are_counted_anew_and_the_report_is_exact)
{
    const char *first = a_hire("0.10"), *second = a_hire("0.20");

    a_referral("rejected");
    sql_do("UPDATE referrals SET commission_status = 'paid' WHERE id IN ('%s', '%s')", first, second);
    sql_do("UPDATE freelance_recruiters SET total_placements = 77, total_earnings = 77 WHERE id = '%s'", agent);
    ck_plays(play_service("freelancer_recompute", "{\"recruiter_id\":\"%s\"}", agent));
    ck_got("\"success_rate\":66.67");
    ck_got("\"total_placements\":2");
    ck_got("\"total_earnings\":0.30");
    ck_refuses(play_service("freelancer_recompute", "{\"recruiter_id\":\"%s\"}", stage_id()), HG_E_NOT_FOUND);

    as(&freelancer);
    ck_refuses(play("freelancer_recompute", "{\"recruiter_id\":\"%s\"}", agent), HG_E_DENIED);
    ck_plays(play("earnings_report", "{\"recruiter_id\":\"%s\"}", agent));
    ck_got("\"commission_status\":\"paid\",\"referrals\":2,\"amount\":0.30");
    ck_plays(play("earnings_report", "{\"recruiter_id\":\"%s\",\"changed_until\":\"2020-01-01 00:00:00\"}", agent));
    ck_assert_str_eq(got, "[]");
    sql_do("ALTER TABLE referrals DISABLE TRIGGER referrals_touch; UPDATE referrals SET updated_at = '2026-05-31 23:30'"
           " WHERE recruiter_id = '%s'; ALTER TABLE referrals ENABLE TRIGGER referrals_touch", agent);
    ck_plays(play("earnings_report", "{\"recruiter_id\":\"%s\"}", agent));
    ck_got("2026-05-01");
    ck_plays(play("earnings_report", "{\"recruiter_id\":\"%s\",\"zone\":\"Europe/Zurich\"}", agent));
    ck_got("2026-06-01");
    ck_refuses(play("earnings_report", "{\"recruiter_id\":\"%s\",\"zone\":\"Nowhere\"}", agent), HG_E_INVALID);
    as(&boss);
    ck_refuses(play("earnings_report", "{\"recruiter_id\":\"%s\"}", agent), HG_E_DENIED);
}
END_TEST

START_TEST(leak_where_one_is_paid_is_told_to_oneself)
{
    actor rival;
    hg_uuid user = fixture_user(HG_USER_USER_TYPE_FREELANCE_RECRUITER);

    rival = (actor){ .role = HG_ROLE_FREELANCER, .user = user };
    sql_do("UPDATE freelance_recruiters SET payment_info = '{\"iban\": \"XX1\"}' WHERE id = '%s'", agent);
    sql_do("INSERT INTO freelance_recruiters (user_id) VALUES ('%s')", uuid_text(&user));
    as(&freelancer);
    ck_plays(play("freelancer_payment_info", "{}"));
    ck_got("XX1");
    as(&rival);
    ck_plays(play("freelancer_payment_info", "{}"));
    ck_not_got("XX1");
    as(&boss);
    ck_refuses(play("freelancer_payment_info", "{}"), HG_E_DENIED);
    ck_refuses(play_service("freelancer_payment_info", "{}"), HG_E_DENIED);
}
END_TEST

/* From the referral to the payment: everything that belongs to it, once. */
START_TEST(a_whole_referral)
{
    const char *id, *application;

    as(&freelancer);
    ck_plays(refer(agent, other_profile, job_id));
    id = sql_text("SELECT id FROM referrals WHERE candidate_id = '%s'", other_profile);
    as(&recruiter);
    ck_plays(decide(id, "true"));
    application = sql_text("SELECT id FROM applications WHERE candidate_id = '%s'", other_profile);
    stage_status(application, "offer");
    ck_plays(play("application_hire", "{\"application_id\":\"%s\",\"fee_basis\":80000,\"close_job\":true}", application));
    ck_got(id);
    as(&boss);
    ck_plays(approve(id, ""));
    ck_plays(play_service("commission_pay", "{\"referral_id\":\"%s\",\"amount\":8000}", id));

    ck_assert_str_eq(sql_text("SELECT total_placements || ' ' || success_rate || ' ' || total_earnings FROM freelance_recruiters"
                              " WHERE id = '%s'", agent), "1 100.00 8000.00");
    ck_assert(is_chain(application));
}
END_TEST

Suite *
suite_operations_referrals(void)
{
    Suite *suite = suite_create("operations/referrals");
    TCase *tcase = tcase_create("referrals");

    tcase_add_checked_fixture(tcase, stage_open, fixture_close);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_referral_begins_undecided_and_is_told);
    tcase_add_test(tcase, leak_2_whom_one_may_not_see_one_does_not_refer);
    tcase_add_test(tcase, who_has_applied_and_who_was_referred_are_one_answer);
    tcase_add_test(tcase, a_closed_job_takes_no_referral);
    tcase_add_test(tcase, of_eight_referrals_at_once_one_is_first);
    tcase_add_test(tcase, an_accepted_referral_is_an_application_in_the_freelancers_name);
    tcase_add_test(tcase, a_rejected_referral_makes_no_application);
    tcase_add_test(tcase, an_own_application_since_then_gets_its_referrer_and_an_older_one_does_not);
    tcase_add_test(tcase, leak_2_who_has_withdrawn_his_consent_is_not_shown_to_the_company);
    tcase_add_test(tcase, of_eight_decisions_at_once_one_counts);
    tcase_add_test(tcase, a_commission_is_approved_by_an_admin_and_paid_by_the_service);
    tcase_add_test(tcase, a_commission_has_an_amount_and_a_hire);
    tcase_add_test(tcase, of_eight_payments_at_once_one_is_earned);
    tcase_add_test(tcase, totals_are_counted_anew_and_the_report_is_exact);
    tcase_add_test(tcase, leak_where_one_is_paid_is_told_to_oneself);
    tcase_add_test(tcase, a_whole_referral);
    suite_add_tcase(suite, tcase);
    return suite;
}
