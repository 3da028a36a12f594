/* value/inet - addresses in text as the server prints them, and in its bytes. */
#include "../suites.h"
#include "../hex.h"
#include "../random.h"

#include "value/value.h"

/* From encode(inet_send('...'::inet), 'hex') and '...'::inet::text of PostgreSQL 15.20. */
static const struct { const char *text, *hex, *printed; } vectors[] = {
    { "192.0.2.7",                 "02200004c0000207",                         NULL },
    { "192.0.2.7/24",              "02180004c0000207",                         NULL },
    { "192.0.2.7/32",              "02200004c0000207",                         "192.0.2.7" },
    { "0.0.0.0/0",                 "0200000400000000",                         NULL },
    { "::",                        "0380001000000000000000000000000000000000", NULL },
    { "::/0",                      "0300001000000000000000000000000000000000", NULL },
    { "::/128",                    "0380001000000000000000000000000000000000", "::" },
    { "::1",                       "0380001000000000000000000000000000000001", NULL },
    { "::2",                       "0380001000000000000000000000000000000002", NULL },
    { "::ffff",                    "038000100000000000000000000000000000ffff", NULL },
    { "::1:2",                     "0380001000000000000000000000000000010002", "::0.1.0.2" },
    { "::1:2:3",                   "0380001000000000000000000000000100020003", NULL },
    { "::ffff:1.2.3.4",            "0380001000000000000000000000ffff01020304", NULL },
    { "::ffff:102:304",            "0380001000000000000000000000ffff01020304", "::ffff:1.2.3.4" },
    { "::fffe:1.2.3.4",            "0380001000000000000000000000fffe01020304", "::fffe:102:304" },
    { "64:ff9b::1.2.3.4",          "038000100064ff9b000000000000000001020304", "64:ff9b::102:304" },
    { "1::",                       "0380001000010000000000000000000000000000", NULL },
    { "1:0:0:2:0:0:0:3",           "0380001000010000000000020000000000000003", "1:0:0:2::3" },
    { "1:0:2:3:4:5:6:7",           "0380001000010000000200030004000500060007", NULL },
    { "2001:db8:0:0:1:0:0:1",      "0380001020010db8000000000001000000000001", "2001:db8::1:0:0:1" },
    { "2001:DB8::A/64",            "0340001020010db800000000000000000000000a", "2001:db8::a/64" },
    { "fe80::1/64",                "03400010fe800000000000000000000000000001", NULL },
    { "1:2:3:4:5:6:0:0",           "0380001000010002000300040005000600000000", "1:2:3:4:5:6::" },
};

START_TEST(text_and_bytes_are_those_of_the_server)
{
    const char *want = vectors[_i].printed != NULL ? vectors[_i].printed : vectors[_i].text;
    size_t len = strlen(vectors[_i].text);
    char *exact = exact_copy(vectors[_i].text, len);
    char text[HG_INET_TEXT_SIZE], cell[HGI_INET_BYTES], hex[2 * HGI_INET_BYTES + 1],
        bytes[HGI_INET_BYTES];
    hg_inet value, back;
    size_t size;

    ck_assert_msg(hg_inet_parse(exact, len, &value, NULL) == HG_OK, "%s: refused",
                  vectors[_i].text);
    size = hgi_inet_encode(&value, cell);
    ck_assert_msg(strcmp(hex_write(cell, size, hex), vectors[_i].hex) == 0,
                  "%s: encoded to %s, want %s", vectors[_i].text, hex, vectors[_i].hex);
    memset(&back, 0xA5, sizeof back);
    ck_assert_int_eq(hgi_inet_decode(bytes, hex_read(vectors[_i].hex, bytes), &back), HGI_DECODED);
    ck_assert_msg(memcmp(&value, &back, sizeof back) == 0, "%s: decoded to something else",
                  vectors[_i].text);
    ck_assert_int_eq(hg_inet_to_text(&value, text, sizeof text, NULL), HG_OK);
    ck_assert_msg(strcmp(text, want) == 0, "%s: printed \"%s\", want \"%s\"", vectors[_i].text,
                  text, want);
    free(exact);
}
END_TEST

static const struct { const char *name, *text; size_t len; } refused[] = {
    { "empty",                         "",                     0 },
    { "only a prefix",                 "/24",                  3 },
    { "three parts",                   "192.0.2",              7 },
    { "five parts",                    "192.0.2.7.1",          11 },
    { "a part of 256",                 "192.0.2.256",          11 },
    { "a zero in front",               "192.0.02.7",           10 },
    { "hexadecimal",                   "0xc0.0.2.7",           10 },
    { "space in front",                " 192.0.2.7",           10 },
    { "space behind",                  "192.0.2.7 ",           10 },
    { "NUL byte inside",               "192.0.2.7\0/24",       13 },
    { "NUL byte at the end",           "192.0.2.7\0",          10 },
    { "prefix missing",                "192.0.2.7/",           10 },
    { "prefix 33",                     "192.0.2.7/33",         12 },
    { "prefix with a zero in front",   "192.0.2.7/024",        13 },
    { "prefix of one zero more",       "192.0.2.7/00",         12 },
    { "prefix with a sign",            "192.0.2.7/+8",         12 },
    { "prefix -1",                     "192.0.2.7/-1",         12 },
    { "prefix of four digits",         "192.0.2.7/1000",       14 },
    { "prefix with a letter",          "192.0.2.7/2x",         12 },
    { "two prefixes",                  "192.0.2.0/24/24",      15 },
    { "a mask",                        "192.0.2.0/255.255.255.0", 23 },
    { "IPv6 prefix 129",               "::1/129",              7 },
    { "two double colons",             "1::2::3",              7 },
    { "nine words",                    "1:2:3:4:5:6:7:8:9",    17 },
    { "seven words",                   "1:2:3:4:5:6:7",        13 },
    { "a word of five digits",         "12345::",              7 },
    { "a zone",                        "fe80::1%eth0",         12 },
    { "brackets",                      "[::1]",                5 },
    { "a single colon at the end",     "1:2:3:4:5:6:7:",       14 },
    { "a port",                        "192.0.2.7:80",         12 },
    { "longer than any address",       "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa", 49 },
};

START_TEST(what_is_no_address_is_refused)
{
    static const hg_inet zero;
    char *exact = exact_copy(refused[_i].text, refused[_i].len);
    hg_inet value;
    hg_error err;
    hg_status st;

    memset(&value, 0xA5, sizeof value);
    st = hg_inet_parse(exact, refused[_i].len, &value, &err);

    ck_assert_msg(st == HG_E_INVALID && err.status == st, "%s: \"%s\" gave %s", refused[_i].name,
                  refused[_i].text, hg_status_name(st));
    ck_assert_msg(memcmp(&value, &zero, sizeof value) == 0, "%s: *out is not zero",
                  refused[_i].name);
    free(exact);
}
END_TEST

static const struct { const char *name, *hex; hgi_decoded want; } cells[] = {
    { "a cidr",                     "02180104c0000200",                         HGI_DECODED },
    { "empty",                      "",                                         HGI_MALFORMED },
    { "a head alone",               "02200004",                                 HGI_MALFORMED },
    { "seven bytes",                "02200004c00002",                           HGI_MALFORMED },
    { "nine bytes",                 "02200004c000020700",                       HGI_MALFORMED },
    { "family of the system",       "0a80001000000000000000000000000000000001", HGI_MALFORMED },
    { "IPv4 with IPv6's family",    "03200004c0000207",                         HGI_MALFORMED },
    { "IPv6 with IPv4's family",    "0220001000000000000000000000000000000001", HGI_MALFORMED },
    { "prefix 33",                  "02210004c0000207",                         HGI_MALFORMED },
    { "prefix 129",                 "0381001000000000000000000000000000000001", HGI_MALFORMED },
    { "is_cidr 2",                  "02200204c0000207",                         HGI_MALFORMED },
    { "length 5 of 4 bytes",        "02200005c0000207",                         HGI_MALFORMED },
    { "length 4 of 16 bytes",       "0320000400000000000000000000000000000001", HGI_MALFORMED },
};

START_TEST(bytes_that_no_server_sends_are_refused)
{
    char cell[32];
    size_t len = hex_read(cells[_i].hex, cell);
    char *exact = exact_copy(cell, len);
    hg_inet value;
    hgi_decoded got = hgi_inet_decode(exact, len, &value);

    ck_assert_msg(got == cells[_i].want, "%s: %s gave %d, want %d", cells[_i].name, cells[_i].hex,
                  (int)got, (int)cells[_i].want);
    free(exact);
}
END_TEST

static const struct { const char *name; hg_inet value; const char *want; } checks[] = {
    { "a host",          { { 192, 0, 2, 7 }, 4, 32, { 0 } },        NULL },
    { "all zero",        { { 0 }, 0, 0, { 0 } },                    "is not an address: family is neither 4 nor 6" },
    { "family 2",        { { 0 }, 2, 0, { 0 } },                    "is not an address: family is neither 4 nor 6" },
    { "prefix 33",       { { 192, 0, 2, 7 }, 4, 33, { 0 } },        "has a prefix longer than the address" },
    { "prefix 129",      { { 0 }, 6, 129, { 0 } },                  "has a prefix longer than the address" },
    { "prefix 128",      { { 0 }, 6, 128, { 0 } },                  NULL },
    { "a fifth byte",    { { 192, 0, 2, 7, 1 }, 4, 32, { 0 } },     "has bytes behind the 4 of an IPv4 address" },
    { "a reserved byte", { { 192, 0, 2, 7 }, 4, 32, { 0, 1 } },     "has reserved bytes that are not zero" },
};

START_TEST(what_is_no_inet_is_told)
{
    const char *got = hgi_inet_check(&checks[_i].value);
    char text[HG_INET_TEXT_SIZE] = "x";
    hg_status st = hg_inet_to_text(&checks[_i].value, text, sizeof text, NULL);

    ck_assert_msg(got == NULL ? checks[_i].want == NULL
                              : checks[_i].want != NULL && strcmp(got, checks[_i].want) == 0,
                  "%s: \"%s\"", checks[_i].name, got != NULL ? got : "(fine)");
    ck_assert_msg(st == (checks[_i].want == NULL ? HG_OK : HG_E_INVALID), "%s: printing gave %s",
                  checks[_i].name, hg_status_name(st));
    ck_assert_msg(st == HG_OK || text[0] == '\0', "%s: refused, but printed %s", checks[_i].name,
                  text);
}
END_TEST

START_TEST(random_addresses_come_back_from_text_and_bytes)
{
    uint64_t state = test_seed;

    for (int i = 0; i < 20000; i++) {
        uint64_t kept =
            random_next(&state); /* words that are zero: where the compression decides */
        hg_inet value = { .family = i % 4 == 0 ? 4 : 6 };
        hg_inet back;
        size_t size = value.family == 4 ? 4 : 16;
        char text[HG_INET_TEXT_SIZE], cell[HGI_INET_BYTES];

        for (size_t n = 0; n < size; n++)
            value.bytes[n] = kept >> n / 2 & 1 ? (uint8_t)random_sized(&state) : 0;
        value.prefix = (uint8_t)(i % 3 == 0 ? size * 8 : random_next(&state) % (size * 8 + 1));

        assert_of_many(hg_inet_to_text(&value, text, sizeof text, NULL) == HG_OK,
                       "refused (seed %llu)", (unsigned long long)test_seed);
        assert_of_many(hg_inet_parse(text, strlen(text), &back, NULL) == HG_OK &&
                          memcmp(&value, &back, sizeof back) == 0,
                      "%s parsed to something else (seed %llu)", text, (unsigned long long)test_seed);
        assert_of_many(hgi_inet_decode(cell, hgi_inet_encode(&value, cell), &back) == HGI_DECODED &&
                          memcmp(&value, &back, sizeof back) == 0,
                      "%s decoded to something else (seed %llu)", text, (unsigned long long)test_seed);
    }
}
END_TEST

START_TEST(a_text_that_does_not_fit_is_refused)
{
    hg_inet value = { { 192, 0, 2, 7 }, 4, 24, { 0 } };
    char text[HG_INET_TEXT_SIZE];

    ck_assert_int_eq(hg_inet_to_text(&value, text, 12, NULL), HG_E_INVALID);
    ck_assert_str_eq(text, "");
    ck_assert_int_eq(hg_inet_to_text(&value, text, 13, NULL), HG_OK);
    ck_assert_str_eq(text, "192.0.2.7/24");
}
END_TEST

Suite *
suite_value_inet(void)
{
    Suite *suite = suite_create("value/inet");
    TCase *tc = tcase_create("inet");

    tcase_add_loop_test(tc, text_and_bytes_are_those_of_the_server, 0,
                        (int)(sizeof vectors / sizeof vectors[0]));
    tcase_add_loop_test(tc, what_is_no_address_is_refused, 0,
                        (int)(sizeof refused / sizeof refused[0]));
    tcase_add_loop_test(tc, bytes_that_no_server_sends_are_refused, 0,
                        (int)(sizeof cells / sizeof cells[0]));
    tcase_add_loop_test(tc, what_is_no_inet_is_told, 0, (int)(sizeof checks / sizeof checks[0]));
    tcase_add_test(tc, random_addresses_come_back_from_text_and_bytes);
    tcase_add_test(tc, a_text_that_does_not_fit_is_refused);
    suite_add_tcase(suite, tc);
    return suite;
}
