-- dashboard_company: what a company's front page says: jobs, applications, interviews, hires and tasks, in one snapshot.
--
-- Each number is counted by itself, so that none is multiplied by another's rows; a company with nothing yet has zeros.
-- Who was hired, and when, is the timeline's word, not the present status. The window reaches from since to before until.
--
-- group: analytics · rows: one · rights: caller · by: company, service
-- $1 company_id   The company.
-- $2 since?       The window's begin, UTC; NULL: from the first day.
-- $3 until?       The window's end, UTC, not in it; NULL: none.
-- $4 recent?      How many of the newest applications to name, up to 50; NULL: 5.
-- > company_id                             The company.
-- > jobs_total                             All jobs, whatever their state.
-- > jobs_live                              Jobs that can be applied to: open, public, before their deadline.
-- > jobs_open                              employment_status open.
-- > jobs_draft                             Likewise draft,
-- > jobs_paused                            paused,
-- > jobs_closed                            closed,
-- > jobs_filled                            filled.
-- > jobs_other                             Any other state, or none.
-- > applications_total                     All applications, as they stand now.
-- > applications_applied                   Of those: in status applied,
-- > applications_screening                 screening,
-- > applications_interviewing              interviewing,
-- > applications_offer                     offer,
-- > applications_hired                     hired,
-- > applications_rejected                  rejected,
-- > applications_withdrawn                 withdrawn.
-- > applications_new                       Applications that came in the window.
-- > interviews_upcoming                    Interviews yet to come, from now on, in the window or not.
-- > interviews_scheduled                   Interviews of the window that are still to be held, or to be closed,
-- > interviews_completed                   that took place,
-- > interviews_cancelled                   that were cancelled,
-- > interviews_no_show                     to which nobody came.
-- > hires                                  Applications that reached hired for the first time in the window.
-- > avg_days_to_hire? = numeric(12,2)      From applying to that moment, in days; NULL: nobody was hired.
-- > tasks_open                             Tasks pending or in progress.
-- > tasks_overdue                          Of those: past their due date.
-- > recent                                 Array, newest first: {application_id, job_id, job_title, candidate_id, status,
--                                          applied_at}.
-- NOT_FOUND  no such company, or not one of the caller's
WITH the_company AS (
    SELECT c.id, now() AT TIME ZONE 'UTC' AS now
    FROM   public.companies c
    WHERE  c.id = $1
), its_jobs AS MATERIALIZED (
    SELECT j.id, j.title, j.employment_status,
           j.employment_status = 'open' AND j.is_public
           AND coalesce(j.application_deadline > c.now, true) AS is_live
    FROM   the_company c
    JOIN   public.jobs j ON j.company_id = c.id
), its_applications AS MATERIALIZED (
    SELECT a.id, a.job_id, j.title, a.candidate_id, a.status, a.applied_at
    FROM   its_jobs j
    JOIN   public.applications a ON a.job_id = j.id
), first_hires AS (
    SELECT a.id, a.applied_at, min(t.created_at) AS hired_at
    FROM   its_applications a
    JOIN   public.application_timeline t ON t.application_id = a.id
    WHERE  t.status = 'hired'
    GROUP  BY a.id, a.applied_at
), job_counts AS (
    SELECT count(*) AS total,
           count(*) FILTER (WHERE is_live) AS live,
           count(*) FILTER (WHERE employment_status = 'open') AS open,
           count(*) FILTER (WHERE employment_status = 'draft') AS draft,
           count(*) FILTER (WHERE employment_status = 'paused') AS paused,
           count(*) FILTER (WHERE employment_status = 'closed') AS closed,
           count(*) FILTER (WHERE employment_status = 'filled') AS filled
    FROM   its_jobs
), application_counts AS (
    SELECT count(*) AS total,
           count(*) FILTER (WHERE status = 'applied') AS applied,
           count(*) FILTER (WHERE status = 'screening') AS screening,
           count(*) FILTER (WHERE status = 'interviewing') AS interviewing,
           count(*) FILTER (WHERE status = 'offer') AS offer,
           count(*) FILTER (WHERE status = 'hired') AS hired,
           count(*) FILTER (WHERE status = 'rejected') AS rejected,
           count(*) FILTER (WHERE status = 'withdrawn') AS withdrawn,
           count(*) FILTER (WHERE ($2::timestamp IS NULL OR applied_at >= $2)
                            AND   ($3::timestamp IS NULL OR applied_at < $3)) AS new
    FROM   its_applications
), its_interviews AS (
    SELECT i.status,
           i.status = 'scheduled' AND i.scheduled_at >= c.now AS is_upcoming,
           ($2::timestamp IS NULL OR i.scheduled_at >= $2)
           AND ($3::timestamp IS NULL OR i.scheduled_at < $3) AS is_in_window
    FROM   the_company c
    CROSS  JOIN its_applications a
    JOIN   public.interviews i ON i.application_id = a.id
), interview_counts AS (
    SELECT count(*) FILTER (WHERE is_upcoming) AS upcoming,
           count(*) FILTER (WHERE is_in_window AND status = 'scheduled') AS scheduled,
           count(*) FILTER (WHERE is_in_window AND status = 'completed') AS completed,
           count(*) FILTER (WHERE is_in_window AND status = 'cancelled') AS cancelled,
           count(*) FILTER (WHERE is_in_window AND status = 'no_show') AS no_show
    FROM   its_interviews
), hire_counts AS (
    SELECT count(*) AS hires,
           round(avg(extract(epoch FROM hired_at - applied_at))
                 FILTER (WHERE isfinite(applied_at) AND isfinite(hired_at)) / 86400, 2) AS avg_days
    FROM   first_hires
    WHERE  ($2::timestamp IS NULL OR hired_at >= $2)
    AND    ($3::timestamp IS NULL OR hired_at < $3)
), task_counts AS (
    SELECT count(*) AS open,
           count(*) FILTER (WHERE t.due_date < c.now) AS overdue
    FROM   the_company c
    JOIN   public.tasks t ON t.company_id = c.id
    WHERE  t.status IN ('pending', 'in_progress')
), newest AS (
    SELECT id, job_id, title, candidate_id, status, applied_at
    FROM   its_applications
    ORDER  BY applied_at DESC NULLS LAST, id
    LIMIT  least(greatest(coalesce($4::integer, 5), 0), 50)
), recent AS (
    SELECT coalesce(jsonb_agg(jsonb_build_object('application_id', id, 'job_id', job_id, 'job_title', title,
                                                 'candidate_id', candidate_id, 'status', status,
                                                 'applied_at', applied_at)
                              ORDER BY applied_at DESC NULLS LAST, id), '[]') AS list
    FROM   newest
)
SELECT c.id AS company_id,
       j.total AS jobs_total, j.live AS jobs_live, j.open AS jobs_open, j.draft AS jobs_draft, j.paused AS jobs_paused,
       j.closed AS jobs_closed, j.filled AS jobs_filled,
       j.total - j.open - j.draft - j.paused - j.closed - j.filled AS jobs_other,
       a.total AS applications_total, a.applied AS applications_applied, a.screening AS applications_screening,
       a.interviewing AS applications_interviewing, a.offer AS applications_offer, a.hired AS applications_hired,
       a.rejected AS applications_rejected, a.withdrawn AS applications_withdrawn, a.new AS applications_new,
       i.upcoming AS interviews_upcoming, i.scheduled AS interviews_scheduled, i.completed AS interviews_completed,
       i.cancelled AS interviews_cancelled, i.no_show AS interviews_no_show,
       h.hires, h.avg_days AS avg_days_to_hire,
       t.open AS tasks_open, t.overdue AS tasks_overdue,
       r.list AS recent
FROM   the_company c
CROSS  JOIN job_counts j
CROSS  JOIN application_counts a
CROSS  JOIN interview_counts i
CROSS  JOIN hire_counts h
CROSS  JOIN task_counts t
CROSS  JOIN recent r;
