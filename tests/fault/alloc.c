/* fault/alloc - each allocation fails once in turn: the call gives HG_E_NOMEM or succeeds, *out is NULL after a failure, no
 * block stays alive, and the connection works afterwards. A write that was done and whose row could then not be read back
 * is HG_E_IN_DOUBT, and says so.
 *
 * A body runs with allocation 1 failing, then 2, and so on until it succeeds without having reached the one that would
 * fail. What libpq allocates is not the library's and does not fail here. */
#include "fixture.h"
#include "kept.h"
#include "suites.h"

#include <string.h>

static hg_uuid job;
static hg_uuid *ids;
static hg_job *rows;
static uint64_t least;

enum { LONG = 600, SHORT = 5 };

static void
setup(void)
{
    fixture_open();
    job = fixture_insert(HG_TABLE_JOBS);
    rows = fixture_memory(LONG * sizeof *rows);
    ids = fixture_memory(LONG * sizeof *ids);
    least = HG_BIT(HG_JOB_TITLE) | HG_BIT(HG_JOB_SLUG) | HG_BIT(HG_JOB_DESCRIPTION) | HG_BIT(HG_JOB_JOB_TYPE) |
            HG_BIT(HG_JOB_SEO_KEYWORDS);
    for (size_t i = 0; i < LONG; i++) {
        static const hg_str words[] = { { "a", 1 }, { NULL, 0 }, { "c d", 3 } };

        hg_uuid_new(&ids[i]);
        rows[i] = (hg_job){ .struct_size = sizeof *rows, .id = ids[i], .title = { "t", 1 }, .slug = { "s", 1 },
                            .description = { "d", 1 }, .job_type = 1, .seo_keywords = { words, NULL, 3 } };
    }
    ck_ok(hg_job_insert_many(service, rows, LONG, sizeof *rows, least | HG_BIT(HG_JOB_ID), NULL, &err), err);
    kept_reuse(1);
}

static void
teardown(void)
{
    kept_reuse(0);
    fixture_close();
}

/* ---- Bodies: each leaves nothing behind when it succeeds, and says whether *out was NULL when it did not --------- */

typedef hg_status body(hg_conn *conn, int *clean);

static hg_status
open_conn(hg_conn *conn, int *clean)
{
    hg_conn *made = (hg_conn *)(void *)&conn;
    hg_status st = hg_conn_open(fixture_dsn("SERVICE"), NULL, &made, &err);

    *clean = made == NULL;
    if (st == HG_OK)
        hg_conn_close(made);
    return st;
}

static hg_status
open_apart(hg_conn *conn, int *clean)
{
    hg_conn_options opt = { .struct_size = sizeof opt, .skip_check = 1 };
    hg_conn *made = NULL, *apart = (hg_conn *)(void *)&conn;
    hg_status st = hg_conn_open(fixture_dsn("SERVICE"), &opt, &made, &err);

    *clean = made == NULL;
    if (st != HG_OK)
        return st;
    st = hg_audit_apart(made, &apart, &err);
    *clean = apart == NULL;
    hg_conn_close(made);
    return st;
}

static hg_status
open_pool(hg_conn *conn, int *clean)
{
    hg_pool_options opt = { .struct_size = sizeof opt, .skip_check = 1, .min_idle = 2 };
    hg_pool *made = (hg_pool *)(void *)&conn;
    hg_status st = hg_pool_open(fixture_dsn("SERVICE"), &opt, &made, &err);

    *clean = made == NULL;
    if (st == HG_OK)
        hg_pool_close(made);
    return st;
}

static hg_status
get(hg_conn *conn, int *clean)
{
    const hg_job *row = (const hg_job *)(const void *)&row;
    hg_status st = hg_job_get(conn, &ids[0], &row, &err);

    *clean = row == NULL;
    if (st == HG_OK)
        hg_job_free(row);
    return st;
}

static hg_status
get_some(hg_conn *conn, size_t count, int *clean)
{
    hg_job_list *list = (hg_job_list *)(void *)&list;
    hg_status st = hg_job_get_many(conn, ids, count, &list, &err);

    *clean = list == NULL;
    if (st == HG_OK) {
        ck_assert_msg(hg_job_list_count(list) == count, "%zu rows, want %zu", hg_job_list_count(list), count);
        hg_job_list_free(list);
    }
    return st;
}

static hg_status get_short(hg_conn *conn, int *clean) { return get_some(conn, SHORT, clean); }
static hg_status get_long(hg_conn *conn, int *clean) { return get_some(conn, LONG, clean); }

static hg_status
insert(hg_conn *conn, int *clean)
{
    const hg_job *row = (const hg_job *)(const void *)&row;
    hg_job one = rows[0];
    hg_status st;

    memset(&one.id, 0, sizeof one.id);
    st = hg_job_insert(conn, &one, least, &row, &err);
    *clean = row == NULL;
    if (st == HG_OK)
        hg_job_free(row);
    return st;
}

/* An argument that does not fit into the call's own memory. */
static hg_status
insert_large(hg_conn *conn, int *clean)
{
    const hg_job *row = (const hg_job *)(const void *)&row;
    hg_str words[200];
    hg_job one = rows[0];
    hg_status st;

    for (size_t i = 0; i < 200; i++)
        words[i] = str_of("a word of some length");
    memset(&one.id, 0, sizeof one.id);
    one.seo_keywords = (hg_str_list){ words, NULL, 200 };
    st = hg_job_insert(conn, &one, least, &row, &err);
    *clean = row == NULL;
    if (st == HG_OK)
        hg_job_free(row);
    return st;
}

static hg_status
insert_many(hg_conn *conn, int *clean)
{
    hg_job_list *list = (hg_job_list *)(void *)&list;
    hg_job copies[SHORT];
    hg_status st;

    memcpy(copies, rows, sizeof copies);
    for (size_t i = 0; i < SHORT; i++)
        memset(&copies[i].id, 0, sizeof copies[i].id);
    st = hg_job_insert_many(conn, copies, SHORT, sizeof copies[0], least, &list, &err);
    *clean = list == NULL;
    if (st == HG_OK)
        hg_job_list_free(list);
    return st;
}

static hg_status
update(hg_conn *conn, int *clean)
{
    const hg_job *row = (const hg_job *)(const void *)&row;
    hg_job one = { .struct_size = sizeof one, .title = { "u", 1 } };
    hg_status st = hg_job_update(conn, &ids[1], &one, HG_BIT(HG_JOB_TITLE), &row, &err);

    *clean = row == NULL;
    if (st == HG_OK)
        hg_job_free(row);
    return st;
}

static hg_status
upsert(hg_conn *conn, int *clean)
{
    const hg_company *row = (const hg_company *)(const void *)&row;
    hg_company one = { .struct_size = sizeof one, .name = { "n", 1 }, .slug = { "fault-alloc", 11 } };
    hg_status st = hg_company_upsert(conn, &one, HG_BIT(HG_COMPANY_NAME) | HG_BIT(HG_COMPANY_SLUG), HG_COMPANY_KEY_SLUG,
                                     &row, &err);

    *clean = row == NULL;
    if (st == HG_OK)
        hg_company_free(row);
    return st;
}

static hg_status
upsert_many(hg_conn *conn, int *clean)
{
    hg_company_list *list = (hg_company_list *)(void *)&list;
    hg_company two[2] = {
        { .struct_size = sizeof two[0], .name = { "n", 1 }, .slug = { "fault-alloc-1", 13 } },
        { .struct_size = sizeof two[0], .name = { "n", 1 }, .slug = { "fault-alloc-2", 13 } },
    };
    hg_status st = hg_company_upsert_many(conn, two, 2, sizeof two[0], HG_BIT(HG_COMPANY_NAME) | HG_BIT(HG_COMPANY_SLUG),
                                          HG_COMPANY_KEY_SLUG, &list, &err);

    *clean = list == NULL;
    if (st == HG_OK)
        hg_company_list_free(list);
    return st;
}

static hg_status
transaction(hg_conn *conn, int *clean)
{
    int inner;
    hg_status st = hg_tx_begin(conn, NULL, &err);

    *clean = 1;
    if (st == HG_OK)
        st = update(conn, &inner);
    if (st == HG_OK)
        st = hg_tx_savepoint(conn, "here", &err);
    if (st == HG_OK)
        st = get(conn, &inner);
    if (st == HG_OK)
        st = hg_tx_commit(conn, &err);
    if (hg_tx_is_open(conn))
        hg_tx_rollback(conn, NULL);
    return st;
}

/* Two writes; what is open after a failure is given up, which needs no memory. */
static hg_status
batch(hg_conn *conn, int is_ended)
{
    hg_job one = rows[0], other = { .struct_size = sizeof other, .title = { "b", 1 } };
    hg_status st = hg_batch_begin(conn, &err);
    hg_error told;
    int64_t failed;

    if (st != HG_OK)
        return st;
    memset(&one.id, 0, sizeof one.id);
    st = hg_job_insert(conn, &one, least, NULL, &err);
    if (st == HG_OK)
        st = hg_job_update(conn, &ids[3], &other, HG_BIT(HG_JOB_TITLE), NULL, &err);
    if (st == HG_OK && is_ended) {
        st = hg_batch_end(conn, &failed, &err);
        ck_assert_msg(failed == -1, "write %d failed: %s", (int)failed, err.message);
        return st;
    }
    ck_ok(hg_batch_drop(conn, &told), told);
    return st;
}

static hg_status
batch_end(hg_conn *conn, int *clean)
{
    *clean = 1;
    return batch(conn, 1);
}

static hg_status
batch_drop(hg_conn *conn, int *clean)
{
    long before = sql_int("SELECT count(*) FROM jobs");
    hg_status st = batch(conn, 0);

    *clean = 1;
    ck_assert_msg(sql_int("SELECT count(*) FROM jobs") == before, "a batch that was given up has been stored");
    return st;
}

static hg_status
session(hg_conn *conn, int *clean)
{
    hg_identity who = { .struct_size = sizeof who, .role = HG_ROLE_SERVICE, .action = "fault" };
    hg_status st = hg_session_enter(conn, &who, &err);

    *clean = 1;
    if (st == HG_OK)
        st = get(conn, clean);
    hg_session_leave(conn);
    return st;
}

static hg_status
cancel(hg_conn *conn, int *clean)
{
    *clean = 1;
    return hg_conn_cancel(conn, &err);
}

static hg_status
next_notice(hg_conn *conn, int *clean)
{
    hg_text *text = (hg_text *)(void *)&text;
    hg_status st;

    hgi_fault_at(0);                                    /* the notice itself is libpq's affair */
    ck_ok(hgi_command(conn, "DO $$ BEGIN RAISE NOTICE 'x'; END $$", 0, NULL, &err), err);
    hgi_fault_at(1);
    st = hg_conn_next_notice(conn, &text, &err);
    *clean = text == NULL;
    hgi_fault_at(0);
    if (st != HG_OK) {
        ck_ok(hg_conn_next_notice(conn, &text, &err), err);
        ck_assert_msg(text != NULL, "the notice was lost with the memory");
        hg_text_free(text);
        return HG_OK;
    }
    hg_text_free(text);
    return st;
}

static const struct { const char *what; body *run; hg_status failure, written; } bodies[] = {
    { "conn open",        open_conn,    HG_E_NOMEM, HG_E_NOMEM },
    { "one beside it",    open_apart,   HG_E_NOMEM, HG_E_NOMEM },
    { "pool open",        open_pool,    HG_E_NOMEM, HG_E_NOMEM },
    { "get",              get,          HG_E_NOMEM, HG_E_NOMEM },
    { "a short get_many", get_short,    HG_E_NOMEM, HG_E_NOMEM },
    { "a long get_many",  get_long,     HG_E_NOMEM, HG_E_NOMEM },
    { "insert",           insert,       HG_E_NOMEM, HG_E_IN_DOUBT },
    { "a large insert",   insert_large, HG_E_NOMEM, HG_E_IN_DOUBT },
    { "insert_many",      insert_many,  HG_E_NOMEM, HG_E_IN_DOUBT },
    { "update",           update,       HG_E_NOMEM, HG_E_IN_DOUBT },
    { "upsert",           upsert,       HG_E_NOMEM, HG_E_IN_DOUBT },
    { "upsert_many",      upsert_many,  HG_E_NOMEM, HG_E_IN_DOUBT },
    { "a transaction",    transaction,  HG_E_NOMEM, HG_E_IN_DOUBT },
    { "a batch",          batch_end,    HG_E_NOMEM, HG_E_NOMEM },
    { "a batch given up", batch_drop,   HG_E_NOMEM, HG_E_NOMEM },
    { "a session",        session,      HG_E_NOMEM, HG_E_NOMEM },
    { "cancel",           cancel,       HG_E_CONNECTION, HG_E_CONNECTION },   /* could not be asked */
    { "next_notice",      next_notice,  HG_E_NOMEM, HG_E_NOMEM },
};
enum { BODIES = sizeof bodies / sizeof *bodies };

/* One run with allocation n failing, on a connection of its own. 0: it was not reached. from_then_on: and all later ones. */
static int
run_with_fault(int which, long n, int from_then_on)
{
    hg_conn *conn = fixture_conn(fixture_dsn("SERVICE"), NULL);
    long before = hgi_live_blocks(), after_call, reached;
    const hg_job *row = NULL;
    hg_status st;
    int clean = 1;

    hgi_fault_at(from_then_on ? -n : n);
    st = bodies[which].run(conn, &clean);
    reached = hgi_fault_count();
    hgi_fault_at(0);
    after_call = hgi_live_blocks();
    ck_assert_msg(st == HG_OK || st == bodies[which].failure || st == bodies[which].written, "%s, allocation %ld: gave %s (%s)", bodies[which].what, n,
                  hg_status_name(st), err.message);
    ck_assert_msg(st != HG_OK || reached < n || bodies[which].run == next_notice, "%s succeeds without allocation %ld",
                  bodies[which].what, n);
    ck_assert_msg(st == HG_OK || err.status == st, "%s, allocation %ld: err says %s", bodies[which].what, n,
                  hg_status_name(err.status));
    ck_assert_msg(st == HG_OK || clean, "%s, allocation %ld: *out is not NULL after a failure", bodies[which].what, n);
    if (!conn->broken) {
        ck_assert_msg(!hg_tx_is_open(conn), "%s, allocation %ld: a transaction is open", bodies[which].what, n);
        ck_assert_msg(hg_job_get(conn, &ids[2], &row, &err) == HG_OK, "%s, allocation %ld: the next call gives %s",
                      bodies[which].what, n, err.message);
        hg_job_free(row);
    }
    ck_assert_msg(!conn->broken, "%s, allocation %ld: the connection is broken", bodies[which].what, n);
    hg_session_leave(conn);
    fixture_done(conn);
    /* The connection's own blocks (statements, identity) went with it; whatever is left is the call's. */
    ck_assert_msg(hgi_live_blocks() < before, "%s, allocation %ld: %ld blocks before, %ld after the call, %ld at the end",
                  bodies[which].what, n, before, after_call, hgi_live_blocks());
    return reached >= n;
}

START_TEST(each_allocation_fails_once)
{
    long n = 1;

    while (run_with_fault(_i, n, 0))
        n++;
    ck_assert_msg(n > 1 || bodies[_i].run == next_notice, "%s allocates nothing", bodies[_i].what);
}
END_TEST

START_TEST(each_allocation_fails_and_all_that_follow)
{
    long n = 1;

    while (run_with_fault(_i, n, 1))
        n++;
}
END_TEST

/* HG_E_NOMEM: nothing was written. HG_E_IN_DOUBT: it was. */
START_TEST(what_a_batch_that_fails_for_memory_says_is_true)
{
    for (long n = 1;; n++) {
        long before = sql_int("SELECT count(*) FROM jobs"), after, reached;
        int clean;
        hg_status st;

        hgi_fault_at(n);
        st = insert_many(service, &clean);
        reached = hgi_fault_count();
        hgi_fault_at(0);
        after = sql_int("SELECT count(*) FROM jobs");
        ck_assert_msg(after == before || after == before + SHORT, "%ld rows of %d were stored", after - before, SHORT);
        ck_assert_msg(after == (st == HG_E_NOMEM ? before : before + SHORT), "%s, but %ld rows", hg_status_name(st),
                      after - before);
        if (st == HG_OK && reached < n)
            break;
    }
}
END_TEST

static hg_status
insert_into_batch(hg_conn *conn, const hg_uuid *id)
{
    hg_job one = rows[0];

    one.id = *id;
    return hg_job_insert(conn, &one, least | HG_BIT(HG_JOB_ID), NULL, &err);
}

/* The third of three writes finds no row: its number, and what is told of it, go by those that were taken. */
START_TEST(a_write_that_a_batch_had_no_memory_for_is_not_one_of_it)
{
    long reached, n = 0;

    do {
        hg_conn *conn = fixture_conn(fixture_dsn("SERVICE"), NULL);
        hg_job change = { .struct_size = sizeof change, .title = { "c", 1 } };
        hg_uuid first, second, nobody;
        int64_t failed;
        hg_status st;

        hg_uuid_new(&first), hg_uuid_new(&second), hg_uuid_new(&nobody);
        ck_ok(hg_batch_begin(conn, &err), err);
        hgi_fault_at(++n);
        st = insert_into_batch(conn, &first);
        reached = hgi_fault_count();
        hgi_fault_at(0);
        ck_assert_msg(st == HG_OK || st == HG_E_NOMEM, "allocation %ld: gave %s", n, hg_status_name(st));
        ck_ok(insert_into_batch(conn, &second), err);
        ck_ok(hg_job_update(conn, &nobody, &change, HG_BIT(HG_JOB_TITLE), NULL, &err), err);
        ck_status(hg_batch_end(conn, &failed, &err), HG_E_NOT_FOUND, err);
        ck_assert_msg(failed == (st == HG_OK ? 2 : 1), "allocation %ld: after %s write %d failed", n, hg_status_name(st),
                      (int)failed);
        fixture_done(conn);
    } while (reached >= n);
    ck_assert_msg(n > 3, "a batch's first write allocates %ld times: this test proves little", n - 1);
}
END_TEST

Suite *
suite_fault_alloc(void)
{
    Suite *suite = suite_create("fault/alloc");
    TCase *tc = tcase_create("alloc");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, each_allocation_fails_once, 0, BODIES);
    tcase_add_loop_test(tc, each_allocation_fails_and_all_that_follow, 0, BODIES);
    tcase_add_test(tc, what_a_batch_that_fails_for_memory_says_is_true);
    tcase_add_test(tc, a_write_that_a_batch_had_no_memory_for_is_not_one_of_it);
    suite_add_tcase(suite, tc);
    return suite;
}
