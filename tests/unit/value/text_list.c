/* value/text_list - text[] in the server's bytes, decoded in place, and its literal. */
#include "../suites.h"
#include "../hex.h"
#include "../random.h"

#include "value/value.h"

#define HEAD(flags, count) "00000001 " flags " 00000019 " count " 00000001 "

/* From encode(array_send('...'::text[]), 'hex') and '...'::text[]::text of PostgreSQL 15.20. */
static const struct { const char *literal, *hex; } vectors[] = {
    { "{}",                   "00000000 00000000 00000019" },
    { "{a}",                  HEAD("00000000", "00000001") "00000001 61" },
    { "{a,NULL,\"\"}",        HEAD("00000001", "00000003") "00000001 61 ffffffff 00000000" },
    { "{NULL}",               HEAD("00000001", "00000001") "ffffffff" },
    { "{\"a b\",\"c,d\",\xc3\xbcn\xc3\xaf}",
      HEAD("00000000", "00000003") "00000003 612062 00000003 632c64 00000005 c3bc6ec3af" },
    { "{\"null\",nul,\"{\",\"\\\\\",\"\\\"\",\"\t\"}",
      HEAD("00000000", "00000006") "00000004 6e756c6c 00000003 6e756c 00000001 7b 00000001 5c 00000001 22 00000001 09" },
};

/* A cell as libpq gives it: in memory of exactly its size, and a NUL byte behind it. */
static char *
a_cell(const char *hex, size_t *len)
{
    char bytes[512];
    char *cell;

    *len = hex_read(hex, bytes);
    bytes[*len] = '\0';
    cell = exact_copy(bytes, *len + 1);
    return cell;
}

/* So much memory and no more: a list that took more would have made blocks, which show as a leak. */
static hgi_arena
memory_of(char *ptr, size_t size)
{
    return (hgi_arena){ .next = ptr, .end = ptr + size };
}

START_TEST(bytes_and_literal_are_those_of_the_server)
{
    size_t len, size;
    char *cell = a_cell(vectors[_i].hex, &len);
    char *untouched = exact_copy(cell, len);
    hgi_buffer bytes = { 0 };
    hg_str_list list;
    hg_text *literal;
    hgi_arena arena;
    void *memory;

    ck_assert_int_eq(hgi_text_list_size(cell, len, &size), HGI_DECODED);
    ck_assert_msg(size % 8 == 0, "%s: size %zu", vectors[_i].literal, size);
    memory = malloc(size > 0 ? size : 1);
    arena = memory_of(memory, size);
    ck_assert_int_eq(hgi_text_list_decode(cell, len, &arena, &list), HGI_DECODED);
    ck_assert_msg(arena.next == arena.end, "%s: not the memory that it said", vectors[_i].literal);
    for (size_t i = 0; i < list.count; i++)
        ck_assert_msg(hgi_text_list_is_null(&list, i)
                          ? list.items[i].ptr == NULL && list.items[i].len == 0
                          : list.items[i].ptr[list.items[i].len] == '\0',
                      "%s: element %zu has no NUL byte behind it", vectors[_i].literal, i);

    ck_assert_int_eq(hg_str_list_to_text(&list, &literal, NULL), HG_OK);
    ck_assert_msg(strcmp(hg_text_ptr(literal), vectors[_i].literal) == 0, "printed %s, want %s",
                  hg_text_ptr(literal), vectors[_i].literal);
    hgi_text_list_encode(&list, &bytes);
    ck_assert_msg(bytes.len == len && memcmp(bytes.ptr, untouched, len) == 0,
                  "%s: encoded to other bytes", vectors[_i].literal);
    hg_text_free(literal);
    hgi_buffer_free(&bytes);
    free(memory);
    free(untouched);
    free(cell);
}
END_TEST

static const struct { const char *name, *hex; hgi_decoded want; } cells[] = {
    { "lower bound 2, of '[2:3]={x,y}'", "00000001 00000000 00000019 00000002 00000002 00000001 78 00000001 79",
      HGI_DECODED },
    { "varchar[]",             "00000001 00000000 00000413 00000001 00000001 00000001 61",  HGI_DECODED },
    { "may have NULLs but none", HEAD("00000001", "00000001") "00000001 61",                HGI_DECODED },
    { "a NUL byte of length 0",  HEAD("00000000", "00000002") "00000000 00000000",          HGI_DECODED },
    { "two dimensions",        "00000002 00000000 00000019 00000002 00000001 00000001 00000001 00000001 61 00000001 62",
      HGI_OUT_OF_RANGE },
    { "empty",                 "",                                                          HGI_MALFORMED },
    { "eleven bytes",          "00000000 00000000 000000",                                  HGI_MALFORMED },
    { "no dimension and more", "00000000 00000000 00000019 00",                             HGI_MALFORMED },
    { "seven dimensions",      "00000007 00000000 00000019",                                HGI_MALFORMED },
    { "-1 dimensions",         "ffffffff 00000000 00000019",                                HGI_MALFORMED },
    { "flag 2",                HEAD("00000002", "00000001") "00000001 61",                  HGI_MALFORMED },
    { "int4[]",                "00000001 00000000 00000017 00000001 00000001 00000004 00000001", HGI_MALFORMED },
    { "a dimension cut off",   "00000001 00000000 00000019 00000001 000000",                HGI_MALFORMED },
    { "count 1 without it",    HEAD("00000000", "00000001"),                                HGI_MALFORMED },
    { "count -1",              HEAD("00000000", "ffffffff") "00000001 61",                  HGI_MALFORMED },
    { "count of a gigabyte",   HEAD("00000000", "3fffffff") "00000001 61",                  HGI_MALFORMED },
    { "count 0 and an element", HEAD("00000000", "00000000") "00000001 61",                 HGI_MALFORMED },
    { "count 1 of 2",          HEAD("00000000", "00000001") "00000001 61 00000001 62",      HGI_MALFORMED },
    { "count 2 of 1",          HEAD("00000000", "00000002") "00000005 6162636465",          HGI_MALFORMED },
    { "an element cut off",    HEAD("00000000", "00000001") "00000002 61",                  HGI_MALFORMED },
    { "a length cut off",      HEAD("00000000", "00000002") "00000003 616263 0000",         HGI_MALFORMED },
    { "a length of -2",        HEAD("00000001", "00000001") "fffffffe 61",                  HGI_MALFORMED },
    { "a length of 2 GB",      HEAD("00000000", "00000001") "7fffffff 61",                  HGI_MALFORMED },
    { "NULL against the flag", HEAD("00000000", "00000001") "ffffffff",                     HGI_MALFORMED },
};

START_TEST(bytes_that_no_server_sends_are_refused)
{
    size_t len, size;
    char *cell = a_cell(cells[_i].hex, &len);
    hgi_arena arena = { 0 };
    hg_str_list list;
    void *memory;
    hgi_decoded got = hgi_text_list_size(cell, len, &size);

    if (got == HGI_DECODED) {
        memory = malloc(size > 0 ? size : 1);
        arena = memory_of(memory, size);
        got = hgi_text_list_decode(cell, len, &arena, &list);
        free(memory);
    } else {
        ck_assert_int_eq(hgi_text_list_decode(cell, len, &arena, &list), got);
    }
    ck_assert_msg(got == cells[_i].want, "%s: gave %d, want %d", cells[_i].name, (int)got,
                  (int)cells[_i].want);
    ck_assert_msg(got == HGI_DECODED || list.count == 0, "%s: refused, but *out is not zero",
                  cells[_i].name);
    free(cell);
}
END_TEST

/* want: the literal printed again, as the server does; NULL: refused, with problem in the
 * message. */
static const struct { const char *name, *text, *want, *problem; } parses[] = {
    { "empty list",                  "{}",                   "{}",               NULL },
    { "spaces around",               " { a , b } ",          "{a,b}",            NULL },
    { "spaces in an empty list",     "{  }",                 "{}",               NULL },
    { "spaces inside count",         "{a b,c  d}",           "{\"a b\",\"c  d\"}", NULL },
    { "quotes",                      "{\"a,b\",\"\"}",       "{\"a,b\",\"\"}",   NULL },
    { "braces in quotes",            "{\"{\",\"}\"}",        "{\"{\",\"}\"}",    NULL },
    { "quote and backslash",         "{\"\\\"\",\"\\\\\"}",  "{\"\\\"\",\"\\\\\"}", NULL },
    { "a backslash before a letter", "{\"\\a\"}",            "{a}",              NULL },
    { "backslashes without quotes",  "{\\{,a\\,b}",          "{\"{\",\"a,b\"}",  NULL },
    { "an escaped space at the end", "{a\\ }",               "{\"a \"}",         NULL },
    { "an escaped space in front",   "{\\ a}",               "{\" a\"}",         NULL },
    { "NULL",                        "{NULL,a}",             "{NULL,a}",         NULL },
    { "null in any case",            "{nUlL}",               "{NULL}",           NULL },
    { "NULL with spaces around",     "{ NULL }",             "{NULL}",           NULL },
    { "NULL in quotes is a text",    "{\"NULL\"}",           "{\"NULL\"}",       NULL },
    { "NULL with a backslash, too",  "{N\\ULL}",             "{\"NULL\"}",       NULL },
    { "NULLS is a text",             "{NULLS}",              "{NULLS}",          NULL },
    { "UTF-8",                       "{\xc3\xa9}",           "{\xc3\xa9}",       NULL },
    { "a tab is a space",            "{\ta\v}",              "{a}",              NULL },
    { "nothing",                     "",                     NULL, "array literal" },
    { "only a space",                " ",                    NULL, "array literal" },
    { "one brace",                   "{",                    NULL, "array literal" },
    { "the other brace",             "}",                    NULL, "array literal" },
    { "no braces",                   "a,b",                  NULL, "array literal" },
    { "no end",                      "{a,b",                 NULL, "array literal" },
    { "something behind",            "{a}b",                 NULL, "array literal" },
    { "a second list",               "{a}{b}",               NULL, "array literal" },
    { "a comma at the end",          "{a,}",                 NULL, "array literal" },
    { "a comma in front",            "{,a}",                 NULL, "array literal" },
    { "a comma alone",               "{,}",                  NULL, "array literal" },
    { "two commas",                  "{a,,b}",               NULL, "array literal" },
    { "a quote without end",         "{\"a}",                NULL, "array literal" },
    { "the end's brace in quotes",   "{\"a\\\"}",            NULL, "array literal" },
    { "letters behind a quote",      "{\"a\"b}",             NULL, "array literal" },
    { "letters before a quote",      "{a\"b\"}",             NULL, "array literal" },
    { "two quoted in a row",         "{\"a\"\"b\"}",         NULL, "array literal" },
    { "a backslash at the end",      "{a\\}",                NULL, "array literal" },
    { "a brace inside",              "{a{b}",                NULL, "array literal" },
    { "a brace closed twice",        "{a}}",                 NULL, "array literal" },
    { "two dimensions",              "{{a},{b}}",            NULL, "more than one dimension" },
    { "two dimensions, spaces",      "{ {a}}",               NULL, "more than one dimension" },
    { "bounds",                      "[2:3]={x,y}",          NULL, "its own bounds" },
    { "not UTF-8",                   "{\xff}",               NULL, "is not UTF-8" },
};

START_TEST(literals_are_read_as_the_server_does)
{
    size_t len = strlen(parses[_i].text);
    size_t size = 17 * len + 64;                /* what core.h says is always enough */
    char *exact = exact_copy(parses[_i].text, len);
    void *memory = malloc(size);
    hg_str_list list;
    hg_text *text = NULL;
    hg_error err;
    hg_status st = hg_str_list_parse(exact, len, memory, size, &list, &err);

    if (parses[_i].want == NULL) {
        ck_assert_msg(st == HG_E_INVALID, "%s: %s was accepted", parses[_i].name, parses[_i].text);
        ck_assert_msg(strstr(err.message, parses[_i].problem) != NULL, "%s: %s gave \"%s\"",
                      parses[_i].name, parses[_i].text, err.message);
        ck_assert_msg(list.count == 0 && list.items == NULL && list.nulls == NULL,
                      "%s: *out is not zero", parses[_i].name);
    } else {
        ck_assert_msg(st == HG_OK, "%s: %s was refused, \"%s\"", parses[_i].name, parses[_i].text,
                      st == HG_OK ? "" : err.message);
        ck_assert_int_eq(hg_str_list_to_text(&list, &text, NULL), HG_OK);
        ck_assert_msg(strcmp(hg_text_ptr(text), parses[_i].want) == 0, "%s: %s came to %s, want %s",
                      parses[_i].name, parses[_i].text, hg_text_ptr(text), parses[_i].want);
    }
    hg_text_free(text);
    free(memory);
    free(exact);
}
END_TEST

START_TEST(memory_too_small_is_refused_with_what_is_needed)
{
    static const char literal[] = "{a,NULL,bc}";
    uint64_t memory[16];
    hg_str_list list;
    hg_error err;
    size_t need = 3 * sizeof(hg_str) + 8 + 2 + 3;

    ck_assert_int_eq(hg_str_list_parse(literal, strlen(literal), memory, need - 1, &list, &err),
                     HG_E_INVALID);
    ck_assert_str_eq(err.message, "the list needs 61 bytes, and the memory given has 60");
    ck_assert_int_eq(hg_str_list_parse(literal, strlen(literal), memory, need, &list, &err), HG_OK);
    ck_assert_str_eq(list.items[2].ptr, "bc");
    ck_assert_int_eq(
        hg_str_list_parse(literal, strlen(literal), (char *)memory + 1, 100, &list, &err),
        HG_E_INVALID);
}
END_TEST

START_TEST(the_first_bad_element_is_told)
{
    const hg_str items[] = { { "a", 1 }, { NULL, 0 }, { "\xff", 1 }, { "a\0b", 3 }, { NULL, 2 } };
    const uint8_t first_is_null[] = { 1 };
    char buf[64];

    ck_assert_ptr_null(hgi_text_list_check(&(hg_str_list){ items, NULL, 2 }, buf, sizeof buf));
    ck_assert_ptr_null(hgi_text_list_check(&(hg_str_list){ NULL, NULL, 0 }, buf, sizeof buf));
    ck_assert_str_eq(hgi_text_list_check(&(hg_str_list){ items, NULL, 5 }, buf, sizeof buf),
                     "element 2 is not UTF-8");
    ck_assert_str_eq(hgi_text_list_check(&(hg_str_list){ items + 3, NULL, 2 }, buf, sizeof buf),
                     "element 0 holds a NUL byte");
    ck_assert_str_eq(hgi_text_list_check(&(hg_str_list){ items + 4, NULL, 1 }, buf, sizeof buf),
                     "element 0 has a length but no text");
    ck_assert_str_eq(
        hgi_text_list_check(&(hg_str_list){ items, first_is_null, 1 }, buf, sizeof buf),
        "element 0 is NULL but has a text");
    ck_assert_str_eq(hgi_text_list_check(&(hg_str_list){ NULL, NULL, 1 }, buf, sizeof buf),
                     "has a count but no items");
}
END_TEST

/* A list of 0 to 99 texts of 0 to 11 bytes, most of them characters that mean something in a
 * literal. */
typedef struct random_list {
    hg_str_list list;
    hg_str      items[100];
    uint8_t     nulls[13];
    char        texts[100][12];
} random_list;

static void
make_random_list(random_list *r, uint64_t *state)
{
    static const char pool[] = "ab\"\\{},nNuUlL \t\n\x01";

    memset(r, 0, sizeof *r);
    r->list = (hg_str_list){ r->items, random_next(state) % 2 == 0 ? r->nulls : NULL,
                             random_next(state) % 100 };
    for (size_t i = 0; i < r->list.count; i++) {
        if (r->list.nulls != NULL && random_next(state) % 4 == 0) {
            r->nulls[i / 8] = (uint8_t)(r->nulls[i / 8] | 1 << i % 8);
            continue;
        }
        r->items[i] = (hg_str){ r->texts[i], random_next(state) % 12 };
        for (size_t n = 0; n < r->items[i].len; n++)
            r->texts[i][n] = pool[random_next(state) % (sizeof pool - 1)];
    }
}

static void
assert_same_list(const hg_str_list *got, const hg_str_list *want, const char *way)
{
    assert_of_many(got->count == want->count, "%s: %zu elements, want %zu (seed %llu)", way,
                   got->count, want->count, (unsigned long long)test_seed);
    for (size_t i = 0; i < want->count; i++) {
        int is_null = hgi_text_list_is_null(want, i);

        assert_of_many(hgi_text_list_is_null(got, i) == is_null, "%s: element %zu (seed %llu)", way,
                       i, (unsigned long long)test_seed);
        assert_of_many(
            is_null || (got->items[i].len == want->items[i].len &&
                        memcmp(got->items[i].ptr, want->items[i].ptr, got->items[i].len) == 0 &&
                        got->items[i].ptr[got->items[i].len] == '\0'),
            "%s: element %zu is another text (seed %llu)", way, i, (unsigned long long)test_seed);
    }
}

START_TEST(random_lists_come_back_from_literal_and_bytes)
{
    static random_list r;
    uint64_t state = test_seed;

    for (int i = 0; i < 2000; i++) {
        hgi_buffer bytes = { 0 }, literal = { 0 };
        hg_str_list back;
        hgi_arena arena;
        void *memory;
        size_t size;

        make_random_list(&r, &state);
        hgi_text_list_encode(&r.list, &bytes);
        assert_of_many(hgi_text_list_size(bytes.ptr, bytes.len, &size) == HGI_DECODED,
                       "refused (seed %llu)", (unsigned long long)test_seed);
        memory = malloc(size + 1);
        arena = memory_of(memory, size);
        assert_of_many(hgi_text_list_decode(bytes.ptr, bytes.len, &arena, &back) == HGI_DECODED,
                       "refused (seed %llu)", (unsigned long long)test_seed);
        assert_same_list(&back, &r.list, "bytes");
        free(memory);

        hgi_text_list_literal(&r.list, &literal);
        size = 17 * literal.len + 64;
        memory = malloc(size);
        assert_of_many(hg_str_list_parse(literal.ptr, literal.len, memory, size, &back, NULL) ==
                           HG_OK,
                       "refused (seed %llu)", (unsigned long long)test_seed);
        assert_same_list(&back, &r.list, "literal");
        free(memory);
        hgi_buffer_free(&bytes);
        hgi_buffer_free(&literal);
    }
}
END_TEST

START_TEST(every_allocation_fails_once_without_leak)
{
    static random_list r;
    uint64_t state = 1;
    long before = hgi_live_blocks();
    hg_status st = HG_E_NOMEM;

    do
        make_random_list(&r, &state);
    while (r.list.count < 60);
    for (long n = 1; st != HG_OK; n++) {
        hg_text *text = (hg_text *)&r;
        hg_error err;

        hgi_fault_at(n);
        st = hg_str_list_to_text(&r.list, &text, &err);

        ck_assert_msg(err.status == st &&
                          (st == HG_OK ? text != NULL : st == HG_E_NOMEM && text == NULL),
                      "allocation %ld: %s", n, hg_status_name(st));
        hg_text_free(text);
        ck_assert_msg(hgi_live_blocks() == before, "allocation %ld leaks", n);
    }
}
END_TEST

START_TEST(a_list_without_memory_leaves_the_buffer_failed)
{
    const hg_str items[] = { { "a", 1 } };
    hgi_buffer buf = { 0 };

    hgi_fault_at(-1);
    hgi_text_list_encode(&(hg_str_list){ items, NULL, 1 }, &buf);
    ck_assert_int_eq(buf.failed, 1);
    hgi_buffer_clear(&buf);
    hgi_text_list_encode(&(hg_str_list){ NULL, NULL, 0 }, &buf);
    ck_assert_int_eq(buf.failed, 1);
    hgi_buffer_clear(&buf);
    hgi_text_list_literal(&(hg_str_list){ items, NULL, 1 }, &buf);
    ck_assert_int_eq(buf.failed, 1);
    hgi_buffer_free(&buf);
}
END_TEST

Suite *
suite_value_text_list(void)
{
    Suite *suite = suite_create("value/text_list");
    TCase *tc = tcase_create("text_list");

    tcase_add_loop_test(tc, bytes_and_literal_are_those_of_the_server, 0,
                        (int)(sizeof vectors / sizeof vectors[0]));
    tcase_add_loop_test(tc, bytes_that_no_server_sends_are_refused, 0,
                        (int)(sizeof cells / sizeof cells[0]));
    tcase_add_loop_test(tc, literals_are_read_as_the_server_does, 0,
                        (int)(sizeof parses / sizeof parses[0]));
    tcase_add_test(tc, memory_too_small_is_refused_with_what_is_needed);
    tcase_add_test(tc, the_first_bad_element_is_told);
    tcase_add_test(tc, random_lists_come_back_from_literal_and_bytes);
    tcase_add_test(tc, every_allocation_fails_once_without_leak);
    tcase_add_test(tc, a_list_without_memory_leaves_the_buffer_failed);
    suite_add_tcase(suite, tc);
    return suite;
}
