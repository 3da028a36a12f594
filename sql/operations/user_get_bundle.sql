-- user_get_bundle: a person's whole account as one JSON document, read in one snapshot.
--
-- {user, profile, candidate: {..., experiences, education}, freelance_recruiter, memberships: [{company, role, ...}]};
-- what he is not is null. No password hash, no tokens, no payment_info.
--
-- group: identity · rows: one · rights: definer · by: candidate, company, freelancer, service
-- $1 user_id?   NULL: the caller; the service has to name one
-- > bundle   object
-- NOT_FOUND  no such user, or not the caller himself
SELECT hotgigs.user_get_bundle($1) AS bundle;
