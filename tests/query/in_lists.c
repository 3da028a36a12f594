/* query/in_lists - a column is one of many values, which travel as one array. */
#include "query/filter.h"
#include "suites.h"

#include <string.h>

enum { ROWS = 30 };

static size_t
count_of(const query_rows *rows, hg_query *query)
{
    int64_t count = -1;

    ck_ok(hgi_count(owner, rows->of, query, &count, &err), err);
    hg_query_free(query);
    return (size_t)count;
}

/* The list as fields of the rows' own, one behind the other: every second row's. */
static hg_status
add_in(hg_query *query, const query_rows *rows, int32_t column, const void *values, size_t count)
{
    switch (rows->of->info.columns[column].kind) {
    case HG_KIND_UUID:      return hg_query_where_in_uuid(query, column, values, count, &err);
    case HG_KIND_INT:       return hg_query_where_in_int(query, column, values, count, &err);
    case HG_KIND_ENUM:      return hg_query_where_in_enum(query, column, values, count, &err);
    case HG_KIND_DATE:      return hg_query_where_in_date(query, column, values, count, &err);
    case HG_KIND_TIMESTAMP: return hg_query_where_in_time(query, column, values, count, &err);
    case HG_KIND_DECIMAL:   return hg_query_where_in_decimal(query, column, values, count, &err);
    default:                return hg_query_where_in_inet(query, column, values, count, &err);
    }
}

static hg_status
add_in_texts(hg_query *query, int32_t column, const hg_str *texts, const uint8_t *nulls, size_t count)
{
    hg_str_list list = { texts, nulls, count };
    packed_list packed = pack_list(&list);

    return hg_query_where_in_text(query, column, packed.buf, packed.ends, nulls != NULL ? packed.nulls : NULL, count, &err);
}

static int
has_in(int32_t kind)
{
    return kind != HG_KIND_JSON && kind != HG_KIND_TEXT_LIST && kind != HG_KIND_BOOL;
}

static void
check_column(const query_rows *rows, int32_t column)
{
    const hg_column_info *info = &rows->of->info.columns[column];
    size_t size = hgi_kind_size(info->kind), n = 0, want = 0;
    char *values = fixture_memory(rows->count * size);
    hg_query *query = query_rows_only(rows), *none = query_rows_only(rows);
    operand with;

    for (size_t i = 0; i < rows->count; i += 2)
        if (!query_row_is_null(rows, i, column))
            memcpy(values + size * n++, hgi_field(rows->of, column, query_row(rows, i)), size);
    for (size_t i = 0; i < rows->count; i++) {
        int is_in = 0;

        for (size_t k = 0; k < n; k++) {
            memcpy(&with.value, values + size * k, size);
            is_in |= filter_answer(info, HG_OP_EQ, hgi_field(rows->of, column, query_row(rows, i)),
                                   query_row_is_null(rows, i, column), &with) == 1;
        }
        want += (size_t)is_in;
    }

    if (info->kind == HG_KIND_TEXT) {
        ck_ok(add_in_texts(query, column, (const hg_str *)(const void *)values, NULL, n), err);
        ck_ok(add_in_texts(none, column, NULL, NULL, 0), err);
    } else {
        ck_ok(add_in(query, rows, column, values, n), err);
        ck_ok(add_in(none, rows, column, NULL, 0), err);
    }
    n = count_of(rows, query);
    ck_assert_msg(n == want, "%s.%s in a list finds %zu, want %zu", rows->of->info.name, info->name, n, want);
    n = count_of(rows, none);
    ck_assert_msg(n == 0, "%s.%s in nothing finds %zu", rows->of->info.name, info->name, n);
}

START_TEST(lists_find_what_equality_finds)
{
    query_rows rows;

    query_rows_make(&rows, _i, ROWS);

    for (int32_t column = 0; column < rows.of->info.column_count; column++)
        if (has_in(rows.of->info.columns[column].kind))
            check_column(&rows, column);

    query_rows_free(&rows);
}
END_TEST

START_TEST(null_in_a_list_finds_the_rows_that_have_null)
{
    static const uint8_t first[] = { 1 };
    hg_str texts[] = { { NULL, 0 }, str_of("a") };
    query_rows rows;
    hg_query *query;
    size_t want = 0, got;

    query_rows_make(&rows, HG_TABLE_JOBS, ROWS);
    query = query_rows_only(&rows);
    for (size_t i = 0; i < ROWS; i++) {
        const hg_job *job = query_row(&rows, i);

        want += query_row_is_null(&rows, i, HG_JOB_DEPARTMENT) || (job->department.len == 1 && job->department.ptr[0] == 'a');
    }
    ck_ok(add_in_texts(query, HG_JOB_DEPARTMENT, texts, first, 2), err);

    got = count_of(&rows, query);
    ck_assert_uint_eq(got, want);

    query_rows_free(&rows);
}
END_TEST

START_TEST(hundred_thousand_values_are_one_argument)
{
    enum { MANY = 100000 };
    hg_uuid *ids = fixture_memory(MANY * sizeof *ids);
    hg_uuid job_company = fixture_insert(HG_TABLE_COMPANIES), job = fixture_job(&job_company, 1);
    hg_query *query = hg_query_new(HG_TABLE_JOBS);
    uint64_t prepared, trips;
    int64_t count;

    for (size_t i = 0; i < MANY; i++)
        hg_uuid_new(&ids[i]);
    ids[MANY / 2] = job;
    ck_ok(hg_query_where_in_uuid(query, HG_JOB_ID, ids, 3, &err), err);
    ck_ok(hg_job_count(service, query, &count, &err), err);
    hg_query_free(query);
    prepared = conn_stats(service).prepared;
    trips = conn_stats(service).round_trips;

    query = hg_query_new(HG_TABLE_JOBS);
    ck_ok(hg_query_where_in_uuid(query, HG_JOB_ID, ids, MANY, &err), err);
    ck_ok(hg_job_count(service, query, &count, &err), err);

    ck_assert_int_eq(count, 1);
    ck_assert_uint_eq(conn_stats(service).prepared, prepared);
    ck_assert_uint_eq(conn_stats(service).round_trips, trips + 1);
    hg_query_free(query);
}
END_TEST

START_TEST(values_that_a_column_cannot_have_are_refused_with_their_index)
{
    hg_timestamp times[] = { 0, INT64_MIN + 1 };
    hg_date dates[] = { 0, 0, INT32_MIN + 1 };
    int32_t values[] = { 1, 0 };
    hg_decimal decimals[] = { { .unscaled = 1 }, { .scale = 19 } };
    hg_inet inets[] = { { .family = 4, .prefix = 32 }, { .family = 4, .prefix = 33 } };
    hg_query *job = hg_query_new(HG_TABLE_JOBS), *user = hg_query_new(HG_TABLE_CANDIDATE_EXPERIENCES);
    hg_query *metric = hg_query_new(HG_TABLE_SYSTEM_METRICS), *audit = hg_query_new(HG_TABLE_AUDIT_LOGS);

    ck_status(hg_query_where_in_time(job, HG_JOB_CREATED_AT, times, 2, &err), HG_E_INVALID, err);
    ck_says(err, "value 1");
    ck_column(err, HG_JOB_CREATED_AT);
    ck_status(hg_query_where_in_date(user, HG_CANDIDATE_EXPERIENCE_START_DATE, dates, 3, &err), HG_E_INVALID, err);
    ck_says(err, "value 2");
    ck_status(hg_query_where_in_enum(job, HG_JOB_JOB_TYPE, values, 2, &err), HG_E_INVALID, err);
    ck_says(err, "value 1");
    ck_status(hg_query_where_in_decimal(metric, HG_SYSTEM_METRIC_METRIC_VALUE, decimals, 2, &err), HG_E_INVALID, err);
    ck_says(err, "value 1");
    ck_status(hg_query_where_in_inet(audit, HG_AUDIT_LOG_IP_ADDRESS, inets, 2, &err), HG_E_INVALID, err);
    ck_says(err, "value 1");
    ck_status(hg_query_where_in_int(job, HG_JOB_SALARY_MIN, NULL, 1, &err), HG_E_INVALID, err);
    ck_status(hg_query_where_in_int(job, HG_JOB_SALARY_MIN, values, 10 * 1000 * 1000 + 1, &err), HG_E_INVALID, err);
    ck_says(err, "too long");

    hg_query_free(job);
    hg_query_free(user);
    hg_query_free(metric);
    hg_query_free(audit);
}
END_TEST

Suite *
suite_query_in_lists(void)
{
    Suite *suite = suite_create("query/in_lists");
    TCase *tcase = query_case(suite, "lists", 60);

    tcase_add_loop_test(tcase, lists_find_what_equality_finds, 0, hgi_table_count);
    tcase_add_test(tcase, null_in_a_list_finds_the_rows_that_have_null);
    tcase_add_test(tcase, hundred_thousand_values_are_one_argument);
    tcase_add_test(tcase, values_that_a_column_cannot_have_are_refused_with_their_index);
    return suite;
}
