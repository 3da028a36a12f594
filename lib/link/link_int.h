/* link_int.h - for this folder only. */
#ifndef HGI_LINK_INT_H
#define HGI_LINK_INT_H

#include <libpq-fe.h>

#include "link/link.h"

/* ---- statement.c ---- */

enum { HGI_STATEMENT_NEW = 0, HGI_STATEMENT_PREPARED = 1 };

struct hgi_statement {
    hgi_statement *older;          /* of the same ages: used before this one */
    char          *sql;            /* key, types and this stand in the same block, behind this struct */
    uint32_t      *types;
    int32_t        expected_count;
    uint32_t       edition;        /* of its name */
    /* What every call looks at stands together, and with the key. */
    hgi_statement *newer;          /* used after this one */
    hgi_statement *chain;          /* next with the same bucket */
    uint64_t       used;           /* when, by the clock of all */
    uint64_t       hash;
    uint32_t      *expected;       /* the types of its result, from its first check on; a block of its own */
    int32_t        param_count;
    int32_t        kept;           /* 1: under its name; 0: it runs without one, and the server forgets it at once */
    int32_t        state;          /* HGI_STATEMENT_* */
    int32_t        checked;        /* 1: the types of its result have been compared since its last Parse */
    size_t         rows_seen;      /* hgi_statement_rows() */
    char           name[24];       /* by its hash: whoever else has the name has the same statement */
    size_t         key_len;
    char          *key;
};

enum { HGI_LEAVING_MAX = 4 };

typedef struct hgi_ages {          /* statements by their last use */
    hgi_statement *newest;
    hgi_statement *oldest;
    int32_t        count;
    int32_t        reserved;
} hgi_ages;

struct hgi_statements {
    hgi_statement **buckets;
    size_t          bucket_count;  /* a power of two */
    uint64_t        clock;         /* grows at each use */
    int32_t         limit;         /* of either */
    int32_t         leaving_count;
    hgi_ages        kept;
    hgi_ages        passing;       /* those for which there was no room */
    char            leaving[HGI_LEAVING_MAX][24];  /* names of those that left and that the server still has */
};

hgi_statements *hgi_statements_new(int32_t limit);
void hgi_statements_free(hgi_statements *all);
void hgi_statements_forget(hgi_statements *all);     /* the server has none of them any more */
void hgi_statement_rename(hgi_statement *s);
int  hgi_statement_expect(hgi_statement *s, const uint32_t *types, int32_t count);   /* 0: out of memory */
void hgi_statement_left(hgi_statements *all);        /* the server has deallocated the first of those that leave */

/* ---- call.c ---- */

/* The steps of a call; alone: with BEGIN, context row and DEALLOCATE before it, where they are due. */
void hgi_call_plan(hg_conn *conn, hgi_call *call, int alone);
int  hgi_call_send_step(hg_conn *conn, const hgi_call *call, int32_t i);      /* 0: failed */
int64_t hgi_call_deadline(const hg_conn *conn);
/* The context row, and its values as they are. Where there is a deadline, the last one is what is left of it, and points into
 * digits: of the call's, or, since the row is sent once in a transaction, of the whole transaction's. */
hgi_statement *hgi_context_statement(const hg_conn *conn, const hgi_call *call);
enum { HGI_DIGITS_MAX = 24 };
hgi_args hgi_context_args(hg_conn *conn, const hgi_call *call, char digits[HGI_DIGITS_MAX]);
/* The next result of the call, in time; or asks the server to stop and takes what it then says. */
hg_status hgi_call_take(hg_conn *conn, hgi_call *call, PGresult **out, hg_error *err);
/* What a failed result says; *again: nothing ran, and the call may be sent once more. */
hg_status hgi_call_fail(hg_conn *conn, hgi_call *call, const PGresult *result, int *again, hg_error *err) HGI_COLD;
/* The connection went, or the server would not stop in time: what a caller may believe of the call. */
hg_status hgi_call_fail_unanswered(hg_conn *conn, const hgi_call *call, hg_error *err) HGI_COLD;
/* Ends a failed call: what is still to come is dropped. Gives st back. */
hg_status hgi_call_end_failed(hg_conn *conn, hgi_call *call, hg_status st, const hg_error *err) HGI_COLD;
/* A call is over: what the server says of the transaction. */
void hgi_call_settle(hg_conn *conn, const hgi_call *call);
int  hgi_step_is_main(const hgi_step *step);
int  hgi_step_is_parse(const hgi_step *step);

/* ---- copy.c ---- */

int hgi_copy_send(hg_conn *conn, hgi_call *call);                              /* 0: failed */

/* ---- batch.c ---- */

void hgi_batch_free(hg_conn *conn);                    /* what is open is given up; its memory, too */

/* ---- wait.c ---- */

/* The next result, or NULL; waits until the deadline at most. HG_E_CANCELLED: it passed; HG_E_CONNECTION: lost. */
hg_status hgi_next_result(hg_conn *conn, int64_t deadline, PGresult **out);
/* Asks the server to stop, in bounded time. 0: it was not asked, why tells. When that is still open as time is up, the
 * question may yet hit a later call: the connection ends with this one (conn->doomed). */
int hgi_ask_cancel(hg_conn *conn, char *why, size_t size);
/* 1: the socket is ready; 0: time is up, or the socket is gone. */
int hgi_wait_socket(PGconn *pg, short events, int64_t deadline);
/* Reads what the server has sent, waiting for it until the deadline at most. HG_E_CANCELLED: it passed; HG_E_CONNECTION: lost. */
hg_status hgi_read_socket(PGconn *pg, int64_t deadline);
/* Reads and drops until the connection is idle and out of pipeline mode, for at most ms. 1: it is. */
int hgi_drain(hg_conn *conn, int64_t ms);
enum { HGI_DRAIN_MS = 2000 };

/* ---- error.c ---- */

/* Copies what fits, cut at a character, with a NUL byte at the end; NULL counts as "". */
void hgi_text_put(char *to, size_t size, const char *from);

/* Fills err from a failed result. */
hg_status hgi_fail_result(hg_conn *conn, const PGresult *result, hg_error *err);
/* Fills err for a connection that was lost, or that could not be made. */
hg_status hgi_fail_lost(hg_conn *conn, uint32_t flags, hg_error *err) HGI_COLD;

/* ---- notice.c ---- */

hgi_notices *hgi_notices_new(void);
void hgi_notices_free(hgi_notices *notices);
void hgi_notices_take(void *conn, const PGresult *result);         /* libpq's notice receiver */

/* ---- newer.c: what libpq has had since 17, where it is there ---- */

int hgi_set_chunked(PGconn *pg, int rows);                          /* 1: done; 0: this libpq has no chunks */
enum { HGI_TUPLES_CHUNK = 12 };                                     /* PGRES_TUPLES_CHUNK, unknown to older headers */

#endif
