/* value/decimal - decimals in text and in the server's bytes, to the last digit. */
#include "../suites.h"
#include "../hex.h"
#include "../random.h"

#include "value/value.h"

static const struct { const char *name, *text; hg_status status; hg_decimal value; const char *printed; } parses[] = {
    { "zero",                       "0",                     HG_OK, { 0, 0, 0 }, NULL },
    { "zero keeps its scale",       "0.00",                  HG_OK, { 0, 2, 0 }, NULL },
    { "two digits",                 "12.50",                 HG_OK, { 1250, 2, 0 }, NULL },
    { "four digits keep zeros",     "3.7500",                HG_OK, { 37500, 4, 0 }, NULL },
    { "below one",                  "-0.001",                HG_OK, { -1, 3, 0 }, NULL },
    { "minus zero is zero",         "-0.0",                  HG_OK, { 0, 1, 0 }, "0.0" },
    { "zeros in front",             "007.5",                 HG_OK, { 75, 1, 0 }, "7.5" },
    { "highest",                    "9223372036854775807",   HG_OK, { INT64_MAX, 0, 0 }, NULL },
    { "one above",                  "9223372036854775808",   HG_E_INVALID, { 0, 0, 0 }, NULL },
    { "lowest",                     "-9223372036854775808",  HG_OK, { INT64_MIN, 0, 0 }, NULL },
    { "one below",                  "-9223372036854775809",  HG_E_INVALID, { 0, 0, 0 }, NULL },
    { "lowest at scale 18",         "-9.223372036854775808", HG_OK, { INT64_MIN, 18, 0 }, NULL },
    { "smallest",                   "0.000000000000000001",  HG_OK, { 1, 18, 0 }, NULL },
    { "19 digits behind",           "0.0000000000000000001", HG_E_INVALID, { 0, 0, 0 }, NULL },
    { "beyond 64 bits before",      "99999999999999999999",  HG_E_INVALID, { 0, 0, 0 }, NULL },
    { "beyond 64 bits behind",      "9.9999999999999999999", HG_E_INVALID, { 0, 0, 0 }, NULL },
    { "an exponent",                "1e3",                   HG_E_INVALID, { 0, 0, 0 }, NULL },
    { "a plus",                     "+1",                    HG_E_INVALID, { 0, 0, 0 }, NULL },
    { "nothing before the point",   ".5",                    HG_E_INVALID, { 0, 0, 0 }, NULL },
    { "nothing behind the point",   "5.",                    HG_E_INVALID, { 0, 0, 0 }, NULL },
    { "two points",                 "1.2.3",                 HG_E_INVALID, { 0, 0, 0 }, NULL },
    { "a comma",                    "1,5",                   HG_E_INVALID, { 0, 0, 0 }, NULL },
    { "a point alone",              ".",                     HG_E_INVALID, { 0, 0, 0 }, NULL },
    { "a minus alone",              "-",                     HG_E_INVALID, { 0, 0, 0 }, NULL },
    { "empty",                      "",                      HG_E_INVALID, { 0, 0, 0 }, NULL },
    { "space in front",             " 1",                    HG_E_INVALID, { 0, 0, 0 }, NULL },
    { "space behind",               "1 ",                    HG_E_INVALID, { 0, 0, 0 }, NULL },
    { "space behind the fraction",  "1.5 ",                  HG_E_INVALID, { 0, 0, 0 }, NULL },
    { "NaN",                        "NaN",                   HG_OK, { 0, 0, HG_DECIMAL_NAN }, NULL },
    { "Infinity",                   "Infinity",              HG_OK, { 0, 0, HG_DECIMAL_INFINITY }, NULL },
    { "-Infinity",                  "-Infinity",             HG_OK, { 0, 0, HG_DECIMAL_NEGATIVE_INFINITY }, NULL },
    { "nan in lower case",          "nan",                   HG_E_INVALID, { 0, 0, 0 }, NULL },
    { "-NaN",                       "-NaN",                  HG_E_INVALID, { 0, 0, 0 }, NULL },
};

static int
is_same(const hg_decimal *a, const hg_decimal *b)
{
    return a->unscaled == b->unscaled && a->scale == b->scale && a->kind == b->kind;
}

START_TEST(decimal_parses)
{
    size_t len = strlen(parses[_i].text);
    char *text = exact_copy(parses[_i].text, len);
    hg_decimal got = { 99, 99, 99 };
    hg_error err;
    hg_status st = hg_decimal_parse(text, len, &got, &err);

    ck_assert_msg(st == parses[_i].status && err.status == st, "%s: \"%s\" gave %s (%s), want %s",
                  parses[_i].name, parses[_i].text, hg_status_name(st),
                  st == HG_OK ? "" : err.message, hg_status_name(parses[_i].status));
    ck_assert_msg(is_same(&got, &parses[_i].value), "%s: \"%s\" gave %lld, scale %d, kind %d",
                  parses[_i].name, parses[_i].text, (long long)got.unscaled, (int)got.scale,
                  (int)got.kind);
    free(text);
}
END_TEST

START_TEST(decimal_prints)
{
    const char *want = parses[_i].printed != NULL ? parses[_i].printed : parses[_i].text;
    char text[HG_DECIMAL_TEXT_SIZE];

    if (parses[_i].status != HG_OK)
        return;
    ck_assert_int_eq(hg_decimal_to_text(&parses[_i].value, text, sizeof text, NULL), HG_OK);
    ck_assert_msg(strcmp(text, want) == 0, "%s: printed \"%s\", want \"%s\"", parses[_i].name, text,
                  want);
}
END_TEST

/* From encode(numeric_send('...'::numeric), 'hex') of PostgreSQL 15.20. */
static const struct { const char *text, *hex; } vectors[] = {
    { "0",                     "0000 0000 0000 0000" },
    { "0.00",                  "0000 0000 0000 0002" },
    { "3.75",                  "0002 0000 0000 0002 0003 1d4c" },
    { "3.7500",                "0002 0000 0000 0004 0003 1d4c" },
    { "NaN",                   "0000 0000 c000 0000" },
    { "Infinity",              "0000 0000 d000 0020" },
    { "-Infinity",             "0000 0000 f000 0020" },
    { "-0.001",                "0001 ffff 4000 0003 000a" },
    { "0.0001",                "0001 ffff 0000 0004 0001" },
    { "10000",                 "0001 0001 0000 0000 0001" },
    { "12345678.9",            "0003 0001 0000 0001 04d2 162e 2328" },
    { "9223372036854775807",   "0005 0004 0000 0000 039a 0d2c 0170 1565 16af" },
    { "-9223372036854775808",  "0005 0004 4000 0000 039a 0d2c 0170 1565 16b0" },
    { "0.000000000000000001",  "0001 fffb 0000 0012 0064" },
    { "-9.223372036854775808", "0006 0000 4000 0012 0009 08b9 1c23 1ac6 1e4e 0320" },
    { "92233720368547758.07",  "0006 0004 0000 0002 0009 08b9 1c23 1ac6 1e4e 02bc" },
    { "100000000.0000",        "0001 0002 0000 0004 0001" },
};

START_TEST(bytes_are_those_of_the_server)
{
    char cell[64], out[HGI_DECIMAL_BYTES], hex[2 * HGI_DECIMAL_BYTES + 1],
        text[HG_DECIMAL_TEXT_SIZE];
    size_t len = hex_read(vectors[_i].hex, cell);
    char *exact = exact_copy(cell, len);
    hg_decimal value;
    size_t size;

    ck_assert_int_eq(hgi_decimal_decode(exact, len, &value), HGI_DECODED);
    hg_decimal_to_text(&value, text, sizeof text, NULL);
    ck_assert_msg(strcmp(text, vectors[_i].text) == 0, "%s decoded to %s, want %s", vectors[_i].hex,
                  text, vectors[_i].text);
    size = hgi_decimal_encode(&value, out);
    ck_assert_msg(size == len && memcmp(out, cell, len) == 0, "%s encoded to %s, want %s", text,
                  hex_write(out, size, hex), vectors[_i].hex);
    free(exact);
}
END_TEST

/* Legal numerics that do not fit at their own scale. text: what is left of them, NULL if nothing
 * can be. */
static const struct { const char *name, *hex, *text; } shortened[] = {
    { "1 with 21 digits behind keeps 18",         "0001 0000 0000 0015 0001", "1.000000000000000000" },
    { "10 with 18 digits behind keeps 17",        "0001 0000 0000 0012 000a", "10.00000000000000000" },
    { "zero with 30 digits keeps 18",             "0000 0000 0000 001e",      "0.000000000000000000" },
    { "1e18 with 4 digits keeps none",            "0001 0004 0000 0004 0064", "1000000000000000000" },
    { "-9e18 with 1 digit keeps none",            "0001 0004 4000 0001 0384", "-9000000000000000000" },
    { "1e20 is too large",                        "0001 0005 0000 0000 0001", NULL },
    { "1e-19 is too small",                       "0001 fffb 0000 0013 000a", NULL },
    { "9223372036854775808 is one too large",     "0005 0004 0000 0000 039a 0d2c 0170 1565 16b0", NULL },
    { "-9223372036854775809 is one too small",    "0005 0004 4000 0000 039a 0d2c 0170 1565 16b1", NULL },
    { "the largest weight",                       "0001 7fff 0000 0000 0001", NULL },
    { "1e-16380 with 16383 digits",               "0001 f001 0000 3fff 0001", NULL },
};

START_TEST(zeros_at_the_end_are_given_up_before_the_value)
{
    char cell[64], text[HG_DECIMAL_TEXT_SIZE];
    size_t len = hex_read(shortened[_i].hex, cell);
    hg_decimal value;
    hgi_decoded got = hgi_decimal_decode(cell, len, &value);

    if (shortened[_i].text == NULL) {
        ck_assert_msg(got == HGI_OUT_OF_RANGE, "%s: gave %d, want out of range", shortened[_i].name,
                      (int)got);
        return;
    }
    ck_assert_msg(got == HGI_DECODED, "%s: gave %d, want decoded", shortened[_i].name, (int)got);
    hg_decimal_to_text(&value, text, sizeof text, NULL);
    ck_assert_msg(strcmp(text, shortened[_i].text) == 0, "%s: gave %s, want %s", shortened[_i].name,
                  text, shortened[_i].text);
}
END_TEST

static const struct { const char *name; hg_decimal value; int32_t precision, scale; const char *want; } checks[] = {
    { "fits exactly",                    { 99999, 2, 0 },          5, 2, NULL },
    { "one digit too many before",       { 100000, 2, 0 },         5, 2, "has more than 3 digits before the point" },
    { "negative, too many before",       { -100000, 2, 0 },        5, 2, "has more than 3 digits before the point" },
    { "one digit too many behind",       { 1, 3, 0 },              5, 2, "has more than 2 digits behind the point" },
    { "zeros behind do not count",       { 999990000, 6, 0 },      5, 2, NULL },
    { "an integer column",               { 15, 1, 0 },             5, 0, "has more than 0 digits behind the point" },
    { "one digit behind",                { 1, 2, 0 },              5, 1, "has more than 1 digit behind the point" },
    { "an integer at the limit",         { 99999, 0, 0 },          5, 0, NULL },
    { "only a fraction fits",            { 99, 2, 0 },             2, 2, NULL },
    { "one is too much for (2,2)",       { 1, 0, 0 },              2, 2, "has more than 0 digits before the point" },
    { "zero fits everywhere",            { 0, 18, 0 },             2, 2, NULL },
    { "the lowest in a wide column",     { INT64_MIN, 0, 0 },      38, 2, NULL },
    { "the lowest in (19,0)",            { INT64_MIN, 0, 0 },      19, 0, NULL },
    { "the lowest in (18,0)",            { INT64_MIN, 0, 0 },      18, 0, "has more than 18 digits before the point" },
    { "without precision",               { INT64_MIN, 18, 0 },     0, 0, NULL },
    { "NaN",                             { 0, 0, 1 },              5, 2, NULL },
    { "infinity without precision",      { 0, 0, 2 },              0, 0, NULL },
    { "infinity",  { 0, 0, 2 }, 5, 2, "is infinite, which a numeric with a precision cannot hold" },
    { "-infinity", { 0, 0, 3 }, 5, 2, "is infinite, which a numeric with a precision cannot hold" },
    { "kind 4",    { 0, 0, 4 }, 0, 0, "is not a decimal: kind is none of HG_DECIMAL_*" },
    { "kind -1",   { 0, 0, -1 }, 0, 0, "is not a decimal: kind is none of HG_DECIMAL_*" },
    { "scale 19",  { 0, 19, 0 }, 0, 0, "is not a decimal: scale is not 0 to 18" },
    { "scale -1",  { 0, -1, 0 }, 0, 0, "is not a decimal: scale is not 0 to 18" },
    { "a NaN with digits", { 1, 0, 1 }, 0, 0, "is not a decimal: unscaled is not zero, but kind is not finite" },
};

START_TEST(a_column_takes_what_fits_without_rounding)
{
    const char *got = hgi_decimal_check(&checks[_i].value, checks[_i].precision, checks[_i].scale);

    ck_assert_msg(got == NULL ? checks[_i].want == NULL
                              : checks[_i].want != NULL && strcmp(got, checks[_i].want) == 0,
                  "%s: \"%s\", want \"%s\"", checks[_i].name, got != NULL ? got : "(fits)",
                  checks[_i].want != NULL ? checks[_i].want : "(fits)");
}
END_TEST

/* Ascending in PostgreSQL's order; those with one rank are equal. */
static const struct { int rank; hg_decimal value; } order[] = {
    { 0, { 0, 0, HG_DECIMAL_NEGATIVE_INFINITY } },
    { 1, { INT64_MIN, 0, 0 } },
    { 2, { -15, 1, 0 } },
    { 2, { -1500, 3, 0 } },
    { 3, { -1, 18, 0 } },
    { 4, { 0, 0, 0 } },
    { 4, { 0, 18, 0 } },
    { 5, { 1, 18, 0 } },
    { 6, { 149, 2, 0 } },
    { 7, { 15, 1, 0 } },
    { 7, { 1500000000000000000, 18, 0 } },
    { 8, { 1500000000000000001, 18, 0 } },
    { 9, { 2, 0, 0 } },
    { 10, { INT64_MAX, 0, 0 } },
    { 11, { 0, 0, HG_DECIMAL_INFINITY } },
    { 12, { 0, 0, HG_DECIMAL_NAN } },
};

START_TEST(order_is_that_of_the_server)
{
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        int want = (order[_i].rank > order[i].rank) - (order[_i].rank < order[i].rank);
        int got = hgi_decimal_compare(&order[_i].value, &order[i].value);

        ck_assert_msg(got == want, "number %d compared with number %zu is %d, want %d", _i, i, got,
                      want);
    }
}
END_TEST

START_TEST(random_decimals_come_back_from_text_and_bytes)
{
    uint64_t state = test_seed;

    for (int i = 0; i < 50000; i++) {
        uint64_t bits = random_sized(&state);
        hg_decimal value = { (int64_t)bits, (int32_t)(random_next(&state) % 19), 0 };
        hg_decimal back;
        char text[HG_DECIMAL_TEXT_SIZE], cell[HGI_DECIMAL_BYTES];
        size_t size;

        assert_of_many(hg_decimal_to_text(&value, text, sizeof text, NULL) == HG_OK,
                       "refused (seed %llu)", (unsigned long long)test_seed);
        assert_of_many(hg_decimal_parse(text, strlen(text), &back, NULL) == HG_OK &&
                           is_same(&back, &value),
                       "%lld, scale %d printed %s (seed %llu)", (long long)value.unscaled,
                       (int)value.scale, text, (unsigned long long)test_seed);
        size = hgi_decimal_encode(&value, cell);
        assert_of_many(
            size <= HGI_DECIMAL_BYTES && hgi_decimal_decode(cell, size, &back) == HGI_DECODED &&
                is_same(&back, &value),
            "%s encoded to %zu bytes and decoded to %lld, scale %d (seed %llu)", text, size,
            (long long)back.unscaled, (int)back.scale, (unsigned long long)test_seed);
        /* Canonical: neither the first nor the last digit is zero. */
        assert_of_many(size == 8 || (hgi_get16(cell + 8) != 0 && hgi_get16(cell + size - 2) != 0),
                      "%s encoded with a zero digit at an end (seed %llu)", text, (unsigned long long)test_seed);
    }
}
END_TEST

START_TEST(what_is_no_decimal_is_not_printed)
{
    char text[HG_DECIMAL_TEXT_SIZE] = "x";

    ck_assert_int_eq(hg_decimal_to_text(&(hg_decimal){ 1, 19, 0 }, text, sizeof text, NULL),
                     HG_E_INVALID);
    ck_assert_str_eq(text, "");
    ck_assert_int_eq(hg_decimal_to_text(&(hg_decimal){ 1, -1, 0 }, text, sizeof text, NULL),
                     HG_E_INVALID);
    ck_assert_int_eq(hg_decimal_to_text(&(hg_decimal){ 0, 0, 4 }, text, sizeof text, NULL),
                     HG_E_INVALID);
    ck_assert_int_eq(hg_decimal_to_text(&(hg_decimal){ 1250, 2, 0 }, text, 5, NULL), HG_E_INVALID);
    ck_assert_int_eq(hg_decimal_to_text(&(hg_decimal){ 1250, 2, 0 }, text, 6, NULL), HG_OK);
    ck_assert_str_eq(text, "12.50");
}
END_TEST

Suite *
suite_value_decimal(void)
{
    Suite *suite = suite_create("value/decimal");
    TCase *tc = tcase_create("decimal");

    tcase_add_loop_test(tc, decimal_parses, 0, (int)(sizeof parses / sizeof parses[0]));
    tcase_add_loop_test(tc, decimal_prints, 0, (int)(sizeof parses / sizeof parses[0]));
    tcase_add_loop_test(tc, bytes_are_those_of_the_server, 0,
                        (int)(sizeof vectors / sizeof vectors[0]));
    tcase_add_loop_test(tc, zeros_at_the_end_are_given_up_before_the_value, 0,
                        (int)(sizeof shortened / sizeof shortened[0]));
    tcase_add_loop_test(tc, a_column_takes_what_fits_without_rounding, 0,
                        (int)(sizeof checks / sizeof checks[0]));
    tcase_add_loop_test(tc, order_is_that_of_the_server, 0, (int)(sizeof order / sizeof order[0]));
    tcase_add_test(tc, random_decimals_come_back_from_text_and_bytes);
    tcase_add_test(tc, what_is_no_decimal_is_not_printed);
    suite_add_tcase(suite, tc);
    return suite;
}
