-- job_view_public: an open public job with its company and its skills, as a visitor sees it.
--
-- By its id, or by the slugs of company and job. A job whose deadline is over is still shown, and says so.
--
-- group: jobs · rows: one · rights: caller · by: anon, candidate, company, freelancer
-- $1 job_id?         NULL: by the slugs.
-- $2 company_slug?
-- $3 job_slug?       Of several jobs with one slug, the newest.
-- > id
-- > company_id?
-- > company_name?
-- > company_slug?
-- > company_logo_url?
-- > company_industry?
-- > company_is_verified?
-- > title
-- > slug
-- > description
-- > requirements?
-- > responsibilities?
-- > benefits?
-- > job_type
-- > experience_level?
-- > location?
-- > remote_type?
-- > salary_min?
-- > salary_max?
-- > salary_currency?
-- > salary_period?
-- > department?
-- > application_deadline?
-- > takes_applications   False: the deadline is over.
-- > view_count?
-- > application_count?
-- > skills       Array of {name, level, is_required} out of job_skills, the required ones first.
-- > created_at?
-- > updated_at?
-- NOT_FOUND  no such job, or it is not public or not open
SELECT j.id, j.company_id, c.name AS company_name, c.slug AS company_slug, c.logo_url AS company_logo_url,
       c.industry AS company_industry, c.is_verified AS company_is_verified, j.title, j.slug, j.description,
       j.requirements, j.responsibilities, j.benefits, j.job_type, j.experience_level, j.location, j.remote_type,
       j.salary_min, j.salary_max, j.salary_currency, j.salary_period, j.department, j.application_deadline,
       j.application_deadline IS NULL OR j.application_deadline > now() AT TIME ZONE 'UTC' AS takes_applications,
       j.view_count, j.application_count,
       coalesce((SELECT jsonb_agg(jsonb_build_object('name', s.skill_name, 'level', s.skill_level,
                                                     'is_required', s.is_required)
                                  ORDER BY s.is_required DESC NULLS LAST, lower(s.skill_name), s.id)
                 FROM   public.job_skills s
                 WHERE  s.job_id = j.id), '[]') AS skills,
       j.created_at, j.updated_at
FROM   public.jobs j
-- OFFSET 0 keeps the sub-select: joined, a barrier view would be read to its end.
LEFT   JOIN LATERAL (SELECT card.* FROM hotgigs.company_cards card WHERE card.id = j.company_id OFFSET 0) c ON true
WHERE  j.is_public
AND    j.employment_status = 'open'
AND    (j.id = $1
        OR $1 IS NULL
           AND j.company_id = (SELECT named.id FROM hotgigs.company_cards named WHERE named.slug = $2)
           AND j.slug = $3)
ORDER  BY j.created_at DESC NULLS LAST, j.id DESC
LIMIT  1;
