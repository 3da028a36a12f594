-- experience_list: a candidate's work history, current positions first, then those that began last.
--
-- Of two that began on one day, the one without an end stands first: it may still last.
--
-- group: candidates · rows: many · rights: caller · by: candidate, company, freelancer, service · row: candidate_experiences
-- $1 candidate_id
SELECT id, candidate_id, company_name, job_title, description, start_date, end_date, is_current, location, achievements,
       skills_used, created_at, updated_at
FROM   public.candidate_experiences
WHERE  candidate_id = $1
ORDER  BY is_current DESC NULLS LAST, start_date DESC, end_date DESC NULLS FIRST, id;
