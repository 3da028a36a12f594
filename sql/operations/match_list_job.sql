-- match_list_job: a page of the matches of a company's job with candidates who let themselves be seen, best first.
--
-- Those who applied to the company, and, to recruiters, those who opted in. What a card does not open is NULL.
--
-- group: documents · rows: many · rights: caller · by: company
-- $1 job_id
-- $2 min_score?   = ai_job_matches.match_score           At least so.
-- $3 at_most                                             How many at most.
-- $4 after_score? = ai_job_matches.match_score           match_score of the last row of the page before; with after_id.
-- $5 after_id?                                           Its id; NULL: the first page.
-- > id
-- > candidate_id
-- > match_score
-- > match_reasons?
-- > is_recommended?
-- > first_name? = users.first_name
-- > last_name? = users.last_name
-- > headline? = candidate_profiles.headline
-- > current_title? = candidate_profiles.current_title
-- > experience_years? = candidate_profiles.experience_years
-- > email? = users.email
-- > created_at?
SELECT m.id, m.candidate_id, m.match_score, m.match_reasons, m.is_recommended, c.first_name, c.last_name, c.headline,
       c.current_title, c.experience_years, c.email, m.created_at
FROM   public.ai_job_matches m
-- OFFSET 0 keeps the sub-select: joined, a barrier view would be read to its end.
CROSS  JOIN LATERAL (SELECT card.* FROM hotgigs.candidate_cards card WHERE card.id = m.candidate_id OFFSET 0) c
WHERE  m.job_id = $1
AND    ($2::numeric IS NULL OR m.match_score >= $2)
AND    ($5::uuid IS NULL OR (m.match_score, m.id) < ($4, $5))
ORDER  BY m.match_score DESC, m.id DESC
LIMIT  greatest($3::integer, 0);
