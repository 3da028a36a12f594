-- application_stale: open applications of a company that have not moved for so many days, the longest first.
--
-- Since the last move in the timeline; since it was made, where there is none.
--
-- group: applications · rows: many · rights: caller · by: company, service
-- $1 company_id
-- $2 days                              At least so many whole days.
-- $3 statuses?                         In these; NULL: applied, screening, interviewing and offer.
-- $4 at_most                           How many at most.
-- > application_id
-- > job_id
-- > job_title
-- > candidate_id?
-- > status
-- > since                              When it came to its status, UTC.
-- > days_in_stage                      Whole days since.
WITH open_ones AS (
    SELECT a.id, a.job_id, j.title, a.candidate_id, a.status, a.applied_at, a.created_at
    FROM   public.jobs j
    JOIN   public.applications a ON a.job_id = j.id
    WHERE  j.company_id = $1
    AND    a.status = ANY (coalesce($3::text[], ARRAY['applied', 'screening', 'interviewing', 'offer']))
), timed AS (
    SELECT o.id, o.job_id, o.title, o.candidate_id, o.status,
           coalesce((SELECT t.created_at
                     FROM   public.application_timeline t
                     WHERE  t.application_id = o.id
                     AND    t.metadata ? 'to'
                     ORDER  BY t.created_at DESC NULLS LAST
                     LIMIT  1), o.applied_at, o.created_at) AS since
    FROM   open_ones o
)
SELECT t.id AS application_id, t.job_id, t.title AS job_title, t.candidate_id, t.status, t.since,
       extract(day FROM now() AT TIME ZONE 'UTC' - t.since)::integer AS days_in_stage
FROM   timed t
WHERE  t.since <= now() AT TIME ZONE 'UTC' - make_interval(days => $2)
ORDER  BY t.since, t.id
LIMIT  greatest($4::integer, 0);
