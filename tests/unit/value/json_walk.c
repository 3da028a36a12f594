/* value/json_walk - members and elements come as slices of the document, one after the other. */
#include "../suites.h"
#include "../hex.h"

#include "value/value.h"

/* want: each key and value with a space, and a bar behind it. */
static const struct { const char *name, *text; int opens; const char *want; } walks[] = {
    { "an object",          "{\"a\":1,\"b\":\"x\"}",                    1, "\"a\" 1|\"b\" \"x\"|" },
    { "an array",           "[1,\"x\",null]",                           1, " 1| \"x\"| null|" },
    { "space everywhere",   " { \"a\" : 1 ,\n\"b\" : [ 2 , 3 ] } ",     1, "\"a\" 1|\"b\" [ 2 , 3 ]|" },
    { "nested ones",        "[[1,[2]],{\"a\":{\"b\":[]}},3]",           1, " [1,[2]]| {\"a\":{\"b\":[]}}| 3|" },
    { "brackets in texts",  "{\"}\":\"]\",\"b\":[\"]\",\"\\\"]\"]}",    1, "\"}\" \"]\"|\"b\" [\"]\",\"\\\"]\"]|" },
    { "a backslash's end",  "[\"a\\\\\",1]",                            1, " \"a\\\\\"| 1|" },
    { "an empty object",    "{}",                                       1, "" },
    { "an empty array",     "[ ]",                                      1, "" },
    { "a number",           "12",                                       0, "" },
    { "a string",           "\"[1]\"",                                  0, "" },
    { "nothing",            "",                                         0, "" },
};

START_TEST(members_and_elements_come_in_order)
{
    size_t len = strlen(walks[_i].text);
    char *exact = exact_copy(walks[_i].text, len);
    hgi_buffer got = { 0 };
    hgi_json_walk walk;
    hg_str key, value;
    int opens = hgi_json_open(&walk, exact, len);

    ck_assert_msg(opens == walks[_i].opens, "%s: opens is %d", walks[_i].name, opens);
    hgi_buffer_add_text(&got, "");
    while (hgi_json_next(&walk, &key, &value)) {
        hgi_buffer_add(&got, key.ptr, key.len);
        hgi_buffer_add_byte(&got, ' ');
        hgi_buffer_add(&got, value.ptr, value.len);
        hgi_buffer_add_byte(&got, '|');
    }
    ck_assert_msg(strcmp(got.ptr, walks[_i].want) == 0, "%s: %s gave %s, want %s", walks[_i].name,
                  walks[_i].text, got.ptr, walks[_i].want);
    ck_assert_msg(!hgi_json_next(&walk, &key, &value), "%s: goes on behind the end",
                  walks[_i].name);
    hgi_buffer_free(&got);
    free(exact);
}
END_TEST

START_TEST(strings_and_nulls_are_told_from_the_rest)
{
    hg_str string = { "\"null\"", 6 }, null = { "null", 4 }, number = { "1", 1 },
           none = { NULL, 0 },
           longer = { "nullx", 5 };

    ck_assert(hgi_json_is_string(&string) && !hgi_json_is_null(&string));
    ck_assert(hgi_json_is_null(&null) && !hgi_json_is_string(&null));
    ck_assert(!hgi_json_is_null(&number) && !hgi_json_is_string(&number));
    ck_assert(!hgi_json_is_null(&longer));
    ck_assert(!hgi_json_is_null(&none) && !hgi_json_is_string(&none));
}
END_TEST

Suite *
suite_value_json_walk(void)
{
    Suite *suite = suite_create("value/json_walk");
    TCase *tc = tcase_create("json_walk");

    tcase_add_loop_test(tc, members_and_elements_come_in_order, 0,
                        (int)(sizeof walks / sizeof walks[0]));
    tcase_add_test(tc, strings_and_nulls_are_told_from_the_rest);
    suite_add_tcase(suite, tc);
    return suite;
}
