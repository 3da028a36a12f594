-- company_list_mine: the companies in which the caller is an active member, by name.
--
-- group: companies · rows: many · rights: caller · by: candidate, company, freelancer
-- > company_id
-- > name = companies.name
-- > slug = companies.slug
-- > logo_url? = companies.logo_url
-- > is_verified? = companies.is_verified
-- > role
-- > joined_at
SELECT c.id AS company_id, c.name, c.slug, c.logo_url, c.is_verified, m.role, m.joined_at
FROM   public.company_members m
JOIN   public.companies c ON c.id = m.company_id
WHERE  m.user_id = (SELECT hotgigs.my_user_id())
AND    m.is_active
AND    m.joined_at IS NOT NULL
ORDER  BY c.name, c.id;
