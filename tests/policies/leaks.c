/* leaks.c - the leaks of security.md, an attack each: raw, where tenants have every grant, and through the library.
 *
 * What needs more than one statement is in leaks_sessions.c. */
#include <stdlib.h>
#include <string.h>

#include "policies/attack.h"
#include "policies/leaks.h"
#include "suites.h"

#define D HG_E_DENIED
#define N HG_E_NOT_FOUND

static const attack attacks[] = {
    /* 1. Visibility by transitivity: a visible job opens nothing that hangs on it. */
    { "leak_1_visible_job_is_visible", "acme_admin",
      "SELECT id FROM jobs WHERE id = :beta_open",
      "ok", "ok", "get jobs beta_open", HG_OK, NULL },
    { "leak_1_visible_job_opens_no_application", "acme_admin",
      "SELECT id FROM applications WHERE job_id = :beta_open",
      "zero", "zero", "get applications ada_beta", N, NULL },
    { "leak_1_visible_job_opens_no_referral", "acme_admin",
      "SELECT id FROM referrals WHERE job_id = :beta_open",
      "zero", "zero", "get referrals r_cleo_hired", N, NULL },
    { "leak_1_visible_job_opens_no_match", "acme_admin",
      "SELECT id FROM ai_job_matches WHERE job_id = :beta_open",
      "zero", "zero", "get ai_job_matches fit_dan_beta", N, NULL },
    { "leak_1_visible_job_opens_no_timeline", "acme_admin",
      "SELECT t.id FROM application_timeline t WHERE application_id = :ada_beta",
      "zero", "zero", "get application_timeline t_ada_beta", N, NULL },
    { "leak_1_applicant_elsewhere_opens_no_other_application", "beta_admin",
      "SELECT a.id FROM applications a JOIN candidate_profiles p ON p.id = a.candidate_id WHERE a.job_id ="
      " :acme_open",
      "zero", "zero", "get applications ada_acme", N, NULL },
    { "leak_1_candidate_sees_no_other_applicant_of_his_job", "ada",
      "SELECT id FROM applications WHERE id = :fay_acme",
      "zero", "zero", "get applications fay_acme", N, NULL },
    { "leak_1_task_opens_no_application_to_a_freelancer", "fred",
      "SELECT id FROM applications",
      "denied", "zero", "get applications ada_acme", D, NULL },

    /* 2. Self-granted visibility. */
    { "leak_2_freelancer_cannot_refer_a_hidden_candidate", "fred",
      "INSERT INTO referrals (recruiter_id, candidate_id, job_id) VALUES (:f_fred, :p_dan, :acme_open)",
      "refused", "refused", "insert referrals recruiter_id=f_fred candidate_id=p_dan job_id=acme_open", D, NULL },
    { "leak_2_freelancer_cannot_refer_whom_another_may_refer", "fiona",
      "INSERT INTO referrals (recruiter_id, candidate_id, job_id) VALUES (:f_fiona, :p_gus, :acme_open)",
      "refused", "refused", "insert referrals recruiter_id=f_fiona candidate_id=p_gus job_id=acme_open", D, NULL },
    { "leak_2_freelancer_cannot_refer_in_the_name_of_another", "fiona",
      "INSERT INTO referrals (recruiter_id, candidate_id, job_id) VALUES (:f_fred, :p_gus, :acme_open)",
      "refused", "refused", "insert referrals recruiter_id=f_fred candidate_id=p_gus job_id=acme_open", D, NULL },
    { "leak_2_freelancer_cannot_refer_to_a_hidden_job", "fred",
      "INSERT INTO referrals (recruiter_id, candidate_id, job_id) VALUES (:f_fred, :p_gus, :beta_filled)",
      "refused", "refused", "insert referrals recruiter_id=f_fred candidate_id=p_gus job_id=beta_filled", D, NULL },
    { "leak_2_referral_without_consent_opens_no_profile", "fred",
      "SELECT id FROM candidate_profiles WHERE id = :p_hal",
      "zero", "zero", "get candidate_profiles p_hal", N, NULL },
    { "leak_2_consent_without_referral_opens_no_profile", "fred",
      "SELECT id FROM candidate_profiles WHERE id = :p_gus",
      "zero", "zero", "get candidate_profiles p_gus", N, NULL },
    { "leak_2_flag_of_another_json_type_opens_no_profile", "acme_recruiter",
      "SELECT id FROM candidate_profiles WHERE id = :p_gus",
      "zero", "zero", "get candidate_profiles p_gus", N, NULL },
    { "leak_2_recruiter_cannot_apply_for_a_candidate", "acme_recruiter",
      "INSERT INTO applications (job_id, candidate_id) VALUES (:acme_open, :p_dan)",
      "denied", "refused", "insert applications job_id=acme_open candidate_id=p_dan", D, NULL },
    { "leak_2_interview_goes_to_no_outsider", "acme_recruiter",
      "UPDATE interviews SET interviewer_id = :beta_admin WHERE id = :i_ada_acme",
      "refused", "refused", "update interviews i_ada_acme interviewer_id=beta_admin", D, NULL },
    { "leak_2_interview_goes_to_no_closed_account", "acme_recruiter",
      "UPDATE interviews SET interviewer_id = :finn WHERE id = :i_ada_acme",
      "refused", "refused", "update interviews i_ada_acme interviewer_id=finn", D, NULL },
    { "leak_2_task_goes_to_no_outsider", "acme_manager",
      "INSERT INTO tasks (company_id, assigned_by, assigned_to, title) VALUES (:acme, :self, :beta_admin, 't')",
      "refused", "refused",
      "insert tasks company_id=acme assigned_by=acme_manager assigned_to=beta_admin title=t", D, NULL },
    { "leak_2_task_goes_to_no_unverified_freelancer", "acme_manager",
      "UPDATE tasks SET assigned_to = :fiona WHERE id = :task_manager",
      "refused", "refused", "update tasks task_manager assigned_to=fiona", D, NULL },

    /* 3. A row moves to another tenant. */
    { "leak_3_recruiter_cannot_move_a_job_to_another_company", "acme_recruiter",
      "UPDATE jobs SET company_id = :beta WHERE id = :acme_open",
      "denied", "refused", "update jobs acme_open company_id=beta", D, "company_id" },
    { "leak_3_member_of_two_companies_cannot_move_a_job_to_where_he_is_viewer", "both",
      "UPDATE jobs SET company_id = :acme WHERE id = :beta_filled",
      "denied", "refused", "update jobs beta_filled company_id=acme", D, "company_id" },
    { "leak_3_job_cannot_be_made_nobodys", "acme_admin",
      "UPDATE jobs SET company_id = NULL WHERE id = :acme_open",
      "denied", "refused", "update jobs acme_open company_id=empty", D, "company_id" },
    { "leak_3_job_is_not_posted_elsewhere", "acme_admin",
      "INSERT INTO jobs (company_id, posted_by, title, slug, description, job_type) VALUES (:beta, :self, 't',"
      " 's', 'd', 'contract')",
      "refused", "refused",
      "insert jobs company_id=beta posted_by=acme_admin title=t slug=s description=d job_type=contract", D, NULL },
    { "leak_3_assignee_outside_the_company_cannot_take_its_task_along", "acme_manager",
      "UPDATE tasks SET company_id = :acme WHERE id = :task_outsider",
      "denied", "zero", "update tasks task_outsider company_id=acme", D, "company_id" },
    { "leak_3_assignee_outside_the_company_cannot_change_its_task", "acme_manager",
      "UPDATE tasks SET status = 'completed' WHERE id = :task_outsider",
      "zero", "zero", "update tasks task_outsider status=completed", N, NULL },
    { "leak_3_task_is_not_about_another_tenants_application", "acme_manager",
      "UPDATE tasks SET related_application_id = :ada_beta WHERE id = :task_manager",
      "refused", "refused", "update tasks task_manager related_application_id=ada_beta", D, NULL },
    { "leak_3_member_of_two_companies_cannot_tie_their_rows_together", "both",
      "UPDATE tasks SET related_application_id = :ada_acme WHERE id = :task_both",
      "refused", "refused", "update tasks task_both related_application_id=ada_acme", D, NULL },
    { "leak_3_membership_does_not_move", "acme_admin",
      "UPDATE company_members SET company_id = :beta WHERE id = :m_viewer",
      "denied", "refused", "update company_members m_viewer company_id=beta", D, "company_id" },
    { "leak_3_skill_does_not_move_to_another_job", "acme_recruiter",
      "UPDATE job_skills SET job_id = :beta_open WHERE id = :s_acme_open",
      "denied", "refused", "update job_skills s_acme_open job_id=beta_open", D, "job_id" },
    { "leak_3_skill_is_not_added_to_a_visible_job_of_others", "acme_recruiter",
      "INSERT INTO job_skills (job_id, skill_name) VALUES (:beta_open, 'x')",
      "refused", "refused", "insert job_skills job_id=beta_open skill_name=x", D, NULL },
    { "leak_3_interview_does_not_move_to_another_application", "acme_recruiter",
      "UPDATE interviews SET application_id = :ada_beta WHERE id = :i_ada_acme",
      "denied", "refused", "update interviews i_ada_acme application_id=ada_beta", D, "application_id" },
    { "leak_3_experience_does_not_move_to_another_profile", "ada",
      "UPDATE candidate_experiences SET candidate_id = :p_ben WHERE id = :x_ada",
      "denied", "refused", "update candidate_experiences x_ada candidate_id=p_ben", D, "candidate_id" },
    { "leak_3_document_does_not_move_to_another_user", "ada",
      "UPDATE documents SET user_id = :ben WHERE id = :d_ada_resume",
      "denied", "refused", "update documents d_ada_resume user_id=ben", D, "user_id" },
    { "leak_3_referral_does_not_move_to_another_candidate", "fred",
      "UPDATE referrals SET candidate_id = :p_dan WHERE id = :r_fay_pending",
      "denied", NULL, "update referrals r_fay_pending candidate_id=p_dan", D, "candidate_id" },
    { "leak_3_profile_does_not_move_to_another_user", "ada",
      "UPDATE user_profiles SET user_id = :ben WHERE id = :up_ada",
      "denied", "refused", "update user_profiles up_ada user_id=ben", D, "user_id" },
    { "leak_3_upsert_does_not_reach_another_tenants_row", "acme_recruiter",
      "INSERT INTO jobs (id, company_id, posted_by, title, slug, description, job_type) VALUES (:beta_open, :acme,"
      " :self, 't', 's', 'd', 'contract') ON CONFLICT (id) DO UPDATE SET title = excluded.title",
      "refused", "refused", NULL, 0, NULL },
    { "leak_3_lock_does_not_reach_a_visible_row_of_others", "acme_recruiter",
      "SELECT id FROM jobs WHERE id = :beta_open FOR UPDATE",
      "zero", "zero", NULL, 0, NULL },

    /* 4. Self-promotion. */
    { "leak_4_nobody_changes_his_user_type", "ada",
      "UPDATE users SET user_type = 'company' WHERE id = :self",
      "denied", NULL, "update users ada user_type=company", D, "user_type" },
    { "leak_4_nobody_verifies_himself", "eve",
      "UPDATE users SET is_verified = true WHERE id = :self",
      "denied", NULL, "update users eve is_verified=1", D, "is_verified" },
    { "leak_4_nobody_takes_another_address", "ada",
      "UPDATE users SET email = 'admin@acme.test' WHERE id = :self",
      "denied", NULL, "update users ada email=admin@acme.test", D, "email" },
    { "leak_4_nobody_writes_a_password_hash", "ada",
      "UPDATE users SET password_hash = 'x' WHERE id = :self",
      "denied", NULL, "update users ada password_hash=x", D, "password_hash" },
    { "leak_4_member_does_not_raise_his_own_rank", "acme_viewer",
      "UPDATE company_members SET role = 'admin' WHERE id = :m_viewer",
      "zero", "zero", "update company_members m_viewer role=admin", D, NULL },
    { "leak_4_recruiter_does_not_raise_his_own_rank", "acme_recruiter",
      "UPDATE company_members SET role = 'admin' WHERE id = :m_recruiter",
      "zero", "zero", "update company_members m_recruiter role=admin", D, NULL },
    { "leak_4_admin_does_not_change_his_own_row", "acme_admin",
      "UPDATE company_members SET permissions = '{}' WHERE id = :m_admin",
      "zero", "zero", "update company_members m_admin permissions={}", D, NULL },
    { "leak_4_viewer_does_not_join_as_admin", "acme_viewer",
      "INSERT INTO company_members (company_id, user_id, role, invited_by) VALUES (:beta, :self, 'admin', :self)",
      "refused", "refused",
      "insert company_members company_id=beta user_id=acme_viewer role=admin invited_by=acme_viewer", D, NULL },
    { "leak_4_invitation_is_accepted_by_nobody_else", "acme_admin",
      "INSERT INTO company_members (company_id, user_id, role, invited_by, joined_at) VALUES (:acme, :eve,"
      " 'viewer', :self, now())",
      "denied", "refused",
      "insert company_members company_id=acme user_id=eve role=viewer invited_by=acme_admin joined_at=2026-01-01T00:00:00", D, "joined_at" },
    { "leak_4_company_does_not_verify_itself", "acme_admin",
      "UPDATE companies SET is_verified = true WHERE id = :acme",
      "denied", NULL, "update companies acme is_verified=1", D, "is_verified" },
    { "leak_4_company_does_not_upgrade_its_plan", "acme_admin",
      "UPDATE companies SET subscription_plan = 'gold' WHERE id = :acme",
      "denied", NULL, "update companies acme subscription_plan=gold", D, "subscription_plan" },
    { "leak_4_freelancer_does_not_verify_himself", "fiona",
      "UPDATE freelance_recruiters SET is_verified = true WHERE id = :f_fiona",
      "denied", NULL, "update freelance_recruiters f_fiona is_verified=1", D, "is_verified" },

    /* 5. Pending and deactivated members. */
    { "leak_5_pending_admin_sees_no_hidden_job", "acme_pending",
      "SELECT id FROM jobs WHERE id = :acme_draft",
      "zero", "zero", "get jobs acme_draft", N, NULL },
    { "leak_5_pending_admin_does_not_accept_by_himself", "acme_pending",
      "UPDATE company_members SET joined_at = now() WHERE id = :m_pending",
      "denied", "zero", "update company_members m_pending joined_at=2026-01-01T00:00:00", D, "joined_at" },
    { "leak_5_suspended_admin_sees_no_application", "acme_inactive",
      "SELECT id FROM applications",
      "zero", "zero", "get applications ada_acme", N, NULL },
    { "leak_5_suspended_admin_does_not_come_back", "acme_inactive",
      "UPDATE company_members SET is_active = true WHERE id = :m_inactive",
      "zero", "zero", "update company_members m_inactive is_active=1", D, NULL },
    { "leak_5_closed_account_sees_nothing_of_the_company", "acme_gone",
      "SELECT id FROM companies",
      "zero", "zero", "get companies acme", N, NULL },
    { "leak_5_closed_account_does_not_see_itself", "hal",
      "SELECT id FROM users",
      "zero", "zero", "get users hal", N, NULL },
    { "leak_5_closed_account_does_not_open_itself", "hal",
      "UPDATE users SET is_active = true WHERE id = :self",
      "denied", "zero", "update users hal is_active=1", D, "is_active" },
    { "leak_5_last_admin_stays_even_for_the_service", "service",
      "UPDATE company_members SET role = 'viewer' WHERE id = :m_admin",
      "55000", NULL, "update company_members m_admin role=viewer", HG_E_STATE, NULL },
    { "leak_5_last_admin_is_not_deleted", "service",
      "DELETE FROM company_members WHERE id = :m_beta_admin",
      "55000", NULL, "delete company_members m_beta_admin", HG_E_STATE, NULL },

    /* 6. Columns of the server. */
    { "leak_6_candidate_does_not_score_himself", "ada",
      "UPDATE candidate_profiles SET ai_score = '{}' WHERE id = :p_ada",
      "denied", NULL, "update candidate_profiles p_ada ai_score={}", D, "ai_score" },
    { "leak_6_candidate_does_not_score_himself_at_insert", "eve",
      "INSERT INTO candidate_profiles (user_id, ai_score) VALUES (:self, '{}')",
      "denied", NULL, "insert candidate_profiles user_id=eve ai_score={}", D, "ai_score" },
    { "leak_6_candidate_does_not_pass_the_fraud_check", "ada",
      "UPDATE documents SET fraud_check_status = 'passed' WHERE id = :d_ada_contract",
      "denied", NULL, "update documents d_ada_contract fraud_check_status=passed", D, "fraud_check_status" },
    { "leak_6_candidate_does_not_pass_the_fraud_check_at_insert", "ada",
      "INSERT INTO documents (user_id, document_type, file_name, file_url, fraud_check_status) VALUES (:self,"
      " 'resume', 'n', 'u', 'passed')",
      "denied", NULL,
      "insert documents user_id=ada document_type=resume file_name=n file_url=u fraud_check_status=passed", D, "fraud_check_status" },
    { "leak_6_candidate_does_not_write_extracted_data", "ada",
      "UPDATE documents SET ai_extracted_data = '{}' WHERE id = :d_ada_resume",
      "denied", NULL, "update documents d_ada_resume ai_extracted_data={}", D, "ai_extracted_data" },
    { "leak_6_freelancer_does_not_rate_himself", "fred",
      "UPDATE freelance_recruiters SET rating = 5 WHERE id = :f_fred",
      "denied", NULL, "update freelance_recruiters f_fred rating=5", D, "rating" },
    { "leak_6_freelancer_does_not_write_his_success", "fred",
      "UPDATE freelance_recruiters SET success_rate = 100 WHERE id = :f_fred",
      "denied", NULL, "update freelance_recruiters f_fred success_rate=100", D, "success_rate" },
    { "leak_6_freelancer_does_not_write_his_earnings", "fred",
      "UPDATE freelance_recruiters SET total_earnings = 9 WHERE id = :f_fred",
      "denied", NULL, "update freelance_recruiters f_fred total_earnings=9", D, "total_earnings" },
    { "leak_6_freelancer_does_not_set_a_commission", "fred",
      "INSERT INTO referrals (recruiter_id, candidate_id, job_id, commission_amount) VALUES (:f_fred, :p_gus,"
      " :acme_open, 9)",
      "denied", "refused",
      "insert referrals recruiter_id=f_fred candidate_id=p_gus job_id=acme_open commission_amount=9", D, "commission_amount" },
    { "leak_6_freelancer_does_not_decide_his_referral", "fred",
      "UPDATE referrals SET referral_status = 'hired' WHERE id = :r_fay_pending",
      "denied", "refused", "update referrals r_fay_pending referral_status=hired", D, "referral_status" },
    { "leak_6_freelancer_changes_no_decided_referral", "fred",
      "UPDATE referrals SET notes = 'x' WHERE id = :r_fay_accepted",
      "zero", "zero", "update referrals r_fay_accepted notes=x", D, NULL },
    { "leak_6_freelancer_takes_no_decided_referral_back", "fiona",
      "DELETE FROM referrals WHERE id = :r_cleo_hired",
      "zero", "zero", "delete referrals r_cleo_hired", D, NULL },
    { "leak_6_candidate_does_not_apply_as_hired", "ada",
      "INSERT INTO applications (job_id, candidate_id, status) VALUES (:acme_open, :p_ada, 'hired')",
      "denied", "refused", "insert applications job_id=acme_open candidate_id=p_ada status=hired", D, NULL },
    { "leak_6_candidate_does_not_score_his_application", "ada",
      "UPDATE applications SET ai_match_score = 100 WHERE id = :ada_acme",
      "denied", "zero", "update applications ada_acme ai_match_score=100", D, NULL },
    { "leak_6_recruiter_does_not_count_views", "acme_recruiter",
      "UPDATE jobs SET view_count = 9 WHERE id = :acme_open",
      "denied", NULL, "update jobs acme_open view_count=9", D, "view_count" },
    { "leak_6_recruiter_does_not_count_applications", "acme_recruiter",
      "UPDATE jobs SET application_count = 9 WHERE id = :acme_open",
      "denied", NULL, "update jobs acme_open application_count=9", D, "application_count" },
    { "leak_6_nobody_writes_to_himself_in_the_name_of_the_platform", "ada",
      "INSERT INTO notifications (user_id, notification_type, title, message) VALUES (:self, 'x', 't', 'm')",
      "denied", "refused", "insert notifications user_id=ada notification_type=x title=t message=m", D, NULL },

    /* 7. and 14. Oracles: the answer does not depend on what is there. leaks_sessions.c compares the messages. */
    { "leak_7_taken_address_is_not_told", "ada",
      "INSERT INTO users (email, user_type) VALUES ('ben@mail.test', 'candidate')",
      "denied", "refused", "insert users email=ben@mail.test user_type=candidate", D, NULL },
    { "leak_7_free_address_is_not_told", "ada",
      "INSERT INTO users (email, user_type) VALUES ('free@mail.test', 'candidate')",
      "denied", "refused", "insert users email=free@mail.test user_type=candidate", D, NULL },
    { "leak_7_taken_slug_is_not_told", "acme_admin",
      "INSERT INTO companies (name, slug) VALUES ('Beta', 'beta')",
      "denied", "refused", "insert companies name=Beta slug=beta", D, NULL },
    { "leak_7_taken_slug_is_not_told_by_a_change", "acme_admin",
      "UPDATE companies SET slug = 'beta' WHERE id = :acme",
      "denied", NULL, "update companies acme slug=beta", D, "slug" },
    { "leak_7_hidden_job_is_as_missing_as_a_missing_one", "acme_recruiter",
      "INSERT INTO job_skills (job_id, skill_name) VALUES (:beta_filled, 'x')",
      "refused", "refused", "insert job_skills job_id=beta_filled skill_name=x", D, NULL },
    { "leak_7_missing_job_is_refused_likewise", "acme_recruiter",
      "INSERT INTO job_skills (job_id, skill_name) VALUES (:log_nobody, 'x')",
      "refused", "refused", "insert job_skills job_id=log_nobody skill_name=x", D, NULL },
    { "leak_7_hidden_candidate_is_as_missing_as_a_missing_one", "fred",
      "INSERT INTO referrals (recruiter_id, candidate_id, job_id) VALUES (:f_fred, :log_nobody, :acme_open)",
      "refused", "refused",
      "insert referrals recruiter_id=f_fred candidate_id=log_nobody job_id=acme_open", D, NULL },
    { "leak_7_missing_application_is_refused_likewise", "acme_recruiter",
      "INSERT INTO interviews (application_id, scheduled_at) VALUES (:log_nobody, '2026-01-01')",
      "refused", "refused", "insert interviews application_id=log_nobody scheduled_at=2026-01-01T00:00:00", D, NULL },
    { "leak_7_statistics_show_no_values", "ada",
      "SELECT * FROM pg_stats WHERE schemaname = 'public' AND tablename = 'users'",
      "zero", NULL, NULL, 0, NULL },

    /* 8. Cascades. */
    { "leak_8_candidate_does_not_delete_his_application", "ada",
      "DELETE FROM applications WHERE id = :ada_acme",
      "denied", "zero", "delete applications ada_acme", D, NULL },
    { "leak_8_candidate_does_not_delete_his_profile", "ada",
      "DELETE FROM candidate_profiles WHERE id = :p_ada",
      "denied", "zero", "delete candidate_profiles p_ada", D, NULL },
    { "leak_8_user_does_not_delete_himself", "ada",
      "DELETE FROM users WHERE id = :self",
      "denied", "zero", "delete users ada", D, NULL },
    { "leak_8_admin_does_not_delete_an_application", "acme_admin",
      "DELETE FROM applications WHERE id = :ada_acme",
      "denied", "zero", "delete applications ada_acme", D, NULL },
    { "leak_8_recruiter_does_not_delete_a_job_with_what_hangs_on_it", "acme_recruiter",
      "DELETE FROM jobs WHERE id = :acme_draft",
      "zero", "zero", "delete jobs acme_draft", D, NULL },
    { "leak_8_admin_does_not_delete_the_company", "acme_admin",
      "DELETE FROM companies WHERE id = :acme",
      "denied", "zero", "delete companies acme", D, NULL },
    { "leak_8_recruiter_does_not_delete_an_interview", "acme_recruiter",
      "DELETE FROM interviews WHERE id = :i_ada_acme",
      "zero", "zero", "delete interviews i_ada_acme", D, NULL },
    { "leak_8_service_does_not_delete_the_timeline", "service",
      "DELETE FROM application_timeline",
      "denied", NULL, "delete application_timeline t_ada_acme", D, NULL },
    { "leak_8_service_does_not_delete_the_audit_trail", "service",
      "DELETE FROM audit_logs",
      "denied", NULL, "delete audit_logs log_ada", D, NULL },
    { "leak_8_service_does_not_change_the_audit_trail", "service",
      "UPDATE audit_logs SET action = 'x'",
      "denied", NULL, "update audit_logs log_ada action=x", D, NULL },

    /* 9. Definer functions, and what could be put in their way. */
    { "leak_9_visitor_reads_no_credentials", "visitor_plain",
      "SELECT * FROM hotgigs.user_credentials('ada@mail.test')",
      "denied", NULL, NULL, 0, NULL },
    { "leak_9_candidate_reads_no_credentials", "ada",
      "SELECT * FROM hotgigs.user_credentials('ada@mail.test')",
      "denied", NULL, NULL, 0, NULL },
    { "leak_9_admin_reads_no_credentials", "acme_admin",
      "SELECT * FROM hotgigs.user_credentials('ada@mail.test')",
      "denied", NULL, NULL, 0, NULL },
    { "leak_9_freelancer_reads_no_credentials", "fred",
      "SELECT * FROM hotgigs.user_credentials('ada@mail.test')",
      "denied", NULL, NULL, 0, NULL },
    { "leak_9_nobody_reads_his_own_tokens", "ada",
      "SELECT * FROM hotgigs.oauth_tokens(:oa_ada)",
      "denied", NULL, NULL, 0, NULL },
    { "leak_9_company_reads_no_payment_info", "acme_admin",
      "SELECT * FROM hotgigs.my_payment_info()",
      "denied", NULL, NULL, 0, NULL },
    { "leak_9_freelancer_reads_no_other_payment_info", "fred",
      "SELECT FROM hotgigs.my_payment_info() WHERE recruiter_id <> :f_fred",
      "zero", NULL, NULL, 0, NULL },
    { "leak_9_visitor_lists_no_companies_of_others", "visitor_as_ada",
      "SELECT hotgigs.my_companies()",
      "denied", NULL, NULL, 0, NULL },
    { "leak_9_recruiter_elsewhere_asks_nothing_about_interviewers", "acme_recruiter",
      "SELECT WHERE hotgigs.interview_takes(:i_ada_beta, :ada_beta, :both)",
      "zero", NULL, NULL, 0, NULL },
    { "leak_9_manager_elsewhere_asks_nothing_about_members", "acme_manager",
      "SELECT WHERE hotgigs.task_takes(NULL, :beta, :both)",
      "zero", NULL, NULL, 0, NULL },
    { "leak_9_nobody_calls_a_trigger_function", "acme_admin",
      "SELECT hotgigs.keep_last_admin()",
      "denied", NULL, NULL, 0, NULL },
    { "leak_9_nobody_makes_a_temporary_table", "ada",
      "CREATE TEMP TABLE users (id uuid)",
      "denied", NULL, NULL, 0, NULL },
    { "leak_9_nobody_makes_a_function_in_public", "ada",
      "CREATE FUNCTION public.lower(text) RETURNS text LANGUAGE sql AS 'SELECT $1'",
      "denied", NULL, NULL, 0, NULL },
    { "leak_9_nobody_makes_a_table_in_hotgigs", "ada",
      "CREATE TABLE hotgigs.x ()",
      "denied", NULL, NULL, 0, NULL },
    { "leak_9_nobody_makes_a_schema", "ada",
      "CREATE SCHEMA evil",
      "denied", NULL, NULL, 0, NULL },
    { "leak_9_nobody_replaces_auth_uid", "ada",
      "CREATE OR REPLACE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql AS 'SELECT NULL::uuid'",
      "denied", NULL, NULL, 0, NULL },
    { "leak_9_nobody_changes_a_policy", "acme_admin",
      "DROP POLICY company_select ON applications",
      "refused", NULL, NULL, 0, NULL },
    { "leak_9_nobody_switches_row_security_off", "acme_admin",
      "ALTER TABLE applications DISABLE ROW LEVEL SECURITY",
      "refused", NULL, NULL, 0, NULL },
    { "leak_9_row_security_off_is_an_error_and_not_a_way", "acme_admin",
      "SET LOCAL row_security = off; SELECT id FROM applications",
      "refused", "refused", NULL, 0, NULL },
    { "leak_9_nobody_grants_to_himself", "ada",
      "GRANT SELECT ON oauth_accounts TO hotgigs_candidate",
      "denied", NULL, NULL, 0, NULL },
    { "leak_9_nobody_reads_passwords_of_roles", "ada",
      "SELECT rolpassword FROM pg_authid",
      "denied", NULL, NULL, 0, NULL },
    { "leak_9_do_block_is_no_way_out", "ada",
      "DO $$ BEGIN PERFORM password_hash FROM public.users; END $$",
      "denied", NULL, NULL, 0, NULL },

    /* 10. Tables without a tenant. */
    { "leak_10_admin_sees_no_audit_trail_of_others", "acme_admin",
      "SELECT id FROM audit_logs WHERE user_id IS DISTINCT FROM :self",
      "zero", "zero", "get audit_logs log_ada", N, NULL },
    { "leak_10_admin_sees_no_events", "acme_admin",
      "SELECT id FROM analytics_events",
      "denied", "zero", "get analytics_events ev_ada", D, NULL },
    { "leak_10_admin_sees_no_mail", "acme_admin",
      "SELECT id FROM email_logs",
      "denied", "zero", "get email_logs mail_sent", D, NULL },
    { "leak_10_admin_sees_no_contract_of_an_applicant", "acme_admin",
      "SELECT id FROM documents WHERE id = :d_ada_contract",
      "zero", "zero", "get documents d_ada_contract", N, NULL },
    { "leak_10_admin_sees_no_notification_of_others", "acme_admin",
      "SELECT id FROM notifications WHERE user_id <> :self",
      "zero", "zero", "get notifications n_ada", N, NULL },
    { "leak_10_nobody_logs_an_event_in_the_name_of_another", "ben",
      "INSERT INTO analytics_events (user_id, event_type) VALUES (:ada, 'x')",
      "refused", "refused", "insert analytics_events user_id=ada event_type=x", D, NULL },
    { "leak_10_visitor_logs_no_event_of_a_user", "visitor_as_ada",
      "INSERT INTO analytics_events (user_id, event_type) VALUES (:ada, 'x')",
      "refused", "refused", "insert analytics_events user_id=ada event_type=x", D, NULL },

    /* 11. Untrusted identity: of the claims only the id counts, and roles and memberships come from the tables. */
    { "leak_11_candidate_through_the_company_role_is_nobody", "dan_as_company",
      "SELECT id FROM applications",
      "zero", "zero", "get applications ada_beta", N, NULL },
    { "leak_11_admin_through_the_candidate_role_is_nobody", "acme_admin_as_candidate",
      "SELECT id FROM companies",
      "zero", "zero", "get companies acme", N, NULL },
    { "leak_11_candidate_recruiter_sees_no_applications", "dan",
      "SELECT id FROM applications",
      "zero", "zero", "get applications ada_beta", N, NULL },
    { "leak_11_candidate_recruiter_posts_no_job", "dan",
      "INSERT INTO jobs (company_id, posted_by, title, slug, description, job_type) VALUES (:beta, :self, 't',"
      " 's', 'd', 'contract')",
      "denied", "refused",
      "insert jobs company_id=beta posted_by=dan title=t slug=s description=d job_type=contract", D, NULL },
    { "leak_11_role_in_the_claims_counts_for_nothing", "ada",
      "SELECT set_config('request.jwt.claims', '{\"sub\": \"00000101-0000-4000-8000-c00000000001\", \"role\":"
      " \"service_role\", \"user_type\": \"company\", \"is_admin\": true}', true); SELECT id FROM users WHERE id"
      " <> :ada",
      "zero", "zero", NULL, 0, NULL },
    { "leak_11_claims_that_are_no_json_are_an_error", "ada",
      "SELECT set_config('request.jwt.claims', 'ada', true); SELECT id FROM users",
      "22P02", "22P02", NULL, 0, NULL },
    { "leak_11_claims_of_another_shape_are_nobodys", "ada",
      "SELECT set_config('request.jwt.claims', '[\"sub\"]', true); SELECT id FROM users",
      "zero", "zero", NULL, 0, NULL },

    /* COPY. */
    { "leak_copy_reads_no_hidden_column", "ada",
      "COPY users TO STDOUT",
      "denied", NULL, NULL, 0, NULL },
    { "leak_copy_runs_no_program", "ada",
      "COPY (SELECT 1) TO PROGRAM 'cat'",
      "42501", NULL, NULL, 0, NULL },
    { "leak_copy_writes_no_file", "ada",
      "COPY (SELECT 1) TO '/tmp/x'",
      "42501", NULL, NULL, 0, NULL },
    { "leak_copy_does_not_insert_past_the_policies", "ada",
      "COPY documents (user_id, document_type, file_name, file_url) FROM STDIN",
      "0A000", "0A000", NULL, 0, NULL },
};

enum { ATTACKS = sizeof attacks / sizeof attacks[0] };

static PGconn *login, *service, *bare;

static void
make(void)
{
    ck_assert_msg(policy_databases_make() == 0, "the fixture's databases cannot be made");
}

static void
open_connections(void)
{
    login = policy_connect("LOGIN", policy_db);
    service = policy_connect("SERVICE", policy_db);
    bare = policy_connect("LOGIN", policy_bare_db);
    ck_assert(login != NULL && service != NULL && bare != NULL);
}

static void
close_connections(void)
{
    PQfinish(login);
    PQfinish(service);
    PQfinish(bare);
}

static void
check_call(const attack *a)
{
    hg_conn *conn = attack_open(a->who);
    uint64_t trips;
    hg_error err;
    hg_status st = attack_call(conn, a->call, &trips, &err);

    hg_conn_close(conn);
    ck_assert_msg(st == a->status, "%s: %s: %s gave %d (%s), want %d", a->name, a->who, a->call, st, err.message,
        a->status);
    if (a->column == NULL)
        return;
    ck_assert_msg(trips == 0, "%s: %s went to the server", a->name, a->call);
    ck_assert_msg(strstr(err.message, a->column) != NULL && err.column >= 0, "%s: the error names no %s: %s",
        a->name, a->column,
                  err.message);
}

/* "42501" is denied or refused: where the server's words differ from version to version. */
static int
is_as_wanted(const char *got, const char *want)
{
    if (strcmp(want, "42501") == 0)
        return strcmp(got, "denied") == 0 || strcmp(got, "refused") == 0;
    return strcmp(got, want) == 0;
}

START_TEST(attack_fails)
{
    const attack *a = &attacks[_i];
    const policy_person *person = policy_person_find(a->who);
    char got[24];

    ck_assert_msg(person != NULL, "nobody is called %s", a->who);
    attack_raw(person->role == HG_ROLE_SERVICE ? service : login, person, a->sql, got);
    ck_assert_msg(is_as_wanted(got, a->want), "%s: %s: %s gave %s, want %s", a->name, a->who, a->sql, got, a->want);
    if (a->bare != NULL) {
        attack_raw(bare, person, a->sql, got);
        ck_assert_msg(is_as_wanted(got, a->bare), "%s: %s, with every grant: %s gave %s, want %s", a->name, a->who,
            a->sql, got, a->bare);
    }
    if (a->call != NULL)
        check_call(a);
}
END_TEST

/* A test a row, under the row's own name. */
static TTest named[ATTACKS];

Suite *
suite_policies_leaks(void)
{
    Suite *suite = suite_create("policies/leaks");
    TCase *tcase = tcase_create("attacks");

    tcase_set_timeout(tcase, 60);
    tcase_add_unchecked_fixture(tcase, make, NULL);
    tcase_add_unchecked_fixture(tcase, open_connections, close_connections);     /* each attack is rolled back */
    for (int i = 0; i < ATTACKS; i++) {
        named[i] = *attack_fails;
        named[i].name = attacks[i].name;
        _tcase_add_test(tcase, &named[i], 0, 0, i, i + 1);
    }
    suite_add_tcase(suite, tcase);
    suite_add_tcase(suite, tcase_leaks_sessions());
    return suite;
}
