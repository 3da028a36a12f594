-- ai_session_complete: completes an AI interview with its scores, once.
--
-- group: interviews · rows: one · rights: definer · by: service · row: ai_interview_sessions
-- $1 session_id
-- $2 ai_scores?        = ai_interview_sessions.ai_scores
-- $3 overall_score?    = ai_interview_sessions.overall_score      0.00 to 100.00.
-- $4 recommendations?  = ai_interview_sessions.recommendations
-- $5 session_duration? = ai_interview_sessions.session_duration   Seconds.
-- NOT_FOUND  no such session
-- STATE      it is completed already
-- INVALID    a score or a duration that is none
SELECT id, application_id, session_type, ai_scores, overall_score, recommendations, session_duration, completed_at
FROM   hotgigs.ai_session_complete($1, $2, $3, $4, $5);
