-- application_set_status: moves one application from a status to another.
--
-- applied, screening, interviewing, offer, hired, one after the other; any of the first four to rejected. With it come
-- a step in the timeline and a notification of the candidate. To the status that it has already nothing is written,
-- whatever from is.
--
-- group: applications · rows: one · rights: definer · by: company, service · row: applications
-- $1 application_id
-- $2 from_status = applications.status   The status that the caller has seen.
-- $3 to_status   = applications.status
-- $4 note?                               A remark for the timeline; the candidate does not see it.
-- $5 force?                              True: also a move that the machine has not, but to and from withdrawn; for admins
--                                        of the company, and the service.
-- NOT_FOUND  no such application, or not one of the caller's companies'
-- STATE      it is neither in from_status nor in to_status by now: somebody else was quicker; or an application does not
--            move like this
-- DENIED     the caller is no recruiter of the company; nothing was written
SELECT id, job_id, candidate_id, status, last_updated_at
FROM   hotgigs.application_set_status($1, $2, $3, $4, coalesce($5, false));
