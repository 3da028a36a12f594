/* operations/applications_bulk - many applications at once: an outcome for each id, and no two calls that wait for each
 * other. */
#include "operations/applications_stage.h"
#include "operations/ask.h"
#include "suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A JSON array of the ids that a query gives. */
static const char *
ids_of(const char *query)
{
    const char *ids = sql_text("SELECT json_agg(id)::text FROM (%s) AS q (id)", query);

    ck_assert_ptr_nonnull(ids);
    return ids;
}

static void
many(int count)
{
    sql_do("WITH made AS (INSERT INTO applications (job_id, candidate_id, status) SELECT '%s', NULL, 'applied'"
           " FROM generate_series(1, %d) RETURNING id)"
           " INSERT INTO application_timeline (application_id, status, metadata, created_at)"
           " SELECT id, 'applied', '{\"to\": \"applied\"}', now() AT TIME ZONE 'UTC' FROM made", job_id, count);
}

START_TEST(each_id_has_its_outcome)
{
    const char *done = stage_application(job_id, other_profile, "screening"), *hired;
    const char *theirs = stage_application(stage_job(other_company_id), profile, "applied");
    const char *missing = stage_id();

    actor third;
    hired = stage_application(job_id, stage_profile(&third, "{}"), "hired");
    as(&recruiter);
    ck_plays(play("application_bulk_set_status",
                  "{\"application_ids\":[\"%s\",\"%s\",\"%s\",\"%s\",\"%s\",\"%s\"],\"to_status\":\"screening\",\"note\":\"n\"}",
                  theirs, application_id, missing, done, application_id, hired));

    ck_got(fixture_text("{\"place\":1,\"id\":\"%s\",\"outcome\":\"not_found\",\"status\":null}", theirs));
    ck_got(fixture_text("{\"place\":2,\"id\":\"%s\",\"outcome\":\"moved\",\"status\":\"screening\"}", application_id));
    ck_got(fixture_text("{\"place\":3,\"id\":\"%s\",\"outcome\":\"not_found\",\"status\":null}", missing));
    ck_got(fixture_text("{\"place\":4,\"id\":\"%s\",\"outcome\":\"unchanged\",\"status\":\"screening\"}", done));
    ck_got(fixture_text("{\"place\":5,\"id\":\"%s\",\"outcome\":\"duplicate\",\"status\":\"screening\"}", application_id));
    ck_got(fixture_text("{\"place\":6,\"id\":\"%s\",\"outcome\":\"not_allowed\",\"status\":\"hired\"}", hired));
    ck_assert_int_eq(steps_of(application_id), 2);
    ck_assert_int_eq(steps_of(done), 2);
    ck_assert(is_chain(application_id));
    ck_assert_str_eq(status_of(theirs), "applied");
    ck_assert_int_eq(sql_int("SELECT count(*) FROM notifications WHERE user_id = '%s'", candidate.id), 1);
}
END_TEST

START_TEST(without_rank_it_is_denied_and_bad_input_is_refused)
{
    as(&viewer);
    ck_plays(play("application_bulk_set_status", "{\"application_ids\":[\"%s\"],\"to_status\":\"screening\"}", application_id));
    ck_got("\"outcome\":\"denied\"");
    as(&recruiter);
    ck_refuses(play("application_bulk_set_status", "{\"application_ids\":[\"%s\"],\"to_status\":\"hired\"}", application_id),
               HG_E_INVALID);
    ck_refuses(play("application_bulk_set_status", "{\"application_ids\":[\"%s\"],\"to_status\":\"withdrawn\"}", application_id),
               HG_E_INVALID);
    ck_refuses(play("application_bulk_set_status", "{\"application_ids\":[\"x\"],\"to_status\":\"screening\"}"), HG_E_INVALID);
    ck_plays(play("application_bulk_set_status", "{\"application_ids\":[],\"to_status\":\"screening\"}"));
    ck_assert_str_eq(got, "[]");
    as(&candidate);
    ck_refuses(play("application_bulk_set_status", "{\"application_ids\":[\"%s\"],\"to_status\":\"screening\"}", application_id),
               HG_E_DENIED);
    ck_assert_int_eq(steps_of(application_id), 1);
}
END_TEST

START_TEST(a_thousand_move_in_one_trip)
{
    many(1000);
    as(&recruiter);
    ck_plays(play("application_bulk_set_status", "{\"application_ids\":%s,\"to_status\":\"screening\"}",
                  ids_of(fixture_text("SELECT id FROM applications WHERE job_id = '%s'", job_id))));
    ck_assert_int_eq(sql_int("SELECT count(*) FROM applications WHERE job_id = '%s' AND status = 'screening'", job_id), 1001);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM application_timeline t JOIN applications a ON a.id = t.application_id"
                             " WHERE a.job_id = '%s' AND t.metadata ->> 'from' = 'applied'", job_id), 1001);
    ck_assert_int_eq(sql_int("SELECT count(DISTINCT t.metadata ->> 'bulk_id') FROM application_timeline t JOIN applications a"
                             " ON a.id = t.application_id WHERE a.job_id = '%s' AND t.metadata ? 'bulk_id'", job_id), 1);
}
END_TEST

/* What a reply says of an outcome, and how often. */
static int
outcomes(const caller *call, const char *outcome)
{
    const char *part = fixture_text("\"outcome\":\"%s\"", outcome);
    int count = 0;

    for (const char *at = call->answer; (at = strstr(at, part)) != NULL; at++)
        count++;
    return count;
}

/* Eight calls with the same ids, half of them the other way round, to two statuses: without one order of the locks this is a
 * deadlock at almost every try. A thousand and one are the caller's; a hundred of those are named twice, ten are another
 * company's, ten nobody's, and ten are hired already. Each call has an outcome for each. */
START_TEST(opposite_orders_do_not_deadlock_and_every_history_is_a_chain)
{
    enum { OWN = 1001, TWICE = 100, OTHERS = 10, MISSING = 10, HIRED = 10, CALLS = 8 };
    const char *other_job = stage_job(other_company_id), *hired_job = stage_job(company_id), *query;
    caller calls[CALLS] = { { 0 } };

    many(OWN - 1);
    sql_do("INSERT INTO applications (job_id, status) SELECT '%s', 'applied' FROM generate_series(1, %d)", other_job, OTHERS);
    sql_do("INSERT INTO applications (job_id, status) SELECT '%s', 'hired' FROM generate_series(1, %d)", hired_job, HIRED);
    query = fixture_text("SELECT id FROM applications WHERE job_id IN ('%s', '%s', '%s') UNION ALL"
                         " (SELECT id FROM applications WHERE job_id = '%s' ORDER BY id LIMIT %d) UNION ALL"
                         " SELECT md5('%s' || n)::uuid FROM generate_series(1, %d) n ORDER BY id",
                         job_id, other_job, hired_job, job_id, TWICE, job_id, MISSING);
    for (int i = 0; i < CALLS; i++)
        calls[i] = (caller){ .role = HG_ROLE_COMPANY, .user = i < 4 ? recruiter.user : boss.user,
                             .params = fixture_text("{\"application_ids\":%s,\"to_status\":\"%s\"}",
                                                    ids_of(i % 2 == 0 ? query : fixture_text("%s DESC", query)),
                                                    i / 2 % 2 == 0 ? "screening" : "rejected") };
    at_once(calls, CALLS, "application_bulk_set_status");

    for (int i = 0; i < CALLS; i++) {
        ck_ok(calls[i].status, calls[i].err);
        ck_assert_int_eq(outcomes(&calls[i], "not_found"), OTHERS + MISSING);
        ck_assert_int_eq(outcomes(&calls[i], "duplicate"), TWICE);
        ck_assert_int_eq(outcomes(&calls[i], "moved") + outcomes(&calls[i], "unchanged") + outcomes(&calls[i], "not_allowed"),
                         OWN + HIRED);
        ck_assert_int_ge(outcomes(&calls[i], "not_allowed"), HIRED);
    }
    ck_assert_int_eq(sql_int("WITH moves AS (SELECT t.application_id, metadata ->> 'from' AS f, lag(metadata ->> 'to') OVER"
                             " (PARTITION BY t.application_id ORDER BY t.created_at, t.id) AS before FROM application_timeline t"
                             " JOIN applications a ON a.id = t.application_id WHERE a.job_id = '%s')"
                             " SELECT count(*) FROM moves WHERE f IS DISTINCT FROM before", job_id), 0);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM applications WHERE job_id = '%s' AND status = 'rejected'", job_id), OWN);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM applications WHERE job_id = '%s' AND status = 'applied'", other_job), OTHERS);
}
END_TEST

Suite *
suite_operations_applications_bulk(void)
{
    Suite *suite = suite_create("operations/applications_bulk");
    TCase *tcase = tcase_create("applications_bulk");

    tcase_add_checked_fixture(tcase, stage_open, fixture_close);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, each_id_has_its_outcome);
    tcase_add_test(tcase, without_rank_it_is_denied_and_bad_input_is_refused);
    tcase_add_test(tcase, a_thousand_move_in_one_trip);
    tcase_add_test(tcase, opposite_orders_do_not_deadlock_and_every_history_is_a_chain);
    suite_add_tcase(suite, tcase);
    return suite;
}
