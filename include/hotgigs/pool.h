/* hotgigs/pool.h - a pool of connections to one database.
 *
 * Thread-safe: any thread, any time before hg_pool_close(). */
#ifndef HOTGIGS_POOL_H
#define HOTGIGS_POOL_H

#include "hotgigs/conn.h"
#include "hotgigs/detail/begin.h"

/* A pool. Opaque. */
typedef struct hg_pool hg_pool;

/* How a pool is to behave. All zero is the default; NULL means the same. Times in milliseconds. */
typedef struct hg_pool_options {
    uint32_t struct_size;       /* sizeof(hg_pool_options) */
    int32_t  max_size;          /* connections at most; 0: 10 */
    int32_t  min_idle;          /* opened at the start and kept */
    int32_t  prepare;           /* as in hg_conn_options */
    int64_t  timeout_ms;        /* likewise */
    int32_t  statement_limit;   /* likewise */
    int32_t  with_detail;       /* likewise */
    int32_t  skip_check;        /* likewise */
    int32_t  reserved;          /* zero */
    int64_t  idle_timeout_ms;   /* an idle connection beyond min_idle is closed after this; 0: 10 minutes; < 0: never */
    int64_t  max_lifetime_ms;   /* a connection is closed at this age, less up to a tenth by chance, so that they do
                                   not all end at once; 0: 1 hour; < 0: never */
    int64_t  check_after_ms;    /* one that was idle for longer is pinged before it is given out; 0: 30 seconds;
                                   < 0: never. A socket that the server closed is always noticed */
    int32_t  audit_denied;      /* as in hg_conn_options */
    int32_t  reserved2;         /* zero */
} hg_pool_options;

/* Makes a pool and opens min_idle connections (one, if 0, to prove that conninfo works; it stays in the pool).
 * out  the pool, yours: hg_pool_close()
 * HG_E_INVALID, HG_E_CONNECTION, HG_E_SCHEMA  as of hg_conn_open() */
hg_status hg_pool_open(const char *conninfo, const hg_pool_options *opt, hg_pool **out, hg_error *err);

/* Takes a connection, waiting for at most timeout_ms for one to be free (0: not at all, < 0: as long as it takes).
 * It has no identity but the login's default persona.
 * out              the connection, yours: hg_conn_close() gives it back
 * HG_E_CANCELLED   none was free in time
 * HG_E_CONNECTION  a new one was needed and could not be opened
 * HG_E_STATE       the pool is being closed */
hg_status hg_pool_acquire(hg_pool *pool, int64_t timeout_ms, hg_conn **out, hg_error *err);

/* Closes the idle connections and refuses further hg_pool_acquire(); connections that are out are closed when they
 * come back, and the last of them frees the pool. NULL is allowed. Any thread, once. */
void hg_pool_close(hg_pool *pool);

/* How a pool fares: for dashboards, and for choosing max_size. */
typedef struct hg_pool_stats {
    uint32_t struct_size;       /* sizeof(hg_pool_stats), set by the caller */
    int32_t  max_size;          /* connections at most */
    int32_t  open;              /* connections that exist */
    int32_t  idle;              /* of those, in the pool */
    int32_t  waiting;           /* threads in hg_pool_acquire() now */
    int32_t  reserved;          /* zero */
    uint64_t acquired;          /* calls that got a connection */
    uint64_t waited;            /* of those, that had to wait */
    uint64_t wait_us;           /* their waiting, in microseconds */
    uint64_t timed_out;         /* calls that got none in time */
    uint64_t opened;            /* connections ever opened */
    uint64_t discarded;         /* ... closed because they were broken, marked or unclean */
    uint64_t expired;           /* ... closed for age or idleness */
} hg_pool_stats;

/* Fills the caller's struct, as far as its struct_size goes. HG_E_INVALID: struct_size is not set. */
hg_status hg_pool_get_stats(hg_pool *pool, hg_pool_stats *stats, hg_error *err);

#include "hotgigs/detail/end.h"
#endif
