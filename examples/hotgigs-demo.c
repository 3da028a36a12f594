/* hotgigs-demo - one hiring day, played on a real database and told as a story; all 25 tables.
 *
 * The service's login does what only the application itself may do; the tenants' login plays the people, one after the
 * other, by hg_session_enter(). Each step of the business is one call of an operation, and PostgreSQL's policies decide
 * what each may see and do.
 *
 *     07:30  résumés and job descriptions are imported; the companies' people join
 *     08:00  every candidate is compared with every job
 *     09:00  a visitor reads, a candidate signs in, many apply, a freelance recruiter refers somebody
 *     10:40  who sees which applications; a rival company and a stranger see nothing
 *     11:00  screening, an interview with the AI, one in person, a task
 *     15:30  offers, hires, a commission; the rest are rejected
 *     17:00  notifications and mail are read and sent; the dashboards add up
 *     18:00  how many rows the day has added to each table
 *
 * Everything but the timings is the same each time, so the story is also a test. demo/ has the steps and the people,
 * json/ the import.
 *
 * New here: hg_json_tree (hotgigs/json.h); most of hotgigs/operations.h; hg_application_card_count for "how many of
 *           these may I see".
 *
 * Run:      hotgigs-demo examples/data
 *           with HOTGIGS_SERVICE_DSN and HOTGIGS_TENANT_DSN, on a database that has not had this day yet.
 *           `make demo` does all that.
 *
 * Prints:   the story, and a table of tables: tests/examples/hotgigs-demo.expected */
#include <hotgigs/hotgigs.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "demo/day.h"

static const hg_uuid nobody;

/* ---- Looking ----------------------------------------------------------------------------------- */

static void
visitor_reads_a_job(day *d, const posting *job)
{
    hg_conn *conn = as(d, HG_ROLE_ANON, nobody, "job.view");
    hg_job_count_view_params view = { .struct_size = sizeof view,
                                      .set = HG_BIT(HG_JOB_COUNT_VIEW_JOB_ID) | HG_BIT(HG_JOB_COUNT_VIEW_SESSION),
                                      .job_id = job->id, .session = str("a visitor") };
    const hg_job *row = NULL;

    if (d->st == HG_OK)
        d->st = hg_job_get(conn, &job->id, &row, &d->err);
    if (d->st == HG_OK)
        d->st = hg_job_count_view(conn, &view, &d->err);
    if (d->st == HG_OK)
        say(d, "A visitor reads: %s (%s)", row->title.ptr, row->location.ptr);
    hg_job_free(row);
}

static void
candidate_looks_around(day *d, const person *p)
{
    hg_conn *conn = as(d, HG_ROLE_CANDIDATE, p->user, "profile.view");
    const hg_candidate_profile *own = NULL;
    hg_query *query = hg_query_new(HG_TABLE_AI_JOB_MATCHES);
    int64_t matches = 0, all = 0;

    if (d->st == HG_OK)
        d->st = hg_candidate_profile_get(conn, &p->candidate, &own, &d->err);
    if (d->st == HG_OK)
        d->st = hg_ai_job_match_count(conn, query, &matches, &d->err);
    if (d->st == HG_OK)
        d->st = hg_ai_job_match_count(d->service, query, &all, &d->err);
    if (d->st == HG_OK) {
        say(d, "%s signs in with GitHub and reads: %s, %s", p->name, own->current_title.ptr, own->current_company.ptr);
        say(d, "Of the %lld matches, %lld are for these eyes.", (long long)all, (long long)matches);
    }
    hg_query_free(query);
    hg_candidate_profile_free(own);
}

/* How many applications there are, as far as he can see. */
static void
look_at_applications(day *d, const char *who, int32_t role, hg_uuid user)
{
    hg_conn *conn = as(d, role, user, "application.list");
    hg_query *query = hg_query_new(HG_VIEW_APPLICATION_CARDS);
    int64_t count = 0;
    hg_status st;

    if (d->st == HG_OK) {
        st = hg_application_card_count(conn, query, &count, NULL);
        if (st == HG_OK)
            say(d, "%s: sees %lld", who, (long long)count);
        else
            say(d, "%s: %s", who, hg_status_name(st));
    }
    hg_query_free(query);
}

/* One application by its id, which somebody has got hold of. */
static void
look_at_one(day *d, const char *who, int32_t role, hg_uuid user, hg_uuid application)
{
    hg_conn *conn = as(d, role, user, "application.view");
    const hg_application *row = NULL;
    hg_status st;

    if (d->st != HG_OK)
        return;
    st = hg_application_get(conn, &application, &row, NULL);
    if (st == HG_OK)
        say(d, "%s: reads it, %s the recruiter's notes", who,
            row->loaded_mask & HG_BIT(HG_APPLICATION_RECRUITER_NOTES) ? "with" : "without");
    else
        say(d, "%s: %s", who, hg_status_name(st));
    hg_application_free(row);
}

static void
look_at_interview(day *d, const person *p, hg_uuid interview)
{
    hg_conn *conn = as(d, HG_ROLE_CANDIDATE, p->user, "interview.view");
    const hg_interview *row = NULL;

    if (d->st == HG_OK)
        d->st = hg_interview_get(conn, &interview, &row, &d->err);
    if (d->st == HG_OK)
        say(d, "%s sees that it is %s; the score is %s.", p->name, hg_interview_status_name(row->status),
            row->loaded_mask & HG_BIT(HG_INTERVIEW_SCORE) ? "there, too" : "not shown");
    hg_interview_free(row);
}

static void
read_rejection(day *d, const person *p, hg_uuid application)
{
    hg_conn *conn = as(d, HG_ROLE_CANDIDATE, p->user, "application.view");
    const hg_application *row = NULL;

    if (d->st == HG_OK)
        d->st = hg_application_get(conn, &application, &row, &d->err);
    if (d->st == HG_OK)
        say(d, "What he reads: \"%s\" The recruiter's reason is %s.", row->rejection_feedback.ptr,
            row->loaded_mask & HG_BIT(HG_APPLICATION_REJECTION_REASON) ? "shown" : "not shown");
    hg_application_free(row);
}

static void
read_notifications(day *d, const person *p)
{
    hg_notification_mark_all_params params = { .struct_size = sizeof params,
                                               .set = HG_BIT(HG_NOTIFICATION_MARK_ALL_UP_TO), .up_to = in_minutes(1) };
    hg_conn *conn = as(d, HG_ROLE_CANDIDATE, p->user, "notification.read");
    int64_t unread = 0, read = 0;

    if (d->st == HG_OK)
        d->st = hg_notification_unread_count(conn, NULL, &unread, &d->err);
    if (d->st == HG_OK)
        d->st = hg_notification_mark_all(conn, &params, &read, &d->err);
    say(d, "%s has %lld notifications, and reads %lld.", p->name, (long long)unread, (long long)read);
}

/* ---- Earning ------------------------------------------------------------------------------------- */

/* Approved by the firm's admin, paid by the service; either once. */
static void
earn(day *d, const firm *f, hg_uuid referral, const char *currency)
{
    hg_commission_approve_params approve = { .struct_size = sizeof approve,
                                             .set = HG_BIT(HG_COMMISSION_APPROVE_REFERRAL_ID), .referral_id = referral };
    hg_commission_pay_params pay = { .struct_size = sizeof pay, .set = HG_BIT(HG_COMMISSION_PAY_REFERRAL_ID),
                                     .referral_id = referral };
    hg_conn *conn = as(d, HG_ROLE_COMPANY, f->admin.user, "commission.approve");
    const hg_freelance_recruiter *own = NULL;
    char total[HG_DECIMAL_TEXT_SIZE];

    if (d->st == HG_OK)
        d->st = hg_commission_approve(conn, &approve, NULL, &d->err);
    if (d->st == HG_OK)
        d->st = hg_commission_pay(d->service, &pay, NULL, &d->err);
    record(d, f->admin.user, "commission.pay", "referrals", referral);
    if (d->st == HG_OK)
        say(d, "%s approves the commission, and it is paid. Once more: %s", f->admin.first,
            hg_status_name(hg_commission_pay(d->service, &pay, NULL, NULL)));
    conn = as(d, HG_ROLE_FREELANCER, d->freelancer_user, "freelancer.view");
    if (d->st == HG_OK)
        d->st = hg_freelance_recruiter_get(conn, &d->freelancer, &own, &d->err);
    if (d->st == HG_OK)
        d->st = hg_decimal_to_text(&own->total_earnings, total, sizeof total, &d->err);
    if (d->st == HG_OK)
        say(d, "Chloé Œuvrard has earned %s %s with %d placement.", total, currency, (int)own->total_placements);
    hg_freelance_recruiter_free(own);
}

/* ---- Dashboards ------------------------------------------------------------------------------------ */

static void
look_at_dashboards(day *d, const firm *f, const person *p)
{
    hg_dashboard_company_params company = { .struct_size = sizeof company,
                                            .set = HG_BIT(HG_DASHBOARD_COMPANY_COMPANY_ID), .company_id = f->id };
    hg_dashboard_candidate_params candidate = { .struct_size = sizeof candidate,
                                                .set = HG_BIT(HG_DASHBOARD_CANDIDATE_CANDIDATE_ID),
                                                .candidate_id = p->candidate };
    const hg_dashboard_company_row *ours = NULL;
    const hg_dashboard_candidate_row *his = NULL;
    hg_conn *conn = as(d, HG_ROLE_COMPANY, f->admin.user, "dashboard");

    if (d->st == HG_OK)
        d->st = hg_dashboard_company(conn, &company, &ours, &d->err);
    if (d->st == HG_OK)
        say(d, "%s: %d jobs, %d of them filled; %d applications, %d hired, %d rejected, %d yet to be looked at.",
            f->company, (int)ours->jobs_total, (int)ours->jobs_filled, (int)ours->applications_total,
            (int)ours->applications_hired, (int)ours->applications_rejected, (int)ours->applications_applied);
    conn = as(d, HG_ROLE_CANDIDATE, p->user, "dashboard");
    if (d->st == HG_OK)
        d->st = hg_dashboard_candidate(conn, &candidate, &his, &d->err);
    if (d->st == HG_OK)
        say(d, "%s: %d application, %d hired, %d interview behind.", p->name, (int)his->applications_total,
            (int)his->applications_hired, (int)his->interviews_completed);
    hg_dashboard_candidate_row_free(his);
    hg_dashboard_company_row_free(ours);
}

/* ---- The day --------------------------------------------------------------------------------------- */

static void
tell_of_applications(day *d)
{
    static const char *const late[][2] = {
        { "wang-xiaoming", "navigation-engineer" },  { "nguyen-thi-anh", "test-intern" },
        { "eleni-papadopoulou", "data-scientist" },  { "noa-levi", "security-engineer" },
        { "layla-haddad", "product-designer" },      { "joao-conceicao", "health-informatician" },
        { "somchai-jaidee", "frontend-developer" },
    };

    apply(d, person_of(d, "lukasz-wojcik"), job_of(d, "backend-developer"));
    apply(d, person_of(d, "ananya-sharma"), job_of(d, "backend-developer"));
    apply(d, person_of(d, "kim-minjun"), job_of(d, "backend-developer"));
    apply(d, person_of(d, "asta-gudmundsdottir"), job_of(d, "technical-writer"));
    at(d, "09:40");
    for (size_t i = 0; i < sizeof late / sizeof late[0]; i++)
        apply(d, person_of(d, late[i][0]), job_of(d, late[i][1]));
}

static void
tell_who_sees_what(day *d, hg_uuid application)
{
    const firm *hafenlicht = &d->firms[0], *beichen = &d->firms[1];
    const person *olena = person_of(d, "olena-kovalenko"), *richard = person_of(d, "resume");

    say(d, "Who sees how many of the 15 applications?");
    look_at_applications(d, "Wiebke Jürgensen of Hafenlicht Logistik", HG_ROLE_COMPANY, hafenlicht->recruiter.user);
    look_at_applications(d, "陈伟 of 北辰机器人", HG_ROLE_COMPANY, beichen->recruiter.user);
    look_at_applications(d, "Олена Коваленко", HG_ROLE_CANDIDATE, olena->user);
    look_at_applications(d, "Chloé Œuvrard, who refers candidates", HG_ROLE_FREELANCER, d->freelancer_user);
    look_at_applications(d, "A visitor", HG_ROLE_ANON, nobody);
    look_at_applications(d, "Олена Коваленко, claiming to be a company", HG_ROLE_COMPANY, olena->user);
    say(d, "And who reads hers, knowing its id?");
    look_at_one(d, "Wiebke Jürgensen", HG_ROLE_COMPANY, hafenlicht->recruiter.user, application);
    look_at_one(d, "Олена Коваленко", HG_ROLE_CANDIDATE, olena->user, application);
    look_at_one(d, "陈伟 of the rival company", HG_ROLE_COMPANY, beichen->recruiter.user, application);
    look_at_one(d, "Richard Hendriks, a stranger", HG_ROLE_CANDIDATE, richard->user, application);
}

/* Of the two that came far, the one is hired and the other told so. */
static void
tell_of_the_decision(day *d, hg_uuid olena, hg_uuid ipek, hg_uuid sakura)
{
    const firm *hafenlicht = &d->firms[0], *beichen = &d->firms[1];
    hg_uuid referral;

    at(d, "15:30");
    move(d, hafenlicht, olena, HG_APPLICATION_STATUS_INTERVIEWING, HG_APPLICATION_STATUS_OFFER, "84000 EUR");
    move(d, beichen, sakura, HG_APPLICATION_STATUS_APPLIED, HG_APPLICATION_STATUS_SCREENING, "knows our chips");
    move(d, beichen, sakura, HG_APPLICATION_STATUS_SCREENING, HG_APPLICATION_STATUS_INTERVIEWING, "by phone");
    move(d, beichen, sakura, HG_APPLICATION_STATUS_INTERVIEWING, HG_APPLICATION_STATUS_OFFER, "360000 CNY");
    say(d, "Олена Коваленко and 佐藤さくら have an offer.");
    at(d, "16:00");
    hire(d, hafenlicht, olena, 84000);
    say(d, "Олена Коваленко is hired; the job is filled: %s", job_of(d, "database-engineer")->title);
    reject(d, hafenlicht, ipek, "second", "The place is taken; please apply for the next one.");
    say(d, "İpek Yıldız is told that the place is taken.");
    at(d, "16:20");
    referral = hire(d, beichen, sakura, 360000);
    say(d, "佐藤さくら is hired; the job is filled: %s", job_of(d, "embedded-engineer")->title);
    earn(d, beichen, referral, "CNY");
}

static void
tell_of_interviews(day *d, hg_uuid olena)
{
    const firm *hafenlicht = &d->firms[0], *beichen = &d->firms[1];
    const person *candidate = person_of(d, "olena-kovalenko");
    hg_uuid interview = nobody, task;

    at(d, "11:30");
    ask_the_ai(d, hafenlicht, candidate, olena, "[{\"id\": 1, \"question\": \"What does VACUUM do?\"}]",
               "{\"question_id\": 1, \"response\": \"Прибирає.\"}", 93);
    say(d, "Олена Коваленко answers the AI's questions: 93 of 100.");
    at(d, "12:00");
    say(d, "A recruiter of 北辰机器人 tries to put an interview into it: %s",
        hg_status_name(schedule(d, beichen, olena, beichen->admin.user, &interview)));
    if (d->st == HG_OK)
        d->st = schedule(d, hafenlicht, olena, hafenlicht->admin.user, &interview);
    task = give_task(d, hafenlicht, olena, "Prepare the questions");
    say(d, "Wiebke Jürgensen invites to an interview in two hours, and gives Jörg Großmann a task.");
    at(d, "14:45");
    finish_task(d, hafenlicht, task);
    finish_interview(d, hafenlicht, interview, 9, "Found two faults in our schema.");
    say(d, "The interview is over; Jörg Großmann gives 9 of 10.");
    look_at_interview(d, candidate, interview);
}

static void
tell(day *d, const char *data)
{
    const firm *hafenlicht = &d->firms[0];
    const person *olena, *richard;
    hg_uuid hers, ipeks, his, sakuras;

    at(d, "07:30");
    import_all(d, data);
    bring_people_in(d);
    tell_what_was_imported(d);
    at(d, "08:00");
    match_everyone(d);
    olena = person_of(d, "olena-kovalenko");
    richard = person_of(d, "resume");

    at(d, "08:55");
    visitor_reads_a_job(d, job_of(d, "database-engineer"));
    at(d, "09:05");
    sign_in_with_github(d, olena);
    candidate_looks_around(d, olena);
    at(d, "09:20");
    hers = apply(d, olena, job_of(d, "database-engineer"));
    ipeks = apply(d, person_of(d, "ipek-yildiz"), job_of(d, "database-engineer"));
    his = apply(d, richard, job_of(d, "database-engineer"));
    tell_of_applications(d);

    at(d, "10:10");
    sakuras = refer(d, person_of(d, "sato-sakura"), job_of(d, "embedded-engineer"), "She writes schedulers of 900 bytes.");
    say(d, "Chloé Œuvrard, freelance recruiter, refers 佐藤さくら to 北辰机器人.");
    at(d, "10:25");
    sakuras = accept_referral(d, &d->firms[1], sakuras);
    say(d, "陈伟 accepts, which makes an application of it.");
    at(d, "10:40");
    tell_who_sees_what(d, hers);

    at(d, "11:00");
    move(d, hafenlicht, hers, HG_APPLICATION_STATUS_APPLIED, HG_APPLICATION_STATUS_SCREENING, "strong C");
    set_notes(d, hafenlicht, hers, "Ask about the years in Дніпро.");
    move(d, hafenlicht, ipeks, HG_APPLICATION_STATUS_APPLIED, HG_APPLICATION_STATUS_SCREENING, "no C yet");
    reject(d, hafenlicht, his, "compresses, but does not store", "We look for years with PostgreSQL.");
    say(d, "Hafenlicht Logistik screens two, and rejects Richard Hendriks.");
    read_rejection(d, richard, his);
    tell_of_interviews(d, hers);
    tell_of_the_decision(d, hers, ipeks, sakuras);

    at(d, "17:00");
    read_notifications(d, olena);
    write_mail(d, olena, "hired", "Welcome");
    say(d, "The day's mail is sent: %d.", (int)send_mail(d));
    at(d, "17:30");
    look_at_dashboards(d, hafenlicht, olena);
    measure(d, "applications_a_day", 15, "rows");
}

/* How long the day took us, and how often we asked the server. */
static void
tell_the_time(const day *d)
{
    hg_conn_stats service = { .struct_size = sizeof service }, tenant = { .struct_size = sizeof tenant };

    hg_conn_get_stats(d->service, &service, NULL);
    hg_conn_get_stats(d->tenant, &tenant, NULL);
    printf("\nThe day took %.1f ms and %llu round trips, %llu of them by the people.\n", milliseconds() - d->began,
           (unsigned long long)(service.round_trips + tenant.round_trips), (unsigned long long)tenant.round_trips);
}

int
main(int argc, char **argv)
{
    static day d;                           /* zero; large for a stack */
    double unused[TABLES];

    if (argc != 2) {
        fprintf(stderr, "usage: hotgigs-demo FOLDER, with HOTGIGS_SERVICE_DSN and HOTGIGS_TENANT_DSN\n");
        return 2;
    }
    d.began = milliseconds();
    d.st = hg_conn_open(getenv("HOTGIGS_SERVICE_DSN"), NULL, &d.service, &d.err);
    if (d.st == HG_OK)
        d.st = hg_conn_open(getenv("HOTGIGS_TENANT_DSN"), NULL, &d.tenant, &d.err);
    count_rows(&d, d.rows_before, unused);
    if (d.st == HG_OK)
        tell(&d, argv[1]);
    if (d.st == HG_OK)
        tell_the_time(&d);
    tell_the_rows(&d);
    if (d.st == HG_E_CONFLICT)
        fprintf(stderr, "hotgigs-demo: %s; has this database had the day already?\n", d.err.message);
    else if (d.st != HG_OK)
        fprintf(stderr, "hotgigs-demo: %s: %s\n", hg_status_name(d.st), d.err.message);
    hg_conn_close(d.tenant);                /* rolls back what a failure left open */
    hg_conn_close(d.service);
    return d.st == HG_OK ? 0 : 1;
}
