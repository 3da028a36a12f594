/* aggregate.c - groups, buckets and measures, against the answers of raw SQL and of a calendar. */
#include "fixture.h"
#include "suites.h"

#include <stdio.h>
#include <string.h>

/* ---- Metrics of one name, which no other test has ------------------------------------------------------------------------ */

static hg_str name;

static void
open_metrics(void)
{
    fixture_open_tenant();
    name = unique_text();
}

static void
close_metrics(void)
{
    sql_do("DELETE FROM public.system_metrics WHERE metric_name = '%s'", name.ptr);
    fixture_close();
}

/* value and time as SQL literals. */
static void
metric(const char *value, const char *unit, const char *time)
{
    sql_do("INSERT INTO public.system_metrics (metric_name, metric_value, metric_unit, recorded_at) VALUES "
           "('%s', %s, %s, %s)", name.ptr, value, unit, time);
}

static hg_query *
of_name(void)
{
    hg_query *query = hg_query_new(HG_TABLE_SYSTEM_METRICS);

    ck_ok(hg_query_where_text(query, HG_SYSTEM_METRIC_METRIC_NAME, HG_OP_EQ, name.ptr, name.len, &err), err);
    return query;
}

static hg_timestamp
time_of(const char *text)
{
    const char *whole = strlen(text) == 16 ? fixture_text("%s:00", text) : text;
    hg_timestamp time;

    ck_ok(hg_timestamp_parse(whole, strlen(whole), &time, &err), err);
    return time;
}

static void
between(hg_query *query, const char *from, const char *to)
{
    if (from != NULL)
        ck_ok(hg_query_where_time(query, HG_SYSTEM_METRIC_RECORDED_AT, HG_OP_GE, time_of(from), &err), err);
    if (to != NULL)
        ck_ok(hg_query_where_time(query, HG_SYSTEM_METRIC_RECORDED_AT, HG_OP_LT, time_of(to), &err), err);
}

/* One cell as text, whatever its kind; "NULL". */
static const char *
cell_text(const hg_table *table, size_t row, int32_t column)
{
    char buf[64] = "";
    hg_decimal decimal;
    hg_uuid uuid;
    hg_str text;
    int64_t integer;
    hg_date date;

    if (hg_table_is_null(table, row, column))
        return "NULL";
    switch (hg_table_kind(table, column)) {
    case HG_KIND_DECIMAL:
        ck_ok(hg_table_decimal(table, row, column, &decimal, &err), err);
        ck_ok(hg_decimal_to_text(&decimal, buf, sizeof buf, &err), err);
        break;
    case HG_KIND_TIMESTAMP:
        ck_ok(hg_table_time(table, row, column, &integer, &err), err);
        ck_ok(hg_timestamp_to_text(integer, buf, sizeof buf, &err), err);
        break;
    case HG_KIND_DATE:
        ck_ok(hg_table_date(table, row, column, &date, &err), err);
        ck_ok(hg_date_to_text(date, buf, sizeof buf, &err), err);
        break;
    case HG_KIND_UUID:
        ck_ok(hg_table_uuid(table, row, column, &uuid, &err), err);
        ck_ok(hg_uuid_to_text(&uuid, buf, sizeof buf, &err), err);
        break;
    case HG_KIND_TEXT:
    case HG_KIND_ENUM:
        ck_ok(hg_table_text(table, row, column, &text, &err), err);
        return fixture_text("%.*s", (int)text.len, text.ptr);
    default:
        ck_ok(hg_table_int(table, row, column, &integer, &err), err);
        snprintf(buf, sizeof buf, "%lld", (long long)integer);
        break;
    }
    return fixture_text("%s", buf);
}

/* The table as text: cells between spaces, rows between semicolons. */
static const char *
table_text(const hg_table *table)
{
    const char *text = "";

    for (size_t row = 0; row < hg_table_rows(table); row++)
        for (int32_t column = 0; column < hg_table_columns(table); column++)
            text = fixture_text("%s%s%s", text, column > 0 ? " " : row > 0 ? "; " : "", cell_text(table, row, column));
    return text;
}

/* Runs and frees the query; its table as text. */
static const char *
answer(hg_query *query)
{
    hg_table *table = NULL;
    const char *text;

    ck_ok(hg_aggregate_run(service, query, &table, &err), err);
    text = table_text(table);
    hg_table_free(table);
    hg_query_free(query);
    return text;
}

/* The same of raw SQL. */
static const char *
sql_answer(const char *sql)
{
    return sql_text("SELECT coalesce(string_agg(concat_ws(' ', VARIADIC cells), '; ' ORDER BY n), '') FROM (%s) AS a", sql);
}

#define ck_answer(query, want) \
    do { \
        const char *ck_text = answer(query); \
        ck_assert_msg(strcmp(ck_text, want) == 0, "gave \"%s\", want \"%s\"", ck_text, want); \
    } while (0)

/* ---- Measures ---------------------------------------------------------------------------------------------------------------- */

START_TEST(every_measure_is_what_sql_says)
{
    hg_query *query = of_name();

    metric("1.0000", "'a'", "'2026-01-01'");
    metric("2.5000", "'b'", "'2026-01-02'");
    metric("10.0001", "'a'", "'2026-01-03'");
    metric("NULL", "NULL", "NULL");
    ck_ok(hg_query_measure(query, HG_MEASURE_COUNT, -1, &err), err);
    ck_ok(hg_query_measure(query, HG_MEASURE_COUNT, HG_SYSTEM_METRIC_METRIC_VALUE, &err), err);
    ck_ok(hg_query_measure(query, HG_MEASURE_COUNT_DISTINCT, HG_SYSTEM_METRIC_METRIC_UNIT, &err), err);
    ck_ok(hg_query_measure(query, HG_MEASURE_SUM, HG_SYSTEM_METRIC_METRIC_VALUE, &err), err);
    ck_ok(hg_query_measure(query, HG_MEASURE_AVG, HG_SYSTEM_METRIC_METRIC_VALUE, &err), err);
    ck_ok(hg_query_measure(query, HG_MEASURE_MIN, HG_SYSTEM_METRIC_METRIC_VALUE, &err), err);
    ck_ok(hg_query_measure(query, HG_MEASURE_MAX, HG_SYSTEM_METRIC_METRIC_UNIT, &err), err);
    ck_ok(hg_query_measure(query, HG_MEASURE_MAX, HG_SYSTEM_METRIC_RECORDED_AT, &err), err);

    ck_answer(query, "4 3 2 13.5001 4.5000333333 1.0000 b 2026-01-03T00:00:00Z");
}
END_TEST

START_TEST(measures_of_nothing_are_zero_and_null)
{
    hg_query *query = of_name();

    ck_ok(hg_query_measure(query, HG_MEASURE_COUNT, -1, &err), err);
    ck_ok(hg_query_measure(query, HG_MEASURE_SUM, HG_SYSTEM_METRIC_METRIC_VALUE, &err), err);
    ck_ok(hg_query_measure(query, HG_MEASURE_AVG, HG_SYSTEM_METRIC_METRIC_VALUE, &err), err);
    ck_answer(query, "0 NULL NULL");
}
END_TEST

/* An average has the column's scale plus 6 digits, an integer's 6, and a half is rounded away from zero. */
START_TEST(averages_are_rounded_in_sql)
{
    hg_uuid user = fixture_user(HG_USER_USER_TYPE_COMPANY), company = fixture_company(&user, HG_COMPANY_MEMBER_ROLE_ADMIN);
    hg_query *query = hg_query_new(HG_TABLE_JOBS);

    for (int i = 0; i < 3; i++) {
        hg_uuid job = fixture_job(&company, 1);

        sql_do("UPDATE public.jobs SET salary_min = %d WHERE id = '%s'", i < 2 ? 1 : 0, uuid_text(&job));
    }
    ck_ok(hg_query_where_uuid(query, HG_JOB_COMPANY_ID, HG_OP_EQ, &company, &err), err);
    ck_ok(hg_query_measure(query, HG_MEASURE_AVG, HG_JOB_SALARY_MIN, &err), err);
    ck_ok(hg_query_measure(query, HG_MEASURE_SUM, HG_JOB_SALARY_MIN, &err), err);
    ck_ok(hg_query_measure(query, HG_MEASURE_MIN, HG_JOB_SALARY_MIN, &err), err);
    ck_answer(query, "0.666667 2 0");
}
END_TEST

START_TEST(a_sum_that_hg_decimal_cannot_hold_names_its_column)
{
    hg_query *query = of_name();
    hg_table *table = NULL;

    sql_do("INSERT INTO public.system_metrics (metric_name, metric_value) SELECT '%s', 99999999999.9999 "
           "FROM generate_series(1, 20001)", name.ptr);
    ck_ok(hg_query_measure(query, HG_MEASURE_COUNT, -1, &err), err);
    ck_ok(hg_query_measure(query, HG_MEASURE_SUM, HG_SYSTEM_METRIC_METRIC_VALUE, &err), err);
    ck_status(hg_aggregate_run(service, query, &table, &err), HG_E_INVALID, err);
    ck_assert_ptr_null(table);
    ck_column(err, HG_SYSTEM_METRIC_METRIC_VALUE);
    ck_assert_str_eq(err.table, "system_metrics");
    hg_query_free(query);
}
END_TEST

START_TEST(nan_is_a_sum_of_its_own)
{
    hg_query *query = of_name();

    metric("'NaN'", "NULL", "NULL");
    metric("1", "NULL", "NULL");
    ck_ok(hg_query_measure(query, HG_MEASURE_SUM, HG_SYSTEM_METRIC_METRIC_VALUE, &err), err);
    ck_answer(query, "NaN");
}
END_TEST

/* ---- Groups ------------------------------------------------------------------------------------------------------------------- */

START_TEST(groups_come_in_order_with_null_last)
{
    hg_query *query = of_name();

    metric("1", "'b'", "'2026-01-01'");
    metric("2", "'a'", "'2026-01-01'");
    metric("3", "NULL", "NULL");
    metric("4", "'a'", "'2026-01-02'");
    ck_ok(hg_query_group(query, HG_SYSTEM_METRIC_METRIC_UNIT, &err), err);
    ck_ok(hg_query_group(query, HG_SYSTEM_METRIC_RECORDED_AT, &err), err);
    ck_ok(hg_query_measure(query, HG_MEASURE_SUM, HG_SYSTEM_METRIC_METRIC_VALUE, &err), err);
    ck_answer(query, "a 2026-01-01T00:00:00Z 2.0000; a 2026-01-02T00:00:00Z 4.0000; b 2026-01-01T00:00:00Z 1.0000; "
                     "NULL NULL 3.0000");
}
END_TEST

START_TEST(groups_without_measures_are_the_distinct_values)
{
    hg_query *query = of_name();

    metric("1", "'b'", "NULL");
    metric("2", "'b'", "NULL");
    metric("2", "'a'", "NULL");
    ck_ok(hg_query_group(query, HG_SYSTEM_METRIC_METRIC_UNIT, &err), err);
    ck_ok(hg_query_order(query, HG_SYSTEM_METRIC_METRIC_UNIT, HG_DESCENDING, HG_NULLS_DEFAULT, &err), err);
    ck_answer(query, "b; a");
}
END_TEST

/* Every kind of column that makes groups, each against raw SQL. */
static const struct { int32_t table, column; } kinds[] = {
    { HG_TABLE_JOBS, HG_JOB_COMPANY_ID },           { HG_TABLE_JOBS, HG_JOB_TITLE },
    { HG_TABLE_JOBS, HG_JOB_JOB_TYPE },             { HG_TABLE_JOBS, HG_JOB_IS_PUBLIC },
    { HG_TABLE_JOBS, HG_JOB_SALARY_MIN },           { HG_TABLE_SYSTEM_METRICS, HG_SYSTEM_METRIC_METRIC_VALUE },
    { HG_TABLE_AUDIT_LOGS, HG_AUDIT_LOG_IP_ADDRESS },
};

START_TEST(every_kind_of_column_makes_groups)
{
    const hg_table_info *info = hg_table_describe(kinds[_i].table);
    hg_query *query = hg_query_new(kinds[_i].table);
    hg_table *table = NULL;
    int64_t total = 0;

    if (kinds[_i].table == HG_TABLE_JOBS) {
        hg_uuid user = fixture_user(HG_USER_USER_TYPE_COMPANY), company = fixture_company(&user, HG_COMPANY_MEMBER_ROLE_ADMIN);

        fixture_job(&company, 1);
        fixture_job(&company, 0);
    } else if (kinds[_i].table == HG_TABLE_SYSTEM_METRICS) {
        metric("1.5", "NULL", "NULL");
    } else {
        sql_do("INSERT INTO public.audit_logs (action, resource_type, ip_address) VALUES ('x', 'y', '10.0.0.1')");
    }
    ck_ok(hg_query_group(query, kinds[_i].column, &err), err);
    ck_ok(hg_query_measure(query, HG_MEASURE_COUNT, -1, &err), err);
    ck_ok(hg_aggregate_run(service, query, &table, &err), err);
    ck_assert_int_eq(hg_table_kind(table, 0), info->columns[kinds[_i].column].kind);
    ck_assert_int_eq((long)hg_table_rows(table), sql_int("SELECT count(*) FROM (SELECT DISTINCT %s FROM public.%s) AS d",
                                                         info->columns[kinds[_i].column].name, info->name));
    for (size_t row = 0; row < hg_table_rows(table); row++) {
        int64_t count;

        ck_ok(hg_table_int(table, row, 1, &count, &err), err);
        total += count;
    }
    ck_assert_int_eq(total, sql_int("SELECT count(*) FROM public.%s", info->name));
    if (info->columns[kinds[_i].column].kind == HG_KIND_ENUM) {
        int64_t value;

        ck_ok(hg_table_int(table, 0, 0, &value, &err), err);
        ck_assert_int_gt(value, 0);
        ck_assert_str_eq(cell_text(table, 0, 0), hg_job_job_type_name((int32_t)value));
    }
    if (info->columns[kinds[_i].column].kind == HG_KIND_INET) {
        hg_inet inet;

        ck_ok(hg_table_inet(table, 0, 0, &inet, &err), err);
        ck_assert(inet.family == 4 || hg_table_is_null(table, 0, 0));
    }
    hg_table_free(table);
    hg_query_free(query);
}
END_TEST

/* ---- Conditions, order, limit ------------------------------------------------------------------------------------------------- */

START_TEST(having_keeps_the_groups_whose_measures_pass)
{
    hg_decimal limit = { .unscaled = 45, .scale = 1 };
    hg_query *query = of_name();

    metric("1", "'a'", "NULL");
    metric("3", "'a'", "NULL");
    metric("5", "'b'", "NULL");
    metric("NULL", "'c'", "NULL");
    metric("9", "'d'", "NULL");
    ck_ok(hg_query_group(query, HG_SYSTEM_METRIC_METRIC_UNIT, &err), err);
    ck_ok(hg_query_measure(query, HG_MEASURE_COUNT, -1, &err), err);
    ck_ok(hg_query_measure(query, HG_MEASURE_MAX, HG_SYSTEM_METRIC_METRIC_VALUE, &err), err);
    ck_ok(hg_query_having_int(query, 0, HG_OP_LT, 2, &err), err);
    ck_ok(hg_query_having_decimal(query, 1, HG_OP_GT, &limit, &err), err);
    ck_answer(query, "b 1 5.0000; d 1 9.0000");
}
END_TEST

START_TEST(the_greatest_measure_comes_first_and_the_limit_counts_groups)
{
    hg_query *query = of_name();

    metric("1", "'a'", "NULL");
    metric("5", "'b'", "NULL");
    metric("5", "'c'", "NULL");
    metric("NULL", "'d'", "NULL");
    ck_ok(hg_query_group(query, HG_SYSTEM_METRIC_METRIC_UNIT, &err), err);
    ck_ok(hg_query_measure(query, HG_MEASURE_SUM, HG_SYSTEM_METRIC_METRIC_VALUE, &err), err);
    ck_ok(hg_query_order_measure(query, 0, HG_DESCENDING, &err), err);
    ck_ok(hg_query_limit(query, 3, &err), err);
    ck_answer(query, "b 5.0000; c 5.0000; a 1.0000");
}
END_TEST

/* ---- Buckets --------------------------------------------------------------------------------------------------------------------- */

/* The beginnings of the buckets between two instants: of a calendar, not of this library. */
static const struct { const char *zone; int32_t unit; const char *from, *to, *begin; } calendars[] = {
    { "", HG_UNIT_DAY, "2026-02-27 10:00", "2026-03-02 00:00",
      "2026-02-27T00:00:00Z; 2026-02-28T00:00:00Z; 2026-03-01T00:00:00Z" },
    /* clocks go forward on March 29, and back on October 25 */
    { "Europe/Zurich", HG_UNIT_DAY, "2026-03-28 00:00", "2026-03-30 23:00",
      "2026-03-27T23:00:00Z; 2026-03-28T23:00:00Z; 2026-03-29T22:00:00Z; 2026-03-30T22:00:00Z" },
    { "Europe/Zurich", HG_UNIT_DAY, "2026-10-24 22:00", "2026-10-26 23:00",
      "2026-10-24T22:00:00Z; 2026-10-25T23:00:00Z" },
    { "Europe/Zurich", HG_UNIT_HOUR, "2026-10-24 23:30", "2026-10-25 02:00",
      "2026-10-24T23:00:00Z; 2026-10-25T00:00:00Z; 2026-10-25T01:00:00Z" },
    { "Europe/Zurich", HG_UNIT_HOUR, "2026-03-29 00:00", "2026-03-29 02:00",
      "2026-03-29T00:00:00Z; 2026-03-29T01:00:00Z" },
    /* a week begins on Monday, also across the end of a year */
    { "Europe/Zurich", HG_UNIT_WEEK, "2025-12-31 00:00", "2026-01-12 22:00",
      "2025-12-28T23:00:00Z; 2026-01-04T23:00:00Z; 2026-01-11T23:00:00Z" },
    { "Europe/Zurich", HG_UNIT_MONTH, "2026-03-15 00:00", "2026-05-01 00:00",
      "2026-02-28T23:00:00Z; 2026-03-31T22:00:00Z; 2026-04-30T22:00:00Z" },
    { "America/New_York", HG_UNIT_MONTH, "2024-02-01 04:00", "2024-03-01 05:00",
      "2024-01-01T05:00:00Z; 2024-02-01T05:00:00Z" },
    { "Asia/Kolkata", HG_UNIT_HOUR, "2026-01-01 00:00", "2026-01-01 01:30", "2025-12-31T23:30:00Z; 2026-01-01T00:30:00Z" },
    /* midnight does not exist on the day on which clocks went forward in Brazil */
    { "America/Sao_Paulo", HG_UNIT_DAY, "2018-11-03 03:00", "2018-11-05 03:00",
      "2018-11-03T03:00:00Z; 2018-11-04T03:00:00Z; 2018-11-05T02:00:00Z" },
    /* Samoa had no December 30 in 2011 */
    { "Pacific/Apia", HG_UNIT_DAY, "2011-12-29 10:00", "2012-01-01 09:00",
      "2011-12-29T10:00:00Z; 2011-12-30T10:00:00Z; 2011-12-31T10:00:00Z" },
    /* Lord Howe changes its clocks by half an hour */
    { "Australia/Lord_Howe", HG_UNIT_DAY, "2026-04-03 13:00", "2026-04-05 13:30",
      "2026-04-03T13:00:00Z; 2026-04-04T13:00:00Z" },
    { "UTC", HG_UNIT_DAY, "2026-01-01 00:00", "2026-01-01 00:00", "" },
};

static void
count_by(hg_query *query, int32_t unit, const char *zone)
{
    ck_ok(hg_query_bucket(query, HG_SYSTEM_METRIC_RECORDED_AT, unit, zone, &err), err);
    ck_ok(hg_query_measure(query, HG_MEASURE_COUNT, -1, &err), err);
}

START_TEST(buckets_begin_when_the_calendar_says)
{
    hg_query *query = of_name();
    hg_table *table = NULL;
    const char *text = "";

    between(query, calendars[_i].from, calendars[_i].to);
    count_by(query, calendars[_i].unit, calendars[_i].zone);
    ck_ok(hg_aggregate_run(service, query, &table, &err), err);
    for (size_t row = 0; row < hg_table_rows(table); row++) {
        text = fixture_text("%s%s%s", text, row > 0 ? "; " : "", cell_text(table, row, 0));
        ck_assert_str_eq(cell_text(table, row, 1), "0");
    }
    ck_assert_msg(strcmp(text, calendars[_i].begin) == 0, "%s: gave \"%s\", want \"%s\"", calendars[_i].zone, text,
                  calendars[_i].begin);
    hg_table_free(table);
    hg_query_free(query);
}
END_TEST

/* Rows every 37 minutes over three weeks around a change of clocks: what each bucket holds is what date_trunc says. */
static const struct { const char *zone, *from; } zones[] = {
    { "UTC", "2026-03-20" },          { "Europe/Zurich", "2026-03-20" },      { "Europe/Zurich", "2026-10-15" },
    { "America/Sao_Paulo", "2018-10-25" }, { "Pacific/Apia", "2011-12-20" },  { "Australia/Lord_Howe", "2026-03-25" },
    { "Asia/Kathmandu", "2026-01-01" }, { "America/St_Johns", "2026-03-01" },
};

START_TEST(every_row_is_in_the_bucket_that_date_trunc_says)
{
    static const char *const units[] = { "", "hour", "day", "week", "month" };

    sql_do("INSERT INTO public.system_metrics (metric_name, recorded_at) SELECT '%s', t FROM "
           "generate_series('%s'::timestamp, '%s'::timestamp + interval '21 days', interval '37 minutes') t", name.ptr,
           zones[_i].from, zones[_i].from);
    for (int32_t unit = HG_UNIT_HOUR; unit <= HG_UNIT_MONTH; unit++) {
        hg_query *query = of_name();
        const char *got, *want;

        count_by(query, unit, zones[_i].zone);
        ck_ok(hg_query_having_int(query, 0, HG_OP_GT, 0, &err), err);
        got = answer(query);
        want = sql_answer(fixture_text(
            "SELECT b AS n, ARRAY[to_char(b, 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), count(*)::text] AS cells FROM (SELECT "
            "date_trunc('%s', recorded_at AT TIME ZONE 'UTC', '%s') AT TIME ZONE 'UTC' AS b FROM public.system_metrics "
            "WHERE metric_name = '%s') AS s GROUP BY b", units[unit], zones[_i].zone, name.ptr));
        ck_assert_msg(strcmp(got, want) == 0, "%s, %s:\n%s\nwant\n%s", zones[_i].zone, units[unit], got, want);
    }
}
END_TEST

START_TEST(there_is_no_gap_between_the_first_and_the_last_row)
{
    hg_query *query = of_name();

    metric("1", "NULL", "'2026-01-01 12:00'");
    metric("2", "NULL", "'2026-01-04 23:59:59.999999'");
    metric("3", "NULL", "'2026-01-04 00:00'");
    metric("4", "NULL", "NULL");
    metric("5", "NULL", "'infinity'");
    count_by(query, HG_UNIT_DAY, NULL);
    ck_ok(hg_query_measure(query, HG_MEASURE_SUM, HG_SYSTEM_METRIC_METRIC_VALUE, &err), err);
    ck_answer(query, "2026-01-01T00:00:00Z 1 1.0000; 2026-01-02T00:00:00Z 0 NULL; 2026-01-03T00:00:00Z 0 NULL; "
                     "2026-01-04T00:00:00Z 2 5.0000");
}
END_TEST

START_TEST(each_group_has_every_bucket)
{
    hg_query *query = of_name();

    metric("1", "'a'", "'2026-01-01'");
    metric("2", "NULL", "'2026-01-02'");
    ck_ok(hg_query_group(query, HG_SYSTEM_METRIC_METRIC_UNIT, &err), err);
    between(query, NULL, "2026-01-03 00:00");
    count_by(query, HG_UNIT_DAY, "UTC");
    ck_answer(query, "a 2026-01-01T00:00:00Z 1; a 2026-01-02T00:00:00Z 0; NULL 2026-01-01T00:00:00Z 0; "
                     "NULL 2026-01-02T00:00:00Z 1");
}
END_TEST

/* Each operator bounds the buckets, the tightest counts, and what stands in a group of filters does not. */
START_TEST(filters_of_the_time_say_from_when_to_when)
{
    hg_query *query = of_name();

    ck_ok(hg_query_where_time(query, HG_SYSTEM_METRIC_RECORDED_AT, HG_OP_GT, time_of("2026-01-01 23:59:59.999999"), &err), err);
    ck_ok(hg_query_where_time(query, HG_SYSTEM_METRIC_RECORDED_AT, HG_OP_LE, time_of("2026-01-04 00:00"), &err), err);
    ck_ok(hg_query_where_time(query, HG_SYSTEM_METRIC_RECORDED_AT, HG_OP_LT, time_of("2026-01-04 00:00"), &err), err);
    ck_ok(hg_query_where_time(query, HG_SYSTEM_METRIC_RECORDED_AT, HG_OP_GE, time_of("2000-01-01 00:00"), &err), err);
    ck_ok(hg_query_any(query, &err), err);
    ck_ok(hg_query_where_time(query, HG_SYSTEM_METRIC_RECORDED_AT, HG_OP_GE, time_of("2026-01-03 00:00"), &err), err);
    ck_ok(hg_query_where_null(query, HG_SYSTEM_METRIC_METRIC_VALUE, 1, &err), err);
    ck_ok(hg_query_end(query, &err), err);
    count_by(query, HG_UNIT_DAY, "UTC");
    ck_answer(query, "2026-01-02T00:00:00Z 0; 2026-01-03T00:00:00Z 0");
}
END_TEST

START_TEST(having_takes_the_empty_buckets_away)
{
    hg_query *query = of_name();

    metric("1", "NULL", "'2026-01-01'");
    metric("1", "NULL", "'2026-01-03'");
    count_by(query, HG_UNIT_DAY, "UTC");
    ck_ok(hg_query_having_int(query, 0, HG_OP_GT, 0, &err), err);
    ck_ok(hg_query_order(query, HG_SYSTEM_METRIC_RECORDED_AT, HG_DESCENDING, HG_NULLS_DEFAULT, &err), err);
    ck_answer(query, "2026-01-03T00:00:00Z 1; 2026-01-01T00:00:00Z 1");
}
END_TEST

START_TEST(a_date_column_has_dates_for_buckets)
{
    hg_uuid profile = fixture_insert(HG_TABLE_CANDIDATE_PROFILES);
    hg_query *query = hg_query_new(HG_TABLE_CANDIDATE_EXPERIENCES);
    hg_date from, to;

    sql_do("INSERT INTO public.candidate_experiences (candidate_id, job_title, company_name, start_date) VALUES "
           "('%s', 't', 'c', '2020-01-31'), ('%s', 't', 'c', '2020-03-01')", uuid_text(&profile), uuid_text(&profile));
    ck_ok(hg_date_parse("2019-12-31", 10, &from, &err), err);
    ck_ok(hg_date_parse("2020-04-01", 10, &to, &err), err);
    ck_ok(hg_query_where_uuid(query, HG_CANDIDATE_EXPERIENCE_CANDIDATE_ID, HG_OP_EQ, &profile, &err), err);
    ck_ok(hg_query_where_date(query, HG_CANDIDATE_EXPERIENCE_START_DATE, HG_OP_GT, from, &err), err);
    ck_ok(hg_query_where_date(query, HG_CANDIDATE_EXPERIENCE_START_DATE, HG_OP_LT, to, &err), err);
    ck_status(hg_query_bucket(query, HG_CANDIDATE_EXPERIENCE_START_DATE, HG_UNIT_HOUR, NULL, &err), HG_E_INVALID, err);
    ck_status(hg_query_bucket(query, HG_CANDIDATE_EXPERIENCE_START_DATE, HG_UNIT_DAY, "Europe/Zurich", &err),
              HG_E_INVALID, err);
    ck_ok(hg_query_bucket(query, HG_CANDIDATE_EXPERIENCE_START_DATE, HG_UNIT_MONTH, NULL, &err), err);
    ck_ok(hg_query_measure(query, HG_MEASURE_COUNT, -1, &err), err);
    ck_answer(query, "2020-01-01 1; 2020-02-01 0; 2020-03-01 1");
}
END_TEST

START_TEST(an_unknown_zone_is_named_even_when_there_is_nothing_to_count)
{
    hg_query *query = of_name();
    hg_table *table = NULL;

    count_by(query, HG_UNIT_DAY, "Europe/Zurch");
    ck_status(hg_aggregate_run(service, query, &table, &err), HG_E_INVALID, err);
    ck_says(err, "Europe/Zurch");
    ck_column(err, HG_SYSTEM_METRIC_RECORDED_AT);
    ck_assert_ptr_null(table);
    hg_query_free(query);
    query = of_name();
    count_by(query, HG_UNIT_DAY, "Europe/Zurich");
    ck_answer(query, "");
}
END_TEST

START_TEST(too_many_buckets_are_refused_before_and_behind_the_filters)
{
    hg_query *query = of_name();
    hg_table *table = NULL;

    between(query, "1900-01-01 00:00", "2026-01-01 00:00");
    count_by(query, HG_UNIT_HOUR, "UTC");
    ck_status(hg_aggregate_run(service, query, &table, &err), HG_E_INVALID, err);
    ck_says(err, "100000 buckets");
    hg_query_free(query);

    metric("1", "NULL", "'0001-01-01'");
    metric("1", "NULL", "'9999-01-01'");
    query = of_name();
    count_by(query, HG_UNIT_DAY, "UTC");
    ck_status(hg_aggregate_run(service, query, &table, &err), HG_E_INVALID, err);
    ck_says(err, "100000 buckets");
    ck_column(err, HG_SYSTEM_METRIC_RECORDED_AT);
    hg_query_free(query);
}
END_TEST

/* Every group has every bucket, so that few rows far apart in many groups made a table of millions, and a timeout. */
START_TEST(groups_times_buckets_are_bounded_too)
{
    hg_query *query = of_name();
    hg_table *table = NULL;

    sql_do("INSERT INTO public.system_metrics (metric_name, metric_unit, recorded_at) SELECT '%s', 'unit' || i, "
           "'1800-01-01'::timestamp + i * interval '9 years' FROM generate_series(1, 20) i", name.ptr);
    ck_ok(hg_query_group(query, HG_SYSTEM_METRIC_METRIC_UNIT, &err), err);
    count_by(query, HG_UNIT_DAY, "UTC");
    ck_status(hg_aggregate_run(service, query, &table, &err), HG_E_INVALID, err);
    ck_assert_ptr_null(table);
    hg_query_free(query);

    query = of_name();
    count_by(query, HG_UNIT_DAY, "UTC");
    ck_ok(hg_aggregate_run(service, query, &table, &err), err);
    ck_assert_uint_gt(hg_table_rows(table), 60000);
    hg_table_free(table);
    hg_query_free(query);
}
END_TEST

/* ---- Rights ------------------------------------------------------------------------------------------------------------------------ */

START_TEST(only_what_a_role_sees_is_counted_and_hidden_columns_are_refused)
{
    hg_uuid mine = fixture_user(HG_USER_USER_TYPE_COMPANY), other = fixture_user(HG_USER_USER_TYPE_COMPANY);
    hg_uuid x = fixture_company(&mine, HG_COMPANY_MEMBER_ROLE_VIEWER), y = fixture_company(&other, HG_COMPANY_MEMBER_ROLE_ADMIN);
    hg_identity who = identity(HG_ROLE_COMPANY, &mine);
    hg_query *query = hg_query_new(HG_TABLE_APPLICATIONS), *board = hg_query_new(HG_VIEW_PIPELINE_CARDS);
    hg_uuid jobs[] = { fixture_job(&x, 1), fixture_job(&y, 1) };
    hg_table *table = NULL;

    for (int i = 0; i < 5; i++)
        sql_do("INSERT INTO public.applications (job_id, ai_match_score) VALUES ('%s', %d)", uuid_text(&jobs[i % 2]), i);
    ck_ok(hg_query_group(query, HG_APPLICATION_STATUS, &err), err);
    ck_ok(hg_query_measure(query, HG_MEASURE_COUNT, -1, &err), err);
    ck_ok(hg_query_measure(query, HG_MEASURE_AVG, HG_APPLICATION_AI_MATCH_SCORE, &err), err);
    ck_ok(hg_session_enter(tenant, &who, &err), err);
    ck_ok(hg_aggregate_run(tenant, query, &table, &err), err);
    ck_assert_str_eq(table_text(table), "applied 3 2.00000000");
    hg_table_free(table);
    ck_ok(hg_query_measure(board, HG_MEASURE_MAX, HG_PIPELINE_CARD_AI_MATCH_SCORE, &err), err);
    ck_ok(hg_aggregate_run(tenant, board, &table, &err), err);
    ck_assert_str_eq(table_text(table), "4.00");
    hg_table_free(table);

    who = identity(HG_ROLE_CANDIDATE, &mine);
    ck_ok(hg_session_enter(tenant, &who, &err), err);
    ck_status(hg_aggregate_run(tenant, query, &table, &err), HG_E_DENIED, err);
    ck_column(err, HG_APPLICATION_AI_MATCH_SCORE);
    hg_query_free(query);
    hg_query_free(board);
}
END_TEST

/* ---- Arguments --------------------------------------------------------------------------------------------------------------------- */

START_TEST(wrong_arguments_leave_the_query_as_it_was)
{
    hg_uuid company = fixture_insert(HG_TABLE_COMPANIES);
    hg_query *query = hg_query_new(HG_TABLE_JOBS), *copy;
    hg_decimal bad = { .unscaled = 1, .scale = 99 };
    hg_table *table = NULL;
    int64_t count;

    ck_status(hg_aggregate_run(service, query, &table, &err), HG_E_INVALID, err);
    ck_status(hg_aggregate_run(service, NULL, &table, &err), HG_E_INVALID, err);
    ck_status(hg_query_group(NULL, 0, &err), HG_E_INVALID, err);
    ck_status(hg_query_group(query, 64, &err), HG_E_INVALID, err);
    ck_status(hg_query_group(query, HG_JOB_SKILLS, &err), HG_E_INVALID, err);
    ck_status(hg_query_group(query, HG_JOB_SEO_KEYWORDS, &err), HG_E_INVALID, err);
    ck_status(hg_query_bucket(query, HG_JOB_TITLE, HG_UNIT_DAY, NULL, &err), HG_E_INVALID, err);
    ck_status(hg_query_bucket(query, HG_JOB_CREATED_AT, 5, NULL, &err), HG_E_INVALID, err);
    ck_status(hg_query_bucket(query, HG_JOB_CREATED_AT, HG_UNIT_DAY, "UTC'; --", &err), HG_E_INVALID, err);
    ck_status(hg_query_measure(query, HG_MEASURE_SUM, -1, &err), HG_E_INVALID, err);
    ck_status(hg_query_measure(query, HG_MEASURE_SUM, HG_JOB_TITLE, &err), HG_E_INVALID, err);
    ck_status(hg_query_measure(query, HG_MEASURE_MIN, HG_JOB_JOB_TYPE, &err), HG_E_INVALID, err);
    ck_status(hg_query_measure(query, HG_MEASURE_COUNT_DISTINCT, HG_JOB_SKILLS, &err), HG_E_INVALID, err);
    ck_status(hg_query_measure(query, 7, HG_JOB_SALARY_MIN, &err), HG_E_INVALID, err);
    ck_status(hg_query_measure(NULL, HG_MEASURE_COUNT, -1, &err), HG_E_INVALID, err);
    ck_status(hg_query_having_int(query, 0, HG_OP_EQ, 1, &err), HG_E_INVALID, err);
    ck_ok(hg_query_measure(query, HG_MEASURE_MIN, HG_JOB_TITLE, &err), err);
    ck_status(hg_query_having_int(query, 0, HG_OP_EQ, 1, &err), HG_E_INVALID, err);
    ck_ok(hg_query_measure(query, HG_MEASURE_COUNT, -1, &err), err);
    ck_status(hg_query_having_int(query, 1, HG_OP_PREFIX, 1, &err), HG_E_INVALID, err);
    ck_status(hg_query_having_decimal(query, 1, HG_OP_EQ, &bad, &err), HG_E_INVALID, err);
    ck_status(hg_query_having_decimal(query, 1, HG_OP_EQ, NULL, &err), HG_E_INVALID, err);
    ck_status(hg_query_order_measure(query, 2, HG_ASCENDING, &err), HG_E_INVALID, err);
    ck_status(hg_query_order_measure(query, 0, 7, &err), HG_E_INVALID, err);
    ck_ok(hg_query_group(query, HG_JOB_COMPANY_ID, &err), err);
    ck_status(hg_query_group(query, HG_JOB_COMPANY_ID, &err), HG_E_INVALID, err);
    ck_ok(hg_query_bucket(query, HG_JOB_CREATED_AT, HG_UNIT_DAY, NULL, &err), err);
    ck_status(hg_query_bucket(query, HG_JOB_CREATED_AT, HG_UNIT_DAY, NULL, &err), HG_E_INVALID, err);

    ck_ok(hg_query_where_uuid(query, HG_JOB_COMPANY_ID, HG_OP_EQ, &company, &err), err);
    copy = hg_query_copy(query);
    ck_ok(hg_aggregate_run(service, copy, &table, &err), err);
    ck_assert_int_eq(hg_table_columns(table), 4);
    hg_table_free(table);
    ck_status(hg_job_count(service, copy, &count, &err), HG_E_INVALID, err);
    ck_ok(hg_query_order(copy, HG_JOB_TITLE, HG_ASCENDING, HG_NULLS_DEFAULT, &err), err);
    ck_status(hg_aggregate_run(service, copy, &table, &err), HG_E_INVALID, err);
    ck_column(err, HG_JOB_TITLE);
    hg_query_free(copy);
    hg_query_free(query);
}
END_TEST

START_TEST(cells_are_read_by_their_kind_only)
{
    hg_query *query = of_name();
    hg_table *table = NULL;
    hg_decimal decimal;
    hg_timestamp time;
    hg_inet inet;
    hg_uuid uuid;
    hg_date date;
    int64_t integer = 7;
    hg_str text;

    metric("NULL", "'a'", "NULL");
    ck_ok(hg_query_group(query, HG_SYSTEM_METRIC_METRIC_UNIT, &err), err);
    ck_ok(hg_query_measure(query, HG_MEASURE_COUNT, -1, &err), err);
    ck_ok(hg_query_measure(query, HG_MEASURE_SUM, HG_SYSTEM_METRIC_METRIC_VALUE, &err), err);
    ck_ok(hg_aggregate_run(service, query, &table, &err), err);
    ck_status(hg_table_int(table, 0, 0, &integer, &err), HG_E_INVALID, err);
    ck_assert_int_eq(integer, 0);
    ck_status(hg_table_decimal(table, 0, 0, &decimal, &err), HG_E_INVALID, err);
    ck_status(hg_table_time(table, 0, 0, &time, &err), HG_E_INVALID, err);
    ck_status(hg_table_date(table, 0, 0, &date, &err), HG_E_INVALID, err);
    ck_status(hg_table_uuid(table, 0, 0, &uuid, &err), HG_E_INVALID, err);
    ck_status(hg_table_inet(table, 0, 0, &inet, &err), HG_E_INVALID, err);
    ck_status(hg_table_text(table, 0, 1, &text, &err), HG_E_INVALID, err);
    ck_status(hg_table_text(table, 1, 0, &text, &err), HG_E_INVALID, err);
    ck_status(hg_table_text(table, 0, 3, &text, &err), HG_E_INVALID, err);
    ck_status(hg_table_text(table, 0, -1, &text, &err), HG_E_INVALID, err);
    ck_status(hg_table_text(table, 0, 0, NULL, &err), HG_E_INVALID, err);
    ck_status(hg_table_int(NULL, 0, 0, &integer, &err), HG_E_INVALID, err);
    ck_ok(hg_table_decimal(table, 0, 1, &decimal, &err), err);
    ck_assert_int_eq(decimal.unscaled, 1);
    ck_ok(hg_table_decimal(table, 0, 2, &decimal, &err), err);
    ck_assert_int_eq(decimal.unscaled, 0);
    ck_assert_int_eq(hg_table_is_null(table, 0, 2), 1);
    ck_assert_int_eq(hg_table_is_null(table, 0, 1), 0);
    ck_assert_int_eq(hg_table_is_null(table, 9, 1), 1);
    ck_assert_int_eq(hg_table_kind(table, 3), 0);
    ck_assert_int_eq(hg_table_kind(table, 1), HG_KIND_BIGINT);
    ck_assert_uint_eq(hg_table_rows(NULL), 0);
    hg_table_free(table);
    hg_table_free(NULL);
    hg_query_free(query);
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    hg_query *query = of_name();
    hg_table *table = NULL;
    long n;

    metric("1", "'a'", "'2026-01-01'");
    ck_ok(hg_query_group(query, HG_SYSTEM_METRIC_METRIC_UNIT, &err), err);
    count_by(query, HG_UNIT_DAY, "UTC");
    for (n = 1;; n++) {
        hg_status st;

        hgi_fault_at(n);
        st = hg_aggregate_run(service, query, &table, &err);
        hgi_fault_at(0);
        if (st == HG_OK)
            break;
        ck_status(st, HG_E_NOMEM, err);
        ck_assert_ptr_null(table);
        ck_assert_int_lt(n, 100);
    }
    ck_assert_int_gt(n, 1);
    hg_table_free(table);
    hg_query_free(query);
}
END_TEST

START_TEST(one_round_trip_and_one_statement)
{
    hg_query *query = of_name();
    hg_table *table = NULL;
    uint64_t before;

    count_by(query, HG_UNIT_DAY, "UTC");
    before = conn_stats(service).round_trips;
    ck_ok(hg_aggregate_run(service, query, &table, &err), err);
    ck_assert_uint_eq(conn_stats(service).round_trips - before, 1);
    hg_table_free(table);
    hg_query_free(query);
}
END_TEST

Suite *
suite_query_aggregate(void)
{
    Suite *s = suite_create("query/aggregate");
    TCase *tc = tcase_create("tables");

    tcase_add_checked_fixture(tc, open_metrics, close_metrics);
    tcase_set_timeout(tc, 30);
    tcase_add_test(tc, every_measure_is_what_sql_says);
    tcase_add_test(tc, measures_of_nothing_are_zero_and_null);
    tcase_add_test(tc, averages_are_rounded_in_sql);
    tcase_add_test(tc, a_sum_that_hg_decimal_cannot_hold_names_its_column);
    tcase_add_test(tc, nan_is_a_sum_of_its_own);
    tcase_add_test(tc, groups_come_in_order_with_null_last);
    tcase_add_test(tc, groups_without_measures_are_the_distinct_values);
    tcase_add_loop_test(tc, every_kind_of_column_makes_groups, 0, sizeof kinds / sizeof kinds[0]);
    tcase_add_test(tc, having_keeps_the_groups_whose_measures_pass);
    tcase_add_test(tc, the_greatest_measure_comes_first_and_the_limit_counts_groups);
    tcase_add_loop_test(tc, buckets_begin_when_the_calendar_says, 0, sizeof calendars / sizeof calendars[0]);
    tcase_add_loop_test(tc, every_row_is_in_the_bucket_that_date_trunc_says, 0, sizeof zones / sizeof zones[0]);
    tcase_add_test(tc, there_is_no_gap_between_the_first_and_the_last_row);
    tcase_add_test(tc, each_group_has_every_bucket);
    tcase_add_test(tc, filters_of_the_time_say_from_when_to_when);
    tcase_add_test(tc, having_takes_the_empty_buckets_away);
    tcase_add_test(tc, a_date_column_has_dates_for_buckets);
    tcase_add_test(tc, an_unknown_zone_is_named_even_when_there_is_nothing_to_count);
    tcase_add_test(tc, too_many_buckets_are_refused_before_and_behind_the_filters);
    tcase_add_test(tc, groups_times_buckets_are_bounded_too);
    tcase_add_test(tc, only_what_a_role_sees_is_counted_and_hidden_columns_are_refused);
    tcase_add_test(tc, wrong_arguments_leave_the_query_as_it_was);
    tcase_add_test(tc, cells_are_read_by_their_kind_only);
    tcase_add_test(tc, every_allocation_may_fail);
    tcase_add_test(tc, one_round_trip_and_one_statement);
    suite_add_tcase(s, tc);
    return s;
}
