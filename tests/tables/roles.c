/* tables/roles - columns and rows by persona: what is hidden is not loaded, what may not be written is refused before
 * anything is sent, and a row that was not changed says why.
 *
 * The masks of the descriptors are compared with the grants of the database, role by role; then each refusal is tried
 * through the calls of all tables. The rows' own rules are row-level security's, and have tests of their own. */
#include "fixture.h"
#include "suites.h"
#include "tables/doors.h"

#include <stdio.h>
#include <string.h>

static const char *const role_names[] = { "anon", "candidate", "company", "freelancer", "service" };

static uint64_t trips;

static void
act_as(int32_t role, const hg_uuid *user)
{
    hg_identity who = identity(role, role == HG_ROLE_ANON ? NULL : user);

    ck_ok(hg_session_enter(tenant, &who, &err), err);
}

static void
from_here(void)
{
    trips = conn_stats(tenant).round_trips;
}

#define ck_trips(want) \
    ck_assert_msg(conn_stats(tenant).round_trips - trips == (want), "%d round trips, want %d", \
                  (int)(conn_stats(tenant).round_trips - trips), (int)(want))

/* ---- Grants ------------------------------------------------------------------------------------------------------ */

static void
compare(const hgi_table *of, int32_t role, const char *privilege, uint64_t mask)
{
    for (int32_t c = 0; c < of->info.column_count; c++) {
        int granted = sql_text("SELECT 1 WHERE has_column_privilege('hotgigs_%s', 'public.%s', '%s', '%s')",
                               role_names[role], of->info.name, of->info.columns[c].name, privilege) != NULL;

        ck_assert_msg(granted == (int)(mask >> c & 1), "%s of %s.%s to %s: the database says %d, the library %d", privilege,
                      of->info.name, of->info.columns[c].name, role_names[role], granted, (int)(mask >> c & 1));
    }
}

START_TEST(the_masks_of_each_persona_are_the_grants)
{
    const hgi_table *of = hgi_tables[_i];

    for (int32_t role = HG_ROLE_ANON; role <= HG_ROLE_SERVICE; role++) {
        int deletable = sql_text("SELECT 1 WHERE has_table_privilege('hotgigs_%s', 'public.%s', 'DELETE')",
                                 role_names[role], of->info.name) != NULL;

        compare(of, role, "SELECT", of->readable[role]);
        compare(of, role, "INSERT", of->insertable[role]);
        compare(of, role, "UPDATE", of->updatable[role]);
        ck_assert_msg(deletable == (int)(of->deletable >> role & 1), "DELETE of %s to %s: the database says %d",
                      of->info.name, role_names[role], deletable);
        for (int32_t c = 0; c < of->info.column_count; c++)
            ck_assert_msg((of->info.columns[c].readers >> role & 1) == (of->readable[role] >> c & 1) &&
                              (of->info.columns[c].inserters >> role & 1) == (of->insertable[role] >> c & 1) &&
                              (of->info.columns[c].updaters >> role & 1) == (of->updatable[role] >> c & 1),
                          "the description of %s.%s differs from its masks", of->info.name, of->info.columns[c].name);
    }
}
END_TEST

/* ---- Refused unsent ---------------------------------------------------------------------------------------------- */

static void
expect_denied(hg_status st, const hgi_table *of, int32_t role, int32_t column, const char *what)
{
    ck_assert_msg(st == HG_E_DENIED, "%s %s as %s: gave %s (%s)", what, of->info.name, role_names[role],
                  hg_status_name(st), err.message);
    ck_assert_msg(err.column == column, "%s %s as %s: err names column %d, want %d", what, of->info.name, role_names[role],
                  (int)err.column, (int)column);
    ck_assert_msg(strcmp(err.table, of->info.name) == 0, "%s: err names table \"%s\", want %s", what, err.table,
                  of->info.name);
    ck_says(err, role_names[role]);
}

/* The least row with one more column, whatever its value: NULL, or what is there. */
static hgi_row *
row_that_sets(int32_t table, int32_t column, uint64_t *set)
{
    hgi_row *row = fixture_row(table, set);

    if (!(*set >> column & 1) && column > 0)
        row->null_mask |= HG_BIT(column);
    *set |= HG_BIT(column);
    return row;
}

START_TEST(a_column_that_a_persona_may_not_write_is_refused_before_anything_is_sent)
{
    const hgi_table *of = hgi_tables[_i];
    hg_uuid user = { { 1 } }, id = { { 2 } };

    for (int32_t role = HG_ROLE_ANON; role <= HG_ROLE_FREELANCER; role++) {
        uint64_t may_insert = of->insertable[role], may_update = of->updatable[role], set;
        const void *row;

        act_as(role, &user);
        from_here();
        for (int32_t c = 0; c < of->info.column_count; c++) {
            uint64_t only = HG_BIT(c);
            hgi_row *one;

            if (!(may_insert >> c & 1) && (c == 0 || of->info.columns[c].nullable)) {
                row = row_that_sets(_i, c, &set);
                expect_denied(table_doors[_i].insert(tenant, row, set, NULL, &err), of, role,
                              __builtin_ctzll(set & ~may_insert), "insert into");
            }
            if (c > 0 && !(may_update >> c & 1) && of->info.columns[c].nullable) {
                one = fixture_memory(of->info.row_size);
                one->struct_size = of->info.row_size;
                one->null_mask = only;
                expect_denied(table_doors[_i].update(tenant, &id, one, only, NULL, &err), of, role, c, "update of");
            }
        }
        if (of->readable[role] == 0) {
            void *list;

            expect_denied(table_doors[_i].get(tenant, &id, &row, &err), of, role, -1, "get of");
            expect_denied(table_doors[_i].get_many(tenant, &id, 1, &list, &err), of, role, -1, "get_many of");
        }
        if (!(of->deletable >> role & 1)) {
            ck_status(table_doors[_i].delete(tenant, &id, &err), HG_E_DENIED, err);
            ck_says(err, role_names[role]);
        }
        ck_trips(0);
    }
}
END_TEST

START_TEST(what_a_persona_may_read_is_loaded_and_nothing_else)
{
    const hg_uuid who = fixture_user(HG_USER_USER_TYPE_COMPANY);
    const hg_uuid company = fixture_company(&who, HG_COMPANY_MEMBER_ROLE_VIEWER);
    const hg_uuid job = fixture_job(&company, 1);
    hg_uuid candidate = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    hg_uuid freelancer = fixture_user(HG_USER_USER_TYPE_FREELANCE_RECRUITER);

    for (int32_t role = HG_ROLE_ANON; role <= HG_ROLE_FREELANCER; role++) {
        const hg_uuid *users[] = { NULL, &candidate, &who, &freelancer };
        const hg_job *row = NULL;
        hg_text *text = (hg_text *)(void *)&row;
        static const hg_str zero;

        act_as(role, users[role]);
        ck_ok(hg_job_get(tenant, &job, &row, &err), err);
        ck_assert_msg(row->loaded_mask == hgi_tables[HG_TABLE_JOBS]->readable[role], "%s loads other columns than it may",
                      role_names[role]);
        ck_assert_msg(((row->loaded_mask >> HG_JOB_AI_GENERATED_CONTENT) & 1) == (role == HG_ROLE_COMPANY),
                      "ai_generated_content is shown to %s", role_names[role]);
        if (role != HG_ROLE_COMPANY) {
            ck_assert_msg(memcmp(&row->ai_generated_content, &zero, sizeof zero) == 0, "a hidden field is not zero");
            ck_assert_msg(!(row->null_mask >> HG_JOB_AI_GENERATED_CONTENT & 1), "a hidden column is said to be NULL");
            ck_ok(hg_row_column_text(HG_TABLE_JOBS, row, HG_JOB_AI_GENERATED_CONTENT, &text, &err), err);
            ck_assert_msg(text == NULL, "a hidden column has a text");
        }
        hg_job_free(row);
    }
}
END_TEST

START_TEST(nobody_reads_password_hash_and_tokens_and_the_service_writes_them)
{
    hg_user row = { .struct_size = sizeof row, .email = unique_text(), .user_type = 1, .password_hash = { "secret", 6 } };
    hg_oauth_account account = { .struct_size = sizeof account, .provider = { "p", 1 }, .provider_user_id = unique_text(),
                                 .access_token = { "secret", 6 }, .refresh_token = { "secret", 6 } };
    const hg_user *made = NULL;
    const hg_oauth_account *made_account = NULL;

    ck_ok(hg_user_insert(service, &row, HG_BIT(HG_USER_EMAIL) | HG_BIT(HG_USER_USER_TYPE) | HG_BIT(HG_USER_PASSWORD_HASH),
                         &made, &err), err);
    ck_assert_msg(!(made->loaded_mask >> HG_USER_PASSWORD_HASH & 1) && made->password_hash.ptr == NULL, "it is read back");
    ck_assert_msg(sql_column_is(hgi_tables[HG_TABLE_USERS], HG_USER_PASSWORD_HASH, &made->id, "secret"), "it is not stored");
    ck_ok(hg_oauth_account_insert(service, &account,
                                  HG_BIT(HG_OAUTH_ACCOUNT_PROVIDER) | HG_BIT(HG_OAUTH_ACCOUNT_PROVIDER_USER_ID) |
                                      HG_BIT(HG_OAUTH_ACCOUNT_ACCESS_TOKEN) | HG_BIT(HG_OAUTH_ACCOUNT_REFRESH_TOKEN),
                                  &made_account, &err), err);
    ck_assert_msg(made_account->access_token.ptr == NULL && made_account->refresh_token.ptr == NULL, "a token is read back");
    ck_assert_msg(sql_column_is(hgi_tables[HG_TABLE_OAUTH_ACCOUNTS], HG_OAUTH_ACCOUNT_ACCESS_TOKEN, &made_account->id,
                                "secret"), "it is not stored");
    hg_user_free(made);
    hg_oauth_account_free(made_account);
}
END_TEST

/* ---- Why nothing changed ----------------------------------------------------------------------------------------- */

typedef struct scene {
    hg_uuid recruiter, viewer, candidate;
    hg_uuid company, other_company;
    hg_uuid own_job, foreign_public, foreign_hidden;
} scene;

static scene
a_scene(void)
{
    scene s = { .recruiter = fixture_user(HG_USER_USER_TYPE_COMPANY), .viewer = fixture_user(HG_USER_USER_TYPE_COMPANY),
                .candidate = fixture_user(HG_USER_USER_TYPE_CANDIDATE) };
    hg_uuid stranger = fixture_user(HG_USER_USER_TYPE_COMPANY);
    hg_company_member viewer = { .struct_size = sizeof viewer, .user_id = s.viewer, .role = HG_COMPANY_MEMBER_ROLE_VIEWER,
                                 .joined_at = 1 };

    s.company = viewer.company_id = fixture_company(&s.recruiter, HG_COMPANY_MEMBER_ROLE_RECRUITER);
    ck_ok(hg_company_member_insert(service, &viewer,
                                   HG_BIT(HG_COMPANY_MEMBER_COMPANY_ID) | HG_BIT(HG_COMPANY_MEMBER_USER_ID) |
                                       HG_BIT(HG_COMPANY_MEMBER_ROLE) | HG_BIT(HG_COMPANY_MEMBER_JOINED_AT), NULL, &err),
          err);
    s.other_company = fixture_company(&stranger, HG_COMPANY_MEMBER_ROLE_ADMIN);
    s.own_job = fixture_job(&s.company, 0);
    s.foreign_public = fixture_job(&s.other_company, 1);
    s.foreign_hidden = fixture_job(&s.other_company, 0);
    return s;
}

static hg_status
retitle(const hg_uuid *job, uint64_t version)
{
    hg_job row = { .struct_size = sizeof row, .row_version = version, .title = { "New", 3 } };
    const hg_job *made = &row;
    hg_status st;

    from_here();
    st = hg_job_update(tenant, job, &row, HG_BIT(HG_JOB_TITLE), &made, &err);
    ck_trips(1);
    if (st == HG_OK)
        hg_job_free(made);
    else
        ck_assert_msg(made == NULL, "*out is not NULL after a failure");
    return st;
}

static uint64_t
version_of(const hg_uuid *job)
{
    const hg_job *row = NULL;
    uint64_t version;

    ck_ok(hg_job_get(service, job, &row, &err), err);
    version = row->row_version;
    hg_job_free(row);
    return version;
}

START_TEST(zero_rows_changed_has_three_meanings_told_in_one_trip)
{
    scene s = a_scene();
    uint64_t version = version_of(&s.own_job), foreign = version_of(&s.foreign_public);
    hg_uuid nothing;

    hg_uuid_random(&nothing);
    act_as(HG_ROLE_COMPANY, &s.recruiter);
    ck_status(retitle(&nothing, 0), HG_E_NOT_FOUND, err);
    ck_status(retitle(&s.foreign_hidden, 0), HG_E_NOT_FOUND, err);      /* looks the same on purpose */
    ck_status(retitle(&s.foreign_hidden, 5), HG_E_NOT_FOUND, err);
    ck_status(retitle(&s.own_job, version + 1), HG_E_CONFLICT, err);
    ck_assert_str_eq(err.table, "jobs");
    ck_status(retitle(&s.foreign_public, 0), HG_E_DENIED, err);
    ck_status(retitle(&s.foreign_public, foreign), HG_E_DENIED, err);
    ck_status(retitle(&s.foreign_public, foreign + 1), HG_E_CONFLICT, err);
    ck_ok(retitle(&s.own_job, version), err);
    act_as(HG_ROLE_COMPANY, &s.viewer);
    ck_status(retitle(&s.own_job, 0), HG_E_DENIED, err);
}
END_TEST

START_TEST(zero_rows_deleted_has_two_meanings_told_in_one_trip)
{
    scene s = a_scene();
    hg_uuid nothing;

    hg_uuid_random(&nothing);
    act_as(HG_ROLE_COMPANY, &s.recruiter);
    from_here();
    ck_status(hg_job_delete(tenant, &nothing, &err), HG_E_NOT_FOUND, err);
    ck_status(hg_job_delete(tenant, &s.foreign_hidden, &err), HG_E_NOT_FOUND, err);
    ck_status(hg_job_delete(tenant, &s.foreign_public, &err), HG_E_DENIED, err);
    ck_status(hg_job_delete(tenant, &s.own_job, &err), HG_E_DENIED, err);       /* only admins delete */
    ck_trips(4);
    ck_assert_msg(sql_int("SELECT count(*) FROM jobs WHERE id IN ('%s', '%s', '%s')", uuid_text(&s.own_job),
                          uuid_text(&s.foreign_public), uuid_text(&s.foreign_hidden)) == 3, "a job is gone");
}
END_TEST

START_TEST(a_row_that_a_policy_refuses_is_denied_by_the_server)
{
    scene s = a_scene();
    uint64_t set;
    hg_job *row = fixture_row(HG_TABLE_JOBS, &set);
    const hg_job *made = row;

    act_as(HG_ROLE_COMPANY, &s.recruiter);
    row->company_id = s.other_company;
    row->posted_by = s.recruiter;
    set |= HG_BIT(HG_JOB_COMPANY_ID) | HG_BIT(HG_JOB_POSTED_BY);
    ck_status(hg_job_insert(tenant, row, set, &made, &err), HG_E_DENIED, err);
    ck_assert_str_eq(err.sqlstate, "42501");
    ck_assert_str_eq(err.table, "jobs");
    ck_assert_msg(made == NULL, "*out is not NULL after a failure");
    row->company_id = s.company;
    ck_ok(hg_job_insert(tenant, row, set, &made, &err), err);
    hg_job_free(made);
}
END_TEST

START_TEST(a_persona_that_is_not_his_sees_nothing)
{
    scene s = a_scene();
    const hg_job *row = NULL;

    act_as(HG_ROLE_CANDIDATE, &s.recruiter);            /* a company user through the candidate's role */
    ck_status(hg_job_get(tenant, &s.own_job, &row, &err), HG_E_NOT_FOUND, err);
    act_as(HG_ROLE_COMPANY, &s.recruiter);
    ck_ok(hg_job_get(tenant, &s.own_job, &row, &err), err);
    hg_job_free(row);
    sql_do("UPDATE users SET is_active = false WHERE id = '%s'", uuid_text(&s.recruiter));
    ck_status(hg_job_get(tenant, &s.own_job, &row, &err), HG_E_NOT_FOUND, err);
}
END_TEST

START_TEST(a_tenants_login_cannot_become_the_service)
{
    hg_identity who = identity(HG_ROLE_SERVICE, NULL);
    const hg_job *row = NULL;
    hg_uuid id = { { 1 } };

    ck_ok(hg_session_enter(tenant, &who, &err), err);
    ck_status(hg_job_get(tenant, &id, &row, &err), HG_E_DENIED, err);
    ck_assert_str_eq(err.sqlstate, "42501");
    hg_session_leave(tenant);
    ck_status(hg_job_get(tenant, &id, &row, &err), HG_E_NOT_FOUND, err);
}
END_TEST

Suite *
suite_tables_roles(void)
{
    Suite *suite = suite_create("tables/roles");
    TCase *tc = tcase_create("roles");

    tcase_add_checked_fixture(tc, fixture_open_tenant, fixture_close);
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, the_masks_of_each_persona_are_the_grants, 0, hgi_table_count);
    tcase_add_loop_test(tc, a_column_that_a_persona_may_not_write_is_refused_before_anything_is_sent, 0, hgi_table_count);
    tcase_add_test(tc, what_a_persona_may_read_is_loaded_and_nothing_else);
    tcase_add_test(tc, nobody_reads_password_hash_and_tokens_and_the_service_writes_them);
    tcase_add_test(tc, zero_rows_changed_has_three_meanings_told_in_one_trip);
    tcase_add_test(tc, zero_rows_deleted_has_two_meanings_told_in_one_trip);
    tcase_add_test(tc, a_row_that_a_policy_refuses_is_denied_by_the_server);
    tcase_add_test(tc, a_persona_that_is_not_his_sees_nothing);
    tcase_add_test(tc, a_tenants_login_cannot_become_the_service);
    suite_add_tcase(suite, tc);
    return suite;
}
