-- application_set_notes: writes the company's notes on an application.
--
-- group: applications · rows: one · rights: definer · by: company, service · row: applications
-- $1 application_id
-- $2 notes?    = applications.recruiter_notes   NULL: none any more.
-- $3 expected  = applications.last_updated_at   As the caller has read it.
-- NOT_FOUND  no such application, or not one of the caller's companies'
-- CONFLICT   somebody changed it since
-- DENIED     the caller is a viewer of the company
SELECT id, job_id, candidate_id, recruiter_notes, last_updated_at
FROM   hotgigs.application_set_notes($1, $2, $3);
