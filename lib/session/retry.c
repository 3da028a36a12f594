/* retry.c - the retry loop of a transaction, as a question that the caller asks before each run of his body.
 *
 * What the last run came to is remembered by the connection, so that the answer is right also where the caller passes no
 * error, and where it was COMMIT that failed. Delays grow by doubling and are drawn evenly from nothing up to that
 * (full jitter): two transactions that met once are unlikely to meet again. */
#include "session/session.h"

#include <stddef.h>
#include <string.h>

enum { ATTEMPTS = 10, MIN_DELAY_MS = 5, MAX_DELAY_MS = 1000, TIMEOUT_MS = 30000 };

static uint64_t
random_below(uint64_t limit)
{
    hg_uuid random;
    uint64_t bits;

    hg_uuid_random(&random);
    memcpy(&bits, random.bytes + 8, sizeof bits);      /* 62 of them are random: enough for a delay */
    return limit > 0 ? bits % limit : 0;
}

/* Before try number n, from 1. */
static int64_t
delay_us(const hg_retry *retry, int32_t n)
{
    int64_t most = hgi_us(hgi_or_default(retry->max_delay_ms, MAX_DELAY_MS));
    int64_t delay = hgi_us(hgi_or_default(retry->min_delay_ms, MIN_DELAY_MS));

    for (int32_t i = 1; i < n && delay < most; i++)
        delay *= 2;
    return (int64_t)random_below((uint64_t)(delay < most ? delay : most) + 1);
}

static int64_t
deadline_of(const hg_retry *retry)
{
    int64_t timeout_ms = hgi_or_default(retry->timeout_ms, TIMEOUT_MS);

    return timeout_ms < 0 ? INT64_MAX : retry->started_us + hgi_us(timeout_ms);
}

/* Gives back what the last run failed with. */
static hg_status
give_up(hg_conn *conn, hg_error *err)
{
    if (conn->tx_failure.status != HG_OK) {
        if (err != NULL)
            *err = conn->tx_failure;
        return conn->tx_failure.status;
    }
    if (err != NULL && err->status != HG_OK)
        return err->status;                            /* a failure that never went to the server */
    return hgi_fail(err, HG_E_STATE, -1, "the last run neither committed nor failed");
}

/* Sleeps, and makes a lost connection anew, for as long as there is time. */
static hg_status
prepare_run(hg_conn *conn, const hg_retry *retry, hg_error *err)
{
    int64_t deadline = deadline_of(retry);
    int32_t most = (int32_t)hgi_or_default(retry->max_attempts, ATTEMPTS);

    for (int32_t n = retry->attempt; n <= most; n++) {
        int64_t delay = n > 0 ? delay_us(retry, n) : 0;

        if (delay > 0 && hgi_now_us() >= deadline - delay)
            return give_up(conn, err);
        hgi_sleep_us(delay);
        if (hgi_is_alive(conn) || hgi_reconnect(conn, deadline, &conn->tx_failure) == HG_OK)
            return HG_OK;
        if (!(conn->tx_failure.flags & HG_ERROR_RETRY))
            break;
    }
    return give_up(conn, err);
}

static hg_status
check_retry(hg_conn *conn, const hg_retry *retry, hg_error *err)
{
    if (conn == NULL || retry == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, conn == NULL ? "conn is NULL" : "state is NULL");
    if (retry->struct_size < offsetof(hg_retry, started_us) + sizeof retry->started_us)
        return hgi_fail(err, HG_E_INVALID, -1, "struct_size of hg_retry is not set");
    if (retry->max_attempts < 0 || retry->min_delay_ms < 0 || retry->max_delay_ms < 0)
        return hgi_fail(err, HG_E_INVALID, -1, "max_attempts and delays of hg_retry are not negative");
    if (conn->busy)
        return hgi_fail(err, HG_E_STATE, -1, "a cursor is open on this connection; close it first");
    return HG_OK;
}

hg_status
hg_tx_again(hg_conn *conn, hg_retry *state, hg_error *err)
{
    hg_status st = check_retry(conn, state, err);

    if (st != HG_OK)
        return st;
    if (conn->tx != HGI_TX_NONE) {
        hgi_tx_rollback(conn, NULL);
        hgi_session_settle(conn);
    }
    if (state->attempt == 0)
        state->started_us = hgi_now_us();
    else if (!(conn->tx_failure.flags & HG_ERROR_RETRY) || state->attempt >= hgi_or_default(state->max_attempts, ATTEMPTS))
        return give_up(conn, err);
    st = prepare_run(conn, state, err);
    if (st != HG_OK)
        return st;
    state->attempt++;
    memset(&conn->tx_failure, 0, sizeof conn->tx_failure);
    return hgi_ok(err);
}
