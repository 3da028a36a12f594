/* rows.c - a function for each kind of row that the day writes, and nothing else.
 *
 * All of them take the id from new_row(), which notes it in the ledger, and give the outcome to
 * wrote(). Times are those of the story, so created_at and the like are set. */
#include "day.h"

hg_uuid
add_user(day *d, const char *first, const char *last, const char *email, int32_t type)
{
    hg_user row = { .struct_size = sizeof row, .id = new_row(d, HG_TABLE_USERS), .email = str(email),
                    .first_name = str(first), .last_name = str(last), .user_type = type,
                    .is_verified = 1 };

    if (d->st == HG_OK)
        wrote(d, HG_TABLE_USERS,
              hg_user_insert(d->service, &row, HG_BIT(HG_USER_ID) | HG_BIT(HG_USER_EMAIL) |
                             HG_BIT(HG_USER_FIRST_NAME) | HG_BIT(HG_USER_LAST_NAME) |
                             HG_BIT(HG_USER_USER_TYPE) | HG_BIT(HG_USER_IS_VERIFIED), NULL, &d->err));
    return row.id;
}

void
add_member(day *d, hg_uuid company, hg_uuid user, int32_t role)
{
    hg_company_member row = { .struct_size = sizeof row, .id = new_row(d, HG_TABLE_COMPANY_MEMBERS),
                              .company_id = company, .user_id = user, .role = role,
                              .joined_at = d->now };

    if (d->st == HG_OK)
        wrote(d, HG_TABLE_COMPANY_MEMBERS,
              hg_company_member_insert(d->service, &row, HG_BIT(HG_COMPANY_MEMBER_ID) |
                                       HG_BIT(HG_COMPANY_MEMBER_COMPANY_ID) |
                                       HG_BIT(HG_COMPANY_MEMBER_USER_ID) |
                                       HG_BIT(HG_COMPANY_MEMBER_ROLE) |
                                       HG_BIT(HG_COMPANY_MEMBER_JOINED_AT), NULL, &d->err));
}

void
add_oauth_account(day *d, hg_uuid user, const char *provider, const char *id)
{
    hg_oauth_account row = { .struct_size = sizeof row, .id = new_row(d, HG_TABLE_OAUTH_ACCOUNTS),
                             .user_id = user, .provider = str(provider),
                             .provider_user_id = str(id), .access_token = str("secret") };

    if (d->st == HG_OK)
        wrote(d, HG_TABLE_OAUTH_ACCOUNTS,
              hg_oauth_account_insert(d->service, &row, HG_BIT(HG_OAUTH_ACCOUNT_ID) |
                                      HG_BIT(HG_OAUTH_ACCOUNT_USER_ID) |
                                      HG_BIT(HG_OAUTH_ACCOUNT_PROVIDER) |
                                      HG_BIT(HG_OAUTH_ACCOUNT_PROVIDER_USER_ID) |
                                      HG_BIT(HG_OAUTH_ACCOUNT_ACCESS_TOKEN), NULL, &d->err));
}

hg_uuid
add_freelancer(day *d, hg_uuid user)
{
    hg_freelance_recruiter row = { .struct_size = sizeof row, .id = new_row(d, HG_TABLE_FREELANCE_RECRUITERS),
                                   .user_id = user, .experience_years = 8, .is_verified = 1 };

    if (d->st == HG_OK)
        wrote(d, HG_TABLE_FREELANCE_RECRUITERS,
              hg_freelance_recruiter_insert(d->service, &row, HG_BIT(HG_FREELANCE_RECRUITER_ID) |
                                            HG_BIT(HG_FREELANCE_RECRUITER_USER_ID) |
                                            HG_BIT(HG_FREELANCE_RECRUITER_EXPERIENCE_YEARS) |
                                            HG_BIT(HG_FREELANCE_RECRUITER_IS_VERIFIED), NULL, &d->err));
    return row.id;
}

void
add_match(day *d, hg_uuid candidate, hg_uuid job, int32_t percent)
{
    hg_ai_job_match row = { .struct_size = sizeof row, .id = new_row(d, HG_TABLE_AI_JOB_MATCHES),
                            .candidate_id = candidate, .job_id = job,
                            .match_score = { .unscaled = percent },
                            .skill_match_score = { .unscaled = percent },
                            .is_recommended = percent >= 75 };

    if (d->st == HG_OK)
        wrote(d, HG_TABLE_AI_JOB_MATCHES,
              hg_ai_job_match_insert(d->service, &row, HG_BIT(HG_AI_JOB_MATCH_ID) |
                                     HG_BIT(HG_AI_JOB_MATCH_CANDIDATE_ID) |
                                     HG_BIT(HG_AI_JOB_MATCH_JOB_ID) |
                                     HG_BIT(HG_AI_JOB_MATCH_MATCH_SCORE) |
                                     HG_BIT(HG_AI_JOB_MATCH_SKILL_MATCH_SCORE) |
                                     HG_BIT(HG_AI_JOB_MATCH_IS_RECOMMENDED), NULL, &d->err));
}

void
add_analysis(day *d, hg_uuid candidate, int32_t percent)
{
    hg_ai_resume_analysis row = { .struct_size = sizeof row, .id = new_row(d, HG_TABLE_AI_RESUME_ANALYSIS),
                                  .candidate_id = candidate,
                                  .overall_score = { .unscaled = percent },
                                  .improvement_suggestions = str("[\"name the year\"]") };

    if (d->st == HG_OK)
        wrote(d, HG_TABLE_AI_RESUME_ANALYSIS,
              hg_ai_resume_analysis_insert(d->service, &row, HG_BIT(HG_AI_RESUME_ANALYSIS_ID) |
                                           HG_BIT(HG_AI_RESUME_ANALYSIS_CANDIDATE_ID) |
                                           HG_BIT(HG_AI_RESUME_ANALYSIS_OVERALL_SCORE) |
                                           HG_BIT(HG_AI_RESUME_ANALYSIS_IMPROVEMENT_SUGGESTIONS), NULL, &d->err));
}

void
add_timeline(day *d, hg_uuid application, const char *status, const char *notes, hg_uuid by)
{
    hg_application_timeline row = { .struct_size = sizeof row,
                                    .id = new_row(d, HG_TABLE_APPLICATION_TIMELINE),
                                    .application_id = application, .status = str(status),
                                    .notes = str(notes), .changed_by = by, .created_at = d->now };

    if (d->st == HG_OK)
        wrote(d, HG_TABLE_APPLICATION_TIMELINE,
              hg_application_timeline_insert(d->service, &row, HG_BIT(HG_APPLICATION_TIMELINE_ID) |
                                             HG_BIT(HG_APPLICATION_TIMELINE_APPLICATION_ID) |
                                             HG_BIT(HG_APPLICATION_TIMELINE_STATUS) |
                                             HG_BIT(HG_APPLICATION_TIMELINE_NOTES) |
                                             HG_BIT(HG_APPLICATION_TIMELINE_CHANGED_BY) |
                                             HG_BIT(HG_APPLICATION_TIMELINE_CREATED_AT), NULL, &d->err));
}

hg_uuid
add_interview(day *d, hg_conn *conn, hg_uuid application, hg_uuid interviewer, hg_timestamp time)
{
    hg_interview row = { .struct_size = sizeof row, .id = new_row(d, HG_TABLE_INTERVIEWS),
                         .application_id = application, .interviewer_id = interviewer,
                         .interview_type = HG_INTERVIEW_INTERVIEW_TYPE_VIDEO,
                         .scheduled_at = time, .duration_minutes = 45,
                         .meeting_link = str("https://meet.example.com/1") };

    if (d->st == HG_OK)
        wrote(d, HG_TABLE_INTERVIEWS,
              hg_interview_insert(conn, &row, HG_BIT(HG_INTERVIEW_ID) |
                                  HG_BIT(HG_INTERVIEW_APPLICATION_ID) |
                                  HG_BIT(HG_INTERVIEW_INTERVIEWER_ID) |
                                  HG_BIT(HG_INTERVIEW_INTERVIEW_TYPE) |
                                  HG_BIT(HG_INTERVIEW_SCHEDULED_AT) |
                                  HG_BIT(HG_INTERVIEW_DURATION_MINUTES) |
                                  HG_BIT(HG_INTERVIEW_MEETING_LINK), NULL, &d->err));
    return row.id;
}

void
add_ai_session(day *d, hg_uuid application, const char *questions, const char *responses, int32_t percent)
{
    hg_ai_interview_session row = { .struct_size = sizeof row, .id = new_row(d, HG_TABLE_AI_INTERVIEW_SESSIONS),
                                    .application_id = application,
                                    .session_type = HG_AI_INTERVIEW_SESSION_SESSION_TYPE_TECHNICAL,
                                    .questions = str(questions), .responses = str(responses),
                                    .overall_score = { .unscaled = percent },
                                    .session_duration = 1260, .completed_at = d->now };

    if (d->st == HG_OK)
        wrote(d, HG_TABLE_AI_INTERVIEW_SESSIONS,
              hg_ai_interview_session_insert(d->service, &row, HG_BIT(HG_AI_INTERVIEW_SESSION_ID) |
                                             HG_BIT(HG_AI_INTERVIEW_SESSION_APPLICATION_ID) |
                                             HG_BIT(HG_AI_INTERVIEW_SESSION_SESSION_TYPE) |
                                             HG_BIT(HG_AI_INTERVIEW_SESSION_QUESTIONS) |
                                             HG_BIT(HG_AI_INTERVIEW_SESSION_RESPONSES) |
                                             HG_BIT(HG_AI_INTERVIEW_SESSION_OVERALL_SCORE) |
                                             HG_BIT(HG_AI_INTERVIEW_SESSION_SESSION_DURATION) |
                                             HG_BIT(HG_AI_INTERVIEW_SESSION_COMPLETED_AT), NULL, &d->err));
}

hg_uuid
add_task(day *d, hg_conn *conn, hg_uuid company, hg_uuid to, hg_uuid by, hg_uuid application,
         const char *title)
{
    hg_task row = { .struct_size = sizeof row, .id = new_row(d, HG_TABLE_TASKS),
                    .company_id = company, .assigned_to = to, .assigned_by = by,
                    .related_application_id = application, .title = str(title),
                    .task_type = HG_TASK_TASK_TYPE_INTERVIEW,
                    .priority = HG_TASK_PRIORITY_HIGH };

    if (d->st == HG_OK)
        wrote(d, HG_TABLE_TASKS,
              hg_task_insert(conn, &row, HG_BIT(HG_TASK_ID) | HG_BIT(HG_TASK_COMPANY_ID) |
                             HG_BIT(HG_TASK_ASSIGNED_TO) | HG_BIT(HG_TASK_ASSIGNED_BY) |
                             HG_BIT(HG_TASK_RELATED_APPLICATION_ID) | HG_BIT(HG_TASK_TITLE) |
                             HG_BIT(HG_TASK_TASK_TYPE) | HG_BIT(HG_TASK_PRIORITY), NULL, &d->err));
    return row.id;
}

hg_uuid
add_referral(day *d, hg_conn *conn, hg_uuid candidate, hg_uuid job, const char *notes)
{
    hg_referral row = { .struct_size = sizeof row, .id = new_row(d, HG_TABLE_REFERRALS),
                        .recruiter_id = d->freelancer, .candidate_id = candidate,
                        .job_id = job, .notes = str(notes) };

    if (d->st == HG_OK)
        wrote(d, HG_TABLE_REFERRALS,
              hg_referral_insert(conn, &row, HG_BIT(HG_REFERRAL_ID) |
                                 HG_BIT(HG_REFERRAL_RECRUITER_ID) |
                                 HG_BIT(HG_REFERRAL_CANDIDATE_ID) | HG_BIT(HG_REFERRAL_JOB_ID) |
                                 HG_BIT(HG_REFERRAL_NOTES), NULL, &d->err));
    return row.id;
}

void
notify(day *d, hg_uuid user, const char *type, const char *title, const char *message)
{
    hg_notification row = { .struct_size = sizeof row, .id = new_row(d, HG_TABLE_NOTIFICATIONS),
                            .user_id = user, .notification_type = str(type), .title = str(title),
                            .message = str(message), .created_at = d->now };

    if (d->st == HG_OK)
        wrote(d, HG_TABLE_NOTIFICATIONS,
              hg_notification_insert(d->service, &row, HG_BIT(HG_NOTIFICATION_ID) |
                                     HG_BIT(HG_NOTIFICATION_USER_ID) |
                                     HG_BIT(HG_NOTIFICATION_NOTIFICATION_TYPE) |
                                     HG_BIT(HG_NOTIFICATION_TITLE) |
                                     HG_BIT(HG_NOTIFICATION_MESSAGE) |
                                     HG_BIT(HG_NOTIFICATION_CREATED_AT), NULL, &d->err));
}

void
mail(day *d, hg_uuid user, const char *type, const char *to, const char *subject)
{
    hg_email_log row = { .struct_size = sizeof row, .id = new_row(d, HG_TABLE_EMAIL_LOGS),
                         .user_id = user, .email_type = str(type), .recipient_email = str(to),
                         .subject = str(subject), .status = HG_EMAIL_LOG_STATUS_SENT,
                         .sent_at = d->now };

    if (d->st == HG_OK)
        wrote(d, HG_TABLE_EMAIL_LOGS,
              hg_email_log_insert(d->service, &row, HG_BIT(HG_EMAIL_LOG_ID) |
                                  HG_BIT(HG_EMAIL_LOG_USER_ID) | HG_BIT(HG_EMAIL_LOG_EMAIL_TYPE) |
                                  HG_BIT(HG_EMAIL_LOG_RECIPIENT_EMAIL) |
                                  HG_BIT(HG_EMAIL_LOG_SUBJECT) | HG_BIT(HG_EMAIL_LOG_STATUS) |
                                  HG_BIT(HG_EMAIL_LOG_SENT_AT), NULL, &d->err));
}

void
audit(day *d, hg_uuid actor, const char *action, const char *type, hg_uuid resource,
      const char *new_values)
{
    hg_audit_log row = { .struct_size = sizeof row, .id = new_row(d, HG_TABLE_AUDIT_LOGS),
                         .user_id = actor, .action = str(action), .resource_type = str(type),
                         .resource_id = resource, .new_values = str(new_values),
                         .user_agent = str("hotgigs-demo"), .created_at = d->now };

    hg_inet_parse("192.0.2.20", 10, &row.ip_address, NULL);
    if (d->st == HG_OK)
        wrote(d, HG_TABLE_AUDIT_LOGS,
              hg_audit_log_insert(d->service, &row, HG_BIT(HG_AUDIT_LOG_ID) |
                                  HG_BIT(HG_AUDIT_LOG_USER_ID) | HG_BIT(HG_AUDIT_LOG_ACTION) |
                                  HG_BIT(HG_AUDIT_LOG_RESOURCE_TYPE) |
                                  HG_BIT(HG_AUDIT_LOG_RESOURCE_ID) |
                                  HG_BIT(HG_AUDIT_LOG_NEW_VALUES) |
                                  HG_BIT(HG_AUDIT_LOG_IP_ADDRESS) |
                                  HG_BIT(HG_AUDIT_LOG_USER_AGENT) |
                                  HG_BIT(HG_AUDIT_LOG_CREATED_AT), NULL, &d->err));
}

/* By whomever conn acts for: nobody may read events, so nothing is read back. */
void
track(day *d, hg_conn *conn, const hg_uuid *user, const char *type)
{
    hg_analytics_event row = { .struct_size = sizeof row, .id = new_row(d, HG_TABLE_ANALYTICS_EVENTS),
                               .event_type = str(type), .session_id = str("demo") };
    uint64_t set = HG_BIT(HG_ANALYTICS_EVENT_ID) | HG_BIT(HG_ANALYTICS_EVENT_EVENT_TYPE) |
                   HG_BIT(HG_ANALYTICS_EVENT_SESSION_ID);

    if (user != NULL) {
        row.user_id = *user;
        set |= HG_BIT(HG_ANALYTICS_EVENT_USER_ID);
    }
    if (d->st == HG_OK)
        wrote(d, HG_TABLE_ANALYTICS_EVENTS, hg_analytics_event_insert(conn, &row, set, NULL, &d->err));
}

void
measure(day *d, const char *name, int64_t value, const char *unit)
{
    hg_system_metric row = { .struct_size = sizeof row, .id = new_row(d, HG_TABLE_SYSTEM_METRICS),
                             .metric_name = str(name), .metric_value = { .unscaled = value },
                             .metric_unit = str(unit), .recorded_at = d->now };

    if (d->st == HG_OK)
        wrote(d, HG_TABLE_SYSTEM_METRICS,
              hg_system_metric_insert(d->service, &row, HG_BIT(HG_SYSTEM_METRIC_ID) |
                                      HG_BIT(HG_SYSTEM_METRIC_METRIC_NAME) |
                                      HG_BIT(HG_SYSTEM_METRIC_METRIC_VALUE) |
                                      HG_BIT(HG_SYSTEM_METRIC_METRIC_UNIT) |
                                      HG_BIT(HG_SYSTEM_METRIC_RECORDED_AT), NULL, &d->err));
}
