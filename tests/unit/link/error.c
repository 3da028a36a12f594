/* link/error - each SQLSTATE as the status that callers get: every row of the table in lib/link/error.c, raised by a real
 * server, and what of its message is handed on. */
#include "fixture.h"
#include "suites.h"

#include <string.h>

static const struct {
    const char *sqlstate;
    hg_status   status;
    uint32_t    flags;
} states[] = {
    { "02000", HG_E_NOT_FOUND,  0 },
    { "08006", HG_E_CONNECTION, HG_ERROR_RETRY },
    { "0A000", HG_E_INVALID,    0 },
    { "21000", HG_E_INVALID,    0 },
    { "22001", HG_E_INVALID,    0 },
    { "22P02", HG_E_INVALID,    0 },
    { "23505", HG_E_CONFLICT,   0 },
    { "23P01", HG_E_CONFLICT,   0 },
    { "23502", HG_E_CONSTRAINT, 0 },
    { "23503", HG_E_CONSTRAINT, 0 },
    { "23514", HG_E_CONSTRAINT, 0 },
    { "25P03", HG_E_CONNECTION, HG_ERROR_RETRY },
    { "25P04", HG_E_CANCELLED,  0 },
    { "25P02", HG_E_STATE,      0 },
    { "25006", HG_E_STATE,      0 },
    { "28000", HG_E_CONNECTION, 0 },
    { "28P01", HG_E_CONNECTION, 0 },
    { "2D000", HG_E_STATE,      0 },
    { "34000", HG_E_STATE,      0 },
    { "3B001", HG_E_STATE,      0 },
    { "3D000", HG_E_CONNECTION, 0 },
    { "3F000", HG_E_SCHEMA,     0 },
    { "40002", HG_E_CONSTRAINT, 0 },
    { "40003", HG_E_IN_DOUBT,   HG_ERROR_OUTCOME_UNKNOWN },
    { "40001", HG_E_RETRY,      HG_ERROR_RETRY },
    { "40P01", HG_E_RETRY,      HG_ERROR_RETRY },
    { "42501", HG_E_DENIED,     0 },
    { "42P01", HG_E_SCHEMA,     0 },
    { "42703", HG_E_SCHEMA,     0 },
    { "42704", HG_E_SCHEMA,     0 },
    { "42804", HG_E_SCHEMA,     0 },
    { "42883", HG_E_SCHEMA,     0 },
    { "44000", HG_E_CONSTRAINT, 0 },
    { "53200", HG_E_NOMEM,      0 },
    { "53300", HG_E_CONNECTION, HG_ERROR_RETRY },
    { "54000", HG_E_INVALID,    0 },
    { "55P03", HG_E_RETRY,      HG_ERROR_RETRY },
    { "55000", HG_E_STATE,      0 },
    { "57014", HG_E_CANCELLED,  0 },
    { "57P01", HG_E_CONNECTION, HG_ERROR_RETRY },
    { "57P03", HG_E_CONNECTION, HG_ERROR_RETRY },
    { "HG001", HG_E_NOT_FOUND,  0 },
    { "HG002", HG_E_CONFLICT,   0 },
    { "HG003", HG_E_CONSTRAINT, 0 },
    { "HG004", HG_E_DENIED,     0 },
    { "HG005", HG_E_INVALID,    0 },
    { "HG012", HG_E_STATE,      0 },
    { "HG014", HG_E_HELD,       0 },
    { "P0002", HG_E_NOT_FOUND,  0 },
    { "42601", HG_E_INTERNAL,   0 },         /* and whatever else is not in the table */
    { "P0001", HG_E_INTERNAL,   0 },
    { "XX000", HG_E_INTERNAL,   0 },
    { "ZZ999", HG_E_INTERNAL,   0 },
};
enum { STATES = sizeof states / sizeof *states };

START_TEST(each_sqlstate_has_its_status_and_flags)
{
    const char *sql = fixture_text("DO $$ BEGIN RAISE EXCEPTION 'said so' USING ERRCODE = '%s', CONSTRAINT = 'con', "
                                   "TABLE = 'tab'; END $$", states[_i].sqlstate);
    hg_status st = hgi_command(service, sql, 0, NULL, &err);

    ck_assert_msg(st == states[_i].status && err.status == st, "%s gave %s, want %s", states[_i].sqlstate,
                  hg_status_name(st), hg_status_name(states[_i].status));
    ck_assert_msg(err.flags == states[_i].flags, "%s gave the flags %u, want %u", states[_i].sqlstate, err.flags,
                  states[_i].flags);
    ck_assert_str_eq(err.sqlstate, states[_i].sqlstate);
    if (strncmp(states[_i].sqlstate, "22", 2) == 0)      /* the server's may quote a value */
        ck_assert_msg(strstr(err.message, "said so") == NULL, "the server's message is handed on: %s", err.message);
    else
        ck_assert_str_eq(err.message, "said so");
    ck_assert_str_eq(err.constraint, "con");
    ck_assert_str_eq(err.table, "tab");
    ck_assert_msg(err.column == -1, "err names column %d", (int)err.column);
}
END_TEST

START_TEST(detail_context_and_values_stay_on_the_server)
{
    ck_status(hgi_command(service, "DO $$ BEGIN RAISE EXCEPTION 'short' USING DETAIL = 'secret-1', HINT = 'secret-2'; END $$",
                          0, NULL, &err), HG_E_INTERNAL, err);
    ck_assert_str_eq(err.message, "short");
    ck_status(hgi_command(service, "SELECT 'secret-3'::uuid", 0, NULL, &err), HG_E_INVALID, err);
    ck_assert_msg(strstr(err.message, "secret") == NULL, "the message tells the value: %s", err.message);
    ck_status(hgi_command(service, "SELECT '{\"a\": secret-4}'::jsonb", 0, NULL, &err), HG_E_INVALID, err);
    ck_assert_msg(strstr(err.message, "secret") == NULL, "the message tells the value: %s", err.message);
}
END_TEST

START_TEST(a_long_message_of_the_server_is_cut_at_a_character)
{
    ck_status(hgi_command(service, "DO $$ BEGIN RAISE EXCEPTION '%', 'x' || repeat('\u00e4', 1000); END $$", 0, NULL, &err),
              HG_E_INTERNAL, err);
    ck_assert_msg(strlen(err.message) < sizeof err.message, "the message has no end");
    ck_assert_msg(hgi_text_check(err.message, strlen(err.message), NULL) == NULL, "a character was cut in two");
    ck_assert_msg(strlen(err.message) > 300, "only %zu bytes of it", strlen(err.message));
}
END_TEST

START_TEST(lines_of_a_message_become_one)
{
    ck_status(hgi_command(service, "DO $$ BEGIN RAISE EXCEPTION E'one\\ntwo'; END $$", 0, NULL, &err), HG_E_INTERNAL, err);
    ck_assert_str_eq(err.message, "one two");
}
END_TEST

START_TEST(an_error_has_512_bytes_and_an_unknown_status_a_name)
{
    ck_assert_msg(sizeof(hg_error) == 512, "it has %zu", sizeof(hg_error));
    ck_assert_str_eq(hg_status_name(HG_E_IN_DOUBT), "HG_E_IN_DOUBT");
    ck_assert_str_eq(hg_status_name(99), "HG_E_?");
    ck_assert_str_eq(hg_status_name(-1), "HG_E_?");
}
END_TEST

Suite *
suite_link_error(void)
{
    Suite *suite = suite_create("link/error");
    TCase *tc = tcase_create("error");

    tcase_add_checked_fixture(tc, fixture_open, fixture_close);
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, each_sqlstate_has_its_status_and_flags, 0, STATES);
    tcase_add_test(tc, detail_context_and_values_stay_on_the_server);
    tcase_add_test(tc, a_long_message_of_the_server_is_cut_at_a_character);
    tcase_add_test(tc, lines_of_a_message_become_one);
    tcase_add_test(tc, an_error_has_512_bytes_and_an_unknown_status_a_name);
    suite_add_tcase(suite, tc);
    return suite;
}
