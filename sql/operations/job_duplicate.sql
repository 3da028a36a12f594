-- job_duplicate: copies a job with its skills.
--
-- The copy is a draft, not public and not featured, without deadline, its counters at 0, its slug a free one, posted by the
-- caller.
--
-- group: jobs · rows: one · rights: definer · by: company, service · row: jobs
-- $1 job_id
-- $2 title? = jobs.title   NULL: the same.
-- NOT_FOUND  no such job, or not one of the caller's companies'
-- DENIED     a recruiter or admin is needed
SELECT id, company_id, posted_by, title, slug, description, requirements, responsibilities, benefits, job_type,
       experience_level, location, remote_type, salary_min, salary_max, salary_currency, salary_period, skills, department,
       employment_status, application_deadline, is_featured, is_public, view_count, application_count,
       ai_generated_content, seo_keywords, created_at, updated_at
FROM   hotgigs.job_duplicate($1, $2);
