/* operations/rules - the rules of the steps hold for the tables' own calls and for psql as well: an interviewer is at one
 * place, a task's completed_at follows its status, the first referral is the only one, what there is once is there once;
 * and a deadline is the same in every time zone. */
#include "operations/applications_stage.h"
#include "suites.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

static hg_uuid
uuid_of(const char *text)
{
    hg_uuid id;

    ck_ok(hg_uuid_parse(text, strlen(text), &id, &err), err);
    return id;
}

static hg_timestamp
time_of(const char *text)
{
    hg_timestamp at;

    ck_ok(hg_timestamp_parse(text, strlen(text), &at, &err), err);
    return at;
}

/* ---- Interviews ------------------------------------------------------------------------------------------------------- */

static hg_uuid made;                   /* the id of the last row that was inserted */

static hg_status
interview_at(const actor *interviewer, const char *start)
{
    hg_interview row = { .struct_size = sizeof row, .application_id = uuid_of(application_id), .interviewer_id = interviewer->user,
                         .scheduled_at = time_of(start) };

    hg_uuid_new(&row.id);
    made = row.id;
    return hg_interview_insert(tenant, &row, HG_BIT(HG_INTERVIEW_ID) | HG_BIT(HG_INTERVIEW_APPLICATION_ID)
                               | HG_BIT(HG_INTERVIEW_INTERVIEWER_ID) | HG_BIT(HG_INTERVIEW_SCHEDULED_AT), NULL, &err);
}

static hg_status
change_interview(const hg_uuid *id, uint64_t set, int32_t status, const char *start)
{
    hg_interview row = { .struct_size = sizeof row };

    if (set & HG_BIT(HG_INTERVIEW_STATUS))
        row.status = status;
    if (set & HG_BIT(HG_INTERVIEW_SCHEDULED_AT))
        row.scheduled_at = time_of(start);
    return hg_interview_update(tenant, id, &row, set, NULL, &err);
}

START_TEST(an_interviewer_is_at_one_place)
{
    hg_uuid first, second;

    as(&recruiter);
    ck_ok(interview_at(&manager, "2031-01-01T10:00:00"), err);
    first = made;
    ck_status(interview_at(&manager, "2031-01-01T10:59:00"), HG_E_CONFLICT, err);
    ck_ok(interview_at(&manager, "2031-01-01T11:00:00"), err);
    second = made;
    ck_ok(interview_at(&viewer, "2031-01-01T10:30:00"), err);

    ck_status(change_interview(&second, HG_BIT(HG_INTERVIEW_SCHEDULED_AT), 0, "2031-01-01T10:30:00"), HG_E_CONFLICT, err);
    ck_ok(change_interview(&first, HG_BIT(HG_INTERVIEW_STATUS), HG_INTERVIEW_STATUS_CANCELLED, NULL), err);
    ck_ok(change_interview(&second, HG_BIT(HG_INTERVIEW_SCHEDULED_AT), 0, "2031-01-01T10:30:00"), err);
}
END_TEST

START_TEST(what_is_over_stays_over)
{
    as(&recruiter);
    ck_ok(interview_at(&manager, "2031-01-01T10:00:00"), err);
    ck_ok(change_interview(&made, HG_BIT(HG_INTERVIEW_STATUS), HG_INTERVIEW_STATUS_COMPLETED, NULL), err);

    ck_status(change_interview(&made, HG_BIT(HG_INTERVIEW_STATUS), HG_INTERVIEW_STATUS_SCHEDULED, NULL), HG_E_STATE, err);
    ck_status(change_interview(&made, HG_BIT(HG_INTERVIEW_STATUS), HG_INTERVIEW_STATUS_NO_SHOW, NULL), HG_E_STATE, err);
    ck_status(change_interview(&made, HG_BIT(HG_INTERVIEW_SCHEDULED_AT), 0, "2031-02-01T10:00:00"), HG_E_STATE, err);
}
END_TEST

/* The policy speaks before the calendar does: whether a stranger is busy at that time sounds the same. */
START_TEST(leak_a_strangers_time_is_not_told)
{
    const char *theirs = stage_application(stage_job(other_company_id), other_profile, "applied");

    sql_do("INSERT INTO interviews (application_id, interviewer_id, scheduled_at) VALUES ('%s', '%s', '2031-01-01 10:00:00')",
           theirs, stranger.id);
    as(&recruiter);
    ck_status(interview_at(&stranger, "2031-01-01T10:00:00"), HG_E_DENIED, err);
    ck_status(interview_at(&stranger, "2031-01-01T15:00:00"), HG_E_DENIED, err);
}
END_TEST

/* ---- Tasks ------------------------------------------------------------------------------------------------------------ */

static const char *
completed_at(const hg_uuid *id)
{
    return sql_text("SELECT CASE WHEN completed_at IS NULL THEN 'no' WHEN completed_at BETWEEN (now() AT TIME ZONE 'UTC') -"
                    " interval '1 min' AND (now() AT TIME ZONE 'UTC') + interval '1 min' THEN 'now' ELSE completed_at::text END"
                    " FROM tasks WHERE id = '%s'", uuid_text(id));
}

static hg_status
set_task(const hg_uuid *id, int32_t status)
{
    hg_task row = { .struct_size = sizeof row, .status = status, .completed_at = time_of("2001-01-01T00:00:00") };

    return hg_task_update(tenant, id, &row, HG_BIT(HG_TASK_STATUS) | HG_BIT(HG_TASK_COMPLETED_AT), NULL, &err);
}

START_TEST(completed_at_follows_the_status_of_a_task)
{
    hg_task row = { .struct_size = sizeof row, .company_id = uuid_of(company_id), .assigned_by = manager.user,
                    .title = { "t", 1 }, .completed_at = time_of("2001-01-01T00:00:00") };
    uint64_t set = HG_BIT(HG_TASK_ID) | HG_BIT(HG_TASK_COMPANY_ID) | HG_BIT(HG_TASK_ASSIGNED_BY) | HG_BIT(HG_TASK_TITLE)
                   | HG_BIT(HG_TASK_COMPLETED_AT);

    hg_uuid_new(&row.id);
    as(&manager);
    ck_ok(hg_task_insert(tenant, &row, set, NULL, &err), err);
    ck_assert_str_eq(completed_at(&row.id), "no");

    ck_status(set_task(&row.id, HG_TASK_STATUS_COMPLETED), HG_E_STATE, err);
    ck_ok(set_task(&row.id, HG_TASK_STATUS_IN_PROGRESS), err);
    ck_assert_str_eq(completed_at(&row.id), "no");
    ck_ok(set_task(&row.id, HG_TASK_STATUS_COMPLETED), err);
    ck_assert_str_eq(completed_at(&row.id), "now");
    ck_ok(set_task(&row.id, HG_TASK_STATUS_IN_PROGRESS), err);
    ck_assert_str_eq(completed_at(&row.id), "no");
    ck_ok(set_task(&row.id, HG_TASK_STATUS_CANCELLED), err);
    ck_status(set_task(&row.id, HG_TASK_STATUS_IN_PROGRESS), HG_E_STATE, err);
}
END_TEST

/* ---- Referrals -------------------------------------------------------------------------------------------------------- */

static hg_status
refer(hg_conn *conn, const char *candidate_id, const char *job, hg_error *e)
{
    hg_referral row = { .struct_size = sizeof row, .recruiter_id = uuid_of(agent), .candidate_id = uuid_of(candidate_id),
                        .job_id = uuid_of(job) };

    return hg_referral_insert(conn, &row, HG_BIT(HG_REFERRAL_RECRUITER_ID) | HG_BIT(HG_REFERRAL_CANDIDATE_ID)
                              | HG_BIT(HG_REFERRAL_JOB_ID), NULL, e);
}

START_TEST(the_first_referral_is_the_only_one)
{
    const char *closed = stage_job(company_id);

    sql_do("UPDATE jobs SET employment_status = 'closed' WHERE id = '%s'", closed);
    as(&freelancer);
    ck_ok(refer(tenant, other_profile, job_id, &err), err);
    ck_status(refer(tenant, other_profile, job_id, &err), HG_E_CONFLICT, err);
    ck_status(refer(tenant, profile, job_id, &err), HG_E_CONFLICT, err);       /* has applied himself */
    ck_status(refer(tenant, profile, closed, &err), HG_E_STATE, err);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM referrals WHERE recruiter_id = '%s'", agent), 1);
}
END_TEST

/* ---- What there is once ------------------------------------------------------------------------------------------------ */

/* U, V: users; C: a company; J: a job; P: a profile; A: a freelancer. */
static const struct { const char *what, *sql, *count; } once[] = {
    { "a user's profile", "INSERT INTO user_profiles (user_id) VALUES ('U')",
      "SELECT count(*) FROM user_profiles WHERE user_id = 'U'" },
    { "a candidate's profile", "INSERT INTO candidate_profiles (user_id) VALUES ('U')",
      "SELECT count(*) FROM candidate_profiles WHERE user_id = 'U'" },
    { "a freelancer's profile", "INSERT INTO freelance_recruiters (user_id) VALUES ('U')",
      "SELECT count(*) FROM freelance_recruiters WHERE user_id = 'U'" },
    { "a job's slug", "INSERT INTO jobs (company_id, title, slug, description, job_type) VALUES ('C', 'T', 'once', 'D', 'full_time')",
      "SELECT count(*) FROM jobs WHERE company_id = 'C' AND slug = 'once'" },
    { "an application", "INSERT INTO applications (job_id, candidate_id) VALUES ('J', 'P')",
      "SELECT count(*) FROM applications WHERE job_id = 'J' AND candidate_id = 'P'" },
    { "a match", "INSERT INTO ai_job_matches (job_id, candidate_id, match_score) VALUES ('J', 'P', 1)",
      "SELECT count(*) FROM ai_job_matches WHERE job_id = 'J' AND candidate_id = 'P'" },
    { "a referral", "INSERT INTO referrals (job_id, candidate_id, recruiter_id) VALUES ('J', 'P', 'A')",
      "SELECT count(*) FROM referrals WHERE job_id = 'J' AND candidate_id = 'P'" },
};

static const char *user_id;

static const char *
filled(const char *sql)
{
    char *text = fixture_memory(600), *to = text;

    for (const char *p = sql; *p != '\0'; p++) {
        int is_id = p > sql && p[-1] == '\'' && p[1] == '\'';
        const char *id = !is_id ? NULL : *p == 'U' ? user_id : *p == 'C' ? company_id : *p == 'J' ? job_id
                         : *p == 'P' ? other_profile : *p == 'A' ? agent : NULL;

        to += id != NULL ? snprintf(to, 40, "%s", id) : snprintf(to, 2, "%c", *p);
    }
    return text;
}

typedef struct writer {
    PGconn     *raw;
    const char *sql;
    char        sqlstate[6];
} writer;

static void *
write_once(void *arg)
{
    writer *self = arg;
    PGresult *result = PQexec(self->raw, self->sql);

    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        snprintf(self->sqlstate, sizeof self->sqlstate, "%s", PQresultErrorField(result, PG_DIAG_SQLSTATE));
    PQclear(result);
    return NULL;
}

/* As a superuser, whom neither policy nor grant nor trigger of a persona stops. */
START_TEST(of_eight_rows_at_once_one_is_kept_whoever_writes)
{
    enum { WRITERS = 8 };
    writer writers[WRITERS] = { 0 };
    pthread_t threads[WRITERS];
    hg_uuid user = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    int kept = 0;

    user_id = fixture_text("%s", uuid_text(&user));
    for (int i = 0; i < WRITERS; i++) {
        writers[i].raw = sql_connect(fixture_dsn("ADMIN"));
        writers[i].sql = filled(once[_i].sql);
    }
    for (int i = 0; i < WRITERS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, write_once, &writers[i]), 0);
    for (int i = 0; i < WRITERS; i++) {
        pthread_join(threads[i], NULL);
        PQfinish(writers[i].raw);
        kept += writers[i].sqlstate[0] == '\0';
        ck_assert_msg(writers[i].sqlstate[0] == '\0' || strcmp(writers[i].sqlstate, "23505") == 0, "%s: %s", once[_i].what,
                      writers[i].sqlstate);
    }
    ck_assert_msg(kept == 1, "%s: %d of %d were kept, want 1", once[_i].what, kept, WRITERS);
    ck_assert_int_eq(sql_int("%s", filled(once[_i].count)), 1);
}
END_TEST

/* The indexes are no keys of the document: an upsert names none of them, whether they are there or not. */
START_TEST(an_added_index_is_no_key_of_an_upsert)
{
    static const int32_t tables[] = { HG_TABLE_USER_PROFILES, HG_TABLE_CANDIDATE_PROFILES, HG_TABLE_FREELANCE_RECRUITERS,
                                      HG_TABLE_JOBS, HG_TABLE_APPLICATIONS, HG_TABLE_AI_JOB_MATCHES, HG_TABLE_REFERRALS };

    ck_assert_msg(hg_table_describe(tables[_i])->key_count == 0, "%s has %d keys", hg_table_describe(tables[_i])->name,
                  (int)hg_table_describe(tables[_i])->key_count);
}
END_TEST

START_TEST(a_second_row_by_a_tables_call_is_a_conflict_that_names_the_index)
{
    hg_application row = { .struct_size = sizeof row, .job_id = uuid_of(job_id), .candidate_id = uuid_of(profile) };

    ck_status(hg_application_insert(service, &row, HG_BIT(HG_APPLICATION_JOB_ID) | HG_BIT(HG_APPLICATION_CANDIDATE_ID), NULL, &err),
              HG_E_CONFLICT, err);
    ck_assert_str_eq(err.constraint, "applications_candidate_id_job_id_once");
    ck_assert_int_eq(err.column, HG_APPLICATION_CANDIDATE_ID);
}
END_TEST

/* The steps that write such a row, by eight at once. */
static const struct { const char *index, *on, *operation, *count; const actor *who; } steps[] = {
    { "applications_candidate_id_job_id_once", "applications (candidate_id, job_id)", "application_submit",
      "SELECT count(*) FROM applications WHERE job_id = 'J' AND candidate_id = 'P'", &other },
    { "referrals_candidate_id_job_id_once", "referrals (candidate_id, job_id)", "referral_create",
      "SELECT count(*) FROM referrals WHERE job_id = 'J' AND candidate_id = 'P'", &freelancer },
};

/* Without the index the lock of the job does it. */
START_TEST(without_the_index_the_step_gives_one_row_as_well)
{
    enum { CALLERS = 8 };
    const actor *who[CALLERS];
    const char *json[CALLERS];
    hg_status status[CALLERS];

    for (int i = 0; i < CALLERS; i++) {
        who[i] = steps[_i].who;
        json[i] = _i == 0 ? fixture_text("{\"job_id\": \"%s\", \"candidate_id\": \"%s\"}", job_id, other_profile)
                          : fixture_text("{\"job_id\": \"%s\", \"candidate_id\": \"%s\", \"recruiter_id\": \"%s\"}", job_id,
                                         other_profile, agent);
    }
    sql_do("DROP INDEX IF EXISTS %s", steps[_i].index);
    play_at_once(CALLERS, who, steps[_i].operation, json, status);
    sql_do("CREATE UNIQUE INDEX %s ON %s; ALTER INDEX %s OWNER TO hotgigs_owner", steps[_i].index, steps[_i].on, steps[_i].index);

    ck_assert_uint_eq(count_of(status, CALLERS, HG_OK), 1);
    ck_assert_uint_eq(count_of(status, CALLERS, HG_E_CONFLICT), CALLERS - 1);
    ck_assert_int_eq(sql_int("%s", filled(steps[_i].count)), 1);
}
END_TEST

/* ---- Time ------------------------------------------------------------------------------------------------------------- */

/* psql in any zone, on both sides of UTC: an hour before the deadline a job takes applications, an hour after it none. */
START_TEST(a_deadline_is_the_same_in_every_time_zone)
{
    static const char *const zones[] = { "UTC", "Pacific/Kiritimati", "Etc/GMT+12", "Asia/Kolkata", "America/St_Johns" };
    PGconn *raw = sql_connect(fixture_dsn("SERVICE"));
    const char *id = stage_profile(&other, "{}");
    PGresult *result;

    PQclear(PQexec(raw, "SET ROLE hotgigs_service"));
    PQclear(PQexec(raw, fixture_text("SET TimeZone TO '%s'", zones[_i])));
    for (int is_over = 0; is_over < 2; is_over++) {
        const char *job = stage_job(company_id), *state;

        sql_do("UPDATE jobs SET application_deadline = (now() AT TIME ZONE 'UTC') + interval '%d hour' WHERE id = '%s'",
               is_over ? -1 : 1, job);
        result = PQexec(raw, fixture_text("SELECT * FROM hotgigs.application_submit('%s', '%s', NULL, NULL, NULL, NULL)", job, id));
        state = PQresultStatus(result) == PGRES_TUPLES_OK ? "" : PQresultErrorField(result, PG_DIAG_SQLSTATE);
        ck_assert_msg(strcmp(state, is_over ? "HG012" : "") == 0, "in %s, %s the deadline: \"%s\" %s", zones[_i],
                      is_over ? "after" : "before", state, PQresultErrorMessage(result));
        PQclear(result);
        ck_assert_int_eq(sql_int("SELECT count(*) FROM applications WHERE job_id = '%s' AND applied_at BETWEEN"
                                 " (now() AT TIME ZONE 'UTC') - interval '1 min' AND (now() AT TIME ZONE 'UTC') + interval '1 min'",
                                 job), !is_over);
    }
    PQfinish(raw);
}
END_TEST

Suite *
suite_operations_rules(void)
{
    Suite *suite = suite_create("operations/rules");
    TCase *tcase = tcase_create("rules");

    tcase_add_checked_fixture(tcase, stage_open, fixture_close);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, an_interviewer_is_at_one_place);
    tcase_add_test(tcase, what_is_over_stays_over);
    tcase_add_test(tcase, leak_a_strangers_time_is_not_told);
    tcase_add_test(tcase, completed_at_follows_the_status_of_a_task);
    tcase_add_test(tcase, the_first_referral_is_the_only_one);
    tcase_add_loop_test(tcase, of_eight_rows_at_once_one_is_kept_whoever_writes, 0, sizeof once / sizeof once[0]);
    tcase_add_loop_test(tcase, an_added_index_is_no_key_of_an_upsert, 0, 7);
    tcase_add_test(tcase, a_second_row_by_a_tables_call_is_a_conflict_that_names_the_index);
    tcase_add_loop_test(tcase, without_the_index_the_step_gives_one_row_as_well, 0, sizeof steps / sizeof steps[0]);
    tcase_add_loop_test(tcase, a_deadline_is_the_same_in_every_time_zone, 0, 5);
    suite_add_tcase(suite, tcase);
    return suite;
}
