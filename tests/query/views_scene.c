/* views_scene.c - see views_scene.h. */
#include "query/views_scene.h"
#include "fixture.h"
#include "record/record_int.h"

#include <string.h>

struct thing scene_things[64];
int scene_thing_count;
hg_uuid scene_people[PEOPLE];

hg_uuid
scene_id(const char *label)
{
    for (int i = 0; i < scene_thing_count; i++)
        if (strcmp(scene_things[i].label, label) == 0)
            return scene_things[i].id;
    ck_abort_msg("the scene has no %s", label);
}

const char *
scene_text(const char *label)
{
    hg_uuid id = scene_id(label);

    return uuid_text(&id);
}

/* A row by SQL, which ends with RETURNING id, under a label. */
static void
make(const char *label, const char *sql)
{
    const char *id = sql_text("%s RETURNING id", sql);

    scene_things[scene_thing_count].label = label;
    ck_ok(hg_uuid_parse(id, strlen(id), &scene_things[scene_thing_count].id, &err), err);
    scene_thing_count++;
}

static void
make_user(int who, const char *label, const char *type, const char *first_name)
{
    make(label, fixture_text("INSERT INTO public.users (email, user_type, first_name, last_name, phone) VALUES "
                             "('%s@example.org', '%s', '%s', 'Lastname', '+41 1')", unique_text().ptr, type, first_name));
    scene_people[who] = scene_things[scene_thing_count - 1].id;
}

static void
make_member(const char *label, const char *company, const char *user, const char *role, const char *joined)
{
    make(label, fixture_text("INSERT INTO public.company_members (company_id, user_id, role, joined_at) VALUES "
                             "('%s', '%s', '%s', %s)", scene_text(company), scene_text(user), role, joined));
}

static void
make_people(void)
{
    make_user(ADA, "ada", "candidate", "Ada");
    make_user(BOB, "bob", "candidate", "Bob");
    make_user(FRITZ, "fritz", "freelance_recruiter", "Fritz");
    make_user(ADMIN_X, "adminX", "company", "Alma");
    make_user(RECRUITER_X, "recruiterX", "company", "Rita");
    make_user(VIEWER_X, "viewerX", "company", "Vera");
    make_user(RECRUITER_Y, "recruiterY", "company", "Yuri");
    make_user(PENDING_X, "pendingX", "company", "Paul");
    make_user(OUTSIDER, "outsider", "company", "Olga");
    make("freelancer", fixture_text("INSERT INTO public.freelance_recruiters (user_id, is_verified) VALUES ('%s', true)",
                                    scene_text("fritz")));
    make("profileAda", fixture_text("INSERT INTO public.candidate_profiles (user_id, headline, desired_salary_min, "
                                    "visibility_settings) VALUES ('%s', 'Engineer', 100, "
                                    "'{\"referrers\": [\"%s\"]}')", scene_text("ada"), scene_text("freelancer")));
    make("profileBob", fixture_text("INSERT INTO public.candidate_profiles (user_id) VALUES ('%s')", scene_text("bob")));
}

static void
make_companies(void)
{
    make("X", fixture_text("INSERT INTO public.companies (name, slug) VALUES ('Company X', '%s')", unique_text().ptr));
    make("Y", fixture_text("INSERT INTO public.companies (name, slug) VALUES ('Company Y', '%s')", unique_text().ptr));
    make_member("mAdmin", "X", "adminX", "admin", "now()");
    make_member("mRecruiter", "X", "recruiterX", "recruiter", "now()");
    make_member("mViewer", "X", "viewerX", "viewer", "now()");
    make_member("mPending", "X", "pendingX", "admin", "NULL");
    make_member("mY", "Y", "recruiterY", "recruiter", "now()");
    make_member("mFritz", "Y", "fritz", "viewer", "now()");    /* a freelancer who is a member somewhere */
}

static void
make_job(const char *label, const char *company, const char *rest)
{
    make(label, fixture_text("INSERT INTO public.jobs (company_id, title, slug, description, job_type, is_public, "
                             "employment_status, application_deadline) VALUES ('%s', '%s', '%s', 'd', 'full_time', %s)",
                             scene_text(company), label, unique_text().ptr, rest));
}

static void
make_application(const char *label, const char *job, const char *candidate)
{
    make(label, fixture_text("INSERT INTO public.applications (job_id, candidate_id, recruiter_notes, ai_match_score, "
                             "rejection_reason) VALUES ('%s', '%s', 'secret', 55.50, 'reason')", scene_text(job),
                             scene_text(candidate)));
}

static void
make_interview(const char *label, const char *application, const char *interviewer, const char *status)
{
    make(label, fixture_text("INSERT INTO public.interviews (application_id, interviewer_id, scheduled_at, status, score) "
                             "VALUES ('%s', '%s', now() + interval '1 day', '%s', 7)", scene_text(application),
                             scene_text(interviewer), status));
}

static void
make_work(void)
{
    make_job("open", "X", "true, 'open', NULL");
    make_job("private", "X", "false, 'open', NULL");
    make_job("closed", "X", "true, 'closed', NULL");
    make_job("late", "X", "true, 'open', now() - interval '3 days'");
    make_job("openY", "Y", "true, 'open', now() + interval '3 days'");
    make_application("adaX", "open", "profileAda");
    make_application("adaY", "openY", "profileAda");
    make_application("bobX", "private", "profileBob");
    make_interview("byRita", "adaX", "recruiterX", "completed");
    make_interview("byFritz", "adaX", "fritz", "scheduled");
    make_interview("byYuri", "adaY", "recruiterY", "scheduled");
    sql_do("INSERT INTO public.application_timeline (application_id, status, created_at) VALUES "
           "('%s', 'applied', '2026-01-01 10:00'), ('%s', 'screening', '2026-01-02 10:00')", scene_text("adaX"),
           scene_text("adaX"));
    make("refAda", fixture_text("INSERT INTO public.referrals (recruiter_id, candidate_id, job_id, commission_amount, notes) "
                                "VALUES ('%s', '%s', '%s', 1234.50, 'good')", scene_text("freelancer"),
                                scene_text("profileAda"), scene_text("open")));
    make("refBob", fixture_text("INSERT INTO public.referrals (recruiter_id, candidate_id, job_id, notes) "
                                "VALUES ('%s', '%s', '%s', 'no')", scene_text("freelancer"), scene_text("profileBob"),
                                scene_text("openY")));
}

static void
make_task(const char *label, const char *company, const char *who, const char *application)
{
    make(label, fixture_text("INSERT INTO public.tasks (company_id, assigned_to, assigned_by, related_application_id, title) "
                             "VALUES ('%s', '%s', '%s', '%s', 't')", scene_text(company), scene_text(who),
                             scene_text("recruiterX"), scene_text(application)));
}

static void
make_rest(void)
{
    make_task("taskFritz", "X", "fritz", "adaX");
    make_task("taskVera", "X", "viewerX", "bobX");
    make_task("taskY", "Y", "recruiterY", "adaY");
    make("paper", fixture_text("INSERT INTO public.documents (user_id, document_type, file_name, file_url) VALUES "
                               "('%s', 'resume', 'ada.pdf', 'x')", scene_text("ada")));
    make("told", fixture_text("INSERT INTO public.notifications (user_id, notification_type, title, message, priority) "
                              "VALUES ('%s', 'x', 't', 'm', 'high')", scene_text("ada")));
    make("expired", fixture_text("INSERT INTO public.notifications (user_id, notification_type, title, message, expires_at) "
                                 "VALUES ('%s', 'x', 't', 'm', now() - interval '2 days')", scene_text("ada")));
    make("toldRita", fixture_text("INSERT INTO public.notifications (user_id, notification_type, title, message) "
                                  "VALUES ('%s', 'x', 't', 'm')", scene_text("recruiterX")));
}

void
scene_open(void)
{
    fixture_open_tenant();
    scene_thing_count = 0;
    sql_do("SET TimeZone = 'UTC'");
    make_people();
    make_companies();
    make_work();
    make_rest();
}

void
scene_act_as(int who)
{
    static const int32_t roles[PEOPLE] = {
        [NOBODY] = HG_ROLE_ANON, [ADA] = HG_ROLE_CANDIDATE, [BOB] = HG_ROLE_CANDIDATE, [FRITZ] = HG_ROLE_FREELANCER,
        [ADMIN_X] = HG_ROLE_COMPANY, [RECRUITER_X] = HG_ROLE_COMPANY, [VIEWER_X] = HG_ROLE_COMPANY,
        [RECRUITER_Y] = HG_ROLE_COMPANY, [PENDING_X] = HG_ROLE_COMPANY, [OUTSIDER] = HG_ROLE_COMPANY,
    };
    hg_identity identity_of = identity(roles[who], who != NOBODY ? &scene_people[who] : NULL);

    ck_ok(hg_session_enter(tenant, &identity_of, &err), err);
}

int
scene_is_in(const hgi_list *list, const hg_uuid *id)
{
    for (size_t i = 0; i < hgi_list_count(list); i++)
        if (memcmp((const char *)hgi_list_at(list, i) + list->table->info.columns[0].offset, id, sizeof *id) == 0)
            return 1;
    return 0;
}
