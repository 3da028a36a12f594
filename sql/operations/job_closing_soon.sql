-- job_closing_soon: open jobs whose deadline is near, the nearest first.
--
-- Of a company of one's own, whatever their publicity; without a company the public ones.
--
-- group: jobs · rows: many · rights: caller
-- $1 days          From now, UTC.
-- $2 company_id?   NULL: public jobs of all.
-- $3 at_most       1 to 200; another number gives no rows.
-- > id
-- > company_id?
-- > title
-- > slug
-- > application_deadline
SELECT j.id, j.company_id, j.title, j.slug, j.application_deadline
FROM   public.jobs j
WHERE  j.employment_status = 'open'
AND    j.application_deadline > now() AT TIME ZONE 'UTC'
AND    j.application_deadline <= now() AT TIME ZONE 'UTC' + make_interval(days => least(greatest($1::integer, 0), 36500))
AND    ($2::uuid IS NULL AND j.is_public OR j.company_id = $2)
ORDER  BY j.application_deadline, j.id
LIMIT  CASE WHEN $3::integer BETWEEN 1 AND 200 THEN $3 ELSE 0 END;
