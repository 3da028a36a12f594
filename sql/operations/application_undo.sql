-- application_undo: takes back the last move of an application.
--
-- It returns to the status before, with a step of its own in the timeline; a rejection's reason and feedback go, and a hire's
-- referral is accepted again without commission. A job that was filled stays filled.
--
-- group: applications · rows: one · rights: definer · by: company, service · row: applications
-- $1 application_id
-- $2 note?            A remark for the timeline.
-- NOT_FOUND  no such application, or not one of the caller's companies'
-- STATE      there is no move, or the last one was an undo or the candidate's; or the hire's commission is approved
-- DENIED     the caller is no recruiter of the company
SELECT id, job_id, candidate_id, status, last_updated_at
FROM   hotgigs.application_undo($1, $2);
