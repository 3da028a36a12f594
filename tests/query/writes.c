/* query/writes - update_where and delete_where: all rows that a query finds, or none, and never more than at_most. */
#include "query/filter.h"
#include "suites.h"

#include <pthread.h>
#include <string.h>

static const char *
make_metrics(long count)
{
    const char *name = unique_text().ptr;

    sql_do("INSERT INTO public.system_metrics (metric_name, metric_value) SELECT '%s', g FROM generate_series(1, %ld) AS g",
           name, count);
    return name;
}

static hg_query *
metrics_named(const char *name)
{
    hg_query *query = hg_query_new(HG_TABLE_SYSTEM_METRICS);

    ck_ok(hg_query_where_text(query, HG_SYSTEM_METRIC_METRIC_NAME, HG_OP_EQ, name, strlen(name), &err), err);
    return query;
}

static long
count_unit(const char *name, const char *unit)
{
    return sql_int("SELECT count(*) FROM public.system_metrics WHERE metric_name = '%s' AND metric_unit IS NOT DISTINCT FROM %s",
                   name, unit);
}

static hg_status
set_unit(const hg_query *query, const char *unit, int64_t at_most, int64_t *changed)
{
    hg_system_metric row = { .struct_size = sizeof row };

    if (unit != NULL)
        row.metric_unit = str_of(unit);
    else
        row.null_mask = HG_BIT(HG_SYSTEM_METRIC_METRIC_UNIT);
    return hg_system_metric_update_where(service, query, &row, HG_BIT(HG_SYSTEM_METRIC_METRIC_UNIT), at_most, changed, &err);
}

/* ---- The guard ------------------------------------------------------------------------------------------------------------- */

static const struct { const char *what; int64_t at_most; int passes; } guards[] = {
    { "nothing",           0,             0 }, { "one too few",       9,             0 },
    { "just enough",       10,            1 }, { "more than enough",  11,            1 },
    { "no bound at all",   INT64_MAX,     1 }, { "nearly no bound",   INT64_MAX - 1, 1 },
};

START_TEST(update_changes_all_or_nothing)
{
    const char *name = make_metrics(10);
    hg_query *query = metrics_named(name);
    int64_t changed = -1;
    hg_status st = set_unit(query, "ms", guards[_i].at_most, &changed);

    if (guards[_i].passes) {
        ck_assert_msg(st == HG_OK, "%s: %s", guards[_i].what, err.message);
        ck_assert_int_eq(changed, 10);
        ck_assert_int_eq(count_unit(name, "'ms'"), 10);
    } else {
        ck_status(st, HG_E_STATE, err);
        ck_says(err, "nothing was changed");
        ck_assert_int_eq(changed, 0);
        ck_assert_int_eq(count_unit(name, "NULL"), 10);
    }
    hg_query_free(query);
}
END_TEST

START_TEST(delete_deletes_all_or_nothing)
{
    const char *name = make_metrics(10);
    hg_query *query = metrics_named(name);
    int64_t deleted = -1;
    hg_status st = hg_system_metric_delete_where(service, query, guards[_i].at_most, &deleted, &err);

    if (guards[_i].passes) {
        ck_assert_msg(st == HG_OK, "%s: %s", guards[_i].what, err.message);
        ck_assert_int_eq(deleted, 10);
        ck_assert_int_eq(count_unit(name, "NULL"), 0);
    } else {
        ck_status(st, HG_E_STATE, err);
        ck_assert_int_eq(deleted, 0);
        ck_assert_int_eq(count_unit(name, "NULL"), 10);
    }
    hg_query_free(query);
}
END_TEST

START_TEST(nothing_found_is_success_and_zero)
{
    hg_query *query = metrics_named("nobody's");
    int64_t changed = -1;

    ck_ok(set_unit(query, "ms", 0, &changed), err);
    ck_assert_int_eq(changed, 0);
    ck_ok(hg_system_metric_delete_where(service, query, 0, &changed, &err), err);
    ck_ok(hg_system_metric_delete_where(service, query, 0, NULL, &err), err);
    hg_query_free(query);
}
END_TEST

START_TEST(guard_that_holds_leaves_the_transaction_good)
{
    const char *name = make_metrics(10);
    hg_query *query = metrics_named(name);

    ck_ok(hg_tx_begin(service, NULL, &err), err);
    ck_status(set_unit(query, "ms", 3, NULL), HG_E_STATE, err);
    ck_status(hg_system_metric_delete_where(service, query, 3, NULL, &err), HG_E_STATE, err);
    ck_ok(set_unit(query, "s", 10, NULL), err);
    ck_ok(hg_tx_commit(service, &err), err);
    ck_assert_int_eq(count_unit(name, "'s'"), 10);
    hg_query_free(query);
}
END_TEST

START_TEST(write_is_one_round_trip_and_one_statement_a_shape)
{
    const char *name = make_metrics(3);
    hg_query *query = metrics_named(name);
    uint64_t trips = conn_stats(service).round_trips, prepared;

    ck_ok(set_unit(query, "a", 10, NULL), err);
    ck_assert_uint_eq(conn_stats(service).round_trips - trips, 1);
    prepared = conn_stats(service).prepared;
    ck_ok(set_unit(query, "b", 20, NULL), err);
    ck_ok(set_unit(query, NULL, 30, NULL), err);
    ck_assert_uint_eq(conn_stats(service).prepared, prepared);
    ck_assert_int_eq(count_unit(name, "NULL"), 3);
    hg_query_free(query);
}
END_TEST

START_TEST(every_filter_narrows_a_write)
{
    const char *name = make_metrics(10);
    hg_query *query = metrics_named(name);
    hg_decimal three = { .unscaled = 3 }, eight = { .unscaled = 8 };
    int64_t changed;

    ck_ok(hg_query_any(query, &err), err);
    ck_ok(hg_query_where_decimal(query, HG_SYSTEM_METRIC_METRIC_VALUE, HG_OP_LT, &three, &err), err);
    ck_ok(hg_query_where_decimal(query, HG_SYSTEM_METRIC_METRIC_VALUE, HG_OP_GT, &eight, &err), err);
    ck_ok(hg_query_end(query, &err), err);
    ck_ok(set_unit(query, "ms", 10, &changed), err);
    ck_assert_int_eq(changed, 4);
    ck_ok(hg_system_metric_delete_where(service, query, 4, &changed, &err), err);
    ck_assert_int_eq(changed, 4);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM public.system_metrics WHERE metric_name = '%s'", name), 6);
    hg_query_free(query);
}
END_TEST

/* All kinds of columns as values, NULL among them: what update_where writes is what update writes. */
START_TEST(update_sets_every_kind_of_column)
{
    hg_uuid company = fixture_insert(HG_TABLE_COMPANIES), job = fixture_job(&company, 1);
    hg_str words[] = { str_of("a"), str_of("b,c") };
    hg_job row = { .struct_size = sizeof row, .title = str_of("it's"), .salary_min = -5, .is_featured = 1,
                   .skills = str_of("[\"C\"]"), .job_type = HG_JOB_JOB_TYPE_CONTRACT, .application_deadline = 86400000000,
                   .seo_keywords = { words, NULL, 2 }, .null_mask = HG_BIT(HG_JOB_DEPARTMENT) };
    uint64_t set = HG_BIT(HG_JOB_TITLE) | HG_BIT(HG_JOB_SALARY_MIN) | HG_BIT(HG_JOB_IS_FEATURED) | HG_BIT(HG_JOB_SKILLS) |
                   HG_BIT(HG_JOB_JOB_TYPE) | HG_BIT(HG_JOB_APPLICATION_DEADLINE) | HG_BIT(HG_JOB_SEO_KEYWORDS) |
                   HG_BIT(HG_JOB_DEPARTMENT);
    hg_query *query = hg_query_new(HG_TABLE_JOBS);
    int64_t changed;

    ck_ok(hg_query_where_uuid(query, HG_JOB_COMPANY_ID, HG_OP_EQ, &company, &err), err);
    ck_ok(hg_query_where_text(query, HG_JOB_SLUG, HG_OP_NE, "x", 1, &err), err);
    ck_ok(hg_job_update_where(service, query, &row, set, 1, &changed, &err), err);
    ck_assert_int_eq(changed, 1);
    ck_assert_str_eq(sql_text("SELECT concat_ws('|', title, salary_min, is_featured, skills, job_type, application_deadline, "
                              "seo_keywords, department IS NULL) FROM public.jobs WHERE id = '%s'", uuid_text(&job)),
                     "it's|-5|t|[\"C\"]|contract|1970-01-02 00:00:00|{a,\"b,c\"}|t");
    hg_query_free(query);
}
END_TEST

/* ---- Rights ------------------------------------------------------------------------------------------------------------------- */

START_TEST(tenant_changes_only_what_is_his)
{
    hg_uuid user = fixture_user(HG_USER_USER_TYPE_COMPANY), mine = fixture_company(&user, HG_COMPANY_MEMBER_ROLE_ADMIN);
    hg_uuid other = fixture_insert(HG_TABLE_COMPANIES), companies[2] = { mine, other };
    hg_identity who = identity(HG_ROLE_COMPANY, &user);
    hg_query *query = hg_query_new(HG_TABLE_JOBS);
    hg_job row = { .struct_size = sizeof row, .title = str_of("changed") };
    int64_t changed;

    fixture_job(&mine, 1);
    fixture_job(&mine, 0);
    fixture_job(&other, 1);                                 /* visible, and not to be written */
    ck_ok(hg_query_where_in_uuid(query, HG_JOB_COMPANY_ID, companies, 2, &err), err);
    ck_ok(hg_session_enter(tenant, &who, &err), err);

    ck_ok(hg_job_update_where(tenant, query, &row, HG_BIT(HG_JOB_TITLE), 10, &changed, &err), err);
    ck_assert_int_eq(changed, 2);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM public.jobs WHERE company_id = '%s' AND title = 'changed'",
                             uuid_text(&other)), 0);
    ck_ok(hg_job_delete_where(tenant, query, 10, &changed, &err), err);
    ck_assert_int_eq(changed, 2);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM public.jobs WHERE company_id = '%s'", uuid_text(&other)), 1);

    hg_session_leave(tenant);
    hg_query_free(query);
}
END_TEST

START_TEST(what_a_role_may_not_write_is_denied_before_anything_is_sent)
{
    hg_uuid user = fixture_user(HG_USER_USER_TYPE_COMPANY), zero = { { 0 } };
    hg_identity who = identity(HG_ROLE_COMPANY, &user);
    hg_query *query = hg_query_new(HG_TABLE_JOBS), *users = hg_query_new(HG_TABLE_USERS);
    hg_job row = { .struct_size = sizeof row, .company_id = user };
    uint64_t trips;

    ck_ok(hg_query_where_uuid(query, HG_JOB_ID, HG_OP_EQ, &zero, &err), err);
    ck_ok(hg_session_enter(tenant, &who, &err), err);
    trips = conn_stats(tenant).round_trips;
    ck_status(hg_job_update_where(tenant, query, &row, HG_BIT(HG_JOB_COMPANY_ID), 1, NULL, &err), HG_E_DENIED, err);
    ck_column(err, HG_JOB_COMPANY_ID);
    ck_status(hg_user_delete_where(tenant, users, 1, NULL, &err), HG_E_DENIED, err);
    ck_assert_uint_eq(conn_stats(tenant).round_trips, trips);
    hg_session_leave(tenant);
    hg_query_free(users);
    hg_query_free(query);
}
END_TEST

/* ---- Refused ------------------------------------------------------------------------------------------------------------------- */

static hg_status
with_order(hg_query *query)
{
    return hg_query_order(query, HG_SYSTEM_METRIC_RECORDED_AT, 0, 0, &err);
}
static hg_status
with_limit(hg_query *query)
{
    return hg_query_limit(query, 5, &err);
}
static hg_status
with_columns(hg_query *query)
{
    return hg_query_columns(query, 1, &err);
}
static hg_status
with_lock(hg_query *query)
{
    return hg_query_lock(query, HG_LOCK_UPDATE, &err);
}
static hg_status
with_open_group(hg_query *query)
{
    return hg_query_any(query, &err);
}

START_TEST(write_takes_filters_alone)
{
    static hg_status (*const spoil[])(hg_query *) = { with_order, with_limit, with_columns, with_lock, with_open_group };
    hg_query *query = metrics_named("x");
    uint64_t trips = conn_stats(service).round_trips;

    ck_ok(spoil[_i](query), err);
    ck_status(set_unit(query, "ms", 1, NULL), HG_E_INVALID, err);
    ck_status(hg_system_metric_delete_where(service, query, 1, NULL, &err), HG_E_INVALID, err);
    ck_assert_uint_eq(conn_stats(service).round_trips, trips);
    hg_query_free(query);
}
END_TEST

START_TEST(bad_arguments_are_refused)
{
    hg_query *query = metrics_named("x"), *jobs = hg_query_new(HG_TABLE_JOBS);
    hg_system_metric row = { .struct_size = sizeof row, .row_version = 7, .metric_unit = str_of("ms") };
    uint64_t unit = HG_BIT(HG_SYSTEM_METRIC_METRIC_UNIT), trips = conn_stats(service).round_trips;
    int64_t changed = 7;

    ck_status(set_unit(query, "ms", -1, &changed), HG_E_INVALID, err);
    ck_assert_int_eq(changed, 0);
    ck_status(hg_system_metric_delete_where(service, query, -1, NULL, &err), HG_E_INVALID, err);
    ck_status(hg_system_metric_update_where(service, query, &row, unit, 1, NULL, &err), HG_E_INVALID, err);
    ck_says(err, "row_version");
    row.row_version = 0;
    ck_status(hg_system_metric_update_where(service, query, &row, 0, 1, NULL, &err), HG_E_INVALID, err);
    ck_status(hg_system_metric_update_where(service, query, NULL, unit, 1, NULL, &err), HG_E_INVALID, err);
    ck_status(hg_system_metric_update_where(service, NULL, &row, unit, 1, NULL, &err), HG_E_INVALID, err);
    ck_status(hg_system_metric_update_where(service, jobs, &row, unit, 1, NULL, &err), HG_E_INVALID, err);
    ck_status(hg_system_metric_update_where(NULL, query, &row, unit, 1, NULL, &err), HG_E_INVALID, err);
    ck_status(hg_system_metric_delete_where(service, NULL, 1, NULL, &err), HG_E_INVALID, err);
    ck_status(hg_system_metric_delete_where(service, jobs, 1, NULL, &err), HG_E_INVALID, err);
    ck_assert_uint_eq(conn_stats(service).round_trips, trips);
    hg_query_free(jobs);
    hg_query_free(query);
}
END_TEST

/* ---- Beside others --------------------------------------------------------------------------------------------------------------- */

typedef struct writer {
    const hg_query *query;
    int             deletes;
    int64_t         changed;
    hg_status       status;
    hg_error        err;
} writer;

static void *
write_beside(void *given)
{
    writer *w = given;
    hg_system_metric row = { .struct_size = sizeof row, .metric_unit = str_of("ms") };

    w->status = w->deletes ? hg_system_metric_delete_where(service, w->query, 100, &w->changed, &w->err)
                           : hg_system_metric_update_where(service, w->query, &row, HG_BIT(HG_SYSTEM_METRIC_METRIC_UNIT), 100,
                                                           &w->changed, &w->err);
    return NULL;
}

static pthread_t
start_and_wait_for_the_lock(writer *w)
{
    pthread_t thread;

    ck_assert_int_eq(pthread_create(&thread, NULL, write_beside, w), 0);
    wait_until("EXISTS (SELECT FROM pg_stat_activity WHERE pid = %d AND wait_event_type = 'Lock')", backend_pid(service));
    return thread;
}

/* The delete had only the ids of what was found, and so deleted a row that somebody had changed since, and that the query
 * does not find any more. */
START_TEST(row_that_was_changed_meanwhile_is_judged_anew)
{
    const char *name = make_metrics(10);
    hg_query *query = metrics_named(name);
    PGconn *other = sql_connect(fixture_dsn("ADMIN"));
    writer w = { .query = query, .deletes = _i };
    pthread_t thread;

    ck_ok(hg_query_where_null(query, HG_SYSTEM_METRIC_METRIC_UNIT, 1, &err), err);
    PQclear(PQexec(other, "BEGIN"));
    PQclear(PQexec(other, fixture_text("UPDATE public.system_metrics SET metric_unit = 'kept' WHERE metric_name = '%s' "
                                       "AND metric_value = 5", name)));
    thread = start_and_wait_for_the_lock(&w);
    PQclear(PQexec(other, "COMMIT"));
    pthread_join(thread, NULL);
    PQfinish(other);

    ck_ok(w.status, w.err);
    ck_assert_int_eq(w.changed, 9);
    ck_assert_int_eq(count_unit(name, "'kept'"), 1);
    hg_query_free(query);
}
END_TEST

START_TEST(row_that_went_meanwhile_is_not_counted)
{
    const char *name = make_metrics(10);
    hg_query *query = metrics_named(name);
    PGconn *other = sql_connect(fixture_dsn("ADMIN"));
    writer w = { .query = query, .deletes = _i };
    pthread_t thread;

    PQclear(PQexec(other, "BEGIN"));
    PQclear(PQexec(other, fixture_text("DELETE FROM public.system_metrics WHERE metric_name = '%s' AND metric_value = 5", name)));
    thread = start_and_wait_for_the_lock(&w);
    PQclear(PQexec(other, "COMMIT"));
    pthread_join(thread, NULL);
    PQfinish(other);

    ck_ok(w.status, w.err);
    ck_assert_int_eq(w.changed, 9);
    hg_query_free(query);
}
END_TEST

START_TEST(write_whose_connection_goes_is_in_doubt)
{
    const char *name = make_metrics(10);
    hg_query *query = metrics_named(name);
    PGconn *other = sql_connect(fixture_dsn("ADMIN"));
    writer w = { .query = query, .deletes = _i };
    pthread_t thread;

    PQclear(PQexec(other, "BEGIN"));
    PQclear(PQexec(other, fixture_text("SELECT FROM public.system_metrics WHERE metric_name = '%s' FOR UPDATE", name)));
    thread = start_and_wait_for_the_lock(&w);
    kill_backend(service);
    pthread_join(thread, NULL);
    PQfinish(other);

    ck_assert_msg(w.status == HG_E_IN_DOUBT || w.status == HG_E_CONNECTION, "gave %s", hg_status_name(w.status));
    ck_assert_int_eq(w.changed, 0);
    ck_assert_int_eq(count_unit(name, "NULL"), 10);
    hg_query_free(query);
}
END_TEST

/* Eight writers move all rows that are left in a pot: none is moved twice, none is left. */
typedef struct mover {
    const char *name;
    int64_t     moved;
    hg_status   status;
    hg_error    err;
} mover;

static void *
move_all(void *given)
{
    mover *m = given;
    hg_conn *conn = NULL;
    hg_conn_options plain = { .struct_size = sizeof plain, .skip_check = 1 };
    hg_query *query = hg_query_new(HG_TABLE_SYSTEM_METRICS);
    hg_system_metric row = { .struct_size = sizeof row, .metric_unit = str_of("moved") };

    m->status = hg_conn_open(fixture_dsn("SERVICE"), &plain, &conn, &m->err);
    if (m->status == HG_OK)
        m->status = hg_query_where_text(query, HG_SYSTEM_METRIC_METRIC_NAME, HG_OP_EQ, m->name, strlen(m->name), &m->err);
    if (m->status == HG_OK)
        m->status = hg_query_where_null(query, HG_SYSTEM_METRIC_METRIC_UNIT, 1, &m->err);
    if (m->status == HG_OK)
        m->status = hg_system_metric_update_where(conn, query, &row, HG_BIT(HG_SYSTEM_METRIC_METRIC_UNIT), 2000, &m->moved,
                                                  &m->err);
    hg_query_free(query);
    hg_conn_close(conn);
    return NULL;
}

START_TEST(rows_are_changed_once_by_many_writers)
{
    enum { WRITERS = 8, MANY = 2000 };
    const char *name = make_metrics(MANY);
    pthread_t threads[WRITERS];
    mover movers[WRITERS];
    int64_t moved = 0;

    memset(movers, 0, sizeof movers);
    for (int i = 0; i < WRITERS; i++) {
        movers[i].name = name;
        ck_assert_int_eq(pthread_create(&threads[i], NULL, move_all, &movers[i]), 0);
    }
    for (int i = 0; i < WRITERS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < WRITERS; i++) {
        moved += movers[i].moved;
        ck_assert_msg(movers[i].status == HG_OK || movers[i].status == HG_E_RETRY, "writer %d: %s (%s)", i,
                      hg_status_name(movers[i].status), movers[i].err.message);
    }
    ck_assert_int_eq(moved, MANY);
    ck_assert_int_eq(count_unit(name, "'moved'"), MANY);
}
END_TEST

Suite *
suite_query_writes(void)
{
    enum { GUARDS = sizeof guards / sizeof *guards };
    Suite *suite = suite_create("query/writes");
    TCase *tcase = query_case(suite, "guard", 30);

    tcase_add_loop_test(tcase, update_changes_all_or_nothing, 0, GUARDS);
    tcase_add_loop_test(tcase, delete_deletes_all_or_nothing, 0, GUARDS);
    tcase_add_test(tcase, nothing_found_is_success_and_zero);
    tcase_add_test(tcase, guard_that_holds_leaves_the_transaction_good);
    tcase_add_test(tcase, write_is_one_round_trip_and_one_statement_a_shape);
    tcase_add_test(tcase, every_filter_narrows_a_write);
    tcase_add_test(tcase, update_sets_every_kind_of_column);
    tcase = query_case(suite, "rights", 30);
    tcase_add_test(tcase, tenant_changes_only_what_is_his);
    tcase_add_test(tcase, what_a_role_may_not_write_is_denied_before_anything_is_sent);
    tcase_add_loop_test(tcase, write_takes_filters_alone, 0, 5);
    tcase_add_test(tcase, bad_arguments_are_refused);
    tcase = query_case(suite, "beside", 60);
    tcase_add_loop_test(tcase, row_that_was_changed_meanwhile_is_judged_anew, 0, 2);
    tcase_add_loop_test(tcase, row_that_went_meanwhile_is_not_counted, 0, 2);
    tcase_add_loop_test(tcase, write_whose_connection_goes_is_in_doubt, 0, 2);
    tcase_add_test(tcase, rows_are_changed_once_by_many_writers);
    return suite;
}
