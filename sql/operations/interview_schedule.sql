-- interview_schedule: plans an interview for an open application, while its interviewer is free.
--
-- Of any number of calls at once for one interviewer, none overlaps another, buffer included; his interviews for other
-- companies count. Candidate and interviewer are told.
--
-- group: interviews · rows: one · rights: definer · by: company, service · row: interviews
-- $1 application_id
-- $2 interviewer_id?   = interviews.interviewer_id     A member of the company or a verified freelancer; NULL: not yet known.
-- $3 interview_type    = interviews.interview_type
-- $4 scheduled_at      = interviews.scheduled_at
-- $5 duration_minutes? = interviews.duration_minutes   1 to 1440; NULL: 60.
-- $6 location?         = interviews.location
-- $7 meeting_link?     = interviews.meeting_link
-- $8 notes?            = interviews.notes
-- $9 buffer_minutes?                                   Free minutes between this one and any other, 0 to 1440; NULL: none.
-- $10 advance?                                         True: an application before interviewing moves on to it, step by step.
-- NOT_FOUND  no such application of the caller's companies, or no such interviewer
-- CONFLICT   the interviewer is busy at that time
-- STATE      the application is hired, rejected or withdrawn
-- INVALID    a length outside its range
-- DENIED     the caller is no recruiter of the company
SELECT id, application_id, interviewer_id, interview_type, scheduled_at, duration_minutes, location, meeting_link, status,
       notes, updated_at
FROM   hotgigs.interview_schedule($1, $2, $3, $4, coalesce($5, 60), $6, $7, $8, coalesce($9, 0), coalesce($10, false));
