/* privacy/export_masks - what is of other people is masked in a person's export, and what is his alone is not. */
#include "operations/ask.h"
#include "privacy/exported.h"
#include "suites.h"

#include <string.h>

/* A candidate whom a recruiter referred, and who has been interviewed and judged. */
static hg_uuid candidate, recruiter, boss;

static void
make_them(void)
{
    hg_uuid company, job;

    candidate = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    recruiter = fixture_user(HG_USER_USER_TYPE_FREELANCE_RECRUITER);
    boss = fixture_user(HG_USER_USER_TYPE_COMPANY);
    company = fixture_company(&boss, HG_COMPANY_MEMBER_ROLE_ADMIN);
    job = fixture_job(&company, 1);
    sql_do("WITH c AS (INSERT INTO candidate_profiles (user_id) VALUES ('%s') RETURNING id),"
           " r AS (INSERT INTO freelance_recruiters (user_id) VALUES ('%s') RETURNING id),"
           " x AS (INSERT INTO referrals (recruiter_id, candidate_id, job_id, commission_amount, commission_status, notes)"
           "       SELECT r.id, c.id, '%s', 4711.50, 'pending', 'secret note' FROM r, c),"
           " a AS (INSERT INTO applications (candidate_id, job_id, referrer_id, recruiter_notes, rejection_feedback, ai_match_score)"
           "       SELECT c.id, '%s', '%s', 'secret note', 'kind words', 77 FROM c RETURNING id),"
           " t AS (INSERT INTO application_timeline (application_id, status, notes, changed_by)"
           "       SELECT a.id, 'applied', 'secret note', '%s' FROM a)"
           " INSERT INTO interviews (application_id, interviewer_id, interview_type, scheduled_at, notes, feedback)"
           " SELECT a.id, '%s', 'video', '2030-01-01', 'secret note', 'he was good' FROM a", uuid_text(&candidate),
           uuid_text(&recruiter), uuid_text(&job), uuid_text(&job), uuid_text(&recruiter), uuid_text(&boss), uuid_text(&boss));
    sql_do("INSERT INTO company_members (company_id, user_id, role, invited_by) VALUES ('%s', '%s', 'viewer', '%s')",
           uuid_text(&company), uuid_text(&candidate), uuid_text(&boss));
}

static const char *
shown(const cJSON *tree, const char *table, const char *column)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(document_rows(tree, table), 0), column);

    ck_assert_msg(value != NULL, "%s.%s is not in the export", table, column);
    return cJSON_IsNull(value) ? "null" : cJSON_IsString(value) ? value->valuestring : "something";
}

START_TEST(the_candidate_sees_that_there_is_something_of_others_and_not_what)
{
    static const char *const masked[][2] = {
        { "referrals", "recruiter_id" }, { "referrals", "commission_amount" }, { "referrals", "commission_status" },
        { "referrals", "notes" }, { "applications", "referrer_id" }, { "applications", "recruiter_notes" },
        { "application_timeline", "notes" }, { "application_timeline", "changed_by" },
        { "interviews", "interviewer_id" }, { "interviews", "notes" }, { "company_members", "invited_by" } };
    document d;
    cJSON *tree;

    make_them();
    d = document_read(service, &candidate, HG_EXPORT_ACCESS);
    tree = document_tree(&d);
    for (size_t i = 0; i < sizeof masked / sizeof *masked; i++)
        ck_assert_msg(strcmp(shown(tree, masked[i][0], masked[i][1]), "(masked)") == 0, "%s.%s is %s, want (masked)", masked[i][0],
                      masked[i][1], shown(tree, masked[i][0], masked[i][1]));
    ck_assert_str_eq(shown(tree, "interviews", "feedback"), "he was good");        /* about him */
    ck_assert_str_eq(shown(tree, "applications", "rejection_feedback"), "kind words");
    ck_assert_str_ne(shown(tree, "applications", "ai_match_score"), "null");
    ck_assert_str_eq(shown(tree, "applications", "cover_letter"), "null");
    cJSON_Delete(tree);
    ck_assert_msg(strstr(d.text, "secret note") == NULL && strstr(d.text, "4711") == NULL, "what is of others is shown");
    ck_assert_msg(strstr(d.text, uuid_text(&boss)) == NULL && strstr(d.text, uuid_text(&recruiter)) == NULL,
                  "the id of another person is shown");
}
END_TEST

START_TEST(the_recruiter_sees_his_own_commission_and_note)
{
    document d;
    cJSON *tree;

    make_them();
    d = document_read(service, &recruiter, HG_EXPORT_ACCESS);
    tree = document_tree(&d);
    ck_assert_str_eq(shown(tree, "referrals", "commission_amount"), "4711.50");
    ck_assert_str_eq(shown(tree, "referrals", "notes"), "secret note");
    cJSON_Delete(tree);
}
END_TEST

/* Entries about what he did to others' rows hold others' data. */
START_TEST(the_trail_shows_values_of_his_own_row_alone)
{
    document d;
    cJSON *tree;
    const cJSON *entry;
    int own = 0, of_others = 0;

    make_them();
    for (int i = 0; i < 2; i++) {
        hg_uuid id = i == 0 ? boss : candidate;

        sql_do("INSERT INTO audit_logs (user_id, action, resource_type, resource_id, new_values) VALUES"
               " ('%s', 'edited', 'users', '%s', '{\"last_name\": \"Visible%d\"}')", uuid_text(&boss), uuid_text(&id), i);
    }
    d = document_read(service, &boss, HG_EXPORT_ACCESS);
    tree = document_tree(&d);
    cJSON_ArrayForEach(entry, document_rows(tree, "audit_logs")) {
        const cJSON *values = cJSON_GetObjectItem(entry, "new_values");

        own += cJSON_GetObjectItem(values, "last_name") != NULL;
        of_others += cJSON_IsString(values) && strcmp(values->valuestring, "(masked)") == 0;
    }
    cJSON_Delete(tree);
    ck_assert_int_eq(own, 1);
    ck_assert_int_eq(of_others, 1);
    ck_assert_ptr_null(strstr(d.text, "Visible1"));
}
END_TEST

/* Who else read what is about him; of whom only the role is told, and not his own reads. */
START_TEST(the_disclosures_are_reads_by_others)
{
    const cJSON *list;
    document d;
    cJSON *tree;

    make_them();
    act_as(HG_ROLE_COMPANY, &boss);
    ck_ok(ask(tenant, "audit_read", "{'resource_type': 'applications', 'resource_id': '%s'}",
              sql_text("SELECT a.id FROM applications a JOIN candidate_profiles c ON c.id = a.candidate_id WHERE c.user_id = '%s'",
                       uuid_text(&candidate))), err);
    act_as(HG_ROLE_CANDIDATE, &candidate);
    document_read(tenant, &candidate, HG_EXPORT_ACCESS);
    d = document_read(tenant, &candidate, HG_EXPORT_ACCESS);
    tree = document_tree(&d);
    list = cJSON_GetObjectItem(tree, "disclosures");
    ck_assert_int_eq(cJSON_GetArraySize(list), 1);
    ck_assert_str_eq(cJSON_GetStringValue(cJSON_GetObjectItem(cJSON_GetArrayItem(list, 0), "action")), "read");
    ck_assert_str_eq(cJSON_GetStringValue(cJSON_GetObjectItem(cJSON_GetArrayItem(list, 0), "by")), "hotgigs_company");
    cJSON_Delete(tree);
    ck_assert_ptr_null(strstr(d.text, uuid_text(&boss)));
}
END_TEST

START_TEST(the_portable_export_has_nothing_masked_and_nothing_inferred)
{
    document d;
    cJSON *tree;

    make_them();
    d = document_read(service, &candidate, HG_EXPORT_PORTABLE);
    tree = document_tree(&d);
    ck_assert_ptr_null(strstr(d.text, "(masked)"));
    ck_assert_ptr_null(strstr(d.text, "ai_match_score"));
    ck_assert_ptr_null(cJSON_GetObjectItem(tree, "disclosures"));
    ck_assert_ptr_null(document_rows(tree, "referrals"));
    ck_assert_ptr_null(document_rows(tree, "company_members"));
    ck_assert_int_eq(cJSON_GetArraySize(document_rows(tree, "applications")), 1);
    cJSON_Delete(tree);
}
END_TEST

Suite *
suite_privacy_export_masks(void)
{
    Suite *s = suite_create("privacy/export_masks");
    TCase *t = tcase_create("masks");

    tcase_add_checked_fixture(t, fixture_open_tenant, fixture_close);
    tcase_set_timeout(t, 30);
    tcase_add_test(t, the_candidate_sees_that_there_is_something_of_others_and_not_what);
    tcase_add_test(t, the_recruiter_sees_his_own_commission_and_note);
    tcase_add_test(t, the_trail_shows_values_of_his_own_row_alone);
    tcase_add_test(t, the_disclosures_are_reads_by_others);
    tcase_add_test(t, the_portable_export_has_nothing_masked_and_nothing_inferred);
    suite_add_tcase(s, t);
    return s;
}
