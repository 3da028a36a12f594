-- candidate_experiences: where a candidate has worked.
--
-- Needs:  candidate_profiles (201), the helpers (004), among them my_candidates (201).
-- Seen by whoever sees the profile; written by the candidate.

BEGIN;
SET LOCAL ROLE hotgigs_owner;
SET LOCAL search_path = public;

CREATE TABLE candidate_experiences (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    candidate_id UUID REFERENCES candidate_profiles(id) ON DELETE CASCADE,
    company_name VARCHAR(255) NOT NULL,
    job_title VARCHAR(255) NOT NULL,
    description TEXT,
    start_date DATE NOT NULL,
    end_date DATE,
    is_current BOOLEAN DEFAULT false,
    location VARCHAR(255),
    achievements TEXT[],
    skills_used TEXT[],
    created_at TIMESTAMP DEFAULT NOW(),
    updated_at TIMESTAMP DEFAULT NOW()
);
ALTER TABLE candidate_experiences ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE candidate_experiences IS
    'A position in a candidate''s work history.';
COMMENT ON COLUMN candidate_experiences.id           IS 'The entry''s id.';
COMMENT ON COLUMN candidate_experiences.candidate_id IS 'The candidate profile; never changes.';
COMMENT ON COLUMN candidate_experiences.company_name IS 'Employer, as the candidate writes it.';
COMMENT ON COLUMN candidate_experiences.job_title    IS 'Title held.';
COMMENT ON COLUMN candidate_experiences.description  IS 'What the work was.';
COMMENT ON COLUMN candidate_experiences.start_date   IS 'First day, or first of the month.';
COMMENT ON COLUMN candidate_experiences.end_date     IS 'Last day; NULL: still there, or not said.';
COMMENT ON COLUMN candidate_experiences.is_current   IS 'True: still there; then end_date is NULL.';
COMMENT ON COLUMN candidate_experiences.location     IS 'Where, free text.';
COMMENT ON COLUMN candidate_experiences.achievements IS 'One sentence an element.';
COMMENT ON COLUMN candidate_experiences.skills_used  IS 'One name an element.';
COMMENT ON COLUMN candidate_experiences.created_at   IS 'When the row was made, UTC.';
COMMENT ON COLUMN candidate_experiences.updated_at IS
    'Last change, UTC; the row version; kept by a trigger.';

-- The history of these candidates; and ON DELETE CASCADE of candidate_profiles.
CREATE INDEX candidate_experiences_candidate_id_idx ON candidate_experiences (candidate_id);

-- The owner sees all: helpers and definer functions read as the owner.
CREATE POLICY owner_all ON candidate_experiences TO hotgigs_owner
    USING (true) WITH CHECK (true);

-- The application's own jobs work on the rows of all tenants.
CREATE POLICY service_all ON candidate_experiences TO hotgigs_service
    USING (true) WITH CHECK (true);

-- A candidate sees his own history,
CREATE POLICY candidate_select ON candidate_experiences FOR SELECT
    TO hotgigs_candidate
    USING (candidate_id = ANY ((SELECT candidates FROM hotgigs.callers)::uuid[]));
-- adds to it,
CREATE POLICY candidate_insert ON candidate_experiences FOR INSERT
    TO hotgigs_candidate
    WITH CHECK (candidate_id = ANY ((SELECT candidates FROM hotgigs.callers)::uuid[]));
-- changes it
CREATE POLICY candidate_update ON candidate_experiences FOR UPDATE
    TO hotgigs_candidate
    USING (candidate_id = ANY ((SELECT candidates FROM hotgigs.callers)::uuid[]))
    WITH CHECK (candidate_id = ANY ((SELECT candidates FROM hotgigs.callers)::uuid[]));
-- and removes from it.
CREATE POLICY candidate_delete ON candidate_experiences FOR DELETE
    TO hotgigs_candidate
    USING (candidate_id = ANY ((SELECT candidates FROM hotgigs.callers)::uuid[]));
-- Others see it with the profile: the sub-select runs under their policies on candidate_profiles.
CREATE POLICY read_with_profile ON candidate_experiences FOR SELECT
    TO hotgigs_company, hotgigs_freelancer
    USING (EXISTS (SELECT FROM candidate_profiles p WHERE p.id = candidate_id));

GRANT SELECT (id, candidate_id, company_name, job_title, description, start_date, end_date,
              is_current, location, achievements, skills_used, created_at, updated_at, xmin),
      INSERT (id, candidate_id, company_name, job_title, description, start_date, end_date,
              is_current, location, achievements, skills_used, created_at, updated_at),
      UPDATE (company_name, job_title, description, start_date, end_date, is_current, location,
              achievements, skills_used),
      DELETE
    ON candidate_experiences TO hotgigs_service;
-- No UPDATE of candidate_id: policies rely on it, and a row does not change hands.

GRANT SELECT (id, candidate_id, company_name, job_title, description, start_date, end_date,
              is_current, location, achievements, skills_used, created_at, updated_at, xmin),
      INSERT (id, candidate_id, company_name, job_title, description, start_date, end_date,
              is_current, location, achievements, skills_used),
      UPDATE (company_name, job_title, description, start_date, end_date, is_current, location,
              achievements, skills_used),
      DELETE
    ON candidate_experiences TO hotgigs_candidate;

GRANT SELECT (id, candidate_id, company_name, job_title, description, start_date, end_date,
              is_current, location, achievements, skills_used, created_at, updated_at, xmin)
    ON candidate_experiences TO hotgigs_company, hotgigs_freelancer;
-- No UPDATE of candidate_id: an entry does not move to another profile. Nothing for hotgigs_anon.

CREATE TRIGGER candidate_experiences_touch BEFORE UPDATE ON candidate_experiences
    FOR EACH ROW EXECUTE FUNCTION hotgigs.touch_updated_at();

-- Every change leaves an entry in the audit trail.
CREATE TRIGGER candidate_experiences_audit_insert AFTER INSERT ON candidate_experiences
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();
CREATE TRIGGER candidate_experiences_audit_update AFTER UPDATE ON candidate_experiences
    REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();
CREATE TRIGGER candidate_experiences_audit_delete AFTER DELETE ON candidate_experiences
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();

COMMIT;
