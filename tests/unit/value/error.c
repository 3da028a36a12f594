/* value/error - an error is filled as far as a reader looks, whatever was in it before. */
#include "../suites.h"

#include "value/value.h"

static hg_error
dirty_error(void)
{
    hg_error err;

    memset(&err, 0xA5, sizeof err);
    return err;
}

START_TEST(a_failure_fills_every_field)
{
    hg_error err = dirty_error();
    hg_status st = hgi_fail(&err, HG_E_INVALID, 4, "%s is %d of %lld, %zu, %.*s", "it", 3, 5LL,
                            (size_t)7, 2, "abc");

    ck_assert_msg(st == HG_E_INVALID && err.status == st, "status %d", (int)st);
    ck_assert_msg(err.column == 4 && err.flags == 0, "column %d, flags %u", (int)err.column,
                  err.flags);
    ck_assert_str_eq(err.message, "it is 3 of 5, 7, ab");
    ck_assert_msg(err.sqlstate[0] == '\0' && err.constraint[0] == '\0' && err.table[0] == '\0',
                  "a text of an earlier error is left");
    for (size_t i = 0; i < sizeof err.reserved; i++)
        ck_assert_msg(err.reserved[i] == 0, "reserved byte %zu is not zero", i);
}
END_TEST

START_TEST(no_error_struct_is_needed)
{
    ck_assert_int_eq(hgi_fail(NULL, HG_E_STATE, -1, "x"), HG_E_STATE);
    ck_assert_int_eq(hgi_nomem(NULL), HG_E_NOMEM);
    ck_assert_int_eq(hgi_ok(NULL), HG_OK);
}
END_TEST

START_TEST(out_of_memory_says_so)
{
    hg_error err = dirty_error();

    ck_assert_int_eq(hgi_nomem(&err), HG_E_NOMEM);
    ck_assert_str_eq(err.message, "out of memory");
    ck_assert_int_eq(err.column, -1);
}
END_TEST

START_TEST(success_sets_the_status_and_nothing_else)
{
    hg_error err = dirty_error();
    hg_error want = err;

    want.status = HG_OK;
    hgi_ok(&err);

    ck_assert_msg(memcmp(&err, &want, sizeof err) == 0, "more than the status changed");
}
END_TEST

/* 319 bytes fit. What is behind the filling is cut there, and never inside a character. */
static const struct { const char *name; int filling; const char *tail; size_t want; } cuts[] = {
    { "just fits",                     317, "xy",               319 },
    { "one too many",                  318, "xy",               319 },
    { "two bytes that fit",            317, "\xc3\xa9" "x",     319 },
    { "two bytes, one fits",           318, "\xc3\xa9" "x",     318 },
    { "three bytes, two fit",          317, "\xe2\x82\xac" "x", 317 },
    { "three bytes that fit",          316, "\xe2\x82\xac" "x", 319 },
    { "four bytes, three fit",         316, "\xf0\x9f\x98\x80", 316 },
    { "four bytes that fit",           315, "\xf0\x9f\x98\x80", 319 },
};

START_TEST(a_long_message_is_cut_at_a_character)
{
    hg_error err = dirty_error();
    char filling[320];

    memset(filling, 'a', sizeof filling);
    hgi_fail(&err, HG_E_INVALID, -1, "%.*s%s", cuts[_i].filling, filling, cuts[_i].tail);

    ck_assert_msg(strlen(err.message) == cuts[_i].want, "%s: %zu bytes, want %zu", cuts[_i].name,
                  strlen(err.message), cuts[_i].want);
    ck_assert_msg(hgi_text_check(err.message, strlen(err.message), NULL) == NULL, "%s: not UTF-8",
                  cuts[_i].name);
}
END_TEST

START_TEST(a_message_is_one_line)
{
    hg_error err;

    hgi_fail(&err, HG_E_INVALID, -1, "%s", "two\nlines\tand a tab");

    ck_assert_str_eq(err.message, "two lines and a tab");
}
END_TEST

static const struct { hg_status status; const char *name; } names[] = {
    { HG_OK, "HG_OK" }, { HG_E_NOT_FOUND, "HG_E_NOT_FOUND" }, { HG_E_CONFLICT, "HG_E_CONFLICT" },
    { HG_E_CONSTRAINT, "HG_E_CONSTRAINT" }, { HG_E_DENIED, "HG_E_DENIED" }, { HG_E_INVALID, "HG_E_INVALID" },
    { HG_E_RETRY, "HG_E_RETRY" }, { HG_E_CONNECTION, "HG_E_CONNECTION" }, { HG_E_CANCELLED, "HG_E_CANCELLED" },
    { HG_E_NOMEM, "HG_E_NOMEM" }, { HG_E_SCHEMA, "HG_E_SCHEMA" }, { HG_E_INTERNAL, "HG_E_INTERNAL" },
    { HG_E_STATE, "HG_E_STATE" }, { HG_E_IN_DOUBT, "HG_E_IN_DOUBT" }, { HG_E_HELD, "HG_E_HELD" },
    { 15, "HG_E_?" }, { -1, "HG_E_?" },
};

START_TEST(every_status_has_its_name)
{
    ck_assert_str_eq(hg_status_name(names[_i].status), names[_i].name);
}
END_TEST

Suite *
suite_value_error(void)
{
    Suite *suite = suite_create("value/error");
    TCase *tc = tcase_create("error");

    tcase_add_test(tc, a_failure_fills_every_field);
    tcase_add_test(tc, no_error_struct_is_needed);
    tcase_add_test(tc, out_of_memory_says_so);
    tcase_add_test(tc, success_sets_the_status_and_nothing_else);
    tcase_add_loop_test(tc, a_long_message_is_cut_at_a_character, 0,
                        (int)(sizeof cuts / sizeof cuts[0]));
    tcase_add_test(tc, a_message_is_one_line);
    tcase_add_loop_test(tc, every_status_has_its_name, 0, (int)(sizeof names / sizeof names[0]));
    suite_add_tcase(suite, tc);
    return suite;
}
