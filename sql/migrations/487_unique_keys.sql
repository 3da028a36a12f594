-- Unique keys that the product needs and the document lacks.
--
-- Needs:  user_profiles (102), jobs (106), candidate_profiles (201), applications (204),
--         ai_job_matches (302), freelance_recruiters (401), referrals (402), the search (470).
--
-- The steps lock what they decide about, and find who was quicker before they write: they give one
-- row without these indexes as well. The indexes hold the same against the tables' own calls, psql and
-- whatever else writes. Rows without a parent (NULL) are as many as they like.
--
-- They are indexes and no constraints: an upsert names a key of the document, with these or without.
-- Where one takes the columns of a plain index, that one goes.
--
-- Fails with 23505 where there are such rows already; they are to be merged first.

BEGIN;
SET LOCAL ROLE hotgigs_owner;
SET LOCAL search_path = public;

-- One profile a user.
CREATE UNIQUE INDEX user_profiles_user_id_once ON user_profiles (user_id);
DROP INDEX user_profiles_user_id_idx;

CREATE UNIQUE INDEX candidate_profiles_user_id_once ON candidate_profiles (user_id);
DROP INDEX candidate_profiles_user_id_idx;

CREATE UNIQUE INDEX freelance_recruiters_user_id_once ON freelance_recruiters (user_id);
DROP INDEX freelance_recruiters_user_id_idx;

-- One address of a job in its company.
CREATE UNIQUE INDEX jobs_company_id_slug_once ON jobs (company_id, slug);
DROP INDEX jobs_company_id_slug_idx;

-- One application of a candidate for a job: also "has he applied for these jobs?".
CREATE UNIQUE INDEX applications_candidate_id_job_id_once ON applications (candidate_id, job_id);

-- One match of a candidate with a job.
CREATE UNIQUE INDEX ai_job_matches_candidate_id_job_id_once ON ai_job_matches (candidate_id, job_id);

-- The first referral of a candidate to a job is the only one.
CREATE UNIQUE INDEX referrals_candidate_id_job_id_once ON referrals (candidate_id, job_id);
DROP INDEX referrals_candidate_id_job_id_idx;

COMMIT;
