-- ai_session_create: opens an interview held by a model, for an open application.
--
-- It begins without responses. The candidate is told.
--
-- group: interviews · rows: one · rights: definer · by: company, service · row: ai_interview_sessions
-- $1 application_id
-- $2 session_type = ai_interview_sessions.session_type
-- $3 questions    = ai_interview_sessions.questions
-- NOT_FOUND  no such application, or not one of the caller's companies'
-- STATE      it is hired, rejected or withdrawn
-- INVALID    questions is no array, or an empty one
-- DENIED     the caller is no recruiter of the company
SELECT id, application_id, session_type, questions, responses, created_at
FROM   hotgigs.ai_session_create($1, $2, $3);
