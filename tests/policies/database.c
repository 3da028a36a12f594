/* database.c - the databases that the tests of the policies make for themselves, with sql/cluster. */
#include "policies/policies.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

const char *policy_db = "hotgigs_policies", *policy_bare_db = "hotgigs_policies_bare";

__attribute__((format(printf, 1, 2)))
static int
run(const char *format, ...)
{
    char command[1024];
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(command, sizeof command, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= sizeof command)
        return -1;
    if (system(command) == 0)
        return 0;
    fprintf(stderr, "failed: %s\n", command);
    return -1;
}

char *
policy_dsn(const char *login, const char *database)
{
    char variable[64], *out = NULL;
    const char *dsn;

    snprintf(variable, sizeof variable, "HOTGIGS_TEST_%s_DSN", login);
    dsn = getenv(variable);
    if (dsn == NULL) {
        fprintf(stderr, "%s is not set; make check sets it\n", variable);
        return NULL;
    }
    if (asprintf(&out, "%s dbname=%s", dsn, database) < 0)     /* of two equal keys the last one holds */
        return NULL;
    return out;
}

static void
ignore_notice(void *context, const char *message)
{
    (void)context;
    (void)message;
}

PGconn *
policy_connect(const char *login, const char *database)
{
    char *dsn = policy_dsn(login, database);
    PGconn *conn = dsn != NULL ? PQconnectdb(dsn) : NULL;

    free(dsn);
    if (conn == NULL || PQstatus(conn) != CONNECTION_OK) {
        fprintf(stderr, "no connection as %s to %s: %s", login, database,
            conn != NULL ? PQerrorMessage(conn) : "no DSN\n");
        PQfinish(conn);
        return NULL;
    }
    PQsetNoticeProcessor(conn, ignore_notice, NULL);
    return conn;
}

int
policy_do(PGconn *conn, const char *sql)
{
    PGresult *result = PQexec(conn, sql);
    ExecStatusType status = PQresultStatus(result);

    PQclear(result);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
        return 0;
    fprintf(stderr, "%.200s: %s", sql, PQerrorMessage(conn));
    return -1;
}

char *
policy_ask(PGconn *conn, const char *sql)
{
    PGresult *result = PQexec(conn, sql);
    char *out;

    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        fprintf(stderr, "%.200s: %s", sql, PQerrorMessage(conn));
    out = strdup(PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "");
    PQclear(result);
    return out;
}

/* One command, the text of head and rest, on a connection of its own. */
static int
do_in(const char *login, const char *database, const char *head, const char *rest)
{
    PGconn *conn = policy_connect(login, database);
    char sql[1024];
    int st;

    snprintf(sql, sizeof sql, "%s%s", head, rest);
    st = conn != NULL ? policy_do(conn, sql) : -1;
    PQfinish(conn);
    return st;
}

int
policy_database_make(const char *name, const char *prepare)
{
    if (run("sql/cluster create %s", name) != 0)
        return -1;
    if (prepare != NULL && do_in("ADMIN", name, prepare, "") != 0)
        return -1;
    return run("sql/cluster migrate %s 2>build/policies.log || { cat build/policies.log >&2; false; }", name);
}

void
policy_database_drop(const char *name)
{
    char sql[128];

    snprintf(sql, sizeof sql, "DROP DATABASE IF EXISTS %s WITH (FORCE)", name);
    do_in("ADMIN", "postgres", sql, "");
}

int
policy_fixture_load(const char *name)
{
    return run("sql/cluster psql %s installer -X -q -v ON_ERROR_STOP=1 -f tests/policies/fixture.sql", name);
}

/* Every tenant gets every right, so that a policy that a missing grant would cover has to stand alone. */
static const char open_grants[] =
    "SET ROLE hotgigs_owner;"
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public"
    " TO hotgigs_anon, hotgigs_candidate, hotgigs_company, hotgigs_freelancer;";

/* A copy is quicker than the migrations once more; what belongs to the database itself is not copied. */
static int
copy_bare(void)
{
    char create[256];

    policy_database_drop(policy_bare_db);
    snprintf(create, sizeof create, "CREATE DATABASE %s OWNER hotgigs_installer TEMPLATE ", policy_bare_db);
    if (do_in("ADMIN", "postgres", create, policy_db) != 0)
        return -1;
    return do_in("INSTALLER", policy_bare_db, open_grants, "");
}

int
policy_databases_make(void)
{
    static int made;
    static char own[64], own_bare[64];
    const char *part = getenv("PART");          /* of the suites: another process has the others, and its own databases */

    if (made)
        return 0;
    if (part != NULL) {
        snprintf(own, sizeof own, "%s_%s", policy_db, part);
        snprintf(own_bare, sizeof own_bare, "%s_%s", policy_bare_db, part);
        policy_db = own;
        policy_bare_db = own_bare;
    }
    if (policy_database_make(policy_db, NULL) != 0 || policy_fixture_load(policy_db) != 0 || copy_bare() != 0)
        return -1;
    made = 1;
    return 0;
}
