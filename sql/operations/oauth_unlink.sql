-- oauth_unlink: removes a user's links to a provider, but never his last way to sign in.
--
-- group: identity · rows: count · rights: definer · by: candidate, company, freelancer, service
-- $1 provider = oauth_accounts.provider
-- $2 user_id? = oauth_accounts.user_id   NULL: the caller; the service has to name one
-- NOT_FOUND  no account of this provider is linked, or another user is named
-- STATE      there is no password and no other link
SELECT hotgigs.oauth_unlink($1, $2);
