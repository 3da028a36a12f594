-- oauth_find_user: the user who signs in by this account of a provider.
--
-- group: identity · rows: one · rights: service · by: service
-- $1 provider = oauth_accounts.provider
-- $2 provider_user_id = oauth_accounts.provider_user_id
-- > account_id
-- > id
-- > email
-- > first_name?
-- > last_name?
-- > profile_image_url?
-- > user_type
-- > is_active?
-- > is_verified?
-- NOT_FOUND  the account is not linked to a user
SELECT a.id AS account_id, u.id, u.email, u.first_name, u.last_name, u.profile_image_url, u.user_type,
       u.is_active, u.is_verified
FROM   public.oauth_accounts a
JOIN   public.users u ON u.id = a.user_id
WHERE  a.provider = $1 AND a.provider_user_id = $2;
