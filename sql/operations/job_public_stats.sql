-- job_public_stats: how many public jobs are open, and where.
--
-- group: jobs · rows: one · rights: caller
-- > open             Open public jobs, deadlines not looked at; so in the next three.
-- > last_7_days      Of them, made in the last seven days.
-- > by_type          Object: job_type and how many.
-- > top_locations    Array of {location, jobs}, the ten with most.
WITH counted AS (
    SELECT j.job_type, j.location, grouping(j.job_type) = 0 AS is_type, grouping(j.location) = 0 AS is_location,
           count(*) AS jobs,
           count(*) FILTER (WHERE j.created_at >= now() AT TIME ZONE 'UTC' - interval '7 days') AS recent
    FROM   public.jobs j
    WHERE  j.is_public
    AND    j.employment_status = 'open'
    GROUP  BY GROUPING SETS ((j.job_type), (j.location), ())
)
SELECT c.jobs AS open,
       c.recent AS last_7_days,
       coalesce((SELECT jsonb_object_agg(t.job_type, t.jobs) FROM counted t WHERE t.is_type), '{}') AS by_type,
       coalesce((SELECT jsonb_agg(jsonb_build_object('location', l.location, 'jobs', l.jobs)
                                  ORDER BY l.jobs DESC, l.location)
                 FROM   (SELECT q.location, q.jobs
                         FROM   counted q
                         WHERE  q.is_location AND q.location IS NOT NULL
                         ORDER  BY 2 DESC, 1
                         LIMIT  10) l), '[]') AS top_locations
FROM   counted c
WHERE  NOT c.is_type
AND    NOT c.is_location;
