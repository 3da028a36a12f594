/* operations/candidates_history - a candidate's positions and schools: added, changed, listed, replaced as a whole, and what
 * follows from them. */
#include "fixture.h"
#include "suites.h"

#include <string.h>

static hg_uuid user, other, recruiter, candidate;

static void
enter(hg_conn *conn, int32_t role, const hg_uuid *who_id)
{
    hg_identity who = identity(role, who_id);

    ck_ok(hg_session_enter(conn, &who, &err), err);
}

static void
setup(void)
{
    hg_candidate_create_params params = { .struct_size = sizeof params, .set = HG_BIT(HG_CANDIDATE_CREATE_USER_ID) };
    const hg_candidate_profile *row = NULL;

    fixture_open_tenant();
    user = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    other = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    recruiter = fixture_user(HG_USER_USER_TYPE_COMPANY);
    fixture_company(&recruiter, HG_COMPANY_MEMBER_ROLE_RECRUITER);
    params.user_id = user;
    ck_ok(hg_candidate_create(service, &params, &row, &err), err);
    candidate = row->id;
    hg_candidate_profile_free(row);
    enter(tenant, HG_ROLE_CANDIDATE, &user);
}

static hg_experience_add_params
a_position(const char *from, const char *to, int32_t is_current)
{
    hg_experience_add_params params = {
        .struct_size = sizeof params,
        .set = HG_BIT(HG_EXPERIENCE_ADD_CANDIDATE_ID) | HG_BIT(HG_EXPERIENCE_ADD_COMPANY_NAME)
               | HG_BIT(HG_EXPERIENCE_ADD_JOB_TITLE) | HG_BIT(HG_EXPERIENCE_ADD_START_DATE)
               | HG_BIT(HG_EXPERIENCE_ADD_IS_CURRENT),
        .candidate_id = candidate, .company_name = str_of("Acme"), .job_title = str_of("Clerk"), .is_current = is_current,
    };

    ck_ok(hg_date_parse(from, strlen(from), &params.start_date, &err), err);
    if (to != NULL) {
        params.set |= HG_BIT(HG_EXPERIENCE_ADD_END_DATE);
        ck_ok(hg_date_parse(to, strlen(to), &params.end_date, &err), err);
    }
    return params;
}

static const struct { const char *name, *from, *to; int32_t current; hg_status status; } positions[] = {
    { "a past one",             "2020-01-01", "2021-01-01", 0, HG_OK },
    { "one day",                "2020-01-01", "2020-01-01", 0, HG_OK },
    { "a current one",          "2020-01-01", NULL,         1, HG_OK },
    { "ends before it begins",  "2020-01-02", "2020-01-01", 0, HG_E_INVALID },
    { "current and has an end", "2020-01-01", "2021-01-01", 1, HG_E_INVALID },
};

START_TEST(what_is_current_has_no_end_and_nothing_ends_before_it_begins)
{
    hg_experience_add_params params = a_position(positions[_i].from, positions[_i].to, positions[_i].current);
    hg_status st = hg_experience_add(tenant, &params, NULL, &err);

    ck_assert_msg(st == positions[_i].status, "%s gave %s (%s)", positions[_i].name, hg_status_name(st), err.message);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM candidate_experiences WHERE candidate_id = '%s'", uuid_text(&candidate)),
                     st == HG_OK);
    enter(tenant, HG_ROLE_CANDIDATE, &other);
    if (positions[_i].status == HG_OK)
        ck_status(hg_experience_add(tenant, &params, NULL, &err), HG_E_DENIED, err);
}
END_TEST

START_TEST(an_edit_is_judged_by_the_row_as_it_will_be)
{
    hg_experience_add_params params = a_position("2020-01-01", "2021-01-01", 0);
    hg_experience_edit_params edit = { .struct_size = sizeof edit };
    const hg_candidate_experience *row = NULL;

    ck_ok(hg_experience_add(tenant, &params, &row, &err), err);
    edit.experience_id = row->id;
    hg_candidate_experience_free(row);

    edit.set = HG_BIT(HG_EXPERIENCE_EDIT_EXPERIENCE_ID) | HG_BIT(HG_EXPERIENCE_EDIT_START_DATE);
    ck_ok(hg_date_parse("2022-01-01", 10, &edit.start_date, &err), err);
    ck_status(hg_experience_edit(tenant, &edit, NULL, &err), HG_E_INVALID, err);

    edit.start_date = 0;
    edit.set = HG_BIT(HG_EXPERIENCE_EDIT_EXPERIENCE_ID) | HG_BIT(HG_EXPERIENCE_EDIT_IS_CURRENT);
    edit.is_current = 1;
    ck_ok(hg_experience_edit(tenant, &edit, &row, &err), err);
    ck_assert(row->null_mask >> HG_CANDIDATE_EXPERIENCE_END_DATE & 1);
    hg_candidate_experience_free(row);

    enter(tenant, HG_ROLE_CANDIDATE, &other);
    ck_status(hg_experience_edit(tenant, &edit, NULL, &err), HG_E_NOT_FOUND, err);
}
END_TEST

START_TEST(current_positions_come_first_and_then_the_latest)
{
    hg_experience_list_params params = { .struct_size = sizeof params, .set = HG_BIT(HG_EXPERIENCE_LIST_CANDIDATE_ID),
                                         .candidate_id = candidate };
    hg_candidate_experience_list *list = NULL;
    char order[8] = "";

    sql_do("INSERT INTO candidate_experiences (candidate_id, company_name, job_title, start_date, end_date, is_current) "
           "SELECT '%s', c, 't', s::date, e::date, k FROM (VALUES ('4', '2015-01-01', '2016-01-01', false), "
           "('1', '2010-01-01', NULL, true), ('3', '2018-01-01', '2019-01-01', false), ('2', '2018-01-01', NULL, false)) "
           "AS v(c, s, e, k)", uuid_text(&candidate));
    ck_ok(hg_experience_list(tenant, &params, &list, &err), err);
    for (size_t i = 0; i < hg_candidate_experience_list_count(list); i++)
        strcat(order, hg_candidate_experience_list_at(list, i)->company_name.ptr);
    ck_assert_str_eq(order, "1234");
    hg_candidate_experience_list_free(list);
}
END_TEST

/* What says when it began first, the latest first; of two of one day that which goes on. */
START_TEST(education_comes_the_latest_first_and_to_those_who_see_the_profile)
{
    hg_education_list_params params = { .struct_size = sizeof params, .set = HG_BIT(HG_EDUCATION_LIST_CANDIDATE_ID),
                                        .candidate_id = candidate };
    hg_candidate_education_list *list = NULL;
    char order[8] = "";

    sql_do("INSERT INTO candidate_education (candidate_id, institution_name, start_date, end_date) "
           "SELECT '%s', i, s::date, e::date FROM (VALUES ('4', NULL, NULL), ('2', '2015-01-01', '2018-01-01'), "
           "('1', '2015-01-01', NULL), ('3', '2010-01-01', '2014-01-01')) AS v(i, s, e)", uuid_text(&candidate));
    ck_ok(hg_education_list(tenant, &params, &list, &err), err);
    for (size_t i = 0; i < hg_candidate_education_list_count(list); i++)
        strcat(order, hg_candidate_education_list_at(list, i)->institution_name.ptr);
    ck_assert_str_eq(order, "1234");
    hg_candidate_education_list_free(list);

    enter(tenant, HG_ROLE_CANDIDATE, &other);
    ck_ok(hg_education_list(tenant, &params, &list, &err), err);
    ck_assert_uint_eq(hg_candidate_education_list_count(list), 0);
    hg_candidate_education_list_free(list);
}
END_TEST

START_TEST(education_has_a_gpa_below_ten)
{
    hg_education_add_params params = {
        .struct_size = sizeof params,
        .set = HG_BIT(HG_EDUCATION_ADD_CANDIDATE_ID) | HG_BIT(HG_EDUCATION_ADD_INSTITUTION_NAME)
               | HG_BIT(HG_EDUCATION_ADD_GPA),
        .candidate_id = candidate, .institution_name = str_of("MIT"), .gpa = { .unscaled = 999, .scale = 2 },
    };
    hg_education_edit_params edit = { .struct_size = sizeof edit };
    const hg_candidate_education *row = NULL;

    ck_ok(hg_education_add(tenant, &params, &row, &err), err);
    edit.education_id = row->id;
    hg_candidate_education_free(row);
    params.gpa.unscaled = 1000;
    ck_status(hg_education_add(tenant, &params, NULL, &err), HG_E_INVALID, err);

    edit.set = HG_BIT(HG_EDUCATION_EDIT_EDUCATION_ID) | HG_BIT(HG_EDUCATION_EDIT_START_DATE)
               | HG_BIT(HG_EDUCATION_EDIT_END_DATE);
    edit.start_date = 100;
    edit.end_date = 99;
    ck_status(hg_education_edit(tenant, &edit, NULL, &err), HG_E_INVALID, err);
    edit.end_date = 100;
    ck_ok(hg_education_edit(tenant, &edit, &row, &err), err);
    ck_assert_int_eq(row->gpa.unscaled, 999);
    hg_candidate_education_free(row);
}
END_TEST

static hg_status
replace(hg_conn *conn, const char *history, const hg_candidate_history_replace_row **row)
{
    hg_candidate_history_replace_params params = {
        .struct_size = sizeof params,
        .set = HG_BIT(HG_CANDIDATE_HISTORY_REPLACE_CANDIDATE_ID) | HG_BIT(HG_CANDIDATE_HISTORY_REPLACE_HISTORY),
        .candidate_id = candidate, .history = str_of(history),
    };

    return hg_candidate_history_replace(conn, &params, row, &err);
}

START_TEST(a_history_is_replaced_as_a_whole_or_not_at_all)
{
    const hg_candidate_history_replace_row *row = NULL;

    ck_ok(replace(tenant, "{\"experiences\": [{\"company_name\": \"A\", \"job_title\": \"a\", \"start_date\": \"2020-01-01\"}, "
                          "{\"company_name\": \"B\", \"job_title\": \"b\", \"start_date\": \"2021-01-01\"}], "
                          "\"profile\": {\"headline\": \"Clerk\", \"skills\": [\"C\"]}}", &row), err);
    ck_assert_int_eq(row->experiences, 2);
    hg_candidate_history_replace_row_free(row);
    ck_status(replace(tenant, "{\"experiences\": [{\"company_name\": \"C\", \"job_title\": \"a\", "
                              "\"start_date\": \"2020-01-01\"}], \"education\": [{\"degree\": \"no name\"}]}", NULL),
              HG_E_INVALID, err);
    ck_status(replace(tenant, "{\"experiences\": [{\"company_name\": \"C\", \"job_title\": \"a\", "
                              "\"start_date\": \"soon\"}]}", NULL), HG_E_INVALID, err);
    ck_status(replace(tenant, "[]", NULL), HG_E_INVALID, err);

    ck_assert_str_eq(sql_text("SELECT string_agg(company_name, '' ORDER BY company_name) FROM candidate_experiences "
                              "WHERE candidate_id = '%s'", uuid_text(&candidate)), "AB");
    ck_assert_str_eq(sql_text("SELECT headline FROM candidate_profiles WHERE id = '%s'", uuid_text(&candidate)), "Clerk");
    enter(tenant, HG_ROLE_CANDIDATE, &other);
    ck_status(replace(tenant, "{}", NULL), HG_E_NOT_FOUND, err);
    enter(tenant, HG_ROLE_COMPANY, &recruiter);
    ck_status(replace(tenant, "{}", NULL), HG_E_DENIED, err);
}
END_TEST

START_TEST(years_that_overlap_count_once)
{
    hg_candidate_years_params params = { .struct_size = sizeof params, .set = HG_BIT(HG_CANDIDATE_YEARS_CANDIDATE_ID),
                                         .candidate_id = candidate };
    const hg_candidate_years_row *row = NULL;

    ck_ok(hg_candidate_years(tenant, &params, &row, &err), err);
    ck_assert_int_eq(row->years.unscaled, 0);
    hg_candidate_years_row_free(row);
    sql_do("INSERT INTO candidate_experiences (candidate_id, company_name, job_title, start_date, end_date) VALUES "
           "('%s', 'a', 't', '2010-01-01', '2013-12-31'), ('%s', 'b', 't', '2012-01-01', '2014-12-31'), "
           "('%s', 'c', 't', '2000-01-01', '2000-12-31')", uuid_text(&candidate), uuid_text(&candidate),
           uuid_text(&candidate));
    ck_ok(hg_candidate_years(tenant, &params, &row, &err), err);
    ck_assert_int_eq(row->years.unscaled, 60);
    hg_candidate_years_row_free(row);
}
END_TEST

START_TEST(completeness_names_what_is_missing)
{
    hg_candidate_completeness_params params = {
        .struct_size = sizeof params, .set = HG_BIT(HG_CANDIDATE_COMPLETENESS_CANDIDATE_ID), .candidate_id = candidate,
    };
    const hg_candidate_completeness_row *row = NULL;

    sql_do("UPDATE candidate_profiles SET headline = 'x', summary = 'x', current_title = ' ' WHERE id = '%s'",
           uuid_text(&candidate));
    ck_ok(hg_candidate_completeness(tenant, &params, &row, &err), err);
    ck_assert_int_eq(row->percent, 20);
    ck_assert_uint_eq(row->missing.count, 8);
    ck_assert_str_eq(row->missing.items[0].ptr, "current_title");
    hg_candidate_completeness_row_free(row);
    enter(tenant, HG_ROLE_CANDIDATE, &other);
    ck_status(hg_candidate_completeness(tenant, &params, NULL, &err), HG_E_NOT_FOUND, err);
}
END_TEST

Suite *
suite_operations_candidates_history(void)
{
    Suite *suite = suite_create("operations/candidates_history");
    TCase *tcase = tcase_create("candidates_history");

    tcase_add_checked_fixture(tcase, setup, fixture_close);
    tcase_add_loop_test(tcase, what_is_current_has_no_end_and_nothing_ends_before_it_begins, 0,
                        (int)(sizeof positions / sizeof *positions));
    tcase_add_test(tcase, an_edit_is_judged_by_the_row_as_it_will_be);
    tcase_add_test(tcase, current_positions_come_first_and_then_the_latest);
    tcase_add_test(tcase, education_comes_the_latest_first_and_to_those_who_see_the_profile);
    tcase_add_test(tcase, education_has_a_gpa_below_ten);
    tcase_add_test(tcase, a_history_is_replaced_as_a_whole_or_not_at_all);
    tcase_add_test(tcase, years_that_overlap_count_once);
    tcase_add_test(tcase, completeness_names_what_is_missing);
    suite_add_tcase(suite, tcase);
    return suite;
}
