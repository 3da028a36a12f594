/* plans_office.c - cases of operations/plans: messages and tasks, dashboards and counts, audit trail and privacy. */
#include "operations/plans.h"

#include <stddef.h>

#define ADMIN_OF_777 "company", "000777"
#define RECRUITER    "company", "130777"
#define CANDIDATE_   "candidate", "065433"
#define FREELANCER_  "freelancer", "120777"
#define SERVICE      "service", ""
#define THE_COMPANY  "company_id => " COMPANY("000777")
#define THE_PERSON   "user_id => " USER("065433")
#define YEARS        "since => '2024-01-01'; until => '2026-01-01'"
#define A_DAY        "since => '2024-03-01'; until => '2024-03-02'"
#define TRAIL_OF_777 "resource_type => 'jobs'; resource_id => " JOB("000777")
#define IN_DAYS      "; unit => 'day'; zone => 'Europe/Zurich'"

const plan_case plans_office[] = {
    /* Messages and tasks. */
    { "notification_send",         SERVICE,      "user_ids => ARRAY[" USER("065433") "]::uuid[];"
                                                 " notification_type => 'n'; title => 't';"
                                                 " message => 'm'" },
    { "notification_page",         CANDIDATE_,   "at_most => 20" },
    { "notification_unread_count", CANDIDATE_,   NULL },
    { "notification_mark_read",    CANDIDATE_,   "notification_ids => ARRAY[" CROWD_ID("e000", "065432") "]::uuid[]" },
    { "notification_mark_all",     CANDIDATE_,   "up_to => '2026-01-01'" },
    { "notification_clear",        CANDIDATE_,   "up_to => '2026-01-01'; with_unread => true" },
    { "notification_purge",        SERVICE,      "before => '2099-01-01 01:00'; at_most => 100" },
    { "email_claim_pending",       SERVICE,      "at_most => 5" },
    { "email_apply_event",         SERVICE,      "provider_message_id => 'm777'; event => 'delivered'" },
    { "email_stats",               SERVICE,      A_DAY },
    { "email_stats_daily",         SERVICE,      A_DAY "; email_type => 'type1'" },
    { "task_create",               ADMIN_OF_777, THE_COMPANY "; title => 't'; assigned_to => " USER("130777") },
    { "task_set_status",           RECRUITER,    "task_id => " CROWD_ID("e200", "000776") "; status => 'in_progress'" },
    { "task_page",                 RECRUITER,    THE_COMPANY "; at_most => 20" },
    { "task_page",                 RECRUITER,    NULL },
    { "task_counts",               ADMIN_OF_777, THE_COMPANY },

    /* Dashboards and counts. */
    { "dashboard_company",         ADMIN_OF_777, THE_COMPANY "; " YEARS "; recent => 5",
                                                 1000, "fifty applications of the company, with their steps" },
    { "dashboard_company",         ADMIN_OF_777, THE_COMPANY,
                                                 1000, "fifty applications of the company, with their steps" },
    { "dashboard_company",         SERVICE,      THE_COMPANY "; " YEARS "; recent => 5" },
    { "dashboard_candidate",       CANDIDATE_,   "candidate_id => " CANDIDATE("045433") },
    { "dashboard_candidate",       SERVICE,      "candidate_id => " CANDIDATE("045433") },
    { "dashboard_freelancer",      FREELANCER_,  "recruiter_id => " FREELANCER("000777") },
    { "dashboard_freelancer",      SERVICE,      "recruiter_id => " FREELANCER("000777") },
    { "platform_stats",            SERVICE,      YEARS, WHOLE, "users, companies, jobs, idx_applications_applied_at,"
                                                 " application_timeline_hired_idx: the totals of the platform" },
    { "funnel",                    ADMIN_OF_777, THE_COMPANY "; " YEARS,
                                                 1000, "fifty applications of the company, with their steps" },
    { "funnel",                    ADMIN_OF_777, THE_COMPANY "; job_id => " JOB("000777"),
                                                 1000, "fifty applications of the company, with their steps" },
    { "funnel",                    SERVICE,      THE_COMPANY },
    { "time_to_hire",              ADMIN_OF_777, THE_COMPANY "; " YEARS,
                                                 1000, "fifty applications of the company, with their steps" },
    { "time_to_hire",              SERVICE,      THE_COMPANY },
    { "application_series",        ADMIN_OF_777, THE_COMPANY "; " YEARS IN_DAYS },
    { "application_series",        SERVICE,      THE_COMPANY "; " YEARS IN_DAYS "; job_id => " JOB("000777") },
    { "source_effectiveness",      ADMIN_OF_777, THE_COMPANY "; " YEARS,
                                                 1000, "fifty applications of the company, with their steps" },
    { "source_effectiveness",      SERVICE,      THE_COMPANY },
    { "recruiter_leaderboard",     ADMIN_OF_777, THE_COMPANY "; " YEARS,
                                                 1000, "fifty applications of the company, with their steps" },
    { "event_counts",              ADMIN_OF_777, YEARS "; " THE_COMPANY },
    { "event_counts",              SERVICE,      YEARS "; types => ARRAY['job_view']; " THE_COMPANY },
    { "event_series",              ADMIN_OF_777, YEARS IN_DAYS "; " THE_COMPANY },
    { "event_purge",               SERVICE,      "before => '2024-01-02'; at_most => 10" },
    { "metric_series",             SERVICE,      "metric_name => 'metric7'; " A_DAY "; unit => 'hour'; zone => 'UTC'" },
    { "metric_latest",             SERVICE,      "metric_names => ARRAY['metric7', 'metric8', 'none']" },

    /* The audit trail. */
    { "audit_record",              ADMIN_OF_777, "action => 'x'; " TRAIL_OF_777 },
    { "audit_read",                ADMIN_OF_777, TRAIL_OF_777 },
    { "audit_denied",              CANDIDATE_,   TRAIL_OF_777 },
    { "audit_history",             ADMIN_OF_777, TRAIL_OF_777 "; at_most => 20" },
    { "audit_history",             SERVICE,      TRAIL_OF_777 "; at_most => 20" },
    { "audit_as_of",               SERVICE,      TRAIL_OF_777 "; moment => '2026-01-01'" },
    { "audit_search",              SERVICE,      "at_most => 20", 0, NULL, NULL, 1 },
    { "audit_search",              SERVICE,      "actor_id => " USER("065433") "; at_most => 20", 0, NULL, NULL, 1 },
    { "audit_search",              SERVICE,      TRAIL_OF_777 "; at_most => 20", 0, NULL, NULL, 1 },
    { "audit_search",              SERVICE,      A_DAY "; at_most => 20", 0, NULL, NULL, 1 },
    { "audit_seal",                SERVICE,      "at_most => 100" },
    { "audit_root",                SERVICE,      NULL },
    { "audit_verify",              SERVICE,      NULL, WHOLE, "audit_logs, hotgigs.audit_leaves: every entry is hashed again" },

    /* Privacy. */
    { "privacy_hold",              SERVICE,      THE_PERSON "; reason => 'r'" },
    { "privacy_export",            CANDIDATE_,   THE_PERSON,
                                                 2000, "all that is about him in every table, and who else read it" },
    { "privacy_erase",             SERVICE,      THE_PERSON,
                                                 8000, "ten applications with all that hangs on them, and the trail of it" },
    { "privacy_erase",             SERVICE,      THE_PERSON "; is_delete => true",
                                                 8000, "ten applications with all that hangs on them, and the trail of it" },
    { "privacy_replay",            SERVICE,      "ledger => ''" },
    { "retention_run",             SERVICE,      "what => 'notifications'; before => '2099-01-01 01:00';"
                                                 " at_most => 100" },
    { "retention_run",             SERVICE,      "what => 'events'; before => '2024-01-02'; at_most => 100" },
    { "retention_run",             SERVICE,      "what => 'emails'; before => '2024-01-02'; at_most => 100" },
    { "retention_run",             SERVICE,      "what => 'rejected_applications'; before => '2024-01-02'; at_most => 20",
                                                 6000, "twenty applications go, with all that hangs on them" },
    { "retention_run",             SERVICE,      "what => 'abandoned_users'; before => '2024-01-02'; at_most => 20" },
    { "evidence",                  SERVICE,      NULL, WHOLE, "audit_logs: what is in the trail; and the catalogue" },
    { NULL },
};
