/* query/depth - a page reads a page, however deep it lies: behind or before the cursor, in every direction, with NULLs at either
 * end, by one, two and three sort keys of which some or none may be NULL. Each order has its index, and what is counted is
 * the rows that the server looks at: to sort, to leave out or to give.
 *
 * What pages answer is pages.c's; here they are compared with the list that they are cut from. */
#include "query/rows.h"
#include "suites.h"

#include <stdlib.h>
#include <string.h>

/* Besides its rows a page may read those that share the cursor's time, SHARED at most, and what the server's guesses cost: an end
 * of the list, or a small group, is read and sorted at once. */
enum { ROWS = 1500, PAGE = 10, SHARED = 4, READ_MOST = 60, KEYS_MAX = 3 };

static const struct { const char *what; int32_t count, columns[KEYS_MAX]; } sorts[] = {
    { "by value",                   1, { HG_SYSTEM_METRIC_METRIC_VALUE } },
    { "by time",                    1, { HG_SYSTEM_METRIC_RECORDED_AT } },
    { "by name and time",           2, { HG_SYSTEM_METRIC_METRIC_NAME, HG_SYSTEM_METRIC_RECORDED_AT } },
    { "by unit and time",           2, { HG_SYSTEM_METRIC_METRIC_UNIT, HG_SYSTEM_METRIC_RECORDED_AT } },
    { "by name, unit and value",    3, { HG_SYSTEM_METRIC_METRIC_NAME, HG_SYSTEM_METRIC_METRIC_UNIT, HG_SYSTEM_METRIC_METRIC_VALUE } },
};

enum { SORTS = sizeof sorts / sizeof *sorts };

/* Three names, of each three units and none, a fifth of the rows without a time and a third without a value. */
static void
fill(void)
{
    sql_do("INSERT INTO public.system_metrics (id, metric_name, metric_unit, metric_value, recorded_at) "
           "SELECT gen_random_uuid(), 'name' || n %% 3, 'unit' || nullif(n / 3 %% 4, 0), CASE WHEN n %% 7 > 1 THEN n END, "
           "CASE WHEN n %% 11 > 1 THEN timestamp '2026-01-01' + n / %d * interval '1 minute' END "
           "FROM generate_series(1, %d) AS n", SHARED, ROWS);
    sql_do("DROP INDEX public.system_metrics_metric_name_recorded_at_idx");
    sql_do("VACUUM ANALYZE public.system_metrics");
}

static void
make_database(void)
{
    fixture_own_database("hotgigs_depth");
    fixture_open();
    fill();
    fixture_close();
}

static void
drop_database(void)
{
    fixture_own_database(NULL);
}

static long
looked_at(void)
{
    hgi_result *result = NULL;
    size_t len;
    long count;

    ck_ok(hgi_command(owner, "SELECT (seq_tup_read + coalesce(idx_tup_fetch, 0))::text FROM pg_stat_xact_user_tables "
                      "WHERE relname = 'system_metrics'", 0, &result, &err), err);
    count = atol(hgi_result_cell(result, 0, 0, &len));
    hgi_result_free(result);
    return count;
}

static void
check_page(const hg_query *query, const hg_system_metric_list *all, size_t at, int before, const char *order)
{
    hg_query *page = hg_query_copy(query);
    size_t first = before ? at - PAGE : at + 1;
    hg_system_metric_list *list;
    hg_text *cursor;
    long read;

    ck_ok(hg_system_metric_list_cursor(all, at, &cursor, &err), err);
    ck_ok(before ? hg_query_before(page, hg_text_ptr(cursor), hg_text_len(cursor), &err)
                 : hg_query_after(page, hg_text_ptr(cursor), hg_text_len(cursor), &err), err);
    ck_ok(hg_query_limit(page, PAGE, &err), err);
    read = looked_at();
    ck_ok(hg_system_metric_find(owner, page, &list, &err), err);
    read = looked_at() - read;

    ck_assert_uint_eq(hg_system_metric_list_count(list), PAGE);
    for (size_t i = 0; i < PAGE; i++)
        ck_assert_msg(memcmp(&hg_system_metric_list_at(list, i)->id, &hg_system_metric_list_at(all, first + i)->id,
                             sizeof(hg_uuid)) == 0, "%s: row %zu %s row %zu is another", order, i, before ? "before" : "behind", at);
    ck_assert_msg(read <= READ_MOST, "%s: the %d rows %s row %zu are found among %ld", order, PAGE,
                  before ? "before" : "behind", at, read);
    hg_system_metric_list_free(list);
    hg_text_free(cursor);
    hg_query_free(page);
}

/* Bit 2 i of way: key i is descending; bit 2 i + 1: its NULLs come first, which is the same where there are none. */
static const char *
order_of(hg_query *query, int32_t sort, unsigned way)
{
    const char *order = "";

    for (int32_t i = 0; i < sorts[sort].count; i++, way >>= 2) {
        const hg_column_info *column = &query->table->info.columns[sorts[sort].columns[i]];

        ck_ok(hg_query_order(query, sorts[sort].columns[i], way & 1, way & 2 ? HG_NULLS_FIRST : HG_NULLS_LAST, &err), err);
        order = fixture_text("%s%s %s%s, ", order, column->name, way & 1 ? "DESC" : "ASC",
                             !column->nullable ? "" : way & 2 ? " NULLS FIRST" : " NULLS LAST");
    }
    return fixture_text("%sid", order);
}

START_TEST(page_reads_a_page_however_deep)
{
    static const size_t places[] = { 300, 800, 1350 };
    unsigned ways = 1u << 2 * sorts[_i].count, step = sorts[_i].count < KEYS_MAX ? 1 : 5;

    for (unsigned way = 0; way < ways; way += step) {
        hg_query *query = hg_query_new(HG_TABLE_SYSTEM_METRICS);
        const char *order = order_of(query, _i, way);
        hg_system_metric_list *all;

        sql_do("DROP INDEX IF EXISTS public.depth_idx");
        sql_do("CREATE INDEX depth_idx ON public.system_metrics (%s)", order);
        ck_ok(hg_tx_begin(owner, NULL, &err), err);
        ck_ok(hg_query_limit(query, ROWS, &err), err);
        ck_ok(hg_system_metric_find(owner, query, &all, &err), err);
        ck_assert_uint_eq(hg_system_metric_list_count(all), ROWS);
        for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
            check_page(query, all, places[i], 0, order);
            check_page(query, all, places[i], 1, order);
        }
        ck_ok(hg_tx_rollback(owner, &err), err);
        hg_system_metric_list_free(all);
        hg_query_free(query);
    }
}
END_TEST

Suite *
suite_query_depth(void)
{
    Suite *suite = suite_create("query/depth");
    TCase *tcase = query_case(suite, "pages", 60);

    tcase_add_unchecked_fixture(tcase, make_database, drop_database);
    tcase_add_loop_test(tcase, page_reads_a_page_however_deep, 0, SORTS);
    return suite;
}
