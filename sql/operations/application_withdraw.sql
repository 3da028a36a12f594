-- application_withdraw: the candidate withdraws his application.
--
-- With it come a step in the timeline and a notification of the job's poster.
--
-- group: applications · rows: one · rights: definer · by: candidate, service · row: applications
-- $1 application_id
-- $2 reason?          For the company, in the timeline.
-- NOT_FOUND  no such application, or not the caller's
-- STATE      it is hired, rejected or withdrawn already
SELECT id, job_id, candidate_id, status, last_updated_at
FROM   hotgigs.application_withdraw($1, $2);
