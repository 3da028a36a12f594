/* privacy/retention - what somebody has locked is passed over and told, and nobody waits for it. What goes and what stays otherwise
 * is in export.c. */
#include "operations/ask.h"
#include "privacy/person.h"
#include "suites.h"

#include <string.h>
#include <time.h>

/* Two old rows of one table, which nobody else has: text of their ids. */
typedef struct pair {
    const char *table;
    const char *first;
    const char *second;
} pair;

static const char *const kinds[] = { "notifications", "events", "emails", "rejected_applications", "abandoned_users" };

static const char *
insert(const char *what)
{
    hg_uuid boss, job, candidate = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    const char *user = fixture_text("%s", uuid_text(&candidate));

    if (strcmp(what, "notifications") == 0)
        return sql_text("INSERT INTO notifications (user_id, notification_type, title, message, expires_at)"
                        " VALUES ('%s', 'n', 't', 'm', '1980-01-01') RETURNING id", user);
    if (strcmp(what, "events") == 0)
        return sql_text("INSERT INTO analytics_events (user_id, event_type, created_at) VALUES ('%s', 'page', '1980-01-01')"
                        " RETURNING id", user);
    if (strcmp(what, "emails") == 0)
        return sql_text("INSERT INTO email_logs (user_id, email_type, recipient_email, subject, created_at)"
                        " VALUES ('%s', 'w', 'a@example.com', 's', '1980-01-01') RETURNING id", user);
    if (strcmp(what, "abandoned_users") == 0)
        return sql_text("UPDATE users SET created_at = '1980-01-01', is_verified = false WHERE id = '%s' RETURNING id", user);
    boss = fixture_user(HG_USER_USER_TYPE_COMPANY);
    job = fixture_company(&boss, HG_COMPANY_MEMBER_ROLE_ADMIN);
    job = fixture_job(&job, 1);
    return sql_text("WITH c AS (INSERT INTO candidate_profiles (user_id) VALUES ('%s') RETURNING id)"
                    " INSERT INTO applications (candidate_id, job_id, status, last_updated_at)"
                    " SELECT id, '%s', 'rejected', '1980-01-01' FROM c RETURNING id", user, uuid_text(&job));
}

static pair
two_of(const char *what)
{
    pair p = { .table = strcmp(what, "events") == 0 ? "analytics_events" : strcmp(what, "emails") == 0 ? "email_logs"
                        : strcmp(what, "rejected_applications") == 0 ? "applications"
                        : strcmp(what, "abandoned_users") == 0 ? "users" : what };

    p.first = fixture_text("%s", insert(what));
    p.second = fixture_text("%s", insert(what));
    return p;
}

static void
retain(const char *what)
{
    ck_ok(ask(service, "retention_run", "{'what': '%s', 'before': '1985-01-01T00:00:00Z', 'at_most': 100}", what), err);
}

static int
is_there(const pair *p, const char *id)
{
    return sql_int("SELECT count(*) FROM %s WHERE id = '%s'", p->table, id) == 1;
}

START_TEST(a_locked_row_is_passed_over_and_told_and_goes_the_next_time)
{
    const char *what = kinds[_i];
    PGconn *other = sql_connect(fixture_dsn("ADMIN"));
    struct timespec before, after;
    pair p;

    retain(what);
    p = two_of(what);
    PQclear(PQexec(other, "BEGIN"));
    PQclear(PQexec(other, fixture_text("SELECT FROM %s WHERE id = '%s' FOR KEY SHARE", p.table, p.first)));
    clock_gettime(CLOCK_MONOTONIC, &before);
    retain(what);
    clock_gettime(CLOCK_MONOTONIC, &after);
    ck_answer("removed", "1");
    ck_answer("is_done", "true");
    ck_answer("locked", "1");
    ck_assert_msg(after.tv_sec - before.tv_sec < 5, "it took %ld seconds: it waited for the lock", (long)(after.tv_sec - before.tv_sec));
    ck_assert_msg(is_there(&p, p.first), "the locked row is gone");
    ck_assert_msg(!is_there(&p, p.second), "the row beside it is still there");
    ck_assert_msg(PQtransactionStatus(other) == PQTRANS_INTRANS, "the one who held the lock was disturbed");
    ck_assert_str_eq(sql_text("SELECT new_values ->> 'locked' FROM audit_logs WHERE action = 'retention.run' AND resource_type = '%s'"
                              " ORDER BY created_at DESC LIMIT 1", what), "1");

    PQclear(PQexec(other, "ROLLBACK"));
    PQfinish(other);
    retain(what);
    ck_answer("removed", "1");
    ck_answer("locked", "0");
    ck_assert(!is_there(&p, p.first));
}
END_TEST

START_TEST(full_batches_tell_nothing_of_locks_until_the_last)
{
    PGconn *other = sql_connect(fixture_dsn("ADMIN"));
    pair p;

    retain("emails");
    p = two_of("emails");
    PQclear(PQexec(other, "BEGIN"));
    PQclear(PQexec(other, fixture_text("SELECT FROM email_logs WHERE id = '%s' FOR UPDATE", p.first)));
    ck_ok(ask(service, "retention_run", "{'what': 'emails', 'before': '1985-01-01T00:00:00Z', 'at_most': 1}"), err);
    ck_answer("removed", "1");
    ck_answer("is_done", "false");
    ck_answer("locked", "0");
    ck_ok(ask(service, "retention_run", "{'what': 'emails', 'before': '1985-01-01T00:00:00Z', 'at_most': 1}"), err);
    ck_answer("removed", "0");
    ck_answer("is_done", "true");
    ck_answer("locked", "1");
    PQclear(PQexec(other, "ROLLBACK"));
    PQfinish(other);
    retain("emails");
    ck_answer("removed", "1");
}
END_TEST

Suite *
suite_privacy_retention(void)
{
    Suite *s = suite_create("privacy/retention");
    TCase *t = tcase_create("retention");

    tcase_add_checked_fixture(t, fixture_open, fixture_close);
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, a_locked_row_is_passed_over_and_told_and_goes_the_next_time, 0, (int)(sizeof kinds / sizeof *kinds));
    tcase_add_test(t, full_batches_tell_nothing_of_locks_until_the_last);
    suite_add_tcase(s, t);
    return s;
}
