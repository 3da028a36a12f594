/* value/sha256 - the examples of FIPS 180-4, and pieces cut anywhere. */
#include "value/value.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "../suites.h"

static const struct { const char *name, *text; size_t times; const char *want; } sums[] = {
    { "nothing",                   "", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
    { "one block",                 "abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
    { "no room for the size",      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
    { "a million times the same",  "a", 1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0" },
};

static const char *
sum_of(const char *text, size_t len, size_t step)
{
    static char hex[2 * HGI_SHA256_SIZE + 1];
    uint8_t digest[HGI_SHA256_SIZE];
    hgi_sha256 sum;

    hgi_sha256_begin(&sum);
    for (size_t at = 0; at < len; at += step)
        hgi_sha256_add(&sum, text + at, step < len - at ? step : len - at);
    hgi_sha256_end(&sum, digest);
    for (int i = 0; i < HGI_SHA256_SIZE; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    return hex;
}

START_TEST(sums_are_those_of_the_standard_however_the_text_is_cut)
{
    static const size_t steps[] = { 1, 7, 55, 56, 63, 64, 65, 1000003 };
    size_t one = strlen(sums[_i].text), len = one * sums[_i].times;
    char *text = malloc(len + 1);

    for (size_t i = 0; i < sums[_i].times; i++)
        memcpy(text + i * one, sums[_i].text, one);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        const char *got = sum_of(text, len, steps[i]);

        ck_assert_msg(strcmp(got, sums[_i].want) == 0, "%s, %zu bytes at a time, gave %s, want %s", sums[_i].name, steps[i], got,
                      sums[_i].want);
    }
    free(text);
}
END_TEST

Suite *
suite_value_sha256(void)
{
    Suite *suite = suite_create("value/sha256");
    TCase *tc = tcase_create("sha256");

    tcase_add_loop_test(tc, sums_are_those_of_the_standard_however_the_text_is_cut, 0, (int)(sizeof sums / sizeof *sums));
    suite_add_tcase(suite, tc);
    return suite;
}
