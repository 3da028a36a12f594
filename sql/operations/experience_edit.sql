-- experience_edit: changes a position of a candidate's history.
--
-- The rules of experience_add hold for the row as it will be. To be current takes its end away, unless one is given.
--
-- group: candidates · rows: one · rights: caller · by: candidate, service · row: candidate_experiences
-- $1 experience_id
-- $2 company_name? = candidate_experiences.company_name   NULL leaves it as it is; so in the next.
-- $3 job_title? = candidate_experiences.job_title
-- $4 description?      Left alone unless given; NULL clears it. So in the others with a given.
-- $5 given description
-- $6 start_date?       NULL leaves it as it is.
-- $7 end_date?
-- $8 given end_date
-- $9 is_current?       NULL leaves it as it is.
-- $10 location? = candidate_experiences.location
-- $11 given location
-- $12 achievements?
-- $13 given achievements
-- $14 skills_used?
-- $15 given skills_used
-- NOT_FOUND  no such entry, or not the caller's
-- INVALID    it ends before it begins, or is current and has an end
UPDATE public.candidate_experiences
SET    company_name = coalesce($2, company_name),
       job_title    = coalesce($3, job_title),
       description  = CASE WHEN $5 THEN $4 ELSE description END,
       start_date   = coalesce($6, start_date),
       end_date     = CASE WHEN $8 THEN $7 WHEN $9 THEN NULL ELSE end_date END,
       is_current   = coalesce($9, is_current),
       location     = CASE WHEN $11 THEN $10 ELSE location END,
       achievements = CASE WHEN $13 THEN $12 ELSE achievements END,
       skills_used  = CASE WHEN $15 THEN $14 ELSE skills_used END
WHERE  id = $1
AND    hotgigs.period_is_sound(coalesce($6, start_date),
                               CASE WHEN $8 THEN $7 WHEN $9 THEN NULL ELSE end_date END,
                               coalesce($9, is_current))
RETURNING id, candidate_id, company_name, job_title, description, start_date, end_date, is_current, location,
          achievements, skills_used, created_at, updated_at;
