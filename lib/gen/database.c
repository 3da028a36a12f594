/* database.c - the database that has run sql/migrations: questions in, rows of text out. The only file of the
 * generator that knows libpq.
 *
 * All is read in one transaction that sees one state. The settings make PostgreSQL print names and expressions
 * alike wherever it runs: with search_path at pg_catalog, whatever is not its own is printed with its schema. */
#include <stdlib.h>
#include <string.h>

#include <libpq-fe.h>

#include "gen/gen.h"

static PGconn *conn;

/* Its message in one line. */
static const char *
last_error(void)
{
    char *message = keep_text(PQerrorMessage(conn), strlen(PQerrorMessage(conn)));

    for (char *p = message; *p != '\0'; p++)
        if (*p == '\n')
            *p = p[1] == '\0' ? '\0' : ' ';
    return message;
}

static void
run(const char *sql)
{
    PGresult *result = PQexec(conn, sql);
    ExecStatusType status = PQresultStatus(result);

    PQclear(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        die("%s", last_error());
}

void
database_open(const char *conninfo)
{
    conn = PQconnectdb(conninfo);
    atexit(database_close);
    if (PQstatus(conn) != CONNECTION_OK)
        die("%s", last_error());
    if (PQserverVersion(conn) < 140000)
        die("the server is older than PostgreSQL 14");
    run("SET client_encoding = 'UTF8'");
    run("SET search_path = pg_catalog");
    run("SET standard_conforming_strings = on");
    run("SET quote_all_identifiers = off");
    run("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY");
}

void
database_close(void)
{
    PQfinish(conn);
    conn = NULL;
}

rows
database_ask(const char *sql, const char *const *parameters, int count)
{
    PGresult *result = PQexecParams(conn, sql, count, NULL, parameters, NULL, NULL, 0);
    rows r;

    if (PQresultStatus(result) != PGRES_TUPLES_OK) {
        PQclear(result);
        die("%s", last_error());
    }
    r.count = PQntuples(result);
    r.columns = PQnfields(result);
    r.cells = keep(sizeof *r.cells * (size_t)(r.count * r.columns + 1));
    for (int i = 0; i < r.count; i++)
        for (int c = 0; c < r.columns; c++)
            if (!PQgetisnull(result, i, c))
                r.cells[i * r.columns + c] = keep_text(PQgetvalue(result, i, c),
                                                       (size_t)PQgetlength(result, i, c));
    PQclear(result);
    return r;
}

char *
database_sha256(const char *bytes, size_t len)
{
    const char *const values[] = { bytes };
    const int lengths[] = { (int)len }, formats[] = { 1 };
    PGresult *result = PQexecParams(conn, "SELECT encode(sha256($1::bytea), 'hex')", 1, NULL, values, lengths,
                                    formats, 0);
    char *digits;

    if (PQresultStatus(result) != PGRES_TUPLES_OK) {
        PQclear(result);
        die("%s", last_error());
    }
    digits = keep_text(PQgetvalue(result, 0, 0), (size_t)PQgetlength(result, 0, 0));
    PQclear(result);
    return digits;
}

const char *
cell(const rows *r, int row, int at)
{
    return r->cells[row * r->columns + at];
}

int
cell_int(const rows *r, int row, int at)
{
    return atoi(cell(r, row, at));
}
