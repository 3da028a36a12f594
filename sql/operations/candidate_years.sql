-- candidate_years: how many years a candidate has worked, positions that overlap counted once.
--
-- A position without an end lasts until today, if it is current; otherwise it counts as its first day.
--
-- group: candidates · rows: one · rights: caller · by: candidate, company, freelancer, service
-- $1 candidate_id
-- > years = numeric(8,1)   0.0 without any.
SELECT round(coalesce(sum(upper(p.period) - lower(p.period)), 0) / 365.25, 1) AS years
FROM   (SELECT unnest(range_agg(daterange(e.start_date, coalesce(e.end_date, CASE WHEN e.is_current THEN
                                                                                  (now() AT TIME ZONE 'UTC')::date END,
                                                                 e.start_date), '[]'))) AS period
        FROM   public.candidate_experiences e
        WHERE  e.candidate_id = $1
        AND    isfinite(e.start_date)
        AND    (e.end_date IS NULL OR isfinite(e.end_date))
        AND    e.start_date <= coalesce(e.end_date, CASE WHEN e.is_current THEN (now() AT TIME ZONE 'UTC')::date END,
                                        e.start_date)) p;
