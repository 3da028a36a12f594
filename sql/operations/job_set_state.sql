-- job_set_state: opens, closes or hides one job.
--
-- A soft close is what people mean when they delete a job: nothing that refers to it is lost.
--
-- group: jobs · rows: one · rights: caller · by: company, service
-- $1 job_id                                        The job.
-- $2 employment_status? = jobs.employment_status   NULL leaves it as it is.
-- $3 is_public?                                    NULL leaves it as it is.
-- > id
-- > employment_status?
-- > is_public?
-- > updated_at?
-- NOT_FOUND  no such job, or not one of the caller's companies'
UPDATE public.jobs
SET    employment_status = coalesce($2, employment_status),
       is_public         = coalesce($3, is_public)
WHERE  id = $1
RETURNING id, employment_status, is_public, updated_at;
