-- education_list: a candidate's education, what began last first; what does not say when stands last.
--
-- group: candidates · rows: many · rights: caller · by: candidate, company, freelancer, service · row: candidate_education
-- $1 candidate_id
SELECT id, candidate_id, institution_name, degree, field_of_study, start_date, end_date, gpa, description, achievements,
       created_at, updated_at
FROM   public.candidate_education
WHERE  candidate_id = $1
ORDER  BY start_date DESC NULLS LAST, end_date DESC NULLS FIRST, id;
