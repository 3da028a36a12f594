/* record/json_out - a row as JSON is exact, complete and always JSON. */
#include "../suites.h"

#include "fixture.h"

static void
assert_json(const parcel *row, const char *want)
{
    hg_text *text = NULL;
    hg_error err = { .message = "" };
    hg_status st = hgi_row_to_json(&parcels, row, &text, &err);

    ck_assert_msg(st == HG_OK, "%s: %s, want %s", hg_status_name(st), err.message, want);
    ck_assert_msg(strcmp(hg_text_ptr(text), want) == 0, "gave %s\nwant %s", hg_text_ptr(text), want);
    ck_assert_msg(hgi_json_check(hg_text_ptr(text), hg_text_len(text)) == NULL, "that is no JSON");
    hg_text_free(text);
}

static void
assert_refused(const parcel *row, int32_t column, const char *message)
{
    hg_text *text = (hg_text *)&row;
    hg_error err = { .message = "" };

    ck_assert_int_eq(hgi_row_to_json(&parcels, row, &text, &err), HG_E_INVALID);
    ck_assert_str_eq(err.message, message);
    ck_assert_int_eq(err.column, column);
    ck_assert_ptr_null(text);
}

START_TEST(a_row_prints_every_loaded_column_in_order)
{
    parcel row = a_loaded_parcel();

    assert_json(&row, "{\"id\":\"0190c0de-0000-7000-8000-000000000001\","
                      "\"owner_id\":\"ffff0000-0000-0000-0000-000000000000\","
                      "\"title\":\"C \\\"11\\\"\\n\",\"note\":\"\",\"details\":{\"big\": 9007199254740993},"
                      "\"state\":\"lost \\\"twice\\\"\",\"class\":\"letter\",\"mood\":\"good\",\"pieces\":-2147483648,"
                      "\"is_fragile\":true,\"price\":12.50,\"rate\":-0.005,\"sent_at\":\"2026-11-22T10:37:10.123456Z\","
                      "\"due\":\"2026-11-22\",\"tags\":[\"a,b\",null,\"\"],\"origin\":\"192.0.2.0/24\"}");
}
END_TEST

START_TEST(a_column_that_was_not_read_is_left_out)
{
    parcel row = a_loaded_parcel();

    row.loaded_mask = HG_BIT(PARCEL_PIECES) | HG_BIT(PARCEL_IS_FRAGILE) | HG_BIT(PARCEL_TITLE);
    row.pieces = 0;
    row.is_fragile = 0;
    row.title = (hg_str){ NULL, 0 };

    assert_json(&row, "{\"title\":\"\",\"pieces\":0,\"is_fragile\":false}");
}
END_TEST

START_TEST(null_is_null_and_not_the_zero_behind_it)
{
    parcel row = { .struct_size = sizeof row, .loaded_mask = PARCEL_ALL, .null_mask = PARCEL_ALL };

    assert_json(&row, "{\"id\":null,\"owner_id\":null,\"title\":null,\"note\":null,\"details\":null,\"state\":null,"
                      "\"class\":null,\"mood\":null,\"pieces\":null,\"is_fragile\":null,\"price\":null,\"rate\":null,"
                      "\"sent_at\":null,\"due\":null,\"tags\":null,\"origin\":null}");
}
END_TEST

START_TEST(a_callers_own_row_prints_what_it_sets)
{
    parcel row = { .struct_size = sizeof row, .title = str("x"), .pieces = 1, .null_mask = HG_BIT(PARCEL_NOTE) };
    parcel empty = { .struct_size = sizeof empty };

    assert_json(&row, "{\"title\":\"x\",\"note\":null,\"pieces\":1}");
    assert_json(&empty, "{}");
}
END_TEST

START_TEST(a_callers_row_of_an_older_header_prints_what_it_has)
{
    parcel row = a_loaded_parcel();

    row.struct_size = offsetof(parcel, pieces) + 2;
    row.loaded_mask = HG_BIT(PARCEL_TITLE) | HG_BIT(PARCEL_MOOD) | HG_BIT(PARCEL_PIECES) | HG_BIT(PARCEL_ORIGIN);
    assert_json(&row, "{\"title\":\"C \\\"11\\\"\\n\",\"mood\":\"good\"}");
    row.loaded_mask = 0;
    row.null_mask = HG_BIT(PARCEL_ORIGIN);
    row.details = str("{}");
    assert_json(&row, "{\"id\":\"0190c0de-0000-7000-8000-000000000001\","
                      "\"owner_id\":\"ffff0000-0000-0000-0000-000000000000\",\"title\":\"C \\\"11\\\"\\n\",\"note\":\"\","
                      "\"details\":{},\"state\":\"lost \\\"twice\\\"\",\"class\":\"letter\",\"mood\":\"good\"}");
}
END_TEST

START_TEST(columns_of_a_newer_library_are_left_out)
{
    struct { parcel row; char more[64]; } newer = { .row = a_loaded_parcel() };

    newer.row.struct_size = sizeof newer;
    newer.row.loaded_mask = HG_BIT(PARCEL_PIECES) | HG_BIT(PARCEL_COLUMNS) | HG_BIT(63);
    newer.row.null_mask = HG_BIT(63);

    assert_json(&newer.row, "{\"pieces\":-2147483648}");
}
END_TEST

/* ---- Values ---------------------------------------------------------------------------------- */

static const struct { const char *name; hg_decimal value; const char *json; } decimals[] = {
    { "zeros at the end are kept",  { 37500, 4, 0 },                        "{\"rate\":3.7500}" },
    { "beyond a double's digits",   { INT64_C(9007199254740993), 0, 0 },    "{\"rate\":9007199254740993}" },
    { "the largest",                { INT64_MAX, 18, 0 },                   "{\"rate\":9.223372036854775807}" },
    { "the smallest",               { INT64_MIN, 18, 0 },                   "{\"rate\":-9.223372036854775808}" },
    { "zero with its scale",        { 0, 2, 0 },                            "{\"rate\":0.00}" },
    { "NaN is a string",            { 0, 0, HG_DECIMAL_NAN },               "{\"rate\":\"NaN\"}" },
    { "infinity is a string",       { 0, 0, HG_DECIMAL_INFINITY },          "{\"rate\":\"Infinity\"}" },
    { "-infinity is a string",      { 0, 0, HG_DECIMAL_NEGATIVE_INFINITY }, "{\"rate\":\"-Infinity\"}" },
};

START_TEST(decimals_keep_every_digit)
{
    parcel row = { .struct_size = sizeof row, .loaded_mask = HG_BIT(PARCEL_RATE), .rate = decimals[_i].value };

    assert_json(&row, decimals[_i].json);
}
END_TEST

START_TEST(infinite_times_are_words)
{
    parcel row = { .struct_size = sizeof row, .sent_at = INT64_MIN, .due = INT32_MAX };

    assert_json(&row, "{\"sent_at\":\"-infinity\",\"due\":\"infinity\"}");
}
END_TEST

START_TEST(times_before_the_first_year_are_words_too)
{
    parcel row = { .struct_size = sizeof row, .sent_at = INT64_C(-62135596800000001), .due = -719163 };

    assert_json(&row, "{\"sent_at\":\"0001-12-31T23:59:59.999999Z BC\",\"due\":\"0001-12-31 BC\"}");
}
END_TEST

START_TEST(unknown_enumerated_values_print_what_the_database_holds)
{
    static const hg_str unknown[] = { { "un\"known", 8 }, { "glum", 4 } };
    parcel row = { .struct_size = sizeof row, .state = -1, .class_ = PARCEL_CLASS_BOX, .mood = -1,
                   .unknown_text = unknown };

    row.loaded_mask = HG_BIT(PARCEL_STATE) | HG_BIT(PARCEL_CLASS) | HG_BIT(PARCEL_MOOD);
    assert_json(&row, "{\"state\":\"un\\\"known\",\"class\":\"box\",\"mood\":\"glum\"}");
}
END_TEST

START_TEST(text_with_every_kind_of_character_is_escaped)
{
    parcel row = { .struct_size = sizeof row, .note = str("\x01\x1f\"\\/\b\f\n\r\t\x7f\xC3\xA9\xF0\x9F\x98\x80") };

    assert_json(&row, "{\"note\":\"\\u0001\\u001f\\\"\\\\/\\b\\f\\n\\r\\t\x7f\xC3\xA9\xF0\x9F\x98\x80\"}");
}
END_TEST

/* ---- Refusals -------------------------------------------------------------------------------- */

START_TEST(what_would_not_be_json_is_refused)
{
    static const hg_str bad_items[] = { { "ok", 2 }, { "\xFF", 1 } };
    const parcel empty = { .struct_size = sizeof empty };
    parcel row;

    row = empty, row.note = (hg_str){ "a\0b", 3 };
    assert_refused(&row, PARCEL_NOTE, "parcels.note holds a NUL byte");
    row = empty, row.note = str("\xC3");
    assert_refused(&row, PARCEL_NOTE, "parcels.note is not UTF-8");
    row = empty, row.note = (hg_str){ NULL, 3 };
    assert_refused(&row, PARCEL_NOTE, "parcels.note has a length but no text");
    row = empty, row.details = str("{} {}");
    assert_refused(&row, PARCEL_DETAILS, "parcels.details has something behind its end");
    row = empty, row.details = str("");
    assert_refused(&row, PARCEL_DETAILS, "parcels.details is empty");
    row = empty, row.details = (hg_str){ NULL, 2 };
    assert_refused(&row, PARCEL_DETAILS, "parcels.details has a length but no text");
    row = empty, row.tags = (hg_str_list){ bad_items, NULL, 2 };
    assert_refused(&row, PARCEL_TAGS, "parcels.tags element 1 is not UTF-8");
    row = empty, row.state = 4;
    assert_refused(&row, PARCEL_STATE, "parcels.state is none of the column's values");
    row = empty, row.state = -1;
    assert_refused(&row, PARCEL_STATE, "parcels.state is none of the column's values");
    row = empty, row.is_fragile = 2;
    assert_refused(&row, PARCEL_IS_FRAGILE, "parcels.is_fragile is neither 0 nor 1");
    row = empty, row.rate.scale = 19;
    assert_refused(&row, PARCEL_RATE, "parcels.rate: the value is not a decimal: scale is not 0 to 18");
    row = empty, row.origin.family = 5;
    assert_refused(&row, PARCEL_ORIGIN, "parcels.origin: the inet is not an address: family is neither 4 nor 6");
}
END_TEST

START_TEST(no_row_and_no_size_and_no_out_are_refused)
{
    parcel row = { .struct_size = 0 };
    hg_error err;

    assert_refused(NULL, -1, "row is NULL");
    assert_refused(&row, -1, "struct_size of the row is zero; set it to sizeof(hg_parcel)");
    row.struct_size = 31;
    assert_refused(&row, -1, "struct_size of the row is too small; set it to sizeof(hg_parcel)");
    row.struct_size = sizeof row;
    ck_assert_int_eq(hgi_row_to_json(&parcels, &row, NULL, &err), HG_E_INVALID);
    ck_assert_str_eq(err.message, "out is NULL");
}
END_TEST

START_TEST(every_allocation_fails_once)
{
    static char long_unknown[3000];
    static const hg_str unknown[] = { { long_unknown, sizeof long_unknown } };
    long before = hgi_live_blocks();
    hg_status st = HG_E_NOMEM;
    parcel row = a_loaded_parcel();
    long n;

    memset(long_unknown, 'u', sizeof long_unknown);
    row.state = -1;                                      /* the one quoted value that may be long */
    row.unknown_text = unknown;
    for (n = 1; st != HG_OK; n++) {
        hg_text *text = (hg_text *)&row;
        hg_error err;

        hgi_fault_at(n);
        st = hgi_row_to_json(&parcels, &row, &text, &err);

        ck_assert_msg(st == err.status && (st == HG_OK ? text != NULL : st == HG_E_NOMEM && text == NULL),
                      "allocation %ld: %s", n, hg_status_name(st));
        hg_text_free(text);
        ck_assert_msg(hgi_live_blocks() == before, "allocation %ld leaks", n);
    }
    hgi_fault_at(0);
    ck_assert_msg(n > 4, "only %ld allocations were tried", n - 1);
}
END_TEST

Suite *
suite_record_json_out(void)
{
    Suite *suite = suite_create("record/json_out");
    TCase *tc = tcase_create("json_out");

    tcase_add_test(tc, a_row_prints_every_loaded_column_in_order);
    tcase_add_test(tc, a_column_that_was_not_read_is_left_out);
    tcase_add_test(tc, null_is_null_and_not_the_zero_behind_it);
    tcase_add_test(tc, a_callers_own_row_prints_what_it_sets);
    tcase_add_test(tc, a_callers_row_of_an_older_header_prints_what_it_has);
    tcase_add_test(tc, columns_of_a_newer_library_are_left_out);
    tcase_add_loop_test(tc, decimals_keep_every_digit, 0, (int)(sizeof decimals / sizeof decimals[0]));
    tcase_add_test(tc, infinite_times_are_words);
    tcase_add_test(tc, times_before_the_first_year_are_words_too);
    tcase_add_test(tc, unknown_enumerated_values_print_what_the_database_holds);
    tcase_add_test(tc, text_with_every_kind_of_character_is_escaped);
    tcase_add_test(tc, what_would_not_be_json_is_refused);
    tcase_add_test(tc, no_row_and_no_size_and_no_out_are_refused);
    tcase_add_test(tc, every_allocation_fails_once);
    suite_add_tcase(suite, tc);
    return suite;
}
