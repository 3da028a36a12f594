-- application_counts: how many applications there are in each status, those without any included.
--
-- Of a candidate, of a job, or of all jobs of a company: one of the three is given. What the caller may not see does not
-- count.
--
-- group: applications · rows: many · rights: caller · by: candidate, company, service
-- $1 candidate_id?
-- $2 job_id?
-- $3 company_id?
-- > status = applications.status
-- > applications                  How many.
WITH counted AS (
    SELECT a.status
    FROM   public.applications a
    WHERE  a.candidate_id = $1
    UNION ALL
    SELECT a.status
    FROM   public.applications a
    WHERE  a.job_id = $2
    AND    $1 IS NULL
    UNION ALL
    SELECT a.status
    FROM   public.jobs j
    JOIN   public.applications a ON a.job_id = j.id
    WHERE  j.company_id = $3
    AND    $1 IS NULL
    AND    $2 IS NULL
), numbers AS (
    SELECT c.status, count(*) AS n
    FROM   counted c
    GROUP  BY c.status
)
SELECT s.status, coalesce(n.n, 0) AS applications
FROM   unnest(ARRAY['applied', 'screening', 'interviewing', 'offer', 'hired', 'rejected', 'withdrawn'])
       WITH ORDINALITY AS s (status, place)
LEFT   JOIN numbers n ON n.status = s.status
ORDER  BY s.place;
