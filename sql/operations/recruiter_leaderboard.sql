-- recruiter_leaderboard: what each active member of a company did in a window: most hires first.
--
-- Each number is counted by itself. Who did nothing is there with zeros. Applications and hires are those of the jobs that he
-- posted; hired is when the timeline says so for the first time.
--
-- group: analytics · rows: many · rights: caller · by: company
-- $1 company_id   The company; of one that is not the caller's there is nothing.
-- $2 since?       The window's begin, UTC; NULL: from the first day.
-- $3 until?       The window's end, UTC, not in it; NULL: none.
-- > user_id = company_members.user_id
-- > role = company_members.role
-- > first_name? = users.first_name
-- > last_name? = users.last_name
-- > jobs_posted      Jobs that he posted in the window.
-- > applications     Applications that came in the window to jobs that he posted, whenever.
-- > interviews       Interviews of the window that he held.
-- > hires            Applications to his jobs that reached hired for the first time in the window.
WITH the_company AS (
    SELECT c.id
    FROM   public.companies c
    WHERE  c.id = $1
), its_members AS (
    SELECT m.user_id, m.role, m.first_name, m.last_name
    FROM   the_company c
    JOIN   hotgigs.member_cards m ON m.company_id = c.id
    WHERE  m.is_active
    AND    m.joined_at IS NOT NULL
    AND    m.user_id IS NOT NULL
), its_jobs AS MATERIALIZED (
    SELECT j.id, j.posted_by, j.created_at
    FROM   the_company c
    JOIN   public.jobs j ON j.company_id = c.id
), its_applications AS MATERIALIZED (
    SELECT a.id, j.posted_by, a.applied_at
    FROM   its_jobs j
    JOIN   public.applications a ON a.job_id = j.id
), posted AS (
    SELECT j.posted_by AS user_id, count(*) AS jobs_posted
    FROM   its_jobs j
    WHERE  ($2::timestamp IS NULL OR j.created_at >= $2)
    AND    ($3::timestamp IS NULL OR j.created_at < $3)
    GROUP  BY j.posted_by
), received AS (
    SELECT a.posted_by AS user_id, count(*) AS applications
    FROM   its_applications a
    WHERE  ($2::timestamp IS NULL OR a.applied_at >= $2)
    AND    ($3::timestamp IS NULL OR a.applied_at < $3)
    GROUP  BY a.posted_by
), held AS (
    SELECT i.interviewer_id AS user_id, count(*) AS interviews
    FROM   its_applications a
    JOIN   public.interviews i ON i.application_id = a.id
    WHERE  i.status = 'completed'
    AND    ($2::timestamp IS NULL OR i.scheduled_at >= $2)
    AND    ($3::timestamp IS NULL OR i.scheduled_at < $3)
    GROUP  BY i.interviewer_id
), first_hires AS (
    SELECT a.posted_by, min(t.created_at) AS hired_at
    FROM   its_applications a
    JOIN   public.application_timeline t ON t.application_id = a.id
    WHERE  t.status = 'hired'
    GROUP  BY a.id, a.posted_by
), hired AS (
    SELECT h.posted_by AS user_id, count(*) AS hires
    FROM   first_hires h
    WHERE  ($2::timestamp IS NULL OR h.hired_at >= $2)
    AND    ($3::timestamp IS NULL OR h.hired_at < $3)
    GROUP  BY h.posted_by
)
SELECT m.user_id, m.role, m.first_name, m.last_name,
       coalesce(p.jobs_posted, 0) AS jobs_posted,
       coalesce(r.applications, 0) AS applications,
       coalesce(i.interviews, 0) AS interviews,
       coalesce(h.hires, 0) AS hires
FROM   its_members m
LEFT   JOIN posted p ON p.user_id = m.user_id
LEFT   JOIN received r ON r.user_id = m.user_id
LEFT   JOIN held i ON i.user_id = m.user_id
LEFT   JOIN hired h ON h.user_id = m.user_id
ORDER  BY hires DESC, interviews DESC, applications DESC, m.last_name NULLS LAST, m.user_id;
