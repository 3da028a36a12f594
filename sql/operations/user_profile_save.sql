-- user_profile_save: writes a user's profile, and makes it if there is none.
--
-- What is left out stays as it is. N calls at once give one row.
--
-- group: identity · rows: one · rights: caller · by: candidate, company, freelancer, service
-- row: user_profiles
-- $1 user_id? = user_profiles.user_id   NULL: the caller; the service has to name one
-- $2 bio? = user_profiles.bio           this and each below: left alone unless given; NULL clears it
-- $3 given bio
-- $4 location? = user_profiles.location
-- $5 given location
-- $6 timezone? = user_profiles.timezone
-- $7 given timezone
-- $8 linkedin_url? = user_profiles.linkedin_url
-- $9 given linkedin_url
-- $10 github_url? = user_profiles.github_url
-- $11 given github_url
-- $12 website_url? = user_profiles.website_url
-- $13 given website_url
-- $14 preferred_language? = user_profiles.preferred_language
-- $15 given preferred_language
-- NOT_FOUND   no user was named, and the caller is none
-- DENIED      another user's profile
-- CONSTRAINT  no such user
WITH wanted AS MATERIALIZED (
    SELECT coalesce($1, (SELECT hotgigs.my_user_id())) AS user_id
)
INSERT INTO public.user_profiles AS p (user_id, bio, location, timezone, linkedin_url, github_url, website_url,
                                       preferred_language)
SELECT user_id, $2, $4, $6, $8, $10, $12, CASE WHEN $15 THEN $14 ELSE 'en' END
FROM   wanted
WHERE  user_id IS NOT NULL
ON CONFLICT (user_id) DO UPDATE
SET    bio                = CASE WHEN $3 THEN excluded.bio ELSE p.bio END,
       location           = CASE WHEN $5 THEN excluded.location ELSE p.location END,
       timezone           = CASE WHEN $7 THEN excluded.timezone ELSE p.timezone END,
       linkedin_url       = CASE WHEN $9 THEN excluded.linkedin_url ELSE p.linkedin_url END,
       github_url         = CASE WHEN $11 THEN excluded.github_url ELSE p.github_url END,
       website_url        = CASE WHEN $13 THEN excluded.website_url ELSE p.website_url END,
       preferred_language = CASE WHEN $15 THEN excluded.preferred_language ELSE p.preferred_language END
RETURNING p.id, p.user_id, p.bio, p.location, p.timezone, p.linkedin_url, p.github_url, p.website_url,
          p.preferred_language, p.notification_preferences, p.privacy_settings, p.created_at,
          p.updated_at;
