-- platform_stats: how large the platform is and how it grows: users, companies, jobs, applications, hires; one snapshot.
--
-- ..._new is what came in the window, ..._before what came in the one of the same length before it, ..._growth the difference
-- by that. Hired is when the timeline says so for the first time. It reads whole tables: not for every page.
--
-- group: analytics · rows: one · rights: service
-- $1 since   The window's begin, UTC.
-- $2 until   Its end, UTC, not in it.
-- > users_total                                  All users.
-- > users_active                                 Of those: is_active,
-- > users_verified                               is_verified,
-- > users_candidate                              candidates,
-- > users_company                                people of companies,
-- > users_freelancer                             freelance recruiters.
-- > users_new                                    Users that came in the window,
-- > users_before                                 and in the one before.
-- > users_growth? = numeric(16,4)                (new - before) / before; NULL: there were none before.
-- > companies_total                              All companies.
-- > companies_verified                           Of those: is_verified.
-- > companies_new                                As of users.
-- > companies_before                             As of users.
-- > companies_growth? = numeric(16,4)            As of users.
-- > jobs_total                                   All jobs.
-- > jobs_live                                    Of those: open, public, before their deadline.
-- > jobs_new                                     As of users.
-- > jobs_before                                  As of users.
-- > jobs_growth? = numeric(16,4)                 As of users.
-- > applications_total                           All applications.
-- > applications_new                             By applied_at; else as of users.
-- > applications_before                          As of users.
-- > applications_growth? = numeric(16,4)         As of users.
-- > hires_total                                  Applications that ever reached hired.
-- > hires_new                                    As of users.
-- > hires_before                                 As of users.
-- > hires_growth? = numeric(16,4)                As of users.
WITH users AS (
    SELECT count(*) AS total,
           count(*) FILTER (WHERE u.is_active) AS active,
           count(*) FILTER (WHERE u.is_verified) AS verified,
           count(*) FILTER (WHERE u.user_type = 'candidate') AS candidate,
           count(*) FILTER (WHERE u.user_type = 'company') AS company,
           count(*) FILTER (WHERE u.user_type = 'freelance_recruiter') AS freelancer,
           count(*) FILTER (WHERE u.created_at >= $1::timestamp AND u.created_at < $2::timestamp) AS new,
           count(*) FILTER (WHERE u.created_at >= $1::timestamp - ($2::timestamp - $1::timestamp)
                            AND   u.created_at < $1::timestamp) AS before
    FROM   public.users u
), companies AS (
    SELECT count(*) AS total,
           count(*) FILTER (WHERE c.is_verified) AS verified,
           count(*) FILTER (WHERE c.created_at >= $1::timestamp AND c.created_at < $2::timestamp) AS new,
           count(*) FILTER (WHERE c.created_at >= $1::timestamp - ($2::timestamp - $1::timestamp)
                            AND   c.created_at < $1::timestamp) AS before
    FROM   public.companies c
), jobs AS (
    SELECT count(*) AS total,
           count(*) FILTER (WHERE j.employment_status = 'open' AND j.is_public
                            AND   coalesce(j.application_deadline > now() AT TIME ZONE 'UTC', true)) AS live,
           count(*) FILTER (WHERE j.created_at >= $1::timestamp AND j.created_at < $2::timestamp) AS new,
           count(*) FILTER (WHERE j.created_at >= $1::timestamp - ($2::timestamp - $1::timestamp)
                            AND   j.created_at < $1::timestamp) AS before
    FROM   public.jobs j
), applications AS (
    SELECT count(*) AS total,
           count(*) FILTER (WHERE a.applied_at >= $1::timestamp AND a.applied_at < $2::timestamp) AS new,
           count(*) FILTER (WHERE a.applied_at >= $1::timestamp - ($2::timestamp - $1::timestamp)
                            AND   a.applied_at < $1::timestamp) AS before
    FROM   public.applications a
), first_hires AS (
    SELECT min(t.created_at) AS hired_at
    FROM   public.application_timeline t
    WHERE  t.status = 'hired'
    AND    t.application_id IS NOT NULL
    GROUP  BY t.application_id
), hires AS (
    SELECT count(*) AS total,
           count(*) FILTER (WHERE h.hired_at >= $1::timestamp AND h.hired_at < $2::timestamp) AS new,
           count(*) FILTER (WHERE h.hired_at >= $1::timestamp - ($2::timestamp - $1::timestamp)
                            AND   h.hired_at < $1::timestamp) AS before
    FROM   first_hires h
)
SELECT u.total AS users_total, u.active AS users_active, u.verified AS users_verified, u.candidate AS users_candidate,
       u.company AS users_company, u.freelancer AS users_freelancer, u.new AS users_new, u.before AS users_before,
       round((u.new - u.before)::numeric / nullif(u.before, 0), 4) AS users_growth,
       c.total AS companies_total, c.verified AS companies_verified, c.new AS companies_new, c.before AS companies_before,
       round((c.new - c.before)::numeric / nullif(c.before, 0), 4) AS companies_growth,
       j.total AS jobs_total, j.live AS jobs_live, j.new AS jobs_new, j.before AS jobs_before,
       round((j.new - j.before)::numeric / nullif(j.before, 0), 4) AS jobs_growth,
       a.total AS applications_total, a.new AS applications_new, a.before AS applications_before,
       round((a.new - a.before)::numeric / nullif(a.before, 0), 4) AS applications_growth,
       h.total AS hires_total, h.new AS hires_new, h.before AS hires_before,
       round((h.new - h.before)::numeric / nullif(h.before, 0), 4) AS hires_growth
FROM   users u
CROSS  JOIN companies c
CROSS  JOIN jobs j
CROSS  JOIN applications a
CROSS  JOIN hires h;
