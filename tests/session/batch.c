/* session/batch - many single writes in one round trip: all of them or none, and the first that fails is told by its number. */
#include "fixture.h"
#include "hotgigs/batch.h"
#include "suites.h"

#include <string.h>

static hg_user
a_user(const char *email)
{
    return (hg_user){ .struct_size = sizeof(hg_user), .email = str_of(email),
                      .user_type = HG_USER_USER_TYPE_CANDIDATE };
}

enum { NONE = -1 };
#define OF_USER (HG_BIT(HG_USER_EMAIL) | HG_BIT(HG_USER_USER_TYPE))

static hg_status
insert_user(hg_conn *conn, const char *email)
{
    hg_user row = a_user(email);

    return hg_user_insert(conn, &row, OF_USER, NULL, &err);
}

static long
users_like(const char *prefix)
{
    return sql_int("SELECT count(*) FROM users WHERE email LIKE '%s%%'", prefix);
}

static uint64_t
trips(hg_conn *conn)
{
    return conn_stats(conn).round_trips;
}

START_TEST(a_hundred_writes_of_several_tables_are_one_trip)
{
    hg_uuid job = fixture_insert(HG_TABLE_JOBS), gone = fixture_insert(HG_TABLE_JOBS);
    hg_job change = { .struct_size = sizeof change, .title = { "changed", 7 } };
    const char *name = unique_text().ptr;
    uint64_t before = trips(service);
    int64_t failed = 7;

    ck_ok(hg_batch_begin(service, &err), err);
    for (int i = 0; i < 100; i++)
        ck_ok(insert_user(service, fixture_text("%s%d@example.org", name, i)), err);
    ck_ok(hg_job_update(service, &job, &change, HG_BIT(HG_JOB_TITLE), NULL, &err), err);
    ck_ok(hg_job_delete(service, &gone, &err), err);
    ck_assert_uint_eq(trips(service) - before, 0);
    ck_ok(hg_batch_end(service, &failed, &err), err);

    ck_assert_uint_eq(trips(service) - before, 1);
    ck_assert_int_eq(failed, NONE);
    ck_assert_int_eq(users_like(name), 100);
    ck_assert_str_eq(sql_text("SELECT title FROM jobs WHERE id = '%s'", uuid_text(&job)), "changed");
    ck_assert_int_eq(sql_int("SELECT count(*) FROM jobs WHERE id = '%s'", uuid_text(&gone)), 0);
}
END_TEST

START_TEST(an_empty_batch_costs_nothing)
{
    uint64_t before = trips(service);

    ck_ok(hg_batch_begin(service, &err), err);
    ck_ok(hg_batch_end(service, NULL, &err), err);

    ck_assert_uint_eq(trips(service), before);
}
END_TEST

START_TEST(the_first_failure_is_told_by_its_number_and_nothing_is_kept)
{
    const char *name = unique_text().ptr;
    int64_t failed = NONE;

    ck_ok(hg_batch_begin(service, &err), err);
    ck_ok(insert_user(service, fixture_text("%sa@example.org", name)), err);
    ck_ok(insert_user(service, fixture_text("%sb@example.org", name)), err);
    ck_ok(insert_user(service, fixture_text("%sa@example.org", name)), err);
    ck_ok(insert_user(service, fixture_text("%sb@example.org", name)), err);
    ck_status(hg_batch_end(service, &failed, &err), HG_E_CONFLICT, err);

    ck_assert_int_eq(failed, 2);
    ck_column(err, HG_USER_EMAIL);
    ck_assert_str_eq(err.table, "users");
    ck_assert_str_eq(err.sqlstate, "23505");
    ck_assert_int_eq(users_like(name), 0);
    ck_ok(insert_user(service, fixture_text("%sc@example.org", name)), err);
}
END_TEST

/* What a single update or delete says of a row that it did not find. */
static const struct { const char *name; int exists, is_stale, is_delete; hg_status want; } absent[] = {
    { "an update of no row",         0, 0, 0, HG_E_NOT_FOUND },
    { "a delete of no row",          0, 0, 1, HG_E_NOT_FOUND },
    { "an update of a past version", 1, 1, 0, HG_E_CONFLICT },
};

START_TEST(a_write_that_finds_no_row_fails_the_batch)
{
    const char *name = unique_text().ptr;
    hg_job change = { .struct_size = sizeof change, .title = { "x", 1 }, .row_version = absent[_i].is_stale ? 1 : 0 };
    hg_uuid id;
    int64_t failed = NONE;
    hg_status st;

    if (absent[_i].exists)
        id = fixture_insert(HG_TABLE_JOBS);
    else
        hg_uuid_new(&id);
    ck_ok(hg_batch_begin(service, &err), err);
    ck_ok(insert_user(service, fixture_text("%s@example.org", name)), err);
    if (absent[_i].is_delete)
        ck_ok(hg_job_delete(service, &id, &err), err);
    else
        ck_ok(hg_job_update(service, &id, &change, HG_BIT(HG_JOB_TITLE), NULL, &err), err);
    st = hg_batch_end(service, &failed, &err);

    ck_assert_msg(st == absent[_i].want, "%s gave %s (%s)", absent[_i].name, hg_status_name(st), err.message);
    ck_assert_int_eq(failed, 1);
    ck_assert_str_eq(err.table, "jobs");
    ck_assert_int_eq(users_like(name), 0);
}
END_TEST

/* It is not in the batch: those that are go on. */
START_TEST(what_is_refused_beforehand_is_refused_at_once)
{
    const char *name = unique_text().ptr;
    hg_user row = a_user("x");

    ck_ok(hg_batch_begin(service, &err), err);
    ck_ok(insert_user(service, fixture_text("%s@example.org", name)), err);
    ck_status(hg_user_insert(service, &row, HG_BIT(HG_USER_EMAIL), NULL, &err), HG_E_INVALID, err);
    ck_column(err, HG_USER_USER_TYPE);
    ck_ok(hg_batch_end(service, NULL, &err), err);

    ck_assert_int_eq(users_like(name), 1);
}
END_TEST

START_TEST(everything_else_has_to_wait_until_its_end)
{
    hg_uuid id = fixture_insert(HG_TABLE_JOBS);
    hg_user row = a_user("x@example.org");
    hg_user_list *list = NULL;
    const hg_user *out = NULL;
    const hg_job *job = NULL;

    ck_status(hg_batch_end(service, NULL, &err), HG_E_STATE, err);
    ck_ok(hg_batch_begin(service, &err), err);
    ck_status(hg_batch_begin(service, &err), HG_E_STATE, err);
    ck_status(hg_user_insert(service, &row, OF_USER, &out, &err), HG_E_STATE, err);
    ck_status(hg_job_get(service, &id, &job, &err), HG_E_STATE, err);
    ck_status(hg_user_insert_many(service, &row, 1, sizeof row, OF_USER, &list, &err), HG_E_STATE, err);
    ck_status(hg_tx_begin(service, NULL, &err), HG_E_STATE, err);
    ck_status(hg_tx_commit(service, &err), HG_E_STATE, err);
    ck_status(hg_conn_ping(service, &err), HG_E_STATE, err);
    ck_ok(hg_batch_end(service, NULL, &err), err);
    ck_ok(hg_job_get(service, &id, &job, &err), err);
    hg_job_free(job);
}
END_TEST

START_TEST(NULL_is_an_error_and_no_crash)
{
    ck_status(hg_batch_begin(NULL, &err), HG_E_INVALID, err);
    ck_status(hg_batch_end(NULL, NULL, &err), HG_E_INVALID, err);
    ck_status(hg_batch_drop(NULL, &err), HG_E_INVALID, err);
    ck_assert_int_eq(hg_batch_begin(NULL, NULL), HG_E_INVALID);
}
END_TEST

START_TEST(in_a_transaction_it_is_part_of_that)
{
    const char *name = unique_text().ptr;
    int64_t failed = NONE;

    ck_ok(hg_tx_begin(service, NULL, &err), err);
    ck_ok(insert_user(service, fixture_text("%sa@example.org", name)), err);
    ck_ok(hg_batch_begin(service, &err), err);
    ck_ok(insert_user(service, fixture_text("%sb@example.org", name)), err);
    ck_ok(hg_batch_end(service, NULL, &err), err);
    ck_ok(hg_tx_rollback(service, &err), err);
    ck_assert_int_eq(users_like(name), 0);

    ck_ok(hg_tx_begin(service, NULL, &err), err);
    ck_ok(hg_batch_begin(service, &err), err);
    ck_ok(insert_user(service, fixture_text("%sa@example.org", name)), err);
    ck_ok(insert_user(service, fixture_text("%sa@example.org", name)), err);
    ck_status(hg_batch_end(service, &failed, &err), HG_E_CONFLICT, err);
    ck_assert_int_eq(failed, 1);
    ck_status(insert_user(service, fixture_text("%sc@example.org", name)), HG_E_STATE, err);
    ck_ok(hg_tx_rollback(service, &err), err);
    ck_assert_int_eq(users_like(name), 0);
}
END_TEST

START_TEST(a_batch_that_is_given_up_leaves_nothing_but_the_connection)
{
    const char *name = unique_text().ptr;
    uint64_t before;

    ck_status(hg_batch_drop(service, &err), HG_E_STATE, err);
    ck_ok(hg_batch_begin(service, &err), err);
    for (int i = 0; i < 3; i++)
        ck_ok(insert_user(service, fixture_text("%s%d@example.org", name, i)), err);
    before = trips(service);
    ck_ok(hg_batch_drop(service, &err), err);
    ck_assert_uint_eq(trips(service) - before, 1);
    ck_assert_int_eq(users_like(name), 0);

    ck_ok(hg_batch_begin(service, &err), err);                  /* the statement that it had prepared, too */
    ck_ok(insert_user(service, fixture_text("%sx@example.org", name)), err);
    ck_ok(hg_batch_end(service, NULL, &err), err);
    ck_assert_int_eq(users_like(name), 1);
}
END_TEST

START_TEST(an_empty_batch_that_is_given_up_costs_nothing)
{
    uint64_t before = trips(service);

    ck_ok(hg_batch_begin(service, &err), err);
    ck_ok(hg_batch_drop(service, &err), err);
    ck_assert_uint_eq(trips(service) - before, 0);
    ck_ok(hg_conn_ping(service, &err), err);
}
END_TEST

START_TEST(given_up_in_a_transaction_it_can_only_be_rolled_back)
{
    const char *name = unique_text().ptr;

    ck_ok(hg_tx_begin(service, NULL, &err), err);
    ck_ok(insert_user(service, fixture_text("%sa@example.org", name)), err);
    ck_ok(hg_tx_savepoint(service, "s", &err), err);
    ck_ok(hg_batch_begin(service, &err), err);
    ck_ok(insert_user(service, fixture_text("%sb@example.org", name)), err);
    ck_ok(hg_batch_drop(service, &err), err);
    ck_status(insert_user(service, fixture_text("%sc@example.org", name)), HG_E_STATE, err);
    ck_ok(hg_tx_rollback_to(service, "s", &err), err);
    ck_ok(insert_user(service, fixture_text("%sd@example.org", name)), err);
    ck_ok(hg_tx_commit(service, &err), err);
    ck_assert_int_eq(users_like(name), 2);
}
END_TEST

/* A tenant's batch is judged under his identity: of somebody else's row nothing is said but that it is not there. */
START_TEST(a_tenants_batch_acts_as_he_does)
{
    hg_uuid user = fixture_user(HG_USER_USER_TYPE_CANDIDATE), stranger = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    hg_identity who = identity(HG_ROLE_CANDIDATE, &user);
    hg_user change = { .struct_size = sizeof change, .first_name = { "Ada", 3 } };
    uint64_t before;
    int64_t failed = NONE;

    ck_ok(hg_session_enter(tenant, &who, &err), err);
    before = trips(tenant);
    ck_ok(hg_batch_begin(tenant, &err), err);
    ck_ok(hg_user_update(tenant, &user, &change, HG_BIT(HG_USER_FIRST_NAME), NULL, &err), err);
    ck_ok(hg_batch_end(tenant, NULL, &err), err);
    ck_assert_uint_eq(trips(tenant) - before, 1);
    ck_assert_str_eq(sql_text("SELECT first_name FROM users WHERE id = '%s'", uuid_text(&user)), "Ada");

    change.first_name = (hg_str){ "Eve", 3 };
    ck_ok(hg_batch_begin(tenant, &err), err);
    ck_ok(hg_user_update(tenant, &user, &change, HG_BIT(HG_USER_FIRST_NAME), NULL, &err), err);
    ck_ok(hg_user_update(tenant, &stranger, &change, HG_BIT(HG_USER_FIRST_NAME), NULL, &err), err);
    ck_status(hg_batch_end(tenant, &failed, &err), HG_E_NOT_FOUND, err);
    ck_assert_int_eq(failed, 1);
    ck_assert_str_eq(sql_text("SELECT first_name FROM users WHERE id = '%s'", uuid_text(&user)), "Ada");
    hg_session_leave(tenant);
}
END_TEST

/* Nobody knows then whether it happened; that it says, and the connection is not used again. */
START_TEST(a_reply_that_is_lost_leaves_the_batch_in_doubt)
{
    hg_conn *conn = fixture_conn(fixture_dsn("SERVICE"), NULL);
    const char *name = unique_text().ptr;
    hg_status st;

    ck_ok(hg_batch_begin(conn, &err), err);
    for (int i = 0; i < 10; i++)
        ck_ok(insert_user(conn, fixture_text("%s%d@example.org", name, i)), err);
    kill_backend(conn);
    st = hg_batch_end(conn, NULL, &err);

    ck_assert_msg(st == HG_E_IN_DOUBT || st == HG_E_CONNECTION, "gave %s (%s)", hg_status_name(st), err.message);
    ck_assert_int_eq(users_like(name), 0);
    ck_status(hg_batch_begin(conn, &err), HG_E_CONNECTION, err);
    fixture_done(conn);
}
END_TEST

Suite *
suite_session_batch(void)
{
    Suite *suite = suite_create("session/batch");
    TCase *tc = tcase_create("batch");

    tcase_add_checked_fixture(tc, fixture_open_tenant, fixture_close);
    tcase_add_test(tc, a_hundred_writes_of_several_tables_are_one_trip);
    tcase_add_test(tc, an_empty_batch_costs_nothing);
    tcase_add_test(tc, the_first_failure_is_told_by_its_number_and_nothing_is_kept);
    tcase_add_loop_test(tc, a_write_that_finds_no_row_fails_the_batch, 0, (int)(sizeof absent / sizeof absent[0]));
    tcase_add_test(tc, what_is_refused_beforehand_is_refused_at_once);
    tcase_add_test(tc, everything_else_has_to_wait_until_its_end);
    tcase_add_test(tc, NULL_is_an_error_and_no_crash);
    tcase_add_test(tc, in_a_transaction_it_is_part_of_that);
    tcase_add_test(tc, a_batch_that_is_given_up_leaves_nothing_but_the_connection);
    tcase_add_test(tc, an_empty_batch_that_is_given_up_costs_nothing);
    tcase_add_test(tc, given_up_in_a_transaction_it_can_only_be_rolled_back);
    tcase_add_test(tc, a_tenants_batch_acts_as_he_does);
    tcase_add_test(tc, a_reply_that_is_lost_leaves_the_batch_in_doubt);
    suite_add_tcase(suite, tc);
    return suite;
}
