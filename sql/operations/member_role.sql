-- member_role: the rank of an active member: the caller, a colleague, or for the service anybody.
--
-- group: companies · rows: maybe · rights: definer · by: candidate, company, freelancer, service
-- $1 company_id = company_members.company_id
-- $2 user_id? = company_members.user_id   NULL: the caller; the service has to name one
-- > role = company_members.role
-- > rank   viewer 1, account_manager 2, recruiter 3, admin 4
-- > permissions? = company_members.permissions
SELECT m.role, m.rank, m.permissions
FROM   hotgigs.member_role($1, $2) m;
