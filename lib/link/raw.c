/* raw.c - the door to libpq itself. */
#include "hotgigs/pq.h"
#include "link/link_int.h"

PGconn *
hg_conn_pq(hg_conn *conn)
{
    if (conn == NULL || conn->busy)
        return NULL;
    conn->marked = 1;
    PQsetnonblocking(conn->pg, 0);          /* as a caller of libpq expects it */
    return conn->pg;
}
