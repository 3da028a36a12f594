-- member_decline: declines an invitation; the company may invite again.
--
-- group: companies · rows: one · rights: definer · by: candidate, company, freelancer, service
-- row: company_members
-- $1 company_id
-- $2 user_id?   NULL: the caller; the service has to name one
-- NOT_FOUND  no invitation is pending
-- DENIED     another user is named
-- STATE      it was accepted before
SELECT m.id, m.company_id, m.user_id, m.role, m.invited_at, m.joined_at, m.is_active, m.created_at,
       m.updated_at
FROM   hotgigs.member_answer($1, $2, false) m;
