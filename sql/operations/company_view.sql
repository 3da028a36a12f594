-- company_view: a company by its id or its slug: the public card, and for its members the rest.
--
-- group: companies · rows: one · rights: definer · by: anon, candidate, company, freelancer, service
-- $1 company_id?
-- $2 slug? = companies.slug                     one of the two
-- > id
-- > name = companies.name
-- > slug = companies.slug
-- > description? = companies.description
-- > industry? = companies.industry
-- > company_size? = companies.company_size
-- > website_url? = companies.website_url
-- > logo_url? = companies.logo_url
-- > headquarters_location? = companies.headquarters_location
-- > founded_year? = companies.founded_year
-- > company_type? = companies.company_type
-- > is_verified? = companies.is_verified
-- > created_at?
-- > open_jobs                                   public, open and before their deadline
-- > my_role? = company_members.role             the caller's; NULL: he is no member
-- > subscription_plan? = companies.subscription_plan   NULL to those who are no members
-- > subscription_expires_at? = companies.subscription_expires_at   likewise
-- > settings? = companies.settings              NULL to those who are no admins
-- > updated_at? = companies.updated_at          NULL to those who are no members; the row version of the company
-- NOT_FOUND  no such company
-- INVALID    neither id nor slug, or both
SELECT c.id, c.name, c.slug, c.description, c.industry, c.company_size, c.website_url, c.logo_url,
       c.headquarters_location, c.founded_year, c.company_type, c.is_verified, c.created_at,
       c.open_jobs, c.my_role, c.subscription_plan, c.subscription_expires_at, c.settings, c.updated_at
FROM   hotgigs.company_view($1, $2) c;
