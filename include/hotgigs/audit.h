/* hotgigs/audit.h - the audit trail.
 *
 * It writes itself: triggers leave an entry in audit_logs for each row that anybody inserts, changes or deletes in a table that
 * is not itself a log, whoever it is and by whatever way, in the same transaction. Who, from where, in which request and with
 * which verb comes from the identity of the session (hg_session_enter), which travels with the statement anyway.
 *
 * hotgigs/operations/audit.h has the rest: hg_audit_record for events of the application, hg_audit_read for reads that matter,
 * hg_audit_denied for refusals; hg_audit_history, hg_audit_search and hg_audit_as_of to ask; hg_audit_seal, hg_audit_root and
 * hg_audit_verify against those who may change anything. Here is what no statement can do. */
#ifndef HOTGIGS_AUDIT_H
#define HOTGIGS_AUDIT_H

#include "hotgigs/conn.h"
#include "hotgigs/detail/begin.h"

/* A connection beside conn, which acts as whoever conn acts as now: what is recorded through it stays, though conn's transaction
 * is rolled back.
 *
 *     hg_conn *apart;
 *     if (hg_audit_apart(conn, &apart, &err) == HG_OK)
 *         hg_audit_denied(apart, &params, NULL, &err);
 *
 * The first call opens it (the trips of hg_conn_open(), less the comparison of the schema), the later ones need no trip.
 *
 * out  borrowed: it is conn's, closed with it, and under the same rule of one thread at a time. hg_conn_close() of it does
 *      nothing
 * HG_E_CONNECTION  it could not be opened
 * HG_E_STATE       a transaction is still open on it */
hg_status hg_audit_apart(hg_conn *conn, hg_conn **out, hg_error *err);

/* With audit_denied = 1 in hg_conn_options or hg_pool_options each HG_E_DENIED of a call is recorded in that way before the call
 * returns, whether PostgreSQL refused it or the library beforehand: op denied, resource_type the table or operation ("database"
 * where the server does not say), the message under reason. If that fails, hg_conn_next_notice() tells. */

#include "hotgigs/detail/end.h"
#endif
