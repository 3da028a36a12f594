-- interviews: a conversation about an application.
--
-- Needs:  applications (204), users (101), the helpers (004), among them company_jobs (106).
-- Seen by the candidate (when, where, how it stands), by the members of the company (feedback and
-- score through a card, once it is finished) and by the interviewer. Written by recruiters of the
-- company.

BEGIN;
SET LOCAL ROLE hotgigs_owner;
SET LOCAL search_path = public;

CREATE TABLE interviews (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    application_id UUID REFERENCES applications(id) ON DELETE CASCADE,
    interviewer_id UUID REFERENCES users(id),
    interview_type VARCHAR(50) CHECK (interview_type = ANY ('{phone,video,in_person,ai_interview}')),
    scheduled_at TIMESTAMP NOT NULL,
    duration_minutes INTEGER DEFAULT 60,
    location VARCHAR(255),
    meeting_link VARCHAR(255),
    status VARCHAR(50) DEFAULT 'scheduled' CHECK (status = ANY ('{scheduled,completed,cancelled,no_show}')),
    notes TEXT,
    feedback TEXT,
    score INTEGER CHECK (score >= 1 AND score <= 10),
    ai_analysis JSONB DEFAULT '{}',
    recording_url TEXT,
    created_at TIMESTAMP DEFAULT NOW(),
    updated_at TIMESTAMP DEFAULT NOW()
);
ALTER TABLE interviews ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE  interviews                  IS 'An interview for an application.';
COMMENT ON COLUMN interviews.id               IS 'The interview''s id.';
COMMENT ON COLUMN interviews.application_id   IS 'The application; never changes.';
COMMENT ON COLUMN interviews.interviewer_id IS
    'The user who holds it; NULL: not yet known, an AI interview, or erased.';
COMMENT ON COLUMN interviews.interview_type   IS 'How it is held.';
COMMENT ON COLUMN interviews.scheduled_at     IS 'When it begins, UTC.';
COMMENT ON COLUMN interviews.duration_minutes IS 'How long it is to take, minutes.';
COMMENT ON COLUMN interviews.location         IS 'Where, free text.';
COMMENT ON COLUMN interviews.meeting_link     IS 'URL of the call.';
COMMENT ON COLUMN interviews.status           IS 'Where it stands.';
COMMENT ON COLUMN interviews.notes IS
    'Notes for the interviewers; not seen by the candidate.';
COMMENT ON COLUMN interviews.feedback IS
    'The interviewer''s opinion; seen by the company once completed, never by the candidate.';
COMMENT ON COLUMN interviews.score            IS '1 to 10; NULL: none given; seen as feedback is.';
COMMENT ON COLUMN interviews.ai_analysis IS
    'Object made by a model; not seen by the candidate.';
COMMENT ON COLUMN interviews.recording_url    IS 'The recording; not seen by the candidate.';
COMMENT ON COLUMN interviews.created_at       IS 'When the row was made, UTC.';
COMMENT ON COLUMN interviews.updated_at IS
    'Last change, UTC; the row version; kept by a trigger.';

-- The interviews for this application; and ON DELETE CASCADE of applications.
CREATE INDEX interviews_application_id_idx ON interviews (application_id);

-- When this interviewer is busy; and whether a user who is to be deleted holds any.
CREATE INDEX interviews_interviewer_id_scheduled_at_idx
    ON interviews (interviewer_id, scheduled_at);

-- May this person be given work of this company? An active member may. A foreign key would take anybody, and
-- whoever holds an interview or a task sees it. Replaced in 401, which brings freelancers.
CREATE FUNCTION hotgigs.may_work_for(company uuid, person uuid)
RETURNS boolean
LANGUAGE plpgsql
STABLE
PARALLEL SAFE
SET search_path = ''
AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM hotgigs.callers c
        WHERE  c.subject = person::text
        AND    c.persona IS NOT NULL
        AND    company = ANY (c.viewer_of));
END
$$;
COMMENT ON FUNCTION hotgigs.may_work_for(uuid, uuid) IS
    'True: this person is an active member of this company, or a verified freelancer.';
REVOKE ALL ON FUNCTION hotgigs.may_work_for(uuid, uuid) FROM PUBLIC;

-- May this person hold this interview? Who may work for the company, and whoever holds it already (so
-- that other changes go through after he left). Asked by WITH CHECK, for the rows that are written and no
-- others, hence not a set. NULL: nobody holds it yet. False for those who are no recruiter there, so that
-- it tells nobody who works elsewhere.
--
-- DEFINER: the caller sees neither users nor the members of other companies.
CREATE FUNCTION hotgigs.interview_takes(interview uuid, application uuid, person uuid)
RETURNS boolean
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
PARALLEL SAFE
SET search_path = ''
SET plan_cache_mode = force_generic_plan    -- as task_takes (405): a person who is NULL makes a custom plan look cheaper
AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM public.applications a
        JOIN   public.jobs j ON j.id = a.job_id
        JOIN   hotgigs.callers me ON j.company_id = ANY (me.recruiter_of)
        WHERE  me.subject = hotgigs.claimed_subject()
        AND    me.persona = current_setting('role')
        AND    a.id = application
        AND    (person IS NULL
                OR hotgigs.may_work_for(j.company_id, person)
                OR EXISTS (SELECT FROM public.interviews i
                           WHERE  i.id = interview
                           AND    i.application_id = a.id
                           AND    i.interviewer_id = person)));
END
$$;
COMMENT ON FUNCTION hotgigs.interview_takes(uuid, uuid, uuid) IS
    'True: the caller recruits for this application, and this person may hold this interview.';
REVOKE ALL ON FUNCTION hotgigs.interview_takes(uuid, uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.interview_takes(uuid, uuid, uuid) TO hotgigs_company;

-- The owner sees all: helpers and definer functions read as the owner.
CREATE POLICY owner_all ON interviews TO hotgigs_owner
    USING (true) WITH CHECK (true);

-- The application's own jobs work on the rows of all tenants.
CREATE POLICY service_all ON interviews TO hotgigs_service
    USING (true) WITH CHECK (true);

-- Whoever sees the application sees its interviews, and the interviewer sees his.
CREATE POLICY read_with_application ON interviews FOR SELECT
    TO hotgigs_candidate, hotgigs_company
    USING (interviewer_id = (SELECT caller_id FROM hotgigs.callers)
           OR EXISTS (SELECT FROM applications a WHERE a.id = application_id));
-- A freelancer sees those that he holds.
CREATE POLICY freelancer_select ON interviews FOR SELECT
    TO hotgigs_freelancer
    USING (interviewer_id = (SELECT caller_id FROM hotgigs.callers));
-- Recruiters plan interviews for applications to their company, held by somebody who may hold them:
-- interview_takes() asks for both.
CREATE POLICY company_insert ON interviews FOR INSERT
    TO hotgigs_company
    WITH CHECK (hotgigs.interview_takes(id, application_id, interviewer_id));
-- Recruiters change them, and the same is asked of the row as it will be.
CREATE POLICY company_update ON interviews FOR UPDATE
    TO hotgigs_company
    USING (EXISTS (SELECT FROM applications a
                   WHERE  a.id = application_id
                   AND    a.job_id = ANY (ARRAY(SELECT hotgigs.company_jobs('recruiter')))))
    WITH CHECK (hotgigs.interview_takes(id, application_id, interviewer_id));
-- Only admins delete: an interview is evidence.
CREATE POLICY company_delete ON interviews FOR DELETE
    TO hotgigs_company
    USING (EXISTS (SELECT FROM applications a
                   WHERE  a.id = application_id
                   AND    a.job_id = ANY (ARRAY(SELECT hotgigs.company_jobs('admin')))));

GRANT SELECT (id, application_id, interviewer_id, interview_type, scheduled_at, duration_minutes,
              location, meeting_link, status, notes, feedback, score, ai_analysis, recording_url,
              created_at, updated_at, xmin),
      INSERT (id, application_id, interviewer_id, interview_type, scheduled_at, duration_minutes,
              location, meeting_link, status, notes, feedback, score, ai_analysis, recording_url,
              created_at, updated_at),
      UPDATE (interviewer_id, interview_type, scheduled_at, duration_minutes, location,
              meeting_link, status, notes, feedback, score, ai_analysis, recording_url),
      DELETE
    ON interviews TO hotgigs_service;
-- No UPDATE of application_id: policies rely on it, and a row does not change hands.

GRANT SELECT (id, application_id, interviewer_id, interview_type, scheduled_at, duration_minutes,
              location, meeting_link, status, created_at, updated_at, xmin)
    ON interviews TO hotgigs_candidate;

GRANT SELECT (id, application_id, interviewer_id, interview_type, scheduled_at, duration_minutes,
              location, meeting_link, status, notes, ai_analysis, recording_url, created_at,
              updated_at, xmin),
      INSERT (id, application_id, interviewer_id, interview_type, scheduled_at, duration_minutes,
              location, meeting_link, notes),
      UPDATE (interviewer_id, interview_type, scheduled_at, duration_minutes, location,
              meeting_link, status, notes, feedback, score, recording_url),
      DELETE
    ON interviews TO hotgigs_company;
-- No SELECT of feedback, score, which depend on the row's state: a card (interview_cards). No
-- UPDATE of application_id.

GRANT SELECT (id, application_id, interviewer_id, interview_type, scheduled_at, duration_minutes,
              location, meeting_link, status, notes, feedback, score, ai_analysis, recording_url,
              created_at, updated_at, xmin)
    ON interviews TO hotgigs_freelancer;
-- No UPDATE: the interviewer finishes by a function. Nothing for hotgigs_anon.

CREATE TRIGGER interviews_touch BEFORE UPDATE ON interviews
    FOR EACH ROW EXECUTE FUNCTION hotgigs.touch_updated_at();

-- Every change leaves an entry in the audit trail.
CREATE TRIGGER interviews_audit_insert AFTER INSERT ON interviews
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();
CREATE TRIGGER interviews_audit_update AFTER UPDATE ON interviews
    REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();
CREATE TRIGGER interviews_audit_delete AFTER DELETE ON interviews
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();

COMMIT;
