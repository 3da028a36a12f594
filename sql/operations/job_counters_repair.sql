-- job_counters_repair: sets application_count to what there is, and tells where it was not so.
--
-- group: jobs · rows: many · rights: service
-- $1 company_id?   NULL: all, which locks every job for as long.
-- > job_id
-- > was?           NULL counts as drift.
-- > is_now
SELECT job_id, was, is_now
FROM   hotgigs.job_counters_repair($1);
