-- job_expire_due: closes a batch of open jobs whose deadline is over, those due longest first.
--
-- Jobs that another transaction holds are left for the next batch, so that several may run at once. Call it until it gives
-- nothing.
--
-- group: jobs · rows: many · rights: service
-- $1 now?      UTC; NULL: the database's.
-- $2 at_most   1 to 10000; another number closes nothing.
-- > id
-- > application_deadline?
WITH due AS MATERIALIZED (
    SELECT j.id
    FROM   public.jobs j
    WHERE  j.employment_status = 'open'
    AND    j.application_deadline <= coalesce($1::timestamp, now() AT TIME ZONE 'UTC')
    ORDER  BY j.application_deadline, j.id
    LIMIT  CASE WHEN $2::integer BETWEEN 1 AND 10000 THEN $2 ELSE 0 END
    FOR    NO KEY UPDATE SKIP LOCKED
)
UPDATE public.jobs j
SET    employment_status = 'closed'
FROM   due d
WHERE  j.id = d.id
RETURNING j.id, j.application_deadline;
