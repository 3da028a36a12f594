-- user_mark_verified: notes that a user's address is confirmed; the first time stays.
--
-- May be repeated: the second time changes nothing.
--
-- group: identity · rows: one · rights: service · by: service
-- $1 user_id
-- $2 email?   the address that was confirmed; NULL: whichever he has. Outer blanks and case do not count
-- > id
-- > email_verified_at
-- NOT_FOUND  no such user, or he has another address by now
UPDATE public.users
SET    is_verified       = true,
       email_verified_at = coalesce(email_verified_at, now() AT TIME ZONE 'UTC')
WHERE  id = $1 AND ($2::text IS NULL OR lower(email) = lower(btrim($2)))
RETURNING id, email_verified_at;
