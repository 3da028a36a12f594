/* operations/analytics.c - see analytics.h. */
#include "operations/analytics.h"

#include <string.h>

void
analytics_enter(int32_t role, const hg_uuid *who)
{
    hg_identity of = identity(role, who);

    ck_ok(hg_session_enter(tenant, &of, &err), err);
}

hg_timestamp
analytics_time(const char *text)
{
    return sql_int("SELECT (extract(epoch FROM '%s'::timestamp) * 1000000)::bigint", text);
}

hg_uuid
analytics_candidate(hg_uuid *user)
{
    hg_uuid of = fixture_user(HG_USER_USER_TYPE_CANDIDATE), id;

    hg_uuid_new(&id);
    sql_do("INSERT INTO candidate_profiles (id, user_id) VALUES ('%s', '%s')", uuid_text(&id), uuid_text(&of));
    if (user != NULL)
        *user = of;
    return id;
}

/* NULL, or the text in quotes. */
static const char *
quoted(const char *text)
{
    return text == NULL ? "NULL" : fixture_text("'%s'", text);
}

hg_uuid
analytics_job(const hg_uuid *company, const char *state, int is_public, const char *deadline)
{
    hg_uuid id = fixture_job(company, is_public);

    sql_do("UPDATE jobs SET employment_status = %s, application_deadline = %s WHERE id = '%s'", quoted(state),
           quoted(deadline), uuid_text(&id));
    return id;
}

hg_uuid
analytics_application(const hg_uuid *job, const char *status, const char *applied, const char *source, const char *steps)
{
    hg_uuid candidate = analytics_candidate(NULL), id;

    hg_uuid_new(&id);
    sql_do("INSERT INTO applications (id, job_id, candidate_id, status, applied_at, application_source)"
           " VALUES ('%s', '%s', '%s', '%s', %s, %s)", uuid_text(&id), uuid_text(job), uuid_text(&candidate), status,
           quoted(applied), quoted(source));
    sql_do("INSERT INTO application_timeline (application_id, status, created_at)"
           " SELECT '%s', split_part(step, ' ', 1), split_part(step, ' ', 2)::timestamp"
           " FROM unnest(string_to_array('%s', ',')) step", uuid_text(&id), steps);
    return id;
}

void
analytics_interview(const hg_uuid *application, const hg_uuid *interviewer, const char *status, const char *at)
{
    sql_do("INSERT INTO interviews (application_id, interviewer_id, interview_type, status, scheduled_at)"
           " VALUES ('%s', %s, 'video', '%s', %s)", uuid_text(application),
           quoted(interviewer == NULL ? NULL : uuid_text(interviewer)), status, at);
}

void
analytics_says(hg_text *json, const char *want)
{
    const char *got = fixture_text("%s", hg_text_ptr(json));

    hg_text_free(json);
    ck_assert_msg(strcmp(sql_text("SELECT '%s'::jsonb @> '%s'::jsonb", got, want), "t") == 0, "gave %s, want %s; differs: %s",
                  got, want,
                  sql_text("SELECT jsonb_object_agg(w.key, g.value) FROM jsonb_each('%s') w"
                           " LEFT JOIN jsonb_each('%s') g USING (key) WHERE NOT w.value IS NOT DISTINCT FROM g.value",
                           want, got));
}

hg_uuid
analytics_year(const hg_uuid *company, const hg_uuid *recruiter)
{
    hg_uuid job = analytics_job(company, "open", 1, NULL), other = analytics_job(company, "open", 1, "2026-01-31"), a, b, c;

    analytics_job(company, "open", 0, NULL);
    analytics_job(company, "draft", 0, NULL);
    analytics_job(company, "paused", 1, NULL);
    analytics_job(company, "closed", 1, NULL);
    analytics_job(company, "filled", 1, NULL);
    analytics_job(company, "archived", 0, NULL);
    a = analytics_application(&job, "hired", "2026-01-01", "LinkedIn",
                              "applied 2026-01-01,screening 2026-01-02,interviewing 2026-01-04,interviewing 2026-01-06,"
                              "offer 2026-01-08,hired 2026-01-11,hired 2026-01-20");
    b = analytics_application(&job, "hired", "2026-01-01", "linkedin ",
                              "screening 2026-01-03,interviewing 2026-01-05,offer 2026-01-06,hired 2026-02-05");
    analytics_application(&job, "rejected", "2026-01-01", NULL,
                          "screening 2026-01-02,interviewing 2026-01-06,offer 2026-01-09,rejected 2026-01-12");
    analytics_application(&job, "rejected", "2026-01-10", "referral", "rejected 2026-01-11");
    analytics_application(&job, "withdrawn", "2026-01-10", "referral", "screening 2026-01-12,withdrawn 2026-01-13");
    c = analytics_application(&job, "interviewing", "2026-02-01", " ", "screening 2026-02-02,interviewing 2026-02-03");
    analytics_application(&other, "applied", "2026-02-10", NULL, "applied 2026-02-10");
    analytics_application(&other, "screening", "2026-02-11", NULL, "screening 2026-02-12");
    analytics_application(&other, "offer", "2026-02-20", NULL, "offer 2026-02-25");
    analytics_interview(&a, recruiter, "completed", "'2026-01-04'");
    analytics_interview(&a, recruiter, "completed", "'2026-01-06'");
    analytics_interview(&b, NULL, "cancelled", "'2026-01-04'");
    analytics_interview(&c, recruiter, "no_show", "'2026-01-31 23:59:59.999999'");
    analytics_interview(&c, recruiter, "completed", "'2026-02-01'");
    analytics_interview(&c, recruiter, "scheduled", "'2026-01-20'");
    analytics_interview(&c, recruiter, "scheduled", "now() + interval '1 day'");
    analytics_interview(&c, NULL, "scheduled", "now() + interval '2 days'");
    sql_do("INSERT INTO tasks (company_id, title, status, due_date) SELECT '%s', 't', s, d::timestamp FROM (VALUES"
           " ('pending', NULL), ('pending', '2026-01-01'), ('in_progress', '2026-01-01'), ('in_progress', '9999-01-01'),"
           " ('completed', '2026-01-01'), ('cancelled', '2026-01-01')) x (s, d)", uuid_text(company));
    return job;
}
