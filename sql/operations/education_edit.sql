-- education_edit: changes a place of a candidate's education.
--
-- group: candidates · rows: one · rights: caller · by: candidate, service · row: candidate_education
-- $1 education_id
-- $2 institution_name? = candidate_education.institution_name   NULL leaves it as it is.
-- $3 degree? = candidate_education.degree   Left alone unless given; NULL clears it. So in all that follow.
-- $4 given degree
-- $5 field_of_study? = candidate_education.field_of_study
-- $6 given field_of_study
-- $7 start_date?
-- $8 given start_date
-- $9 end_date?
-- $10 given end_date
-- $11 gpa? = candidate_education.gpa
-- $12 given gpa
-- $13 description?
-- $14 given description
-- $15 achievements?
-- $16 given achievements
-- NOT_FOUND  no such entry, or not the caller's
-- INVALID    it ends before it begins, or the gpa is 10 or more
UPDATE public.candidate_education
SET    institution_name = coalesce($2, institution_name),
       degree           = CASE WHEN $4 THEN $3 ELSE degree END,
       field_of_study   = CASE WHEN $6 THEN $5 ELSE field_of_study END,
       start_date       = CASE WHEN $8 THEN $7 ELSE start_date END,
       end_date         = CASE WHEN $10 THEN $9 ELSE end_date END,
       gpa              = CASE WHEN $12 THEN $11 ELSE gpa END,
       description      = CASE WHEN $14 THEN $13 ELSE description END,
       achievements     = CASE WHEN $16 THEN $15 ELSE achievements END
WHERE  id = $1
AND    hotgigs.period_is_sound(CASE WHEN $8 THEN $7 ELSE start_date END, CASE WHEN $10 THEN $9 ELSE end_date END, false)
RETURNING id, candidate_id, institution_name, degree, field_of_study, start_date, end_date, gpa, description,
          achievements, created_at, updated_at;
