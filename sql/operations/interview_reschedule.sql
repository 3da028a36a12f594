-- interview_reschedule: moves an interview that is still to come to another time.
--
-- group: interviews · rows: one · rights: definer · by: company, service · row: interviews
-- $1 interview_id
-- $2 scheduled_at      = interviews.scheduled_at       The new time.
-- $3 expected          = interviews.scheduled_at       The time that the caller has read.
-- $4 duration_minutes? = interviews.duration_minutes   NULL: as long as before.
-- $5 buffer_minutes?                                   Free minutes between this one and any other; NULL: none.
-- NOT_FOUND  no such interview, or not one of the caller's companies'
-- CONFLICT   it is at another time by now, or the interviewer is busy
-- STATE      it is completed, cancelled or nobody came
-- INVALID    a length outside its range
-- DENIED     the caller is no recruiter of the company
SELECT id, application_id, interviewer_id, scheduled_at, duration_minutes, status, updated_at
FROM   hotgigs.interview_reschedule($1, $2, $3, $4, coalesce($5, 0));
