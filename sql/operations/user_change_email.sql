-- user_change_email: gives a user another address, which is then to be confirmed again.
--
-- The same address in other letters stays confirmed. Stored folded (trimmed, lower case).
--
-- group: identity · rows: one · rights: service · by: service
-- $1 user_id
-- $2 email = users.email
-- > id
-- > email = users.email
-- > is_verified? = users.is_verified
-- > updated_at = users.updated_at
-- NOT_FOUND  no such user
-- CONFLICT   the address is taken
-- INVALID    no e-mail address
SELECT c.id, c.email, c.is_verified, c.updated_at
FROM   hotgigs.user_change_email($1, $2) c;
