/* record/column_text - one column as text, whatever its type, and NULL where there is none. */
#include "../suites.h"

#include "fixture.h"
#include "record/column_text.h"

/* The column's text; "(none)" if there is none. Static. */
static const char *
text_of(const parcel *row, int32_t column)
{
    static char copy[256];
    hg_text *text = (hg_text *)&copy;
    hg_error err = { .message = "" };
    hg_status st = hgi_column_text_new(&parcels, column, row, &text, &err);

    ck_assert_msg(st == HG_OK && err.status == HG_OK, "column %d: %s", (int)column, err.message);
    if (text == NULL)
        return "(none)";
    ck_assert_uint_eq(hg_text_len(text), strlen(hg_text_ptr(text)));
    strcpy(copy, hg_text_ptr(text));
    hg_text_free(text);
    return copy;
}

static const char *const texts[] = {
    [PARCEL_ID] = "0190c0de-0000-7000-8000-000000000001",
    [PARCEL_OWNER_ID] = "ffff0000-0000-0000-0000-000000000000",
    [PARCEL_TITLE] = "C \"11\"\n", [PARCEL_NOTE] = "", [PARCEL_DETAILS] = "{\"big\": 9007199254740993}",
    [PARCEL_STATE] = "lost \"twice\"", [PARCEL_CLASS] = "letter", [PARCEL_MOOD] = "good",
    [PARCEL_PIECES] = "-2147483648", [PARCEL_IS_FRAGILE] = "true", [PARCEL_PRICE] = "12.50",
    [PARCEL_RATE] = "-0.005", [PARCEL_SENT_AT] = "2026-11-22T10:37:10.123456Z", [PARCEL_DUE] = "2026-11-22",
    [PARCEL_TAGS] = "{\"a,b\",NULL,\"\"}", [PARCEL_ORIGIN] = "192.0.2.0/24",
};

START_TEST(every_kind_has_its_text)
{
    parcel row = a_loaded_parcel();

    ck_assert_str_eq(text_of(&row, _i), texts[_i]);
    row.loaded_mask = 0;                                 /* a caller's own row: the same */
    ck_assert_str_eq(text_of(&row, _i), texts[_i]);
}
END_TEST

START_TEST(null_and_not_read_have_none)
{
    parcel row = a_loaded_parcel();

    row.null_mask = HG_BIT(_i);
    ck_assert_str_eq(text_of(&row, _i), "(none)");
    row.null_mask = 0;
    row.loaded_mask = PARCEL_ALL & ~HG_BIT(_i);
    ck_assert_str_eq(text_of(&row, _i), "(none)");
}
END_TEST

START_TEST(zeros_of_a_callers_row_are_values_but_for_an_enumerated_column)
{
    parcel row = { .struct_size = sizeof row };

    ck_assert_str_eq(text_of(&row, PARCEL_PIECES), "0");
    ck_assert_str_eq(text_of(&row, PARCEL_IS_FRAGILE), "false");
    ck_assert_str_eq(text_of(&row, PARCEL_NOTE), "");
    ck_assert_str_eq(text_of(&row, PARCEL_TAGS), "{}");
    ck_assert_str_eq(text_of(&row, PARCEL_DUE), "1970-01-01");
    ck_assert_str_eq(text_of(&row, PARCEL_STATE), "(none)");
}
END_TEST

START_TEST(a_column_behind_the_rows_end_has_none)
{
    parcel row = a_loaded_parcel();

    row.struct_size = offsetof(parcel, origin) + 8;
    ck_assert_str_eq(text_of(&row, PARCEL_ORIGIN), "(none)");
    ck_assert_str_eq(text_of(&row, PARCEL_TAGS), texts[PARCEL_TAGS]);
}
END_TEST

START_TEST(an_unknown_value_has_the_databases_text)
{
    static const hg_str unknown[] = { { "torn", 4 }, { "glum", 4 } };
    parcel row = a_loaded_parcel();

    row.state = -1;
    row.mood = -1;
    row.unknown_text = unknown;
    ck_assert_str_eq(text_of(&row, PARCEL_STATE), "torn");
    ck_assert_str_eq(text_of(&row, PARCEL_CLASS), "letter");
    ck_assert_str_eq(text_of(&row, PARCEL_MOOD), "glum");
}
END_TEST

START_TEST(what_is_wrong_is_refused)
{
    parcel row = a_loaded_parcel();
    hg_text *text = (hg_text *)&row;
    hg_error err;

    ck_assert_int_eq(hgi_column_text_new(&parcels, -1, &row, &text, &err), HG_E_INVALID);
    ck_assert_str_eq(err.message, "parcels has no column -1");
    ck_assert_ptr_null(text);
    ck_assert_int_eq(hgi_column_text_new(&parcels, PARCEL_COLUMNS, &row, &text, &err), HG_E_INVALID);
    ck_assert_str_eq(err.message, "parcels has no column 16");
    ck_assert_int_eq(hgi_column_text_new(&parcels, 0, NULL, &text, &err), HG_E_INVALID);
    ck_assert_str_eq(err.message, "row is NULL");
    ck_assert_int_eq(hgi_column_text_new(&parcels, 0, &row, NULL, &err), HG_E_INVALID);
    ck_assert_str_eq(err.message, "out is NULL");
    row.struct_size = 0;
    ck_assert_int_eq(hgi_column_text_new(&parcels, 0, &row, &text, &err), HG_E_INVALID);
    ck_assert_str_eq(err.message, "struct_size of the row is zero; set it to sizeof(hg_parcel)");

    row = a_loaded_parcel();
    row.mood = -1;                                       /* by a caller, who has no text for it */
    ck_assert_int_eq(hgi_column_text_new(&parcels, PARCEL_MOOD, &row, &text, &err), HG_E_INVALID);
    ck_assert_str_eq(err.message, "parcels.mood is none of the column's values");
    row.is_fragile = -1;
    ck_assert_int_eq(hgi_column_text_new(&parcels, PARCEL_IS_FRAGILE, &row, &text, &err), HG_E_INVALID);
    ck_assert_str_eq(err.message, "parcels.is_fragile is neither 0 nor 1");
    row.tags.items = NULL;
    ck_assert_int_eq(hgi_column_text_new(&parcels, PARCEL_TAGS, &row, &text, &err), HG_E_INVALID);
    ck_assert_str_eq(err.message, "parcels.tags has a count but no items");
    row.rate.kind = 9;
    ck_assert_int_eq(hgi_column_text_new(&parcels, PARCEL_RATE, &row, &text, &err), HG_E_INVALID);
    ck_assert_int_eq(err.column, PARCEL_RATE);
    ck_assert_str_eq(err.table, "parcels");
    ck_assert_ptr_null(text);
}
END_TEST

START_TEST(a_table_that_there_is_not_is_refused)
{
    parcel row = a_loaded_parcel();
    hg_text *text = (hg_text *)&row;
    hg_error err;

    ck_assert_int_eq(hg_row_column_text(-1, &row, 0, &text, &err), HG_E_INVALID);
    ck_assert_str_eq(err.message, "there is no table -1");
    ck_assert_ptr_null(text);
    ck_assert_int_eq(hg_row_column_text(hg_table_count(), &row, 0, NULL, NULL), HG_E_INVALID);
}
END_TEST

START_TEST(every_allocation_fails_once)
{
    parcel row = a_loaded_parcel();
    long before = hgi_live_blocks();

    for (int32_t column = 0; column < PARCEL_COLUMNS; column++) {
        hg_status st = HG_E_NOMEM;

        for (long n = 1; st != HG_OK; n++) {
            hg_text *text = (hg_text *)&row;
            hg_error err;

            hgi_fault_at(n);
            st = hgi_column_text_new(&parcels, column, &row, &text, &err);

            ck_assert_msg(st == err.status && (st == HG_OK ? text != NULL : st == HG_E_NOMEM && text == NULL),
                          "column %d, allocation %ld: %s", (int)column, n, hg_status_name(st));
            hg_text_free(text);
            ck_assert_msg(hgi_live_blocks() == before, "column %d, allocation %ld leaks", (int)column, n);
        }
    }
    hgi_fault_at(0);
}
END_TEST

Suite *
suite_record_column_text(void)
{
    Suite *suite = suite_create("record/column_text");
    TCase *tc = tcase_create("column_text");

    tcase_add_loop_test(tc, every_kind_has_its_text, 0, PARCEL_COLUMNS);
    tcase_add_loop_test(tc, null_and_not_read_have_none, 0, PARCEL_COLUMNS);
    tcase_add_test(tc, zeros_of_a_callers_row_are_values_but_for_an_enumerated_column);
    tcase_add_test(tc, a_column_behind_the_rows_end_has_none);
    tcase_add_test(tc, an_unknown_value_has_the_databases_text);
    tcase_add_test(tc, what_is_wrong_is_refused);
    tcase_add_test(tc, a_table_that_there_is_not_is_refused);
    tcase_add_test(tc, every_allocation_fails_once);
    suite_add_tcase(suite, tc);
    return suite;
}
