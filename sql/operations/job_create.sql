-- job_create: makes a job with its skills.
--
-- The slug is the only one of its kind in the company, however many are made at once: one that is taken gets a number
-- behind it. It is made from the title unless it is given; letters of any script stay. posted_by is the caller; made by the
-- service it is NULL. The skills are written twice, as jobs.skills and as rows of job_skills.
--
-- group: jobs · rows: one · rights: definer · by: company, service · row: jobs
-- $1 company_id
-- $2 title = jobs.title
-- $3 slug? = jobs.slug                                 NULL: from the title.
-- $4 description = jobs.description
-- $5 requirements?
-- $6 responsibilities?
-- $7 benefits?
-- $8 job_type = jobs.job_type
-- $9 experience_level? = jobs.experience_level
-- $10 location? = jobs.location
-- $11 remote_type? = jobs.remote_type
-- $12 salary_min?                                      Not above salary_max.
-- $13 salary_max?
-- $14 salary_currency? = jobs.salary_currency          NULL: USD.
-- $15 salary_period? = jobs.salary_period              NULL: yearly.
-- $16 department? = jobs.department
-- $17 employment_status? = jobs.employment_status      NULL: open.
-- $18 application_deadline? = jobs.application_deadline
-- $19 is_featured?                                     NULL: false.
-- $20 is_public?                                       NULL: true.
-- $21 seo_keywords?
-- $22 skills?   Array of names or of {name, level, is_required}; a name counts once, whatever its case.
-- NOT_FOUND  no such company, or the caller is no member of it
-- DENIED     a recruiter or admin is needed
-- INVALID    no title, a salary that ends below its beginning, or skills of another form
SELECT id, company_id, posted_by, title, slug, description, requirements, responsibilities, benefits, job_type,
       experience_level, location, remote_type, salary_min, salary_max, salary_currency, salary_period, skills, department,
       employment_status, application_deadline, is_featured, is_public, view_count, application_count,
       ai_generated_content, seo_keywords, created_at, updated_at
FROM   hotgigs.job_create($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
                          $22);
