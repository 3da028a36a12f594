/* transaction.c - transactions of this folder's own.
 *
 * They begin and end within one public call, outside of what session/tx.c counts: conn->tx stays HGI_TX_NONE, and every
 * statement is sent bare, without the session's context row. So migrations run as the login and nobody else. */
#include "schema/schema_int.h"

#include <string.h>

hg_status
hgi_schema_usable(hg_conn *conn, hg_error *err)
{
    hg_status st = hgi_usable(conn, err);

    if (st != HG_OK)
        return st;
    if (conn->tx != HGI_TX_NONE)
        return hgi_fail(err, HG_E_STATE, -1, "a transaction is open; commit it or roll it back first");
    return HG_OK;
}

hg_status
hgi_schema_run(hg_conn *conn, const char *sql, hg_error *err)
{
    hg_status st = hgi_script(conn, sql, err);

    if (st != HG_E_IN_DOUBT)
        return st;
    if (err != NULL) {                     /* without COMMIT there is no doubt */
        err->status = HG_E_CONNECTION;
        err->flags = HG_ERROR_RETRY;
    }
    return HG_E_CONNECTION;
}

hg_status
hgi_schema_end(hg_conn *conn, hg_status st, hg_error *err)
{
    hgi_result *result = NULL;

    if (st != HG_OK) {
        if (!conn->broken)
            hgi_script(conn, "ROLLBACK", NULL);
        return st;
    }
    st = hgi_command(conn, "COMMIT", HGI_CALL_BARE | HGI_CALL_COMMIT, &result, err);
    if (st == HG_OK && strcmp(hgi_result_tag(result), "COMMIT") != 0)
        st = hgi_fail(err, HG_E_INTERNAL, -1, "the server answered COMMIT with %s", hgi_result_tag(result));
    hgi_result_free(result);
    return st;
}

void
hgi_error_prefix(hg_error *err, const char *prefix)
{
    hg_error as_it_was;

    if (err == NULL)
        return;
    as_it_was = *err;
    hgi_fail(err, as_it_was.status, as_it_was.column, "%s%s", prefix, as_it_was.message);
    err->flags = as_it_was.flags;
    memcpy(err->sqlstate, as_it_was.sqlstate, sizeof err->sqlstate);
    memcpy(err->constraint, as_it_was.constraint, sizeof err->constraint);
    memcpy(err->table, as_it_was.table, sizeof err->table);
}
