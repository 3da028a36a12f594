-- company_search: a page of company cards by name, with the number of open jobs.
--
-- group: companies · rows: many · rights: definer · by: anon, candidate, company, freelancer, service
-- $1 words? = companies.name   part of the name, in any case
-- $2 industry? = companies.industry
-- $3 company_size? = companies.company_size
-- $4 is_verified? = companies.is_verified
-- $5 after_name?   of the last row of the page before
-- $6 after_id?     likewise; NULL: the first page
-- $7 at_most?      rows; NULL: 50; 1000 at the most
-- $8 with_total?   true: counts all that match, too
-- > id
-- > name = companies.name
-- > slug = companies.slug
-- > industry? = companies.industry
-- > company_size? = companies.company_size
-- > logo_url? = companies.logo_url
-- > headquarters_location? = companies.headquarters_location
-- > company_type? = companies.company_type
-- > is_verified? = companies.is_verified
-- > created_at?
-- > open_jobs   public, open and before their deadline
-- > total?      how many match, this page or not; NULL unless asked for
SELECT c.id, c.name, c.slug, c.industry, c.company_size, c.logo_url, c.headquarters_location,
       c.company_type, c.is_verified, c.created_at, c.open_jobs, c.total
FROM   hotgigs.company_search($1, $2, $3, $4, $5, $6, $7, $8) c;
