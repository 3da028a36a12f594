-- company_remove_preview: how many rows would go with a company; what company_remove wants confirmed.
--
-- group: companies · rows: one · rights: definer · by: company, service
-- $1 company_id
-- > members
-- > jobs
-- > applications
-- > interviews
-- > referrals
-- > tasks
-- NOT_FOUND  no such company, or not one of the caller's
-- DENIED     the caller is no admin of it
SELECT c.members, c.jobs, c.applications, c.interviews, c.referrals, c.tasks
FROM   hotgigs.company_remove_preview($1) c;
