/* doors.c - see doors.h: a thin function a call and table, since a function pointer of another type may not be called. */
#include "tables/doors.h"

#define DOORS(s) \
    static hg_status s##_get(hg_conn *c, const hg_uuid *id, const void **out, hg_error *e) \
    { \
        const hg_##s *row = NULL; \
        hg_status st = hg_##s##_get(c, id, out != NULL ? &row : NULL, e); \
        if (out != NULL) \
            *out = row; \
        return st; \
    } \
    static hg_status s##_get_many(hg_conn *c, const hg_uuid *ids, size_t n, void **out, hg_error *e) \
    { \
        hg_##s##_list *list = NULL; \
        hg_status st = hg_##s##_get_many(c, ids, n, out != NULL ? &list : NULL, e); \
        if (out != NULL) \
            *out = list; \
        return st; \
    } \
    static hg_status s##_insert(hg_conn *c, const void *r, uint64_t set, const void **out, hg_error *e) \
    { \
        const hg_##s *row = NULL; \
        hg_status st = hg_##s##_insert(c, r, set, out != NULL ? &row : NULL, e); \
        if (out != NULL) \
            *out = row; \
        return st; \
    } \
    static hg_status s##_insert_many(hg_conn *c, const void *r, size_t n, size_t stride, uint64_t set, void **out, \
                                     hg_error *e) \
    { \
        hg_##s##_list *list = NULL; \
        hg_status st = hg_##s##_insert_many(c, r, n, stride, set, out != NULL ? &list : NULL, e); \
        if (out != NULL) \
            *out = list; \
        return st; \
    } \
    static hg_status s##_update(hg_conn *c, const hg_uuid *id, const void *r, uint64_t set, const void **out, \
                                hg_error *e) \
    { \
        const hg_##s *row = NULL; \
        hg_status st = hg_##s##_update(c, id, r, set, out != NULL ? &row : NULL, e); \
        if (out != NULL) \
            *out = row; \
        return st; \
    } \
    static const void *s##_list_rows(const void *l, size_t *n, size_t *stride) { return hg_##s##_list_rows(l, n, stride); } \
    static const void *s##_list_at(const void *l, size_t i) { return hg_##s##_list_at(l, i); } \
    static size_t s##_list_count(const void *l) { return hg_##s##_list_count(l); } \
    static void s##_list_free(void *l) { hg_##s##_list_free(l); } \
    static void s##_free(const void *r) { hg_##s##_free(r); } \
    static const void *s##_draft_rows(const hg_draft *d, size_t *n, size_t *stride, uint64_t *set) \
    { \
        return hg_##s##_draft_rows(d, n, stride, set); \
    } \
    static hg_status s##_to_json(const void *r, hg_text **out, hg_error *e) { return hg_##s##_to_json(r, out, e); }

#define ROW(s) \
    { s##_get, s##_get_many, s##_insert, s##_insert_many, s##_update, hg_##s##_delete, s##_list_rows, s##_list_at, \
      s##_list_count, s##_list_free, s##_free, hg_##s##_draft_new, s##_draft_rows, s##_to_json, hg_##s##_from_json }

DOORS(user)
DOORS(user_profile)
DOORS(oauth_account)
DOORS(company)
DOORS(company_member)
DOORS(job)
DOORS(job_skill)
DOORS(candidate_profile)
DOORS(candidate_experience)
DOORS(candidate_education)
DOORS(application)
DOORS(application_timeline)
DOORS(interview)
DOORS(ai_interview_session)
DOORS(document)
DOORS(ai_job_match)
DOORS(ai_resume_analysis)
DOORS(freelance_recruiter)
DOORS(referral)
DOORS(analytics_event)
DOORS(system_metric)
DOORS(notification)
DOORS(email_log)
DOORS(task)
DOORS(audit_log)

const doors table_doors[] = {
    [HG_TABLE_USERS] = ROW(user),
    [HG_TABLE_USER_PROFILES] = ROW(user_profile),
    [HG_TABLE_OAUTH_ACCOUNTS] = ROW(oauth_account),
    [HG_TABLE_COMPANIES] = ROW(company),
    [HG_TABLE_COMPANY_MEMBERS] = ROW(company_member),
    [HG_TABLE_JOBS] = ROW(job),
    [HG_TABLE_JOB_SKILLS] = ROW(job_skill),
    [HG_TABLE_CANDIDATE_PROFILES] = ROW(candidate_profile),
    [HG_TABLE_CANDIDATE_EXPERIENCES] = ROW(candidate_experience),
    [HG_TABLE_CANDIDATE_EDUCATION] = ROW(candidate_education),
    [HG_TABLE_APPLICATIONS] = ROW(application),
    [HG_TABLE_APPLICATION_TIMELINE] = ROW(application_timeline),
    [HG_TABLE_INTERVIEWS] = ROW(interview),
    [HG_TABLE_AI_INTERVIEW_SESSIONS] = ROW(ai_interview_session),
    [HG_TABLE_DOCUMENTS] = ROW(document),
    [HG_TABLE_AI_JOB_MATCHES] = ROW(ai_job_match),
    [HG_TABLE_AI_RESUME_ANALYSIS] = ROW(ai_resume_analysis),
    [HG_TABLE_FREELANCE_RECRUITERS] = ROW(freelance_recruiter),
    [HG_TABLE_REFERRALS] = ROW(referral),
    [HG_TABLE_ANALYTICS_EVENTS] = ROW(analytics_event),
    [HG_TABLE_SYSTEM_METRICS] = ROW(system_metric),
    [HG_TABLE_NOTIFICATIONS] = ROW(notification),
    [HG_TABLE_EMAIL_LOGS] = ROW(email_log),
    [HG_TABLE_TASKS] = ROW(task),
    [HG_TABLE_AUDIT_LOGS] = ROW(audit_log),
};
const int table_doors_count = sizeof table_doors / sizeof *table_doors;
