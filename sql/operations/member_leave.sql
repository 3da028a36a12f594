-- member_leave: ends the caller's own membership of a company.
--
-- group: companies · rows: one · rights: definer · by: candidate, company, freelancer
-- row: company_members
-- $1 company_id
-- NOT_FOUND  the caller is no active member of it
-- STATE      he is the last admin
SELECT m.id, m.company_id, m.user_id, m.role, m.invited_at, m.joined_at, m.is_active, m.created_at,
       m.updated_at
FROM   hotgigs.member_leave($1) m;
