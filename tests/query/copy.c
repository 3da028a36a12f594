/* query/copy - streams that come by COPY: the same rows as a find, whatever stands in their arguments, and nothing stays on
 * the connection. query/stream goes the same road where its streams are not limited. */
#include "hotgigs/pq.h"
#include "query/filter.h"
#include "suites.h"

#include <string.h>

/* Whether the connection's last query was a COPY, as the server has it. */
static int
was_copied(hg_conn *conn)
{
    return sql_int("SELECT count(*) FROM pg_stat_get_activity(%d) WHERE query LIKE '%%COPY (SELECT%%'",
                   PQbackendPID(hg_conn_pq(conn))) == 1;
}

/* These rows and no others, by filters that can stand in text, unlike an array. */
static hg_query *
only(const query_rows *rows)
{
    hg_query *query = hg_query_new(rows->table);

    ck_ok(hg_query_order(query, 0, HG_ASCENDING, 0, &err), err);
    ck_ok(hg_query_any(query, &err), err);
    for (size_t i = 0; i < rows->count; i++)
        ck_ok(hg_query_where_uuid(query, 0, HG_OP_EQ, &rows->ids[i], &err), err);
    ck_ok(hg_query_end(query, &err), err);
    return query;
}

static void
check_same_row(const hgi_table *table, const void *got, const void *want)
{
    hg_text *a, *b;

    ck_assert_msg(got != NULL, "%s: the stream ended before the list", table->info.name);
    ck_ok(hgi_row_to_json(table, got, &a, &err), err);
    ck_ok(hgi_row_to_json(table, want, &b, &err), err);
    ck_assert_str_eq(hg_text_ptr(a), hg_text_ptr(b));
    ck_assert_uint_eq(((const hgi_row *)got)->row_version, ((const hgi_row *)want)->row_version);
    hg_text_free(a);
    hg_text_free(b);
}

/* Gives back whether it was copied. */
static int
check_same(const hgi_table *table, const hg_query *query)
{
    hg_cursor *cursor;
    const void *row;
    hgi_list *list;

    ck_ok(hgi_find(owner, table, query, &list, &err), err);
    ck_ok(hgi_stream(owner, table, query, &cursor, &err), err);
    for (size_t i = 0; i < hgi_list_count(list); i++) {
        ck_ok(hgi_next(cursor, table, &row, &err), err);
        check_same_row(table, row, hgi_list_at(list, i));
    }
    ck_ok(hgi_next(cursor, table, &row, &err), err);
    ck_assert_msg(row == NULL, "%s: the stream has more rows than the list", table->info.name);
    hg_cursor_close(cursor);
    hgi_list_free(list);
    return was_copied(owner);
}

/* All columns of all tables, odd texts and extreme values among them, with and without NULLs. */
START_TEST(copied_stream_gives_what_find_gives)
{
    query_rows rows;
    hg_query *query;

    query_rows_make(&rows, _i, 20);
    query = only(&rows);
    ck_assert_msg(check_same(rows.of, query) == 1, "%s: a whole stream was not copied", rows.of->info.name);
    ck_ok(hg_query_limit(query, 10, &err), err);
    ck_assert_msg(check_same(rows.of, query) == 0, "%s: a stream of ten rows was copied", rows.of->info.name);
    hg_query_free(query);
    query_rows_free(&rows);
}
END_TEST

/* Every kind of argument, compared with values of rows and with others: as a literal it means what it means bound. */
START_TEST(literal_means_what_the_argument_means)
{
    static const int ops[] = { HG_OP_EQ, HG_OP_NE, HG_OP_LE, HG_OP_GT, HG_OP_PREFIX, HG_OP_CONTAINS, HG_OP_INCLUDES };
    int copied = 0;
    query_rows rows;

    query_rows_make(&rows, _i, 12);
    for (int32_t column = 0; column < rows.of->info.column_count; column++)
        for (size_t o = 0; o < sizeof ops / sizeof ops[0]; o++)
            for (size_t i = 0; i < 5; i++) {
                int32_t kind = rows.of->info.columns[column].kind;
                hg_query *query;
                operand with;

                if (!kind_has_operator(kind, ops[o]) || !operand_make(&rows, column, ops[o], i, &with))
                    continue;
                query = only(&rows);
                ck_ok(filter_add(query, kind, column, ops[o], &with), err);
                copied += check_same(rows.of, query);
                hg_query_free(query);
            }
    ck_assert_msg(copied >= 50, "%s: only %d streams were copied", rows.of->info.name, copied);
    query_rows_free(&rows);
}
END_TEST

/* A copied row is taken into memory of 16 KiB that grows. One that fills it to the last byte, or nearly, is whole or is not, with
 * the signature before it or another row; and a long one comes in several pieces. */
START_TEST(row_of_any_length_comes_whole)
{
    static const int lengths[] = { 32768, 100000, 3000000 };
    enum { FROM = 16250, TO = 16330 };               /* of the text; a row has about 80 bytes more, the signature 19 */
    const hgi_table *table = hgi_table_of(HG_TABLE_ANALYTICS_EVENTS);

    for (int length = FROM; length < TO + 3; length++) {
        int n = length < TO ? length : lengths[length - TO];
        hg_query *query = hg_query_new(HG_TABLE_ANALYTICS_EVENTS);

        sql_do("INSERT INTO public.analytics_events (event_type, user_agent, created_at)"
               " SELECT 'long', repeat('x', CASE i WHEN 0 THEN 3 ELSE %d END), timestamp '2026-01-01' + i * interval '1 day'"
               " FROM generate_series(%d, 1) i", n, _i);
        ck_ok(hg_query_where_text(query, HG_ANALYTICS_EVENT_EVENT_TYPE, HG_OP_EQ, "long", 4, &err), err);
        ck_ok(hg_query_order(query, HG_ANALYTICS_EVENT_CREATED_AT, HG_ASCENDING, 0, &err), err);
        ck_assert_msg(check_same(table, query) == 1, "the stream of a text of %d bytes was not copied", n);
        hg_query_free(query);
        sql_do("DELETE FROM public.analytics_events WHERE event_type = 'long'");
    }
}
END_TEST

/* Texts that would end a literal if they were not quoted, also where a backslash is an escape. */
START_TEST(no_text_ends_its_literal)
{
    static const char *const texts[] = {
        "it's", "''", "\\", "\\'", "'; SELECT 1; --", "$1", "$1$2", "$$", "E'\\x'", "a\nb", "\xc3\xa9\xe2\x82\xac'", "",
        "'::pg_catalog.text) TO STDOUT; COMMIT; --",
    };
    const char *text = texts[_i / 2];
    hg_conn *conn = fixture_conn(fixture_dsn("SERVICE"), NULL);
    hg_query *query = hg_query_new(HG_TABLE_SYSTEM_METRICS);
    const hg_system_metric *row;
    hg_cursor *cursor;

    PQclear(PQexec(hg_conn_pq(conn), _i % 2 ? "SET standard_conforming_strings = off; SET escape_string_warning = off"
                                            : "SET standard_conforming_strings = on"));
    sql_do("INSERT INTO public.system_metrics (metric_name, metric_value) VALUES (%s, 7)", sql_literal(text));
    ck_ok(hg_query_where_text(query, HG_SYSTEM_METRIC_METRIC_NAME, HG_OP_EQ, text, strlen(text), &err), err);
    ck_ok(hg_system_metric_stream(conn, query, &cursor, &err), err);
    ck_ok(hg_system_metric_next(cursor, &row, &err), err);
    ck_assert_msg(row != NULL && row->metric_name.len == strlen(text) && memcmp(row->metric_name.ptr, text, strlen(text)) == 0,
                  "the metric named \"%s\" was not found", text);
    hg_cursor_close(cursor);
    hg_query_free(query);
    hg_conn_close(conn);
    sql_do("DELETE FROM public.system_metrics WHERE metric_name = %s", sql_literal(text));
}
END_TEST
enum { TEXTS = 13 };

/* The context row travels in text too: its values are the caller's. fixture_close() proves that no role stays behind. */
START_TEST(tenants_stream_is_judged_by_his_policies)
{
    hg_uuid user = fixture_user(HG_USER_USER_TYPE_COMPANY), company = fixture_company(&user, HG_COMPANY_MEMBER_ROLE_ADMIN);
    hg_uuid other = fixture_insert(HG_TABLE_COMPANIES), mine = fixture_job(&company, 0), theirs = fixture_job(&other, 0);
    hg_identity who = identity(HG_ROLE_COMPANY, &user);
    hg_query *query = hg_query_new(HG_TABLE_JOBS);
    hg_conn_stats before;
    hg_cursor *cursor;
    const hg_job *row;

    strcpy(who.user_agent, "it's $1 \\'; RESET ROLE; --");
    strcpy(who.action, "'");
    ck_ok(hg_query_any(query, &err), err);
    ck_ok(hg_query_where_uuid(query, HG_JOB_ID, HG_OP_EQ, &mine, &err), err);
    ck_ok(hg_query_where_uuid(query, HG_JOB_ID, HG_OP_EQ, &theirs, &err), err);
    ck_ok(hg_query_end(query, &err), err);
    ck_ok(hg_session_enter(tenant, &who, &err), err);
    before = conn_stats(tenant);
    ck_ok(hg_conn_set_timeout(tenant, _i ? 20000 : 0, &err), err);
    ck_ok(hg_job_stream(tenant, query, &cursor, &err), err);
    ck_ok(hg_job_next(cursor, &row, &err), err);
    ck_assert_msg(row != NULL && memcmp(&row->id, &mine, sizeof mine) == 0, "his own job was not streamed");
    ck_ok(hg_job_next(cursor, &row, &err), err);
    ck_assert_msg(row == NULL, "another company's draft was streamed");
    hg_cursor_close(cursor);
    ck_assert_uint_eq(conn_stats(tenant).round_trips - before.round_trips, 1);
    ck_assert_uint_eq(conn_stats(tenant).context_rows - before.context_rows, 1);
    ck_assert_uint_eq(conn_stats(tenant).prepared - before.prepared, 0);
    ck_ok(hg_conn_set_timeout(tenant, 0, &err), err);
    hg_session_leave(tenant);
    hg_query_free(query);
}
END_TEST

/* Behind it, whatever became of it, the connection does the next call. */
START_TEST(error_before_the_first_row_leaves_the_connection_usable)
{
    hg_identity nobody = identity(HG_ROLE_SERVICE, NULL);
    hg_query *query = hg_query_new(HG_TABLE_USERS);
    hg_cursor *cursor;
    const hg_user *row;
    hg_status st;

    ck_ok(hg_session_enter(tenant, &nobody, &err), err);       /* the tenants' login may not become the service */
    ck_ok(hg_user_stream(tenant, query, &cursor, &err), err);
    st = hg_user_next(cursor, &row, &err);
    ck_status(st, HG_E_DENIED, err);
    ck_assert_ptr_null(row);
    hg_cursor_close(cursor);
    hg_session_leave(tenant);
    ck_ok(hg_conn_ping(tenant, &err), err);
    hg_query_free(query);
}
END_TEST

/* Each allocation of the library's fails in turn, from the query's text to the row. */
START_TEST(memory_that_is_short_fails_the_stream_and_not_the_connection)
{
    query_rows rows;
    hg_query *query;
    int done = 0;

    query_rows_make(&rows, HG_TABLE_JOBS, 3);
    query = only(&rows);
    for (long n = 1; !done && n < 200; n++) {
        hg_conn *conn = fixture_conn(fixture_dsn("SERVICE"), NULL);
        hg_cursor *cursor = NULL;
        const hg_job *row = NULL;
        hg_status st;

        hgi_fault_at(n);
        st = hg_job_stream(conn, query, &cursor, &err);
        do {
            if (st == HG_OK)
                st = hg_job_next(cursor, &row, &err);
        } while (st == HG_OK && row != NULL);
        done = hgi_fault_count() < n;
        hgi_fault_at(0);
        ck_assert_msg(st == HG_OK || st == HG_E_NOMEM, "allocation %ld failed, and it gave %s", n, hg_status_name(st));
        hg_cursor_close(cursor);
        hg_conn_close(conn);
    }
    ck_assert_msg(done, "200 allocations were not enough");
    hg_query_free(query);
    query_rows_free(&rows);
}
END_TEST

Suite *
suite_query_copy(void)
{
    Suite *suite = suite_create("query/copy");
    TCase *tcase = query_case(suite, "rows", 120);

    tcase_add_loop_test(tcase, copied_stream_gives_what_find_gives, 0, hgi_table_count);
    tcase_add_loop_test(tcase, literal_means_what_the_argument_means, 0, hgi_table_count);
    tcase_add_loop_test(tcase, row_of_any_length_comes_whole, 0, 2);
    tcase_add_loop_test(tcase, no_text_ends_its_literal, 0, 2 * TEXTS);
    tcase_add_loop_test(tcase, tenants_stream_is_judged_by_his_policies, 0, 2);
    tcase_add_test(tcase, error_before_the_first_row_leaves_the_connection_usable);
    tcase_add_test(tcase, memory_that_is_short_fails_the_stream_and_not_the_connection);
    return suite;
}
