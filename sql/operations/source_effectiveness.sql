-- source_effectiveness: where the applications of a window came from, and how far they got.
--
-- Sources that differ in case or outer blanks are one. Interviewed and hired are what the timeline says was ever reached.
-- Most hires come first, then most applications.
--
-- group: analytics · rows: many · rights: caller · by: company, service
-- $1 company_id   The company; of one that is not the caller's there is nothing.
-- $2 since?       Applications of the window: from here, UTC; NULL: from the first day.
-- $3 until?       The window's end, UTC, not in it; NULL: none.
-- > source?                             In lower case; NULL: not said.
-- > applied                             Applications.
-- > interviewed                         Of those: ever reached interviewing.
-- > hired                               Of those: ever reached hired.
-- > interview_rate = numeric(5,4)       interviewed of applied, 0 to 1.
-- > hire_rate = numeric(5,4)            hired of applied, 0 to 1.
WITH its_applications AS MATERIALIZED (
    SELECT a.id, nullif(lower(btrim(a.application_source)), '') AS source
    FROM   public.companies c
    JOIN   public.jobs j ON j.company_id = c.id
    JOIN   public.applications a ON a.job_id = j.id
    WHERE  c.id = $1
    AND    ($2::timestamp IS NULL OR a.applied_at >= $2)
    AND    ($3::timestamp IS NULL OR a.applied_at < $3)
), reached AS (
    SELECT a.id,
           bool_or(t.status = 'interviewing') AS interviewed,
           bool_or(t.status = 'hired') AS hired
    FROM   its_applications a
    JOIN   public.application_timeline t ON t.application_id = a.id
    WHERE  t.status IN ('interviewing', 'hired')
    GROUP  BY a.id
)
SELECT a.source,
       count(*) AS applied,
       count(*) FILTER (WHERE r.interviewed) AS interviewed,
       count(*) FILTER (WHERE r.hired) AS hired,
       round(count(*) FILTER (WHERE r.interviewed)::numeric / count(*), 4) AS interview_rate,
       round(count(*) FILTER (WHERE r.hired)::numeric / count(*), 4) AS hire_rate
FROM   its_applications a
LEFT   JOIN reached r ON r.id = a.id
GROUP  BY a.source
ORDER  BY hired DESC, applied DESC, a.source NULLS LAST;
