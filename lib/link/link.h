/* link.h - libpq and nothing else: connecting, statements, one call and its trip, waiting, errors.
 *
 * Nothing above this folder includes libpq-fe.h, and nothing in it knows a table. A call is built in a hgi_call: a
 * statement, its arguments, perhaps a probe behind it. What must travel before it (BEGIN, the session's context row,
 * the statement's Parse) is added here, and the whole is one write and one wait.
 *
 * Order of calls: hgi_statement_find, or hgi_statement_add; then hgi_call_run. For rows as they arrive: hgi_call_send,
 * hgi_call_read until it gives NULL. After any failure the call is over and drained. */
#ifndef HGI_LINK_H
#define HGI_LINK_H

#include <pthread.h>

#include "hotgigs/conn.h"
#include "value/value.h"

struct pg_conn;
typedef struct pg_result hgi_result;      /* libpq's own: no layer, no allocation */
typedef struct hgi_statement hgi_statement;

/* ---- Arguments: all binary --------------------------------------------------------------------------------- */

enum { HGI_ARGS_MAX = 320 };

typedef struct hgi_args {
    int32_t            count;
    const char *const *values;            /* NULL is SQL NULL */
    const int         *lengths;
} hgi_args;

/* ---- The connection ------------------------------------------------------------------------------------------ */

/* The context row that travels before a statement: session/context.c fills it, and keeps its text in one place. */
enum { HGI_CONTEXT_MAX = 5 };
typedef struct hgi_context {
    hgi_statement *statement;             /* NULL: the login's default persona, no row is sent */
    hgi_statement *timed;                 /* the same for a call with a deadline, whose milliseconds are one value more */
    const char    *values[HGI_CONTEXT_MAX];
    int            lengths[HGI_CONTEXT_MAX];
    int32_t        count;                 /* of the values without the deadline's */
    int32_t        reserved;
} hgi_context;

enum { HGI_TX_NONE = 0, HGI_TX_BEGUN = 1 /* not sent yet */, HGI_TX_OPEN = 2, HGI_TX_FAILED = 3 };

typedef struct hgi_statements hgi_statements;
typedef struct hgi_notices hgi_notices;
typedef struct hgi_pipeline hgi_pipeline;
typedef struct hgi_identity hgi_identity;

/* One command of a pipeline. */
typedef struct hgi_step {
    hgi_statement *statement;             /* NULL: a command in text */
    int32_t        kind;
    int32_t        reserved;
} hgi_step;
enum { HGI_STEPS_MAX = 9 };

struct hg_conn {
    /* What every call looks at stands together: between two calls the server and the kernel have emptied the processor's
     * caches. The role is session's, the batch batch.c's, the rest of this link's. */
    struct pg_conn   *pg;
    hgi_statements   *statements;
    struct hgi_pipeline *batch;           /* the one that is open, or NULL */
    int64_t           timeout_ms;         /* of a call; 0: none */
    int64_t           tx_deadline;        /* of the transaction, monotonic microseconds; 0: none */
    int32_t           tx;                 /* HGI_TX_*: session/tx.c begins and ends it, the calls advance it */
    int32_t           role;               /* index of the columns' masks: HG_ROLE_* or HGI_ROLE_OTHER */
    int32_t           named;              /* 1: statements are prepared under a name */
    int32_t           broken;             /* 1: never usable again: lost, or not drained */
    int32_t           busy;               /* 1: a call is being read: a cursor */
    _Atomic int32_t   doomed;             /* 1: a cancel is under way that may hit a later call: broken after this one */
    hg_conn_stats     stats;
    hgi_context       context;            /* session's */
    hgi_step          steps[HGI_STEPS_MAX];   /* of the call that is under way */

    /* link's */
    hgi_notices      *notices;
    int32_t           prepare;            /* HG_PREPARE_*, as asked for */
    int32_t           with_detail;
    int32_t           stale;              /* times that the server did not have a statement as we thought */
    int32_t           marked;             /* 1: handed out raw: not for a pool any more */
    pthread_mutex_t   cancel_lock;        /* pg may be read beside a call, but not while it is made anew */
    struct hgi_pipeline *pipeline;        /* a batch's memory, kept for the next; NULL before the first */
    uint32_t          portals;            /* opened in this transaction: their names do not come again in it */
    uint32_t          transactions;       /* begun: a portal knows which is its own */
    struct hgi_guest *guests;             /* cursors, which outlive it if they are not closed */
    char              login_role[64];     /* what the login acts as by default: current_user at connect */

    /* of the transaction */
    char              begin_sql[96];
    hg_error          tx_failure;         /* the last failure since hg_tx_again() said run */

    /* session's */
    hgi_identity     *identity;           /* storage behind context */
    hgi_buffer        collected;          /* record's: the writes of the open batch */
    int32_t           default_role;
    int32_t           leaving;            /* 1: hg_session_leave() was called inside the transaction */
    hg_conn          *apart;              /* the one beside it, for what must survive its rollback; NULL: not needed yet */
    void            (*on_denied)(hg_conn *conn, const char *what, const char *why);   /* NULL: nobody is told */
    int32_t           is_apart;           /* 1: it is another's, and not its caller's to close */
    void             *pool;               /* where hg_conn_close() takes it */
    int64_t           opened_us;          /* pool's */
    int64_t           idle_since_us;
    pthread_t         thread;             /* that had it last; zero: none, which is no thread's */
    int64_t           lifetime_us;
    hg_conn          *next;
};

/* What points to a connection without being its caller's: told when it goes. */
typedef struct hgi_guest {
    hg_conn          *conn;               /* NULL: it is gone */
    struct hgi_guest *next;
    struct hgi_guest *previous;
} hgi_guest;
void hgi_guest_enter(hg_conn *conn, hgi_guest *guest);
void hgi_guest_leave(hgi_guest *guest);
void hgi_guests_dismiss(hg_conn *conn);   /* all of them: the connection goes */

/* Connects and pins UTF8 and UTC; knows nothing of the schema yet. deadline: 0 for conninfo's connect_timeout alone. */
hg_status hgi_connect(const char *conninfo, const hg_conn_options *opt, int64_t deadline, hg_conn **out, hg_error *err);
hg_status hgi_reconnect(hg_conn *conn, int64_t deadline, hg_error *err);   /* the same anew, statements forgotten */
hg_status hgi_connect_beside(hg_conn *conn, hg_error *err);                /* conn->apart, to the same server as the same login */
void      hgi_disconnect(hg_conn *conn);
int       hgi_is_alive(hg_conn *conn);                                     /* 0: the server closed it, without asking it */

int       hgi_is_idle(const hg_conn *conn);                                /* 1: nothing runs, no transaction is open */

/* The connection works and is nobody else's now, or why not; usable: and its transaction has not failed. */
hg_status hgi_works(hg_conn *conn, hg_error *err);
hg_status hgi_usable(hg_conn *conn, hg_error *err);

/* ---- Statements -------------------------------------------------------------------------------------------------- */

/* The statement of this key, or NULL. A key is the shape and the role: any bytes. */
hgi_statement *hgi_statement_find(hg_conn *conn, const void *key, size_t len);

/* Makes it. sql is copied. NULL: out of memory. */
hgi_statement *hgi_statement_add(hg_conn *conn, const void *key, size_t len, const char *sql, int32_t param_count,
                                 const uint32_t *param_types, hg_error *err);
/* It is used by many calls without being found for each: it gets a place at once. */
void hgi_statement_keep(hg_conn *conn, hgi_statement *statement);
int hgi_statement_is_checked(const hgi_statement *statement);    /* 1: its result's types have been compared */

/* How many rows to expect of it by what it gave, a short result after long ones halving that; -1: nobody knows yet. */
int64_t hgi_statement_rows(const hgi_statement *statement);
void    hgi_statement_gave(hgi_statement *statement, size_t rows);

/* ---- One call ------------------------------------------------------------------------------------------------------- */

enum {
    HGI_CALL_WRITE = 1,        /* it changes something: a lost reply is HG_E_IN_DOUBT */
    HGI_CALL_BY_ROW = 2,       /* rows come in small results as they arrive: chunks where libpq has them, else one by one */
    HGI_CALL_BARE = 4,         /* nothing travels before it: no BEGIN, no context row */
    HGI_CALL_COMMIT = 8,       /* a lost reply leaves the outcome of the transaction unknown */
    HGI_CALL_COPY = 16,        /* a read outside a transaction whose rows come by COPY, to be read by hgi_copy_read() */
    HGI_CALL_NO_ROWS = 32      /* a command of which the tag is all that comes back: COMMIT and its like */
};

typedef struct hgi_call {
    hgi_statement *statement;
    const char    *command;    /* in place of a statement: text without parameters, such as a SAVEPOINT */
    hgi_args       args;
    hgi_statement *probe;      /* runs behind it in the same trip; NULL: none */
    hgi_args       probe_args;
    const uint32_t *result_types; /* what the statement's columns must be, checked once a statement; NULL: not checked */
    int32_t        result_count;
    uint32_t       flags;      /* HGI_CALL_* */
    /* link's own, while it runs */
    int64_t        deadline;
    hgi_result    *probe_result;
    int32_t        pipelined;
    int32_t        asked;      /* 1: time was up, and the server was asked to stop */
    int32_t        tries;      /* times that it was sent: once more where the server had a statement otherwise */
    int32_t        confirmed;  /* 1: the server has done it all */
    int32_t        step_count;
    int32_t        step;       /* the one whose result is read next */
    const hgi_step *steps;     /* the connection's, or a batch's */
} hgi_call;

/* Runs it to the end. *out and *probe_out are the caller's: hgi_result_free. Either may be NULL: it is not wanted. */
hg_status hgi_call_run(hg_conn *conn, hgi_call *call, hgi_result **out, hgi_result **probe_out, hg_error *err);

/* Sends it; then each read gives a result with rows, the caller's, and NULL when all has been read and the server has
 * confirmed it. hgi_call_drop ends it early: cancels and drains. */
hg_status hgi_call_send(hg_conn *conn, hgi_call *call, hg_error *err);
hg_status hgi_call_read(hg_conn *conn, hgi_call *call, hgi_result **out, hg_error *err);
void      hgi_call_drop(hg_conn *conn, hgi_call *call);

/* Rows by COPY, for long reads. hgi_copy_can: the types of the call's arguments can stand in text. hgi_call_send sends it;
 * each read gives a row of count columns as it came, each a length (4 bytes, -1 for NULL) and so many bytes, in memory that is
 * the reader's to write on until the next read, one byte behind the row included; row->ptr is NULL when all has been read.
 * hgi_call_drop ends it early. Zero copy to begin with. */
typedef struct hgi_copy {
    char   *row;               /* memory of size bytes, for the row that was read last */
    size_t  size;
    int32_t phase;
    int32_t reserved;
} hgi_copy;
typedef struct hgi_cell {
    char   *ptr;               /* NULL is SQL NULL */
    size_t  len;
} hgi_cell;
int       hgi_copy_can(const hgi_call *call);
hg_status hgi_copy_read(hg_conn *conn, hgi_call *call, hgi_copy *copy, int32_t count, hgi_cell *row, hg_error *err);
void      hgi_copy_free(hgi_copy *copy);

/* A batch: calls that are sent as they come and answered at its end, in one trip. While it is open, hgi_works() refuses every
 * other call. *failed: the number of the call that failed, -1: none in particular. */
hg_status hgi_batch_open(hg_conn *conn, hg_error *err);
hg_status hgi_batch_add(hg_conn *conn, hgi_call *call, hg_error *err);
hg_status hgi_batch_close(hg_conn *conn, int64_t *failed, hg_error *err);

/* One command without parameters or rows, such as COMMIT, in one trip. *out, if not NULL, gets its result. */
hg_status hgi_command(hg_conn *conn, const char *sql, uint32_t flags, hgi_result **out, hg_error *err);

/* Statements in one string, as psql would send them; for migrations. */
hg_status hgi_script(hg_conn *conn, const char *sql, hg_error *err);

/* ---- The transaction, under hotgigs/tx.h and where a call needs one of its own ----------------------------------------- */

/* sql is the BEGIN that travels with the first statement. No transaction is open. */
hg_status hgi_tx_begin(hg_conn *conn, const char *sql, int64_t deadline, hg_error *err);
hg_status hgi_tx_commit(hg_conn *conn, hg_error *err);
hg_status hgi_tx_rollback(hg_conn *conn, hg_error *err);

/* ---- Results --------------------------------------------------------------------------------------------------------- */

int32_t hgi_result_rows(const hgi_result *result);
int64_t hgi_result_changed(hgi_result *result);                     /* rows that a write touched */
const char *hgi_result_tag(hgi_result *result);                     /* the server's command tag: "COMMIT" */
/* The bytes of a cell, followed by a NUL byte; NULL is SQL NULL. Borrowed from the result, and not const since lists of
 * texts are decoded in place. */
char   *hgi_result_cell(const hgi_result *result, int32_t row, int32_t column, size_t *len);
/* The first count cells of a row at once. */
void    hgi_result_row(const hgi_result *result, int32_t row, int32_t count, hgi_cell *cells);
void    hgi_result_free(hgi_result *result);

/* ---- Errors ------------------------------------------------------------------------------------------------------------ */

/* Something was refused: what is a table, an operation or "database"; why is the message. Tells whoever wants to know. */
void hgi_denied(hg_conn *conn, const char *what, const char *why);

/* The library's own, among the server's notices. */
void hgi_notice(hg_conn *conn, const char *text);

/* The status that callers get for a SQLSTATE; *flags gets HG_ERROR_*. */
hg_status hgi_status_of(const char *sqlstate, uint32_t *flags);

/* ---- Time --------------------------------------------------------------------------------------------------------------- */

int64_t hgi_now_us(void);                                           /* monotonic */
int64_t hgi_us(int64_t ms);                                         /* capped, so that a sum with now fits */
int64_t hgi_deadline_in(int64_t timeout_ms);                        /* 0 for 0 */
void    hgi_sleep_us(int64_t us);

#endif
