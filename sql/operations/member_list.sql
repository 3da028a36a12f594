-- member_list: who belongs to a company, by rank and then by name.
--
-- Names are those of active members; of who is invited or has left only the id is shown.
--
-- group: companies · rows: many · rights: caller · by: company
-- $1 company_id
-- $2 with_inactive?   true: also those who are invited, suspended or gone
-- > id
-- > user_id
-- > role
-- > permissions?
-- > is_active?
-- > invited_at?
-- > joined_at?   NULL: the invitation is pending, or he left
-- > first_name? = users.first_name
-- > last_name? = users.last_name
-- > email? = users.email
-- > profile_image_url? = users.profile_image_url
SELECT m.id, m.user_id, m.role, m.permissions, m.is_active, m.invited_at, m.joined_at, c.first_name,
       c.last_name, c.email, c.profile_image_url
FROM   public.company_members m
LEFT   JOIN hotgigs.user_cards c ON c.id = m.user_id
WHERE  m.company_id = $1
AND    ($2 IS TRUE OR m.is_active AND m.joined_at IS NOT NULL)
ORDER  BY array_position(ARRAY['admin', 'recruiter', 'account_manager', 'viewer'], m.role::text),
          concat_ws(' ', c.first_name, c.last_name), m.id;
