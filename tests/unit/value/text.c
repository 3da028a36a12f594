/* value/text - what is UTF-8 to the server is UTF-8 here, at every place of a text. */
#include "../suites.h"
#include "../hex.h"
#include "../random.h"

#include "value/value.h"

#include <stdlib.h>
#include <string.h>

#define NOT_UTF8 "is not UTF-8"
#define HAS_NUL  "holds a NUL byte"

/* The sequences at the borders of table 3-7 of the Unicode standard. */
static const struct { const char *name, *hex, *want; size_t characters; } checks[] = {
    { "empty",                            "",                     NULL,     0 },
    { "ASCII",                            "617a7f01",             NULL,     4 },
    { "NUL byte",                         "00",                   HAS_NUL,  0 },
    { "lowest of two bytes",              "c280",                 NULL,     1 },
    { "highest of two bytes",             "dfbf",                 NULL,     1 },
    { "overlong NUL",                     "c080",                 NOT_UTF8, 0 },
    { "overlong of two bytes",            "c1bf",                 NOT_UTF8, 0 },
    { "lowest of three bytes",            "e0a080",               NULL,     1 },
    { "overlong of three bytes",          "e09fbf",               NOT_UTF8, 0 },
    { "last before the surrogates",       "ed9fbf",               NULL,     1 },
    { "first surrogate",                  "eda080",               NOT_UTF8, 0 },
    { "last surrogate",                   "edbfbf",               NOT_UTF8, 0 },
    { "first behind the surrogates",      "ee8080",               NULL,     1 },
    { "U+FFFF, no character, but legal",  "efbfbf",               NULL,     1 },
    { "lowest of four bytes",             "f0908080",             NULL,     1 },
    { "overlong of four bytes",           "f08fbfbf",             NOT_UTF8, 0 },
    { "U+10FFFF",                         "f48fbfbf",             NULL,     1 },
    { "U+110000",                         "f4908080",             NOT_UTF8, 0 },
    { "F5",                               "f5808080",             NOT_UTF8, 0 },
    { "FF",                               "ff",                   NOT_UTF8, 0 },
    { "lone tail",                        "80",                   NOT_UTF8, 0 },
    { "two bytes, the second missing",    "c3",                   NOT_UTF8, 0 },
    { "three bytes, the third missing",   "e282",                 NOT_UTF8, 0 },
    { "four bytes, the fourth missing",   "f09f98",               NOT_UTF8, 0 },
    { "two bytes, the second no tail",    "c341",                 NOT_UTF8, 0 },
    { "three bytes, the third no tail",   "e28241",               NOT_UTF8, 0 },
    { "four bytes, the fourth no tail",   "f09f9841",             NOT_UTF8, 0 },
    { "mixed",                            "61c3a9e282acf09f9880", NULL,     4 },
};

/* Behind 0 to 40 letters, because the check goes by 64, 16, 8, 4 and 1 bytes, and with and without
 * letters behind. */
START_TEST(utf8_is_told_from_the_rest_wherever_it_stands)
{
    char sequence[16];
    size_t size = hex_read(checks[_i].hex, sequence);

    for (size_t before = 0; before <= 40; before++)
        for (size_t behind = 0; behind <= 9; behind += 9) {
            char text[80];
            size_t len = before + size + behind;
            size_t characters = 99;
            const char *got;
            char *exact;

            memset(text, 'a', sizeof text);
            memcpy(text + before, sequence, size);
            exact = exact_copy(text, len);
            got = hgi_text_check(exact, len, &characters);

            ck_assert_msg(
                got == NULL ? checks[_i].want == NULL
                            : checks[_i].want != NULL && strcmp(got, checks[_i].want) == 0,
                "%s behind %zu letters: \"%s\", want \"%s\"", checks[_i].name, before,
                got != NULL ? got : "(fine)", checks[_i].want != NULL ? checks[_i].want : "(fine)");
            if (got == NULL)
                ck_assert_msg(characters == before + checks[_i].characters + behind,
                              "%s behind %zu letters: %zu characters", checks[_i].name, before, characters);
            free(exact);
        }
}
END_TEST

/* The same table read by a second, slower hand: code points are decoded and compared with their
 * limits. */
static int
is_legal_slowly(const unsigned char *s, size_t len)
{
    for (size_t i = 0; i < len;) {
        static const uint32_t lowest[] = { 0, 1, 0x80, 0x800, 0x10000 };
        size_t size = s[i] < 0x80    ? 1
                      : s[i] >= 0xF8 ? 0
                      : s[i] >= 0xF0 ? 4
                      : s[i] >= 0xE0 ? 3
                      : s[i] >= 0xC0 ? 2
                                     : 0;
        uint32_t c = size == 1 ? s[i] : s[i] & (0x7Fu >> size);

        if (size == 0 || size > len - i)
            return 0;
        for (size_t n = 1; n < size; n++) {
            if ((s[i + n] & 0xC0) != 0x80)
                return 0;
            c = c << 6 | (s[i + n] & 0x3F);
        }
        if (c < lowest[size] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
            return 0;
        i += size;
    }
    return 1;
}

START_TEST(random_bytes_are_judged_as_by_a_slow_reader)
{
    static const unsigned char pool[] = { 'a', 'b', 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC1, 0xC2, 0xDF,
                                          0xE0, 0xE2, 0xED, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5, 0x01 };
    uint64_t state = test_seed;

    for (int round = 0; round < 100000; round++) {
        unsigned char text[24];
        size_t len = random_next(&state) % sizeof text;
        char hex[49];
        int got, want;

        for (size_t i = 0; i < len; i++)
            text[i] = pool[random_next(&state) % sizeof pool];
        got = hgi_text_check((const char *)text, len, NULL) == NULL;
        want = is_legal_slowly(text, len);

        assert_of_many(got == want, "%s is %s, want %s (seed %llu)",
                       hex_write((const char *)text, len, hex), got ? "legal" : "refused",
                       want ? "legal" : "refused", (unsigned long long)test_seed);
    }
}
END_TEST

static const struct { const char *text; size_t max, want; } cuts[] = {
    { "", 0, 0 }, { "abc", 5, 3 }, { "abc", 3, 3 }, { "abc", 2, 2 }, { "abc", 0, 0 },
    { "a\xc3\xa9", 2, 1 }, { "a\xc3\xa9", 3, 3 }, { "\xe2\x82\xac", 2, 0 }, { "a\xf0\x9f\x98\x80z", 4, 1 },
    { "a\xf0\x9f\x98\x80z", 5, 5 },
};

START_TEST(one_odd_byte_is_found_in_each_place_of_each_length)
{
    static const char odd[] = { '\0', '\x80', '\xFF' };

    for (size_t len = 1; len <= 100; len++) {
        char *text = malloc(len);                       /* so that the sanitizer sees a read behind the end */

        ck_assert_ptr_nonnull(text);
        memset(text, 'a', len);
        ck_assert_msg(hgi_text_check(text, len, NULL) == NULL, "%zu letters are refused", len);
        for (size_t at = 0; at < len; at++)
            for (size_t i = 0; i < sizeof odd; i++) {
                const char *want = odd[i] == '\0' ? HAS_NUL : NOT_UTF8, *got;

                text[at] = odd[i];
                got = hgi_text_check(text, len, NULL);
                text[at] = 'a';
                ck_assert_msg(got != NULL && strcmp(got, want) == 0, "%02x at %zu of %zu: \"%s\", want \"%s\"",
                              (unsigned char)odd[i], at, len, got != NULL ? got : "taken", want);
            }
        free(text);
    }
}
END_TEST

START_TEST(a_text_is_cut_between_characters)
{
    size_t got = hgi_text_cut(cuts[_i].text, strlen(cuts[_i].text), cuts[_i].max);

    ck_assert_msg(got == cuts[_i].want, "\"%s\" cut at %zu: %zu bytes, want %zu", cuts[_i].text,
                  cuts[_i].max, got, cuts[_i].want);
}
END_TEST

Suite *
suite_value_text(void)
{
    Suite *suite = suite_create("value/text");
    TCase *tc = tcase_create("text");

    tcase_add_loop_test(tc, utf8_is_told_from_the_rest_wherever_it_stands, 0,
                        (int)(sizeof checks / sizeof checks[0]));
    tcase_add_test(tc, random_bytes_are_judged_as_by_a_slow_reader);
    tcase_add_test(tc, one_odd_byte_is_found_in_each_place_of_each_length);
    tcase_add_loop_test(tc, a_text_is_cut_between_characters, 0,
                        (int)(sizeof cuts / sizeof cuts[0]));
    suite_add_tcase(suite, tc);
    return suite;
}
