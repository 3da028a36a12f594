-- member_remove: takes another member out of a company, or an invitation back.
--
-- The row stays, without rights; he comes back by a new invitation only.
--
-- group: companies · rows: one · rights: definer · by: company, service
-- row: company_members
-- $1 company_id
-- $2 user_id
-- NOT_FOUND  no such company, not one of the caller's, or no such member
-- DENIED     the caller is no admin of it, or it is himself
-- STATE      he is the last admin
SELECT m.id, m.company_id, m.user_id, m.role, m.permissions, m.invited_by, m.invited_at, m.joined_at,
       m.is_active, m.created_at, m.updated_at
FROM   hotgigs.member_remove($1, $2) m;
