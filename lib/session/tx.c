/* tx.c - transactions and savepoints, as callers see them. */
#include "session/session.h"

#include <string.h>

static hg_status
write_begin(const hg_tx_options *opt, hgi_buffer *sql, hg_error *err)
{
    static const char *const isolations[] = {
        "", " ISOLATION LEVEL READ COMMITTED", " ISOLATION LEVEL REPEATABLE READ", " ISOLATION LEVEL SERIALIZABLE",
    };

    if (opt->isolation < HG_ISOLATION_DEFAULT || opt->isolation > HG_ISOLATION_SERIALIZABLE)
        return hgi_fail(err, HG_E_INVALID, -1, "isolation of hg_tx_options is none of HG_ISOLATION_*");
    if ((opt->read_only & ~1) != 0 || (opt->deferrable & ~1) != 0)
        return hgi_fail(err, HG_E_INVALID, -1, "read_only and deferrable of hg_tx_options are 0 or 1");
    if (opt->timeout_ms < 0)
        return hgi_fail(err, HG_E_INVALID, -1, "timeout_ms of hg_tx_options is negative; 0 means no deadline");
    hgi_buffer_add_text(sql, "BEGIN");
    hgi_buffer_add_text(sql, isolations[opt->isolation]);
    if (opt->read_only)
        hgi_buffer_add_text(sql, " READ ONLY");
    if (opt->deferrable)
        hgi_buffer_add_text(sql, " DEFERRABLE");
    return HG_OK;
}

hg_status
hg_tx_begin(hg_conn *conn, const hg_tx_options *opt, hg_error *err)
{
    hg_tx_options known = { .struct_size = sizeof known };
    char memory[sizeof conn->begin_sql];
    hgi_buffer sql;
    hg_status st = hgi_works(conn, err);

    if (st == HG_OK && conn->tx != HGI_TX_NONE)
        st = hgi_fail(err, HG_E_STATE, -1, "a transaction is open already; use a savepoint within it");
    if (st == HG_OK)
        st = hgi_take_options(opt, &known, sizeof known, "hg_tx_options", err);
    if (st != HG_OK)
        return st;
    hgi_buffer_on(&sql, memory, sizeof memory);
    st = write_begin(&known, &sql, err);
    if (st == HG_OK)
        st = hgi_tx_begin(conn, sql.ptr, hgi_deadline_in(known.timeout_ms), err);
    hgi_buffer_free(&sql);
    return st == HG_OK ? hgi_ok(err) : st;
}

/* What the end of a transaction needs: a connection with one, also a broken connection. */
static hg_status
check_open(hg_conn *conn, hg_error *err)
{
    if (conn == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "conn is NULL");
    if (conn->tx == HGI_TX_NONE)
        return hgi_fail(err, HG_E_STATE, -1, "no transaction is open");
    if (conn->busy)
        return hgi_fail(err, HG_E_STATE, -1, "a cursor is open on this connection; close it first");
    return HG_OK;
}

/* A lost connection has no transaction any more. */
static hg_status
end_lost(hg_conn *conn, hg_error *err)
{
    hg_status st = hgi_works(conn, err);

    if (st != HG_OK)
        conn->tx = HGI_TX_NONE;
    return st;
}

hg_status
hg_tx_commit(hg_conn *conn, hg_error *err)
{
    hg_status st = check_open(conn, err);

    if (st != HG_OK)
        return st;
    st = end_lost(conn, err);
    if (st == HG_OK)
        st = hgi_tx_commit(conn, err);
    hgi_session_settle(conn);
    return st == HG_OK ? hgi_ok(err) : st;
}

hg_status
hg_tx_rollback(hg_conn *conn, hg_error *err)
{
    hg_status st = check_open(conn, err);

    if (st != HG_OK)
        return st;
    st = end_lost(conn, err);
    if (st == HG_OK)
        st = hgi_tx_rollback(conn, err);
    hgi_session_settle(conn);
    return st == HG_OK ? hgi_ok(err) : st;
}

int32_t
hg_tx_is_open(const hg_conn *conn)
{
    return conn != NULL && conn->tx != HGI_TX_NONE;
}

/* ---- Savepoints ------------------------------------------------------------------------------------------------------- */

enum { NAME_MAX_BYTES = 63 };              /* NAMEDATALEN - 1: the server would cut a longer one */

static int
is_name(const char *name)
{
    size_t len = 0;

    for (; name[len] != '\0' && len <= NAME_MAX_BYTES; len++) {
        char c = name[len];

        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != '_')
            return 0;
    }
    return len >= 1 && len <= NAME_MAX_BYTES;
}

/* The name is quoted, so that it keeps its case and may be a keyword. */
static hg_status
run_savepoint(hg_conn *conn, const char *verb, const char *name, uint32_t flags, hg_error *err)
{
    char memory[128];
    hgi_buffer sql;
    hg_status st = check_open(conn, err);

    if (st == HG_OK)
        st = flags & HGI_CALL_BARE ? hgi_works(conn, err) : hgi_usable(conn, err);
    if (st != HG_OK)
        return st;
    if (name == NULL || !is_name(name))
        return hgi_fail(err, HG_E_INVALID, -1, "a savepoint's name is 1 to 63 letters, digits and underscores");
    hgi_buffer_on(&sql, memory, sizeof memory);
    hgi_buffer_add_text(&sql, verb);
    hgi_buffer_add_text(&sql, " \"");
    hgi_buffer_add_text(&sql, name);
    hgi_buffer_add_byte(&sql, '"');
    st = sql.failed ? hgi_nomem(err) : hgi_command(conn, sql.ptr, flags | HGI_CALL_NO_ROWS, NULL, err);
    hgi_buffer_free(&sql);
    return st == HG_OK ? hgi_ok(err) : st;
}

hg_status
hg_tx_savepoint(hg_conn *conn, const char *name, hg_error *err)
{
    return run_savepoint(conn, "SAVEPOINT", name, 0, err);
}

hg_status
hg_tx_release(hg_conn *conn, const char *name, hg_error *err)
{
    return run_savepoint(conn, "RELEASE SAVEPOINT", name, 0, err);
}

/* The one statement that a failed transaction takes; before the first statement there is nothing to go back to. */
hg_status
hg_tx_rollback_to(hg_conn *conn, const char *name, hg_error *err)
{
    int failed = conn != NULL && conn->tx == HGI_TX_FAILED;

    return run_savepoint(conn, "ROLLBACK TO SAVEPOINT", name, failed ? HGI_CALL_BARE : 0, err);
}
