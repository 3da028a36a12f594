/* privacy/ledger - no erasure is without its line in the ledger, whatever happens when; and what the ledger says is done again
 * after a restore.
 *
 * The library's fsync() is the one below: what a test does in it happens when the line is on the disk and nothing is committed. */
#include "hotgigs/ledger.h"
#include "operations/ask.h"
#include "privacy/person.h"
#include "suites.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static char folder[64], path[80];
static int (*in_fsync)(void);          /* NULL: nothing; it gives what fsync is to give */

int
fsync(int fd)
{
    int failed = in_fsync != NULL ? in_fsync() : 0;

    return failed != 0 ? failed : (int)syscall(SYS_fsync, fd);
}

static void
open_all(void)
{
    fixture_open();
    in_fsync = NULL;
    strcpy(folder, "/tmp/hotgigs-ledger-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/erased", folder);
}

static void
close_all(void)
{
    in_fsync = NULL;
    unlink(path);
    rmdir(folder);
    fixture_close();
}

static const char *
ledger(void)
{
    FILE *file = fopen(path, "r");
    char *text = fixture_memory(4096);

    if (file == NULL)
        return "";
    text[fread(text, 1, 4095, file)] = '\0';
    fclose(file);
    return text;
}

static void
write_ledger(const char *text)
{
    FILE *file = fopen(path, "a");

    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

static int
lines(void)
{
    int n = 0;

    for (const char *c = ledger(); *c != '\0'; c++)
        n += *c == '\n';
    return n;
}

static hg_status
erase(hg_conn *conn, const char *to, const hg_uuid *user, int is_delete)
{
    hg_privacy_erase_params params = { .struct_size = sizeof params, .user_id = *user, .is_delete = is_delete,
                                       .set = HG_BIT(HG_PRIVACY_ERASE_USER_ID) | HG_BIT(HG_PRIVACY_ERASE_IS_DELETE) };

    return hg_ledger_erase(conn, to, &params, NULL, &err);
}

static int
is_erased(const hg_uuid *user)
{
    return sql_int("SELECT count(*) FROM users WHERE id = '%s' AND email NOT LIKE 'erased-%%'", uuid_text(user)) == 0;
}

/* The outcome of each line, separated by spaces. */
static const char *
replay(hg_timestamp since)
{
    hg_privacy_replay_list *list = NULL;
    char *said = fixture_memory(512);

    ck_ok(hg_ledger_replay(service, path, since, &list, &err), err);
    for (size_t i = 0; i < hg_privacy_replay_list_count(list); i++) {
        const hg_privacy_replay_row *row = hg_privacy_replay_list_at(list, i);

        snprintf(said + strlen(said), 512 - strlen(said), "%s%d %s", i > 0 ? ", " : "", (int)row->line, row->outcome.ptr);
    }
    hg_privacy_replay_list_free(list);
    return said;
}

/* ---- The order ------------------------------------------------------------------------------------------------------------------ */

static hg_uuid watched;
static int times, lines_seen, erased_seen, server;

static int
look(void)
{
    times++;
    lines_seen = lines();
    erased_seen = is_erased(&watched);
    return 0;
}

START_TEST(the_line_is_written_before_the_commit_and_the_file_is_its_owners)
{
    struct stat file;
    const char *line;

    watched = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    in_fsync = look;
    ck_ok(erase(service, path, &watched, _i), err);
    ck_assert_msg(times == 2, "fsync was called %d times, want 2: for the folder of the new file, and for the line", times);
    ck_assert_msg(lines_seen == 1, "at the fsync the ledger had %d lines, want 1", lines_seen);
    ck_assert_msg(!erased_seen, "at the fsync the erasure was committed already");
    ck_assert(is_erased(&watched));
    line = ledger();
    ck_assert_msg(strlen(line) == 58 + strlen(_i ? "delete" : "tombstone") + 1, "the line is \"%s\"", line);
    ck_assert_ptr_nonnull(strstr(line, fixture_text("Z %s %s\n", uuid_text(&watched), _i ? "delete" : "tombstone")));
    ck_assert_int_eq(hg_tx_is_open(service), 0);
    ck_assert_int_eq(stat(path, &file), 0);
    ck_assert_msg((file.st_mode & 0777) == 0600, "the file's mode is %o, want 600", (unsigned)file.st_mode & 0777);
}
END_TEST

static int
kill_it(void)
{
    if (times++ == 1) {
        sql_do("SELECT pg_terminate_backend(%d)", server);
        wait_until_gone(server);
    }
    return 0;
}

START_TEST(killed_between_line_and_commit_there_is_a_line_too_many_and_none_too_few)
{
    hg_uuid user = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    hg_conn *doomed = fixture_conn(fixture_dsn("SERVICE"), NULL);
    hg_status st;

    server = backend_pid(doomed);
    in_fsync = kill_it;
    st = erase(doomed, path, &user, 0);
    in_fsync = NULL;
    ck_assert_msg(st == HG_E_CONNECTION || st == HG_E_IN_DOUBT, "gave %s (%s)", hg_status_name(st), err.message);
    fixture_done(doomed);
    ck_assert_msg(!is_erased(&user), "the transaction was lost, but he is erased");
    ck_assert_int_eq(lines(), 1);

    ck_ok(erase(service, path, &user, 0), err);
    ck_assert_int_eq(lines(), 2);
    ck_assert_str_eq(replay(INT64_MIN), "1 erased before, 2 erased before");
}
END_TEST

static int
no_disk(void)
{
    errno = EIO;
    return -1;
}

static const struct { const char *path; hg_status status; } bad[] = {
    { "/nowhere/at/all", HG_E_INVALID }, { "/tmp", HG_E_INVALID }, { "", HG_E_INVALID }, { "/dev/full", HG_E_STATE },
    { NULL, HG_E_STATE },
};

START_TEST(without_a_ledger_that_can_be_written_nobody_is_erased)
{
    hg_uuid user = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    hg_conn_stats before = conn_stats(service);

    if (bad[_i].path == NULL) {
        write_ledger("a line, so that the folder is on the disk\n");
        in_fsync = no_disk;
    }
    ck_status(erase(service, bad[_i].path != NULL ? bad[_i].path : path, &user, 0), bad[_i].status, err);
    ck_says(err, "ledger");
    if (bad[_i].status == HG_E_INVALID)
        ck_assert_msg(conn_stats(service).round_trips == before.round_trips, "something was sent");
    ck_assert(!is_erased(&user));
    ck_assert_int_eq(hg_tx_is_open(service), 0);
}
END_TEST

START_TEST(a_folder_that_was_not_brought_to_the_disk_is_tried_again)
{
    watched = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    in_fsync = no_disk;
    ck_status(erase(service, path, &watched, 0), HG_E_INVALID, err);
    ck_assert(!is_erased(&watched));
    ck_assert_msg(access(path, F_OK) == 0, "the file was not made: nothing is tested");

    in_fsync = look;
    ck_ok(erase(service, path, &watched, 0), err);
    ck_assert_msg(times == 2, "fsync was called %d times, want 2: for the folder once more, and for the line", times);
}
END_TEST

START_TEST(what_is_refused_or_only_tried_leaves_no_line)
{
    hg_uuid user = fixture_user(HG_USER_USER_TYPE_CANDIDATE), boss = fixture_user(HG_USER_USER_TYPE_COMPANY);
    hg_privacy_erase_params params = { .struct_size = sizeof params, .user_id = user, .is_dry_run = 1,
                                       .set = HG_BIT(HG_PRIVACY_ERASE_USER_ID) | HG_BIT(HG_PRIVACY_ERASE_IS_DRY_RUN) };
    const hg_privacy_erase_row *row = NULL;

    fixture_company(&boss, HG_COMPANY_MEMBER_ROLE_ADMIN);
    ck_ok(hg_ledger_erase(service, path, &params, &row, &err), err);
    ck_assert_int_eq(row->deleted.len > 0, 1);
    hg_privacy_erase_row_free(row);
    ck_status(erase(service, path, &boss, 0), HG_E_STATE, err);
    ck_says(err, "last admin");
    ck_ok(ask(service, "privacy_hold", "{'user_id': '%s', 'reason': 'lawsuit'}", uuid_text(&user)), err);
    ck_status(erase(service, path, &user, 0), HG_E_HELD, err);
    ck_ok(hg_tx_begin(service, NULL, &err), err);
    ck_status(erase(service, path, &user, 0), HG_E_STATE, err);
    ck_ok(hg_tx_rollback(service, &err), err);
    ck_status(erase(NULL, path, &user, 0), HG_E_INVALID, err);
    ck_status(erase(service, NULL, &user, 0), HG_E_INVALID, err);
    ck_status(hg_ledger_erase(service, path, NULL, NULL, &err), HG_E_INVALID, err);
    ck_assert_str_eq(ledger(), "");
}
END_TEST

START_TEST(a_line_that_was_cut_off_is_ended_and_passed_over)
{
    hg_uuid user = fixture_user(HG_USER_USER_TYPE_CANDIDATE), other = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    const char *torn = fixture_text("2026-01-01T00:00:00Z %s tomb", uuid_text(&other));

    write_ledger(torn);
    ck_assert_str_eq(replay(INT64_MIN), "");
    ck_ok(erase(service, path, &user, 0), err);
    ck_assert_msg(strncmp(ledger(), fixture_text("%s torn\n", torn), strlen(torn) + 6) == 0, "the ledger is \"%s\"", ledger());
    ck_assert_str_eq(replay(INT64_MIN), "2 erased before");
    ck_assert(!is_erased(&other));
}
END_TEST

START_TEST(a_ledger_that_cannot_be_read_is_no_empty_one)
{
    ck_status(hg_ledger_replay(service, path, INT64_MIN, NULL, &err), HG_E_INVALID, err);
    ck_status(hg_ledger_replay(service, folder, INT64_MIN, NULL, &err), HG_E_INVALID, err);
    ck_status(hg_ledger_replay(service, NULL, INT64_MIN, NULL, &err), HG_E_INVALID, err);
    ck_status(hg_ledger_replay(NULL, path, INT64_MIN, NULL, &err), HG_E_INVALID, err);
    write_ledger("nonsense\n");
    ck_status(hg_ledger_replay(service, path, INT64_MIN, NULL, &err), HG_E_INVALID, err);
    ck_says(err, "line 1");
}
END_TEST

START_TEST(each_allocation_that_fails_leaves_him_with_his_data_or_erased_with_a_line)
{
    for (long n = 1;; n++) {
        hg_uuid user = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
        long reached, blocks = hgi_live_blocks();
        int before = lines();
        hg_status st;

        hgi_fault_at(n);
        st = erase(service, path, &user, 0);
        reached = hgi_fault_count();
        hgi_fault_at(0);
        ck_assert_msg(st == HG_OK || st == HG_E_NOMEM, "allocation %ld: gave %s (%s)", n, hg_status_name(st), err.message);
        ck_assert_msg(is_erased(&user) == (st == HG_OK), "allocation %ld: gave %s, but he is%s erased", n, hg_status_name(st),
                      st == HG_OK ? " not" : "");
        ck_assert_msg(lines() - before == (st == HG_OK), "allocation %ld: gave %s with %d more lines", n, hg_status_name(st),
                      lines() - before);
        ck_assert_msg(!hg_tx_is_open(service), "allocation %ld: a transaction is open", n);
        if (st == HG_OK && reached < n) {
            ck_assert_msg(n > 1, "an erasure allocates nothing: this test proves nothing");
            ck_assert_msg(hgi_live_blocks() == blocks, "%ld blocks are left of an erasure", hgi_live_blocks() - blocks);
            break;
        }
    }
    for (long n = 1;; n++) {
        hg_privacy_replay_list *list = (hg_privacy_replay_list *)(void *)&list;
        long reached;
        hg_status st;

        hgi_fault_at(n);
        st = hg_ledger_replay(service, path, INT64_MIN, &list, &err);
        reached = hgi_fault_count();
        hgi_fault_at(0);
        ck_assert_msg(st == HG_OK || (list == NULL && (st == HG_E_NOMEM || st == HG_E_IN_DOUBT)),
                      "allocation %ld: gave %s (%s) and %s list", n, hg_status_name(st), err.message, list == NULL ? "no" : "a");
        hg_privacy_replay_list_free(list);
        if (st == HG_OK && reached < n)
            break;
    }
}
END_TEST

/* ---- A restore ------------------------------------------------------------------------------------------------------------------ */

static void
use(const char *database)
{
    fixture_done(service);
    PQfinish(admin);
    admin = sql_connect(database != NULL ? fixture_dsn_with("ADMIN", fixture_text("dbname=%s", database)) : fixture_dsn("ADMIN"));
    service = fixture_conn(database != NULL ? fixture_dsn_with("SERVICE", fixture_text("dbname=%s", database))
                                            : fixture_dsn("SERVICE"), NULL);
}

static void
copy(const char *name, const char *of)
{
    use(NULL);
    sql_do("DROP DATABASE IF EXISTS %s WITH (FORCE)", name);
    sql_do("CREATE DATABASE %s OWNER hotgigs_installer TEMPLATE %s", name, of);
}

START_TEST(who_came_back_with_a_restore_is_erased_again_and_twice_is_once)
{
    person p;
    hg_uuid deleted, stays;

    copy("hotgigs_erased", "hotgigs_pristine");
    use("hotgigs_erased");
    p = person_new();
    deleted = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    stays = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    copy("hotgigs_restored", "hotgigs_erased");
    use("hotgigs_erased");
    ck_ok(erase(service, path, &p.id, 0), err);
    ck_ok(erase(service, path, &deleted, 1), err);

    use("hotgigs_restored");
    ck_assert_msg(rows_that_say(p.mark) > 40, "the copy has nothing of him: this test proves nothing");
    ck_assert_str_eq(replay(INT64_MAX), "");
    ck_assert_str_eq(replay(INT64_MIN), "1 erased, 2 erased");
    ck_assert_msg(rows_that_say(p.mark) == 0, "after the replay he is still in:\n%s", row_that_says(p.mark));
    ck_assert_int_eq(sql_int("SELECT count(*) FROM users WHERE id = '%s'", uuid_text(&deleted)), 0);
    ck_assert(!is_erased(&stays));
    ck_assert_str_eq(replay(INT64_MIN), "1 erased before, 2 absent");
    ck_assert_msg(lines() == 2, "a replay wrote into the ledger");

    use(NULL);
    sql_do("DROP DATABASE hotgigs_erased WITH (FORCE)");
    sql_do("DROP DATABASE hotgigs_restored WITH (FORCE)");
}
END_TEST

Suite *
suite_privacy_ledger(void)
{
    Suite *s = suite_create("privacy/ledger");
    TCase *t = tcase_create("ledger");

    tcase_add_checked_fixture(t, open_all, close_all);
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, the_line_is_written_before_the_commit_and_the_file_is_its_owners, 0, 2);
    tcase_add_test(t, killed_between_line_and_commit_there_is_a_line_too_many_and_none_too_few);
    tcase_add_loop_test(t, without_a_ledger_that_can_be_written_nobody_is_erased, 0, (int)(sizeof bad / sizeof *bad));
    tcase_add_test(t, a_folder_that_was_not_brought_to_the_disk_is_tried_again);
    tcase_add_test(t, what_is_refused_or_only_tried_leaves_no_line);
    tcase_add_test(t, a_line_that_was_cut_off_is_ended_and_passed_over);
    tcase_add_test(t, a_ledger_that_cannot_be_read_is_no_empty_one);
    tcase_add_test(t, each_allocation_that_fails_leaves_him_with_his_data_or_erased_with_a_line);
    tcase_add_test(t, who_came_back_with_a_restore_is_erased_again_and_twice_is_once);
    suite_add_tcase(s, t);
    return s;
}
