-- dashboard_candidate: what a candidate's front page says: applications, the next interview, matches, news; one snapshot.
--
-- Each number is counted by itself; a candidate with nothing yet has zeros, and no next interview.
--
-- group: analytics · rows: one · rights: caller · by: candidate, service
-- $1 candidate_id   The caller's own profile; the service's choice.
-- > candidate_id                                               The profile.
-- > applications_total                                         All applications.
-- > applications_open                                          Of those: neither hired, rejected nor withdrawn.
-- > applications_applied                                       In status applied,
-- > applications_screening                                     screening,
-- > applications_interviewing                                  interviewing,
-- > applications_offer                                         offer,
-- > applications_hired                                         hired,
-- > applications_rejected                                      rejected,
-- > applications_withdrawn                                     withdrawn.
-- > interviews_upcoming                                        Interviews yet to come.
-- > interviews_completed                                       Interviews that took place.
-- > next_interview_id?                                         The next one; NULL: none, and so the others of its kind.
-- > next_interview_at? = interviews.scheduled_at               When it begins, UTC.
-- > next_interview_minutes? = interviews.duration_minutes      How long it is to take, minutes.
-- > next_interview_type? = interviews.interview_type           How it is held.
-- > next_interview_link? = interviews.meeting_link             URL of the call.
-- > next_interview_application_id? = interviews.application_id  The application that it is about,
-- > next_interview_job_title? = jobs.title                     and its job.
-- > matches_new                                                Recommended open jobs, neither seen nor applied for.
-- > best_match_score? = ai_job_matches.match_score             The best score among them; NULL: there are none.
-- > notifications_unread                                       Notifications that he has not read and that are not expired.
-- > completeness                                               Percent of the profile that is filled in, 0 to 100: headline,
--                                          summary, current_title, experience_years, education_level, availability, skills,
--                                          resume_url, an experience and an education count a tenth each.
-- NOT_FOUND  no such profile, or not the caller's
WITH the_candidate AS (
    SELECT p.id, p.user_id, now() AT TIME ZONE 'UTC' AS now,
           10 * ((coalesce(p.headline, '') <> '')::integer
                 + (coalesce(p.summary, '') <> '')::integer
                 + (coalesce(p.current_title, '') <> '')::integer
                 + (p.experience_years IS NOT NULL)::integer
                 + (coalesce(p.education_level, '') <> '')::integer
                 + (p.availability IS NOT NULL)::integer
                 + (coalesce(p.skills, '[]') NOT IN ('[]', '{}', 'null'))::integer
                 + (coalesce(p.resume_url, '') <> '')::integer
                 + EXISTS (SELECT FROM public.candidate_experiences x WHERE x.candidate_id = p.id)::integer
                 + EXISTS (SELECT FROM public.candidate_education e WHERE e.candidate_id = p.id)::integer) AS completeness
    FROM   public.candidate_profiles p
    WHERE  p.id = $1
), his_applications AS MATERIALIZED (
    SELECT a.id, a.job_id, a.status
    FROM   the_candidate c
    JOIN   public.applications a ON a.candidate_id = c.id
), application_counts AS (
    SELECT count(*) AS total,
           count(*) FILTER (WHERE status IN ('applied', 'screening', 'interviewing', 'offer')) AS open,
           count(*) FILTER (WHERE status = 'applied') AS applied,
           count(*) FILTER (WHERE status = 'screening') AS screening,
           count(*) FILTER (WHERE status = 'interviewing') AS interviewing,
           count(*) FILTER (WHERE status = 'offer') AS offer,
           count(*) FILTER (WHERE status = 'hired') AS hired,
           count(*) FILTER (WHERE status = 'rejected') AS rejected,
           count(*) FILTER (WHERE status = 'withdrawn') AS withdrawn
    FROM   his_applications
), his_interviews AS MATERIALIZED (
    SELECT i.id, i.application_id, a.job_id, i.interview_type, i.scheduled_at, i.duration_minutes, i.meeting_link, i.status,
           i.status = 'scheduled' AND i.scheduled_at >= c.now AS is_upcoming
    FROM   the_candidate c
    CROSS  JOIN his_applications a
    JOIN   public.interviews i ON i.application_id = a.id
), interview_counts AS (
    SELECT count(*) FILTER (WHERE is_upcoming) AS upcoming,
           count(*) FILTER (WHERE status = 'completed') AS completed
    FROM   his_interviews
), next_interview AS (
    SELECT i.id, i.application_id, i.interview_type, i.scheduled_at, i.duration_minutes, i.meeting_link, j.title
    FROM   his_interviews i
    LEFT   JOIN public.jobs j ON j.id = i.job_id
    WHERE  i.is_upcoming
    ORDER  BY i.scheduled_at, i.id
    LIMIT  1
), match_counts AS (
    SELECT count(DISTINCT m.job_id) AS new, max(m.match_score) AS best
    FROM   the_candidate c
    JOIN   public.ai_job_matches m ON m.candidate_id = c.id
    JOIN   public.jobs j ON j.id = m.job_id
    WHERE  m.is_recommended
    AND    m.viewed_by_candidate IS NOT TRUE
    AND    j.is_public
    AND    j.employment_status = 'open'
    AND    coalesce(j.application_deadline > c.now, true)
    AND    NOT EXISTS (SELECT FROM his_applications a WHERE a.job_id = m.job_id)
), notification_counts AS (
    SELECT count(*) AS unread
    FROM   the_candidate c
    JOIN   public.notifications n ON n.user_id = c.user_id
    WHERE  n.is_read IS NOT TRUE
    AND    coalesce(n.expires_at > c.now, true)
)
SELECT c.id AS candidate_id,
       a.total AS applications_total, a.open AS applications_open, a.applied AS applications_applied,
       a.screening AS applications_screening, a.interviewing AS applications_interviewing,
       a.offer AS applications_offer, a.hired AS applications_hired, a.rejected AS applications_rejected,
       a.withdrawn AS applications_withdrawn,
       i.upcoming AS interviews_upcoming, i.completed AS interviews_completed,
       x.id AS next_interview_id, x.scheduled_at AS next_interview_at, x.duration_minutes AS next_interview_minutes,
       x.interview_type AS next_interview_type, x.meeting_link AS next_interview_link,
       x.application_id AS next_interview_application_id, x.title AS next_interview_job_title,
       m.new AS matches_new, m.best AS best_match_score,
       n.unread AS notifications_unread,
       c.completeness
FROM   the_candidate c
CROSS  JOIN application_counts a
CROSS  JOIN interview_counts i
LEFT   JOIN next_interview x ON true
CROSS  JOIN match_counts m
CROSS  JOIN notification_counts n;
