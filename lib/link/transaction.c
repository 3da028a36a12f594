/* transaction.c - beginning and ending the transaction of a connection.
 *
 *     NONE --begin--> BEGUN --first call--> OPEN --failure--> FAILED
 *       ^---------------+---------commit or rollback-------------+
 *
 * Nothing is sent by begin: BEGIN travels with the first statement. The server's own view, which libpq keeps with each
 * answer, decides between OPEN and FAILED (call.c). */
#include "link/link_int.h"

#include <string.h>

enum { ROLLBACK_MS = 2000 };

/* BEGIN is a prepared statement like any other: parsing it at each transaction would cost the server 1.4 us. */
hg_status
hgi_tx_begin(hg_conn *conn, const char *sql, int64_t deadline, hg_error *err)
{
    size_t len = strlen(sql);

    if (hgi_statement_find(conn, sql, len) == NULL && hgi_statement_add(conn, sql, len, sql, 0, NULL, err) == NULL)
        return HG_E_NOMEM;
    hgi_text_put(conn->begin_sql, sizeof conn->begin_sql, sql);
    conn->tx_deadline = deadline;
    conn->tx = HGI_TX_BEGUN;
    conn->transactions++;
    conn->portals = 0;
    return HG_OK;
}

/* The transaction is over, one way or the other: a server that sees it otherwise is not asked again. */
static hg_status
end(hg_conn *conn, hg_status st)
{
    conn->tx = HGI_TX_NONE;
    conn->tx_deadline = 0;
    if (!hgi_is_idle(conn))
        conn->broken = 1;
    return st;
}

hg_status
hgi_tx_rollback(hg_conn *conn, hg_error *err)
{
    int64_t timeout_ms = conn->timeout_ms;
    hg_status st = HG_OK;

    conn->tx_deadline = 0;
    if (conn->tx != HGI_TX_BEGUN && !hgi_is_idle(conn)) {
        conn->timeout_ms = ROLLBACK_MS;                /* bounded, whatever the caller's deadline was */
        st = hgi_command(conn, "ROLLBACK", HGI_CALL_BARE | HGI_CALL_NO_ROWS, NULL, err);
        conn->timeout_ms = timeout_ms;
    }
    return end(conn, st);
}

/* The server answers COMMIT of a failed transaction with success, and tells the truth in the tag. */
static hg_status
send_commit(hg_conn *conn, hg_error *err)
{
    hgi_result *result = NULL;
    hg_status st = hgi_command(conn, "COMMIT", HGI_CALL_BARE | HGI_CALL_WRITE | HGI_CALL_COMMIT | HGI_CALL_NO_ROWS, &result, err);

    if (st == HG_OK && strcmp(hgi_result_tag(result), "COMMIT") != 0)
        st = hgi_fail(err, HG_E_STATE, -1, "a statement of the transaction had failed; the server rolled it back");
    hgi_result_free(result);
    return st;
}

hg_status
hgi_tx_commit(hg_conn *conn, hg_error *err)
{
    hg_status st = HG_OK;

    if (conn->tx == HGI_TX_FAILED) {
        hgi_tx_rollback(conn, NULL);
        return hgi_fail(err, HG_E_STATE, -1, "a statement of the transaction had failed; it was rolled back");
    }
    if (conn->tx == HGI_TX_OPEN && conn->tx_deadline != 0 && conn->tx_deadline <= hgi_now_us()) {
        hgi_tx_rollback(conn, NULL);
        return hgi_fail(err, HG_E_CANCELLED, -1, "the transaction's deadline has passed; it was rolled back");
    }
    if (conn->tx == HGI_TX_OPEN)
        st = send_commit(conn, err);
    return end(conn, st);
}
