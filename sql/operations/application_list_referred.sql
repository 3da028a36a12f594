-- application_list_referred: a page of the applications that the calling freelancer brought, newest first.
--
-- Where they stand, and nothing else.
--
-- group: applications · rows: many · rights: definer · by: freelancer
-- $1 at_most                                How many at most.
-- $2 after_time? = applications.applied_at   applied_at of the last row of the page before, NULL if it has none; with
--                                           after_id.
-- $3 after_id?                              Its id; NULL: the first page.
-- > id = applications.id
-- > job_id? = applications.job_id
-- > candidate_id? = applications.candidate_id
-- > status? = applications.status
-- > applied_at? = applications.applied_at
-- > last_updated_at? = applications.last_updated_at
-- > job_title? = jobs.title
SELECT id, job_id, candidate_id, status, applied_at, last_updated_at, job_title
FROM   hotgigs.application_list_referred($1, $2, $3);
