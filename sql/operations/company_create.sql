-- company_create: founds a company, and makes its founder its admin.
--
-- The slug is the one asked for, or follows from the name; where it is in use a number or a few letters stand behind
-- it. Whether it was in use is not told otherwise.
--
-- group: companies · rows: one · rights: definer · by: candidate, company, service
-- row: companies
-- $1 name = companies.name
-- $2 slug? = companies.slug   wish; NULL: from the name. Written as a-z, 0-9 and dashes
-- $3 description? = companies.description
-- $4 industry? = companies.industry
-- $5 company_size? = companies.company_size
-- $6 website_url? = companies.website_url
-- $7 logo_url? = companies.logo_url
-- $8 headquarters_location? = companies.headquarters_location
-- $9 founded_year? = companies.founded_year
-- $10 company_type? = companies.company_type
-- $11 creator?                NULL: the caller; the service has to name one
-- NOT_FOUND  the founder is no active user
-- DENIED     the creator is not the caller
-- INVALID    the name is empty
SELECT c.id, c.name, c.slug, c.description, c.industry, c.company_size, c.website_url, c.logo_url,
       c.headquarters_location, c.founded_year, c.company_type, c.is_verified, c.subscription_plan,
       c.subscription_expires_at, c.settings, c.created_at, c.updated_at
FROM   hotgigs.company_create($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) c;
