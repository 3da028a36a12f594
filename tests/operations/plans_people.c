/* plans_people.c - cases of operations/plans: identity, companies and candidates. */
#include "operations/plans.h"

#include <stddef.h>

#define ADMIN_OF_777 "company", "000777"
#define CANDIDATE_   "candidate", "065433"
#define SERVICE      "service", ""
/* Of each page of the table a row is changed, so that no index is read alone. */
#define CHANGED      "UPDATE companies SET logo_url = 'changed' WHERE id::text LIKE '%0'"
#define HIS_PROFILE  "candidate_id => " CANDIDATE("045433")

const plan_case plans_people[] = {
    /* Identity. */
    { "user_register",             SERVICE,       "email => 'new@example.org'; user_type => 'candidate'" },
    { "user_credentials",          SERVICE,       "email => 'crowd777@example.org'" },
    { "user_touch_login",          SERVICE,       "user_id => " USER("065433") },
    { "user_mark_verified",        SERVICE,       "user_id => " USER("065433") "; email => 'crowd65433@example.org'" },
    { "user_change_email",         SERVICE,       "user_id => " USER("065433") "; email => 'another@example.org'" },
    { "user_change_password",      SERVICE,       "user_id => " USER("065433") "; old_hash => 'h'; new_hash => 'x'" },
    { "user_set_active",           SERVICE,       "user_id => " USER("065433") "; is_active => false" },
    { "user_admin_list",           SERVICE,       "at_most => 20; with_total => false" },
    { "user_admin_list",           SERVICE,       "words => 'Lastf1c1'; at_most => 20; with_total => true" },
    { "user_admin_list",           SERVICE,       "after_created_at => '2024-03-01';"
                                                  " after_id => " USER("017280") "; at_most => 20;"
                                                  " with_total => false" },
    { "oauth_find_user",           SERVICE,       "provider => 'google'; provider_user_id => '777'" },
    { "oauth_register_or_link",    SERVICE,       "provider => 'google'; provider_user_id => '777';"
                                                  " email => ''; email_is_verified"
                                                  " => true" },
    { "oauth_register_or_link",    SERVICE,       "provider => 'google'; provider_user_id => 'new';"
                                                  " email => 'new@example.org';"
                                                  " email_is_verified => true; user_type => 'candidate'" },
    { "oauth_unlink",              SERVICE,       "provider => 'google'; user_id => " USER("065433") },
    { "user_view",                 ADMIN_OF_777,  "user_id => " USER("130777") },
    { "user_view",                 CANDIDATE_,    "user_id => " USER("065433") },
    { "user_search",               ADMIN_OF_777,  "words => 'first'; at_most => 20" },
    { "user_get_bundle",           CANDIDATE_,    NULL },
    { "user_get_bundle",           SERVICE,       "user_id => " USER("000777") },
    { "user_profile_save",         CANDIDATE_,    "bio => 'b'" },
    { "user_prefs_merge",          CANDIDATE_,    "notification_preferences => '{}'; privacy_settings => '{}'" },

    /* Companies and members. */
    { "company_create",            ADMIN_OF_777,  "name => 'Crowd New'" },
    { "company_view",              "anon", "",    "slug => 'crowd-777'" },
    { "company_view",              ADMIN_OF_777,  "company_id => " COMPANY("000777") },
    { "company_search",            "anon", "",    "at_most => 20; with_total => false" },
    { "company_search",            "anon", "",    "after_name => 'Crowd 3'; after_id => " COMPANY("000003") ";"
                                                  " at_most => 20" },
    { "company_search",            ADMIN_OF_777,  "words => 'f1c1592588'; at_most => 20; with_total => true" },
    { "company_search",            "anon", "",    "words => 'wd 9'", .before = CHANGED },         /* late in the order */
    { "company_search",            "anon", "",    "words => 'wd 1'", .before = CHANGED },
    { "company_search",            "anon", "",    "words => '1c1592'; with_total => true", .before = CHANGED },
    { "company_search",            "anon", "",    "industry => 'industry7'; company_size => '51-200'", .before = CHANGED },
    { "company_list_mine",         ADMIN_OF_777,  NULL },
    { "company_settings_merge",    ADMIN_OF_777,  "company_id => " COMPANY("000777") "; settings => '{}'" },
    { "company_remove_preview",    ADMIN_OF_777,  "company_id => " COMPANY("000777") },
    { "company_remove",            ADMIN_OF_777,  "company_id => " COMPANY("000777") "; confirm_jobs => 10;"
                                                  " confirm_applications => 50",
                                                  8000, "fifty applications go, with all that hangs on them" },
    { "member_list",               ADMIN_OF_777,  "company_id => " COMPANY("000777") "; with_inactive => true",
                                                  1600, "the cards look up who applied to the company" },
    { "member_role",               ADMIN_OF_777,  "company_id => " COMPANY("000777") },
    { "member_can",                ADMIN_OF_777,  "company_id => " COMPANY("000777") "; permission => 'manage_jobs'" },
    { "member_invite",             "company", "000778", "company_id => " COMPANY("000778") "; user_id => " USER("130777")
                                                  "; role => 'viewer'" },
    { "member_accept",             "company", "130777", "company_id => " COMPANY("000778") },
    { "member_decline",            "company", "130777", "company_id => " COMPANY("000778") },
    { "member_set_role",           ADMIN_OF_777,  "company_id => " COMPANY("000777") "; user_id => " USER("130777")
                                                  "; role => 'viewer'" },
    { "member_leave",              "company", "130777", "company_id => " COMPANY("000777") },
    { "member_remove",             ADMIN_OF_777,  "company_id => " COMPANY("000777") "; user_id => " USER("130777") },
    { "member_offboard",           ADMIN_OF_777,  "company_id => " COMPANY("000777") "; user_id => " USER("130777")
                                                  "; successor_id => " USER("000777"),
                                                  1200, "what he has in hand is handed over, row by row" },

    /* Candidates. */
    { "candidate_get_by_user",     CANDIDATE_,    "user_id => " USER("065433") },
    { "candidate_get_by_user",     ADMIN_OF_777,  "user_id => " USER("065433") },
    { "candidate_create",          SERVICE,       "user_id => " USER("999999"), 0, NULL,
                                                  "INSERT INTO users (id, email, user_type) VALUES (" USER("999999")
                                                  ", 'new@example.org', 'candidate')" },
    { "candidate_get_full",        CANDIDATE_,    HIS_PROFILE },
    { "candidate_get_full",        ADMIN_OF_777,  HIS_PROFILE,
                                                  2500, "the cards look up who applied to the company, once a table" },
    { "candidate_search",          ADMIN_OF_777,  "text => 'engineer'; at_most => 20" },
    { "candidate_search",          SERVICE,       "at_most => 20" },
    { "candidate_skill_put",       CANDIDATE_,    HIS_PROFILE "; skill => 'bread'" },
    { "candidate_skill_remove",    CANDIDATE_,    HIS_PROFILE "; skill => 'skill133'" },
    { "candidate_visibility_merge", CANDIDATE_,   HIS_PROFILE "; patch => '{}'" },
    { "candidate_history_replace", CANDIDATE_,    HIS_PROFILE "; history => '{\"experiences\": [{\"company_name\": \"b\","
                                                  " \"job_title\": \"t\", \"start_date\": \"2020-01-01\"}], \"education\": []}'" },
    { "candidate_years",           ADMIN_OF_777,  HIS_PROFILE },
    { "candidate_completeness",    CANDIDATE_,    HIS_PROFILE },
    { "candidate_find_duplicates", SERVICE,       "email => 'crowd65433@example.org'; phone => '+41 44 65433'" },
    { "candidate_find_duplicates", SERVICE,       "first_name => 'First433'; last_name => 'Lastabcdef'" },
    { "candidate_bulk_import",     SERVICE,       "records => '[{\"email\": \"new@example.org\", \"first_name\": \"n\"}]'" },
    { "candidate_stats",           SERVICE,       NULL, WHOLE, "candidate_profiles: the totals of all" },
    { "experience_add",            CANDIDATE_,    HIS_PROFILE "; company_name => 'b'; job_title => 't';"
                                                  " start_date => '2020-01-01'" },
    { "experience_edit",           CANDIDATE_,    "experience_id => " CROWD_ID("b100", "045432") "; job_title => 't'" },
    { "experience_list",           CANDIDATE_,    HIS_PROFILE },
    { "experience_list",           ADMIN_OF_777,  HIS_PROFILE },
    { "education_add",             CANDIDATE_,    HIS_PROFILE "; institution_name => 'i'" },
    { "education_edit",            CANDIDATE_,    "education_id => " CROWD_ID("b200", "045433") "; degree => 'd'" },
    { "education_list",            CANDIDATE_,    HIS_PROFILE },
    { "education_list",            ADMIN_OF_777,  HIS_PROFILE },
    { NULL },
};
