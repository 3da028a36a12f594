/* privacy/erase - one person goes from every table and from the audit trail, the rest stays as it was, and whoever has to be
 * told is told. */
#include "operations/ask.h"
#include "privacy/person.h"
#include "suites.h"

#include <stdio.h>
#include <string.h>

static hg_status
erase(const person *p, const char *more)
{
    return ask(service, "privacy_erase", "{'user_id': '%s'%s}", uuid_text(&p->id), more);
}

static void
prove_gone(const person *p)
{
    ck_assert_msg(rows_that_say(p->mark) == 0, "after erasure the person is still in:\n%s", row_that_says(p->mark));
    ck_assert_msg(rows_that_say(p->ip) == 0, "after erasure his address is still in:\n%s", row_that_says(p->ip));
}

START_TEST(no_cell_of_any_table_names_him_afterwards)
{
    person p = person_new();
    const char *mode = _i == 0 ? "tombstone" : "delete";
    long before = rows_that_say(p.mark);

    ck_assert_msg(before > 40, "the person has left only %ld traces, want more than 40 for this test to mean something", before);
    ck_ok(erase(&p, _i == 0 ? "" : ", 'is_delete': true"), err);
    ck_answer("mode", mode);
    prove_gone(&p);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM users WHERE id = '%s'", uuid_text(&p.id)), _i == 0);
}
END_TEST

START_TEST(references_stay_with_a_tombstone_and_are_null_after_a_delete)
{
    person p = person_new();
    long references;

    ck_ok(erase(&p, _i == 0 ? "" : ", 'is_delete': true"), err);
    references = sql_int("SELECT (SELECT count(*) FROM jobs WHERE posted_by = '%s') + (SELECT count(*) FROM company_members"
                         " WHERE invited_by = '%s') + (SELECT count(*) FROM applications WHERE referrer_id = '%s')"
                         " + (SELECT count(*) FROM application_timeline WHERE changed_by = '%s')"
                         " + (SELECT count(*) FROM interviews WHERE interviewer_id = '%s')"
                         " + (SELECT count(*) FROM tasks WHERE assigned_by = '%s')", uuid_text(&p.id), uuid_text(&p.id),
                         uuid_text(&p.id), uuid_text(&p.id), uuid_text(&p.id), uuid_text(&p.id));
    ck_assert_int_eq(references, _i == 0 ? 6 : 0);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM jobs WHERE id = '%s'", uuid_text(&p.job)), 1);
    ck_assert_str_eq(sql_text("SELECT coalesce(email, '-') FROM users WHERE id = '%s' UNION ALL SELECT 'gone' LIMIT 1",
                              uuid_text(&p.id)),
                     _i == 0 ? fixture_text("erased-%s@erased.invalid", uuid_text(&p.id)) : "gone");
}
END_TEST

START_TEST(the_report_tells_what_the_caller_has_to_see_to)
{
    person p = person_new();

    ck_ok(erase(&p, ""), err);
    ck_assert_ptr_nonnull(strstr(answer("files"), fixture_text("https://files.example.com/%s.jpg", p.mark)));
    ck_assert_ptr_nonnull(strstr(answer("files"), "recording_url"));
    ck_assert_ptr_nonnull(strstr(answer("grants"), "google"));
    ck_assert_ptr_nonnull(strstr(answer("task_ids"), uuid_text(&p.task)));
    ck_assert_ptr_nonnull(strstr(answer("kept"), uuid_text(&p.paid)));
    ck_assert_ptr_nonnull(strstr(answer("kept"), "tax law"));
    ck_assert_ptr_nonnull(strstr(answer("ledger"), uuid_text(&p.id)));
    ck_assert_int_eq(sql_int("SELECT count(*) FROM tasks WHERE id = '%s' AND assigned_to IS NULL", uuid_text(&p.task)), 1);
}
END_TEST

START_TEST(a_commission_that_was_paid_keeps_amount_and_time_alone)
{
    person p = person_new();

    ck_ok(erase(&p, _i == 0 ? "" : ", 'is_delete': true"), err);
    ck_assert_str_eq(sql_text("SELECT concat_ws(' ', commission_amount, commission_status, candidate_id, notes) FROM referrals"
                              " WHERE id = '%s'", uuid_text(&p.paid)), "1234.50 paid");
    ck_assert_int_eq(sql_int("SELECT count(*) FROM referrals r JOIN jobs j ON j.id = r.job_id WHERE j.company_id = '%s'",
                             uuid_text(&p.company)), 1);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM freelance_recruiters f JOIN referrals r ON r.recruiter_id = f.id WHERE"
                             " r.id = '%s' AND f.payment_info IS NULL AND f.user_id IS NOT DISTINCT FROM %s", uuid_text(&p.paid),
                             _i == 0 ? fixture_text("'%s'", uuid_text(&p.id)) : "NULL"), 1);
}
END_TEST

START_TEST(counters_are_right_at_once)
{
    person p = person_new();

    ck_assert_int_eq(sql_int("SELECT application_count FROM jobs WHERE id = '%s'", uuid_text(&p.job)), 2);
    ck_ok(erase(&p, ""), err);
    ck_assert_int_eq(sql_int("SELECT application_count FROM jobs WHERE id = '%s'", uuid_text(&p.job)), 1);
}
END_TEST

START_TEST(a_dry_run_says_the_same_and_does_nothing)
{
    static const char *const same[] = { "mode", "deleted", "changed", "kept", "files", "grants", "task_ids" };
    const char *said[sizeof same / sizeof *same];
    person p = person_new();
    long before = rows_that_say(p.mark);

    ck_ok(erase(&p, ", 'is_dry_run': true"), err);
    ck_no_answer("ledger");
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        said[i] = fixture_text("%s", answer(same[i]));
    ck_assert_int_eq(rows_that_say(p.mark), before);
    ck_ok(erase(&p, ""), err);
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        ck_assert_msg(strcmp(answer(same[i]), said[i]) == 0, "%s of the dry run is %s, of the deed %s", same[i], said[i],
                      answer(same[i]));
}
END_TEST

START_TEST(nobody_else_loses_a_thing)
{
    person p = person_new(), other = person_new();
    long before = rows_that_say(other.mark);

    ck_ok(erase(&p, ", 'is_delete': true"), err);
    ck_assert_int_eq(rows_that_say(other.mark), before);
}
END_TEST

START_TEST(a_legal_hold_and_a_last_admin_are_refused_each_with_its_status)
{
    person p = person_new();
    long before = rows_that_say(p.mark);

    ck_ok(ask(service, "privacy_hold", "{'user_id': '%s', 'reason': 'lawsuit'}", uuid_text(&p.id)), err);
    ck_status(erase(&p, ""), HG_E_HELD, err);
    ck_says(err, "legal hold");
    ck_ok(ask(service, "privacy_hold", "{'user_id': '%s'}", uuid_text(&p.id)), err);
    ck_status(ask(service, "privacy_erase", "{'user_id': '%s'}", uuid_text(&p.boss)), HG_E_STATE, err);
    ck_says(err, "last admin");
    ck_assert_int_eq(rows_that_say(p.mark), before);
    ck_ok(erase(&p, ""), err);
}
END_TEST

START_TEST(it_is_for_the_service_alone)
{
    person p = person_new();

    for (int32_t role = HG_ROLE_ANON; role <= HG_ROLE_FREELANCER; role++) {
        act_as(role, role == HG_ROLE_ANON ? NULL : &p.id);
        ck_status(ask(tenant, "privacy_erase", "{'user_id': '%s'}", uuid_text(&p.id)), HG_E_DENIED, err);
    }
}
END_TEST

START_TEST(nobody_there_is_not_found_and_twice_is_no_harm)
{
    person p = person_new();
    hg_uuid nobody;

    hg_uuid_new(&nobody);
    ck_status(ask(service, "privacy_erase", "{'user_id': '%s'}", uuid_text(&nobody)), HG_E_NOT_FOUND, err);
    ck_ok(erase(&p, ""), err);
    ck_ok(erase(&p, ""), err);
    ck_ok(erase(&p, ", 'is_delete': true"), err);
    ck_status(erase(&p, ""), HG_E_NOT_FOUND, err);
    prove_gone(&p);
}
END_TEST

START_TEST(the_trail_says_that_he_was_erased_and_still_verifies)
{
    person p;

    fixture_empty_trail();
    p = person_new();
    ck_ok(ask(service, "audit_seal", "{'at_most': 100000}"), err);
    ck_ok(erase(&p, ""), err);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM audit_logs WHERE action = 'gdpr.erase' AND resource_id = '%s'",
                             uuid_text(&p.id)), 1);
    ck_ok(ask(service, "audit_seal", "{'at_most': 100000}"), err);
    ck_ok(ask(service, "audit_verify", "{}"), err);
    ck_no_answer("problem");
}
END_TEST

/* ---- The ledger -------------------------------------------------------------------------------------------------------------- */

START_TEST(the_ledger_erases_again_who_came_back_with_a_restore)
{
    person p = person_new(), other = person_new();
    const char *ledger;

    /* The restore: the erasure never was. */
    ck_ok(hg_tx_begin(service, NULL, &err), err);
    ck_ok(erase(&p, ""), err);
    ledger = fixture_text("%s", answer("ledger"));
    ck_ok(hg_tx_rollback(service, &err), err);
    ck_assert_int_gt(rows_that_say(p.mark), 0);

    ck_ok(ask(service, "privacy_replay", "{'ledger': '%s\\n%.20s'}", ledger, ledger), err);
    ck_assert_int_eq(answer_count(), 1);
    ck_answer("outcome", "erased");
    prove_gone(&p);
    ck_assert_int_gt(rows_that_say(other.mark), 0);

    ck_ok(ask(service, "privacy_replay", "{'ledger': '%s\\n'}", ledger), err);
    ck_answer("outcome", "erased before");
    ck_ok(ask(service, "privacy_replay", "{'ledger': '%s\\n', 'since': '2999-01-01T00:00:00Z'}", ledger), err);
    ck_assert_int_eq(answer_count(), 0);
}
END_TEST

START_TEST(a_ledger_with_a_line_that_is_none_is_refused_with_its_number)
{
    ck_status(ask(service, "privacy_replay", "{'ledger': '2026-01-01T00:00:00Z 7c1f0000-0000-4000-8000-000000000001 delete\\n"
                  "2026-01-01 nonsense\\n'}"), HG_E_INVALID, err);
    ck_says(err, "line 2");
    ck_ok(ask(service, "privacy_replay", "{'ledger': ''}"), err);
    ck_assert_int_eq(answer_count(), 0);
}
END_TEST

/* Every test looks through all rows of all tables. */
static void make_database(void) { fixture_own_database("hotgigs_erase"); }
static void drop_database(void) { fixture_own_database(NULL); }

Suite *
suite_privacy_erase(void)
{
    Suite *s = suite_create("privacy/erase");
    TCase *t = tcase_create("erase");

    tcase_add_unchecked_fixture(t, make_database, drop_database);
    tcase_add_checked_fixture(t, fixture_open_tenant, fixture_close);
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, no_cell_of_any_table_names_him_afterwards, 0, 2);
    tcase_add_loop_test(t, references_stay_with_a_tombstone_and_are_null_after_a_delete, 0, 2);
    tcase_add_test(t, the_report_tells_what_the_caller_has_to_see_to);
    tcase_add_loop_test(t, a_commission_that_was_paid_keeps_amount_and_time_alone, 0, 2);
    tcase_add_test(t, counters_are_right_at_once);
    tcase_add_test(t, a_dry_run_says_the_same_and_does_nothing);
    tcase_add_test(t, nobody_else_loses_a_thing);
    tcase_add_test(t, a_legal_hold_and_a_last_admin_are_refused_each_with_its_status);
    tcase_add_test(t, it_is_for_the_service_alone);
    tcase_add_test(t, nobody_there_is_not_found_and_twice_is_no_harm);
    tcase_add_test(t, the_trail_says_that_he_was_erased_and_still_verifies);
    tcase_add_test(t, the_ledger_erases_again_who_came_back_with_a_restore);
    tcase_add_test(t, a_ledger_with_a_line_that_is_none_is_refused_with_its_number);
    suite_add_tcase(s, t);
    return s;
}
