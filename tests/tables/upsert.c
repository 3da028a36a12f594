/* tables/upsert - insert, or change what is there: by each unique key that a table has. */
#include "fixture.h"
#include "suites.h"

#include <string.h>

static uint64_t trips;

static void
from_here(void)
{
    trips = conn_stats(service).round_trips;
}

#define ck_trips(want) \
    ck_assert_msg(conn_stats(service).round_trips - trips == (want), "%d round trips, want %d", \
                  (int)(conn_stats(service).round_trips - trips), (int)(want))

static const uint64_t least = HG_BIT(HG_USER_EMAIL) | HG_BIT(HG_USER_USER_TYPE);
static const uint64_t with_phone = HG_BIT(HG_USER_EMAIL) | HG_BIT(HG_USER_USER_TYPE) | HG_BIT(HG_USER_PHONE);

static hg_user
a_user(hg_str email, const char *phone)
{
    return (hg_user){ .struct_size = sizeof(hg_user), .email = email, .user_type = HG_USER_USER_TYPE_CANDIDATE,
                      .phone = { phone, strlen(phone) } };
}

START_TEST(a_new_key_inserts_and_a_known_one_changes_what_is_set)
{
    hg_user row = a_user(unique_text(), "1");
    const hg_user *first = NULL, *second = NULL;

    row.first_name = str_of("Ada");
    from_here();
    ck_ok(hg_user_upsert(service, &row, with_phone | HG_BIT(HG_USER_FIRST_NAME), HG_USER_KEY_EMAIL, &first, &err), err);
    row = a_user(row.email, "2");
    ck_ok(hg_user_upsert(service, &row, with_phone, HG_USER_KEY_EMAIL, &second, &err), err);
    ck_trips(2);
    ck_assert_msg(memcmp(&first->id, &second->id, sizeof first->id) == 0, "the row got another id");
    ck_assert_msg(strcmp(second->phone.ptr, "2") == 0, "phone is %s, want 2", second->phone.ptr);
    ck_assert_msg(strcmp(second->first_name.ptr, "Ada") == 0, "a column that is not in set changed");
    ck_assert_msg(second->row_version > first->row_version, "the version did not grow");
    hg_user_free(first);
    hg_user_free(second);
}
END_TEST

START_TEST(an_id_that_is_given_counts_only_for_a_new_row)
{
    hg_user row = a_user(unique_text(), "1");
    const hg_user *first = NULL, *second = NULL;

    ck_ok(hg_user_upsert(service, &row, with_phone, HG_USER_KEY_EMAIL, &first, &err), err);
    hg_uuid_new(&row.id);
    ck_ok(hg_user_upsert(service, &row, with_phone | HG_BIT(HG_USER_ID), HG_USER_KEY_EMAIL, &second, &err), err);
    ck_assert_msg(memcmp(&first->id, &second->id, sizeof first->id) == 0, "the id was changed");
    hg_user_free(first);
    hg_user_free(second);
}
END_TEST

START_TEST(a_key_that_is_none_is_refused)
{
    static const int32_t keys[] = { -1, 1, 99 };
    hg_user row = a_user(unique_text(), "1");
    const hg_user *made = &row;

    from_here();
    ck_status(hg_user_upsert(service, &row, with_phone, keys[_i], &made, &err), HG_E_INVALID, err);
    ck_says(err, "key");
    ck_assert_msg(made == NULL, "*out is not NULL after a failure");
    ck_trips(0);
}
END_TEST

START_TEST(the_columns_of_the_key_must_be_set_and_not_NULL)
{
    hg_company_member row = { .struct_size = sizeof row, .role = 1, .null_mask = HG_BIT(HG_COMPANY_MEMBER_COMPANY_ID),
                              .user_id = { { 1 } } };
    uint64_t set = HG_BIT(HG_COMPANY_MEMBER_ROLE) | HG_BIT(HG_COMPANY_MEMBER_USER_ID);
    int32_t key = HG_COMPANY_MEMBER_KEY_COMPANY_ID_USER_ID;

    from_here();
    ck_status(hg_company_member_upsert(service, &row, set | HG_BIT(HG_COMPANY_MEMBER_COMPANY_ID), key, NULL, &err),
              HG_E_INVALID, err);
    ck_column(err, HG_COMPANY_MEMBER_COMPANY_ID);
    row.null_mask = 0;
    ck_status(hg_company_member_upsert(service, &row, set, key, NULL, &err), HG_E_INVALID, err);
    ck_column(err, HG_COMPANY_MEMBER_COMPANY_ID);
    ck_trips(0);
}
END_TEST

START_TEST(a_set_that_changes_nothing_in_a_row_that_is_there_is_refused)
{
    hg_oauth_account row = { .struct_size = sizeof row, .provider = { "p", 1 }, .provider_user_id = unique_text() };

    from_here();
    ck_status(hg_oauth_account_upsert(service, &row,
                                      HG_BIT(HG_OAUTH_ACCOUNT_PROVIDER) | HG_BIT(HG_OAUTH_ACCOUNT_PROVIDER_USER_ID),
                                      HG_OAUTH_ACCOUNT_KEY_PROVIDER_PROVIDER_USER_ID, NULL, &err), HG_E_INVALID, err);
    ck_trips(0);
}
END_TEST

START_TEST(a_column_that_the_role_may_not_read_is_refused_with_its_ordinal)
{
    hg_user row = a_user(unique_text(), "1");
    hg_oauth_account account = { .struct_size = sizeof account, .provider = { "p", 1 }, .provider_user_id = unique_text(),
                                 .access_token = { "t", 1 } };

    row.password_hash = str_of("x");
    from_here();
    ck_status(hg_user_upsert(service, &row, with_phone | HG_BIT(HG_USER_PASSWORD_HASH), HG_USER_KEY_EMAIL, NULL, &err),
              HG_E_DENIED, err);
    ck_column(err, HG_USER_PASSWORD_HASH);
    ck_status(hg_oauth_account_upsert(service, &account,
                                      HG_BIT(HG_OAUTH_ACCOUNT_PROVIDER) | HG_BIT(HG_OAUTH_ACCOUNT_PROVIDER_USER_ID) |
                                          HG_BIT(HG_OAUTH_ACCOUNT_ACCESS_TOKEN),
                                      HG_OAUTH_ACCOUNT_KEY_PROVIDER_PROVIDER_USER_ID, NULL, &err), HG_E_DENIED, err);
    ck_column(err, HG_OAUTH_ACCOUNT_ACCESS_TOKEN);
    ck_trips(0);
}
END_TEST

START_TEST(every_rule_of_an_insert_holds)
{
    hg_user row = a_user(unique_text(), "a phone number that is much too long");

    from_here();
    ck_status(hg_user_upsert(service, &row, with_phone, HG_USER_KEY_EMAIL, NULL, &err), HG_E_INVALID, err);
    ck_column(err, HG_USER_PHONE);
    row = a_user(row.email, "1");
    ck_status(hg_user_upsert(service, &row, least, HG_USER_KEY_EMAIL, NULL, &err), HG_E_INVALID, err);
    ck_column(err, HG_USER_PHONE);
    ck_status(hg_user_upsert(service, NULL, with_phone, HG_USER_KEY_EMAIL, NULL, &err), HG_E_INVALID, err);
    ck_trips(0);
}
END_TEST

/* ---- By a persona ------------------------------------------------------------------------------------------------ */

START_TEST(a_persona_without_insert_is_denied)
{
    hg_user row = a_user(unique_text(), "1");
    hg_uuid user = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    hg_identity who = identity(HG_ROLE_CANDIDATE, &user);

    ck_ok(hg_session_enter(tenant, &who, &err), err);
    ck_status(hg_user_upsert(tenant, &row, with_phone, HG_USER_KEY_EMAIL, NULL, &err), HG_E_DENIED, err);
    ck_assert_msg(err.sqlstate[0] == '\0', "it was sent");
}
END_TEST

START_TEST(what_the_role_may_not_update_is_left_as_it_is)
{
    const hg_uuid boss = fixture_user(HG_USER_USER_TYPE_COMPANY), guest = fixture_user(HG_USER_USER_TYPE_COMPANY);
    hg_company_member row = { .struct_size = sizeof row, .company_id = fixture_company(&boss, HG_COMPANY_MEMBER_ROLE_ADMIN),
                              .user_id = guest, .role = HG_COMPANY_MEMBER_ROLE_VIEWER, .invited_by = boss,
                              .invited_at = 1000 };
    uint64_t set = HG_BIT(HG_COMPANY_MEMBER_COMPANY_ID) | HG_BIT(HG_COMPANY_MEMBER_USER_ID) |
                   HG_BIT(HG_COMPANY_MEMBER_ROLE) | HG_BIT(HG_COMPANY_MEMBER_INVITED_BY) |
                   HG_BIT(HG_COMPANY_MEMBER_INVITED_AT);
    int32_t key = HG_COMPANY_MEMBER_KEY_COMPANY_ID_USER_ID;
    hg_identity who = identity(HG_ROLE_COMPANY, &boss);
    const hg_company_member *made = NULL;
    hg_uuid elsewhere;

    elsewhere = fixture_company(&boss, HG_COMPANY_MEMBER_ROLE_ADMIN);       /* a colleague there: strangers he may not invite */
    sql_do("INSERT INTO company_members (company_id, user_id, role, joined_at) VALUES ('%s', '%s', 'viewer', now())",
           uuid_text(&elsewhere), uuid_text(&guest));
    ck_ok(hg_session_enter(tenant, &who, &err), err);
    ck_ok(hg_company_member_upsert(tenant, &row, set, key, NULL, &err), err);
    row.role = HG_COMPANY_MEMBER_ROLE_RECRUITER;
    row.invited_at = 2000;
    ck_ok(hg_company_member_upsert(tenant, &row, set, key, &made, &err), err);
    ck_assert_msg(made->role == HG_COMPANY_MEMBER_ROLE_RECRUITER, "the rank did not change");
    ck_assert_msg(made->invited_at == 1000, "invited_at changed, which the role may not update");
    hg_company_member_free(made);
}
END_TEST

/* A member's row of a company: its key is of two columns, and the only one by which a tenant may upsert. */
START_TEST(a_tenants_many_are_judged_by_his_policies_new_and_known_alike)
{
    const hg_uuid boss = fixture_user(HG_USER_USER_TYPE_COMPANY), own = fixture_company(&boss, HG_COMPANY_MEMBER_ROLE_ADMIN),
                  shared = fixture_company(&boss, HG_COMPANY_MEMBER_ROLE_ADMIN), strange = fixture_insert(HG_TABLE_COMPANIES);
    const uint64_t set = HG_BIT(HG_COMPANY_MEMBER_COMPANY_ID) | HG_BIT(HG_COMPANY_MEMBER_USER_ID) |
                         HG_BIT(HG_COMPANY_MEMBER_ROLE) | HG_BIT(HG_COMPANY_MEMBER_INVITED_BY);
    const int32_t key = HG_COMPANY_MEMBER_KEY_COMPANY_ID_USER_ID;
    const hg_identity who = identity(HG_ROLE_COMPANY, &boss);
    hg_company_member rows[3];
    hg_company_member_list *list = NULL;

    for (int i = 0; i < 3; i++) {
        rows[i] = (hg_company_member){ .struct_size = sizeof rows[i], .company_id = own,
                                       .user_id = fixture_user(HG_USER_USER_TYPE_COMPANY), .role = HG_COMPANY_MEMBER_ROLE_VIEWER,
                                       .invited_by = boss };
        sql_do("INSERT INTO company_members (company_id, user_id, role, joined_at) VALUES ('%s', '%s', 'viewer', now())",
               uuid_text(&shared), uuid_text(&rows[i].user_id));        /* a colleague: strangers he may not invite */
    }
    ck_ok(hg_session_enter(tenant, &who, &err), err);
    ck_ok(hg_company_member_upsert_many(tenant, rows, 2, sizeof rows[0], set, key, NULL, &err), err);
    for (int i = 0; i < 3; i++)
        rows[i].role = HG_COMPANY_MEMBER_ROLE_RECRUITER;
    ck_ok(hg_company_member_upsert_many(tenant, rows, 3, sizeof rows[0], set, key, &list, &err), err);
    for (size_t i = 0; i < 3; i++)
        ck_assert_msg(hg_company_member_list_at(list, i)->role == HG_COMPANY_MEMBER_ROLE_RECRUITER, "row %zu did not change", i);
    hg_company_member_list_free(list);
    rows[0].role = HG_COMPANY_MEMBER_ROLE_VIEWER;
    rows[2].company_id = strange;
    ck_status(hg_company_member_upsert_many(tenant, rows, 3, sizeof rows[0], set, key, NULL, &err), HG_E_DENIED, err);
    ck_assert_msg(sql_int("SELECT count(*) FROM company_members WHERE company_id IN ('%s', '%s') AND role = 'viewer'",
                          uuid_text(&own), uuid_text(&strange)) == 0, "a part of the refused batch was stored");
}
END_TEST

/* ---- Many -------------------------------------------------------------------------------------------------------- */

enum { MANY = 500 };

START_TEST(many_keys_new_and_known_come_back_in_the_order_of_the_batch)
{
    hg_user *rows = fixture_memory(MANY * sizeof *rows);
    hg_user_list *list = NULL;

    for (size_t i = 0; i < MANY; i++)
        rows[i] = a_user(unique_text(), "1");
    for (size_t i = 0; i < MANY; i += 3)               /* a third is there already */
        ck_ok(hg_user_insert(service, &rows[i], with_phone, NULL, &err), err);
    for (size_t i = 0; i < MANY; i++)
        rows[i].phone = str_of(fixture_text("%zu", i));
    from_here();
    ck_ok(hg_user_upsert_many(service, rows, MANY, sizeof *rows, with_phone, HG_USER_KEY_EMAIL, &list, &err), err);
    ck_trips(1);
    ck_assert_msg(hg_user_list_count(list) == MANY, "%zu rows came back", hg_user_list_count(list));
    for (size_t i = 0; i < MANY; i++) {
        const hg_user *row = hg_user_list_at(list, i);

        ck_assert_msg(strcmp(row->email.ptr, rows[i].email.ptr) == 0, "row %zu is another's", i);
        ck_assert_msg(strcmp(row->phone.ptr, rows[i].phone.ptr) == 0, "row %zu has the phone %s", i, row->phone.ptr);
    }
    hg_user_list_free(list);
}
END_TEST

START_TEST(two_rows_with_one_key_are_refused_with_both_indexes)
{
    hg_user *rows = fixture_memory(MANY * sizeof *rows);
    hg_user_list *list = (hg_user_list *)(void *)rows;

    for (size_t i = 0; i < MANY; i++)
        rows[i] = a_user(unique_text(), "1");
    rows[444].email = rows[17].email;
    from_here();
    ck_status(hg_user_upsert_many(service, rows, MANY, sizeof *rows, with_phone, HG_USER_KEY_EMAIL, &list, &err),
              HG_E_INVALID, err);
    ck_says(err, "rows 17 and 444");
    ck_column(err, HG_USER_EMAIL);
    ck_assert_msg(list == NULL, "*out is not NULL after a failure");
    ck_trips(0);
}
END_TEST

START_TEST(keys_of_two_columns_are_told_apart_where_their_ends_meet)
{
    hg_oauth_account rows[2] = {
        { .struct_size = sizeof rows[0], .provider = { "ab", 2 }, .provider_user_id = unique_text(), .scope = { "s", 1 } },
        { .struct_size = sizeof rows[0], .provider = { "a", 1 }, .scope = { "s", 1 } },
    };

    rows[1].provider_user_id = str_of(fixture_text("b%s", rows[0].provider_user_id.ptr));
    ck_ok(hg_oauth_account_upsert_many(service, rows, 2, sizeof rows[0],
                                       HG_BIT(HG_OAUTH_ACCOUNT_PROVIDER) | HG_BIT(HG_OAUTH_ACCOUNT_PROVIDER_USER_ID) |
                                           HG_BIT(HG_OAUTH_ACCOUNT_SCOPE),
                                       HG_OAUTH_ACCOUNT_KEY_PROVIDER_PROVIDER_USER_ID, NULL, &err), err);
}
END_TEST

START_TEST(many_are_all_or_none)
{
    hg_company rows[3];
    uint64_t set = HG_BIT(HG_COMPANY_NAME) | HG_BIT(HG_COMPANY_SLUG) | HG_BIT(HG_COMPANY_ID);
    const hg_uuid taken = fixture_insert(HG_TABLE_COMPANIES);

    for (size_t i = 0; i < 3; i++) {
        rows[i] = (hg_company){ .struct_size = sizeof rows[0], .name = { "n", 1 }, .slug = unique_text() };
        hg_uuid_new(&rows[i].id);
    }
    rows[2].id = taken;                                /* a new slug with a primary key that is taken */
    ck_status(hg_company_upsert_many(service, rows, 3, sizeof rows[0], set, HG_COMPANY_KEY_SLUG, NULL, &err),
              HG_E_CONFLICT, err);
    ck_column(err, HG_COMPANY_ID);
    ck_assert_msg(sql_int("SELECT count(*) FROM companies WHERE slug IN ('%s', '%s')", rows[0].slug.ptr,
                          rows[1].slug.ptr) == 0, "a part of the batch was stored");
}
END_TEST

Suite *
suite_tables_upsert(void)
{
    Suite *suite = suite_create("tables/upsert");
    TCase *tc = tcase_create("upsert");

    tcase_add_checked_fixture(tc, fixture_open_tenant, fixture_close);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, a_new_key_inserts_and_a_known_one_changes_what_is_set);
    tcase_add_test(tc, an_id_that_is_given_counts_only_for_a_new_row);
    tcase_add_loop_test(tc, a_key_that_is_none_is_refused, 0, 3);
    tcase_add_test(tc, the_columns_of_the_key_must_be_set_and_not_NULL);
    tcase_add_test(tc, a_set_that_changes_nothing_in_a_row_that_is_there_is_refused);
    tcase_add_test(tc, a_column_that_the_role_may_not_read_is_refused_with_its_ordinal);
    tcase_add_test(tc, every_rule_of_an_insert_holds);
    tcase_add_test(tc, a_persona_without_insert_is_denied);
    tcase_add_test(tc, what_the_role_may_not_update_is_left_as_it_is);
    tcase_add_test(tc, a_tenants_many_are_judged_by_his_policies_new_and_known_alike);
    tcase_add_test(tc, many_keys_new_and_known_come_back_in_the_order_of_the_batch);
    tcase_add_test(tc, two_rows_with_one_key_are_refused_with_both_indexes);
    tcase_add_test(tc, keys_of_two_columns_are_told_apart_where_their_ends_meet);
    tcase_add_test(tc, many_are_all_or_none);
    suite_add_tcase(suite, tc);
    return suite;
}
