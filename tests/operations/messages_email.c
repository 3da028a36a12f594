/* operations/messages_email - e-mail: taken by one worker, reported twice and out of order, counted. */
#include "operations/ask.h"
#include "suites.h"

#include <stdio.h>
#include <string.h>

static const char *
new_mail(const char *status)
{
    return sql_text("INSERT INTO email_logs (email_type, recipient_email, status, provider_message_id) VALUES ('t', 'a@b',"
                    " '%s', gen_random_uuid()) RETURNING id", status);
}

static hg_status
report(const char *mail, const char *event, const char *more)
{
    return ask(service, "email_apply_event", "{'provider_message_id': '%s', 'event': '%s'%s}",
               sql_text("SELECT provider_message_id FROM email_logs WHERE id = '%s'", mail), event, more);
}

/* ---- Claiming -------------------------------------------------------------------------------------------------------------- */

START_TEST(eight_workers_take_each_mail_once)
{
    caller callers[CROWD];
    const char *all = "";

    sql_do("DELETE FROM email_logs");
    sql_do("INSERT INTO email_logs (email_type, recipient_email, created_at) SELECT 't', i || '@b', timestamp '2024-01-01'"
           " FROM generate_series(1, 100) i");
    for (int i = 0; i < CROWD; i++)
        callers[i] = (caller){ .role = HG_ROLE_SERVICE, .params = "{'at_most': 20}" };
    for (int round = 0; round < 3; round++) {
        at_once(callers, CROWD, "email_claim_pending");
        for (int i = 0; i < CROWD; i++) {
            ck_ok(callers[i].status, callers[i].err);
            all = fixture_text("%s%s", all, callers[i].answer);
        }
    }
    ck_assert_int_eq(sql_int("SELECT count(*) FROM regexp_matches('%s', '\"recipient_email\":', 'g')", all), 100);
    ck_assert_int_eq(sql_int("SELECT count(DISTINCT m[1]) FROM regexp_matches('%s', '\"recipient_email\":\"([^\"]+)', 'g') m",
                             all), 100);
}
END_TEST

START_TEST(what_a_dead_worker_took_is_given_out_again)
{
    sql_do("DELETE FROM email_logs");
    new_mail("pending");
    new_mail("failed");
    ck_ok(ask(service, "email_claim_pending", "{}"), err);
    ck_assert_int_eq(answer_count(), 1);
    ck_answer("status", "pending");
    ck_ok(ask(service, "email_claim_pending", "{}"), err);
    ck_assert_int_eq(answer_count(), 0);
    sql_do("UPDATE email_logs SET sent_at = sent_at - interval '6 minutes'");
    ck_ok(ask(service, "email_claim_pending", "{'lease_seconds': 600}"), err);
    ck_assert_int_eq(answer_count(), 0);
    ck_ok(ask(service, "email_claim_pending", "{}"), err);
    ck_assert_int_eq(answer_count(), 1);
    ck_ok(ask(service, "email_apply_event", "{'email_id': '%s', 'event': 'sent', 'provider_message_id': 'p'}", answer("id")),
          err);
    sql_do("UPDATE email_logs SET sent_at = sent_at - interval '6 minutes'");
    ck_ok(ask(service, "email_claim_pending", "{}"), err);
    ck_assert_int_eq(answer_count(), 0);
}
END_TEST

/* ---- Reports ----------------------------------------------------------------------------------------------------------------- */

static const struct { const char *from, *event, *to; } reports[] = {
    { "pending",   "sent",      "sent" },      { "pending",   "delivered", "delivered" },
    { "pending",   "failed",    "failed" },    { "pending",   "bounced",   "bounced" },
    { "sent",      "sent",      "sent" },      { "sent",      "delivered", "delivered" },
    { "sent",      "failed",    "failed" },    { "sent",      "bounced",   "bounced" },
    { "sent",      "pending",   "sent" },      { "delivered", "sent",      "delivered" },
    { "delivered", "failed",    "delivered" }, { "delivered", "bounced",   "bounced" },
    { "failed",    "delivered", "failed" },    { "failed",    "sent",      "failed" },
    { "bounced",   "delivered", "bounced" },   { "bounced",   "failed",    "bounced" },
};

START_TEST(a_report_never_leads_back)
{
    const char *mail = new_mail(reports[_i].from);

    ck_ok(report(mail, reports[_i].event, ""), err);
    ck_answer("status", reports[_i].to);
    ck_answer("changed", strcmp(reports[_i].from, reports[_i].to) == 0 ? "false" : "true");
    ck_assert_str_eq(sql_text("SELECT status FROM email_logs WHERE id = '%s'", mail), reports[_i].to);
}
END_TEST

START_TEST(a_late_report_fills_in_its_time_and_the_second_changes_nothing)
{
    const char *mail = new_mail("pending");

    ck_ok(report(mail, "delivered", ", 'at': '2024-01-01T10:05:00Z'"), err);
    ck_ok(report(mail, "sent", ", 'at': '2024-01-01T10:00:00Z'"), err);
    ck_answer("changed", "false");
    ck_answer("status", "delivered");
    ck_ok(report(mail, "delivered", ", 'at': '2025-01-01T00:00:00Z', 'error': 'none'"), err);
    ck_answer("changed", "false");
    ck_assert_str_eq(sql_text("SELECT status || ' ' || delivered_at || coalesce(error_message, '') FROM email_logs"
                              " WHERE id = '%s'", mail), "delivered 2024-01-01 10:05:00");
    ck_status(ask(service, "email_apply_event", "{'provider_message_id': 'unknown', 'event': 'sent'}"), HG_E_NOT_FOUND, err);
    ck_status(ask(service, "email_apply_event", "{'event': 'sent'}"), HG_E_NOT_FOUND, err);
}
END_TEST

START_TEST(eight_reports_at_once_in_any_order_end_alike)
{
    static const char *const events[] = { "sent", "delivered", "bounced", "sent" };
    const char *mail = new_mail("pending");
    caller callers[CROWD];

    for (int i = 0; i < CROWD; i++)
        callers[i] = (caller){ .role = HG_ROLE_SERVICE,
                               .params = fixture_text("{'email_id': '%s', 'event': '%s', 'error': 'no such box'}", mail,
                                                      events[i % 4]) };
    at_once(callers, CROWD, "email_apply_event");
    ck_assert_int_eq(how_many(callers, CROWD, HG_OK), CROWD);
    ck_assert_str_eq(sql_text("SELECT status || ' ' || error_message FROM email_logs WHERE id = '%s'", mail),
                     "bounced no such box");
}
END_TEST

/* ---- Counting ---------------------------------------------------------------------------------------------------------------- */

START_TEST(rates_are_of_what_left_and_nothing_gives_zeros)
{
    sql_do("INSERT INTO email_logs (email_type, recipient_email, status, created_at) SELECT 'stat', 'a@b', s,"
           " timestamp '2031-03-01 23:59:59' + (i %% 2) * interval '2 days' FROM generate_series(1, 2) i, unnest(ARRAY['pending',"
           " 'sent', 'delivered', 'delivered', 'failed', 'bounced']) s");
    ck_ok(ask(service, "email_stats", "{'since': '2031-03-01T00:00:00Z', 'until': '2031-03-04T00:00:00Z',"
              " 'email_type': 'stat'}"), err);
    ck_answer("total", "12");
    ck_answer("delivered", "4");
    ck_assert_str_eq(sql_text("SELECT round(%s, 4) || ' ' || round(%s, 4) || ' ' || round(%s, 4)", answer("delivery_rate"),
                              answer("bounce_rate"), answer("failure_rate")), "0.5000 0.2500 0.2000");
    ck_ok(ask(service, "email_stats_daily", "{'since': '2031-03-01T00:00:00Z', 'until': '2031-03-04T00:00:00Z'}"), err);
    ck_assert_int_eq(answer_count(), 3);
    ck_assert_str_eq(answer_at(0, "day"), "2031-03-01");
    ck_assert_str_eq(answer_at(0, "total"), "6");
    ck_assert_str_eq(answer_at(1, "total"), "0");
    ck_assert_str_eq(answer_at(2, "delivered"), "2");
    ck_status(ask(service, "email_stats_daily", "{'since': '2031-03-01T00:00:00Z', 'until': '2031-03-04T00:00:00Z',"
                  " 'zone': 'Nowhere'}"), HG_E_INVALID, err);
    ck_ok(ask(service, "email_stats", "{'since': '2041-01-01T00:00:00Z', 'until': '2041-01-02T00:00:00Z'}"), err);
    ck_answer("total", "0");
    ck_assert_str_eq(sql_text("SELECT round(%s, 1)", answer("delivery_rate")), "0.0");
}
END_TEST

/* The night in which New York puts its clocks on; its day ends at four o'clock UTC and began at five. */
START_TEST(days_are_the_readers_and_have_23_hours_or_24)
{
    static const char *const at[] = { "2032-03-14 04:59", "2032-03-14 05:00", "2032-03-15 03:59", "2032-03-15 04:00" };

    for (int i = 0; i < 4; i++)
        sql_do("INSERT INTO email_logs (email_type, recipient_email, created_at) VALUES ('zoned', 'z@example.org', '%s')", at[i]);
    ck_ok(ask(service, "email_stats_daily", "{'since': '2032-03-13T05:00:00Z', 'until': '2032-03-16T04:00:00Z',"
              " 'email_type': 'zoned', 'zone': 'America/New_York'}"), err);
    ck_assert_int_eq(answer_count(), 3);
    for (int i = 0; i < 3; i++) {
        ck_assert_str_eq(answer_at(i, "day"), fixture_text("2032-03-%d", 13 + i));
        ck_assert_str_eq(answer_at(i, "total"), i == 1 ? "2" : "1");
    }
    sql_do("DELETE FROM email_logs WHERE email_type = 'zoned'");
}
END_TEST

Suite *
suite_operations_messages_email(void)
{
    Suite *suite = suite_create("operations/messages_email");
    TCase *tc = tcase_create("messages_email");

    tcase_add_checked_fixture(tc, fixture_open_tenant, fixture_close);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, eight_workers_take_each_mail_once);
    tcase_add_test(tc, what_a_dead_worker_took_is_given_out_again);
    tcase_add_loop_test(tc, a_report_never_leads_back, 0, (int)(sizeof reports / sizeof reports[0]));
    tcase_add_test(tc, a_late_report_fills_in_its_time_and_the_second_changes_nothing);
    tcase_add_test(tc, eight_reports_at_once_in_any_order_end_alike);
    tcase_add_test(tc, rates_are_of_what_left_and_nothing_gives_zeros);
    tcase_add_test(tc, days_are_the_readers_and_have_23_hours_or_24);
    suite_add_tcase(suite, tc);
    return suite;
}
