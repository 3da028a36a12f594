-- company_settings_merge: merges an object into a company's settings, and gives them back.
--
-- The server merges (||), so that two calls at once lose nothing; NULL counts as {}.
--
-- group: companies · rows: one · rights: definer · by: company, service
-- $1 company_id
-- $2 settings = companies.settings   object: the keys to write
-- > id
-- > settings = companies.settings
-- > updated_at = companies.updated_at
-- NOT_FOUND  no such company, or not one of the caller's
-- DENIED     the caller is no admin of it
-- INVALID    no JSON object
SELECT c.id, c.settings, c.updated_at
FROM   hotgigs.company_settings_merge($1, $2) c;
