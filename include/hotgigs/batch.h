/* hotgigs/batch.h - many writes in one round trip.
 *
 * A batch is its connection's, and under the same rule of one thread at a time. */
#ifndef HOTGIGS_BATCH_H
#define HOTGIGS_BATCH_H

#include "hotgigs/conn.h"
#include "hotgigs/detail/begin.h"

/* Begins a batch: from now on insert, update, upsert and delete of single rows, with out NULL, are checked and collected
 * instead of run, and answer HG_OK once they are. Every other call is HG_E_STATE until hg_batch_end() or
 * hg_batch_drop(). Outside a transaction the batch is one of its own: all of it happens or nothing.
 * HG_E_STATE  a batch is open already, or a cursor is */
hg_status hg_batch_begin(hg_conn *conn, hg_error *err);

/* Sends what was collected and waits once. An empty batch costs nothing.
 *
 * failed  the number of the first write that failed, from 0; -1: none did, or it was none in particular. May be NULL.
 *
 * The status and err are that write's, as its own call would have given them; those before it are undone with it, except
 * that in a transaction it is the transaction that is to be rolled back, as after any failed statement. A write that
 * found no row (HG_E_NOT_FOUND, HG_E_CONFLICT, HG_E_DENIED) fails the batch, too.
 * HG_E_IN_DOUBT  the reply was lost: outside a transaction it may have happened
 * HG_E_STATE     no batch is open */
hg_status hg_batch_end(hg_conn *conn, int64_t *failed, hg_error *err);

/* Gives up a batch: nothing of what was collected happens, and the connection is to be used again. Costs a round trip if
 * anything was collected, since the server may have it already.
 *
 * In a transaction, that is to be rolled back after it, or to a savepoint, as after a failed statement; not if nothing was
 * collected.
 * HG_E_CONNECTION  the connection was lost, and the batch with it
 * HG_E_STATE       no batch is open */
hg_status hg_batch_drop(hg_conn *conn, hg_error *err);

#include "hotgigs/detail/end.h"
#endif
