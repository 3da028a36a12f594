/* hotgigs-demo - one hiring day, played on a real database and told as a story; all 25 tables.
 *
 * The service's login does what only the application itself may do; the tenants' login plays the
 * people, one after the other, by hg_session_enter(), and PostgreSQL's policies decide what each may
 * see and do. A step that changes several tables is one transaction. Every row of the day is noted in
 * a ledger, and in the evening each table is asked for its rows in one call.
 *
 * Everything but the timings is the same each time, so the story is also a test. Here is the story;
 * demo/ has the people and the rows, json/ the import.
 *
 * New here: hg_json_tree (hotgigs/json.h), hg_<singular>_get_many for "which of these may I see",
 *           exact arithmetic with hg_decimal.
 *
 * Run:      hotgigs-demo examples/data
 *           with HOTGIGS_SERVICE_DSN and HOTGIGS_TENANT_DSN, on a database that has not had this day
 *           yet. `make demo` does all that.
 *
 * Prints:   the story, and a table of tables: tests/examples/hotgigs-demo.expected */
#include <hotgigs/hotgigs.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "demo/day.h"

enum { MINUTE = 60 * 1000000 };         /* of an hg_timestamp */

/* ---- Steps that change several tables: one transaction each ---------------------------------- */

/* referrer NULL: the candidate's own idea. */
static hg_uuid
apply(day *d, const char *who, const char *what, const hg_uuid *referrer)
{
    const person *p = person_of(d, who);
    const posting *job = job_of(d, what);
    hg_application row = { .struct_size = sizeof row, .id = new_row(d, HG_TABLE_APPLICATIONS),
                           .job_id = job->id, .candidate_id = p->candidate, .applied_at = d->now,
                           .application_source = str(referrer != NULL ? "referral" : "website") };
    uint64_t set = HG_BIT(HG_APPLICATION_ID) | HG_BIT(HG_APPLICATION_JOB_ID) |
                   HG_BIT(HG_APPLICATION_CANDIDATE_ID) | HG_BIT(HG_APPLICATION_APPLIED_AT) |
                   HG_BIT(HG_APPLICATION_APPLICATION_SOURCE);

    if (referrer != NULL) {
        row.referrer_id = *referrer;
        set |= HG_BIT(HG_APPLICATION_REFERRER_ID);
    }
    begin(d);
    if (d->st == HG_OK)
        wrote(d, HG_TABLE_APPLICATIONS, hg_application_insert(d->service, &row, set, NULL, &d->err));
    add_timeline(d, row.id, "applied", "", p->user);
    if (job->firm != NULL)
        notify(d, job->firm->recruiter.user, "application_received", "A new application", p->name);
    mail(d, p->user, "application_received", p->email, "We have your application");
    audit(d, p->user, "application.submit", "applications", row.id, "{\"status\": \"applied\"}");
    commit(d);
    if (referrer == NULL)
        track(d, as(d, HG_ROLE_CANDIDATE, p->user, "event.track"), &p->user, "application_submitted");
    say(d, "%s %s for: %s, %s", p->name, referrer != NULL ? "is put forward" : "applies", job->title,
        job->company);
    return row.id;
}

/* Moves an application on, in the name of the company's recruiter. feedback is for the candidate. */
static void
move(day *d, const hg_uuid *application, int32_t status, const char *who, const char *what,
     const char *notes, const char *feedback)
{
    const person *p = person_of(d, who);
    const posting *job = job_of(d, what);
    hg_uuid recruiter = job->firm != NULL ? job->firm->recruiter.user : (hg_uuid){ { 0 } };
    hg_application row = { .struct_size = sizeof row, .status = status, .recruiter_notes = str(notes),
                           .rejection_feedback = str(feedback) };
    const char *name = hg_application_status_name(status);
    char values[64];

    snprintf(values, sizeof values, "{\"status\": \"%s\"}", name);
    begin(d);
    if (d->st == HG_OK)
        d->st = hg_application_update(d->service, application, &row, HG_BIT(HG_APPLICATION_STATUS) |
                                      HG_BIT(HG_APPLICATION_RECRUITER_NOTES) |
                                      HG_BIT(HG_APPLICATION_REJECTION_FEEDBACK), NULL, &d->err);
    add_timeline(d, *application, name, notes, recruiter);
    notify(d, p->user, "application_status", job->title, name);
    audit(d, recruiter, "application.set_status", "applications", *application, values);
    commit(d);
    say(d, "%s: %s", p->name, name);
}

/* The last step: the job is filled, the candidate is told, and whoever referred him earns. */
static void
hire(day *d, const hg_uuid *application, const char *who, const char *what, const hg_uuid *referral)
{
    const person *p = person_of(d, who);
    const posting *job = job_of(d, what);
    hg_job filled = { .struct_size = sizeof filled, .employment_status = str("filled") };
    hg_referral earned = { .struct_size = sizeof earned,
                           .referral_status = HG_REFERRAL_REFERRAL_STATUS_HIRED,
                           .commission_status = HG_REFERRAL_COMMISSION_STATUS_APPROVED };
    const hg_job *full = NULL;
    const hg_freelance_recruiter *recruiter = NULL;
    char commission[HG_DECIMAL_TEXT_SIZE] = "";

    move(d, application, HG_APPLICATION_STATUS_HIRED, who, what, "signed", "");
    begin(d);
    if (d->st == HG_OK)
        d->st = hg_job_update(d->service, &job->id, &filled, HG_BIT(HG_JOB_EMPLOYMENT_STATUS), &full,
                              &d->err);
    if (d->st == HG_OK && referral != NULL)
        d->st = hg_freelance_recruiter_get(d->service, &d->freelancer, &recruiter, &d->err);
    if (d->st == HG_OK && referral != NULL) {
        /* salary times rate percent: 360000 * 10.00 / 100 is 36000.00, two digits behind the point */
        earned.commission_amount.unscaled = full->salary_min * recruiter->commission_rate.unscaled / 100;
        earned.commission_amount.scale = recruiter->commission_rate.scale;
        hg_decimal_to_text(&earned.commission_amount, commission, sizeof commission, NULL);
        d->st = hg_referral_update(d->service, referral, &earned,
                                   HG_BIT(HG_REFERRAL_REFERRAL_STATUS) |
                                   HG_BIT(HG_REFERRAL_COMMISSION_STATUS) |
                                   HG_BIT(HG_REFERRAL_COMMISSION_AMOUNT), NULL, &d->err);
        audit(d, job->firm->admin.user, "commission.approve", "referrals", *referral,
              "{\"commission_status\": \"approved\"}");
    }
    mail(d, p->user, "hired", p->email, "Welcome");
    commit(d);
    say(d, "The job is filled: %s", job->title);
    if (referral != NULL && d->st == HG_OK)
        say(d, "Chloé Œuvrard's commission is approved: %s %s", commission, full->salary_currency.ptr);
    hg_freelance_recruiter_free(recruiter);
    hg_job_free(full);
}

/* ---- What each may see ----------------------------------------------------------------------- */

/* All applications of the day are asked for; the policies decide how many come. */
static void
look_at_applications(day *d, const char *who, int32_t role, hg_uuid user)
{
    const ledger *all = &d->ledgers[HG_TABLE_APPLICATIONS];
    hg_application_list *list = NULL;
    hg_conn *conn = as(d, role, user, "application.list");
    const hg_application *first;
    hg_status st;

    if (d->st != HG_OK)
        return;
    st = hg_application_get_many(conn, all->ids, all->count, &list, &d->err);
    first = hg_application_list_at(list, 0);
    if (st != HG_OK)
        say(d, "%s: %s", who, hg_status_name(st));
    else
        say(d, "%s: sees %zu of %zu%s", who, hg_application_list_count(list), all->count,
            first == NULL ? "" : first->loaded_mask & HG_BIT(HG_APPLICATION_RECRUITER_NOTES) ?
            ", with the recruiter's notes" : ", without the recruiter's notes");
    hg_application_list_free(list);
}

static void
sign_in_with_github(day *d, const char *who)
{
    const person *p = person_of(d, who);
    hg_user login = { .struct_size = sizeof login, .last_login_at = d->now };
    const ledger *matches = &d->ledgers[HG_TABLE_AI_JOB_MATCHES];
    const hg_candidate_profile *own = NULL;
    hg_ai_job_match_list *list = NULL;
    hg_conn *conn;

    begin(d);
    add_oauth_account(d, p->user, "github", p->key);
    if (d->st == HG_OK)
        d->st = hg_user_update(d->service, &p->user, &login, HG_BIT(HG_USER_LAST_LOGIN_AT), NULL, &d->err);
    audit(d, p->user, "user.login", "users", p->user, "{\"provider\": \"github\"}");
    commit(d);

    conn = as(d, HG_ROLE_CANDIDATE, p->user, "profile.view");
    if (d->st == HG_OK)
        d->st = hg_candidate_profile_get(conn, &p->candidate, &own, &d->err);
    if (d->st == HG_OK)
        d->st = hg_ai_job_match_get_many(conn, matches->ids, matches->count, &list, &d->err);
    if (d->st == HG_OK) {
        say(d, "%s signs in with GitHub and reads: %s, %s", p->name, own->current_title.ptr,
            own->current_company.ptr);
        say(d, "Of the %zu matches, %zu are for these eyes.", matches->count,
            hg_ai_job_match_list_count(list));
    }
    hg_ai_job_match_list_free(list);
    hg_candidate_profile_free(own);
}

static void
visitor_reads_a_job(day *d, const char *what)
{
    hg_conn *conn = as(d, HG_ROLE_ANON, (hg_uuid){ { 0 } }, "job.view");
    const hg_job *job = NULL;

    if (d->st == HG_OK)
        d->st = hg_job_get(conn, &job_of(d, what)->id, &job, &d->err);
    if (d->st == HG_OK)
        say(d, "A visitor reads: %s (%s)", job->title.ptr, job->location.ptr);
    track(d, conn, NULL, "job_viewed");
    hg_job_free(job);
}

/* ---- The freelance recruiter ----------------------------------------------------------------- */

/* As herself she may refer whoever lets himself be seen; that the company takes it up is the service's. */
static hg_uuid
refer(day *d, const char *who, const char *what, hg_uuid *application)
{
    const person *p = person_of(d, who);
    const posting *job = job_of(d, what);
    hg_conn *conn = as(d, HG_ROLE_FREELANCER, d->freelancer_user, "referral.create");
    hg_referral accepted = { .struct_size = sizeof accepted,
                             .referral_status = HG_REFERRAL_REFERRAL_STATUS_ACCEPTED };
    hg_uuid id;

    id = add_referral(d, conn, p->candidate, job->id, "She writes schedulers of 900 bytes.");
    say(d, "Chloé Œuvrard, freelance recruiter, refers %s to %s.", p->name, job->company);
    at(d, "10:25");
    if (d->st == HG_OK)
        d->st = hg_referral_update(d->service, &id, &accepted, HG_BIT(HG_REFERRAL_REFERRAL_STATUS),
                                   NULL, &d->err);
    *application = apply(d, who, what, &d->freelancer_user);
    return id;
}

/* Paid once: only an approved commission, and the totals in the same transaction. */
static void
pay_commission(day *d, const hg_uuid *referral)
{
    hg_referral paid = { .struct_size = sizeof paid,
                         .commission_status = HG_REFERRAL_COMMISSION_STATUS_PAID };
    hg_freelance_recruiter total = { .struct_size = sizeof total };
    const hg_referral *row = NULL;
    const hg_freelance_recruiter *before = NULL, *after = NULL;
    char text[HG_DECIMAL_TEXT_SIZE];

    begin(d);
    if (d->st == HG_OK)
        d->st = hg_referral_get(d->service, referral, &row, &d->err);
    if (d->st == HG_OK && row->commission_status != HG_REFERRAL_COMMISSION_STATUS_APPROVED)
        fail(d, "the commission is not approved");
    if (d->st == HG_OK)
        d->st = hg_freelance_recruiter_get(d->service, &d->freelancer, &before, &d->err);
    if (d->st == HG_OK) {                           /* both are numeric with two digits */
        total.row_version = before->row_version;    /* nobody else has added in between */
        total.total_earnings = before->total_earnings;
        total.total_earnings.unscaled += row->commission_amount.unscaled;
        total.total_placements = before->total_placements + 1;
        d->st = hg_freelance_recruiter_update(d->service, &d->freelancer, &total,
                                              HG_BIT(HG_FREELANCE_RECRUITER_TOTAL_EARNINGS) |
                                              HG_BIT(HG_FREELANCE_RECRUITER_TOTAL_PLACEMENTS), &after,
                                              &d->err);
    }
    if (d->st == HG_OK)
        d->st = hg_referral_update(d->service, referral, &paid, HG_BIT(HG_REFERRAL_COMMISSION_STATUS),
                                   NULL, &d->err);
    notify(d, d->freelancer_user, "commission_paid", "Your commission is paid", "Thank you.");
    commit(d);
    if (d->st == HG_OK) {
        hg_decimal_to_text(&after->total_earnings, text, sizeof text, NULL);
        say(d, "Chloé Œuvrard is paid; her total is %s after %d placement.", text,
            (int)after->total_placements);
    }
    hg_freelance_recruiter_free(after);
    hg_freelance_recruiter_free(before);
    hg_referral_free(row);
}

/* ---- The interview --------------------------------------------------------------------------- */

/* The recruiter does this herself. A rival's recruiter tries the same. Returns the interview. */
static hg_uuid
schedule(day *d, const hg_uuid *application, const char *what, const firm *rival, hg_uuid *task)
{
    const firm *f = job_of(d, what)->firm;
    hg_interview intrusion = { .struct_size = sizeof intrusion, .application_id = *application,
                               .scheduled_at = d->now };
    hg_uuid id = { { 0 } };
    hg_conn *conn = as(d, HG_ROLE_COMPANY, rival->recruiter.user, "interview.schedule");

    if (d->st != HG_OK)
        return id;
    say(d, "A recruiter of %s tries to put an interview into it: %s", rival->company,
        hg_status_name(hg_interview_insert(conn, &intrusion, HG_BIT(HG_INTERVIEW_APPLICATION_ID) |
                                           HG_BIT(HG_INTERVIEW_SCHEDULED_AT), NULL, NULL)));
    conn = as(d, HG_ROLE_COMPANY, f->recruiter.user, "interview.schedule");
    id = add_interview(d, conn, *application, f->admin.user, d->now + 120 * (hg_timestamp)MINUTE);
    *task = add_task(d, conn, f->id, f->admin.user, f->recruiter.user, *application,
                     "Prepare the questions");
    say(d, "%s %s invites to an interview at 14:00, and gives %s %s a task: prepare the questions.",
        f->recruiter.first, f->recruiter.last, f->admin.first, f->admin.last);
    return id;
}

static void
hold_interview(day *d, const hg_uuid *interview, const hg_uuid *task, const char *who, const char *what)
{
    const person *p = person_of(d, who);
    const firm *f = job_of(d, what)->firm;
    hg_interview done = { .struct_size = sizeof done, .status = HG_INTERVIEW_STATUS_COMPLETED,
                          .score = 9, .feedback = str("Found two faults in our schema.") };
    hg_task prepared = { .struct_size = sizeof prepared, .status = HG_TASK_STATUS_COMPLETED,
                         .completed_at = d->now };
    const hg_interview *seen = NULL;
    hg_conn *conn;

    if (d->st != HG_OK)
        return;
    conn = as(d, HG_ROLE_COMPANY, f->recruiter.user, "interview.finish");
    if (d->st == HG_OK)
        d->st = hg_task_update(conn, task, &prepared, HG_BIT(HG_TASK_STATUS) |
                               HG_BIT(HG_TASK_COMPLETED_AT), NULL, &d->err);
    if (d->st == HG_OK)
        d->st = hg_interview_update(conn, interview, &done, HG_BIT(HG_INTERVIEW_STATUS) |
                                    HG_BIT(HG_INTERVIEW_SCORE) | HG_BIT(HG_INTERVIEW_FEEDBACK), NULL,
                                    &d->err);
    say(d, "The interview is over; %s %s gives 9 of 10.", f->admin.first, f->admin.last);

    conn = as(d, HG_ROLE_CANDIDATE, p->user, "interview.view");
    if (d->st == HG_OK)
        d->st = hg_interview_get(conn, interview, &seen, &d->err);
    if (d->st == HG_OK)
        say(d, "%s sees that it is %s; the score is %s.", p->name,
            hg_interview_status_name(seen->status),
            seen->loaded_mask & HG_BIT(HG_INTERVIEW_SCORE) ? "there, too" : "not shown");
    hg_interview_free(seen);
}

/* ---- Reading what one was told --------------------------------------------------------------- */

static void
read_rejection(day *d, const hg_uuid *application, const char *who)
{
    hg_conn *conn = as(d, HG_ROLE_CANDIDATE, person_of(d, who)->user, "application.view");
    const hg_application *row = NULL;

    if (d->st == HG_OK)
        d->st = hg_application_get(conn, application, &row, &d->err);
    if (d->st == HG_OK)
        say(d, "What he reads: \"%s\" The recruiter's notes are %s.", row->rejection_feedback.ptr,
            row->loaded_mask & HG_BIT(HG_APPLICATION_RECRUITER_NOTES) ? "shown" : "not shown");
    hg_application_free(row);
}

static void
read_notifications(day *d, const char *who)
{
    const person *p = person_of(d, who);
    const ledger *all = &d->ledgers[HG_TABLE_NOTIFICATIONS];
    hg_conn *conn = as(d, HG_ROLE_CANDIDATE, p->user, "notification.read");
    hg_notification read = { .struct_size = sizeof read, .is_read = 1, .read_at = d->now };
    hg_notification_list *list = NULL;

    if (d->st == HG_OK)
        d->st = hg_notification_get_many(conn, all->ids, all->count, &list, &d->err);
    for (size_t i = 0; d->st == HG_OK && i < hg_notification_list_count(list); i++)
        d->st = hg_notification_update(conn, &hg_notification_list_at(list, i)->id, &read,
                                       HG_BIT(HG_NOTIFICATION_IS_READ) |
                                       HG_BIT(HG_NOTIFICATION_READ_AT), NULL, &d->err);
    say(d, "%s reads %zu notifications of the day's %zu.", p->name, hg_notification_list_count(list),
        all->count);
    hg_notification_list_free(list);
}

/* ---- The day --------------------------------------------------------------------------------- */

static void
tell(day *d, const char *data)
{
    const firm *hafenlicht = &d->firms[0], *beichen = &d->firms[1];
    hg_uuid olena, ipek, richard, sakura, referral, interview, task;

    at(d, "07:30");
    import_all(d, data);
    bring_people_in(d);
    tell_what_was_imported(d);
    at(d, "08:00");
    match_everyone(d);

    at(d, "08:55");
    visitor_reads_a_job(d, "database-engineer");
    at(d, "09:05");
    sign_in_with_github(d, "olena-kovalenko");

    at(d, "09:20");
    olena = apply(d, "olena-kovalenko", "database-engineer", NULL);
    ipek = apply(d, "ipek-yildiz", "database-engineer", NULL);
    richard = apply(d, "resume", "database-engineer", NULL);
    apply(d, "lukasz-wojcik", "backend-developer", NULL);
    apply(d, "ananya-sharma", "backend-developer", NULL);
    apply(d, "kim-minjun", "backend-developer", NULL);
    apply(d, "asta-gudmundsdottir", "technical-writer", NULL);
    at(d, "09:40");
    apply(d, "wang-xiaoming", "navigation-engineer", NULL);
    apply(d, "nguyen-thi-anh", "test-intern", NULL);
    apply(d, "eleni-papadopoulou", "data-scientist", NULL);
    apply(d, "noa-levi", "security-engineer", NULL);
    apply(d, "layla-haddad", "product-designer", NULL);
    apply(d, "joao-conceicao", "health-informatician", NULL);
    apply(d, "somchai-jaidee", "frontend-developer", NULL);

    at(d, "10:10");
    referral = refer(d, "sato-sakura", "embedded-engineer", &sakura);

    at(d, "10:40");
    say(d, "Who sees which of the applications?");
    look_at_applications(d, "Wiebke Jürgensen of Hafenlicht Logistik", HG_ROLE_COMPANY,
                         hafenlicht->recruiter.user);
    look_at_applications(d, "陈伟 of 北辰机器人", HG_ROLE_COMPANY, beichen->recruiter.user);
    look_at_applications(d, "Олена Коваленко", HG_ROLE_CANDIDATE,
                         person_of(d, "olena-kovalenko")->user);
    look_at_applications(d, "Chloé Œuvrard, who refers candidates", HG_ROLE_FREELANCER,
                         d->freelancer_user);
    look_at_applications(d, "A visitor", HG_ROLE_ANON, (hg_uuid){ { 0 } });
    look_at_applications(d, "Олена Коваленко, claiming to be a company", HG_ROLE_COMPANY,
                         person_of(d, "olena-kovalenko")->user);

    at(d, "11:00");
    say(d, "Hafenlicht Logistik screens.");
    move(d, &olena, HG_APPLICATION_STATUS_SCREENING, "olena-kovalenko", "database-engineer", "strong C", "");
    move(d, &ipek, HG_APPLICATION_STATUS_SCREENING, "ipek-yildiz", "database-engineer", "no C yet", "");
    move(d, &richard, HG_APPLICATION_STATUS_REJECTED, "resume", "database-engineer",
         "compresses, but does not store", "We look for years with PostgreSQL.");
    read_rejection(d, &richard, "resume");
    at(d, "11:30");
    add_ai_session(d, olena, "[{\"id\": 1, \"question\": \"What does VACUUM do?\"}]",
                   "[{\"question_id\": 1, \"response\": \"Прибирає.\"}]", 93);
    say(d, "Олена Коваленко answers the AI's questions: 93 of 100.");

    at(d, "12:00");
    interview = schedule(d, &olena, "database-engineer", beichen, &task);
    move(d, &olena, HG_APPLICATION_STATUS_INTERVIEWING, "olena-kovalenko", "database-engineer", "14:00", "");
    at(d, "14:45");
    hold_interview(d, &interview, &task, "olena-kovalenko", "database-engineer");
    at(d, "15:30");
    move(d, &olena, HG_APPLICATION_STATUS_OFFER, "olena-kovalenko", "database-engineer", "84000 EUR", "");
    move(d, &sakura, HG_APPLICATION_STATUS_OFFER, "sato-sakura", "embedded-engineer", "360000 CNY", "");
    at(d, "16:00");
    hire(d, &olena, "olena-kovalenko", "database-engineer", NULL);
    move(d, &ipek, HG_APPLICATION_STATUS_REJECTED, "ipek-yildiz", "database-engineer", "second",
         "The place is taken; please apply for the next one.");
    at(d, "16:20");
    hire(d, &sakura, "sato-sakura", "embedded-engineer", &referral);

    at(d, "17:00");
    read_notifications(d, "olena-kovalenko");
    at(d, "17:30");
    pay_commission(d, &referral);
    at(d, "18:00");
    measure(d, "applications_a_day", (int64_t)d->ledgers[HG_TABLE_APPLICATIONS].count, "rows");
    say(d, "%zu applications, 2 hired, %zu entries in the audit trail.",
        d->ledgers[HG_TABLE_APPLICATIONS].count, d->ledgers[HG_TABLE_AUDIT_LOGS].count);
}

int
main(int argc, char **argv)
{
    static day d;                           /* zero; large for a stack */
    int code = 1;

    if (argc != 2) {
        fprintf(stderr, "usage: hotgigs-demo FOLDER, with HOTGIGS_SERVICE_DSN and HOTGIGS_TENANT_DSN\n");
        return 2;
    }
    d.st = hg_conn_open(getenv("HOTGIGS_SERVICE_DSN"), NULL, &d.service, &d.err);
    if (d.st == HG_OK)
        d.st = hg_conn_open(getenv("HOTGIGS_TENANT_DSN"), NULL, &d.tenant, &d.err);
    if (d.st == HG_OK)
        tell(&d, argv[1]);
    close_the_ledger(&d);
    if (d.st == HG_OK)
        code = 0;
    else if (d.st == HG_E_CONFLICT)
        fprintf(stderr, "hotgigs-demo: %s; has this database had the day already?\n", d.err.message);
    else
        fprintf(stderr, "hotgigs-demo: %s: %s\n", hg_status_name(d.st), d.err.message);
    hg_conn_close(d.tenant);                /* rolls back what a failure left open */
    hg_conn_close(d.service);
    return code;
}
