/* operations/interviews - planning, moving and ending interviews, reminders, calendars, and interviews held by a model. */
#include "operations/applications_stage.h"
#include "suites.h"

#include <string.h>

static const char *
schedule_json(const char *interviewer, const char *at, const char *more)
{
    return fixture_text("{\"application_id\":\"%s\",\"interviewer_id\":\"%s\",\"interview_type\":\"video\","
                        "\"scheduled_at\":\"%s\"%s}", application_id, interviewer, at, more);
}

static hg_status
schedule(const char *interviewer, const char *at, const char *more)
{
    return play("interview_schedule", "%s", schedule_json(interviewer, at, more));
}

static const char *
an_interview(const char *interviewer, const char *at)
{
    const char *id = stage_id();

    sql_do("INSERT INTO interviews (id, application_id, interviewer_id, interview_type, scheduled_at) VALUES ('%s', '%s', '%s',"
           " 'video', '%s')", id, application_id, interviewer, at);
    return id;
}

/* ---- Planning ---------------------------------------------------------------------------------------------------------- */

START_TEST(an_interview_is_planned_and_its_people_are_told)
{
    as(&recruiter);
    ck_plays(schedule(manager.id, "2031-05-01 10:00:00", ",\"advance\":true"));

    ck_got("\"status\":\"scheduled\"");
    ck_got("\"duration_minutes\":60");
    ck_assert_str_eq(status_of(application_id), "interviewing");
    ck_assert_int_eq(steps_of(application_id), 3);
    ck_assert(is_chain(application_id));
    ck_assert_int_eq(sql_int("SELECT count(*) FROM notifications WHERE user_id IN ('%s', '%s') AND notification_type ="
                             " 'interview_scheduled'", candidate.id, manager.id), 2);
}
END_TEST

/* One is there from 10:00 to 11:00. */
static const struct { const char *name, *at, *more; hg_status status; } times[] = {
    { "the same time",                  "2031-05-01 10:00:00", "",                                            HG_E_CONFLICT },
    { "its last minute",                "2031-05-01 10:59:00", "",                                            HG_E_CONFLICT },
    { "around it",                      "2031-05-01 09:00:00", ",\"duration_minutes\":240",                   HG_E_CONFLICT },
    { "right behind it",                "2031-05-01 11:00:00", "",                                            HG_OK },
    { "right before it",                "2031-05-01 09:00:00", "",                                            HG_OK },
    { "behind it without the buffer",   "2031-05-01 11:10:00", ",\"buffer_minutes\":15",                      HG_E_CONFLICT },
    { "behind it with the buffer",      "2031-05-01 11:15:00", ",\"buffer_minutes\":15",                      HG_OK },
    { "before it without the buffer",   "2031-05-01 08:50:00", ",\"buffer_minutes\":15",                      HG_E_CONFLICT },
    { "no length",                      "2031-05-02 10:00:00", ",\"duration_minutes\":0",                     HG_E_INVALID },
    { "two days",                       "2031-05-02 10:00:00", ",\"duration_minutes\":2880",                  HG_E_INVALID },
    { "a negative buffer",              "2031-05-02 10:00:00", ",\"buffer_minutes\":-1",                      HG_E_INVALID },
    { "no moment",                      "infinity",            "",                                            HG_E_INVALID },
};

START_TEST(an_interviewer_is_at_one_place)
{
    hg_status st;

    an_interview(manager.id, "2031-05-01 10:00:00");
    as(&recruiter);
    st = schedule(manager.id, times[_i].at, times[_i].more);
    ck_assert_msg(st == times[_i].status, "%s gave %s (%s)", times[_i].name, hg_status_name(st), err.message);
    if (times[_i].status == HG_E_CONFLICT)          /* cancelled, it takes no time; and another person has his own */
        ck_plays(schedule(recruiter.id, times[_i].at, times[_i].more));
}
END_TEST

START_TEST(a_cancelled_one_takes_no_time)
{
    sql_do("UPDATE interviews SET status = 'cancelled' WHERE id = '%s'", an_interview(manager.id, "2031-05-01 10:00:00"));
    as(&recruiter);
    ck_plays(schedule(manager.id, "2031-05-01 10:00:00", ""));
}
END_TEST

START_TEST(of_eight_at_once_for_one_interviewer_none_overlap)
{
    const actor *who[8];
    const char *json[8];
    hg_status status[8];

    for (size_t i = 0; i < 8; i++) {   /* each for an application of its own, so that it is not the lock */
        actor somebody;
        const char *whose = stage_application(job_id, stage_profile(&somebody, "{}"), "applied");

        who[i] = i % 2 == 0 ? &recruiter : &boss;
        json[i] = fixture_text("{\"application_id\":\"%s\",\"interviewer_id\":\"%s\",\"interview_type\":\"phone\","
                               "\"scheduled_at\":\"2031-05-01 10:%02zu:00\"}", whose, manager.id, i * 5);
    }
    play_behind(fixture_text("SELECT FROM users WHERE id = '%s' FOR UPDATE", manager.id), 8, who, "interview_schedule", json,
                status);

    ck_assert_uint_eq(count_of(status, 8, HG_OK), 1);
    ck_assert_uint_eq(count_of(status, 8, HG_E_CONFLICT), 7);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM interviews WHERE interviewer_id = '%s'", manager.id), 1);
}
END_TEST

START_TEST(who_may_plan_and_who_may_hold)
{
    as(&manager);
    ck_refuses(schedule(recruiter.id, "2031-05-01 10:00:00", ""), HG_E_DENIED);
    as(&stranger);
    ck_refuses(schedule(stranger.id, "2031-05-01 10:00:00", ""), HG_E_NOT_FOUND);
    as(&candidate);
    ck_refuses(schedule(manager.id, "2031-05-01 10:00:00", ""), HG_E_DENIED);
    as(&recruiter);
    ck_refuses(schedule(stranger.id, "2031-05-01 10:00:00", ""), HG_E_NOT_FOUND);
    ck_refuses(schedule(candidate.id, "2031-05-01 10:00:00", ""), HG_E_NOT_FOUND);
    ck_plays(schedule(freelancer.id, "2031-05-01 10:00:00", ""));
    ck_plays(play("interview_schedule", "{\"application_id\":\"%s\",\"interview_type\":\"phone\","
                  "\"scheduled_at\":\"2031-05-01 10:00:00\"}", application_id));
    ck_assert_str_eq(status_of(application_id), "applied");
    stage_status(application_id, "rejected");
    ck_refuses(schedule(manager.id, "2031-05-03 10:00:00", ""), HG_E_STATE);
}
END_TEST

/* ---- Another time ------------------------------------------------------------------------------------------------------ */

static hg_status
reschedule(const char *id, const char *expected, const char *at)
{
    return play("interview_reschedule", "{\"interview_id\":\"%s\",\"expected\":\"%s\",\"scheduled_at\":\"%s\"}", id, expected, at);
}

START_TEST(another_time_wants_the_old_one_and_a_free_one)
{
    const char *id = an_interview(manager.id, "2031-05-01 10:00:00");

    an_interview(manager.id, "2031-05-01 14:00:00");
    as(&recruiter);
    ck_refuses(reschedule(id, "2031-05-01 10:30:00", "2031-05-01 12:00:00"), HG_E_CONFLICT);
    ck_refuses(reschedule(id, "2031-05-01 10:00:00", "2031-05-01 13:30:00"), HG_E_CONFLICT);
    ck_plays(reschedule(id, "2031-05-01 10:00:00", "2031-05-01 10:30:00"));     /* over its own old time */
    ck_got("\"status\":\"scheduled\"");
    ck_assert_int_eq(sql_int("SELECT count(*) FROM notifications WHERE user_id IN ('%s', '%s') AND notification_type ="
                             " 'interview_rescheduled'", candidate.id, manager.id), 2);
    as(&viewer);
    ck_refuses(reschedule(id, "2031-05-01 10:30:00", "2031-05-01 12:00:00"), HG_E_DENIED);
    as(&stranger);
    ck_refuses(reschedule(id, "2031-05-01 10:30:00", "2031-05-01 12:00:00"), HG_E_NOT_FOUND);
    sql_do("UPDATE interviews SET status = 'completed' WHERE id = '%s'", id);
    as(&recruiter);
    ck_refuses(reschedule(id, "2031-05-01 10:30:00", "2031-05-01 12:00:00"), HG_E_STATE);
}
END_TEST

/* ---- The end ------------------------------------------------------------------------------------------------------------- */

START_TEST(the_interviewer_ends_it_whatever_he_is)
{
    static const actor *const held_by[] = { &viewer, &freelancer, &candidate };
    const char *id = an_interview(held_by[_i]->id, "2031-05-01 10:00:00");

    as(held_by[_i]);
    ck_plays(play("interview_finish", "{\"interview_id\":\"%s\",\"status\":\"completed\",\"score\":8,\"feedback\":\"fine\"}", id));
    ck_got("\"score\":8");
    ck_got("\"feedback\":\"fine\"");
    ck_refuses(play("interview_finish", "{\"interview_id\":\"%s\",\"status\":\"no_show\"}", id), HG_E_STATE);
}
END_TEST

START_TEST(others_end_it_by_rank_only)
{
    const char *id = an_interview(manager.id, "2031-05-01 10:00:00");
    static const struct { const actor *who; hg_status status; } callers[] = {
        { &viewer, HG_E_DENIED }, { &stranger, HG_E_NOT_FOUND }, { &candidate, HG_E_NOT_FOUND },
        { &freelancer, HG_E_NOT_FOUND }, { &recruiter, HG_OK },
    };

    for (size_t i = 0; i < 5; i++) {
        as(callers[i].who);
        ck_refuses(play("interview_finish", "{\"interview_id\":\"%s\",\"status\":\"cancelled\"}", id), callers[i].status);
    }
    ck_assert_int_eq(sql_int("SELECT count(*) FROM notifications WHERE user_id IN ('%s', '%s') AND notification_type ="
                             " 'interview_cancelled'", candidate.id, manager.id), 2);
}
END_TEST

static const char *const bad_ends[] = {
    "\"status\":\"scheduled\"", "\"status\":\"over\"", "\"status\":\"completed\",\"score\":0",
    "\"status\":\"completed\",\"score\":11", "\"status\":\"no_show\",\"score\":5",
};

START_TEST(it_does_not_end_so)
{
    const char *id = an_interview(manager.id, "2031-05-01 10:00:00");

    as(&manager);
    ck_refuses(play("interview_finish", "{\"interview_id\":\"%s\",%s}", id, bad_ends[_i]), HG_E_INVALID);
    ck_assert_str_eq(sql_text("SELECT status FROM interviews WHERE id = '%s'", id), "scheduled");
}
END_TEST

START_TEST(of_two_ends_at_once_one_counts)
{
    const actor *who[] = { &recruiter, &manager };
    const char *id = an_interview(manager.id, "2031-05-01 10:00:00");
    const char *json[] = { fixture_text("{\"interview_id\":\"%s\",\"status\":\"completed\",\"score\":1}", id),
                           fixture_text("{\"interview_id\":\"%s\",\"status\":\"completed\",\"score\":9}", id) };
    hg_status status[2];

    play_at_once(2, who, "interview_finish", json, status);
    ck_assert_uint_eq(count_of(status, 2, HG_OK), 1);
    ck_assert_uint_eq(count_of(status, 2, HG_E_STATE), 1);
    ck_assert_int_eq(sql_int("SELECT score FROM interviews WHERE id = '%s'", id), status[0] == HG_OK ? 1 : 9);
}
END_TEST

/* ---- Reminders, calendars, numbers --------------------------------------------------------------------------------------- */

START_TEST(each_reminder_is_claimed_once_by_however_many)
{
    const actor worker = { .role = HG_ROLE_SERVICE }, *who[8];
    const char *json[8];
    hg_status status[8];
    char *soon = fixture_text("%s", sql_text("SELECT (now() AT TIME ZONE 'UTC' + interval '30 minutes')::text"));

    an_interview(manager.id, soon);
    for (size_t i = 0; i < 8; i++) {
        who[i] = &worker;
        json[i] = "{\"minutes_before\":60,\"at_most\":1000}";
    }
    play_at_once(8, who, "interview_due_reminders", json, status);
    ck_assert_uint_eq(count_of(status, 8, HG_OK), 8);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM notifications WHERE user_id IN ('%s', '%s') AND notification_type ="
                             " 'interview_reminder'", candidate.id, manager.id), 2);
}
END_TEST

START_TEST(a_reminder_that_is_thrown_away_does_not_come_back_but_another_time_does)
{
    const char *id = an_interview(manager.id, sql_text("SELECT (now() AT TIME ZONE 'UTC' + interval '30 minutes')::text"));

    ck_plays(play_service("interview_due_reminders", "{\"minutes_before\":60,\"at_most\":1000}"));
    ck_got(id);
    ck_got("\"is_candidate\":true");
    sql_do("DELETE FROM notifications WHERE user_id IN ('%s', '%s')", candidate.id, manager.id);
    ck_plays(play_service("interview_due_reminders", "{\"minutes_before\":60,\"at_most\":1000}"));
    ck_not_got(id);
    ck_plays(play_service("interview_due_reminders", "{\"minutes_before\":1440,\"at_most\":1000}"));
    ck_got(id);
    sql_do("UPDATE interviews SET scheduled_at = scheduled_at + interval '5 minutes' WHERE id = '%s'", id);
    ck_plays(play_service("interview_due_reminders", "{\"minutes_before\":60,\"at_most\":1000}"));
    ck_got(id);
    ck_refuses(play_service("interview_due_reminders", "{\"minutes_before\":0,\"at_most\":10}"), HG_E_INVALID);
    as(&boss);
    ck_refuses(play("interview_due_reminders", "{\"minutes_before\":60,\"at_most\":10}"), HG_E_DENIED);
}
END_TEST

START_TEST(busy_is_times_and_nobody_elses_business)
{
    const char *window = "\"starts_from\":\"2031-05-01 00:00:00\",\"starts_until\":\"2031-05-02 00:00:00\"";

    an_interview(manager.id, "2031-05-01 10:00:00");
    an_interview(manager.id, "2031-05-03 10:00:00");
    as(&recruiter);
    ck_plays(play("interviewer_busy", "{\"interviewer_id\":\"%s\",%s}", manager.id, window));
    ck_got("10:00:00");
    ck_got("11:00:00");
    ck_not_got("2031-05-03");
    ck_not_got(application_id);
    as(&manager);
    ck_plays(play("interviewer_busy", "{\"interviewer_id\":\"%s\",%s}", manager.id, window));
    ck_got("10:00:00");
    as(&stranger);
    ck_plays(play("interviewer_busy", "{\"interviewer_id\":\"%s\",%s}", manager.id, window));
    ck_assert_str_eq(got, "[]");
    as(&candidate);
    ck_plays(play("interviewer_busy", "{\"interviewer_id\":\"%s\",%s}", manager.id, window));
    ck_assert_str_eq(got, "[]");
}
END_TEST

START_TEST(numbers_of_nothing_are_zeros_and_of_something_are_right)
{
    as(&stranger);
    ck_plays(play("interview_stats", "{\"company_id\":\"%s\"}", other_company_id));
    ck_got("\"is_total\":true");
    ck_got("\"interviews\":0");
    ck_got("\"no_show_percent\":0");
    ck_refuses(play("interview_stats", "{\"company_id\":\"%s\"}", company_id), HG_E_NOT_FOUND);

    sql_do("UPDATE interviews SET status = 'completed', score = 6 WHERE id = '%s'", an_interview(manager.id, "2031-05-01"));
    sql_do("UPDATE interviews SET status = 'completed', score = 9 WHERE id = '%s'", an_interview(manager.id, "2031-05-02"));
    sql_do("UPDATE interviews SET status = 'no_show' WHERE id = '%s'", an_interview(manager.id, "2031-05-03"));
    sql_do("UPDATE interviews SET score = 1 WHERE id = '%s'", an_interview(recruiter.id, "2031-05-04"));
    as(&viewer);
    ck_plays(play("interview_stats", "{\"company_id\":\"%s\"}", company_id));
    ck_got("\"interviews\":4,\"scheduled\":1,\"completed\":2,\"cancelled\":0,\"no_show\":1,\"avg_score\":7.50,"
           "\"stddev_score\":2.12,\"no_show_percent\":33.33");
    ck_got(fixture_text("\"interviewer_id\":\"%s\"", manager.id));
}
END_TEST

/* ---- Interviews held by a model -------------------------------------------------------------------------------------------- */

static const char *
a_session(void)
{
    const char *id = stage_id();

    sql_do("INSERT INTO ai_interview_sessions (id, application_id, session_type, questions, responses) VALUES ('%s', '%s',"
           " 'technical', '[{\"id\": 1}]', '[]')", id, application_id);
    return id;
}

START_TEST(a_session_begins_without_responses)
{
    as(&recruiter);
    ck_plays(play("ai_session_create", "{\"application_id\":\"%s\",\"session_type\":\"technical\",\"questions\":[{\"id\":1}]}",
                  application_id));
    ck_got("\"responses\":[]");
    ck_refuses(play("ai_session_create", "{\"application_id\":\"%s\",\"session_type\":\"technical\",\"questions\":[]}",
                    application_id), HG_E_INVALID);
    as(&manager);
    ck_refuses(play("ai_session_create", "{\"application_id\":\"%s\",\"session_type\":\"technical\",\"questions\":[1]}",
                    application_id), HG_E_DENIED);
    as(&stranger);
    ck_refuses(play("ai_session_create", "{\"application_id\":\"%s\",\"session_type\":\"technical\",\"questions\":[1]}",
                    application_id), HG_E_NOT_FOUND);
    stage_status(application_id, "rejected");
    as(&recruiter);
    ck_refuses(play("ai_session_create", "{\"application_id\":\"%s\",\"session_type\":\"technical\",\"questions\":[1]}",
                    application_id), HG_E_STATE);
}
END_TEST

START_TEST(of_eight_answers_at_once_one_is_kept)
{
    const actor *who[8];
    const char *id = a_session(), *json[8];
    hg_status status[8];

    for (size_t i = 0; i < 8; i++) {
        who[i] = &candidate;
        json[i] = fixture_text("{\"session_id\":\"%s\",\"response\":{\"n\":%zu},\"expected\":0}", id, i);
    }
    play_at_once(8, who, "ai_session_append", json, status);
    ck_assert_uint_eq(count_of(status, 8, HG_OK), 1);
    ck_assert_uint_eq(count_of(status, 8, HG_E_CONFLICT), 7);
    ck_assert_int_eq(sql_int("SELECT jsonb_array_length(responses) FROM ai_interview_sessions WHERE id = '%s'", id), 1);
}
END_TEST

START_TEST(an_answer_wants_its_candidate_and_an_open_session)
{
    const char *id = a_session();

    as(&candidate);
    ck_plays(play("ai_session_append", "{\"session_id\":\"%s\",\"response\":{\"n\":1},\"expected\":0}", id));
    ck_assert_str_eq(got, "1");
    ck_refuses(play("ai_session_append", "{\"session_id\":\"%s\",\"response\":{\"n\":1},\"expected\":0}", id), HG_E_CONFLICT);
    ck_refuses(play("ai_session_append", "{\"session_id\":\"%s\",\"response\":[1],\"expected\":1}", id), HG_E_INVALID);
    as(&other);
    ck_refuses(play("ai_session_append", "{\"session_id\":\"%s\",\"response\":{\"n\":1},\"expected\":1}", id), HG_E_NOT_FOUND);
    as(&recruiter);
    ck_refuses(play("ai_session_append", "{\"session_id\":\"%s\",\"response\":{\"n\":1},\"expected\":1}", id), HG_E_DENIED);

    ck_refuses(play_service("ai_session_complete", "{\"session_id\":\"%s\",\"overall_score\":101}", id), HG_E_INVALID);
    ck_plays(play_service("ai_session_complete", "{\"session_id\":\"%s\",\"ai_scores\":{\"a\":1},\"overall_score\":88.5,"
                          "\"session_duration\":60}", id));
    ck_got("\"overall_score\":88.50");
    ck_refuses(play_service("ai_session_complete", "{\"session_id\":\"%s\"}", id), HG_E_STATE);
    ck_refuses(play_service("ai_session_complete", "{\"session_id\":\"%s\"}", stage_id()), HG_E_NOT_FOUND);
    as(&candidate);
    ck_refuses(play("ai_session_append", "{\"session_id\":\"%s\",\"response\":{\"n\":1},\"expected\":1}", id), HG_E_STATE);
    ck_refuses(play("ai_session_complete", "{\"session_id\":\"%s\"}", id), HG_E_DENIED);
}
END_TEST

Suite *
suite_operations_interviews(void)
{
    Suite *suite = suite_create("operations/interviews");
    TCase *tcase = tcase_create("interviews");

    tcase_add_checked_fixture(tcase, stage_open, fixture_close);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, an_interview_is_planned_and_its_people_are_told);
    tcase_add_loop_test(tcase, an_interviewer_is_at_one_place, 0, sizeof times / sizeof times[0]);
    tcase_add_test(tcase, a_cancelled_one_takes_no_time);
    tcase_add_test(tcase, of_eight_at_once_for_one_interviewer_none_overlap);
    tcase_add_test(tcase, who_may_plan_and_who_may_hold);
    tcase_add_test(tcase, another_time_wants_the_old_one_and_a_free_one);
    tcase_add_loop_test(tcase, the_interviewer_ends_it_whatever_he_is, 0, 3);
    tcase_add_test(tcase, others_end_it_by_rank_only);
    tcase_add_loop_test(tcase, it_does_not_end_so, 0, 5);
    tcase_add_test(tcase, of_two_ends_at_once_one_counts);
    tcase_add_test(tcase, each_reminder_is_claimed_once_by_however_many);
    tcase_add_test(tcase, a_reminder_that_is_thrown_away_does_not_come_back_but_another_time_does);
    tcase_add_test(tcase, busy_is_times_and_nobody_elses_business);
    tcase_add_test(tcase, numbers_of_nothing_are_zeros_and_of_something_are_right);
    tcase_add_test(tcase, a_session_begins_without_responses);
    tcase_add_test(tcase, of_eight_answers_at_once_one_is_kept);
    tcase_add_test(tcase, an_answer_wants_its_candidate_and_an_open_session);
    suite_add_tcase(suite, tcase);
    return suite;
}
