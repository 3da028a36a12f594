/* views.c - the views as relations: who sees which rows and columns of them, through the library as hotgigs_login.
 *
 * One scene: company X with an admin, a recruiter and a viewer, company Y with a recruiter, candidates Ada and Bob, the
 * freelancer Fritz. Ada applied to both companies and consents to Fritz, who referred both candidates to X; Bob applied
 * to X's private job only and consents to nobody. Things have labels, and a case is the labels that a persona finds. */
#include "fixture.h"
#include "query/filter.h"
#include "query/query.h"
#include "record/record_int.h"
#include "suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NOBODY, ADA, BOB, FRITZ, ADMIN_X, RECRUITER_X, VIEWER_X, RECRUITER_Y, PENDING_X, OUTSIDER, PEOPLE };

static struct { const char *label; hg_uuid id; } things[64];
static int thing_count;
static hg_uuid people[PEOPLE];

/* ---- The scene --------------------------------------------------------------------------------------------------------- */

static hg_uuid
id_of(const char *label)
{
    for (int i = 0; i < thing_count; i++)
        if (strcmp(things[i].label, label) == 0)
            return things[i].id;
    ck_abort_msg("the scene has no %s", label);
}

static const char *
text_of(const char *label)
{
    hg_uuid id = id_of(label);

    return uuid_text(&id);
}

/* A row by SQL, which ends with RETURNING id, under a label. */
static void
make(const char *label, const char *sql)
{
    const char *id = sql_text("%s RETURNING id", sql);

    things[thing_count].label = label;
    ck_ok(hg_uuid_parse(id, strlen(id), &things[thing_count].id, &err), err);
    thing_count++;
}

static void
make_user(int who, const char *label, const char *type, const char *first_name)
{
    make(label, fixture_text("INSERT INTO public.users (email, user_type, first_name, last_name, phone) VALUES "
                             "('%s@example.org', '%s', '%s', 'Lastname', '+41 1')", unique_text().ptr, type, first_name));
    people[who] = things[thing_count - 1].id;
}

static void
make_member(const char *label, const char *company, const char *user, const char *role, const char *joined)
{
    make(label, fixture_text("INSERT INTO public.company_members (company_id, user_id, role, joined_at) VALUES "
                             "('%s', '%s', '%s', %s)", text_of(company), text_of(user), role, joined));
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
                                    text_of("fritz")));
    make("profileAda", fixture_text("INSERT INTO public.candidate_profiles (user_id, headline, desired_salary_min, "
                                    "visibility_settings) VALUES ('%s', 'Engineer', 100, "
                                    "'{\"referrers\": [\"%s\"]}')", text_of("ada"), text_of("freelancer")));
    make("profileBob", fixture_text("INSERT INTO public.candidate_profiles (user_id) VALUES ('%s')", text_of("bob")));
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
                             text_of(company), label, unique_text().ptr, rest));
}

static void
make_application(const char *label, const char *job, const char *candidate)
{
    make(label, fixture_text("INSERT INTO public.applications (job_id, candidate_id, recruiter_notes, ai_match_score, "
                             "rejection_reason) VALUES ('%s', '%s', 'secret', 55.50, 'reason')", text_of(job),
                             text_of(candidate)));
}

static void
make_interview(const char *label, const char *application, const char *interviewer, const char *status)
{
    make(label, fixture_text("INSERT INTO public.interviews (application_id, interviewer_id, scheduled_at, status, score) "
                             "VALUES ('%s', '%s', now() + interval '1 day', '%s', 7)", text_of(application),
                             text_of(interviewer), status));
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
           "('%s', 'applied', '2026-01-01 10:00'), ('%s', 'screening', '2026-01-02 10:00')", text_of("adaX"),
           text_of("adaX"));
    make("refAda", fixture_text("INSERT INTO public.referrals (recruiter_id, candidate_id, job_id, commission_amount, notes) "
                                "VALUES ('%s', '%s', '%s', 1234.50, 'good')", text_of("freelancer"),
                                text_of("profileAda"), text_of("open")));
    make("refBob", fixture_text("INSERT INTO public.referrals (recruiter_id, candidate_id, job_id, notes) "
                                "VALUES ('%s', '%s', '%s', 'no')", text_of("freelancer"), text_of("profileBob"),
                                text_of("openY")));
}

static void
make_task(const char *label, const char *company, const char *who, const char *application)
{
    make(label, fixture_text("INSERT INTO public.tasks (company_id, assigned_to, assigned_by, related_application_id, title) "
                             "VALUES ('%s', '%s', '%s', '%s', 't')", text_of(company), text_of(who),
                             text_of("recruiterX"), text_of(application)));
}

static void
make_rest(void)
{
    make_task("taskFritz", "X", "fritz", "adaX");
    make_task("taskVera", "X", "viewerX", "bobX");
    make_task("taskY", "Y", "recruiterY", "adaY");
    make("paper", fixture_text("INSERT INTO public.documents (user_id, document_type, file_name, file_url) VALUES "
                               "('%s', 'resume', 'ada.pdf', 'x')", text_of("ada")));
    make("told", fixture_text("INSERT INTO public.notifications (user_id, notification_type, title, message, priority) "
                              "VALUES ('%s', 'x', 't', 'm', 'high')", text_of("ada")));
    make("expired", fixture_text("INSERT INTO public.notifications (user_id, notification_type, title, message, expires_at) "
                                 "VALUES ('%s', 'x', 't', 'm', now() - interval '2 days')", text_of("ada")));
    make("toldRita", fixture_text("INSERT INTO public.notifications (user_id, notification_type, title, message) "
                                  "VALUES ('%s', 'x', 't', 'm')", text_of("recruiterX")));
}

static void
open_scene(void)
{
    fixture_open_tenant();
    thing_count = 0;
    sql_do("SET TimeZone = 'UTC'");
    make_people();
    make_companies();
    make_work();
    make_rest();
}

static void
act_as(int who)
{
    static const int32_t roles[PEOPLE] = {
        [NOBODY] = HG_ROLE_ANON, [ADA] = HG_ROLE_CANDIDATE, [BOB] = HG_ROLE_CANDIDATE, [FRITZ] = HG_ROLE_FREELANCER,
        [ADMIN_X] = HG_ROLE_COMPANY, [RECRUITER_X] = HG_ROLE_COMPANY, [VIEWER_X] = HG_ROLE_COMPANY,
        [RECRUITER_Y] = HG_ROLE_COMPANY, [PENDING_X] = HG_ROLE_COMPANY, [OUTSIDER] = HG_ROLE_COMPANY,
    };
    hg_identity identity_of = identity(roles[who], who != NOBODY ? &people[who] : NULL);

    ck_ok(hg_session_enter(tenant, &identity_of, &err), err);
}

/* ---- Rows ---------------------------------------------------------------------------------------------------------------- */

static const struct { int who; int32_t view; const char *labels; } rows[] = {
    { NOBODY,      HG_VIEW_JOB_CARDS,          "open openY" },
    { ADA,         HG_VIEW_JOB_CARDS,          "open openY" },
    { RECRUITER_X, HG_VIEW_JOB_CARDS,          "open openY" },
    { FRITZ,       HG_VIEW_JOB_CARDS,          "open openY" },
    { NOBODY,      HG_VIEW_COMPANY_CARDS,      "X Y" },

    { ADA,         HG_VIEW_APPLICATION_CARDS,  "adaX adaY" },
    { BOB,         HG_VIEW_APPLICATION_CARDS,  "bobX" },
    { ADMIN_X,     HG_VIEW_APPLICATION_CARDS,  "adaX bobX" },
    { VIEWER_X,    HG_VIEW_APPLICATION_CARDS,  "adaX bobX" },
    { RECRUITER_Y, HG_VIEW_APPLICATION_CARDS,  "adaY" },
    { PENDING_X,   HG_VIEW_APPLICATION_CARDS,  "" },
    { OUTSIDER,    HG_VIEW_APPLICATION_CARDS,  "" },
    { FRITZ,       HG_VIEW_APPLICATION_CARDS,  NULL },
    { NOBODY,      HG_VIEW_APPLICATION_CARDS,  NULL },

    { VIEWER_X,    HG_VIEW_PIPELINE_CARDS,     "adaX bobX" },
    { RECRUITER_Y, HG_VIEW_PIPELINE_CARDS,     "adaY" },
    { PENDING_X,   HG_VIEW_PIPELINE_CARDS,     "" },
    { ADA,         HG_VIEW_PIPELINE_CARDS,     NULL },
    { FRITZ,       HG_VIEW_PIPELINE_CARDS,     NULL },

    { ADA,         HG_VIEW_AGENDA_ITEMS,       "byRita byFritz byYuri" },
    { BOB,         HG_VIEW_AGENDA_ITEMS,       "" },
    { RECRUITER_X, HG_VIEW_AGENDA_ITEMS,       "byRita byFritz" },
    { VIEWER_X,    HG_VIEW_AGENDA_ITEMS,       "byRita byFritz" },
    { RECRUITER_Y, HG_VIEW_AGENDA_ITEMS,       "byYuri" },
    { FRITZ,       HG_VIEW_AGENDA_ITEMS,       "byFritz" },
    { OUTSIDER,    HG_VIEW_AGENDA_ITEMS,       "" },
    { NOBODY,      HG_VIEW_AGENDA_ITEMS,       NULL },

    { FRITZ,       HG_VIEW_NAMED_REFERRALS,    "refAda refBob" },
    { ADA,         HG_VIEW_NAMED_REFERRALS,    "refAda" },
    { BOB,         HG_VIEW_NAMED_REFERRALS,    "refBob" },
    { VIEWER_X,    HG_VIEW_NAMED_REFERRALS,    "refAda" },
    { RECRUITER_Y, HG_VIEW_NAMED_REFERRALS,    "refBob" },
    { PENDING_X,   HG_VIEW_NAMED_REFERRALS,    "" },
    { NOBODY,      HG_VIEW_NAMED_REFERRALS,    NULL },

    { VIEWER_X,    HG_VIEW_TASK_CARDS,         "taskFritz taskVera" },
    { RECRUITER_Y, HG_VIEW_TASK_CARDS,         "taskY" },
    { FRITZ,       HG_VIEW_TASK_CARDS,         "taskFritz" },
    { PENDING_X,   HG_VIEW_TASK_CARDS,         "" },
    { ADA,         HG_VIEW_TASK_CARDS,         NULL },

    { VIEWER_X,    HG_VIEW_MEMBER_CARDS,       "mAdmin mRecruiter mViewer mPending" },
    { PENDING_X,   HG_VIEW_MEMBER_CARDS,       "mPending" },
    { FRITZ,       HG_VIEW_MEMBER_CARDS,       "mFritz" },
    { ADA,         HG_VIEW_MEMBER_CARDS,       "" },
    { NOBODY,      HG_VIEW_MEMBER_CARDS,       NULL },

    { ADA,         HG_VIEW_NOTIFICATION_CARDS, "told" },
    { RECRUITER_X, HG_VIEW_NOTIFICATION_CARDS, "toldRita" },
    { BOB,         HG_VIEW_NOTIFICATION_CARDS, "" },
    { NOBODY,      HG_VIEW_NOTIFICATION_CARDS, NULL },

    { ADA,         HG_VIEW_CANDIDATE_CARDS,    "profileAda" },
    { VIEWER_X,    HG_VIEW_CANDIDATE_CARDS,    "profileAda profileBob" },
    { FRITZ,       HG_VIEW_CANDIDATE_CARDS,    "profileAda" },
    { VIEWER_X,    HG_VIEW_USER_CARDS,         "ada bob adminX recruiterX viewerX" },
    { OUTSIDER,    HG_VIEW_USER_CARDS,         "outsider" },
    { ADMIN_X,     HG_VIEW_COMPANY_SETTINGS,   "X" },
    { RECRUITER_X, HG_VIEW_COMPANY_SETTINGS,   "" },
};

static int
has_word(const char *words, const char *word)
{
    size_t len = strlen(word);

    for (const char *p = words; (p = strstr(p, word)) != NULL; p += len)
        if ((p == words || p[-1] == ' ') && (p[len] == ' ' || p[len] == '\0'))
            return 1;
    return 0;
}

static int
is_in(const hgi_list *list, const hg_uuid *id)
{
    for (size_t i = 0; i < hgi_list_count(list); i++)
        if (memcmp((const char *)hgi_list_at(list, i) + list->table->info.columns[0].offset, id, sizeof *id) == 0)
            return 1;
    return 0;
}

START_TEST(each_persona_finds_his_rows)
{
    const hgi_table *view = hgi_table_of(rows[_i].view);
    hg_query *query = hg_query_new(rows[_i].view);
    hgi_list *list = NULL;
    int64_t count = -1, found = 0;

    act_as(rows[_i].who);
    if (rows[_i].labels == NULL) {
        ck_status(hgi_find(tenant, view, query, &list, &err), HG_E_DENIED, err);
        hg_query_free(query);
        return;
    }
    ck_ok(hgi_find(tenant, view, query, &list, &err), err);
    ck_ok(hgi_count(tenant, view, query, &count, &err), err);

    for (int i = 0; i < thing_count; i++) {
        int wanted = has_word(rows[_i].labels, things[i].label);

        found += is_in(list, &things[i].id);
        ck_assert_msg(is_in(list, &things[i].id) == wanted, "person %d, %s: %s is %s", rows[_i].who, view->info.name,
                      things[i].label, wanted ? "missing" : "there, and should not be");
    }
    ck_assert_int_eq(count, (int64_t)hgi_list_count(list));
    if (rows[_i].view != HG_VIEW_JOB_CARDS && rows[_i].view != HG_VIEW_COMPANY_CARDS)
        ck_assert_int_eq(found, count);
    hgi_list_free(list);
    hg_query_free(query);
}
END_TEST

/* ---- Columns ------------------------------------------------------------------------------------------------------------- */

#define IS_NULL(row, column) (((row)->null_mask & HG_BIT(column)) != 0)

START_TEST(a_candidate_does_not_read_the_companys_side_of_his_application)
{
    hg_uuid id = id_of("adaX");
    const hg_application_card *row = NULL;

    act_as(ADA);
    ck_ok(hg_application_card_get(tenant, &id, &row, &err), err);
    ck_assert(IS_NULL(row, HG_APPLICATION_CARD_RECRUITER_NOTES));
    ck_assert(IS_NULL(row, HG_APPLICATION_CARD_REJECTION_REASON));
    ck_assert(IS_NULL(row, HG_APPLICATION_CARD_AI_MATCH_SCORE));
    ck_assert_str_eq(row->job_title.ptr, "open");
    ck_assert_str_eq(row->company_name.ptr, "Company X");
    ck_assert_int_eq(row->status, HG_APPLICATION_CARD_STATUS_APPLIED);
    hg_application_card_free(row);
}
END_TEST

START_TEST(a_viewer_reads_the_companys_side_with_names_and_version)
{
    hg_uuid id = id_of("adaX");
    const hg_application_card *row = NULL;
    const hg_application *base = NULL;

    act_as(VIEWER_X);
    ck_ok(hg_application_card_get(tenant, &id, &row, &err), err);
    ck_ok(hg_application_get(tenant, &id, &base, &err), err);
    ck_assert_str_eq(row->recruiter_notes.ptr, "secret");
    ck_assert_int_eq(row->ai_match_score.unscaled, 5550);
    ck_assert_int_eq(row->ai_match_score.scale, 2);
    ck_assert_str_eq(row->candidate_first_name.ptr, "Ada");
    ck_assert_str_eq(row->candidate_headline.ptr, "Engineer");
    ck_assert_uint_eq(row->row_version, base->row_version);
    hg_application_card_free(row);
    hg_application_free(base);
}
END_TEST

START_TEST(the_board_tells_activity_interviews_and_rating)
{
    hg_uuid id = id_of("adaX"), bob = id_of("bobX");
    const hg_pipeline_card *row = NULL;
    char text[HG_TIMESTAMP_TEXT_SIZE];

    act_as(RECRUITER_X);
    ck_ok(hg_pipeline_card_get(tenant, &id, &row, &err), err);
    ck_ok(hg_timestamp_to_text(row->last_activity_at, text, sizeof text, &err), err);
    ck_assert_str_eq(text, "2026-01-02T10:00:00Z");
    ck_assert(!IS_NULL(row, HG_PIPELINE_CARD_NEXT_INTERVIEW_AT));
    ck_assert_int_eq(row->rating.unscaled, 700);
    ck_assert_int_eq(row->rating.scale, 2);
    hg_pipeline_card_free(row);

    ck_ok(hg_pipeline_card_get(tenant, &bob, &row, &err), err);
    ck_assert(IS_NULL(row, HG_PIPELINE_CARD_LAST_ACTIVITY_AT));
    ck_assert(IS_NULL(row, HG_PIPELINE_CARD_NEXT_INTERVIEW_AT));
    ck_assert(IS_NULL(row, HG_PIPELINE_CARD_RATING));
    hg_pipeline_card_free(row);
}
END_TEST

START_TEST(an_interviewer_learns_the_candidate_and_a_candidate_not_the_interviewer)
{
    hg_uuid id = id_of("byFritz");
    const hg_agenda_item *row = NULL;

    act_as(FRITZ);
    ck_ok(hg_agenda_item_get(tenant, &id, &row, &err), err);
    ck_assert_str_eq(row->candidate_first_name.ptr, "Ada");
    ck_assert_str_eq(row->interviewer_first_name.ptr, "Fritz");
    ck_assert_int_eq(row->ends_at - row->scheduled_at, INT64_C(3600000000));
    hg_agenda_item_free(row);

    act_as(ADA);
    ck_ok(hg_agenda_item_get(tenant, &id, &row, &err), err);
    ck_assert(IS_NULL(row, HG_AGENDA_ITEM_INTERVIEWER_FIRST_NAME));
    ck_assert(IS_NULL(row, HG_AGENDA_ITEM_INTERVIEWER_LAST_NAME));
    ck_assert_str_eq(row->job_title.ptr, "open");
    hg_agenda_item_free(row);

    act_as(VIEWER_X);
    ck_ok(hg_agenda_item_get(tenant, &id, &row, &err), err);
    ck_assert_str_eq(row->interviewer_first_name.ptr, "Fritz");
    hg_agenda_item_free(row);
}
END_TEST

static void
referral_shows(int who, const char *label, int commission, int name)
{
    hg_uuid id = id_of(label);
    const hg_named_referral *row = NULL;

    act_as(who);
    ck_ok(hg_named_referral_get(tenant, &id, &row, &err), err);
    ck_assert_msg(IS_NULL(row, HG_NAMED_REFERRAL_NOTES) == !commission, "person %d and the notes of %s", who, label);
    ck_assert_msg(IS_NULL(row, HG_NAMED_REFERRAL_COMMISSION_STATUS) == !commission, "person %d, commission of %s", who,
                  label);
    ck_assert_msg(IS_NULL(row, HG_NAMED_REFERRAL_CANDIDATE_FIRST_NAME) == !name, "person %d and the name in %s", who,
                  label);
    ck_assert_str_eq(row->recruiter_first_name.ptr, "Fritz");
    hg_named_referral_free(row);
}

START_TEST(a_referral_shows_commission_to_freelancer_and_admin_and_a_name_with_consent)
{
    referral_shows(FRITZ, "refAda", 1, 1);
    referral_shows(FRITZ, "refBob", 1, 0);         /* Bob names nobody among his referrers */
    referral_shows(ADMIN_X, "refAda", 1, 1);
    referral_shows(VIEWER_X, "refAda", 0, 1);
    referral_shows(RECRUITER_Y, "refBob", 0, 0);
    referral_shows(ADA, "refAda", 0, 1);
    referral_shows(BOB, "refBob", 0, 1);
}
END_TEST

START_TEST(leak_2_an_invitation_does_not_tell_who_is_invited)
{
    hg_uuid pending = id_of("mPending"), joined = id_of("mViewer");
    const hg_member_card *row = NULL;

    act_as(ADMIN_X);
    ck_ok(hg_member_card_get(tenant, &pending, &row, &err), err);
    ck_assert(IS_NULL(row, HG_MEMBER_CARD_FIRST_NAME) && IS_NULL(row, HG_MEMBER_CARD_EMAIL));
    hg_member_card_free(row);
    ck_ok(hg_member_card_get(tenant, &joined, &row, &err), err);
    ck_assert_str_eq(row->first_name.ptr, "Vera");
    ck_assert_int_eq(row->role, HG_MEMBER_CARD_ROLE_VIEWER);
    hg_member_card_free(row);
}
END_TEST

START_TEST(leak_2_a_task_shows_its_freelancer_nobodys_application)
{
    hg_uuid id = id_of("taskFritz");
    const hg_task_card *row = NULL;

    act_as(FRITZ);
    ck_ok(hg_task_card_get(tenant, &id, &row, &err), err);
    ck_assert(IS_NULL(row, HG_TASK_CARD_JOB_ID) && IS_NULL(row, HG_TASK_CARD_CANDIDATE_FIRST_NAME));
    ck_assert(IS_NULL(row, HG_TASK_CARD_ASSIGNED_BY_FIRST_NAME));
    ck_assert_str_eq(row->assigned_to_first_name.ptr, "Fritz");
    ck_assert_str_eq(row->company_name.ptr, "Company X");
    hg_task_card_free(row);

    act_as(VIEWER_X);
    ck_ok(hg_task_card_get(tenant, &id, &row, &err), err);
    ck_assert_str_eq(row->candidate_first_name.ptr, "Ada");
    ck_assert_str_eq(row->job_title.ptr, "open");
    ck_assert_str_eq(row->assigned_by_first_name.ptr, "Rita");
    ck_assert(IS_NULL(row, HG_TASK_CARD_ASSIGNED_TO_FIRST_NAME));   /* Fritz is no co-worker */
    hg_task_card_free(row);
}
END_TEST

START_TEST(feedback_and_salary_are_masked_by_row)
{
    hg_uuid scheduled = id_of("byFritz"), completed = id_of("byRita"), ada = id_of("profileAda");
    const hg_interview_card *interview = NULL;
    const hg_candidate_card *candidate = NULL;

    act_as(VIEWER_X);
    ck_ok(hg_interview_card_get(tenant, &scheduled, &interview, &err), err);
    ck_assert(IS_NULL(interview, HG_INTERVIEW_CARD_SCORE));
    hg_interview_card_free(interview);
    ck_ok(hg_interview_card_get(tenant, &completed, &interview, &err), err);
    ck_assert_int_eq(interview->score, 7);
    hg_interview_card_free(interview);
    ck_ok(hg_candidate_card_get(tenant, &ada, &candidate, &err), err);
    ck_assert(IS_NULL(candidate, HG_CANDIDATE_CARD_DESIRED_SALARY_MIN));
    ck_assert(!IS_NULL(candidate, HG_CANDIDATE_CARD_EMAIL));
    hg_candidate_card_free(candidate);

    act_as(ADA);
    ck_ok(hg_candidate_card_get(tenant, &ada, &candidate, &err), err);
    ck_assert_int_eq(candidate->desired_salary_min, 100);
    hg_candidate_card_free(candidate);
}
END_TEST

/* ---- Filters ------------------------------------------------------------------------------------------------------------- */

/* One filter over these rows of a view, against the answer of each as operators.c computes it for tables. */
static void
check_filter(const query_rows *these, int32_t column, int32_t op, const operand *with)
{
    const hg_column_info *info = &these->of->info.columns[column];
    hg_query *query = query_rows_only(these);
    hgi_list *list = NULL;

    ck_ok(filter_add(query, info->kind, column, op, with), err);
    ck_assert_msg(hgi_find(tenant, these->of, query, &list, &err) == HG_OK, "%s.%s %s: %s", these->of->info.name, info->name,
                  op_name(op), err.message);
    for (size_t i = 0; i < these->count; i++) {
        int want = filter_answer(info, op, hgi_field(these->of, column, query_row(these, i)), query_row_is_null(these, i, column), with);

        ck_assert_msg(want == -2 || (want == 1) == is_in(list, &these->ids[i]), "%s.%s %s: row %s is %sfound", these->of->info.name,
                      info->name, op_name(op), uuid_text(&these->ids[i]), want == 1 ? "not " : "");
    }
    hgi_list_free(list);
    hg_query_free(query);
}

/* What is asked below are ten thousand statements, each with some operands: one plan a statement is enough. */
static void
open_scene_for_many(void)
{
    open_scene();
    fixture_done(tenant);
    tenant = fixture_conn(fixture_dsn_with("LOGIN", "options='-c plan_cache_mode=force_generic_plan'"), NULL);
}

/* Those that this persona sees of the view, thirty at most. */
static query_rows
rows_of(int who, int32_t number)
{
    query_rows these = { .table = number, .of = hgi_table_of(number) };
    hg_query *query = hg_query_new(number);

    act_as(who);
    ck_ok(hg_query_order(query, 0, HG_ASCENDING, HG_NULLS_DEFAULT, &err), err);
    ck_ok(hg_query_limit(query, 30, &err), err);
    if (hgi_find(tenant, these.of, query, &these.list, &err) == HG_OK)
        these.count = hgi_list_count(these.list);
    hg_query_free(query);
    these.ids = fixture_memory(these.count * sizeof *these.ids + 1);
    for (size_t i = 0; i < these.count; i++)
        memcpy(&these.ids[i], hgi_field(these.of, 0, query_row(&these, i)), sizeof *these.ids);
    return these;
}

static void
ck_uint(size_t got, size_t want, const query_rows *these, int32_t column)
{
    ck_assert_msg(got == want, "%s by %s: %zu rows, want %zu", these->of->info.name, these->of->info.columns[column].name, got, want);
}

static size_t
check_filters(const query_rows *these, int32_t column)
{
    int32_t kind = these->of->info.columns[column].kind;
    size_t checked = 0;
    operand with;

    for (int32_t op = HG_OP_EQ; op <= OP_COUNT; op++)
        for (size_t i = 0; i < 3 && kind_has_operator(kind, op); i++)
            if ((kind != HG_KIND_TEXT || is_byte_order() || op < HG_OP_LT || op > HG_OP_GE)
                && operand_make(these, column, op, i, &with)) {
                check_filter(these, column, op, &with);
                checked++;
            }
    return checked;
}

/* Pages of two, forwards, by a column of a view that an outer join or a mask may make NULL. */
static size_t
check_pages(const query_rows *these, int32_t column, int32_t direction)
{
    hg_query *query = query_rows_only(these);
    hgi_list *whole = NULL, *page = NULL;
    hg_text *place = NULL;

    ck_ok(hg_query_order(query, column, direction, HG_NULLS_DEFAULT, &err), err);
    ck_ok(hgi_find(tenant, these->of, query, &whole, &err), err);
    ck_uint(hgi_list_count(whole), these->count, these, column);
    ck_ok(hg_query_limit(query, 2, &err), err);
    for (size_t at = 0; at < these->count; at += 2) {
        ck_ok(hgi_find(tenant, these->of, query, &page, &err), err);
        ck_uint(hgi_list_count(page), these->count - at < 2 ? 1 : 2, these, column);
        for (size_t i = 0; i < hgi_list_count(page); i++)
            ck_assert_msg(memcmp(hgi_field(these->of, 0, hgi_list_at(page, i)), hgi_field(these->of, 0, hgi_list_at(whole, at + i)),
                                 sizeof(hg_uuid)) == 0, "%s by %s: row %zu of the pages is another than of the whole", these->of->info.name,
                          these->of->info.columns[column].name, at + i);
        ck_ok(hgi_list_cursor(page, hgi_list_count(page) - 1, &place, &err), err);
        ck_ok(hg_query_after(query, hg_text_ptr(place), hg_text_len(place), &err), err);
        hg_text_free(place);
        hgi_list_free(page);
    }
    hgi_list_free(whole);
    hg_query_free(query);
    return 1;
}

static const int asking[] = { ADMIN_X, ADA, FRITZ };

START_TEST(every_operator_on_every_column_of_a_view_answers_as_c_does)
{
    size_t checked = 0;

    for (size_t i = 0; i < sizeof asking / sizeof asking[0]; i++) {
        query_rows these = rows_of(asking[i], HG_VIEW_FIRST + _i);

        for (int32_t column = 0; these.count > 0 && column < these.of->info.column_count; column++)
            if (these.of->readable[tenant->role] >> column & 1)
                checked += check_filters(&these, column);
        hgi_list_free(these.list);
    }
    ck_assert_msg(checked > 60, "%s: %zu filters", hgi_views[_i]->info.name, checked);
}
END_TEST

START_TEST(pages_by_every_column_of_a_view_are_the_whole)
{
    size_t checked = 0;

    for (size_t i = 0; i < sizeof asking / sizeof asking[0]; i++) {
        query_rows these = rows_of(asking[i], HG_VIEW_FIRST + _i);

        for (int32_t column = 0; these.count > 0 && column < these.of->info.column_count; column++) {
            int32_t kind = these.of->info.columns[column].kind;

            if ((these.of->readable[tenant->role] >> column & 1) && kind != HG_KIND_JSON && kind != HG_KIND_TEXT_LIST)
                checked += check_pages(&these, column, (column + (int32_t)i) % 2);
        }
        hgi_list_free(these.list);
    }
    ck_assert_msg(checked > 1, "%s: %zu orders", hgi_views[_i]->info.name, checked);
}
END_TEST

/* ---- Calls ----------------------------------------------------------------------------------------------------------------- */

START_TEST(a_view_is_paged_streamed_and_printed_like_a_table)
{
    hg_query *query = hg_query_new(HG_VIEW_APPLICATION_CARDS);
    hg_application_card_list *first = NULL, *second = NULL;
    const hg_application_card *row = NULL;
    hg_cursor *cursor = NULL;
    hg_text *place = NULL, *json = NULL, *text = NULL;
    int32_t exists = 0;
    int streamed = 0;

    act_as(ADA);
    ck_ok(hg_query_where_enum(query, HG_APPLICATION_CARD_STATUS, HG_OP_EQ, HG_APPLICATION_CARD_STATUS_APPLIED, &err), err);
    ck_ok(hg_query_order(query, HG_APPLICATION_CARD_JOB_TITLE, HG_DESCENDING, HG_NULLS_DEFAULT, &err), err);
    ck_ok(hg_application_card_exists(tenant, query, &exists, &err), err);
    ck_assert_int_eq(exists, 1);
    ck_ok(hg_application_card_stream(tenant, query, &cursor, &err), err);
    for (;;) {
        ck_ok(hg_application_card_next(cursor, &row, &err), err);
        if (row == NULL)
            break;
        streamed++;
    }
    hg_cursor_close(cursor);
    ck_assert_int_eq(streamed, 2);

    ck_ok(hg_query_limit(query, 1, &err), err);
    ck_ok(hg_application_card_find(tenant, query, &first, &err), err);
    ck_assert_str_eq(hg_application_card_list_at(first, 0)->job_title.ptr, "openY");
    ck_ok(hg_application_card_list_cursor(first, 0, &place, &err), err);
    ck_ok(hg_query_after(query, hg_text_ptr(place), hg_text_len(place), &err), err);
    ck_ok(hg_application_card_find(tenant, query, &second, &err), err);
    ck_assert_str_eq(hg_application_card_list_at(second, 0)->job_title.ptr, "open");
    ck_ok(hg_application_card_to_json(hg_application_card_list_at(second, 0), &json, &err), err);
    ck_assert(strstr(hg_text_ptr(json), "\"company_name\":\"Company X\"") != NULL ||
              strstr(hg_text_ptr(json), "\"company_name\": \"Company X\"") != NULL);
    ck_ok(hg_row_column_text(HG_VIEW_APPLICATION_CARDS, hg_application_card_list_at(second, 0),
                             HG_APPLICATION_CARD_STATUS, &text, &err), err);
    ck_assert_str_eq(hg_text_ptr(text), "applied");

    hg_text_free(text);
    hg_text_free(json);
    hg_text_free(place);
    hg_application_card_list_free(first);
    hg_application_card_list_free(second);
    hg_query_free(query);
}
END_TEST

START_TEST(get_many_gives_what_is_visible)
{
    hg_uuid ids[] = { id_of("adaX"), id_of("adaY"), id_of("bobX") };
    hg_application_card_list *list = NULL;

    act_as(RECRUITER_Y);
    ck_ok(hg_application_card_get_many(tenant, ids, 3, &list, &err), err);
    ck_assert_uint_eq(hg_application_card_list_count(list), 1);
    hg_application_card_list_free(list);
}
END_TEST

START_TEST(a_view_describes_itself_and_cannot_be_written)
{
    ck_assert_int_ge(hg_view_count(), 16);
    ck_assert_ptr_null(hg_table_describe(hg_table_count()));
    ck_assert_ptr_null(hg_table_describe(HG_VIEW_FIRST - 1));
    ck_assert_ptr_null(hg_table_describe(HG_VIEW_FIRST + hg_view_count()));
    ck_assert_ptr_null(hg_query_new(HG_VIEW_FIRST + hg_view_count()));
    for (int32_t v = HG_VIEW_FIRST; v < HG_VIEW_FIRST + hg_view_count(); v++) {
        const hg_table_info *info = hg_table_describe(v);

        ck_assert_int_eq(info->table, v);
        ck_assert_int_eq(info->is_view, 1);
        ck_assert_str_eq(info->schema, "hotgigs");
        ck_assert_int_eq(info->key_count, 0);
        ck_assert_int_eq(info->columns[0].nullable, 0);
        for (int32_t c = 0; c < info->column_count; c++)
            ck_assert_msg(info->columns[c].inserters == 0 && info->columns[c].updaters == 0, "%s.%s may be written",
                          info->name, info->columns[c].name);
        for (int role = 0; role < HGI_ROLE_COUNT; role++)
            ck_assert(hgi_table_of(v)->insertable[role] == 0 && hgi_table_of(v)->updatable[role] == 0 &&
                      (hgi_table_of(v)->deletable >> role & 1) == 0);
    }
    ck_assert_int_eq(hg_table_describe(HG_TABLE_JOBS)->is_view, 0);
    ck_assert_str_eq(hg_table_describe(HG_TABLE_JOBS)->schema, "public");
}
END_TEST

START_TEST(update_where_of_a_view_is_refused)
{
    hg_query *query = hg_query_new(HG_VIEW_MEMBER_CARDS);
    hg_member_card row = { .struct_size = sizeof row, .role = 1 };

    act_as(ADMIN_X);
    ck_status(hgi_update_where(tenant, hgi_table_of(HG_VIEW_MEMBER_CARDS), query, &row, HG_BIT(HG_MEMBER_CARD_ROLE), 10, NULL,
                               &err), HG_E_DENIED, err);
    ck_status(hgi_delete_where(tenant, hgi_table_of(HG_VIEW_MEMBER_CARDS), query, 10, NULL, &err), HG_E_DENIED, err);
    hg_query_free(query);
}
END_TEST

/* Every view that leaves rows out is a barrier, but job_cards, which is the invoker's where the server has that; all are the
 * owner's, in the order of their descriptors. */
START_TEST(the_views_are_barriers_of_the_owners)
{
    ck_assert_int_eq(sql_int("SELECT count(*) FROM pg_class WHERE relnamespace = 'hotgigs'::regnamespace AND relkind = 'v' "
                      "AND NOT (pg_get_userbyid(relowner) = 'hotgigs_owner' AND coalesce(reloptions, '{}') = CASE "
                      "         WHEN relname = 'company_cards' THEN '{}'::text[] "
                      "         WHEN relname = 'job_cards' AND current_setting('server_version_num')::int >= 150000 "
                      "         THEN '{security_invoker=true}' ELSE '{security_barrier=true}' END)"), 0);
    for (int32_t v = 0; v < hgi_view_count; v++) {
        const hg_table_info *info = &hgi_views[v]->info;

        ck_assert_int_eq(sql_int("SELECT count(*) FROM pg_attribute WHERE attrelid = '%s'::regclass AND attnum > 0",
                          hgi_views[v]->relation), info->column_count);
        for (int32_t c = 0; c < info->column_count; c++)
            ck_assert_int_eq(sql_int("SELECT attnum FROM pg_attribute WHERE attrelid = '%s'::regclass AND attname = '%s'",
                              hgi_views[v]->relation, info->columns[c].name), c + 1);
    }
}
END_TEST

Suite *
suite_query_views(void)
{
    Suite *s = suite_create("query/views");
    TCase *tc = tcase_create("personas");

    tcase_add_checked_fixture(tc, open_scene, fixture_close);
    tcase_set_timeout(tc, 30);
    tcase_add_loop_test(tc, each_persona_finds_his_rows, 0, sizeof rows / sizeof rows[0]);
    tcase_add_test(tc, a_candidate_does_not_read_the_companys_side_of_his_application);
    tcase_add_test(tc, a_viewer_reads_the_companys_side_with_names_and_version);
    tcase_add_test(tc, the_board_tells_activity_interviews_and_rating);
    tcase_add_test(tc, an_interviewer_learns_the_candidate_and_a_candidate_not_the_interviewer);
    tcase_add_test(tc, a_referral_shows_commission_to_freelancer_and_admin_and_a_name_with_consent);
    tcase_add_test(tc, leak_2_an_invitation_does_not_tell_who_is_invited);
    tcase_add_test(tc, leak_2_a_task_shows_its_freelancer_nobodys_application);
    tcase_add_test(tc, feedback_and_salary_are_masked_by_row);
    tcase_add_test(tc, a_view_is_paged_streamed_and_printed_like_a_table);
    tcase_add_test(tc, get_many_gives_what_is_visible);
    tcase_add_test(tc, a_view_describes_itself_and_cannot_be_written);
    tcase_add_test(tc, update_where_of_a_view_is_refused);
    tcase_add_test(tc, the_views_are_barriers_of_the_owners);
    suite_add_tcase(s, tc);

    tc = tcase_create("columns");
    tcase_add_checked_fixture(tc, open_scene_for_many, fixture_close);
    tcase_set_timeout(tc, 30);
    tcase_add_loop_test(tc, every_operator_on_every_column_of_a_view_answers_as_c_does, 0, hgi_view_count);
    tcase_add_loop_test(tc, pages_by_every_column_of_a_view_are_the_whole, 0, hgi_view_count);
    suite_add_tcase(s, tc);
    return s;
}
