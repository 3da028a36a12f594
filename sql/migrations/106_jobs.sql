-- jobs: what companies offer.
--
-- Needs:  companies (104), users (101), the helpers (004), among them my_companies (105),
--         applied_jobs (204) and referred_jobs (402).
-- Seen by everyone while public, by members always, and by those who applied or referred somebody.
-- Written by recruiters of the company, deleted by its admins.

BEGIN;
SET LOCAL ROLE hotgigs_owner;
SET LOCAL search_path = public;

CREATE TABLE jobs (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    company_id UUID REFERENCES companies(id) ON DELETE CASCADE,
    posted_by UUID REFERENCES users(id),
    title VARCHAR(255) NOT NULL,
    slug VARCHAR(255) NOT NULL,
    description TEXT NOT NULL,
    requirements TEXT,
    responsibilities TEXT,
    benefits TEXT,
    job_type VARCHAR(50) NOT NULL CHECK (job_type = ANY ('{full_time,part_time,contract,freelance,internship}')),
    experience_level VARCHAR(50) CHECK (experience_level = ANY ('{entry,mid,senior,executive}')),
    location VARCHAR(255),
    remote_type VARCHAR(50) CHECK (remote_type = ANY ('{on_site,remote,hybrid}')),
    salary_min INTEGER,
    salary_max INTEGER,
    salary_currency VARCHAR(3) DEFAULT 'USD',
    salary_period VARCHAR(20) DEFAULT 'yearly',
    skills JSONB DEFAULT '[]',
    department VARCHAR(100),
    employment_status VARCHAR(50) DEFAULT 'open',
    application_deadline TIMESTAMP,
    is_featured BOOLEAN DEFAULT false,
    is_public BOOLEAN DEFAULT true,
    view_count INTEGER DEFAULT 0,
    application_count INTEGER DEFAULT 0,
    ai_generated_content JSONB DEFAULT '{}',
    seo_keywords TEXT[],
    created_at TIMESTAMP DEFAULT NOW(),
    updated_at TIMESTAMP DEFAULT NOW()
);
ALTER TABLE jobs ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE  jobs                      IS 'A job posting of a company.';
COMMENT ON COLUMN jobs.id                   IS 'The job''s id.';
COMMENT ON COLUMN jobs.company_id           IS 'The company that offers it; never changes.';
COMMENT ON COLUMN jobs.posted_by            IS 'The user who posted it; NULL: unknown or erased.';
COMMENT ON COLUMN jobs.title                IS 'Title as shown.';
COMMENT ON COLUMN jobs.slug IS
    'Title in URLs; unique per company where the product makes it.';
COMMENT ON COLUMN jobs.description IS
    'What the job is, free text or markup of the application''s.';
COMMENT ON COLUMN jobs.requirements         IS 'What is asked for.';
COMMENT ON COLUMN jobs.responsibilities     IS 'What is to be done.';
COMMENT ON COLUMN jobs.benefits             IS 'What is offered.';
COMMENT ON COLUMN jobs.job_type             IS 'Kind of employment.';
COMMENT ON COLUMN jobs.experience_level     IS 'Experience asked for; NULL: any.';
COMMENT ON COLUMN jobs.location             IS 'Where, free text.';
COMMENT ON COLUMN jobs.remote_type IS
    'Whether it can be done from elsewhere; NULL: not said.';
COMMENT ON COLUMN jobs.salary_min IS
    'Lower end, whole units of salary_currency per salary_period; NULL: open.';
COMMENT ON COLUMN jobs.salary_max           IS 'Upper end, inclusive, as salary_min; NULL: open.';
COMMENT ON COLUMN jobs.salary_currency      IS 'ISO 4217 code.';
COMMENT ON COLUMN jobs.salary_period        IS 'Free text: yearly, monthly, hourly, ...';
COMMENT ON COLUMN jobs.skills               IS 'Array of names or of {name, level, years}.';
COMMENT ON COLUMN jobs.department           IS 'Free text.';
COMMENT ON COLUMN jobs.employment_status IS
    'Free text: open, closed, draft, paused, filled, ...; open by default.';
COMMENT ON COLUMN jobs.application_deadline IS 'Last moment to apply, UTC; NULL: none.';
COMMENT ON COLUMN jobs.is_featured          IS 'True: shown first in lists.';
COMMENT ON COLUMN jobs.is_public IS
    'True: seen by everyone, whatever employment_status says.';
COMMENT ON COLUMN jobs.view_count IS
    'How often it was looked at; kept by the service; does not move updated_at.';
COMMENT ON COLUMN jobs.application_count IS
    'How many applications there are; kept by a trigger; does not move updated_at.';
COMMENT ON COLUMN jobs.ai_generated_content IS
    'Object: texts and hints made by a model; read by the company persona only.';
COMMENT ON COLUMN jobs.seo_keywords         IS 'Words for search engines.';
COMMENT ON COLUMN jobs.created_at           IS 'When the row was made, UTC.';
COMMENT ON COLUMN jobs.updated_at IS
    'Last change but for the two counters, UTC; the row version; kept by a trigger.';

-- The document's: the jobs of a company; open public jobs; jobs at a place; the newest first.
CREATE INDEX idx_jobs_company_id ON jobs(company_id);
CREATE INDEX idx_jobs_status_public ON jobs(employment_status, is_public);
CREATE INDEX idx_jobs_location ON jobs(location);
CREATE INDEX idx_jobs_created_at ON jobs(created_at DESC);
-- The newest, a page at a time: those of one import have one created_at, and a page is to read no more than itself.
CREATE INDEX jobs_created_at_id_idx ON jobs (created_at DESC, id);

-- The jobs that this user posted; and whether a user who is to be deleted posted any.
CREATE INDEX jobs_posted_by_idx ON jobs (posted_by);

CREATE OR REPLACE FUNCTION hotgigs.company_jobs(at_least text DEFAULT 'viewer')
RETURNS SETOF uuid
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
ROWS 10
PARALLEL SAFE
SET search_path = ''
AS $$
BEGIN
    RETURN QUERY
    SELECT j.id
    FROM   hotgigs.callers me
    JOIN   public.company_members m ON m.user_id = me.caller_id
    JOIN   public.jobs j ON j.company_id = m.company_id
    WHERE  me.subject = hotgigs.claimed_subject()
    AND    me.persona = current_setting('role')
    AND    current_setting('role') = 'hotgigs_company'
    AND    m.is_active
    AND    m.joined_at IS NOT NULL
    AND    hotgigs.member_rank(m.role) >= hotgigs.member_rank(at_least);
END
$$;

-- The owner sees all: helpers and definer functions read as the owner.
CREATE POLICY owner_all ON jobs TO hotgigs_owner
    USING (true) WITH CHECK (true);

-- The application's own jobs work on the rows of all tenants.
CREATE POLICY service_all ON jobs TO hotgigs_service
    USING (true) WITH CHECK (true);

-- The document's own, for every persona: a public job is public, and members see all jobs of their
-- company. A list of public jobs says is_public itself: the OR keeps an index from serving it.
CREATE POLICY "Public jobs are viewable by all" ON jobs FOR SELECT
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer
    USING (is_public = true
           OR company_id = ANY ((SELECT viewer_of FROM hotgigs.callers)::uuid[]));
-- A visitor is no member of anything, and is not asked.
CREATE POLICY anon_select ON jobs FOR SELECT
    TO hotgigs_anon
    USING (is_public = true);
-- Who has applied for a job sees it whatever becomes of it. (Empty until 204.)
CREATE POLICY candidate_select ON jobs FOR SELECT
    TO hotgigs_candidate
    USING (id = ANY (ARRAY(SELECT hotgigs.applied_jobs())));
-- Likewise who has referred somebody to it. (Empty until 402.)
CREATE POLICY freelancer_select ON jobs FOR SELECT
    TO hotgigs_freelancer
    USING (id = ANY (ARRAY(SELECT hotgigs.referred_jobs())));
-- Recruiters post, in their own name,
CREATE POLICY company_insert ON jobs FOR INSERT
    TO hotgigs_company
    WITH CHECK (company_id = ANY ((SELECT recruiter_of FROM hotgigs.callers)::uuid[])
                AND posted_by = (SELECT caller_id FROM hotgigs.callers));
-- and change the jobs of their company.
CREATE POLICY company_update ON jobs FOR UPDATE
    TO hotgigs_company
    USING (company_id = ANY ((SELECT recruiter_of FROM hotgigs.callers)::uuid[]))
    WITH CHECK (company_id = ANY ((SELECT recruiter_of FROM hotgigs.callers)::uuid[]));
-- Only admins delete: applications and interviews go with the job.
CREATE POLICY company_delete ON jobs FOR DELETE
    TO hotgigs_company
    USING (company_id = ANY ((SELECT admin_of FROM hotgigs.callers)::uuid[]));

GRANT SELECT (id, company_id, posted_by, title, slug, description, requirements, responsibilities,
              benefits, job_type, experience_level, location, remote_type, salary_min, salary_max,
              salary_currency, salary_period, skills, department, employment_status,
              application_deadline, is_featured, is_public, view_count, application_count,
              ai_generated_content, seo_keywords, created_at, updated_at, xmin),
      INSERT (id, company_id, posted_by, title, slug, description, requirements, responsibilities,
              benefits, job_type, experience_level, location, remote_type, salary_min, salary_max,
              salary_currency, salary_period, skills, department, employment_status,
              application_deadline, is_featured, is_public, view_count, application_count,
              ai_generated_content, seo_keywords, created_at, updated_at),
      UPDATE (posted_by, title, slug, description, requirements, responsibilities, benefits,
              job_type, experience_level, location, remote_type, salary_min, salary_max,
              salary_currency, salary_period, skills, department, employment_status,
              application_deadline, is_featured, is_public, view_count, application_count,
              ai_generated_content, seo_keywords),
      DELETE
    ON jobs TO hotgigs_service;
-- No UPDATE of company_id: policies rely on it, and a row does not change hands.

GRANT SELECT (id, company_id, posted_by, title, slug, description, requirements, responsibilities,
              benefits, job_type, experience_level, location, remote_type, salary_min, salary_max,
              salary_currency, salary_period, skills, department, employment_status,
              application_deadline, is_featured, is_public, view_count, application_count,
              seo_keywords, created_at, updated_at, xmin)
    ON jobs TO hotgigs_anon, hotgigs_candidate, hotgigs_freelancer;

GRANT SELECT (id, company_id, posted_by, title, slug, description, requirements, responsibilities,
              benefits, job_type, experience_level, location, remote_type, salary_min, salary_max,
              salary_currency, salary_period, skills, department, employment_status,
              application_deadline, is_featured, is_public, view_count, application_count,
              ai_generated_content, seo_keywords, created_at, updated_at, xmin),
      INSERT (id, company_id, posted_by, title, slug, description, requirements, responsibilities,
              benefits, job_type, experience_level, location, remote_type, salary_min, salary_max,
              salary_currency, salary_period, skills, department, employment_status,
              application_deadline, is_featured, is_public, ai_generated_content, seo_keywords),
      UPDATE (title, slug, description, requirements, responsibilities, benefits, job_type,
              experience_level, location, remote_type, salary_min, salary_max, salary_currency,
              salary_period, skills, department, employment_status, application_deadline,
              is_featured, is_public, ai_generated_content, seo_keywords),
      DELETE
    ON jobs TO hotgigs_company;
-- No UPDATE of company_id, posted_by: a job stays with its company. No INSERT or UPDATE of the
-- counters.

-- As touch_updated_at(), but the counters do not count: a page view is no conflict for an editor.
CREATE FUNCTION hotgigs.touch_job()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = ''
AS $$
DECLARE
    but_for_counters public.jobs;
BEGIN
    NEW.updated_at := OLD.updated_at;
    but_for_counters := NEW;
    but_for_counters.view_count := OLD.view_count;
    but_for_counters.application_count := OLD.application_count;
    IF NOT but_for_counters *= OLD THEN
        NEW.updated_at := greatest(now() AT TIME ZONE 'UTC',
                                   nullif(OLD.updated_at, 'infinity') + interval '1 microsecond');
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION hotgigs.touch_job() IS
    'Trigger: jobs.updated_at grows whenever more than view_count and application_count changed.';
REVOKE ALL ON FUNCTION hotgigs.touch_job() FROM PUBLIC;

CREATE TRIGGER jobs_touch BEFORE UPDATE ON jobs
    FOR EACH ROW EXECUTE FUNCTION hotgigs.touch_job();

-- Every change leaves an entry in the audit trail.
CREATE TRIGGER jobs_audit_insert AFTER INSERT ON jobs
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();
CREATE TRIGGER jobs_audit_update AFTER UPDATE ON jobs
    REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();
CREATE TRIGGER jobs_audit_delete AFTER DELETE ON jobs
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();

COMMIT;
