/* value/json - what jsonb takes passes, and nothing else does. */
#include "../suites.h"
#include "../hex.h"
#include "../random.h"
#include "json_plain.h"

#include "value/value.h"

/* problem: a part of the phrase; NULL: it passes. The verdicts were compared with '...'::jsonb
 * of PostgreSQL 15.20. */
static const struct { const char *name, *text, *problem; } checks[] = {
    { "null",                          "null",                         NULL },
    { "true",                          "true",                         NULL },
    { "false",                         "false",                        NULL },
    { "a string",                      "\"a\"",                        NULL },
    { "a number",                      "-12.50e+3",                    NULL },
    { "an empty object",               "{}",                           NULL },
    { "an empty array",                "[]",                           NULL },
    { "empty ones inside",             "[{},[],{\"a\":{}},[[]]]",      NULL },
    { "space everywhere",              " \n{ \"a\" :\t[ 1 , 2 ]\r, \"b\" : null } ", NULL },
    { "a name twice",                  "{\"a\":1,\"a\":2}",            NULL },
    { "an empty name",                 "{\"\":1}",                     NULL },
    { "all escapes",                   "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"", NULL },
    { "digits in both cases",          "\"\\uABCD\\uabcd\"",           NULL },
    { "a surrogate pair",              "\"\\ud83d\\ude00\"",           NULL },
    { "UTF-8",                         "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"", NULL },
    { "DEL",                           "\"\x7f\"",                     NULL },
    { "a long string",                 "\"0123456789012345678901234567890123456789\"", NULL },
    { "zero",                          "0",                            NULL },
    { "minus zero",                    "-0",                           NULL },
    { "zero with a fraction",          "0.0",                          NULL },
    { "an exponent of zero",           "1E0",                          NULL },
    { "the largest number",            "1e131071",                     NULL },
    { "the largest, otherwise",        "9999e131068",                  NULL },
    { "the largest, from behind",      "0.001e131074",                 NULL },
    { "the smallest number",           "1e-16383",                     NULL },
    { "zero of any exponent",          "0e200000",                     NULL },
    { "empty",                         "",                             "is empty" },
    { "only space",                    " \t\n",                        "is empty" },
    { "two values",                    "1 2",                          "behind its end" },
    { "a comma at the end",            "1,",                           "behind its end" },
    { "a brace at the end",            "{}}",                          "behind its end" },
    { "a NUL byte word",               "nul",                          "no JSON value" },
    { "a word too long",               "nulls",                        "behind its end" },
    { "True",                          "True",                         "no JSON value" },
    { "NaN",                           "NaN",                          "no JSON value" },
    { "single quotes",                 "'a'",                          "no JSON value" },
    { "a comment",                     "/* */ 1",                      "no JSON value" },
    { "a form feed",                   "\f1",                          "no JSON value" },
    { "a byte order mark",             "\xef\xbb\xbf" "1",             "no JSON value" },
    { "object without end",            "{",                            "without a name" },
    { "array without end",             "[",                            "where a value should be" },
    { "array without end behind one",  "[1",                           "inside an object or array" },
    { "array without end at a comma",  "[1,",                          "where a value should be" },
    { "object without end behind one", "{\"a\":1",                     "inside an object or array" },
    { "a comma before the bracket",    "[1,]",                         "no JSON value" },
    { "a comma before the brace",      "{\"a\":1,}",                   "without a name" },
    { "a comma alone in an array",     "[,]",                          "no JSON value" },
    { "a comma alone in an object",    "{,}",                          "without a name" },
    { "no comma",                      "[1 2]",                        "without a comma" },
    { "no colon",                      "{\"a\" 1}",                    "without a colon" },
    { "a colon in an array",           "[\"a\":1]",                    "without a comma" },
    { "no value",                      "{\"a\":}",                     "no JSON value" },
    { "no name",                       "{1:2}",                        "without a name" },
    { "a name without quotes",         "{a:2}",                        "without a name" },
    { "an array closed by a brace",    "[1}",                          "without a comma" },
    { "an object closed by a bracket", "{\"a\":1]",                    "without a comma" },
    { "an empty one closed wrongly",   "[}",                           "no JSON value" },
    { "a string without end",          "\"a",                          "string without end" },
    { "a string ending at an escape",  "\"a\\",                        "string without end" },
    { "an escaped quote at the end",   "\"a\\\"",                      "string without end" },
    { "a name without end",            "{\"a",                         "string without end" },
    { "a line's end in a string",      "\"a\nb\"",                     "control character" },
    { "a tab in a long string",        "\"01234567890123456789\t\"",   "control character" },
    { "an unknown escape",             "\"\\x41\"",                    "escape" },
    { "an upper case escape",          "\"\\N\"",                      "escape" },
    { "\\u with three digits",         "\"\\u00e\"",                   "four hexadecimal digits" },
    { "\\u with another letter",       "\"\\u00eg\"",                  "four hexadecimal digits" },
    { "\\u at the end",                "\"\\u00",                      "four hexadecimal digits" },
    { "\\u0000",                       "\"\\u0000\"",                  "\\u0000" },
    { "\\u0000 in a name",             "{\"\\u0000\":1}",              "\\u0000" },
    { "a high surrogate alone",        "\"\\ud83d\"",                  "surrogate" },
    { "a low surrogate alone",         "\"\\ude00\"",                  "surrogate" },
    { "a high one before a letter",    "\"\\ud83d0\"",                 "surrogate" },
    { "a high one before another",     "\"\\ud83d\\ud83d\"",           "surrogate" },
    { "a high one before another escape", "\"\\ud83d\\n12345\"",       "surrogate" },
    { "a pair the wrong way round",    "\"\\ude00\\ud83d\"",           "surrogate" },
    { "not UTF-8",                     "\"\xff\"",                     "is not UTF-8" },
    { "overlong UTF-8",                "\"\xc0\x80\"",                 "is not UTF-8" },
    { "UTF-8 cut off by the quote",    "\"\xc3\"",                     "is not UTF-8" },
    { "a surrogate in UTF-8",          "\"\xed\xa0\x80\"",             "is not UTF-8" },
    { "not UTF-8 outside of strings",  "\xff",                         "no JSON value" },
    { "a zero in front",               "01",                           "number" },
    { "a zero in front of minus one",  "-01",                          "number" },
    { "a minus alone",                 "-",                            "number" },
    { "a minus before a letter",       "-a",                           "number" },
    { "a plus",                        "+1",                           "no JSON value" },
    { "a point at the end",            "1.",                           "number" },
    { "a point in front",              ".1",                           "no JSON value" },
    { "a point before the exponent",   "1.e1",                         "number" },
    { "an exponent without digits",    "1e",                           "number" },
    { "an exponent with only a sign",  "1e+",                          "number" },
    { "hexadecimal",                   "0x1",                          "behind its end" },
    { "a number above the largest",    "1e131072",                     "jsonb cannot hold" },
    { "above it from behind",          "0.001e131075",                 "jsonb cannot hold" },
    { "a number below the smallest",   "1e-16384",                     "jsonb cannot hold" },
    { "zero below the smallest",       "0e-16384",                     "jsonb cannot hold" },
    { "an exponent of 30 digits",      "0e999999999999999999999999999999", "jsonb cannot hold" },
    { "a negative one of 30 digits",   "0e-999999999999999999999999999999", "jsonb cannot hold" },
};

START_TEST(a_document_passes_if_jsonb_takes_it)
{
    size_t len = strlen(checks[_i].text);
    char *exact = exact_copy(checks[_i].text, len);
    const char *got = hgi_json_check(exact, len);

    ck_assert_msg(got == NULL
                      ? checks[_i].problem == NULL
                      : checks[_i].problem != NULL && strstr(got, checks[_i].problem) != NULL,
                  "%s: %s gave \"%s\", want \"%s\"", checks[_i].name, checks[_i].text,
                  got != NULL ? got : "(passes)",
                  checks[_i].problem != NULL ? checks[_i].problem : "(passes)");
    free(exact);
}
END_TEST

START_TEST(no_beginning_of_a_document_passes)
{
    static const char document[] = "{\"a\": [1.5e3, \"\\ud83d\\ude00\", {\"b\": true}], \"c\": null}";

    for (size_t len = 0; len < strlen(document); len++) {
        char *exact = exact_copy(document, len);

        ck_assert_msg(hgi_json_check(exact, len) != NULL, "the first %zu bytes pass", len);
        free(exact);
    }
    ck_assert_ptr_null(hgi_json_check(document, strlen(document)));
}
END_TEST

START_TEST(a_nul_byte_is_refused_wherever_it_is)
{
    ck_assert_ptr_nonnull(hgi_json_check("1\0", 2));
    ck_assert_ptr_nonnull(hgi_json_check("\"a\0\"", 4));
    ck_assert_ptr_nonnull(hgi_json_check("\"01234567890\0\"", 14));
}
END_TEST

START_TEST(depth_128_passes_and_129_does_not)
{
    char text[300];

    for (int of_objects = 0; of_objects <= 1; of_objects++)
        for (size_t depth = 126; depth <= 131; depth++) {
            size_t len = 0;
            const char *got;
            char many[1024];

            for (size_t i = 0; i < depth; i++) {
                memcpy(many + len, of_objects ? "{\"\":" : "[", of_objects ? 4 : 1);
                len += of_objects ? 4 : 1;
            }
            many[len++] = '1';
            for (size_t i = 0; i < depth; i++)
                many[len++] = of_objects ? '}' : ']';
            got = hgi_json_check(many, len);
            ck_assert_msg((got == NULL) == (depth <= 128), "depth %zu: \"%s\"", depth,
                          got != NULL ? got : "(passes)");
        }
    memset(text, '[', sizeof text);
    ck_assert_str_eq(hgi_json_check(text, sizeof text), "is nested deeper than 128");
}
END_TEST

/* What is open is remembered a byte each. */
START_TEST(deep_closings_are_matched)
{
    char text[512];
    size_t len = 0;
    size_t objects_end;

    for (int i = 0; i < 64; i++)
        text[len++] = '[';
    for (int i = 0; i < 36; i++) {
        memcpy(text + len, "{\"\":", 4);
        len += 4;
    }
    text[len++] = '1';
    for (int i = 0; i < 36; i++)
        text[len++] = '}';
    objects_end = len;
    for (int i = 0; i < 64; i++)
        text[len++] = ']';

    ck_assert_ptr_null(hgi_json_check(text, len));
    text[objects_end - 1] = ']';
    ck_assert_ptr_nonnull(hgi_json_check(text, len));
    text[objects_end - 1] = '}';
    text[objects_end] = '}';
    ck_assert_ptr_nonnull(hgi_json_check(text, len));
}
END_TEST

/* Tokens in any order, and documents in which a byte or two were changed, left out or put in: about a quarter pass. */
static size_t
make_random_text(uint64_t *state, char *text)
{
    static const char *const tokens[] = {
        "{", "}", "[", "]", ":", ",", "\"", "\"a\"", "\"abc\":", "\"a longer name\":", "1", "-0.5e3", "01", "true", "null", "nul",
        " ", "\n", "\\u0000", "\"\\ud83d\\ude00\"", "\xc3\xa9", "\"\xe2\x82\xac\"", "\x01", "\\", "\"x", "{}", "[]", "{\"a\":1}", "[1,2]",
    };
    static const char *const documents[] = {
        "{\"a\": [1.5e3, \"\\ud83d\\ude00\", {\"b\": true}], \"c\": null}", "[[[{\"x\":{}}]],{\"y\":[]}, \"text that is skipped\"]",
        "{\"job\": \"a1b2c3\", \"from\": \"search\"}", " [ ] ", "\"na\xc3\xafve \xe2\x82\xac\"", "{\"\":{\"\":[{},-1e5,{}]}}",
    };
    static const char bytes[] = "{}[]:,\" \\0e1-.\n\t\x1f\x80\xc3\xff";
    uint64_t kind = random_next(state);
    size_t len = 0;

    if (kind % 2) {
        for (uint64_t left = random_next(state) % 12; left > 0; left--) {
            const char *token = tokens[random_next(state) % (sizeof tokens / sizeof *tokens)];

            memcpy(text + len, token, strlen(token));
            len += strlen(token);
        }
        return len;
    }
    len = strlen(strcpy(text, documents[kind / 2 % (sizeof documents / sizeof *documents)]));
    for (uint64_t left = random_next(state) % 3; left > 0 && len > 0; left--) {
        size_t at = random_next(state) % len, cut = random_next(state) % 3, put = random_next(state) % 2;

        cut = cut < len - at ? cut : len - at;
        memmove(text + at + put, text + at + cut, len - at - cut);
        if (put)
            text[at] = bytes[random_next(state) % (sizeof bytes - 1)];
        len += put - cut;
    }
    return len;
}

START_TEST(random_texts_are_judged_as_by_a_slow_reader)
{
    uint64_t state = test_seed;
    int passed = 0;

    for (int i = 0; i < 40000; i++) {
        char text[512];
        size_t len = make_random_text(&state, text);
        char *exact = exact_copy(text, len);
        int want = plain_json_check(exact, len);
        const char *got = hgi_json_check(exact, len);

        assert_of_many(want == -1 || want == (got == NULL), "%.*s gave \"%s\" (seed %llu)", (int)len, text,
                       got != NULL ? got : "(passes)", (unsigned long long)test_seed);
        passed += want == 1;
        free(exact);
    }
    ck_assert_msg(passed > 4000, "only %d of 40000 random documents are legal", passed);
}
END_TEST

Suite *
suite_value_json(void)
{
    Suite *suite = suite_create("value/json");
    TCase *tc = tcase_create("json");

    tcase_add_loop_test(tc, a_document_passes_if_jsonb_takes_it, 0,
                        (int)(sizeof checks / sizeof checks[0]));
    tcase_add_test(tc, no_beginning_of_a_document_passes);
    tcase_add_test(tc, a_nul_byte_is_refused_wherever_it_is);
    tcase_add_test(tc, depth_128_passes_and_129_does_not);
    tcase_add_test(tc, deep_closings_are_matched);
    tcase_add_test(tc, random_texts_are_judged_as_by_a_slow_reader);
    suite_add_tcase(suite, tc);
    return suite;
}
