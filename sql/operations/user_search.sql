-- user_search: a page of the people whom the caller has to do with, by name.
--
-- Co-workers and applicants of a company, those whom a freelancer referred, and oneself. The service, which has to do
-- with everybody, uses user_admin_list.
--
-- group: identity · rows: many · rights: definer · by: company, freelancer
-- $1 words? = users.email   part of the name or of the address, in any case
-- $2 user_type? = users.user_type
-- $3 after_name?   of the last row of the page before
-- $4 after_id?     likewise; NULL: the first page
-- $5 at_most?      rows; NULL: 50; 1000 at the most
-- > id = users.id
-- > name                   given and family name; may be empty
-- > email? = users.email   NULL to a freelancer who referred him
-- > profile_image_url? = users.profile_image_url
-- > user_type = users.user_type
-- > is_verified? = users.is_verified
SELECT p.id, p.name, p.email, p.profile_image_url, p.user_type, p.is_verified
FROM   hotgigs.user_search($1, $2, $3, $4, $5) p;
