/* operations/candidates - profiles, skills and imports: happy paths, refusals by role, bad input, races. The search is in
 * search.c, positions and schools in candidates_history.c. */
#include "fixture.h"
#include "suites.h"

#include <pthread.h>
#include <string.h>

enum { CALLERS = 8 };

static hg_uuid user, other, recruiter, viewer, company, candidate;

static void
enter(hg_conn *conn, int32_t role, const hg_uuid *who_id)
{
    hg_identity who = identity(role, who_id);

    ck_ok(hg_session_enter(conn, &who, &err), err);
}

static hg_candidate_create_params
a_profile(const hg_uuid *of)
{
    return (hg_candidate_create_params){ .struct_size = sizeof(hg_candidate_create_params),
                                         .set = HG_BIT(HG_CANDIDATE_CREATE_USER_ID), .user_id = *of };
}

static void
setup(void)
{
    hg_candidate_create_params params;
    const hg_candidate_profile *row = NULL;

    fixture_open_tenant();
    user = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    other = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    recruiter = fixture_user(HG_USER_USER_TYPE_COMPANY);
    viewer = fixture_user(HG_USER_USER_TYPE_COMPANY);
    company = fixture_company(&recruiter, HG_COMPANY_MEMBER_ROLE_RECRUITER);
    fixture_company(&viewer, HG_COMPANY_MEMBER_ROLE_VIEWER);
    params = a_profile(&user);
    ck_ok(hg_candidate_create(service, &params, &row, &err), err);
    candidate = row->id;
    hg_candidate_profile_free(row);
    enter(tenant, HG_ROLE_CANDIDATE, &user);
}

/* ---- Eight callers at once ------------------------------------------------------------------------------------------- */

typedef struct caller {
    hg_conn  *conn;
    pthread_t thread;
    int       number, done;
    hg_status worst;
} caller;

static int
at_once(void *(*what)(void *), const hg_uuid *who)
{
    caller callers[CALLERS] = { { 0 } };
    int done = 0;

    for (int i = 0; i < CALLERS; i++) {
        callers[i].number = i;
        callers[i].conn = fixture_conn(fixture_dsn("LOGIN"), NULL);
        enter(callers[i].conn, HG_ROLE_CANDIDATE, who);
    }
    for (int i = 0; i < CALLERS; i++)
        pthread_create(&callers[i].thread, NULL, what, &callers[i]);
    for (int i = 0; i < CALLERS; i++) {
        pthread_join(callers[i].thread, NULL);
        done += callers[i].done;
    }
    for (int i = 0; i < CALLERS; i++) {
        ck_assert_msg(callers[i].worst == HG_OK, "caller %d: %s", i, hg_status_name(callers[i].worst));
        fixture_done(callers[i].conn);
    }
    return done;
}

static void *
create_once(void *argument)
{
    caller *c = argument;
    hg_candidate_create_params params = a_profile(&other);
    hg_error e;
    hg_status st = hg_candidate_create(c->conn, &params, NULL, &e);

    c->done = st == HG_OK;
    c->worst = st == HG_E_CONFLICT ? HG_OK : st;
    return NULL;
}

START_TEST(of_eight_at_once_one_makes_the_profile)
{
    ck_assert_int_eq(at_once(create_once, &other), 1);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM candidate_profiles WHERE user_id = '%s'", uuid_text(&other)), 1);
}
END_TEST

START_TEST(leak_nobody_makes_anothers_profile)
{
    hg_candidate_create_params params = a_profile(&other);

    ck_status(hg_candidate_create(tenant, &params, NULL, &err), HG_E_DENIED, err);
    enter(tenant, HG_ROLE_COMPANY, &recruiter);
    ck_status(hg_candidate_create(tenant, &params, NULL, &err), HG_E_DENIED, err);
    params.user_id = recruiter;
    ck_status(hg_candidate_create(service, &params, NULL, &err), HG_E_NOT_FOUND, err);
    params.user_id = user;
    ck_status(hg_candidate_create(service, &params, NULL, &err), HG_E_CONFLICT, err);
}
END_TEST

/* ---- Skills and settings ------------------------------------------------------------------------------------------------ */

static hg_status
put(hg_conn *conn, const char *skill, const char *level, int32_t years, hg_error *e)
{
    hg_candidate_skill_put_params params = {
        .struct_size = sizeof params,
        .set = HG_BIT(HG_CANDIDATE_SKILL_PUT_CANDIDATE_ID) | HG_BIT(HG_CANDIDATE_SKILL_PUT_SKILL),
        .candidate_id = candidate, .skill = { skill, strlen(skill) },
    };

    if (level != NULL) {
        params.set |= HG_BIT(HG_CANDIDATE_SKILL_PUT_LEVEL);
        params.level = (hg_str){ level, strlen(level) };
    }
    if (years >= 0) {
        params.set |= HG_BIT(HG_CANDIDATE_SKILL_PUT_YEARS);
        params.years = years;
    }
    return hg_candidate_skill_put(conn, &params, NULL, e);
}

static hg_status
take(const char *skill)
{
    hg_candidate_skill_remove_params params = {
        .struct_size = sizeof params,
        .set = HG_BIT(HG_CANDIDATE_SKILL_REMOVE_CANDIDATE_ID) | HG_BIT(HG_CANDIDATE_SKILL_REMOVE_SKILL),
        .candidate_id = candidate, .skill = str_of(skill),
    };

    return hg_candidate_skill_remove(tenant, &params, NULL, &err);
}

static const char *
skills(void)
{
    return sql_text("SELECT skills FROM candidate_profiles WHERE id = '%s'", uuid_text(&candidate));
}

START_TEST(a_skill_is_put_and_taken_whatever_its_case_and_spelling)
{
    sql_do("UPDATE candidate_profiles SET skills = '[\"SQL\", {\"name\": \"C\", \"years\": 3}]' WHERE id = '%s'",
           uuid_text(&candidate));
    ck_ok(put(tenant, "c", "expert", -1, &err), err);
    ck_assert_str_eq(skills(), "[\"SQL\", {\"name\": \"c\", \"level\": \"expert\", \"years\": 3}]");
    ck_ok(put(tenant, "Sql", NULL, 5, &err), err);
    ck_assert_str_eq(skills(), "[{\"name\": \"Sql\", \"years\": 5}, {\"name\": \"c\", \"level\": \"expert\", \"years\": 3}]");
    ck_ok(take("SQL"), err);
    ck_ok(take("absent"), err);
    ck_assert_str_eq(skills(), "[{\"name\": \"c\", \"level\": \"expert\", \"years\": 3}]");
    ck_ok(put(tenant, "New", NULL, -1, &err), err);
    ck_assert_int_eq(sql_int("SELECT jsonb_array_length(skills) FROM candidate_profiles WHERE id = '%s'",
                             uuid_text(&candidate)), 2);
}
END_TEST

START_TEST(bad_skills_are_refused_and_strangers_find_nothing)
{
    ck_status(put(tenant, "  ", NULL, -1, &err), HG_E_INVALID, err);
    ck_status(put(tenant, "C", "good", -1, &err), HG_E_INVALID, err);
    ck_status(put(tenant, "C", NULL, 81, &err), HG_E_INVALID, err);
    enter(tenant, HG_ROLE_CANDIDATE, &other);
    ck_status(put(tenant, "C", NULL, -1, &err), HG_E_NOT_FOUND, err);
    ck_status(take("C"), HG_E_NOT_FOUND, err);
    enter(tenant, HG_ROLE_COMPANY, &recruiter);
    ck_status(put(tenant, "C", NULL, -1, &err), HG_E_DENIED, err);
}
END_TEST

static void *
put_ten(void *argument)
{
    caller *c = argument;
    char name[32];
    hg_error e;

    for (int i = 0; i < 10; i++) {
        hg_status st;

        snprintf(name, sizeof name, "skill %d of %d", i, c->number);
        st = put(c->conn, name, NULL, -1, &e);
        if (st != HG_OK)
            c->worst = st;
    }
    return NULL;
}

START_TEST(eight_at_once_lose_no_skill)
{
    at_once(put_ten, &user);
    ck_assert_int_eq(sql_int("SELECT jsonb_array_length(skills) FROM candidate_profiles WHERE id = '%s'",
                             uuid_text(&candidate)), 80);
}
END_TEST

static const struct { const char *name, *patch; hg_status status; } patches[] = {
    { "a flag",             "{\"salary_visible\": true}",              HG_OK },
    { "no object",          "[1]",                                     HG_E_INVALID },
    { "text for a boolean", "{\"profile_public\": \"true\"}",          HG_E_INVALID },
    { "null for a boolean", "{\"contact_visible\": null}",             HG_E_INVALID },
    { "an id for an array", "{\"referrers\": \"x\"}",                  HG_E_INVALID },
};

START_TEST(settings_are_merged_and_flags_are_booleans)
{
    hg_candidate_visibility_merge_params params = {
        .struct_size = sizeof params,
        .set = HG_BIT(HG_CANDIDATE_VISIBILITY_MERGE_CANDIDATE_ID) | HG_BIT(HG_CANDIDATE_VISIBILITY_MERGE_PATCH),
        .candidate_id = candidate, .patch = str_of(patches[_i].patch),
    };
    hg_status st;

    sql_do("UPDATE candidate_profiles SET visibility_settings = '{\"profile_public\": false, \"x\": 1}' WHERE id = '%s'",
           uuid_text(&candidate));
    st = hg_candidate_visibility_merge(tenant, &params, NULL, &err);

    ck_assert_msg(st == patches[_i].status, "%s gave %s (%s)", patches[_i].name, hg_status_name(st), err.message);
    ck_assert_str_eq(sql_text("SELECT visibility_settings FROM candidate_profiles WHERE id = '%s'", uuid_text(&candidate)),
                     st == HG_OK ? "{\"x\": 1, \"profile_public\": false, \"salary_visible\": true}"
                                 : "{\"x\": 1, \"profile_public\": false}");
}
END_TEST

/* ---- The whole profile ------------------------------------------------------------------------------------------------------ */

START_TEST(a_profile_is_masked_as_its_owner_says)
{
    hg_candidate_get_full_params params = {
        .struct_size = sizeof params, .set = HG_BIT(HG_CANDIDATE_GET_FULL_CANDIDATE_ID), .candidate_id = candidate,
    };
    const hg_candidate_get_full_row *row = NULL;
    uint64_t trips;

    sql_do("UPDATE candidate_profiles SET desired_salary_min = 5, visibility_settings = '{\"profile_public\": true}' "
           "WHERE id = '%s'", uuid_text(&candidate));
    sql_do("INSERT INTO documents (user_id, document_type, file_name, file_url) VALUES ('%s', 'resume', 'r', 'u')",
           uuid_text(&user));
    ck_ok(hg_candidate_get_full(tenant, &params, &row, &err), err);
    ck_assert_int_eq(row->desired_salary_min, 5);
    ck_assert_ptr_nonnull(strstr(row->documents.ptr, "\"resume\""));
    hg_candidate_get_full_row_free(row);
    trips = conn_stats(tenant).round_trips;
    ck_ok(hg_candidate_get_full(tenant, &params, NULL, &err), err);
    ck_assert_uint_eq(conn_stats(tenant).round_trips, trips + 1);

    enter(tenant, HG_ROLE_COMPANY, &recruiter);
    ck_ok(hg_candidate_get_full(tenant, &params, &row, &err), err);
    ck_assert(row->null_mask >> HG_CANDIDATE_GET_FULL_ROW_DESIRED_SALARY_MIN & 1);
    ck_assert(row->null_mask >> HG_CANDIDATE_GET_FULL_ROW_EMAIL & 1);
    ck_assert_str_eq(row->documents.ptr, "[]");
    hg_candidate_get_full_row_free(row);
    enter(tenant, HG_ROLE_COMPANY, &viewer);
    ck_status(hg_candidate_get_full(tenant, &params, NULL, &err), HG_E_NOT_FOUND, err);
    enter(tenant, HG_ROLE_CANDIDATE, &other);
    ck_status(hg_candidate_get_full(tenant, &params, NULL, &err), HG_E_NOT_FOUND, err);
}
END_TEST

/* ---- The service's ------------------------------------------------------------------------------------------------------------ */

START_TEST(an_import_makes_each_record_as_a_whole_or_not_at_all)
{
    const char *mail = unique_text().ptr;
    hg_candidate_bulk_import_params params = {
        .struct_size = sizeof params, .set = HG_BIT(HG_CANDIDATE_BULK_IMPORT_RECORDS),
        .records = str_of(fixture_text(
            "[{\"email\": \"%s@a\", \"first_name\": \"A\", \"experiences\": [{\"company_name\": \"X\", \"job_title\": \"y\", "
            "\"start_date\": \"2020-01-01\"}], \"documents\": [{\"document_type\": \"resume\", \"file_name\": \"f\", "
            "\"file_url\": \"u\"}]}, {\"email\": \"%s@A\"}, {\"email\": \"%s@b\", \"experiences\": [{\"job_title\": \"y\"}]}, "
            "{\"email\": \"%s@c\", \"documents\": [{\"document_type\": \"poem\", \"file_name\": \"f\", \"file_url\": \"u\"}]}, "
            "{}, {\"email\": \"%s@d\"}]", mail, mail, mail, mail, mail)),
    };
    static const char *const outcomes[] = { "created", "taken", "invalid", "invalid", "invalid", "created" };
    hg_candidate_bulk_import_list *list = NULL;

    ck_ok(hg_candidate_bulk_import(service, &params, &list, &err), err);
    ck_assert_uint_eq(hg_candidate_bulk_import_list_count(list), 6);
    for (size_t i = 0; i < 6; i++) {
        const hg_candidate_bulk_import_row *row = hg_candidate_bulk_import_list_at(list, i);

        ck_assert_int_eq(row->nth, (int)i + 1);
        ck_assert_str_eq(row->outcome.ptr, outcomes[i]);
        ck_assert_int_eq((int)(row->null_mask >> HG_CANDIDATE_BULK_IMPORT_ROW_CANDIDATE_ID & 1), outcomes[i][0] != 'c');
    }
    hg_candidate_bulk_import_list_free(list);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM users WHERE email LIKE '%s@%%'", mail), 2);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM documents d JOIN users u ON u.id = d.user_id WHERE u.email LIKE '%s@%%'",
                             mail), 1);
    ck_status(hg_candidate_bulk_import(tenant, &params, NULL, &err), HG_E_DENIED, err);
}
END_TEST

START_TEST(duplicates_come_with_their_reasons)
{
    hg_candidate_find_duplicates_params params = {
        .struct_size = sizeof params,
        .set = HG_BIT(HG_CANDIDATE_FIND_DUPLICATES_PHONE) | HG_BIT(HG_CANDIDATE_FIND_DUPLICATES_FIRST_NAME)
               | HG_BIT(HG_CANDIDATE_FIND_DUPLICATES_LAST_NAME),
        .phone = str_of("+49 (30) 98-765-43"), .first_name = str_of("ANN"), .last_name = unique_text(),
    };
    hg_candidate_find_duplicates_list *list = NULL;

    sql_do("UPDATE users SET phone = '49309876543', first_name = 'Ann', last_name = '%s' WHERE id = '%s'",
           params.last_name.ptr, uuid_text(&user));
    ck_ok(hg_candidate_find_duplicates(service, &params, &list, &err), err);
    ck_assert_uint_ge(hg_candidate_find_duplicates_list_count(list), 1);
    ck_assert_mem_eq(hg_candidate_find_duplicates_list_at(list, 0)->candidate_id.bytes, candidate.bytes, 16);
    ck_assert_uint_eq(hg_candidate_find_duplicates_list_at(list, 0)->reasons.count, 2);
    hg_candidate_find_duplicates_list_free(list);
    ck_status(hg_candidate_find_duplicates(tenant, &params, NULL, &err), HG_E_DENIED, err);
}
END_TEST

START_TEST(stats_sum_up_to_all)
{
    hg_candidate_stats_params params = { .struct_size = sizeof params };
    const hg_candidate_stats_row *row = NULL;

    ck_ok(hg_candidate_stats(service, &params, &row, &err), err);
    ck_assert_int_eq(row->candidates, sql_int("SELECT count(*) FROM candidate_profiles"));
    hg_candidate_stats_row_free(row);
    ck_status(hg_candidate_stats(tenant, &params, NULL, &err), HG_E_DENIED, err);
}
END_TEST

Suite *
suite_operations_candidates(void)
{
    Suite *suite = suite_create("operations/candidates");
    TCase *tcase = tcase_create("candidates");

    tcase_add_checked_fixture(tcase, setup, fixture_close);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, of_eight_at_once_one_makes_the_profile);
    tcase_add_test(tcase, leak_nobody_makes_anothers_profile);
    tcase_add_test(tcase, a_skill_is_put_and_taken_whatever_its_case_and_spelling);
    tcase_add_test(tcase, bad_skills_are_refused_and_strangers_find_nothing);
    tcase_add_test(tcase, eight_at_once_lose_no_skill);
    tcase_add_loop_test(tcase, settings_are_merged_and_flags_are_booleans, 0, (int)(sizeof patches / sizeof *patches));
    tcase_add_test(tcase, a_profile_is_masked_as_its_owner_says);
    tcase_add_test(tcase, an_import_makes_each_record_as_a_whole_or_not_at_all);
    tcase_add_test(tcase, duplicates_come_with_their_reasons);
    tcase_add_test(tcase, stats_sum_up_to_all);
    suite_add_tcase(suite, tcase);
    return suite;
}
