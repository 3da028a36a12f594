-- job_similar: open jobs that ask for the same skills, most alike first.
--
-- A skill counts whatever its case. Among those that share as many, jobs of the same company come first, then newer ones.
--
-- group: jobs · rows: many · rights: caller
-- $1 job_id    The job that they are like; it is not among them.
-- $2 at_most   How many at most; none for less than 1.
-- > id
-- > company_id?
-- > title
-- > slug
-- > location?
-- > job_type?
-- > remote_type?
-- > shared_skills    How many skills they share.
-- > same_company     Whether it is of the same company.
-- > created_at?
SELECT j.id, j.company_id, j.title, j.slug, j.location, j.job_type, j.remote_type,
       a.shared_skills,
       coalesce(j.company_id = t.company_id, false) AS same_company,
       j.created_at
FROM   public.jobs t
CROSS  JOIN LATERAL hotgigs.jobs_like(t.id, t.company_id,
                                      ARRAY(SELECT lower(s.skill_name) FROM public.job_skills s WHERE s.job_id = $1),
                                      $2::integer) a
JOIN   public.jobs j ON j.id = a.job_id
WHERE  t.id = $1
ORDER  BY a.shared_skills DESC, same_company DESC, coalesce(j.created_at, '-infinity') DESC, j.id DESC;
