-- company_remove: deletes a company with its members, jobs, applications and tasks.
--
-- Other companies' tasks about its applications stay, without the pointer.
--
-- group: companies · rows: one · rights: definer · by: company, service
-- $1 company_id
-- $2 confirm_jobs           as company_remove_preview told
-- $3 confirm_applications   likewise
-- > members   what went, of each
-- > jobs
-- > applications
-- > interviews
-- > referrals
-- > tasks
-- NOT_FOUND  no such company, or not one of the caller's
-- DENIED     the caller is no admin of it
-- CONFLICT   it has other jobs or applications than were confirmed; nothing was deleted
SELECT c.members, c.jobs, c.applications, c.interviews, c.referrals, c.tasks
FROM   hotgigs.company_remove($1, $2, $3) c;
