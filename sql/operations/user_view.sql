-- user_view: what the caller may see of one user: himself, a co-worker, an applicant, somebody he referred.
--
-- Oneself in full, last sign-in included, is hg_user_get().
--
-- group: identity · rows: one · rights: caller · by: candidate, company, freelancer
-- $1 user_id
-- > id
-- > email? = users.email   NULL to a freelancer who referred him
-- > first_name? = users.first_name
-- > last_name? = users.last_name
-- > phone? = users.phone   NULL to a freelancer who referred him
-- > profile_image_url? = users.profile_image_url
-- > user_type = users.user_type
-- > is_verified? = users.is_verified
-- > created_at? = users.created_at
-- NOT_FOUND  no such user, or none that the caller has to do with
SELECT c.id, c.email, c.first_name, c.last_name, c.phone, c.profile_image_url, c.user_type,
       c.is_verified, c.created_at
FROM   hotgigs.user_cards c
WHERE  c.id = $1;
