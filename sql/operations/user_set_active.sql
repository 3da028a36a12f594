-- user_set_active: lets a user in or shuts him out.
--
-- Shut out, he sees nothing as a user from the next statement on, whatever token he holds: the policies ask.
--
-- group: identity · rows: one · rights: service · by: service
-- $1 user_id
-- $2 is_active = users.is_active
-- > id
-- > is_active = users.is_active
-- > updated_at = users.updated_at
-- NOT_FOUND  no such user
UPDATE public.users
SET    is_active = $2
WHERE  id = $1
RETURNING id, is_active, updated_at;
