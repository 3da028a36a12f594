/* operations/applications_steps - of a step whose last part fails nothing is left. */
#include "operations/applications_stage.h"
#include "hotgigs/operation.h"
#include "suites.h"

#include <string.h>

/* ---- All or nothing -------------------------------------------------------------------------------------------------------- */

/* The notification is the last thing that a step writes. Here it fails, for these people only, so that a trigger that a
 * crash leaves behind hurts nobody. */
static void
nobody_can_be_told(void)
{
    sql_do("CREATE OR REPLACE FUNCTION public.test_refuse() RETURNS trigger LANGUAGE plpgsql AS"
           " $$ BEGIN RAISE EXCEPTION 'not today' USING ERRCODE = 'HG003'; END $$");
    sql_do("DROP TRIGGER IF EXISTS test_refuse ON notifications");
    sql_do("CREATE TRIGGER test_refuse BEFORE INSERT ON notifications FOR EACH ROW WHEN (NEW.user_id IN"
           " ('%s', '%s', '%s', '%s', '%s')) EXECUTE FUNCTION public.test_refuse()", candidate.id, other.id, freelancer.id,
           boss.id, manager.id);
}

static void
they_can_be_told_again(void)
{
    sql_do("DROP TRIGGER test_refuse ON notifications");
    sql_do("DROP FUNCTION public.test_refuse()");
}

/* Everything that these steps write, as one text. */
static const char *
the_world(void)
{
    return sql_text("SELECT concat("
                    "(SELECT json_agg(t ORDER BY id) FROM (SELECT * FROM applications WHERE job_id IN (SELECT id FROM jobs WHERE"
                    " company_id = '%s')) t),"
                    "(SELECT json_agg(t ORDER BY id) FROM (SELECT * FROM application_timeline WHERE application_id IN (SELECT id"
                    " FROM applications WHERE job_id IN (SELECT id FROM jobs WHERE company_id = '%s'))) t),"
                    "(SELECT json_agg(t ORDER BY id) FROM (SELECT * FROM jobs WHERE company_id = '%s') t),"
                    "(SELECT json_agg(t ORDER BY id) FROM (SELECT * FROM referrals WHERE recruiter_id = '%s') t),"
                    "(SELECT json_agg(t ORDER BY id) FROM (SELECT * FROM freelance_recruiters WHERE id = '%s') t),"
                    "(SELECT json_agg(t ORDER BY id) FROM (SELECT * FROM interviews WHERE application_id = '%s') t),"
                    "(SELECT json_agg(t ORDER BY id) FROM (SELECT * FROM ai_interview_sessions WHERE application_id = '%s') t),"
                    "(SELECT count(*) FROM analytics_events WHERE user_id IN ('%s', '%s')))",
                    company_id, company_id, company_id, agent, agent, application_id, application_id, candidate.id,
                    manager.id);
}

enum { HIRED_REFERRAL = 1, OFFER = 2, PENDING_REFERRAL = 4, INTERVIEW = 8, REJECTED = 16 };

/* A for the application, J for a second job, O for the other candidate, R for a referral, I for an interview. */
static const struct { const char *operation, *json; const actor *who; int with; } steps[] = {
    { "application_submit",           "{'job_id':'J','candidate_id':'P'}",                               &candidate,  0 },
    { "application_submit_on_behalf", "{'job_id':'J','candidate_id':'P'}",                               &recruiter,  0 },
    { "application_copy_to_job",      "{'application_id':'A','job_id':'J'}",                             &recruiter,  0 },
    { "application_set_status",       "{'application_id':'A','from_status':'applied','to_status':'screening'}", &recruiter, 0 },
    { "application_bulk_set_status",  "{'application_ids':['A'],'to_status':'screening'}",               &recruiter,  0 },
    { "application_withdraw",         "{'application_id':'A'}",                                          &candidate,  0 },
    { "application_reject",           "{'application_id':'A','reason':'r','feedback':'f'}",              &recruiter,  0 },
    { "application_undo",             "{'application_id':'A'}",                                          &recruiter,  REJECTED },
    { "application_hire",             "{'application_id':'A','fee_basis':100,'close_job':true}",         &recruiter,  OFFER },
    { "interview_schedule",           "{'application_id':'A','interviewer_id':'M','interview_type':'phone',"
                                      "'scheduled_at':'2031-01-01 10:00:00','advance':true}",            &recruiter,  0 },
    { "interview_reschedule",         "{'interview_id':'I','expected':'2031-01-01 10:00:00',"
                                      "'scheduled_at':'2031-01-01 12:00:00'}",                           &recruiter,  INTERVIEW },
    { "interview_finish",             "{'interview_id':'I','status':'cancelled'}",                       &recruiter,  INTERVIEW },
    { "ai_session_create",            "{'application_id':'A','session_type':'technical','questions':[1]}", &recruiter, 0 },
    { "referral_create",              "{'recruiter_id':'F','candidate_id':'O','job_id':'J'}",            &freelancer, 0 },
    { "referral_decide",              "{'referral_id':'R','accept':true}",                               &recruiter,  PENDING_REFERRAL },
    { "commission_approve",           "{'referral_id':'R','amount':5}",                                  &boss,       HIRED_REFERRAL },
};

static const char *
filled(const char *json, const char *job, const char *referral, const char *interview)
{
    char *text = fixture_memory(2000);
    size_t n = 0;

    for (const char *p = json; *p != '\0'; p++) {
        const char *id = p[-(p > json)] != '\'' || p[1] != '\'' ? NULL
                         : *p == 'A' ? application_id : *p == 'J' ? job : *p == 'P' ? profile : *p == 'O' ? other_profile
                         : *p == 'F' ? agent : *p == 'M' ? manager.id : *p == 'R' ? referral : *p == 'I' ? interview : NULL;

        if (id != NULL) {
            memcpy(text + n, id, strlen(id));
            n += strlen(id);
        } else {
            text[n++] = *p == '\'' ? '"' : *p;
        }
    }
    text[n] = '\0';
    return text;
}

START_TEST(of_a_step_whose_last_part_fails_nothing_is_left)
{
    const char *job = stage_job(company_id), *referral = stage_id(), *interview = stage_id(), *before, *json;

    if (steps[_i].with == OFFER) {
        stage_status(application_id, "offer");
        sql_do("INSERT INTO referrals (id, recruiter_id, candidate_id, job_id, referral_status) VALUES ('%s', '%s', '%s', '%s',"
               " 'accepted')", referral, agent, profile, job_id);
        sql_do("UPDATE applications SET referrer_id = '%s' WHERE id = '%s'", freelancer.id, application_id);
    }
    if (steps[_i].with == REJECTED)
        stage_status(application_id, "rejected");
    if (steps[_i].with == PENDING_REFERRAL || steps[_i].with == HIRED_REFERRAL)
        sql_do("INSERT INTO referrals (id, recruiter_id, candidate_id, job_id, referral_status) VALUES ('%s', '%s', '%s', '%s',"
               " '%s')", referral, agent, other_profile, job_id, steps[_i].with == HIRED_REFERRAL ? "hired" : "pending");
    if (steps[_i].with == INTERVIEW)
        sql_do("INSERT INTO interviews (id, application_id, interviewer_id, scheduled_at) VALUES ('%s', '%s', '%s',"
               " '2031-01-01 10:00:00')", interview, application_id, manager.id);
    json = filled(steps[_i].json, job, referral, interview);
    before = the_world();

    nobody_can_be_told();
    as(steps[_i].who);
    ck_refuses(play(steps[_i].operation, "%s", json), HG_E_CONSTRAINT);
    ck_says(err, "not today");
    they_can_be_told_again();
    ck_assert_str_eq(before, the_world());

    ck_plays(play(steps[_i].operation, "%s", json));
    ck_assert_str_ne(before, the_world());
}
END_TEST

Suite *
suite_operations_applications_steps(void)
{
    Suite *suite = suite_create("operations/applications_steps");
    TCase *tcase = tcase_create("applications_steps");

    tcase_add_checked_fixture(tcase, stage_open, fixture_close);
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, of_a_step_whose_last_part_fails_nothing_is_left, 0, sizeof steps / sizeof steps[0]);
    suite_add_tcase(suite, tcase);
    return suite;
}
