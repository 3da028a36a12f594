/* apart.c - a connection beside another's: for entries of the audit trail that its rollback must not take away.
 *
 * It is opened when it is first needed, to the same server as the same login, and kept as long as the other. Nothing waits
 * for it but refusals. */
#include "session/session.h"

#include <string.h>

#include "hotgigs/audit.h"

static const char denied_sql[] =
    "SELECT hotgigs.audit_record('denied', NULL, $1, NULL, NULL, pg_catalog.jsonb_build_object('reason', $2::text))";

static hg_status
open_apart(hg_conn *conn, hg_error *err)
{
    hg_status st;

    if (conn->apart != NULL && !hgi_is_alive(conn->apart)) {
        hgi_disconnect(conn->apart);
        conn->apart = NULL;
    }
    if (conn->apart != NULL)
        return HG_OK;
    st = hgi_connect_beside(conn, err);
    if (st == HG_OK)
        hgi_session_start(conn->apart);
    return st;
}

/* The refused call's own error is its caller's: what goes wrong here stays here. */
void
hgi_apart_denied(hg_conn *conn, const char *what, const char *why)
{
    static const uint32_t types[] = { HGI_OID_TEXT, HGI_OID_TEXT };
    const char *values[] = { what, why };
    int lengths[] = { (int)strlen(what), (int)strlen(why) };
    hgi_call call = { .args = { 2, values, lengths }, .flags = HGI_CALL_WRITE };
    hg_status st = open_apart(conn, NULL);

    if (st == HG_OK)
        st = hgi_session_copy(conn, conn->apart, NULL);
    if (st == HG_OK) {
        call.statement = hgi_statement_find(conn->apart, "denied", 6);
        if (call.statement == NULL)
            call.statement = hgi_statement_add(conn->apart, "denied", 6, denied_sql, 2, types, NULL);
        st = call.statement == NULL ? HG_E_NOMEM : hgi_call_run(conn->apart, &call, NULL, NULL, NULL);
    }
    if (st != HG_OK)
        hgi_notice(conn, "a refusal could not be written to the audit trail");
}

void
hgi_apart_settle(hg_conn *conn)
{
    if (conn->apart == NULL)
        return;
    if (conn->apart->tx != HGI_TX_NONE || conn->apart->busy || !hgi_is_idle(conn->apart)) {
        hgi_disconnect(conn->apart);
        conn->apart = NULL;
    } else {
        hg_session_leave(conn->apart);
    }
}

/* ---- Public -------------------------------------------------------------------------------------------------------- */

hg_status
hg_audit_apart(hg_conn *conn, hg_conn **out, hg_error *err)
{
    hg_status st = HG_OK;

    if (out != NULL)
        *out = NULL;
    if (conn == NULL || out == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, conn == NULL ? "conn is NULL" : "out is NULL");
    if (conn->is_apart)
        return hgi_fail(err, HG_E_INVALID, -1, "conn is itself a connection beside another");
    st = open_apart(conn, err);
    if (st == HG_OK)
        st = hgi_session_copy(conn, conn->apart, err);
    if (st != HG_OK)
        return st;
    *out = conn->apart;
    return hgi_ok(err);
}
