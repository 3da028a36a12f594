/* query/stream - cursors: bounded memory, early ends, and connections, transactions and memory that go from under them.
 *
 * HOTGIGS_TEST_ROWS=10000000 streams ten million rows instead of a hundred thousand. */
#include "query/filter.h"
#include "suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* count rows of system_metrics under one name, of values 1 to count. */
static const char *
make_metrics(long count)
{
    const char *name = unique_text().ptr;

    sql_do("INSERT INTO public.system_metrics (metric_name, metric_value) SELECT '%s', g FROM generate_series(1, %ld) AS g",
           name, count);
    return name;
}

/* The same once for all tests that want many rows, and change none: HOTGIGS_TEST_ROWS of them. */
static const char long_metrics[] = "a long stream";

static long
long_count(void)
{
    const char *wanted = getenv("HOTGIGS_TEST_ROWS");

    return wanted != NULL ? strtol(wanted, NULL, 10) : 100000;
}

static hg_query *
metrics_named(const char *name)
{
    hg_query *query = hg_query_new(HG_TABLE_SYSTEM_METRICS);

    ck_ok(hg_query_where_text(query, HG_SYSTEM_METRIC_METRIC_NAME, HG_OP_EQ, name, strlen(name), &err), err);
    return query;
}

static hg_query *
ordered_metrics(const char *name)
{
    hg_query *query = metrics_named(name);

    ck_ok(hg_query_order(query, HG_SYSTEM_METRIC_METRIC_VALUE, HG_ASCENDING, 0, &err), err);
    return query;
}

static void
forget_metrics(const char *name)
{
    sql_do("DELETE FROM public.system_metrics WHERE metric_name = '%s'", name);
}

/* Around a test case, in the process that forks its tests, which must not inherit a connection. */
static void
make_long_metrics(void)
{
    admin = sql_connect(fixture_dsn("ADMIN"));
    forget_metrics(long_metrics);
    sql_do("INSERT INTO public.system_metrics (metric_name, metric_value) SELECT '%s', g FROM generate_series(1, %ld) AS g",
           long_metrics, long_count());
    PQfinish(admin);
}

static void
forget_long_metrics(void)
{
    admin = sql_connect(fixture_dsn("ADMIN"));
    forget_metrics(long_metrics);
    PQfinish(admin);
}

static hg_cursor *
stream(hg_conn *conn, const hg_query *query)
{
    hg_cursor *cursor = NULL;

    ck_ok(hg_system_metric_stream(conn, query, &cursor, &err), err);
    ck_assert_ptr_nonnull(cursor);
    return cursor;
}

/* The value of the next row, 0 at the end. */
static long
next_value(hg_cursor *cursor)
{
    const hg_system_metric *row;

    ck_ok(hg_system_metric_next(cursor, &row, &err), err);
    return row != NULL ? (long)(row->metric_value.unscaled / 10000) : 0;
}

static void
check_usable(hg_conn *conn)
{
    hg_query *query = metrics_named("nobody's");
    int64_t count;

    ck_ok(hg_conn_ping(conn, &err), err);
    ck_ok(hg_system_metric_count(conn, query, &count, &err), err);
    ck_assert_int_eq(count, 0);
    hg_query_free(query);
}

static void
begin_if(hg_conn *conn, int wanted)
{
    if (wanted)
        ck_ok(hg_tx_begin(conn, NULL, &err), err);
}

static void
end_if(hg_conn *conn, int wanted)
{
    if (wanted)
        ck_ok(hg_tx_commit(conn, &err), err);
}

/* ---- The rows ------------------------------------------------------------------------------------------------------------- */

START_TEST(stream_gives_every_row_in_order_and_then_the_end_for_ever)
{
    static const long counts[] = { 0, 1, 63, 64, 65, 255, 256, 257, 1000 };
    long count = counts[_i / 2];
    const char *name = make_metrics(count);
    hg_query *query = ordered_metrics(name);
    hg_cursor *cursor;

    begin_if(service, _i % 2);
    cursor = stream(service, query);
    for (long i = 1; i <= count; i++)
        ck_assert_int_eq(next_value(cursor), i);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(next_value(cursor), 0);
    check_usable(service);                                 /* at the end, before it is closed */
    hg_cursor_close(cursor);
    end_if(service, _i % 2);
    check_usable(service);

    hg_query_free(query);
    forget_metrics(name);
}
END_TEST

START_TEST(stream_honours_limit_page_and_columns)
{
    const char *name = make_metrics(100);
    hg_query *query = ordered_metrics(name);
    hg_system_metric_list *list;
    const hg_system_metric *row;
    hg_cursor *cursor;
    hg_text *place;

    ck_ok(hg_query_limit(query, 10, &err), err);
    ck_ok(hg_system_metric_find(service, query, &list, &err), err);
    ck_ok(hg_system_metric_list_cursor(list, 9, &place, &err), err);
    ck_ok(hg_query_after(query, hg_text_ptr(place), hg_text_len(place), &err), err);
    ck_ok(hg_query_limit(query, 5, &err), err);
    ck_ok(hg_query_columns(query, HG_BIT(HG_SYSTEM_METRIC_METRIC_VALUE), &err), err);
    begin_if(service, _i);
    cursor = stream(service, query);
    for (int i = 11; i <= 15; i++) {
        ck_ok(hg_system_metric_next(cursor, &row, &err), err);
        ck_assert_int_eq(row->metric_value.unscaled, i * 10000);
        ck_assert_uint_eq(row->loaded_mask, HG_BIT(HG_SYSTEM_METRIC_ID) | HG_BIT(HG_SYSTEM_METRIC_METRIC_VALUE));
    }
    ck_assert_int_eq(next_value(cursor), 0);
    hg_cursor_close(cursor);
    end_if(service, _i);

    hg_text_free(place);
    hg_system_metric_list_free(list);
    hg_query_free(query);
    forget_metrics(name);
}
END_TEST

/* Streams and lists decode the same rows alike, all columns of all tables, in transactions too. */
START_TEST(stream_gives_what_find_gives)
{
    query_rows rows;
    hg_query *query;

    query_rows_make(&rows, _i, 20);
    query = query_rows_only(&rows);
    ck_ok(hg_query_order(query, 0, HG_ASCENDING, 0, &err), err);
    for (int inside = 0; inside < 2; inside++) {
        hg_cursor *cursor;
        const void *row;

        begin_if(owner, inside);
        ck_ok(hgi_stream(owner, rows.of, query, &cursor, &err), err);
        for (size_t i = 0; i < rows.count; i++) {
            hg_text *got, *want;

            ck_ok(hgi_next(cursor, rows.of, &row, &err), err);
            ck_assert_ptr_nonnull(row);
            ck_ok(hgi_row_to_json(rows.of, row, &got, &err), err);
            ck_ok(hgi_row_to_json(rows.of, query_row(&rows, i), &want, &err), err);
            ck_assert_str_eq(hg_text_ptr(got), hg_text_ptr(want));
            ck_assert_uint_eq(((const hgi_row *)row)->row_version, ((const hgi_row *)query_row(&rows, i))->row_version);
            hg_text_free(got);
            hg_text_free(want);
        }
        hg_cursor_close(cursor);
        end_if(owner, inside);
    }
    hg_query_free(query);
    query_rows_free(&rows);
}
END_TEST

/* The memory for an empty list was none, which was taken for none left. */
START_TEST(empty_list_is_streamed)
{
    hg_uuid company = fixture_insert(HG_TABLE_COMPANIES), job = fixture_job(&company, 1);
    hg_query *query = hg_query_new(HG_TABLE_JOBS);
    hg_cursor *cursor;
    const hg_job *row;

    sql_do("UPDATE public.jobs SET seo_keywords = '{}' WHERE id = '%s'", uuid_text(&job));
    ck_ok(hg_query_where_uuid(query, HG_JOB_ID, HG_OP_EQ, &job, &err), err);
    ck_ok(hg_job_stream(service, query, &cursor, &err), err);
    ck_ok(hg_job_next(cursor, &row, &err), err);
    ck_assert(row != NULL && row->seo_keywords.count == 0 && !(row->null_mask >> HG_JOB_SEO_KEYWORDS & 1));
    hg_cursor_close(cursor);
    hg_query_free(query);
}
END_TEST

/* ---- Memory ---------------------------------------------------------------------------------------------------------------- */

static long
peak_kb(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

static long
stream_rows(const hg_query *query, long at_least)
{
    hg_cursor *cursor = stream(service, query);
    const hg_system_metric *row;
    long count = 0, blocks = 0;

    for (;;) {
        if (hg_system_metric_next(cursor, &row, &err) != HG_OK)
            ck_abort_msg("row %ld: %s", count, err.message);
        if (row == NULL)
            break;
        if (++count == 1000)
            blocks = hgi_live_blocks();
        if (count == at_least)
            ck_assert_int_le(hgi_live_blocks(), blocks);
    }
    hg_cursor_close(cursor);
    return count;
}

START_TEST(peak_memory_does_not_grow_with_the_number_of_rows)
{
    long many = long_count();
    hg_query *query = metrics_named(long_metrics);
    long before, after;

    begin_if(service, _i);
    ck_ok(hg_query_limit(query, 20000, &err), err);
    ck_assert_int_eq(stream_rows(query, 20000), 20000);
    before = peak_kb();
    ck_ok(hg_query_limit(query, many, &err), err);
    ck_assert_int_eq(stream_rows(query, many), many);
    after = peak_kb();
    end_if(service, _i);

    printf("%ld rows %s a transaction: peak %ld kB, with 20000 rows %ld kB\n", many, _i ? "inside" : "outside", after, before);
    ck_assert_msg(after - before < 1024, "peak memory grew from %ld to %ld kB", before, after);
    hg_query_free(query);
}
END_TEST

/* ---- Ending early, and what may come between ---------------------------------------------------------------------------------- */

START_TEST(close_early_leaves_the_connection_usable)
{
    static const long reads[] = { 0, 1, 64, 65, 5000 };
    hg_query *query = metrics_named(long_metrics);

    begin_if(service, _i % 2);
    for (int round = 0; round < 3; round++) {
        hg_cursor *cursor = stream(service, query);

        for (long i = 0; i < reads[_i / 2]; i++)
            ck_assert_int_ne(next_value(cursor), 0);
        hg_cursor_close(cursor);
        check_usable(service);
    }
    end_if(service, _i % 2);

    hg_query_free(query);
}
END_TEST

START_TEST(nothing_else_runs_beside_a_stream_outside_a_transaction)
{
    const char *name = make_metrics(5000);
    hg_query *query = metrics_named(name);
    hg_cursor *cursor = stream(service, query), *other = NULL;
    hg_system_metric_list *list = NULL;
    hg_identity who = identity(HG_ROLE_SERVICE, NULL);
    int64_t count;

    next_value(cursor);
    ck_status(hg_system_metric_find(service, query, &list, &err), HG_E_STATE, err);
    ck_status(hg_system_metric_count(service, query, &count, &err), HG_E_STATE, err);
    ck_status(hg_system_metric_stream(service, query, &other, &err), HG_E_STATE, err);
    ck_assert(list == NULL && other == NULL);
    ck_status(hg_system_metric_delete_where(service, query, 1, NULL, &err), HG_E_STATE, err);
    ck_status(hg_conn_ping(service, &err), HG_E_STATE, err);
    ck_status(hg_tx_begin(service, NULL, &err), HG_E_STATE, err);
    ck_status(hg_session_enter(service, &who, &err), HG_E_STATE, err);
    for (long i = 1; i < 5000; i++)
        ck_assert_int_ne(next_value(cursor), 0);
    ck_assert_int_eq(next_value(cursor), 0);
    hg_cursor_close(cursor);
    check_usable(service);

    hg_query_free(query);
    forget_metrics(name);
}
END_TEST

/* A cursor that was read to its end and not closed gave the connection free at every further call: also while it was
 * another cursor's. */
START_TEST(finished_cursor_has_no_say_over_the_next)
{
    const char *name = make_metrics(5000);
    hg_query *query = metrics_named(name), *none = metrics_named("nobody's");
    hg_cursor *finished = stream(service, none), *cursor;
    long count = 0;

    ck_assert_int_eq(next_value(finished), 0);
    cursor = stream(service, query);
    for (; next_value(cursor) != 0; count++) {
        ck_assert_int_eq(next_value(finished), 0);
        if (count % 1000 == 0)
            ck_status(hg_conn_ping(service, &err), HG_E_STATE, err);
    }
    ck_assert_int_eq(count, 5000);
    hg_cursor_close(cursor);
    cursor = stream(service, query);
    next_value(cursor);
    hg_cursor_close(finished);
    ck_assert_int_ne(next_value(cursor), 0);
    hg_cursor_close(cursor);
    check_usable(service);

    hg_query_free(none);
    hg_query_free(query);
    forget_metrics(name);
}
END_TEST

START_TEST(two_portals_and_other_calls_take_turns)
{
    const char *name = make_metrics(1000);
    hg_query *query = ordered_metrics(name), *few = ordered_metrics(name);
    hg_cursor *a, *b;
    int64_t count;

    ck_ok(hg_query_limit(few, 300, &err), err);
    ck_ok(hg_tx_begin(service, NULL, &err), err);
    a = stream(service, query);                            /* the first statement: BEGIN travels with it */
    b = stream(service, few);
    for (long i = 1; i <= 1000; i++) {
        ck_assert_int_eq(next_value(a), i);
        ck_assert_int_eq(next_value(b), i <= 300 ? i : 0);
        if (i % 100 == 0)
            ck_ok(hg_system_metric_count(service, query, &count, &err), err);
    }
    ck_assert_int_eq(count, 1000);
    ck_assert_int_eq(next_value(a), 0);
    hg_cursor_close(b);
    hg_cursor_close(a);
    ck_ok(hg_tx_commit(service, &err), err);

    hg_query_free(few);
    hg_query_free(query);
    forget_metrics(name);
}
END_TEST

START_TEST(stream_costs_one_round_trip_and_one_a_batch_inside)
{
    const char *name = make_metrics(1000);
    hg_query *query = metrics_named(name);
    uint64_t before = conn_stats(service).round_trips;
    hg_cursor *cursor = stream(service, query);

    while (next_value(cursor) != 0)
        ;
    hg_cursor_close(cursor);
    ck_assert_uint_eq(conn_stats(service).round_trips - before, 1);

    ck_ok(hg_tx_begin(service, NULL, &err), err);
    before = conn_stats(service).round_trips;
    cursor = stream(service, query);
    while (next_value(cursor) != 0)
        ;
    hg_cursor_close(cursor);
    ck_assert_uint_eq(conn_stats(service).round_trips - before, 1 + 4);       /* DECLARE, 4 times 256 */

    ck_ok(hg_query_limit(query, 256, &err), err);           /* no more than a batch: at once */
    before = conn_stats(service).round_trips;
    cursor = stream(service, query);
    for (int i = 0; i < 256; i++)
        ck_assert_int_ne(next_value(cursor), 0);
    ck_assert_int_eq(next_value(cursor), 0);
    hg_cursor_close(cursor);
    ck_assert_uint_eq(conn_stats(service).round_trips - before, 1);
    ck_ok(hg_tx_commit(service, &err), err);

    hg_query_free(query);
    forget_metrics(name);
}
END_TEST

START_TEST(query_may_go_while_its_cursor_stays)
{
    const char *name = make_metrics(600);
    hg_query *query = ordered_metrics(name);
    hg_cursor *cursor;

    begin_if(service, _i);
    cursor = stream(service, query);
    hg_query_free(query);
    for (long i = 1; i <= 600; i++)
        ck_assert_int_eq(next_value(cursor), i);
    hg_cursor_close(cursor);
    end_if(service, _i);
    forget_metrics(name);
}
END_TEST

START_TEST(tenant_streams_what_policies_let_him_see)
{
    hg_uuid user = fixture_user(HG_USER_USER_TYPE_COMPANY), company = fixture_company(&user, HG_COMPANY_MEMBER_ROLE_ADMIN);
    hg_uuid other = fixture_insert(HG_TABLE_COMPANIES), mine = fixture_job(&company, 0);
    hg_identity who = identity(HG_ROLE_COMPANY, &user);
    hg_query *query = hg_query_new(HG_TABLE_JOBS);
    hg_uuid companies[2];
    hg_cursor *cursor;
    const hg_job *row;

    companies[0] = company;
    companies[1] = other;
    fixture_job(&other, 0);
    ck_ok(hg_query_where_in_uuid(query, HG_JOB_COMPANY_ID, companies, 2, &err), err);
    ck_ok(hg_session_enter(tenant, &who, &err), err);
    begin_if(tenant, _i);
    ck_ok(hg_job_stream(tenant, query, &cursor, &err), err);
    ck_ok(hg_job_next(cursor, &row, &err), err);
    ck_assert(row != NULL && memcmp(&row->id, &mine, sizeof mine) == 0);
    if (_i == 0)
        ck_ok(hg_job_next(cursor, &row, &err), err);
    hg_cursor_close(cursor);                               /* _i 1: early; closing proves that no role is left */
    end_if(tenant, _i);
    hg_session_leave(tenant);
    hg_query_free(query);
}
END_TEST

/* ---- What goes from under it ---------------------------------------------------------------------------------------------------- */

START_TEST(value_that_cannot_be_read_fails_its_row_and_the_next_goes_on)
{
    const char *name = make_metrics(500);
    hg_query *query = ordered_metrics(name);
    const hg_system_metric *row;
    hg_cursor *cursor;
    int failed = 0, good = 0;

    sql_do("UPDATE public.system_metrics SET recorded_at = '294276-12-31' WHERE metric_name = '%s' AND metric_value = 300",
           name);
    begin_if(service, _i);
    cursor = stream(service, query);
    do {
        hg_status st = hg_system_metric_next(cursor, &row, &err);

        if (st != HG_OK) {
            ck_status(st, HG_E_INVALID, err);
            ck_column(err, HG_SYSTEM_METRIC_RECORDED_AT);
            ck_says(err, "leave the column out");
            ck_assert_str_eq(err.table, "system_metrics");
            ck_assert_ptr_null(row);
            ck_assert_int_eq(good, 299);
            failed++;
            continue;
        }
        good += row != NULL;
    } while (row != NULL || (failed == 1 && good == 299));
    ck_assert_int_eq(failed, 1);
    ck_assert_int_eq(good, 499);
    hg_cursor_close(cursor);

    cursor = stream(service, query);                       /* and closed right behind it */
    while (hg_system_metric_next(cursor, &row, &err) == HG_OK)
        ;
    hg_cursor_close(cursor);
    end_if(service, _i);
    check_usable(service);
    hg_query_free(query);
    forget_metrics(name);
}
END_TEST

START_TEST(connection_killed_in_the_middle_ends_the_stream)
{
    hg_query *query = metrics_named(long_metrics);
    hg_conn *conn = fixture_conn(fixture_dsn("SERVICE"), NULL);
    const hg_system_metric *row;
    hg_cursor *cursor;
    hg_status st;

    begin_if(conn, _i);
    cursor = stream(conn, query);
    ck_assert_int_ne(next_value(cursor), 0);
    kill_backend(conn);
    while ((st = hg_system_metric_next(cursor, &row, &err)) == HG_OK && row != NULL)
        ;
    ck_status(st, HG_E_CONNECTION, err);
    ck_assert_ptr_null(row);
    st = hg_system_metric_next(cursor, &row, &err);
    ck_status(st, HG_E_STATE, err);                        /* not the end, which all the rows would come before */
    ck_assert_ptr_null(row);
    hg_cursor_close(cursor);
    ck_status(hg_conn_ping(conn, &err), HG_E_CONNECTION, err);
    hg_conn_close(conn);

    hg_query_free(query);
}
END_TEST

START_TEST(cursor_may_outlive_its_connection)
{
    const char *name = make_metrics(5000);
    hg_query *query = metrics_named(name);
    hg_conn *conn = fixture_conn(fixture_dsn("SERVICE"), NULL);
    const hg_system_metric *row;
    hg_cursor *cursor;

    begin_if(conn, _i);
    cursor = stream(conn, query);
    ck_assert_int_ne(next_value(cursor), 0);
    hg_conn_close(conn);
    ck_status(hg_system_metric_next(cursor, &row, &err), HG_E_STATE, err);
    ck_assert_ptr_null(row);
    hg_cursor_close(cursor);

    hg_query_free(query);
    forget_metrics(name);
}
END_TEST

START_TEST(end_of_the_transaction_is_the_end_of_its_cursors)
{
    const char *name = make_metrics(5000);
    hg_query *query = metrics_named(name);
    const hg_system_metric *row;
    hg_cursor *cursor;

    ck_ok(hg_tx_begin(service, NULL, &err), err);
    cursor = stream(service, query);
    for (int i = 0; i < 256; i++)                          /* the batch in hand is read to its end */
        ck_assert_int_ne(next_value(cursor), 0);
    if (_i == 0)
        ck_ok(hg_tx_rollback(service, &err), err);
    else
        ck_ok(hg_tx_commit(service, &err), err);
    ck_status(hg_system_metric_next(cursor, &row, &err), HG_E_STATE, err);
    ck_assert_ptr_null(row);
    ck_ok(hg_tx_begin(service, NULL, &err), err);          /* a portal of that number will be another's */
    {
        hg_cursor *other = stream(service, query);

        ck_status(hg_system_metric_next(cursor, &row, &err), HG_E_STATE, err);
        ck_assert_int_ne(next_value(other), 0);
        hg_cursor_close(cursor);
        ck_assert_int_ne(next_value(other), 0);
        hg_cursor_close(other);
    }
    ck_ok(hg_tx_rollback(service, &err), err);

    hg_query_free(query);
    forget_metrics(name);
}
END_TEST

START_TEST(savepoint_that_is_rolled_back_takes_its_cursors_along)
{
    const char *name = make_metrics(1000);
    hg_query *query = metrics_named(name);
    const hg_system_metric *row;
    hg_cursor *cursor;
    int rows = 0;
    hg_status st;

    ck_ok(hg_tx_begin(service, NULL, &err), err);
    ck_ok(hg_tx_savepoint(service, "here", &err), err);
    cursor = stream(service, query);
    ck_assert_int_ne(next_value(cursor), 0);
    ck_ok(hg_tx_rollback_to(service, "here", &err), err);
    while ((st = hg_system_metric_next(cursor, &row, &err)) == HG_OK && row != NULL)
        rows++;                                            /* those in hand are good */
    ck_status(st, HG_E_STATE, err);
    ck_assert_int_le(rows, 255);
    hg_cursor_close(cursor);
    ck_ok(hg_tx_rollback_to(service, "here", &err), err);  /* asking for it has failed the transaction */
    check_usable(service);
    ck_ok(hg_tx_commit(service, &err), err);

    hg_query_free(query);
    forget_metrics(name);
}
END_TEST

START_TEST(deadline_ends_a_stream_and_not_the_connection)
{
    hg_query *query = metrics_named(long_metrics);
    hg_conn *conn = fixture_conn(fixture_dsn("SERVICE"), NULL);
    const hg_system_metric *row;
    hg_cursor *cursor;
    hg_status st;
    long rows = 0;

    ck_ok(hg_conn_set_timeout(conn, 300, &err), err);
    cursor = stream(conn, query);
    while ((st = hg_system_metric_next(cursor, &row, &err)) == HG_OK && row != NULL)
        if (rows++ % 1000 == 0)
            usleep(20000);                                 /* a slow reader: 4 seconds in all */
    ck_status(st, HG_E_CANCELLED, err);
    hg_cursor_close(cursor);
    ck_ok(hg_conn_set_timeout(conn, 0, &err), err);
    check_usable(conn);
    fixture_done(conn);

    hg_query_free(query);
}
END_TEST

START_TEST(cursor_of_another_table_is_refused)
{
    const char *name = make_metrics(10);
    hg_query *query = metrics_named(name);
    hg_cursor *cursor = stream(service, query);
    const hg_system_metric *row;
    const hg_job *job = (const hg_job *)(const void *)&query;

    ck_status(hg_job_next(cursor, &job, &err), HG_E_INVALID, err);
    ck_assert_ptr_null(job);
    ck_status(hg_system_metric_next(NULL, &row, &err), HG_E_INVALID, err);
    ck_status(hg_system_metric_next(cursor, NULL, &err), HG_E_INVALID, err);
    ck_assert_int_ne(next_value(cursor), 0);               /* unharmed */
    hg_cursor_close(cursor);
    hg_cursor_close(NULL);
    hg_query_free(query);
    forget_metrics(name);
}
END_TEST

START_TEST(page_backwards_is_not_streamed)
{
    const char *name = make_metrics(10);
    hg_query *query = metrics_named(name);
    hg_system_metric_list *list;
    hg_cursor *cursor = NULL;
    hg_text *place;

    ck_ok(hg_system_metric_find(service, query, &list, &err), err);
    ck_ok(hg_system_metric_list_cursor(list, 5, &place, &err), err);
    ck_ok(hg_query_before(query, hg_text_ptr(place), hg_text_len(place), &err), err);
    ck_status(hg_system_metric_stream(service, query, &cursor, &err), HG_E_INVALID, err);
    ck_assert_ptr_null(cursor);
    ck_status(hg_system_metric_stream(service, NULL, &cursor, &err), HG_E_INVALID, err);
    ck_status(hg_system_metric_stream(NULL, query, &cursor, &err), HG_E_INVALID, err);
    ck_status(hg_system_metric_stream(service, query, NULL, &err), HG_E_INVALID, err);
    hg_text_free(place);
    hg_system_metric_list_free(list);
    hg_query_free(query);
    forget_metrics(name);
}
END_TEST

Suite *
suite_query_stream(void)
{
    Suite *suite = suite_create("query/stream");
    TCase *tcase = query_case(suite, "rows", 60);

    tcase_add_loop_test(tcase, stream_gives_every_row_in_order_and_then_the_end_for_ever, 0, 18);
    tcase_add_loop_test(tcase, stream_honours_limit_page_and_columns, 0, 2);
    tcase_add_loop_test(tcase, stream_gives_what_find_gives, 0, hgi_table_count);
    tcase_add_test(tcase, empty_list_is_streamed);
    tcase_add_loop_test(tcase, tenant_streams_what_policies_let_him_see, 0, 2);
    tcase = query_case(suite, "many rows", 1200);
    tcase_add_unchecked_fixture(tcase, make_long_metrics, forget_long_metrics);
    tcase_add_loop_test(tcase, peak_memory_does_not_grow_with_the_number_of_rows, 0, 2);
    tcase_add_loop_test(tcase, close_early_leaves_the_connection_usable, 0, 10);
    tcase_add_loop_test(tcase, connection_killed_in_the_middle_ends_the_stream, 0, 2);
    tcase_add_test(tcase, deadline_ends_a_stream_and_not_the_connection);
    tcase = query_case(suite, "turns", 60);
    tcase_add_test(tcase, nothing_else_runs_beside_a_stream_outside_a_transaction);
    tcase_add_test(tcase, finished_cursor_has_no_say_over_the_next);
    tcase_add_test(tcase, two_portals_and_other_calls_take_turns);
    tcase_add_test(tcase, stream_costs_one_round_trip_and_one_a_batch_inside);
    tcase_add_loop_test(tcase, query_may_go_while_its_cursor_stays, 0, 2);
    tcase = query_case(suite, "ends", 60);
    tcase_add_loop_test(tcase, value_that_cannot_be_read_fails_its_row_and_the_next_goes_on, 0, 2);
    tcase_add_loop_test(tcase, cursor_may_outlive_its_connection, 0, 2);
    tcase_add_loop_test(tcase, end_of_the_transaction_is_the_end_of_its_cursors, 0, 2);
    tcase_add_test(tcase, savepoint_that_is_rolled_back_takes_its_cursors_along);
    tcase_add_test(tcase, cursor_of_another_table_is_refused);
    tcase_add_test(tcase, page_backwards_is_not_streamed);
    return suite;
}
