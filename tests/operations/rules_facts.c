/* operations/rules_facts - what is so once, or only when something else is so, stays so if a persona writes the table itself:
 * a notification is read for the first time once, only a completed interview has a score, a candidate's history is sound. */
#include "operations/applications_stage.h"
#include "suites.h"

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

/* ---- Notifications ---------------------------------------------------------------------------------------------------- */

static hg_status
set_read(hg_conn *conn, const char *id, int32_t is_read, int32_t clear)
{
    hg_notification row = { .struct_size = sizeof row, .is_read = is_read,
                            .read_at = clear ? 0 : time_of("2001-01-01T00:00:00"),
                            .null_mask = clear ? HG_BIT(HG_NOTIFICATION_READ_AT) : 0 };
    const hg_uuid key = uuid_of(id);

    return hg_notification_update(conn, &key, &row, HG_BIT(HG_NOTIFICATION_IS_READ) | HG_BIT(HG_NOTIFICATION_READ_AT), NULL,
                                  &err);
}

static const char *
read_at(const char *id)
{
    return sql_text("SELECT coalesce(read_at::text, 'no') FROM notifications WHERE id = '%s'", id);
}

START_TEST(a_notification_is_read_for_the_first_time_once)
{
    const char *id = stage_id(), *first;

    sql_do("INSERT INTO notifications (id, user_id, notification_type, title, message) VALUES ('%s', '%s', 'n', 't', 'm')", id,
           candidate.id);
    as(&candidate);
    ck_ok(set_read(tenant, id, 0, 0), err);
    ck_assert_str_eq(read_at(id), "no");

    ck_ok(set_read(tenant, id, 1, 0), err);
    first = read_at(id);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM notifications WHERE id = '%s' AND read_at BETWEEN (now() AT TIME ZONE 'UTC')"
                             " - interval '1 min' AND (now() AT TIME ZONE 'UTC') + interval '1 min'", id), 1);

    ck_ok(set_read(tenant, id, 1, 0), err);
    ck_assert_str_eq(read_at(id), first);
    ck_ok(set_read(tenant, id, 0, 1), err);
    ck_assert_str_eq(read_at(id), first);
    ck_plays(play("notification_mark_read", "{\"notification_ids\": [\"%s\"]}", id));
    ck_assert_str_eq(read_at(id), first);
    ck_assert_str_eq(sql_text("SELECT is_read FROM notifications WHERE id = '%s'", id), "t");

    ck_ok(set_read(service, id, 1, 0), err);           /* an import brings its times */
    ck_assert_str_eq(read_at(id), "2001-01-01 00:00:00");
}
END_TEST

/* ---- Interviews ------------------------------------------------------------------------------------------------------- */

static hg_status
set_interview(const char *id, uint64_t set, int32_t status, int32_t score)
{
    hg_interview row = { .struct_size = sizeof row, .score = score };
    const hg_uuid key = uuid_of(id);

    if (set & HG_BIT(HG_INTERVIEW_STATUS))
        row.status = status;
    return hg_interview_update(tenant, &key, &row, set, NULL, &err);
}

static const char *
interview(void)
{
    const char *id = stage_id();

    sql_do("INSERT INTO interviews (id, application_id, interviewer_id, scheduled_at) VALUES ('%s', '%s', '%s', '2031-01-01 10:00')",
           id, application_id, manager.id);
    return id;
}

START_TEST(only_a_completed_interview_has_a_score)
{
    const char *held = interview(), *missed = interview();

    as(&recruiter);
    ck_status(set_interview(held, HG_BIT(HG_INTERVIEW_SCORE), 0, 7), HG_E_STATE, err);
    ck_status(set_interview(missed, HG_BIT(HG_INTERVIEW_SCORE) | HG_BIT(HG_INTERVIEW_STATUS), HG_INTERVIEW_STATUS_NO_SHOW, 7),
              HG_E_STATE, err);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM interviews WHERE application_id = '%s' AND (score IS NOT NULL"
                             " OR status <> 'scheduled')", application_id), 0);

    ck_ok(set_interview(held, HG_BIT(HG_INTERVIEW_SCORE) | HG_BIT(HG_INTERVIEW_STATUS), HG_INTERVIEW_STATUS_COMPLETED, 7), err);
    ck_ok(set_interview(held, HG_BIT(HG_INTERVIEW_SCORE), 0, 8), err);         /* he had mistyped */
    ck_ok(set_interview(missed, HG_BIT(HG_INTERVIEW_STATUS), HG_INTERVIEW_STATUS_CANCELLED, 0), err);
    ck_status(set_interview(missed, HG_BIT(HG_INTERVIEW_SCORE), 0, 7), HG_E_STATE, err);
}
END_TEST

START_TEST(a_decided_application_gets_no_interview)
{
    hg_interview row = { .struct_size = sizeof row, .application_id = uuid_of(application_id), .interviewer_id = manager.user,
                         .scheduled_at = time_of("2031-01-01T10:00:00") };
    const uint64_t set = HG_BIT(HG_INTERVIEW_APPLICATION_ID) | HG_BIT(HG_INTERVIEW_INTERVIEWER_ID)
                         | HG_BIT(HG_INTERVIEW_SCHEDULED_AT);

    stage_status(application_id, "rejected");
    as(&recruiter);
    ck_status(hg_interview_insert(tenant, &row, set, NULL, &err), HG_E_STATE, err);
    as(&stranger);                                     /* and whether it is decided is told to nobody else */
    ck_status(hg_interview_insert(tenant, &row, set, NULL, &err), HG_E_DENIED, err);
}
END_TEST

/* ---- A candidate's history -------------------------------------------------------------------------------------------- */

static hg_status
add_experience(hg_conn *conn, int32_t start, int32_t end, int32_t is_current, hg_uuid *id)
{
    hg_candidate_experience row = { .struct_size = sizeof row, .candidate_id = uuid_of(profile), .company_name = str_of("c"),
                                    .job_title = str_of("t"), .start_date = start, .end_date = end,
                                    .is_current = is_current };
    uint64_t set = HG_BIT(HG_CANDIDATE_EXPERIENCE_ID) | HG_BIT(HG_CANDIDATE_EXPERIENCE_CANDIDATE_ID)
                   | HG_BIT(HG_CANDIDATE_EXPERIENCE_COMPANY_NAME) | HG_BIT(HG_CANDIDATE_EXPERIENCE_JOB_TITLE)
                   | HG_BIT(HG_CANDIDATE_EXPERIENCE_START_DATE) | HG_BIT(HG_CANDIDATE_EXPERIENCE_IS_CURRENT);

    if (end > 0)
        set |= HG_BIT(HG_CANDIDATE_EXPERIENCE_END_DATE);
    hg_uuid_new(&row.id);
    *id = row.id;
    return hg_candidate_experience_insert(conn, &row, set, NULL, &err);
}

START_TEST(a_candidates_history_is_sound_by_whichever_way_he_writes_it)
{
    hg_candidate_experience change = { .struct_size = sizeof change, .end_date = 20100 };
    hg_candidate_education school = { .struct_size = sizeof school, .candidate_id = uuid_of(profile),
                                      .institution_name = str_of("i"), .start_date = 20000, .end_date = 19999 };
    const uint64_t set = HG_BIT(HG_CANDIDATE_EDUCATION_CANDIDATE_ID) | HG_BIT(HG_CANDIDATE_EDUCATION_INSTITUTION_NAME)
                         | HG_BIT(HG_CANDIDATE_EDUCATION_START_DATE) | HG_BIT(HG_CANDIDATE_EDUCATION_END_DATE);
    hg_uuid id, imported;

    as(&candidate);
    ck_status(add_experience(tenant, 20000, 19999, 0, &id), HG_E_INVALID, err);
    ck_status(add_experience(tenant, 20000, 20100, 1, &id), HG_E_INVALID, err);
    ck_ok(add_experience(tenant, 20000, 0, 1, &id), err);
    ck_status(hg_candidate_experience_update(tenant, &id, &change, HG_BIT(HG_CANDIDATE_EXPERIENCE_END_DATE), NULL, &err),
              HG_E_INVALID, err);
    ck_ok(hg_candidate_experience_update(tenant, &id, &change, HG_BIT(HG_CANDIDATE_EXPERIENCE_END_DATE)
                                         | HG_BIT(HG_CANDIDATE_EXPERIENCE_IS_CURRENT), NULL, &err), err);
    ck_status(hg_candidate_education_insert(tenant, &school, set, NULL, &err), HG_E_INVALID, err);
    school.end_date = 20000;
    ck_ok(hg_candidate_education_insert(tenant, &school, set, NULL, &err), err);

    ck_ok(add_experience(service, 20000, 20100, 1, &imported), err);           /* what is imported stays as it was */
}
END_TEST

Suite *
suite_operations_rules_facts(void)
{
    Suite *suite = suite_create("operations/rules_facts");
    TCase *tcase = tcase_create("rules_facts");

    tcase_add_checked_fixture(tcase, stage_open, fixture_close);
    tcase_add_test(tcase, a_notification_is_read_for_the_first_time_once);
    tcase_add_test(tcase, only_a_completed_interview_has_a_score);
    tcase_add_test(tcase, a_decided_application_gets_no_interview);
    tcase_add_test(tcase, a_candidates_history_is_sound_by_whichever_way_he_writes_it);
    suite_add_tcase(suite, tcase);
    return suite;
}
