-- job_remove: deletes a job and what hangs on it.
--
-- Applications, their interviews, timelines and AI sessions, skills, matches and referrals go with it. Tasks about its
-- applications stay, without the application: hg_job_delete is refused because of them. What people mean by deleting a job
-- is job_set_state, mostly.
--
-- group: jobs · rows: one · rights: definer · by: company, service
-- $1 job_id
-- > applications     How many went.
-- > interviews       How many went.
-- > skills           How many went.
-- > matches          How many went.
-- > referrals        How many went.
-- > tasks_unlinked   How many lost their application.
-- NOT_FOUND  no such job, or not one of the caller's companies'
-- DENIED     an admin is needed
SELECT applications, interviews, skills, matches, referrals, tasks_unlinked
FROM   hotgigs.job_remove($1);
