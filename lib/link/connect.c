/* connect.c - making a connection, and what is learnt and pinned in its first trip.
 *
 * UTF8 is asked for in the startup message. UTC cannot be, since a pooler refuses the startup parameter it would take
 * ("options", PgBouncer 1.18), so the first trip sets it; a pooler in transaction mode tracks that one setting. The same
 * trip asks for the server process: if it is not the one that the startup told, a pooler stands between, and statements
 * are not named unless the caller says so. */
#include "link/link_int.h"

#include <poll.h>
#include <string.h>

static const char hello_sql[] =
    "SELECT current_user::text, pg_catalog.pg_backend_pid(), pg_catalog.set_config('TimeZone', 'UTC', false)";

static hg_status
hello(hg_conn *conn, hg_error *err)
{
    hgi_result *result = NULL;
    hg_status st = hgi_command(conn, hello_sql, HGI_CALL_BARE, &result, err);
    size_t len;
    const char *cell;

    if (st != HG_OK)
        return st;
    cell = hgi_result_cell(result, 0, 0, &len);
    hgi_text_put(conn->login_role, sizeof conn->login_role, cell);
    cell = hgi_result_cell(result, 0, 1, &len);
    if (conn->prepare == HG_PREPARE_AUTO)
        conn->named = (int)hgi_get32(cell) == PQbackendPID(conn->pg);
    else
        conn->named = conn->prepare == HG_PREPARE_ON;
    hgi_result_free(result);
    return HG_OK;
}

/* A message of libpq about conninfo, if it names an option and nothing else: the text around it may hold a password. */
static hg_status
check_conninfo(const char *conninfo, hg_error *err)
{
    static const char unknown[] = "invalid connection option \"", query[] = "invalid URI query parameter: \"";
    char *message = NULL;
    PQconninfoOption *options;
    const char *found;
    hg_status st;

    if (conninfo == NULL || conninfo[0] == '\0')
        return HG_OK;
    if (hgi_text_check(conninfo, strlen(conninfo), NULL) != NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "conninfo is not UTF-8");
    options = PQconninfoParse(conninfo, &message);
    if (options != NULL) {
        PQconninfoFree(options);
        return HG_OK;
    }
    if (message == NULL)
        return hgi_nomem(err);
    if ((found = strstr(message, unknown)) != NULL)
        found += sizeof unknown - 1;
    else if ((found = strstr(message, query)) != NULL)
        found += sizeof query - 1;
    if (found != NULL)
        st = hgi_fail(err, HG_E_INVALID, -1, "conninfo names an option that libpq does not know: %.*s",
                      (int)strcspn(found, "\""), found);
    else
        st = hgi_fail(err, HG_E_INVALID, -1, "conninfo is neither keyword=value pairs nor a postgresql:// URI");
    PQfreemem(message);
    return st;
}

/* HG_ERROR_RETRY for a server that may be there in a moment; a refused login and a missing database stay as they are. libpq
 * gives no SQLSTATE for a failed connection, but it knows whether it came as far as asking for a password. */
static uint32_t
is_passing(const hg_conn *conn)
{
    return PQconnectionNeedsPassword(conn->pg) || PQconnectionUsedPassword(conn->pg) ||
           PQserverVersion(conn->pg) != 0 ? 0 : HG_ERROR_RETRY;
}

/* Goes on with a connection that was started, until it is made or time is up. */
static hg_status
finish_connecting(hg_conn *conn, PostgresPollingStatusType (*go_on)(PGconn *), int64_t deadline, hg_error *err)
{
    PostgresPollingStatusType next = PGRES_POLLING_WRITING;

    while (next == PGRES_POLLING_READING || next == PGRES_POLLING_WRITING) {
        if (!hgi_wait_socket(conn->pg, next == PGRES_POLLING_READING ? POLLIN : POLLOUT, deadline))
            return hgi_fail(err, HG_E_CANCELLED, -1, "the server could not be reached in time");
        next = go_on(conn->pg);
    }
    return HG_OK;
}

static hg_status
start(hg_conn *conn, const char *const *keywords, const char *const *values, int64_t deadline, hg_error *err)
{
    conn->pg = deadline == 0 ? PQconnectdbParams(keywords, values, 1) : PQconnectStartParams(keywords, values, 1);
    if (conn->pg == NULL)
        return hgi_nomem(err);
    if (deadline != 0 && PQstatus(conn->pg) != CONNECTION_BAD) {
        hg_status st = finish_connecting(conn, PQconnectPoll, deadline, err);

        if (st != HG_OK)
            return st;
    }
    if (PQstatus(conn->pg) != CONNECTION_OK)
        return hgi_fail_lost(conn, is_passing(conn), err);
    PQsetNoticeReceiver(conn->pg, hgi_notices_take, conn);
    PQsetnonblocking(conn->pg, 1);           /* so that sending, too, can end at a deadline */
    return HG_OK;
}

static hg_status
connect_with(const char *const *keywords, const char *const *values, const hg_conn_options *opt, int64_t deadline,
             hg_conn **out, hg_error *err)
{
    hg_conn *conn = hgi_alloc_zero(sizeof *conn);
    hg_status st = HG_OK;

    *out = NULL;
    if (conn == NULL)
        return hgi_nomem(err);
    pthread_mutex_init(&conn->cancel_lock, NULL);
    conn->prepare = opt->prepare;
    conn->with_detail = opt->with_detail;
    conn->timeout_ms = opt->timeout_ms;
    conn->statements = hgi_statements_new(opt->statement_limit);
    conn->notices = hgi_notices_new();
    if (conn->statements == NULL || conn->notices == NULL)
        st = hgi_nomem(err);
    if (st == HG_OK)
        st = start(conn, keywords, values, deadline, err);
    if (st == HG_OK)
        st = hello(conn, err);
    if (st == HG_OK) {
        *out = conn;
        conn = NULL;
    }
    hgi_disconnect(conn);
    return st;
}

hg_status
hgi_connect(const char *conninfo, const hg_conn_options *opt, int64_t deadline, hg_conn **out, hg_error *err)
{
    const char *keywords[] = { "dbname", "client_encoding", "fallback_application_name", NULL };
    const char *values[] = { conninfo != NULL ? conninfo : "", "UTF8", "libhotgigs", NULL };
    int empty = conninfo == NULL || conninfo[0] == '\0';
    hg_status st = check_conninfo(conninfo, err);

    *out = NULL;
    return st == HG_OK ? connect_with(keywords + empty, values + empty, opt, deadline, out, err) : st;
}

/* What libpq made of conninfo, environment and password file for the first, it is told for the second. */
hg_status
hgi_connect_beside(hg_conn *conn, hg_error *err)
{
    enum { MOST = 80 };                          /* libpq 18 knows 50 */
    const char *keywords[MOST + 1] = { NULL }, *values[MOST + 1] = { NULL };
    hg_conn_options opt = { .struct_size = sizeof opt, .prepare = conn->prepare, .timeout_ms = conn->timeout_ms,
                            .statement_limit = 16, .with_detail = conn->with_detail };
    PQconninfoOption *options = PQconninfo(conn->pg);
    int count = 0;
    hg_status st;

    if (options == NULL)
        return hgi_nomem(err);
    for (const PQconninfoOption *o = options; o->keyword != NULL && count < MOST; o++)
        if (o->val != NULL && o->val[0] != '\0') {
            keywords[count] = o->keyword;
            values[count++] = o->val;
        }
    st = connect_with(keywords, values, &opt, hgi_deadline_in(conn->timeout_ms), &conn->apart, err);
    PQconninfoFree(options);
    if (st == HG_OK)
        conn->apart->is_apart = 1;
    return st;
}

hg_status
hgi_reconnect(hg_conn *conn, int64_t deadline, hg_error *err)
{
    hg_status st = HG_OK;

    pthread_mutex_lock(&conn->cancel_lock);
    conn->doomed = 0;
    if (!PQresetStart(conn->pg))
        st = hgi_fail_lost(conn, is_passing(conn), err);
    if (st == HG_OK)
        st = finish_connecting(conn, PQresetPoll, deadline, err);
    if (st == HG_OK && PQstatus(conn->pg) != CONNECTION_OK)
        st = hgi_fail_lost(conn, is_passing(conn), err);
    pthread_mutex_unlock(&conn->cancel_lock);
    hgi_statements_forget(conn->statements);
    if (st != HG_OK)
        return st;
    conn->broken = 0;
    PQsetnonblocking(conn->pg, 1);
    return hello(conn, err);
}

void
hgi_disconnect(hg_conn *conn)
{
    if (conn == NULL)
        return;
    hgi_disconnect(conn->apart);
    hgi_guests_dismiss(conn);
    hgi_batch_free(conn);
    hgi_buffer_free(&conn->collected);
    if (conn->pg != NULL)
        PQfinish(conn->pg);
    hgi_statements_free(conn->statements);
    hgi_notices_free(conn->notices);
    hgi_free(conn->identity);
    pthread_mutex_destroy(&conn->cancel_lock);
    hgi_free(conn);
}

void
hgi_guest_enter(hg_conn *conn, hgi_guest *guest)
{
    guest->conn = conn;
    guest->previous = NULL;
    guest->next = conn->guests;
    if (guest->next != NULL)
        guest->next->previous = guest;
    conn->guests = guest;
}

void
hgi_guest_leave(hgi_guest *guest)
{
    if (guest->conn == NULL)
        return;
    *(guest->previous != NULL ? &guest->previous->next : &guest->conn->guests) = guest->next;
    if (guest->next != NULL)
        guest->next->previous = guest->previous;
    guest->conn = NULL;
}

void
hgi_guests_dismiss(hg_conn *conn)
{
    while (conn->guests != NULL)
        hgi_guest_leave(conn->guests);
}

int
hgi_is_alive(hg_conn *conn)
{
    struct pollfd fd = { .fd = PQsocket(conn->pg), .events = POLLIN };

    if (conn->broken || PQstatus(conn->pg) != CONNECTION_OK)
        return 0;
    while (poll(&fd, 1, 0) > 0)                      /* a notice, or its last words, behind which comes its end */
        if (!PQconsumeInput(conn->pg) || PQisBusy(conn->pg) || PQstatus(conn->pg) != CONNECTION_OK || conn->broken)
            return 0;
    return 1;
}

int
hgi_is_idle(const hg_conn *conn)
{
    return !conn->broken && PQtransactionStatus(conn->pg) == PQTRANS_IDLE;
}

/* ---- Public ----------------------------------------------------------------------------------------------------- */

hg_status
hg_conn_cancel(hg_conn *conn, hg_error *err)
{
    char why[160];

    if (conn == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "conn is NULL");
    if (!hgi_ask_cancel(conn, why, sizeof why))
        return hgi_fail(err, HG_E_CONNECTION, -1, "the server could not be asked to stop: %s", why);
    return hgi_ok(err);
}

hg_status
hg_conn_set_timeout(hg_conn *conn, int64_t timeout_ms, hg_error *err)
{
    if (conn == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "conn is NULL");
    if (timeout_ms < 0)
        return hgi_fail(err, HG_E_INVALID, -1, "timeout_ms is negative; 0 means no deadline");
    conn->timeout_ms = timeout_ms;
    return hgi_ok(err);
}

hg_status
hg_conn_ping(hg_conn *conn, hg_error *err)
{
    hg_status st = hgi_usable(conn, err);

    if (st == HG_OK)
        st = hgi_command(conn, "", HGI_CALL_BARE, NULL, err);
    return st == HG_OK ? hgi_ok(err) : st;
}

int32_t
hg_conn_server_version(const hg_conn *conn)
{
    return conn != NULL ? PQserverVersion(conn->pg) : 0;
}

hg_status
hg_conn_get_stats(const hg_conn *conn, hg_conn_stats *stats, hg_error *err)
{
    uint32_t size = stats != NULL ? stats->struct_size : 0;

    if (conn == NULL || stats == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, conn == NULL ? "conn is NULL" : "stats is NULL");
    if (size < 2 * sizeof(uint32_t))
        return hgi_fail(err, HG_E_INVALID, -1, "struct_size of stats is not set");
    if (size > sizeof *stats)
        size = sizeof *stats;
    memcpy((char *)stats + sizeof size, (const char *)&conn->stats + sizeof size, size - sizeof size);
    return hgi_ok(err);
}
