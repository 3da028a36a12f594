/* operations/applications - moving, rejecting, hiring, undoing, withdrawing, notes and copies: what comes with each, who may,
 * and what two at once do. */
#include "operations/applications_stage.h"
#include "suites.h"

#include <string.h>

/* ---- Withdrawing ------------------------------------------------------------------------------------------------------- */

START_TEST(a_candidate_withdraws_with_a_step_and_the_poster_is_told)
{
    as(&candidate);
    ck_plays(play("application_withdraw", "{\"application_id\":\"%s\",\"reason\":\"moved\"}", application_id));

    ck_got("\"status\":\"withdrawn\"");
    ck_assert_int_eq(steps_of(application_id), 2);
    ck_assert(is_chain(application_id));
    ck_assert_int_eq(sql_int("SELECT count(*) FROM notifications WHERE user_id = '%s'"
                             " AND notification_type = 'application_withdrawn'", boss.id), 1);
}
END_TEST

static const char *const all_statuses[] = { "applied", "screening", "interviewing", "offer", "hired", "rejected",
                                            "withdrawn" };

START_TEST(what_is_decided_is_not_withdrawn)
{
    hg_status want = _i < 4 ? HG_OK : HG_E_STATE;

    sql_do("UPDATE applications SET status = '%s' WHERE id = '%s'", all_statuses[_i], application_id);
    as(&candidate);
    ck_refuses(play("application_withdraw", "{\"application_id\":\"%s\"}", application_id), want);
}
END_TEST

START_TEST(leak_nobody_withdraws_for_another)
{
    as(&other);
    ck_refuses(play("application_withdraw", "{\"application_id\":\"%s\"}", application_id), HG_E_NOT_FOUND);
    as(&boss);
    ck_refuses(play("application_withdraw", "{\"application_id\":\"%s\"}", application_id), HG_E_DENIED);
    ck_refuses(play("application_withdraw", "{\"application_id\":\"x\"}"), HG_E_INVALID);
    ck_assert_str_eq(status_of(application_id), "applied");
}
END_TEST

/* ---- Rejecting ---------------------------------------------------------------------------------------------------------- */

START_TEST(the_reason_is_the_companys_and_the_feedback_the_candidates)
{
    const hg_application *row = NULL;
    hg_uuid id;

    ck_ok(hg_uuid_parse(application_id, strlen(application_id), &id, &err), err);
    as(&recruiter);
    ck_plays(play("application_reject", "{\"application_id\":\"%s\",\"reason\":\"too dear\",\"feedback\":\"no room\"}",
                  application_id));
    ck_got("\"rejection_reason\":\"too dear\"");

    as(&candidate);
    ck_ok(hg_application_get(tenant, &id, &row, &err), err);
    ck_assert_str_eq(row->rejection_feedback.ptr, "no room");
    ck_assert(!(row->loaded_mask >> HG_APPLICATION_REJECTION_REASON & 1));
    hg_application_free(row);
    ck_plays(play("timeline_list", "{\"application_id\":\"%s\"}", application_id));
    ck_got("\"status\":\"rejected\"");
    ck_not_got("too dear");
    ck_assert_int_eq(sql_int("SELECT count(*) FROM notifications WHERE user_id = '%s' AND message || data::text LIKE"
                             " '%%too dear%%'", candidate.id), 0);
    ck_assert(is_chain(application_id));
}
END_TEST

START_TEST(only_open_applications_are_rejected_and_by_recruiters)
{
    static const struct { const actor *who; hg_status want; } callers[] = {
        { &viewer, HG_E_DENIED }, { &manager, HG_E_DENIED }, { &stranger, HG_E_NOT_FOUND },
    };

    for (size_t i = 0; i < 3; i++) {
        as(callers[i].who);
        ck_refuses(play("application_reject", "{\"application_id\":\"%s\"}", application_id), callers[i].want);
    }
    as(&recruiter);
    ck_plays(play("application_reject", "{\"application_id\":\"%s\"}", application_id));
    ck_refuses(play("application_reject", "{\"application_id\":\"%s\"}", application_id), HG_E_STATE);
    ck_assert_int_eq(steps_of(application_id), 2);
}
END_TEST

/* ---- Hiring --------------------------------------------------------------------------------------------------------------- */

static const char *
accepted_referral(void)
{
    const char *id = stage_id();

    sql_do("INSERT INTO referrals (id, recruiter_id, candidate_id, job_id, referral_status) VALUES ('%s', '%s', '%s', '%s',"
           " 'accepted')", id, agent, profile, job_id);
    sql_do("UPDATE applications SET referrer_id = '%s' WHERE id = '%s'", freelancer.id, application_id);
    return id;
}

START_TEST(a_hire_settles_the_referral_and_fills_the_job)
{
    const char *referral = accepted_referral();

    stage_status(application_id, "offer");
    as(&recruiter);
    ck_plays(play("application_hire", "{\"application_id\":\"%s\",\"fee_basis\":50000.50,\"close_job\":true}", application_id));

    ck_got("\"status\":\"hired\"");
    ck_got("\"is_job_closed\":true");
    ck_got(referral);
    ck_assert_str_eq(sql_text("SELECT referral_status || ' ' || commission_status || ' ' || commission_amount FROM referrals"
                              " WHERE id = '%s'", referral), "hired pending 5000.05");
    ck_assert_str_eq(sql_text("SELECT total_placements || ' ' || success_rate || ' ' || total_earnings FROM"
                              " freelance_recruiters WHERE id = '%s'", agent), "1 100.00 0.00");
    ck_assert_str_eq(sql_text("SELECT employment_status FROM jobs WHERE id = '%s'", job_id), "filled");
    ck_assert(is_chain(application_id));
    ck_assert_int_eq(sql_int("SELECT count(*) FROM notifications WHERE user_id = '%s'"
                             " AND notification_type = 'referral_hired'", freelancer.id), 1);
}
END_TEST

START_TEST(a_second_hire_writes_nothing)
{
    accepted_referral();
    stage_status(application_id, "offer");
    as(&recruiter);
    ck_plays(play("application_hire", "{\"application_id\":\"%s\",\"fee_basis\":1000}", application_id));
    ck_plays(play("application_hire", "{\"application_id\":\"%s\",\"fee_basis\":9000}", application_id));

    ck_assert_int_eq(sql_int("SELECT total_placements FROM freelance_recruiters WHERE id = '%s'", agent), 1);
    ck_assert_str_eq(sql_text("SELECT commission_amount FROM referrals WHERE recruiter_id = '%s'", agent), "100.00");
    ck_assert_int_eq(steps_of(application_id), 5);
}
END_TEST

START_TEST(of_eight_hires_at_once_one_pays_a_commission)
{
    const actor *who[8];
    const char *json[8];
    hg_status status[8];

    accepted_referral();
    stage_status(application_id, "offer");
    for (size_t i = 0; i < 8; i++) {
        who[i] = i % 2 == 0 ? &recruiter : &boss;
        json[i] = fixture_text("{\"application_id\":\"%s\",\"fee_basis\":%zu,\"close_job\":true}", application_id,
                               1000 * (i + 1));
    }
    play_at_once(8, who, "application_hire", json, status);

    ck_assert_uint_eq(count_of(status, 8, HG_OK), 8);
    ck_assert_int_eq(steps_of(application_id), 5);
    ck_assert_int_eq(sql_int("SELECT total_placements FROM freelance_recruiters WHERE id = '%s'", agent), 1);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM referrals WHERE recruiter_id = '%s' AND referral_status = 'hired'", agent),
                     1);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM notifications WHERE user_id = '%s'", freelancer.id), 1);
}
END_TEST

START_TEST(a_hire_without_offer_or_rank_or_money_is_refused)
{
    as(&recruiter);
    ck_refuses(play("application_hire", "{\"application_id\":\"%s\"}", application_id), HG_E_STATE);
    stage_status(application_id, "offer");
    ck_refuses(play("application_hire", "{\"application_id\":\"%s\",\"fee_basis\":-1}", application_id), HG_E_INVALID);
    as(&manager);
    ck_refuses(play("application_hire", "{\"application_id\":\"%s\"}", application_id), HG_E_DENIED);
    as(&stranger);
    ck_refuses(play("application_hire", "{\"application_id\":\"%s\"}", application_id), HG_E_NOT_FOUND);
    as(&candidate);
    ck_refuses(play("application_hire", "{\"application_id\":\"%s\"}", application_id), HG_E_DENIED);
    ck_assert_str_eq(status_of(application_id), "offer");
}
END_TEST

/* The commission does not fit its column: the last thing that is written fails, and with it the first. */
START_TEST(a_hire_whose_commission_cannot_be_kept_does_not_happen)
{
    accepted_referral();
    stage_status(application_id, "offer");
    as(&recruiter);
    ck_refuses(play("application_hire", "{\"application_id\":\"%s\",\"fee_basis\":9999999999.99}", application_id),
               HG_E_INVALID);

    ck_assert_str_eq(status_of(application_id), "offer");
    ck_assert_int_eq(steps_of(application_id), 4);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM notifications WHERE user_id IN ('%s', '%s')", candidate.id, freelancer.id),
                     0);
}
END_TEST

START_TEST(a_hire_that_came_by_another_way_is_settled_afterwards)
{
    accepted_referral();
    stage_status(application_id, "offer");
    as(&recruiter);
    ck_plays(play("application_set_status", "{\"application_id\":\"%s\",\"from_status\":\"offer\",\"to_status\":\"hired\"}",
                  application_id));
    ck_plays(play("application_hire", "{\"application_id\":\"%s\",\"fee_basis\":1000}", application_id));

    ck_assert_int_eq(sql_int("SELECT total_placements FROM freelance_recruiters WHERE id = '%s'", agent), 1);
    ck_assert_int_eq(steps_of(application_id), 5);
}
END_TEST

/* ---- Undoing ---------------------------------------------------------------------------------------------------------------- */

START_TEST(an_undo_goes_back_once_and_is_a_step)
{
    as(&recruiter);
    ck_plays(play("application_reject", "{\"application_id\":\"%s\",\"reason\":\"a\",\"feedback\":\"b\"}", application_id));
    ck_plays(play("application_undo", "{\"application_id\":\"%s\"}", application_id));

    ck_got("\"status\":\"applied\"");
    ck_assert_int_eq(sql_int("SELECT num_nonnulls(rejection_reason, rejection_feedback) FROM applications WHERE id = '%s'",
                             application_id), 0);
    ck_assert_int_eq(steps_of(application_id), 3);
    ck_assert(is_chain(application_id));
    ck_refuses(play("application_undo", "{\"application_id\":\"%s\"}", application_id), HG_E_STATE);
}
END_TEST

START_TEST(the_undo_of_a_hire_takes_the_referral_back_until_it_is_approved)
{
    const char *referral = accepted_referral();

    stage_status(application_id, "offer");
    as(&boss);
    ck_plays(play("application_hire", "{\"application_id\":\"%s\",\"fee_basis\":1000}", application_id));
    ck_plays(play("application_undo", "{\"application_id\":\"%s\"}", application_id));
    ck_assert_str_eq(sql_text("SELECT referral_status || ' ' || coalesce(commission_amount::text, 'none') FROM referrals"
                              " WHERE id = '%s'", referral), "accepted none");
    ck_assert_int_eq(sql_int("SELECT total_placements FROM freelance_recruiters WHERE id = '%s'", agent), 0);

    ck_plays(play("application_hire", "{\"application_id\":\"%s\",\"fee_basis\":1000}", application_id));
    ck_plays(play("commission_approve", "{\"referral_id\":\"%s\"}", referral));
    ck_refuses(play("application_undo", "{\"application_id\":\"%s\"}", application_id), HG_E_STATE);
    ck_assert_str_eq(status_of(application_id), "hired");
    ck_assert(is_chain(application_id));
}
END_TEST

START_TEST(nothing_and_a_withdrawal_are_not_undone)
{
    as(&recruiter);
    ck_refuses(play("application_undo", "{\"application_id\":\"%s\"}", application_id), HG_E_STATE);
    as(&candidate);
    ck_plays(play("application_withdraw", "{\"application_id\":\"%s\"}", application_id));
    as(&recruiter);
    ck_refuses(play("application_undo", "{\"application_id\":\"%s\"}", application_id), HG_E_STATE);
    as(&viewer);
    ck_refuses(play("application_undo", "{\"application_id\":\"%s\"}", application_id), HG_E_DENIED);
    as(&stranger);
    ck_refuses(play("application_undo", "{\"application_id\":\"%s\"}", application_id), HG_E_NOT_FOUND);
    ck_assert_str_eq(status_of(application_id), "withdrawn");
}
END_TEST

/* ---- Two at once --------------------------------------------------------------------------------------------------------- */

START_TEST(of_two_recruiters_who_move_an_application_at_once_one_wins)
{
    const actor *who[] = { &recruiter, &boss, &recruiter, &boss };
    hg_status status[4];
    const char *json[4];

    for (size_t i = 0; i < 4; i++)
        json[i] = fixture_text("{\"application_id\":\"%s\",\"from_status\":\"applied\",\"to_status\":\"%s\"}", application_id,
                               i % 2 == 0 ? "screening" : "rejected");
    play_at_once(4, who, "application_set_status", json, status);

    /* The winner's twin finds the application where it wanted it, which is success and writes nothing. */
    ck_assert_uint_eq(count_of(status, 4, HG_OK), 2);
    ck_assert_uint_eq(count_of(status, 4, HG_E_CONFLICT) + count_of(status, 4, HG_E_STATE), 2);
    ck_assert_int_eq(steps_of(application_id), 2);
    ck_assert(is_chain(application_id));
}
END_TEST

START_TEST(rejecting_withdrawing_and_undoing_at_once_leave_a_chain)
{
    const actor *rejecters[] = { &recruiter, &boss };
    const char *json = fixture_text("{\"application_id\":\"%s\"}", application_id);
    const char *twice[] = { json, json };
    hg_status status[2];

    play_at_once(2, rejecters, "application_reject", twice, status);
    ck_assert_uint_eq(count_of(status, 2, HG_OK), 1);
    ck_assert_uint_eq(count_of(status, 2, HG_E_STATE), 1);
    play_at_once(2, rejecters, "application_undo", twice, status);
    ck_assert_uint_eq(count_of(status, 2, HG_OK), 1);
    ck_assert_uint_eq(count_of(status, 2, HG_E_STATE), 1);

    ck_assert_str_eq(status_of(application_id), "applied");
    ck_assert_int_eq(steps_of(application_id), 3);
    ck_assert(is_chain(application_id));
}
END_TEST

/* ---- Notes ------------------------------------------------------------------------------------------------------------------ */

START_TEST(notes_are_written_over_what_was_read)
{
    const char *read = sql_text("SELECT to_char(last_updated_at, 'YYYY-MM-DD HH24:MI:SS.US') FROM applications WHERE id = '%s'",
                                application_id);

    as(&manager);
    ck_plays(play("application_set_notes", "{\"application_id\":\"%s\",\"notes\":\"good\",\"expected\":\"%s\"}",
                  application_id, read));
    ck_got("\"recruiter_notes\":\"good\"");
    ck_refuses(play("application_set_notes", "{\"application_id\":\"%s\",\"notes\":\"bad\",\"expected\":\"%s\"}",
                    application_id, read), HG_E_CONFLICT);
    read = sql_text("SELECT to_char(last_updated_at, 'YYYY-MM-DD HH24:MI:SS.US') FROM applications WHERE id = '%s'",
                    application_id);
    as(&viewer);
    ck_refuses(play("application_set_notes", "{\"application_id\":\"%s\",\"expected\":\"%s\"}", application_id, read),
               HG_E_DENIED);
    as(&stranger);
    ck_refuses(play("application_set_notes", "{\"application_id\":\"%s\",\"expected\":\"%s\"}", application_id, read),
               HG_E_NOT_FOUND);
    as(&manager);
    ck_plays(play("application_set_notes", "{\"application_id\":\"%s\",\"notes\":null,\"expected\":\"%s\"}", application_id,
                  read));
    ck_got("\"recruiter_notes\":null");
    ck_assert_int_eq(steps_of(application_id), 1);
}
END_TEST

START_TEST(a_note_in_the_timeline_repeats_the_status_and_is_no_move)
{
    stage_status(application_id, "screening");
    as(&manager);
    ck_plays(play("timeline_add_note", "{\"application_id\":\"%s\",\"note\":\"called\",\"details\":{\"from\":\"x\",\"to\":\"y\","
                  "\"k\":1}}", application_id));

    ck_got("\"status\":\"screening\"");
    ck_got("\"k\": 1");
    ck_not_got("\"from\"");
    ck_assert(is_chain(application_id));
    ck_refuses(play("timeline_add_note", "{\"application_id\":\"%s\",\"note\":\" \"}", application_id), HG_E_INVALID);
    ck_refuses(play("timeline_add_note", "{\"application_id\":\"%s\",\"note\":\"n\",\"details\":[1]}", application_id),
               HG_E_INVALID);
    as(&viewer);
    ck_refuses(play("timeline_add_note", "{\"application_id\":\"%s\",\"note\":\"n\"}", application_id), HG_E_DENIED);
    as(&stranger);
    ck_refuses(play("timeline_add_note", "{\"application_id\":\"%s\",\"note\":\"n\"}", application_id), HG_E_NOT_FOUND);
    as(&recruiter);
    ck_plays(play("application_undo", "{\"application_id\":\"%s\"}", application_id));
    ck_got("\"status\":\"applied\"");
}
END_TEST

/* ---- In another's name ---------------------------------------------------------------------------------------------------- */

START_TEST(a_recruiter_applies_only_for_those_who_let_the_company)
{
    const char *second = stage_job(company_id);
    actor open;
    const char *open_profile = stage_profile(&open, "{\"profile_public\": true}");

    as(&recruiter);
    ck_plays(play("application_submit_on_behalf", "{\"job_id\":\"%s\",\"candidate_id\":\"%s\",\"referrer_id\":\"%s\"}", second,
                  open_profile, manager.id));
    ck_got("\"status\":\"applied\"");
    ck_plays(play("application_submit_on_behalf", "{\"job_id\":\"%s\",\"candidate_id\":\"%s\"}", second, profile));
    ck_refuses(play("application_submit_on_behalf", "{\"job_id\":\"%s\",\"candidate_id\":\"%s\"}", second, profile),
               HG_E_CONFLICT);
    ck_refuses(play("application_submit_on_behalf", "{\"job_id\":\"%s\",\"candidate_id\":\"%s\"}", second, other_profile),
               HG_E_NOT_FOUND);
    ck_assert_int_eq(sql_int("SELECT application_count FROM jobs WHERE id = '%s'", second), 2);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM notifications WHERE user_id IN ('%s', '%s')"
                             " AND notification_type = 'application_on_behalf'", open.id, candidate.id), 2);
}
END_TEST

START_TEST(leak_2_being_seen_by_one_company_is_no_way_into_another)
{
    const char *theirs = stage_job(other_company_id);

    sql_do("INSERT INTO company_members (company_id, user_id, role, joined_at) VALUES ('%s', '%s', 'recruiter', now())",
           other_company_id, recruiter.id);
    as(&recruiter);                    /* recruits for both; the candidate has applied to one */
    ck_refuses(play("application_submit_on_behalf", "{\"job_id\":\"%s\",\"candidate_id\":\"%s\"}", theirs, profile),
               HG_E_NOT_FOUND);
    ck_refuses(play("application_copy_to_job", "{\"application_id\":\"%s\",\"job_id\":\"%s\"}", application_id, theirs),
               HG_E_NOT_FOUND);
    as(&stranger);
    ck_refuses(play("application_submit_on_behalf", "{\"job_id\":\"%s\",\"candidate_id\":\"%s\"}", job_id, other_profile),
               HG_E_NOT_FOUND);
}
END_TEST

START_TEST(on_behalf_has_bad_input_too)
{
    const char *second = stage_job(company_id);

    as(&recruiter);
    ck_refuses(play("application_submit_on_behalf", "{\"job_id\":\"%s\",\"candidate_id\":\"%s\",\"documents\":{}}", second,
                    profile), HG_E_INVALID);
    ck_refuses(play("application_submit_on_behalf", "{\"job_id\":\"%s\",\"candidate_id\":\"%s\",\"referrer_id\":\"%s\"}",
                    second, profile, stranger.id), HG_E_NOT_FOUND);
    as(&viewer);
    ck_refuses(play("application_submit_on_behalf", "{\"job_id\":\"%s\",\"candidate_id\":\"%s\"}", second, profile),
               HG_E_DENIED);
    sql_do("UPDATE jobs SET employment_status = 'closed' WHERE id = '%s'", second);
    as(&recruiter);
    ck_refuses(play("application_submit_on_behalf", "{\"job_id\":\"%s\",\"candidate_id\":\"%s\"}", second, profile),
               HG_E_STATE);
}
END_TEST

START_TEST(a_copy_has_the_letter_and_not_the_notes)
{
    const char *second = stage_job(company_id), *copy;

    sql_do("UPDATE applications SET cover_letter = 'Dear all', recruiter_notes = 'hm', ai_match_score = 9 WHERE id = '%s'",
           application_id);
    as(&recruiter);
    ck_plays(play("application_copy_to_job", "{\"application_id\":\"%s\",\"job_id\":\"%s\"}", application_id, second));

    copy = sql_text("SELECT id FROM applications WHERE job_id = '%s'", second);
    ck_assert_str_eq(sql_text("SELECT concat_ws(',', status, cover_letter, recruiter_notes, ai_match_score) FROM applications"
                              " WHERE id = '%s'", copy), "applied,Dear all");
    ck_assert_str_eq(sql_text("SELECT metadata ->> 'copied_from' FROM application_timeline WHERE application_id = '%s'", copy),
                     application_id);
    ck_refuses(play("application_copy_to_job", "{\"application_id\":\"%s\",\"job_id\":\"%s\"}", application_id, second),
               HG_E_CONFLICT);
    as(&manager);
    ck_refuses(play("application_copy_to_job", "{\"application_id\":\"%s\",\"job_id\":\"%s\"}", application_id, second),
               HG_E_DENIED);
}
END_TEST

START_TEST(of_eight_copies_at_once_one_is_made)
{
    const actor *who[8];
    const char *second = stage_job(company_id), *json[8];
    hg_status status[8];

    for (size_t i = 0; i < 8; i++) {
        who[i] = &recruiter;
        json[i] = fixture_text("{\"application_id\":\"%s\",\"job_id\":\"%s\"}", application_id, second);
    }
    play_at_once(8, who, "application_copy_to_job", json, status);
    ck_assert_uint_eq(count_of(status, 8, HG_OK), 1);
    ck_assert_uint_eq(count_of(status, 8, HG_E_CONFLICT), 7);
    ck_assert_int_eq(sql_int("SELECT application_count FROM jobs WHERE id = '%s'", second), 1);
}
END_TEST

Suite *
suite_operations_applications(void)
{
    Suite *suite = suite_create("operations/applications");
    TCase *tcase = tcase_create("applications");

    tcase_add_checked_fixture(tcase, stage_open, fixture_close);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_candidate_withdraws_with_a_step_and_the_poster_is_told);
    tcase_add_loop_test(tcase, what_is_decided_is_not_withdrawn, 0, 7);
    tcase_add_test(tcase, leak_nobody_withdraws_for_another);
    tcase_add_test(tcase, the_reason_is_the_companys_and_the_feedback_the_candidates);
    tcase_add_test(tcase, only_open_applications_are_rejected_and_by_recruiters);
    tcase_add_test(tcase, a_hire_settles_the_referral_and_fills_the_job);
    tcase_add_test(tcase, a_second_hire_writes_nothing);
    tcase_add_test(tcase, of_eight_hires_at_once_one_pays_a_commission);
    tcase_add_test(tcase, a_hire_without_offer_or_rank_or_money_is_refused);
    tcase_add_test(tcase, a_hire_whose_commission_cannot_be_kept_does_not_happen);
    tcase_add_test(tcase, a_hire_that_came_by_another_way_is_settled_afterwards);
    tcase_add_test(tcase, an_undo_goes_back_once_and_is_a_step);
    tcase_add_test(tcase, the_undo_of_a_hire_takes_the_referral_back_until_it_is_approved);
    tcase_add_test(tcase, nothing_and_a_withdrawal_are_not_undone);
    tcase_add_test(tcase, of_two_recruiters_who_move_an_application_at_once_one_wins);
    tcase_add_test(tcase, rejecting_withdrawing_and_undoing_at_once_leave_a_chain);
    tcase_add_test(tcase, notes_are_written_over_what_was_read);
    tcase_add_test(tcase, a_note_in_the_timeline_repeats_the_status_and_is_no_move);
    tcase_add_test(tcase, a_recruiter_applies_only_for_those_who_let_the_company);
    tcase_add_test(tcase, leak_2_being_seen_by_one_company_is_no_way_into_another);
    tcase_add_test(tcase, on_behalf_has_bad_input_too);
    tcase_add_test(tcase, a_copy_has_the_letter_and_not_the_notes);
    tcase_add_test(tcase, of_eight_copies_at_once_one_is_made);
    suite_add_tcase(suite, tcase);
    return suite;
}
