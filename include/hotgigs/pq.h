/* hotgigs/pq.h - the libpq connection underneath. Opt-in: the one header that needs libpq.
 *
 * It is under the connection's rule of one thread at a time. */
#ifndef HOTGIGS_PQ_H
#define HOTGIGS_PQ_H

#include <libpq-fe.h>

#include "hotgigs/conn.h"
#include "hotgigs/detail/begin.h"

/* The raw connection, borrowed: do not finish it. From now on conn is marked, and is closed instead of going back to
 * a pool. The library's identity does not apply to what is sent through it. NULL of NULL, and while a cursor is open. */
PGconn *hg_conn_pq(hg_conn *conn);

#include "hotgigs/detail/end.h"
#endif
