-- application_reject: rejects an open application.
--
-- With it come a step in the timeline, with the reason, and a notification of the candidate, without.
--
-- group: applications · rows: one · rights: definer · by: company, service · row: applications
-- $1 application_id
-- $2 reason?   = applications.rejection_reason     For the company.
-- $3 feedback? = applications.rejection_feedback   For the candidate.
-- NOT_FOUND  no such application, or not one of the caller's companies'
-- STATE      it is hired, rejected or withdrawn already
-- DENIED     the caller is no recruiter of the company
SELECT id, job_id, candidate_id, status, rejection_reason, rejection_feedback, last_updated_at
FROM   hotgigs.application_reject($1, $2, $3);
