/* operations/identity_profile - one profile a user, preferences that are merged on the server, and who sees whom. */
#include "operations/ask.h"
#include "suites.h"

#include <stdio.h>
#include <string.h>

static hg_uuid candidate, other;

static void
setup(void)
{
    fixture_open_tenant();
    candidate = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    other = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    act_as(HG_ROLE_CANDIDATE, &candidate);
}

/* ---- user_profile_save ------------------------------------------------------------------------------------------------- */

START_TEST(a_profile_is_made_once_and_then_changed_column_by_column)
{
    ck_ok(ask(tenant, "user_profile_save", "{'bio': 'b', 'location': 'Kiel'}"), err);
    ck_answer("user_id", uuid_text(&candidate));
    ck_answer("preferred_language", "en");
    ck_ok(ask(tenant, "user_profile_save", "{'bio': null, 'preferred_language': 'de'}"), err);
    ck_no_answer("bio");
    ck_answer("location", "Kiel");
    ck_answer("preferred_language", "de");
    ck_assert_int_eq(sql_int("SELECT count(*) FROM user_profiles WHERE user_id = '%s'", uuid_text(&candidate)), 1);
}
END_TEST

START_TEST(a_profile_that_the_table_s_call_made_is_the_one_that_changes)
{
    const char *id = sql_text("INSERT INTO user_profiles (user_id, bio) VALUES ('%s', 'old') RETURNING id",
                              uuid_text(&candidate));

    ck_ok(ask(tenant, "user_profile_save", "{'bio': 'new'}"), err);
    ck_answer("id", id);
    ck_assert_str_eq(sql_text("SELECT string_agg(bio, ',') FROM user_profiles WHERE user_id = '%s'", uuid_text(&candidate)),
                     "new");
}
END_TEST

START_TEST(eight_who_save_one_profile_make_one_row)
{
    caller callers[CROWD];

    for (int i = 0; i < CROWD; i++)
        callers[i] = (caller){ .role = HG_ROLE_CANDIDATE, .user = candidate,
                               .params = fixture_text("{'%s': 'x%d'}", i % 2 ? "bio" : "location", i) };
    at_once(callers, CROWD, "user_profile_save");

    ck_assert_int_eq(how_many(callers, CROWD, HG_OK), CROWD);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM user_profiles WHERE user_id = '%s' AND bio LIKE 'x%%' AND location LIKE"
                             " 'x%%'", uuid_text(&candidate)), 1);
}
END_TEST

START_TEST(nobody_writes_another_s_profile)
{
    sql_do("INSERT INTO user_profiles (user_id, privacy_settings) VALUES ('%s', '{\"profile_visibility\": \"public\"}')",
           uuid_text(&other));
    ck_status(ask(tenant, "user_profile_save", "{'user_id': '%s', 'bio': 'mine'}", uuid_text(&other)), HG_E_DENIED, err);
    ck_status(ask(tenant, "user_prefs_merge", "{'user_id': '%s', 'privacy_settings': {}}", uuid_text(&other)), HG_E_DENIED,
              err);
    act_as(HG_ROLE_COMPANY, &candidate);
    ck_status(ask(tenant, "user_profile_save", "{'bio': 'x'}"), HG_E_NOT_FOUND, err);
    ck_status(ask(service, "user_profile_save", "{'bio': 'x'}"), HG_E_NOT_FOUND, err);
    ck_ok(ask(service, "user_profile_save", "{'user_id': '%s', 'bio': 'by the service'}", uuid_text(&other)), err);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM user_profiles WHERE user_id = '%s' AND bio = 'by the service'",
                             uuid_text(&other)), 1);
}
END_TEST

START_TEST(preferences_are_merged_and_null_counts_as_empty)
{
    sql_do("INSERT INTO user_profiles (user_id, notification_preferences, privacy_settings) VALUES ('%s', NULL,"
           " '{\"profile_visibility\": \"public\"}')", uuid_text(&candidate));
    ck_ok(ask(tenant, "user_prefs_merge", "{'notification_preferences': {'job_alerts': false}}"), err);
    ck_ok(ask(tenant, "user_prefs_merge", "{'notification_preferences': {'email_notifications': true},"
                                          " 'privacy_settings': {'contact_visibility': 'private'}}"), err);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM user_profiles WHERE user_id = '%s' AND notification_preferences ="
                             " '{\"job_alerts\": false, \"email_notifications\": true}' AND privacy_settings ="
                             " '{\"profile_visibility\": \"public\", \"contact_visibility\": \"private\"}'",
                             uuid_text(&candidate)), 1);
    ck_status(ask(tenant, "user_prefs_merge", "{'privacy_settings': ['public']}"), HG_E_INVALID, err);
    ck_status(ask(tenant, "user_prefs_merge", "{'privacy_settings': 'public'}"), HG_E_INVALID, err);
}
END_TEST

START_TEST(eight_who_merge_lose_nothing)
{
    caller callers[CROWD];

    for (int i = 0; i < CROWD; i++)
        callers[i] = (caller){ .role = HG_ROLE_CANDIDATE, .user = candidate,
                               .params = fixture_text("{'notification_preferences': {'k%d': true}}", i) };
    at_once(callers, CROWD, "user_prefs_merge");

    ck_assert_int_eq(how_many(callers, CROWD, HG_OK), CROWD);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM user_profiles p, jsonb_object_keys(p.notification_preferences)"
                             " WHERE user_id = '%s'", uuid_text(&candidate)), CROWD);
}
END_TEST

/* ---- Who sees whom ------------------------------------------------------------------------------------------------------- */

START_TEST(the_bundle_is_one_s_own_and_has_no_secrets)
{
    const char *bundle;
    hg_uuid id;

    sql_do("INSERT INTO candidate_profiles (user_id, headline) VALUES ('%s', 'H')", uuid_text(&candidate));
    sql_do("INSERT INTO candidate_experiences (candidate_id, company_name, job_title, start_date, is_current)"
           " SELECT id, c, 't', '2020-01-01', c = 'now' FROM candidate_profiles, unnest(ARRAY['then', 'now']) c"
           " WHERE user_id = '%s'", uuid_text(&candidate));
    sql_do("UPDATE users SET password_hash = 'secret hash' WHERE id = '%s'", uuid_text(&candidate));
    ck_ok(ask(tenant, "user_get_bundle", "{}"), err);
    bundle = answer("bundle");
    ck_assert_ptr_null(strstr(bundle, "secret"));
    ck_assert_ptr_null(strstr(bundle, "password"));
    ck_assert_str_eq(sql_text("SELECT b #>> '{candidate,experiences,0,company_name}' || (b #>> '{user,id}') ||"
                              " (b -> 'memberships')::text || (b -> 'freelance_recruiter')::text FROM (SELECT $q$%s$q$::jsonb)"
                              " AS x (b)", bundle), fixture_text("now%s[]null", uuid_text(&candidate)));
    ck_status(ask(tenant, "user_get_bundle", "{'user_id': '%s'}", uuid_text(&other)), HG_E_NOT_FOUND, err);
    ck_ok(ask(service, "user_get_bundle", "{'user_id': '%s'}", uuid_text(&other)), err);
    ck_status(ask(service, "user_get_bundle", "{}"), HG_E_NOT_FOUND, err);

    id = fixture_user(HG_USER_USER_TYPE_FREELANCE_RECRUITER);
    sql_do("INSERT INTO freelance_recruiters (user_id, payment_info) VALUES ('%s', '{\"iban\": \"secret\"}')", uuid_text(&id));
    act_as(HG_ROLE_FREELANCER, &id);
    ck_ok(ask(tenant, "user_get_bundle", "{}"), err);
    ck_assert_ptr_null(strstr(answer("bundle"), "secret"));
}
END_TEST

START_TEST(one_sees_those_one_has_to_do_with)
{
    hg_uuid boss = fixture_user(HG_USER_USER_TYPE_COMPANY), colleague = fixture_user(HG_USER_USER_TYPE_COMPANY);
    hg_uuid company = fixture_company(&boss, HG_COMPANY_MEMBER_ROLE_ADMIN);

    sql_do("INSERT INTO company_members (company_id, user_id, role, joined_at) VALUES ('%s', '%s', 'viewer', now())",
           uuid_text(&company), uuid_text(&colleague));
    sql_do("UPDATE users SET first_name = 'Per_cent', last_name = '50%%' WHERE id = '%s'", uuid_text(&colleague));
    act_as(HG_ROLE_COMPANY, &boss);
    ck_ok(ask(tenant, "user_view", "{'user_id': '%s'}", uuid_text(&colleague)), err);
    ck_answer("first_name", "Per_cent");
    ck_status(ask(tenant, "user_view", "{'user_id': '%s'}", uuid_text(&candidate)), HG_E_NOT_FOUND, err);

    ck_ok(ask(tenant, "user_search", "{}"), err);
    ck_assert_int_eq(answer_count(), 2);
    ck_ok(ask(tenant, "user_search", "{'words': 'r_c'}"), err);
    ck_assert_int_eq(answer_count(), 1);
    ck_ok(ask(tenant, "user_search", "{'words': '0%%'}"), err);
    ck_assert_int_eq(answer_count(), 1);
    ck_ok(ask(tenant, "user_search", "{'words': 'r%%c'}"), err);
    ck_assert_int_eq(answer_count(), 0);
    ck_ok(ask(tenant, "user_search", "{'user_type': 'candidate'}"), err);
    ck_assert_int_eq(answer_count(), 0);
}
END_TEST

START_TEST(the_service_pages_through_all_users_and_none_is_lost)
{
    const char *word = fixture_text("%.*s", (int)unique_text().len, unique_text().ptr);
    const char *after = "", *seen = "";
    int pages = 0;

    /* all at one time, some without one */
    sql_do("INSERT INTO users (email, user_type, last_name, created_at) SELECT '%s' || i, 'company', '%s',"
           " CASE WHEN i %% 3 > 0 THEN timestamp '2024-01-01' END FROM generate_series(1, 30) i", word, word);
    for (;;) {
        ck_ok(ask(service, "user_admin_list", "{'words': '%s', 'at_most': 7, 'with_total': true%s}", word, after), err);
        if (answer_count() == 0)
            break;
        ck_answer("total", "30");
        for (int i = 0; i < answer_count(); i++) {
            const char *id = answer_at(i, "id"), *at = answer_at(i, "created_at");

            ck_assert_ptr_null(strstr(seen, id));
            seen = fixture_text("%s %s", seen, id);
            after = fixture_text(", 'after_id': '%s'%s", id,
                                 at != NULL ? fixture_text(", 'after_created_at': '%s'", at) : "");
        }
        ck_assert_int_lt(++pages, 10);
    }
    ck_assert_int_eq((int)strlen(seen), 30 * 37);
    ck_ok(ask(service, "user_admin_list", "{'words': '%s', 'is_active': false}", word), err);
    ck_assert_int_eq(answer_count(), 0);
    ck_ok(ask(service, "user_admin_list", "{'words': '%s', 'since': '2024-01-01T00:00:00Z', 'is_verified': false}", word), err);
    ck_assert_int_eq(answer_count(), 20);
}
END_TEST

Suite *
suite_operations_identity_profile(void)
{
    Suite *suite = suite_create("operations/identity_profile");
    TCase *tc = tcase_create("identity_profile");

    tcase_add_checked_fixture(tc, setup, fixture_close);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, a_profile_is_made_once_and_then_changed_column_by_column);
    tcase_add_test(tc, a_profile_that_the_table_s_call_made_is_the_one_that_changes);
    tcase_add_test(tc, eight_who_save_one_profile_make_one_row);
    tcase_add_test(tc, nobody_writes_another_s_profile);
    tcase_add_test(tc, preferences_are_merged_and_null_counts_as_empty);
    tcase_add_test(tc, eight_who_merge_lose_nothing);
    tcase_add_test(tc, the_bundle_is_one_s_own_and_has_no_secrets);
    tcase_add_test(tc, one_sees_those_one_has_to_do_with);
    tcase_add_test(tc, the_service_pages_through_all_users_and_none_is_lost);
    suite_add_tcase(suite, tc);
    return suite;
}
