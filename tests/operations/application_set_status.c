/* operations/application_set_status - the status machine, compare-and-set, what comes with a move, and who may move. */
#include "operations/ask.h"
#include "suites.h"

#include <string.h>

static hg_uuid recruiter, user, company, job, application;

static void
enter(int32_t role, const hg_uuid *who_id)
{
    hg_identity who = identity(role, who_id);

    ck_ok(hg_session_enter(tenant, &who, &err), err);
}

static void
setup(void)
{
    hg_uuid candidate;

    fixture_open_tenant();
    recruiter = fixture_user(HG_USER_USER_TYPE_COMPANY);
    company = fixture_company(&recruiter, HG_COMPANY_MEMBER_ROLE_RECRUITER);
    job = fixture_job(&company, 1);
    user = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    hg_uuid_new(&candidate);
    hg_uuid_new(&application);
    sql_do("INSERT INTO candidate_profiles (id, user_id) VALUES ('%s', '%s')", uuid_text(&candidate), uuid_text(&user));
    sql_do("INSERT INTO applications (id, job_id, candidate_id) VALUES ('%s', '%s', '%s')", uuid_text(&application),
           uuid_text(&job), uuid_text(&candidate));
    enter(HG_ROLE_COMPANY, &recruiter);
}

static hg_status
move(hg_conn *conn, int32_t from, int32_t to, int32_t force, const hg_application **row)
{
    hg_application_set_status_params params = {
        .struct_size = sizeof params,
        .set = HG_BIT(HG_APPLICATION_SET_STATUS_APPLICATION_ID) | HG_BIT(HG_APPLICATION_SET_STATUS_FROM_STATUS)
               | HG_BIT(HG_APPLICATION_SET_STATUS_TO_STATUS) | HG_BIT(HG_APPLICATION_SET_STATUS_NOTE)
               | HG_BIT(HG_APPLICATION_SET_STATUS_FORCE),
        .application_id = application, .from_status = from, .to_status = to, .note = { "hm", 2 }, .force = force,
    };

    return hg_application_set_status(conn, &params, row, &err);
}

static long
steps(void)
{
    return sql_int("SELECT count(*) FROM application_timeline WHERE application_id = '%s'", uuid_text(&application));
}

START_TEST(a_move_comes_with_a_step_and_a_notification)
{
    const hg_application *row = NULL;

    ck_ok(move(tenant, HG_APPLICATION_STATUS_APPLIED, HG_APPLICATION_STATUS_SCREENING, 0, &row), err);

    ck_assert_int_eq(row->status, HG_APPLICATION_STATUS_SCREENING);
    ck_assert_str_eq(sql_text("SELECT status || ' ' || notes || ' ' || changed_by || ' ' || (metadata ->> 'from')"
                              " FROM application_timeline WHERE application_id = '%s'", uuid_text(&application)),
                     fixture_text("screening hm %s applied", uuid_text(&recruiter)));
    ck_assert_int_eq(sql_int("SELECT count(*) FROM notifications WHERE user_id = '%s'"
                             " AND notification_type = 'application_status'", uuid_text(&user)), 1);
    hg_application_free(row);
}
END_TEST

START_TEST(where_it_is_already_nothing_is_written)
{
    const hg_application *first = NULL, *again = NULL;

    ck_ok(move(tenant, HG_APPLICATION_STATUS_APPLIED, HG_APPLICATION_STATUS_SCREENING, 0, &first), err);
    ck_ok(move(tenant, HG_APPLICATION_STATUS_APPLIED, HG_APPLICATION_STATUS_SCREENING, 0, &again), err);

    ck_assert_uint_eq(first->row_version, again->row_version);
    ck_assert_int_eq(steps(), 1);
    hg_application_free(first);
    hg_application_free(again);
}
END_TEST

START_TEST(who_looked_at_another_status_comes_too_late)
{
    sql_do("UPDATE applications SET status = 'interviewing' WHERE id = '%s'", uuid_text(&application));
    ck_status(move(tenant, HG_APPLICATION_STATUS_APPLIED, HG_APPLICATION_STATUS_SCREENING, 0, NULL), HG_E_STATE, err);
    ck_assert_int_eq(steps(), 0);
}
END_TEST

/* Half of them would screen, half reject: who comes second finds it moved, or moved where he wanted it. */
START_TEST(of_many_at_once_one_moves_it)
{
    caller callers[CROWD] = { 0 };
    int screening, rejected;
    const char *status;

    for (int i = 0; i < CROWD; i++)
        callers[i] = (caller){ .role = HG_ROLE_COMPANY, .user = recruiter,
                               .params = fixture_text("{'application_id': '%s', 'from_status': 'applied', 'to_status': '%s'}",
                                                      uuid_text(&application), i % 2 ? "rejected" : "screening") };

    at_once(callers, CROWD, "application_set_status");

    status = sql_text("SELECT status FROM applications WHERE id = '%s'", uuid_text(&application));
    screening = strcmp(status, "screening") == 0;
    rejected = strcmp(status, "rejected") == 0;
    ck_assert_msg(screening || rejected, "it is %s", status);
    for (int i = 0; i < CROWD; i++)
        ck_assert_msg(callers[i].status == ((i % 2 ? rejected : screening) ? HG_OK : HG_E_STATE), "caller %d, who wanted %s, has %s",
                      i, i % 2 ? "rejected" : "screening", hg_status_name(callers[i].status));
    ck_assert_int_eq(steps(), 1);
    ck_assert_str_eq(sql_text("SELECT (metadata ->> 'from') || ' ' || status FROM application_timeline WHERE application_id = '%s'",
                              uuid_text(&application)), fixture_text("applied %s", status));
}
END_TEST

/* Every pair of statuses: what the machine has and what it has not. */
START_TEST(the_machine_has_eight_moves_of_the_company)
{
    static const char *const names[] = { "", "applied", "screening", "interviewing", "offer", "hired", "rejected",
                                         "withdrawn" };
    int from = _i / 7 + 1, to = _i % 7 + 1;
    int is_next = from < HG_APPLICATION_STATUS_HIRED && to == from + 1 && to <= HG_APPLICATION_STATUS_HIRED;
    int is_rejected = from < HG_APPLICATION_STATUS_HIRED && to == HG_APPLICATION_STATUS_REJECTED;
    hg_status want = from == to || is_next || is_rejected ? HG_OK : HG_E_STATE, st;

    sql_do("UPDATE applications SET status = '%s' WHERE id = '%s'", names[from], uuid_text(&application));
    st = move(tenant, from, to, 0, NULL);
    ck_assert_msg(st == want, "%s to %s gave %s (%s)", names[from], names[to], hg_status_name(st), err.message);
}
END_TEST

START_TEST(only_an_admin_forces_and_nobody_into_withdrawn)
{
    hg_uuid admin_user = fixture_user(HG_USER_USER_TYPE_COMPANY);

    sql_do("INSERT INTO company_members (company_id, user_id, role, joined_at) VALUES ('%s', '%s', 'admin', now())",
           uuid_text(&company), uuid_text(&admin_user));
    ck_status(move(tenant, HG_APPLICATION_STATUS_APPLIED, HG_APPLICATION_STATUS_OFFER, 1, NULL), HG_E_STATE, err);
    enter(HG_ROLE_COMPANY, &admin_user);
    ck_status(move(tenant, HG_APPLICATION_STATUS_APPLIED, HG_APPLICATION_STATUS_WITHDRAWN, 1, NULL), HG_E_STATE, err);
    ck_ok(move(tenant, HG_APPLICATION_STATUS_APPLIED, HG_APPLICATION_STATUS_OFFER, 1, NULL), err);
    ck_ok(move(service, HG_APPLICATION_STATUS_OFFER, HG_APPLICATION_STATUS_APPLIED, 1, NULL), err);
}
END_TEST

START_TEST(leak_another_company_and_a_viewer_move_nothing)
{
    hg_uuid stranger = fixture_user(HG_USER_USER_TYPE_COMPANY), viewer = fixture_user(HG_USER_USER_TYPE_COMPANY);

    fixture_company(&stranger, HG_COMPANY_MEMBER_ROLE_ADMIN);
    sql_do("INSERT INTO company_members (company_id, user_id, role, joined_at) VALUES ('%s', '%s', 'viewer', now())",
           uuid_text(&company), uuid_text(&viewer));
    enter(HG_ROLE_COMPANY, &stranger);
    ck_status(move(tenant, HG_APPLICATION_STATUS_APPLIED, HG_APPLICATION_STATUS_SCREENING, 0, NULL), HG_E_NOT_FOUND, err);
    enter(HG_ROLE_COMPANY, &viewer);
    ck_status(move(tenant, HG_APPLICATION_STATUS_APPLIED, HG_APPLICATION_STATUS_SCREENING, 0, NULL), HG_E_DENIED, err);
    ck_assert_str_eq(err.sqlstate, "HG004");
    enter(HG_ROLE_CANDIDATE, &user);
    ck_status(move(tenant, HG_APPLICATION_STATUS_APPLIED, HG_APPLICATION_STATUS_SCREENING, 0, NULL), HG_E_DENIED, err);
    ck_assert_str_eq(err.sqlstate, "");
    ck_assert_int_eq(steps(), 0);
}
END_TEST

START_TEST(an_application_without_a_job_is_the_services_alone)
{
    sql_do("UPDATE applications SET job_id = NULL WHERE id = '%s'", uuid_text(&application));
    ck_status(move(tenant, HG_APPLICATION_STATUS_APPLIED, HG_APPLICATION_STATUS_SCREENING, 0, NULL), HG_E_NOT_FOUND, err);
    ck_ok(move(service, HG_APPLICATION_STATUS_APPLIED, HG_APPLICATION_STATUS_SCREENING, 0, NULL), err);
}
END_TEST

Suite *
suite_operations_application_set_status(void)
{
    Suite *suite = suite_create("operations/application_set_status");
    TCase *tcase = tcase_create("application_set_status");

    tcase_add_checked_fixture(tcase, setup, fixture_close);
    tcase_add_test(tcase, a_move_comes_with_a_step_and_a_notification);
    tcase_add_test(tcase, where_it_is_already_nothing_is_written);
    tcase_add_test(tcase, who_looked_at_another_status_comes_too_late);
    tcase_add_loop_test(tcase, of_many_at_once_one_moves_it, 0, 5);
    tcase_add_loop_test(tcase, the_machine_has_eight_moves_of_the_company, 0, 49);
    tcase_add_test(tcase, only_an_admin_forces_and_nobody_into_withdrawn);
    tcase_add_test(tcase, leak_another_company_and_a_viewer_move_nothing);
    tcase_add_test(tcase, an_application_without_a_job_is_the_services_alone);
    suite_add_tcase(suite, tcase);
    return suite;
}
