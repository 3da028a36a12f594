/* operations/applications_reading - counts, what is stale, who has applied, histories, and what a freelancer sees of those
 * whom he brought. */
#include "operations/applications_stage.h"
#include "suites.h"

#include <string.h>

START_TEST(every_status_has_its_count_even_zero)
{
    actor third;

    stage_application(job_id, other_profile, "offer");
    stage_application(stage_job(company_id), stage_profile(&third, "{}"), "offer");
    as(&viewer);
    ck_plays(play("application_counts", "{\"job_id\":\"%s\"}", job_id));
    ck_assert_str_eq(got, "[{\"status\":\"applied\",\"applications\":1},{\"status\":\"screening\",\"applications\":0},"
                          "{\"status\":\"interviewing\",\"applications\":0},{\"status\":\"offer\",\"applications\":1},"
                          "{\"status\":\"hired\",\"applications\":0},{\"status\":\"rejected\",\"applications\":0},"
                          "{\"status\":\"withdrawn\",\"applications\":0}]");
    ck_plays(play("application_counts", "{\"company_id\":\"%s\"}", company_id));
    ck_got("{\"status\":\"offer\",\"applications\":2}");
    as(&candidate);
    ck_plays(play("application_counts", "{\"candidate_id\":\"%s\"}", profile));
    ck_got("{\"status\":\"applied\",\"applications\":1}");
}
END_TEST

START_TEST(leak_1_a_stranger_counts_nothing)
{
    as(&stranger);
    ck_plays(play("application_counts", "{\"job_id\":\"%s\"}", job_id));
    ck_not_got("\"applications\":1");
    ck_plays(play("application_counts", "{\"company_id\":\"%s\"}", other_company_id));
    ck_not_got("\"applications\":1");
    ck_plays(play("application_stale", "{\"company_id\":\"%s\",\"days\":0,\"at_most\":9}", company_id));
    ck_assert_str_eq(got, "[]");
    ck_plays(play("timeline_list", "{\"application_id\":\"%s\"}", application_id));
    ck_assert_str_eq(got, "[]");
    ck_plays(play("application_has_applied", "{\"candidate_id\":\"%s\",\"job_ids\":[\"%s\"]}", profile, job_id));
    ck_assert_str_eq(got, "[]");
    as(&other);
    ck_plays(play("application_has_applied", "{\"candidate_id\":\"%s\",\"job_ids\":[\"%s\"]}", profile, job_id));
    ck_assert_str_eq(got, "[]");
    ck_plays(play("timeline_list", "{\"application_id\":\"%s\"}", application_id));
    ck_assert_str_eq(got, "[]");
    as(&freelancer);
    ck_refuses(play("application_counts", "{\"job_id\":\"%s\"}", job_id), HG_E_DENIED);
}
END_TEST

START_TEST(has_applied_names_the_jobs)
{
    const char *second = stage_job(company_id);

    as(&candidate);
    ck_plays(play("application_has_applied", "{\"candidate_id\":\"%s\",\"job_ids\":[\"%s\",\"%s\"]}", profile, second, job_id));
    ck_assert_str_eq(got, fixture_text("[{\"job_id\":\"%s\",\"application_id\":\"%s\",\"status\":\"applied\"}]", job_id,
                                       application_id));
}
END_TEST

/* A note is no move: it does not make an application fresh. */
START_TEST(stale_is_what_has_not_moved)
{
    const char *fresh = stage_application(job_id, other_profile, "screening");

    stage_status(application_id, "screening");
    sql_do("UPDATE application_timeline SET created_at = created_at - interval '10 days' WHERE application_id = '%s'",
           application_id);
    as(&recruiter);
    ck_plays(play("timeline_add_note", "{\"application_id\":\"%s\",\"note\":\"still here\"}", application_id));
    ck_plays(play("application_stale", "{\"company_id\":\"%s\",\"days\":7,\"at_most\":10}", company_id));
    ck_got(application_id);
    ck_got("\"days_in_stage\":10");
    ck_not_got(fresh);
    ck_plays(play("application_stale", "{\"company_id\":\"%s\",\"days\":7,\"statuses\":[\"offer\"],\"at_most\":10}", company_id));
    ck_assert_str_eq(got, "[]");
    ck_plays(play("application_stale", "{\"company_id\":\"%s\",\"days\":7,\"at_most\":0}", company_id));
    ck_assert_str_eq(got, "[]");
}
END_TEST

START_TEST(a_history_is_in_order_and_says_who)
{
    as(&recruiter);
    ck_plays(play("application_set_status", "{\"application_id\":\"%s\",\"from_status\":\"applied\",\"to_status\":\"screening\","
                  "\"note\":\"ring him\"}", application_id));
    ck_plays(play("timeline_list", "{\"application_id\":\"%s\"}", application_id));
    ck_assert(strstr(got, "\"status\":\"applied\"") < strstr(got, "\"status\":\"screening\""));
    ck_got("\"notes\":\"ring him\"");
    ck_got(fixture_text("\"changed_by\":\"%s\"", recruiter.id));
    ck_got("\"changed_by_last_name\":\"Person\"");
    as(&candidate);
    ck_plays(play("timeline_list", "{\"application_id\":\"%s\"}", application_id));
    ck_got("\"status\":\"screening\"");
    ck_not_got("ring him");
    ck_not_got(recruiter.id);
    ck_not_got("\"from\"");
}
END_TEST

/* Many entries of one moment, as an import makes them: their order is that of their ids, twice the same. */
START_TEST(entries_of_one_moment_have_one_order)
{
    const char *first;

    sql_do("INSERT INTO application_timeline (application_id, status, created_at) SELECT '%s', 's' || n, '2026-01-01'"
           " FROM generate_series(1, 50) AS g (n)", application_id);
    as(&recruiter);
    ck_plays(play("timeline_list", "{\"application_id\":\"%s\"}", application_id));
    first = got;
    sql_do("UPDATE application_timeline SET notes = notes WHERE application_id = '%s' AND status IN ('s3', 's9')",
           application_id);
    ck_plays(play("timeline_list", "{\"application_id\":\"%s\"}", application_id));
    ck_assert_str_eq(first, got);
}
END_TEST

START_TEST(a_freelancer_sees_where_his_candidates_stand_and_pages_lose_none)
{
    char seen[8][40];
    size_t count = 0;
    const char *after = "";

    sql_do("UPDATE applications SET referrer_id = '%s', recruiter_notes = 'secret' WHERE id = '%s'", freelancer.id,
           application_id);
    sql_do("INSERT INTO applications (job_id, referrer_id, applied_at) SELECT '%s', '%s', '2026-01-01' FROM"
           " generate_series(1, 5)", job_id, freelancer.id);
    sql_do("INSERT INTO applications (job_id, referrer_id, applied_at) VALUES ('%s', '%s', NULL)", job_id, freelancer.id);
    as(&freelancer);
    for (;;) {
        const char *id;

        ck_plays(play("application_list_referred", "{\"at_most\":1%s}", after));
        if (strcmp(got, "[]") == 0)
            break;
        ck_not_got("secret");
        ck_assert_uint_lt(count, 7);
        id = strstr(got, "\"id\":\"") + 6;
        memcpy(seen[count], id, 36);
        seen[count][36] = '\0';
        for (size_t i = 0; i < count; i++)
            ck_assert_str_ne(seen[i], seen[count]);
        after = fixture_text(",\"after_id\":\"%s\",\"after_time\":%s", seen[count],
                             sql_text("SELECT coalesce(to_json(applied_at)::text, 'null') FROM applications WHERE id = '%s'",
                                      seen[count]));
        count++;
    }
    ck_assert_uint_eq(count, 7);
    as(&candidate);
    ck_refuses(play("application_list_referred", "{\"at_most\":9}"), HG_E_DENIED);
}
END_TEST

Suite *
suite_operations_applications_reading(void)
{
    Suite *suite = suite_create("operations/applications_reading");
    TCase *tcase = tcase_create("applications_reading");

    tcase_add_checked_fixture(tcase, stage_open, fixture_close);
    tcase_add_test(tcase, every_status_has_its_count_even_zero);
    tcase_add_test(tcase, leak_1_a_stranger_counts_nothing);
    tcase_add_test(tcase, has_applied_names_the_jobs);
    tcase_add_test(tcase, stale_is_what_has_not_moved);
    tcase_add_test(tcase, a_history_is_in_order_and_says_who);
    tcase_add_test(tcase, entries_of_one_moment_have_one_order);
    tcase_add_test(tcase, a_freelancer_sees_where_his_candidates_stand_and_pages_lose_none);
    suite_add_tcase(suite, tcase);
    return suite;
}
