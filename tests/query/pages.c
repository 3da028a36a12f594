/* query/pages - pages by key, forwards and backwards: all of them together are the whole, and no row comes twice.
 *
 * Every sortable column of every table, ascending and descending, with NULLs first and last; thousands of rows with one
 * key; rows that come and go between two pages; cursors that were cut, altered, or belong to another query. */
#include "query/filter.h"
#include "suites.h"
#include "unit/random.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS = 30 };

static hg_uuid
id_at(const hgi_table *table, const hgi_list *list, size_t i)
{
    hg_uuid id;

    memcpy(&id, hgi_field(table, 0, hgi_list_at(list, i)), sizeof id);
    return id;
}

static hg_text *
cursor_at(const hgi_list *list, size_t i)
{
    hg_text *cursor;

    ck_ok(hgi_list_cursor(list, i, &cursor, &err), err);
    return cursor;
}

/* All rows by pages, in the order in which they come: forwards, or from the last page back. */
static size_t
read_pages(hg_conn *conn, const hgi_table *table, hg_query *query, int64_t size, int backwards, hg_uuid *ids, size_t most)
{
    size_t got = 0;
    hgi_list *list;

    ck_ok(hg_query_limit(query, size, &err), err);
    for (;;) {
        hg_text *cursor;
        size_t n;

        ck_ok(hgi_find(conn, table, query, &list, &err), err);
        n = hgi_list_count(list);
        ck_assert_msg(n <= (size_t)size && got + n <= most, "%s: more rows than there are: a row came twice", table->info.name);
        for (size_t i = 0; i < n; i++)
            ids[got + i] = id_at(table, list, i);
        got += n;
        if (n < (size_t)size) {
            hgi_list_free(list);
            break;
        }
        cursor = cursor_at(list, backwards ? 0 : n - 1);
        if (backwards) {
            ck_ok(hg_query_before(query, hg_text_ptr(cursor), hg_text_len(cursor), &err), err);
        } else {
            ck_ok(hg_query_after(query, hg_text_ptr(cursor), hg_text_len(cursor), &err), err);
        }
        hg_text_free(cursor);
        hgi_list_free(list);
    }
    ck_ok(hg_query_after(query, NULL, 0, &err), err);
    return got;
}

static void
same_ids(const hg_uuid *got, const hg_uuid *want, size_t count, const char *what)
{
    for (size_t i = 0; i < count; i++)
        if (memcmp(&got[i], &want[i], sizeof *got) != 0)
            ck_abort_msg("%s: row %zu is %s, want %s", what, i, uuid_text(&got[i]), uuid_text(&want[i]));
}

/* Pages backwards come from the end, each in forward order: page by page they are put before each other. */
static void
turn_pages(hg_uuid *ids, size_t count, size_t size)
{
    hg_uuid *copy = fixture_memory((count + 1) * sizeof *copy);
    size_t to = count;

    memcpy(copy, ids, count * sizeof *ids);
    for (size_t from = 0; from < count; from += size) {
        size_t n = count - from < size ? count - from : size;

        to -= n;
        memcpy(ids + to, copy + from, n * sizeof *ids);
    }
}

/* The whole by hand-written SQL; pages forwards; and backwards, from a cursor of the last row and that row itself. */
static void
check_order(const query_rows *rows, hg_query *query, const char *order, int64_t size)
{
    hg_uuid *want = fixture_memory((rows->count + 1) * sizeof *want), *got = fixture_memory((rows->count + 1) * sizeof *got);
    const char *text, *only = "";
    hgi_list *last;
    hg_text *end;
    size_t n;

    for (size_t i = 0; i < rows->count; i++)
        only = fixture_text("%s%s'%s'", only, i > 0 ? "," : "", uuid_text(&rows->ids[i]));
    text = sql_text("SELECT string_agg(id::text, ',') FROM (SELECT id FROM public.%s WHERE id IN (%s) ORDER BY %s) AS f",
                    rows->of->info.name, only, order);
    for (size_t i = 0; i < rows->count; i++)
        ck_ok(hg_uuid_parse(text + i * 37, 36, &want[i], &err), err);

    n = read_pages(owner, rows->of, query, size, 0, got, rows->count);
    ck_assert_msg(n == rows->count, "%s by %s: pages of %d have %zu rows, want %zu", rows->of->info.name, order, (int)size, n,
                  rows->count);
    same_ids(got, want, n, order);

    ck_ok(hg_query_limit(query, (int64_t)rows->count, &err), err);
    ck_ok(hgi_find(owner, rows->of, query, &last, &err), err);
    end = cursor_at(last, rows->count - 1);
    hgi_list_free(last);
    ck_ok(hg_query_before(query, hg_text_ptr(end), hg_text_len(end), &err), err);
    hg_text_free(end);
    n = read_pages(owner, rows->of, query, size, 1, got, rows->count);
    ck_assert_msg(n == rows->count - 1, "%s by %s: pages backwards have %zu rows, want %zu", rows->of->info.name, order, n,
                  rows->count - 1);
    turn_pages(got, n, (size_t)size);
    same_ids(got, want, n, fixture_text("backwards by %s", order));
}

static const char *
order_by(hg_query *query, const hgi_table *table, int32_t column, int32_t direction, int32_t nulls)
{
    int first = nulls == HG_NULLS_DEFAULT ? direction : nulls == HG_NULLS_FIRST;

    ck_ok(hg_query_order(query, column, direction, nulls, &err), err);
    return fixture_text("%s %s NULLS %s", table->info.columns[column].name, direction ? "DESC" : "ASC",
                        first ? "FIRST" : "LAST");
}

static int
is_sortable(const hgi_table *table, int32_t column)
{
    int32_t kind = table->info.columns[column].kind;

    return kind != HG_KIND_JSON && kind != HG_KIND_TEXT_LIST;
}

START_TEST(pages_by_every_column_are_the_whole)
{
    query_rows rows;

    query_rows_make(&rows, _i, ROWS);

    for (int32_t c = 0; c < rows.of->info.column_count; c++)
        for (int32_t way = 0; way < 4 && is_sortable(rows.of, c); way++) {
            hg_query *query = query_rows_only(&rows);
            int32_t nulls = way < 2 ? HG_NULLS_DEFAULT : way % 2 == HG_ASCENDING ? HG_NULLS_FIRST : HG_NULLS_LAST;

            check_order(&rows, query, fixture_text("%s, id", order_by(query, rows.of, c, way % 2, nulls)), 8);
            hg_query_free(query);
        }
    query_rows_free(&rows);
}
END_TEST

START_TEST(pages_by_several_columns_in_mixed_directions_are_the_whole)
{
    uint64_t state = test_seed + (uint64_t)_i;
    query_rows rows;

    query_rows_make(&rows, (int32_t)(random_next(&state) % (uint64_t)hgi_table_count), ROWS);
    for (int round = 0; round < 10; round++) {
        hg_query *query = query_rows_only(&rows);
        size_t keys = 2 + random_next(&state) % 6;
        const char *order = "";

        while (keys > 0) {
            int32_t column = (int32_t)(random_next(&state) % (uint64_t)rows.of->info.column_count);

            if (!is_sortable(rows.of, column))
                continue;
            order = fixture_text("%s%s, ", order, order_by(query, rows.of, column, (int32_t)(random_next(&state) % 2),
                                                            (int32_t)(random_next(&state) % 3)));
            keys--;
        }
        check_order(&rows, query, fixture_text("%sid", order), 1 + (int64_t)(random_next(&state) % 7));
        hg_query_free(query);
    }
    query_rows_free(&rows);
}
END_TEST

/* ---- Many rows with one key ------------------------------------------------------------------------------------------------- */

static const char *
make_metrics(long count, const char *value, const char *at)
{
    const char *name = unique_text().ptr;

    sql_do("INSERT INTO public.system_metrics (id, metric_name, metric_value, recorded_at) "
           "SELECT gen_random_uuid(), '%s', %s, %s FROM generate_series(1, %ld) AS g", name, value, at, count);
    return name;
}

static hg_query *
metrics_named(const char *name)
{
    hg_query *query = hg_query_new(HG_TABLE_SYSTEM_METRICS);

    ck_ok(hg_query_where_text(query, HG_SYSTEM_METRIC_METRIC_NAME, HG_OP_EQ, name, strlen(name), &err), err);
    return query;
}

static int
compare_ids(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(hg_uuid));
}

static void
check_all_once(hg_uuid *ids, size_t count, size_t want, const char *what)
{
    ck_assert_msg(count == want, "%s: %zu rows, want %zu", what, count, want);
    qsort(ids, count, sizeof *ids, compare_ids);
    for (size_t i = 1; i < count; i++)
        ck_assert_msg(memcmp(&ids[i - 1], &ids[i], sizeof *ids) != 0, "%s: a row came twice", what);
}

START_TEST(thousand_rows_with_one_key_come_once_each)
{
    static const char *const times[] = { "'2026-01-01'", "NULL", "CASE WHEN g % 2 = 0 THEN timestamp '2026-01-01' END" };
    enum { MANY = 1500 };
    hg_uuid *ids = fixture_memory((MANY + 1) * sizeof *ids);
    const char *name = make_metrics(MANY, "1", times[_i % 3]);
    hg_query *query = metrics_named(name);
    hg_system_metric_list *list;
    hg_text *cursor;
    size_t count;

    ck_ok(hg_query_order(query, HG_SYSTEM_METRIC_RECORDED_AT, _i / 3 % 2, _i / 6, &err), err);
    ck_ok(hg_query_order(query, HG_SYSTEM_METRIC_METRIC_VALUE, HG_DESCENDING, 0, &err), err);
    count = read_pages(service, hgi_tables[HG_TABLE_SYSTEM_METRICS], query, 100, 0, ids, MANY);
    check_all_once(ids, count, MANY, "forwards");

    ck_ok(hg_query_limit(query, MANY, &err), err);
    ck_ok(hg_system_metric_find(service, query, &list, &err), err);
    ck_ok(hg_system_metric_list_cursor(list, MANY - 1, &cursor, &err), err);
    ck_ok(hg_query_before(query, hg_text_ptr(cursor), hg_text_len(cursor), &err), err);
    count = read_pages(service, hgi_tables[HG_TABLE_SYSTEM_METRICS], query, 100, 1, ids, MANY);
    check_all_once(ids, count, MANY - 1, "backwards");

    hg_text_free(cursor);
    hg_system_metric_list_free(list);
    hg_query_free(query);
}
END_TEST

/* A page is a place in an order, not a number of rows: what comes or goes elsewhere moves nothing. */
START_TEST(rows_that_come_and_go_between_pages_shift_nothing)
{
    enum { MANY = 200 };
    const char *name = make_metrics(MANY, "g", "timestamp '2026-01-01' + g * interval '1 hour'");
    hg_query *query = metrics_named(name);
    hg_system_metric_list *list;
    hg_decimal seen = { 0 };
    long count = 0;

    ck_ok(hg_query_order(query, HG_SYSTEM_METRIC_RECORDED_AT, HG_DESCENDING, 0, &err), err);
    ck_ok(hg_query_limit(query, 10, &err), err);
    for (;;) {
        hg_text *cursor;
        size_t n;

        ck_ok(hg_system_metric_find(service, query, &list, &err), err);
        n = hg_system_metric_list_count(list);
        for (size_t i = 0; i < n; i++) {
            const hg_system_metric *row = hg_system_metric_list_at(list, i);

            if (row->metric_value.unscaled == 0)
                continue;                                /* of those that came meanwhile, behind the page */
            ck_assert_msg(count == 0 || row->metric_value.unscaled == seen.unscaled - 10000, "%lld behind %lld",
                          (long long)row->metric_value.unscaled, (long long)seen.unscaled);
            seen = row->metric_value;
            count++;
        }
        if (n < 10)
            break;
        ck_ok(hg_system_metric_list_cursor(list, n - 1, &cursor, &err), err);
        ck_ok(hg_query_after(query, hg_text_ptr(cursor), hg_text_len(cursor), &err), err);
        /* One before all, one in the future of the pages, and the row of the cursor itself goes. */
        sql_do("INSERT INTO public.system_metrics (metric_name, metric_value, recorded_at) VALUES "
               "('%s', 0, '2030-01-01'), ('%s', 0, '2025-01-01')", name, name);
        sql_do("DELETE FROM public.system_metrics WHERE id = '%s'", uuid_text(&hg_system_metric_list_at(list, n - 1)->id));
        hg_text_free(cursor);
        hg_system_metric_list_free(list);
    }
    hg_system_metric_list_free(list);
    ck_assert_int_eq(count, MANY);
    hg_query_free(query);
}
END_TEST

START_TEST(count_is_under_the_same_filters_whatever_the_page)
{
    const char *name = make_metrics(50, "g", "NULL");
    hg_query *query = metrics_named(name);
    hg_system_metric_list *list;
    hg_text *cursor;
    int64_t count;
    uint64_t trips;

    ck_ok(hg_query_limit(query, 10, &err), err);
    trips = conn_stats(service).round_trips;
    ck_ok(hg_system_metric_find(service, query, &list, &err), err);
    ck_assert_uint_eq(conn_stats(service).round_trips, trips + 1);         /* a total only when it is asked for */
    ck_ok(hg_system_metric_list_cursor(list, 9, &cursor, &err), err);
    ck_ok(hg_query_after(query, hg_text_ptr(cursor), hg_text_len(cursor), &err), err);
    ck_ok(hg_system_metric_count(service, query, &count, &err), err);
    ck_assert_int_eq(count, 50);

    hg_text_free(cursor);
    hg_system_metric_list_free(list);
    hg_query_free(query);
}
END_TEST

/* A value that a newer schema has and this build does not know is a sort key like any other. */
START_TEST(page_may_end_at_a_value_that_this_build_does_not_know)
{
    hg_uuid user = fixture_user(HG_USER_USER_TYPE_COMPANY), *ids = fixture_memory(7 * sizeof *ids);
    hg_query *query = hg_query_new(HG_TABLE_NOTIFICATIONS);
    size_t count;

    ck_ok(hg_query_where_uuid(query, HG_NOTIFICATION_USER_ID, HG_OP_EQ, &user, &err), err);
    ck_ok(hg_query_order(query, HG_NOTIFICATION_PRIORITY, HG_ASCENDING, 0, &err), err);
    ck_ok(hg_tx_begin(owner, NULL, &err), err);
    ck_ok(hgi_command(owner, "ALTER TABLE public.notifications DROP CONSTRAINT notifications_priority_check", 0, NULL, &err),
          err);
    for (int i = 0; i < 6; i++)
        ck_ok(hgi_command(owner, fixture_text("INSERT INTO public.notifications (user_id, notification_type, title, message, "
                                              "priority) VALUES ('%s', 't', 't', 'm', '%s')", uuid_text(&user),
                                              i % 2 ? "from_the_future" : "high"), 0, NULL, &err), err);

    count = read_pages(owner, hgi_tables[HG_TABLE_NOTIFICATIONS], query, 1, 0, ids, 7);

    check_all_once(ids, count, 6, "pages of one");
    ck_ok(hg_tx_rollback(owner, &err), err);
    hg_query_free(query);
}
END_TEST

/* ---- Cursors that are not for this query ------------------------------------------------------------------------------------- */

/* A cursor of the middle of ten metrics, ordered by time. */
static const char *
some_cursor(hg_query **out)
{
    const char *name = make_metrics(10, "g", "timestamp '2026-01-01' + g * interval '1 hour'"), *text;
    hg_system_metric_list *list;
    hg_text *cursor;

    *out = metrics_named(name);
    ck_ok(hg_query_order(*out, HG_SYSTEM_METRIC_RECORDED_AT, HG_DESCENDING, 0, &err), err);
    ck_ok(hg_system_metric_find(service, *out, &list, &err), err);
    ck_ok(hg_system_metric_list_cursor(list, 4, &cursor, &err), err);
    text = fixture_text("%s", hg_text_ptr(cursor));
    ck_assert_uint_eq(strlen(text), hg_text_len(cursor));
    hg_text_free(cursor);
    hg_system_metric_list_free(list);
    return text;
}

static hg_status
find_after(hg_query *query, const char *cursor)
{
    uint64_t trips = conn_stats(service).round_trips;
    hg_system_metric_list *list = NULL;
    hg_status st;

    st = hg_query_after(query, cursor, strlen(cursor), &err);
    if (st == HG_OK)
        st = hg_system_metric_find(service, query, &list, &err);
    if (st != HG_OK)
        ck_assert_uint_eq(conn_stats(service).round_trips, trips);         /* nothing was sent */
    hg_system_metric_list_free(list);
    hg_query_free(query);
    return st;
}

START_TEST(cursor_is_printable_and_stands_in_an_address)
{
    hg_query *query;
    const char *cursor = some_cursor(&query);

    ck_assert_uint_eq(strspn(cursor, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"), strlen(cursor));
    ck_ok(find_after(query, cursor), err);
}
END_TEST

START_TEST(cursor_of_another_order_is_refused)
{
    static const int32_t keys[][4] = {                  /* count, column, direction, nulls */
        { 0, 0, 0, 0 }, { 1, HG_SYSTEM_METRIC_METRIC_VALUE, HG_DESCENDING, 0 },
        { 1, HG_SYSTEM_METRIC_RECORDED_AT, HG_ASCENDING, 0 },
        { 1, HG_SYSTEM_METRIC_RECORDED_AT, HG_DESCENDING, HG_NULLS_LAST },
        { 2, HG_SYSTEM_METRIC_RECORDED_AT, HG_DESCENDING, 0 },
    };
    hg_query *query, *other;
    const char *cursor = some_cursor(&query);

    hg_query_free(query);
    other = metrics_named("x");
    for (int32_t i = 0; i < keys[_i][0]; i++)
        ck_ok(hg_query_order(other, i == 0 ? keys[_i][1] : HG_SYSTEM_METRIC_METRIC_UNIT, keys[_i][2], keys[_i][3], &err), err);

    ck_status(find_after(other, cursor), HG_E_INVALID, err);
    ck_says(err, "another order");
}
END_TEST

START_TEST(cursor_of_other_filters_is_refused_but_not_of_other_values)
{
    hg_query *query, *other;
    const char *cursor = some_cursor(&query);

    other = hg_query_copy(query);
    ck_ok(hg_query_where_null(other, HG_SYSTEM_METRIC_METRIC_UNIT, 1, &err), err);
    ck_status(find_after(other, cursor), HG_E_INVALID, err);
    ck_says(err, "other filters");

    other = metrics_named("another name");
    ck_ok(hg_query_order(other, HG_SYSTEM_METRIC_RECORDED_AT, HG_DESCENDING, 0, &err), err);
    ck_ok(find_after(other, cursor), err);
    hg_query_free(query);
}
END_TEST

START_TEST(cursor_of_another_table_is_refused)
{
    hg_query *query, *other = hg_query_new(HG_TABLE_JOBS);
    const char *cursor = some_cursor(&query);

    ck_status(hg_query_after(other, cursor, strlen(cursor), &err), HG_E_INVALID, err);
    ck_says(err, "another table");
    ck_status(hg_query_before(other, cursor, strlen(cursor), &err), HG_E_INVALID, err);
    hg_query_free(query);
    hg_query_free(other);
}
END_TEST

START_TEST(cursor_that_was_cut_or_altered_is_refused)
{
    hg_query *query;
    char *cursor = fixture_text("%s", some_cursor(&query));
    size_t len = strlen(cursor);

    for (size_t i = 0; i < len; i++) {
        char kept = cursor[i];

        for (const char *c = "Aa0-_ =+/%\x80"; *c != '\0'; c++) {
            if (*c == kept)
                continue;
            cursor[i] = *c;
            if (hg_query_after(query, cursor, len, &err) != HG_E_INVALID)
                ck_abort_msg("character %zu as '%c' was taken", i, *c);
        }
        cursor[i] = kept;
        if (i > 0 && hg_query_after(query, cursor, i, &err) != HG_E_INVALID)
            ck_abort_msg("cut behind %zu characters it was taken", i);
    }
    ck_status(hg_query_after(query, fixture_text("%sA", cursor), len + 1, &err), HG_E_INVALID, err);
    ck_status(hg_query_after(query, NULL, 3, &err), HG_E_INVALID, err);
    ck_ok(hg_query_after(query, cursor, len, &err), err);
    ck_ok(hg_query_after(query, NULL, 0, &err), err);
    hg_query_free(query);
}
END_TEST

/* ---- Cursors that somebody made up: keyset.c tells their form ----------------------------------------------------------------- */

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static size_t
bytes_of(const char *text, uint8_t *bytes)
{
    uint32_t bits = 0, count = 0;
    size_t len = 0;

    for (; *text != '\0'; text++) {
        bits = bits << 6 | (uint32_t)(strchr(digits, *text) - digits);
        count += 6;
        if (count >= 8)
            bytes[len++] = (uint8_t)(bits >> (count -= 8));
    }
    return len;
}

/* With the sum that belongs to them, in place of the last four. */
static const char *
cursor_of(uint8_t *bytes, size_t len)
{
    char *text = fixture_memory(len * 2 + 4), *p = text;
    uint32_t sum = 2166136261u;

    for (size_t i = 0; i + 4 < len; i++)
        sum = (sum ^ bytes[i]) * 16777619u;
    hgi_put32((char *)bytes + len - 4, sum);
    for (size_t bit = 0; bit < len * 8; bit += 6) {
        uint32_t two = (uint32_t)bytes[bit / 8] << 8 | (bit / 8 + 1 < len ? bytes[bit / 8 + 1] : 0u);

        *p++ = digits[two >> (10 - bit % 8) & 63];
    }
    *p = '\0';
    return text;
}

/* Found once: three bytes in place of a value's length made it -1, and libpq copied as much; and a time of seven bytes was to the
 * server a broken protocol, for which it closed the connection. */
START_TEST(forged_cursor_is_refused_or_a_place_and_harms_nothing)
{
    static const uint8_t others[] = { 0, 1, 16, 0x7f, 0xff };
    const char *name = make_metrics(3, "g", "timestamp '2026-01-01' + g * interval '1 hour'");
    hg_query *query = metrics_named(name);
    hg_system_metric_list *list;
    hg_text *cursor;
    uint8_t bytes[256], copy[260];
    size_t len;

    ck_ok(hg_query_order(query, HG_SYSTEM_METRIC_RECORDED_AT, HG_DESCENDING, 0, &err), err);
    ck_ok(hg_query_order(query, HG_SYSTEM_METRIC_METRIC_VALUE, HG_ASCENDING, 0, &err), err);
    ck_ok(hg_query_order(query, HG_SYSTEM_METRIC_METRIC_NAME, HG_ASCENDING, 0, &err), err);
    ck_ok(hg_query_limit(query, 1, &err), err);
    ck_ok(hg_system_metric_find(service, query, &list, &err), err);
    ck_ok(hg_system_metric_list_cursor(list, 0, &cursor, &err), err);
    len = bytes_of(hg_text_ptr(cursor), bytes);
    ck_assert_str_eq(cursor_of(bytes, len), hg_text_ptr(cursor));
    hg_system_metric_list_free(list);
    hg_text_free(cursor);

    for (size_t at = 0; at < len - 4; at++)
        for (size_t i = 0; i < sizeof others; i++)
            for (size_t cut = 0; cut < 4; cut++) {
                hg_status st;

                memcpy(copy, bytes, len);
                copy[at] = others[i];
                memmove(copy + at, copy + at + cut, len - at - cut);
                st = find_after(hg_query_copy(query), cursor_of(copy, len - cut));
                ck_assert_msg(st == HG_OK || st == HG_E_INVALID, "byte %zu as %d, %zu left out: %s", at, others[i], cut, err.message);
            }
    hg_query_free(query);
}
END_TEST

START_TEST(refused_cursor_leaves_the_page_as_it_was)
{
    hg_query *query;
    const char *cursor = some_cursor(&query);
    hg_system_metric_list *list;

    ck_ok(hg_query_after(query, cursor, strlen(cursor), &err), err);
    ck_status(hg_query_before(query, "no cursor", 9, &err), HG_E_INVALID, err);
    ck_ok(hg_system_metric_find(service, query, &list, &err), err);
    ck_assert_uint_eq(hg_system_metric_list_count(list), 5);
    hg_system_metric_list_free(list);
    hg_query_free(query);
}
END_TEST

START_TEST(cursor_needs_a_row_and_its_id)
{
    hg_query *query;
    hg_system_metric_list *list;
    hg_text *cursor;

    some_cursor(&query);
    ck_ok(hg_query_columns(query, HG_BIT(HG_SYSTEM_METRIC_METRIC_UNIT), &err), err);
    ck_ok(hg_system_metric_find(service, query, &list, &err), err);
    ck_ok(hg_system_metric_list_cursor(list, 0, &cursor, &err), err);       /* sort keys come along unasked */
    hg_text_free(cursor);
    ck_status(hg_system_metric_list_cursor(list, 10, &cursor, &err), HG_E_INVALID, err);
    ck_assert_ptr_null(cursor);
    ck_status(hg_system_metric_list_cursor(NULL, 0, &cursor, &err), HG_E_INVALID, err);
    ck_status(hg_system_metric_list_cursor(list, 0, NULL, &err), HG_E_INVALID, err);
    hg_system_metric_list_free(list);
    hg_query_free(query);
}
END_TEST

Suite *
suite_query_pages(void)
{
    Suite *suite = suite_create("query/pages");
    TCase *tcase = query_case(suite, "orders", 120);

    tcase_add_loop_test(tcase, pages_by_every_column_are_the_whole, 0, hgi_table_count);
    tcase_add_loop_test(tcase, pages_by_several_columns_in_mixed_directions_are_the_whole, 0, 10);
    tcase_add_loop_test(tcase, thousand_rows_with_one_key_come_once_each, 0, 18);
    tcase_add_test(tcase, rows_that_come_and_go_between_pages_shift_nothing);
    tcase_add_test(tcase, count_is_under_the_same_filters_whatever_the_page);
    tcase_add_test(tcase, page_may_end_at_a_value_that_this_build_does_not_know);
    tcase = query_case(suite, "cursors", 30);
    tcase_add_test(tcase, cursor_is_printable_and_stands_in_an_address);
    tcase_add_loop_test(tcase, cursor_of_another_order_is_refused, 0, 5);
    tcase_add_test(tcase, cursor_of_other_filters_is_refused_but_not_of_other_values);
    tcase_add_test(tcase, cursor_of_another_table_is_refused);
    tcase_add_test(tcase, cursor_that_was_cut_or_altered_is_refused);
    tcase_add_test(tcase, forged_cursor_is_refused_or_a_place_and_harms_nothing);
    tcase_add_test(tcase, refused_cursor_leaves_the_page_as_it_was);
    tcase_add_test(tcase, cursor_needs_a_row_and_its_id);
    return suite;
}
