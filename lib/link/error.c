/* error.c - what the server or libpq says, as the statuses of hotgigs/core.h. */
#include "link/link_int.h"

#include <string.h>

/* SQLSTATEs by longest prefix: the first that fits counts, so a code stands before its class. Source: the server's
 * errcodes.txt; each row has a test. Class HG is raised by this project's own SQL: its number is the status. */
static const struct {
    char      prefix[6];
    hg_status status;
    uint32_t  flags;
} states[] = {
    { "02",    HG_E_NOT_FOUND,  0 },
    { "08",    HG_E_CONNECTION, HG_ERROR_RETRY },
    { "0A",    HG_E_INVALID,    0 },
    { "21",    HG_E_INVALID,    0 },
    { "22",    HG_E_INVALID,    0 },
    { "23505", HG_E_CONFLICT,   0 },
    { "23P01", HG_E_CONFLICT,   0 },
    { "23",    HG_E_CONSTRAINT, 0 },
    { "25P03", HG_E_CONNECTION, HG_ERROR_RETRY },              /* idle in a transaction for too long: it is gone */
    { "25P04", HG_E_CANCELLED,  0 },                           /* transaction_timeout */
    { "25",    HG_E_STATE,      0 },
    { "28",    HG_E_CONNECTION, 0 },
    { "2D",    HG_E_STATE,      0 },
    { "34",    HG_E_STATE,      0 },
    { "3B",    HG_E_STATE,      0 },
    { "3D",    HG_E_CONNECTION, 0 },                           /* no such database */
    { "3F",    HG_E_SCHEMA,     0 },
    { "40002", HG_E_CONSTRAINT, 0 },
    { "40003", HG_E_IN_DOUBT,   HG_ERROR_OUTCOME_UNKNOWN },
    { "40",    HG_E_RETRY,      HG_ERROR_RETRY },
    { "42501", HG_E_DENIED,     0 },
    { "42P01", HG_E_SCHEMA,     0 },
    { "42703", HG_E_SCHEMA,     0 },
    { "42704", HG_E_SCHEMA,     0 },
    { "42804", HG_E_SCHEMA,     0 },
    { "42883", HG_E_SCHEMA,     0 },
    { "44",    HG_E_CONSTRAINT, 0 },
    { "53200", HG_E_NOMEM,      0 },
    { "53300", HG_E_CONNECTION, HG_ERROR_RETRY },
    { "54",    HG_E_INVALID,    0 },
    { "55P03", HG_E_RETRY,      HG_ERROR_RETRY },              /* lock_timeout, or NOWAIT */
    { "55",    HG_E_STATE,      0 },
    { "57014", HG_E_CANCELLED,  0 },
    { "57P",   HG_E_CONNECTION, HG_ERROR_RETRY },
    { "HG001", HG_E_NOT_FOUND,  0 },
    { "HG002", HG_E_CONFLICT,   0 },
    { "HG003", HG_E_CONSTRAINT, 0 },
    { "HG004", HG_E_DENIED,     0 },
    { "HG005", HG_E_INVALID,    0 },
    { "HG012", HG_E_STATE,      0 },
    { "HG014", HG_E_HELD,       0 },
    { "P0002", HG_E_NOT_FOUND,  0 },
};

hg_status
hgi_status_of(const char *sqlstate, uint32_t *flags)
{
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        if (strncmp(sqlstate, states[i].prefix, strlen(states[i].prefix)) == 0) {
            *flags = states[i].flags;
            return states[i].status;
        }
    }
    *flags = 0;
    return HG_E_INTERNAL;
}

void
hgi_text_put(char *to, size_t size, const char *from)
{
    size_t len = from != NULL ? hgi_text_cut(from, strlen(from), size - 1) : 0;

    if (len > 0)
        memcpy(to, from, len);
    to[len] = '\0';
}

/* The server's message, unless it may quote a value of a row: class 22 says 'value "999" is out of range' and the like,
 * in any language. */
static const char *
message_without_values(const hg_conn *conn, const char *sqlstate, const char *message)
{
    static const struct {
        char        sqlstate[6];
        const char *text;
    } own[] = {
        { "22001", "a text is longer than its column allows" },
        { "22003", "a number is out of its type's range" },
        { "22004", "NULL is not allowed here" },
        { "22008", "a date or time is out of range" },
        { "22012", "division by zero" },
        { "2201W", "a number of rows is negative" },
        { "22021", "a text is not in the server's encoding" },
        { "22023", "a parameter has a value that is not allowed" },
        { "22P02", "a text is not of the form that its type asks for" },
        { "22P03", "a binary value is not of the form that its type asks for" },
        { "22P05", "a character cannot be written in the server's encoding" },
    };

    if (message == NULL)
        return "the server refused";
    if (strncmp(sqlstate, "22", 2) != 0 || conn->with_detail)
        return message;
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        if (strcmp(sqlstate, own[i].sqlstate) == 0)
            return own[i].text;
    return "the server refused a value";
}

void
hgi_denied(hg_conn *conn, const char *what, const char *why)
{
    if (conn->on_denied != NULL)
        conn->on_denied(conn, what, why);
}

hg_status
hgi_fail_result(hg_conn *conn, const PGresult *result, hg_error *err)
{
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *detail = conn->with_detail ? PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL) : NULL;
    uint32_t flags;
    hg_status st;

    if (sqlstate == NULL)                        /* libpq's own: the connection, or its memory */
        return hgi_fail_lost(conn, 0, err);
    st = hgi_status_of(sqlstate, &flags);
    if (strncmp(sqlstate, "57P", 3) == 0 || strcmp(sqlstate, "25P03") == 0)
        conn->broken = 1;                        /* the server ends this session, though libpq may not know yet */
    message = message_without_values(conn, sqlstate, message);
    if (detail != NULL)
        hgi_fail(err, st, -1, "%s; %s", message, detail);
    else
        hgi_fail(err, st, -1, "%s", message);
    if (st == HG_E_DENIED) {
        const char *table = PQresultErrorField(result, PG_DIAG_TABLE_NAME);

        hgi_denied(conn, table != NULL ? table : "database", message);
    }
    if (err != NULL) {
        err->flags = flags;
        hgi_text_put(err->sqlstate, sizeof err->sqlstate, sqlstate);
        hgi_text_put(err->constraint, sizeof err->constraint, PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME));
        hgi_text_put(err->table, sizeof err->table, PQresultErrorField(result, PG_DIAG_TABLE_NAME));
        if (err->constraint[0] == '\0')          /* NOT NULL has a column instead: record finds its ordinal by it */
            hgi_text_put(err->constraint, sizeof err->constraint, PQresultErrorField(result, PG_DIAG_COLUMN_NAME));
    }
    return st;
}

/* libpq's text in one line: it ends lines with a newline, and says several when several hosts were tried. */
hg_status
hgi_fail_lost(hg_conn *conn, uint32_t flags, hg_error *err)
{
    const char *text = conn->pg != NULL ? PQerrorMessage(conn->pg) : "";
    size_t len = strlen(text);
    hg_status st = flags & HG_ERROR_OUTCOME_UNKNOWN ? HG_E_IN_DOUBT : HG_E_CONNECTION;

    conn->broken = 1;
    while (len > 0 && text[len - 1] == '\n')
        len--;
    if (len == 0)
        hgi_fail(err, st, -1, "the connection was lost");
    else
        hgi_fail(err, st, -1, "%.*s", (int)(len > 300 ? 300 : len), text);
    if (err != NULL) {
        err->flags = flags;
        for (char *p = err->message; *p != '\0'; p++)
            if (*p == '\n')
                *p = ' ';
    }
    return st;
}
