/* session.h - what the files of this folder share: identity, transaction, pool. */
#ifndef HGI_SESSION_H
#define HGI_SESSION_H

#include "hotgigs/pool.h"
#include "hotgigs/session.h"
#include "hotgigs/tx.h"
#include "link/link.h"

/* context.c: the login's default persona, known from connect. */
void hgi_session_start(hg_conn *conn);
/* After a transaction ended: does what hg_session_leave() had to put off. */
void hgi_session_settle(hg_conn *conn);

/* to acts as whoever from acts as now. */
hg_status hgi_session_copy(const hg_conn *from, hg_conn *to, hg_error *err);

/* apart.c: conn->on_denied: an entry in the audit trail, by the connection beside it. What cannot be written is a notice. */
void hgi_apart_denied(hg_conn *conn, const char *what, const char *why);
/* Its caller is done: the one beside it is kept if it is clean. */
void hgi_apart_settle(hg_conn *conn);

/* open.c: a connection for a pool or a caller. opt has been completed; deadline 0: conninfo's connect_timeout alone. */
hg_status hgi_open(const char *conninfo, const hg_conn_options *opt, int64_t deadline, hg_conn **out, hg_error *err);

/* The caller's options, however much of the struct he knows of; what this library does not know must be zero. */
hg_status hgi_take_options(const void *given, void *known, size_t size, const char *name, hg_error *err);

/* A field of an options struct: zero means the default. */
static inline int64_t
hgi_or_default(int64_t value, int64_t by_default)
{
    return value == 0 ? by_default : value;
}

/* pool.c: takes back a connection that it gave out. */
void hgi_pool_give_back(hg_conn *conn);

#endif
