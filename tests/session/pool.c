/* session/pool - connections that threads share. Run under ThreadSanitizer as well: make check SANITIZE=thread T=session. */
#include "fixture.h"
#include "hotgigs/pq.h"
#include "suites.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static hg_pool *pool;

static hg_pool_options
options(int32_t size)
{
    return (hg_pool_options){ .struct_size = sizeof(hg_pool_options), .max_size = size, .skip_check = 1 };
}

static void
open_pool(const char *login, const hg_pool_options *opt)
{
    ck_ok(hg_pool_open(fixture_dsn(login), opt, &pool, &err), err);
}

static hg_pool_stats
stats(void)
{
    hg_pool_stats s = { .struct_size = sizeof s };

    ck_ok(hg_pool_get_stats(pool, &s, &err), err);
    return s;
}

static hg_conn *
acquire(void)
{
    hg_conn *conn = NULL;

    ck_ok(hg_pool_acquire(pool, 5000, &conn, &err), err);
    return conn;
}

static void
teardown(void)
{
    hg_pool_close(pool);
    pool = NULL;
    fixture_close();
}

/* ---- Options ----------------------------------------------------------------------------------------------------- */

START_TEST(options_that_are_none_are_refused)
{
    hg_pool_options bad[] = {
        { .struct_size = 0 },
        { .struct_size = sizeof bad[0], .max_size = -1 },
        { .struct_size = sizeof bad[0], .min_idle = -1 },
        { .struct_size = sizeof bad[0], .max_size = 2, .min_idle = 3 },
        { .struct_size = sizeof bad[0], .prepare = 9 },
        { .struct_size = sizeof bad[0], .timeout_ms = -1 },
        { .struct_size = sizeof bad[0], .statement_limit = -1 },
    };
    hg_pool *made = (hg_pool *)(void *)&made;

    ck_status(hg_pool_open(fixture_dsn("SERVICE"), &bad[_i], &made, &err), HG_E_INVALID, err);
    ck_assert_msg(made == NULL, "*out is not NULL after a failure");
    ck_status(hg_pool_open(fixture_dsn("SERVICE"), NULL, NULL, &err), HG_E_INVALID, err);
}
END_TEST

START_TEST(a_pool_that_cannot_connect_is_not_made)
{
    static const struct { const char *conninfo; hg_status status; } bad[] = {
        { "host=/nowhere", HG_E_CONNECTION }, { "nokey=1", HG_E_INVALID },
    };
    hg_pool *made = (hg_pool *)(void *)&made;

    ck_status(hg_pool_open(bad[_i].conninfo, NULL, &made, &err), bad[_i].status, err);
    ck_assert_msg(made == NULL, "*out is not NULL after a failure");
}
END_TEST

START_TEST(min_idle_are_opened_at_the_start)
{
    hg_pool_options opt = options(5);

    opt.min_idle = _i;
    open_pool("SERVICE", &opt);
    ck_assert_msg(stats().open == (_i > 0 ? _i : 1) && stats().idle == stats().open, "%d open, %d idle", stats().open,
                  stats().idle);
}
END_TEST

START_TEST(what_the_header_forbids_is_refused)
{
    hg_pool_options opt = options(1);
    hg_conn *conn = (hg_conn *)(void *)&opt;
    hg_pool_stats s = { 0 };

    open_pool("SERVICE", &opt);
    ck_status(hg_pool_acquire(NULL, 0, &conn, &err), HG_E_INVALID, err);
    ck_assert_msg(conn == NULL, "*out is not NULL after a failure");
    ck_status(hg_pool_acquire(pool, 0, NULL, &err), HG_E_INVALID, err);
    ck_status(hg_pool_get_stats(pool, &s, &err), HG_E_INVALID, err);
    ck_status(hg_pool_get_stats(pool, NULL, &err), HG_E_INVALID, err);
    ck_status(hg_pool_get_stats(NULL, &s, &err), HG_E_INVALID, err);
}
END_TEST

/* ---- Given out and back ------------------------------------------------------------------------------------------ */

START_TEST(one_given_back_is_given_out_again)
{
    hg_pool_options opt = options(3);
    int pid;
    hg_conn *conn;

    open_pool("SERVICE", &opt);
    conn = acquire();
    pid = backend_pid(conn);
    hg_conn_close(conn);
    for (int i = 0; i < 5; i++) {
        conn = acquire();
        ck_assert_msg(backend_pid(conn) == pid, "another one came");
        hg_conn_close(conn);
    }
    ck_assert_msg(stats().opened == 1 && stats().acquired == 6 && stats().waited == 0, "opened %d, acquired %d, waited %d",
                  (int)stats().opened, (int)stats().acquired, (int)stats().waited);
}
END_TEST

/* Takes one while the other is out, and gives it back behind it. */
static atomic_int is_back;

static void *
give_back_last(void *status)
{
    hg_conn *conn = NULL;
    hg_error own;

    *(hg_status *)status = hg_pool_acquire(pool, 10000, &conn, &own);
    atomic_fetch_add(&is_back, 1);
    while (atomic_load(&is_back) == 1)
        hgi_sleep_us(1000);
    hg_conn_close(conn);
    return NULL;
}

/* Whether this thread gets the one again that it gave back so long before another thread gave the other one back; *took is the time
 * from the one to the next, of which a busy machine takes more. */
static int
gets_the_same(int pause_ms, int64_t *took)
{
    hg_conn *mine = acquire(), *again;
    hg_status status = HG_OK;
    pthread_t id;
    int64_t given;
    int same;

    atomic_store(&is_back, 0);
    ck_assert(pthread_create(&id, NULL, give_back_last, &status) == 0);
    while (atomic_load(&is_back) == 0)
        hgi_sleep_us(1000);
    given = hgi_now_us();
    hg_conn_close(mine);
    hgi_sleep_us(pause_ms * 1000);
    atomic_fetch_add(&is_back, 1);
    pthread_join(id, NULL);
    ck_assert_msg(status == HG_OK && stats().idle == 2, "the other thread got %s, and %d are idle, want 2", hg_status_name(status),
                  stats().idle);
    again = acquire();
    *took = hgi_now_us() - given;
    same = again == mine;
    hg_conn_close(again);
    return same;
}

START_TEST(a_thread_gets_the_one_back_that_it_had_just_now)
{
    hg_pool_options opt = options(2);
    int64_t took = 0;
    int same = 0;

    open_pool("SERVICE", &opt);
    for (int tries = 0; tries == 0 || (took > 50 * 1000 && tries < 20); tries++)
        same = gets_the_same(0, &took);
    ck_assert_msg(same, "after %d us it is the one that another thread gave back last", (int)took);
}
END_TEST

START_TEST(later_it_gets_the_one_that_was_given_back_last)
{
    hg_pool_options opt = options(2);
    int64_t took;

    open_pool("SERVICE", &opt);
    ck_assert_msg(!gets_the_same(200, &took), "after %d us it is the one that it had itself", (int)took);
}
END_TEST

START_TEST(none_is_free_in_time)
{
    hg_pool_options opt = options(2);
    hg_conn *a, *b, *c = (hg_conn *)(void *)&opt;
    int64_t started;

    open_pool("SERVICE", &opt);
    a = acquire();
    b = acquire();
    started = hgi_now_us();
    ck_status(hg_pool_acquire(pool, 0, &c, &err), HG_E_CANCELLED, err);
    ck_assert_msg(c == NULL, "*out is not NULL after a failure");
    ck_assert_msg(hgi_now_us() - started < 100 * 1000, "not at all took %lld us", (long long)(hgi_now_us() - started));
    started = hgi_now_us();
    ck_status(hg_pool_acquire(pool, 200, &c, &err), HG_E_CANCELLED, err);
    ck_assert_msg(hgi_now_us() - started >= 190 * 1000 && hgi_now_us() - started < 1000 * 1000, "200 ms took %lld us",
                  (long long)(hgi_now_us() - started));
    ck_assert_msg(stats().timed_out == 2 && stats().open == 2 && stats().idle == 0 && stats().waiting == 0,
                  "timed_out %d, open %d, idle %d, waiting %d", (int)stats().timed_out, stats().open, stats().idle,
                  stats().waiting);
    hg_conn_close(a);
    ck_ok(hg_pool_acquire(pool, 0, &c, &err), err);
    hg_conn_close(b);
    hg_conn_close(c);
}
END_TEST

START_TEST(one_comes_back_as_new)
{
    hg_uuid user = fixture_user(HG_USER_USER_TYPE_COMPANY);
    hg_identity who = identity(HG_ROLE_COMPANY, &user);
    hg_pool_options opt = options(1);
    hg_conn *conn;
    int pid;

    opt.timeout_ms = 7000;
    open_pool("LOGIN", &opt);
    conn = acquire();
    pid = backend_pid(conn);
    ck_ok(hg_session_enter(conn, &who, &err), err);
    ck_ok(hg_conn_set_timeout(conn, 5, &err), err);
    ck_ok(hg_conn_set_timeout(conn, 5000, &err), err);
    ck_ok(hg_tx_begin(conn, NULL, &err), err);
    if (_i >= 1)
        ck_ok(hgi_command(conn, "SELECT 1", 0, NULL, &err), err);
    if (_i == 2)
        ck_assert(hgi_command(conn, "SELECT 1/0", 0, NULL, &err) != HG_OK);
    hg_conn_close(conn);
    conn = acquire();
    ck_assert_msg(backend_pid(conn) == pid, "it was not kept");
    ck_assert_msg(!hg_tx_is_open(conn), "its transaction is open");
    ck_assert_msg(hg_session_role(conn) == HG_ROLE_ANON, "acts as %d", hg_session_role(conn));
    ck_assert_msg(conn->timeout_ms == 7000, "its deadline is %d", (int)conn->timeout_ms);
    fixture_prove_clean(conn);
    hg_conn_close(conn);
    ck_assert_msg(stats().discarded == 0, "one was discarded");
}
END_TEST

/* ---- What is not given out --------------------------------------------------------------------------------------- */

START_TEST(one_that_the_server_ended_is_not_given_out)
{
    hg_pool_options opt = options(2);
    hg_conn *conn;
    int pid;

    open_pool("SERVICE", &opt);
    conn = acquire();
    pid = backend_pid(conn);
    if (_i == 0)
        kill_backend(conn);                             /* while it is out, */
    hg_conn_close(conn);
    if (_i == 1) {
        sql_do("SELECT pg_terminate_backend(%d)", pid); /* or while it is idle in the pool */
        wait_until_gone(pid);
    }
    conn = acquire();
    ck_assert_msg(backend_pid(conn) != pid, "it was given out");
    ck_ok(hg_conn_ping(conn, &err), err);
    hg_conn_close(conn);
    ck_assert_msg(stats().discarded == 1 && stats().opened == 2 && stats().open == 1, "discarded %d, opened %d, open %d",
                  (int)stats().discarded, (int)stats().opened, stats().open);
}
END_TEST

START_TEST(one_whose_raw_connection_was_handed_out_is_closed)
{
    hg_pool_options opt = options(2);
    hg_conn *conn;
    int pid;

    open_pool("SERVICE", &opt);
    conn = acquire();
    pid = backend_pid(conn);
    ck_assert_msg(hg_conn_pq(conn) == conn->pg, "it is not the raw connection");
    ck_ok(hg_conn_ping(conn, &err), err);
    hg_conn_close(conn);
    conn = acquire();
    ck_assert_msg(backend_pid(conn) != pid, "it went back to the pool");
    hg_conn_close(conn);
    ck_assert_msg(stats().discarded == 1, "discarded %d", (int)stats().discarded);
    ck_assert_msg(hg_conn_pq(NULL) == NULL, "there is a raw connection of NULL");
}
END_TEST

START_TEST(one_that_was_idle_for_long_is_asked_first)
{
    hg_pool_options opt = options(1);
    hg_conn *conn;
    uint64_t trips;

    opt.check_after_ms = _i == 0 ? 20 : -1;
    open_pool("SERVICE", &opt);
    conn = acquire();
    trips = conn_stats(conn).round_trips;
    hg_conn_close(conn);
    hgi_sleep_us(60 * 1000);
    conn = acquire();
    ck_assert_msg(conn_stats(conn).round_trips == trips + (_i == 0), "%d trips, want %d",
                  (int)(conn_stats(conn).round_trips - trips), _i == 0);
    hg_conn_close(conn);
}
END_TEST

START_TEST(those_idle_for_too_long_are_closed_but_for_min_idle)
{
    hg_pool_options opt = options(6);
    hg_conn *conns[6];

    opt.min_idle = 2;
    opt.idle_timeout_ms = 50;
    open_pool("SERVICE", &opt);
    for (int i = 0; i < 6; i++)
        conns[i] = acquire();
    for (int i = 0; i < 6; i++)
        hg_conn_close(conns[i]);
    ck_assert_msg(stats().idle == 6, "%d idle", stats().idle);
    hgi_sleep_us(120 * 1000);
    hg_conn_close(acquire());
    ck_assert_msg(stats().open >= 2 && stats().open <= 3 && stats().expired >= 3, "%d open, %d expired", stats().open,
                  (int)stats().expired);
    hgi_sleep_us(120 * 1000);
    hg_conn_close(acquire());
    ck_assert_msg(stats().open >= 2, "%d open, want min_idle", stats().open);
}
END_TEST

START_TEST(one_that_is_too_old_is_closed)
{
    hg_pool_options opt = options(1);
    hg_conn *conn;
    int pid;

    opt.max_lifetime_ms = 100;
    open_pool("SERVICE", &opt);
    conn = acquire();
    pid = backend_pid(conn);
    if (_i == 0)
        hgi_sleep_us(120 * 1000);                       /* old while it is out, */
    hg_conn_close(conn);
    if (_i == 1)
        hgi_sleep_us(120 * 1000);                       /* or in the pool */
    conn = acquire();
    ck_assert_msg(backend_pid(conn) != pid, "it was given out");
    hg_conn_close(conn);
    ck_assert_msg(stats().expired == 1, "expired %d", (int)stats().expired);
}
END_TEST

/* ---- Threads ----------------------------------------------------------------------------------------------------- */

typedef struct worker {
    hg_uuid    *jobs;                  /* a job that only its own company sees, and his user: by number */
    hg_uuid    *users;
    int         number;
    int         rounds;
    atomic_int *wrong;
    char        why[400];
} worker;

enum { TENANTS = 8 };

static void
complain(worker *w, const char *what, const hg_error *e)
{
    if (atomic_fetch_add(w->wrong, 1) == 0)
        snprintf(w->why, sizeof w->why, "%s: %s", what, e->message);
}

/* Now as one tenant, now as another, now as nobody: each sees his own job and no other's. */
static void
work_once(worker *w, hg_conn *conn, int round)
{
    int me = (w->number + round) % TENANTS, other = (me + 1) % TENANTS;
    hg_identity who = { .struct_size = sizeof who, .role = HG_ROLE_COMPANY, .user_id = w->users[me] };
    const hg_job *row = NULL;
    hg_error e = { 0 };
    int in_tx = round % 3 == 0;

    if (hg_job_get(conn, &w->jobs[me], &row, &e) != HG_E_NOT_FOUND)
        complain(w, "a connection came with somebody's rights", &e);
    hg_job_free(row);
    if (hg_session_enter(conn, &who, &e) != HG_OK)
        complain(w, "enter", &e);
    if (in_tx && hg_tx_begin(conn, NULL, &e) != HG_OK)
        complain(w, "begin", &e);
    if (hg_job_get(conn, &w->jobs[me], &row, &e) != HG_OK)
        complain(w, "his own job", &e);
    hg_job_free(row);
    if (hg_job_get(conn, &w->jobs[other], &row, &e) != HG_E_NOT_FOUND)
        complain(w, "another's job", &e);
    hg_job_free(row);
    if (in_tx && round % 2 == 0 && hg_tx_commit(conn, &e) != HG_OK)
        complain(w, "commit", &e);
}                                      /* some give it back inside the transaction, all inside the session */

static void *
work(void *arg)
{
    worker *w = arg;
    hg_error e = { 0 };

    for (int round = 0; round < w->rounds; round++) {
        hg_conn *conn = NULL;

        if (hg_pool_acquire(pool, 20000, &conn, &e) != HG_OK) {
            complain(w, "acquire", &e);
            continue;
        }
        work_once(w, conn, round);
        hg_conn_close(conn);
    }
    return NULL;
}

START_TEST(many_threads_share_few_connections_and_no_rights)
{
    enum { MOST = 64 };
    int threads = _i == 0 ? 8 : MOST, rounds = _i == 0 ? 60 : 12;
    hg_pool_options opt = options(5);
    hg_uuid users[TENANTS], jobs[TENANTS];
    worker *workers = fixture_memory(MOST * sizeof *workers);
    pthread_t ids[MOST];
    atomic_int wrong = 0;
    hg_pool_stats s;

    for (int i = 0; i < TENANTS; i++) {
        hg_uuid company;

        users[i] = fixture_user(HG_USER_USER_TYPE_COMPANY);
        company = fixture_company(&users[i], HG_COMPANY_MEMBER_ROLE_ADMIN);
        jobs[i] = fixture_job(&company, 0);
    }
    open_pool("LOGIN", &opt);
    for (int i = 0; i < threads; i++) {
        workers[i] = (worker){ .jobs = jobs, .users = users, .number = i, .rounds = rounds, .wrong = &wrong };
        ck_assert(pthread_create(&ids[i], NULL, work, &workers[i]) == 0);
    }
    for (int i = 0; i < threads; i++)
        pthread_join(ids[i], NULL);
    for (int i = 0; i < threads; i++)
        ck_assert_msg(workers[i].why[0] == '\0', "%d things went wrong; the first: %s", atomic_load(&wrong), workers[i].why);
    s = stats();
    ck_assert_msg(s.acquired == (uint64_t)threads * (uint64_t)rounds, "acquired %d, want %d", (int)s.acquired,
                  threads * rounds);
    ck_assert_msg(s.open <= 5 && s.idle == s.open && s.waiting == 0, "open %d, idle %d, waiting %d", s.open, s.idle,
                  s.waiting);
    ck_assert_msg(s.opened == (uint64_t)s.open + s.discarded + s.expired, "opened %d, but %d open, %d discarded, %d expired",
                  (int)s.opened, s.open, (int)s.discarded, (int)s.expired);
    ck_assert_msg(s.waited <= s.acquired && s.timed_out == 0, "waited %d, timed out %d", (int)s.waited, (int)s.timed_out);
}
END_TEST

/* Some break their connection, some mark it, some let it grow old, some wait in vain. */
static void *
misbehave(void *arg)
{
    worker *w = arg;
    hg_error e = { 0 };

    for (int round = 0; round < w->rounds; round++) {
        hg_conn *conn = NULL;
        hg_status st = hg_pool_acquire(pool, (w->number + round) % 5 == 0 ? 1 : 20000, &conn, &e);

        if (st == HG_E_CANCELLED && (w->number + round) % 5 == 0)
            continue;
        if (st != HG_OK) {
            complain(w, "acquire", &e);
            continue;
        }
        if (hg_conn_ping(conn, &e) != HG_OK)
            complain(w, "a broken connection was given out", &e);
        switch ((w->number * 7 + round) % 6) {
        case 0:
            hgi_command(conn, "SELECT pg_terminate_backend(pg_backend_pid())", 0, NULL, &e);
            break;
        case 1:
            hg_conn_pq(conn);
            break;
        case 2:
            hg_tx_begin(conn, NULL, &e);
            hgi_command(conn, "SELECT 1/0", 0, NULL, &e);
            break;
        case 3:
            hg_conn_cancel(conn, NULL);
            break;
        default:
            break;
        }
        hg_conn_close(conn);
    }
    return NULL;
}

START_TEST(threads_that_misbehave_leave_the_pool_in_order)
{
    enum { THREADS = 12 };
    hg_pool_options opt = options(4);
    worker workers[THREADS];
    pthread_t ids[THREADS];
    atomic_int wrong = 0;
    hg_pool_stats s;

    opt.max_lifetime_ms = 300;
    opt.check_after_ms = 1;
    open_pool("ADMIN", &opt);
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (worker){ .number = i, .rounds = 25, .wrong = &wrong };
        ck_assert(pthread_create(&ids[i], NULL, misbehave, &workers[i]) == 0);
    }
    for (int i = 0; i < 50; i++) {
        s = stats();                                    /* beside them, and never out of bounds */
        ck_assert_msg(s.open >= 0 && s.open <= 4 && s.idle >= 0 && s.idle <= s.open, "open %d, idle %d", s.open, s.idle);
        hgi_sleep_us(1000);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(ids[i], NULL);
    for (int i = 0; i < THREADS; i++)
        ck_assert_msg(workers[i].why[0] == '\0', "%d things went wrong; one: %s", atomic_load(&wrong), workers[i].why);
    s = stats();
    ck_assert_msg(s.idle == s.open && s.waiting == 0, "open %d, idle %d, waiting %d", s.open, s.idle, s.waiting);
    ck_assert_msg(s.opened == (uint64_t)s.open + s.discarded + s.expired, "opened %d, but %d open, %d discarded, %d expired",
                  (int)s.opened, s.open, (int)s.discarded, (int)s.expired);
}
END_TEST

/* ---- Closing ----------------------------------------------------------------------------------------------------- */

START_TEST(closing_leaves_those_that_are_out_to_their_callers)
{
    hg_pool_options opt = options(3);
    hg_conn *a, *b;

    open_pool("SERVICE", &opt);
    a = acquire();
    b = acquire();
    hg_conn_close(acquire());
    hg_pool_close(pool);
    pool = NULL;
    ck_ok(hg_conn_ping(a, &err), err);
    ck_ok(hg_tx_begin(b, NULL, &err), err);
    hg_conn_close(a);
    ck_ok(hg_conn_ping(b, &err), err);
    hg_conn_close(b);                                   /* the last one frees the pool: no live block is left */
}
END_TEST

static void *
wait_for_one(void *arg)
{
    hg_conn *conn = NULL;
    hg_error e = { 0 };

    *(hg_status *)arg = hg_pool_acquire(pool, -1, &conn, &e);
    hg_conn_close(conn);
    return NULL;
}

START_TEST(closing_sends_those_away_who_wait)
{
    enum { WAITING = 4 };
    hg_pool_options opt = options(1);
    hg_status ends[WAITING];
    pthread_t ids[WAITING];
    hg_conn *conn;
    hg_pool *closing;

    open_pool("SERVICE", &opt);
    conn = acquire();
    for (int i = 0; i < WAITING; i++)
        ck_assert(pthread_create(&ids[i], NULL, wait_for_one, &ends[i]) == 0);
    while (stats().waiting < WAITING)
        hgi_sleep_us(1000);
    closing = pool;
    if (_i == 0) {
        hg_pool_close(closing);
        for (int i = 0; i < WAITING; i++)
            pthread_join(ids[i], NULL);
        hg_conn_close(conn);
    } else {
        hg_pool_close(closing);                         /* the connection comes back while they are leaving */
        hg_conn_close(conn);
        for (int i = 0; i < WAITING; i++)
            pthread_join(ids[i], NULL);
    }
    pool = NULL;
    for (int i = 0; i < WAITING; i++)
        ck_assert_msg(ends[i] == HG_E_STATE, "thread %d got %s", i, hg_status_name(ends[i]));
}
END_TEST

START_TEST(one_who_waits_gets_what_comes_back)
{
    hg_pool_options opt = options(1);
    hg_status end = -1;
    pthread_t id;
    hg_conn *conn;

    open_pool("SERVICE", &opt);
    conn = acquire();
    ck_assert(pthread_create(&id, NULL, wait_for_one, &end) == 0);
    while (stats().waiting < 1)
        hgi_sleep_us(1000);
    if (_i == 1)
        kill_backend(conn);                             /* or the room of what does not */
    hg_conn_close(conn);
    pthread_join(id, NULL);
    ck_assert_msg(end == HG_OK, "he got %s", hg_status_name(end));
    ck_assert_msg(stats().waited == 1 && stats().wait_us > 0, "waited %d, %d us", (int)stats().waited, (int)stats().wait_us);
}
END_TEST

Suite *
suite_session_pool(void)
{
    Suite *suite = suite_create("session/pool");
    TCase *tc = tcase_create("pool");

    tcase_add_checked_fixture(tc, fixture_open, teardown);
    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, options_that_are_none_are_refused, 0, 7);
    tcase_add_loop_test(tc, a_pool_that_cannot_connect_is_not_made, 0, 2);
    tcase_add_loop_test(tc, min_idle_are_opened_at_the_start, 0, 4);
    tcase_add_test(tc, what_the_header_forbids_is_refused);
    tcase_add_test(tc, one_given_back_is_given_out_again);
    tcase_add_test(tc, a_thread_gets_the_one_back_that_it_had_just_now);
    tcase_add_test(tc, later_it_gets_the_one_that_was_given_back_last);
    tcase_add_test(tc, none_is_free_in_time);
    tcase_add_loop_test(tc, one_comes_back_as_new, 0, 3);
    tcase_add_loop_test(tc, one_that_the_server_ended_is_not_given_out, 0, 2);
    tcase_add_test(tc, one_whose_raw_connection_was_handed_out_is_closed);
    tcase_add_loop_test(tc, one_that_was_idle_for_long_is_asked_first, 0, 2);
    tcase_add_test(tc, those_idle_for_too_long_are_closed_but_for_min_idle);
    tcase_add_loop_test(tc, one_that_is_too_old_is_closed, 0, 2);
    tcase_add_loop_test(tc, many_threads_share_few_connections_and_no_rights, 0, 2);
    tcase_add_test(tc, threads_that_misbehave_leave_the_pool_in_order);
    tcase_add_test(tc, closing_leaves_those_that_are_out_to_their_callers);
    tcase_add_loop_test(tc, closing_sends_those_away_who_wait, 0, 2);
    tcase_add_loop_test(tc, one_who_waits_gets_what_comes_back, 0, 2);
    suite_add_tcase(suite, tc);
    return suite;
}
