/* value/json_escape - a text becomes a JSON string and comes back. */
#include "../suites.h"
#include "../hex.h"
#include "../random.h"

#include "value/value.h"

static const struct { const char *text; size_t len; const char *json; } escapes[] = {
    { "", 0, "\"\"" },
    { "a/b", 3, "\"a/b\"" },
    { "\"\\", 2, "\"\\\"\\\\\"" },
    { "\b\f\n\r\t", 5, "\"\\b\\f\\n\\r\\t\"" },
    { "\x01\x1f\x7f", 3, "\"\\u0001\\u001f\x7f\"" },
    { "a\0b", 3, "\"a\\u0000b\"" },
    { "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 9, "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"" },
    { "a long run of letters\nand \xc3\xa9 another", 36, "\"a long run of letters\\nand \xc3\xa9 another\"" },
};

START_TEST(a_text_becomes_a_string)
{
    char *exact = exact_copy(escapes[_i].text, escapes[_i].len);
    hgi_buffer buf = { 0 };

    hgi_json_escape(exact, escapes[_i].len, &buf);

    ck_assert_msg(strcmp(buf.ptr, escapes[_i].json) == 0, "gave %s, want %s", buf.ptr,
                  escapes[_i].json);
    hgi_buffer_free(&buf);
    free(exact);
}
END_TEST

static const struct { const char *name, *json, *text; } unescapes[] = {
    { "empty",                         "\"\"",                          "" },
    { "letters",                       "\"abc\"",                       "abc" },
    { "all short escapes",             "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t" },
    { "one byte",                      "\"\\u0041\"",                   "A" },
    { "two bytes",                     "\"\\u00e9\"",                   "\xc3\xa9" },
    { "three bytes",                   "\"\\u20AC\"",                   "\xe2\x82\xac" },
    { "a surrogate pair",              "\"\\ud83d\\ude00\"",            "\xf0\x9f\x98\x80" },
    { "the last code point",           "\"\\udbff\\udfff\"",            "\xf4\x8f\xbf\xbf" },
    { "between letters",               "\"a\\u0041b\\nc\"",             "aAb\nc" },
    { "no string",                     "123",                           "" },
    { "one quote",                     "\"",                            "" },
    { "half a pair, never checked",    "\"\\ud83dx\"",                  "\xef\xbf\xbdx" },
    { "\\u0000, never checked",        "\"\\u0000\"",                   "\xef\xbf\xbd" },
    { "\\u cut off, never checked",    "\"\\u12\"",                     "\xef\xbf\xbd" "12" },
    { "a backslash, never checked",    "\"a\\\"",                       "a" },
};

START_TEST(a_string_becomes_its_text)
{
    size_t len = strlen(unescapes[_i].json);
    char *exact = exact_copy(unescapes[_i].json, len);
    hg_str value = { exact, len };
    hgi_buffer buf = { 0 };

    hgi_buffer_add_text(&buf, "");
    hgi_json_unescape(&value, &buf);

    ck_assert_msg(strcmp(buf.ptr, unescapes[_i].text) == 0, "%s: %s gave \"%s\"",
                  unescapes[_i].name, unescapes[_i].json, buf.ptr);
    hgi_buffer_free(&buf);
    free(exact);
}
END_TEST

START_TEST(random_texts_pass_the_check_and_come_back)
{
    static const char *const pool[] = { "a", "\"", "\\", "/", "\n", "\x01", "\x1f", "\x7f", "\xc3\xa9",
                                        "\xe2\x82\xac", "\xf0\x9f\x98\x80", "01234567" };
    uint64_t state = test_seed;

    for (int i = 0; i < 20000; i++) {
        hgi_buffer text = { 0 }, json = { 0 }, back = { 0 };
        hg_str value;

        hgi_buffer_add_text(&text, "");
        for (uint64_t n = random_next(&state) % 20; n > 0; n--)
            hgi_buffer_add_text(&text, pool[random_next(&state) % 12]);
        hgi_json_escape(text.ptr, text.len, &json);
        value = (hg_str){ json.ptr, json.len };
        hgi_buffer_add_text(&back, "");
        hgi_json_unescape(&value, &back);

        assert_of_many(hgi_json_check(json.ptr, json.len) == NULL, "%s does not pass (seed %llu)",
                       json.ptr, (unsigned long long)test_seed);
        assert_of_many(back.len == text.len && memcmp(back.ptr, text.ptr, back.len) == 0,
                      "%s came back as another text (seed %llu)", json.ptr, (unsigned long long)test_seed);
        hgi_buffer_free(&text);
        hgi_buffer_free(&json);
        hgi_buffer_free(&back);
    }
}
END_TEST

Suite *
suite_value_json_escape(void)
{
    Suite *suite = suite_create("value/json_escape");
    TCase *tc = tcase_create("json_escape");

    tcase_add_loop_test(tc, a_text_becomes_a_string, 0, (int)(sizeof escapes / sizeof escapes[0]));
    tcase_add_loop_test(tc, a_string_becomes_its_text, 0,
                        (int)(sizeof unescapes / sizeof unescapes[0]));
    tcase_add_test(tc, random_texts_pass_the_check_and_come_back);
    suite_add_tcase(suite, tc);
    return suite;
}
