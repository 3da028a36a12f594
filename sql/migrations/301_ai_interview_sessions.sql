-- ai_interview_sessions: an interview that a model holds.
--
-- Needs:  applications (204).
-- Seen by the candidate without the scores, and by the members of the company. Written by functions
-- and by the service.

BEGIN;
SET LOCAL ROLE hotgigs_owner;
SET LOCAL search_path = public;

CREATE TABLE ai_interview_sessions (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    application_id UUID REFERENCES applications(id) ON DELETE CASCADE,
    session_type VARCHAR(50) CHECK (session_type = ANY ('{technical,behavioral,cultural_fit}')),
    questions JSONB NOT NULL,
    responses JSONB NOT NULL,
    ai_scores JSONB DEFAULT '{}',
    overall_score DECIMAL(5,2),
    recommendations TEXT,
    session_duration INTEGER,
    completed_at TIMESTAMP,
    created_at TIMESTAMP DEFAULT NOW()
);
ALTER TABLE ai_interview_sessions ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE ai_interview_sessions IS
    'An interview held by a model, for an application.';
COMMENT ON COLUMN ai_interview_sessions.id               IS 'The session''s id.';
COMMENT ON COLUMN ai_interview_sessions.application_id   IS 'The application; never changes.';
COMMENT ON COLUMN ai_interview_sessions.session_type     IS 'What it is about.';
COMMENT ON COLUMN ai_interview_sessions.questions        IS 'Array of {id, question, context}.';
COMMENT ON COLUMN ai_interview_sessions.responses IS
    'Array of {question_id, question, response, analysis, timestamp, seconds}; [] at first.';
COMMENT ON COLUMN ai_interview_sessions.ai_scores IS
    'Object of scores by topic; not seen by the candidate.';
COMMENT ON COLUMN ai_interview_sessions.overall_score IS
    '0.00 to 100.00; NULL: not scored; not seen by the candidate.';
COMMENT ON COLUMN ai_interview_sessions.recommendations IS
    'What the model advises the company; not seen by the candidate.';
COMMENT ON COLUMN ai_interview_sessions.session_duration IS 'Seconds; NULL: not finished.';
COMMENT ON COLUMN ai_interview_sessions.completed_at IS
    'When it was finished, UTC; NULL: not yet.';
COMMENT ON COLUMN ai_interview_sessions.created_at       IS 'When the row was made, UTC.';

-- The sessions for this application; and ON DELETE CASCADE of applications.
CREATE INDEX ai_interview_sessions_application_id_idx ON ai_interview_sessions (application_id);

-- The owner sees all: helpers and definer functions read as the owner.
CREATE POLICY owner_all ON ai_interview_sessions TO hotgigs_owner
    USING (true) WITH CHECK (true);

-- The application's own jobs work on the rows of all tenants.
CREATE POLICY service_all ON ai_interview_sessions TO hotgigs_service
    USING (true) WITH CHECK (true);

-- Whoever sees the application sees its sessions: the sub-select runs under the caller's policies
-- on applications.
CREATE POLICY read_with_application ON ai_interview_sessions FOR SELECT
    TO hotgigs_candidate, hotgigs_company
    USING (EXISTS (SELECT FROM applications a WHERE a.id = application_id));

GRANT SELECT (id, application_id, session_type, questions, responses, ai_scores, overall_score,
              recommendations, session_duration, completed_at, created_at, xmin),
      INSERT (id, application_id, session_type, questions, responses, ai_scores, overall_score,
              recommendations, session_duration, completed_at, created_at),
      UPDATE (session_type, questions, responses, ai_scores, overall_score, recommendations,
              session_duration, completed_at),
      DELETE
    ON ai_interview_sessions TO hotgigs_service;
-- No UPDATE of application_id: policies rely on it, and a row does not change hands.

GRANT SELECT (id, application_id, session_type, questions, responses, session_duration,
              completed_at, created_at, xmin)
    ON ai_interview_sessions TO hotgigs_candidate;

GRANT SELECT (id, application_id, session_type, questions, responses, ai_scores, overall_score,
              recommendations, session_duration, completed_at, created_at, xmin)
    ON ai_interview_sessions TO hotgigs_company;
-- No INSERT, UPDATE: functions open a session and add a response. Nothing for hotgigs_freelancer
-- and hotgigs_anon.

-- Every change leaves an entry in the audit trail.
CREATE TRIGGER ai_interview_sessions_audit_insert AFTER INSERT ON ai_interview_sessions
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();
CREATE TRIGGER ai_interview_sessions_audit_update AFTER UPDATE ON ai_interview_sessions
    REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();
CREATE TRIGGER ai_interview_sessions_audit_delete AFTER DELETE ON ai_interview_sessions
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();

COMMIT;
