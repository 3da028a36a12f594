-- user_credentials: what a sign-in needs of the user with this address.
--
-- The only call that gives a password's hash. Case and outer blanks of the address do not count; of two addresses that
-- differ in case alone, only the one written exactly so is meant.
--
-- group: identity · rows: maybe · rights: service
-- $1 email = users.email
-- > id = users.id
-- > password_hash? = users.password_hash   In the application's format; NULL: signs in by OAuth only.
-- > is_active? = users.is_active
-- > is_verified? = users.is_verified
-- > user_type = users.user_type
SELECT id, password_hash, is_active, is_verified, user_type
FROM   hotgigs.user_credentials($1);
