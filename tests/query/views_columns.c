/* views_columns.c - every column of every view, of those whom its reader may see, by every operator and in pages. */
#include "fixture.h"
#include "query/filter.h"
#include "query/query.h"
#include "query/views_scene.h"
#include "record/record_int.h"
#include "suites.h"

#include <string.h>

/* One filter over these rows of a view, against the answer of each as operators.c computes it for tables. */
static void
check_filter(const query_rows *these, int32_t column, int32_t op, const operand *with)
{
    const hg_column_info *info = &these->of->info.columns[column];
    hg_query *query = query_rows_only(these);
    hgi_list *list = NULL;

    ck_ok(filter_add(query, info->kind, column, op, with), err);
    ck_assert_msg(hgi_find(tenant, these->of, query, &list, &err) == HG_OK, "%s.%s %s: %s", these->of->info.name, info->name,
                  op_name(op), err.message);
    for (size_t i = 0; i < these->count; i++) {
        int want = filter_answer(info, op, hgi_field(these->of, column, query_row(these, i)), query_row_is_null(these, i, column), with);

        ck_assert_msg(want == -2 || (want == 1) == scene_is_in(list, &these->ids[i]), "%s.%s %s: row %s is %sfound", these->of->info.name,
                      info->name, op_name(op), uuid_text(&these->ids[i]), want == 1 ? "not " : "");
    }
    hgi_list_free(list);
    hg_query_free(query);
}

/* What is asked below are ten thousand statements, each with some operands: one plan a statement is enough. */
static void
open_scene_for_many(void)
{
    scene_open();
    fixture_done(tenant);
    tenant = fixture_conn(fixture_dsn_with("LOGIN", "options='-c plan_cache_mode=force_generic_plan'"), NULL);
}

/* Those that this persona sees of the view, thirty at most. */
static query_rows
rows_of(int who, int32_t number)
{
    query_rows these = { .table = number, .of = hgi_table_of(number) };
    hg_query *query = hg_query_new(number);

    scene_act_as(who);
    ck_ok(hg_query_order(query, 0, HG_ASCENDING, HG_NULLS_DEFAULT, &err), err);
    ck_ok(hg_query_limit(query, 30, &err), err);
    if (hgi_find(tenant, these.of, query, &these.list, &err) == HG_OK)
        these.count = hgi_list_count(these.list);
    hg_query_free(query);
    these.ids = fixture_memory(these.count * sizeof *these.ids + 1);
    for (size_t i = 0; i < these.count; i++)
        memcpy(&these.ids[i], hgi_field(these.of, 0, query_row(&these, i)), sizeof *these.ids);
    return these;
}

static void
ck_uint(size_t got, size_t want, const query_rows *these, int32_t column)
{
    ck_assert_msg(got == want, "%s by %s: %zu rows, want %zu", these->of->info.name, these->of->info.columns[column].name, got, want);
}

static size_t
check_filters(const query_rows *these, int32_t column)
{
    int32_t kind = these->of->info.columns[column].kind;
    size_t checked = 0;
    operand with;

    for (int32_t op = HG_OP_EQ; op <= OP_COUNT; op++)
        for (size_t i = 0; i < 3 && kind_has_operator(kind, op); i++)
            if ((kind != HG_KIND_TEXT || is_byte_order() || op < HG_OP_LT || op > HG_OP_GE)
                && operand_make(these, column, op, i, &with)) {
                check_filter(these, column, op, &with);
                checked++;
            }
    return checked;
}

/* Pages of two, forwards, by a column of a view that an outer join or a mask may make NULL. */
static size_t
check_pages(const query_rows *these, int32_t column, int32_t direction)
{
    hg_query *query = query_rows_only(these);
    hgi_list *whole = NULL, *page = NULL;
    hg_text *place = NULL;

    ck_ok(hg_query_order(query, column, direction, HG_NULLS_DEFAULT, &err), err);
    ck_ok(hgi_find(tenant, these->of, query, &whole, &err), err);
    ck_uint(hgi_list_count(whole), these->count, these, column);
    ck_ok(hg_query_limit(query, 2, &err), err);
    for (size_t at = 0; at < these->count; at += 2) {
        ck_ok(hgi_find(tenant, these->of, query, &page, &err), err);
        ck_uint(hgi_list_count(page), these->count - at < 2 ? 1 : 2, these, column);
        for (size_t i = 0; i < hgi_list_count(page); i++)
            ck_assert_msg(memcmp(hgi_field(these->of, 0, hgi_list_at(page, i)), hgi_field(these->of, 0, hgi_list_at(whole, at + i)),
                                 sizeof(hg_uuid)) == 0, "%s by %s: row %zu of the pages is another than of the whole", these->of->info.name,
                          these->of->info.columns[column].name, at + i);
        ck_ok(hgi_list_cursor(page, hgi_list_count(page) - 1, &place, &err), err);
        ck_ok(hg_query_after(query, hg_text_ptr(place), hg_text_len(place), &err), err);
        hg_text_free(place);
        hgi_list_free(page);
    }
    hgi_list_free(whole);
    hg_query_free(query);
    return 1;
}

static const int asking[] = { ADMIN_X, ADA, FRITZ };

START_TEST(every_operator_on_every_column_of_a_view_answers_as_c_does)
{
    size_t checked = 0;

    for (size_t i = 0; i < sizeof asking / sizeof asking[0]; i++) {
        query_rows these = rows_of(asking[i], HG_VIEW_FIRST + _i);

        for (int32_t column = 0; these.count > 0 && column < these.of->info.column_count; column++)
            if (these.of->readable[tenant->role] >> column & 1)
                checked += check_filters(&these, column);
        hgi_list_free(these.list);
    }
    ck_assert_msg(checked > 60, "%s: %zu filters", hgi_views[_i]->info.name, checked);
}
END_TEST

START_TEST(pages_by_every_column_of_a_view_are_the_whole)
{
    size_t checked = 0;

    for (size_t i = 0; i < sizeof asking / sizeof asking[0]; i++) {
        query_rows these = rows_of(asking[i], HG_VIEW_FIRST + _i);

        for (int32_t column = 0; these.count > 0 && column < these.of->info.column_count; column++) {
            int32_t kind = these.of->info.columns[column].kind;

            if ((these.of->readable[tenant->role] >> column & 1) && kind != HG_KIND_JSON && kind != HG_KIND_TEXT_LIST)
                checked += check_pages(&these, column, (column + (int32_t)i) % 2);
        }
        hgi_list_free(these.list);
    }
    ck_assert_msg(checked > 1, "%s: %zu orders", hgi_views[_i]->info.name, checked);
}
END_TEST

Suite *
suite_query_views_columns(void)
{
    Suite *s = suite_create("query/views_columns");
    TCase *tc = tcase_create("columns");

    tcase_add_checked_fixture(tc, open_scene_for_many, fixture_close);
    tcase_set_timeout(tc, 30);
    tcase_add_loop_test(tc, every_operator_on_every_column_of_a_view_answers_as_c_does, 0, hgi_view_count);
    tcase_add_loop_test(tc, pages_by_every_column_of_a_view_are_the_whole, 0, hgi_view_count);
    suite_add_tcase(s, tc);
    return s;
}
