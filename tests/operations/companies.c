/* operations/companies - founding, showing, searching and deleting a company. */
#include "operations/ask.h"
#include "suites.h"

#include <stdio.h>
#include <string.h>

static hg_uuid boss, recruiter, stranger, candidate, company;

static void
add_member(const hg_uuid *user, const char *role)
{
    sql_do("INSERT INTO company_members (company_id, user_id, role, joined_at) VALUES ('%s', '%s', '%s', now())",
           uuid_text(&company), uuid_text(user), role);
}

static void
setup(void)
{
    fixture_open_tenant();
    boss = fixture_user(HG_USER_USER_TYPE_COMPANY);
    recruiter = fixture_user(HG_USER_USER_TYPE_COMPANY);
    stranger = fixture_user(HG_USER_USER_TYPE_COMPANY);
    candidate = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    company = fixture_company(&boss, HG_COMPANY_MEMBER_ROLE_ADMIN);
    fixture_company(&stranger, HG_COMPANY_MEMBER_ROLE_ADMIN);
    add_member(&recruiter, "recruiter");
}

/* ---- company_create ---------------------------------------------------------------------------------------------------- */

START_TEST(who_founds_a_company_is_its_admin)
{
    hg_uuid id;

    act_as(HG_ROLE_COMPANY, &stranger);
    ck_ok(ask(tenant, "company_create", "{'name': ' M\u00fcller & S\u00f6hne ', 'industry': 'Steel', 'founded_year': 1890}"),
          err);
    id = answer_uuid("id");
    ck_answer("name", "M\u00fcller & S\u00f6hne");
    ck_assert_int_eq(strncmp(answer("slug"), "muller-sohne", 12), 0);
    ck_answer("is_verified", "false");
    ck_answer("subscription_plan", "free");
    ck_assert_str_eq(sql_text("SELECT role || '/' || is_active || '/' || (joined_at IS NOT NULL) FROM company_members"
                              " WHERE company_id = '%s' AND user_id = '%s'", uuid_text(&id), uuid_text(&stranger)),
                     "admin/true/true");
    ck_ok(ask(tenant, "company_settings_merge", "{'company_id': '%s', 'settings': {}}", uuid_text(&id)), err);
}
END_TEST

static const struct { const char *name, *begins; } names[] = {
    { "\u682a\u5f0f\u4f1a\u793e", "company-" },
    { "!!!",                      "company-" },
    { "  A--b  C ",               "a-b-c" },
};

START_TEST(a_slug_is_never_empty)
{
    act_as(HG_ROLE_COMPANY, &stranger);
    ck_ok(ask(tenant, "company_create", "{'name': '%s'}", names[_i].name), err);
    ck_assert_msg(strncmp(answer("slug"), names[_i].begins, strlen(names[_i].begins)) == 0, "the slug is %s",
                  answer("slug"));
}
END_TEST

START_TEST(a_company_needs_a_name_and_a_live_founder)
{
    act_as(HG_ROLE_COMPANY, &stranger);
    ck_status(ask(tenant, "company_create", "{'name': '  '}"), HG_E_INVALID, err);
    ck_status(ask(tenant, "company_create", "{'name': 'N', 'creator': '%s'}", uuid_text(&boss)), HG_E_DENIED, err);
    act_as(HG_ROLE_COMPANY, &candidate);
    ck_status(ask(tenant, "company_create", "{'name': 'N'}"), HG_E_NOT_FOUND, err);
    ck_status(ask(service, "company_create", "{'name': 'N'}"), HG_E_NOT_FOUND, err);
    act_as(HG_ROLE_FREELANCER, &candidate);
    ck_status(ask(tenant, "company_create", "{'name': 'N'}"), HG_E_DENIED, err);
    ck_ok(ask(service, "company_create", "{'name': 'N', 'creator': '%s'}", uuid_text(&stranger)), err);
}
END_TEST

START_TEST(eight_founders_with_one_name_get_eight_slugs)
{
    caller callers[CROWD];
    const char *slug = fixture_text("race%.*s", (int)unique_text().len, unique_text().ptr);

    for (int i = 0; i < CROWD; i++)
        callers[i] = (caller){ .role = HG_ROLE_COMPANY, .user = stranger,
                               .params = fixture_text("{'name': 'Race', 'slug': '%s'}", slug) };
    at_once(callers, CROWD, "company_create");

    ck_assert_int_eq(how_many(callers, CROWD, HG_OK), CROWD);
    ck_assert_int_eq(sql_int("SELECT count(DISTINCT slug) FROM companies c JOIN company_members m ON m.company_id = c.id"
                             " WHERE slug LIKE hotgigs.slug_of('%s') || '%%' AND m.user_id = '%s'", slug,
                             uuid_text(&stranger)), CROWD);
}
END_TEST

/* ---- Looking ------------------------------------------------------------------------------------------------------------- */

START_TEST(what_a_company_shows_goes_by_who_looks)
{
    sql_do("UPDATE companies SET settings = '{\"a\": 1}', subscription_plan = 'pro' WHERE id = '%s'", uuid_text(&company));
    act_as(HG_ROLE_ANON, NULL);
    ck_ok(ask(tenant, "company_view", "{'slug': '%s'}",
              sql_text("SELECT slug FROM companies WHERE id = '%s'", uuid_text(&company))), err);
    ck_answer("id", uuid_text(&company));
    ck_no_answer("subscription_plan");
    ck_no_answer("settings");
    ck_no_answer("my_role");
    act_as(HG_ROLE_COMPANY, &stranger);
    ck_ok(ask(tenant, "company_view", "{'company_id': '%s'}", uuid_text(&company)), err);
    ck_no_answer("subscription_plan");
    act_as(HG_ROLE_COMPANY, &recruiter);
    ck_ok(ask(tenant, "company_view", "{'company_id': '%s'}", uuid_text(&company)), err);
    ck_answer("subscription_plan", "pro");
    ck_answer("my_role", "recruiter");
    ck_no_answer("settings");
    act_as(HG_ROLE_COMPANY, &boss);
    ck_ok(ask(tenant, "company_view", "{'company_id': '%s'}", uuid_text(&company)), err);
    ck_assert_ptr_nonnull(strstr(answer("settings"), "\"a\""));

    ck_status(ask(tenant, "company_view", "{}"), HG_E_INVALID, err);
    ck_status(ask(tenant, "company_view", "{'company_id': '%s', 'slug': 'x'}", uuid_text(&company)), HG_E_INVALID, err);
    ck_status(ask(tenant, "company_view", "{'slug': 'no-such-slug'}"), HG_E_NOT_FOUND, err);
}
END_TEST

START_TEST(settings_are_merged_by_admins)
{
    sql_do("UPDATE companies SET settings = NULL WHERE id = '%s'", uuid_text(&company));
    act_as(HG_ROLE_COMPANY, &boss);
    ck_ok(ask(tenant, "company_settings_merge", "{'company_id': '%s', 'settings': {'a': 1}}", uuid_text(&company)), err);
    ck_ok(ask(tenant, "company_settings_merge", "{'company_id': '%s', 'settings': {'b': [2]}}", uuid_text(&company)), err);
    ck_assert_str_eq(sql_text("SELECT settings FROM companies WHERE id = '%s'", uuid_text(&company)), "{\"a\": 1, \"b\": [2]}");
    ck_status(ask(tenant, "company_settings_merge", "{'company_id': '%s', 'settings': [1]}", uuid_text(&company)),
              HG_E_INVALID, err);
    act_as(HG_ROLE_COMPANY, &recruiter);
    ck_status(ask(tenant, "company_settings_merge", "{'company_id': '%s', 'settings': {}}", uuid_text(&company)), HG_E_DENIED,
              err);
    act_as(HG_ROLE_COMPANY, &stranger);
    ck_status(ask(tenant, "company_settings_merge", "{'company_id': '%s', 'settings': {}}", uuid_text(&company)),
              HG_E_NOT_FOUND, err);
}
END_TEST

START_TEST(one_s_companies_are_those_one_has_joined)
{
    hg_uuid invited = fixture_insert(HG_TABLE_COMPANIES);

    sql_do("INSERT INTO company_members (company_id, user_id, role) VALUES ('%s', '%s', 'viewer')", uuid_text(&invited),
           uuid_text(&recruiter));
    act_as(HG_ROLE_COMPANY, &recruiter);
    ck_ok(ask(tenant, "company_list_mine", "{}"), err);
    ck_assert_int_eq(answer_count(), 1);
    ck_answer("company_id", uuid_text(&company));
    ck_answer("role", "recruiter");
}
END_TEST

START_TEST(a_search_counts_open_jobs_and_escapes_its_words)
{
    const char *word = fixture_text("%.*s", (int)unique_text().len, unique_text().ptr);

    sql_do("INSERT INTO companies (name, slug, industry) SELECT '%s 5%%_' || i / 2, '%s' || i, 'Steel'"
           " FROM generate_series(1, 9) i", word, word);
    sql_do("INSERT INTO jobs (company_id, title, slug, description, job_type, employment_status, is_public,"
           " application_deadline) SELECT c.id, 't', gen_random_uuid(), 'd', 'full_time', s, p, now() + d FROM companies c,"
           " (VALUES ('open', true, interval '1 day'), ('open', true, NULL), ('open', true, '-1 day'), ('closed', true, NULL),"
           " ('open', false, NULL)) AS v (s, p, d) WHERE slug = '%s1'", word);
    act_as(HG_ROLE_ANON, NULL);
    ck_ok(ask(tenant, "company_search", "{'words': '%s 5%%_', 'at_most': 4, 'with_total': true}", word), err);
    ck_assert_int_eq(answer_count(), 4);
    ck_answer("total", "9");
    ck_assert_str_eq(answer_at(0, "open_jobs"), "2");      /* no job is counted twice, or for another */
    ck_assert_str_eq(answer_at(1, "open_jobs"), "0");
    ck_ok(ask(tenant, "company_search", "{'words': '%s 5%%_', 'after_name': '%s', 'after_id': '%s', 'industry': 'Steel'}",
              word, answer_at(3, "name"), answer_at(3, "id")), err);
    ck_assert_int_eq(answer_count(), 5);
    ck_ok(ask(tenant, "company_search", "{'words': '%s__5'}", word), err);
    ck_assert_int_eq(answer_count(), 0);
    ck_ok(ask(tenant, "company_search", "{'words': '%s', 'is_verified': true}", word), err);
    ck_assert_int_eq(answer_count(), 0);
}
END_TEST

/* ---- company_remove -------------------------------------------------------------------------------------------------------- */

START_TEST(a_company_goes_with_its_applications_and_tasks)
{
    hg_uuid job = fixture_job(&company, 1), elsewhere;
    const char *profile = sql_text("INSERT INTO candidate_profiles (user_id) VALUES ('%s') RETURNING id",
                                   uuid_text(&candidate));
    const char *application = sql_text("INSERT INTO applications (job_id, candidate_id) VALUES ('%s', '%s') RETURNING id",
                                       uuid_text(&job), profile);

    elsewhere = fixture_insert(HG_TABLE_COMPANIES);
    sql_do("INSERT INTO tasks (company_id, title, related_application_id) VALUES ('%s', 'own', '%s'), ('%s', 'other', '%s'),"
           " (NULL, 'none', '%s')", uuid_text(&company), application, uuid_text(&elsewhere), application, application);
    act_as(HG_ROLE_COMPANY, &recruiter);
    ck_status(ask(tenant, "company_remove", "{'company_id': '%s', 'confirm_jobs': 1, 'confirm_applications': 1}",
                  uuid_text(&company)), HG_E_DENIED, err);
    act_as(HG_ROLE_COMPANY, &stranger);
    ck_status(ask(tenant, "company_remove", "{'company_id': '%s', 'confirm_jobs': 1, 'confirm_applications': 1}",
                  uuid_text(&company)), HG_E_NOT_FOUND, err);
    act_as(HG_ROLE_COMPANY, &boss);
    ck_status(ask(tenant, "company_remove", "{'company_id': '%s', 'confirm_jobs': 1, 'confirm_applications': 0}",
                  uuid_text(&company)), HG_E_CONFLICT, err);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM tasks WHERE related_application_id = '%s'", application), 3);
    ck_ok(ask(tenant, "company_remove_preview", "{'company_id': '%s'}", uuid_text(&company)), err);
    ck_answer("tasks", "1");
    ck_ok(ask(tenant, "company_remove", "{'company_id': '%s', 'confirm_jobs': %s, 'confirm_applications': %s}",
              uuid_text(&company), answer("jobs"), answer("applications")), err);
    ck_answer("members", "2");
    ck_assert_int_eq(sql_int("SELECT count(*) FROM companies WHERE id = '%s'", uuid_text(&company)), 0);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM applications WHERE id = '%s'", application), 0);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM tasks WHERE title = 'other' AND company_id = '%s' AND"
                             " related_application_id IS NULL", uuid_text(&elsewhere)), 1);
}
END_TEST

Suite *
suite_operations_companies(void)
{
    Suite *suite = suite_create("operations/companies");
    TCase *tc = tcase_create("companies");

    tcase_add_checked_fixture(tc, setup, fixture_close);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, who_founds_a_company_is_its_admin);
    tcase_add_loop_test(tc, a_slug_is_never_empty, 0, (int)(sizeof names / sizeof names[0]));
    tcase_add_test(tc, a_company_needs_a_name_and_a_live_founder);
    tcase_add_test(tc, eight_founders_with_one_name_get_eight_slugs);
    tcase_add_test(tc, what_a_company_shows_goes_by_who_looks);
    tcase_add_test(tc, settings_are_merged_by_admins);
    tcase_add_test(tc, one_s_companies_are_those_one_has_joined);
    tcase_add_test(tc, a_search_counts_open_jobs_and_escapes_its_words);
    tcase_add_test(tc, a_company_goes_with_its_applications_and_tasks);
    suite_add_tcase(suite, tc);
    return suite;
}
