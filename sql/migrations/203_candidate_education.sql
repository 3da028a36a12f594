-- candidate_education: where a candidate has studied.
--
-- Needs:  candidate_profiles (201), the helpers (004), among them my_candidates (201).
-- Seen by whoever sees the profile; written by the candidate.

BEGIN;
SET LOCAL ROLE hotgigs_owner;
SET LOCAL search_path = public;

CREATE TABLE candidate_education (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    candidate_id UUID REFERENCES candidate_profiles(id) ON DELETE CASCADE,
    institution_name VARCHAR(255) NOT NULL,
    degree VARCHAR(255),
    field_of_study VARCHAR(255),
    start_date DATE,
    end_date DATE,
    gpa DECIMAL(3,2),
    description TEXT,
    achievements TEXT[],
    created_at TIMESTAMP DEFAULT NOW(),
    updated_at TIMESTAMP DEFAULT NOW()
);
ALTER TABLE candidate_education ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE  candidate_education                  IS 'A place in a candidate''s education.';
COMMENT ON COLUMN candidate_education.id               IS 'The entry''s id.';
COMMENT ON COLUMN candidate_education.candidate_id     IS 'The candidate profile; never changes.';
COMMENT ON COLUMN candidate_education.institution_name IS 'School or university.';
COMMENT ON COLUMN candidate_education.degree           IS 'Degree, as it is called there.';
COMMENT ON COLUMN candidate_education.field_of_study   IS 'Subject.';
COMMENT ON COLUMN candidate_education.start_date IS
    'First day, or first of the month; NULL: not said.';
COMMENT ON COLUMN candidate_education.end_date IS
    'Last day; NULL: still there, or not said.';
COMMENT ON COLUMN candidate_education.gpa IS
    'Grade point average, 0.00 to 9.99, on the institution''s own scale.';
COMMENT ON COLUMN candidate_education.description      IS 'Free text.';
COMMENT ON COLUMN candidate_education.achievements     IS 'One sentence an element.';
COMMENT ON COLUMN candidate_education.created_at       IS 'When the row was made, UTC.';
COMMENT ON COLUMN candidate_education.updated_at IS
    'Last change, UTC; the row version; kept by a trigger.';

-- The education of these candidates; and ON DELETE CASCADE of candidate_profiles.
CREATE INDEX candidate_education_candidate_id_idx ON candidate_education (candidate_id);

-- The owner sees all: helpers and definer functions read as the owner.
CREATE POLICY owner_all ON candidate_education TO hotgigs_owner
    USING (true) WITH CHECK (true);

-- The application's own jobs work on the rows of all tenants.
CREATE POLICY service_all ON candidate_education TO hotgigs_service
    USING (true) WITH CHECK (true);

-- A candidate sees his own education,
CREATE POLICY candidate_select ON candidate_education FOR SELECT
    TO hotgigs_candidate
    USING (candidate_id = ANY ((SELECT candidates FROM hotgigs.callers)::uuid[]));
-- adds to it,
CREATE POLICY candidate_insert ON candidate_education FOR INSERT
    TO hotgigs_candidate
    WITH CHECK (candidate_id = ANY ((SELECT candidates FROM hotgigs.callers)::uuid[]));
-- changes it
CREATE POLICY candidate_update ON candidate_education FOR UPDATE
    TO hotgigs_candidate
    USING (candidate_id = ANY ((SELECT candidates FROM hotgigs.callers)::uuid[]))
    WITH CHECK (candidate_id = ANY ((SELECT candidates FROM hotgigs.callers)::uuid[]));
-- and removes from it.
CREATE POLICY candidate_delete ON candidate_education FOR DELETE
    TO hotgigs_candidate
    USING (candidate_id = ANY ((SELECT candidates FROM hotgigs.callers)::uuid[]));
-- Others see it with the profile: the sub-select runs under their policies on candidate_profiles.
CREATE POLICY read_with_profile ON candidate_education FOR SELECT
    TO hotgigs_company, hotgigs_freelancer
    USING (EXISTS (SELECT FROM candidate_profiles p WHERE p.id = candidate_id));

GRANT SELECT (id, candidate_id, institution_name, degree, field_of_study, start_date, end_date, gpa,
              description, achievements, created_at, updated_at, xmin),
      INSERT (id, candidate_id, institution_name, degree, field_of_study, start_date, end_date, gpa,
              description, achievements, created_at, updated_at),
      UPDATE (institution_name, degree, field_of_study, start_date, end_date, gpa, description,
              achievements),
      DELETE
    ON candidate_education TO hotgigs_service;
-- No UPDATE of candidate_id: policies rely on it, and a row does not change hands.

GRANT SELECT (id, candidate_id, institution_name, degree, field_of_study, start_date, end_date, gpa,
              description, achievements, created_at, updated_at, xmin),
      INSERT (id, candidate_id, institution_name, degree, field_of_study, start_date, end_date, gpa,
              description, achievements),
      UPDATE (institution_name, degree, field_of_study, start_date, end_date, gpa, description,
              achievements),
      DELETE
    ON candidate_education TO hotgigs_candidate;

GRANT SELECT (id, candidate_id, institution_name, degree, field_of_study, start_date, end_date, gpa,
              description, achievements, created_at, updated_at, xmin)
    ON candidate_education TO hotgigs_company, hotgigs_freelancer;
-- No UPDATE of candidate_id: an entry does not move to another profile. Nothing for hotgigs_anon.

CREATE TRIGGER candidate_education_touch BEFORE UPDATE ON candidate_education
    FOR EACH ROW EXECUTE FUNCTION hotgigs.touch_updated_at();

-- Every change leaves an entry in the audit trail.
CREATE TRIGGER candidate_education_audit_insert AFTER INSERT ON candidate_education
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();
CREATE TRIGGER candidate_education_audit_update AFTER UPDATE ON candidate_education
    REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();
CREATE TRIGGER candidate_education_audit_delete AFTER DELETE ON candidate_education
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();

COMMIT;
