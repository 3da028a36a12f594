/* plans_applications.c - cases of operations/plans: applications, their timeline, interviews and referrals. */
#include "operations/plans.h"

#include <stddef.h>

#define ADMIN_OF_777     "company", "000777"
#define RECRUITER_OF_777 "company", "130777"
#define CANDIDATE_       "candidate", "065433"
#define FREELANCER_      "freelancer", "120777"
#define SERVICE          "service", ""
#define HIS_PROFILE      "candidate_id => " CANDIDATE("045433")
#define THE_COMPANY      "company_id => " COMPANY("000777")
#define APPLIED          "application_id => " APPLICATION("020776")
#define SCREENING        "application_id => " APPLICATION("600776")
#define OFFER            "application_id => " APPLICATION("640776")
#define INTERVIEW        "interview_id => " CROWD_ID("c300", "004155")
#define SESSION          "session_id => " CROWD_ID("c400", "012077")
#define REFERRAL         "referral_id => " CROWD_ID("d100", "000776")
#define HIRED            CROWD_ID("d100", "060776")
#define THE_FREELANCER   "recruiter_id => " FREELANCER("000777")

const plan_case plans_applications[] = {
    { "application_submit",          CANDIDATE_,       "job_id => " JOB("000777") "; " HIS_PROFILE },
    { "application_submit_on_behalf", RECRUITER_OF_777, "job_id => " JOB("000777") "; " HIS_PROFILE },
    { "application_copy_to_job",     RECRUITER_OF_777, APPLIED "; job_id => " JOB("000777") },
    { "application_has_applied",     CANDIDATE_,       HIS_PROFILE ";"
                                                       " job_ids => ARRAY[" JOB("000777") ", " JOB("020777") "]::uuid[]" },
    { "application_has_applied",     RECRUITER_OF_777, HIS_PROFILE ";"
                                                       " job_ids => ARRAY[" JOB("000777") ", " JOB("020777") "]::uuid[]" },
    { "application_list_referred",   FREELANCER_,      "at_most => 20" },
    { "application_set_status",      RECRUITER_OF_777, APPLIED "; from_status => 'applied'; to_status => 'screening'" },
    { "application_bulk_set_status", RECRUITER_OF_777, "application_ids => ARRAY[" APPLICATION("020776") "]::uuid[]; to_status =>"
                                                       " 'screening'" },
    { "application_withdraw",        CANDIDATE_,       APPLIED },
    { "application_reject",          RECRUITER_OF_777, APPLIED },
    { "application_undo",            RECRUITER_OF_777, SCREENING },
    { "application_hire",            ADMIN_OF_777,     OFFER "; fee_basis => 100; close_job => true" },
    { "application_set_notes",       RECRUITER_OF_777, APPLIED "; notes => 'n'; expected => '2024-01-15 10:16'" },
    { "application_counts",          RECRUITER_OF_777, THE_COMPANY },
    { "application_counts",          RECRUITER_OF_777, "job_id => " JOB("000777") },
    { "application_counts",          CANDIDATE_,       HIS_PROFILE },
    { "application_stale",           RECRUITER_OF_777, THE_COMPANY "; days => 7; at_most => 20",
                                                       1600, "fifty applications with steps and names, each under its policy" },
    { "timeline_list",               CANDIDATE_,       APPLIED },
    { "timeline_list",               RECRUITER_OF_777, APPLIED },
    { "timeline_add_note",           RECRUITER_OF_777, APPLIED "; note => 'n'" },

    { "interview_schedule",          RECRUITER_OF_777, APPLIED "; interviewer_id => " USER("000777") ";"
                                                       " interview_type => 'phone';"
                                                       " scheduled_at => '2098-02-01 10:00'; advance => true" },
    { "interview_reschedule",        RECRUITER_OF_777, INTERVIEW "; scheduled_at => '2098-02-01 10:00';"
                                                       " expected => '2099-06-23 03:00'" },
    { "interview_finish",            ADMIN_OF_777,     INTERVIEW "; status => 'completed'; score => 5" },
    { "interview_due_reminders",     SERVICE,          "minutes_before => 1440; at_most => 20" },
    { "interviewer_busy",            RECRUITER_OF_777, "interviewer_id => " USER("000777") ";"
                                                       " starts_from => '2099-01-01';"
                                                       " starts_until => '2100-01-01'" },
    { "interview_stats",             RECRUITER_OF_777, THE_COMPANY },
    { "ai_session_create",           RECRUITER_OF_777, APPLIED "; session_type => 'technical'; questions => '[1]'" },
    { "ai_session_append",           CANDIDATE_,       SESSION "; response => '{}'; expected => 0" },
    { "ai_session_complete",         SERVICE,          SESSION },

    { "referral_create",             FREELANCER_,      THE_FREELANCER "; " HIS_PROFILE "; job_id => " JOB("000777") },
    { "referral_decide",             RECRUITER_OF_777, REFERRAL "; accept => true", 0, NULL,
                                                       "UPDATE candidate_profiles SET visibility_settings = '{\"referrers\":"
                                                       " [\"00000000-0000-4000-d000-000000000777\"]}' WHERE id = " CANDIDATE("008537") },
    { "commission_approve",          ADMIN_OF_777,     "referral_id => " HIRED "; amount => 5" },
    { "commission_pay",              SERVICE,          "referral_id => " HIRED, 0, NULL,
                                                       "UPDATE referrals SET commission_status = 'approved' WHERE id = " HIRED },
    { "freelancer_recompute",        SERVICE,          THE_FREELANCER },
    { "freelancer_payment_info",     FREELANCER_,      NULL },
    { "earnings_report",             FREELANCER_,      THE_FREELANCER },
    { NULL },
};
