-- user_prefs_merge: merges into a user's notification preferences, privacy settings or both.
--
-- The server merges (||), so that two calls at once lose nothing; NULL counts as {}. Makes the profile if there is
-- none.
--
-- group: identity · rows: one · rights: caller · by: candidate, company, freelancer, service
-- $1 user_id? = user_profiles.user_id                                     NULL: the caller; the service has to name one
-- $2 notification_preferences? = user_profiles.notification_preferences   object: the keys to write
-- $3 privacy_settings? = user_profiles.privacy_settings                   object: the keys to write
-- > notification_preferences? = user_profiles.notification_preferences
-- > privacy_settings? = user_profiles.privacy_settings
-- > updated_at? = user_profiles.updated_at
-- NOT_FOUND  no user was named, and the caller is none
-- DENIED     another user's profile
-- INVALID    a JSON that is no object
WITH wanted AS MATERIALIZED (
    SELECT coalesce($1, (SELECT hotgigs.my_user_id())) AS user_id
)
INSERT INTO public.user_profiles AS p (user_id, notification_preferences, privacy_settings)
SELECT user_id, coalesce(hotgigs.json_object_only($2), '{}'),
       coalesce(hotgigs.json_object_only($3), '{}')
FROM   wanted
WHERE  user_id IS NOT NULL
ON CONFLICT (user_id) DO UPDATE
SET    notification_preferences = coalesce(p.notification_preferences, '{}')
                                      || excluded.notification_preferences,
       privacy_settings         = coalesce(p.privacy_settings, '{}') || excluded.privacy_settings
RETURNING p.notification_preferences, p.privacy_settings, p.updated_at;
