/* value/time - timestamps in text and in the server's bytes. */
#include "../suites.h"
#include "../hex.h"
#include "../random.h"

#include "value/value.h"

#define FIRST INT64_C(-210866803200000000)      /* 4714-11-24 00:00:00 BC, the server's first */

/* printed: NULL if it is the text itself. */
static const struct { const char *name, *text; hg_status status; int64_t micros; const char *printed; } parses[] = {
    { "epoch",                      "1970-01-01T00:00:00Z",            HG_OK, 0, NULL },
    { "a space for the T",          "1970-01-01 00:00:00",             HG_OK, 0, "1970-01-01T00:00:00Z" },
    { "a space and a Z",            "1970-01-01 00:00:00Z",            HG_OK, 0, "1970-01-01T00:00:00Z" },
    { "last digit counts",          "1970-01-01T00:00:00.000001Z",     HG_OK, 1, NULL },
    { "first digit counts",         "1970-01-01T00:00:00.1Z",          HG_OK, 100000, NULL },
    { "zeros at the end are cut",   "1970-01-01 00:00:00.120000",      HG_OK, 120000, "1970-01-01T00:00:00.12Z" },
    { "a fraction of zero is cut",  "1970-01-01 00:00:00.0",           HG_OK, 0, "1970-01-01T00:00:00Z" },
    { "one before the epoch",       "1969-12-31T23:59:59.999999Z",     HG_OK, -1, NULL },
    { "a second before the epoch",  "1969-12-31T23:59:59Z",            HG_OK, -1000000, NULL },
    { "a day before the epoch",     "1969-12-31T00:00:00Z",            HG_OK, INT64_C(-86400000000), NULL },
    { "the example",                "2026-11-22T10:37:10.123456Z",     HG_OK, INT64_C(1795343830123456), NULL },
    { "a year of five digits",      "10000-01-01T00:00:00Z",           HG_OK, INT64_C(253402300800000000), NULL },
    { "the ides of March",          "0044-03-15T00:00:00Z BC",         HG_OK, INT64_C(-63517824000000000), NULL },
    { "BC as the server prints it", "0044-03-15 00:00:00 BC",          HG_OK, INT64_C(-63517824000000000),
      "0044-03-15T00:00:00Z BC" },
    { "the first instant",          "4714-11-24T00:00:00Z BC",         HG_OK, FIRST, NULL },
    { "before the first",           "4714-11-23 23:59:59.999999 BC",   HG_E_INVALID, 0, NULL },
    { "the last instant",           "294247-01-10T04:00:54.775806Z",   HG_OK, INT64_MAX - 1, NULL },
    { "what would be infinity",     "294247-01-10T04:00:54.775807Z",   HG_E_INVALID, 0, NULL },
    { "what would wrap",            "294247-01-10T04:00:54.775808Z",   HG_E_INVALID, 0, NULL },
    { "the server's last",          "294276-12-31T23:59:59.999999Z",   HG_E_INVALID, 0, NULL },
    { "a year far too late",        "9999999-01-01T00:00:00Z",         HG_E_INVALID, 0, NULL },
    { "a year far too early",       "9999999-01-01T00:00:00Z BC",      HG_E_INVALID, 0, NULL },
    { "leap day",                   "2024-02-29T12:00:00Z",            HG_OK, INT64_C(1709208000000000), NULL },
    { "no leap day",                "2023-02-29T12:00:00Z",            HG_E_INVALID, 0, NULL },
    { "31 April",                   "2026-04-31T12:00:00Z",            HG_E_INVALID, 0, NULL },
    { "an offset is refused",       "1970-01-01 00:00:00+02",          HG_E_INVALID, 0, NULL },
    { "even one of zero",           "1970-01-01T00:00:00+00:00",       HG_E_INVALID, 0, NULL },
    { "hour 24",                    "1970-01-01 24:00:00",             HG_E_INVALID, 0, NULL },
    { "minute 60",                  "1970-01-01 00:60:00",             HG_E_INVALID, 0, NULL },
    { "second 60",                  "1970-01-01 23:59:60",             HG_E_INVALID, 0, NULL },
    { "hour of one digit",          "1970-01-01 0:00:00",              HG_E_INVALID, 0, NULL },
    { "hour with a sign",           "1970-01-01 +1:00:00",             HG_E_INVALID, 0, NULL },
    { "no seconds",                 "1970-01-01 00:00",                HG_E_INVALID, 0, NULL },
    { "only a day",                 "1970-01-01",                      HG_E_INVALID, 0, NULL },
    { "only a day and a T",         "1970-01-01T",                     HG_E_INVALID, 0, NULL },
    { "lower case t",               "1970-01-01t00:00:00Z",            HG_E_INVALID, 0, NULL },
    { "lower case z",               "1970-01-01T00:00:00z",            HG_E_INVALID, 0, NULL },
    { "a point without digits",     "1970-01-01T00:00:00.",            HG_E_INVALID, 0, NULL },
    { "a point and a Z",            "1970-01-01T00:00:00.Z",           HG_E_INVALID, 0, NULL },
    { "a comma for the point",      "1970-01-01T00:00:00,5Z",          HG_E_INVALID, 0, NULL },
    { "seven digits",               "1970-01-01T00:00:00.1234567Z",    HG_E_INVALID, 0, NULL },
    { "two Zs",                     "1970-01-01T00:00:00ZZ",           HG_E_INVALID, 0, NULL },
    { "space behind",               "1970-01-01T00:00:00Z ",           HG_E_INVALID, 0, NULL },
    { "space in front",             " 1970-01-01T00:00:00Z",           HG_E_INVALID, 0, NULL },
    { "empty",                      "",                                HG_E_INVALID, 0, NULL },
    { "infinity",                   "infinity",                        HG_OK, INT64_MAX, NULL },
    { "-infinity",                  "-infinity",                       HG_OK, INT64_MIN, NULL },
    { "infinity with a tail",       "infinityZ",                       HG_E_INVALID, 0, NULL },
};

START_TEST(timestamp_parses)
{
    size_t len = strlen(parses[_i].text);
    char *text = exact_copy(parses[_i].text, len);
    hg_timestamp got = 99;
    hg_error err;
    hg_status st = hg_timestamp_parse(text, len, &got, &err);

    ck_assert_msg(st == parses[_i].status && err.status == st, "%s: \"%s\" gave %s (%s), want %s",
                  parses[_i].name, parses[_i].text, hg_status_name(st),
                  st == HG_OK ? "" : err.message, hg_status_name(parses[_i].status));
    ck_assert_msg(got == parses[_i].micros, "%s: \"%s\" gave %lld, want %lld", parses[_i].name,
                  parses[_i].text, (long long)got, (long long)parses[_i].micros);
    free(text);
}
END_TEST

START_TEST(timestamp_prints)
{
    const char *want = parses[_i].printed != NULL ? parses[_i].printed : parses[_i].text;
    char text[HG_TIMESTAMP_TEXT_SIZE];

    if (parses[_i].status != HG_OK)
        return;
    ck_assert_int_eq(hg_timestamp_to_text(parses[_i].micros, text, sizeof text, NULL), HG_OK);
    ck_assert_msg(strcmp(text, want) == 0, "%s: %lld printed \"%s\", want \"%s\"", parses[_i].name,
                  (long long)parses[_i].micros, text, want);
}
END_TEST

/* From encode(timestamp_send('...'::timestamp), 'hex') of PostgreSQL 15.20. */
static const struct { const char *text, *hex; } vectors[] = {
    { "1970-01-01T00:00:00Z",          "fffca2fec4c82000" },
    { "2000-01-01T00:00:00Z",          "0000000000000000" },
    { "2026-11-22T10:37:10.123456Z",   "000303d9d406a3c0" },
    { "infinity",                      "7fffffffffffffff" },
    { "-infinity",                     "8000000000000000" },
    { "4714-11-24T00:00:00Z BC",       "fd0f7cc1411fa000" },
    { "0044-03-15T00:00:00Z BC",       "ff1af9deec5b2000" },
    { "0001-01-01T00:00:00Z",          "ff1fe2ffc59c6000" },
    { "0001-12-31T00:00:00Z BC",       "ff1fe2eba7c50000" },
    { "294247-01-10T04:00:54.775806Z", "7ffca2fec4c81ffe" },
    { "10000-01-01T00:00:00Z",         "0380e70b913b8000" },
    { "1969-12-31T23:59:59.999999Z",   "fffca2fec4c81fff" },
};

START_TEST(bytes_are_those_of_the_server)
{
    char cell[8], out[8], hex[17], text[HG_TIMESTAMP_TEXT_SIZE];
    hg_timestamp value;

    hex_read(vectors[_i].hex, cell);
    ck_assert_int_eq(hgi_timestamp_decode(cell, 8, &value), HGI_DECODED);
    hg_timestamp_to_text(value, text, sizeof text, NULL);
    ck_assert_msg(strcmp(text, vectors[_i].text) == 0, "%s decoded to %s, want %s", vectors[_i].hex,
                  text, vectors[_i].text);
    ck_assert_uint_eq(hgi_timestamp_encode(value, out), 8);
    ck_assert_msg(memcmp(out, cell, 8) == 0, "%s encoded to %s, want %s", text,
                  hex_write(out, 8, hex), vectors[_i].hex);
}
END_TEST

static const struct { const char *name, *hex; hgi_decoded want; } refused[] = {
    { "empty",                                    "",                   HGI_MALFORMED },
    { "seven bytes",                              "00000000000000",     HGI_MALFORMED },
    { "nine bytes",                               "000000000000000000", HGI_MALFORMED },
    { "legal, but would be infinity",             "7ffca2fec4c81fff",   HGI_OUT_OF_RANGE },
    { "legal, but would wrap",                    "7ffca2fec4c82000",   HGI_OUT_OF_RANGE },
    { "the server's last, 294276-12-31",          "7fffff5bb3b29fff",   HGI_OUT_OF_RANGE },
    { "behind the server's last",                 "7fffff5bb3b2a000",   HGI_MALFORMED },
    { "one below infinity",                       "7ffffffffffffffe",   HGI_MALFORMED },
    { "before the server's first",                "fd0f7cc1411f9fff",   HGI_MALFORMED },
    { "one above -infinity",                      "8000000000000001",   HGI_MALFORMED },
};

START_TEST(bytes_that_a_timestamp_cannot_hold_are_refused)
{
    char cell[16];
    size_t len = hex_read(refused[_i].hex, cell);
    char *exact = exact_copy(cell, len);
    hg_timestamp value;
    hgi_decoded got = hgi_timestamp_decode(exact, len, &value);

    ck_assert_msg(got == refused[_i].want, "%s: %s gave %d, want %d", refused[_i].name,
                  refused[_i].hex, (int)got, (int)refused[_i].want);
    free(exact);
}
END_TEST

static const struct { hg_timestamp micros; hg_status status; } checks[] = {
    { FIRST, HG_OK }, { FIRST - 1, HG_E_INVALID }, { INT64_MIN, HG_OK }, { INT64_MIN + 1, HG_E_INVALID },
    { INT64_MAX, HG_OK }, { INT64_MAX - 1, HG_OK }, { 0, HG_OK },
};

START_TEST(what_the_server_refuses_is_refused)
{
    hg_status got = hgi_timestamp_check(checks[_i].micros);

    ck_assert_msg(got == checks[_i].status, "%lld is %s, want %s", (long long)checks[_i].micros,
                  hg_status_name(got), hg_status_name(checks[_i].status));
}
END_TEST

START_TEST(random_instants_come_back_from_text_and_bytes)
{
    uint64_t state = test_seed;

    for (int i = 0; i < 100000; i++) {
        hg_timestamp value = (hg_timestamp)(random_sized(&state) >> 1);
        hg_timestamp back = 0;
        char text[HG_TIMESTAMP_TEXT_SIZE], cell[8];

        if (i % 2 == 0)
            value = -(value % -FIRST);
        assert_of_many(hg_timestamp_to_text(value, text, sizeof text, NULL) == HG_OK,
                       "refused (seed %llu)", (unsigned long long)test_seed);
        assert_of_many(hg_timestamp_parse(text, strlen(text), &back, NULL) == HG_OK &&
                           back == value,
                       "%lld printed %s and parsed %lld (seed %llu)", (long long)value, text,
                       (long long)back, (unsigned long long)test_seed);
        hgi_timestamp_encode(value, cell);
        assert_of_many(hgi_timestamp_decode(cell, 8, &back) == HGI_DECODED && back == value,
                      "%lld encoded and decoded is %lld (seed %llu)", (long long)value, (long long)back,
                      (unsigned long long)test_seed);
    }
}
END_TEST

START_TEST(a_text_that_does_not_fit_is_refused)
{
    char text[HG_TIMESTAMP_TEXT_SIZE] = "x";

    ck_assert_int_eq(hg_timestamp_to_text(0, text, 20, NULL), HG_E_INVALID);
    ck_assert_str_eq(text, "");
    ck_assert_int_eq(hg_timestamp_to_text(0, text, 21, NULL), HG_OK);
    ck_assert_int_eq(hg_timestamp_to_text(INT64_MIN + 1, text, sizeof text, NULL), HG_OK);
    ck_assert_int_eq(hg_timestamp_to_text(INT64_MAX - 1, text, sizeof text, NULL), HG_OK);
}
END_TEST

Suite *
suite_value_time(void)
{
    Suite *suite = suite_create("value/time");
    TCase *tc = tcase_create("time");

    tcase_add_loop_test(tc, timestamp_parses, 0, (int)(sizeof parses / sizeof parses[0]));
    tcase_add_loop_test(tc, timestamp_prints, 0, (int)(sizeof parses / sizeof parses[0]));
    tcase_add_loop_test(tc, bytes_are_those_of_the_server, 0,
                        (int)(sizeof vectors / sizeof vectors[0]));
    tcase_add_loop_test(tc, bytes_that_a_timestamp_cannot_hold_are_refused, 0,
                        (int)(sizeof refused / sizeof refused[0]));
    tcase_add_loop_test(tc, what_the_server_refuses_is_refused, 0,
                        (int)(sizeof checks / sizeof checks[0]));
    tcase_add_test(tc, random_instants_come_back_from_text_and_bytes);
    tcase_add_test(tc, a_text_that_does_not_fit_is_refused);
    suite_add_tcase(suite, tc);
    return suite;
}
