/* operations/job_set_state - one row of its own under the caller's policies; and what holds for the parameters of every
 * operation: required ones, forgotten bits, drafts, JSON, the role that is refused before anything is sent. */
#include "fixture.h"
#include "suites.h"

#include <string.h>

static hg_uuid recruiter, stranger, company, job;

static void
setup(void)
{
    fixture_open_tenant();
    recruiter = fixture_user(HG_USER_USER_TYPE_COMPANY);
    stranger = fixture_user(HG_USER_USER_TYPE_COMPANY);
    company = fixture_company(&recruiter, HG_COMPANY_MEMBER_ROLE_RECRUITER);
    fixture_company(&stranger, HG_COMPANY_MEMBER_ROLE_ADMIN);
    job = fixture_job(&company, 1);
}

static void
enter(int32_t role, const hg_uuid *user)
{
    hg_identity who = identity(role, user);

    ck_ok(hg_session_enter(tenant, &who, &err), err);
}

static hg_job_set_state_params
hide(void)
{
    return (hg_job_set_state_params){ .struct_size = sizeof(hg_job_set_state_params), .job_id = job,
                                      .set = HG_BIT(HG_JOB_SET_STATE_JOB_ID) | HG_BIT(HG_JOB_SET_STATE_IS_PUBLIC) };
}

START_TEST(a_recruiter_hides_a_job_and_its_state_stays)
{
    hg_job_set_state_params params = hide();
    const hg_job_set_state_row *row = NULL;

    enter(HG_ROLE_COMPANY, &recruiter);
    ck_ok(hg_job_set_state(tenant, &params, &row, &err), err);

    ck_assert_mem_eq(row->id.bytes, job.bytes, 16);
    ck_assert_int_eq(row->is_public, 0);
    ck_assert_uint_eq(row->loaded_mask, 15);
    ck_assert_uint_eq(row->row_version, (uint64_t)row->updated_at);
    ck_assert_str_eq(row->employment_status.ptr, "open");
    ck_assert_str_eq(sql_text("SELECT is_public FROM jobs WHERE id = '%s'", uuid_text(&job)), "f");
    hg_job_set_state_row_free(row);
}
END_TEST

START_TEST(leak_a_recruiter_of_another_company_finds_no_job)
{
    hg_job_set_state_params params = hide();
    const hg_job_set_state_row *row = (const void *)&params;

    enter(HG_ROLE_COMPANY, &stranger);
    ck_status(hg_job_set_state(tenant, &params, &row, &err), HG_E_NOT_FOUND, err);

    ck_says(err, "no such job, or not one of the caller's companies'");
    ck_assert_ptr_null(row);
    ck_assert_str_eq(sql_text("SELECT is_public FROM jobs WHERE id = '%s'", uuid_text(&job)), "t");
}
END_TEST

START_TEST(a_candidate_is_refused_before_anything_is_sent)
{
    hg_job_set_state_params params = hide();
    uint64_t trips = conn_stats(tenant).round_trips;

    enter(HG_ROLE_CANDIDATE, &recruiter);
    ck_status(hg_job_set_state(tenant, &params, NULL, &err), HG_E_DENIED, err);

    ck_says(err, "job_set_state is not for role candidate");
    ck_assert_uint_eq(conn_stats(tenant).round_trips, trips);
}
END_TEST

START_TEST(the_service_may_and_one_call_is_one_trip)
{
    hg_job_set_state_params params = hide();
    uint64_t trips;

    ck_ok(hg_job_set_state(service, &params, NULL, &err), err);
    trips = conn_stats(service).round_trips;
    ck_ok(hg_job_set_state(service, &params, NULL, &err), err);

    ck_assert_uint_eq(conn_stats(service).round_trips, trips + 1);
}
END_TEST

START_TEST(wrong_parameters_are_told_by_ordinal)
{
    hg_job_set_state_params params = hide();

    params.set = 0;
    params.job_id = (hg_uuid){ { 0 } };
    ck_status(hg_job_set_state(service, &params, NULL, &err), HG_E_INVALID, err);
    ck_column(err, HG_JOB_SET_STATE_JOB_ID);
    ck_says(err, "job_set_state.job_id is required");

    params = hide();
    params.null_mask = HG_BIT(HG_JOB_SET_STATE_JOB_ID);
    params.job_id = (hg_uuid){ { 0 } };
    ck_status(hg_job_set_state(service, &params, NULL, &err), HG_E_INVALID, err);
    ck_column(err, HG_JOB_SET_STATE_JOB_ID);

    params = hide();
    params.employment_status = str_of("closed");
    ck_status(hg_job_set_state(service, &params, NULL, &err), HG_E_INVALID, err);
    ck_column(err, HG_JOB_SET_STATE_EMPLOYMENT_STATUS);
    ck_says(err, "add its bit to set");

    params = hide();
    params.is_public = 2;
    ck_status(hg_job_set_state(service, &params, NULL, &err), HG_E_INVALID, err);
    ck_column(err, HG_JOB_SET_STATE_IS_PUBLIC);

    params = hide();
    params.set |= HG_BIT(9);
    ck_status(hg_job_set_state(service, &params, NULL, &err), HG_E_INVALID, err);

    params = hide();
    params.struct_size = 0;
    ck_status(hg_job_set_state(service, &params, NULL, &err), HG_E_INVALID, err);
    ck_status(hg_job_set_state(service, NULL, NULL, &err), HG_E_INVALID, err);
    ck_column(err, HG_JOB_SET_STATE_JOB_ID);
}
END_TEST

START_TEST(an_older_struct_ends_before_a_parameter)
{
    hg_job_set_state_params params = hide();

    params.struct_size = (uint32_t)offsetof(hg_job_set_state_params, employment_status);
    ck_status(hg_job_set_state(service, &params, NULL, &err), HG_E_INVALID, err);
    ck_column(err, HG_JOB_SET_STATE_IS_PUBLIC);
    params.set = HG_BIT(HG_JOB_SET_STATE_JOB_ID);
    ck_ok(hg_job_set_state(service, &params, NULL, &err), err);
}
END_TEST

START_TEST(a_draft_and_json_give_the_same_parameters)
{
    const hg_operation_info *op = hg_operation_describe(HG_OPERATION_JOB_SET_STATE);
    hg_draft *draft = hg_job_set_state_draft_new();
    char *json = fixture_text("{\"job_id\":\"%s\",\"employment_status\":\"closed\"}", uuid_text(&job));
    const hg_job_set_state_row *row = NULL;
    const void *any = NULL;
    hg_text *text = NULL;

    ck_ok(hg_draft_set_uuid(draft, HG_JOB_SET_STATE_JOB_ID, &job, &err), err);
    ck_ok(hg_draft_set_bool(draft, HG_JOB_SET_STATE_IS_PUBLIC, 0, &err), err);
    ck_ok(hg_job_set_state(service, hg_job_set_state_draft_params(draft), &row, &err), err);
    ck_assert_int_eq(row->is_public, 0);
    ck_ok(hg_job_set_state_row_to_json(row, &text, &err), err);
    ck_assert_ptr_nonnull(strstr(hg_text_ptr(text), "\"employment_status\":\"open\",\"is_public\":false"));
    hg_text_free(text);
    hg_job_set_state_row_free(row);
    hg_draft_free(draft);

    ck_ok(hg_operation_params_from_json(op, json, strlen(json), &draft, &err), err);
    ck_ok(hg_operation_run_row(service, op, hg_operation_draft_params(op, draft), &any, &err), err);
    ck_ok(hg_operation_row_text(op, any, HG_JOB_SET_STATE_ROW_EMPLOYMENT_STATUS, &text, &err), err);
    ck_assert_str_eq(hg_text_ptr(text), "closed");
    hg_text_free(text);
    hg_operation_row_free(any);
    hg_draft_free(draft);
}
END_TEST

START_TEST(a_draft_of_another_operation_gives_no_params)
{
    hg_draft *draft = hg_job_similar_draft_new();

    ck_assert_ptr_null(hg_job_set_state_draft_params(draft));
    ck_assert_ptr_nonnull(hg_job_similar_draft_params(draft));
    hg_draft_free(draft);
    ck_assert_ptr_null(hg_job_set_state_draft_params(NULL));
}
END_TEST

START_TEST(every_operation_describes_itself)
{
    for (int32_t i = 0; i < hg_operation_count(); i++) {
        const hg_operation_info *op = hg_operation_describe(i);

        ck_assert_ptr_nonnull(op);
        ck_assert_uint_eq(op->struct_size, sizeof *op);
        ck_assert(op->rows >= HG_ROWS_NONE && op->rows <= HG_ROWS_COUNT);
        ck_assert_msg(op->roles != 0 && op->roles < 32, "%s is for nobody", op->name);
        ck_assert_ptr_nonnull(strstr(op->sql, op->name));
        ck_assert_msg((op->rows >= HG_ROWS_ONE && op->rows <= HG_ROWS_MANY)
                      == (op->row != NULL || op->row_table >= 0), "%s", op->name);
    }
    ck_assert_ptr_null(hg_operation_describe(-1));
    ck_assert_ptr_null(hg_operation_describe(hg_operation_count()));
}
END_TEST

START_TEST(a_description_of_another_version_is_refused)
{
    hg_operation_info op = *hg_operation_describe(HG_OPERATION_JOB_SET_STATE);
    hg_job_set_state_params params = hide();
    const void *row = &params;
    int64_t count = 1;

    op.struct_size += 8;
    ck_status(hg_operation_run_row(service, &op, &params, &row, &err), HG_E_INVALID, err);
    ck_says(err, "generate it again");
    ck_assert_ptr_null(row);

    ck_status(hg_operation_run_count(service, hg_operation_describe(HG_OPERATION_JOB_SET_STATE), &params, &count, &err),
              HG_E_INVALID, err);
    ck_says(err, "job_set_state does not give a number");
    ck_assert_int_eq(count, 0);
    ck_status(hg_operation_run(service, NULL, NULL, &err), HG_E_INVALID, err);
}
END_TEST

Suite *
suite_operations_job_set_state(void)
{
    Suite *suite = suite_create("operations/job_set_state");
    TCase *tcase = tcase_create("job_set_state");

    tcase_add_checked_fixture(tcase, setup, fixture_close);
    tcase_add_test(tcase, a_recruiter_hides_a_job_and_its_state_stays);
    tcase_add_test(tcase, leak_a_recruiter_of_another_company_finds_no_job);
    tcase_add_test(tcase, a_candidate_is_refused_before_anything_is_sent);
    tcase_add_test(tcase, the_service_may_and_one_call_is_one_trip);
    tcase_add_test(tcase, wrong_parameters_are_told_by_ordinal);
    tcase_add_test(tcase, an_older_struct_ends_before_a_parameter);
    tcase_add_test(tcase, a_draft_and_json_give_the_same_parameters);
    tcase_add_test(tcase, a_draft_of_another_operation_gives_no_params);
    tcase_add_test(tcase, every_operation_describes_itself);
    tcase_add_test(tcase, a_description_of_another_version_is_refused);
    suite_add_tcase(suite, tcase);
    return suite;
}
