-- application_has_applied: for which of these jobs a candidate has applied.
--
-- Whatever became of the application. One that the caller may not see does not count.
--
-- group: applications · rows: many · rights: caller · by: candidate, company, service
-- $1 candidate_id
-- $2 job_ids
-- > job_id
-- > application_id
-- > status
SELECT DISTINCT ON (a.job_id) a.job_id, a.id AS application_id, a.status
FROM   public.applications a
WHERE  a.candidate_id = $1
AND    a.job_id = ANY ($2)
AND    a.status IS NOT NULL
ORDER  BY a.job_id, a.applied_at, a.id;
