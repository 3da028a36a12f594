/* pooler.c - the library behind PgBouncer in transaction mode: six clients, two servers, a user each. Nobody sees another's
 * rows, everything works, and nothing stays on a server connection. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hotgigs/tx.h"
#include "policies/attack.h"
#include "suites.h"

enum { CLIENTS = 6, ROUNDS = 60 };

static char folder[64];
static pid_t bouncer;
static const char *skipped;

/* ---- PgBouncer --------------------------------------------------------------------------------------------------- */

static char *
part_of_dsn(const char *keyword)
{
    char *dsn = policy_dsn("LOGIN", policy_db), *out = NULL;
    PQconninfoOption *options = PQconninfoParse(dsn, NULL);

    for (PQconninfoOption *o = options; o != NULL && o->keyword != NULL; o++)
        if (strcmp(o->keyword, keyword) == 0 && o->val != NULL)
            out = strdup(o->val);
    PQconninfoFree(options);
    free(dsn);
    return out;
}

static char *
pooled_dsn(const char *user)
{
    char *out = NULL;

    if (asprintf(&out, "host=%s port=6432 dbname=%s user=%s", folder, policy_db, user) < 0)
        exit(1);
    return out;
}

static int
is_up(void)
{
    char *dsn = pooled_dsn("hotgigs_login");
    PGPing answer = PQping(dsn);

    free(dsn);
    return answer == PQPING_OK;
}

static void
start(void)
{
    char *host, *port;

    ck_assert_msg(policy_databases_make() == 0, "the fixture's databases cannot be made");
    host = part_of_dsn("host");
    port = part_of_dsn("port");
    if (system("PATH=$PATH:/usr/sbin:/sbin command -v pgbouncer >/dev/null") != 0)
        skipped = "pgbouncer is not installed; sql/packages pooler installs it";
    else if (host == NULL || host[0] != '/')
        skipped = "the server has no Unix socket here";
    if (skipped != NULL) {
        printf("policies/pooler is skipped: %s\n", skipped);
        fflush(stdout);
        free(host);
        free(port);
        return;
    }
    strcpy(folder, "/tmp/hotgigs.XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    fflush(stdout);
    bouncer = fork();
    if (bouncer == 0) {
        execl("tests/policies/pgbouncer", "pgbouncer", folder, host, port, policy_db, (char *)NULL);
        _exit(127);
    }
    free(host);
    free(port);
    for (int i = 0; i < 100 && !is_up(); i++)
        usleep(50000);
    ck_assert_msg(is_up(), "pgbouncer does not answer; see %s/log", folder);
}

static void
stop(void)
{
    char command[128];

    if (bouncer <= 0)
        return;
    kill(bouncer, SIGTERM);
    while (waitpid(bouncer, NULL, 0) < 0 && errno == EINTR)
        continue;
    bouncer = 0;
    snprintf(command, sizeof command, "rm -rf %s", folder);
    if (system(command) != 0)
        fprintf(stderr, "%s cannot be removed\n", folder);
}

/* ---- Clients ----------------------------------------------------------------------------------------------------- */

typedef struct client {
    const char *who, *own, *others;      /* a call that finds a row, one that finds none */
    int32_t     prepare;
    pthread_barrier_t *start;
    int         wrong, errors, worked;
    uint64_t    prepared;
    char        message[320];
} client;

static const struct { const char *who, *own, *others; } parts[CLIENTS] = {
    { "ada",         "get applications ada_acme",          "get applications ben_draft" },
    { "ben",         "get applications ben_draft",         "get applications ada_acme" },
    { "acme_viewer", "get jobs acme_draft",                "get jobs beta_filled" },
    { "beta_admin",  "get jobs beta_filled",               "get jobs acme_draft" },
    { "fred",        "get freelance_recruiters f_fred",    "get freelance_recruiters f_fiona" },
    { "fiona",       "get freelance_recruiters f_fiona",   "get freelance_recruiters f_fred" },
};

static void
judge(client *me, hg_status st, hg_status want, const hg_error *err)
{
    if (st == want)
        me->worked++;
    else if (st == HG_OK || st == HG_E_NOT_FOUND)
        me->wrong++;                         /* another's row, or one's own not found */
    else if (me->errors++ == 0)
        snprintf(me->message, sizeof me->message, "%s", err->message);
}

static hg_status
enter(hg_conn *conn, const char *who, hg_error *err)
{
    const policy_person *person = policy_person_find(who);
    hg_identity identity = { .struct_size = sizeof identity, .role = person->role };

    hg_uuid_parse(policy_person_id(person), 36, &identity.user_id, NULL);
    return hg_session_enter(conn, &identity, err);
}

static void *
work(void *context)
{
    client *me = context;
    hg_conn_options options = { .struct_size = sizeof options, .prepare = me->prepare };
    hg_conn_stats stats = { .struct_size = sizeof stats };
    char *dsn = pooled_dsn("hotgigs_login");
    hg_conn *conn = NULL;
    hg_error err;
    hg_status opened = hg_conn_open(dsn, &options, &conn, &err);

    pthread_barrier_wait(me->start);
    free(dsn);
    if (opened != HG_OK) {
        me->errors = 1;
        snprintf(me->message, sizeof me->message, "%s", err.message);
        return NULL;
    }
    for (int i = 0; i < ROUNDS; i++) {
        judge(me, enter(conn, me->who, &err), HG_OK, &err);
        if (i % 3 == 0)
            judge(me, hg_tx_begin(conn, NULL, &err), HG_OK, &err);
        judge(me, attack_call(conn, me->own, NULL, &err), HG_OK, &err);
        judge(me, attack_call(conn, me->others, NULL, &err), HG_E_NOT_FOUND, &err);
        if (hg_tx_is_open(conn))
            judge(me, i % 2 ? hg_tx_commit(conn, &err) : hg_tx_rollback(conn, &err), HG_OK, &err);
        hg_session_leave(conn);
        judge(me, attack_call(conn, "get jobs acme_open", NULL, &err), HG_OK, &err);
        judge(me, attack_call(conn, "get jobs beta_paused", NULL, &err), HG_E_NOT_FOUND, &err);
    }
    hg_conn_get_stats(conn, &stats, NULL);
    me->prepared = stats.prepared;
    hg_conn_close(conn);
    return NULL;
}

static void
run_clients(client clients[CLIENTS], int32_t prepare)
{
    pthread_barrier_t start_line;
    pthread_t threads[CLIENTS];

    policy_id("ada");                        /* reads the names before there are threads */
    pthread_barrier_init(&start_line, NULL, CLIENTS);
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = (client){ .who = parts[i].who, .own = parts[i].own, .others = parts[i].others, .prepare = prepare,
                               .start = &start_line };
        pthread_create(&threads[i], NULL, work, &clients[i]);
    }
    for (int i = 0; i < CLIENTS; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&start_line);
}

/* Both server connections, by several looks at each. */
static void
check_nothing_stays(void)
{
    char *dsn = pooled_dsn("hotgigs_login");

    for (int i = 0; i < 8; i++) {
        PGconn *conn = PQconnectdb(dsn);
        char *left = policy_ask(conn, "SELECT current_user || coalesce(current_setting('request.jwt.claims', true), '')"
                                      " || coalesce(current_setting('request.jwt.claim.sub', true), '')");

        PQfinish(conn);
        ck_assert_msg(strcmp(left, "hotgigs_anon") == 0, "left on the server connection: %s", left);
        free(left);
    }
    free(dsn);
}

/* ---- Tests ------------------------------------------------------------------------------------------------------- */

static void
check_all_worked(int32_t prepare)
{
    client clients[CLIENTS];

    run_clients(clients, prepare);
    for (int i = 0; i < CLIENTS; i++) {
        ck_assert_msg(clients[i].wrong == 0, "%s was given %d wrong answers", clients[i].who, clients[i].wrong);
        ck_assert_msg(clients[i].errors == 0, "%s met %d errors: %s", clients[i].who, clients[i].errors,
            clients[i].message);
        ck_assert_int_ge(clients[i].worked, ROUNDS * 5);
        ck_assert_msg(clients[i].prepared == 0, "%s prepared %d statements behind a pooler", clients[i].who,
                      (int)clients[i].prepared);
    }
    check_nothing_stays();
}

START_TEST(pooler_is_noticed_and_nothing_is_prepared)
{
    if (skipped == NULL)
        check_all_worked(HG_PREPARE_AUTO);
}
END_TEST

START_TEST(prepare_off_works_behind_a_pooler)
{
    if (skipped == NULL)
        check_all_worked(HG_PREPARE_OFF);
}
END_TEST

/* 1.18 does not track prepared statements: names meet those of other clients. An error is allowed, a wrong row is not. */
START_TEST(prepare_on_behind_a_pooler_works_or_fails_loudly)
{
    client clients[CLIENTS];

    if (skipped != NULL)
        return;
    run_clients(clients, HG_PREPARE_ON);
    for (int i = 0; i < CLIENTS; i++) {
        ck_assert_msg(clients[i].wrong == 0, "%s was given %d wrong answers", clients[i].who, clients[i].wrong);
        ck_assert_msg(clients[i].errors == 0 || clients[i].message[0] != '\0', "%s failed in silence", clients[i].who);
        ck_assert_int_gt(clients[i].worked + clients[i].errors, 0);
    }
    check_nothing_stays();
}
END_TEST

/* Without a pooler in between they are prepared: else the first test would prove nothing. */
START_TEST(without_a_pooler_statements_are_prepared)
{
    hg_conn_stats stats = { .struct_size = sizeof stats };
    hg_conn *conn = attack_open("ada");

    ck_assert_int_eq(attack_call(conn, "get users ada", NULL, NULL), HG_OK);
    hg_conn_get_stats(conn, &stats, NULL);
    ck_assert_int_gt((int)stats.prepared, 0);
    hg_conn_close(conn);
}
END_TEST

Suite *
suite_policies_pooler(void)
{
    Suite *suite = suite_create("policies/pooler");
    TCase *tcase = tcase_create("pooler");

    tcase_set_timeout(tcase, 60);
    tcase_add_unchecked_fixture(tcase, start, stop);
    tcase_add_test(tcase, pooler_is_noticed_and_nothing_is_prepared);
    tcase_add_test(tcase, prepare_off_works_behind_a_pooler);
    tcase_add_test(tcase, prepare_on_behind_a_pooler_works_or_fails_loudly);
    tcase_add_test(tcase, without_a_pooler_statements_are_prepared);
    suite_add_tcase(suite, tcase);
    return suite;
}
