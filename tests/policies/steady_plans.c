/* steady_plans.c - in the steady state the server neither parses nor plans anything for the library's calls: a statement is parsed
 * at its first use, planned in five more, and keeps a plan then. Where the server finds a plan for these very arguments cheaper
 * it would plan each execution anew, for half of a short call's cost. So each kind of call is made often, as the admin of one of
 * twenty thousand companies, in a transaction that is rolled back; and outside one what carries his session before each statement. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crowd.h"
#include "hotgigs/hotgigs.h"
#include "hotgigs/pq.h"
#include "policies/policies.h"
#include "suites.h"

enum { TIMES = 12, PLANNED_MOST = 5 };

static hg_conn *conn;
static hg_error err;
static hg_uuid admin, company, job, task;
static hg_query *of_company, *page, *next_page, *page_before, *by_two, *many, *jobs, *first_applications, *by_status, *few_groups, *chosen;

#define MUST(call) ck_assert_msg((call) == HG_OK, "%s", err.message)

static hg_uuid
id_of(const char *literal)
{
    hg_uuid id;

    ck_assert_int_eq(hg_uuid_parse(literal + 1, 36, &id, NULL), HG_OK);    /* without its quotes */
    return id;
}

static hg_query *
query_of(int32_t table, int32_t column, const hg_uuid *id)
{
    hg_query *query = hg_query_new(table);

    MUST(hg_query_where_uuid(query, column, HG_OP_EQ, id, &err));
    return query;
}

/* The company's tasks by due date and, the other way, title: the two behind the first, in arms of a UNION ALL. */
static void
make_page_by_two(void)
{
    hg_task_list *list;
    hg_text *cursor;

    by_two = hg_query_copy(of_company);
    MUST(hg_query_order(by_two, HG_TASK_DUE_DATE, HG_ASCENDING, HG_NULLS_DEFAULT, &err));
    MUST(hg_query_order(by_two, HG_TASK_TITLE, HG_DESCENDING, HG_NULLS_DEFAULT, &err));
    MUST(hg_query_limit(by_two, 2, &err));
    MUST(hg_task_find(conn, by_two, &list, &err));
    MUST(hg_task_list_cursor(list, 0, &cursor, &err));
    MUST(hg_query_after(by_two, hg_text_ptr(cursor), hg_text_len(cursor), &err));
    hg_text_free(cursor);
    hg_task_list_free(list);
}

/* The company's tasks: the newest three, those behind and before them, and up to a thousand, which is more than a page. */
static void
make_pages(void)
{
    hg_task_list *list;
    hg_text *cursor;

    page = hg_query_copy(of_company);
    MUST(hg_query_order(page, HG_TASK_CREATED_AT, HG_DESCENDING, HG_NULLS_DEFAULT, &err));
    MUST(hg_query_limit(page, 3, &err));
    MUST(hg_task_find(conn, page, &list, &err));
    ck_assert_uint_eq(hg_task_list_count(list), 3);
    task = hg_task_list_at(list, 0)->id;
    MUST(hg_task_list_cursor(list, 2, &cursor, &err));
    next_page = hg_query_copy(page);
    MUST(hg_query_after(next_page, hg_text_ptr(cursor), hg_text_len(cursor), &err));
    page_before = hg_query_copy(page);
    MUST(hg_query_before(page_before, hg_text_ptr(cursor), hg_text_len(cursor), &err));
    hg_text_free(cursor);
    hg_task_list_free(list);
    many = hg_query_copy(page);
    MUST(hg_query_limit(many, 1000, &err));
    chosen = query_of(HG_TABLE_TASKS, HG_TASK_ID, &task);
}

static void
make_queries(void)
{
    of_company = query_of(HG_TABLE_TASKS, HG_TASK_COMPANY_ID, &company);
    make_pages();
    make_page_by_two();
    jobs = query_of(HG_TABLE_JOBS, HG_JOB_COMPANY_ID, &company);
    first_applications = hg_query_new(HG_TABLE_APPLICATIONS);
    MUST(hg_query_order(first_applications, HG_APPLICATION_APPLIED_AT, HG_DESCENDING, HG_NULLS_DEFAULT, &err));
    MUST(hg_query_limit(first_applications, 2, &err));
    by_status = hg_query_copy(of_company);
    MUST(hg_query_group(by_status, HG_TASK_STATUS, &err));
    MUST(hg_query_measure(by_status, HG_MEASURE_COUNT, -1, &err));
    few_groups = hg_query_copy(by_status);
    MUST(hg_query_limit(few_groups, 2, &err));
}

static void
make(void)
{
    ck_assert_msg(crowd_database() != NULL, "the crowd cannot be made");
}

static void
open_connection(void)
{
    hg_identity who = { .struct_size = sizeof who, .role = HG_ROLE_COMPANY };
    char *dsn = policy_dsn("LOGIN", crowd_database());

    admin = who.user_id = id_of(USER("000007")), company = id_of(COMPANY("000007")), job = id_of(JOB("000007"));
    MUST(hg_conn_open(dsn, NULL, &conn, &err));
    MUST(hg_session_enter(conn, &who, &err));
    MUST(hg_tx_begin(conn, NULL, &err));
    make_queries();
    free(dsn);
}

static void
open_service(void)
{
    char *dsn = policy_dsn("SERVICE", crowd_database());

    MUST(hg_conn_open(dsn, NULL, &conn, &err));
    MUST(hg_tx_begin(conn, NULL, &err));
    free(dsn);
}

static void
close_service(void)
{
    MUST(hg_tx_rollback(conn, &err));
    hg_conn_close(conn);
}

static void
close_connection(void)
{
    hg_query *all[] = { of_company, page, next_page, page_before, by_two, many, jobs, first_applications, by_status, few_groups, chosen };

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        hg_query_free(all[i]);
    close_service();
}

/* ---- Calls ------------------------------------------------------------------------------------------------------------------- */

static void
find(const hg_query *query)
{
    hg_task_list *list;

    MUST(hg_task_find(conn, query, &list, &err));
    hg_task_list_free(list);
}

static void get(void)
{
    const hg_task *row;

    MUST(hg_task_get(conn, &task, &row, &err));
    hg_task_free(row);
}

static void get_many(void)
{
    hg_uuid ids[2] = { task, job };
    hg_task_list *list;

    MUST(hg_task_get_many(conn, ids, 2, &list, &err));
    hg_task_list_free(list);
}

static void find_page(void) { find(page); }
static void find_next_page(void) { find(next_page); }
static void find_page_before(void) { find(page_before); }
static void find_page_by_two(void) { find(by_two); }
static void find_many(void) { find(many); }
static void find_all(void) { find(of_company); }

static void count(void)
{
    int64_t rows;

    MUST(hg_task_count(conn, of_company, &rows, &err));
}

static void exists(void)
{
    int32_t is_there;

    MUST(hg_task_exists(conn, of_company, &is_there, &err));
}

/* The first of a transaction: the second has a name of its own. */
static void stream(void)
{
    const hg_task *row;
    hg_cursor *cursor;

    MUST(hg_tx_rollback(conn, &err));
    MUST(hg_tx_begin(conn, NULL, &err));
    MUST(hg_task_stream(conn, of_company, &cursor, &err));
    do
        MUST(hg_task_next(cursor, &row, &err));
    while (row != NULL);
    hg_cursor_close(cursor);
}

static void stream_few(void)
{
    const hg_task *row;
    hg_cursor *cursor;

    MUST(hg_task_stream(conn, page, &cursor, &err));
    MUST(hg_task_next(cursor, &row, &err));
    hg_cursor_close(cursor);
}

static void
related(const hg_query *query)
{
    hg_related *applications;
    hg_job_list *list;

    MUST(hg_job_find(conn, jobs, &list, &err));
    MUST(hg_job_list_related(conn, list, HG_REL_JOB_APPLICATIONS, query, &applications, &err));
    hg_related_free(applications);
    hg_job_list_free(list);
}

static void related_all(void) { related(NULL); }
static void related_first(void) { related(first_applications); }

static void
aggregate(const hg_query *query)
{
    hg_table *table;

    MUST(hg_aggregate_run(conn, query, &table, &err));
    hg_table_free(table);
}

static void aggregate_all(void) { aggregate(by_status); }
static void aggregate_first(void) { aggregate(few_groups); }

static const uint64_t set = HG_BIT(HG_TASK_COMPANY_ID) | HG_BIT(HG_TASK_ASSIGNED_BY) | HG_BIT(HG_TASK_TITLE);

static hg_task
new_task(void)
{
    return (hg_task){ .struct_size = sizeof(hg_task), .company_id = company, .assigned_by = admin, .title = { "Call", 4 } };
}

static void insert(void)
{
    hg_task row = new_task();
    const hg_task *made;

    MUST(hg_task_insert(conn, &row, set, &made, &err));
    hg_task_free(made);
}

static void insert_many(void)
{
    hg_task rows[2] = { new_task(), new_task() };

    MUST(hg_task_insert_many(conn, rows, 2, sizeof rows[0], set, NULL, &err));
}

static void batch(void)
{
    hg_task row = new_task();

    MUST(hg_batch_begin(conn, &err));
    MUST(hg_task_insert(conn, &row, set, NULL, &err));
    MUST(hg_task_insert(conn, &row, set, NULL, &err));
    MUST(hg_batch_end(conn, NULL, &err));
}

static void update(void)
{
    hg_task row = { .struct_size = sizeof row, .title = { "Call again", 10 } };

    MUST(hg_task_update(conn, &task, &row, HG_BIT(HG_TASK_TITLE), NULL, &err));
}

static void update_where(void)
{
    hg_task row = { .struct_size = sizeof row, .title = { "Call again", 10 } };
    int64_t changed;

    MUST(hg_task_update_where(conn, chosen, &row, HG_BIT(HG_TASK_TITLE), 100, &changed, &err));
}

static void delete_where(void)
{
    hg_uuid nobody = { { 0x77 } };
    hg_query *query = query_of(HG_TABLE_TASKS, HG_TASK_ID, &nobody);
    int64_t deleted;

    MUST(hg_task_delete_where(conn, query, 100, &deleted, &err));
    hg_query_free(query);
}

static void delete(void)
{
    hg_uuid nobody = { { 0x77 } };

    ck_assert_int_eq(hg_task_delete(conn, &nobody, &err), HG_E_NOT_FOUND);
}

static void operation(void)
{
    hg_job_search_params params = { .struct_size = sizeof params, .set = HG_BIT(HG_JOB_SEARCH_AT_MOST), .at_most = 20 };
    hg_job_search_list *list;

    MUST(hg_job_search(conn, &params, &list, &err));
    hg_job_search_list_free(list);
}

/* As the service. One that is new, and one that is there. */
static const uint64_t user_set = HG_BIT(HG_USER_EMAIL) | HG_BIT(HG_USER_USER_TYPE) | HG_BIT(HG_USER_FIRST_NAME);

static void
name_users(hg_user rows[2])
{
    static char emails[2][40];
    static int number;

    for (int i = 0; i < 2; i++) {
        int n = snprintf(emails[i], sizeof emails[i], "steady%d@example.com", i == 0 ? 0 : ++number);

        rows[i] = (hg_user){ .struct_size = sizeof rows[i], .email = { emails[i], (size_t)n }, .user_type = HG_USER_USER_TYPE_CANDIDATE,
                             .first_name = { "Ann", 3 } };
    }
}

static void upsert(void)
{
    const hg_user *made;
    hg_user rows[2];

    name_users(rows);
    for (int i = 0; i < 2; i++) {
        MUST(hg_user_upsert(conn, &rows[i], user_set, HG_USER_KEY_EMAIL, &made, &err));
        hg_user_free(made);
    }
}

static void upsert_many(void)
{
    hg_user rows[2];

    name_users(rows);
    MUST(hg_user_upsert_many(conn, rows, 2, sizeof rows[0], user_set, HG_USER_KEY_EMAIL, NULL, &err));
}

typedef struct steady_call {
    const char *name;
    void      (*make)(void);
    int         trips;          /* one for each call of the library in make() */
    int         is_declared;    /* 1: PostgreSQL plans what a cursor is declared for at each DECLARE, prepared or not */
} steady_call;

/* The reads come first. Related rows are asked for of rows that were found; the stream, which is not known to be short, comes
 * behind a ROLLBACK and is a DECLARE and a FETCH. */
static const steady_call calls_of_service[] = { { "upsert", upsert, 2, 0 }, { "upsert_many", upsert_many, 1, 0 } };
static const steady_call calls[] = {
    { "get", get, 1, 0 }, { "get_many", get_many, 1, 0 }, { "find, a page", find_page, 1, 0 },
    { "find, the next page", find_next_page, 1, 0 }, { "find, the page before", find_page_before, 1, 0 },
    { "find, the next page by two columns", find_page_by_two, 1, 0 }, { "find, at most 1000", find_many, 1, 0 },
    { "find, all", find_all, 1, 0 }, { "stream, three rows", stream_few, 1, 0 }, { "count", count, 1, 0 }, { "exists", exists, 1, 0 },
    { "related rows", related_all, 2, 0 }, { "related rows, the first two of each", related_first, 2, 0 },
    { "aggregate", aggregate_all, 1, 0 }, { "aggregate, two groups", aggregate_first, 1, 0 }, { "stream", stream, 3, 1 },
    { "insert", insert, 1, 0 }, { "insert_many", insert_many, 1, 0 }, { "batch", batch, 1, 0 }, { "update", update, 1, 0 },
    { "update_where", update_where, 1, 0 }, { "delete", delete, 1, 0 }, { "delete_where", delete_where, 1, 0 },
    { "operation", operation, 1, 0 },
};

enum { READS = 15 };

/* What the client sends that the server answers with "ready", as libpq writes it down: Sync, and a Query. */
static int
trips_of(const steady_call *call)
{
    FILE *trace = tmpfile();
    char line[4096];
    int count = 0;

    ck_assert_ptr_nonnull(trace);
    PQtrace(hg_conn_pq(conn), trace);
    PQsetTraceFlags(hg_conn_pq(conn), PQTRACE_SUPPRESS_TIMESTAMPS);
    call->make();
    PQuntrace(hg_conn_pq(conn));
    rewind(trace);
    while (fgets(line, sizeof line, trace) != NULL)
        count += strncmp(line, "F\t", 2) == 0 && (strstr(line, "\tSync") != NULL || strstr(line, "\tQuery\t") != NULL);
    fclose(trace);
    return count;
}

static void
check_steady(const steady_call *call)
{
    hg_conn_stats before = { .struct_size = sizeof before }, after = { .struct_size = sizeof after };
    PGresult *planned;
    int trips;

    for (int i = 0; i < TIMES; i++) {
        if (i == 2)
            hg_conn_get_stats(conn, &before, &err);
        call->make();
    }
    hg_conn_get_stats(conn, &after, &err);
    ck_assert_msg(after.prepared == before.prepared, "%s: %d statements were parsed anew", call->name,
                  (int)(after.prepared - before.prepared));
    planned = PQexec(hg_conn_pq(conn), "SELECT custom_plans, statement FROM pg_prepared_statements ORDER BY custom_plans DESC LIMIT 1");
    ck_assert_msg(PQntuples(planned) == 1, "%s: no statement is prepared", call->name);
    ck_assert_msg(call->is_declared || atoi(PQgetvalue(planned, 0, 0)) <= PLANNED_MOST, "%s: planned %s times: %s", call->name,
                  PQgetvalue(planned, 0, 0), PQgetvalue(planned, 0, 1));
    PQclear(planned);
    trips = trips_of(call);
    ck_assert_msg(trips == call->trips, "%s: %d round trips, want %d", call->name, trips, call->trips);
}

START_TEST(call_is_neither_parsed_nor_planned_anew)
{
    check_steady(&calls[_i]);
}
END_TEST

START_TEST(call_of_the_service_is_neither_parsed_nor_planned_anew)
{
    check_steady(&calls_of_service[_i]);
}
END_TEST

/* Outside a transaction, too, where the session's identity travels along. */
START_TEST(read_is_one_trip)
{
    hg_conn_stats before = { .struct_size = sizeof before }, after = { .struct_size = sizeof after };
    int trips;

    MUST(hg_tx_rollback(conn, &err));
    for (int i = 0; i < 2; i++)
        calls[_i].make();
    hg_conn_get_stats(conn, &before, &err);
    trips = trips_of(&calls[_i]);
    hg_conn_get_stats(conn, &after, &err);
    ck_assert_msg(trips == calls[_i].trips, "%s: %d round trips, want %d", calls[_i].name, trips, calls[_i].trips);
    ck_assert_int_eq((int)(after.round_trips - before.round_trips), trips);
    ck_assert_int_eq((int)(after.context_rows - before.context_rows), trips);
    ck_assert_uint_eq(after.prepared, before.prepared);
    MUST(hg_tx_begin(conn, NULL, &err));
}
END_TEST

/* What a session sends before each statement: who he is; what the audit trail is told; how long it may take. */
static const struct { const char *name; int has_audit, has_deadline; } contexts[] = {
    { "identity", 0, 0 }, { "identity and audit", 1, 0 }, { "identity and deadline", 0, 1 }, { "identity, audit and deadline", 1, 1 },
};

static void
enter(int has_audit, int has_deadline)
{
    hg_identity who = { .struct_size = sizeof who, .role = HG_ROLE_COMPANY, .user_id = admin };

    if (has_audit)
        who = (hg_identity){ .struct_size = sizeof who, .role = HG_ROLE_COMPANY, .user_id = admin, .ip = "192.0.2.1",
                             .user_agent = "steady", .request_id = "7", .action = "look" };
    MUST(hg_session_enter(conn, &who, &err));
    MUST(hg_conn_set_timeout(conn, has_deadline ? 60 * 1000 : 0, &err));
}

/* Of the statement that carries the session and has so many arguments: how often it was planned for given ones, and for any. */
static void
count_plans_of_context(int arguments, int *custom, int *generic)
{
    const char digits[] = { (char)('0' + arguments), '\0' }, *const values[] = { digits };
    PGresult *plans = PQexecParams(hg_conn_pq(conn),
                                   "SELECT custom_plans, generic_plans FROM pg_prepared_statements"
                                   " WHERE statement ~ 'set_config' AND cardinality(parameter_types) = $1",
                                   1, NULL, values, NULL, NULL, 0);

    ck_assert_int_eq(PQntuples(plans), 1);
    *custom = atoi(PQgetvalue(plans, 0, 0));
    *generic = atoi(PQgetvalue(plans, 0, 1));
    PQclear(plans);
}

/* Outside a transaction it goes with every call. The connection's first session, which the fixture's queries were made in, has three
 * arguments; so has no other of these. */
START_TEST(context_is_neither_parsed_nor_planned_anew)
{
    int arguments = 3 + contexts[_i].has_audit + contexts[_i].has_deadline, before = 0, custom, generic;
    uint64_t prepared = 0;

    MUST(hg_tx_rollback(conn, &err));
    if (arguments == 3) {
        count_plans_of_context(arguments, &custom, &generic);
        before = custom + generic;
    }
    enter(contexts[_i].has_audit, contexts[_i].has_deadline);
    for (int i = 0; i < TIMES; i++) {
        hg_conn_stats now = { .struct_size = sizeof now };

        get();
        hg_conn_get_stats(conn, &now, &err);
        ck_assert_msg(i == 0 || now.prepared == prepared, "%s: %d statements were parsed anew", contexts[_i].name,
                      (int)(now.prepared - prepared));
        prepared = now.prepared;
    }
    count_plans_of_context(arguments, &custom, &generic);
    ck_assert_int_eq(custom + generic, before + TIMES);
    ck_assert_msg(custom <= PLANNED_MOST, "%s: planned %d times", contexts[_i].name, custom);
    MUST(hg_tx_begin(conn, NULL, &err));
}
END_TEST

Suite *
suite_policies_steady_plans(void)
{
    Suite *suite = suite_create("policies/steady_plans");
    TCase *tcase = tcase_create("steady");

    tcase_set_timeout(tcase, 60);
    tcase_add_unchecked_fixture(tcase, make, NULL);
    tcase_add_checked_fixture(tcase, open_connection, close_connection);
    tcase_add_loop_test(tcase, call_is_neither_parsed_nor_planned_anew, 0, sizeof calls / sizeof calls[0]);
    tcase_add_loop_test(tcase, read_is_one_trip, 0, READS);
    tcase_add_loop_test(tcase, context_is_neither_parsed_nor_planned_anew, 0, sizeof contexts / sizeof contexts[0]);
    suite_add_tcase(suite, tcase);

    tcase = tcase_create("service");
    tcase_set_timeout(tcase, 60);
    tcase_add_unchecked_fixture(tcase, make, NULL);
    tcase_add_checked_fixture(tcase, open_service, close_service);
    tcase_add_loop_test(tcase, call_of_the_service_is_neither_parsed_nor_planned_anew, 0,
                        sizeof calls_of_service / sizeof calls_of_service[0]);
    suite_add_tcase(suite, tcase);
    return suite;
}
