-- user_admin_list: a page of all users, newest first, without hashes.
--
-- group: identity · rows: many · rights: service · by: service
-- $1 words?              part of the name or of the address, in any case
-- $2 user_type? = users.user_type
-- $3 is_active? = users.is_active
-- $4 is_verified? = users.is_verified
-- $5 since?              registered then or later
-- $6 after_created_at?   of the last row of the page before; NULL if that is
-- $7 after_id?           likewise; NULL: the first page
-- $8 at_most?            rows; NULL: 50; 1000 at the most
-- $9 with_total?         true: counts all that match, too
-- > id
-- > email = users.email
-- > first_name? = users.first_name
-- > last_name? = users.last_name
-- > phone? = users.phone
-- > user_type = users.user_type
-- > is_active? = users.is_active
-- > is_verified? = users.is_verified
-- > last_login_at? = users.last_login_at
-- > created_at?
-- > updated_at? = users.updated_at
-- > total?   how many match, this page or not; NULL unless asked for
SELECT u.id, u.email, u.first_name, u.last_name, u.phone, u.user_type, u.is_active, u.is_verified,
       u.last_login_at, u.created_at, u.updated_at, u.total
FROM   hotgigs.user_admin_list($1, $2, $3, $4, $5, $6, $7, $8, $9) u;
