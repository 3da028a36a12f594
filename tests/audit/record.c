/* audit/record - what the application writes to the trail itself, what of it survives a rollback, refusals that record
 * themselves, and who is told what when he asks. */
#include "fixture.h"
#include "suites.h"

#include <string.h>

static hg_uuid recruiter, boss, stranger, company, job;

static void
setup(void)
{
    fixture_open_tenant();
    recruiter = fixture_user(HG_USER_USER_TYPE_COMPANY);
    boss = fixture_user(HG_USER_USER_TYPE_COMPANY);
    stranger = fixture_user(HG_USER_USER_TYPE_COMPANY);
    company = fixture_company(&recruiter, HG_COMPANY_MEMBER_ROLE_RECRUITER);
    sql_do("INSERT INTO company_members (company_id, user_id, role, joined_at) VALUES ('%s', '%s', 'admin', now())",
           uuid_text(&company), uuid_text(&boss));
    sql_do("UPDATE users SET first_name = 'Rita' WHERE id = '%s'", uuid_text(&recruiter));
    fixture_company(&stranger, HG_COMPANY_MEMBER_ROLE_ADMIN);
    job = fixture_job(&company, 1);
}

static void
enter(hg_conn *conn, int32_t role, const hg_uuid *user)
{
    hg_identity who = identity(role, user);

    strcpy(who.ip, "192.0.2.9");
    strcpy(who.request_id, "r-9");
    ck_ok(hg_session_enter(conn, &who, &err), err);
}

static hg_audit_record_params
an_event(const char *action)
{
    return (hg_audit_record_params){
        .struct_size = sizeof(hg_audit_record_params), .action = str_of(action), .resource_type = str_of("jobs"),
        .resource_id = job, .new_values = str_of("{\"file\": \"a.pdf\", \"_meta\": \"mine\"}"),
        .set = HG_BIT(HG_AUDIT_RECORD_ACTION) | HG_BIT(HG_AUDIT_RECORD_RESOURCE_TYPE) | HG_BIT(HG_AUDIT_RECORD_RESOURCE_ID)
               | HG_BIT(HG_AUDIT_RECORD_NEW_VALUES) };
}

static long
count_of(const char *action)
{
    return sql_int("SELECT count(*) FROM audit_logs WHERE action = '%s' AND resource_id = '%s'", action, uuid_text(&job));
}

START_TEST(an_event_is_the_callers_own_whatever_he_says)
{
    hg_audit_record_params params = an_event("resume.download");
    const hg_audit_record_row *row;

    enter(tenant, HG_ROLE_COMPANY, &recruiter);
    ck_ok(hg_audit_record(tenant, &params, &row, &err), err);
    ck_assert_str_eq(sql_text("SELECT concat_ws(' ', user_id = '%s', action, new_values ->> 'file', new_values #>> '{_meta,op}',"
                              " new_values #>> '{_meta,role}', new_values #>> '{_meta,request_id}', ip_address) FROM audit_logs"
                              " WHERE id = '%s'", uuid_text(&recruiter), uuid_text(&row->id)),
                     "t resume.download a.pdf event hotgigs_company r-9 192.0.2.9");
    hg_audit_record_row_free(row);
}
END_TEST

START_TEST(a_read_says_why)
{
    hg_audit_read_params params = { .struct_size = sizeof params, .resource_type = str_of("jobs"), .resource_id = job,
                                    .purpose = str_of("reference check"),
                                    .set = HG_BIT(HG_AUDIT_READ_RESOURCE_TYPE) | HG_BIT(HG_AUDIT_READ_RESOURCE_ID)
                                           | HG_BIT(HG_AUDIT_READ_PURPOSE) };

    enter(tenant, HG_ROLE_COMPANY, &recruiter);
    ck_ok(hg_audit_read(tenant, &params, NULL, &err), err);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM audit_logs WHERE action = 'read' AND resource_id = '%s' AND"
                             " new_values ->> 'purpose' = 'reference check'", uuid_text(&job)), 1);
}
END_TEST

START_TEST(a_refusal_can_be_told_by_hand)
{
    hg_audit_denied_params params = { .struct_size = sizeof params, .resource_type = str_of("jobs"), .resource_id = job,
                                      .reason = str_of("no seat left"),
                                      .set = HG_BIT(HG_AUDIT_DENIED_RESOURCE_TYPE) | HG_BIT(HG_AUDIT_DENIED_RESOURCE_ID)
                                             | HG_BIT(HG_AUDIT_DENIED_REASON) };
    const hg_audit_denied_row *row = NULL;

    enter(tenant, HG_ROLE_COMPANY, &recruiter);
    ck_ok(hg_audit_denied(tenant, &params, &row, &err), err);
    ck_assert_str_eq(sql_text("SELECT concat_ws(' ', user_id = '%s', resource_id = '%s', new_values ->> 'reason',"
                              " new_values #>> '{_meta,op}') FROM audit_logs WHERE id = '%s'", uuid_text(&recruiter),
                              uuid_text(&job), uuid_text(&row->id)), "t t no seat left denied");
    hg_audit_denied_row_free(row);
}
END_TEST

START_TEST(wrong_events_are_refused)
{
    hg_audit_record_params params = an_event("x");

    params.resource_type = str_of("");
    ck_status(hg_audit_record(service, &params, NULL, &err), HG_E_INVALID, err);
    params = an_event("x");
    params.new_values = str_of("[1]");
    ck_status(hg_audit_record(service, &params, NULL, &err), HG_E_INVALID, err);
    ck_says(err, "object");
}
END_TEST

START_TEST(what_is_recorded_apart_survives_the_rollback)
{
    hg_audit_record_params lost = an_event("lost"), kept = an_event("kept");
    hg_conn *apart = NULL, *again;

    enter(tenant, HG_ROLE_COMPANY, &recruiter);
    ck_ok(hg_tx_begin(tenant, NULL, &err), err);
    ck_ok(hg_audit_record(tenant, &lost, NULL, &err), err);
    ck_ok(hg_audit_apart(tenant, &apart, &err), err);
    ck_ok(hg_audit_record(apart, &kept, NULL, &err), err);
    ck_ok(hg_tx_rollback(tenant, &err), err);

    ck_assert_int_eq(count_of("lost"), 0);
    ck_assert_int_eq(count_of("kept"), 1);
    ck_assert_str_eq(sql_text("SELECT user_id FROM audit_logs WHERE action = 'kept' AND resource_id = '%s'", uuid_text(&job)),
                     uuid_text(&recruiter));

    hg_session_leave(tenant);
    hg_conn_close(apart);                                       /* does nothing */
    ck_ok(hg_audit_apart(tenant, &again, &err), err);
    ck_assert_ptr_eq(again, apart);
    ck_assert_int_eq(hg_session_role(again), HG_ROLE_ANON);
    kill_backend(again);
    ck_ok(hg_audit_apart(tenant, &again, &err), err);
    ck_ok(hg_audit_record(again, &kept, NULL, &err), err);
    ck_assert_int_eq(count_of("kept"), 2);
    ck_status(hg_audit_apart(again, &apart, &err), HG_E_INVALID, err);
    ck_status(hg_audit_apart(NULL, &apart, &err), HG_E_INVALID, err);
    ck_status(hg_audit_apart(tenant, NULL, &err), HG_E_INVALID, err);
}
END_TEST

/* ---- Refusals that record themselves ---------------------------------------------------------------------------------- */

static long
denials(const char *what)
{
    return sql_int("SELECT count(*) FROM audit_logs WHERE user_id = '%s' AND new_values #>> '{_meta,op}' = 'denied' AND"
                   " resource_type = '%s' AND new_values ->> 'reason' <> ''", uuid_text(&recruiter), what);
}

START_TEST(refusals_record_themselves_where_that_is_asked_for)
{
    hg_conn_options opt = { .struct_size = sizeof opt, .audit_denied = 1 };
    hg_conn *watched = fixture_conn(fixture_dsn("LOGIN"), &opt);
    hg_user user = { .struct_size = sizeof user, .email = str_of("x@y.test") };
    hg_job row = { .struct_size = sizeof row, .title = str_of("t") };
    hg_member_invite_params invite = { .struct_size = sizeof invite, .company_id = company, .user_id = stranger,
                                       .role = HG_COMPANY_MEMBER_ROLE_VIEWER,
                                       .set = HG_BIT(HG_MEMBER_INVITE_COMPANY_ID) | HG_BIT(HG_MEMBER_INVITE_USER_ID)
                                              | HG_BIT(HG_MEMBER_INVITE_ROLE) };
    uint64_t trips;

    enter(watched, HG_ROLE_COMPANY, &recruiter);
    ck_status(hg_user_update(watched, &recruiter, &user, HG_BIT(HG_USER_EMAIL), NULL, &err), HG_E_DENIED, err);
    ck_assert_int_eq(denials("users"), 1);                      /* the library, before anything was sent */
    ck_status(hg_user_update(watched, &recruiter, &user, HG_BIT(HG_USER_EMAIL), NULL, NULL), HG_E_DENIED, err);
    ck_assert_int_eq(denials("users"), 2);

    sql_do("UPDATE company_members SET role = 'viewer' WHERE user_id = '%s'", uuid_text(&recruiter));
    ck_ok(hg_tx_begin(watched, NULL, &err), err);
    ck_status(hg_job_update(watched, &job, &row, HG_BIT(HG_JOB_TITLE), NULL, &err), HG_E_DENIED, err);
    ck_assert_int_eq(denials("jobs"), 1);                       /* no row of his to change: the probe */
    row = (hg_job){ .struct_size = sizeof row, .company_id = company, .posted_by = recruiter, .title = str_of("t"),
                    .slug = unique_text(), .description = str_of("d"), .job_type = HG_JOB_JOB_TYPE_FULL_TIME };
    ck_status(hg_job_insert(watched, &row, HG_BIT(HG_JOB_COMPANY_ID) | HG_BIT(HG_JOB_POSTED_BY) | HG_BIT(HG_JOB_TITLE)
                            | HG_BIT(HG_JOB_SLUG) | HG_BIT(HG_JOB_DESCRIPTION) | HG_BIT(HG_JOB_JOB_TYPE), NULL, &err),
              HG_E_DENIED, err);
    ck_assert_int_eq(denials("database"), 1);                   /* PostgreSQL: row-level security */
    ck_ok(hg_tx_rollback(watched, &err), err);
    ck_assert_int_eq(denials("database"), 1);
    ck_status(hg_member_invite(watched, &invite, NULL, &err), HG_E_DENIED, err);
    ck_assert_int_eq(denials("database"), 2);                   /* a step of ours: HG004 */

    enter(watched, HG_ROLE_CANDIDATE, &recruiter);
    ck_status(hg_job_set_state(watched, NULL, NULL, &err), HG_E_DENIED, err);
    ck_assert_int_eq(denials("job_set_state"), 1);              /* an operation that is not for the role */

    trips = conn_stats(tenant).round_trips;
    enter(tenant, HG_ROLE_COMPANY, &recruiter);
    ck_status(hg_user_update(tenant, &recruiter, &user, HG_BIT(HG_USER_EMAIL), NULL, &err), HG_E_DENIED, err);
    ck_assert_uint_eq(conn_stats(tenant).round_trips, trips);
    ck_assert_int_eq(denials("users"), 2);                      /* not asked for: nothing is written */
    hg_session_leave(watched);
    fixture_done(watched);
}
END_TEST

START_TEST(a_refusal_that_cannot_be_recorded_is_a_notice_and_still_a_refusal)
{
    hg_conn_options opt = { .struct_size = sizeof opt, .audit_denied = 1 };
    hg_conn *watched = fixture_conn(fixture_dsn("LOGIN"), &opt), *apart;
    hg_user user = { .struct_size = sizeof user, .email = str_of("x@y.test") };
    hg_text *notice = NULL;

    enter(watched, HG_ROLE_COMPANY, &recruiter);
    ck_ok(hg_audit_apart(watched, &apart, &err), err);
    ck_ok(hg_tx_begin(apart, NULL, &err), err);                 /* whoever leaves a transaction open on it */
    ck_status(hg_user_update(watched, &recruiter, &user, HG_BIT(HG_USER_EMAIL), NULL, &err), HG_E_DENIED, err);
    ck_says(err, "users.email");
    ck_ok(hg_conn_next_notice(watched, &notice, &err), err);
    ck_assert_ptr_nonnull(notice);
    ck_assert_ptr_nonnull(strstr(hg_text_ptr(notice), "audit trail"));
    hg_text_free(notice);
    ck_ok(hg_tx_rollback(apart, &err), err);
    hg_session_leave(watched);
    fixture_done(watched);
}
END_TEST

START_TEST(a_pool_keeps_the_connection_beside_if_it_is_clean)
{
    hg_pool_options opt = { .struct_size = sizeof opt, .max_size = 1, .skip_check = 1, .audit_denied = 1 };
    hg_user user = { .struct_size = sizeof user, .email = str_of("x@y.test") };
    hg_pool *pool;
    hg_conn *conn, *apart, *again;

    ck_ok(hg_pool_open(fixture_dsn("LOGIN"), &opt, &pool, &err), err);
    ck_ok(hg_pool_acquire(pool, 1000, &conn, &err), err);
    enter(conn, HG_ROLE_COMPANY, &recruiter);
    ck_status(hg_user_update(conn, &recruiter, &user, HG_BIT(HG_USER_EMAIL), NULL, &err), HG_E_DENIED, err);
    ck_assert_int_eq(denials("users"), 1);
    ck_ok(hg_audit_apart(conn, &apart, &err), err);
    ck_ok(hg_tx_begin(apart, NULL, &err), err);
    ck_ok(hg_conn_ping(apart, &err), err);
    hg_conn_close(conn);

    ck_ok(hg_pool_acquire(pool, 1000, &conn, &err), err);
    ck_ok(hg_audit_apart(conn, &again, &err), err);
    ck_assert_int_eq(hg_session_role(again), HG_ROLE_ANON);
    ck_ok(hg_conn_ping(again, &err), err);
    hg_conn_close(conn);
    hg_pool_close(pool);
}
END_TEST

/* ---- Asking ------------------------------------------------------------------------------------------------------------ */

static hg_audit_history_params
of_the_job(void)
{
    return (hg_audit_history_params){ .struct_size = sizeof(hg_audit_history_params), .resource_type = str_of("jobs"),
                                      .resource_id = job, .at_most = 10,
                                      .set = HG_BIT(HG_AUDIT_HISTORY_RESOURCE_TYPE) | HG_BIT(HG_AUDIT_HISTORY_RESOURCE_ID)
                                             | HG_BIT(HG_AUDIT_HISTORY_AT_MOST) };
}

static void
change_title(const char *title)
{
    hg_job row = { .struct_size = sizeof row, .title = str_of(title) };

    enter(tenant, HG_ROLE_COMPANY, &recruiter);
    ck_ok(hg_job_update(tenant, &job, &row, HG_BIT(HG_JOB_TITLE), NULL, &err), err);
    hg_session_leave(tenant);
}

START_TEST(a_history_has_names_and_its_values_are_the_services)
{
    hg_audit_history_params params = of_the_job();
    hg_audit_history_list *list;
    const hg_audit_history_row *row;

    change_title("second");
    ck_ok(hg_audit_history(service, &params, &list, &err), err);
    ck_assert_uint_eq(hg_audit_history_list_count(list), 2);
    ck_assert_str_eq(hg_audit_history_list_at(list, 0)->op.ptr, "insert");
    row = hg_audit_history_list_at(list, 1);
    ck_assert_str_eq(row->actor_first_name.ptr, "Rita");
    ck_assert_ptr_nonnull(strstr(row->new_values.ptr, "\"title\": \"second\""));
    ck_assert_ptr_null(strstr(row->new_values.ptr, "_meta"));
    ck_assert_str_eq(row->request_id.ptr, "r-9");
    params.after_created_at = hg_audit_history_list_at(list, 0)->created_at;
    params.after_id = hg_audit_history_list_at(list, 0)->id;
    params.set |= HG_BIT(HG_AUDIT_HISTORY_AFTER_CREATED_AT) | HG_BIT(HG_AUDIT_HISTORY_AFTER_ID);
    hg_audit_history_list_free(list);
    ck_ok(hg_audit_history(service, &params, &list, &err), err);
    ck_assert_uint_eq(hg_audit_history_list_count(list), 1);
    hg_audit_history_list_free(list);

    params = of_the_job();
    enter(tenant, HG_ROLE_COMPANY, &boss);
    ck_ok(hg_audit_history(tenant, &params, &list, &err), err);
    ck_assert_uint_eq(hg_audit_history_list_count(list), 2);
    row = hg_audit_history_list_at(list, 1);
    ck_assert_str_eq(row->actor_first_name.ptr, "Rita");
    ck_assert_ptr_null(row->new_values.ptr);
    ck_assert_ptr_null(row->user_agent.ptr);
    ck_assert_uint_eq(row->changed.count, 2);                   /* title, updated_at */
    hg_audit_history_list_free(list);
}
END_TEST

START_TEST(leak_others_than_admins_of_its_company_see_no_history)
{
    const hg_uuid *const who[] = { &recruiter, &stranger };
    hg_audit_history_params params = of_the_job();
    hg_audit_history_list *list;

    enter(tenant, HG_ROLE_COMPANY, who[_i]);
    ck_ok(hg_audit_history(tenant, &params, &list, &err), err);
    ck_assert_uint_eq(hg_audit_history_list_count(list), 0);
    hg_audit_history_list_free(list);
}
END_TEST

START_TEST(admins_see_what_became_of_a_job_that_is_gone)
{
    hg_audit_history_params params = of_the_job();
    hg_audit_history_list *list;

    enter(tenant, HG_ROLE_COMPANY, &boss);
    ck_ok(hg_job_delete(tenant, &job, &err), err);
    ck_ok(hg_audit_history(tenant, &params, &list, &err), err);
    ck_assert_uint_eq(hg_audit_history_list_count(list), 2);
    ck_assert_str_eq(hg_audit_history_list_at(list, 1)->op.ptr, "delete");
    hg_audit_history_list_free(list);
    enter(tenant, HG_ROLE_COMPANY, &stranger);
    ck_ok(hg_audit_history(tenant, &params, &list, &err), err);
    ck_assert_uint_eq(hg_audit_history_list_count(list), 0);
    hg_audit_history_list_free(list);
}
END_TEST

START_TEST(search_goes_by_actor_action_and_window)
{
    hg_audit_search_params params = { .struct_size = sizeof params, .actor_id = recruiter, .action = str_of("update"),
                                      .resource_type = str_of("jobs"), .at_most = 10,
                                      .set = HG_BIT(HG_AUDIT_SEARCH_ACTOR_ID) | HG_BIT(HG_AUDIT_SEARCH_ACTION)
                                             | HG_BIT(HG_AUDIT_SEARCH_RESOURCE_TYPE) | HG_BIT(HG_AUDIT_SEARCH_AT_MOST) };
    hg_audit_search_list *list;
    hg_timestamp first;

    change_title("second");
    change_title("third");
    ck_ok(hg_audit_search(service, &params, &list, &err), err);
    ck_assert_uint_eq(hg_audit_search_list_count(list), 2);
    ck_assert_ptr_nonnull(strstr(hg_audit_search_list_at(list, 0)->new_values.ptr, "third"));
    first = hg_audit_search_list_at(list, 1)->created_at;
    hg_audit_search_list_free(list);

    params.until = first + 1;
    params.set |= HG_BIT(HG_AUDIT_SEARCH_UNTIL);
    ck_ok(hg_audit_search(service, &params, &list, &err), err);
    ck_assert_uint_eq(hg_audit_search_list_count(list), 1);
    hg_audit_search_list_free(list);

    enter(tenant, HG_ROLE_COMPANY, &boss);
    ck_status(hg_audit_search(tenant, &params, &list, &err), HG_E_DENIED, err);
}
END_TEST

START_TEST(a_row_as_of_a_time)
{
    hg_audit_as_of_params params = { .struct_size = sizeof params, .resource_type = str_of("jobs"), .resource_id = job,
                                     .set = HG_BIT(HG_AUDIT_AS_OF_RESOURCE_TYPE) | HG_BIT(HG_AUDIT_AS_OF_RESOURCE_ID)
                                            | HG_BIT(HG_AUDIT_AS_OF_MOMENT) };
    const hg_audit_as_of_row *row;

    change_title("second");
    ck_ok(hg_timestamp_parse("2020-01-01 00:00:00", 19, &params.moment, &err), err);
    ck_status(hg_audit_as_of(service, &params, &row, &err), HG_E_NOT_FOUND, err);

    params.moment = sql_int("SELECT (extract(epoch FROM max(created_at)) * 1000000)::bigint FROM audit_logs"
                            " WHERE resource_id = '%s'", uuid_text(&job));
    ck_ok(hg_audit_as_of(service, &params, &row, &err), err);
    ck_assert_int_eq(row->is_complete, 1);
    ck_assert_int_eq(sql_int("SELECT (to_jsonb(j) = '%s'::jsonb)::integer FROM jobs j WHERE id = '%s'",
                             row->values.ptr, uuid_text(&job)), 1);
    hg_audit_as_of_row_free(row);
    params.moment--;
    ck_ok(hg_audit_as_of(service, &params, &row, &err), err);
    ck_assert_ptr_null(strstr(row->values.ptr, "second"));
    hg_audit_as_of_row_free(row);

    sql_do("DELETE FROM jobs WHERE id = '%s'", uuid_text(&job));
    params.moment += 3600 * INT64_C(1000000);
    ck_ok(hg_audit_as_of(service, &params, &row, &err), err);
    ck_assert_ptr_null(row->values.ptr);
    hg_audit_as_of_row_free(row);
}
END_TEST

START_TEST(the_service_seals_and_verifies_by_the_library)
{
    hg_audit_seal_params params = { .struct_size = sizeof params, .at_most = 100, .set = HG_BIT(HG_AUDIT_SEAL_AT_MOST) };
    hg_audit_verify_params whole = { .struct_size = sizeof whole };
    const hg_audit_seal_row *seal = NULL;
    const hg_audit_root_row *root = NULL;
    const hg_audit_verify_row *row = NULL;

    fixture_empty_trail();
    fixture_insert(HG_TABLE_JOBS);
    fixture_settle_trail(admin);
    ck_ok(hg_audit_seal(service, &params, &seal, &err), err);
    ck_assert_ptr_nonnull(seal);
    ck_ok(hg_audit_root(service, NULL, &root, &err), err);
    ck_assert_str_eq(root->root.ptr, seal->root.ptr);
    whole.from_seal = whole.known_seal = seal->seal;
    whole.known_root = seal->root;
    whole.set = HG_BIT(HG_AUDIT_VERIFY_FROM_SEAL) | HG_BIT(HG_AUDIT_VERIFY_KNOWN_SEAL) | HG_BIT(HG_AUDIT_VERIFY_KNOWN_ROOT);
    ck_ok(hg_audit_verify(service, &whole, &row, &err), err);
    ck_assert_int_eq(row->seals, 1);
    ck_assert_int_eq(row->entries, seal->entries);
    hg_audit_verify_row_free(row);
    hg_audit_root_row_free(root);
    hg_audit_seal_row_free(seal);
}
END_TEST

Suite *
suite_audit_record(void)
{
    Suite *suite = suite_create("audit/record");
    TCase *tc = tcase_create("record");

    tcase_set_timeout(tc, 60);
    tcase_add_checked_fixture(tc, setup, fixture_close);
    tcase_add_test(tc, an_event_is_the_callers_own_whatever_he_says);
    tcase_add_test(tc, a_read_says_why);
    tcase_add_test(tc, a_refusal_can_be_told_by_hand);
    tcase_add_test(tc, wrong_events_are_refused);
    tcase_add_test(tc, what_is_recorded_apart_survives_the_rollback);
    tcase_add_test(tc, refusals_record_themselves_where_that_is_asked_for);
    tcase_add_test(tc, a_refusal_that_cannot_be_recorded_is_a_notice_and_still_a_refusal);
    tcase_add_test(tc, a_pool_keeps_the_connection_beside_if_it_is_clean);
    tcase_add_test(tc, a_history_has_names_and_its_values_are_the_services);
    tcase_add_loop_test(tc, leak_others_than_admins_of_its_company_see_no_history, 0, 2);
    tcase_add_test(tc, admins_see_what_became_of_a_job_that_is_gone);
    tcase_add_test(tc, search_goes_by_actor_action_and_window);
    tcase_add_test(tc, a_row_as_of_a_time);
    tcase_add_test(tc, the_service_seals_and_verifies_by_the_library);
    suite_add_tcase(suite, tc);
    return suite;
}
