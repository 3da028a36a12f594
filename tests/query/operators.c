/* query/operators - every operator on every column of every table, against answers computed in C from the same rows.
 *
 * A row of output a table. The rows hold NULLs, odd texts and extreme values (rows.c), the operands are taken from them
 * or made to hurt (operand.c), the answer is answer.c's. Columns that the service may not read are asked by the
 * superuser. The same filter is asked as find, as count and as exists, inside a NOT, and of a copy of the query. */
#include "query/filter.h"
#include "suites.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS = 30 };

static const char *
describe(const query_rows *rows, int32_t column, int32_t op, size_t i)
{
    return fixture_text("%s.%s %s, operand %zu", rows->of->info.name, rows->of->info.columns[column].name, op_name(op), i);
}

/* Which of the rows a query finds; each once. */
static uint64_t
found(hg_conn *conn, const query_rows *rows, const hg_query *query, const char *what)
{
    hgi_list *list = NULL;
    uint64_t mask = 0;
    hg_status st = hgi_find(conn, rows->of, query, &list, &err);

    ck_assert_msg(st == HG_OK, "%s: %s (%s)", what, hg_status_name(st), err.message);
    for (size_t i = 0; i < hgi_list_count(list); i++) {
        hg_uuid id;
        long place;

        memcpy(&id, hgi_field(rows->of, 0, hgi_list_at(list, i)), sizeof id);
        place = query_row_place(rows, &id);
        if (place < 0 || mask >> place & 1)
            ck_abort_msg("%s: row %s came twice or is none of ours", what, uuid_text(&id));
        mask |= UINT64_C(1) << place;
    }
    hgi_list_free(list);
    return mask;
}

static void
check_count(hg_conn *conn, const query_rows *rows, const hg_query *query, uint64_t want, const char *what)
{
    int64_t count = -1;
    int32_t exists = -1;

    ck_ok(hgi_count(conn, rows->of, query, &count, &err), err);
    ck_ok(hgi_exists(conn, rows->of, query, &exists, &err), err);
    if (count != __builtin_popcountll(want) || exists != (want != 0))
        ck_abort_msg("%s: count %lld, exists %d; want %d rows", what, (long long)count, (int)exists,
                     __builtin_popcountll(want));
}

static void
check_filter(hg_conn *conn, const query_rows *rows, int32_t column, int32_t op, const operand *with, const char *what)
{
    const hg_column_info *info = &rows->of->info.columns[column];
    hg_query *query = query_rows_only(rows), *negated = query_rows_only(rows), *copy;
    uint64_t want = 0, left_open = 0, all = (UINT64_C(1) << rows->count) - 1, got;

    for (size_t i = 0; i < rows->count; i++) {
        int answer = filter_answer(info, op, hgi_field(rows->of, column, query_row(rows, i)),
                                   query_row_is_null(rows, i, column), with);

        want |= (uint64_t)(answer == 1) << i;
        left_open |= (uint64_t)(answer == -2) << i;
    }
    /* More than there are: memory for as many rows as come without it takes a sanitizer longer than all the rest. */
    ck_ok(hg_query_limit(query, 100, &err), err);
    ck_ok(hg_query_limit(negated, 100, &err), err);
    ck_ok(hg_query_not(negated, &err), err);
    ck_assert_msg(filter_add(query, info->kind, column, op, with) == HG_OK, "%s: %s", what, err.message);
    ck_assert_msg(filter_add(negated, info->kind, column, op, with) == HG_OK, "%s: %s", what, err.message);
    ck_ok(hg_query_end(negated, &err), err);

    got = found(conn, rows, query, what);
    if ((got ^ want) & ~left_open)
        ck_abort_msg("%s finds rows %llx, want %llx", what, (unsigned long long)got, (unsigned long long)want);
    if (found(conn, rows, negated, what) != (all & ~got))
        ck_abort_msg("%s: NOT does not find exactly the others", what);
    copy = hg_query_copy(query);
    check_count(conn, rows, copy, got, what);
    hg_query_free(copy);
    hg_query_free(negated);
    hg_query_free(query);
}

static void
check_column(const query_rows *rows, int32_t column)
{
    int32_t kind = rows->of->info.columns[column].kind;
    hg_conn *conn = rows->of->readable[HG_ROLE_SERVICE] >> column & 1 ? service : owner;
    int ordered = kind != HG_KIND_TEXT || is_byte_order();
    operand with;

    for (int32_t op = HG_OP_EQ; op <= OP_COUNT; op++) {
        if (!kind_has_operator(kind, op) || (!ordered && op >= HG_OP_LT && op <= HG_OP_GE))
            continue;
        for (size_t i = 0; operand_make(rows, column, op, i, &with); i++)
            check_filter(conn, rows, column, op, &with, describe(rows, column, op, i));
    }
}

START_TEST(every_operator_on_every_column_answers_as_c_does)
{
    query_rows rows;

    query_rows_make(&rows, _i, ROWS);

    for (int32_t column = 0; column < rows.of->info.column_count; column++)
        check_column(&rows, column);

    query_rows_free(&rows);
}
END_TEST

/* The rows are as odd as they are meant to be: a pool that lost its NULLs would test nothing. */
START_TEST(rows_hold_nulls_and_values)
{
    query_rows rows;

    query_rows_make(&rows, _i, ROWS);

    for (int32_t c = 0; c < rows.of->info.column_count; c++) {
        size_t nulls = 0;

        for (size_t i = 0; i < rows.count; i++)
            nulls += query_row_is_null(&rows, i, c) != 0;
        ck_assert_msg(rows.of->info.columns[c].nullable ? nulls > 3 && nulls < ROWS - 3 : nulls == 0, "%s.%s has %zu NULLs",
                      rows.of->info.name, rows.of->info.columns[c].name, nulls);
    }
    query_rows_free(&rows);
}
END_TEST

/* ---- Groups ---------------------------------------------------------------------------------------------------------------- */

static uint64_t
jobs_in(const query_rows *rows, hg_query *query)
{
    uint64_t mask = found(service, rows, query, "a group");

    hg_query_free(query);
    return mask;
}

static uint64_t
with_int(const query_rows *rows, int32_t op, int32_t value)
{
    uint64_t mask = 0;

    for (size_t i = 0; i < rows->count; i++) {
        const hg_job *job = query_row(rows, i);

        if (!query_row_is_null(rows, i, HG_JOB_SALARY_MIN) &&
            (op == HG_OP_GT ? job->salary_min > value : job->salary_min < value))
            mask |= UINT64_C(1) << i;
    }
    return mask;
}

START_TEST(groups_are_or_and_and_not)
{
    query_rows rows;
    uint64_t all, more, less;
    hg_query *query;

    query_rows_make(&rows, HG_TABLE_JOBS, ROWS);
    all = (UINT64_C(1) << ROWS) - 1;
    more = with_int(&rows, HG_OP_GT, 5);
    less = with_int(&rows, HG_OP_LT, 0);
    ck_assert(more != 0 && less != 0);

    query = query_rows_only(&rows);
    ck_ok(hg_query_any(query, &err), err);
    ck_ok(hg_query_where_int(query, HG_JOB_SALARY_MIN, HG_OP_GT, 5, &err), err);
    ck_ok(hg_query_where_int(query, HG_JOB_SALARY_MIN, HG_OP_LT, 0, &err), err);
    ck_ok(hg_query_end(query, &err), err);
    ck_assert_uint_eq(jobs_in(&rows, query), more | less);

    query = query_rows_only(&rows);
    ck_ok(hg_query_any(query, &err), err);
    ck_ok(hg_query_where_int(query, HG_JOB_SALARY_MIN, HG_OP_GT, 5, &err), err);
    ck_ok(hg_query_all(query, &err), err);
    ck_ok(hg_query_where_int(query, HG_JOB_SALARY_MIN, HG_OP_LT, 0, &err), err);
    ck_ok(hg_query_where_null(query, HG_JOB_SALARY_MIN, 1, &err), err);
    ck_ok(hg_query_end(query, &err), err);
    ck_ok(hg_query_end(query, &err), err);
    ck_assert_uint_eq(jobs_in(&rows, query), more);

    query = query_rows_only(&rows);
    ck_ok(hg_query_not(query, &err), err);
    ck_ok(hg_query_where_int(query, HG_JOB_SALARY_MIN, HG_OP_GT, 5, &err), err);
    ck_ok(hg_query_not(query, &err), err);
    ck_ok(hg_query_where_int(query, HG_JOB_SALARY_MIN, HG_OP_LT, 100, &err), err);
    ck_ok(hg_query_end(query, &err), err);
    ck_ok(hg_query_end(query, &err), err);
    ck_assert_uint_eq(jobs_in(&rows, query), all & ~(more & ~with_int(&rows, HG_OP_LT, 100)));

    query_rows_free(&rows);
}
END_TEST

START_TEST(empty_groups_are_none_of_nothing_and_all_of_nothing)
{
    static const struct { hg_status (*open)(hg_query *, hg_error *); int all; } groups[] = {
        { hg_query_any, 0 }, { hg_query_all, 1 }, { hg_query_not, 0 },
    };
    query_rows rows;
    hg_query *query;

    query_rows_make(&rows, HG_TABLE_JOBS, ROWS);
    query = query_rows_only(&rows);
    ck_ok(groups[_i].open(query, &err), err);
    ck_ok(hg_query_end(query, &err), err);

    ck_assert_uint_eq(jobs_in(&rows, query), groups[_i].all ? (UINT64_C(1) << ROWS) - 1 : 0);

    query_rows_free(&rows);
}
END_TEST

/* A copy's empty text had no address, and became SQL NULL: streams, which copy their query, found nothing. */
START_TEST(empty_text_alone_is_found_by_a_copy_too)
{
    hg_query *query = hg_query_new(HG_TABLE_SYSTEM_METRICS), *copy;
    uint64_t set;
    hg_system_metric *row = fixture_row(HG_TABLE_SYSTEM_METRICS, &set);
    int64_t count, of_copy = -1;

    row->metric_name = (hg_str){ NULL, 0 };
    ck_ok(hg_system_metric_insert(service, row, set, NULL, &err), err);
    ck_ok(hg_query_where_text(query, HG_SYSTEM_METRIC_METRIC_NAME, HG_OP_EQ, NULL, 0, &err), err);
    copy = hg_query_copy(query);

    ck_ok(hg_system_metric_count(service, query, &count, &err), err);
    ck_ok(hg_system_metric_count(service, copy, &of_copy, &err), err);
    ck_assert_int_gt(count, 0);
    ck_assert_int_eq(of_copy, count);

    hg_query_free(copy);
    hg_query_free(query);
}
END_TEST

/* ---- Statements ------------------------------------------------------------------------------------------------------------ */

START_TEST(find_count_and_exists_are_one_round_trip_each)
{
    hg_query *query = hg_query_new(HG_TABLE_JOBS);
    hg_job_list *list;
    uint64_t before;
    int64_t count;
    int32_t exists;

    ck_ok(hg_query_where_text(query, HG_JOB_TITLE, HG_OP_PREFIX, "none", 4, &err), err);
    ck_ok(hg_query_limit(query, _i == 0 ? 10 : 5000, &err), err);
    for (int again = 0; again < 2; again++) {
        before = conn_stats(service).round_trips;
        ck_ok(hg_job_find(service, query, &list, &err), err);
        ck_assert_uint_eq(conn_stats(service).round_trips - before, 1);
        hg_job_list_free(list);
        ck_ok(hg_job_count(service, query, &count, &err), err);
        ck_ok(hg_job_exists(service, query, &exists, &err), err);
        ck_assert_uint_eq(conn_stats(service).round_trips - before, 3);
    }
    hg_query_free(query);
}
END_TEST

START_TEST(shape_is_prepared_once_whatever_the_values)
{
    uint64_t before;
    int64_t count;

    for (int i = 0; i < 50; i++) {
        hg_query *query = hg_query_new(HG_TABLE_JOBS);
        char *title = fixture_text("title '%d", i);

        ck_ok(hg_query_where_text(query, HG_JOB_TITLE, HG_OP_CONTAINS, title, strlen(title), &err), err);
        ck_ok(hg_query_where_int(query, HG_JOB_SALARY_MIN, HG_OP_GE, i, &err), err);
        ck_ok(hg_job_count(service, query, &count, &err), err);
        if (i == 0)
            before = conn_stats(service).prepared;
        hg_query_free(query);
    }
    ck_assert_uint_eq(conn_stats(service).prepared, before);
}
END_TEST

/* Shape number i: the bits say which of ten filters there are. */
static hg_query *
shape(int i)
{
    hg_query *query = hg_query_new(HG_TABLE_JOBS);

    for (int bit = 0; bit < 10; bit++)
        if (i >> bit & 1)
            ck_ok(hg_query_where_null(query, HG_JOB_TITLE + bit, 0, &err), err);
    return query;
}

START_TEST(thousand_shapes_keep_the_cache_bounded)
{
    hg_conn_options few = { .struct_size = sizeof few, .statement_limit = 32, .skip_check = 1 };
    hg_conn *conn = fixture_conn(fixture_dsn("SERVICE"), &few);
    int64_t count;

    for (int i = 0; i < 1000; i++) {
        hg_query *query = shape(i);

        ck_ok(hg_job_count(conn, query, &count, &err), err);
        ck_ok(hg_job_count(conn, query, &count, &err), err);    /* for a place */
        hg_query_free(query);
    }
    ck_assert_uint_eq(conn_stats(conn).prepared, 1000);
    ck_assert_uint_ge(conn_stats(conn).evicted, 1000 - 32 - 8);
    ck_assert_msg(conn->named, "the connection gave up on prepared statements");
    {
        PGresult *result;

        PQsetnonblocking(conn->pg, 0);
        result = PQexec(conn->pg, "SELECT count(*) FROM pg_prepared_statements");
        ck_assert_int_le(strtol(PQgetvalue(result, 0, 0), NULL, 10), 32 + 8);
        PQclear(result);
        PQsetnonblocking(conn->pg, 1);
    }
    fixture_done(conn);
}
END_TEST

/* Two keys may give one text: any of one filter and all of it. Under one name the second would be refused (42P05), and
 * the connection would prepare nothing any more. */
START_TEST(two_shapes_with_one_text_are_both_prepared)
{
    hg_query *any = hg_query_new(HG_TABLE_JOBS), *all = hg_query_new(HG_TABLE_JOBS);
    int64_t count;
    uint64_t prepared = conn_stats(service).prepared;

    ck_ok(hg_query_any(any, &err), err);
    ck_ok(hg_query_all(all, &err), err);
    ck_ok(hg_query_where_null(any, HG_JOB_SLUG, 1, &err), err);
    ck_ok(hg_query_where_null(all, HG_JOB_SLUG, 1, &err), err);
    ck_ok(hg_query_end(any, &err), err);
    ck_ok(hg_query_end(all, &err), err);

    ck_ok(hg_job_count(service, any, &count, &err), err);
    ck_ok(hg_job_count(service, all, &count, &err), err);
    ck_assert(service->named);
    ck_assert_uint_eq(conn_stats(service).prepared - prepared, 2);

    hg_query_free(any);
    hg_query_free(all);
}
END_TEST

START_TEST(one_shape_as_two_personas_stays_prepared)
{
    hg_uuid user = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    hg_identity who = identity(HG_ROLE_CANDIDATE, &user);
    hg_query *query = hg_query_new(HG_TABLE_JOBS);
    int64_t count;

    ck_ok(hg_query_where_null(query, HG_JOB_SLUG, 1, &err), err);
    for (int i = 0; i < 3; i++) {
        ck_ok(hg_job_count(tenant, query, &count, &err), err);
        ck_ok(hg_session_enter(tenant, &who, &err), err);
        ck_ok(hg_job_count(tenant, query, &count, &err), err);
        hg_session_leave(tenant);
    }
    ck_assert(tenant->named);
    hg_query_free(query);
}
END_TEST

Suite *
suite_query_operators(void)
{
    Suite *suite = suite_create("query/operators");
    TCase *tcase = query_case(suite, "columns", 120);

    tcase_add_loop_test(tcase, rows_hold_nulls_and_values, 0, hgi_table_count);
    tcase_add_loop_test(tcase, every_operator_on_every_column_answers_as_c_does, 0, hgi_table_count);
    tcase = query_case(suite, "groups", 30);
    tcase_add_test(tcase, groups_are_or_and_and_not);
    tcase_add_loop_test(tcase, empty_groups_are_none_of_nothing_and_all_of_nothing, 0, 3);
    tcase_add_test(tcase, empty_text_alone_is_found_by_a_copy_too);
    tcase = query_case(suite, "statements", 30);
    tcase_add_loop_test(tcase, find_count_and_exists_are_one_round_trip_each, 0, 2);
    tcase_add_test(tcase, shape_is_prepared_once_whatever_the_values);
    tcase_add_test(tcase, thousand_shapes_keep_the_cache_bounded);
    tcase_add_test(tcase, two_shapes_with_one_text_are_both_prepared);
    tcase_add_test(tcase, one_shape_as_two_personas_stays_prepared);
    return suite;
}
