/* operations/companies_members - who belongs to a company: invited, joined, ranked, gone; and never without an admin. */
#include "operations/ask.h"
#include "suites.h"

#include <stdio.h>
#include <string.h>

static hg_uuid boss, deputy, viewer, guest, stranger, company;

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
    deputy = fixture_user(HG_USER_USER_TYPE_COMPANY);
    viewer = fixture_user(HG_USER_USER_TYPE_COMPANY);
    guest = fixture_user(HG_USER_USER_TYPE_COMPANY);
    stranger = fixture_user(HG_USER_USER_TYPE_COMPANY);
    company = fixture_company(&boss, HG_COMPANY_MEMBER_ROLE_ADMIN);      /* first the one where they know each other */
    add_member(&guest, "viewer");
    company = fixture_company(&boss, HG_COMPANY_MEMBER_ROLE_ADMIN);
    fixture_company(&stranger, HG_COMPANY_MEMBER_ROLE_ADMIN);
    add_member(&viewer, "viewer");
}

/* role/active/joined of one's place in the company. */
static const char *
place_of(const hg_uuid *user)
{
    return sql_text("SELECT role || '/' || is_active || '/' || (joined_at IS NOT NULL) FROM company_members"
                    " WHERE company_id = '%s' AND user_id = '%s'", uuid_text(&company), uuid_text(user));
}

/* The company and a user, and more. */
static const char *
about(const hg_uuid *user, const char *more)
{
    return fixture_text("{'company_id': '%s', 'user_id': '%s'%s}", uuid_text(&company), uuid_text(user), more);
}

static const char *
here(void)
{
    return fixture_text("{'company_id': '%s'}", uuid_text(&company));
}

/* ---- Inviting -------------------------------------------------------------------------------------------------------- */

START_TEST(leak_5_an_invitation_gives_no_rights_before_it_is_accepted)
{
    act_as(HG_ROLE_COMPANY, &boss);
    ck_ok(ask(tenant, "member_invite", "%s", about(&guest, ", 'role': 'admin'")), err);
    ck_no_answer("joined_at");
    ck_answer("invited_by", uuid_text(&boss));
    ck_answer("permissions", "{}");
    act_as(HG_ROLE_COMPANY, &guest);
    ck_ok(ask(tenant, "member_role", "%s", here()), err);
    ck_assert_int_eq(answer_count(), 0);
    ck_status(ask(tenant, "member_invite", "%s", about(&stranger, ", 'role': 'viewer'")), HG_E_NOT_FOUND, err);
    ck_ok(ask(tenant, "member_accept", "%s", here()), err);
    ck_ok(ask(tenant, "member_role", "%s", here()), err);
    ck_answer("role", "admin");
    ck_answer("rank", "4");
    ck_status(ask(tenant, "member_accept", "%s", here()), HG_E_STATE, err);
    ck_status(ask(tenant, "member_decline", "%s", here()), HG_E_STATE, err);
}
END_TEST

/* Past the library, as whoever has the login's password may: an answer that is none leaves no membership half-way. */
START_TEST(an_answer_of_null_declines)
{
    PGconn *raw = sql_connect(fixture_dsn("LOGIN"));
    PGresult *result;

    act_as(HG_ROLE_COMPANY, &boss);
    ck_ok(ask(tenant, "member_invite", "%s", about(&guest, ", 'role': 'viewer'")), err);
    result = PQexec(raw, fixture_text("BEGIN; SET LOCAL ROLE hotgigs_company; SELECT set_config('request.jwt.claim.sub', '%s', true);"
                                      " SELECT hotgigs.member_answer('%s', NULL, NULL); COMMIT", uuid_text(&guest), uuid_text(&company)));
    ck_assert_msg(PQresultStatus(result) == PGRES_COMMAND_OK, "%s", PQerrorMessage(raw));
    ck_assert_str_eq(place_of(&guest), "viewer/false/false");
    PQclear(result);
    PQfinish(raw);
}
END_TEST

START_TEST(who_declined_or_left_may_be_invited_again)
{
    act_as(HG_ROLE_COMPANY, &boss);
    ck_ok(ask(tenant, "member_invite", "%s", about(&guest, ", 'role': 'viewer', 'permissions': ['export_data']")), err);
    act_as(HG_ROLE_COMPANY, &guest);
    ck_ok(ask(tenant, "member_decline", "%s", here()), err);
    ck_assert_str_eq(place_of(&guest), "viewer/false/false");
    ck_status(ask(tenant, "member_accept", "%s", here()), HG_E_NOT_FOUND, err);
    act_as(HG_ROLE_COMPANY, &boss);
    ck_ok(ask(tenant, "member_invite", "%s", about(&guest, ", 'role': 'recruiter'")), err);
    ck_answer("permissions", "{}");
    act_as(HG_ROLE_COMPANY, &guest);
    ck_ok(ask(tenant, "member_accept", "%s", here()), err);
    ck_ok(ask(tenant, "member_leave", "%s", here()), err);
    ck_assert_str_eq(place_of(&guest), "recruiter/false/false");
    ck_status(ask(tenant, "member_leave", "%s", here()), HG_E_NOT_FOUND, err);
    act_as(HG_ROLE_COMPANY, &boss);
    ck_ok(ask(tenant, "member_invite", "%s", about(&guest, ", 'role': 'viewer'")), err);
    ck_assert_str_eq(place_of(&guest), "viewer/true/false");
}
END_TEST

START_TEST(who_is_removed_sees_nothing_of_it_and_may_be_invited_again)
{
    act_as(HG_ROLE_COMPANY, &boss);
    ck_ok(ask(tenant, "member_remove", "%s", about(&viewer, "")), err);
    ck_answer("is_active", "false");
    ck_assert_str_eq(place_of(&viewer), "viewer/false/false");
    ck_status(ask(tenant, "member_remove", "%s", about(&viewer, "")), HG_E_NOT_FOUND, err);

    act_as(HG_ROLE_COMPANY, &viewer);
    ck_ok(ask(tenant, "company_list_mine", "{}"), err);
    ck_assert_int_eq(answer_count(), 0);
    ck_status(ask(tenant, "member_accept", "%s", here()), HG_E_NOT_FOUND, err);

    act_as(HG_ROLE_COMPANY, &boss);
    ck_ok(ask(tenant, "member_invite", "%s", about(&viewer, ", 'role': 'recruiter'")), err);
    ck_assert_str_eq(place_of(&viewer), "recruiter/true/false");
    act_as(HG_ROLE_COMPANY, &viewer);
    ck_ok(ask(tenant, "member_accept", "%s", here()), err);
}
END_TEST

START_TEST(only_admins_invite_and_only_what_exists)
{
    hg_uuid nobody;

    hg_uuid_new(&nobody);
    act_as(HG_ROLE_COMPANY, &viewer);
    ck_status(ask(tenant, "member_invite", "%s", about(&guest, ", 'role': 'viewer'")), HG_E_DENIED, err);
    act_as(HG_ROLE_COMPANY, &stranger);
    ck_status(ask(tenant, "member_invite", "%s", about(&guest, ", 'role': 'viewer'")), HG_E_NOT_FOUND, err);
    act_as(HG_ROLE_COMPANY, &boss);
    ck_status(ask(tenant, "member_invite", "%s", about(&viewer, ", 'role': 'admin'")), HG_E_CONFLICT, err);
    ck_assert_str_eq(place_of(&viewer), "viewer/true/true");
    ck_status(ask(tenant, "member_invite", "%s", about(&boss, ", 'role': 'admin'")), HG_E_CONFLICT, err);
    ck_status(ask(tenant, "member_invite", "%s", about(&nobody, ", 'role': 'viewer'")), HG_E_NOT_FOUND, err);
    ck_status(ask(tenant, "member_invite", "%s", about(&guest, ", 'role': 'viewer', 'permissions': ['fly']")), HG_E_INVALID,
              err);
    ck_status(ask(tenant, "member_invite", "%s", about(&guest, ", 'role': 'viewer', 'permissions': {'all': 1}")),
              HG_E_INVALID, err);
    ck_status(ask(tenant, "member_invite", "%s",
                  about(&guest, fixture_text(", 'role': 'viewer', 'inviter': '%s'", uuid_text(&viewer)))), HG_E_DENIED, err);
    ck_status(ask(service, "member_invite", "%s",
                  about(&guest, fixture_text(", 'role': 'viewer', 'inviter': '%s'", uuid_text(&viewer)))), HG_E_DENIED, err);
    ck_ok(ask(service, "member_invite", "%s",
              about(&guest, fixture_text(", 'role': 'viewer', 'inviter': '%s'", uuid_text(&boss)))), err);
    act_as(HG_ROLE_COMPANY, &stranger);
    ck_status(ask(tenant, "member_accept", "%s", about(&guest, "")), HG_E_DENIED, err);
    act_as(HG_ROLE_CANDIDATE, &guest);
    ck_status(ask(tenant, "member_invite", "%s", about(&stranger, ", 'role': 'viewer'")), HG_E_DENIED, err);
}
END_TEST

START_TEST(an_admin_cannot_tell_a_stranger_from_nobody)
{
    hg_uuid nobody;

    hg_uuid_new(&nobody);
    act_as(HG_ROLE_COMPANY, &boss);
    ck_status(ask(tenant, "member_invite", "%s", about(&stranger, ", 'role': 'viewer'")), HG_E_NOT_FOUND, err);
    ck_status(ask(tenant, "member_invite", "%s", about(&nobody, ", 'role': 'viewer'")), HG_E_NOT_FOUND, err);
    ck_ok(ask(service, "member_invite", "%s",
              about(&stranger, fixture_text(", 'role': 'viewer', 'inviter': '%s'", uuid_text(&boss)))), err);
    ck_answer("invited_by", uuid_text(&boss));
    ck_assert_str_eq(place_of(&stranger), "viewer/true/false");
}
END_TEST

START_TEST(eight_invitations_make_one_and_it_is_accepted_once)
{
    caller callers[CROWD];

    for (int i = 0; i < CROWD; i++)
        callers[i] = (caller){ .role = HG_ROLE_COMPANY, .user = boss, .params = about(&guest, ", 'role': 'recruiter'") };
    at_once(callers, CROWD, "member_invite");
    ck_assert_int_eq(how_many(callers, CROWD, HG_OK), CROWD);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM company_members WHERE company_id = '%s' AND user_id = '%s'",
                             uuid_text(&company), uuid_text(&guest)), 1);

    for (int i = 0; i < CROWD; i++)
        callers[i] = (caller){ .role = HG_ROLE_COMPANY, .user = guest, .params = here() };
    at_once(callers, CROWD, "member_accept");
    ck_assert_int_eq(how_many(callers, CROWD, HG_OK), 1);
    ck_assert_int_eq(how_many(callers, CROWD, HG_E_STATE), CROWD - 1);
}
END_TEST

/* ---- Ranks --------------------------------------------------------------------------------------------------------------- */

START_TEST(admins_rank_others_and_never_themselves)
{
    act_as(HG_ROLE_COMPANY, &boss);
    ck_ok(ask(tenant, "member_set_role", "%s", about(&viewer, ", 'role': 'recruiter', 'permissions': {'export_data': false}")),
          err);
    ck_answer("role", "recruiter");
    ck_ok(ask(tenant, "member_set_role", "%s", about(&viewer, ", 'role': 'account_manager'")), err);
    ck_assert_ptr_nonnull(strstr(answer("permissions"), "export_data"));      /* left alone */
    ck_ok(ask(tenant, "member_set_role", "%s", about(&viewer, ", 'permissions': null")), err);
    ck_answer("permissions", "{}");
    ck_answer("role", "account_manager");
    ck_status(ask(tenant, "member_set_role", "%s", about(&viewer, "")), HG_E_INVALID, err);
    ck_status(ask(tenant, "member_set_role", "%s", about(&boss, ", 'role': 'viewer'")), HG_E_DENIED, err);
    ck_status(ask(tenant, "member_set_role", "%s", about(&stranger, ", 'role': 'viewer'")), HG_E_NOT_FOUND, err);
    ck_status(ask(tenant, "member_remove", "%s", about(&boss, "")), HG_E_DENIED, err);
    act_as(HG_ROLE_COMPANY, &viewer);
    ck_status(ask(tenant, "member_set_role", "%s", about(&viewer, ", 'role': 'admin'")), HG_E_DENIED, err);
    ck_status(ask(tenant, "member_remove", "%s", about(&boss, "")), HG_E_DENIED, err);
    act_as(HG_ROLE_COMPANY, &stranger);
    ck_status(ask(tenant, "member_set_role", "%s", about(&viewer, ", 'role': 'admin'")), HG_E_NOT_FOUND, err);
    ck_status(ask(tenant, "member_remove", "%s", about(&viewer, "")), HG_E_NOT_FOUND, err);
}
END_TEST

START_TEST(leak_5_the_last_admin_stays)
{
    act_as(HG_ROLE_COMPANY, &boss);
    ck_status(ask(tenant, "member_leave", "%s", here()), HG_E_STATE, err);
    ck_status(ask(service, "member_set_role", "%s", about(&boss, ", 'role': 'viewer'")), HG_E_STATE, err);
    ck_status(ask(service, "member_remove", "%s", about(&boss, "")), HG_E_STATE, err);
    ck_status(ask(service, "member_offboard", "%s",
                  about(&boss, fixture_text(", 'successor_id': '%s'", uuid_text(&viewer)))), HG_E_STATE, err);
    ck_assert_str_eq(place_of(&boss), "admin/true/true");
}
END_TEST

/* Both saw the other still there. Locked in one order, the second finds that it is an admin no more. */
START_TEST(of_two_admins_who_demote_each_other_one_stays)
{
    for (int round = 0; round < 5; round++) {
        caller callers[2];
        hg_uuid first = boss, second = fixture_user(HG_USER_USER_TYPE_COMPANY);

        add_member(&second, "admin");
        callers[0] = (caller){ .role = HG_ROLE_COMPANY, .user = first, .params = about(&second, ", 'role': 'viewer'") };
        callers[1] = (caller){ .role = HG_ROLE_COMPANY, .user = second, .params = about(&first, ", 'role': 'viewer'") };
        at_once(callers, 2, "member_set_role");
        ck_assert_int_eq(how_many(callers, 2, HG_OK), 1);
        ck_assert_int_eq(how_many(callers, 2, HG_E_DENIED), 1);
        if (callers[1].status == HG_OK)
            boss = second;
    }
    ck_assert_int_eq(sql_int("SELECT count(*) FROM company_members WHERE company_id = '%s' AND role = 'admin'",
                             uuid_text(&company)), 1);
}
END_TEST

START_TEST(of_eight_admins_who_leave_one_stays)
{
    caller callers[CROWD];

    callers[0] = (caller){ .role = HG_ROLE_COMPANY, .user = boss, .params = here() };
    for (int i = 1; i < CROWD; i++) {
        hg_uuid user = fixture_user(HG_USER_USER_TYPE_COMPANY);

        add_member(&user, "admin");
        callers[i] = (caller){ .role = HG_ROLE_COMPANY, .user = user, .params = here() };
    }
    at_once(callers, CROWD, "member_leave");
    ck_assert_int_eq(how_many(callers, CROWD, HG_OK), CROWD - 1);
    ck_assert_int_eq(how_many(callers, CROWD, HG_E_STATE), 1);
}
END_TEST

static const struct { const char *role, *permissions, *key; const char *allowed; } rights[] = {
    { "admin",           "{}",                         "manage_settings",   "true" },
    { "recruiter",       "{}",                         "manage_jobs",       "true" },
    { "recruiter",       "{}",                         "manage_team",       "false" },
    { "account_manager", "{}",                         "manage_candidates", "true" },
    { "viewer",          "{}",                         "manage_jobs",       "false" },
    { "viewer",          "{\"all\": true}",            "manage_team",       "true" },
    { "viewer",          "{\"all\": true, \"export_data\": false}", "export_data", "false" },
    { "viewer",          "{\"all\": false}",           "view_analytics",    "true" },
    { "viewer",          "[\"manage_jobs\"]",          "manage_jobs",       "true" },
    { "admin",           "[\"manage_jobs\"]",          "manage_team",       "false" },
    { "viewer",          "[\"all\"]",                  "manage_team",       "true" },
    { "viewer",          "null",                       "view_analytics",    "true" },
};

START_TEST(permissions_go_over_the_rank)
{
    sql_do("UPDATE company_members SET role = '%s', permissions = %s WHERE company_id = '%s' AND user_id = '%s'",
           rights[_i].role, strcmp(rights[_i].permissions, "null") == 0 ? "NULL" : fixture_text("'%s'", rights[_i].permissions),
           uuid_text(&company), uuid_text(&viewer));
    act_as(HG_ROLE_COMPANY, &viewer);
    ck_ok(ask(tenant, "member_can", "{'company_id': '%s', 'permission': '%s'}", uuid_text(&company), rights[_i].key), err);
    ck_answer("allowed", rights[_i].allowed);
    act_as(HG_ROLE_COMPANY, &stranger);        /* is told nothing of it */
    ck_ok(ask(tenant, "member_can", "{'company_id': '%s', 'permission': '%s', 'user_id': '%s'}", uuid_text(&company),
              rights[_i].key, uuid_text(&viewer)), err);
    ck_answer("allowed", "false");
    ck_status(ask(tenant, "member_can", "{'company_id': '%s', 'permission': 'fly'}", uuid_text(&company)), HG_E_INVALID, err);
}
END_TEST

START_TEST(a_list_of_members_goes_by_rank_and_shows_the_invited_on_request)
{
    hg_uuid second = fixture_user(HG_USER_USER_TYPE_COMPANY);

    add_member(&deputy, "recruiter");
    add_member(&second, "recruiter");
    sql_do("UPDATE users SET first_name = 'Zoe' WHERE id = '%s'", uuid_text(&deputy));
    sql_do("UPDATE users SET first_name = 'Ann' WHERE id = '%s'", uuid_text(&second));
    act_as(HG_ROLE_COMPANY, &boss);
    ck_ok(ask(tenant, "member_invite", "%s", about(&guest, ", 'role': 'admin'")), err);
    ck_ok(ask(tenant, "member_list", "%s", here()), err);
    ck_assert_int_eq(answer_count(), 4);
    ck_assert_str_eq(answer_at(0, "user_id"), uuid_text(&boss));
    ck_assert_str_eq(answer_at(1, "first_name"), "Ann");
    ck_assert_str_eq(answer_at(2, "first_name"), "Zoe");
    ck_assert_str_eq(answer_at(3, "user_id"), uuid_text(&viewer));
    ck_ok(ask(tenant, "member_list", "{'company_id': '%s', 'with_inactive': true}", uuid_text(&company)), err);
    ck_assert_int_eq(answer_count(), 5);
    act_as(HG_ROLE_COMPANY, &stranger);
    ck_ok(ask(tenant, "member_list", "%s", here()), err);
    ck_assert_int_eq(answer_count(), 0);
}
END_TEST

/* ---- Handing over ------------------------------------------------------------------------------------------------------ */

START_TEST(who_goes_hands_over_what_is_open_in_this_company)
{
    hg_uuid job, other_job, elsewhere = fixture_company(&deputy, HG_COMPANY_MEMBER_ROLE_ADMIN);
    const char *d = uuid_text(&deputy);

    add_member(&deputy, "recruiter");
    job = fixture_job(&company, 1);
    other_job = fixture_job(&elsewhere, 1);
    sql_do("UPDATE jobs SET posted_by = '%s' WHERE id IN ('%s', '%s')", d, uuid_text(&job), uuid_text(&other_job));
    sql_do("INSERT INTO tasks (company_id, title, assigned_to, status) SELECT '%s', s, '%s', s FROM unnest(ARRAY['pending',"
           " 'in_progress', 'completed', 'cancelled']) s", uuid_text(&company), d);
    sql_do("WITH a AS (INSERT INTO applications (job_id) VALUES ('%s') RETURNING id) INSERT INTO interviews (application_id,"
           " interviewer_id, scheduled_at, status) SELECT a.id, '%s', now() + v.t, v.s FROM a, (VALUES (interval '1 day',"
           " 'scheduled'), ('-1 day', 'scheduled'), ('1 day', 'cancelled')) AS v (t, s)", uuid_text(&job), d);

    act_as(HG_ROLE_COMPANY, &viewer);
    ck_status(ask(tenant, "member_offboard", "%s",
                  about(&deputy, fixture_text(", 'successor_id': '%s'", uuid_text(&boss)))), HG_E_DENIED, err);
    act_as(HG_ROLE_COMPANY, &boss);
    ck_status(ask(tenant, "member_offboard", "%s",
                  about(&deputy, fixture_text(", 'successor_id': '%s'", uuid_text(&guest)))), HG_E_NOT_FOUND, err);
    ck_status(ask(tenant, "member_offboard", "%s", about(&deputy, fixture_text(", 'successor_id': '%s'", d))), HG_E_INVALID,
              err);
    ck_assert_str_eq(place_of(&deputy), "recruiter/true/true");
    ck_ok(ask(tenant, "member_offboard", "%s",
              about(&deputy, fixture_text(", 'successor_id': '%s'", uuid_text(&viewer)))), err);
    ck_answer("tasks", "2");
    ck_answer("jobs", "1");
    ck_answer("interviews", "1");
    ck_assert_str_eq(place_of(&deputy), "recruiter/false/false");
    ck_assert_str_eq(sql_text("SELECT posted_by FROM jobs WHERE id = '%s'", uuid_text(&other_job)), d);
}
END_TEST

Suite *
suite_operations_companies_members(void)
{
    Suite *suite = suite_create("operations/companies_members");
    TCase *tc = tcase_create("companies_members");

    tcase_add_checked_fixture(tc, setup, fixture_close);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, leak_5_an_invitation_gives_no_rights_before_it_is_accepted);
    tcase_add_test(tc, an_answer_of_null_declines);
    tcase_add_test(tc, who_declined_or_left_may_be_invited_again);
    tcase_add_test(tc, who_is_removed_sees_nothing_of_it_and_may_be_invited_again);
    tcase_add_test(tc, only_admins_invite_and_only_what_exists);
    tcase_add_test(tc, an_admin_cannot_tell_a_stranger_from_nobody);
    tcase_add_test(tc, eight_invitations_make_one_and_it_is_accepted_once);
    tcase_add_test(tc, admins_rank_others_and_never_themselves);
    tcase_add_test(tc, leak_5_the_last_admin_stays);
    tcase_add_test(tc, of_two_admins_who_demote_each_other_one_stays);
    tcase_add_test(tc, of_eight_admins_who_leave_one_stays);
    tcase_add_loop_test(tc, permissions_go_over_the_rank, 0, (int)(sizeof rights / sizeof rights[0]));
    tcase_add_test(tc, a_list_of_members_goes_by_rank_and_shows_the_invited_on_request);
    tcase_add_test(tc, who_goes_hands_over_what_is_open_in_this_company);
    suite_add_tcase(suite, tc);
    return suite;
}
