-- candidate_completeness: how much of a profile is filled in, and what is missing.
--
-- group: candidates · rows: one · rights: caller · by: candidate, service
-- $1 candidate_id
-- > percent   0 to 100, of ten things.
-- > missing   Their names, in this order: headline, summary, current_title, availability, desired_job_types,
--             desired_locations, skills, resume_url, experiences, education.
-- NOT_FOUND  no such profile, or not visible to the caller
SELECT (10 * (10 - cardinality(m.missing)))::integer AS percent, m.missing
FROM   public.candidate_profiles p
CROSS  JOIN LATERAL (
    SELECT array_remove(ARRAY[
        CASE WHEN coalesce(btrim(p.headline), '') = '' THEN 'headline' END,
        CASE WHEN coalesce(btrim(p.summary), '') = '' THEN 'summary' END,
        CASE WHEN coalesce(btrim(p.current_title), '') = '' THEN 'current_title' END,
        CASE WHEN p.availability IS NULL THEN 'availability' END,
        CASE WHEN coalesce(cardinality(p.desired_job_types), 0) = 0 THEN 'desired_job_types' END,
        CASE WHEN coalesce(cardinality(p.desired_locations), 0) = 0 THEN 'desired_locations' END,
        CASE WHEN coalesce(p.skills, '[]') IN ('[]', '{}') THEN 'skills' END,
        CASE WHEN coalesce(btrim(p.resume_url), '') = '' THEN 'resume_url' END,
        CASE WHEN NOT EXISTS (SELECT FROM public.candidate_experiences e WHERE e.candidate_id = p.id)
             THEN 'experiences' END,
        CASE WHEN NOT EXISTS (SELECT FROM public.candidate_education e WHERE e.candidate_id = p.id)
             THEN 'education' END], NULL) AS missing) m
WHERE  p.id = $1;
