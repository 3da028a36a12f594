-- ai_job_matches: how well a model thinks that a candidate and a job fit.
--
-- Needs:  candidate_profiles (201), jobs (106), the helpers (004), among them my_candidates (201)
--         and company_jobs (106).
-- Seen by the candidate, and by the members of the job's company. Written by the service;
-- viewed_by_candidate by a function.

BEGIN;
SET LOCAL ROLE hotgigs_owner;
SET LOCAL search_path = public;

CREATE TABLE ai_job_matches (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    candidate_id UUID REFERENCES candidate_profiles(id) ON DELETE CASCADE,
    job_id UUID REFERENCES jobs(id) ON DELETE CASCADE,
    match_score DECIMAL(5,2) NOT NULL,
    match_reasons JSONB DEFAULT '{}',
    skill_match_score DECIMAL(5,2),
    experience_match_score DECIMAL(5,2),
    location_match_score DECIMAL(5,2),
    salary_match_score DECIMAL(5,2),
    culture_fit_score DECIMAL(5,2),
    is_recommended BOOLEAN DEFAULT false,
    viewed_by_candidate BOOLEAN DEFAULT false,
    created_at TIMESTAMP DEFAULT NOW()
);
ALTER TABLE ai_job_matches ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE ai_job_matches IS
    'How well a candidate and a job fit, as a model sees it.';
COMMENT ON COLUMN ai_job_matches.id                     IS 'The match''s id.';
COMMENT ON COLUMN ai_job_matches.candidate_id           IS 'The candidate profile; never changes.';
COMMENT ON COLUMN ai_job_matches.job_id                 IS 'The job; never changes.';
COMMENT ON COLUMN ai_job_matches.match_score            IS '0.00 to 100.00, over all.';
COMMENT ON COLUMN ai_job_matches.match_reasons          IS 'Object: what speaks for and against.';
COMMENT ON COLUMN ai_job_matches.skill_match_score      IS '0.00 to 100.00; NULL: not scored.';
COMMENT ON COLUMN ai_job_matches.experience_match_score IS '0.00 to 100.00; NULL: not scored.';
COMMENT ON COLUMN ai_job_matches.location_match_score   IS '0.00 to 100.00; NULL: not scored.';
COMMENT ON COLUMN ai_job_matches.salary_match_score     IS '0.00 to 100.00; NULL: not scored.';
COMMENT ON COLUMN ai_job_matches.culture_fit_score      IS '0.00 to 100.00; NULL: not scored.';
COMMENT ON COLUMN ai_job_matches.is_recommended         IS 'True: shown among the recommendations.';
COMMENT ON COLUMN ai_job_matches.viewed_by_candidate    IS 'True: the candidate has seen it.';
COMMENT ON COLUMN ai_job_matches.created_at             IS 'When the match was made, UTC.';

-- The document's: the matches of a candidate, of a job; the best first.
CREATE INDEX idx_ai_job_matches_candidate ON ai_job_matches(candidate_id);
CREATE INDEX idx_ai_job_matches_job ON ai_job_matches(job_id);
CREATE INDEX idx_ai_job_matches_score ON ai_job_matches(match_score DESC);

-- The owner sees all: helpers and definer functions read as the owner.
CREATE POLICY owner_all ON ai_job_matches TO hotgigs_owner
    USING (true) WITH CHECK (true);

-- The application's own jobs work on the rows of all tenants.
CREATE POLICY service_all ON ai_job_matches TO hotgigs_service
    USING (true) WITH CHECK (true);

-- A candidate sees his own matches.
CREATE POLICY candidate_select ON ai_job_matches FOR SELECT
    TO hotgigs_candidate
    USING (candidate_id = ANY ((SELECT candidates FROM hotgigs.callers)::uuid[]));
-- Members see those of their company's jobs: not of the jobs they see, which are all public ones.
CREATE POLICY company_select ON ai_job_matches FOR SELECT
    TO hotgigs_company
    USING (job_id = ANY (ARRAY(SELECT hotgigs.company_jobs())));

GRANT SELECT (id, candidate_id, job_id, match_score, match_reasons, skill_match_score,
              experience_match_score, location_match_score, salary_match_score, culture_fit_score,
              is_recommended, viewed_by_candidate, created_at, xmin),
      INSERT (id, candidate_id, job_id, match_score, match_reasons, skill_match_score,
              experience_match_score, location_match_score, salary_match_score, culture_fit_score,
              is_recommended, viewed_by_candidate, created_at),
      UPDATE (match_score, match_reasons, skill_match_score, experience_match_score,
              location_match_score, salary_match_score, culture_fit_score, is_recommended,
              viewed_by_candidate),
      DELETE
    ON ai_job_matches TO hotgigs_service;
-- No UPDATE of candidate_id, job_id: policies rely on them, and a row does not change hands.

GRANT SELECT (id, candidate_id, job_id, match_score, match_reasons, skill_match_score,
              experience_match_score, location_match_score, salary_match_score, culture_fit_score,
              is_recommended, viewed_by_candidate, created_at, xmin)
    ON ai_job_matches TO hotgigs_candidate, hotgigs_company;
-- No INSERT, UPDATE: the service scores, and a function sets viewed_by_candidate. Nothing for
-- hotgigs_freelancer and hotgigs_anon.

-- Every change leaves an entry in the audit trail.
CREATE TRIGGER ai_job_matches_audit_insert AFTER INSERT ON ai_job_matches
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();
CREATE TRIGGER ai_job_matches_audit_update AFTER UPDATE ON ai_job_matches
    REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();
CREATE TRIGGER ai_job_matches_audit_delete AFTER DELETE ON ai_job_matches
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();

COMMIT;
