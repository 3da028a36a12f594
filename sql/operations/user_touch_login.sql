-- user_touch_login: notes that an active user signed in just now.
--
-- updated_at stays as it is: a sign-in is no change.
--
-- group: identity · rows: one · rights: service · by: service
-- $1 user_id
-- > id
-- > last_login_at
-- NOT_FOUND  no such user, or not an active one
UPDATE public.users
SET    last_login_at = clock_timestamp() AT TIME ZONE 'UTC'
WHERE  id = $1 AND is_active
RETURNING id, last_login_at;
