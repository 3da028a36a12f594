-- match_list_candidate: a page of a candidate's matches with open public jobs, best first.
--
-- group: documents · rows: many · rights: caller · by: candidate
-- $1 candidate_id                                        The caller's own profile.
-- $2 min_score?   = ai_job_matches.match_score           At least so.
-- $3 unseen_only?                                        True: only those that the candidate has not seen.
-- $4 at_most                                             How many at most.
-- $5 after_score? = ai_job_matches.match_score           match_score of the last row of the page before; with after_id.
-- $6 after_id?                                           Its id; NULL: the first page.
-- > id
-- > job_id
-- > match_score
-- > match_reasons?
-- > is_recommended?
-- > viewed_by_candidate?
-- > job_title
-- > job_location?
-- > job_type?
-- > remote_type?
-- > salary_min?
-- > salary_max?
-- > salary_currency?
-- > company_id?
-- > company_name? = companies.name
-- > company_logo_url? = companies.logo_url
-- > created_at?
SELECT m.id, m.job_id, m.match_score, m.match_reasons, m.is_recommended, m.viewed_by_candidate, j.title AS job_title,
       j.location AS job_location, j.job_type, j.remote_type, j.salary_min, j.salary_max, j.salary_currency, j.company_id,
       c.name AS company_name, c.logo_url AS company_logo_url, m.created_at
FROM   public.ai_job_matches m
JOIN   public.jobs j ON j.id = m.job_id
-- OFFSET 0 keeps the sub-select: joined, a barrier view would be read to its end.
LEFT   JOIN LATERAL (SELECT card.* FROM hotgigs.company_cards card WHERE card.id = j.company_id OFFSET 0) c ON true
WHERE  m.candidate_id = $1
AND    j.is_public
AND    j.employment_status = 'open'
AND    (j.application_deadline IS NULL OR j.application_deadline > now() AT TIME ZONE 'UTC')
AND    ($2::numeric IS NULL OR m.match_score >= $2)
AND    ($3 IS NOT TRUE OR m.viewed_by_candidate IS NOT TRUE)
AND    ($6::uuid IS NULL OR (m.match_score, m.id) < ($5, $6))
ORDER  BY m.match_score DESC, m.id DESC
LIMIT  greatest($4::integer, 0);
