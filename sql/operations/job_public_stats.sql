-- job_public_stats: how many public jobs are open, and where.
--
-- group: jobs · rows: one · rights: caller
-- > open             Open public jobs, deadlines not looked at; so in the next three.
-- > last_7_days      Of them, made in the last seven days.
-- > by_type          Object: job_type and how many.
-- > top_locations    Array of {location, jobs}, the ten with most.
WITH public_jobs AS (
    SELECT j.job_type, j.location, j.created_at
    FROM   public.jobs j
    WHERE  j.is_public
    AND    j.employment_status = 'open'
)
SELECT count(*) AS open,
       count(*) FILTER (WHERE p.created_at >= now() AT TIME ZONE 'UTC' - interval '7 days') AS last_7_days,
       coalesce((SELECT jsonb_object_agg(t.job_type, t.jobs)
                 FROM   (SELECT q.job_type, count(*) AS jobs FROM public_jobs q GROUP BY 1) t), '{}') AS by_type,
       coalesce((SELECT jsonb_agg(jsonb_build_object('location', l.location, 'jobs', l.jobs)
                                  ORDER BY l.jobs DESC, l.location)
                 FROM   (SELECT q.location, count(*) AS jobs
                         FROM   public_jobs q
                         WHERE  q.location IS NOT NULL
                         GROUP  BY 1
                         ORDER  BY 2 DESC, 1
                         LIMIT  10) l), '[]') AS top_locations
FROM   public_jobs p;
