-- job_backlog: the caller's open jobs, with the applications that nobody has looked at yet.
--
-- Longest waiting first. An application waits while its status is applied.
--
-- group: backlog · rows: many · rights: caller · by: company
-- $1 older_than_days?   Only applications that wait for so many days; NULL: all that wait.
-- > id
-- > title
-- > waiting             How many applications wait.
-- > oldest? = applications.applied_at   Since when the oldest of them waits; NULL: none does.
-- > best_score? = applications.ai_match_score   The best score among them; NULL: none is scored.
SELECT j.id, j.title, count(a.id) AS waiting, min(a.applied_at) AS oldest, max(a.ai_match_score) AS best_score
FROM   public.jobs j
LEFT   JOIN public.applications a
       ON  a.job_id = j.id
       AND a.status = 'applied'
       AND ($1::integer IS NULL OR a.applied_at < (now() AT TIME ZONE 'UTC') - make_interval(days => $1))
WHERE  j.company_id = ANY (ARRAY(SELECT hotgigs.my_companies()))
AND    j.employment_status = 'open'
GROUP  BY j.id, j.title
ORDER  BY min(a.applied_at) NULLS LAST, j.id;
