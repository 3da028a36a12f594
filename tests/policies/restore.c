/* restore.c - a dump that is restored is the same database: nothing that policies and searches go by is lost or missed, whether
 * the whole is restored by the installer, or the rows alone by a superuser. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"
#include "hotgigs/schema.h"
#include "policies/policies.h"
#include "suites.h"

static const char whole[] = "hotgigs_restored", rows_alone[] = "hotgigs_loaded";
static const char *skipped;

__attribute__((format(printf, 1, 2)))
static void
shell(const char *format, ...)
{
    char command[2048];
    va_list arguments;

    va_start(arguments, format);
    ck_assert_int_lt(vsnprintf(command, sizeof command, format, arguments), (int)sizeof command);
    va_end(arguments);
    ck_assert_msg(system(command) == 0, "failed: %s", command);
}

/* pg_dump refuses a server that is newer than itself. */
static void
start(void)
{
    PGconn *conn;
    char test[128];

    ck_assert_msg(policy_databases_make() == 0, "the fixture's databases cannot be made");
    conn = policy_connect("ADMIN", policy_db);
    snprintf(test, sizeof test, "test \"$(pg_dump --version 2>&1 | sed 's/[^0-9]*//; s/[^0-9].*//')\" -ge %d 2>/dev/null",
             PQserverVersion(conn) / 10000);
    PQfinish(conn);
    if (system(test) != 0) {
        skipped = "there is no pg_dump of the server's version";
        printf("policies/restore is skipped: %s\n", skipped);
        fflush(stdout);
    }
}

/* A line a table: how many rows it has, and the sum of all that stands in them. */
static char *
sums_of(const char *login, const char *database)
{
    PGconn *conn = policy_connect(login, database);
    char *sums, *query = policy_ask(conn,
        "SELECT 'SELECT string_agg(line, E''\\n'' ORDER BY line) FROM (' || string_agg(format("
        " 'SELECT %L || '' '' || count(*) || '' '' || md5(coalesce(string_agg(md5(x::text), '''' ORDER BY md5(x::text)), '''')) AS line"
        "  FROM %s x', c.oid::regclass, c.oid::regclass), ' UNION ALL ') || ') l'"
        " FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace IN ('public'::regnamespace, 'hotgigs'::regnamespace)");

    sums = policy_ask(conn, query);
    ck_assert_msg(strstr(sums, "hotgigs.callers ") != NULL && strstr(sums, "hotgigs.open_jobs ") != NULL
                  && strstr(sums, "hotgigs.company_people ") != NULL, "sums of %s: %s",
                  database, sums);
    free(query);
    PQfinish(conn);
    return sums;
}

static void
assert_is_the_same(const char *database)
{
    hg_conn_options opt = { .struct_size = sizeof opt, .skip_check = 1 };
    char *dsn = policy_dsn("INSTALLER", database), *want = sums_of("ADMIN", policy_db), *got = sums_of("ADMIN", database);
    hg_conn *conn = NULL;
    hg_text *differences = NULL;

    ck_ok(hg_conn_open(dsn, &opt, &conn, &err), err);
    ck_assert_msg(hg_schema_verify(conn, &differences, &err) == HG_OK, "%s: %s\n%s", database, err.message,
                  hg_text_ptr(differences));
    ck_assert_msg(strcmp(got, want) == 0, "the rows of %s are\n%s\nwant\n%s", database, got, want);
    hg_text_free(differences);
    hg_conn_close(conn);
    free(dsn);
    free(want);
    free(got);
}

/* From 16 on the installer has none of the owner's rights, unless he takes them. */
static void
inherit(const char *truth)
{
    PGconn *conn = policy_connect("INSTALLER", whole);
    char sql[128];

    snprintf(sql, sizeof sql, "GRANT hotgigs_owner TO CURRENT_USER WITH INHERIT %s", truth);
    ck_assert_int_eq(PQserverVersion(conn) < 160000 ? 0 : policy_do(conn, sql), 0);
    PQfinish(conn);
}

/* As README says. The first migration makes what a dump of one database has not: roles, and what is set of the database itself. */
START_TEST(a_dump_restored_by_the_installer_is_the_same_database)
{
    char *from = policy_dsn("INSTALLER", policy_db), *to = policy_dsn("INSTALLER", whole);
    PGconn *conn;
    char *settings;

    if (skipped != NULL)
        return;
    shell("sql/cluster create %s && sql/cluster psql %s installer -X -q -f sql/migrations/001_roles.sql 2>/dev/null", whole, whole);

    inherit("TRUE");
    shell("pg_dump -Fc --role=hotgigs_owner --enable-row-security '%s' | pg_restore --exit-on-error -d '%s'", from, to);
    inherit("FALSE");

    assert_is_the_same(whole);
    conn = policy_connect("LOGIN", whole);
    settings = policy_ask(conn, "SELECT current_setting('timezone') || ' ' ||"
                                " has_database_privilege('hotgigs_login', current_database(), 'TEMPORARY')");
    ck_assert_str_eq(settings, "UTC false");
    PQfinish(conn);
    policy_database_drop(whole);
    free(settings);
    free(from);
    free(to);
}
END_TEST

/* Triggers are off meanwhile: what they would write is in the dump. The tables left out have their rows in an empty database. */
START_TEST(rows_alone_are_restored_with_triggers_off)
{
    char *from = policy_dsn("ADMIN", policy_db), *to = policy_dsn("ADMIN", rows_alone);

    if (skipped != NULL)
        return;
    fixture_own_database(rows_alone);

    shell("pg_dump -Fc --data-only --exclude-table-data='hotgigs.(schema_history|privacy_columns|audit_turn)' '%s' 2>/dev/null |"
          " pg_restore --exit-on-error --disable-triggers -d '%s'", from, to);

    assert_is_the_same(rows_alone);
    fixture_own_database(NULL);
    free(from);
    free(to);
}
END_TEST

Suite *
suite_policies_restore(void)
{
    Suite *suite = suite_create("policies/restore");
    TCase *tcase = tcase_create("restored");

    tcase_add_unchecked_fixture(tcase, start, NULL);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_dump_restored_by_the_installer_is_the_same_database);
    tcase_add_test(tcase, rows_alone_are_restored_with_triggers_off);
    suite_add_tcase(suite, tcase);
    return suite;
}
