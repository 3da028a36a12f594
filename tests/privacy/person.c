/* person.c - see person.h. */
#include "privacy/person.h"

#include <stdio.h>
#include <string.h>

static hg_uuid
new_id(const char *statement, const char *values)
{
    const char *text = sql_text("INSERT INTO %s VALUES (%s) RETURNING id", statement, values);
    hg_uuid id;

    ck_ok(hg_uuid_parse(text, strlen(text), &id, &err), err);
    return id;
}

/* Writes the mark into every cell that the catalogue calls personal, as far as types and checks allow: the key of a table's
 * rows is column, of value id. */
static void
mark_rows(const person *p, const char *table, const char *column, const hg_uuid *id)
{
    sql_do("DO $do$ DECLARE c record; v text; BEGIN"
           " FOR c IN SELECT p.column_name FROM hotgigs.privacy_columns p WHERE p.table_name = '%s'"
           "          AND p.class NOT IN ('key', 'record', 'none') LOOP"
           "   FOREACH v IN ARRAY ARRAY['%s', '{\"k\": \"%s\"}', '[\"%s\"]', '{%s}', '%s'] LOOP"
           "     BEGIN"
           "       EXECUTE format('UPDATE public.%s SET %%I = %%L WHERE %s = %%L', c.column_name, v, '%s');"
           "       EXIT;"
           "     EXCEPTION WHEN data_exception OR check_violation OR string_data_right_truncation OR datatype_mismatch"
           "          OR not_null_violation THEN NULL;"
           "     END;"
           "   END LOOP;"
           " END LOOP; END $do$", table, p->mark, p->mark, p->mark, p->mark, p->ip, table, column, uuid_text(id));
}

static void
be_a_candidate(person *p)
{
    const char *me = fixture_text("%s", uuid_text(&p->id));
    hg_uuid experience;

    p->candidate = new_id("candidate_profiles (user_id)", fixture_text("'%s'", me));
    mark_rows(p, "candidate_profiles", "id", &p->candidate);
    for (int kept = 0; kept < 2; kept++) {
        experience = new_id("candidate_experiences (candidate_id, company_name, job_title, start_date)",
                            fixture_text("'%s', 'c', 't', '2020-01-01'", uuid_text(&p->candidate)));
        mark_rows(p, "candidate_experiences", "id", &experience);
        if (!kept)
            sql_do("DELETE FROM candidate_experiences WHERE id = '%s'", uuid_text(&experience));
    }
    sql_do("INSERT INTO candidate_education (candidate_id, institution_name, degree, start_date) VALUES ('%s', 'i', 'd', '2010-01-01')",
           uuid_text(&p->candidate));
    mark_rows(p, "candidate_education", "candidate_id", &p->candidate);
    sql_do("INSERT INTO ai_job_matches (candidate_id, job_id, match_score) VALUES ('%s', '%s', 50)", uuid_text(&p->candidate),
           uuid_text(&p->job));
    mark_rows(p, "ai_job_matches", "candidate_id", &p->candidate);
    sql_do("INSERT INTO documents (user_id, document_type, file_name, file_url) VALUES ('%s', 'resume', 'f', 'u')", me);
    mark_rows(p, "documents", "user_id", &p->id);
    sql_do("INSERT INTO ai_resume_analysis (candidate_id, document_id) SELECT '%s', id FROM documents WHERE user_id = '%s'",
           uuid_text(&p->candidate), me);
    mark_rows(p, "ai_resume_analysis", "candidate_id", &p->candidate);
}

static void
apply(person *p)
{
    const char *me = fixture_text("%s", uuid_text(&p->id)), *boss = fixture_text("%s", uuid_text(&p->boss));
    const char *application;

    p->application = new_id("applications (candidate_id, job_id)",
                            fixture_text("'%s', '%s'", uuid_text(&p->candidate), uuid_text(&p->job)));
    application = fixture_text("%s", uuid_text(&p->application));
    mark_rows(p, "applications", "id", &p->application);
    sql_do("INSERT INTO application_timeline (application_id, status, changed_by) VALUES ('%s', 'applied', '%s')", application, boss);
    mark_rows(p, "application_timeline", "application_id", &p->application);
    sql_do("INSERT INTO interviews (application_id, interviewer_id, interview_type, scheduled_at) VALUES"
           " ('%s', '%s', 'video', '2030-01-01')", application, boss);
    mark_rows(p, "interviews", "application_id", &p->application);
    sql_do("INSERT INTO ai_interview_sessions (application_id, session_type, questions, responses) VALUES ('%s', 'technical', '[]', '[]')", application);
    mark_rows(p, "ai_interview_sessions", "application_id", &p->application);
    p->task = new_id("tasks (company_id, assigned_to, assigned_by, related_application_id, title)",
                     fixture_text("'%s', '%s', '%s', '%s', 't'", uuid_text(&p->company), me, me, application));
    mark_rows(p, "tasks", "id", &p->task);
    sql_do("INSERT INTO notifications (user_id, notification_type, title, message, data) VALUES"
           " ('%s', 'n', '%s applied', 'm', '{\"application_id\": \"%s\"}'), ('%s', 'n', 'hello %s', 'm', '{}')",
           boss, p->mark, application, me, p->mark);
}

/* The other references of tables to a user: each of the twelve that forbid that he is deleted has a row. */
static void
be_referred_to(person *p)
{
    const char *me = fixture_text("%s", uuid_text(&p->id)), *company = fixture_text("%s", uuid_text(&p->company));
    hg_uuid other = fixture_user(HG_USER_USER_TYPE_CANDIDATE);

    sql_do("INSERT INTO company_members (company_id, user_id, role, joined_at) VALUES ('%s', '%s', 'recruiter', now())", company, me);
    sql_do("INSERT INTO company_members (company_id, user_id, role, invited_by) VALUES ('%s', '%s', 'viewer', '%s')", company,
           uuid_text(&other), me);
    sql_do("UPDATE jobs SET posted_by = '%s' WHERE id = '%s'", me, uuid_text(&p->job));
    sql_do("INSERT INTO candidate_profiles (user_id) VALUES ('%s')", uuid_text(&other));
    sql_do("WITH a AS (INSERT INTO applications (candidate_id, job_id, referrer_id) SELECT id, '%s', '%s' FROM candidate_profiles"
           " WHERE user_id = '%s' RETURNING id), t AS (INSERT INTO application_timeline (application_id, status, changed_by)"
           " SELECT id, 'applied', '%s' FROM a)"
           " INSERT INTO interviews (application_id, interviewer_id, interview_type, scheduled_at)"
           " SELECT id, '%s', 'video', '2030-01-01' FROM a", uuid_text(&p->job), me, uuid_text(&other), me, me);
}

static void
leave_traces(person *p)
{
    const char *me = fixture_text("%s", uuid_text(&p->id));
    hg_uuid recruiter, other_job = fixture_job(&p->company, 1);

    sql_do("INSERT INTO user_profiles (user_id) VALUES ('%s')", me);
    mark_rows(p, "user_profiles", "user_id", &p->id);
    sql_do("INSERT INTO oauth_accounts (user_id, provider, provider_user_id) VALUES ('%s', 'google', '%s')", me, p->mark);
    mark_rows(p, "oauth_accounts", "user_id", &p->id);
    recruiter = new_id("freelance_recruiters (user_id)", fixture_text("'%s'", me));
    mark_rows(p, "freelance_recruiters", "id", &recruiter);
    sql_do("INSERT INTO referrals (recruiter_id, candidate_id, job_id, notes) VALUES ('%s', '%s', '%s', '%s')", uuid_text(&recruiter),
           uuid_text(&p->candidate), uuid_text(&other_job), p->mark);
    p->paid = new_id("referrals (recruiter_id, candidate_id, job_id, notes, commission_status, commission_amount)",
                     fixture_text("'%s', '%s', '%s', '%s', 'paid', 1234.5", uuid_text(&recruiter), uuid_text(&p->candidate),
                                  uuid_text(&p->job), p->mark));
    sql_do("INSERT INTO analytics_events (user_id, event_type) VALUES ('%s', 'page')", me);
    mark_rows(p, "analytics_events", "user_id", &p->id);
    sql_do("INSERT INTO email_logs (user_id, email_type, recipient_email, subject) VALUES ('%s', 'w', '%s@example.com', '%s'),"
           " (NULL, 'w', '%s@example.com', '%s')", me, p->mark, p->mark, p->mark, p->mark);
    sql_do("INSERT INTO audit_logs (user_id, action, resource_type, new_values, ip_address, user_agent) VALUES"
           " ('%s', 'sign_in', 'users', '{\"_meta\": {\"op\": \"event\"}, \"as\": \"%s\"}', '%s', '%s')", me, p->mark, p->ip, p->mark);
}

person
person_new(void)
{
    person p = { .id = fixture_user(HG_USER_USER_TYPE_CANDIDATE), .boss = fixture_user(HG_USER_USER_TYPE_COMPANY) };
    hg_str mark = unique_text();
    unsigned sum = 0;

    p.mark = fixture_text("z%.*s", (int)mark.len, mark.ptr);
    for (const char *c = p.mark; *c != '\0'; c++)
        sum = sum * 31 + (unsigned char)*c;
    p.ip = fixture_text("203.%u.%u.%u", sum >> 16 & 255, sum >> 8 & 255, sum & 255);
    p.company = fixture_company(&p.boss, HG_COMPANY_MEMBER_ROLE_ADMIN);
    p.job = fixture_job(&p.company, 1);
    sql_do("UPDATE users SET email = '%s@example.com', phone = '%.20s', first_name = '%s', last_name = '%s', password_hash = '%s',"
           " profile_image_url = 'https://files.example.com/%s.jpg' WHERE id = '%s'", p.mark, p.mark, p.mark, p.mark, p.mark, p.mark,
           uuid_text(&p.id));
    be_a_candidate(&p);
    apply(&p);
    leave_traces(&p);
    be_referred_to(&p);
    return p;
}

/* One query over all tables of both schemas. */
static const char *
search(const char *text)
{
    return sql_text("SELECT string_agg(format('SELECT %%L AS place, to_jsonb(t)::text AS row FROM %%s t WHERE to_jsonb(t)::text"
                    " ILIKE %%L', c.oid::regclass, c.oid::regclass, '%%%s%%'), ' UNION ALL ') FROM pg_class c"
                    " WHERE c.relkind = 'r' AND c.relnamespace IN ('public'::regnamespace, 'hotgigs'::regnamespace)", text);
}

long
rows_that_say(const char *text)
{
    return sql_int("SELECT count(*) FROM (%s) f", search(text));
}

const char *
row_that_says(const char *text)
{
    const char *found = sql_text("SELECT string_agg(place || ' ' || left(row, 300), E'\\n') FROM (SELECT * FROM (%s) s LIMIT 8) f",
                                 search(text));

    return found != NULL ? found : "none";
}
