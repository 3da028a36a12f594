-- candidate_create: makes a user's candidate profile, one at most.
--
-- Of two calls at once one makes it and the other is told so. A candidate makes his own, the service anybody's. Nothing in
-- visibility_settings: he is not found until he says so.
--
-- group: candidates · rows: one · rights: definer · by: candidate, service · row: candidate_profiles
-- $1 user_id
-- $2 headline? = candidate_profiles.headline
-- $3 summary?
-- $4 current_title? = candidate_profiles.current_title
-- $5 current_company? = candidate_profiles.current_company
-- $6 experience_years?
-- $7 education_level? = candidate_profiles.education_level
-- $8 availability? = candidate_profiles.availability
-- $9 skills?                Array of names or of {name, level, years}.
-- $10 visibility_settings?
-- NOT_FOUND  no such user, or he is no candidate
-- CONFLICT   he has a profile
-- DENIED     a candidate, for somebody else
-- INVALID    skills or settings of another form
SELECT id, user_id, headline, summary, current_title, current_company, experience_years, education_level, availability,
       desired_salary_min, desired_salary_max, desired_salary_currency, desired_job_types, desired_locations,
       remote_preference, skills, languages, portfolio_url, resume_url, cover_letter_template, ai_score,
       visibility_settings, created_at, updated_at
FROM   hotgigs.candidate_create($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);
