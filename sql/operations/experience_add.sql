-- experience_add: adds a position to a candidate's history.
--
-- What is current has no end, and nothing ends before it begins.
--
-- group: candidates · rows: one · rights: caller · by: candidate, service · row: candidate_experiences
-- $1 candidate_id
-- $2 company_name = candidate_experiences.company_name
-- $3 job_title = candidate_experiences.job_title
-- $4 description?
-- $5 start_date
-- $6 end_date?       NULL: still there, or not said.
-- $7 is_current?     NULL: false.
-- $8 location? = candidate_experiences.location
-- $9 achievements?
-- $10 skills_used?
-- DENIED   not the caller's profile, or none
-- INVALID  it ends before it begins, or is current and has an end
INSERT INTO public.candidate_experiences (candidate_id, company_name, job_title, description, start_date, end_date,
                                          is_current, location, achievements, skills_used)
SELECT $1, $2, $3, $4, $5, $6, coalesce($7, false), $8, $9, $10
WHERE  hotgigs.period_is_sound($5, $6, $7)
RETURNING id, candidate_id, company_name, job_title, description, start_date, end_date, is_current, location,
          achievements, skills_used, created_at, updated_at;
