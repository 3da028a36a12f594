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
WITH the_job AS (
    SELECT j.id, j.company_id
    FROM   public.jobs j
    WHERE  j.id = $1
), its_skills AS (
    SELECT DISTINCT lower(s.skill_name) AS skill
    FROM   public.job_skills s
    WHERE  s.job_id = $1
), shared AS (
    SELECT s.job_id, count(DISTINCT lower(s.skill_name)) AS skills
    FROM   public.job_skills s
    JOIN   its_skills i ON i.skill = lower(s.skill_name)
    WHERE  s.job_id <> $1
    GROUP  BY s.job_id
)
SELECT j.id, j.company_id, j.title, j.slug, j.location, j.job_type, j.remote_type,
       coalesce(s.skills, 0) AS shared_skills,
       coalesce(j.company_id = t.company_id, false) AS same_company,
       j.created_at
FROM   the_job t
JOIN   public.jobs j ON j.id <> t.id
LEFT   JOIN shared s ON s.job_id = j.id
WHERE  j.employment_status = 'open'
AND    j.is_public
AND    (s.skills > 0 OR j.company_id = t.company_id)
ORDER  BY shared_skills DESC, same_company DESC, j.created_at DESC NULLS LAST, j.id
LIMIT  greatest($2::integer, 0);
