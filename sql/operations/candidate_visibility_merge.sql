-- candidate_visibility_merge: changes some of a candidate's visibility settings and leaves the others.
--
-- Merged on the server: of two calls at once neither loses the other's. The flags are booleans: the text "true" opens
-- nothing and is refused.
--
-- group: candidates · rows: one · rights: caller · by: candidate, service
-- $1 candidate_id
-- $2 patch   Object: profile_public, salary_visible, contact_visible, referrers.
-- > visibility_settings?
-- > updated_at?
-- NOT_FOUND  no such profile, or not the caller's
-- INVALID    no object, a flag that is no boolean, referrers that are no array
UPDATE public.candidate_profiles
SET    visibility_settings = CASE WHEN jsonb_typeof(visibility_settings) = 'object' THEN visibility_settings ELSE '{}' END
                             || hotgigs.visibility_patch($2)
WHERE  id = $1
RETURNING visibility_settings, updated_at;
