-- education_add: adds a place to a candidate's education.
--
-- group: candidates · rows: one · rights: caller · by: candidate, service · row: candidate_education
-- $1 candidate_id
-- $2 institution_name = candidate_education.institution_name
-- $3 degree? = candidate_education.degree
-- $4 field_of_study? = candidate_education.field_of_study
-- $5 start_date?
-- $6 end_date?       NULL: still there, or not said.
-- $7 gpa? = candidate_education.gpa
-- $8 description?
-- $9 achievements?
-- DENIED   not the caller's profile, or none
-- INVALID  it ends before it begins, or the gpa is 10 or more
INSERT INTO public.candidate_education (candidate_id, institution_name, degree, field_of_study, start_date, end_date, gpa,
                                        description, achievements)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9
WHERE  hotgigs.period_is_sound($5, $6, false)
RETURNING id, candidate_id, institution_name, degree, field_of_study, start_date, end_date, gpa, description,
          achievements, created_at, updated_at;
