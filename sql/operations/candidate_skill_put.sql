-- candidate_skill_put: adds a skill to a candidate's, or changes its level and years.
--
-- One statement on the row as it is when it is locked: of two calls at once neither loses the other's. Case does not count;
-- an entry that is there keeps its spelling and what is not given.
--
-- group: candidates · rows: one · rights: caller · by: candidate, service
-- $1 candidate_id
-- $2 skill    At most 100 characters.
-- $3 level?   beginner, intermediate, advanced or expert.
-- $4 years?   0 to 80.
-- > skills?
-- > updated_at?
-- NOT_FOUND  no such profile, or not the caller's
-- INVALID    no name, or no such level
UPDATE public.candidate_profiles
SET    skills = hotgigs.skills_with(skills, $2, $3, $4)
WHERE  id = $1
RETURNING skills, updated_at;
