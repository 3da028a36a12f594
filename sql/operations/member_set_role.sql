-- member_set_role: changes the rank or the permissions of another member.
--
-- The admins' rows are locked first: of two admins who demote each other one is refused.
--
-- group: companies · rows: one · rights: definer · by: company, service
-- row: company_members
-- $1 company_id
-- $2 user_id
-- $3 role? = company_members.role   NULL leaves it as it is
-- $4 permissions?                   left alone unless given; NULL makes it {}
-- $5 given permissions
-- NOT_FOUND  no such company, not one of the caller's, or no such member
-- DENIED     the caller is no admin of it, or it is himself
-- INVALID    neither is given, or permissions of another form
-- STATE      he is the last admin
SELECT m.id, m.company_id, m.user_id, m.role, m.permissions, m.invited_by, m.invited_at, m.joined_at,
       m.is_active, m.created_at, m.updated_at
FROM   hotgigs.member_set_role($1, $2, $3, $4, $5) m;
