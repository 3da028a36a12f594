/* fault/proxy - the connection is cut after byte n of the server's answer: the status says what a caller may believe, and
 * what it says is true of the database.
 *
 * A small forwarder on a Unix socket stands between libpq and the server. It runs in a thread of the test's process,
 * counts the bytes that come from the server once it is armed, and closes both sides behind the last one that it lets
 * through. Where a cut may tell something it learns from an answer that is not cut: behind the type of each message, within
 * its length, its head and its body, before its last byte and behind it; of a run of messages of one type, in three. */
#include "fixture.h"
#include "hotgigs/operation.h"
#include "suites.h"
#include "unit/random.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static struct proxy {
    char        dir[64];
    struct sockaddr_un here, there;
    int         listener;
    pthread_t   thread;
    atomic_long left;                  /* bytes of the server's to let through; -1: all */
    atomic_long passed;                /* since it was armed */
    unsigned char heard[1 << 18];      /* the first of these */
    atomic_int  stop;
} proxy;

/* ---- The forwarder ----------------------------------------------------------------------------------------------- */

/* Moves what is there. 0: that side has closed, or the proxy cuts. */
static int
forward(int from, int to, int is_server)
{
    char bytes[4096];
    long left = is_server ? atomic_load(&proxy.left) : -1;
    ssize_t n;

    if (left == 0)
        return 0;
    n = recv(from, bytes, left > 0 && left < (long)sizeof bytes ? (size_t)left : sizeof bytes, 0);
    if (n <= 0)
        return 0;
    if (is_server) {
        long before = atomic_load(&proxy.passed);

        if (before + n <= (long)sizeof proxy.heard)
            memcpy(proxy.heard + before, bytes, (size_t)n);
        atomic_store(&proxy.passed, before + n);
        if (left > 0)
            atomic_store(&proxy.left, left - n);
    }
    for (ssize_t done = 0; done < n;) {
        ssize_t m = send(to, bytes + done, (size_t)(n - done), MSG_NOSIGNAL);

        if (m <= 0)
            return 0;
        done += m;
    }
    return !is_server || atomic_load(&proxy.left) != 0;
}

/* One connection, and beside it those for cancelling, which are short. */
static void *
run(void *arg)
{
    enum { PAIRS = 8 };
    int client[PAIRS], server[PAIRS], pairs = 0;

    (void)arg;
    while (!atomic_load(&proxy.stop)) {
        struct pollfd fds[1 + 2 * PAIRS] = { { .fd = proxy.listener, .events = POLLIN } };

        for (int i = 0; i < pairs; i++) {
            fds[1 + 2 * i] = (struct pollfd){ .fd = client[i], .events = POLLIN };
            fds[2 + 2 * i] = (struct pollfd){ .fd = server[i], .events = POLLIN };
        }
        if (poll(fds, (nfds_t)(1 + 2 * pairs), 20) <= 0)
            continue;
        for (int i = pairs - 1; i >= 0; i--) {
            int open = 1;

            if (fds[2 + 2 * i].revents)
                open = forward(server[i], client[i], 1);
            if (open && fds[1 + 2 * i].revents)
                open = forward(client[i], server[i], 0);
            if (!open) {
                close(client[i]);
                close(server[i]);
                pairs--;
                client[i] = client[pairs];
                server[i] = server[pairs];
            }
        }
        if (fds[0].revents && pairs < PAIRS) {
            client[pairs] = accept(proxy.listener, NULL, NULL);
            server[pairs] = socket(AF_UNIX, SOCK_STREAM, 0);
            if (connect(server[pairs], (struct sockaddr *)&proxy.there, sizeof proxy.there) == 0) {
                pairs++;
            } else {
                close(client[pairs]);
                close(server[pairs]);
            }
        }
    }
    for (int i = 0; i < pairs; i++) {
        close(client[i]);
        close(server[i]);
    }
    return NULL;
}

static void
arm(long bytes)
{
    atomic_store(&proxy.passed, 0);
    atomic_store(&proxy.left, bytes);
}

/* ---- Where to cut ------------------------------------------------------------------------------------------------- */

enum { CUTS_MAX = 400 };

/* Length of the message at a place of what was heard; 0: that is its end. */
static long
message_at(long place, long end)
{
    const unsigned char *m = proxy.heard + place;
    long len = place + 5 <= end ? 1 + ((long)m[1] << 24 | (long)m[2] << 16 | (long)m[3] << 8 | (long)m[4]) : 0;

    return place + len <= end ? len : 0;
}

static int
cuts_of_message(long place, long len, uint64_t *state, long *cuts)
{
    const long within[] = { 1, 3, 5, 5 + (long)(random_next(state) % (uint64_t)(len - 4)), len - 1, len };
    int count = 0;

    for (size_t i = 0; i < sizeof within / sizeof *within; i++)
        if (within[i] <= len && (i == 0 || within[i] > within[i - 1]))
            cuts[count++] = place + within[i];
    return count;
}

/* Of the answer that was just heard, ascending; how many. */
static int
find_cuts(uint64_t *state, long cuts[CUTS_MAX])
{
    long end = atomic_load(&proxy.passed), len;
    int count = 0, nth = 0;

    ck_assert_msg(end > 0 && end <= (long)sizeof proxy.heard, "the answer has %ld bytes", end);
    for (long place = 0, last = -1; (len = message_at(place, end)) > 0; last = place, place += len) {
        int is_same = last >= 0 && proxy.heard[last] == proxy.heard[place];
        int is_last = place + len == end || proxy.heard[place + len] != proxy.heard[place];

        nth = is_same ? nth + 1 : 0;
        if ((nth < 2 || is_last) && count + 6 <= CUTS_MAX)
            count += cuts_of_message(place, len, state, cuts + count);
    }
    ck_assert_msg(count > 0 && cuts[count - 1] == end, "the answer's %ld bytes are no whole messages, or too many", end);
    return count;
}

/* ---- The fixture ------------------------------------------------------------------------------------------------- */

static int is_local;                   /* the server has a Unix socket that can be stood in front of */

static const char *
option(PQconninfoOption *options, const char *keyword)
{
    for (PQconninfoOption *o = options; o->keyword != NULL; o++)
        if (strcmp(o->keyword, keyword) == 0 && o->val != NULL)
            return o->val;
    return "";
}

static void
setup(void)
{
    PQconninfoOption *options;

    fixture_open();
    options = PQconninfoParse(fixture_dsn("SERVICE"), NULL);
    ck_assert(options != NULL);
    is_local = option(options, "host")[0] == '/';
    if (is_local) {
        strcpy(proxy.dir, "/tmp/hotgigs_proxy.XXXXXX");
        ck_assert(mkdtemp(proxy.dir) != NULL);
        proxy.here.sun_family = proxy.there.sun_family = AF_UNIX;
        snprintf(proxy.here.sun_path, sizeof proxy.here.sun_path, "%s/.s.PGSQL.%s", proxy.dir, option(options, "port"));
        snprintf(proxy.there.sun_path, sizeof proxy.there.sun_path, "%s/.s.PGSQL.%s", option(options, "host"),
                 option(options, "port"));
        proxy.listener = socket(AF_UNIX, SOCK_STREAM, 0);
        ck_assert(bind(proxy.listener, (struct sockaddr *)&proxy.here, sizeof proxy.here) == 0);
        ck_assert(listen(proxy.listener, 8) == 0);
        atomic_store(&proxy.stop, 0);
        arm(-1);
        ck_assert(pthread_create(&proxy.thread, NULL, run, NULL) == 0);
    }
    PQconninfoFree(options);
}

static void
teardown(void)
{
    if (is_local) {
        atomic_store(&proxy.stop, 1);
        pthread_join(proxy.thread, NULL);
        close(proxy.listener);
        unlink(proxy.here.sun_path);
        rmdir(proxy.dir);
    }
    fixture_close();
}

static const char *
through_proxy(void)
{
    return fixture_dsn_with("SERVICE", fixture_text("host=%s sslmode=disable gssencmode=disable", proxy.dir));
}

/* ---- Bodies ------------------------------------------------------------------------------------------------------ */

static hg_uuid task;

static hg_status
get(hg_conn *conn)
{
    const hg_task *row = (const hg_task *)(const void *)&row;
    hg_status st = hg_task_get(conn, &task, &row, &err);

    ck_assert_msg(st == HG_OK || row == NULL, "*out is not NULL after a failure");
    if (st == HG_OK)
        hg_task_free(row);
    return st;
}

static hg_uuid written;                /* the id of the row that the last insert was to write */

static hg_status
insert(hg_conn *conn)
{
    hg_task row = { .struct_size = sizeof row, .title = { "t", 1 } };
    const hg_task *made = (const hg_task *)(const void *)&made;
    hg_status st;

    hg_uuid_new(&row.id);
    written = row.id;
    st = hg_task_insert(conn, &row, HG_BIT(HG_TASK_ID) | HG_BIT(HG_TASK_TITLE), &made, &err);
    ck_assert_msg(st == HG_OK || made == NULL, "*out is not NULL after a failure");
    if (st == HG_OK)
        hg_task_free(made);
    return st;
}

static hg_status
insert_in_session(hg_conn *conn)
{
    hg_identity who = identity(HG_ROLE_SERVICE, NULL);

    strcpy(who.action, "proxy");
    ck_ok(hg_session_enter(conn, &who, &err), err);
    return insert(conn);
}

/* A long list: rows are read as they arrive. */
static hg_status
get_long(hg_conn *conn)
{
    enum { IDS = 300 };
    hg_uuid *ids = fixture_memory(IDS * sizeof *ids);
    hg_task_list *list = (hg_task_list *)(void *)&list;
    hg_status st;

    for (int i = 0; i < IDS; i++)
        ids[i] = task;
    st = hg_task_get_many(conn, ids, IDS, &list, &err);
    ck_assert_msg(st == HG_OK || list == NULL, "*out is not NULL after a failure");
    if (st == HG_OK)
        hg_task_list_free(list);
    return st;
}

static const struct {
    const char *what;
    hg_status (*run)(hg_conn *);
    int is_write, is_used;             /* used: the statements are prepared already */
} bodies[] = {
    { "the first get",           get,               0, 0 },
    { "a later get",             get,               0, 1 },
    { "a long list",             get_long,          0, 1 },
    { "the first insert",        insert,            1, 0 },
    { "a later insert",          insert,            1, 1 },
    { "an insert in a session",  insert_in_session, 1, 0 },
};
enum { BODIES = sizeof bodies / sizeof *bodies };

/* A status may say less than is true, never what is not. */
static void
expect_truth(const char *what, long cut, hg_status st, int is_write)
{
    int is_stored = is_write && sql_int("SELECT count(*) FROM tasks WHERE id = '%s'", uuid_text(&written)) == 1;

    if (is_write) {
        ck_assert_msg(st == HG_E_IN_DOUBT || st == HG_E_CONNECTION, "%s, cut after %ld bytes: gave %s (%s)", what, cut,
                      hg_status_name(st), err.message);
        ck_assert_msg(st == HG_E_IN_DOUBT || !is_stored, "%s, cut after %ld bytes: gave %s, but the row is stored", what, cut,
                      hg_status_name(st));
        ck_assert_msg((st == HG_E_IN_DOUBT) == ((err.flags & HG_ERROR_OUTCOME_UNKNOWN) != 0),
                      "%s, cut after %ld bytes: %s with the flags %u", what, cut, hg_status_name(st), err.flags);
    } else {
        ck_assert_msg(st == HG_E_CONNECTION, "%s, cut after %ld bytes: gave %s (%s)", what, cut, hg_status_name(st),
                      err.message);
        ck_assert_msg(err.flags & HG_ERROR_RETRY, "%s, cut after %ld bytes: the flags are %u", what, cut, err.flags);
    }
}

/* bytes: as arm() takes them. */
static void
cut_after(int which, long bytes)
{
    hg_conn *conn = fixture_conn(through_proxy(), NULL);
    hg_status st;
    int is_cut;

    if (bodies[which].is_used)
        ck_ok(bodies[which].run(conn), err);
    arm(bytes);
    st = bodies[which].run(conn);
    is_cut = bytes >= 0 && atomic_load(&proxy.passed) >= bytes && st != HG_OK;
    atomic_store(&proxy.left, -1);
    if (is_cut) {
        expect_truth(bodies[which].what, bytes, st, bodies[which].is_write);
        ck_assert_msg(get(conn) == HG_E_CONNECTION, "%s, cut after %ld bytes: the connection goes on", bodies[which].what,
                      bytes);
    } else {
        ck_assert_msg(st == HG_OK, "%s, not cut: gave %s (%s)", bodies[which].what, hg_status_name(st), err.message);
    }
    hg_conn_close(conn);
}

START_TEST(a_call_that_is_cut_off_in_any_message_says_what_may_be_believed)
{
    uint64_t state = test_seed + (uint64_t)_i;
    long cuts[CUTS_MAX];
    int count;

    if (!is_local) {
        printf("skipped: the proxy needs a server with a Unix socket\n");
        return;
    }
    task = fixture_insert(HG_TABLE_TASKS);
    cut_after(_i, -1);
    count = find_cuts(&state, cuts);
    for (int i = 0; i < count; i++)
        cut_after(_i, cuts[i]);
}
END_TEST

/* COMMIT of a transaction that wrote a row. */
START_TEST(a_commit_that_is_cut_off_is_in_doubt)
{
    static const char reply[] = "CCOMMIT and Z";

    if (!is_local)
        return;
    for (long bytes = 0; bytes <= (long)sizeof reply + 10; bytes++) {
        hg_conn *conn = fixture_conn(through_proxy(), NULL);
        hg_status st;

        ck_ok(hg_tx_begin(conn, NULL, &err), err);
        ck_ok(insert(conn), err);
        arm(bytes == 0 ? 1 : bytes);
        st = hg_tx_commit(conn, &err);
        arm(-1);
        if (st != HG_OK) {
            ck_status(st, HG_E_IN_DOUBT, err);
            ck_assert_msg(err.flags == HG_ERROR_OUTCOME_UNKNOWN, "cut after %ld bytes: the flags are %u", bytes, err.flags);
        }
        ck_assert_msg(!hg_tx_is_open(conn), "cut after %ld bytes: the transaction is open", bytes);
        ck_assert_msg(sql_int("SELECT count(*) FROM tasks WHERE id = '%s'", uuid_text(&written)) == 1,
                      "the server did not commit");
        hg_conn_close(conn);
    }
}
END_TEST

START_TEST(a_write_inside_a_transaction_that_is_cut_off_is_lost_with_it)
{
    if (!is_local)
        return;
    for (long bytes = 1; bytes < 60; bytes += 3) {
        hg_conn *conn = fixture_conn(through_proxy(), NULL);

        task = fixture_insert(HG_TABLE_TASKS);
        ck_ok(hg_tx_begin(conn, NULL, &err), err);
        ck_ok(get(conn), err);
        arm(bytes);
        ck_status(insert(conn), HG_E_CONNECTION, err);
        ck_assert_msg(err.flags == HG_ERROR_RETRY, "cut after %ld bytes: the flags are %u", bytes, err.flags);
        arm(-1);
        hg_tx_rollback(conn, &err);
        ck_assert_msg(!hg_tx_is_open(conn), "cut after %ld bytes: the transaction is open", bytes);
        ck_assert_msg(sql_int("SELECT count(*) FROM tasks WHERE id = '%s'", uuid_text(&written)) == 0, "the row is stored");
        hg_conn_close(conn);
    }
}
END_TEST

/* A connection that is being made: whatever is missing of the greeting, *out is NULL and nothing is left. */
START_TEST(a_greeting_that_is_cut_off_is_a_connection_error)
{
    hg_conn_options opt = { .struct_size = sizeof opt, .skip_check = 1 };
    uint64_t state = test_seed;
    long cuts[CUTS_MAX];
    int count;

    if (!is_local)
        return;
    arm(-1);
    hg_conn_close(fixture_conn(through_proxy(), &opt));
    count = find_cuts(&state, cuts);
    for (int i = 0; i < count; i++) {
        hg_conn *conn = (hg_conn *)(void *)&opt;
        hg_status st;

        arm(cuts[i]);
        st = hg_conn_open(through_proxy(), &opt, &conn, &err);
        arm(-1);
        if (st == HG_OK) {                   /* all that is asked came, and of ReadyForQuery nothing or a part */
            ck_assert_msg(cuts[count - 1] - cuts[i] <= 6, "cut after %ld bytes of %ld: gave HG_OK", cuts[i], cuts[count - 1]);
            hg_conn_close(conn);
        } else {
            ck_status(st, HG_E_CONNECTION, err);
            ck_assert_msg(conn == NULL, "cut after %ld bytes: *out is not NULL after a failure", cuts[i]);
        }
    }
}
END_TEST

/* ---- Steps of the business ----------------------------------------------------------------------------------------- */

/* Ids of the last stage(), as text. */
static char step_job[40], step_candidate[40], step_application[40], step_agent[40], step_referral[40];

static void
fresh(char id[40])
{
    hg_uuid made;

    hg_uuid_new(&made);
    snprintf(id, 40, "%s", uuid_text(&made));
}

/* A job, a candidate who has applied for it or not, and the freelancer who brought him. */
static void
stage(const char *status, const char *referral, const char *commission)
{
    fresh(step_job);
    fresh(step_candidate);
    fresh(step_application);
    fresh(step_agent);
    fresh(step_referral);
    sql_do("INSERT INTO users (id, email, user_type) VALUES ('%s', '%s@cut.example', 'freelance_recruiter')", step_agent, step_agent);
    sql_do("INSERT INTO jobs (id, title, slug, description, job_type) VALUES ('%s', 'J', '%s', 'd', 'full_time')", step_job, step_job);
    sql_do("INSERT INTO candidate_profiles (id) VALUES ('%s')", step_candidate);
    sql_do("INSERT INTO freelance_recruiters (id, user_id, commission_rate) VALUES ('%s', '%s', 10)", step_agent, step_agent);
    if (status != NULL)
        sql_do("INSERT INTO applications (id, job_id, candidate_id, status, referrer_id) VALUES ('%s', '%s', '%s', '%s', '%s')",
               step_application, step_job, step_candidate, status, step_agent);
    if (referral != NULL)
        sql_do("INSERT INTO referrals (id, recruiter_id, candidate_id, job_id, referral_status, commission_status,"
               " commission_amount) VALUES ('%s', '%s', '%s', '%s', '%s', '%s', 50)", step_referral, step_agent, step_candidate,
               step_job, referral, commission);
}

/* Applications for the job, its own count of them, steps in their timelines, placements and earnings of the freelancer. */
static const char *
counted(void)
{
    return sql_text("SELECT concat_ws(' ', (SELECT count(*) FROM applications WHERE job_id = '%s'),"
                    " (SELECT application_count FROM jobs WHERE id = '%s'),"
                    " (SELECT count(*) FROM application_timeline t JOIN applications a ON a.id = t.application_id"
                    "  WHERE a.job_id = '%s'),"
                    " (SELECT coalesce(total_placements, 0) || ' ' || coalesce(total_earnings, 0)::int"
                    "  FROM freelance_recruiters WHERE id = '%s'))", step_job, step_job, step_job, step_agent);
}

static hg_status
do_step(hg_conn *conn, const char *operation, const char *params)
{
    const hg_operation_info *op = NULL;
    hg_draft *draft = NULL;
    hg_status st;

    for (int32_t i = 0; op == NULL || strcmp(op->name, operation) != 0; i++) {
        op = hg_operation_describe(i);
        ck_assert_msg(op != NULL, "there is no operation %s", operation);
    }
    ck_ok(hg_operation_params_from_json(op, params, strlen(params), &draft, &err), err);
    st = hg_operation_run_row(conn, op, hg_operation_draft_params(op, draft), NULL, &err);
    hg_draft_free(draft);
    return st;
}

/* A for the application, J for the job, C for the candidate, R for the referral. again: what a repeat may hear if the
 * step was done already. */
static const struct {
    const char *operation, *params, *status, *referral, *commission, *once;
    hg_status   again;
} business[] = {
    { "application_submit", "{'job_id':'J','candidate_id':'C'}", NULL, NULL, NULL, "1 1 1 0 0", HG_E_CONFLICT },
    { "application_set_status", "{'application_id':'A','from_status':'applied','to_status':'screening'}", "applied", NULL, NULL,
      "1 1 1 0 0", HG_OK },
    { "application_hire", "{'application_id':'A','fee_basis':500}", "offer", "accepted", "pending", "1 1 1 1 0", HG_OK },
    { "commission_pay", "{'referral_id':'R'}", "hired", "hired", "approved", "1 1 0 0 50", HG_E_STATE },
};
enum { BUSINESS = sizeof business / sizeof *business };

static const char *
with_ids(const char *params)
{
    char *text = fixture_memory(400), *to = text;

    for (const char *p = params; *p != '\0'; p++) {
        const char *id = p[0] == '\'' ? "\"" : p[-(p > params)] != '\'' || p[1] != '\'' ? NULL : *p == 'A' ? step_application
                         : *p == 'J' ? step_job : *p == 'C' ? step_candidate : *p == 'R' ? step_referral : NULL;

        to += snprintf(to, (size_t)(text + 400 - to), "%.*s", id != NULL ? 40 : 1, id != NULL ? id : p);
    }
    return text;
}

/* Whoever lost the reply does the step again, on another connection: it is done once, whether the first went through or
 * not, and he learns it. */
START_TEST(a_step_that_is_cut_off_and_done_again_is_done_once)
{
    int was_cut = is_local;

    for (long bytes = 1; was_cut; bytes += bytes < 30 ? 7 : 61) {
        hg_conn *conn = fixture_conn(through_proxy(), NULL);
        hg_status first, again;

        stage(business[_i].status, business[_i].referral, business[_i].commission);
        arm(bytes);
        first = do_step(conn, business[_i].operation, with_ids(business[_i].params));
        was_cut = atomic_load(&proxy.passed) >= bytes && first != HG_OK;
        arm(-1);
        again = do_step(service, business[_i].operation, with_ids(business[_i].params));
        ck_assert_msg(first == (was_cut ? HG_E_IN_DOUBT : HG_OK), "%s, cut after %ld bytes: gave %s", business[_i].operation, bytes,
                      hg_status_name(first));
        ck_assert_msg(again == HG_OK || again == business[_i].again, "%s, done again after %ld bytes: gave %s (%s)",
                      business[_i].operation, bytes, hg_status_name(again), err.message);
        ck_assert_str_eq(counted(), business[_i].once);
        hg_conn_close(conn);
        ck_assert_int_lt(bytes, 20000);
    }
}
END_TEST

Suite *
suite_fault_proxy(void)
{
    Suite *suite = suite_create("fault/proxy");
    TCase *tc = tcase_create("proxy");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_set_timeout(tc, 180);
    tcase_add_loop_test(tc, a_call_that_is_cut_off_in_any_message_says_what_may_be_believed, 0, BODIES);
    tcase_add_test(tc, a_commit_that_is_cut_off_is_in_doubt);
    tcase_add_test(tc, a_write_inside_a_transaction_that_is_cut_off_is_lost_with_it);
    tcase_add_test(tc, a_greeting_that_is_cut_off_is_a_connection_error);
    tcase_add_loop_test(tc, a_step_that_is_cut_off_and_done_again_is_done_once, 0, BUSINESS);
    suite_add_tcase(suite, tc);
    return suite;
}
