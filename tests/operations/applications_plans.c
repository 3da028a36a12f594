/* operations/applications_plans - with two hundred thousand applications, no operation reads a whole table.
 *
 * What a statement reads is counted, functions included: the server's own numbers of rows that its scans gave, in a
 * transaction of a superuser who acts as the persona, and rolls everything back. Each is run several times, so that the
 * functions' generic plans come to it, too. */
#include "operations/applications_stage.h"
#include "hotgigs/operation.h"
#include "suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of a hundred companies with twenty jobs and a hundred applications for each, one is the caller's: what may be read. */
enum { PER_COMPANY = 2000, MUCH = 5 * PER_COMPANY };

static PGconn *raw;

static const char *
raw_text(const char *sql)
{
    PGresult *result = PQexec(raw, sql);
    const char *text = NULL;

    ck_assert_msg(PQresultStatus(result) == PGRES_COMMAND_OK || PQresultStatus(result) == PGRES_TUPLES_OK, "%s: %s", sql,
                  PQerrorMessage(raw));
    if (PQntuples(result) > 0 && !PQgetisnull(result, 0, 0))
        text = fixture_text("%s", PQgetvalue(result, 0, 0));
    PQclear(result);
    return text;
}

/* Triggers are off: counting and telling two hundred thousand times is not what is looked at. */
static void
fill(void)
{
    raw_text("SET LOCAL session_replication_role = replica");
    raw_text("CREATE TEMP TABLE big_companies ON COMMIT DROP AS SELECT n, gen_random_uuid() AS id FROM generate_series(1, 100) n");
    raw_text("INSERT INTO companies (id, name, slug) SELECT id, 'c', 'big-' || id FROM big_companies");
    raw_text("CREATE TEMP TABLE big_jobs ON COMMIT DROP AS SELECT n, gen_random_uuid() AS id, CASE WHEN n <= 20 THEN NULL"
             " ELSE (SELECT id FROM big_companies c WHERE c.n = 1 + j.n % 99) END AS company FROM generate_series(1, 2000) j (n)");
    raw_text(fixture_text("INSERT INTO jobs (id, company_id, title, slug, description, job_type) SELECT id, coalesce(company, '%s'),"
                          " 'Baker', id::text, 'Bread', 'full_time' FROM big_jobs", company_id));
    raw_text("CREATE TEMP TABLE big_people ON COMMIT DROP AS SELECT n, gen_random_uuid() AS id, gen_random_uuid() AS user_id"
             " FROM generate_series(1, 20000) n");
    raw_text("INSERT INTO users (id, email, user_type) SELECT user_id, user_id::text, 'candidate' FROM big_people");
    raw_text("INSERT INTO candidate_profiles (id, user_id) SELECT id, user_id FROM big_people");
    raw_text("CREATE TEMP TABLE big ON COMMIT DROP AS SELECT g.n, gen_random_uuid() AS id, j.id AS job, p.id AS candidate"
             " FROM generate_series(1, 200000) g (n) JOIN big_jobs j ON j.n = 1 + g.n % 2000"
             " JOIN big_people p ON p.n = 1 + g.n / 10 % 20000");
    raw_text("INSERT INTO applications (id, job_id, candidate_id, status, applied_at) SELECT id, job, candidate,"
             " (ARRAY['applied','screening','interviewing','offer','rejected'])[1 + n % 5], now() - n * interval '1 minute'"
             " FROM big");
    raw_text("INSERT INTO application_timeline (application_id, status, metadata, created_at) SELECT id, 'applied',"
             " '{\"to\": \"applied\"}', now() - n * interval '1 minute' FROM big");
    raw_text("INSERT INTO interviews (application_id, scheduled_at, status) SELECT id, now() + (n - 25000) * interval '1 hour',"
             " CASE WHEN n < 25000 THEN 'completed' ELSE 'scheduled' END FROM big WHERE n <= 50000");
    raw_text("INSERT INTO ai_job_matches (candidate_id, job_id, match_score) SELECT candidate, job, n % 100 FROM big"
             " WHERE n <= 100000");
    raw_text("INSERT INTO documents (user_id, document_type, file_name, file_url, fraud_check_status) SELECT user_id, 'resume', 'f',"
             " 'u', 'passed' FROM big_people");
    raw_text(fixture_text("INSERT INTO referrals (candidate_id, job_id) SELECT candidate, job FROM big WHERE n <= 50000"));
    raw_text("INSERT INTO ai_interview_sessions (application_id, questions, responses) SELECT id, '[1]', '[]' FROM big"
             " WHERE n <= 20000");
    raw_text("INSERT INTO ai_resume_analysis (candidate_id) SELECT id FROM big_people");
    raw_text("INSERT INTO notifications (user_id, notification_type, title, message) SELECT user_id, 't', 't', 'm' FROM big_people");
    raw_text("INSERT INTO analytics_events (user_id, event_type) SELECT user_id, 't' FROM big_people");
    raw_text("SET LOCAL session_replication_role = origin");
    raw_text("ANALYZE companies, jobs, users, candidate_profiles, applications, application_timeline, interviews, ai_job_matches,"
             " documents, referrals, ai_interview_sessions, ai_resume_analysis, notifications, analytics_events");
}

static void
setup(void)
{
    stage_open();
    raw = sql_connect(fixture_dsn("ADMIN"));
    raw_text("BEGIN");
}

/* Rolled back rows are still in the files, where other tests would read past them. */
static void
teardown(void)
{
    raw_text("ROLLBACK");
    raw_text("VACUUM companies, jobs, users, candidate_profiles, applications, application_timeline, interviews, ai_job_matches,"
             " documents, referrals, ai_interview_sessions, ai_resume_analysis, notifications, analytics_events");
    PQfinish(raw);
    fixture_close();
}

/* $n of a step: A an application, J its job, K a second job, C the company, P a candidate's profile, and so on as below; else
 * the value itself; - is NULL. */
static const struct { const char *operation; const actor *who; const char *values[12]; } runs[] = {
    { "application_submit_on_behalf", &recruiter,  { "K", "P", "-", "-", "-", "-", "-" } },
    { "application_copy_to_job",      &recruiter,  { "A", "K" } },
    { "application_has_applied",      &candidate,  { "P", "{J,K}" } },
    { "application_has_applied",      &recruiter,  { "P", "{J,K}" } },
    { "application_list_referred",    &freelancer, { "20", "-", "-" } },
    { "application_bulk_set_status",  &recruiter,  { "{A}", "screening", "-" } },
    { "application_set_status",       &recruiter,  { "A", "applied", "screening", "-", "-" } },
    { "application_withdraw",         &candidate,  { "A", "-" } },
    { "application_reject",           &recruiter,  { "A", "-", "-" } },
    { "application_undo",             &recruiter,  { "A", "-" } },
    { "application_hire",             &recruiter,  { "H", "100", "-" } },
    { "application_set_notes",        &manager,    { "A", "n", "now" } },
    { "application_counts",           &recruiter,  { "-", "-", "C" } },
    { "application_counts",           &viewer,     { "-", "J", "-" } },
    { "application_counts",           &candidate,  { "P", "-", "-" } },
    { "application_stale",            &recruiter,  { "C", "7", "-", "20" } },
    { "timeline_list",                &candidate,  { "A" } },
    { "timeline_list",                &viewer,     { "A" } },
    { "timeline_add_note",            &manager,    { "A", "n", "-" } },
    { "interview_schedule",           &recruiter,  { "A", "M", "phone", "2031-02-01 10:00", "-", "-", "-", "-", "-", "t" } },
    { "interview_reschedule",         &recruiter,  { "I", "2031-01-01 12:00", "2031-01-01 10:00", "-", "-" } },
    { "interview_finish",             &manager,    { "I", "completed", "5", "-", "-" } },
    { "interview_due_reminders",      NULL,        { "1440", "20" } },
    { "interviewer_busy",             &recruiter,  { "M", "2031-01-01", "2031-02-01" } },
    { "interview_stats",              &recruiter,  { "C", "-", "-" } },
    { "ai_session_create",            &recruiter,  { "A", "technical", "[1]" } },
    { "ai_session_append",            &candidate,  { "S", "{}", "0" } },
    { "ai_session_complete",          NULL,        { "S", "-", "-", "-", "-" } },
    { "document_tag_add",             &candidate,  { "D", "t" } },
    { "document_tag_remove",          &candidate,  { "D", "t" } },
    { "document_fraud_next",          NULL,        { "10", "-" } },
    { "document_fraud_set",           NULL,        { "D", "passed", "-", "u" } },
    { "document_remove",              &candidate,  { "D" } },
    { "match_save_batch",             NULL,        { "[{\"candidate_id\":\"P\",\"job_id\":\"K\",\"match_score\":9}]" } },
    { "match_list_candidate",         &candidate,  { "P", "-", "-", "20", "-", "-" } },
    { "match_list_job",               &recruiter,  { "J", "-", "20", "-", "-" } },
    { "match_mark_viewed",            &candidate,  { "{P}" } },
    { "analysis_latest",              &candidate,  { "P", "-" } },
    { "referral_create",              &freelancer, { "F", "O", "K", "-" } },
    { "referral_decide",              &recruiter,  { "R", "t" } },
    { "commission_approve",           &boss,       { "Q", "5" } },
    { "commission_pay",               NULL,        { "Q", "-" } },
    { "freelancer_recompute",         NULL,        { "F" } },
    { "earnings_report",              &freelancer, { "F", "-", "-" } },
    { "freelancer_payment_info",      &freelancer, { NULL } },
};

static const char *ids[128];

static const char *
an_id(char name)
{
    return ids[(int)name];
}

static void
put_rows(void)
{
    ids['A'] = application_id;
    ids['J'] = job_id;
    ids['K'] = stage_job(company_id);
    ids['C'] = company_id;
    ids['P'] = profile;
    ids['O'] = other_profile;
    ids['F'] = agent;
    ids['M'] = manager.id;
    for (const char *p = "HISDRQ"; *p != '\0'; p++)
        ids[(int)*p] = stage_id();
    sql_do("INSERT INTO applications (id, job_id, status) VALUES ('%s', '%s', 'offer')", an_id('H'), job_id);
    sql_do("INSERT INTO interviews (id, application_id, interviewer_id, scheduled_at) VALUES ('%s', '%s', '%s',"
           " '2031-01-01 10:00')", an_id('I'), application_id, manager.id);
    sql_do("INSERT INTO ai_interview_sessions (id, application_id, questions, responses) VALUES ('%s', '%s', '[1]', '[]')",
           an_id('S'), application_id);
    sql_do("INSERT INTO documents (id, user_id, document_type, file_name, file_url) VALUES ('%s', '%s', 'resume', 'f', 'u')",
           an_id('D'), candidate.id);
    sql_do("INSERT INTO referrals (id, recruiter_id, candidate_id, job_id, referral_status) VALUES"
           " ('%s', '%s', '%s', '%s', 'pending'), ('%s', '%s', NULL, '%s', 'hired')", an_id('R'), agent, other_profile, job_id,
           an_id('Q'), agent, job_id);
}

/* The value with the ids in the place of their letters: of single letters, and of those in {} and in quotes. */
static const char *
value_of(const char *value)
{
    char *text;
    size_t n = 0;

    if (strcmp(value, "-") == 0)
        return NULL;
    text = fixture_memory(2000);
    for (const char *p = value; *p != '\0'; p++) {
        int alone = (p == value || strchr("{,\"", p[-1]) != NULL) && (p[1] == '\0' || strchr("},\"", p[1]) != NULL);

        if (alone && *p >= 'A' && *p <= 'Z' && an_id(*p) != NULL) {
            strcpy(text + n, an_id(*p));
            n += 36;
        } else {
            text[n++] = *p;
        }
    }
    text[n] = '\0';
    return text;
}

static const char *
read_so_far(void)
{
    return raw_text("SELECT string_agg(relname || ' ' || seq_tup_read || ' ' || idx_tup_fetch, E'\\n' ORDER BY relname)"
                    " FROM pg_stat_xact_user_tables WHERE schemaname = 'public' AND coalesce(seq_tup_read, 0)"
                    " + coalesce(idx_tup_fetch, 0) > 0");
}

static long
number_of(const char *numbers, const char *table, size_t length, int which)
{
    for (const char *line = numbers; line != NULL && *line != '\0'; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, table, length) == 0 && line[length] == ' ') {
            char *end;
            long first = strtol(line + length, &end, 10);

            return which == 0 ? first : strtol(end, NULL, 10);
        }
    }
    return 0;
}

/* Fails if any table gave more rows between the two than a company has of it. */
static void
compare(const char *operation, const char *before, const char *after)
{
    for (const char *line = after; line != NULL && *line != '\0'; line = strchr(line, '\n')) {
        size_t length;

        line += *line == '\n';
        length = strcspn(line, " ");
        for (int which = 0; which < 2; which++) {
            long n = number_of(after, line, length, which) - number_of(before, line, length, which);

            ck_assert_msg(n <= MUCH, "%s reads %ld rows of %.*s by %s", operation, n, (int)length, line,
                          which == 0 ? "whole scans" : "an index");
        }
    }
}

static void
act_as(const actor *who)
{
    static const char *const roles[] = { "hotgigs_anon", "hotgigs_candidate", "hotgigs_company", "hotgigs_freelancer" };

    raw_text(fixture_text("SET LOCAL ROLE %s", who == NULL ? "hotgigs_service" : roles[who->role]));
    raw_text(fixture_text("SELECT set_config('request.jwt.claims', '%s', true)",
                          who == NULL ? "" : fixture_text("{\"sub\": \"%s\"}", who->id)));
}

static void
run_and_count(size_t i, const char *values[12])
{
    const hg_operation_info *op = operation_of(runs[i].operation);
    const char *before;
    PGresult *result;

    raw_text("SAVEPOINT one");
    before = read_so_far();
    act_as(runs[i].who);
    result = PQexecParams(raw, op->sql, op->argument_count, NULL, values, NULL, NULL, 0);
    ck_assert_msg(PQresultStatus(result) == PGRES_TUPLES_OK
                  || strncmp(PQresultErrorField(result, PG_DIAG_SQLSTATE), "HG", 2) == 0,
                  "%s: %s", op->name, PQerrorMessage(raw));
    if (PQresultStatus(result) == PGRES_TUPLES_OK) {
        raw_text("RESET ROLE");
        compare(op->name, before, read_so_far());
    }
    ck_assert_msg(PQresultStatus(result) == PGRES_TUPLES_OK || strcmp(op->name, "application_undo") == 0
                  || strcmp(op->name, "application_set_notes") == 0 || strcmp(op->name, "commission_pay") == 0, "%s: %s",
                  op->name, PQresultErrorMessage(result));
    PQclear(result);
    raw_text("ROLLBACK TO one");
    raw_text("RESET ROLE");
}

START_TEST(no_operation_reads_a_whole_table)
{
    put_rows();
    fill();
    for (size_t i = 0; i < sizeof runs / sizeof runs[0]; i++) {
        const hg_operation_info *op = operation_of(runs[i].operation);
        const char *values[12] = { NULL };

        for (int32_t n = 0; n < op->argument_count; n++)
            values[n] = value_of(runs[i].values[n]);
        for (int again = 0; again < 7; again++)
            run_and_count(i, values);
    }
}
END_TEST

START_TEST(every_operation_of_these_groups_is_run_above)
{
    static const char *const elsewhere[] = { "application_submit" };    /* the same table, by its own test */

    for (int32_t i = 0; i < hg_operation_count(); i++) {
        const hg_operation_info *op = hg_operation_describe(i);
        int found = strcmp(op->name, elsewhere[0]) == 0;

        if (strcmp(op->group, "applications") != 0 && strcmp(op->group, "interviews") != 0
            && strcmp(op->group, "documents") != 0 && strcmp(op->group, "referrals") != 0)
            continue;
        for (size_t r = 0; r < sizeof runs / sizeof runs[0]; r++)
            found |= strcmp(op->name, runs[r].operation) == 0;
        ck_assert_msg(found, "%s is not among the runs of this test", op->name);
    }
}
END_TEST

Suite *
suite_operations_applications_plans(void)
{
    Suite *suite = suite_create("operations/applications_plans");
    TCase *tcase = tcase_create("applications_plans");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 300);
    tcase_add_test(tcase, no_operation_reads_a_whole_table);
    tcase_add_test(tcase, every_operation_of_these_groups_is_run_above);
    suite_add_tcase(suite, tcase);
    return suite;
}
