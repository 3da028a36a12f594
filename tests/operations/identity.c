/* operations/identity - signing up and signing in: one user an address, nothing half made, the hash for the service. */
#include "operations/ask.h"
#include "suites.h"

#include <stdio.h>
#include <string.h>

static const char *
new_address(void)
{
    return fixture_text("%.*s@example.org", (int)unique_text().len, unique_text().ptr);
}

static hg_uuid
registered(const char *address, const char *type)
{
    ck_ok(ask(service, "user_register", "{'email': '%s', 'password_hash': 'old', 'user_type': '%s'}", address, type), err);
    return answer_uuid("id");
}

/* ---- user_register ----------------------------------------------------------------------------------------------------- */

static const struct { const char *type, *table; } personas[] = {
    { "candidate",           "candidate_profiles" },
    { "freelance_recruiter", "freelance_recruiters" },
    { "company",             NULL },
};

START_TEST(a_new_user_has_his_profile_and_the_row_of_his_persona)
{
    const char *address = new_address();
    hg_uuid id;

    ck_ok(ask(service, "user_register", "{'email': '  %s ', 'password_hash': 'h', 'user_type': '%s', 'first_name': 'Ada'}",
              fixture_text("A%s", address), personas[_i].type), err);

    id = answer_uuid("id");
    ck_answer("email", fixture_text("a%s", address));
    ck_answer("first_name", "Ada");
    ck_answer("is_verified", "false");
    ck_assert_int_eq(sql_int("SELECT count(*) FROM user_profiles WHERE user_id = '%s' AND id = '%s'"
                             " AND notification_preferences @> '{\"job_alerts\": true}'", uuid_text(&id),
                             answer("user_profile_id")), 1);
    if (personas[_i].table != NULL)
        ck_assert_int_eq(sql_int("SELECT count(*) FROM %s WHERE user_id = '%s' AND id = '%s'", personas[_i].table,
                                 uuid_text(&id), answer("persona_profile_id")), 1);
    else
        ck_no_answer("persona_profile_id");
    ck_assert_str_eq(sql_text("SELECT password_hash FROM users WHERE id = '%s'", uuid_text(&id)), "h");
}
END_TEST

START_TEST(a_new_candidate_is_hidden_unless_he_opts_in)
{
    const char *address = new_address();

    ck_ok(ask(service, "user_register", "{'email': 'x%s', 'user_type': 'candidate'}", address), err);
    ck_assert_str_eq(sql_text("SELECT visibility_settings ->> 'profile_public' FROM candidate_profiles WHERE id = '%s'",
                              answer("persona_profile_id")), "false");
    ck_ok(ask(service, "user_register",
              "{'email': 'y%s', 'user_type': 'candidate', 'visibility_settings': {'profile_public': true}}", address), err);
    ck_assert_str_eq(sql_text("SELECT visibility_settings ->> 'profile_public' || '/' || (visibility_settings ->> "
                              "'salary_visible') FROM candidate_profiles WHERE id = '%s'", answer("persona_profile_id")),
                     "true/false");
}
END_TEST

START_TEST(an_address_is_taken_whatever_its_case)
{
    const char *address = new_address();

    registered(address, "candidate");
    ck_status(ask(service, "user_register", "{'email': ' %s', 'user_type': 'company'}", address), HG_E_CONFLICT, err);
    ck_says(err, "the e-mail address is taken");
    /* and one that was stored in capitals, by a call of the table */
    sql_do("INSERT INTO users (email, user_type) VALUES (upper('t%s'), 'company')", address);
    ck_status(ask(service, "user_register", "{'email': 't%s', 'user_type': 'company'}", address), HG_E_CONFLICT, err);
}
END_TEST

static const struct { const char *name, *params; hg_status status; } bad_registrations[] = {
    { "no @",                 "{'email': 'nobody', 'user_type': 'company'}",                       HG_E_INVALID },
    { "only blanks",          "{'email': '   ', 'user_type': 'company'}",                          HG_E_INVALID },
    { "a blank inside",       "{'email': 'a b@example.org', 'user_type': 'company'}",              HG_E_INVALID },
    { "no type",              "{'email': 'a@example.org'}",                                        HG_E_INVALID },
    { "preferences are a list", "{'email': 'bad-prefs@example.org', 'user_type': 'candidate', 'notification_preferences': [1]}",
      HG_E_INVALID },
    { "visibility is a list", "{'email': 'bad-prefs@example.org', 'user_type': 'candidate', 'visibility_settings': []}",
      HG_E_INVALID },
};

START_TEST(a_bad_registration_leaves_nothing_behind)
{
    hg_status st = ask(service, "user_register", "%s", bad_registrations[_i].params);

    ck_assert_msg(st == bad_registrations[_i].status, "%s: gave %s (%s)", bad_registrations[_i].name, hg_status_name(st),
                  err.message);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM users WHERE email IN ('nobody', 'a@example.org', 'bad-prefs@example.org')"),
                     0);
}
END_TEST

START_TEST(eight_who_register_one_address_make_one_user)
{
    const char *address = new_address();
    caller callers[CROWD];

    for (int i = 0; i < CROWD; i++)
        callers[i] = (caller){ .role = HG_ROLE_SERVICE,
                               .params = fixture_text("{'email': '%s%s', 'user_type': 'candidate'}", i % 2 ? " " : "",
                                                      address) };
    at_once(callers, CROWD, "user_register");

    ck_assert_int_eq(how_many(callers, CROWD, HG_OK), 1);
    ck_assert_int_eq(how_many(callers, CROWD, HG_E_CONFLICT), CROWD - 1);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM users u JOIN user_profiles p ON p.user_id = u.id"
                             " JOIN candidate_profiles c ON c.user_id = u.id WHERE email = '%s'", address), 1);
}
END_TEST

/* ---- Passwords, addresses, states ------------------------------------------------------------------------------------ */

START_TEST(a_sign_in_is_no_change_of_the_user)
{
    hg_uuid id = registered(new_address(), "company");
    const char *before = sql_text("SELECT updated_at FROM users WHERE id = '%s'", uuid_text(&id));

    ck_ok(ask(service, "user_touch_login", "{'user_id': '%s'}", uuid_text(&id)), err);
    ck_assert_str_eq(sql_text("SELECT updated_at FROM users WHERE id = '%s' AND last_login_at IS NOT NULL", uuid_text(&id)),
                     before);
    ck_ok(ask(service, "user_set_active", "{'user_id': '%s', 'is_active': false}", uuid_text(&id)), err);
    ck_status(ask(service, "user_touch_login", "{'user_id': '%s'}", uuid_text(&id)), HG_E_NOT_FOUND, err);
}
END_TEST

START_TEST(a_password_changes_only_for_who_knows_the_old_hash)
{
    hg_uuid id = registered(new_address(), "company"), nobody;

    ck_ok(ask(service, "user_change_password", "{'user_id': '%s', 'old_hash': 'old', 'new_hash': 'new'}", uuid_text(&id)),
          err);
    ck_status(ask(service, "user_change_password", "{'user_id': '%s', 'old_hash': 'old', 'new_hash': 'newer'}",
                  uuid_text(&id)), HG_E_CONFLICT, err);
    ck_status(ask(service, "user_change_password", "{'user_id': '%s', 'new_hash': 'newer'}", uuid_text(&id)),
              HG_E_CONFLICT, err);
    ck_status(ask(service, "user_change_password", "{'user_id': '%s', 'old_hash': 'new', 'new_hash': ''}", uuid_text(&id)),
              HG_E_INVALID, err);
    hg_uuid_new(&nobody);
    ck_status(ask(service, "user_change_password", "{'user_id': '%s', 'old_hash': 'new', 'new_hash': 'x'}",
                  uuid_text(&nobody)), HG_E_NOT_FOUND, err);
    ck_assert_str_eq(sql_text("SELECT password_hash FROM users WHERE id = '%s'", uuid_text(&id)), "new");
}
END_TEST

START_TEST(of_eight_who_change_one_password_one_succeeds)
{
    hg_uuid id = registered(new_address(), "company");
    caller callers[CROWD];

    for (int i = 0; i < CROWD; i++)
        callers[i] = (caller){ .role = HG_ROLE_SERVICE,
                               .params = fixture_text("{'user_id': '%s', 'old_hash': 'old', 'new_hash': 'new%d'}",
                                                      uuid_text(&id), i) };
    at_once(callers, CROWD, "user_change_password");

    ck_assert_int_eq(how_many(callers, CROWD, HG_OK), 1);
    ck_assert_int_eq(how_many(callers, CROWD, HG_E_CONFLICT), CROWD - 1);
}
END_TEST

START_TEST(the_first_confirmation_stays)
{
    const char *address = new_address(), *first;
    hg_uuid id = registered(address, "company");

    ck_status(ask(service, "user_mark_verified", "{'user_id': '%s', 'email': 'other@example.org'}", uuid_text(&id)),
              HG_E_NOT_FOUND, err);
    ck_ok(ask(service, "user_mark_verified", "{'user_id': '%s', 'email': '%s'}", uuid_text(&id), address), err);
    first = sql_text("SELECT email_verified_at || '/' || updated_at FROM users WHERE id = '%s'", uuid_text(&id));
    ck_ok(ask(service, "user_mark_verified", "{'user_id': '%s'}", uuid_text(&id)), err);
    ck_assert_str_eq(sql_text("SELECT email_verified_at || '/' || updated_at FROM users WHERE id = '%s'", uuid_text(&id)),
                     first);
}
END_TEST

START_TEST(a_new_address_is_to_be_confirmed_again)
{
    const char *address = new_address(), *other = new_address();
    hg_uuid id = registered(address, "company");

    registered(other, "company");
    ck_ok(ask(service, "user_mark_verified", "{'user_id': '%s'}", uuid_text(&id)), err);
    ck_ok(ask(service, "user_change_email", "{'user_id': '%s', 'email': ' %s'}", uuid_text(&id), address), err);
    ck_answer("is_verified", "true");                       /* the same one */
    ck_status(ask(service, "user_change_email", "{'user_id': '%s', 'email': '%s'}", uuid_text(&id), other), HG_E_CONFLICT,
              err);
    ck_status(ask(service, "user_change_email", "{'user_id': '%s', 'email': 'nothing'}", uuid_text(&id)), HG_E_INVALID, err);
    ck_ok(ask(service, "user_change_email", "{'user_id': '%s', 'email': 'N%s'}", uuid_text(&id), address), err);
    ck_answer("email", fixture_text("n%s", address));
    ck_answer("is_verified", "false");
    ck_assert_ptr_null(sql_text("SELECT email_verified_at FROM users WHERE id = '%s'", uuid_text(&id)));
}
END_TEST

START_TEST(of_eight_who_want_one_address_one_gets_it)
{
    const char *wanted = new_address();
    caller callers[CROWD];

    for (int i = 0; i < CROWD; i++) {
        hg_uuid id = registered(new_address(), "company");

        callers[i] = (caller){ .role = HG_ROLE_SERVICE,
                               .params = fixture_text("{'user_id': '%s', 'email': '%s'}", uuid_text(&id), wanted) };
    }
    at_once(callers, CROWD, "user_change_email");

    ck_assert_int_eq(how_many(callers, CROWD, HG_OK), 1);
    ck_assert_int_eq(how_many(callers, CROWD, HG_E_CONFLICT), CROWD - 1);
}
END_TEST

START_TEST(who_is_shut_out_sees_nothing_from_the_next_statement_on)
{
    hg_uuid id = registered(new_address(), "company");

    act_as(HG_ROLE_COMPANY, &id);
    ck_ok(ask(tenant, "user_view", "{'user_id': '%s'}", uuid_text(&id)), err);
    ck_ok(ask(service, "user_set_active", "{'user_id': '%s', 'is_active': false}", uuid_text(&id)), err);
    ck_status(ask(tenant, "user_view", "{'user_id': '%s'}", uuid_text(&id)), HG_E_NOT_FOUND, err);
    ck_status(ask(tenant, "user_get_bundle", "{}"), HG_E_NOT_FOUND, err);
}
END_TEST

/* ---- Signing in by a provider ---------------------------------------------------------------------------------------- */

static const char *
oauth(const char *id, const char *address, int confirmed, const char *more)
{
    return fixture_text("{'provider': 'google', 'provider_user_id': '%s', 'email': '%s', 'email_is_verified': %s%s}", id,
                        address, confirmed ? "true" : "false", more);
}

START_TEST(a_provider_makes_a_user_once_and_finds_him_then)
{
    const char *address = new_address();
    hg_uuid made;

    ck_ok(ask(service, "oauth_register_or_link", "%s",
              oauth(address, address, 1, ", 'user_type': 'candidate', 'access_token': 'a'")), err);
    ck_answer("outcome", "created");
    ck_answer("is_verified", "true");
    made = answer_uuid("id");
    ck_ok(ask(service, "oauth_register_or_link", "%s", oauth(address, "", 0, ", 'access_token': 'b'")), err);
    ck_answer("outcome", "existing");
    ck_answer("id", uuid_text(&made));
    ck_assert_str_eq(sql_text("SELECT string_agg(access_token, ',') FROM oauth_accounts WHERE user_id = '%s'",
                              uuid_text(&made)), "b");
    ck_ok(ask(service, "oauth_find_user", "{'provider': 'google', 'provider_user_id': '%s'}", address), err);
    ck_answer("id", uuid_text(&made));
    ck_status(ask(service, "oauth_find_user", "{'provider': 'github', 'provider_user_id': '%s'}", address), HG_E_NOT_FOUND,
              err);
}
END_TEST

START_TEST(an_address_links_only_if_the_provider_says_it_is_confirmed)
{
    const char *address = new_address();
    hg_uuid id = registered(address, "candidate");

    ck_ok(ask(service, "user_mark_verified", "{'user_id': '%s'}", uuid_text(&id)), err);
    ck_status(ask(service, "oauth_register_or_link", "%s", oauth(address, address, 0, ", 'user_type': 'candidate'")),
              HG_E_CONFLICT, err);
    ck_ok(ask(service, "oauth_register_or_link", "%s", oauth(address, address, 1, ", 'user_type': 'candidate'")), err);
    ck_answer("outcome", "linked");
    ck_answer("id", uuid_text(&id));
    ck_assert_str_eq(sql_text("SELECT password_hash FROM users WHERE id = '%s'", uuid_text(&id)), "old");
}
END_TEST

/* A stranger signs up with somebody else's address and waits for the owner to come by his provider: without this the two
 * would share the account. */
START_TEST(a_password_of_who_never_confirmed_the_address_does_not_survive_the_owner)
{
    const char *address = new_address();
    hg_uuid id = registered(address, "candidate");

    ck_ok(ask(service, "oauth_register_or_link",
              "{'provider': 'github', 'provider_user_id': 's%s', 'email_is_verified': false, 'signed_in_as': '%s'}", address,
              uuid_text(&id)), err);
    ck_ok(ask(service, "oauth_register_or_link", "%s", oauth(address, address, 1, "")), err);
    ck_answer("outcome", "linked");
    ck_assert_ptr_null(sql_text("SELECT password_hash FROM users WHERE id = '%s'", uuid_text(&id)));
    ck_assert_str_eq(sql_text("SELECT string_agg(provider, ',') FROM oauth_accounts WHERE user_id = '%s'", uuid_text(&id)),
                     "google");
}
END_TEST

START_TEST(a_link_does_not_move_and_needs_an_address_to_begin)
{
    const char *address = new_address();
    hg_uuid other = registered(new_address(), "candidate");

    ck_status(ask(service, "oauth_register_or_link", "%s", oauth(address, "", 1, ", 'user_type': 'candidate'")),
              HG_E_INVALID, err);
    ck_says(err, "no e-mail address");
    ck_status(ask(service, "oauth_register_or_link", "%s", oauth("", address, 1, ", 'user_type': 'candidate'")),
              HG_E_INVALID, err);
    ck_status(ask(service, "oauth_register_or_link", "%s", oauth(address, address, 1, "")), HG_E_INVALID, err);
    ck_ok(ask(service, "oauth_register_or_link", "%s", oauth(address, address, 1, ", 'user_type': 'candidate'")), err);
    ck_status(ask(service, "oauth_register_or_link", "%s",
                  oauth(address, address, 1, fixture_text(", 'signed_in_as': '%s'", uuid_text(&other)))), HG_E_CONFLICT, err);
    ck_says(err, "another user");
}
END_TEST

START_TEST(eight_sign_ins_by_one_account_make_one_user)
{
    const char *address = new_address();
    caller callers[CROWD];

    for (int i = 0; i < CROWD; i++)          /* half of them by another account with the same address */
        callers[i] = (caller){ .role = HG_ROLE_SERVICE,
                               .params = oauth(i % 2 ? address : fixture_text("x%s", address), address, 1,
                                               ", 'user_type': 'candidate'") };
    at_once(callers, CROWD, "oauth_register_or_link");

    ck_assert_int_eq(how_many(callers, CROWD, HG_OK), CROWD);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM users WHERE email = '%s'", address), 1);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM oauth_accounts a JOIN users u ON u.id = a.user_id WHERE email = '%s'",
                             address), 2);
}
END_TEST

START_TEST(the_last_way_to_sign_in_stays)
{
    const char *address = new_address();
    caller callers[2];
    hg_uuid id;

    ck_ok(ask(service, "oauth_register_or_link", "%s", oauth(address, address, 1, ", 'user_type': 'candidate'")), err);
    id = answer_uuid("id");
    act_as(HG_ROLE_CANDIDATE, &id);
    ck_status(ask(tenant, "oauth_unlink", "{'provider': 'google'}"), HG_E_STATE, err);
    ck_status(ask(tenant, "oauth_unlink", "{'provider': 'github'}"), HG_E_NOT_FOUND, err);
    ck_ok(ask(service, "oauth_register_or_link",
              "{'provider': 'github', 'provider_user_id': '%s', 'email_is_verified': false, 'signed_in_as': '%s'}", address,
              uuid_text(&id)), err);
    /* two that unlink at once: each sees the other link */
    callers[0] = (caller){ .role = HG_ROLE_CANDIDATE, .user = id, .params = "{'provider': 'google'}" };
    callers[1] = (caller){ .role = HG_ROLE_CANDIDATE, .user = id, .params = "{'provider': 'github'}" };
    at_once(callers, 2, "oauth_unlink");
    ck_assert_int_eq(how_many(callers, 2, HG_OK), 1);
    ck_assert_int_eq(how_many(callers, 2, HG_E_STATE), 1);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM oauth_accounts WHERE user_id = '%s'", uuid_text(&id)), 1);
}
END_TEST

START_TEST(nobody_unlinks_for_another)
{
    const char *address = new_address();
    hg_uuid id, other = registered(new_address(), "candidate");

    ck_ok(ask(service, "oauth_register_or_link", "%s", oauth(address, address, 1, ", 'user_type': 'candidate'")), err);
    id = answer_uuid("id");
    act_as(HG_ROLE_CANDIDATE, &other);
    ck_status(ask(tenant, "oauth_unlink", "{'provider': 'google', 'user_id': '%s'}", uuid_text(&id)), HG_E_NOT_FOUND, err);
    act_as(HG_ROLE_COMPANY, &id);              /* a candidate through the company role is nobody */
    ck_status(ask(tenant, "oauth_unlink", "{'provider': 'google'}"), HG_E_NOT_FOUND, err);
}
END_TEST

/* ---- Refusals by role -------------------------------------------------------------------------------------------------- */

static const char *const for_the_service[] = {
    "user_register", "user_touch_login", "user_change_password", "user_mark_verified", "user_change_email", "user_set_active",
    "oauth_find_user", "oauth_register_or_link", "user_admin_list", "notification_send", "notification_purge",
    "email_claim_pending", "email_apply_event", "email_stats", "email_stats_daily",
};

START_TEST(leak_14_what_tells_about_addresses_is_for_the_service)
{
    const hg_operation_info *op = NULL;

    for (int32_t i = 0; i < hg_operation_count(); i++)
        if (strcmp(hg_operation_describe(i)->name, for_the_service[_i]) == 0)
            op = hg_operation_describe(i);
    ck_assert_msg(op != NULL, "no operation %s", for_the_service[_i]);
    ck_assert_msg(op->roles == 1u << HG_ROLE_SERVICE, "%s is for roles %x", op->name, op->roles);
    for (int32_t role = HG_ROLE_ANON; role < HG_ROLE_SERVICE; role++) {
        hg_uuid user = { { 1 } };
        uint64_t trips = conn_stats(tenant).round_trips;

        act_as(role, role == HG_ROLE_ANON ? NULL : &user);
        ck_status(ask_bare(tenant, op->name), HG_E_DENIED, err);
        ck_says(err, "is not for role");
        ck_assert_uint_eq(conn_stats(tenant).round_trips, trips);
    }
}
END_TEST

/* The same functions in raw SQL, beside the library: EXECUTE is the service's alone, whatever the C says. */
START_TEST(leak_9_the_functions_of_the_service_are_nobody_elses)
{
    static const char *const personas_of[] = { "anon", "candidate", "company", "freelancer" };
    static const char *const functions[] = { "user_register", "user_change_password", "user_change_email",
                                             "oauth_register_or_link", "user_admin_list", "user_credentials", "add_user",
                                             "reach_company", "lock_admins", "email_moves" };

    for (size_t f = 0; f < sizeof functions / sizeof functions[0]; f++)
        for (size_t p = 0; p < 4; p++)
            ck_assert_msg(sql_int("SELECT count(*) FROM pg_proc WHERE pronamespace = 'hotgigs'::regnamespace"
                                  " AND proname = '%s' AND has_function_privilege('hotgigs_%s', oid, 'EXECUTE')",
                                  functions[f], personas_of[p]) == 0, "%s may be executed by %s", functions[f],
                          personas_of[p]);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM pg_proc WHERE pronamespace = 'hotgigs'::regnamespace"
                             " AND (prosecdef AND NOT coalesce(proconfig::text LIKE '%%search_path=%%', false)"
                             " OR proacl IS NULL OR proacl::text ~ '[{,]=X')"), 0);
}
END_TEST

Suite *
suite_operations_identity(void)
{
    Suite *suite = suite_create("operations/identity");
    TCase *tc = tcase_create("identity");

    tcase_add_checked_fixture(tc, fixture_open_tenant, fixture_close);
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, a_new_user_has_his_profile_and_the_row_of_his_persona, 0,
                        (int)(sizeof personas / sizeof personas[0]));
    tcase_add_test(tc, a_new_candidate_is_hidden_unless_he_opts_in);
    tcase_add_test(tc, an_address_is_taken_whatever_its_case);
    tcase_add_loop_test(tc, a_bad_registration_leaves_nothing_behind, 0,
                        (int)(sizeof bad_registrations / sizeof bad_registrations[0]));
    tcase_add_test(tc, eight_who_register_one_address_make_one_user);
    tcase_add_test(tc, a_sign_in_is_no_change_of_the_user);
    tcase_add_test(tc, a_password_changes_only_for_who_knows_the_old_hash);
    tcase_add_test(tc, of_eight_who_change_one_password_one_succeeds);
    tcase_add_test(tc, the_first_confirmation_stays);
    tcase_add_test(tc, a_new_address_is_to_be_confirmed_again);
    tcase_add_test(tc, of_eight_who_want_one_address_one_gets_it);
    tcase_add_test(tc, who_is_shut_out_sees_nothing_from_the_next_statement_on);
    tcase_add_test(tc, a_provider_makes_a_user_once_and_finds_him_then);
    tcase_add_test(tc, an_address_links_only_if_the_provider_says_it_is_confirmed);
    tcase_add_test(tc, a_password_of_who_never_confirmed_the_address_does_not_survive_the_owner);
    tcase_add_test(tc, a_link_does_not_move_and_needs_an_address_to_begin);
    tcase_add_test(tc, eight_sign_ins_by_one_account_make_one_user);
    tcase_add_test(tc, the_last_way_to_sign_in_stays);
    tcase_add_test(tc, nobody_unlinks_for_another);
    tcase_add_loop_test(tc, leak_14_what_tells_about_addresses_is_for_the_service, 0,
                        (int)(sizeof for_the_service / sizeof for_the_service[0]));
    tcase_add_test(tc, leak_9_the_functions_of_the_service_are_nobody_elses);
    suite_add_tcase(suite, tc);
    return suite;
}
