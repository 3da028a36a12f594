-- job_skills: the skills that a job asks for, one row a skill.
--
-- Needs:  jobs (106), the helpers (004), among them company_jobs (106).
-- Seen by whoever sees the job; written by recruiters of its company.

BEGIN;
SET LOCAL ROLE hotgigs_owner;
SET LOCAL search_path = public;

-- A list of values is = ANY ('{...}'), in every table: the server reads a check's text anew for each statement that writes, and
-- the constants and casts of IN (...) cost it as much again (five values: 61,600 instructions, and 33,500 so).
CREATE TABLE job_skills (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    job_id UUID REFERENCES jobs(id) ON DELETE CASCADE,
    skill_name VARCHAR(100) NOT NULL,
    skill_level VARCHAR(20) CHECK (skill_level = ANY ('{beginner,intermediate,advanced,expert}')),
    is_required BOOLEAN DEFAULT true,
    created_at TIMESTAMP DEFAULT NOW()
);
ALTER TABLE job_skills ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE  job_skills             IS 'A skill that a job asks for.';
COMMENT ON COLUMN job_skills.id          IS 'The row''s id.';
COMMENT ON COLUMN job_skills.job_id      IS 'The job; never changes.';
COMMENT ON COLUMN job_skills.skill_name IS
    'Name of the skill, free text; case is kept and does not count in suggestions.';
COMMENT ON COLUMN job_skills.skill_level IS 'Level asked for; NULL: any.';
COMMENT ON COLUMN job_skills.is_required IS 'False: welcome, but not a condition.';
COMMENT ON COLUMN job_skills.created_at  IS 'When the row was made, UTC.';

-- The skills of these jobs; and ON DELETE CASCADE of jobs.
CREATE INDEX job_skills_job_id_idx ON job_skills (job_id);

-- The owner sees all: helpers and definer functions read as the owner.
CREATE POLICY owner_all ON job_skills TO hotgigs_owner
    USING (true) WITH CHECK (true);

-- The application's own jobs work on the rows of all tenants.
CREATE POLICY service_all ON job_skills TO hotgigs_service
    USING (true) WITH CHECK (true);

-- Whoever sees the job sees its skills: the sub-select runs under the caller's policies on jobs.
CREATE POLICY read_with_job ON job_skills FOR SELECT
    TO hotgigs_anon, hotgigs_candidate, hotgigs_company, hotgigs_freelancer
    USING (EXISTS (SELECT FROM jobs j WHERE j.id = job_id));
-- Recruiters of the job's company add skills, (through the company's jobs, not through the visible
-- ones)
CREATE POLICY company_insert ON job_skills FOR INSERT
    TO hotgigs_company
    WITH CHECK (job_id = ANY (ARRAY(SELECT hotgigs.company_jobs('recruiter'))));
-- change
CREATE POLICY company_update ON job_skills FOR UPDATE
    TO hotgigs_company
    USING (job_id = ANY (ARRAY(SELECT hotgigs.company_jobs('recruiter'))))
    WITH CHECK (job_id = ANY (ARRAY(SELECT hotgigs.company_jobs('recruiter'))));
-- and remove them.
CREATE POLICY company_delete ON job_skills FOR DELETE
    TO hotgigs_company
    USING (job_id = ANY (ARRAY(SELECT hotgigs.company_jobs('recruiter'))));

GRANT SELECT (id, job_id, skill_name, skill_level, is_required, created_at, xmin),
      INSERT (id, job_id, skill_name, skill_level, is_required, created_at),
      UPDATE (skill_name, skill_level, is_required),
      DELETE
    ON job_skills TO hotgigs_service;
-- No UPDATE of job_id: policies rely on it, and a row does not change hands.

GRANT SELECT (id, job_id, skill_name, skill_level, is_required, created_at, xmin)
    ON job_skills TO hotgigs_anon, hotgigs_candidate, hotgigs_freelancer;

GRANT SELECT (id, job_id, skill_name, skill_level, is_required, created_at, xmin),
      INSERT (id, job_id, skill_name, skill_level, is_required),
      UPDATE (skill_name, skill_level, is_required),
      DELETE
    ON job_skills TO hotgigs_company;
-- No UPDATE of job_id: a skill does not move to another job.

-- Every change leaves an entry in the audit trail.
CREATE TRIGGER job_skills_audit_insert AFTER INSERT ON job_skills
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();
CREATE TRIGGER job_skills_audit_update AFTER UPDATE ON job_skills
    REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();
CREATE TRIGGER job_skills_audit_delete AFTER DELETE ON job_skills
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();

COMMIT;
