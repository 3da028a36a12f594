-- time_to_hire: how long it took from applying to being hired, for those hired in a window.
--
-- Hired is when the timeline says so for the first time. A company that hired nobody has zeros, and no mean.
--
-- group: analytics · rows: one · rights: caller · by: company, service
-- $1 company_id   The company.
-- $2 since?       Hired from here on, UTC; NULL: from the first day.
-- $3 until?       The window's end, UTC, not in it; NULL: none.
-- > hires                             Applications that reached hired for the first time in the window.
-- > mean_days? = numeric(12,2)        From applying to that moment, in days; NULL: nobody was hired.
-- > median_days? = numeric(12,2)      Likewise the median,
-- > fastest_days? = numeric(12,2)     the least,
-- > slowest_days? = numeric(12,2)     and the greatest.
-- > days_0_7                          How many of them took up to 7 whole days,
-- > days_8_14                         8 to 14,
-- > days_15_30                        15 to 30,
-- > days_31_60                        31 to 60,
-- > days_over_60                      more. Together they are the hires, but for those whose time of applying is not known.
-- NOT_FOUND  no such company, or not one of the caller's
WITH the_company AS (
    SELECT c.id
    FROM   public.companies c
    WHERE  c.id = $1
), first_hires AS (
    SELECT a.id, a.applied_at, min(t.created_at) AS hired_at
    FROM   the_company c
    JOIN   public.jobs j ON j.company_id = c.id
    JOIN   public.applications a ON a.job_id = j.id
    JOIN   public.application_timeline t ON t.application_id = a.id
    WHERE  t.status = 'hired'
    GROUP  BY a.id, a.applied_at
), hires AS (
    SELECT CASE WHEN isfinite(applied_at) AND isfinite(hired_at)
                THEN extract(epoch FROM hired_at - applied_at) / 86400
           END AS days
    FROM   first_hires
    WHERE  ($2::timestamp IS NULL OR hired_at >= $2)
    AND    ($3::timestamp IS NULL OR hired_at < $3)
), figures AS (
    SELECT count(*) AS hires,
           round(avg(days), 2) AS mean_days,
           round(percentile_cont(0.5) WITHIN GROUP (ORDER BY days::double precision)::numeric, 2) AS median_days,
           round(min(days), 2) AS fastest_days,
           round(max(days), 2) AS slowest_days,
           count(*) FILTER (WHERE days < 8) AS days_0_7,
           count(*) FILTER (WHERE days >= 8 AND days < 15) AS days_8_14,
           count(*) FILTER (WHERE days >= 15 AND days < 31) AS days_15_30,
           count(*) FILTER (WHERE days >= 31 AND days < 61) AS days_31_60,
           count(*) FILTER (WHERE days >= 61) AS days_over_60
    FROM   hires
)
SELECT f.hires, f.mean_days, f.median_days, f.fastest_days, f.slowest_days, f.days_0_7, f.days_8_14, f.days_15_30,
       f.days_31_60, f.days_over_60
FROM   the_company c
CROSS  JOIN figures f;
