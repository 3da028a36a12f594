-- applications: a candidate applies for a job.
--
-- Needs:  jobs (106), candidate_profiles (201), users (101), the helpers (004), among them
--         my_candidates (201) and company_jobs (106).
-- Seen by the candidate, without the company's notes, reasons and scores, and by the members of the
-- job's company. Every change is a function: applying, withdrawing, moving on, rejecting.

BEGIN;
SET LOCAL ROLE hotgigs_owner;
SET LOCAL search_path = public;

CREATE TABLE applications (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    job_id UUID REFERENCES jobs(id) ON DELETE CASCADE,
    candidate_id UUID REFERENCES candidate_profiles(id) ON DELETE CASCADE,
    status VARCHAR(50) DEFAULT 'applied' CHECK (status = ANY ('{applied,screening,interviewing,offer,hired,rejected,withdrawn}')),
    cover_letter TEXT,
    resume_url TEXT,
    additional_documents JSONB DEFAULT '[]',
    application_source VARCHAR(100),
    referrer_id UUID REFERENCES users(id),
    ai_match_score DECIMAL(5,2),
    ai_analysis JSONB DEFAULT '{}',
    recruiter_notes TEXT,
    rejection_reason TEXT,
    rejection_feedback TEXT,
    applied_at TIMESTAMP DEFAULT NOW(),
    last_updated_at TIMESTAMP DEFAULT NOW(),
    created_at TIMESTAMP DEFAULT NOW()
);
ALTER TABLE applications ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE  applications                      IS 'An application of a candidate for a job.';
COMMENT ON COLUMN applications.id                   IS 'The application''s id.';
COMMENT ON COLUMN applications.job_id               IS 'The job; never changes.';
COMMENT ON COLUMN applications.candidate_id         IS 'The candidate profile; never changes.';
COMMENT ON COLUMN applications.status IS
    'Where it stands; moves only as the status machine allows.';
COMMENT ON COLUMN applications.cover_letter         IS 'The candidate''s letter.';
COMMENT ON COLUMN applications.resume_url           IS 'The résumé sent with it.';
COMMENT ON COLUMN applications.additional_documents IS 'Array of {name, url} sent with it.';
COMMENT ON COLUMN applications.application_source   IS 'Free text: direct, referral, linkedin, ...';
COMMENT ON COLUMN applications.referrer_id IS
    'The user who brought the candidate: a freelancer''s users.id; NULL: nobody.';
COMMENT ON COLUMN applications.ai_match_score IS
    '0.00 to 100.00, made by a model; NULL: not scored; not seen by the candidate.';
COMMENT ON COLUMN applications.ai_analysis IS
    'Object made by a model; not seen by the candidate.';
COMMENT ON COLUMN applications.recruiter_notes IS
    'The company''s notes; not seen by the candidate.';
COMMENT ON COLUMN applications.rejection_reason IS
    'Why, for the company; not seen by the candidate.';
COMMENT ON COLUMN applications.rejection_feedback   IS 'Why, for the candidate.';
COMMENT ON COLUMN applications.applied_at           IS 'When the candidate applied, UTC.';
COMMENT ON COLUMN applications.last_updated_at IS
    'Last change, UTC; the row version; kept by a trigger.';
COMMENT ON COLUMN applications.created_at           IS 'When the row was made, UTC.';

-- The document's: the applications for a job, of a candidate, in a state; the newest first.
CREATE INDEX idx_applications_job_id ON applications(job_id);
CREATE INDEX idx_applications_candidate_id ON applications(candidate_id);
CREATE INDEX idx_applications_status ON applications(status);
CREATE INDEX idx_applications_applied_at ON applications(applied_at DESC);

-- What this user referred; and whether a user who is to be deleted referred any.
CREATE INDEX applications_referrer_id_idx ON applications (referrer_id);

CREATE OR REPLACE FUNCTION hotgigs.applied_jobs()
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
    SELECT a.job_id
    FROM   hotgigs.callers me
    JOIN   public.candidate_profiles p ON p.user_id = me.caller_id
    JOIN   public.applications a ON a.candidate_id = p.id
    WHERE  me.subject = hotgigs.claimed_subject()
    AND    me.persona = current_setting('role')
    AND    current_setting('role') = 'hotgigs_candidate';
END
$$;

CREATE OR REPLACE FUNCTION hotgigs.company_applicants(at_least text DEFAULT 'viewer')
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
    SELECT DISTINCT a.candidate_id
    FROM   hotgigs.callers me
    JOIN   public.company_members m ON m.user_id = me.caller_id
    JOIN   public.jobs j ON j.company_id = m.company_id
    JOIN   public.applications a ON a.job_id = j.id
    WHERE  me.subject = hotgigs.claimed_subject()
    AND    me.persona = current_setting('role')
    AND    current_setting('role') = 'hotgigs_company'
    AND    m.is_active
    AND    m.joined_at IS NOT NULL
    AND    hotgigs.member_rank(m.role) >= hotgigs.member_rank(at_least)
    AND    a.candidate_id IS NOT NULL;
END
$$;

CREATE OR REPLACE FUNCTION hotgigs.company_applicant_users(at_least text DEFAULT 'viewer')
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
    SELECT DISTINCT p.user_id
    FROM   hotgigs.callers me
    JOIN   public.company_members m ON m.user_id = me.caller_id
    JOIN   public.jobs j ON j.company_id = m.company_id
    JOIN   public.applications a ON a.job_id = j.id
    JOIN   public.candidate_profiles p ON p.id = a.candidate_id
    WHERE  me.subject = hotgigs.claimed_subject()
    AND    me.persona = current_setting('role')
    AND    current_setting('role') = 'hotgigs_company'
    AND    m.is_active
    AND    m.joined_at IS NOT NULL
    AND    hotgigs.member_rank(m.role) >= hotgigs.member_rank(at_least)
    AND    p.user_id IS NOT NULL;
END
$$;

-- The owner sees all: helpers and definer functions read as the owner.
CREATE POLICY owner_all ON applications TO hotgigs_owner
    USING (true) WITH CHECK (true);

-- The application's own jobs work on the rows of all tenants.
CREATE POLICY service_all ON applications TO hotgigs_service
    USING (true) WITH CHECK (true);

-- A candidate sees his own applications.
CREATE POLICY candidate_select ON applications FOR SELECT
    TO hotgigs_candidate
    USING (candidate_id = ANY ((SELECT candidates FROM hotgigs.callers)::uuid[]));
-- Members see those to the jobs of their company: not to the jobs they see, which are all public
-- ones.
CREATE POLICY company_select ON applications FOR SELECT
    TO hotgigs_company
    USING (job_id = ANY (ARRAY(SELECT hotgigs.company_jobs())));

GRANT SELECT (id, job_id, candidate_id, status, cover_letter, resume_url, additional_documents,
              application_source, referrer_id, ai_match_score, ai_analysis, recruiter_notes,
              rejection_reason, rejection_feedback, applied_at, last_updated_at, created_at, xmin),
      INSERT (id, job_id, candidate_id, status, cover_letter, resume_url, additional_documents,
              application_source, referrer_id, ai_match_score, ai_analysis, recruiter_notes,
              rejection_reason, rejection_feedback, applied_at, last_updated_at, created_at),
      UPDATE (status, cover_letter, resume_url, additional_documents, application_source,
              referrer_id, ai_match_score, ai_analysis, recruiter_notes, rejection_reason,
              rejection_feedback, applied_at),
      DELETE
    ON applications TO hotgigs_service;
-- No UPDATE of job_id, candidate_id: policies rely on them, and a row does not change hands.

GRANT SELECT (id, job_id, candidate_id, status, cover_letter, resume_url, additional_documents,
              application_source, rejection_feedback, applied_at, last_updated_at, created_at, xmin)
    ON applications TO hotgigs_candidate;
-- No SELECT of the company's notes, reasons and scores: the candidate reads rejection_feedback.

GRANT SELECT (id, job_id, candidate_id, status, cover_letter, resume_url, additional_documents,
              application_source, referrer_id, ai_match_score, ai_analysis, recruiter_notes,
              rejection_reason, rejection_feedback, applied_at, last_updated_at, created_at, xmin)
    ON applications TO hotgigs_company;
-- No INSERT, UPDATE: functions apply, withdraw, move and reject, with the timeline and the notices
-- that belong to it. No DELETE: timeline and interviews would go with it. Nothing for
-- hotgigs_freelancer, who has a function for the status of those he referred, and hotgigs_anon.

-- As touch_updated_at(); this table's column has another name.
CREATE FUNCTION hotgigs.touch_application()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = ''
AS $$
BEGIN
    NEW.last_updated_at := OLD.last_updated_at;
    IF NOT NEW *= OLD THEN
        NEW.last_updated_at := greatest(now() AT TIME ZONE 'UTC',
                                        nullif(OLD.last_updated_at, 'infinity')
                                            + interval '1 microsecond');
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION hotgigs.touch_application() IS
    'Trigger: applications.last_updated_at grows whenever something else in the row changed.';
REVOKE ALL ON FUNCTION hotgigs.touch_application() FROM PUBLIC;

CREATE TRIGGER applications_touch BEFORE UPDATE ON applications
    FOR EACH ROW EXECUTE FUNCTION hotgigs.touch_application();

-- jobs.application_count: one UPDATE a statement, however many rows it brings, with the jobs locked
-- in the order of their ids, so that two batches do not deadlock. A NULL count begins at 0. An
-- application whose job goes with it finds no job.
--
-- DEFINER: whoever applies has no right to change the job.
CREATE FUNCTION hotgigs.count_applications()
RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = ''
AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        WITH moved AS (
            SELECT job_id, count(*) AS n FROM added GROUP BY job_id
        ), locked AS (
            SELECT j.id, m.n FROM public.jobs j JOIN moved m ON m.job_id = j.id
            ORDER  BY j.id FOR NO KEY UPDATE OF j
        )
        UPDATE public.jobs j
        SET    application_count = coalesce(j.application_count, 0) + locked.n
        FROM   locked WHERE j.id = locked.id;
    ELSIF TG_OP = 'DELETE' THEN
        WITH moved AS (
            SELECT job_id, count(*) AS n FROM removed GROUP BY job_id
        ), locked AS (
            SELECT j.id, m.n FROM public.jobs j JOIN moved m ON m.job_id = j.id
            ORDER  BY j.id FOR NO KEY UPDATE OF j
        )
        UPDATE public.jobs j
        SET    application_count = greatest(coalesce(j.application_count, 0) - locked.n, 0)
        FROM   locked WHERE j.id = locked.id;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION hotgigs.count_applications() IS
    'Trigger: keeps jobs.application_count when applications come and go.';
REVOKE ALL ON FUNCTION hotgigs.count_applications() FROM PUBLIC;

CREATE TRIGGER applications_count_added AFTER INSERT ON applications
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.count_applications();

CREATE TRIGGER applications_count_removed AFTER DELETE ON applications
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.count_applications();

-- Every change leaves an entry in the audit trail.
CREATE TRIGGER applications_audit_insert AFTER INSERT ON applications
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();
CREATE TRIGGER applications_audit_update AFTER UPDATE ON applications
    REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();
CREATE TRIGGER applications_audit_delete AFTER DELETE ON applications
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();

COMMIT;
