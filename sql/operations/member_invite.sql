-- member_invite: invites a user into a company, or again one who left or declined.
--
-- He is no member before he accepts. An invitation that is pending is replaced. A company invites its applicants, and
-- who is or was a colleague; anybody else the service invites, with the admin as inviter, so that no tenant learns
-- whether a user exists.
--
-- group: companies · rows: one · rights: definer · by: company, service
-- row: company_members
-- $1 company_id
-- $2 user_id
-- $3 role = company_members.role
-- $4 permissions?   {}, {"all": true}, {key: true or false}, or a list of keys
-- $5 inviter?       for the service: the admin who invites; NULL: nobody in particular
-- NOT_FOUND  no such company, not one of the caller's, or no such user whom he sees
-- CONFLICT   the user is a member already
-- DENIED     the caller, or the inviter, is no admin of it
-- INVALID    permissions of another form, or with unknown names
SELECT m.id, m.company_id, m.user_id, m.role, m.permissions, m.invited_by, m.invited_at, m.joined_at,
       m.is_active, m.created_at, m.updated_at
FROM   hotgigs.member_invite($1, $2, $3, $4, $5) m;
