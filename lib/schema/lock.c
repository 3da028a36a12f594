/* lock.c - one run at a time in a database.
 *
 * A session's advisory lock with the key 7525361489858229041, which is "hotgigs1" in ASCII, asked for again and again:
 * whoever waits inside pg_advisory_lock() holds a snapshot, which CREATE INDEX CONCURRENTLY of the other run waits for,
 * and both wait for ever (golang-migrate/migrate#960 is one of several). The server frees it if the connection ends.
 *
 * A pooler may give each transaction another server connection, and the lock stays with the first. So it is refused
 * where it is seen; where the caller has decided on HG_PREPARE_ON or _OFF the library has not looked, and every file
 * asks before its COMMIT whether the lock is still there.
 *
 * Any login of the database can take the lock, and so hold a run up until its time is over, as it can with any open
 * transaction that has read a table which is to be altered. No lock of the owner's own would change that; the message says
 * whose process it is, which an operator can end. */
#include "schema/schema_int.h"

#include <string.h>

enum { TIMEOUT_MS = 60000, FIRST_SLEEP_US = 20000, LAST_SLEEP_US = 500000 };

#define KEY "7525361489858229041"

static const char try_sql[] = "SELECT pg_catalog.pg_try_advisory_lock(" KEY ")";
static const char give_sql[] = "SELECT pg_catalog.pg_advisory_unlock(" KEY ")";

/* The server keeps a key of 64 bits in two halves: 0x686f7467 and 0x69677331. */
#define HELD \
    "locktype = 'advisory' AND classid = 1752134759 AND objid = 1768387377 AND objsubid = 1 AND granted" \
    " AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())"

const char hgi_lock_is_held[] =
    "EXISTS (SELECT FROM pg_catalog.pg_locks WHERE " HELD " AND pid = pg_catalog.pg_backend_pid())";

static const char holder_sql[] =
    "SELECT pg_catalog.format('process %s, login %s', pid, usename)"
    " FROM pg_catalog.pg_locks JOIN pg_catalog.pg_stat_activity USING (pid) WHERE " HELD;

/* A pooler tells a server process of its own making, and so statements are not named (link/connect.c). It may keep one
 * server connection a client; nobody can tell from here. */
static int
is_pooled(const hg_conn *conn)
{
    return conn->prepare == HG_PREPARE_AUTO && !conn->named;
}

static hg_status
try_once(hg_conn *conn, int *taken, hg_error *err)
{
    hgi_result *result = NULL;
    hg_status st = hgi_command(conn, try_sql, HGI_CALL_BARE, &result, err);
    size_t len;

    if (st == HG_OK)
        *taken = *hgi_result_cell(result, 0, 0, &len) != 0;
    hgi_result_free(result);
    return st;
}

static hg_status
fail_late(hg_conn *conn, hg_error *err)
{
    hgi_result *result = NULL;
    const char *who = "gone by now";
    size_t len = strlen(who);

    if (hgi_command(conn, holder_sql, HGI_CALL_BARE, &result, NULL) == HG_OK && hgi_result_rows(result) > 0)
        who = hgi_result_cell(result, 0, 0, &len);
    hgi_fail(err, HG_E_CANCELLED, -1, "another run holds the lock of migrations (%.*s); nothing was done", (int)len, who);
    hgi_result_free(result);
    return HG_E_CANCELLED;
}

hg_status
hgi_lock_take(hg_conn *conn, int64_t timeout_ms, hg_error *err)
{
    int64_t deadline = hgi_deadline_in(timeout_ms > 0 ? timeout_ms : TIMEOUT_MS);
    int64_t sleep_us = FIRST_SLEEP_US;
    int taken = 0;

    if (is_pooled(conn))
        return hgi_fail(err, HG_E_STATE, -1,
                        "the connection goes through a pooler, which loses locks; use a direct connection");
    for (;;) {
        hg_status st = try_once(conn, &taken, err);
        int64_t left_us = deadline - hgi_now_us();

        if (st != HG_OK || taken)
            return st;
        if (left_us <= 0)
            return fail_late(conn, err);
        hgi_sleep_us(sleep_us < left_us ? sleep_us : left_us);
        sleep_us = sleep_us * 2 < LAST_SLEEP_US ? sleep_us * 2 : LAST_SLEEP_US;
    }
}

void
hgi_lock_give(hg_conn *conn)
{
    if (!conn->broken)
        hgi_command(conn, give_sql, HGI_CALL_BARE, NULL, NULL);
}
