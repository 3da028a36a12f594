/* plans_jobs.c - cases of operations/plans: jobs, matches, documents and what is asked of résumés. */
#include "operations/plans.h"

#include <stddef.h>

#define ADMIN_OF_777 "company", "000777"
#define VISITOR      "anon", ""
#define CANDIDATE_   "candidate", "065433"
#define SERVICE      "service", ""
#define DOCUMENT     "document_id => " CROWD_ID("b300", "045433")
#define HIS_PROFILE  "candidate_id => " CANDIDATE("045433")
#define THE_COMPANY  "company_id => " COMPANY("000777")
#define THE_JOB      "job_id => " JOB("000777")

const plan_case plans_jobs[] = {
    { "job_create",            ADMIN_OF_777, THE_COMPANY "; title => 'Baker 777'; description => 'd';"
                                             " job_type => 'full_time';"
                                             " skills => '[\"bread\"]'" },
    { "job_skills_replace",    ADMIN_OF_777, THE_JOB "; skills => '[\"bread\"]'" },
    { "job_set_state",         ADMIN_OF_777, THE_JOB "; employment_status => 'closed'" },
    { "job_bulk_set_state",    ADMIN_OF_777, THE_COMPANY ";"
                                             " job_ids => ARRAY[" JOB("000777") ", " JOB("020777") "]::uuid[];"
                                             " is_public => false" },
    { "job_duplicate",         ADMIN_OF_777, THE_JOB },
    { "job_remove",            ADMIN_OF_777, THE_JOB },
    { "job_view_public",       VISITOR,      THE_JOB },
    { "job_view_public",       CANDIDATE_,   "company_slug => 'crowd-777'; job_slug => 'job-777'" },
    { "job_view_member",       ADMIN_OF_777, THE_JOB },
    { "job_search",            VISITOR,      "at_most => 20" },
    { "job_search",            CANDIDATE_,   "text => 'engineer'; at_most => 20" },
    { "job_search",            ADMIN_OF_777, THE_COMPANY "; at_most => 20; with_total => true" },
    { "job_facets",            VISITOR,      THE_COMPANY },
    { "job_list_company",      ADMIN_OF_777, THE_COMPANY "; at_most => 20" },
    { "job_list_company",      ADMIN_OF_777, THE_COMPANY "; posted_by => " USER("000777") "; text => 'baker';"
                                             " employment_statuses => ARRAY['open']; at_most => 20" },
    { "job_similar",           VISITOR,      THE_JOB "; at_most => 10" },
    { "job_count_view",        VISITOR,      THE_JOB },
    { "job_counters_repair",   SERVICE,      THE_COMPANY },
    { "job_expire_due",        SERVICE,      "now => '2099-01-02'; at_most => 20",
                                             1000, "twenty jobs change, in all their indexes", NULL, 1 },
    { "job_closing_soon",      VISITOR,      "days => 7; at_most => 20" },
    { "job_closing_soon",      ADMIN_OF_777, "days => 7; " THE_COMPANY "; at_most => 20" },
    { "job_stats",             ADMIN_OF_777, THE_JOB },
    { "job_public_stats",      VISITOR,      NULL, WHOLE, "jobs: the totals of all that are open" },
    { "skill_suggest",         VISITOR,      "prefix => 'skill13'; at_most => 10" },
    { "skill_demand",          ADMIN_OF_777, THE_COMPANY "; at_most => 10" },
    { "skill_demand",          SERVICE,      "days => 30; at_most => 10" },

    { "document_tag_add",      CANDIDATE_,   DOCUMENT "; tag => 't'" },
    { "document_tag_remove",   CANDIDATE_,   DOCUMENT "; tag => 't'" },
    { "document_fraud_next",   SERVICE,      "at_most => 5" },
    { "document_fraud_set",    SERVICE,      DOCUMENT "; verdict => 'passed'; file_url => 'u45433'", 0, NULL,
                                             "UPDATE documents SET fraud_check_status = 'pending' WHERE id = "
                                             CROWD_ID("b300", "045433") },
    { "document_remove",       CANDIDATE_,   DOCUMENT },
    { "match_save_batch",      SERVICE,      "matches => '[{\"candidate_id\": \"00000000-0000-4000-b000-000000045433\", \"job_id\":"
                                             " \"00000000-0000-4000-a000-000000000777\", \"match_score\": 9}]'" },
    { "match_list_candidate",  CANDIDATE_,   HIS_PROFILE "; at_most => 20" },
    { "match_list_job",        ADMIN_OF_777, THE_JOB "; at_most => 20" },
    { "match_mark_viewed",     CANDIDATE_,   "match_ids => ARRAY[" CROWD_ID("c500", "015144") "]::uuid[]" },
    { "analysis_latest",       CANDIDATE_,   HIS_PROFILE },
    { NULL },
};
