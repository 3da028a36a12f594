/* value/date - dates in text and in the server's bytes. */
#include "../suites.h"
#include "../hex.h"
#include "../random.h"

#include "value/value.h"

enum {
    FIRST = -2440588,
    LAST = 2145042905
}; /* 4714-11-24 BC and 5874897-12-31, as the server refuses beyond */

static const struct { const char *name, *text; hg_status status; hg_date days; } parses[] = {
    { "epoch",                         "1970-01-01",      HG_OK,        0 },
    { "the day before",                "1969-12-31",      HG_OK,        -1 },
    { "today",                         "2026-11-22",      HG_OK,        20779 },
    { "leap day",                      "2024-02-29",      HG_OK,        19782 },
    { "leap day of a 400th year",      "2000-02-29",      HG_OK,        11016 },
    { "no leap day in a 100th year",   "1900-02-29",      HG_E_INVALID, 0 },
    { "no leap day",                   "2023-02-29",      HG_E_INVALID, 0 },
    { "31 April",                      "2026-04-31",      HG_E_INVALID, 0 },
    { "31 June",                       "2026-06-31",      HG_E_INVALID, 0 },
    { "31 September",                  "2026-09-31",      HG_E_INVALID, 0 },
    { "31 November",                   "2026-11-31",      HG_E_INVALID, 0 },
    { "32 December",                   "2026-12-32",      HG_E_INVALID, 0 },
    { "30 February",                   "2024-02-30",      HG_E_INVALID, 0 },
    { "day 0",                         "2026-01-00",      HG_E_INVALID, 0 },
    { "month 0",                       "2026-00-01",      HG_E_INVALID, 0 },
    { "month 13",                      "2026-13-01",      HG_E_INVALID, 0 },
    { "year 0",                        "0000-01-01",      HG_E_INVALID, 0 },
    { "year 1",                        "0001-01-01",      HG_OK,        -719162 },
    { "the last day before year 1",    "0001-12-31 BC",   HG_OK,        -719163 },
    { "the ides of March",             "0044-03-15 BC",   HG_OK,        -735160 },
    { "1 BC is a leap year",           "0001-02-29 BC",   HG_OK,        -719469 },
    { "2 BC is none",                  "0002-02-29 BC",   HG_E_INVALID, 0 },
    { "the first day",                 "4714-11-24 BC",   HG_OK,        FIRST },
    { "the day before the first",      "4714-11-23 BC",   HG_E_INVALID, 0 },
    { "the last day",                  "5874897-12-31",   HG_OK,        LAST },
    { "the day behind the last",       "5874898-01-01",   HG_E_INVALID, 0 },
    { "a year of five digits",         "10000-01-01",     HG_OK,        2932897 },
    { "a year of eight digits",        "10000000-01-01",  HG_E_INVALID, 0 },
    { "a year too long to count",      "99999999999999999999-01-01", HG_E_INVALID, 0 },
    { "a year of three digits",        "970-01-01",       HG_E_INVALID, 0 },
    { "five digits with a zero",       "01970-01-01",     HG_E_INVALID, 0 },
    { "a sign",                        "-1970-01-01",     HG_E_INVALID, 0 },
    { "a day of one digit",            "1970-01-1",       HG_E_INVALID, 0 },
    { "a day of three digits",         "1970-01-011",     HG_E_INVALID, 0 },
    { "a month of one digit",          "1970-1-01",       HG_E_INVALID, 0 },
    { "slashes",                       "1970/01/01",      HG_E_INVALID, 0 },
    { "a time",                        "1970-01-01T00:00:00Z", HG_E_INVALID, 0 },
    { "space in front",                " 1970-01-01",     HG_E_INVALID, 0 },
    { "space behind",                  "1970-01-01 ",     HG_E_INVALID, 0 },
    { "lower case bc",                 "0044-03-15 bc",   HG_E_INVALID, 0 },
    { "BC without a space",            "0044-03-15BC",    HG_E_INVALID, 0 },
    { "BC alone",                      " BC",             HG_E_INVALID, 0 },
    { "empty",                         "",                HG_E_INVALID, 0 },
    { "only a year",                   "1970",            HG_E_INVALID, 0 },
    { "only a month",                  "1970-01",         HG_E_INVALID, 0 },
    { "ends at a hyphen",              "1970-01-",        HG_E_INVALID, 0 },
    { "infinity",                      "infinity",        HG_OK,        INT32_MAX },
    { "-infinity",                     "-infinity",       HG_OK,        INT32_MIN },
    { "Infinity",                      "Infinity",        HG_E_INVALID, 0 },
};

START_TEST(date_parses)
{
    size_t len = strlen(parses[_i].text);
    char *text = exact_copy(parses[_i].text, len);
    hg_date got = 99;
    hg_error err;
    hg_status st = hg_date_parse(text, len, &got, &err);

    ck_assert_msg(st == parses[_i].status && err.status == st, "%s: \"%s\" gave %s (%s), want %s",
                  parses[_i].name, parses[_i].text, hg_status_name(st),
                  st == HG_OK ? "" : err.message, hg_status_name(parses[_i].status));
    ck_assert_msg(got == parses[_i].days, "%s: \"%s\" gave %d, want %d", parses[_i].name,
                  parses[_i].text, (int)got, (int)parses[_i].days);
    free(text);
}
END_TEST

START_TEST(what_parses_prints_the_same)
{
    char text[HG_DATE_TEXT_SIZE];

    if (parses[_i].status != HG_OK)
        return;
    ck_assert_int_eq(hg_date_to_text(parses[_i].days, text, sizeof text, NULL), HG_OK);
    ck_assert_msg(strcmp(text, parses[_i].text) == 0, "%s: %d printed \"%s\", want \"%s\"",
                  parses[_i].name, (int)parses[_i].days, text, parses[_i].text);
}
END_TEST

/* From encode(date_send('...'::date), 'hex') of PostgreSQL 15.20. */
static const struct { const char *text, *hex; } vectors[] = {
    { "1970-01-01", "ffffd533" },      { "2000-01-01", "00000000" },      { "2026-11-22", "0000265e" },
    { "infinity", "7fffffff" },        { "-infinity", "80000000" },       { "5874897-12-31", "7fda970c" },
    { "4714-11-24 BC", "ffda97a7" },   { "0044-03-15 BC", "fff49d7b" },   { "2024-02-29", "00002279" },
    { "0001-01-01", "fff4dbf9" },
};

START_TEST(bytes_are_those_of_the_server)
{
    char cell[4], out[4], hex[9], text[HG_DATE_TEXT_SIZE];
    hg_date value;

    hex_read(vectors[_i].hex, cell);
    ck_assert_int_eq(hgi_date_decode(cell, 4, &value), HGI_DECODED);
    hg_date_to_text(value, text, sizeof text, NULL);
    ck_assert_msg(strcmp(text, vectors[_i].text) == 0, "%s decoded to %s, want %s", vectors[_i].hex,
                  text, vectors[_i].text);
    ck_assert_uint_eq(hgi_date_encode(value, out), 4);
    ck_assert_msg(memcmp(out, cell, 4) == 0, "%s encoded to %s, want %s", text,
                  hex_write(out, 4, hex), vectors[_i].hex);
}
END_TEST

static const struct { const char *name, *hex; } malformed[] = {
    { "empty", "" }, { "three bytes", "000000" }, { "five bytes", "0000000000" },
    { "the day before the first", "ffda97a6" }, { "the day behind the last", "7fda970d" },
};

START_TEST(bytes_that_no_server_sends_are_refused)
{
    char cell[8];
    size_t len = hex_read(malformed[_i].hex, cell);
    char *exact = exact_copy(cell, len);
    hg_date value;

    ck_assert_msg(hgi_date_decode(exact, len, &value) == HGI_MALFORMED, "%s: accepted",
                  malformed[_i].name);
    free(exact);
}
END_TEST

static const struct { hg_date days; hg_status status; } checks[] = {
    { FIRST, HG_OK }, { FIRST - 1, HG_E_INVALID }, { LAST, HG_OK }, { LAST + 1, HG_E_INVALID }, { 0, HG_OK },
    { INT32_MIN, HG_OK }, { INT32_MIN + 1, HG_E_INVALID }, { INT32_MAX, HG_OK }, { INT32_MAX - 1, HG_E_INVALID },
};

START_TEST(what_the_server_refuses_is_refused)
{
    hg_status got = hgi_date_check(checks[_i].days);

    ck_assert_msg(got == checks[_i].status, "%d is %s, want %s", (int)checks[_i].days,
                  hg_status_name(got), hg_status_name(checks[_i].status));
}
END_TEST

START_TEST(random_days_come_back_from_text_and_bytes)
{
    uint64_t state = test_seed;

    for (int i = 0; i < 100000; i++) {
        int64_t since_first = (int64_t)(random_next(&state) % ((uint64_t)LAST + 2440588 + 1));
        hg_date value = (hg_date)(FIRST + since_first);
        hg_date back = 0;
        char text[HG_DATE_TEXT_SIZE], cell[4];

        if (i % 2 == 0)                 /* and more of the years that occur */
            value %= 1000000;
        assert_of_many(hg_date_to_text(value, text, sizeof text, NULL) == HG_OK,
                       "refused (seed %llu)", (unsigned long long)test_seed);
        assert_of_many(hg_date_parse(text, strlen(text), &back, NULL) == HG_OK && back == value,
                      "%d printed %s and parsed %d (seed %llu)", (int)value, text, (int)back,
                      (unsigned long long)test_seed);
        hgi_date_encode(value, cell);
        assert_of_many(hgi_date_decode(cell, 4, &back) == HGI_DECODED && back == value,
                      "%d encoded and decoded is %d (seed %llu)", (int)value, (int)back,
                      (unsigned long long)test_seed);
    }
}
END_TEST

/* A calendar that counts day by day, over 800 years and both sides of year 1. */
START_TEST(every_day_follows_the_one_before)
{
    int year = -399, month = 1, day = 1;
    hg_date value;
    char text[HG_DATE_TEXT_SIZE];

    ck_assert_int_eq(hg_date_parse("0400-01-01 BC", 13, &value, NULL), HG_OK);
    for (; year < 400; value++) {
        static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
        int is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        char want[64];
        int shown = year > 0 ? year : 1 - year;

        memcpy(want, "0000-00-00 BC", 14);
        want[0] = (char)('0' + shown / 1000);
        want[1] = (char)('0' + shown / 100 % 10);
        want[2] = (char)('0' + shown / 10 % 10);
        want[3] = (char)('0' + shown % 10);
        want[5] = (char)('0' + month / 10);
        want[6] = (char)('0' + month % 10);
        want[8] = (char)('0' + day / 10);
        want[9] = (char)('0' + day % 10);
        if (year > 0)
            want[10] = '\0';
        hg_date_to_text(value, text, sizeof text, NULL);
        assert_of_many(strcmp(text, want) == 0, "%d printed %s, want %s", (int)value, text, want);

        if (++day > lengths[month - 1] + (month == 2 && is_leap)) {
            day = 1;
            month++;
        }
        if (month > 12) {
            month = 1;
            year++;
        }
    }
}
END_TEST

START_TEST(a_text_that_does_not_fit_is_refused)
{
    char text[11] = "x";

    ck_assert_int_eq(hg_date_to_text(0, text, 10, NULL), HG_E_INVALID);
    ck_assert_str_eq(text, "");
    ck_assert_int_eq(hg_date_to_text(0, text, 11, NULL), HG_OK);
    ck_assert_str_eq(text, "1970-01-01");
    ck_assert_int_eq(hg_date_to_text(INT32_MAX, NULL, 0, NULL), HG_E_INVALID);
}
END_TEST

START_TEST(every_date_fits_its_text_size)
{
    static const hg_date days[] = { INT32_MIN + 1, INT32_MAX - 1, FIRST, LAST };
    char text[HG_DATE_TEXT_SIZE];

    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++)
        ck_assert_msg(hg_date_to_text(days[i], text, sizeof text, NULL) == HG_OK, "%d does not fit",
                      (int)days[i]);
}
END_TEST

Suite *
suite_value_date(void)
{
    Suite *suite = suite_create("value/date");
    TCase *tc = tcase_create("date");

    tcase_add_loop_test(tc, date_parses, 0, (int)(sizeof parses / sizeof parses[0]));
    tcase_add_loop_test(tc, what_parses_prints_the_same, 0,
                        (int)(sizeof parses / sizeof parses[0]));
    tcase_add_loop_test(tc, bytes_are_those_of_the_server, 0,
                        (int)(sizeof vectors / sizeof vectors[0]));
    tcase_add_loop_test(tc, bytes_that_no_server_sends_are_refused, 0,
                        (int)(sizeof malformed / sizeof malformed[0]));
    tcase_add_loop_test(tc, what_the_server_refuses_is_refused, 0,
                        (int)(sizeof checks / sizeof checks[0]));
    tcase_add_test(tc, random_days_come_back_from_text_and_bytes);
    tcase_add_test(tc, every_day_follows_the_one_before);
    tcase_add_test(tc, a_text_that_does_not_fit_is_refused);
    tcase_add_test(tc, every_date_fits_its_text_size);
    suite_add_tcase(suite, tc);
    return suite;
}
