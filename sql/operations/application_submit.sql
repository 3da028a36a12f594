-- application_submit: applies for a job, once.
--
-- The job has to be open, public and before its deadline. With the application come the first step of its timeline, a
-- notification of the job's poster, and one more in the job's count. Of any number of calls at once, one applies.
--
-- group: applications · rows: one · rights: definer · by: candidate, service · row: applications
-- $1 job_id        = applications.job_id
-- $2 candidate_id  = applications.candidate_id           The caller's own profile; the service's choice.
-- $3 cover_letter? = applications.cover_letter
-- $4 resume_url?   = applications.resume_url
-- $5 documents?    = applications.additional_documents   NULL: none.
-- $6 source?       = applications.application_source
-- NOT_FOUND  no such candidate or job, or not visible to the caller
-- CONFLICT   the candidate has applied for this job already
-- STATE      the job is closed, hidden, or past its deadline
-- INVALID    documents is no array
SELECT id, job_id, candidate_id, status, applied_at, last_updated_at
FROM   hotgigs.application_submit($1, $2, $3, $4, $5, $6);
