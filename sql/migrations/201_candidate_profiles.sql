-- candidate_profiles: what a candidate tells about his work, and what he looks for.
--
-- Needs:  users (101), the helpers (004), among them my_companies (105), company_applicants (204)
--         and referred_candidates (402).
-- Seen and written by oneself, but for ai_score. Seen without salary, score and settings by the
-- companies applied to; by recruiters and freelancers if visibility_settings opts in; by the
-- freelancer who referred him with his consent. What the flags open besides is a card (450).

BEGIN;
SET LOCAL ROLE hotgigs_owner;
SET LOCAL search_path = public;

CREATE TABLE candidate_profiles (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id UUID REFERENCES users(id) ON DELETE CASCADE,
    headline VARCHAR(255),
    summary TEXT,
    current_title VARCHAR(255),
    current_company VARCHAR(255),
    experience_years INTEGER,
    education_level VARCHAR(50),
    availability VARCHAR(50) CHECK (availability = ANY ('{immediately,within_2_weeks,within_month,not_looking}')),
    desired_salary_min INTEGER,
    desired_salary_max INTEGER,
    desired_salary_currency VARCHAR(3) DEFAULT 'USD',
    desired_job_types TEXT[],
    desired_locations TEXT[],
    remote_preference VARCHAR(50),
    skills JSONB DEFAULT '[]',
    languages JSONB DEFAULT '[]',
    portfolio_url VARCHAR(255),
    resume_url TEXT,
    cover_letter_template TEXT,
    ai_score JSONB DEFAULT '{}',
    visibility_settings JSONB DEFAULT '{}',
    created_at TIMESTAMP DEFAULT NOW(),
    updated_at TIMESTAMP DEFAULT NOW()
);
ALTER TABLE candidate_profiles ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE candidate_profiles IS
    'What a candidate tells about himself; one a user, where all is well.';
COMMENT ON COLUMN candidate_profiles.id IS
    'The profile''s id; what other tables call candidate_id.';
COMMENT ON COLUMN candidate_profiles.user_id IS
    'The user it belongs to; never changes; NULL: belongs to nobody.';
COMMENT ON COLUMN candidate_profiles.headline                IS 'One line under the name.';
COMMENT ON COLUMN candidate_profiles.summary                 IS 'Free text about oneself.';
COMMENT ON COLUMN candidate_profiles.current_title           IS 'Present job title.';
COMMENT ON COLUMN candidate_profiles.current_company         IS 'Present employer.';
COMMENT ON COLUMN candidate_profiles.experience_years        IS 'Years of work, whole.';
COMMENT ON COLUMN candidate_profiles.education_level IS
    'Free text: high_school, bachelor, master, doctorate, ...';
COMMENT ON COLUMN candidate_profiles.availability            IS 'How soon he could begin.';
COMMENT ON COLUMN candidate_profiles.desired_salary_min IS
    'Lower end, whole units of desired_salary_currency a year; NULL: open.';
COMMENT ON COLUMN candidate_profiles.desired_salary_max      IS 'Upper end, inclusive; NULL: open.';
COMMENT ON COLUMN candidate_profiles.desired_salary_currency IS 'ISO 4217 code.';
COMMENT ON COLUMN candidate_profiles.desired_job_types       IS 'Values as in jobs.job_type.';
COMMENT ON COLUMN candidate_profiles.desired_locations       IS 'Places, free text.';
COMMENT ON COLUMN candidate_profiles.remote_preference IS
    'Free text: on_site, remote, hybrid, any.';
COMMENT ON COLUMN candidate_profiles.skills IS
    'Array of names or of {name, level, years}.';
COMMENT ON COLUMN candidate_profiles.languages IS
    'Array of names or of {name, level}.';
COMMENT ON COLUMN candidate_profiles.portfolio_url           IS 'Portfolio page.';
COMMENT ON COLUMN candidate_profiles.resume_url              IS 'The résumé to send by default.';
COMMENT ON COLUMN candidate_profiles.cover_letter_template IS
    'Text to begin a cover letter with; seen by oneself only.';
COMMENT ON COLUMN candidate_profiles.ai_score IS
    'Object of scores made by a model; written by the service, seen by oneself only.';
COMMENT ON COLUMN candidate_profiles.visibility_settings IS
    'Object: profile_public, salary_visible, contact_visible, referrers (array of ids).';
COMMENT ON COLUMN candidate_profiles.created_at              IS 'When the row was made, UTC.';
COMMENT ON COLUMN candidate_profiles.updated_at IS
    'Last change, UTC; the row version; kept by a trigger.';

-- The profile of this user: every policy of a candidate asks it; and ON DELETE CASCADE of users.
CREATE INDEX candidate_profiles_user_id_idx ON candidate_profiles (user_id);

-- Who consents to being referred by this freelancer: hotgigs.consenting_candidates.
CREATE INDEX candidate_profiles_visibility_settings_idx ON candidate_profiles
    USING gin ((visibility_settings -> 'referrers'));

-- Flags of visibility_settings, all absent at first, which means no:
--   profile_public   true: opted in, recruiters and freelancers may find the profile
--   salary_visible   true: whoever sees the profile sees the desired salary
--   contact_visible  true: whoever sees the profile sees e-mail address and phone
--   referrers        ids of freelance_recruiters who may refer him: the consent for a referral
-- Only the JSON value true opens anything; the text "true" does not.

-- The owner sees all: helpers and definer functions read as the owner.
CREATE POLICY owner_all ON candidate_profiles TO hotgigs_owner
    USING (true) WITH CHECK (true);

-- The application's own jobs work on the rows of all tenants.
CREATE POLICY service_all ON candidate_profiles TO hotgigs_service
    USING (true) WITH CHECK (true);

-- A candidate sees his own profile,
CREATE POLICY candidate_select ON candidate_profiles FOR SELECT
    TO hotgigs_candidate
    USING (user_id = (SELECT caller_id FROM hotgigs.callers));
-- makes it, once,
CREATE POLICY candidate_insert ON candidate_profiles FOR INSERT
    TO hotgigs_candidate
    WITH CHECK (user_id = (SELECT caller_id FROM hotgigs.callers)
                AND NOT EXISTS (SELECT hotgigs.my_candidates()));
-- and changes it.
CREATE POLICY candidate_update ON candidate_profiles FOR UPDATE
    TO hotgigs_candidate
    USING (user_id = (SELECT caller_id FROM hotgigs.callers))
    WITH CHECK (user_id = (SELECT caller_id FROM hotgigs.callers));
-- Members see who applied to their company; recruiters also see who opted in. (Applicants: none
-- until 204.)
CREATE POLICY company_select ON candidate_profiles FOR SELECT
    TO hotgigs_company
    USING (id = ANY (ARRAY(SELECT hotgigs.company_applicants()))
           OR (visibility_settings @> '{"profile_public": true}'
               AND EXISTS (SELECT FROM hotgigs.callers WHERE recruiter_of <> '{}')));
-- Freelancers see whom they referred with his consent (none until 402), and who opted in: that the
-- caller is a live user is said there, since no helper says it.
CREATE POLICY freelancer_select ON candidate_profiles FOR SELECT
    TO hotgigs_freelancer
    USING (id = ANY (ARRAY(SELECT hotgigs.referred_candidates()))
           OR (visibility_settings @> '{"profile_public": true}'
               AND (SELECT caller_id FROM hotgigs.callers) IS NOT NULL));

GRANT SELECT (id, user_id, headline, summary, current_title, current_company, experience_years,
              education_level, availability, desired_salary_min, desired_salary_max,
              desired_salary_currency, desired_job_types, desired_locations, remote_preference,
              skills, languages, portfolio_url, resume_url, cover_letter_template, ai_score,
              visibility_settings, created_at, updated_at, xmin),
      INSERT (id, user_id, headline, summary, current_title, current_company, experience_years,
              education_level, availability, desired_salary_min, desired_salary_max,
              desired_salary_currency, desired_job_types, desired_locations, remote_preference,
              skills, languages, portfolio_url, resume_url, cover_letter_template, ai_score,
              visibility_settings, created_at, updated_at),
      UPDATE (headline, summary, current_title, current_company, experience_years, education_level,
              availability, desired_salary_min, desired_salary_max, desired_salary_currency,
              desired_job_types, desired_locations, remote_preference, skills, languages,
              portfolio_url, resume_url, cover_letter_template, ai_score, visibility_settings),
      DELETE
    ON candidate_profiles TO hotgigs_service;
-- No UPDATE of user_id: policies rely on it, and a row does not change hands.

GRANT SELECT (id, user_id, headline, summary, current_title, current_company, experience_years,
              education_level, availability, desired_salary_min, desired_salary_max,
              desired_salary_currency, desired_job_types, desired_locations, remote_preference,
              skills, languages, portfolio_url, resume_url, cover_letter_template, ai_score,
              visibility_settings, created_at, updated_at, xmin),
      INSERT (id, user_id, headline, summary, current_title, current_company, experience_years,
              education_level, availability, desired_salary_min, desired_salary_max,
              desired_salary_currency, desired_job_types, desired_locations, remote_preference,
              skills, languages, portfolio_url, resume_url, cover_letter_template,
              visibility_settings),
      UPDATE (headline, summary, current_title, current_company, experience_years, education_level,
              availability, desired_salary_min, desired_salary_max, desired_salary_currency,
              desired_job_types, desired_locations, remote_preference, skills, languages,
              portfolio_url, resume_url, cover_letter_template, visibility_settings)
    ON candidate_profiles TO hotgigs_candidate;
-- No INSERT or UPDATE of ai_score: the service's. No DELETE: applications would go with the
-- profile.

GRANT SELECT (id, user_id, headline, summary, current_title, current_company, experience_years,
              education_level, availability, desired_job_types, desired_locations,
              remote_preference, skills, languages, portfolio_url, resume_url, created_at,
              updated_at, xmin)
    ON candidate_profiles TO hotgigs_company, hotgigs_freelancer;
-- No SELECT of the salary, which depends on a flag of the row: a card (candidate_cards). Nothing
-- for hotgigs_anon.

CREATE TRIGGER candidate_profiles_touch BEFORE UPDATE ON candidate_profiles
    FOR EACH ROW EXECUTE FUNCTION hotgigs.touch_updated_at();

-- Every change leaves an entry in the audit trail.
CREATE TRIGGER candidate_profiles_audit_insert AFTER INSERT ON candidate_profiles
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();
CREATE TRIGGER candidate_profiles_audit_update AFTER UPDATE ON candidate_profiles
    REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();
CREATE TRIGGER candidate_profiles_audit_delete AFTER DELETE ON candidate_profiles
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();

COMMIT;
