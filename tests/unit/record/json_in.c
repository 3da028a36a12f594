/* record/json_in - JSON becomes rows exactly or not at all, and a refusal names the member and
 * never its value. */
#include "../suites.h"

#include "../hex.h"
#include "fixture.h"

#include <stdio.h>

/* Reads from memory of exactly the text's size, so that the sanitizer sees a read behind its
 * end. */
static hg_status
read_json(const char *json, hg_draft **out, hg_error *err)
{
    char *copy = exact_copy(json, strlen(json));
    hg_status st = hgi_row_from_json(&parcels, copy, strlen(json), out, err);

    free(copy);
    return st;
}

static hg_draft *
accept(const char *json)
{
    hg_draft *draft = NULL;
    hg_error err = { .message = "" };
    hg_status st = read_json(json, &draft, &err);

    ck_assert_msg(st == HG_OK && draft != NULL && err.status == HG_OK, "%s gave %s: %s", json, hg_status_name(st),
                  err.message);
    return draft;
}

static const parcel *
row_at(const hg_draft *draft, size_t i, uint64_t *set)
{
    size_t count = 0, stride = 0;
    const char *rows = hgi_draft_rows(&parcels, draft, &count, &stride, set);

    ck_assert_msg(rows != NULL && i < count, "%zu rows, want row %zu", count, i);
    return (const parcel *)(const void *)(rows + i * stride);
}

/* ---- Round trips ----------------------------------------------------------------------------- */

static void
assert_round_trip(const parcel *row, uint64_t columns)
{
    hg_text *text = NULL, *again = NULL;
    hg_draft *draft;
    parcel back;
    const char *difference;
    uint64_t set;

    ck_assert_int_eq(hgi_row_to_json(&parcels, row, &text, NULL), HG_OK);
    draft = accept(hg_text_ptr(text));
    back = *row_at(draft, 0, &set);
    difference = row_difference(&parcels, row, &back);
    ck_assert_msg(difference == NULL, "%s differs after %s", difference, hg_text_ptr(text));
    ck_assert_msg(set == columns, "set is %llx, want %llx", (unsigned long long)set, (unsigned long long)columns);

    back.loaded_mask = set;
    ck_assert_int_eq(hgi_row_to_json(&parcels, &back, &again, NULL), HG_OK);
    ck_assert_str_eq(hg_text_ptr(again), hg_text_ptr(text));
    hg_text_free(again);
    hg_text_free(text);
    hg_draft_free(draft);
}

START_TEST(a_printed_row_reads_back_to_itself)
{
    parcel row = a_loaded_parcel();

    assert_round_trip(&row, PARCEL_ALL);
}
END_TEST

START_TEST(a_printed_row_of_nulls_reads_back_to_itself)
{
    parcel row = { .struct_size = sizeof row, .loaded_mask = PARCEL_ALL, .null_mask = PARCEL_ALL };

    assert_round_trip(&row, PARCEL_ALL);
}
END_TEST

START_TEST(extremes_read_back_to_themselves)
{
    static char deep[2 * HGI_JSON_DEPTH];
    parcel row = a_loaded_parcel();

    memset(deep, '[', HGI_JSON_DEPTH);
    memset(deep + HGI_JSON_DEPTH, ']', HGI_JSON_DEPTH);
    row.details = (hg_str){ deep, sizeof deep };
    row.pieces = INT32_MAX;
    row.price = (hg_decimal){ 0, 0, HG_DECIMAL_NAN };
    row.rate = (hg_decimal){ INT64_MIN, 18, 0 };
    row.sent_at = INT64_C(-62135596800000001);
    row.due = INT32_MIN;
    row.tags = (hg_str_list){ NULL, NULL, 0 };
    assert_round_trip(&row, PARCEL_ALL);

    row.rate = (hg_decimal){ INT64_C(9007199254740993), 0, 0 };
    row.sent_at = INT64_MAX;
    row.due = INT32_MAX;
    assert_round_trip(&row, PARCEL_ALL);
}
END_TEST

/* ---- What is taken --------------------------------------------------------------------------- */

START_TEST(an_empty_object_sets_nothing)
{
    hg_draft *draft = accept(" { } ");
    uint64_t set;

    row_at(draft, 0, &set);
    ck_assert_uint_eq(set, 0);
    hg_draft_free(draft);
}
END_TEST

START_TEST(an_array_gives_its_objects_as_rows)
{
    hg_draft *draft = accept("[{\"pieces\":1,\"note\":null} ,\n{\"note\":\"x\",\"pieces\":2}]");
    uint64_t set;

    ck_assert_int_eq(row_at(draft, 0, &set)->pieces, 1);
    ck_assert_int_eq(row_at(draft, 1, &set)->pieces, 2);
    ck_assert_uint_eq(row_at(draft, 0, &set)->null_mask, HG_BIT(PARCEL_NOTE));
    ck_assert_uint_eq(row_at(draft, 1, &set)->null_mask, 0);
    ck_assert_uint_eq(set, HG_BIT(PARCEL_PIECES) | HG_BIT(PARCEL_NOTE));
    hg_draft_free(draft);
}
END_TEST

START_TEST(a_json_column_gets_its_text_verbatim)
{
    hg_draft *draft = accept("{\"details\" : {\"a\" :\t1e2, \"b\":[ ], \"a\":\"\\u0041\"} }");
    uint64_t set;

    ck_assert_str_eq(row_at(draft, 0, &set)->details.ptr, "{\"a\" :\t1e2, \"b\":[ ], \"a\":\"\\u0041\"}");
    hg_draft_free(draft);
}
END_TEST

START_TEST(names_and_strings_are_unescaped)
{
    hg_draft *draft = accept("{\"\\u0074itle\":\"\\ud83d\\ude00\\/\\n\",\"state\":\"lost \\\"twice\\u0022\","
                             "\"tags\":[\"\\t\",null,\"\"]}");
    uint64_t set;
    const parcel *row = row_at(draft, 0, &set);

    ck_assert_str_eq(row->title.ptr, "\xF0\x9F\x98\x80/\n");
    ck_assert_int_eq(row->state, PARCEL_STATE_LOST_TWICE);
    ck_assert_str_eq(row->tags.items[0].ptr, "\t");
    ck_assert_msg(hgi_text_list_is_null(&row->tags, 1) && !hgi_text_list_is_null(&row->tags, 2), "null bits differ");
    hg_draft_free(draft);
}
END_TEST

static const struct { const char *json; hg_decimal want; } decimals[] = {
    { "{\"rate\":9007199254740993}",     { INT64_C(9007199254740993), 0, 0 } },
    { "{\"rate\":\"9007199254740993\"}", { INT64_C(9007199254740993), 0, 0 } },
    { "{\"rate\":12.500}",               { 12500, 3, 0 } },
    { "{\"rate\":-0.10}",                { -10, 2, 0 } },
    { "{\"rate\":-0}",                   { 0, 0, 0 } },
    { "{\"rate\":\"NaN\"}",              { 0, 0, HG_DECIMAL_NAN } },
    { "{\"rate\":\"-Infinity\"}",        { 0, 0, HG_DECIMAL_NEGATIVE_INFINITY } },
};

START_TEST(decimals_are_read_digit_by_digit)
{
    hg_draft *draft = accept(decimals[_i].json);
    uint64_t set;
    const hg_decimal *got = &row_at(draft, 0, &set)->rate;

    ck_assert_msg(memcmp(got, &decimals[_i].want, sizeof *got) == 0, "%s gave %lld scale %d kind %d", decimals[_i].json,
                  (long long)got->unscaled, (int)got->scale, (int)got->kind);
    hg_draft_free(draft);
}
END_TEST

START_TEST(a_list_of_many_keeps_its_null_bits)
{
    char json[1000] = "{\"tags\":[";
    hg_draft *draft;
    const hg_str_list *tags;
    uint64_t set;

    for (int i = 0; i < 70; i++)
        snprintf(json + strlen(json), sizeof json - strlen(json), "%s%s", i > 0 ? "," : "", i % 3 == 0 ? "null" : "\"t\"");
    draft = accept(strcat(json, "]}"));

    tags = &row_at(draft, 0, &set)->tags;
    ck_assert_uint_eq(tags->count, 70);
    for (size_t i = 0; i < 70; i++)
        ck_assert_msg(hgi_text_list_is_null(tags, i) == (i % 3 == 0), "element %zu", i);
    hg_draft_free(draft);
}
END_TEST

START_TEST(a_list_keeps_nothing_of_the_one_before)
{
    hg_draft *draft = accept("[{\"tags\":[null,null,\"long before\"]},{\"tags\":[\"b\",\"c\"]}]");
    uint64_t set;
    const hg_str_list *tags = &row_at(draft, 1, &set)->tags;

    ck_assert_uint_eq(tags->count, 2);
    ck_assert_msg(!hgi_text_list_is_null(tags, 0) && !hgi_text_list_is_null(tags, 1), "an element is NULL");
    ck_assert_str_eq(tags->items[0].ptr, "b");
    ck_assert_str_eq(tags->items[1].ptr, "c");
    hg_draft_free(draft);
}
END_TEST

/* ---- What is refused ------------------------------------------------------------------------- */

static const struct { const char *json; int32_t column; const char *message; } refusals[] = {
    /* The document. */
    { "",                              -1, "the JSON for parcels is empty" },
    { " \n",                           -1, "the JSON for parcels is empty" },
    { "1",                             -1, "the JSON for parcels has something other than an object" },
    { "null",                          -1, "the JSON for parcels has something other than an object" },
    { "{}{}",                          -1, "the JSON for parcels has something behind its end" },
    { "{},",                           -1, "the JSON for parcels has something behind its end" },
    { "{",                             -1, "the JSON for parcels has an object with a member without a name" },
    { "{,}",                           -1, "the JSON for parcels has an object with a member without a name" },
    { "{\"title\":\"x\",}",            -1, "the JSON for parcels has an object with a member without a name" },
    { "{\"title\"",                    -1, "the JSON for parcels has a member's name without a colon behind it" },
    { "{\"title\" \"x\"}",             -1, "the JSON for parcels has a member's name without a colon behind it" },
    { "{\"title",                      -1, "the JSON for parcels has a string without end" },
    { "{\"ti\\u0000le\":1}",           -1, "the JSON for parcels holds \\u0000, which jsonb cannot" },
    { "{title:1}",                     -1, "the JSON for parcels has an object with a member without a name" },
    { "{\"title\":\"x\"",              -1, "the JSON for parcels ends inside an object" },
    { "{\"title\":\"x\" \"note\":1}",  -1, "the JSON for parcels has a value without a comma or an end behind it" },
    { "{\"title\":\"x\"]",             -1, "the JSON for parcels has a value without a comma or an end behind it" },
    { "[]",                            -1, "the JSON for parcels is an empty array; it takes one object at least "
                                           "(object 0)" },
    { "[{}",                           -1, "the JSON for parcels ends inside an array (object 1)" },
    { "[{},]",                         -1, "the JSON for parcels has something other than an object (object 1)" },
    { "[{},[]]",                       -1, "the JSON for parcels has something other than an object (object 1)" },
    { "[{},",                          -1, "the JSON for parcels ends where an object should be (object 1)" },
    { "[{}]]",                         -1, "the JSON for parcels has something behind its end" },
    /* Members. */
    { "{\"titel\":1}",                 -1, "parcels has no column titel, which the JSON has a member for" },
    { "{\"\":1}",                      -1, "parcels has no column , which the JSON has a member for" },
    { "{\"class_\":1}",                -1, "parcels has no column class_, which the JSON has a member for" },
    { "{\"note\":null,\"not\\u0065\":null}", PARCEL_NOTE, "parcels.note is a member of the JSON twice" },
    { "[{\"note\":null},{}]",          PARCEL_NOTE, "parcels.note is not a member of this object, but of the first "
                                                    "(object 1)" },
    { "[{},{\"note\":null}]",          PARCEL_NOTE, "parcels.note is a member of this object, but not of the first "
                                                    "(object 1)" },
    { "[{},{\"pieces\":\"secret\"}]",  PARCEL_PIECES, "parcels.pieces is given by a number, which the JSON has not "
                                                      "(object 1)" },
    { "[{},{\"pieces\":2147483648}]",  PARCEL_PIECES, "parcels.pieces is outside -2147483648 to 2147483647 "
                                                      "(object 1)" },
    /* Values. */
    { "{\"title\":}",                  PARCEL_TITLE, "parcels.title has something that is no JSON value" },
    { "{\"title\":,\"note\":1}",       PARCEL_TITLE, "parcels.title has something that is no JSON value" },
    { "{\"title\":",                   PARCEL_TITLE, "parcels.title ends where a value should be" },
    { "{\"title\":tru}",               PARCEL_TITLE, "parcels.title has something that is no JSON value" },
    { "{\"title\":\"\\ud800\"}",       PARCEL_TITLE, "parcels.title holds half of a surrogate pair" },
    { "{\"title\":\"\\u0000\"}",       PARCEL_TITLE, "parcels.title holds \\u0000, which jsonb cannot" },
    { "{\"title\":\"\xFF\"}",          PARCEL_TITLE, "parcels.title is not UTF-8" },
    { "{\"title\":1}",                 PARCEL_TITLE, "parcels.title is given by a string, which the JSON has not" },
    { "{\"title\":[\"x\"]}",           PARCEL_TITLE, "parcels.title is given by a string, which the JSON has not" },
    { "{\"state\":1}",                 PARCEL_STATE, "parcels.state is given by a string, which the JSON has not" },
    { "{\"state\":\"secret\"}",        PARCEL_STATE, "parcels.state is none of the column's values" },
    { "{\"pieces\":\"1\"}",            PARCEL_PIECES, "parcels.pieces is given by a number, which the JSON has not" },
    { "{\"pieces\":true}",             PARCEL_PIECES, "parcels.pieces is given by a number, which the JSON has not" },
    { "{\"pieces\":1.0}",              PARCEL_PIECES, "parcels.pieces is an integer; write it without point and "
                                                      "exponent" },
    { "{\"pieces\":1e3}",              PARCEL_PIECES, "parcels.pieces is an integer; write it without point and "
                                                      "exponent" },
    { "{\"pieces\":2147483648}",       PARCEL_PIECES, "parcels.pieces is outside -2147483648 to 2147483647" },
    { "{\"pieces\":-2147483649}",      PARCEL_PIECES, "parcels.pieces is outside -2147483648 to 2147483647" },
    { "{\"pieces\":99999999999999999999999}", PARCEL_PIECES, "parcels.pieces is outside -2147483648 to 2147483647" },
    { "{\"pieces\":01}",               PARCEL_PIECES, "parcels.pieces has a number that JSON does not know" },
    { "{\"is_fragile\":1}",            PARCEL_IS_FRAGILE, "parcels.is_fragile is given by true or false, which the "
                                                          "JSON has not" },
    { "{\"is_fragile\":\"true\"}",     PARCEL_IS_FRAGILE, "parcels.is_fragile is given by true or false, which the "
                                                          "JSON has not" },
    { "{\"rate\":1e3}",                PARCEL_RATE, "parcels.rate: not a decimal number; it is written as -12.50, "
                                                    "without exponent" },
    { "{\"rate\":\"secret\"}",         PARCEL_RATE, "parcels.rate: not a decimal number; it is written as -12.50, "
                                                    "without exponent" },
    { "{\"rate\":\"\"}",               PARCEL_RATE, "parcels.rate: not a decimal number; it is written as -12.50, "
                                                    "without exponent" },
    { "{\"rate\":9223372036854775808}", PARCEL_RATE, "parcels.rate: the decimal has more than 18 digits behind the "
                                                     "point, or does not fit 64 bits" },
    { "{\"rate\":false}",              PARCEL_RATE, "parcels.rate is given by a number or a string, which the JSON has "
                                                    "not" },
    { "{\"tags\":\"a\"}",              PARCEL_TAGS, "parcels.tags is given by an array of strings, which the JSON has "
                                                    "not" },
    { "{\"tags\":{\"a\":\"b\"}}",      PARCEL_TAGS, "parcels.tags is given by an array of strings, which the JSON has "
                                                    "not" },
    { "{\"tags\":[\"a\",1]}",          PARCEL_TAGS, "parcels.tags has an element that is neither a string nor null" },
    { "{\"tags\":[[\"a\"]]}",          PARCEL_TAGS, "parcels.tags has an element that is neither a string nor null" },
    { "{\"tags\":[\"a\",]}",           PARCEL_TAGS, "parcels.tags has something that is no JSON value" },
    { "{\"due\":\"2026-02-30\"}",      PARCEL_DUE, NULL },
    { "{\"due\":\"\"}",                PARCEL_DUE, NULL },
    { "{\"sent_at\":\"2026-11-22\"}",  PARCEL_SENT_AT, NULL },
    { "{\"sent_at\":0}",               PARCEL_SENT_AT, "parcels.sent_at is given by a string, which the JSON has not" },
    { "{\"id\":\"secret\"}",           PARCEL_ID, NULL },
    { "{\"origin\":\"secret\"}",       PARCEL_ORIGIN, NULL },
};

START_TEST(a_refusal_names_the_member_and_the_rule)
{
    hg_draft *draft = (hg_draft *)&draft;
    long before = hgi_live_blocks();
    hg_error err = { .message = "" };
    hg_status st = read_json(refusals[_i].json, &draft, &err);

    ck_assert_msg(st == HG_E_INVALID && err.status == st && draft == NULL, "%s gave %s", refusals[_i].json,
                  hg_status_name(st));
    ck_assert_msg(refusals[_i].message == NULL || strcmp(err.message, refusals[_i].message) == 0, "%s\nsaid %s\nwant %s",
                  refusals[_i].json, err.message, refusals[_i].message);
    ck_assert_msg(strstr(err.message, "secret") == NULL, "the message has the value: %s", err.message);
    ck_assert_int_eq(err.column, refusals[_i].column);
    ck_assert_msg(err.column < 0 || strncmp(err.message, "parcels.", 8) == 0, "the message is %s", err.message);
    ck_assert_msg(hgi_live_blocks() == before, "%ld blocks leak", hgi_live_blocks() - before);
    ck_assert_int_eq(read_json(refusals[_i].json, &draft, NULL), HG_E_INVALID);
}
END_TEST

START_TEST(a_document_cut_anywhere_is_refused)
{
    hg_text *text = NULL;
    parcel row = a_loaded_parcel();

    ck_assert_int_eq(hgi_row_to_json(&parcels, &row, &text, NULL), HG_OK);
    for (size_t len = 0; len < hg_text_len(text); len++) {
        char *cut = exact_copy(hg_text_ptr(text), len);
        hg_draft *draft = NULL;
        hg_status st = hgi_row_from_json(&parcels, cut, len, &draft, NULL);

        ck_assert_msg(st == HG_E_INVALID && draft == NULL, "the first %zu bytes gave %s", len, hg_status_name(st));
        free(cut);
    }
    hg_text_free(text);
}
END_TEST

START_TEST(a_json_column_may_be_128_deep_and_not_129)
{
    for (int depth = HGI_JSON_DEPTH; depth <= HGI_JSON_DEPTH + 1; depth++) {
        char json[400] = "[{\"details\":";
        hg_draft *draft = NULL;
        hg_error err;
        hg_status st;

        memset(json + strlen(json), '[', (size_t)depth);
        memset(json + strlen(json), ']', (size_t)depth);
        st = read_json(strcat(json, "}]"), &draft, &err);
        ck_assert_msg(st == (depth == HGI_JSON_DEPTH ? HG_OK : HG_E_INVALID), "depth %d gave %s", depth,
                      hg_status_name(st));
        ck_assert_msg(st == HG_OK || err.column == PARCEL_DETAILS, "column %d", (int)err.column);
        hg_draft_free(draft);
    }
}
END_TEST

START_TEST(the_name_of_an_unknown_member_is_cut_at_a_character)
{
    char json[300] = "{\"";
    hg_draft *draft;
    hg_error err;

    for (int i = 0; i < 100; i++)
        strcat(json, i == 0 ? "x" : "\xC3\xA9");
    ck_assert_int_eq(read_json(strcat(json, "\":1}"), &draft, &err), HG_E_INVALID);

    ck_assert_msg(hgi_text_check(err.message, strlen(err.message), NULL) == NULL, "the message is not UTF-8");
    ck_assert_msg(strlen(err.message) < 130, "the message has %zu bytes", strlen(err.message));
}
END_TEST

START_TEST(no_text_and_no_out_are_refused)
{
    hg_draft *draft = (hg_draft *)&draft;
    hg_error err;

    ck_assert_int_eq(hgi_row_from_json(&parcels, NULL, 0, &draft, &err), HG_E_INVALID);
    ck_assert_str_eq(err.message, "the JSON for parcels is empty");
    ck_assert_ptr_null(draft);
    draft = (hg_draft *)&draft;
    ck_assert_int_eq(hgi_row_from_json(&parcels, NULL, 2, &draft, &err), HG_E_INVALID);
    ck_assert_str_eq(err.message, "the JSON is NULL");
    ck_assert_ptr_null(draft);
    ck_assert_int_eq(hgi_row_from_json(&parcels, "{}", 2, NULL, &err), HG_E_INVALID);
    ck_assert_str_eq(err.message, "out is NULL");
}
END_TEST

START_TEST(every_allocation_fails_once)
{
    static char json[120000];
    long before = hgi_live_blocks();
    hg_status st = HG_E_NOMEM;
    long n;

    /* Texts that no first block has room for, so that buffers grow and blocks are added. */
    strcpy(json, "[");
    for (int i = 0; i < 12; i++)
        snprintf(json + strlen(json), sizeof json - strlen(json), "%s{\"note\":\"%08000d\",\"tags\":[\"%0400d\",null],"
                 "\"rate\":\"1\",\"details\":[%01000d.5]}", i > 0 ? "," : "", 1, 2, 7);
    for (char *at = json; (at = strstr(at, "[000")) != NULL; at++)
        at[1] = '3';                                     /* a number may not begin with zeros */
    strcat(json, "]");
    for (n = 1; st != HG_OK; n++) {
        hg_draft *draft = (hg_draft *)&st;
        hg_error err = { .message = "" };

        hgi_fault_at(n);
        st = hgi_row_from_json(&parcels, json, strlen(json), &draft, &err);

        ck_assert_msg(st == err.status && (st == HG_OK ? draft != NULL : st == HG_E_NOMEM && draft == NULL),
                      "allocation %ld: %s %s", n, hg_status_name(st), err.message);
        hg_draft_free(draft);
        ck_assert_msg(hgi_live_blocks() == before, "allocation %ld leaks", n);
    }
    hgi_fault_at(0);
    ck_assert_msg(n > 8, "only %ld allocations were tried", n - 1);
}
END_TEST

Suite *
suite_record_json_in(void)
{
    Suite *suite = suite_create("record/json_in");
    TCase *tc = tcase_create("json_in");

    tcase_add_test(tc, a_printed_row_reads_back_to_itself);
    tcase_add_test(tc, a_printed_row_of_nulls_reads_back_to_itself);
    tcase_add_test(tc, extremes_read_back_to_themselves);
    tcase_add_test(tc, an_empty_object_sets_nothing);
    tcase_add_test(tc, an_array_gives_its_objects_as_rows);
    tcase_add_test(tc, a_json_column_gets_its_text_verbatim);
    tcase_add_test(tc, names_and_strings_are_unescaped);
    tcase_add_loop_test(tc, decimals_are_read_digit_by_digit, 0, (int)(sizeof decimals / sizeof decimals[0]));
    tcase_add_test(tc, a_list_of_many_keeps_its_null_bits);
    tcase_add_test(tc, a_list_keeps_nothing_of_the_one_before);
    tcase_add_loop_test(tc, a_refusal_names_the_member_and_the_rule, 0, (int)(sizeof refusals / sizeof refusals[0]));
    tcase_add_test(tc, a_document_cut_anywhere_is_refused);
    tcase_add_test(tc, a_json_column_may_be_128_deep_and_not_129);
    tcase_add_test(tc, the_name_of_an_unknown_member_is_cut_at_a_character);
    tcase_add_test(tc, no_text_and_no_out_are_refused);
    tcase_add_test(tc, every_allocation_fails_once);
    suite_add_tcase(suite, tc);
    return suite;
}
