/* link/notice - notices of the server are kept until they are fetched: the last 16, without values, no callback. */
#include "fixture.h"
#include "suites.h"

#include <string.h>

static void
raise_notice(int number)
{
    ck_ok(hgi_command(service, fixture_text("DO $$ BEGIN RAISE NOTICE 'number %d' USING DETAIL = 'secret'; END $$", number), 0,
                      NULL, &err), err);
}

static const char *
next(void)
{
    hg_text *text = NULL;
    const char *copy = NULL;

    ck_ok(hg_conn_next_notice(service, &text, &err), err);
    if (text != NULL)
        copy = fixture_text("%s", hg_text_ptr(text));
    hg_text_free(text);
    return copy;
}

START_TEST(there_is_none_at_first)
{
    ck_assert_msg(next() == NULL, "there is one");
}
END_TEST

START_TEST(they_come_in_order_and_each_once)
{
    for (int i = 0; i < 3; i++)
        raise_notice(i);
    for (int i = 0; i < 3; i++)
        ck_assert_str_eq(next(), fixture_text("number %d", i));
    ck_assert_msg(next() == NULL, "one came twice");
}
END_TEST

START_TEST(the_last_sixteen_are_kept)
{
    for (int i = 0; i < 40; i++)
        raise_notice(i);
    for (int i = 24; i < 40; i++)
        ck_assert_str_eq(next(), fixture_text("number %d", i));
    ck_assert_msg(next() == NULL, "more than 16 were kept");
}
END_TEST

START_TEST(what_the_header_forbids_is_refused)
{
    hg_text *text = (hg_text *)(void *)&text;

    ck_status(hg_conn_next_notice(NULL, &text, &err), HG_E_INVALID, err);
    ck_assert_msg(text == NULL, "*out is not NULL after a failure");
    ck_status(hg_conn_next_notice(service, NULL, &err), HG_E_INVALID, err);
}
END_TEST

Suite *
suite_link_notice(void)
{
    Suite *suite = suite_create("link/notice");
    TCase *tc = tcase_create("notice");

    tcase_add_checked_fixture(tc, fixture_open, fixture_close);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, there_is_none_at_first);
    tcase_add_test(tc, they_come_in_order_and_each_once);
    tcase_add_test(tc, the_last_sixteen_are_kept);
    tcase_add_test(tc, what_the_header_forbids_is_refused);
    suite_add_tcase(suite, tc);
    return suite;
}
