/* operations/jobs - the steps of jobs and skills: happy paths, refusals by role, bad input, races and round trips. Those
 * of job_set_state, job_count_view and job_similar have files of their own; the searches are in search.c. */
#include "fixture.h"
#include "suites.h"

#include <pthread.h>
#include <string.h>

enum { CALLERS = 8 };

static hg_uuid recruiter, viewer, boss, stranger, company, other_company, job;

static void
join(const hg_uuid *user, const char *role)
{
    sql_do("INSERT INTO company_members (company_id, user_id, role, joined_at) VALUES ('%s', '%s', '%s', now())",
           uuid_text(&company), uuid_text(user), role);
}

static void
enter(hg_conn *conn, int32_t role, const hg_uuid *user)
{
    hg_identity who = identity(role, user);

    ck_ok(hg_session_enter(conn, &who, &err), err);
}

static void
setup(void)
{
    fixture_open_tenant();
    recruiter = fixture_user(HG_USER_USER_TYPE_COMPANY);
    viewer = fixture_user(HG_USER_USER_TYPE_COMPANY);
    boss = fixture_user(HG_USER_USER_TYPE_COMPANY);
    stranger = fixture_user(HG_USER_USER_TYPE_COMPANY);
    company = fixture_company(&recruiter, HG_COMPANY_MEMBER_ROLE_RECRUITER);
    other_company = fixture_company(&stranger, HG_COMPANY_MEMBER_ROLE_ADMIN);
    join(&viewer, "viewer");
    join(&boss, "admin");
    job = fixture_job(&company, 1);
    enter(tenant, HG_ROLE_COMPANY, &recruiter);
}

static hg_uuid
an_application(const hg_uuid *to, const char *status)
{
    hg_uuid user = fixture_user(HG_USER_USER_TYPE_CANDIDATE), id;

    hg_uuid_new(&id);
    sql_do("WITH p AS (INSERT INTO candidate_profiles (user_id) VALUES ('%s') RETURNING id) "
           "INSERT INTO applications (id, job_id, candidate_id, status) SELECT '%s', '%s', p.id, '%s' FROM p",
           uuid_text(&user), uuid_text(&id), uuid_text(to), status);
    return id;
}

/* ---- job_create ----------------------------------------------------------------------------------------------------- */

static hg_job_create_params
a_job(const char *title)
{
    return (hg_job_create_params){
        .struct_size = sizeof(hg_job_create_params),
        .set = HG_BIT(HG_JOB_CREATE_COMPANY_ID) | HG_BIT(HG_JOB_CREATE_TITLE) | HG_BIT(HG_JOB_CREATE_DESCRIPTION)
               | HG_BIT(HG_JOB_CREATE_JOB_TYPE),
        .company_id = company, .title = str_of(title), .description = str_of("Work"),
        .job_type = HG_JOB_JOB_TYPE_FULL_TIME,
    };
}

START_TEST(a_job_comes_with_its_skills_in_one_trip)
{
    hg_job_create_params params = a_job("Site Engineer");
    uint64_t trips;
    const hg_job *row = NULL;

    ck_ok(hg_job_create(tenant, &params, NULL, &err), err);      /* once, to prepare */
    trips = conn_stats(tenant).round_trips;
    params.set |= HG_BIT(HG_JOB_CREATE_SKILLS);
    params.skills = str_of("[\"SQL\", {\"name\": \"C\", \"level\": \"expert\", \"is_required\": false}, \"sql\"]");
    ck_ok(hg_job_create(tenant, &params, &row, &err), err);

    ck_assert_uint_eq(conn_stats(tenant).round_trips, trips + 1);
    ck_assert_str_eq(row->slug.ptr, "site-engineer-2");
    ck_assert_mem_eq(row->posted_by.bytes, recruiter.bytes, 16);
    ck_assert_int_eq(row->view_count, 0);
    ck_assert_int_eq(row->application_count, 0);
    ck_assert_int_eq(row->is_public, 1);
    ck_assert_str_eq(sql_text("SELECT string_agg(skill_name || ':' || coalesce(skill_level, '-') || ':' || is_required, ' ' "
                              "ORDER BY skill_name) FROM job_skills WHERE job_id = '%s'", uuid_text(&row->id)),
                     "C:expert:false SQL:-:true");
    hg_job_free(row);
}
END_TEST

static const struct { const char *title, *slug; } slugs[] = {
    { "C++ / C Developer!", "c-c-developer" },
    { "Инженер", "инженер" },
    { "!!!", "job" },
};

START_TEST(slugs_are_never_empty)
{
    hg_job_create_params params = a_job(slugs[_i].title);
    const hg_job *row = NULL;

    ck_ok(hg_job_create(tenant, &params, &row, &err), err);
    ck_assert_str_eq(row->slug.ptr, slugs[_i].slug);
    hg_job_free(row);
}
END_TEST

START_TEST(leak_who_is_no_recruiter_of_the_company_creates_nothing)
{
    hg_job_create_params params = a_job("Sneaky");

    enter(tenant, HG_ROLE_COMPANY, &viewer);
    ck_status(hg_job_create(tenant, &params, NULL, &err), HG_E_DENIED, err);
    enter(tenant, HG_ROLE_COMPANY, &stranger);
    ck_status(hg_job_create(tenant, &params, NULL, &err), HG_E_NOT_FOUND, err);
    hg_uuid_new(&params.company_id);
    ck_status(hg_job_create(tenant, &params, NULL, &err), HG_E_NOT_FOUND, err);
    enter(tenant, HG_ROLE_CANDIDATE, &viewer);
    ck_status(hg_job_create(tenant, &params, NULL, &err), HG_E_DENIED, err);

    ck_assert_int_eq(sql_int("SELECT count(*) FROM jobs WHERE title = 'Sneaky'"), 0);
}
END_TEST

static const struct { const char *name, *skills; int32_t from, to; const char *title; } refused[] = {
    { "no array",          "{\"name\": \"C\"}",                       1, 2, "x" },
    { "a number",          "[1]",                                     1, 2, "x" },
    { "no name",           "[{\"level\": \"expert\"}]",               1, 2, "x" },
    { "no such level",     "[{\"name\": \"C\", \"level\": \"good\"}]", 1, 2, "x" },
    { "a salary that ends below its beginning", "[]",                 2, 1, "x" },
    { "a blank title",     "[]",                                      1, 2, " " },
};

START_TEST(bad_input_creates_nothing)
{
    hg_job_create_params params = a_job(refused[_i].title);
    long before = sql_int("SELECT count(*) FROM jobs WHERE company_id = '%s'", uuid_text(&company));
    hg_status st;

    params.set |= HG_BIT(HG_JOB_CREATE_SKILLS) | HG_BIT(HG_JOB_CREATE_SALARY_MIN) | HG_BIT(HG_JOB_CREATE_SALARY_MAX);
    params.skills = str_of(refused[_i].skills);
    params.salary_min = refused[_i].from;
    params.salary_max = refused[_i].to;
    st = hg_job_create(tenant, &params, NULL, &err);

    ck_assert_msg(st == HG_E_INVALID, "%s gave %s (%s)", refused[_i].name, hg_status_name(st), err.message);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM jobs WHERE company_id = '%s'", uuid_text(&company)), before);
}
END_TEST

/* ---- Races ---------------------------------------------------------------------------------------------------------- */

typedef struct caller {
    hg_conn  *conn;
    pthread_t thread;
    int       number;
    hg_status worst;
} caller;

static void
at_once(void *(*what)(void *), int32_t role, const hg_uuid *user)
{
    caller callers[CALLERS] = { { 0 } };

    for (int i = 0; i < CALLERS; i++) {
        callers[i].number = i;
        callers[i].conn = fixture_conn(fixture_dsn("LOGIN"), NULL);
        enter(callers[i].conn, role, user);
    }
    for (int i = 0; i < CALLERS; i++)
        pthread_create(&callers[i].thread, NULL, what, &callers[i]);
    for (int i = 0; i < CALLERS; i++)
        pthread_join(callers[i].thread, NULL);
    for (int i = 0; i < CALLERS; i++) {
        ck_assert_msg(callers[i].worst == HG_OK, "caller %d: %s", i, hg_status_name(callers[i].worst));
        fixture_done(callers[i].conn);
    }
}

static void *
create_ten(void *argument)
{
    caller *c = argument;
    hg_error e;

    for (int i = 0; i < 10; i++) {
        hg_job_create_params params = a_job("Same Title");
        hg_status st = hg_job_create(c->conn, &params, NULL, &e);

        if (st != HG_OK)
            c->worst = st;
    }
    return NULL;
}

START_TEST(eight_makers_at_once_give_eighty_slugs)
{
    at_once(create_ten, HG_ROLE_COMPANY, &recruiter);

    ck_assert_int_eq(sql_int("SELECT count(DISTINCT slug) FROM jobs WHERE company_id = '%s' AND title = 'Same Title'",
                             uuid_text(&company)), 80);
}
END_TEST

static void *
look_25_times(void *argument)
{
    caller *c = argument;
    hg_job_count_view_params params = { .struct_size = sizeof params, .set = HG_BIT(HG_JOB_COUNT_VIEW_JOB_ID),
                                        .job_id = job };
    hg_error e;

    for (int i = 0; i < 25; i++) {
        hg_status st = hg_job_count_view(c->conn, &params, &e);

        if (st != HG_OK)
            c->worst = st;
    }
    return NULL;
}

START_TEST(eight_times_25_views_are_200_and_move_no_version)
{
    const char *before = sql_text("SELECT updated_at FROM jobs WHERE id = '%s'", uuid_text(&job));

    at_once(look_25_times, HG_ROLE_ANON, NULL);

    ck_assert_int_eq(sql_int("SELECT view_count FROM jobs WHERE id = '%s'", uuid_text(&job)), 200);
    ck_assert_str_eq(sql_text("SELECT updated_at FROM jobs WHERE id = '%s'", uuid_text(&job)), before);
}
END_TEST

/* ---- job_skills_replace ----------------------------------------------------------------------------------------------- */

static hg_status
replace(hg_conn *conn, const hg_uuid *of, const char *skills, hg_error *e)
{
    hg_job_skills_replace_params params = {
        .struct_size = sizeof params,
        .set = HG_BIT(HG_JOB_SKILLS_REPLACE_JOB_ID) | HG_BIT(HG_JOB_SKILLS_REPLACE_SKILLS),
        .job_id = *of, .skills = { skills, strlen(skills) },
    };

    return hg_job_skills_replace(conn, &params, NULL, e);
}

static const char *
skills_of(const hg_uuid *of)
{
    return sql_text("SELECT string_agg(skill_name, ',' ORDER BY skill_name) FROM job_skills WHERE job_id = '%s'",
                    uuid_text(of));
}

START_TEST(skills_are_replaced_as_a_whole_or_not_at_all)
{
    hg_job_skills_replace_params params = {
        .struct_size = sizeof params,
        .set = HG_BIT(HG_JOB_SKILLS_REPLACE_JOB_ID) | HG_BIT(HG_JOB_SKILLS_REPLACE_SKILLS),
        .job_id = job, .skills = str_of("[\"Z\", \"z\"]"),
    };
    hg_job_skill_list *list = NULL;

    ck_ok(hg_job_skills_replace(tenant, &params, &list, &err), err);
    ck_assert_uint_eq(hg_job_skill_list_count(list), 1);
    ck_assert_str_eq(hg_job_skill_list_at(list, 0)->skill_name.ptr, "Z");
    hg_job_skill_list_free(list);
    ck_ok(replace(tenant, &job, "[\"A\", \"B\"]", &err), err);
    ck_assert_str_eq(skills_of(&job), "A,B");
    ck_status(replace(tenant, &job, "[\"C\", 5]", &err), HG_E_INVALID, err);
    ck_assert_str_eq(skills_of(&job), "A,B");
    ck_ok(replace(tenant, &job, "[{\"name\": \"C\"}]", &err), err);
    ck_assert_str_eq(skills_of(&job), "C");
    ck_assert_str_eq(sql_text("SELECT skills FROM jobs WHERE id = '%s'", uuid_text(&job)), "[{\"name\": \"C\"}]");

    enter(tenant, HG_ROLE_COMPANY, &viewer);
    ck_status(replace(tenant, &job, "[]", &err), HG_E_DENIED, err);
    enter(tenant, HG_ROLE_COMPANY, &stranger);
    ck_status(replace(tenant, &job, "[]", &err), HG_E_NOT_FOUND, err);
    ck_assert_str_eq(skills_of(&job), "C");
}
END_TEST

static void *
replace_25_times(void *argument)
{
    caller *c = argument;
    char skills[64];
    hg_error e;

    snprintf(skills, sizeof skills, "[\"a%d\", \"b%d\"]", c->number, c->number);
    for (int i = 0; i < 25; i++) {
        hg_status st = replace(c->conn, &job, skills, &e);

        if (st != HG_OK)
            c->worst = st;
    }
    return NULL;
}

START_TEST(of_replacements_at_once_one_is_there_as_a_whole)
{
    at_once(replace_25_times, HG_ROLE_COMPANY, &recruiter);

    ck_assert_int_eq(sql_int("SELECT count(*) FROM job_skills WHERE job_id = '%s'", uuid_text(&job)), 2);
    ck_assert_int_eq(sql_int("SELECT count(DISTINCT substr(skill_name, 2)) FROM job_skills WHERE job_id = '%s'",
                             uuid_text(&job)), 1);
}
END_TEST

/* ---- job_bulk_set_state ----------------------------------------------------------------------------------------------- */

START_TEST(a_foreign_job_and_a_missing_one_look_the_same)
{
    hg_uuid ids[3] = { job, fixture_job(&other_company, 1), { { 0 } } };
    hg_job_bulk_set_state_params params = {
        .struct_size = sizeof params,
        .set = HG_BIT(HG_JOB_BULK_SET_STATE_COMPANY_ID) | HG_BIT(HG_JOB_BULK_SET_STATE_JOB_IDS)
               | HG_BIT(HG_JOB_BULK_SET_STATE_EMPLOYMENT_STATUS),
        .company_id = company, .job_ids = { ids, 3 }, .employment_status = str_of("closed"),
    };
    hg_job_bulk_set_state_list *list = NULL;
    int changed = 0;

    hg_uuid_new(&ids[2]);
    ck_ok(hg_job_bulk_set_state(tenant, &params, &list, &err), err);

    ck_assert_uint_eq(hg_job_bulk_set_state_list_count(list), 3);
    for (size_t i = 0; i < 3; i++) {
        const hg_job_bulk_set_state_row *row = hg_job_bulk_set_state_list_at(list, i);

        ck_assert_int_eq(row->changed, memcmp(row->id.bytes, job.bytes, 16) == 0);
        changed += row->changed;
    }
    ck_assert_int_eq(changed, 1);
    ck_assert_str_eq(sql_text("SELECT employment_status FROM jobs WHERE id = '%s'", uuid_text(&ids[1])), "open");
    hg_job_bulk_set_state_list_free(list);
}
END_TEST

static hg_uuid many[40];

static void *
toggle_many(void *argument)
{
    caller *c = argument;
    hg_uuid ids[40];
    hg_error e;

    for (int i = 0; i < 40; i++)
        ids[i] = many[c->number % 2 ? i : 39 - i];
    for (int i = 0; i < 10; i++) {
        hg_job_bulk_set_state_params params = {
            .struct_size = sizeof params,
            .set = HG_BIT(HG_JOB_BULK_SET_STATE_COMPANY_ID) | HG_BIT(HG_JOB_BULK_SET_STATE_JOB_IDS)
                   | HG_BIT(HG_JOB_BULK_SET_STATE_IS_PUBLIC),
            .company_id = company, .job_ids = { ids, 40 }, .is_public = i % 2,
        };
        hg_status st = hg_job_bulk_set_state(c->conn, &params, NULL, &e);

        if (st != HG_OK)
            c->worst = st;
    }
    return NULL;
}

START_TEST(bulk_calls_in_opposite_order_do_not_deadlock)
{
    for (int i = 0; i < 40; i++)
        many[i] = fixture_job(&company, 1);
    at_once(toggle_many, HG_ROLE_COMPANY, &recruiter);
}
END_TEST

/* ---- job_duplicate, job_remove ------------------------------------------------------------------------------------------ */

START_TEST(a_copy_is_a_hidden_draft_without_counts)
{
    hg_job_duplicate_params params = { .struct_size = sizeof params, .set = HG_BIT(HG_JOB_DUPLICATE_JOB_ID), .job_id = job };
    const hg_job *row = NULL;

    ck_ok(replace(tenant, &job, "[\"A\", \"B\"]", &err), err);
    sql_do("UPDATE jobs SET view_count = 7, application_deadline = now(), is_featured = true WHERE id = '%s'",
           uuid_text(&job));
    ck_ok(hg_job_duplicate(tenant, &params, &row, &err), err);

    ck_assert_int_eq(row->is_public, 0);
    ck_assert_int_eq(row->is_featured, 0);
    ck_assert_int_eq(row->view_count, 0);
    ck_assert(row->null_mask >> HG_JOB_APPLICATION_DEADLINE & 1);
    ck_assert_str_eq(row->employment_status.ptr, "draft");
    ck_assert_str_eq(skills_of(&row->id), "A,B");
    ck_assert_mem_ne(row->id.bytes, job.bytes, 16);
    hg_job_free(row);
    enter(tenant, HG_ROLE_COMPANY, &stranger);
    ck_status(hg_job_duplicate(tenant, &params, NULL, &err), HG_E_NOT_FOUND, err);
}
END_TEST

START_TEST(a_job_goes_with_all_but_its_tasks_and_only_for_admins)
{
    hg_job_remove_params params = { .struct_size = sizeof params, .set = HG_BIT(HG_JOB_REMOVE_JOB_ID), .job_id = job };
    hg_uuid application = an_application(&job, "applied");
    const hg_job_remove_row *row = NULL;

    ck_ok(replace(tenant, &job, "[\"A\", \"B\"]", &err), err);
    sql_do("INSERT INTO tasks (company_id, related_application_id, title) VALUES ('%s', '%s', 'call')",
           uuid_text(&company), uuid_text(&application));
    ck_status(hg_job_remove(tenant, &params, NULL, &err), HG_E_DENIED, err);
    enter(tenant, HG_ROLE_COMPANY, &stranger);
    ck_status(hg_job_remove(tenant, &params, NULL, &err), HG_E_NOT_FOUND, err);
    enter(tenant, HG_ROLE_COMPANY, &boss);
    ck_ok(hg_job_remove(tenant, &params, &row, &err), err);

    ck_assert_int_eq(row->applications, 1);
    ck_assert_int_eq(row->skills, 2);
    ck_assert_int_eq(row->tasks_unlinked, 1);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM tasks WHERE company_id = '%s' AND related_application_id IS NULL",
                             uuid_text(&company)), 1);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM jobs WHERE id = '%s'", uuid_text(&job)), 0);
    hg_job_remove_row_free(row);
}
END_TEST

/* ---- Views ---------------------------------------------------------------------------------------------------------------- */

START_TEST(a_visitor_sees_an_open_public_job_by_id_or_by_slugs)
{
    hg_job_view_public_params by_id = { .struct_size = sizeof by_id, .set = HG_BIT(HG_JOB_VIEW_PUBLIC_JOB_ID), .job_id = job };
    hg_job_view_public_params by_slug = {
        .struct_size = sizeof by_slug,
        .set = HG_BIT(HG_JOB_VIEW_PUBLIC_COMPANY_SLUG) | HG_BIT(HG_JOB_VIEW_PUBLIC_JOB_SLUG),
        .company_slug = str_of(sql_text("SELECT slug FROM companies WHERE id = '%s'", uuid_text(&company))),
        .job_slug = str_of(sql_text("SELECT slug FROM jobs WHERE id = '%s'", uuid_text(&job))),
    };
    const hg_job_view_public_row *row = NULL;

    ck_ok(replace(tenant, &job, "[\"A\"]", &err), err);
    enter(tenant, HG_ROLE_ANON, NULL);
    ck_ok(hg_job_view_public(tenant, &by_id, &row, &err), err);
    ck_assert_str_eq(row->skills.ptr, "[{\"name\": \"A\", \"level\": null, \"is_required\": true}]");
    ck_assert_int_eq(row->takes_applications, 1);
    hg_job_view_public_row_free(row);
    ck_ok(hg_job_view_public(tenant, &by_slug, &row, &err), err);
    ck_assert_mem_eq(row->id.bytes, job.bytes, 16);
    hg_job_view_public_row_free(row);

    sql_do("UPDATE jobs SET application_deadline = now() AT TIME ZONE 'UTC' - interval '1 minute' WHERE id = '%s'",
           uuid_text(&job));
    ck_ok(hg_job_view_public(tenant, &by_id, &row, &err), err);
    ck_assert_int_eq(row->takes_applications, 0);
    hg_job_view_public_row_free(row);
    sql_do("UPDATE jobs SET employment_status = 'closed' WHERE id = '%s'", uuid_text(&job));
    ck_status(hg_job_view_public(tenant, &by_id, NULL, &err), HG_E_NOT_FOUND, err);
    sql_do("UPDATE jobs SET employment_status = 'open', is_public = false WHERE id = '%s'", uuid_text(&job));
    ck_status(hg_job_view_public(tenant, &by_id, NULL, &err), HG_E_NOT_FOUND, err);
    ck_status(hg_job_view_public(tenant, &by_slug, NULL, &err), HG_E_NOT_FOUND, err);
}
END_TEST

START_TEST(a_member_sees_counts_and_nobody_of_another_company_does)
{
    hg_job_view_member_params params = { .struct_size = sizeof params, .set = HG_BIT(HG_JOB_VIEW_MEMBER_JOB_ID),
                                         .job_id = job };
    const hg_job_view_member_row *row = NULL;

    an_application(&job, "applied");
    an_application(&job, "applied");
    an_application(&job, "hired");
    ck_ok(replace(tenant, &job, "[\"A\", \"B\"]", &err), err);
    enter(tenant, HG_ROLE_COMPANY, &viewer);
    ck_ok(hg_job_view_member(tenant, &params, &row, &err), err);
    ck_assert_int_eq(row->applied, 2);
    ck_assert_int_eq(row->hired, 1);
    ck_assert_int_eq(row->offer, 0);
    hg_job_view_member_row_free(row);

    enter(tenant, HG_ROLE_COMPANY, &stranger);      /* the job is public, and still not his */
    ck_status(hg_job_view_member(tenant, &params, NULL, &err), HG_E_NOT_FOUND, err);
}
END_TEST

START_TEST(a_companys_pages_neither_lose_nor_repeat_jobs_of_one_moment)
{
    hg_job_list_company_params params = {
        .struct_size = sizeof params,
        .set = HG_BIT(HG_JOB_LIST_COMPANY_COMPANY_ID) | HG_BIT(HG_JOB_LIST_COMPANY_AT_MOST) | HG_BIT(HG_JOB_LIST_COMPANY_TEXT),
        .company_id = company, .at_most = 50, .text = str_of("100%_"),
    };
    hg_job_list_company_list *list = NULL;
    size_t seen = 0, count;

    sql_do("INSERT INTO jobs (company_id, title, slug, description, job_type, created_at) SELECT '%s', 'a 100%%_ job', "
           "'s' || g, 'd', 'contract', '2024-05-05' FROM generate_series(1, 1000) g", uuid_text(&company));
    an_application(&job, "applied");
    do {
        ck_ok(hg_job_list_company(tenant, &params, &list, &err), err);
        count = hg_job_list_company_list_count(list);
        seen += count;
        if (count > 0) {
            const hg_job_list_company_row *last = hg_job_list_company_list_at(list, count - 1);

            ck_assert_int_eq(last->total, 1000);
            params.set |= HG_BIT(HG_JOB_LIST_COMPANY_AFTER_CREATED_AT) | HG_BIT(HG_JOB_LIST_COMPANY_AFTER_ID);
            params.after_created_at = last->created_at;
            params.after_id = last->id;
        }
        hg_job_list_company_list_free(list);
    } while (count > 0);
    ck_assert_uint_eq(seen, 1000);

    enter(tenant, HG_ROLE_COMPANY, &stranger);
    params.set = HG_BIT(HG_JOB_LIST_COMPANY_COMPANY_ID) | HG_BIT(HG_JOB_LIST_COMPANY_AT_MOST);
    params.text = (hg_str){ 0 };
    params.after_created_at = 0;
    params.after_id = (hg_uuid){ { 0 } };
    ck_ok(hg_job_list_company(tenant, &params, &list, &err), err);
    ck_assert_uint_eq(hg_job_list_company_list_count(list), 0);
    hg_job_list_company_list_free(list);
}
END_TEST

START_TEST(stats_count_who_ever_reached_a_stage_once)
{
    hg_job_stats_params params = { .struct_size = sizeof params, .set = HG_BIT(HG_JOB_STATS_JOB_ID), .job_id = job };
    const hg_job_stats_row *row = NULL;
    hg_uuid rejected = an_application(&job, "rejected"), hired = an_application(&job, "hired");

    sql_do("INSERT INTO application_timeline (application_id, status, created_at) VALUES ('%s', 'screening', now()), "
           "('%s', 'interviewing', now()), ('%s', 'rejected', now()), ('%s', 'hired', now() + interval '2 days')",
           uuid_text(&rejected), uuid_text(&rejected), uuid_text(&rejected), uuid_text(&hired));
    sql_do("INSERT INTO interviews (application_id, scheduled_at, status, score) VALUES ('%s', now(), 'completed', 7), "
           "('%s', now(), 'completed', 8), ('%s', now(), 'scheduled', 1)",
           uuid_text(&rejected), uuid_text(&rejected), uuid_text(&hired));
    ck_ok(hg_job_stats(tenant, &params, &row, &err), err);

    ck_assert_int_eq(row->applications, 2);
    ck_assert_int_eq(row->reached_interviewing, 2);
    ck_assert_int_eq(row->reached_offer, 1);
    ck_assert_int_eq(row->reached_hired, 1);
    ck_assert_int_eq(row->interviews, 2);
    ck_assert_int_eq(row->average_score.unscaled, 750);
    ck_assert(row->null_mask >> HG_JOB_STATS_ROW_CONVERSION & 1);
    hg_job_stats_row_free(row);
    enter(tenant, HG_ROLE_COMPANY, &stranger);
    ck_status(hg_job_stats(tenant, &params, NULL, &err), HG_E_NOT_FOUND, err);
}
END_TEST

/* ---- The service's --------------------------------------------------------------------------------------------------------- */

START_TEST(due_jobs_are_closed_but_for_those_another_holds)
{
    hg_job_expire_due_params params = {
        .struct_size = sizeof params, .set = HG_BIT(HG_JOB_EXPIRE_DUE_NOW) | HG_BIT(HG_JOB_EXPIRE_DUE_AT_MOST),
        .now = INT64_C(-2208988800000000), .at_most = 100,     /* 1900 */
    };
    hg_uuid due = fixture_job(&company, 1), held = fixture_job(&company, 1), later = fixture_job(&company, 1);
    PGconn *beside = sql_connect(fixture_dsn("ADMIN"));
    hg_job_expire_due_list *list = NULL;

    sql_do("UPDATE jobs SET application_deadline = '1899-01-01' WHERE id IN ('%s', '%s')", uuid_text(&due), uuid_text(&held));
    sql_do("UPDATE jobs SET application_deadline = '1901-01-01' WHERE id = '%s'", uuid_text(&later));
    PQclear(PQexec(beside, fixture_text("BEGIN; SELECT FROM jobs WHERE id = '%s' FOR UPDATE", uuid_text(&held))));
    ck_ok(hg_job_expire_due(service, &params, &list, &err), err);
    PQfinish(beside);

    ck_assert_uint_eq(hg_job_expire_due_list_count(list), 1);
    ck_assert_mem_eq(hg_job_expire_due_list_at(list, 0)->id.bytes, due.bytes, 16);
    hg_job_expire_due_list_free(list);
    ck_assert_str_eq(sql_text("SELECT employment_status FROM jobs WHERE id = '%s'", uuid_text(&later)), "open");
    ck_status(hg_job_expire_due(tenant, &params, NULL, &err), HG_E_DENIED, err);
    sql_do("UPDATE jobs SET employment_status = 'closed' WHERE id IN ('%s', '%s')", uuid_text(&held), uuid_text(&later));
}
END_TEST

START_TEST(drifted_counts_are_told_and_mended)
{
    hg_job_counters_repair_params params = { .struct_size = sizeof params,
                                             .set = HG_BIT(HG_JOB_COUNTERS_REPAIR_COMPANY_ID), .company_id = company };
    hg_job_counters_repair_list *list = NULL;

    an_application(&job, "applied");
    fixture_job(&company, 1);
    sql_do("UPDATE jobs SET application_count = 9 WHERE id = '%s'", uuid_text(&job));
    ck_ok(hg_job_counters_repair(service, &params, &list, &err), err);

    ck_assert_uint_eq(hg_job_counters_repair_list_count(list), 1);
    ck_assert_int_eq(hg_job_counters_repair_list_at(list, 0)->was, 9);
    ck_assert_int_eq(hg_job_counters_repair_list_at(list, 0)->is_now, 1);
    ck_assert_int_eq(sql_int("SELECT application_count FROM jobs WHERE id = '%s'", uuid_text(&job)), 1);
    hg_job_counters_repair_list_free(list);
}
END_TEST

START_TEST(public_numbers_are_for_everyone)
{
    hg_job_public_stats_params params = { .struct_size = sizeof params };
    const hg_job_public_stats_row *row = NULL;

    enter(tenant, HG_ROLE_ANON, NULL);
    ck_ok(hg_job_public_stats(tenant, &params, &row, &err), err);
    ck_assert_int_eq(row->open, sql_int("SELECT count(*) FROM jobs WHERE is_public AND employment_status = 'open'"));
    hg_job_public_stats_row_free(row);
}
END_TEST

START_TEST(closing_soon_counts_days_in_utc)
{
    hg_job_closing_soon_params params = {
        .struct_size = sizeof params,
        .set = HG_BIT(HG_JOB_CLOSING_SOON_DAYS) | HG_BIT(HG_JOB_CLOSING_SOON_COMPANY_ID) | HG_BIT(HG_JOB_CLOSING_SOON_AT_MOST),
        .days = 1, .company_id = company, .at_most = 10,
    };
    hg_uuid later = fixture_job(&company, 1), past = fixture_job(&company, 1);
    hg_job_closing_soon_list *list = NULL;

    /* 23 hours in UTC: in the server's own zone, New York, it would be 27 or 19 */
    sql_do("UPDATE jobs SET application_deadline = now() AT TIME ZONE 'UTC' + interval '23 hours' WHERE id = '%s'",
           uuid_text(&job));
    sql_do("UPDATE jobs SET application_deadline = now() AT TIME ZONE 'UTC' + interval '25 hours' WHERE id = '%s'",
           uuid_text(&later));
    sql_do("UPDATE jobs SET application_deadline = now() AT TIME ZONE 'UTC' - interval '1 hour' WHERE id = '%s'",
           uuid_text(&past));
    ck_ok(hg_job_closing_soon(tenant, &params, &list, &err), err);

    ck_assert_uint_eq(hg_job_closing_soon_list_count(list), 1);
    ck_assert_mem_eq(hg_job_closing_soon_list_at(list, 0)->id.bytes, job.bytes, 16);
    hg_job_closing_soon_list_free(list);
}
END_TEST

START_TEST(demand_is_of_ones_own_company_or_of_public_jobs)
{
    hg_skill_demand_params params = { .struct_size = sizeof params, .set = HG_BIT(HG_SKILL_DEMAND_COMPANY_ID),
                                      .company_id = company };
    hg_skill_demand_list *list = NULL;

    ck_ok(replace(tenant, &job, "[\"Zig\", {\"name\": \"Ada\", \"is_required\": false}]", &err), err);
    sql_do("UPDATE jobs SET salary_min = 10, salary_max = 21 WHERE id = '%s'", uuid_text(&job));
    ck_ok(hg_skill_demand(tenant, &params, &list, &err), err);

    ck_assert_uint_eq(hg_skill_demand_list_count(list), 2);
    ck_assert_str_eq(hg_skill_demand_list_at(list, 0)->skill.ptr, "zig");
    ck_assert_int_eq(hg_skill_demand_list_at(list, 0)->required, 1);
    ck_assert_int_eq(hg_skill_demand_list_at(list, 0)->average_salary.unscaled, 1550);
    ck_assert_int_eq(hg_skill_demand_list_at(list, 1)->required, 0);
    hg_skill_demand_list_free(list);
    enter(tenant, HG_ROLE_COMPANY, &stranger);
    ck_status(hg_skill_demand(tenant, &params, NULL, &err), HG_E_NOT_FOUND, err);
}
END_TEST

Suite *
suite_operations_jobs(void)
{
    Suite *suite = suite_create("operations/jobs");
    TCase *tcase = tcase_create("jobs");

    tcase_add_checked_fixture(tcase, setup, fixture_close);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_job_comes_with_its_skills_in_one_trip);
    tcase_add_loop_test(tcase, slugs_are_never_empty, 0, (int)(sizeof slugs / sizeof *slugs));
    tcase_add_test(tcase, leak_who_is_no_recruiter_of_the_company_creates_nothing);
    tcase_add_loop_test(tcase, bad_input_creates_nothing, 0, (int)(sizeof refused / sizeof *refused));
    tcase_add_test(tcase, eight_makers_at_once_give_eighty_slugs);
    tcase_add_test(tcase, eight_times_25_views_are_200_and_move_no_version);
    tcase_add_test(tcase, skills_are_replaced_as_a_whole_or_not_at_all);
    tcase_add_test(tcase, of_replacements_at_once_one_is_there_as_a_whole);
    tcase_add_test(tcase, a_foreign_job_and_a_missing_one_look_the_same);
    tcase_add_test(tcase, bulk_calls_in_opposite_order_do_not_deadlock);
    tcase_add_test(tcase, a_copy_is_a_hidden_draft_without_counts);
    tcase_add_test(tcase, a_job_goes_with_all_but_its_tasks_and_only_for_admins);
    tcase_add_test(tcase, a_visitor_sees_an_open_public_job_by_id_or_by_slugs);
    tcase_add_test(tcase, a_member_sees_counts_and_nobody_of_another_company_does);
    tcase_add_test(tcase, a_companys_pages_neither_lose_nor_repeat_jobs_of_one_moment);
    tcase_add_test(tcase, stats_count_who_ever_reached_a_stage_once);
    tcase_add_test(tcase, due_jobs_are_closed_but_for_those_another_holds);
    tcase_add_test(tcase, drifted_counts_are_told_and_mended);
    tcase_add_test(tcase, public_numbers_are_for_everyone);
    tcase_add_test(tcase, closing_soon_counts_days_in_utc);
    tcase_add_test(tcase, demand_is_of_ones_own_company_or_of_public_jobs);
    suite_add_tcase(suite, tcase);
    return suite;
}
