/* session/session - whose rights a connection acts with: entered without a trip, carried by each statement, and gone with
 * it, whatever became of it. */
#include "fixture.h"
#include "suites.h"

#include <string.h>

static hg_uuid company_user, company, job;

static void
setup(void)
{
    fixture_open_tenant();
    company_user = fixture_user(HG_USER_USER_TYPE_COMPANY);
    company = fixture_company(&company_user, HG_COMPANY_MEMBER_ROLE_ADMIN);
    job = fixture_job(&company, 0);
}

static hg_identity
member(void)
{
    return identity(HG_ROLE_COMPANY, &company_user);
}

/* The hidden job is there for its company alone. */
static int
sees_job(void)
{
    const hg_job *row = NULL;
    hg_status st = hg_job_get(tenant, &job, &row, &err);

    ck_assert_msg(st == HG_OK || st == HG_E_NOT_FOUND, "gave %s (%s)", hg_status_name(st), err.message);
    hg_job_free(row);
    return st == HG_OK;
}

START_TEST(entering_and_leaving_cost_no_trip)
{
    hg_identity who = member();
    uint64_t trips = conn_stats(tenant).round_trips;

    ck_ok(hg_session_enter(tenant, &who, &err), err);
    ck_assert_msg(hg_session_role(tenant) == HG_ROLE_COMPANY, "acts as %d", hg_session_role(tenant));
    hg_session_leave(tenant);
    ck_assert_msg(hg_session_role(tenant) == HG_ROLE_ANON, "acts as %d", hg_session_role(tenant));
    ck_assert_msg(conn_stats(tenant).round_trips == trips, "it cost a trip");
}
END_TEST

START_TEST(an_identity_holds_until_it_is_left_or_another_is_entered)
{
    hg_uuid candidate = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    hg_identity who = member(), other = identity(HG_ROLE_CANDIDATE, &candidate);

    ck_assert_msg(!sees_job(), "anon sees it");
    ck_ok(hg_session_enter(tenant, &who, &err), err);
    memset(&who, 0x55, sizeof who);                     /* it was copied */
    ck_assert_msg(sees_job() && sees_job(), "its member does not see it");
    ck_ok(hg_session_enter(tenant, &other, &err), err);
    ck_assert_msg(!sees_job(), "a candidate sees it");
    other = member();
    ck_ok(hg_session_enter(tenant, &other, &err), err);
    ck_assert_msg(sees_job(), "its member does not see it any more");
    hg_session_leave(tenant);
    ck_assert_msg(!sees_job(), "anon sees it");
}
END_TEST

static void no_ip(hg_identity *w) { strcpy(w->ip, "no address"); }
static void bad_agent(hg_identity *w) { memcpy(w->user_agent, "a\xff", 3); }
static void bad_request(hg_identity *w) { memset(w->request_id, 'x', sizeof w->request_id); }
static void bad_action(hg_identity *w) { memset(w->action, 'x', sizeof w->action); }
static void bad_action_text(hg_identity *w) { memcpy(w->action, "\xc0\x80", 3); }
static void endless_ip(hg_identity *w) { memset(w->ip, '1', sizeof w->ip); }
static void role_5(hg_identity *w) { w->role = 5; }
static void role_minus(hg_identity *w) { w->role = -1; }
static void no_user(hg_identity *w) { memset(&w->user_id, 0, sizeof w->user_id); }
static void anon_user(hg_identity *w) { w->role = HG_ROLE_ANON; }
static void no_size(hg_identity *w) { w->struct_size = 0; }

static const struct { void (*spoil)(hg_identity *); const char *says; } spoilt[] = {
    { no_ip, "ip" },           { bad_agent, "user_agent" }, { bad_request, "request_id" }, { bad_action, "action" },
    { bad_action_text, "action" }, { endless_ip, "ip" },    { role_5, "role" },            { role_minus, "role" },
    { no_user, "user_id" },    { anon_user, "user_id" },    { no_size, "struct_size" },
};

START_TEST(an_identity_that_is_none_is_refused_by_name_and_changes_nothing)
{
    hg_identity who = member();

    ck_ok(hg_session_enter(tenant, &who, &err), err);
    spoilt[_i].spoil(&who);
    ck_status(hg_session_enter(tenant, &who, &err), HG_E_INVALID, err);
    ck_says(err, spoilt[_i].says);
    ck_assert_msg(sees_job(), "the identity that was entered before is gone");
    ck_status(hg_session_enter(tenant, NULL, &err), HG_E_INVALID, err);
    ck_status(hg_session_enter(NULL, &who, &err), HG_E_INVALID, err);
}
END_TEST

/* By COPY. */
static int
streams_job(void)
{
    hg_query *query = hg_query_new(HG_TABLE_JOBS);
    const hg_job *row;
    hg_cursor *cursor;
    int is_there;

    ck_ok(hg_query_where_uuid(query, HG_JOB_ID, HG_OP_EQ, &job, &err), err);
    ck_ok(hg_job_stream(tenant, query, &cursor, &err), err);
    ck_ok(hg_job_next(cursor, &row, &err), err);
    is_there = row != NULL;
    hg_cursor_close(cursor);
    hg_query_free(query);
    return is_there;
}

/* ---- What the server is told ------------------------------------------------------------------------------------- */

/* The settings that a statement of the session sees. */
static const char *
answer(const char *sql)
{
    hgi_result *result = NULL;
    const char *text;
    size_t len = 0;

    ck_ok(hgi_command(tenant, sql, 0, &result, &err), err);
    text = hgi_result_cell(result, 0, 0, &len);
    text = fixture_text("%.*s", (int)len, text);
    hgi_result_free(result);
    return text;
}

static const char *
setting(const char *name)
{
    return answer(fixture_text("SELECT coalesce(current_setting('%s', true), '')", name));
}

/* What the audit trail is told. */
static const char *
told(const char *key)
{
    return answer(fixture_text("SELECT current_setting('hotgigs.audit')::jsonb ->> '%s'", key));
}

START_TEST(the_context_row_carries_identity_audit_and_utc)
{
    hg_identity who = member();
    const char *left;

    strcpy(who.ip, "192.0.2.7");
    strcpy(who.user_agent, "it's \"an\" agent \\ \U0001F600");
    strcpy(who.request_id, "r-1");
    strcpy(who.action, "job.read");
    ck_ok(hg_session_enter(tenant, &who, &err), err);
    ck_assert_str_eq(setting("role"), "hotgigs_company");
    ck_assert_str_eq(setting("request.jwt.claim.sub"), uuid_text(&company_user));
    ck_assert_str_eq(setting("request.jwt.claims"), fixture_text("{\"sub\":\"%s\",\"role\":\"hotgigs_company\"}",
                                                                 uuid_text(&company_user)));
    ck_assert_str_eq(told("ip"), "192.0.2.7");
    ck_assert_str_eq(told("user_agent"), who.user_agent);
    ck_assert_str_eq(told("request_id"), "r-1");
    ck_assert_str_eq(told("action"), "job.read");
    ck_assert_str_eq(setting("TimeZone"), "UTC");
    ck_assert_str_eq(setting("statement_timeout"), "0");
    ck_ok(hg_conn_set_timeout(tenant, 30000, &err), err);
    left = setting("statement_timeout");                /* what is left of it, in whole milliseconds */
    ck_assert_msg(strcmp(left, "30s") == 0 || strncmp(left, "29", 2) == 0, "statement_timeout is %s", left);
    ck_assert_msg(sees_job(), "a call with a deadline has no identity");
    ck_assert_msg(streams_job(), "rows by COPY with a deadline have no identity");
    fixture_prove_clean(tenant);
}
END_TEST

START_TEST(a_long_user_agent_is_cut_at_a_character)
{
    hg_identity who = member();
    const char *kept;

    for (size_t i = 0; i + 1 < sizeof who.user_agent; i += 2)
        memcpy(who.user_agent + i, "\u00e4", 2);        /* 256 bytes without an end */
    ck_ok(hg_session_enter(tenant, &who, &err), err);
    kept = told("user_agent");
    ck_assert_msg(strlen(kept) == 254, "%zu bytes were kept, want 254", strlen(kept));
    ck_assert_msg(hgi_text_check(kept, strlen(kept), NULL) == NULL, "a character was cut in two");
}
END_TEST

/* As JSON a control character is six. */
START_TEST(the_longest_texts_of_an_identity_arrive_whole)
{
    hg_identity who = member();

    strcpy(who.ip, "1111:2222:3333:4444:5555:6666:255.255.255.255");
    memset(who.user_agent, '\1', sizeof who.user_agent - 1);
    memset(who.request_id, '\2', sizeof who.request_id - 1);
    memset(who.action, '\3', sizeof who.action - 1);
    ck_ok(hg_session_enter(tenant, &who, &err), err);
    ck_assert_str_eq(told("ip"), who.ip);
    ck_assert_str_eq(told("user_agent"), who.user_agent);
    ck_assert_str_eq(told("request_id"), who.request_id);
    ck_assert_str_eq(told("action"), who.action);
}
END_TEST

/* ---- Nothing is left --------------------------------------------------------------------------------------------- */

static const char *const failures[] = {
    "SELECT 1/0", "SELECT no_such_function()", "SELECT * FROM public.users", "SET LOCAL role = 'hotgigs_service'",
};

START_TEST(an_error_leaves_no_identity_on_the_server)
{
    hg_identity who = member();

    ck_ok(hg_session_enter(tenant, &who, &err), err);
    ck_assert_msg(hgi_command(tenant, failures[_i], 0, NULL, &err) != HG_OK, "it succeeded");
    fixture_prove_clean(tenant);
    ck_assert_msg(sees_job(), "the session does not go on");
    fixture_prove_clean(tenant);
}
END_TEST

START_TEST(a_cancelled_call_leaves_no_identity_on_the_server)
{
    hg_identity who = member();

    ck_ok(hg_session_enter(tenant, &who, &err), err);
    ck_ok(hg_conn_set_timeout(tenant, 100, &err), err);
    ck_status(hgi_command(tenant, "SELECT pg_sleep(10)", 0, NULL, &err), HG_E_CANCELLED, err);
    ck_ok(hg_conn_set_timeout(tenant, 0, &err), err);
    fixture_prove_clean(tenant);
    ck_assert_msg(sees_job(), "the session does not go on");
}
END_TEST

START_TEST(a_transaction_that_ends_any_way_leaves_no_identity_on_the_server)
{
    hg_identity who = member();

    ck_ok(hg_session_enter(tenant, &who, &err), err);
    ck_ok(hg_tx_begin(tenant, NULL, &err), err);
    ck_assert_msg(sees_job(), "not seen");
    if (_i == 2)
        ck_assert(hgi_command(tenant, "SELECT 1/0", 0, NULL, &err) != HG_OK);
    if (_i == 0)
        ck_ok(hg_tx_commit(tenant, &err), err);
    else
        ck_ok(hg_tx_rollback(tenant, &err), err);
    fixture_prove_clean(tenant);
    ck_assert_msg(sees_job(), "the session does not go on");
}
END_TEST

/* ---- Inside a transaction ---------------------------------------------------------------------------------------- */

START_TEST(entering_inside_a_transaction_is_refused)
{
    hg_identity who = member();

    ck_ok(hg_tx_begin(tenant, NULL, &err), err);
    ck_status(hg_session_enter(tenant, &who, &err), HG_E_STATE, err);
    ck_assert_msg(!sees_job(), "the identity took effect");
    ck_status(hg_session_enter(tenant, &who, &err), HG_E_STATE, err);
    ck_ok(hg_tx_commit(tenant, &err), err);
    ck_ok(hg_session_enter(tenant, &who, &err), err);
}
END_TEST

START_TEST(leaving_inside_a_transaction_takes_effect_at_its_end)
{
    hg_identity who = member();

    ck_ok(hg_session_enter(tenant, &who, &err), err);
    ck_ok(hg_tx_begin(tenant, NULL, &err), err);
    ck_assert_msg(sees_job(), "not seen");
    hg_session_leave(tenant);
    ck_assert_msg(sees_job(), "it took effect at once");
    if (_i == 0)
        ck_ok(hg_tx_commit(tenant, &err), err);
    else
        ck_ok(hg_tx_rollback(tenant, &err), err);
    ck_assert_msg(!sees_job(), "it did not take effect");
    ck_assert_msg(hg_session_role(tenant) == HG_ROLE_ANON, "acts as %d", hg_session_role(tenant));
}
END_TEST

START_TEST(leaving_before_the_first_statement_of_a_transaction_takes_effect_at_its_end)
{
    hg_identity who = member();

    ck_ok(hg_session_enter(tenant, &who, &err), err);
    ck_ok(hg_tx_begin(tenant, NULL, &err), err);
    hg_session_leave(tenant);
    ck_assert_msg(sees_job(), "it took effect at once");
    ck_ok(hg_tx_rollback(tenant, &err), err);
    ck_assert_msg(!sees_job(), "it did not take effect");
}
END_TEST

START_TEST(a_user_who_does_not_exist_is_nobody)
{
    hg_uuid nobody;
    hg_identity who;
    const hg_user *row = NULL;

    hg_uuid_random(&nobody);
    who = identity(HG_ROLE_COMPANY, &nobody);
    ck_ok(hg_session_enter(tenant, &who, &err), err);
    ck_assert_msg(!sees_job(), "he sees it");
    ck_status(hg_user_get(tenant, &nobody, &row, &err), HG_E_NOT_FOUND, err);
    ck_status(hg_user_get(tenant, &company_user, &row, &err), HG_E_NOT_FOUND, err);
}
END_TEST

Suite *
suite_session_session(void)
{
    Suite *suite = suite_create("session/session");
    TCase *tc = tcase_create("session");

    tcase_add_checked_fixture(tc, setup, fixture_close);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, entering_and_leaving_cost_no_trip);
    tcase_add_test(tc, an_identity_holds_until_it_is_left_or_another_is_entered);
    tcase_add_loop_test(tc, an_identity_that_is_none_is_refused_by_name_and_changes_nothing, 0,
                        sizeof spoilt / sizeof *spoilt);
    tcase_add_test(tc, the_context_row_carries_identity_audit_and_utc);
    tcase_add_test(tc, a_long_user_agent_is_cut_at_a_character);
    tcase_add_test(tc, the_longest_texts_of_an_identity_arrive_whole);
    tcase_add_loop_test(tc, an_error_leaves_no_identity_on_the_server, 0, 4);
    tcase_add_test(tc, a_cancelled_call_leaves_no_identity_on_the_server);
    tcase_add_loop_test(tc, a_transaction_that_ends_any_way_leaves_no_identity_on_the_server, 0, 3);
    tcase_add_test(tc, entering_inside_a_transaction_is_refused);
    tcase_add_loop_test(tc, leaving_inside_a_transaction_takes_effect_at_its_end, 0, 2);
    tcase_add_test(tc, leaving_before_the_first_statement_of_a_transaction_takes_effect_at_its_end);
    tcase_add_test(tc, a_user_who_does_not_exist_is_nobody);
    suite_add_tcase(suite, tc);
    return suite;
}
