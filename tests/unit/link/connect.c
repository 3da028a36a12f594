/* link/connect - opening a connection: what is wrong is told by name and without passwords, and what is pinned. */
#include "fixture.h"
#include "suites.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *what, *conninfo, *says;
    hg_status   status;
} refusals[] = {
    { "an unknown key",             "dbnam=x password=hunter2",                 "dbnam",       HG_E_INVALID },
    { "an unknown URI parameter",   "postgresql://u:hunter2@h/db?sslmod=x",     "sslmod",      HG_E_INVALID },
    { "no key at all",              "hunter2",                                  "conninfo",    HG_E_INVALID },
    { "a quote that does not end",  "password='hunter2",                        "conninfo",    HG_E_INVALID },
    { "text that is not UTF-8",     "dbname=\xff password=hunter2",             "UTF-8",       HG_E_INVALID },
    { "a folder without a server",  "host=/nowhere password=hunter2",           "",            HG_E_CONNECTION },
    { "a port where nobody listens", "host=127.0.0.1 port=1 password=hunter2",  "",            HG_E_CONNECTION },
    { "a host without an address",  "host=no.such.host.invalid password=hunter2", "",          HG_E_CONNECTION },
};

START_TEST(a_connection_that_cannot_be_made_says_why_and_no_password)
{
    hg_conn *conn = (hg_conn *)(void *)&conn;
    hg_status st = hg_conn_open(refusals[_i].conninfo, NULL, &conn, &err);

    ck_assert_msg(st == refusals[_i].status, "%s: gave %s (%s)", refusals[_i].what, hg_status_name(st), err.message);
    ck_assert_msg(conn == NULL, "%s: *out is not NULL after a failure", refusals[_i].what);
    ck_assert_msg(strstr(err.message, refusals[_i].says) != NULL, "%s: \"%s\" does not name %s", refusals[_i].what,
                  err.message, refusals[_i].says);
    ck_assert_msg(strstr(err.message, "hunter2") == NULL, "%s: the message tells the password: %s", refusals[_i].what,
                  err.message);
    ck_assert_msg(strchr(err.message, '\n') == NULL, "%s: the message has lines", refusals[_i].what);
}
END_TEST

static const struct { const char *what, *login, *more, *sqlstate; } logins[] = {
    { "a wrong password",    "LOGIN", "user=hotgigs_password_login password='wrong hunter2'", "28P01" },
    { "a missing password",  "LOGIN", "user=hotgigs_password_login passfile=/nowhere",        "" },
    { "an unknown database", "SERVICE", "dbname=no_such_database",                            "3D000" },
    { "an unknown role",     "SERVICE", "user=no_such_role",                                  "28000" },
};

START_TEST(a_login_that_is_refused_is_a_connection_error)
{
    hg_conn *conn = NULL;

    ck_status(hg_conn_open(fixture_dsn_with(logins[_i].login, logins[_i].more), NULL, &conn, &err), HG_E_CONNECTION, err);
    ck_assert_msg(conn == NULL, "%s: *out is not NULL after a failure", logins[_i].what);
    ck_assert_msg(strstr(err.message, "hunter2") == NULL, "%s: the message tells the password", logins[_i].what);
    ck_assert_msg(err.message[0] != '\0', "%s: no message", logins[_i].what);
}
END_TEST

START_TEST(a_right_password_lets_in)
{
    hg_conn *conn = fixture_conn(fixture_dsn_with("LOGIN", "user=hotgigs_password_login password='correct horse'"), NULL);

    ck_assert_msg(hg_session_role(conn) == HG_ROLE_ANON, "acts as role %d", hg_session_role(conn));
    fixture_done(conn);
}
END_TEST

START_TEST(options_that_are_none_are_refused)
{
    hg_conn_options opts[] = {
        { .struct_size = 0 },
        { .struct_size = sizeof opts[0], .prepare = 3 },
        { .struct_size = sizeof opts[0], .prepare = -1 },
        { .struct_size = sizeof opts[0], .timeout_ms = -1 },
        { .struct_size = sizeof opts[0], .statement_limit = -1 },
    };
    hg_conn *conn = (hg_conn *)(void *)&conn;

    ck_status(hg_conn_open(fixture_dsn("SERVICE"), &opts[_i], &conn, &err), HG_E_INVALID, err);
    ck_assert_msg(conn == NULL, "*out is not NULL after a failure");
    ck_status(hg_conn_open(fixture_dsn("SERVICE"), NULL, NULL, &err), HG_E_INVALID, err);
}
END_TEST

START_TEST(an_older_and_a_newer_options_struct_are_taken)
{
    struct { hg_conn_options opt; char more[64]; } newer = { .opt = { .struct_size = sizeof newer, .skip_check = 1 } };
    hg_conn_options older = { .struct_size = 8, .timeout_ms = -1 };        /* beyond its end: not looked at */
    hg_conn *conn = NULL;

    ck_ok(hg_conn_open(fixture_dsn("SERVICE"), &newer.opt, &conn, &err), err);      /* zero is the default */
    fixture_done(conn);
    newer.more[7] = 1;
    ck_status(hg_conn_open(fixture_dsn("SERVICE"), &newer.opt, &conn, &err), HG_E_INVALID, err);
    ck_ok(hg_conn_open(fixture_dsn("SERVICE"), &older, &conn, &err), err);
    fixture_done(conn);
}
END_TEST

static const char *
ask(hg_conn *conn, const char *sql)
{
    hgi_result *result = NULL;
    size_t len = 0;
    const char *cell, *text;

    ck_ok(hgi_command(conn, sql, 0, &result, &err), err);
    cell = hgi_result_cell(result, 0, 0, &len);
    text = fixture_text("%.*s", (int)len, cell);
    hgi_result_free(result);
    return text;
}

START_TEST(utf8_and_utc_are_pinned_whatever_the_environment_says)
{
    hg_conn *conn;

    setenv("PGCLIENTENCODING", "LATIN1", 1);
    setenv("PGTZ", "Asia/Tokyo", 1);
    conn = fixture_conn(fixture_dsn_with("SERVICE", "client_encoding=LATIN1"), NULL);
    unsetenv("PGCLIENTENCODING");
    unsetenv("PGTZ");
    ck_assert_str_eq(ask(conn, "SHOW TimeZone"), "UTC");
    ck_assert_str_eq(ask(conn, "SHOW client_encoding"), "UTF8");
    fixture_done(conn);
}
END_TEST

START_TEST(conninfo_NULL_is_the_environment)
{
    static const char *const variables[][2] = {
        { "host", "PGHOST" }, { "port", "PGPORT" }, { "dbname", "PGDATABASE" }, { "user", "PGUSER" },
        { "password", "PGPASSWORD" },
    };
    PQconninfoOption *options = PQconninfoParse(fixture_dsn("SERVICE"), NULL);
    hg_conn *conn;

    ck_assert(options != NULL);
    for (PQconninfoOption *o = options; o->keyword != NULL; o++)
        for (size_t i = 0; i < 5; i++)
            if (o->val != NULL && strcmp(o->keyword, variables[i][0]) == 0)
                setenv(variables[i][1], o->val, 1);
    PQconninfoFree(options);
    conn = fixture_conn(NULL, NULL);
    ck_assert_msg(hg_session_role(conn) == HG_ROLE_SERVICE, "acts as role %d", hg_session_role(conn));
    fixture_done(conn);
    conn = fixture_conn("", NULL);
    fixture_done(conn);
}
END_TEST

START_TEST(a_login_is_known_by_its_default_persona)
{
    hg_conn *conn;

    ck_assert_msg(hg_session_role(service) == HG_ROLE_SERVICE, "the service acts as %d", hg_session_role(service));
    conn = fixture_conn(fixture_dsn("LOGIN"), NULL);
    ck_assert_msg(hg_session_role(conn) == HG_ROLE_ANON, "a tenant acts as %d", hg_session_role(conn));
    fixture_done(conn);
    conn = fixture_conn(fixture_dsn("INSTALLER"), NULL);
    ck_assert_msg(hg_session_role(conn) == -1, "the installer acts as %d", hg_session_role(conn));
    fixture_done(conn);
    ck_assert_msg(hg_conn_server_version(service) >= 140000 && hg_conn_server_version(NULL) == 0, "the version is %d",
                  hg_conn_server_version(service));
}
END_TEST

START_TEST(stats_are_as_long_as_the_caller_knows_them)
{
    hg_conn_stats stats;

    memset(&stats, 0x55, sizeof stats);
    stats.struct_size = 16;
    ck_ok(hg_conn_get_stats(service, &stats, &err), err);
    ck_assert_msg(stats.round_trips == conn_stats(service).round_trips, "round_trips was not filled");
    ck_assert_msg(stats.statements == UINT64_C(0x5555555555555555), "it was written beyond its end");
    stats.struct_size = 0;
    ck_status(hg_conn_get_stats(service, &stats, &err), HG_E_INVALID, err);
    ck_status(hg_conn_get_stats(NULL, &stats, &err), HG_E_INVALID, err);
    ck_status(hg_conn_get_stats(service, NULL, &err), HG_E_INVALID, err);
}
END_TEST

/* ---- The schema -------------------------------------------------------------------------------------------------- */

static const struct { const char *what, *breaks, *mends, *says; } differences[] = {
    { "a missing table",   "ALTER TABLE tasks RENAME TO chores",      "ALTER TABLE chores RENAME TO tasks",        "tasks" },
    { "a missing column",  "ALTER TABLE jobs RENAME slug TO snail",   "ALTER TABLE jobs RENAME snail TO slug",     "slug" },
    { "another type",      "ALTER TABLE jobs ALTER ai_generated_content TYPE text",     /* no trigger and no view depends on it */
      "ALTER TABLE jobs ALTER ai_generated_content TYPE jsonb USING ai_generated_content::jsonb", "ai_generated_content" },
};

START_TEST(another_schema_is_refused_by_name)
{
    const char *conninfo = fixture_dsn_with("SERVICE", "dbname=hotgigs_scratch");
    hg_conn *conn = (hg_conn *)(void *)&conn;
    hg_status st;

    PQfinish(admin);
    admin = sql_connect(fixture_dsn_with("ADMIN", "dbname=hotgigs_scratch"));
    sql_do("%s", differences[_i].breaks);
    st = hg_conn_open(conninfo, NULL, &conn, &err);
    sql_do("%s", differences[_i].mends);
    ck_status(st, HG_E_SCHEMA, err);
    ck_says(err, differences[_i].says);
    ck_assert_msg(conn == NULL, "*out is not NULL after a failure");
    ck_ok(hg_conn_open(conninfo, NULL, &conn, &err), err);
    fixture_done(conn);
}
END_TEST

Suite *
suite_link_connect(void)
{
    Suite *suite = suite_create("link/connect");
    TCase *tc = tcase_create("connect");

    tcase_add_checked_fixture(tc, fixture_open, fixture_close);
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, a_connection_that_cannot_be_made_says_why_and_no_password, 0,
                        sizeof refusals / sizeof *refusals);
    tcase_add_loop_test(tc, a_login_that_is_refused_is_a_connection_error, 0, sizeof logins / sizeof *logins);
    tcase_add_test(tc, a_right_password_lets_in);
    tcase_add_loop_test(tc, options_that_are_none_are_refused, 0, 5);
    tcase_add_test(tc, an_older_and_a_newer_options_struct_are_taken);
    tcase_add_test(tc, utf8_and_utc_are_pinned_whatever_the_environment_says);
    tcase_add_test(tc, conninfo_NULL_is_the_environment);
    tcase_add_test(tc, a_login_is_known_by_its_default_persona);
    tcase_add_test(tc, stats_are_as_long_as_the_caller_knows_them);
    tcase_add_loop_test(tc, another_schema_is_refused_by_name, 0, sizeof differences / sizeof *differences);
    suite_add_tcase(suite, tc);
    return suite;
}
