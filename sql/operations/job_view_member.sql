-- job_view_member: a job of one's company with its skills, and how many applications it has in each status.
--
-- group: jobs · rows: one · rights: caller · by: company
-- $1 job_id
-- > id
-- > company_id?
-- > posted_by?
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
-- > employment_status?
-- > application_deadline?
-- > is_featured?
-- > is_public?
-- > view_count?
-- > application_count?
-- > ai_generated_content?
-- > skills   Array of {name, level, is_required} out of job_skills, the required ones first.
-- > applied        Applications in this status; so in the next six.
-- > screening
-- > interviewing
-- > offer
-- > hired
-- > rejected
-- > withdrawn
-- > created_at?
-- > updated_at?
-- NOT_FOUND  no such job, or not one of the caller's companies'
SELECT j.id, j.company_id, j.posted_by, j.title, j.slug, j.description, j.requirements, j.responsibilities, j.benefits,
       j.job_type, j.experience_level, j.location, j.remote_type, j.salary_min, j.salary_max, j.salary_currency,
       j.salary_period, j.department, j.employment_status, j.application_deadline, j.is_featured, j.is_public,
       j.view_count, j.application_count, j.ai_generated_content,
       coalesce((SELECT jsonb_agg(jsonb_build_object('name', s.skill_name, 'level', s.skill_level,
                                                     'is_required', s.is_required)
                                  ORDER BY s.is_required DESC NULLS LAST, lower(s.skill_name), s.id)
                 FROM   public.job_skills s
                 WHERE  s.job_id = j.id), '[]') AS skills,
       a.applied, a.screening, a.interviewing, a.offer, a.hired, a.rejected, a.withdrawn,
       j.created_at, j.updated_at
FROM   public.jobs j
CROSS  JOIN LATERAL (SELECT count(*) FILTER (WHERE a.status = 'applied')      AS applied,
                            count(*) FILTER (WHERE a.status = 'screening')    AS screening,
                            count(*) FILTER (WHERE a.status = 'interviewing') AS interviewing,
                            count(*) FILTER (WHERE a.status = 'offer')        AS offer,
                            count(*) FILTER (WHERE a.status = 'hired')        AS hired,
                            count(*) FILTER (WHERE a.status = 'rejected')     AS rejected,
                            count(*) FILTER (WHERE a.status = 'withdrawn')    AS withdrawn
                     FROM   public.applications a
                     WHERE  a.job_id = j.id) a
WHERE  j.id = $1
AND    j.company_id = ANY (ARRAY(SELECT hotgigs.my_companies()));
