-- job_count_view: counts one view of a public job.
--
-- The job's updated_at stays, so that a view is no conflict for whoever edits it. A job that is not there or not public is
-- not counted, which is success.
--
-- group: jobs · rows: none · rights: definer
-- $1 job_id                                   The job.
-- $2 session?  = analytics_events.session_id   Given: the view is kept as an event job_view too.
SELECT hotgigs.job_count_view($1, $2);
