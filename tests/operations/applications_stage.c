/* applications_stage.c - see applications_stage.h. */
#include "operations/applications_stage.h"
#include "hotgigs/operation.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

actor boss, recruiter, manager, viewer, stranger, candidate, other, freelancer, visitor;
char company_id[40], other_company_id[40], job_id[40], profile[40], other_profile[40], agent[40], application_id[40];
const char *got = "";

static void
keep(char to[40], const char *id)
{
    snprintf(to, 40, "%s", id);
}

static actor
an_actor(int32_t role, int32_t user_type)
{
    actor who = { .role = role, .user = fixture_user(user_type) };

    keep(who.id, uuid_text(&who.user));
    sql_do("UPDATE users SET first_name = 'N' || left('%s', 8), last_name = 'Person' WHERE id = '%s'", who.id, who.id);
    return who;
}

static actor
a_member(const char *company, const char *role)
{
    actor who = an_actor(HG_ROLE_COMPANY, HG_USER_USER_TYPE_COMPANY);

    sql_do("INSERT INTO company_members (company_id, user_id, role, joined_at) VALUES ('%s', '%s', '%s', now())", company,
           who.id, role);
    return who;
}

const char *
stage_id(void)
{
    hg_uuid id;

    hg_uuid_new(&id);
    return fixture_text("%s", uuid_text(&id));
}

const char *
stage_job(const char *company)
{
    const char *id = stage_id();

    sql_do("INSERT INTO jobs (id, company_id, posted_by, title, slug, description, job_type)"
           " VALUES ('%s', '%s', '%s', 'Baker', 'baker-%s', 'Bread', 'full_time')", id, company, boss.id, id);
    return id;
}

const char *
stage_profile(actor *who, const char *visibility)
{
    const char *id = stage_id();

    *who = an_actor(HG_ROLE_CANDIDATE, HG_USER_USER_TYPE_CANDIDATE);
    sql_do("INSERT INTO candidate_profiles (id, user_id, headline, visibility_settings) VALUES ('%s', '%s', 'Bakes', '%s')",
           id, who->id, visibility);
    return id;
}

const char *
stage_application(const char *job, const char *of_profile, const char *status)
{
    const char *id = stage_id();

    sql_do("INSERT INTO applications (id, job_id, candidate_id, status, applied_at)"
           " VALUES ('%s', '%s', '%s', 'applied', now() AT TIME ZONE 'UTC')", id, job, of_profile);
    sql_do("INSERT INTO application_timeline (application_id, status, metadata, created_at)"
           " VALUES ('%s', 'applied', '{\"to\": \"applied\"}', now() AT TIME ZONE 'UTC')", id);
    stage_status(id, status);
    return id;
}

void
stage_status(const char *application, const char *status)
{
    static const char *const open[] = { "applied", "screening", "interviewing", "offer" };

    for (size_t i = 0; i < 4 && strcmp(status_of(application), status) != 0; i++) {
        const char *next = i < 3 ? open[i + 1] : status;

        if (strcmp(status_of(application), open[i]) != 0)
            continue;
        sql_do("INSERT INTO application_timeline (application_id, status, metadata, created_at) SELECT id, '%s',"
               " jsonb_build_object('from', status, 'to', '%s'), clock_timestamp() AT TIME ZONE 'UTC'"
               " FROM applications WHERE id = '%s'", next, next, application);
        sql_do("UPDATE applications SET status = '%s' WHERE id = '%s'", next, application);
    }
    ck_assert_str_eq(status_of(application), status);
}

void
stage_open(void)
{
    fixture_open_tenant();
    boss = an_actor(HG_ROLE_COMPANY, HG_USER_USER_TYPE_COMPANY);
    stranger = an_actor(HG_ROLE_COMPANY, HG_USER_USER_TYPE_COMPANY);
    hg_uuid company = fixture_company(&boss.user, HG_COMPANY_MEMBER_ROLE_ADMIN);
    hg_uuid other_company = fixture_company(&stranger.user, HG_COMPANY_MEMBER_ROLE_ADMIN);
    keep(company_id, uuid_text(&company));
    keep(other_company_id, uuid_text(&other_company));
    recruiter = a_member(company_id, "recruiter");
    manager = a_member(company_id, "account_manager");
    viewer = a_member(company_id, "viewer");
    visitor = (actor){ .role = HG_ROLE_ANON };

    freelancer = an_actor(HG_ROLE_FREELANCER, HG_USER_USER_TYPE_FREELANCE_RECRUITER);
    keep(agent, stage_id());
    sql_do("INSERT INTO freelance_recruiters (id, user_id, commission_rate, is_verified, rating, specializations)"
           " VALUES ('%s', '%s', 10, true, 4.5, ARRAY['bread'])", agent, freelancer.id);
    keep(profile, stage_profile(&candidate, fixture_text("{\"referrers\": [\"%s\"]}", agent)));
    keep(other_profile, stage_profile(&other, fixture_text("{\"referrers\": [\"%s\"]}", agent)));
    keep(job_id, stage_job(company_id));
    keep(application_id, stage_application(job_id, profile, "applied"));
}

static void
enter(hg_conn *conn, const actor *who)
{
    hg_identity me = identity(who->role, who->role == HG_ROLE_ANON ? NULL : &who->user);

    ck_ok(hg_session_enter(conn, &me, &err), err);
}

void
as(const actor *who)
{
    enter(tenant, who);
}

hg_conn *
stage_conn(const actor *who)
{
    hg_conn *conn;

    if (who->role == HG_ROLE_SERVICE)
        return fixture_conn(fixture_dsn("SERVICE"), NULL);
    conn = fixture_conn(fixture_dsn("LOGIN"), NULL);
    enter(conn, who);
    return conn;
}

const hg_operation_info *
operation_of(const char *name)
{
    for (int32_t i = 0; i < hg_operation_count(); i++)
        if (strcmp(hg_operation_describe(i)->name, name) == 0)
            return hg_operation_describe(i);
    ck_abort_msg("there is no operation %s", name);
    return NULL;
}

static void
keep_row(const hg_operation_info *op, const void *row, const char *before)
{
    hg_text *text = NULL;

    ck_ok(hg_operation_row_to_json(op, row, &text, &err), err);
    got = fixture_text("%s%.*s", before, (int)hg_text_len(text), hg_text_ptr(text));
    hg_text_free(text);
}

static hg_status
run_row(hg_conn *conn, const hg_operation_info *op, const void *params)
{
    const void *row = NULL;
    hg_status st = hg_operation_run_row(conn, op, params, &row, &err);

    if (row != NULL)
        keep_row(op, row, "");
    hg_operation_row_free(row);
    return st;
}

static hg_status
run_list(hg_conn *conn, const hg_operation_info *op, const void *params)
{
    hg_operation_list *list = NULL;
    hg_status st = hg_operation_run_list(conn, op, params, &list, &err);

    got = "[";
    for (size_t i = 0; i < hg_operation_list_count(list); i++)
        keep_row(op, hg_operation_list_at(list, i), fixture_text("%s%s", got, i > 0 ? "," : ""));
    got = fixture_text("%s]", got);
    hg_operation_list_free(list);
    return st;
}

static hg_status
run(hg_conn *conn, const hg_operation_info *op, const void *params)
{
    int64_t count = 0;
    hg_status st;

    got = "";
    if (op->rows == HG_ROWS_ONE || op->rows == HG_ROWS_MAYBE)
        return run_row(conn, op, params);
    if (op->rows == HG_ROWS_MANY)
        return run_list(conn, op, params);
    if (op->rows == HG_ROWS_NONE)
        return hg_operation_run(conn, op, params, &err);
    st = hg_operation_run_count(conn, op, params, &count, &err);
    got = fixture_text("%lld", (long long)count);
    return st;
}

static hg_status
play_json(hg_conn *conn, const char *operation, const char *json)
{
    const hg_operation_info *op = operation_of(operation);
    hg_draft *draft = NULL;
    uint64_t trips = conn_stats(conn).round_trips;
    hg_status st = hg_operation_params_from_json(op, json, strlen(json), &draft, &err);

    if (st == HG_OK)
        st = run(conn, op, hg_operation_draft_params(op, draft));
    hg_draft_free(draft);
    trips = conn_stats(conn).round_trips - trips;
    ck_assert_msg(st == HG_OK ? trips == 1 : trips <= 1, "%s took %llu round trips", operation, (unsigned long long)trips);
    return st;
}

static const char *
text_of(const char *format, va_list args)
{
    char *text = NULL;
    const char *kept;

    ck_assert_int_ge(vasprintf(&text, format, args), 0);
    kept = fixture_text("%s", text);
    free(text);
    return kept;
}

hg_status
play(const char *operation, const char *format, ...)
{
    va_list args;
    const char *json;

    va_start(args, format);
    json = text_of(format, args);
    va_end(args);
    return play_json(tenant, operation, json);
}

hg_status
play_service(const char *operation, const char *format, ...)
{
    va_list args;
    const char *json;

    va_start(args, format);
    json = text_of(format, args);
    va_end(args);
    return play_json(service, operation, json);
}

hg_status
play_beside(hg_conn *conn, const char *operation, const char *json)
{
    const hg_operation_info *op = operation_of(operation);
    hg_draft *draft = NULL;
    hg_error e;
    hg_status st = hg_operation_params_from_json(op, json, strlen(json), &draft, &e);

    if (st == HG_OK && (op->rows == HG_ROWS_ONE || op->rows == HG_ROWS_MAYBE))
        st = hg_operation_run_row(conn, op, hg_operation_draft_params(op, draft), NULL, &e);
    else if (st == HG_OK && op->rows == HG_ROWS_MANY)
        st = hg_operation_run_list(conn, op, hg_operation_draft_params(op, draft), NULL, &e);
    else if (st == HG_OK)
        st = hg_operation_run_count(conn, op, hg_operation_draft_params(op, draft), NULL, &e);
    hg_draft_free(draft);
    return st;
}

typedef struct caller {
    hg_conn    *conn;
    const char *operation, *json;
    hg_status   status;
} caller;

static void *
call_once(void *argument)
{
    caller *me = argument;

    me->status = play_beside(me->conn, me->operation, me->json);
    return NULL;
}

/* Up to two seconds: where not all of them have to wait, the test is no worse than one without. */
static void
wait_for_waiting(size_t count)
{
    for (int i = 0; i < 200 && sql_int("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted") < (long)count; i++)
        sql_do("SELECT pg_sleep(0.01)");
}

void
play_at_once(size_t count, const actor *const *who, const char *operation, const char *const *json, hg_status *status)
{
    play_behind(NULL, count, who, operation, json, status);
}

void
play_behind(const char *sql, size_t count, const actor *const *who, const char *operation, const char *const *json,
            hg_status *status)
{
    caller callers[16];
    pthread_t threads[16];

    ck_assert_uint_le(count, 16);
    for (size_t i = 0; i < count; i++)
        callers[i] = (caller){ .conn = stage_conn(who[i]), .operation = operation, .json = json[i] };
    if (sql != NULL) {
        sql_do("BEGIN");
        sql_do("%s", sql);
    }
    for (size_t i = 0; i < count; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, call_once, &callers[i]), 0);
    if (sql != NULL) {
        wait_for_waiting(count);
        sql_do("COMMIT");
    }
    for (size_t i = 0; i < count; i++) {
        pthread_join(threads[i], NULL);
        status[i] = callers[i].status;
        fixture_done(callers[i].conn);
    }
}

size_t
count_of(const hg_status *status, size_t count, hg_status want)
{
    size_t n = 0;

    for (size_t i = 0; i < count; i++)
        n += status[i] == want;
    return n;
}

long
steps_of(const char *application)
{
    return sql_int("SELECT count(*) FROM application_timeline WHERE application_id = '%s'", application);
}

const char *
status_of(const char *application)
{
    return sql_text("SELECT status FROM applications WHERE id = '%s'", application);
}

int
is_chain(const char *application)
{
    return sql_int("WITH moves AS (SELECT metadata ->> 'from' AS f, metadata ->> 'to' AS t, created_at, id,"
                   "  lag(metadata ->> 'to') OVER w AS before FROM application_timeline"
                   "  WHERE application_id = '%s' AND metadata ? 'to' WINDOW w AS (ORDER BY created_at, id))"
                   " SELECT (bool_and(f IS NOT DISTINCT FROM before)"
                   "   AND (array_agg(t ORDER BY created_at DESC, id DESC))[1]"
                   "       = (SELECT status FROM applications WHERE id = '%s'))::integer FROM moves",
                   application, application) == 1;
}
