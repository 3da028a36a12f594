/* privacy/export - a person gets what is held about him, exactly, without secrets and without other people; and what has been
 * kept long enough goes. */
#include "operations/ask.h"
#include "privacy/person.h"
#include "suites.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

/* The document, which the test deletes. */
static cJSON *
export_of(hg_conn *conn, const person *p, const char *more)
{
    cJSON *document;

    ck_ok(ask(conn, "privacy_export", "{'user_id': '%s'%s}", uuid_text(&p->id), more), err);
    document = cJSON_Parse(answer("document"));
    ck_assert_msg(document != NULL, "the document is no JSON: %s", answer("document"));
    return document;
}

static const cJSON *
rows_of(const cJSON *document, const char *table)
{
    return cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(document, "tables"), table);
}

/* Each table of the catalogue that is about a person, with the rows that are his and the columns that may be shown. */
START_TEST(it_has_every_column_that_the_catalogue_shows_and_no_other)
{
    static const char *const scopes[] = { "", ", 'is_portable': true" };
    person p = person_new();
    cJSON *document = export_of(service, &p, scopes[_i]);
    int columns = 0;

    for (int32_t t = 0; t < hg_table_count(); t++) {
        const hg_table_info *info = hg_table_describe(t);
        const cJSON *row = cJSON_GetArrayItem(rows_of(document, info->name), 0);

        for (int32_t c = 0; c < info->column_count; c++) {
            const char *name = info->columns[c].name, *shown = sql_text(
                "SELECT export IN ('yes'%s) FROM hotgigs.privacy_columns WHERE table_name = '%s' AND column_name = '%s'",
                _i == 0 ? ", 'access', 'own', 'mask'" : "", info->name, name);
            int is_there = cJSON_GetObjectItemCaseSensitive(row, name) != NULL;

            columns += is_there;
            ck_assert_msg(is_there == (*shown == 't'), "%s.%s is %sin the export", info->name, name, is_there ? "" : "not ");
        }
    }
    ck_assert_int_gt(columns, 100);
    cJSON_Delete(document);
}
END_TEST

START_TEST(times_are_utc_and_decimals_exact)
{
    person p = person_new();
    cJSON *document = export_of(service, &p, "");
    const cJSON *user = cJSON_GetArrayItem(rows_of(document, "users"), 0), *referral;
    int found = 0;

    ck_assert_str_eq(cJSON_GetStringValue(cJSON_GetObjectItem(user, "created_at")),
                     sql_text("SELECT to_char(created_at, 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') FROM users WHERE id = '%s'",
                              uuid_text(&p.id)));
    cJSON_ArrayForEach(referral, rows_of(document, "referrals")) {
        const char *amount = cJSON_GetStringValue(cJSON_GetObjectItem(referral, "commission_amount"));

        found |= amount != NULL && strcmp(amount, "1234.50") == 0;
    }
    ck_assert_msg(found, "no referral has the amount \"1234.50\", with its two digits");
    cJSON_Delete(document);
}
END_TEST

/* What JSON Resume 1.0.0 asks for: names and types of these members, dates as YYYY-MM-DD. */
START_TEST(the_resume_is_in_the_form_of_json_resume)
{
    person p = person_new();
    cJSON *document = export_of(service, &p, ", 'is_portable': true");
    const cJSON *resume = cJSON_GetObjectItem(document, "resume"), *basics = cJSON_GetObjectItem(resume, "basics");
    const cJSON *work = cJSON_GetArrayItem(cJSON_GetObjectItem(resume, "work"), 0), *member;

    ck_assert_str_eq(cJSON_GetStringValue(cJSON_GetObjectItem(basics, "email")), fixture_text("%s@example.com", p.mark));
    ck_assert_str_eq(cJSON_GetStringValue(cJSON_GetObjectItem(work, "startDate")), "2020-01-01");
    cJSON_ArrayForEach(member, basics)
        ck_assert_msg(cJSON_IsString(member), "basics.%s is no string", member->string);
    cJSON_ArrayForEach(member, work)
        ck_assert_msg(cJSON_IsString(member) || (strcmp(member->string, "highlights") == 0 && cJSON_IsArray(member)),
                      "work.%s has another type than the schema's", member->string);
    cJSON_ArrayForEach(member, cJSON_GetObjectItem(resume, "skills"))
        ck_assert(cJSON_IsString(cJSON_GetObjectItem(member, "name")));
    cJSON_Delete(document);
}
END_TEST

START_TEST(one_gets_ones_own_and_it_is_on_record)
{
    person p = person_new(), other = person_new();

    act_as(HG_ROLE_CANDIDATE, &p.id);
    cJSON_Delete(export_of(tenant, &p, ""));
    ck_assert_ptr_null(strstr(answer("document"), other.mark));
    ck_assert_int_eq(sql_int("SELECT count(*) FROM audit_logs WHERE action = 'gdpr.export' AND resource_id = '%s' AND user_id = '%s'",
                             uuid_text(&p.id), uuid_text(&p.id)), 1);
    ck_status(ask(tenant, "privacy_export", "{'user_id': '%s'}", uuid_text(&other.id)), HG_E_NOT_FOUND, err);
}
END_TEST

/* ---- Retention ------------------------------------------------------------------------------------------------------- */

/* Makes one kind of his rows old. */
static void
age(const person *p, int kind)
{
    static const char *const changes[] = {
        "UPDATE notifications SET expires_at = '1990-01-01' WHERE user_id = '%s'",
        "UPDATE analytics_events SET created_at = '1990-01-01' WHERE user_id = '%s'",
        "UPDATE email_logs SET created_at = '1990-01-01' WHERE user_id = '%s'",
        "ALTER TABLE applications DISABLE TRIGGER applications_touch;"
        "UPDATE applications SET status = 'rejected', last_updated_at = '1990-01-01' WHERE id = '%s';"
        "ALTER TABLE applications ENABLE TRIGGER applications_touch" };
    char statement[400];

    snprintf(statement, sizeof statement, changes[kind], uuid_text(kind == 3 ? &p->application : &p->id));
    sql_do("%s", statement);
}

static long
old_rows_of(const person *p, const char *what)
{
    if (strcmp(what, "rejected_applications") == 0)
        return sql_int("SELECT count(*) FROM applications WHERE id = '%s'", uuid_text(&p->application));
    return sql_int("SELECT count(*) FROM %s WHERE user_id = '%s'", strcmp(what, "events") == 0 ? "analytics_events"
                   : strcmp(what, "emails") == 0 ? "email_logs" : "notifications", uuid_text(&p->id));
}

/* What other suites left that is as old: it would be counted with ours. */
static void
sweep(const char *what)
{
    do {
        ck_ok(ask(service, "retention_run", "{'what': '%s', 'before': '1995-01-01T00:00:00Z', 'at_most': 10000}", what), err);
    } while (strcmp(answer("is_done"), "true") != 0);
}

START_TEST(what_is_old_goes_unless_it_is_held_and_the_rest_stays)
{
    static const char *const kinds[] = { "notifications", "events", "emails", "rejected_applications" };
    person old, held, young;

    sweep(kinds[_i]);
    old = person_new();
    held = person_new();
    young = person_new();
    age(&old, _i);
    age(&held, _i);
    ck_ok(ask(service, "privacy_hold", "{'user_id': '%s', 'reason': 'lawsuit'}", uuid_text(&held.id)), err);
    ck_assert_int_eq(old_rows_of(&old, kinds[_i]), 1);
    ck_ok(ask(service, "retention_run", "{'what': '%s', 'before': '1995-01-01T00:00:00Z', 'at_most': 100}", kinds[_i]), err);
    ck_answer("removed", "1");
    ck_answer("is_done", "true");
    ck_assert_int_eq(old_rows_of(&old, kinds[_i]), 0);
    ck_assert_int_eq(old_rows_of(&held, kinds[_i]), 1);
    ck_assert_int_eq(old_rows_of(&young, kinds[_i]), 1);
    ck_ok(ask(service, "privacy_hold", "{'user_id': '%s'}", uuid_text(&held.id)), err);
    ck_ok(ask(service, "retention_run", "{'what': '%s', 'before': '1995-01-01T00:00:00Z', 'at_most': 100}", kinds[_i]), err);
    ck_assert_int_eq(old_rows_of(&held, kinds[_i]), 0);
}
END_TEST

START_TEST(an_abandoned_account_goes_and_a_used_one_stays)
{
    hg_uuid abandoned, used;

    sweep("abandoned_users");
    abandoned = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    used = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    sql_do("UPDATE users SET created_at = '1990-01-01', is_verified = (id = '%s') WHERE id IN ('%s', '%s')", uuid_text(&used),
           uuid_text(&abandoned), uuid_text(&used));
    ck_ok(ask(service, "retention_run", "{'what': 'abandoned_users', 'before': '1995-01-01T00:00:00Z', 'at_most': 10}"), err);
    ck_answer("removed", "1");
    ck_assert_int_eq(sql_int("SELECT count(*) FROM users WHERE id = '%s'", uuid_text(&abandoned)), 0);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM users WHERE id = '%s'", uuid_text(&used)), 1);
    sql_do("UPDATE users SET created_at = now() WHERE id = '%s'", uuid_text(&used));
}
END_TEST

START_TEST(what_is_none_of_the_kinds_is_refused)
{
    ck_status(ask(service, "retention_run", "{'what': 'jobs', 'before': '1995-01-01T00:00:00Z', 'at_most': 10}"), HG_E_INVALID, err);
    ck_status(ask(service, "retention_run", "{'what': 'events', 'before': '1995-01-01T00:00:00Z', 'at_most': 0}"), HG_E_INVALID, err);
}
END_TEST

Suite *
suite_privacy_export(void)
{
    Suite *s = suite_create("privacy/export");
    TCase *t = tcase_create("export");

    tcase_add_checked_fixture(t, fixture_open_tenant, fixture_close);
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, it_has_every_column_that_the_catalogue_shows_and_no_other, 0, 2);
    tcase_add_test(t, times_are_utc_and_decimals_exact);
    tcase_add_test(t, the_resume_is_in_the_form_of_json_resume);
    tcase_add_test(t, one_gets_ones_own_and_it_is_on_record);
    tcase_add_loop_test(t, what_is_old_goes_unless_it_is_held_and_the_rest_stays, 0, 4);
    tcase_add_test(t, an_abandoned_account_goes_and_a_used_one_stays);
    tcase_add_test(t, what_is_none_of_the_kinds_is_refused);
    suite_add_tcase(s, t);
    return s;
}
