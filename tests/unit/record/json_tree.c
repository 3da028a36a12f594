/* record/json_tree - cJSON sees only what it reads whole. */
#include "../suites.h"

#include "../hex.h"
#include "fixture.h"
#include "hotgigs/json.h"

#include <stdlib.h>

#define DIGITS_10 "1234567890"
#define DIGITS_60 DIGITS_10 DIGITS_10 DIGITS_10 DIGITS_10 DIGITS_10 DIGITS_10

static hg_status
parse(const char *text, size_t len, cJSON **out, hg_error *err)
{
    char *copy = exact_copy(text, len);
    hg_json json = { copy, len };
    hg_status st = hg_json_tree(&json, out, err);

    free(copy);
    return st;
}

START_TEST(a_tree_has_the_documents_values)
{
    const char *text = " {\"a\": [1.5, \"x\\u00e9\\n\", true, null]} \n";
    cJSON *tree = NULL;
    hg_error err = { .status = -1 };

    ck_assert_int_eq(parse(text, strlen(text), &tree, &err), HG_OK);

    ck_assert_int_eq(err.status, HG_OK);
    const cJSON *a = cJSON_GetObjectItemCaseSensitive(tree, "a");
    ck_assert_int_eq(cJSON_GetArraySize(a), 4);
    ck_assert_msg(cJSON_GetArrayItem(a, 0)->valuedouble == 1.5, "1.5 changed");
    ck_assert_str_eq(cJSON_GetArrayItem(a, 1)->valuestring, "x\xC3\xA9\n");
    ck_assert_msg(cJSON_IsTrue(cJSON_GetArrayItem(a, 2)) && cJSON_IsNull(cJSON_GetArrayItem(a, 3)), "types differ");
    cJSON_Delete(tree);
}
END_TEST

static const struct { const char *name, *text, *message; } refusals[] = {
    { "nothing",            "",                       "the JSON is empty" },
    { "trailing text",      "{} x",                   "the JSON has something behind its end" },
    { "a NUL escape",       "[\"a\\u0000b\"]",        "the JSON holds \\u0000, which jsonb cannot" },
    { "a short document",   "[1,",                    "the JSON ends where a value should be" },
    { "a byte order mark",  "\xEF\xBB\xBF[]",         "the JSON has something that is no JSON value" },
    /* cJSON copies 63 characters of a number; of 70 digits it made another number, without a
     * word. */
    { "a number of 64",     DIGITS_60 "1234",         "the JSON has a number of more than 63 characters, which cJSON "
                                                      "cannot read" },
    { "the same, inside",   "{\"\\\\\":[\"x\",-" DIGITS_60 "123]}",
                                                      "the JSON has a number of more than 63 characters, which cJSON "
                                                      "cannot read" },
};

START_TEST(what_cjson_would_misread_is_refused)
{
    cJSON *tree = (cJSON *)&tree;
    hg_error err;

    ck_assert_msg(parse(refusals[_i].text, strlen(refusals[_i].text), &tree, &err) == HG_E_INVALID, "%s is taken",
                  refusals[_i].name);
    ck_assert_str_eq(err.message, refusals[_i].message);
    ck_assert_ptr_null(tree);
}
END_TEST

static const char *const taken[] = {
    DIGITS_60 "123", "-" DIGITS_60 "12", "[\"" DIGITS_60 "1234\"]", "[\"\\\"" DIGITS_60 "1234\"]", "true", "\"\"", "0",
};

START_TEST(what_cjson_reads_is_taken)
{
    cJSON *tree = NULL;
    hg_error err = { .message = "" };

    ck_assert_msg(parse(taken[_i], strlen(taken[_i]), &tree, &err) == HG_OK, "%s: %s", taken[_i], err.message);
    cJSON_Delete(tree);
}
END_TEST

START_TEST(the_depth_that_jsonb_columns_may_have_is_taken)
{
    char text[2 * HGI_JSON_DEPTH + 2];
    cJSON *tree = NULL;
    size_t depth = HGI_JSON_DEPTH;

    memset(text, '[', depth);
    memset(text + depth, ']', depth);
    ck_assert_int_eq(parse(text, 2 * depth, &tree, NULL), HG_OK);
    cJSON_Delete(tree);
    depth++;
    memset(text, '[', depth);
    memset(text + depth, ']', depth);
    ck_assert_int_eq(parse(text, 2 * depth, &tree, NULL), HG_E_INVALID);
}
END_TEST

START_TEST(no_json_and_no_out_are_refused)
{
    const hg_json without_text = { NULL, 2 }, empty = { NULL, 0 }, good = { "1", 1 };
    cJSON *tree = (cJSON *)&tree;
    hg_error err;

    ck_assert_int_eq(hg_json_tree(NULL, &tree, &err), HG_E_INVALID);
    ck_assert_str_eq(err.message, "the JSON is NULL");
    ck_assert_ptr_null(tree);
    ck_assert_int_eq(hg_json_tree(&without_text, &tree, &err), HG_E_INVALID);
    ck_assert_int_eq(hg_json_tree(&empty, &tree, &err), HG_E_INVALID);
    ck_assert_str_eq(err.message, "the JSON is empty");
    ck_assert_int_eq(hg_json_tree(&good, NULL, &err), HG_E_INVALID);
    ck_assert_str_eq(err.message, "out is NULL");
}
END_TEST

/* cJSON has its own allocator, the program's. */
static long cjson_left;
static long cjson_live;

static void *
cjson_alloc(size_t size)
{
    if (cjson_left-- <= 0)
        return NULL;
    cjson_live++;
    return malloc(size);
}

static void
cjson_free(void *ptr)
{
    cjson_live -= ptr != NULL;
    free(ptr);
}

START_TEST(every_allocation_of_cjson_fails_once)
{
    cJSON_Hooks hooks = { cjson_alloc, cjson_free };
    const hg_json json = str("{\"a\":[1,{\"b\":\"text\"}]}");
    hg_status st = HG_E_NOMEM;

    cJSON_InitHooks(&hooks);
    for (long n = 0; st != HG_OK; n++) {
        cJSON *tree = (cJSON *)&hooks;
        hg_error err;

        cjson_left = n;
        st = hg_json_tree(&json, &tree, &err);

        ck_assert_msg(st == err.status && (st == HG_OK ? tree != NULL : st == HG_E_NOMEM && tree == NULL),
                      "with %ld allocations: %s", n, hg_status_name(st));
        cJSON_Delete(tree);
        ck_assert_msg(cjson_live == 0, "with %ld allocations: %ld leak", n, cjson_live);
    }
    cJSON_InitHooks(NULL);
}
END_TEST

Suite *
suite_record_json_tree(void)
{
    Suite *suite = suite_create("record/json_tree");
    TCase *tc = tcase_create("json_tree");

    tcase_add_test(tc, a_tree_has_the_documents_values);
    tcase_add_loop_test(tc, what_cjson_would_misread_is_refused, 0, (int)(sizeof refusals / sizeof refusals[0]));
    tcase_add_loop_test(tc, what_cjson_reads_is_taken, 0, (int)(sizeof taken / sizeof taken[0]));
    tcase_add_test(tc, the_depth_that_jsonb_columns_may_have_is_taken);
    tcase_add_test(tc, no_json_and_no_out_are_refused);
    tcase_add_test(tc, every_allocation_of_cjson_fails_once);
    suite_add_tcase(suite, tc);
    return suite;
}
