-- analysis_latest: the latest analysis of each of a candidate's documents, newest first.
--
-- Those without a document count as of one.
--
-- group: documents · rows: many · rights: caller · by: candidate, service · row: ai_resume_analysis
-- $1 candidate_id
-- $2 document_id?   Only of this document.
WITH latest AS (
    SELECT DISTINCT ON (a.document_id) a.id, a.created_at
    FROM   public.ai_resume_analysis a
    WHERE  a.candidate_id = $1
    AND    ($2::uuid IS NULL OR a.document_id = $2)
    ORDER  BY a.document_id, a.created_at DESC NULLS LAST, a.id DESC
)
SELECT a.id, a.candidate_id, a.document_id, a.analysis_version, a.overall_score, a.technical_score, a.experience_score,
       a.education_score, a.skills_score, a.achievements_score, a.ats_compatibility_score, a.improvement_suggestions,
       a.extracted_skills, a.keyword_optimization, a.created_at
FROM   latest l
JOIN   public.ai_resume_analysis a ON a.id = l.id
ORDER  BY a.created_at DESC NULLS LAST, a.id DESC;
