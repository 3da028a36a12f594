-- interview_stats: numbers and scores of a company's interviews: one row for all, then one for each interviewer.
--
-- Scores are of completed interviews.
--
-- group: interviews · rows: many · rights: definer · by: company, service
-- $1 company_id
-- $2 starts_from?  = interviews.scheduled_at   From this moment on.
-- $3 starts_until? = interviews.scheduled_at   Before this moment.
-- > is_total                            True: the row for all, which is there even if there are none.
-- > interviewer_id? = interviews.interviewer_id
-- > first_name? = users.first_name
-- > last_name? = users.last_name
-- > interviews                          How many.
-- > scheduled
-- > completed
-- > cancelled
-- > no_show
-- > avg_score? = numeric(4,2)           NULL: no score.
-- > stddev_score? = numeric(4,2)        Of the sample; NULL: fewer than two scores.
-- > no_show_percent = numeric(5,2)      No-shows of all that took place or should have; 0 without any.
-- NOT_FOUND  no such company of the caller's
SELECT is_total, interviewer_id, first_name, last_name, interviews, scheduled, completed, cancelled, no_show, avg_score,
       stddev_score, no_show_percent
FROM   hotgigs.interview_stats($1, $2, $3);
