-- The screens: what a list or a page shows, in one row, with the names that belong to its ids.
--
-- Needs:  all tables, the helpers (004) and the cards (450).
--
-- As the cards are: a security_barrier, owned by hotgigs_owner, with the access rule in its WHERE,
-- written with the helpers that the policies use. A row is there for whom the row of the first
-- table is there, by a policy or by a card, but for job_cards, which has fewer. A name of somebody
-- else's is NULL where nobody consented to showing it: who may make a row that points to a person
-- must not learn by it who that is.
--
-- The first column is the id of the first table's row, and updated_at, where there is one, is that
-- row's version. The service has the tables.

BEGIN;
SET LOCAL ROLE hotgigs_owner;

-- Screens serve several personas and are written with the helpers of all of them. These two say
-- nothing to those who could not execute them so far.
GRANT EXECUTE ON FUNCTION hotgigs.company_jobs(text) TO hotgigs_freelancer;
GRANT EXECUTE ON FUNCTION hotgigs.my_freelancers()   TO hotgigs_candidate, hotgigs_company;

-- The jobs that a visitor can apply to: public, open, before their deadline. What else a job says
-- is in the table, which shows public jobs whatever their state: there is no row and no column here
-- that the persona may not read there. So it is the invoker's view, under his own policies, with no
-- barrier between his order and the indexes: a page of the newest reads a page's worth.
CREATE VIEW hotgigs.job_cards WITH (security_barrier) AS
SELECT j.id,
       j.company_id,
       c.name AS company_name,
       c.slug AS company_slug,
       c.logo_url AS company_logo_url,
       c.is_verified AS company_is_verified,
       j.title,
       j.slug,
       j.job_type,
       j.experience_level,
       j.location,
       j.remote_type,
       j.salary_min,
       j.salary_max,
       j.salary_currency,
       j.salary_period,
       j.skills,
       j.department,
       j.application_deadline,
       j.is_featured,
       j.application_count,
       j.created_at,
       j.updated_at
FROM   public.jobs j
LEFT   JOIN hotgigs.company_cards c ON c.id = j.company_id
WHERE  j.is_public
AND    j.employment_status = 'open'
AND    (j.application_deadline IS NULL
        OR j.application_deadline > (SELECT now() AT TIME ZONE 'UTC'));

-- 14 has no views of the invoker's: there it stays the owner's, behind its barrier.
DO $$
BEGIN
    IF current_setting('server_version_num')::integer >= 150000 THEN
        ALTER VIEW hotgigs.job_cards RESET (security_barrier);
        ALTER VIEW hotgigs.job_cards SET (security_invoker = true);
    END IF;
END
$$;

COMMENT ON VIEW hotgigs.job_cards IS
    'A job that can be applied to, with its company.';
COMMENT ON COLUMN hotgigs.job_cards.id                   IS 'The job''s id.';
COMMENT ON COLUMN hotgigs.job_cards.company_id IS
    'The company that offers it; never changes.';
COMMENT ON COLUMN hotgigs.job_cards.company_name         IS 'The company''s name.';
COMMENT ON COLUMN hotgigs.job_cards.company_slug         IS 'The company''s name in URLs.';
COMMENT ON COLUMN hotgigs.job_cards.company_logo_url     IS 'URL of the company''s logo.';
COMMENT ON COLUMN hotgigs.job_cards.company_is_verified IS
    'True: the platform has checked the company.';
COMMENT ON COLUMN hotgigs.job_cards.title                IS 'Title as shown.';
COMMENT ON COLUMN hotgigs.job_cards.slug IS
    'Title in URLs; unique per company where the product makes it.';
COMMENT ON COLUMN hotgigs.job_cards.job_type             IS 'Kind of employment.';
COMMENT ON COLUMN hotgigs.job_cards.experience_level     IS 'Experience asked for; NULL: any.';
COMMENT ON COLUMN hotgigs.job_cards.location             IS 'Where, free text.';
COMMENT ON COLUMN hotgigs.job_cards.remote_type IS
    'Whether it can be done from elsewhere; NULL: not said.';
COMMENT ON COLUMN hotgigs.job_cards.salary_min IS
    'Lower end, whole units of salary_currency per salary_period; NULL: open.';
COMMENT ON COLUMN hotgigs.job_cards.salary_max IS
    'Upper end, inclusive, as salary_min; NULL: open.';
COMMENT ON COLUMN hotgigs.job_cards.salary_currency      IS 'ISO 4217 code.';
COMMENT ON COLUMN hotgigs.job_cards.salary_period IS
    'Free text: yearly, monthly, hourly, ...';
COMMENT ON COLUMN hotgigs.job_cards.skills IS
    'Array of names or of {name, level, years}.';
COMMENT ON COLUMN hotgigs.job_cards.department           IS 'Free text.';
COMMENT ON COLUMN hotgigs.job_cards.application_deadline IS
    'Last moment to apply, UTC; NULL: none.';
COMMENT ON COLUMN hotgigs.job_cards.is_featured          IS 'True: shown first in lists.';
COMMENT ON COLUMN hotgigs.job_cards.application_count    IS 'Number of applications.';
COMMENT ON COLUMN hotgigs.job_cards.created_at           IS 'When the row was made, UTC.';
COMMENT ON COLUMN hotgigs.job_cards.updated_at IS
    'Last change but for the two counters, UTC; the row version; kept by a trigger.';

GRANT SELECT ON hotgigs.job_cards
    TO hotgigs_anon, hotgigs_candidate, hotgigs_company, hotgigs_freelancer;
-- Not description and the other long texts, not view_count, ai_generated_content.

-- Applications: one's own, and those to the jobs of one's company. The candidate reads of the
-- company's side no more than in the table.
CREATE VIEW hotgigs.application_cards WITH (security_barrier) AS
SELECT a.id,
       a.job_id,
       a.candidate_id,
       a.status,
       a.cover_letter,
       a.resume_url,
       a.application_source,
       CASE WHEN a.job_id = ANY (ARRAY(SELECT hotgigs.company_jobs()))
            THEN a.referrer_id
       END AS referrer_id,
       CASE WHEN a.job_id = ANY (ARRAY(SELECT hotgigs.company_jobs()))
            THEN a.ai_match_score
       END AS ai_match_score,
       CASE WHEN a.job_id = ANY (ARRAY(SELECT hotgigs.company_jobs()))
            THEN a.recruiter_notes
       END AS recruiter_notes,
       CASE WHEN a.job_id = ANY (ARRAY(SELECT hotgigs.company_jobs()))
            THEN a.rejection_reason
       END AS rejection_reason,
       a.rejection_feedback,
       a.applied_at,
       a.last_updated_at,
       j.title AS job_title,
       j.slug AS job_slug,
       j.location AS job_location,
       j.employment_status AS job_employment_status,
       j.company_id,
       c.name AS company_name,
       c.slug AS company_slug,
       c.logo_url AS company_logo_url,
       p.user_id AS candidate_user_id,
       u.first_name AS candidate_first_name,
       u.last_name AS candidate_last_name,
       u.profile_image_url AS candidate_profile_image_url,
       p.headline AS candidate_headline
FROM   public.applications a
LEFT   JOIN public.jobs j ON j.id = a.job_id
LEFT   JOIN public.companies c ON c.id = j.company_id
LEFT   JOIN public.candidate_profiles p ON p.id = a.candidate_id
LEFT   JOIN public.users u ON u.id = p.user_id
WHERE  a.candidate_id = ANY (ARRAY(SELECT hotgigs.my_candidates()))
OR     a.job_id = ANY (ARRAY(SELECT hotgigs.company_jobs()));

COMMENT ON VIEW hotgigs.application_cards IS
    'An application with its job, company and candidate.';
COMMENT ON COLUMN hotgigs.application_cards.id                          IS 'The application''s id.';
COMMENT ON COLUMN hotgigs.application_cards.job_id IS
    'The job; never changes.';
COMMENT ON COLUMN hotgigs.application_cards.candidate_id IS
    'The candidate profile; never changes.';
COMMENT ON COLUMN hotgigs.application_cards.status IS
    'Where it stands; moves only as the status machine allows.';
COMMENT ON COLUMN hotgigs.application_cards.cover_letter IS
    'The candidate''s letter.';
COMMENT ON COLUMN hotgigs.application_cards.resume_url IS
    'The résumé sent with it.';
COMMENT ON COLUMN hotgigs.application_cards.application_source IS
    'Free text: direct, referral, linkedin, ...';
COMMENT ON COLUMN hotgigs.application_cards.referrer_id IS
    'The user who brought the candidate; NULL: nobody, or the candidate asks.';
COMMENT ON COLUMN hotgigs.application_cards.ai_match_score IS
    '0.00 to 100.00, made by a model; NULL: not scored, or the candidate asks.';
COMMENT ON COLUMN hotgigs.application_cards.recruiter_notes IS
    'The company''s notes; NULL: none, or the candidate asks.';
COMMENT ON COLUMN hotgigs.application_cards.rejection_reason IS
    'Why, for the company; NULL: none, or the candidate asks.';
COMMENT ON COLUMN hotgigs.application_cards.rejection_feedback IS
    'Why, for the candidate.';
COMMENT ON COLUMN hotgigs.application_cards.applied_at IS
    'When the candidate applied, UTC.';
COMMENT ON COLUMN hotgigs.application_cards.last_updated_at IS
    'Last change, UTC; the row version; kept by a trigger.';
COMMENT ON COLUMN hotgigs.application_cards.job_title                   IS 'The job''s title.';
COMMENT ON COLUMN hotgigs.application_cards.job_slug IS
    'The job''s title in URLs.';
COMMENT ON COLUMN hotgigs.application_cards.job_location IS
    'Where the job is, free text.';
COMMENT ON COLUMN hotgigs.application_cards.job_employment_status IS
    'Free text: open, closed, ...';
COMMENT ON COLUMN hotgigs.application_cards.company_id IS
    'The company that offers the job.';
COMMENT ON COLUMN hotgigs.application_cards.company_name                IS 'The company''s name.';
COMMENT ON COLUMN hotgigs.application_cards.company_slug IS
    'The company''s name in URLs.';
COMMENT ON COLUMN hotgigs.application_cards.company_logo_url IS
    'URL of the company''s logo.';
COMMENT ON COLUMN hotgigs.application_cards.candidate_user_id           IS 'The user who applies.';
COMMENT ON COLUMN hotgigs.application_cards.candidate_first_name IS
    'The candidate''s given name.';
COMMENT ON COLUMN hotgigs.application_cards.candidate_last_name IS
    'The candidate''s family name.';
COMMENT ON COLUMN hotgigs.application_cards.candidate_profile_image_url IS
    'URL of the candidate''s picture.';
COMMENT ON COLUMN hotgigs.application_cards.candidate_headline IS
    'One line under the candidate''s name.';

GRANT SELECT ON hotgigs.application_cards
    TO hotgigs_candidate, hotgigs_company;
-- Not ai_analysis, additional_documents. Nothing for hotgigs_anon; a freelancer's view is a
-- function.

-- The board of a job: its applications with what happened last and what comes next. The sub-selects
-- are one index look-up a row that is shown.
CREATE VIEW hotgigs.pipeline_cards WITH (security_barrier) AS
SELECT a.id,
       a.job_id,
       a.candidate_id,
       a.status,
       a.application_source,
       a.ai_match_score,
       a.applied_at,
       a.last_updated_at,
       u.first_name AS candidate_first_name,
       u.last_name AS candidate_last_name,
       u.profile_image_url AS candidate_profile_image_url,
       p.headline AS candidate_headline,
       p.experience_years AS candidate_experience_years,
       (SELECT max(t.created_at)
        FROM   public.application_timeline t
        WHERE  t.application_id = a.id) AS last_activity_at,
       (SELECT min(i.scheduled_at)
        FROM   public.interviews i
        WHERE  i.application_id = a.id
        AND    i.status = 'scheduled'
        AND    i.scheduled_at >= (SELECT now() AT TIME ZONE 'UTC')) AS next_interview_at,
       (SELECT avg(i.score)::numeric(4,2)
        FROM   public.interviews i
        WHERE  i.application_id = a.id
        AND    i.status = 'completed') AS rating
FROM   public.applications a
LEFT   JOIN public.candidate_profiles p ON p.id = a.candidate_id
LEFT   JOIN public.users u ON u.id = p.user_id
WHERE  a.job_id = ANY (ARRAY(SELECT hotgigs.company_jobs()));

COMMENT ON VIEW hotgigs.pipeline_cards IS
    'An application on the board of its job.';
COMMENT ON COLUMN hotgigs.pipeline_cards.id                          IS 'The application''s id.';
COMMENT ON COLUMN hotgigs.pipeline_cards.job_id                      IS 'The job; never changes.';
COMMENT ON COLUMN hotgigs.pipeline_cards.candidate_id IS
    'The candidate profile; never changes.';
COMMENT ON COLUMN hotgigs.pipeline_cards.status                      IS 'The column of the board.';
COMMENT ON COLUMN hotgigs.pipeline_cards.application_source IS
    'Free text: direct, referral, linkedin, ...';
COMMENT ON COLUMN hotgigs.pipeline_cards.ai_match_score IS
    '0.00 to 100.00, made by a model; NULL: not scored.';
COMMENT ON COLUMN hotgigs.pipeline_cards.applied_at IS
    'When the candidate applied, UTC.';
COMMENT ON COLUMN hotgigs.pipeline_cards.last_updated_at IS
    'Last change, UTC; the row version; kept by a trigger.';
COMMENT ON COLUMN hotgigs.pipeline_cards.candidate_first_name IS
    'The candidate''s given name.';
COMMENT ON COLUMN hotgigs.pipeline_cards.candidate_last_name IS
    'The candidate''s family name.';
COMMENT ON COLUMN hotgigs.pipeline_cards.candidate_profile_image_url IS
    'URL of the candidate''s picture.';
COMMENT ON COLUMN hotgigs.pipeline_cards.candidate_headline IS
    'One line under the candidate''s name.';
COMMENT ON COLUMN hotgigs.pipeline_cards.candidate_experience_years  IS 'Years of work, whole.';
COMMENT ON COLUMN hotgigs.pipeline_cards.last_activity_at IS
    'Time of the newest entry of the timeline, UTC; NULL: none.';
COMMENT ON COLUMN hotgigs.pipeline_cards.next_interview_at IS
    'When the next interview begins, UTC; NULL: none.';
COMMENT ON COLUMN hotgigs.pipeline_cards.rating IS
    'Average score of completed interviews, 1.00 to 10.00; NULL: none.';

GRANT SELECT ON hotgigs.pipeline_cards
    TO hotgigs_company;
-- Nothing for the others.

-- Interviews with whom, for what and by whom: those that one holds, those of one's company, one's
-- own as a candidate. Two arms, so that each goes by an index: what one holds, and what belongs to
-- an application that one sees. An interviewer learns the candidate's name; a candidate, as in the
-- table, not the interviewer's.
CREATE VIEW hotgigs.agenda_items WITH (security_barrier) AS
SELECT i.id,
       i.application_id,
       i.interviewer_id,
       i.interview_type,
       i.scheduled_at,
       i.scheduled_at + make_interval(mins => coalesce(i.duration_minutes, 0)) AS ends_at,
       i.duration_minutes,
       i.location,
       i.meeting_link,
       i.status,
       i.updated_at,
       CASE WHEN i.interviewer_id = (SELECT hotgigs.my_user_id())
              OR a.job_id = ANY (ARRAY(SELECT hotgigs.company_jobs()))
            THEN w.first_name
       END AS interviewer_first_name,
       CASE WHEN i.interviewer_id = (SELECT hotgigs.my_user_id())
              OR a.job_id = ANY (ARRAY(SELECT hotgigs.company_jobs()))
            THEN w.last_name
       END AS interviewer_last_name,
       a.candidate_id,
       u.first_name AS candidate_first_name,
       u.last_name AS candidate_last_name,
       u.profile_image_url AS candidate_profile_image_url,
       a.job_id,
       j.title AS job_title,
       j.company_id,
       c.name AS company_name
FROM   (SELECT held.*
        FROM   public.interviews held
        WHERE  held.interviewer_id = (SELECT hotgigs.my_user_id())
        UNION  ALL
        SELECT of_ones_own.*
        FROM   public.interviews of_ones_own
        JOIN   public.applications seen ON seen.id = of_ones_own.application_id
        WHERE  (seen.job_id = ANY (ARRAY(SELECT hotgigs.company_jobs()))
                OR seen.candidate_id = ANY (ARRAY(SELECT hotgigs.my_candidates())))
        AND    of_ones_own.interviewer_id IS DISTINCT FROM (SELECT hotgigs.my_user_id())) i
LEFT   JOIN public.applications a ON a.id = i.application_id
LEFT   JOIN public.jobs j ON j.id = a.job_id
LEFT   JOIN public.companies c ON c.id = j.company_id
LEFT   JOIN public.candidate_profiles p ON p.id = a.candidate_id
LEFT   JOIN public.users u ON u.id = p.user_id
LEFT   JOIN public.users w ON w.id = i.interviewer_id;

COMMENT ON VIEW hotgigs.agenda_items IS
    'An interview with who and what it is about.';
COMMENT ON COLUMN hotgigs.agenda_items.id                          IS 'The interview''s id.';
COMMENT ON COLUMN hotgigs.agenda_items.application_id IS
    'The application; never changes.';
COMMENT ON COLUMN hotgigs.agenda_items.interviewer_id IS
    'The user who holds it; NULL: not yet known, an AI interview, or erased.';
COMMENT ON COLUMN hotgigs.agenda_items.interview_type              IS 'How it is held.';
COMMENT ON COLUMN hotgigs.agenda_items.scheduled_at                IS 'When it begins, UTC.';
COMMENT ON COLUMN hotgigs.agenda_items.ends_at                     IS 'When it is to end, UTC.';
COMMENT ON COLUMN hotgigs.agenda_items.duration_minutes IS
    'How long it is to take, minutes.';
COMMENT ON COLUMN hotgigs.agenda_items.location                    IS 'Where, free text.';
COMMENT ON COLUMN hotgigs.agenda_items.meeting_link                IS 'URL of the call.';
COMMENT ON COLUMN hotgigs.agenda_items.status                      IS 'Where it stands.';
COMMENT ON COLUMN hotgigs.agenda_items.updated_at IS
    'Last change, UTC; the row version; kept by a trigger.';
COMMENT ON COLUMN hotgigs.agenda_items.interviewer_first_name IS
    'The interviewer''s given name; NULL: not known, or the candidate asks.';
COMMENT ON COLUMN hotgigs.agenda_items.interviewer_last_name IS
    'The interviewer''s family name; NULL as the given name.';
COMMENT ON COLUMN hotgigs.agenda_items.candidate_id                IS 'The candidate profile.';
COMMENT ON COLUMN hotgigs.agenda_items.candidate_first_name IS
    'The candidate''s given name.';
COMMENT ON COLUMN hotgigs.agenda_items.candidate_last_name IS
    'The candidate''s family name.';
COMMENT ON COLUMN hotgigs.agenda_items.candidate_profile_image_url IS
    'URL of the candidate''s picture.';
COMMENT ON COLUMN hotgigs.agenda_items.job_id                      IS 'The job.';
COMMENT ON COLUMN hotgigs.agenda_items.job_title                   IS 'The job''s title.';
COMMENT ON COLUMN hotgigs.agenda_items.company_id IS
    'The company that offers the job.';
COMMENT ON COLUMN hotgigs.agenda_items.company_name                IS 'The company''s name.';

GRANT SELECT ON hotgigs.agenda_items
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer;
-- Not notes, feedback, score, ai_analysis, recording_url: card interview_cards.

-- Referrals with names: one's own as freelancer or candidate, and those to the jobs of one's
-- company. Commission and notes as in the table and in referral_cards. The candidate's name is for
-- himself, for the freelancer while he consents, and for the company while he consents or once he
-- has applied there; the freelancer's name is for all three.
CREATE VIEW hotgigs.named_referrals WITH (security_barrier) AS
SELECT r.id,
       r.recruiter_id,
       r.candidate_id,
       r.job_id,
       r.referral_status,
       CASE WHEN r.recruiter_id = ANY (ARRAY(SELECT hotgigs.my_freelancers()))
              OR r.job_id = ANY (ARRAY(SELECT hotgigs.company_jobs('admin')))
            THEN r.commission_amount
       END AS commission_amount,
       CASE WHEN r.recruiter_id = ANY (ARRAY(SELECT hotgigs.my_freelancers()))
              OR r.job_id = ANY (ARRAY(SELECT hotgigs.company_jobs('admin')))
            THEN r.commission_status
       END AS commission_status,
       CASE WHEN r.recruiter_id = ANY (ARRAY(SELECT hotgigs.my_freelancers()))
              OR r.job_id = ANY (ARRAY(SELECT hotgigs.company_jobs('admin')))
            THEN r.notes
       END AS notes,
       r.created_at,
       r.updated_at,
       f.user_id AS recruiter_user_id,
       fu.first_name AS recruiter_first_name,
       fu.last_name AS recruiter_last_name,
       CASE WHEN r.candidate_id = ANY (ARRAY(SELECT hotgigs.my_candidates()))
              OR r.candidate_id = ANY (ARRAY(SELECT hotgigs.company_applicants()))
              OR p.visibility_settings -> 'referrers' ? r.recruiter_id::text
            THEN cu.first_name
       END AS candidate_first_name,
       CASE WHEN r.candidate_id = ANY (ARRAY(SELECT hotgigs.my_candidates()))
              OR r.candidate_id = ANY (ARRAY(SELECT hotgigs.company_applicants()))
              OR p.visibility_settings -> 'referrers' ? r.recruiter_id::text
            THEN cu.last_name
       END AS candidate_last_name,
       j.title AS job_title,
       j.company_id,
       c.name AS company_name
FROM   public.referrals r
LEFT   JOIN public.freelance_recruiters f ON f.id = r.recruiter_id
LEFT   JOIN public.users fu ON fu.id = f.user_id
LEFT   JOIN public.candidate_profiles p ON p.id = r.candidate_id
LEFT   JOIN public.users cu ON cu.id = p.user_id
LEFT   JOIN public.jobs j ON j.id = r.job_id
LEFT   JOIN public.companies c ON c.id = j.company_id
WHERE  r.recruiter_id = ANY (ARRAY(SELECT hotgigs.my_freelancers()))
OR     r.candidate_id = ANY (ARRAY(SELECT hotgigs.my_candidates()))
OR     r.job_id = ANY (ARRAY(SELECT hotgigs.company_jobs()));

COMMENT ON VIEW hotgigs.named_referrals IS
    'A referral with the names of freelancer, candidate, job and company.';
COMMENT ON COLUMN hotgigs.named_referrals.id                   IS 'The referral''s id.';
COMMENT ON COLUMN hotgigs.named_referrals.recruiter_id IS
    'The freelance recruiter; never changes.';
COMMENT ON COLUMN hotgigs.named_referrals.candidate_id IS
    'The candidate profile; never changes.';
COMMENT ON COLUMN hotgigs.named_referrals.job_id               IS 'The job; never changes.';
COMMENT ON COLUMN hotgigs.named_referrals.referral_status IS
    'Where it stands; decided by the company.';
COMMENT ON COLUMN hotgigs.named_referrals.commission_amount IS
    'In the job''s salary_currency; NULL: not agreed, or not for the caller.';
COMMENT ON COLUMN hotgigs.named_referrals.commission_status IS
    'Where the payment stands; NULL: not for the caller.';
COMMENT ON COLUMN hotgigs.named_referrals.notes IS
    'The freelancer''s remarks; NULL: none, or not for the caller.';
COMMENT ON COLUMN hotgigs.named_referrals.created_at           IS 'When the row was made, UTC.';
COMMENT ON COLUMN hotgigs.named_referrals.updated_at IS
    'Last change, UTC; the row version; kept by a trigger.';
COMMENT ON COLUMN hotgigs.named_referrals.recruiter_user_id    IS 'The freelancer''s user.';
COMMENT ON COLUMN hotgigs.named_referrals.recruiter_first_name IS 'The freelancer''s given name.';
COMMENT ON COLUMN hotgigs.named_referrals.recruiter_last_name  IS 'The freelancer''s family name.';
COMMENT ON COLUMN hotgigs.named_referrals.candidate_first_name IS
    'The candidate''s given name; NULL: he does not consent any more.';
COMMENT ON COLUMN hotgigs.named_referrals.candidate_last_name IS
    'The candidate''s family name; NULL as the given name.';
COMMENT ON COLUMN hotgigs.named_referrals.job_title            IS 'The job''s title.';
COMMENT ON COLUMN hotgigs.named_referrals.company_id IS
    'The company that offers the job.';
COMMENT ON COLUMN hotgigs.named_referrals.company_name         IS 'The company''s name.';

GRANT SELECT ON hotgigs.named_referrals
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer;
-- Nothing for hotgigs_anon.

-- Tasks with who and what they are about: those of one's company; a freelancer's own. What a task
-- is about, and who gave it, is for the company: to be given a task shows nobody's application.
CREATE VIEW hotgigs.task_cards WITH (security_barrier) AS
SELECT t.id,
       t.company_id,
       t.assigned_to,
       t.assigned_by,
       t.related_application_id,
       t.title,
       t.description,
       t.task_type,
       t.priority,
       t.status,
       t.due_date,
       t.completed_at,
       t.notes,
       t.created_at,
       t.updated_at,
       c.name AS company_name,
       CASE WHEN t.assigned_to = (SELECT hotgigs.my_user_id())
              OR t.assigned_to = ANY (ARRAY(SELECT hotgigs.my_coworkers()))
            THEN tu.first_name
       END AS assigned_to_first_name,
       CASE WHEN t.assigned_to = (SELECT hotgigs.my_user_id())
              OR t.assigned_to = ANY (ARRAY(SELECT hotgigs.my_coworkers()))
            THEN tu.last_name
       END AS assigned_to_last_name,
       CASE WHEN t.assigned_by = (SELECT hotgigs.my_user_id())
              OR t.assigned_by = ANY (ARRAY(SELECT hotgigs.my_coworkers()))
            THEN bu.first_name
       END AS assigned_by_first_name,
       CASE WHEN t.assigned_by = (SELECT hotgigs.my_user_id())
              OR t.assigned_by = ANY (ARRAY(SELECT hotgigs.my_coworkers()))
            THEN bu.last_name
       END AS assigned_by_last_name,
       CASE WHEN a.job_id = ANY (ARRAY(SELECT hotgigs.company_jobs()))
            THEN a.job_id
       END AS job_id,
       CASE WHEN a.job_id = ANY (ARRAY(SELECT hotgigs.company_jobs()))
            THEN j.title
       END AS job_title,
       CASE WHEN a.job_id = ANY (ARRAY(SELECT hotgigs.company_jobs()))
            THEN cu.first_name
       END AS candidate_first_name,
       CASE WHEN a.job_id = ANY (ARRAY(SELECT hotgigs.company_jobs()))
            THEN cu.last_name
       END AS candidate_last_name
FROM   public.tasks t
LEFT   JOIN public.companies c ON c.id = t.company_id
LEFT   JOIN public.users tu ON tu.id = t.assigned_to
LEFT   JOIN public.users bu ON bu.id = t.assigned_by
LEFT   JOIN public.applications a ON a.id = t.related_application_id
LEFT   JOIN public.jobs j ON j.id = a.job_id
LEFT   JOIN public.candidate_profiles p ON p.id = a.candidate_id
LEFT   JOIN public.users cu ON cu.id = p.user_id
WHERE  ((SELECT current_setting('role')) = 'hotgigs_company'
        AND t.company_id = ANY (ARRAY(SELECT hotgigs.my_companies())))
OR     ((SELECT current_setting('role')) = 'hotgigs_freelancer'
        AND t.assigned_to = (SELECT hotgigs.my_user_id()));

COMMENT ON VIEW hotgigs.task_cards IS
    'A task with its company, its people and what it is about.';
COMMENT ON COLUMN hotgigs.task_cards.id                     IS 'The task''s id.';
COMMENT ON COLUMN hotgigs.task_cards.company_id             IS 'The company; never changes.';
COMMENT ON COLUMN hotgigs.task_cards.assigned_to IS
    'The user who is to do it; NULL: nobody yet.';
COMMENT ON COLUMN hotgigs.task_cards.assigned_by IS
    'The user who made it; NULL: the service, or erased.';
COMMENT ON COLUMN hotgigs.task_cards.related_application_id IS
    'The application it is about; NULL: none.';
COMMENT ON COLUMN hotgigs.task_cards.title                  IS 'One line.';
COMMENT ON COLUMN hotgigs.task_cards.description            IS 'The text.';
COMMENT ON COLUMN hotgigs.task_cards.task_type IS
    'What kind of work it is; NULL: not said.';
COMMENT ON COLUMN hotgigs.task_cards.priority               IS 'How urgent it is.';
COMMENT ON COLUMN hotgigs.task_cards.status                 IS 'Where it stands.';
COMMENT ON COLUMN hotgigs.task_cards.due_date               IS 'By when, UTC; NULL: no limit.';
COMMENT ON COLUMN hotgigs.task_cards.completed_at IS
    'When it was done, UTC; NULL: not yet.';
COMMENT ON COLUMN hotgigs.task_cards.notes                  IS 'Remarks of those who work on it.';
COMMENT ON COLUMN hotgigs.task_cards.created_at             IS 'When the row was made, UTC.';
COMMENT ON COLUMN hotgigs.task_cards.updated_at IS
    'Last change, UTC; the row version; kept by a trigger.';
COMMENT ON COLUMN hotgigs.task_cards.company_name           IS 'The company''s name.';
COMMENT ON COLUMN hotgigs.task_cards.assigned_to_first_name IS
    'Given name of who is to do it; NULL: nobody, or no co-worker.';
COMMENT ON COLUMN hotgigs.task_cards.assigned_to_last_name IS
    'Family name of who is to do it; NULL as the given name.';
COMMENT ON COLUMN hotgigs.task_cards.assigned_by_first_name IS
    'Given name of who made it; NULL: unknown, or no co-worker.';
COMMENT ON COLUMN hotgigs.task_cards.assigned_by_last_name IS
    'Family name of who made it; NULL as the given name.';
COMMENT ON COLUMN hotgigs.task_cards.job_id IS
    'The job of the application; NULL: none, or a freelancer asks.';
COMMENT ON COLUMN hotgigs.task_cards.job_title              IS 'The job''s title; NULL as job_id.';
COMMENT ON COLUMN hotgigs.task_cards.candidate_first_name IS
    'The candidate''s given name; NULL as job_id.';
COMMENT ON COLUMN hotgigs.task_cards.candidate_last_name IS
    'The candidate''s family name; NULL as job_id.';

GRANT SELECT ON hotgigs.task_cards
    TO hotgigs_company, hotgigs_freelancer;
-- Nothing for hotgigs_candidate and hotgigs_anon.

-- Memberships with person and company: one's own, and those of the companies in which the company
-- persona is a member. Of somebody who has not accepted, or has left, there is no name: an
-- invitation can be made out to anybody.
CREATE VIEW hotgigs.member_cards WITH (security_barrier) AS
SELECT m.id,
       m.company_id,
       m.user_id,
       m.role,
       m.invited_at,
       m.joined_at,
       m.is_active,
       m.created_at,
       m.updated_at,
       c.name AS company_name,
       c.slug AS company_slug,
       c.logo_url AS company_logo_url,
       CASE WHEN m.user_id = (SELECT hotgigs.my_user_id())
              OR m.user_id = ANY (ARRAY(SELECT hotgigs.my_coworkers()))
            THEN u.email
       END AS email,
       CASE WHEN m.user_id = (SELECT hotgigs.my_user_id())
              OR m.user_id = ANY (ARRAY(SELECT hotgigs.my_coworkers()))
            THEN u.first_name
       END AS first_name,
       CASE WHEN m.user_id = (SELECT hotgigs.my_user_id())
              OR m.user_id = ANY (ARRAY(SELECT hotgigs.my_coworkers()))
            THEN u.last_name
       END AS last_name,
       CASE WHEN m.user_id = (SELECT hotgigs.my_user_id())
              OR m.user_id = ANY (ARRAY(SELECT hotgigs.my_coworkers()))
            THEN u.profile_image_url
       END AS profile_image_url
FROM   public.company_members m
LEFT   JOIN public.companies c ON c.id = m.company_id
LEFT   JOIN public.users u ON u.id = m.user_id
WHERE  m.user_id = (SELECT hotgigs.my_user_id())
OR     ((SELECT current_setting('role')) = 'hotgigs_company'
        AND m.company_id = ANY (ARRAY(SELECT hotgigs.my_companies())));

COMMENT ON VIEW hotgigs.member_cards IS
    'A membership with its person and company.';
COMMENT ON COLUMN hotgigs.member_cards.id                IS 'The membership''s id.';
COMMENT ON COLUMN hotgigs.member_cards.company_id        IS 'The company; never changes.';
COMMENT ON COLUMN hotgigs.member_cards.user_id           IS 'The member; never changes.';
COMMENT ON COLUMN hotgigs.member_cards.role IS
    'Rank; each includes the ones below it: admin, recruiter, account_manager, viewer.';
COMMENT ON COLUMN hotgigs.member_cards.invited_at        IS 'When the invitation was made, UTC.';
COMMENT ON COLUMN hotgigs.member_cards.joined_at IS
    'When it was accepted, UTC; NULL: pending, which gives no rights.';
COMMENT ON COLUMN hotgigs.member_cards.is_active IS
    'False: suspended or left, which gives no rights; true for a pending invitation, too.';
COMMENT ON COLUMN hotgigs.member_cards.created_at        IS 'When the row was made, UTC.';
COMMENT ON COLUMN hotgigs.member_cards.updated_at IS
    'Last change, UTC; the row version; kept by a trigger.';
COMMENT ON COLUMN hotgigs.member_cards.company_name      IS 'The company''s name.';
COMMENT ON COLUMN hotgigs.member_cards.company_slug      IS 'The company''s name in URLs.';
COMMENT ON COLUMN hotgigs.member_cards.company_logo_url  IS 'URL of the company''s logo.';
COMMENT ON COLUMN hotgigs.member_cards.email IS
    'Address; NULL: no co-worker (yet, or any more).';
COMMENT ON COLUMN hotgigs.member_cards.first_name        IS 'Given name; NULL as email.';
COMMENT ON COLUMN hotgigs.member_cards.last_name         IS 'Family name; NULL as email.';
COMMENT ON COLUMN hotgigs.member_cards.profile_image_url IS 'URL of the picture; NULL as email.';

GRANT SELECT ON hotgigs.member_cards
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer;
-- Not permissions, invited_by. Nothing for hotgigs_anon.

-- What the bell shows: one's own notifications that have not expired. The table has the same rows;
-- this is the list without user_id and data, which a page needs only once somebody clicks.
CREATE VIEW hotgigs.notification_cards WITH (security_barrier) AS
SELECT n.id,
       n.notification_type,
       n.title,
       n.message,
       n.is_read,
       n.priority,
       n.expires_at,
       n.created_at
FROM   public.notifications n
WHERE  n.user_id = (SELECT hotgigs.my_user_id())
AND    (n.expires_at IS NULL OR n.expires_at > (SELECT now() AT TIME ZONE 'UTC'));

COMMENT ON VIEW hotgigs.notification_cards IS
    'A notification in the list.';
COMMENT ON COLUMN hotgigs.notification_cards.id                IS 'The notification''s id.';
COMMENT ON COLUMN hotgigs.notification_cards.notification_type IS
    'What it is about: application_status, interview_scheduled, ...';
COMMENT ON COLUMN hotgigs.notification_cards.title             IS 'One line.';
COMMENT ON COLUMN hotgigs.notification_cards.message           IS 'The text.';
COMMENT ON COLUMN hotgigs.notification_cards.is_read           IS 'True: the user has seen it.';
COMMENT ON COLUMN hotgigs.notification_cards.priority          IS 'How urgent it is.';
COMMENT ON COLUMN hotgigs.notification_cards.expires_at IS
    'From when on it is not shown, UTC; NULL: never expires.';
COMMENT ON COLUMN hotgigs.notification_cards.created_at        IS 'When it was made, UTC.';

GRANT SELECT ON hotgigs.notification_cards
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer;
-- Nothing for hotgigs_anon.

COMMIT;
