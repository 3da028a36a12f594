-- candidate_skill_remove: takes a skill out of a candidate's, whatever its case.
--
-- One statement on the row as it is when it is locked: of two calls at once neither loses the other's. A skill that is not
-- there is success.
--
-- group: candidates · rows: one · rights: caller · by: candidate, service
-- $1 candidate_id
-- $2 skill
-- > skills?
-- > updated_at?
-- NOT_FOUND  no such profile, or not the caller's
UPDATE public.candidate_profiles
SET    skills = hotgigs.skills_without(skills, $2)
WHERE  id = $1
RETURNING skills, updated_at;
