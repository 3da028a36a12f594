-- user_search: a page of the people whom the caller has to do with, by name.
--
-- Co-workers and applicants of a company, those whom a freelancer referred, and oneself. The service, which has to do
-- with everybody, uses user_admin_list.
--
-- group: identity · rows: many · rights: caller · by: company, freelancer
-- $1 words? = users.email   part of the name or of the address, in any case
-- $2 user_type? = users.user_type
-- $3 after_name?   of the last row of the page before
-- $4 after_id?     likewise; NULL: the first page
-- $5 at_most?      rows; NULL: 50; 1000 at the most
-- > id
-- > name                   given and family name; may be empty
-- > email? = users.email   NULL to a freelancer who referred him
-- > profile_image_url? = users.profile_image_url
-- > user_type = users.user_type
-- > is_verified? = users.is_verified
WITH people AS (
    SELECT c.id, concat_ws(' ', c.first_name, c.last_name) AS name, c.email, c.profile_image_url,
           c.user_type, c.is_verified
    FROM   hotgigs.user_cards c
)
SELECT p.id, p.name, p.email, p.profile_image_url, p.user_type, p.is_verified
FROM   people p
WHERE  ($1::text IS NULL
        OR p.name || ' ' || coalesce(p.email, '')
           ILIKE '%' || replace(replace(replace($1, '\', '\\'), '%', '\%'), '_', '\_') || '%')
AND    ($2::text IS NULL OR p.user_type = $2)
AND    ($4::uuid IS NULL OR (p.name, p.id) > (coalesce($3, ''), $4))
ORDER  BY p.name, p.id
LIMIT  least(coalesce($5::integer, 50), 1000);
