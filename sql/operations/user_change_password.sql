-- user_change_password: replaces a password hash if it is still the old one.
--
-- group: identity · rows: one · rights: service · by: service
-- $1 user_id
-- $2 old_hash?   NULL: there is none yet
-- $3 new_hash
-- > id
-- > updated_at = users.updated_at
-- NOT_FOUND  no such user
-- CONFLICT   the hash is another one by now
-- INVALID    the new hash is empty
SELECT c.id, c.updated_at
FROM   hotgigs.user_change_password($1, $2, $3) c;
