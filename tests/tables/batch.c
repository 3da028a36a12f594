/* tables/batch - many rows in one call: all of them or none, in the order of the input, and lists of any length. */
#include "fixture.h"
#include "suites.h"

#include <stddef.h>
#include <string.h>

static uint64_t trips;

static void
from_here(void)
{
    trips = conn_stats(service).round_trips;
}

#define ck_trips(want) \
    ck_assert_msg(conn_stats(service).round_trips - trips == (want), "%d round trips, want %d", \
                  (int)(conn_stats(service).round_trips - trips), (int)(want))

static const uint64_t metric_set = HG_BIT(HG_SYSTEM_METRIC_METRIC_NAME) | HG_BIT(HG_SYSTEM_METRIC_METRIC_VALUE);

static hg_system_metric *
metrics(size_t count, const char *name)
{
    hg_system_metric *rows = fixture_memory(count * sizeof *rows);

    for (size_t i = 0; i < count; i++)
        rows[i] = (hg_system_metric){ .struct_size = sizeof *rows, .metric_name = { name, strlen(name) },
                                      .metric_value = { .unscaled = (int64_t)i } };
    return rows;
}

static long
stored(const char *name)
{
    return sql_int("SELECT count(*) FROM system_metrics WHERE metric_name = '%s'", name);
}

/* Row i of the list is row i of the input, and its id is greater than the one before. */
static void
expect_in_order(const hg_system_metric_list *list, size_t count)
{
    size_t n, stride;
    const char *rows = (const char *)hg_system_metric_list_rows(list, &n, &stride);

    ck_assert_msg(n == count, "%zu rows came back, want %zu", n, count);
    for (size_t i = 0; i < n; i++) {
        const hg_system_metric *row = (const void *)(rows + i * stride);

        ck_assert_msg(row->metric_value.unscaled == (int64_t)i * 10000 && row->metric_value.scale == 4,
                      "row %zu of the list is another's", i);
        ck_assert_msg(i == 0 || memcmp(row->id.bytes, ((const hg_system_metric *)(const void *)
                                                       (rows + (i - 1) * stride))->id.bytes, 16) > 0,
                      "the id of row %zu is not greater than the one before", i);
    }
}

START_TEST(an_empty_batch_is_success_and_an_empty_list_without_a_trip)
{
    hg_system_metric_list *list = NULL;
    size_t count = 9, stride = 9;

    from_here();
    ck_ok(hg_system_metric_insert_many(service, NULL, 0, sizeof(hg_system_metric), metric_set, &list, &err),
          err);
    ck_assert_msg(list != NULL && hg_system_metric_list_count(list) == 0, "no empty list");
    ck_assert_msg(hg_system_metric_list_rows(list, &count, &stride) == NULL && count == 0, "an empty list has rows");
    hg_system_metric_list_free(list);
    ck_ok(hg_system_metric_insert_many(service, NULL, 0, sizeof(hg_system_metric), 0, NULL, &err), err);
    ck_trips(0);
}
END_TEST

/* The rows of another table's draft are NULL, 0 and 0: that is a mistake, and not an empty batch. */
START_TEST(a_draft_of_another_table_is_no_empty_batch)
{
    hg_draft *draft = hg_job_draft_new();
    hg_system_metric_list *list = (hg_system_metric_list *)(void *)&draft;
    size_t count, stride;
    uint64_t set;
    const hg_system_metric *rows = hg_system_metric_draft_rows(draft, &count, &stride, &set);

    from_here();
    ck_status(hg_system_metric_insert_many(service, rows, count, stride, set, &list, &err), HG_E_INVALID, err);
    ck_assert_msg(list == NULL, "*out is not NULL after a failure");
    ck_trips(0);
    hg_draft_free(draft);
}
END_TEST

START_TEST(a_row_that_is_longer_than_stride_is_refused)
{
    hg_system_metric *rows = metrics(2, "x");

    from_here();
    ck_status(hg_system_metric_insert_many(service, rows, 2, sizeof *rows - 8, metric_set, NULL, &err), HG_E_INVALID, err);
    ck_says(err, "stride");
    ck_trips(0);
}
END_TEST

START_TEST(rows_come_back_in_the_order_of_the_input)
{
    static const size_t sizes[] = { 1, 2, 63, 64, 65, 256, 257, 1000, 5000 };
    size_t n = sizes[_i];
    const char *name = unique_text().ptr;
    hg_system_metric *rows = metrics(n, name);
    hg_system_metric_list *list = NULL;

    from_here();
    ck_ok(hg_system_metric_insert_many(service, rows, n, sizeof *rows, metric_set, &list, &err), err);
    ck_trips(1);
    expect_in_order(list, n);
    hg_system_metric_list_free(list);
}
END_TEST

START_TEST(a_hundred_thousand_rows_are_one_trip_and_few_allocations)
{
    enum { N = 100000 };
    const char *name = unique_text().ptr;
    hg_system_metric *rows = metrics(N, name);
    hg_system_metric_list *list = NULL;
    hg_uuid *ids = fixture_memory(N * sizeof *ids);
    long allocations;

    from_here();
    hgi_fault_at(0);
    ck_ok(hg_system_metric_insert_many(service, rows, N, sizeof *rows, metric_set, &list, &err), err);
    allocations = hgi_fault_count();
    ck_trips(1);
    expect_in_order(list, N);
    ck_assert_msg(allocations < 200, "%ld allocations for a batch", allocations);
    for (size_t i = 0; i < N; i++)
        ids[i] = hg_system_metric_list_at(list, i)->id;
    hg_system_metric_list_free(list);
    list = NULL;

    hgi_fault_at(0);
    ck_ok(hg_system_metric_get_many(service, ids, N, &list, &err), err);
    allocations = hgi_fault_count();
    ck_assert_msg(hg_system_metric_list_count(list) == N, "%zu rows, want %d", hg_system_metric_list_count(list), N);
    ck_assert_msg(allocations < 100, "%ld allocations for a list", allocations);
    hg_system_metric_list_free(list);
    sql_do("DELETE FROM system_metrics WHERE metric_name = '%s'", name);
}
END_TEST

START_TEST(rows_may_lie_in_something_longer)
{
    struct { hg_system_metric row; uint64_t more[5]; } rows[10];
    hg_system_metric_list *list = NULL;

    for (size_t i = 0; i < 10; i++) {
        rows[i].row = metrics(10, "x")[i];
        memset(rows[i].more, 0x55, sizeof rows[i].more);
    }
    ck_ok(hg_system_metric_insert_many(service, &rows[0].row, 10, sizeof rows[0], metric_set, &list, &err), err);
    expect_in_order(list, 10);
    hg_system_metric_list_free(list);
}
END_TEST

START_TEST(NULL_in_some_rows_is_NULL_in_those)
{
    hg_system_metric *rows = metrics(4, "x");
    hg_system_metric_list *list = NULL;

    for (size_t i = 0; i < 4; i += 2) {
        rows[i].metric_value = (hg_decimal){ 0 };
        rows[i].null_mask = HG_BIT(HG_SYSTEM_METRIC_METRIC_VALUE);
    }
    ck_ok(hg_system_metric_insert_many(service, rows, 4, sizeof *rows, metric_set, &list, &err), err);
    for (size_t i = 0; i < 4; i++)
        ck_assert_msg((hg_system_metric_list_at(list, i)->null_mask >> HG_SYSTEM_METRIC_METRIC_VALUE & 1) == (i % 2 == 0),
                      "row %zu", i);
    hg_system_metric_list_free(list);
}
END_TEST

/* ---- All or none ------------------------------------------------------------------------------------------------- */

START_TEST(a_row_that_is_refused_here_is_told_by_its_index_and_nothing_is_sent)
{
    const char *name = unique_text().ptr;
    hg_system_metric *rows = metrics(100, name);
    hg_system_metric_list *list = (hg_system_metric_list *)(void *)rows;

    rows[77].metric_name = (hg_str){ "\xff", 1 };
    from_here();
    ck_status(hg_system_metric_insert_many(service, rows, 100, sizeof *rows, metric_set, &list, &err), HG_E_INVALID, err);
    ck_says(err, "row 77: ");
    ck_column(err, HG_SYSTEM_METRIC_METRIC_NAME);
    ck_assert_str_eq(err.table, "system_metrics");
    ck_assert_msg(list == NULL, "*out is not NULL after a failure");
    ck_trips(0);
    ck_assert_msg(stored(name) == 0, "a part of the batch was stored");
}
END_TEST

/* Rows are looked at column by column; what is told is what a reader of the rows would meet first. */
static const struct { const char *name, *want; int32_t column; } worst[] = {
    { "the first row, though the other is found in an earlier column", "row 40: ", HG_SYSTEM_METRIC_METRIC_VALUE },
    { "the first column of one row", "row 40: ", HG_SYSTEM_METRIC_METRIC_NAME },
    { "a NULL that may not be, before a value that cannot be", "row 41: ", HG_SYSTEM_METRIC_METRIC_NAME },
    { "a value that is not in set", "row 3: ", HG_SYSTEM_METRIC_METRIC_UNIT },
    { "a value that is not in set, of a row that came from the database, is none", "row 40: ", HG_SYSTEM_METRIC_METRIC_VALUE },
    { "a row of an older header, before it", "row 39: ", HG_SYSTEM_METRIC_METRIC_VALUE },
    { "reserved0", "row 0: ", -1 },
    { "the last row", "row 99: ", HG_SYSTEM_METRIC_METRIC_VALUE },
};

START_TEST(of_several_bad_rows_the_first_is_told)
{
    hg_system_metric *rows = metrics(100, "x");
    const hg_str odd = { "\xff", 1 };
    const hg_decimal large = { .unscaled = INT64_MAX };
    size_t old = offsetof(hg_system_metric, metric_value);

    rows[99].metric_value = large;
    if (_i < 7) {
        rows[40].metric_value = large;
        rows[60].metric_name = odd;
    }
    switch (_i) {
    case 1: rows[40].metric_name = odd; break;
    case 2: rows[40].metric_value = (hg_decimal){ 0 }, rows[41].null_mask = HG_BIT(HG_SYSTEM_METRIC_METRIC_NAME),
            rows[41].metric_name = (hg_str){ 0 }, rows[42].metric_value = large; break;
    case 3: rows[3].metric_unit = (hg_str){ "s", 1 }; break;
    case 4: rows[3].metric_unit = (hg_str){ "s", 1 }, rows[3].loaded_mask = HG_BIT(HG_SYSTEM_METRIC_METRIC_UNIT); break;
    case 5: rows[39].struct_size = (uint32_t)old; break;
    case 6: rows[0].reserved0 = 1; break;
    default: break;
    }
    from_here();
    ck_assert_msg(hg_system_metric_insert_many(service, rows, 100, sizeof *rows, metric_set, NULL, &err) != HG_OK,
                  "%s: it was taken", worst[_i].name);
    ck_assert_msg(strncmp(err.message, worst[_i].want, strlen(worst[_i].want)) == 0, "%s: \"%s\", want \"%s...\"",
                  worst[_i].name, err.message, worst[_i].want);
    ck_assert_msg(err.column == worst[_i].column, "%s: column %d, want %d", worst[_i].name, (int)err.column,
                  (int)worst[_i].column);
    ck_trips(0);
}
END_TEST

static hg_notification *
notes(size_t count, hg_str title)
{
    hg_notification *rows = fixture_memory(count * sizeof *rows);
    hg_uuid user = fixture_user(HG_USER_USER_TYPE_CANDIDATE);

    for (size_t i = 0; i < count; i++)
        rows[i] = (hg_notification){ .struct_size = sizeof *rows, .user_id = user, .notification_type = { "t", 1 },
                                     .title = title, .message = { "m", 1 } };
    return rows;
}

static const uint64_t note_set = HG_BIT(HG_NOTIFICATION_USER_ID) | HG_BIT(HG_NOTIFICATION_NOTIFICATION_TYPE) |
                                 HG_BIT(HG_NOTIFICATION_TITLE) | HG_BIT(HG_NOTIFICATION_MESSAGE);

static long
stored_notes(hg_str title)
{
    return sql_int("SELECT count(*) FROM notifications WHERE title = '%s'", title.ptr);
}

START_TEST(a_row_that_the_server_refuses_takes_the_batch_with_it)
{
    hg_str title = unique_text();
    hg_notification *rows = notes(300, title);
    hg_notification_list *list = (hg_notification_list *)(void *)rows;

    hg_uuid_random(&rows[299].user_id);
    ck_status(hg_notification_insert_many(service, rows, 300, sizeof *rows, note_set, &list, &err), HG_E_CONSTRAINT, err);
    ck_column(err, HG_NOTIFICATION_USER_ID);
    ck_assert_msg(list == NULL, "*out is not NULL after a failure");
    ck_assert_msg(stored_notes(title) == 0, "a part of the batch was stored");
}
END_TEST

/* Each of the tenants may leave events of himself, and of nobody else; he reads none back. */
START_TEST(a_tenants_rows_are_judged_one_by_one_and_stored_all_or_none)
{
    static const int32_t types[] = { HG_USER_USER_TYPE_CANDIDATE, HG_USER_USER_TYPE_COMPANY, HG_USER_USER_TYPE_FREELANCE_RECRUITER };
    static const int32_t roles[] = { HG_ROLE_CANDIDATE, HG_ROLE_COMPANY, HG_ROLE_FREELANCER };
    const uint64_t set = HG_BIT(HG_ANALYTICS_EVENT_USER_ID) | HG_BIT(HG_ANALYTICS_EVENT_EVENT_TYPE);
    const hg_uuid self = fixture_user(types[_i]), other = fixture_user(types[_i]);
    const hg_identity who = identity(roles[_i], &self);
    hg_analytics_event rows[300];
    long stored;

    for (size_t i = 0; i < 300; i++)
        rows[i] = (hg_analytics_event){ .struct_size = sizeof rows[i], .user_id = self, .event_type = { "visit", 5 } };
    ck_ok(hg_session_enter(tenant, &who, &err), err);
    ck_ok(hg_analytics_event_insert_many(tenant, rows, 300, sizeof rows[0], set, NULL, &err), err);
    rows[299].user_id = other;
    ck_status(hg_analytics_event_insert_many(tenant, rows, 300, sizeof rows[0], set, NULL, &err), HG_E_DENIED, err);
    stored = sql_int("SELECT count(*) FROM analytics_events WHERE user_id IN ('%s', '%s')", uuid_text(&self), uuid_text(&other));
    ck_assert_msg(stored == 300, "%ld rows are stored, want the 300 of the first batch", stored);
}
END_TEST

/* More than one statement: 40 rows of a megabyte are two parts, in a transaction of the batch's own. */
enum { LARGE = 40, MEGABYTE = 1024 * 1024 };

static hg_notification *
large_notes(hg_str title)
{
    hg_notification *rows = notes(LARGE, title);
    char *text = fixture_memory(MEGABYTE + 1);

    memset(text, 'x', MEGABYTE);
    for (size_t i = 0; i < LARGE; i++)
        rows[i].message = (hg_str){ text, MEGABYTE - i };
    return rows;
}

START_TEST(a_batch_in_parts_is_one_transaction_and_keeps_its_order)
{
    hg_str title = unique_text();
    hg_notification *rows = large_notes(title);
    hg_notification_list *list = NULL;

    from_here();
    ck_ok(hg_notification_insert_many(service, rows, LARGE, sizeof *rows, note_set, &list, &err), err);
    ck_assert_msg(conn_stats(service).round_trips - trips == 3, "%d round trips, want two parts and COMMIT",
                  (int)(conn_stats(service).round_trips - trips));
    ck_assert_msg(!hg_tx_is_open(service), "the transaction is still open");
    for (size_t i = 0; i < LARGE; i++)
        ck_assert_msg(hg_notification_list_at(list, i)->message.len == MEGABYTE - i, "row %zu is another's", i);
    hg_notification_list_free(list);
    ck_assert_msg(stored_notes(title) == LARGE, "%ld rows are stored", stored_notes(title));
    sql_do("DELETE FROM notifications WHERE title = '%s'", title.ptr);
}
END_TEST

START_TEST(a_batch_in_parts_whose_last_row_fails_leaves_nothing)
{
    hg_str title = unique_text();
    hg_notification *rows = large_notes(title);
    hg_notification_list *list = NULL;

    hg_uuid_random(&rows[LARGE - 1].user_id);
    ck_status(hg_notification_insert_many(service, rows, LARGE, sizeof *rows, note_set, &list, &err), HG_E_CONSTRAINT, err);
    ck_assert_msg(list == NULL, "*out is not NULL after a failure");
    ck_assert_msg(!hg_tx_is_open(service), "the transaction is still open");
    ck_assert_msg(stored_notes(title) == 0, "%ld rows are stored, want none", stored_notes(title));
}
END_TEST

START_TEST(a_batch_in_parts_is_part_of_the_callers_transaction)
{
    hg_str title = unique_text();
    hg_notification *rows = large_notes(title);

    ck_ok(hg_tx_begin(service, NULL, &err), err);
    ck_ok(hg_notification_insert_many(service, rows, LARGE, sizeof *rows, note_set, NULL, &err), err);
    ck_assert_msg(hg_tx_is_open(service), "the batch ended the caller's transaction");
    ck_ok(hg_tx_rollback(service, &err), err);
    ck_assert_msg(stored_notes(title) == 0, "%ld rows are stored, want none", stored_notes(title));
}
END_TEST

/* ---- Reading many ------------------------------------------------------------------------------------------------ */

START_TEST(a_list_of_any_length_has_each_row_once_and_its_text)
{
    static const size_t sizes[] = { 1, 255, 256, 257, 2000 };
    size_t n = sizes[_i];
    hg_task *rows = fixture_memory(n * sizeof *rows);
    hg_uuid *ids = fixture_memory((n + 1) * sizeof *ids);
    hg_task_list *list = NULL;

    for (size_t i = 0; i < n; i++) {
        rows[i] = (hg_task){ .struct_size = sizeof *rows };
        hg_uuid_new(&rows[i].id);
        ids[i] = rows[i].id;
        rows[i].title = str_of(uuid_text(&ids[i]));
    }
    ck_ok(hg_task_insert_many(service, rows, n, sizeof *rows, HG_BIT(HG_TASK_ID) | HG_BIT(HG_TASK_TITLE), NULL, &err), err);
    ids[n] = ids[0];                                   /* an id that is given twice gives its row once */
    from_here();
    ck_ok(hg_task_get_many(service, ids, n + 1, &list, &err), err);
    ck_trips(1);
    ck_assert_msg(hg_task_list_count(list) == n, "%zu rows, want %zu", hg_task_list_count(list), n);
    for (size_t i = 0; i < n; i++) {
        const hg_task *row = hg_task_list_at(list, i);

        ck_assert_msg(strcmp(row->title.ptr, uuid_text(&row->id)) == 0, "row %zu has another's title: %s", i,
                      row->title.ptr);
        ck_assert_msg(row->title.ptr[row->title.len] == '\0', "no NUL byte behind the title of row %zu", i);
    }
    hg_task_list_free(list);
}
END_TEST

/* Inserts so many tasks whose title it gives back. */
static hg_str
tasks_of_one_title(size_t count)
{
    hg_task *rows = fixture_memory((count + 1) * sizeof *rows);
    hg_str title = unique_text();

    for (size_t i = 0; i < count; i++)
        rows[i] = (hg_task){ .struct_size = sizeof *rows, .title = title };
    ck_ok(hg_task_insert_many(service, rows, count, sizeof *rows, HG_BIT(HG_TASK_TITLE), NULL, &err), err);
    return title;
}

/* Finds them without a limit, looks at each, and gives back how many allocations of the library's own the call made. */
static long
find_all(hg_str title, size_t count)
{
    hg_query *query = hg_query_new(HG_TABLE_TASKS);
    hg_task_list *list = NULL;
    long allocations;

    ck_ok(hg_query_where_text(query, HG_TASK_TITLE, HG_OP_EQ, title.ptr, title.len, &err), err);
    hgi_fault_at(0);
    ck_ok(hg_task_find(service, query, &list, &err), err);
    allocations = hgi_fault_count();
    ck_assert_msg(hg_task_list_count(list) == count, "%zu rows, want %zu", hg_task_list_count(list), count);
    for (size_t i = 0; i < count; i++)
        ck_assert_msg(strcmp(hg_task_list_at(list, i)->title.ptr, title.ptr) == 0, "row %zu of %zu has another's title: %s", i,
                      count, hg_task_list_at(list, i)->title.ptr);
    hg_task_list_free(list);
    hg_query_free(query);
    return allocations;
}

/* One statement, of which nobody knows how many rows it gives: what it gave before says it. */
START_TEST(a_find_without_a_limit_reads_any_length_after_any_other)
{
    static const size_t lengths[] = { 3, 3, 1000, 3, 0, 300, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3 };
    long allocations = 0;

    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        allocations = find_all(tasks_of_one_title(lengths[i]), lengths[i]);
        if (i == 1)
            ck_assert_msg(allocations == 1, "three rows after three rows took %ld allocations, want 1", allocations);
        if (i == 3 || i == 4)           /* a thousand halved once, and twice, are no short list */
            ck_assert_msg(allocations > 1, "%zu rows soon after a thousand were thought to be few", lengths[i]);
    }
    ck_assert_msg(allocations == 1, "three rows long after a thousand took %ld allocations, want 1", allocations);
}
END_TEST

Suite *
suite_tables_batch(void)
{
    Suite *suite = suite_create("tables/batch");
    TCase *tc = tcase_create("batch");

    tcase_add_checked_fixture(tc, fixture_open_tenant, fixture_close);
    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, a_tenants_rows_are_judged_one_by_one_and_stored_all_or_none, 0, 3);
    tcase_add_test(tc, an_empty_batch_is_success_and_an_empty_list_without_a_trip);
    tcase_add_test(tc, a_draft_of_another_table_is_no_empty_batch);
    tcase_add_test(tc, a_row_that_is_longer_than_stride_is_refused);
    tcase_add_loop_test(tc, rows_come_back_in_the_order_of_the_input, 0, 9);
    tcase_add_test(tc, a_hundred_thousand_rows_are_one_trip_and_few_allocations);
    tcase_add_test(tc, rows_may_lie_in_something_longer);
    tcase_add_test(tc, NULL_in_some_rows_is_NULL_in_those);
    tcase_add_test(tc, a_row_that_is_refused_here_is_told_by_its_index_and_nothing_is_sent);
    tcase_add_loop_test(tc, of_several_bad_rows_the_first_is_told, 0, (int)(sizeof worst / sizeof worst[0]));
    tcase_add_test(tc, a_row_that_the_server_refuses_takes_the_batch_with_it);
    tcase_add_test(tc, a_batch_in_parts_is_one_transaction_and_keeps_its_order);
    tcase_add_test(tc, a_batch_in_parts_whose_last_row_fails_leaves_nothing);
    tcase_add_test(tc, a_batch_in_parts_is_part_of_the_callers_transaction);
    tcase_add_loop_test(tc, a_list_of_any_length_has_each_row_once_and_its_text, 0, 5);
    tcase_add_test(tc, a_find_without_a_limit_reads_any_length_after_any_other);
    suite_add_tcase(suite, tc);
    return suite;
}
