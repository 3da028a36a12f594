/* kept.c - see kept.h. */
#include "kept.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "link/link.h"

static struct {
    const char *login;
    hg_conn    *conn;
} kept[] = { { "SERVICE", NULL }, { "LOGIN", NULL }, { "ADMIN", NULL } };
enum { KEPT = sizeof kept / sizeof kept[0] };

static PGconn *kept_admin;

static const char *
dsn_of(const char *login)
{
    char name[64];

    snprintf(name, sizeof name, "HOTGIGS_TEST_%s_DSN", login);
    return getenv(name);
}

void
kept_open(void)
{
    const hg_conn_options unchecked = { .struct_size = sizeof unchecked, .skip_check = 1 };

    for (int i = 0; i < KEPT; i++)
        hg_conn_open(dsn_of(kept[i].login), &unchecked, &kept[i].conn, NULL);
    kept_admin = PQconnectdb(dsn_of("ADMIN"));
    PQclear(PQexec(kept_admin, "SET client_encoding = 'UTF8'; SET client_min_messages = error"));
}

void
kept_close(void)
{
    for (int i = 0; i < KEPT; i++) {
        hg_conn_close(kept[i].conn);
        kept[i].conn = NULL;
    }
    PQfinish(kept_admin);
    kept_admin = NULL;
}

/* As if it had just been opened: the server answers this question and not an earlier one, and remembers no statement. */
static int
is_fresh(PGconn *pg)
{
    char sql[112];
    PGresult *result;
    int fresh;

    snprintf(sql, sizeof sql, "DEALLOCATE ALL; DISCARD TEMP; SELECT pg_advisory_unlock_all(), %d", (int)getpid());
    result = PQexec(pg, sql);
    fresh = PQresultStatus(result) == PGRES_TUPLES_OK && PQtransactionStatus(pg) == PQTRANS_IDLE &&
            atoi(PQgetvalue(result, 0, 1)) == (int)getpid();
    PQclear(result);
    return fresh;
}

hg_conn *
kept_take(const char *login)
{
    for (int i = 0; i < KEPT; i++) {
        hg_conn *conn = kept[i].conn;
        int fresh;

        if (conn == NULL || strcmp(kept[i].login, login) != 0)
            continue;
        PQsetnonblocking(conn->pg, 0);
        fresh = is_fresh(conn->pg);
        PQsetnonblocking(conn->pg, 1);
        return fresh ? conn : NULL;
    }
    return NULL;
}

PGconn *
kept_take_admin(void)
{
    return kept_admin != NULL && is_fresh(kept_admin) ? kept_admin : NULL;
}

/* The socket is shared with the process that keeps the connection: what says good-bye goes nowhere. */
static void
mute(PGconn *pg)
{
    int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);

    if (nowhere < 0 || (PQsocket(pg) >= 0 && dup2(nowhere, PQsocket(pg)) < 0))
        abort();
    close(nowhere);
}

void
kept_done(hg_conn *conn)
{
    for (int i = 0; conn != NULL && i < KEPT; i++)
        if (conn == kept[i].conn) {
            mute(conn->pg);
            kept[i].conn = NULL;
        }
    hg_conn_close(conn);
}

void
kept_done_admin(PGconn *pg)
{
    if (pg != NULL && pg == kept_admin) {
        mute(pg);
        kept_admin = NULL;
    }
    PQfinish(pg);
}

void
kept_forget(void)
{
    for (int i = 0; i < KEPT; i++)
        kept_done(kept[i].conn);
}

/* ---- One after another ------------------------------------------------------------------------------------------- */

static int is_reused;
static PGconn *closed;                 /* and kept for the next one */

/* Between the library and libpq: --wrap, in the Makefile. */
PGconn *__real_PQconnectStartParams(const char *const *keywords, const char *const *values, int expand_dbname);
PGconn *__wrap_PQconnectStartParams(const char *const *keywords, const char *const *values, int expand_dbname);
void __real_PQfinish(PGconn *pg);
void __wrap_PQfinish(PGconn *pg);

PGconn *
__wrap_PQconnectStartParams(const char *const *keywords, const char *const *values, int expand_dbname)
{
    PGconn *pg = is_reused ? closed : NULL;     /* or by no thread of a test that has threads */

    if (pg == NULL)
        return __real_PQconnectStartParams(keywords, values, expand_dbname);
    closed = NULL;
    return pg;
}

static int
is_forgetful(PGconn *pg)
{
    PGresult *result;
    int done;

    if (PQstatus(pg) != CONNECTION_OK || PQtransactionStatus(pg) != PQTRANS_IDLE || PQpipelineStatus(pg) != PQ_PIPELINE_OFF)
        return 0;
    PQsetNoticeReceiver(pg, NULL, NULL);
    PQsetnonblocking(pg, 0);
    result = PQexec(pg, "DISCARD ALL");
    done = PQresultStatus(result) == PGRES_COMMAND_OK;
    PQclear(result);
    return done;
}

void
__wrap_PQfinish(PGconn *pg)
{
    if (is_reused && closed == NULL && is_forgetful(pg))
        closed = pg;
    else
        __real_PQfinish(pg);
}

void
kept_reuse(int whether)
{
    is_reused = whether;
    if (!whether && closed != NULL) {
        __real_PQfinish(closed);
        closed = NULL;
    }
}
