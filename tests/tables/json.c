/* tables/json - a row of any table, printed as JSON and read back, is the same row: every column, every kind of value.
 *
 * No database: the rows are filled here, by the descriptors. */
#include "unit/suites.h"

#include "unit/record/fixture.h"

#include <stdlib.h>

/* Of each kind as many values; a column starts at its own ordinal, so that neighbours differ. */
enum { VARIANTS = 6 };

static const char *const texts[VARIANTS] = {
    "", "x", "C \"11\"\\\n\t", "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", "\x01\x1f\x7f/", "null",
};
static const char *const documents[VARIANTS] = {
    "{}", "[]", "9007199254740993.10", "\"\\u00e9\"", "{\"a\": [1e2, {\"b\":null}], \"a\":false}", "true",
};
static const hg_uuid uuids[VARIANTS] = {
    { { 0 } }, { { 0xFF, 1, 2 } }, { { [15] = 1 } }, { { [6] = 0x70, [8] = 0x80 } }, { { 0xAB } }, { { 9 } },
};
static const int32_t ints[VARIANTS] = { 0, 1, -1, INT32_MAX, INT32_MIN, 1000000 };
static const hg_decimal decimals[VARIANTS] = {
    { 0, 2, 0 }, { 37500, 4, 0 }, { INT64_MIN, 18, 0 }, { INT64_C(9007199254740993), 0, 0 }, { -1, 2, 0 },
    { 0, 0, HG_DECIMAL_NAN },
};
static const hg_timestamp times[VARIANTS] = {
    0, -1, INT64_MAX, INT64_MIN, INT64_C(1795343830123456), INT64_C(-62135596800000001),
};
static const hg_date dates[VARIANTS] = { 0, -1, INT32_MAX, INT32_MIN, 20779, -719163 };
static const hg_str items[] = { { "a,b", 3 }, { NULL, 0 }, { "", 0 }, { "\"\\", 2 } };
static const uint8_t second_is_null[] = { 2 };
static const hg_str_list lists[VARIANTS] = {
    { NULL, NULL, 0 }, { items, second_is_null, 4 }, { items, NULL, 1 }, { items + 2, NULL, 2 },
    { items + 1, NULL, 1 }, { items, second_is_null, 2 },
};
static const hg_inet inets[VARIANTS] = {
    { { 192, 0, 2, 7 }, 4, 32, { 0 } }, { { 10 }, 4, 8, { 0 } }, { { 0x20, 1, 0x0D, 0xB8 }, 6, 128, { 0 } },
    { { 0x20, 1, 0x0D, 0xB8, [15] = 1 }, 6, 64, { 0 } }, { { 0 }, 4, 0, { 0 } }, { { 0 }, 6, 0, { 0 } },
};

/* Puts value number variant of the column's kind into the row. */
static void
fill(const hg_column_info *column, int32_t variant, void *row)
{
    char *field = (char *)row + column->offset;
    int v = variant % VARIANTS;
    hg_str text;
    int32_t number;

    switch (column->kind) {
    case HG_KIND_UUID:      memcpy(field, &uuids[v], sizeof uuids[v]); return;
    case HG_KIND_DECIMAL:   memcpy(field, &decimals[v], sizeof decimals[v]); return;
    case HG_KIND_TIMESTAMP: memcpy(field, &times[v], sizeof times[v]); return;
    case HG_KIND_DATE:      memcpy(field, &dates[v], sizeof dates[v]); return;
    case HG_KIND_TEXT_LIST: memcpy(field, &lists[v], sizeof lists[v]); return;
    case HG_KIND_INET:      memcpy(field, &inets[v], sizeof inets[v]); return;
    case HG_KIND_TEXT:
    case HG_KIND_JSON:
        text = str(column->kind == HG_KIND_TEXT ? texts[v] : documents[v]);
        memcpy(field, &text, sizeof text);
        return;
    case HG_KIND_ENUM:      number = 1 + variant % column->value_count; break;
    case HG_KIND_BOOL:      number = variant % 2; break;
    default:                number = ints[v]; break;
    }
    memcpy(field, &number, sizeof number);
}

/* A row of the table as the library would have read the columns. Free it. */
static hgi_row *
make_row(const hgi_table *table, int32_t variant, uint64_t columns)
{
    hgi_row *row = calloc(1, table->info.row_size);

    row->struct_size = table->info.row_size;
    row->loaded_mask = columns;
    for (int32_t i = 0; i < table->info.column_count; i++)
        if (columns >> i & 1)
            fill(&table->info.columns[i], variant + i, row);
    return row;
}

static void
assert_round_trip(const hgi_table *table, const hgi_row *row)
{
    hg_text *text = NULL;
    hg_draft *draft = NULL;
    hg_error err = { .message = "" };
    size_t count, stride;
    uint64_t set;
    const void *back;
    const char *difference;

    ck_assert_msg(hgi_row_to_json(table, row, &text, &err) == HG_OK, "%s", err.message);
    ck_assert_msg(hgi_json_check(hg_text_ptr(text), hg_text_len(text)) == NULL, "no JSON: %s", hg_text_ptr(text));
    ck_assert_msg(hgi_row_from_json(table, hg_text_ptr(text), hg_text_len(text), &draft, &err) == HG_OK, "%s: %s",
                  hg_text_ptr(text), err.message);
    back = hgi_draft_rows(table, draft, &count, &stride, &set);
    ck_assert_msg(back != NULL && count == 1 && stride == table->info.row_size, "%zu rows", count);
    ck_assert_msg(set == row->loaded_mask, "set is %llx, want %llx", (unsigned long long)set,
                  (unsigned long long)row->loaded_mask);
    difference = row_difference(table, row, back);
    ck_assert_msg(difference == NULL, "%s.%s differs after %s", table->info.name, difference, hg_text_ptr(text));
    hg_draft_free(draft);
    hg_text_free(text);
}

static uint64_t
all_of(const hgi_table *table)
{
    return table->info.column_count == 64 ? UINT64_MAX : HG_BIT(table->info.column_count) - 1;
}

/* As many variants as the longest list of values has, and VARIANTS at least. */
static int32_t
variants_of(const hgi_table *table)
{
    int32_t most = VARIANTS;

    for (int32_t i = 0; i < table->info.column_count; i++)
        if (table->info.columns[i].value_count > most)
            most = table->info.columns[i].value_count;
    return most;
}

START_TEST(a_whole_row_reads_back_to_itself)
{
    const hgi_table *table = hgi_tables[_i];

    for (int32_t variant = 0; variant < variants_of(table); variant++) {
        hgi_row *row = make_row(table, variant, all_of(table));

        assert_round_trip(table, row);
        free(row);
    }
}
END_TEST

START_TEST(each_column_alone_reads_back_to_itself)
{
    const hgi_table *table = hgi_tables[_i];

    for (int32_t column = 0; column < table->info.column_count; column++)
        for (int32_t variant = 0; variant < variants_of(table); variant++) {
            hgi_row *row = make_row(table, variant, HG_BIT(column));

            assert_round_trip(table, row);
            free(row);
        }
}
END_TEST

START_TEST(nulls_read_back_to_themselves)
{
    const hgi_table *table = hgi_tables[_i];
    hgi_row *row = make_row(table, 0, 0);

    row->loaded_mask = all_of(table);
    row->null_mask = all_of(table);
    assert_round_trip(table, row);
    free(row);
}
END_TEST

/* What the member is for enumerated values, uuids and texts is the column's text as well. */
START_TEST(every_columns_text_can_be_had)
{
    const hgi_table *table = hgi_tables[_i];

    for (int32_t variant = 0; variant < variants_of(table); variant++) {
        hgi_row *row = make_row(table, variant, all_of(table));

        for (int32_t column = 0; column < table->info.column_count; column++) {
            hg_text *text = NULL;
            hg_error err = { .message = "" };
            hg_status st = hg_row_column_text(_i, row, column, &text, &err);

            ck_assert_msg(st == HG_OK && text != NULL, "%s.%s: %s", table->info.name, table->info.columns[column].name,
                          err.message);
            hg_text_free(text);
        }
        free(row);
    }
}
END_TEST

START_TEST(an_enumerated_value_that_is_unknown_prints_and_is_not_taken_back)
{
    const hgi_table *table = hgi_tables[_i];
    hgi_row *row = make_row(table, 0, all_of(table));
    hg_str unknown[64];
    const hg_str *unknown_text = unknown;
    size_t count = 0;
    hg_text *text = NULL;
    hg_draft *draft = NULL;

    for (int32_t i = 0; i < table->info.column_count; i++)
        if (table->info.columns[i].kind == HG_KIND_ENUM) {
            memcpy((char *)row + table->info.columns[i].offset, &(int32_t){ -1 }, sizeof(int32_t));
            unknown[count++] = str(table->info.columns[i].name);     /* a text that tells its column */
        }
    ck_assert_msg((count > 0) == (table->unknown_offset > 0), "unknown_offset is %u", (unsigned)table->unknown_offset);
    if (count > 0) {
        memcpy((char *)row + table->unknown_offset, &unknown_text, sizeof unknown_text);
        ck_assert_int_eq(hgi_row_to_json(table, row, &text, NULL), HG_OK);
        for (size_t i = 0; i < count; i++) {
            char member[160] = "\"";

            strcat(strcat(strcat(strcat(member, unknown[i].ptr), "\":\""), unknown[i].ptr), "\"");
            ck_assert_msg(strstr(hg_text_ptr(text), member) != NULL, "no %s in %s", member, hg_text_ptr(text));
        }
        ck_assert_int_eq(hgi_row_from_json(table, hg_text_ptr(text), hg_text_len(text), &draft, NULL), HG_E_INVALID);
    }
    hg_text_free(text);
    free(row);
}
END_TEST

Suite *
suite_tables_json(void)
{
    Suite *suite = suite_create("tables/json");
    TCase *tc = tcase_create("json");

    tcase_add_loop_test(tc, a_whole_row_reads_back_to_itself, 0, hgi_table_count);
    tcase_add_loop_test(tc, each_column_alone_reads_back_to_itself, 0, hgi_table_count);
    tcase_add_loop_test(tc, nulls_read_back_to_themselves, 0, hgi_table_count);
    tcase_add_loop_test(tc, every_columns_text_can_be_had, 0, hgi_table_count);
    tcase_add_loop_test(tc, an_enumerated_value_that_is_unknown_prints_and_is_not_taken_back, 0, hgi_table_count);
    suite_add_tcase(suite, tc);
    return suite;
}
