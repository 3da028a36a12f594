/* steps.c - a step of the business each: one call of an operation, by whoever may do it.
 *
 * What belongs to a step (its row of the timeline, the notification, counters, the commission) comes with it, in the
 * database; PostgreSQL decides whether the caller may. */
#include <stdio.h>
#include <string.h>

#include "day.h"

static hg_conn *
as_recruiter(day *d, const firm *f, const char *action)
{
    return as(d, HG_ROLE_COMPANY, f->recruiter.user, action);
}

/* The service invites, in the admin's name: no tenant can ask whether a user whom he does not see exists. */
void
join(day *d, const colleague *inviter, hg_uuid company, const colleague *who, int32_t role)
{
    hg_member_invite_params invite = {
        .struct_size = sizeof invite,
        .set = HG_BIT(HG_MEMBER_INVITE_COMPANY_ID) | HG_BIT(HG_MEMBER_INVITE_USER_ID) | HG_BIT(HG_MEMBER_INVITE_ROLE),
        .company_id = company, .user_id = who->user, .role = role,
    };
    hg_member_accept_params accept = { .struct_size = sizeof accept, .set = HG_BIT(HG_MEMBER_ACCEPT_COMPANY_ID),
                                       .company_id = company };

    if (inviter != NULL) {
        invite.inviter = inviter->user;
        invite.set |= HG_BIT(HG_MEMBER_INVITE_INVITER);
    }
    if (d->st == HG_OK)
        d->st = hg_member_invite(d->service, &invite, NULL, &d->err);
    as(d, HG_ROLE_COMPANY, who->user, "member.accept");
    if (d->st == HG_OK)
        d->st = hg_member_accept(d->tenant, &accept, NULL, &d->err);
}

void
sign_in_with_github(day *d, const person *p)
{
    hg_oauth_register_or_link_params link = {
        .struct_size = sizeof link,
        .set = HG_BIT(HG_OAUTH_REGISTER_OR_LINK_PROVIDER) | HG_BIT(HG_OAUTH_REGISTER_OR_LINK_PROVIDER_USER_ID) |
               HG_BIT(HG_OAUTH_REGISTER_OR_LINK_EMAIL) | HG_BIT(HG_OAUTH_REGISTER_OR_LINK_EMAIL_IS_VERIFIED) |
               HG_BIT(HG_OAUTH_REGISTER_OR_LINK_ACCESS_TOKEN),
        .provider = str("github"), .provider_user_id = str(p->key), .email = str(p->email), .email_is_verified = 1,
        .access_token = str("secret"),
    };
    hg_user_touch_login_params touch = { .struct_size = sizeof touch, .set = HG_BIT(HG_USER_TOUCH_LOGIN_USER_ID),
                                         .user_id = p->user };

    if (d->st == HG_OK)
        d->st = hg_oauth_register_or_link(d->service, &link, NULL, &d->err);
    if (d->st == HG_OK)
        d->st = hg_user_touch_login(d->service, &touch, NULL, &d->err);
    record(d, p->user, "user.login", "users", p->user);
}

/* ---- Applications ---------------------------------------------------------------------------- */

hg_uuid
apply(day *d, const person *p, const posting *job)
{
    hg_application_submit_params params = {
        .struct_size = sizeof params,
        .set = HG_BIT(HG_APPLICATION_SUBMIT_JOB_ID) | HG_BIT(HG_APPLICATION_SUBMIT_CANDIDATE_ID) |
               HG_BIT(HG_APPLICATION_SUBMIT_SOURCE),
        .job_id = job->id, .candidate_id = p->candidate, .source = str("website"),
    };
    hg_conn *conn = as(d, HG_ROLE_CANDIDATE, p->user, "application.submit");
    const hg_application *row = NULL;
    hg_uuid id = { { 0 } };

    if (d->st == HG_OK)
        d->st = hg_application_submit(conn, &params, &row, &d->err);
    if (d->st == HG_OK)
        id = row->id;
    hg_application_free(row);
    write_mail(d, p, "application_received", "We have your application");
    say(d, "%s applies for: %s, %s", p->name, job->title, job->company);
    return id;
}

/* note is for the company's own timeline. */
void
move(day *d, const firm *f, hg_uuid application, int32_t from, int32_t to, const char *note)
{
    hg_application_set_status_params params = {
        .struct_size = sizeof params,
        .set = HG_BIT(HG_APPLICATION_SET_STATUS_APPLICATION_ID) | HG_BIT(HG_APPLICATION_SET_STATUS_FROM_STATUS) |
               HG_BIT(HG_APPLICATION_SET_STATUS_TO_STATUS) | HG_BIT(HG_APPLICATION_SET_STATUS_NOTE),
        .application_id = application, .from_status = from, .to_status = to, .note = str(note),
    };
    hg_conn *conn = as_recruiter(d, f, "application.set_status");

    if (d->st == HG_OK)
        d->st = hg_application_set_status(conn, &params, NULL, &d->err);
}

/* As they stand: whoever has changed the application since it was read would be in the way. */
void
set_notes(day *d, const firm *f, hg_uuid application, const char *notes)
{
    hg_application_set_notes_params params = {
        .struct_size = sizeof params,
        .set = HG_BIT(HG_APPLICATION_SET_NOTES_APPLICATION_ID) | HG_BIT(HG_APPLICATION_SET_NOTES_NOTES) |
               HG_BIT(HG_APPLICATION_SET_NOTES_EXPECTED),
        .application_id = application, .notes = str(notes),
    };
    hg_conn *conn = as_recruiter(d, f, "application.set_notes");
    const hg_application *row = NULL;

    if (d->st == HG_OK)
        d->st = hg_application_get(conn, &application, &row, &d->err);
    if (d->st == HG_OK) {
        params.expected = row->last_updated_at;
        d->st = hg_application_set_notes(conn, &params, NULL, &d->err);
    }
    hg_application_free(row);
}

/* reason is the company's, feedback the candidate's. */
void
reject(day *d, const firm *f, hg_uuid application, const char *reason, const char *feedback)
{
    hg_application_reject_params params = {
        .struct_size = sizeof params,
        .set = HG_BIT(HG_APPLICATION_REJECT_APPLICATION_ID) | HG_BIT(HG_APPLICATION_REJECT_REASON) |
               HG_BIT(HG_APPLICATION_REJECT_FEEDBACK),
        .application_id = application, .reason = str(reason), .feedback = str(feedback),
    };
    hg_conn *conn = as_recruiter(d, f, "application.reject");

    if (d->st == HG_OK)
        d->st = hg_application_reject(conn, &params, NULL, &d->err);
}

/* The job is filled by it. */
hg_uuid
hire(day *d, const firm *f, hg_uuid application, int64_t salary)
{
    hg_application_hire_params params = {
        .struct_size = sizeof params,
        .set = HG_BIT(HG_APPLICATION_HIRE_APPLICATION_ID) | HG_BIT(HG_APPLICATION_HIRE_FEE_BASIS) |
               HG_BIT(HG_APPLICATION_HIRE_CLOSE_JOB),
        .application_id = application, .fee_basis = { .unscaled = salary }, .close_job = 1,
    };
    hg_conn *conn = as_recruiter(d, f, "application.hire");
    const hg_application_hire_row *row = NULL;
    hg_uuid referral = { { 0 } };

    if (d->st == HG_OK)
        d->st = hg_application_hire(conn, &params, &row, &d->err);
    if (d->st == HG_OK)
        referral = row->referral_id;            /* zero where it is NULL */
    hg_application_hire_row_free(row);
    return referral;
}

/* ---- Interviews and tasks ------------------------------------------------------------------------ */

/* The recruiter asks, the candidate answers, the service's model scores. */
void
ask_the_ai(day *d, const firm *f, const person *p, hg_uuid application, const char *question, const char *response,
           int percent)
{
    hg_ai_session_create_params create = {
        .struct_size = sizeof create,
        .set = HG_BIT(HG_AI_SESSION_CREATE_APPLICATION_ID) | HG_BIT(HG_AI_SESSION_CREATE_SESSION_TYPE) |
               HG_BIT(HG_AI_SESSION_CREATE_QUESTIONS),
        .application_id = application, .session_type = HG_AI_INTERVIEW_SESSION_SESSION_TYPE_TECHNICAL,
        .questions = str(question),
    };
    hg_ai_session_append_params append = {
        .struct_size = sizeof append,
        .set = HG_BIT(HG_AI_SESSION_APPEND_SESSION_ID) | HG_BIT(HG_AI_SESSION_APPEND_RESPONSE) |
               HG_BIT(HG_AI_SESSION_APPEND_EXPECTED),
        .response = str(response), .expected = 0,
    };
    hg_ai_session_complete_params complete = {
        .struct_size = sizeof complete,
        .set = HG_BIT(HG_AI_SESSION_COMPLETE_SESSION_ID) | HG_BIT(HG_AI_SESSION_COMPLETE_OVERALL_SCORE) |
               HG_BIT(HG_AI_SESSION_COMPLETE_SESSION_DURATION),
        .overall_score = { .unscaled = percent }, .session_duration = 1260,
    };
    hg_conn *conn = as_recruiter(d, f, "ai_session.create");
    const hg_ai_interview_session *session = NULL;

    if (d->st == HG_OK)
        d->st = hg_ai_session_create(conn, &create, &session, &d->err);
    if (d->st == HG_OK)
        append.session_id = complete.session_id = session->id;
    conn = as(d, HG_ROLE_CANDIDATE, p->user, "ai_session.append");
    if (d->st == HG_OK)
        d->st = hg_ai_session_append(conn, &append, NULL, &d->err);
    if (d->st == HG_OK)
        d->st = hg_ai_session_complete(d->service, &complete, NULL, &d->err);
    hg_ai_interview_session_free(session);
}

/* By a recruiter of that firm, whose application it may be or not: the outcome is the caller's to judge. The application
 * moves on to interviewing. */
hg_status
schedule(day *d, const firm *f, hg_uuid application, hg_uuid interviewer, hg_uuid *interview)
{
    hg_interview_schedule_params params = {
        .struct_size = sizeof params,
        .set = HG_BIT(HG_INTERVIEW_SCHEDULE_APPLICATION_ID) | HG_BIT(HG_INTERVIEW_SCHEDULE_INTERVIEWER_ID) |
               HG_BIT(HG_INTERVIEW_SCHEDULE_INTERVIEW_TYPE) | HG_BIT(HG_INTERVIEW_SCHEDULE_SCHEDULED_AT) |
               HG_BIT(HG_INTERVIEW_SCHEDULE_DURATION_MINUTES) | HG_BIT(HG_INTERVIEW_SCHEDULE_MEETING_LINK) |
               HG_BIT(HG_INTERVIEW_SCHEDULE_ADVANCE),
        .application_id = application, .interviewer_id = interviewer,
        .interview_type = HG_INTERVIEW_INTERVIEW_TYPE_VIDEO, .scheduled_at = in_minutes(120), .duration_minutes = 45,
        .meeting_link = str("https://meet.example.com/1"), .advance = 1,
    };
    hg_conn *conn = as_recruiter(d, f, "interview.schedule");
    const hg_interview *row = NULL;
    hg_status st = d->st;

    if (st == HG_OK)
        st = hg_interview_schedule(conn, &params, &row, &d->err);
    if (st == HG_OK)
        *interview = row->id;
    hg_interview_free(row);
    return st;
}

/* For the firm's admin. */
hg_uuid
give_task(day *d, const firm *f, hg_uuid application, const char *title)
{
    hg_task_create_params params = {
        .struct_size = sizeof params,
        .set = HG_BIT(HG_TASK_CREATE_COMPANY_ID) | HG_BIT(HG_TASK_CREATE_TITLE) | HG_BIT(HG_TASK_CREATE_TASK_TYPE) |
               HG_BIT(HG_TASK_CREATE_PRIORITY) | HG_BIT(HG_TASK_CREATE_ASSIGNED_TO) |
               HG_BIT(HG_TASK_CREATE_RELATED_APPLICATION_ID),
        .company_id = f->id, .title = str(title), .task_type = HG_TASK_TASK_TYPE_INTERVIEW,
        .priority = HG_TASK_PRIORITY_HIGH, .assigned_to = f->admin.user, .related_application_id = application,
    };
    hg_conn *conn = as_recruiter(d, f, "task.create");
    const hg_task *row = NULL;
    hg_uuid id = { { 0 } };

    if (d->st == HG_OK)
        d->st = hg_task_create(conn, &params, &row, &d->err);
    if (d->st == HG_OK)
        id = row->id;
    hg_task_free(row);
    return id;
}

void
finish_task(day *d, const firm *f, hg_uuid task)
{
    static const int32_t path[] = { HG_TASK_STATUS_IN_PROGRESS, HG_TASK_STATUS_COMPLETED };
    hg_task_set_status_params params = {
        .struct_size = sizeof params,
        .set = HG_BIT(HG_TASK_SET_STATUS_TASK_ID) | HG_BIT(HG_TASK_SET_STATUS_STATUS),
        .task_id = task,
    };
    hg_conn *conn = as(d, HG_ROLE_COMPANY, f->admin.user, "task.set_status");

    for (size_t i = 0; i < sizeof path / sizeof path[0] && d->st == HG_OK; i++) {
        params.status = path[i];
        d->st = hg_task_set_status(conn, &params, NULL, &d->err);
    }
}

/* By the interviewer. */
void
finish_interview(day *d, const firm *f, hg_uuid interview, int score, const char *feedback)
{
    hg_interview_finish_params params = {
        .struct_size = sizeof params,
        .set = HG_BIT(HG_INTERVIEW_FINISH_INTERVIEW_ID) | HG_BIT(HG_INTERVIEW_FINISH_STATUS) |
               HG_BIT(HG_INTERVIEW_FINISH_SCORE) | HG_BIT(HG_INTERVIEW_FINISH_FEEDBACK),
        .interview_id = interview, .status = HG_INTERVIEW_STATUS_COMPLETED, .score = score, .feedback = str(feedback),
    };
    hg_conn *conn = as(d, HG_ROLE_COMPANY, f->admin.user, "interview.finish");

    if (d->st == HG_OK)
        d->st = hg_interview_finish(conn, &params, NULL, &d->err);
}

/* ---- Referrals ------------------------------------------------------------------------------------- */

/* By the freelance recruiter, who may refer whoever lets himself be seen. */
hg_uuid
refer(day *d, const person *p, const posting *job, const char *notes)
{
    hg_referral_create_params params = {
        .struct_size = sizeof params,
        .set = HG_BIT(HG_REFERRAL_CREATE_RECRUITER_ID) | HG_BIT(HG_REFERRAL_CREATE_CANDIDATE_ID) |
               HG_BIT(HG_REFERRAL_CREATE_JOB_ID) | HG_BIT(HG_REFERRAL_CREATE_NOTES),
        .recruiter_id = d->freelancer, .candidate_id = p->candidate, .job_id = job->id, .notes = str(notes),
    };
    hg_conn *conn = as(d, HG_ROLE_FREELANCER, d->freelancer_user, "referral.create");
    const hg_referral *row = NULL;
    hg_uuid id = { { 0 } };

    if (d->st == HG_OK)
        d->st = hg_referral_create(conn, &params, &row, &d->err);
    if (d->st == HG_OK)
        id = row->id;
    hg_referral_free(row);
    return id;
}

/* The application that comes of it. */
hg_uuid
accept_referral(day *d, const firm *f, hg_uuid referral)
{
    hg_referral_decide_params params = {
        .struct_size = sizeof params,
        .set = HG_BIT(HG_REFERRAL_DECIDE_REFERRAL_ID) | HG_BIT(HG_REFERRAL_DECIDE_ACCEPT),
        .referral_id = referral, .accept = 1,
    };
    hg_conn *conn = as_recruiter(d, f, "referral.decide");
    const hg_referral_decide_row *row = NULL;
    hg_uuid application = { { 0 } };

    if (d->st == HG_OK)
        d->st = hg_referral_decide(conn, &params, &row, &d->err);
    if (d->st == HG_OK)
        application = row->application_id;
    hg_referral_decide_row_free(row);
    return application;
}

/* ---- What the application itself does ----------------------------------------------------------------- */

/* An event of the application's own, for the audit trail. */
void
record(day *d, hg_uuid actor, const char *action, const char *type, hg_uuid resource)
{
    hg_audit_log row = { .struct_size = sizeof row, .user_id = actor, .action = str(action),
                         .resource_type = str(type), .resource_id = resource, .user_agent = str("hotgigs-demo") };

    hg_inet_parse("192.0.2.20", 10, &row.ip_address, NULL);
    if (d->st == HG_OK)
        d->st = hg_audit_log_insert(d->service, &row, HG_BIT(HG_AUDIT_LOG_USER_ID) | HG_BIT(HG_AUDIT_LOG_ACTION) |
                                    HG_BIT(HG_AUDIT_LOG_RESOURCE_TYPE) | HG_BIT(HG_AUDIT_LOG_RESOURCE_ID) |
                                    HG_BIT(HG_AUDIT_LOG_IP_ADDRESS) | HG_BIT(HG_AUDIT_LOG_USER_AGENT), NULL, &d->err);
}

/* Into the queue, from which a worker takes it. */
void
write_mail(day *d, const person *p, const char *type, const char *subject)
{
    hg_email_log row = { .struct_size = sizeof row, .user_id = p->user, .email_type = str(type),
                         .recipient_email = str(p->email), .subject = str(subject) };

    if (d->st == HG_OK)
        d->st = hg_email_log_insert(d->service, &row, HG_BIT(HG_EMAIL_LOG_USER_ID) | HG_BIT(HG_EMAIL_LOG_EMAIL_TYPE) |
                                    HG_BIT(HG_EMAIL_LOG_RECIPIENT_EMAIL) | HG_BIT(HG_EMAIL_LOG_SUBJECT), NULL, &d->err);
}

/* The worker: claims what waits, and reports each as sent. Gives how many. */
int32_t
send_mail(day *d)
{
    hg_email_apply_event_params sent = {
        .struct_size = sizeof sent,
        .set = HG_BIT(HG_EMAIL_APPLY_EVENT_EMAIL_ID) | HG_BIT(HG_EMAIL_APPLY_EVENT_EVENT),
        .event = HG_EMAIL_LOG_STATUS_SENT,
    };
    hg_email_log_list *claimed = NULL;
    int32_t count = 0;

    if (d->st == HG_OK)
        d->st = hg_email_claim_pending(d->service, NULL, &claimed, &d->err);
    for (size_t i = 0; d->st == HG_OK && i < hg_email_log_list_count(claimed); i++) {
        sent.email_id = hg_email_log_list_at(claimed, i)->id;
        d->st = hg_email_apply_event(d->service, &sent, NULL, &d->err);
        count++;
    }
    hg_email_log_list_free(claimed);
    return count;
}

void
measure(day *d, const char *name, int64_t value, const char *unit)
{
    hg_system_metric row = { .struct_size = sizeof row, .metric_name = str(name),
                             .metric_value = { .unscaled = value }, .metric_unit = str(unit) };

    if (d->st == HG_OK)
        d->st = hg_system_metric_insert(d->service, &row, HG_BIT(HG_SYSTEM_METRIC_METRIC_NAME) |
                                        HG_BIT(HG_SYSTEM_METRIC_METRIC_VALUE) |
                                        HG_BIT(HG_SYSTEM_METRIC_METRIC_UNIT), NULL, &d->err);
}
