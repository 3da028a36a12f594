/* value/decimal_malformed - numerics that no server sends.
 *
 * In pgx a digit count above 65532 wrapped when the size of the cell was computed from it in 16
 * bits, so that the length check passed and digits were read behind the end. And a digit above
 * 9999 is not one of base 10000: added up as it comes it gives a wrong number without an error. */
#include "../suites.h"
#include "../hex.h"
#include "../random.h"

#include "value/value.h"

static const struct { const char *name, *hex; } cases[] = {
    { "empty",                                  "" },
    { "one byte",                               "00" },
    { "seven bytes",                            "0000 0000 0000 00" },
    { "a digit that is not there",              "0001 0000 0000 0000" },
    { "half a digit",                           "0001 0000 0000 0000 00" },
    { "a digit too many",                       "0000 0000 0000 0000 0001" },
    { "32768 digits",                           "8000 0000 0000 0000" },
    { "65532 digits",                           "fffc 0000 0000 0000" },
    { "65535 digits",                           "ffff 0000 0000 0000" },
    { "65535 digits, two of them there",        "ffff 0000 0000 0000 0001 0001" },
    { "digit 10000",                            "0001 0000 0000 0000 2710" },
    { "digit 65535",                            "0001 0000 0000 0000 ffff" },
    { "digit 10000 behind a good one",          "0002 0000 0000 0004 0001 2710" },
    { "digit 10000 behind the scale",           "0002 0000 0000 0000 0001 2710" },
    { "a sign that does not exist",             "0001 0000 8000 0000 0001" },
    { "sign 1",                                 "0001 0000 0001 0000 0001" },
    { "sign 0xE000",                            "0000 0000 e000 0000" },
    { "NaN with a digit",                       "0001 0000 c000 0000 0001" },
    { "infinity with a digit",                  "0001 0000 d000 0020 0001" },
    { "dscale above the server's 16383",        "0001 0000 0000 4000 0001" },
    { "dscale 65535",                           "0001 0000 0000 ffff 0001" },
    { "digits hidden behind dscale 0",          "0002 0000 0000 0000 0001 0001" },
    { "digits hidden inside the last one",      "0002 0000 0000 0002 0003 1d4d" },
    { "all digits hidden",                      "0001 ffff 0000 0000 0001" },
    { "all digits far behind",                  "0001 8000 0000 0002 0001" },
    { "hidden digits of a number out of range", "0007 0005 0000 0000 0001 0000 0000 0000 0000 0000 0001" },
};

START_TEST(malformed_numerics_are_refused)
{
    char cell[64];
    size_t len = hex_read(cases[_i].hex, cell);
    char *exact = exact_copy(cell, len);
    hg_decimal value;
    hgi_decoded got = hgi_decimal_decode(exact, len, &value);

    ck_assert_msg(got == HGI_MALFORMED, "%s: \"%s\" gave %d, unscaled %lld, want malformed",
                  cases[_i].name, cases[_i].hex, (int)got, (long long)value.unscaled);
    free(exact);
}
END_TEST

/* The largest cells: 65535 digits that are really there cost one pass and no overflow. */
START_TEST(a_cell_of_65535_digits_is_out_of_range)
{
    enum { DIGITS = 65535 };
    static char cell[8 + 2 * DIGITS];
    hg_decimal value;

    hgi_put16(cell, DIGITS);
    hgi_put16(cell + 2, 0x7FFF);
    hgi_put16(cell + 6, 0x3FFF);
    for (int i = 0; i < DIGITS; i++)
        hgi_put16(cell + 8 + 2 * i, i < 30000 ? 9999 : 0);

    ck_assert_int_eq(hgi_decimal_decode(cell, sizeof cell, &value), HGI_OUT_OF_RANGE);
}
END_TEST

START_TEST(random_cells_give_a_decimal_or_none)
{
    uint64_t state = test_seed;

    for (int i = 0; i < 50000; i++) {
        static const uint16_t heads[] = { 0, 1, 2, 3, 0x4000, 0xC000, 0xD000, 0xF000, 0xFFFF, 0x8000, 18, 19 };
        int32_t count = (int32_t)(random_next(&state) % 7);
        size_t len = 8 + 2 * (size_t)count;
        hg_decimal value = { 1, 99, 99 };
        char cell[8 + 2 * 7];
        hgi_decoded got;

        hgi_put16(cell, (uint16_t)count);
        hgi_put16(cell + 2, (uint16_t)(random_next(&state) % 12 - 6));
        hgi_put16(cell + 4, heads[random_next(&state) % 12]);
        hgi_put16(cell + 6, (uint16_t)(random_next(&state) % 24));
        for (int32_t n = 0; n < count; n++)
            hgi_put16(cell + 8 + 2 * n,
                      (uint16_t)(random_next(&state) % 3 * (random_next(&state) % 5003)));
        got = hgi_decimal_decode(cell, len, &value);

        assert_of_many(got >= HGI_DECODED && got <= HGI_OUT_OF_RANGE, "gave %d", (int)got);
        assert_of_many(got != HGI_DECODED || hgi_decimal_check(&value, 0, 0) == NULL,
                      "decoded to unscaled %lld, scale %d, kind %d (seed %llu)", (long long)value.unscaled,
                      (int)value.scale, (int)value.kind, (unsigned long long)test_seed);
    }
}
END_TEST

Suite *
suite_value_decimal_malformed(void)
{
    Suite *suite = suite_create("value/decimal_malformed");
    TCase *tc = tcase_create("decimal_malformed");

    tcase_add_loop_test(tc, malformed_numerics_are_refused, 0,
                        (int)(sizeof cases / sizeof cases[0]));
    tcase_add_test(tc, a_cell_of_65535_digits_is_out_of_range);
    tcase_add_test(tc, random_cells_give_a_decimal_or_none);
    suite_add_tcase(suite, tc);
    return suite;
}
