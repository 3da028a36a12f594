/* hotgigs/tx.h - transactions, savepoints and the retry loop.
 *
 * Threads  a transaction is its connection's, which runs in one thread at a time
 * Errors   of every call that asks the server, beside what it names: HG_E_CONNECTION, HG_E_CANCELLED, HG_E_NOMEM, and
 *          HG_E_STATE while a cursor or a batch has the connection */
#ifndef HOTGIGS_TX_H
#define HOTGIGS_TX_H

#include "hotgigs/conn.h"
#include "hotgigs/detail/begin.h"

/* Isolation levels. */
enum {
    HG_ISOLATION_DEFAULT = 0,         /* the server's, usually read committed */
    HG_ISOLATION_READ_COMMITTED = 1,  /* each statement sees what was committed before it */
    HG_ISOLATION_REPEATABLE_READ = 2, /* all statements see what was committed before the first one */
    HG_ISOLATION_SERIALIZABLE = 3     /* as if transactions ran one by one; HG_E_RETRY where that fails */
};

/* How a transaction is to behave. All zero is the default; NULL means the same. */
typedef struct hg_tx_options {
    uint32_t struct_size;    /* sizeof(hg_tx_options) */
    int32_t  isolation;      /* HG_ISOLATION_* */
    int32_t  read_only;      /* 0 or 1 */
    int32_t  deferrable;     /* 0 or 1; with serializable and read_only: wait for a snapshot that cannot fail */
    int64_t  timeout_ms;     /* deadline of the whole transaction from hg_tx_begin(); 0: none */
} hg_tx_options;

/* Begins a transaction. Sent with its first statement, so that it costs no round trip.
 * HG_E_STATE  one is open already (use a savepoint), or a cursor is */
hg_status hg_tx_begin(hg_conn *conn, const hg_tx_options *opt, hg_error *err);

/* Commits. After any failure the transaction is over: nothing of it is left, but for
 * HG_E_IN_DOUBT  the reply to COMMIT was lost: it may or may not have happened
 * HG_E_RETRY     it could not be serialized; repeat it from its begin
 * HG_E_STATE     no transaction is open, or a statement of it failed, so that the server rolled it back */
hg_status hg_tx_commit(hg_conn *conn, hg_error *err);

/* Rolls back. HG_E_STATE: no transaction is open. After HG_E_CONNECTION the server rolls back by itself. */
hg_status hg_tx_rollback(hg_conn *conn, hg_error *err);

/* Savepoints go by a name of 1 to 63 letters, digits and underscores; HG_E_INVALID: not a name. */

/* Sets a savepoint. HG_E_STATE: no transaction. */
hg_status hg_tx_savepoint(hg_conn *conn, const char *name, hg_error *err);

/* Forgets a savepoint and keeps what was done since. HG_E_STATE: no transaction, or no savepoint of that name. */
hg_status hg_tx_release(hg_conn *conn, const char *name, hg_error *err);

/* Undoes what was done since a savepoint, and keeps it. A transaction in which a statement failed can go on after this.
 * HG_E_STATE: no transaction, or no savepoint of that name. */
hg_status hg_tx_rollback_to(hg_conn *conn, const char *name, hg_error *err);

/* 1 while a transaction is open, also one whose begin has not been sent yet or that has failed; else 0, and of NULL. */
int32_t hg_tx_is_open(const hg_conn *conn);

/* State of one retry loop, the caller's. Zero but for struct_size is the default. */
typedef struct hg_retry {
    uint32_t struct_size;    /* sizeof(hg_retry) */
    int32_t  attempt;        /* runs of the body that were begun; zero before the first */
    int32_t  max_attempts;   /* 0: 10 */
    int32_t  reserved;       /* zero */
    int64_t  min_delay_ms;   /* before the second run, at most this; doubled for each later one. 0: 5 */
    int64_t  max_delay_ms;   /* 0: 1000 */
    int64_t  timeout_ms;     /* for the whole loop; 0: 30 seconds; < 0: none */
    int64_t  started_us;     /* the library's; zero before the first run */
} hg_retry;

/* Decides whether the body of a transaction is to be run (again), without callbacks:
 *
 *     hg_retry retry = {.struct_size = sizeof retry};
 *     while (hg_tx_again(conn, &retry, &err) == HG_OK) {
 *         if (hg_tx_begin(conn, NULL, &err) == HG_OK && ... && hg_tx_commit(conn, &err) == HG_OK)
 *             break;
 *     }
 *     if (err.status != HG_OK) ...
 *
 * HG_OK means: run the body now. What the run before left open has been rolled back, a lost connection has been
 * made anew, and a delay with full jitter has been slept. Otherwise the failure of the last run comes back
 * unchanged: it cannot be helped by repeating, or attempts or time are used up. Never repeats HG_E_IN_DOUBT. */
hg_status hg_tx_again(hg_conn *conn, hg_retry *state, hg_error *err);

#include "hotgigs/detail/end.h"
#endif
