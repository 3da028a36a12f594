-- application_series: how many applications came per hour, day, week or month, without gaps.
--
-- Days, weeks and months are those of the reader's time zone, so that a day has 23 or 25 hours where clocks are changed. A
-- bucket without applications is there with 0. None at all if the company is not one of the caller's, or the job not one of
-- the company's.
--
-- group: analytics · rows: many · rights: caller · by: company, service
-- $1 company_id   The company.
-- $2 since        From here, UTC. The first bucket is the one in which it lies, and counts from since on.
-- $3 until        The window's end, UTC, not in it.
-- $4 unit?        hour, day, week (from Monday) or month; NULL: day.
-- $5 zone?        A name that the server knows, such as Europe/Zurich; NULL: UTC.
-- $6 job_id?      One of its jobs; NULL: all.
-- > starts_at      When the bucket begins, UTC.
-- > starts_on      The calendar date of that, in the zone.
-- > applications   How many came in it.
-- INVALID  no such unit or zone, or more than 100,000 buckets
WITH the_company AS (
    SELECT c.id
    FROM   public.companies c
    WHERE  c.id = $1
    AND    ($6::uuid IS NULL OR EXISTS (SELECT FROM public.jobs j WHERE j.id = $6 AND j.company_id = c.id))
), counts AS (
    SELECT hotgigs.time_bucket(a.applied_at, coalesce($4::text, 'day'), coalesce($5::text, 'UTC')) AS bucket,
           count(*) AS applications
    FROM   the_company c
    JOIN   public.jobs j ON j.company_id = c.id
    JOIN   public.applications a ON a.job_id = j.id
    WHERE  ($6::uuid IS NULL OR j.id = $6)
    AND    a.applied_at >= $2::timestamp
    AND    a.applied_at < $3::timestamp
    GROUP  BY 1
)
SELECT b.starts_at,
       (b.starts_at AT TIME ZONE 'UTC' AT TIME ZONE coalesce($5::text, 'UTC'))::date AS starts_on,
       coalesce(n.applications, 0) AS applications
FROM   the_company c
CROSS  JOIN hotgigs.time_buckets($2::timestamp, $3::timestamp, coalesce($4::text, 'day'), coalesce($5::text, 'UTC')) b
LEFT   JOIN counts n ON n.bucket = b.bucket
ORDER  BY b.bucket;
