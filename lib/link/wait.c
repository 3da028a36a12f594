/* wait.c - waiting for the server, for as long as the caller wants to and no longer.
 *
 * Without a deadline libpq waits itself. With one the library polls the socket, and when time is up asks the server to
 * stop and drains what is left. A server that hangs answers neither, its kernel keeps the socket alive, and libpq's
 * PQcancel has no time limit of its own: so asking happens on a thread of its own, for which nobody waits long. */
#include "link/link_int.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>

enum { CANCEL_MS = 1000 };

int64_t
hgi_now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t
hgi_us(int64_t ms)
{
    return ms < INT64_MAX / 4000 ? ms * 1000 : INT64_MAX / 4;
}

int64_t
hgi_deadline_in(int64_t timeout_ms)
{
    return timeout_ms > 0 ? hgi_now_us() + hgi_us(timeout_ms) : 0;
}

void
hgi_sleep_us(int64_t us)
{
    struct timespec left = { .tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000 };

    while (us > 0 && nanosleep(&left, &left) != 0 && errno == EINTR)
        ;
}

int
hgi_wait_socket(PGconn *pg, short events, int64_t deadline)
{
    struct pollfd fd = { .fd = PQsocket(pg), .events = events };

    for (;;) {
        int64_t left_us = deadline != 0 ? deadline - hgi_now_us() : 0;
        int ready;

        if (deadline != 0 && left_us <= 0)
            return 0;
        ready = poll(&fd, 1, deadline != 0 ? (int)(left_us / 1000 < 60000 ? left_us / 1000 + 1 : 60000) : -1);
        if (ready > 0)
            return 1;
        if (ready < 0 && errno != EINTR)
            return 0;
    }
}

/* ---- Asking the server to stop ------------------------------------------------------------------------------------- */

/* Shared by the caller and the thread; the later of the two to leave frees it. */
typedef struct asking {
    pthread_mutex_t lock;
    pthread_cond_t  done;
    PGcancel       *cancel;
    char            why[128];
    int             answer;          /* -1: none yet */
    int             holders;
} asking;

static void
asking_leave(asking *a)              /* with the lock held */
{
    int last = --a->holders == 0;

    pthread_mutex_unlock(&a->lock);
    if (last) {
        PQfreeCancel(a->cancel);
        pthread_cond_destroy(&a->done);
        pthread_mutex_destroy(&a->lock);
        hgi_free(a);
    }
}

static void *
ask(void *arg)
{
    asking *a = arg;
    char why[128] = "";
    int answer = PQcancel(a->cancel, why, sizeof why);

    pthread_mutex_lock(&a->lock);
    a->answer = answer;
    memcpy(a->why, why, sizeof a->why);
    pthread_cond_signal(&a->done);
    asking_leave(a);
    return NULL;
}

static int
wait_for_answer(asking *a)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += CANCEL_MS / 1000;
    while (a->answer < 0)
        if (pthread_cond_timedwait(&a->done, &a->lock, &until) != 0)
            break;
    return a->answer > 0;
}

static asking *
asking_new(hg_conn *conn)
{
    asking *a = hgi_alloc_zero(sizeof *a);
    pthread_condattr_t clock;

    if (a == NULL)
        return NULL;
    pthread_mutex_lock(&conn->cancel_lock);
    a->cancel = PQgetCancel(conn->pg);
    pthread_mutex_unlock(&conn->cancel_lock);
    if (a->cancel == NULL) {
        hgi_free(a);
        return NULL;
    }
    a->answer = -1;
    a->holders = 2;
    pthread_mutex_init(&a->lock, NULL);
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&a->done, &clock);
    pthread_condattr_destroy(&clock);
    return a;
}

/* A thread that none of the host's signal handlers runs in. */
static int
start_quiet_thread(asking *a)
{
    sigset_t all, before;
    pthread_t thread;
    int failed;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    failed = pthread_create(&thread, NULL, ask, a);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed == 0)
        pthread_detach(thread);
    return failed == 0;
}

int
hgi_ask_cancel(hg_conn *conn, char *why, size_t size)
{
    asking *a = asking_new(conn);
    int asked;

    if (a == NULL) {
        hgi_text_put(why, size, "out of memory");
        return 0;
    }
    pthread_mutex_lock(&a->lock);
    if (!start_quiet_thread(a)) {
        a->holders = 1;
        hgi_text_put(why, size, "no thread could be started");
        asked = 0;
    } else {
        asked = wait_for_answer(a);
        hgi_text_put(why, size, a->answer < 0 ? "the server does not answer" : a->why);
        if (a->answer < 0)
            conn->doomed = 1;
    }
    asking_leave(a);
    return asked;
}

/* ---- Reading ----------------------------------------------------------------------------------------------------------- */

hg_status
hgi_read_socket(PGconn *pg, int64_t deadline)
{
    if (!hgi_wait_socket(pg, POLLIN, deadline))
        return HG_E_CANCELLED;
    if (!PQconsumeInput(pg))
        return HG_E_CONNECTION;
    if (PQsslInUse(pg))                     /* the second half of a record, of which the socket knows no more */
        PQconsumeInput(pg);                 /* (that the connection has ended meanwhile shows when what came is read) */
    return HG_OK;
}

static hg_status
flush(hg_conn *conn, int64_t deadline)
{
    int left;

    while ((left = PQflush(conn->pg)) > 0) {
        if (!hgi_wait_socket(conn->pg, POLLIN | POLLOUT, deadline))
            return HG_E_CANCELLED;
        if (!PQconsumeInput(conn->pg))      /* the server may be waiting for us to read before it reads on */
            return HG_E_CONNECTION;
    }
    return left == 0 ? HG_OK : HG_E_CONNECTION;
}

/* The rows of a COPY that nobody reads. */
static int
drop_copied(PGconn *pg, int64_t deadline)
{
    char *row;
    int len;

    while ((len = PQgetCopyData(pg, &row, 1)) >= 0) {
        if (len > 0)
            PQfreemem(row);
        else if (hgi_read_socket(pg, deadline) != HG_OK)
            return 0;
    }
    return len == -1;
}

int
hgi_drain(hg_conn *conn, int64_t ms)
{
    int64_t deadline = hgi_deadline_in(ms);
    int was_sync = 0;

    while (PQtransactionStatus(conn->pg) == PQTRANS_ACTIVE || PQpipelineStatus(conn->pg) != PQ_PIPELINE_OFF) {
        PGresult *result;

        if (flush(conn, deadline) != HG_OK)
            return 0;
        while (PQisBusy(conn->pg))
            if (hgi_read_socket(conn->pg, deadline) != HG_OK)
                return 0;
        result = PQgetResult(conn->pg);
        was_sync = result != NULL && PQresultStatus(result) == PGRES_PIPELINE_SYNC;
        if (result != NULL && (PQresultStatus(result) == PGRES_COPY_IN ||
                               (PQresultStatus(result) == PGRES_COPY_OUT && !drop_copied(conn->pg, deadline)))) {
            PQclear(result);
            return 0;
        }
        PQclear(result);
        if (was_sync && !PQexitPipelineMode(conn->pg))
            continue;
        if (PQstatus(conn->pg) != CONNECTION_OK)
            return 0;
    }
    return 1;
}

hg_status
hgi_next_result(hg_conn *conn, int64_t deadline, PGresult **out)
{
    hg_status st;

    *out = NULL;
    st = flush(conn, deadline);                    /* while libpq sends it does not read, and the server may wait for that */
    while (st == HG_OK && deadline != 0 && PQisBusy(conn->pg))
        st = hgi_read_socket(conn->pg, deadline);
    if (st == HG_OK)
        *out = PQgetResult(conn->pg);
    return st;
}
