/* operations/applications_steps - what holds for every operation of applications, interviews, documents and referrals: whom it
 * is not for the library refuses before anything is sent and the database by itself; what it requires is required; and of a
 * step whose last part fails nothing is left. */
#include "operations/applications_stage.h"
#include "hotgigs/operation.h"
#include "suites.h"

#include <string.h>

static const char *const groups[] = { "applications", "interviews", "documents", "referrals" };

static int
is_ours(const hg_operation_info *op)
{
    for (size_t i = 0; i < 4; i++)
        if (strcmp(op->group, groups[i]) == 0)
            return 1;
    return 0;
}

static hg_status
run_any(hg_conn *conn, const hg_operation_info *op, const void *params)
{
    if (op->rows == HG_ROWS_ONE || op->rows == HG_ROWS_MAYBE)
        return hg_operation_run_row(conn, op, params, NULL, &err);
    if (op->rows == HG_ROWS_MANY)
        return hg_operation_run_list(conn, op, params, NULL, &err);
    if (op->rows == HG_ROWS_NONE)
        return hg_operation_run(conn, op, params, &err);
    return hg_operation_run_count(conn, op, params, NULL, &err);
}

static const actor *
someone_of(int32_t role)
{
    static const actor *const people[] = { &visitor, &candidate, &boss, &freelancer };

    return people[role];
}

START_TEST(whom_an_operation_is_not_for_nothing_is_sent)
{
    int count = 0;

    for (int32_t i = 0; i < hg_operation_count(); i++) {
        const hg_operation_info *op = hg_operation_describe(i);

        for (int32_t role = HG_ROLE_ANON; is_ours(op) && role <= HG_ROLE_FREELANCER; role++) {
            uint64_t trips = conn_stats(tenant).round_trips;
            hg_status st;

            if (op->roles >> role & 1)
                continue;
            as(someone_of(role));
            st = run_any(tenant, op, NULL);
            ck_assert_msg(st == HG_E_DENIED || st == HG_E_INVALID, "%s as role %d gave %s", op->name, (int)role,
                          hg_status_name(st));
            ck_assert_uint_eq(conn_stats(tenant).round_trips, trips);
            count++;
        }
    }
    ck_assert_int_gt(count, 80);
}
END_TEST

/* With raw libpq, as the login that tenants have: EXPLAIN wants the rights and runs nothing. */
START_TEST(whom_a_step_is_not_for_the_database_refuses)
{
    static const char *const roles[] = { "hotgigs_anon", "hotgigs_candidate", "hotgigs_company", "hotgigs_freelancer" };
    PGconn *raw = sql_connect(fixture_dsn("LOGIN"));
    int count = 0;

    for (int32_t i = 0; i < hg_operation_count(); i++) {
        const hg_operation_info *op = hg_operation_describe(i);
        const char *nulls = "";

        if (!is_ours(op) || op->rights == HG_RIGHTS_CALLER)
            continue;
        for (int32_t n = 0; n < op->argument_count; n++)
            nulls = fixture_text("%s%sNULL", nulls, n == 0 ? "(" : ", ");
        if (op->argument_count > 0)
            nulls = fixture_text("%s)", nulls);
        for (int role = 0; role < 4; role++) {
            PGresult *result;

            if (op->roles >> role & 1)
                continue;
            PQclear(PQexec(raw, fixture_text("SET ROLE %s", roles[role])));
            result = PQexec(raw, fixture_text("DEALLOCATE ALL; PREPARE it AS %s; EXPLAIN EXECUTE it%s", op->sql, nulls));
            ck_assert_msg(PQresultStatus(result) == PGRES_FATAL_ERROR
                          && strcmp(PQresultErrorField(result, PG_DIAG_SQLSTATE), "42501") == 0,
                          "%s as %s: %s", op->name, roles[role], PQresultErrorMessage(result));
            PQclear(result);
            count++;
        }
    }
    PQfinish(raw);
    ck_assert_int_gt(count, 60);
}
END_TEST

START_TEST(what_is_required_is_required)
{
    int count = 0;

    for (int32_t i = 0; i < hg_operation_count(); i++) {
        const hg_operation_info *op = hg_operation_describe(i);
        int required = 0;

        for (int32_t c = 0; c < op->params->column_count; c++)
            required |= !op->params->columns[c].nullable;
        if (!is_ours(op) || !required)
            continue;
        for (int32_t role = HG_ROLE_CANDIDATE; role <= HG_ROLE_SERVICE; role++) {
            if (!(op->roles >> role & 1))
                continue;
            if (role != HG_ROLE_SERVICE)
                as(someone_of(role));
            ck_assert_msg(run_any(role == HG_ROLE_SERVICE ? service : tenant, op, NULL) == HG_E_INVALID, "%s", op->name);
            count++;
        }
    }
    ck_assert_int_gt(count, 50);
}
END_TEST

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
    tcase_add_test(tcase, whom_an_operation_is_not_for_nothing_is_sent);
    tcase_add_test(tcase, whom_a_step_is_not_for_the_database_refuses);
    tcase_add_test(tcase, what_is_required_is_required);
    tcase_add_loop_test(tcase, of_a_step_whose_last_part_fails_nothing_is_left, 0, sizeof steps / sizeof steps[0]);
    suite_add_tcase(suite, tcase);
    return suite;
}
