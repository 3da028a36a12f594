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

/* What the last command said, and where. */
static statement
problem_of(const PGresult *result)
{
    const char *position = PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION);
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *hint = PQresultErrorField(result, PG_DIAG_MESSAGE_HINT);
    statement said = { .at = position != NULL ? atoi(position) - 1 : -1 };

    if (message == NULL)
        die("%s", last_error());
    said.problem = format("%s%s%s", message, hint != NULL ? "; " : "", hint != NULL ? hint : "");
    said.denied = state != NULL && strcmp(state, "42501") == 0;
    return said;
}

static const char *
id_text(Oid id)
{
    return format("%u", id);
}

static statement
description_of(const PGresult *result)
{
    statement said = { .at = -1, .parameter_count = PQnparams(result), .column_count = PQnfields(result) };

    said.parameters = keep((size_t)(said.parameter_count + 1) * sizeof *said.parameters);
    for (int i = 0; i < said.parameter_count; i++)
        said.parameters[i] = id_text(PQparamtype(result, i));
    said.columns = keep((size_t)(said.column_count + 1) * sizeof *said.columns);
    for (int i = 0; i < said.column_count; i++)
        said.columns[i] = (struct described_column){
            keep_text(PQfname(result, i), strlen(PQfname(result, i))), id_text(PQftype(result, i)), PQfmod(result, i),
            id_text(PQftable(result, i)), PQftable(result, i) != InvalidOid ? PQftablecol(result, i) : 0,
        };
    return said;
}

statement
database_describe(const char *sql)
{
    PGresult *result = PQprepare(conn, "described", sql, 0, NULL);
    statement said;

    if (PQresultStatus(result) == PGRES_COMMAND_OK) {
        PQclear(result);
        result = PQdescribePrepared(conn, "described");
    }
    if (PQresultStatus(result) == PGRES_COMMAND_OK)
        said = description_of(result);
    else
        said = problem_of(result);
    PQclear(result);
    if (said.problem == NULL)
        run("DEALLOCATE described");
    return said;
}

/* The generic plan, so that no constant is folded, and all that it names is looked at. */
static PGresult *
explain(const char *sql, int parameter_count, int *is_prepared)
{
    PGresult *result = PQprepare(conn, "explained", sql, 0, NULL);
    text command = {0};

    *is_prepared = PQresultStatus(result) == PGRES_COMMAND_OK;
    if (!*is_prepared)
        return result;
    PQclear(result);
    add(&command, "EXPLAIN EXECUTE explained");
    for (int i = 0; i < parameter_count; i++)
        addf(&command, "%sNULL", i == 0 ? "(" : ", ");
    add(&command, parameter_count > 0 ? ")" : "");
    return PQexec(conn, command.ptr);
}

statement
database_explain(const char *sql, const char *role, int parameter_count, const char **plan)
{
    statement said = { .at = -1 };
    PGresult *result;
    text lines = {0};
    int is_prepared;

    run("SAVEPOINT explained");
    run("SET LOCAL plan_cache_mode = force_generic_plan");
    run(format("SET LOCAL ROLE %s", role));
    result = explain(sql, parameter_count, &is_prepared);
    if (PQresultStatus(result) != PGRES_TUPLES_OK) {
        said = problem_of(result);
    } else {
        for (int i = 0; i < PQntuples(result); i++)
            addf(&lines, "%s\n", PQgetvalue(result, i, 0));
        *plan = lines.ptr;
    }
    PQclear(result);
    run("ROLLBACK TO SAVEPOINT explained");
    if (is_prepared)                     /* which no rollback takes back */
        run("DEALLOCATE explained");
    return said;
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
