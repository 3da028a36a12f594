-- member_can: whether an active member may do something in the application.
--
-- His permissions decide: a list stands for all that he may, an object for single keys or for all; where they say
-- nothing, his rank does (hotgigs.role_permissions). Rows are another matter: row-level security goes by the rank alone.
--
-- group: companies · rows: one · rights: definer · by: candidate, company, freelancer, service
-- $1 company_id
-- $2 permission   manage_jobs, manage_candidates, manage_team, view_analytics, export_data or manage_settings
-- $3 user_id?     NULL: the caller; the service has to name one
-- > allowed   false for anybody who is no active member
-- INVALID  no such permission
SELECT m.allowed
FROM   hotgigs.member_can($1, $2, $3) m;
