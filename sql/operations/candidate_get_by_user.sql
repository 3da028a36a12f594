-- candidate_get_by_user: the candidate profile of a user, by which a user's id becomes a candidate's.
--
-- Of several, which the tables allow, the oldest is his.
--
-- group: candidates · rows: maybe · rights: caller · by: candidate, company, freelancer, service · row: candidate_profiles
-- $1 user_id   The user; a profile that the caller may not see is none.
SELECT id, user_id, headline, current_title, experience_years, availability, created_at, updated_at
FROM   public.candidate_profiles
WHERE  user_id = $1
ORDER  BY created_at NULLS LAST, id
LIMIT  1;
