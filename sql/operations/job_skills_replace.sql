-- job_skills_replace: gives a job these skills instead of those that it has.
--
-- Rows of job_skills and jobs.skills together; of two calls at once one is there as a whole. jobs.updated_at moves.
--
-- group: jobs · rows: many · rights: definer · by: company, service · row: job_skills
-- $1 job_id
-- $2 skills   Array of names or of {name, level, is_required}; a name counts once, whatever its case.
-- NOT_FOUND  no such job, or not one of the caller's companies'
-- DENIED     a recruiter or admin is needed
-- INVALID    skills of another form
SELECT id, job_id, skill_name, skill_level, is_required, created_at
FROM   hotgigs.job_skills_replace($1, $2);
