/* pool.c - connections that threads share.
 *
 * Idle connections form a stack: the one given back last is given out first, so that its caches, here and on the server,
 * are warm, and those that a burst needed grow old at the bottom and are closed. Before that a thread gets the one back that
 * it had just now. The lock is held for pointers and counters only, never while a connection is opened, checked or closed.
 *
 * Nothing is ever set for the session on a connection, so giving it back needs no trip: it is clean if it is idle, and
 * closed if it is not and cannot be made so. */
#include "session/session.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

struct hg_pool {
    pthread_mutex_t lock;
    pthread_cond_t  freed;           /* a connection came back, or room for a new one */
    hg_pool_options opt;
    hg_conn_options conn_opt;
    hg_conn        *idle;            /* the stack */
    int64_t         look_at_us;      /* when it is next looked through for those idle for too long */
    hg_pool_stats   stats;
    int32_t         out;             /* connections that callers have, and those being opened */
    int32_t         closing;
    char            conninfo[];
};

/* ---- Making --------------------------------------------------------------------------------------------------------- */

static hg_status
check_options(hg_pool_options *opt, hg_error *err)
{
    enum { SIZE = 10, IDLE_MS = 10 * 60 * 1000, LIFETIME_MS = 60 * 60 * 1000, CHECK_MS = 30 * 1000 };

    if (opt->max_size < 0 || opt->min_idle < 0)
        return hgi_fail(err, HG_E_INVALID, -1, "max_size and min_idle of hg_pool_options are not negative");
    opt->max_size = (int32_t)hgi_or_default(opt->max_size, SIZE);
    opt->idle_timeout_ms = hgi_or_default(opt->idle_timeout_ms, IDLE_MS);
    opt->max_lifetime_ms = hgi_or_default(opt->max_lifetime_ms, LIFETIME_MS);
    opt->check_after_ms = hgi_or_default(opt->check_after_ms, CHECK_MS);
    if (opt->min_idle > opt->max_size)
        return hgi_fail(err, HG_E_INVALID, -1, "min_idle of hg_pool_options is more than max_size");
    return HG_OK;
}

static hg_pool *
pool_new(const char *conninfo, const hg_pool_options *opt)
{
    size_t size = conninfo != NULL ? strlen(conninfo) + 1 : 1;
    hg_pool *pool = hgi_alloc_zero(sizeof *pool + size);
    pthread_condattr_t clock;

    if (pool == NULL)
        return NULL;
    if (conninfo != NULL)
        memcpy(pool->conninfo, conninfo, size);
    pool->opt = *opt;
    pool->conn_opt = (hg_conn_options){ .struct_size = sizeof(hg_conn_options), .prepare = opt->prepare,
                                        .timeout_ms = opt->timeout_ms, .statement_limit = opt->statement_limit,
                                        .with_detail = opt->with_detail, .skip_check = opt->skip_check,
                                        .audit_denied = opt->audit_denied };
    pool->stats.max_size = opt->max_size;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&pool->freed, &clock);
    pthread_condattr_destroy(&clock);
    return pool;
}

static void
pool_free(hg_pool *pool)
{
    pthread_cond_destroy(&pool->freed);
    pthread_mutex_destroy(&pool->lock);
    hgi_free(pool);
}

/* With the lock: it is closed, and nobody has or awaits anything of it. Whoever sees this frees it. */
static int
is_over(const hg_pool *pool)
{
    return pool->closing && pool->out == 0 && pool->stats.waiting == 0;
}

/* Up to a tenth less than the option says: connections that were opened together do not all end together. */
static int64_t
lifetime_us(const hg_pool *pool)
{
    int64_t most = hgi_us(pool->opt.max_lifetime_ms);
    hg_uuid random;
    uint32_t bits;

    if (most < 0)
        return INT64_MAX;
    hg_uuid_random(&random);
    memcpy(&bits, random.bytes, sizeof bits);
    return most - (int64_t)(bits % 1024) * (most / 10240);
}

/* A new connection; room for it has been counted. */
static hg_status
open_one(hg_pool *pool, int64_t deadline, hg_conn **out, hg_error *err)
{
    hg_status st = hgi_open(pool->conninfo, &pool->conn_opt, deadline, out, err);

    if (st == HG_OK) {
        (*out)->opened_us = hgi_now_us();
        (*out)->lifetime_us = lifetime_us(pool);
    }
    return st;
}

static void
push(hg_pool *pool, hg_conn *conn, int64_t now)
{
    conn->idle_since_us = now;
    conn->next = pool->idle;
    pool->idle = conn;
    pool->stats.idle++;
}

/* The one that this thread had last, if that was just now, else the top: the system keeps a thread and the server's process that
 * answers it on one core, or near, and with a stranger's each would wake the other across cores. Two threads on two cores got half
 * as many gets a second through the pool as with connections of their own, and now get as many. Later than that the top is warmer,
 * and to take one's own would keep alive what a burst needed. */
static hg_conn **
best_of(hg_pool *pool, int64_t now)
{
    enum { NEAR = 16, JUST_NOW_US = 100 * 1000 };
    hg_conn **at = &pool->idle;

    for (int i = 0; i < NEAR && *at != NULL && now - (*at)->idle_since_us < JUST_NOW_US; i++, at = &(*at)->next)
        if (pthread_equal((*at)->thread, pthread_self()))
            return at;
    return &pool->idle;
}

static hg_conn *
pop(hg_pool *pool, int64_t now)
{
    hg_conn **at = best_of(pool, now), *conn = *at;

    if (conn != NULL) {
        *at = conn->next;
        conn->next = NULL;
        pool->stats.idle--;
    }
    return conn;
}

static void
close_all(hg_conn *conn)
{
    for (hg_conn *next; conn != NULL; conn = next) {
        next = conn->next;
        hgi_disconnect(conn);
    }
}

hg_status
hg_pool_open(const char *conninfo, const hg_pool_options *opt, hg_pool **out, hg_error *err)
{
    hg_pool_options known = { .struct_size = sizeof known };
    hg_pool *pool;
    hg_status st;

    if (out == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "out is NULL");
    *out = NULL;
    st = hgi_take_options(opt, &known, sizeof known, "hg_pool_options", err);
    if (st == HG_OK)
        st = check_options(&known, err);
    if (st != HG_OK)
        return st;
    pool = pool_new(conninfo, &known);
    if (pool == NULL)
        return hgi_nomem(err);
    for (int32_t i = 0; st == HG_OK && i < (known.min_idle > 0 ? known.min_idle : 1); i++) {
        hg_conn *conn;

        st = open_one(pool, 0, &conn, err);
        if (st == HG_OK) {
            push(pool, conn, hgi_now_us());
            pool->stats.open++;
            pool->stats.opened++;
        }
    }
    if (st != HG_OK) {
        close_all(pool->idle);
        pool_free(pool);
        return st;
    }
    *out = pool;
    return hgi_ok(err);
}

/* ---- Taking --------------------------------------------------------------------------------------------------------- */

static int
is_too_old(const hg_conn *conn, int64_t now)
{
    return now - conn->opened_us > conn->lifetime_us;
}

/* Idle connections beyond min_idle that nobody has wanted for long leave the stack, from its bottom; the caller closes
 * them without the lock. Not looked for at every turn, since that is a walk of the whole stack with the lock. */
static hg_conn *
take_expired(hg_pool *pool, int64_t now)
{
    enum { LOOKS_A_TIMEOUT = 16, SECOND_US = 1000000 };
    int64_t pause = hgi_us(pool->opt.idle_timeout_ms) / LOOKS_A_TIMEOUT;
    hg_conn **at = &pool->idle, *expired = NULL;
    int32_t kept = 0;

    if (pool->opt.idle_timeout_ms < 0 || now < pool->look_at_us)
        return NULL;
    pool->look_at_us = now + (pause < SECOND_US ? pause : SECOND_US);
    while (*at != NULL) {
        hg_conn *conn = *at;

        if (kept < pool->opt.min_idle || now - conn->idle_since_us <= hgi_us(pool->opt.idle_timeout_ms)) {
            kept++;
            at = &conn->next;
            continue;
        }
        *at = conn->next;
        conn->next = expired;
        expired = conn;
        pool->stats.idle--;
        pool->stats.open--;
        pool->stats.expired++;
    }
    return expired;
}

/* Without the lock: whether a connection that was idle can be given out. A server that hangs does not hang the caller. */
static int
is_healthy(const hg_pool *pool, hg_conn *conn, int64_t now)
{
    enum { PING_MS = 1000 };
    int64_t check_after_ms = pool->opt.check_after_ms;
    hg_status st;

    if (!hgi_is_alive(conn))
        return 0;
    if (check_after_ms < 0 || now - conn->idle_since_us <= hgi_us(check_after_ms))
        return 1;
    conn->timeout_ms = PING_MS;
    st = hg_conn_ping(conn, NULL);
    conn->timeout_ms = pool->opt.timeout_ms;
    return st == HG_OK;
}

/* Waits for something to come free. 0: time is up. */
static int
wait_freed(hg_pool *pool, int64_t deadline)
{
    struct timespec until = { .tv_sec = deadline / 1000000, .tv_nsec = deadline % 1000000 * 1000 };
    int64_t before = hgi_now_us();
    int failed;

    pool->stats.waiting++;
    failed = deadline < 0 ? pthread_cond_wait(&pool->freed, &pool->lock)
                          : pthread_cond_timedwait(&pool->freed, &pool->lock, &until);
    pool->stats.waiting--;
    pool->stats.wait_us += (uint64_t)(hgi_now_us() - before);
    return failed != ETIMEDOUT;
}

/* With the lock: an idle connection, or NULL where one may be opened. */
static hg_status
take_slot(hg_pool *pool, int64_t now, int64_t deadline, hg_conn **conn, hg_error *err)
{
    int waited = 0;

    for (;;) {
        if (pool->closing)
            return hgi_fail(err, HG_E_STATE, -1, "the pool is being closed");
        *conn = pop(pool, now);
        if (*conn != NULL || pool->stats.open < pool->opt.max_size)
            break;
        waited = 1;
        if (!wait_freed(pool, deadline) && pool->idle == NULL && pool->stats.open >= pool->opt.max_size) {
            pool->stats.timed_out++;
            return hgi_fail(err, HG_E_CANCELLED, -1, "no connection of the pool was free in time");
        }
    }
    pool->stats.waited += (uint64_t)waited;
    pool->stats.open += *conn == NULL;                 /* room for the one that will be opened */
    pool->stats.acquired++;
    pool->out++;
    return HG_OK;
}

/* With the lock: the slot of a connection that could not be had is free again. */
static void
give_slot_back(hg_pool *pool)
{
    pool->stats.open--;
    pool->stats.acquired--;
    pool->out--;
    pthread_cond_signal(&pool->freed);
}

/* Opens one in place of what was taken, if that was none or is of no more use. 1: the pool has been closed meanwhile, and
 * nobody else is left to free it. */
static int
replace(hg_pool *pool, int64_t deadline, int64_t now, hg_conn **conn, hg_status *st, hg_error *err)
{
    int expired = *conn != NULL && is_too_old(*conn, now), discarded = *conn != NULL && !expired, last;

    hgi_disconnect(*conn);
    *conn = NULL;
    *st = open_one(pool, deadline, conn, err);

    pthread_mutex_lock(&pool->lock);
    pool->stats.expired += (uint64_t)expired;
    pool->stats.discarded += (uint64_t)discarded;
    pool->stats.opened += *st == HG_OK;
    if (*st != HG_OK)
        give_slot_back(pool);
    last = is_over(pool);
    pthread_mutex_unlock(&pool->lock);
    return last;
}

/* In the steady state the lock is taken once, for a look at the first few, a pop and three counters. */
hg_status
hg_pool_acquire(hg_pool *pool, int64_t timeout_ms, hg_conn **out, hg_error *err)
{
    int64_t now = hgi_now_us(), deadline = timeout_ms < 0 ? -1 : now + hgi_us(timeout_ms);
    hg_conn *conn = NULL, *expired;
    hg_status st;
    int last;

    if (out != NULL)
        *out = NULL;
    if (pool == NULL || out == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, pool == NULL ? "pool is NULL" : "out is NULL");

    pthread_mutex_lock(&pool->lock);
    st = take_slot(pool, now, deadline, &conn, err);
    expired = st == HG_OK ? take_expired(pool, now) : NULL;
    last = st != HG_OK && is_over(pool);
    pthread_mutex_unlock(&pool->lock);
    close_all(expired);

    if (st == HG_OK && (conn == NULL || is_too_old(conn, now) || !is_healthy(pool, conn, now)))
        last = replace(pool, timeout_ms > 0 ? deadline : 0, now, &conn, &st, err);
    if (st == HG_OK) {
        conn->pool = pool;
        conn->thread = pthread_self();
        *out = conn;
    }
    if (last)
        pool_free(pool);
    return st == HG_OK ? hgi_ok(err) : st;
}

/* ---- Giving back ------------------------------------------------------------------------------------------------------ */

/* Makes it as new: no transaction, no identity, the pool's own deadline. 0: it cannot be kept. Whether the server has closed it
 * is asked of the one that is given out. */
static int
clean(const hg_pool *pool, hg_conn *conn, int64_t now)
{
    if (conn->broken || conn->marked || conn->busy || conn->batch != NULL)
        return 0;
    hgi_guests_dismiss(conn);
    if (conn->tx != HGI_TX_NONE && hgi_tx_rollback(conn, NULL) != HG_OK)
        return 0;
    hg_session_leave(conn);
    if (!hgi_is_idle(conn))
        return 0;
    hgi_apart_settle(conn);
    memset(&conn->tx_failure, 0, sizeof conn->tx_failure);
    conn->timeout_ms = pool->opt.timeout_ms;
    return !is_too_old(conn, now);
}

void
hgi_pool_give_back(hg_conn *conn)
{
    hg_pool *pool = conn->pool;
    int64_t now = hgi_now_us();
    int old = is_too_old(conn, now);
    int keep, last;

    conn->pool = NULL;
    keep = clean(pool, conn, now);
    if (!keep)
        hgi_disconnect(conn);

    pthread_mutex_lock(&pool->lock);
    pool->out--;
    if (keep && !pool->closing) {
        push(pool, conn, now);
        keep = 2;
    } else {
        pool->stats.open--;
        *(old ? &pool->stats.expired : &pool->stats.discarded) += 1;
    }
    last = is_over(pool);
    pthread_cond_signal(&pool->freed);
    pthread_mutex_unlock(&pool->lock);
    if (keep == 1)
        hgi_disconnect(conn);
    if (last)
        pool_free(pool);
}

void
hg_pool_close(hg_pool *pool)
{
    hg_conn *idle;
    int last;

    if (pool == NULL)
        return;
    pthread_mutex_lock(&pool->lock);
    pool->closing = 1;
    idle = pool->idle;
    pool->idle = NULL;
    pool->stats.open -= pool->stats.idle;
    pool->stats.idle = 0;
    last = is_over(pool);
    pthread_cond_broadcast(&pool->freed);
    pthread_mutex_unlock(&pool->lock);
    close_all(idle);
    if (last)
        pool_free(pool);
}

hg_status
hg_pool_get_stats(hg_pool *pool, hg_pool_stats *stats, hg_error *err)
{
    uint32_t size = stats != NULL ? stats->struct_size : 0;

    if (pool == NULL || stats == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, pool == NULL ? "pool is NULL" : "stats is NULL");
    if (size < sizeof size)
        return hgi_fail(err, HG_E_INVALID, -1, "struct_size of hg_pool_stats is not set");
    size = size < sizeof *stats ? size : (uint32_t)sizeof *stats;
    pthread_mutex_lock(&pool->lock);
    memcpy((char *)stats + sizeof size, (const char *)&pool->stats + sizeof size, size - sizeof size);
    pthread_mutex_unlock(&pool->lock);
    return hgi_ok(err);
}
