-- job_bulk_set_state: opens, closes or hides many jobs of one company, with an outcome for each.
--
-- A job of another company, one that the caller may not change and one that is not there are all missing. The jobs are
-- locked in the order of their ids, so that two such calls do not deadlock.
--
-- group: jobs · rows: many · rights: caller · by: company, service
-- $1 company_id
-- $2 job_ids                                       An id counts once.
-- $3 employment_status? = jobs.employment_status   NULL leaves it as it is.
-- $4 is_public?                                    NULL leaves it as it is.
-- > id
-- > changed   False: missing.
WITH locked AS MATERIALIZED (
    SELECT j.id
    FROM   public.jobs j
    WHERE  j.id = ANY ($2::uuid[])
    AND    j.company_id = $1
    ORDER  BY j.id
    FOR    NO KEY UPDATE
), changed AS (
    UPDATE public.jobs j
    SET    employment_status = coalesce($3, j.employment_status),
           is_public         = coalesce($4, j.is_public)
    FROM   locked l
    WHERE  j.id = l.id
    RETURNING j.id
)
SELECT w.id AS id, c.id IS NOT NULL AS changed
FROM   (SELECT DISTINCT u.id FROM unnest($2::uuid[]) AS u(id) WHERE u.id IS NOT NULL) w
LEFT   JOIN changed c ON c.id = w.id
ORDER  BY w.id;
