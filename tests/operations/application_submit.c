/* operations/application_submit - one application with its first step and a notification, once however many ask, and not
 * for a job that takes none. */
#include "fixture.h"
#include "suites.h"

#include <pthread.h>
#include <string.h>

static hg_uuid recruiter, user, candidate, company, job;

static hg_uuid
profile_of(const hg_uuid *of)
{
    hg_uuid id;

    hg_uuid_new(&id);
    sql_do("INSERT INTO candidate_profiles (id, user_id) VALUES ('%s', '%s')", uuid_text(&id), uuid_text(of));
    return id;
}

static void
enter(hg_conn *conn, int32_t role, const hg_uuid *who_id)
{
    hg_identity who = identity(role, who_id);

    ck_ok(hg_session_enter(conn, &who, &err), err);
}

static void
setup(void)
{
    fixture_open_tenant();
    recruiter = fixture_user(HG_USER_USER_TYPE_COMPANY);
    company = fixture_company(&recruiter, HG_COMPANY_MEMBER_ROLE_RECRUITER);
    job = fixture_job(&company, 1);
    user = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    candidate = profile_of(&user);
    sql_do("UPDATE jobs SET posted_by = '%s' WHERE id = '%s'", uuid_text(&recruiter), uuid_text(&job));
    enter(tenant, HG_ROLE_CANDIDATE, &user);
}

static hg_application_submit_params
apply(void)
{
    return (hg_application_submit_params){
        .struct_size = sizeof(hg_application_submit_params),
        .set = HG_BIT(HG_APPLICATION_SUBMIT_JOB_ID) | HG_BIT(HG_APPLICATION_SUBMIT_CANDIDATE_ID)
               | HG_BIT(HG_APPLICATION_SUBMIT_COVER_LETTER),
        .job_id = job, .candidate_id = candidate, .cover_letter = { "Dear all", 8 },
    };
}

START_TEST(an_application_comes_with_all_that_belongs_to_it)
{
    hg_application_submit_params params = apply();
    const hg_application *row = NULL;
    const char *id;

    ck_ok(hg_application_submit(tenant, &params, &row, &err), err);
    id = uuid_text(&row->id);

    ck_assert_int_eq(row->status, HG_APPLICATION_STATUS_APPLIED);
    ck_assert_uint_eq(row->row_version, (uint64_t)row->last_updated_at);
    ck_assert(!(row->loaded_mask >> HG_APPLICATION_RECRUITER_NOTES & 1));
    ck_assert_str_eq(sql_text("SELECT cover_letter FROM applications WHERE id = '%s'", id), "Dear all");
    ck_assert_str_eq(sql_text("SELECT status || ' ' || changed_by FROM application_timeline WHERE application_id = '%s'",
                              id), fixture_text("applied %s", uuid_text(&user)));
    ck_assert_int_eq(sql_int("SELECT count(*) FROM notifications WHERE user_id = '%s' AND data ->> 'application_id' = '%s'",
                             uuid_text(&recruiter), id), 1);
    ck_assert_int_eq(sql_int("SELECT application_count FROM jobs WHERE id = '%s'", uuid_text(&job)), 1);
    hg_application_free(row);
}
END_TEST

START_TEST(a_second_time_is_a_conflict_and_writes_nothing)
{
    hg_application_submit_params params = apply();

    ck_ok(hg_application_submit(tenant, &params, NULL, &err), err);
    ck_status(hg_application_submit(tenant, &params, NULL, &err), HG_E_CONFLICT, err);

    ck_assert_str_eq(err.sqlstate, "HG002");
    ck_assert_int_eq(sql_int("SELECT application_count FROM jobs WHERE id = '%s'", uuid_text(&job)), 1);
}
END_TEST

static const struct { const char *name, *change; hg_status status; } closed[] = {
    { "a closed job",       "employment_status = 'closed'",                              HG_E_STATE },
    { "a job past its day", "application_deadline = now() AT TIME ZONE 'UTC' - interval '1 second'", HG_E_STATE },
    { "a hidden job",       "is_public = false",                                         HG_E_NOT_FOUND },
    { "a job before its day", "application_deadline = now() AT TIME ZONE 'UTC' + interval '1 minute'", HG_OK },
};

START_TEST(only_an_open_public_job_takes_applications)
{
    hg_application_submit_params params = apply();
    hg_status st;

    sql_do("UPDATE jobs SET %s WHERE id = '%s'", closed[_i].change, uuid_text(&job));
    st = hg_application_submit(tenant, &params, NULL, &err);

    ck_assert_msg(st == closed[_i].status, "%s gave %s (%s)", closed[_i].name, hg_status_name(st), err.message);
}
END_TEST

START_TEST(leak_nobody_applies_for_another_candidate)
{
    hg_uuid other = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    hg_application_submit_params params = apply();

    params.candidate_id = profile_of(&other);
    ck_status(hg_application_submit(tenant, &params, NULL, &err), HG_E_NOT_FOUND, err);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM applications WHERE job_id = '%s'", uuid_text(&job)), 0);
    enter(tenant, HG_ROLE_COMPANY, &recruiter);
    ck_status(hg_application_submit(tenant, &params, NULL, &err), HG_E_DENIED, err);
}
END_TEST

START_TEST(documents_are_an_array)
{
    hg_application_submit_params params = apply();

    params.set |= HG_BIT(HG_APPLICATION_SUBMIT_DOCUMENTS);
    params.documents = str_of("{\"name\": \"x\"}");
    ck_status(hg_application_submit(tenant, &params, NULL, &err), HG_E_INVALID, err);
    params.documents = str_of("[{\"name\": \"x\"}]");
    ck_ok(hg_application_submit(tenant, &params, NULL, &err), err);
}
END_TEST

enum { CALLERS = 8 };

static void *
apply_once(void *argument)
{
    hg_application_submit_params params = apply();
    hg_error e;

    return (void *)(intptr_t)hg_application_submit(argument, &params, NULL, &e);
}

START_TEST(of_eight_at_once_one_applies)
{
    hg_conn *conns[CALLERS];
    pthread_t threads[CALLERS];
    int applied = 0;

    for (int i = 0; i < CALLERS; i++) {
        conns[i] = fixture_conn(fixture_dsn("LOGIN"), NULL);
        enter(conns[i], HG_ROLE_CANDIDATE, &user);
    }
    for (int i = 0; i < CALLERS; i++)
        pthread_create(&threads[i], NULL, apply_once, conns[i]);
    for (int i = 0; i < CALLERS; i++) {
        void *st;

        pthread_join(threads[i], &st);
        ck_assert((intptr_t)st == HG_OK || (intptr_t)st == HG_E_CONFLICT);
        applied += (intptr_t)st == HG_OK;
        fixture_done(conns[i]);
    }

    ck_assert_int_eq(applied, 1);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM applications WHERE job_id = '%s'", uuid_text(&job)), 1);
    ck_assert_int_eq(sql_int("SELECT application_count FROM jobs WHERE id = '%s'", uuid_text(&job)), 1);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM application_timeline t JOIN applications a ON a.id = t.application_id"
                             " WHERE a.job_id = '%s'", uuid_text(&job)), 1);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM notifications n JOIN applications a ON n.data ->> 'application_id' = a.id::text"
                             " WHERE a.job_id = '%s'", uuid_text(&job)), 1);
}
END_TEST

Suite *
suite_operations_application_submit(void)
{
    Suite *suite = suite_create("operations/application_submit");
    TCase *tcase = tcase_create("application_submit");

    tcase_add_checked_fixture(tcase, setup, fixture_close);
    tcase_add_test(tcase, an_application_comes_with_all_that_belongs_to_it);
    tcase_add_test(tcase, a_second_time_is_a_conflict_and_writes_nothing);
    tcase_add_loop_test(tcase, only_an_open_public_job_takes_applications, 0, (int)(sizeof closed / sizeof *closed));
    tcase_add_test(tcase, leak_nobody_applies_for_another_candidate);
    tcase_add_test(tcase, documents_are_an_array);
    tcase_add_test(tcase, of_eight_at_once_one_applies);
    suite_add_tcase(suite, tcase);
    return suite;
}
