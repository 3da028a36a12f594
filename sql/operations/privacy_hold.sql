-- privacy_hold: keeps a user's data from being erased, such as during a lawsuit; or lets go of it.
--
-- group: privacy · rows: none · rights: definer · by: service
-- $1 user_id
-- $2 reason?   Why; left out or NULL: the hold ends.
-- NOT_FOUND  no such user
-- INVALID    an empty reason
SELECT hotgigs.privacy_hold($1, $2);
