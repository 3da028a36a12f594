/* record/draft - a draft holds copies of what it was given, and refuses what its columns cannot
 * hold. */
#include "../suites.h"

#include "fixture.h"

#include <stdlib.h>

static const hg_uuid some_uuid = { { 1, 2, 3 } };
static const hg_decimal some_decimal = { 1250, 2, 0 };
static const hg_inet some_inet = { { 192, 0, 2, 7 }, 4, 32, { 0 } };
static const uint64_t some_ends[] = { 1, 1, 3 };
static const uint8_t some_nulls[] = { 2 };

/* The one row of a draft. */
static const parcel *
row_of(const hg_draft *draft, uint64_t *set)
{
    size_t count, stride;
    const parcel *row = hgi_draft_rows(&parcels, draft, &count, &stride, set);

    ck_assert_msg(row != NULL && count == 1 && stride == sizeof(parcel), "%zu rows, stride %zu", count, stride);
    return row;
}

/* ---- Rows ------------------------------------------------------------------------------------ */

START_TEST(a_new_draft_has_one_empty_row)
{
    hg_draft *draft = hgi_draft_new(&parcels);
    const parcel empty = { .struct_size = sizeof empty };
    uint64_t set;

    ck_assert_msg(memcmp(row_of(draft, &set), &empty, sizeof empty) == 0, "the row is not empty");
    ck_assert_uint_eq(set, 0);
    hg_draft_free(draft);
}
END_TEST

START_TEST(a_thousand_rows_lie_a_stride_apart_and_keep_their_values)
{
    hg_draft *draft = hgi_draft_new(&parcels);
    size_t count, stride;
    uint64_t set;
    const char *rows;

    for (int32_t i = 0; i < 1000; i++) {
        char text[2] = { (char)('a' + i % 26), 0 };

        if (i > 0)
            ck_assert_int_eq(hg_draft_next_row(draft, NULL), HG_OK);
        ck_assert_int_eq(hg_draft_set_int(draft, PARCEL_PIECES, i, NULL), HG_OK);
        ck_assert_int_eq(hg_draft_set_text(draft, PARCEL_TITLE, text, 1, NULL), HG_OK);
    }

    rows = hgi_draft_rows(&parcels, draft, &count, &stride, &set);
    ck_assert_msg(rows != NULL && count == 1000 && stride == sizeof(parcel), "%zu rows, stride %zu", count, stride);
    ck_assert_uint_eq(set, HG_BIT(PARCEL_PIECES) | HG_BIT(PARCEL_TITLE));
    for (int32_t i = 0; i < 1000; i++) {
        const parcel *row = (const parcel *)(const void *)(rows + (size_t)i * stride);

        ck_assert_msg(row->pieces == i && row->title.ptr[0] == 'a' + i % 26 && row->struct_size == sizeof(parcel),
                      "row %d holds %d and \"%s\"", (int)i, (int)row->pieces, row->title.ptr);
    }
    hg_draft_free(draft);
}
END_TEST

START_TEST(a_row_that_sets_other_columns_than_the_first_ends_nothing)
{
    hg_draft *draft = hgi_draft_new(&parcels);
    size_t count, stride;
    uint64_t set;
    hg_error err;

    hg_draft_set_int(draft, PARCEL_PIECES, 1, NULL);
    hg_draft_next_row(draft, NULL);
    ck_assert_int_eq(hg_draft_next_row(draft, &err), HG_E_INVALID);
    ck_assert_int_eq(err.column, PARCEL_PIECES);
    ck_assert_str_eq(err.message, "parcels.pieces is not set in this row, but in the first; all rows set the same "
                                  "columns");
    ck_assert_str_eq(err.table, "parcels");

    hg_draft_set_int(draft, PARCEL_PIECES, 2, NULL);
    hg_draft_set_date(draft, PARCEL_DUE, 2, NULL);
    ck_assert_int_eq(hg_draft_next_row(draft, &err), HG_E_INVALID);
    ck_assert_int_eq(err.column, PARCEL_DUE);
    ck_assert_str_eq(err.message, "parcels.due is set in this row, but not in the first; all rows set the same columns");
    ck_assert_msg(hgi_draft_rows(&parcels, draft, &count, &stride, &set) == NULL, "uneven rows are given out");
    ck_assert_msg(count == 2 && stride == sizeof(parcel) && set == HG_BIT(PARCEL_PIECES),
                  "%zu rows, stride %zu, set %llx: an empty batch would be taken for success", count, stride,
                  (unsigned long long)set);
    hg_draft_free(draft);
}
END_TEST

START_TEST(no_draft_and_another_tables_draft_have_no_rows)
{
    hg_draft *draft = hgi_draft_new(&parcels);
    size_t count = 9, stride = 9;
    uint64_t set = 9;

    ck_assert_ptr_null(hgi_draft_rows(&crates, draft, &count, &stride, &set));
    ck_assert_msg(count == 0 && stride == 0 && set == 0, "count %zu, stride %zu", count, stride);
    count = stride = set = 9;
    ck_assert_ptr_null(hgi_draft_rows(&parcels, NULL, &count, &stride, &set));
    ck_assert_msg(count == 0 && stride == 0 && set == 0, "count %zu, stride %zu", count, stride);
    ck_assert_ptr_nonnull(hgi_draft_rows(&parcels, draft, NULL, NULL, NULL));
    hg_draft_free(draft);
    hg_draft_free(NULL);
}
END_TEST

/* ---- Values ---------------------------------------------------------------------------------- */

START_TEST(every_setter_fills_its_column)
{
    hg_draft *draft = hgi_draft_new(&parcels);
    const parcel *row;
    uint64_t set;
    hg_error err = { .status = -1 };

    hg_draft_set_uuid(draft, PARCEL_ID, &some_uuid, NULL);
    hg_draft_set_null(draft, PARCEL_OWNER_ID, NULL);
    hg_draft_set_text(draft, PARCEL_TITLE, "title", 5, NULL);
    hg_draft_set_text(draft, PARCEL_NOTE, NULL, 0, NULL);
    hg_draft_set_json(draft, PARCEL_DETAILS, "[1] ", 4, NULL);
    hg_draft_set_enum(draft, PARCEL_STATE, PARCEL_STATE_SENT, NULL);
    hg_draft_set_text(draft, PARCEL_CLASS, "box", 3, NULL);
    hg_draft_set_null(draft, PARCEL_MOOD, NULL);
    hg_draft_set_int(draft, PARCEL_PIECES, INT32_MIN, NULL);
    hg_draft_set_bool(draft, PARCEL_IS_FRAGILE, 1, NULL);
    hg_draft_set_decimal(draft, PARCEL_PRICE, &some_decimal, NULL);
    hg_draft_set_null(draft, PARCEL_RATE, NULL);
    hg_draft_set_time(draft, PARCEL_SENT_AT, INT64_MAX, NULL);
    hg_draft_set_date(draft, PARCEL_DUE, INT32_MIN, NULL);
    hg_draft_set_text_list(draft, PARCEL_TAGS, "abc", some_ends, some_nulls, 3, NULL);
    ck_assert_int_eq(hg_draft_set_inet(draft, PARCEL_ORIGIN, &some_inet, &err), HG_OK);

    ck_assert_int_eq(err.status, HG_OK);
    row = row_of(draft, &set);
    ck_assert_uint_eq(set, PARCEL_ALL);
    ck_assert_uint_eq(row->null_mask, HG_BIT(PARCEL_OWNER_ID) | HG_BIT(PARCEL_MOOD) | HG_BIT(PARCEL_RATE));
    ck_assert_msg(row->loaded_mask == 0 && row->row_version == 0, "a draft was never read");
    ck_assert_mem_eq(&row->id, &some_uuid, sizeof some_uuid);
    ck_assert_str_eq(row->title.ptr, "title");
    ck_assert_msg(row->note.ptr != NULL && row->note.len == 0 && row->note.ptr[0] == '\0', "note is not \"\"");
    ck_assert_str_eq(row->details.ptr, "[1] ");
    ck_assert_int_eq(row->state, PARCEL_STATE_SENT);
    ck_assert_int_eq(row->class_, PARCEL_CLASS_BOX);
    ck_assert_int_eq(row->pieces, INT32_MIN);
    ck_assert_int_eq(row->is_fragile, 1);
    ck_assert_mem_eq(&row->price, &some_decimal, sizeof some_decimal);
    ck_assert_msg(row->sent_at == INT64_MAX && row->due == INT32_MIN, "the infinities changed");
    ck_assert_mem_eq(&row->origin, &some_inet, sizeof some_inet);
    ck_assert_msg(row->tags.count == 3 && row->tags.nulls[0] == 2 && row->tags.items[1].ptr == NULL,
                  "element 1 of %zu is not NULL", row->tags.count);
    ck_assert_str_eq(row->tags.items[0].ptr, "a");
    ck_assert_str_eq(row->tags.items[2].ptr, "bc");
    hg_draft_free(draft);
}
END_TEST

START_TEST(values_are_copied)
{
    hg_draft *draft = hgi_draft_new(&parcels);
    char text[] = "abc";
    uint64_t ends[] = { 3 };
    uint8_t nulls[] = { 0 };
    const parcel *row;
    uint64_t set;

    hg_draft_set_text(draft, PARCEL_TITLE, text, 3, NULL);
    hg_draft_set_text_list(draft, PARCEL_TAGS, text, ends, nulls, 1, NULL);
    memset(text, 'x', 3);
    ends[0] = 0;
    nulls[0] = 1;

    row = row_of(draft, &set);
    ck_assert_str_eq(row->title.ptr, "abc");
    ck_assert_str_eq(row->tags.items[0].ptr, "abc");
    ck_assert_int_eq(row->tags.nulls[0], 0);
    hg_draft_free(draft);
}
END_TEST

START_TEST(setting_again_replaces_and_ends_null)
{
    hg_draft *draft = hgi_draft_new(&parcels);
    const parcel *row;
    uint64_t set;

    hg_draft_set_text(draft, PARCEL_NOTE, "first", 5, NULL);
    hg_draft_set_text(draft, PARCEL_NOTE, "second", 6, NULL);
    hg_draft_set_null(draft, PARCEL_TITLE, NULL);
    hg_draft_set_text(draft, PARCEL_TITLE, "x", 1, NULL);
    hg_draft_set_decimal(draft, PARCEL_RATE, &some_decimal, NULL);
    hg_draft_set_null(draft, PARCEL_RATE, NULL);

    row = row_of(draft, &set);
    ck_assert_str_eq(row->note.ptr, "second");
    ck_assert_str_eq(row->title.ptr, "x");
    ck_assert_uint_eq(row->null_mask, HG_BIT(PARCEL_RATE));
    ck_assert_msg(row->rate.unscaled == 0 && row->rate.scale == 0, "a NULL field is not zero");
    hg_draft_free(draft);
}
END_TEST

START_TEST(an_empty_list_is_a_list)
{
    hg_draft *draft = hgi_draft_new(&parcels);
    const parcel *row;
    uint64_t set;

    ck_assert_int_eq(hg_draft_set_text_list(draft, PARCEL_TAGS, NULL, NULL, NULL, 0, NULL), HG_OK);

    row = row_of(draft, &set);
    ck_assert_msg(set == HG_BIT(PARCEL_TAGS) && row->null_mask == 0 && row->tags.count == 0, "not an empty list");
    hg_draft_free(draft);
}
END_TEST

/* ---- Refusals -------------------------------------------------------------------------------- */

/* Every setter by its kind, with a good value. */
static hg_status
set_any(hg_draft *draft, int32_t kind, int32_t column, hg_error *err)
{
    switch (kind) {
    case HG_KIND_UUID:      return hg_draft_set_uuid(draft, column, &some_uuid, err);
    case HG_KIND_TEXT:      return hg_draft_set_text(draft, column, "new", 3, err);
    case HG_KIND_JSON:      return hg_draft_set_json(draft, column, "{}", 2, err);
    case HG_KIND_ENUM:      return hg_draft_set_enum(draft, column, 1, err);
    case HG_KIND_INT:       return hg_draft_set_int(draft, column, 1, err);
    case HG_KIND_BOOL:      return hg_draft_set_bool(draft, column, 1, err);
    case HG_KIND_DECIMAL:   return hg_draft_set_decimal(draft, column, &some_decimal, err);
    case HG_KIND_TIMESTAMP: return hg_draft_set_time(draft, column, 1, err);
    case HG_KIND_DATE:      return hg_draft_set_date(draft, column, 1, err);
    case HG_KIND_TEXT_LIST: return hg_draft_set_text_list(draft, column, "abc", some_ends, some_nulls, 3, err);
    default:                return hg_draft_set_inet(draft, column, &some_inet, err);
    }
}

/* A column of each kind, by kind. */
static const struct { int32_t column; const char *message; } of_kind[] = {
    [HG_KIND_UUID] = { PARCEL_ID, "parcels.id is a uuid; set it with hg_draft_set_uuid" },
    [HG_KIND_TEXT] = { PARCEL_TITLE, "parcels.title is text; set it with hg_draft_set_text" },
    [HG_KIND_JSON] = { PARCEL_DETAILS, "parcels.details is JSON; set it with hg_draft_set_json" },
    [HG_KIND_ENUM] = { PARCEL_STATE, "parcels.state is an enumerated column; set it with hg_draft_set_enum or "
                                     "hg_draft_set_text" },
    [HG_KIND_INT] = { PARCEL_PIECES, "parcels.pieces is an integer; set it with hg_draft_set_int" },
    [HG_KIND_BOOL] = { PARCEL_IS_FRAGILE, "parcels.is_fragile is a boolean; set it with hg_draft_set_bool" },
    [HG_KIND_DECIMAL] = { PARCEL_PRICE, "parcels.price is a decimal; set it with hg_draft_set_decimal" },
    [HG_KIND_TIMESTAMP] = { PARCEL_SENT_AT, "parcels.sent_at is a timestamp; set it with hg_draft_set_time" },
    [HG_KIND_DATE] = { PARCEL_DUE, "parcels.due is a date; set it with hg_draft_set_date" },
    [HG_KIND_TEXT_LIST] = { PARCEL_TAGS, "parcels.tags is a list of texts; set it with hg_draft_set_text_list" },
    [HG_KIND_INET] = { PARCEL_ORIGIN, "parcels.origin is an IP address; set it with hg_draft_set_inet" },
};

START_TEST(a_setter_takes_its_own_kind_only)
{
    int32_t setter = _i;

    for (int32_t kind = HG_KIND_UUID; kind <= HG_KIND_INET; kind++) {
        hg_draft *draft = hgi_draft_new(&parcels);
        int is_allowed = kind == setter || (setter == HG_KIND_TEXT && kind == HG_KIND_ENUM);
        hg_error err = { .column = -2 };
        uint64_t set;
        hg_status st = set_any(draft, setter, of_kind[kind].column, &err);

        row_of(draft, &set);
        ck_assert_msg(st == (is_allowed ? HG_OK : HG_E_INVALID), "setter of kind %d on a column of kind %d gave %s",
                      (int)setter, (int)kind, hg_status_name(st));
        ck_assert_msg(set == (is_allowed ? HG_BIT(of_kind[kind].column) : 0), "set is %llx", (unsigned long long)set);
        if (!is_allowed) {
            ck_assert_str_eq(err.message, of_kind[kind].message);
            ck_assert_int_eq(err.column, of_kind[kind].column);
        }
        hg_draft_free(draft);
    }
}
END_TEST

START_TEST(a_column_that_the_table_does_not_have_is_refused)
{
    hg_draft *draft = hgi_draft_new(&parcels);
    hg_error err;

    for (int32_t setter = HG_KIND_UUID; setter <= HG_KIND_INET; setter++) {
        ck_assert_int_eq(set_any(draft, setter, PARCEL_COLUMNS, &err), HG_E_INVALID);
        ck_assert_str_eq(err.message, "parcels has no column 16");
        ck_assert_int_eq(set_any(draft, setter, -1, &err), HG_E_INVALID);
        ck_assert_str_eq(err.message, "parcels has no column -1");
    }
    ck_assert_int_eq(hg_draft_set_null(draft, PARCEL_COLUMNS, NULL), HG_E_INVALID);
    hg_draft_free(draft);
}
END_TEST

START_TEST(no_draft_is_refused)
{
    hg_error err;

    for (int32_t setter = HG_KIND_UUID; setter <= HG_KIND_INET; setter++) {
        ck_assert_int_eq(set_any(NULL, setter, of_kind[setter].column, &err), HG_E_INVALID);
        ck_assert_str_eq(err.message, "draft is NULL");
    }
    ck_assert_int_eq(hg_draft_set_null(NULL, 0, NULL), HG_E_INVALID);
    ck_assert_int_eq(hg_draft_next_row(NULL, NULL), HG_E_INVALID);
}
END_TEST

START_TEST(a_value_that_its_field_cannot_hold_is_refused)
{
    static const uint64_t falling[] = { 2, 1 };
    static const uint8_t second[] = { 2 };
    static const uint64_t rising[] = { 1, 2 };
    hg_draft *draft = hgi_draft_new(&parcels);
    const parcel *row;
    uint64_t set;

    ck_assert_int_eq(hg_draft_set_int(draft, PARCEL_PIECES, INT64_C(2147483648), NULL), HG_E_INVALID);
    ck_assert_int_eq(hg_draft_set_int(draft, PARCEL_PIECES, INT64_C(-2147483649), NULL), HG_E_INVALID);
    ck_assert_int_eq(hg_draft_set_uuid(draft, PARCEL_ID, NULL, NULL), HG_E_INVALID);
    ck_assert_int_eq(hg_draft_set_decimal(draft, PARCEL_RATE, NULL, NULL), HG_E_INVALID);
    ck_assert_int_eq(hg_draft_set_inet(draft, PARCEL_ORIGIN, NULL, NULL), HG_E_INVALID);
    ck_assert_int_eq(hg_draft_set_text(draft, PARCEL_TITLE, NULL, 1, NULL), HG_E_INVALID);
    ck_assert_int_eq(hg_draft_set_json(draft, PARCEL_DETAILS, NULL, 1, NULL), HG_E_INVALID);
    ck_assert_int_eq(hg_draft_set_text(draft, PARCEL_STATE, "neu", 3, NULL), HG_E_INVALID);
    ck_assert_int_eq(hg_draft_set_text(draft, PARCEL_STATE, "new\0\0\0", 6, NULL), HG_E_INVALID);
    ck_assert_int_eq(hg_draft_set_text(draft, PARCEL_STATE, NULL, 0, NULL), HG_E_INVALID);
    ck_assert_int_eq(hg_draft_set_text_list(draft, PARCEL_TAGS, "abc", falling, NULL, 2, NULL), HG_E_INVALID);
    ck_assert_int_eq(hg_draft_set_text_list(draft, PARCEL_TAGS, NULL, rising, NULL, 2, NULL), HG_E_INVALID);
    ck_assert_int_eq(hg_draft_set_text_list(draft, PARCEL_TAGS, "abc", NULL, NULL, 2, NULL), HG_E_INVALID);
    ck_assert_int_eq(hg_draft_set_text_list(draft, PARCEL_TAGS, "abc", rising, second, 2, NULL), HG_E_INVALID);

    row = row_of(draft, &set);
    ck_assert_msg(set == 0 && row->pieces == 0 && row->tags.count == 0, "a refused value was stored");
    hg_draft_free(draft);
}
END_TEST

/* ---- Memory ---------------------------------------------------------------------------------- */

START_TEST(a_draft_without_memory_is_null)
{
    long before = hgi_live_blocks();

    for (long n = 1; n <= 2; n++) {
        hgi_fault_at(n);
        ck_assert_ptr_null(hgi_draft_new(&parcels));
        ck_assert_msg(hgi_live_blocks() == before, "allocation %ld leaks", n);
    }
    hgi_fault_at(0);
}
END_TEST

static hg_status
set_large(hg_draft *draft, int which, char *text, size_t len, hg_error *err)
{
    const uint64_t ends[] = { len };

    switch (which) {
    case 0:  return hg_draft_set_text(draft, PARCEL_NOTE, text, len, err);
    case 1:  return hg_draft_set_json(draft, PARCEL_DETAILS, text, len, err);
    case 2:  return hg_draft_set_text_list(draft, PARCEL_TAGS, text, ends, NULL, 1, err);
    default: return hg_draft_next_row(draft, err);
    }
}

START_TEST(a_setter_without_memory_leaves_the_row_as_it_was)
{
    size_t len = 1024 * 1024;                            /* no block has room for it */
    char *text = calloc(1, len);
    hg_draft *draft = hgi_draft_new(&parcels);
    parcel before;
    uint64_t set;
    hg_error err;

    hg_draft_set_text(draft, PARCEL_NOTE, "note", 4, NULL);
    hg_draft_set_null(draft, PARCEL_TAGS, NULL);
    before = *row_of(draft, &set);
    hgi_fault_at(1);
    ck_assert_int_eq(set_large(draft, _i, text, len, &err), HG_E_NOMEM);
    hgi_fault_at(0);

    ck_assert_int_eq(err.status, HG_E_NOMEM);
    ck_assert_msg(memcmp(row_of(draft, &set), &before, sizeof before) == 0, "the row changed");
    ck_assert_uint_eq(set, HG_BIT(PARCEL_NOTE) | HG_BIT(PARCEL_TAGS));
    ck_assert_int_eq(set_large(draft, _i, text, len, &err), HG_OK);
    hg_draft_free(draft);
    free(text);
}
END_TEST

START_TEST(a_draft_frees_all_that_it_took)
{
    long before = hgi_live_blocks();
    hg_draft *draft = hgi_draft_new(&parcels);
    char text[100000] = { 0 };

    for (int i = 0; i < 50; i++) {
        hg_draft_set_text(draft, PARCEL_NOTE, text, sizeof text, NULL);
        hg_draft_next_row(draft, NULL);
    }

    ck_assert_msg(hgi_live_blocks() > before + 2, "took %ld blocks", hgi_live_blocks() - before);
    hg_draft_free(draft);
    ck_assert_msg(hgi_live_blocks() == before, "%ld blocks leak", hgi_live_blocks() - before);
}
END_TEST

START_TEST(ten_thousand_small_rows_take_few_allocations)
{
    hg_draft *draft = hgi_draft_new(&parcels);

    hgi_fault_at(0);
    for (int i = 0; i < 10000; i++) {
        hg_draft_set_text(draft, PARCEL_TITLE, "0123456789", 10, NULL);
        hg_draft_next_row(draft, NULL);
    }

    ck_assert_msg(hgi_fault_count() <= 20, "%ld allocations, budget 20", hgi_fault_count());
    hg_draft_free(draft);
}
END_TEST

Suite *
suite_record_draft(void)
{
    Suite *suite = suite_create("record/draft");
    TCase *tc = tcase_create("draft");

    tcase_add_test(tc, a_new_draft_has_one_empty_row);
    tcase_add_test(tc, a_thousand_rows_lie_a_stride_apart_and_keep_their_values);
    tcase_add_test(tc, a_row_that_sets_other_columns_than_the_first_ends_nothing);
    tcase_add_test(tc, no_draft_and_another_tables_draft_have_no_rows);
    tcase_add_test(tc, every_setter_fills_its_column);
    tcase_add_test(tc, values_are_copied);
    tcase_add_test(tc, setting_again_replaces_and_ends_null);
    tcase_add_test(tc, an_empty_list_is_a_list);
    tcase_add_loop_test(tc, a_setter_takes_its_own_kind_only, HG_KIND_UUID, HG_KIND_INET + 1);
    tcase_add_test(tc, a_column_that_the_table_does_not_have_is_refused);
    tcase_add_test(tc, no_draft_is_refused);
    tcase_add_test(tc, a_value_that_its_field_cannot_hold_is_refused);
    tcase_add_test(tc, a_draft_without_memory_is_null);
    tcase_add_loop_test(tc, a_setter_without_memory_leaves_the_row_as_it_was, 0, 4);
    tcase_add_test(tc, a_draft_frees_all_that_it_took);
    tcase_add_test(tc, ten_thousand_small_rows_take_few_allocations);
    suite_add_tcase(suite, tc);
    return suite;
}
