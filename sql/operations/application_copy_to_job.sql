-- application_copy_to_job: opens an application of the same candidate for another job of the company.
--
-- Letter, résumé, documents, source and referrer come with it; the company's notes and scores do not. The candidate is told.
--
-- group: applications · rows: one · rights: definer · by: company, service · row: applications
-- $1 application_id
-- $2 job_id = applications.job_id   Another job of the same company, open and before its deadline.
-- NOT_FOUND  no such application of the caller's companies, or no such job in its company
-- CONFLICT   the candidate has applied for that job already
-- STATE      the job is closed or past its deadline
-- DENIED     the caller is no recruiter of the company
SELECT id, job_id, candidate_id, status, applied_at, last_updated_at
FROM   hotgigs.application_copy_to_job($1, $2);
