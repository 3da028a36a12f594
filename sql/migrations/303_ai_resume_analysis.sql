-- ai_resume_analysis: what a model thinks of a résumé.
--
-- Needs:  candidate_profiles (201), documents (207), the helpers (004), among them my_candidates
--         (201).
-- Seen by the candidate alone. Written by the service.

BEGIN;
SET LOCAL ROLE hotgigs_owner;
SET LOCAL search_path = public;

CREATE TABLE ai_resume_analysis (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    candidate_id UUID REFERENCES candidate_profiles(id) ON DELETE CASCADE,
    document_id UUID REFERENCES documents(id),
    analysis_version VARCHAR(20) DEFAULT '1.0',
    overall_score DECIMAL(5,2),
    technical_score DECIMAL(5,2),
    experience_score DECIMAL(5,2),
    education_score DECIMAL(5,2),
    skills_score DECIMAL(5,2),
    achievements_score DECIMAL(5,2),
    ats_compatibility_score DECIMAL(5,2),
    improvement_suggestions JSONB DEFAULT '[]',
    extracted_skills TEXT[],
    keyword_optimization JSONB DEFAULT '{}',
    created_at TIMESTAMP DEFAULT NOW()
);
ALTER TABLE ai_resume_analysis ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE  ai_resume_analysis                         IS 'What a model thinks of a résumé.';
COMMENT ON COLUMN ai_resume_analysis.id                      IS 'The analysis'' id.';
COMMENT ON COLUMN ai_resume_analysis.candidate_id IS
    'The candidate profile; never changes.';
COMMENT ON COLUMN ai_resume_analysis.document_id IS
    'The résumé; NULL: deleted since, or none.';
COMMENT ON COLUMN ai_resume_analysis.analysis_version IS
    'Version of the model and its questions.';
COMMENT ON COLUMN ai_resume_analysis.overall_score           IS '0.00 to 100.00; NULL: not scored.';
COMMENT ON COLUMN ai_resume_analysis.technical_score         IS '0.00 to 100.00; NULL: not scored.';
COMMENT ON COLUMN ai_resume_analysis.experience_score        IS '0.00 to 100.00; NULL: not scored.';
COMMENT ON COLUMN ai_resume_analysis.education_score         IS '0.00 to 100.00; NULL: not scored.';
COMMENT ON COLUMN ai_resume_analysis.skills_score            IS '0.00 to 100.00; NULL: not scored.';
COMMENT ON COLUMN ai_resume_analysis.achievements_score      IS '0.00 to 100.00; NULL: not scored.';
COMMENT ON COLUMN ai_resume_analysis.ats_compatibility_score IS
    'How well programs can read it, 0.00 to 100.00; NULL: not scored.';
COMMENT ON COLUMN ai_resume_analysis.improvement_suggestions IS 'Array of suggestions.';
COMMENT ON COLUMN ai_resume_analysis.extracted_skills        IS 'One name an element.';
COMMENT ON COLUMN ai_resume_analysis.keyword_optimization IS
    'Object: words found and words missing.';
COMMENT ON COLUMN ai_resume_analysis.created_at              IS 'When the analysis was made, UTC.';

-- The analyses of this candidate, newest last; and ON DELETE CASCADE of candidate_profiles.
CREATE INDEX ai_resume_analysis_candidate_id_created_at_idx
    ON ai_resume_analysis (candidate_id, created_at);

-- The analyses of this document; and whether a document that is to be deleted has any.
CREATE INDEX ai_resume_analysis_document_id_idx ON ai_resume_analysis (document_id);

-- The owner sees all: helpers and definer functions read as the owner.
CREATE POLICY owner_all ON ai_resume_analysis TO hotgigs_owner
    USING (true) WITH CHECK (true);

-- The application's own jobs work on the rows of all tenants.
CREATE POLICY service_all ON ai_resume_analysis TO hotgigs_service
    USING (true) WITH CHECK (true);

-- A candidate sees what a model thinks of his résumés. Nobody else does.
CREATE POLICY candidate_select ON ai_resume_analysis FOR SELECT
    TO hotgigs_candidate
    USING (candidate_id = ANY ((SELECT candidates FROM hotgigs.callers)::uuid[]));

GRANT SELECT (id, candidate_id, document_id, analysis_version, overall_score, technical_score,
              experience_score, education_score, skills_score, achievements_score,
              ats_compatibility_score, improvement_suggestions, extracted_skills,
              keyword_optimization, created_at, xmin),
      INSERT (id, candidate_id, document_id, analysis_version, overall_score, technical_score,
              experience_score, education_score, skills_score, achievements_score,
              ats_compatibility_score, improvement_suggestions, extracted_skills,
              keyword_optimization, created_at),
      UPDATE (document_id, analysis_version, overall_score, technical_score, experience_score,
              education_score, skills_score, achievements_score, ats_compatibility_score,
              improvement_suggestions, extracted_skills, keyword_optimization),
      DELETE
    ON ai_resume_analysis TO hotgigs_service;
-- No UPDATE of candidate_id: policies rely on it, and a row does not change hands.

GRANT SELECT (id, candidate_id, document_id, analysis_version, overall_score, technical_score,
              experience_score, education_score, skills_score, achievements_score,
              ats_compatibility_score, improvement_suggestions, extracted_skills,
              keyword_optimization, created_at, xmin)
    ON ai_resume_analysis TO hotgigs_candidate;
-- Nothing for hotgigs_company, hotgigs_freelancer and hotgigs_anon.

-- Every change leaves an entry in the audit trail.
CREATE TRIGGER ai_resume_analysis_audit_insert AFTER INSERT ON ai_resume_analysis
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();
CREATE TRIGGER ai_resume_analysis_audit_update AFTER UPDATE ON ai_resume_analysis
    REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();
CREATE TRIGGER ai_resume_analysis_audit_delete AFTER DELETE ON ai_resume_analysis
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();

COMMIT;
