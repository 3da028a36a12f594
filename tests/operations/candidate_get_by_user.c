/* operations/candidate_get_by_user - rows of a table, under the caller's policies. */
#include "fixture.h"
#include "suites.h"

#include <string.h>

static hg_uuid user;

static hg_status
get_by_user(const hg_uuid *of, const hg_candidate_profile **row)
{
    hg_candidate_get_by_user_params params = { .struct_size = sizeof params, .set = 1, .user_id = *of };

    return hg_candidate_get_by_user(tenant, &params, row, &err);
}

static void
enter(int32_t role, const hg_uuid *who_id)
{
    hg_identity who = identity(role, who_id);

    ck_ok(hg_session_enter(tenant, &who, &err), err);
}

static void
setup(void)
{
    fixture_open_tenant();
    user = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    sql_do("INSERT INTO candidate_profiles (user_id, headline, availability) VALUES ('%s', 'Welder', 'immediately')",
           uuid_text(&user));
}

START_TEST(a_candidate_finds_his_own_profile_as_a_row_of_the_table)
{
    const hg_candidate_profile *row = NULL;
    hg_text *json = NULL;

    enter(HG_ROLE_CANDIDATE, &user);
    ck_ok(get_by_user(&user, &row), err);

    ck_assert_str_eq(row->headline.ptr, "Welder");
    ck_assert_int_eq(row->availability, HG_CANDIDATE_PROFILE_AVAILABILITY_IMMEDIATELY);
    ck_assert_uint_eq(row->row_version, (uint64_t)row->updated_at);
    ck_assert(!(row->loaded_mask >> HG_CANDIDATE_PROFILE_SKILLS & 1));
    ck_ok(hg_candidate_profile_to_json(row, &json, &err), err);
    ck_assert_ptr_nonnull(strstr(hg_text_ptr(json), "\"headline\":\"Welder\""));
    hg_text_free(json);
    hg_candidate_profile_free(row);
}
END_TEST

START_TEST(leak_another_candidates_profile_is_none)
{
    hg_uuid other = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    const hg_candidate_profile *row = (const void *)"";

    enter(HG_ROLE_CANDIDATE, &other);
    ck_ok(get_by_user(&user, &row), err);
    ck_assert_ptr_null(row);
}
END_TEST

Suite *
suite_operations_candidate_get_by_user(void)
{
    Suite *suite = suite_create("operations/candidate_get_by_user");
    TCase *tcase = tcase_create("candidate_get_by_user");

    tcase_add_checked_fixture(tcase, setup, fixture_close);
    tcase_add_test(tcase, a_candidate_finds_his_own_profile_as_a_row_of_the_table);
    tcase_add_test(tcase, leak_another_candidates_profile_is_none);
    suite_add_tcase(suite, tcase);
    return suite;
}
