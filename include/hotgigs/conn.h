/* hotgigs/conn.h - a connection to the database.
 *
 * One connection, one thread at a time, any thread in turn; only hg_conn_cancel() may run beside a call. What holds
 * for all calls stands at the top of hotgigs/hotgigs.h. */
#ifndef HOTGIGS_CONN_H
#define HOTGIGS_CONN_H

#include "hotgigs/core.h"
#include "hotgigs/detail/begin.h"

/* A connection. Opaque. */
typedef struct hg_conn hg_conn;

/* Whether statements are prepared under a name and reused. */
enum {
    HG_PREPARE_AUTO = 0,  /* yes, unless a pooler that mixes clients' statements is detected */
    HG_PREPARE_ON = 1,    /* yes */
    HG_PREPARE_OFF = 2    /* no: behind a pooler in transaction mode that does not track prepared statements */
};

/* How a connection is to behave. All zero is the default; NULL means the same. */
typedef struct hg_conn_options {
    uint32_t struct_size;     /* sizeof(hg_conn_options) */
    int32_t  prepare;         /* HG_PREPARE_* */
    int64_t  timeout_ms;      /* deadline of a call; 0: none. hg_conn_set_timeout() changes it */
    int32_t  statement_limit; /* prepared statements kept; 0: 1,024. Each in use costs the server some 15 to 40 KiB on this
                               * connection. What comes beyond is parsed and planned at its call; when it comes again, it takes
                               * the place of the one used longest ago, unless that one has been used in between */
    int32_t  with_detail;     /* 1: messages carry the server's DETAIL, which may hold values of rows; for debugging */
    int32_t  skip_check;      /* 1: do not compare the database with the schema this build knows (migrations do) */
    int32_t  reserved;        /* zero */
    int32_t  audit_denied;    /* 1: what is refused (HG_E_DENIED) leaves an entry in the audit trail: hotgigs/audit.h */
    int32_t  reserved2;       /* zero */
} hg_conn_options;

/* Connects, pins UTF8 and UTC, and compares the database's tables with those that this build knows.
 *
 * conninfo  libpq's keywords or URI; NULL or "" means libpq's environment. Its connect_timeout counts.
 * out       the connection, yours: hg_conn_close(). NULL after any failure.
 * HG_E_INVALID     conninfo cannot be parsed or names an unknown keyword; the message names it
 * HG_E_CONNECTION  no server, or the login was refused
 * HG_E_SCHEMA      the first table or column that is missing or has another type */
hg_status hg_conn_open(const char *conninfo, const hg_conn_options *opt, hg_conn **out, hg_error *err);

/* Closes it, or gives it back to its pool, cleaned or discarded. An open transaction is rolled back, an open cursor
 * closed, in bounded time. NULL is allowed. */
void hg_conn_close(hg_conn *conn);

/* Asks the server to stop what the connection is doing; that call then ends with HG_E_CANCELLED, or as if nothing
 * had been asked. Any thread, beside a call on the same connection, but not beside hg_conn_close(). Returns in
 * bounded time. */
hg_status hg_conn_cancel(hg_conn *conn, hg_error *err);

/* The deadline of each later call in milliseconds from its start; 0: none. It reaches the server as
 * statement_timeout, and is kept here as well, so that a server that hangs does not hang the caller.
 * HG_E_INVALID  negative */
hg_status hg_conn_set_timeout(hg_conn *conn, int64_t timeout_ms, hg_error *err);

/* One empty round trip: HG_OK if the connection works.
 * HG_E_CONNECTION  it does not
 * HG_E_CANCELLED   the deadline passed
 * HG_E_STATE       a cursor or a batch has the connection */
hg_status hg_conn_ping(hg_conn *conn, hg_error *err);

/* The server's version as libpq numbers it: 150020 is 15.20. 0 of NULL. */
int32_t hg_conn_server_version(const hg_conn *conn);

/* What the connection has cost so far: for tests, benchmarks and dashboards. */
typedef struct hg_conn_stats {
    uint32_t struct_size;      /* sizeof(hg_conn_stats), set by the caller */
    uint32_t reserved;         /* zero */
    uint64_t round_trips;      /* times that the library waited for the server */
    uint64_t statements;       /* statements run, context rows and probes included */
    uint64_t prepared;         /* statements prepared under a name */
    uint64_t evicted;          /* prepared statements that left for want of room */
    uint64_t context_rows;     /* statements that carried a session's identity */
} hg_conn_stats;

/* Fills the caller's struct, as far as its struct_size goes. HG_E_INVALID: struct_size is not set. No round trip. */
hg_status hg_conn_get_stats(const hg_conn *conn, hg_conn_stats *stats, hg_error *err);

/* The next notice or warning of the server that was not fetched yet, without values; the last 16 are kept.
 * out  a text, yours: hg_text_free(); NULL when there is none, which is success.
 * HG_E_NOMEM  the notice is still there to be fetched */
hg_status hg_conn_next_notice(hg_conn *conn, hg_text **out, hg_error *err);

#include "hotgigs/detail/end.h"
#endif
