/* operations/user_credentials - the only way to a password's hash, for the service alone. */
#include "fixture.h"
#include "suites.h"

#include <string.h>

static hg_status
credentials(hg_conn *conn, const char *email, const hg_user_credentials_row **row)
{
    hg_user_credentials_params params = { .struct_size = sizeof params, .set = 1, .email = str_of(email) };

    return hg_user_credentials(conn, &params, row, &err);
}

START_TEST(case_and_blanks_do_not_count)
{
    hg_uuid user = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    const hg_user_credentials_row *row = NULL;
    char *email = fixture_text("  %s ", sql_text("SELECT upper(email) FROM users WHERE id = '%s'", uuid_text(&user)));

    sql_do("UPDATE users SET password_hash = 'h1' WHERE id = '%s'", uuid_text(&user));
    ck_ok(credentials(service, email, &row), err);

    ck_assert_mem_eq(&row->id, &user, 16);
    ck_assert_str_eq(row->password_hash.ptr, "h1");
    ck_assert_int_eq(row->user_type, HG_USER_USER_TYPE_CANDIDATE);
    hg_user_credentials_row_free(row);
}
END_TEST

START_TEST(an_unknown_address_is_success_without_a_row)
{
    const hg_user_credentials_row *row = (const void *)"";

    ck_ok(credentials(service, "nobody@nowhere.example", &row), err);
    ck_assert_ptr_null(row);
}
END_TEST

START_TEST(leak_no_persona_reads_a_hash)
{
    hg_uuid user = fixture_user(HG_USER_USER_TYPE_CANDIDATE);

    for (int32_t role = HG_ROLE_ANON; role < HG_ROLE_SERVICE; role++) {
        hg_identity who = identity(role, role == HG_ROLE_ANON ? NULL : &user);

        ck_ok(hg_session_enter(tenant, &who, &err), err);
        ck_status(credentials(tenant, "a@b.example", NULL), HG_E_DENIED, err);
        ck_says(err, "user_credentials is not for role");
    }
}
END_TEST

Suite *
suite_operations_user_credentials(void)
{
    Suite *suite = suite_create("operations/user_credentials");
    TCase *tcase = tcase_create("user_credentials");

    tcase_add_checked_fixture(tcase, fixture_open_tenant, fixture_close);
    tcase_add_test(tcase, case_and_blanks_do_not_count);
    tcase_add_test(tcase, an_unknown_address_is_success_without_a_row);
    tcase_add_test(tcase, leak_no_persona_reads_a_hash);
    suite_add_tcase(suite, tcase);
    return suite;
}
