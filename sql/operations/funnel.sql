-- funnel: how far the applications of a window came: per stage how many ever reached it, at what rate, after how long.
--
-- The timeline says what was reached, not the present status: who was rejected after an offer has reached offer, and only
-- the first time counts. Every application has reached applied. There are always seven rows, in the order of the stages,
-- with zeros where nothing is; none if the company is not one of the caller's, or the job not one of the company's.
--
-- group: analytics · rows: many · rights: caller · by: company, service
-- $1 company_id   The company.
-- $2 job_id?      One of its jobs; NULL: all.
-- $3 since?       Applications of the window: from here, UTC; NULL: from the first day.
-- $4 until?       The window's end, UTC, not in it; NULL: none.
-- > stage = applications.status
-- > reached                            Applications that ever reached it.
-- > present                            Applications that are in it now.
-- > share = numeric(5,4)               Of all applications of the window, 0 to 1; 0 where there are none.
-- > conversion = numeric(5,4)          Of those that reached the stage before, how many reached this one too, 0 to 1; of
--                                      applied, rejected and withdrawn as share.
-- > median_days? = numeric(12,2)       From applying to reaching it for the first time; NULL: nobody has.
WITH the_company AS (
    SELECT c.id
    FROM   public.companies c
    WHERE  c.id = $1
    AND    ($2::uuid IS NULL OR EXISTS (SELECT FROM public.jobs j WHERE j.id = $2 AND j.company_id = c.id))
), stages (stage, stage_before, place) AS (
    VALUES ('applied',      NULL,           1),
           ('screening',    'applied',      2),
           ('interviewing', 'screening',    3),
           ('offer',        'interviewing', 4),
           ('hired',        'offer',        5),
           ('rejected',     'applied',      6),
           ('withdrawn',    'applied',      7)
), its_applications AS MATERIALIZED (
    SELECT a.id, a.status, a.applied_at
    FROM   the_company c
    JOIN   public.jobs j ON j.company_id = c.id
    JOIN   public.applications a ON a.job_id = j.id
    WHERE  ($2::uuid IS NULL OR j.id = $2)
    AND    ($3::timestamp IS NULL OR a.applied_at >= $3)
    AND    ($4::timestamp IS NULL OR a.applied_at < $4)
), reached AS MATERIALIZED (
    SELECT a.id, 'applied' AS stage, 0::double precision AS days
    FROM   its_applications a
    UNION  ALL
    SELECT a.id, t.status, (extract(epoch FROM min(t.created_at) - a.applied_at) / 86400)::double precision
    FROM   its_applications a
    JOIN   public.application_timeline t ON t.application_id = a.id
    WHERE  t.status <> 'applied'
    AND    isfinite(t.created_at)
    AND    coalesce(isfinite(a.applied_at), true)
    GROUP  BY a.id, t.status, a.applied_at
), reached_counts AS (
    SELECT r.stage, count(*) AS reached, count(before.id) AS from_before,
           round(percentile_cont(0.5) WITHIN GROUP (ORDER BY r.days)::numeric, 2) AS median_days
    FROM   reached r
    JOIN   stages s ON s.stage = r.stage
    LEFT   JOIN reached before ON before.id = r.id AND before.stage = s.stage_before
    GROUP  BY r.stage
), present AS (
    SELECT status, count(*) AS present
    FROM   its_applications
    GROUP  BY status
), total AS (
    SELECT count(*) AS applications
    FROM   its_applications
)
SELECT s.stage,
       coalesce(r.reached, 0) AS reached,
       coalesce(p.present, 0) AS present,
       coalesce(round(r.reached::numeric / nullif(t.applications, 0), 4), 0.0000) AS share,
       coalesce(round(CASE WHEN s.stage_before IS NULL THEN r.reached ELSE r.from_before END::numeric
                      / nullif(CASE WHEN s.stage_before IS NULL THEN t.applications ELSE b.reached END, 0), 4), 0.0000)
           AS conversion,
       r.median_days
FROM   the_company c
CROSS  JOIN stages s
CROSS  JOIN total t
LEFT   JOIN reached_counts r ON r.stage = s.stage
LEFT   JOIN reached_counts b ON b.stage = s.stage_before
LEFT   JOIN present p ON p.status = s.stage
ORDER  BY s.place;
