-- job_stats: what became of the applications to a job of one's company.
--
-- The funnel counts who ever reached a stage, out of the timeline and the present status. Nothing is counted twice.
--
-- group: jobs · rows: one · rights: caller · by: company
-- $1 job_id
-- > views
-- > applications
-- > reached_screening      Applications that ever did; so in the next three.
-- > reached_interviewing
-- > reached_offer
-- > reached_hired
-- > conversion? = numeric(7,4)      Applications a view; NULL without views.
-- > days_to_fill? = numeric(10,2)   From the job's making to the first that was hired; NULL: none was.
-- > interviews             Completed ones.
-- > average_score? = numeric(5,2)   Of completed interviews, 1 to 10.
-- > average_match? = numeric(5,2)   Of applications, as a model scored them.
-- NOT_FOUND  no such job, or not one of the caller's companies'
WITH mine AS (
    SELECT j.id, j.created_at, coalesce(j.view_count, 0) AS views
    FROM   public.jobs j
    WHERE  j.id = $1
    AND    j.company_id = ANY (ARRAY(SELECT hotgigs.my_companies()))
), applied AS (
    SELECT a.id, a.status, a.ai_match_score
    FROM   public.applications a
    JOIN   mine m ON m.id = a.job_id
), stages AS (
    SELECT a.id AS application_id, a.status, NULL::timestamp AS at FROM applied a
    UNION  ALL
    SELECT t.application_id, t.status, t.created_at
    FROM   applied a
    JOIN   public.application_timeline t ON t.application_id = a.id
), held AS (
    -- OFFSET 0 keeps the sub-select: joined, a barrier view would be read to its end.
    SELECT i.score
    FROM   applied a
    CROSS  JOIN LATERAL (SELECT card.score, card.status
                         FROM   hotgigs.interview_cards card
                         WHERE  card.application_id = a.id
                         OFFSET 0) i
    WHERE  i.status = 'completed'
), reached AS (
    SELECT s.application_id,
           max(CASE s.status WHEN 'screening' THEN 1 WHEN 'interviewing' THEN 2 WHEN 'offer' THEN 3
                             WHEN 'hired' THEN 4 ELSE 0 END) AS stage,
           min(s.at) FILTER (WHERE s.status = 'hired') AS hired_at
    FROM   stages s
    GROUP  BY s.application_id
)
SELECT m.views::bigint AS views,
       (SELECT count(*) FROM applied) AS applications,
       (SELECT count(*) FROM reached r WHERE r.stage >= 1) AS reached_screening,
       (SELECT count(*) FROM reached r WHERE r.stage >= 2) AS reached_interviewing,
       (SELECT count(*) FROM reached r WHERE r.stage >= 3) AS reached_offer,
       (SELECT count(*) FROM reached r WHERE r.stage >= 4) AS reached_hired,
       CASE WHEN m.views > 0
            THEN round(least((SELECT count(*) FROM applied)::numeric / m.views, 999), 4)
       END AS conversion,
       (SELECT round(extract(epoch FROM min(r.hired_at) - m.created_at) / 86400, 2)
        FROM   reached r
        WHERE  isfinite(m.created_at) AND isfinite(r.hired_at)) AS days_to_fill,
       (SELECT count(*) FROM held) AS interviews,
       (SELECT round(avg(h.score), 2) FROM held h) AS average_score,
       (SELECT round(avg(a.ai_match_score), 2) FROM applied a) AS average_match
FROM   mine m;
