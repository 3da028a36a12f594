-- The cards: what a persona sees of a row besides what its table shows him.
--
-- Needs:  all seven tables (101, 104, 201, 206, 207, 401, 402) and all helpers.
--
-- A policy decides rows and a grant decides columns, but neither decides a column by the row. Where
-- that is wanted (a salary if its owner shows it, feedback once there is some), or where other rows
-- are shown with fewer columns than one's own (a company's public face), the persona reads a view
-- instead.
--
-- Each view with a rule is a security_barrier, so that no condition of the caller's runs before the
-- rule, and belongs to hotgigs_owner, whose policies let it see every row: the rule stands in its
-- WHERE, written with the helpers that the policies use. An invoker's view could show no more than
-- the table (job_cards in 451 does not). No card has a secret in it. sql/grants.md lists who may
-- read which. The service has the tables.

BEGIN;
SET LOCAL ROLE hotgigs_owner;

-- Oneself; for the company persona also co-workers and those who applied to the company; for a
-- freelancer also those whom he referred with their consent. E-mail address and phone are for
-- oneself, co-workers and companies: a freelancer gets them from candidate_cards, if their owner
-- shows them.
CREATE VIEW hotgigs.user_cards WITH (security_barrier) AS
SELECT u.id,
       CASE WHEN u.id = (SELECT hotgigs.my_user_id())
              OR u.id = ANY (ARRAY(SELECT hotgigs.my_coworkers()))
              OR u.id = ANY (ARRAY(SELECT hotgigs.company_applicant_users()))
            THEN u.email
       END AS email,
       u.first_name,
       u.last_name,
       CASE WHEN u.id = (SELECT hotgigs.my_user_id())
              OR u.id = ANY (ARRAY(SELECT hotgigs.my_coworkers()))
              OR u.id = ANY (ARRAY(SELECT hotgigs.company_applicant_users()))
            THEN u.phone
       END AS phone,
       u.profile_image_url,
       u.user_type,
       u.is_verified,
       u.created_at
FROM   public.users u
WHERE  u.id = (SELECT hotgigs.my_user_id())
OR     u.id = ANY (ARRAY(SELECT hotgigs.my_coworkers()))
OR     u.id = ANY (ARRAY(SELECT hotgigs.company_applicant_users()))
OR     u.id = ANY (ARRAY(SELECT hotgigs.referred_candidate_users()));

COMMENT ON VIEW hotgigs.user_cards IS
    'What one sees of people one has to do with.';
COMMENT ON COLUMN hotgigs.user_cards.id IS
    'The user''s id; the sub claim of his tokens.';
COMMENT ON COLUMN hotgigs.user_cards.email IS
    'Address; NULL to a freelancer who referred him.';
COMMENT ON COLUMN hotgigs.user_cards.first_name        IS 'Given name.';
COMMENT ON COLUMN hotgigs.user_cards.last_name         IS 'Family name.';
COMMENT ON COLUMN hotgigs.user_cards.phone IS
    'Free text, as the user writes it; NULL to a freelancer who referred him.';
COMMENT ON COLUMN hotgigs.user_cards.profile_image_url IS 'URL of the picture.';
COMMENT ON COLUMN hotgigs.user_cards.user_type         IS 'Which persona the user acts as.';
COMMENT ON COLUMN hotgigs.user_cards.is_verified       IS 'True: the e-mail address is confirmed.';
COMMENT ON COLUMN hotgigs.user_cards.created_at        IS 'When the row was made, UTC.';

GRANT SELECT ON hotgigs.user_cards
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer;
-- Not last_login_at, is_active. Nothing for hotgigs_anon.

-- Every company, to everybody: what it shows of itself. No row is left out, so there is nothing for
-- a barrier to hide, and without one the planner sees the table's indexes through the view.
CREATE VIEW hotgigs.company_cards AS
SELECT c.id,
       c.name,
       c.slug,
       c.description,
       c.industry,
       c.company_size,
       c.website_url,
       c.logo_url,
       c.headquarters_location,
       c.founded_year,
       c.company_type,
       c.is_verified,
       c.created_at
FROM   public.companies c;

COMMENT ON VIEW hotgigs.company_cards IS
    'What a company shows of itself.';
COMMENT ON COLUMN hotgigs.company_cards.id                    IS 'The company''s id.';
COMMENT ON COLUMN hotgigs.company_cards.name                  IS 'Name as shown.';
COMMENT ON COLUMN hotgigs.company_cards.slug IS
    'Name in URLs; unique over all companies.';
COMMENT ON COLUMN hotgigs.company_cards.description           IS 'Free text.';
COMMENT ON COLUMN hotgigs.company_cards.industry IS
    'Free text: Technology, Healthcare, Finance, ...';
COMMENT ON COLUMN hotgigs.company_cards.company_size IS
    'Head count, free text: 1-10, 11-50, 51-200, ...';
COMMENT ON COLUMN hotgigs.company_cards.website_url           IS 'Web site.';
COMMENT ON COLUMN hotgigs.company_cards.logo_url              IS 'URL of the logo.';
COMMENT ON COLUMN hotgigs.company_cards.headquarters_location IS 'Free text.';
COMMENT ON COLUMN hotgigs.company_cards.founded_year          IS 'Calendar year.';
COMMENT ON COLUMN hotgigs.company_cards.company_type IS
    'Free text: startup, public, private, nonprofit, agency, ...';
COMMENT ON COLUMN hotgigs.company_cards.is_verified IS
    'True: the platform has checked that the company is who it says; set by the service.';
COMMENT ON COLUMN hotgigs.company_cards.created_at            IS 'When the row was made, UTC.';

GRANT SELECT ON hotgigs.company_cards
    TO hotgigs_anon, hotgigs_candidate, hotgigs_company, hotgigs_freelancer;
-- Not settings, subscription_plan, subscription_expires_at.

-- The settings of a company, to its admins.
CREATE VIEW hotgigs.company_settings WITH (security_barrier) AS
SELECT c.id AS company_id,
       c.settings,
       c.updated_at
FROM   public.companies c
WHERE  c.id = ANY (ARRAY(SELECT hotgigs.my_companies('admin')));

COMMENT ON VIEW hotgigs.company_settings IS
    'The settings of a company, for its admins.';
COMMENT ON COLUMN hotgigs.company_settings.company_id IS 'The company''s id.';
COMMENT ON COLUMN hotgigs.company_settings.settings   IS 'Object of the company''s own settings.';
COMMENT ON COLUMN hotgigs.company_settings.updated_at IS
    'Last change of the company, UTC; the row version of companies.';

GRANT SELECT ON hotgigs.company_settings
    TO hotgigs_company;
-- Nothing for the others: a candidate who is a member is no admin here.

-- The profiles that the table shows, with name and picture, and besides: the desired salary if
-- salary_visible says so; e-mail address and phone if contact_visible says so, or to the companies
-- applied to. To oneself, all of it.
CREATE VIEW hotgigs.candidate_cards WITH (security_barrier) AS
SELECT p.id,
       p.user_id,
       u.first_name,
       u.last_name,
       u.profile_image_url,
       p.headline,
       p.summary,
       p.current_title,
       p.current_company,
       p.experience_years,
       p.education_level,
       p.availability,
       CASE WHEN p.id = ANY (ARRAY(SELECT hotgigs.my_candidates()))
              OR p.visibility_settings @> '{"salary_visible": true}'
            THEN p.desired_salary_min
       END AS desired_salary_min,
       CASE WHEN p.id = ANY (ARRAY(SELECT hotgigs.my_candidates()))
              OR p.visibility_settings @> '{"salary_visible": true}'
            THEN p.desired_salary_max
       END AS desired_salary_max,
       CASE WHEN p.id = ANY (ARRAY(SELECT hotgigs.my_candidates()))
              OR p.visibility_settings @> '{"salary_visible": true}'
            THEN p.desired_salary_currency
       END AS desired_salary_currency,
       p.desired_job_types,
       p.desired_locations,
       p.remote_preference,
       p.skills,
       p.languages,
       p.portfolio_url,
       p.resume_url,
       CASE WHEN p.id = ANY (ARRAY(SELECT hotgigs.my_candidates()))
              OR p.id = ANY (ARRAY(SELECT hotgigs.company_applicants()))
              OR p.visibility_settings @> '{"contact_visible": true}'
            THEN u.email
       END AS email,
       CASE WHEN p.id = ANY (ARRAY(SELECT hotgigs.my_candidates()))
              OR p.id = ANY (ARRAY(SELECT hotgigs.company_applicants()))
              OR p.visibility_settings @> '{"contact_visible": true}'
            THEN u.phone
       END AS phone,
       p.created_at,
       p.updated_at
FROM   public.candidate_profiles p
LEFT   JOIN public.users u ON u.id = p.user_id
WHERE  p.id = ANY (ARRAY(SELECT hotgigs.my_candidates()))
OR     p.id = ANY (ARRAY(SELECT hotgigs.company_applicants()))
OR     p.id = ANY (ARRAY(SELECT hotgigs.referred_candidates()))
OR     (p.visibility_settings @> '{"profile_public": true}'
        AND EXISTS (SELECT FROM public.users me
                    WHERE  me.id = (SELECT hotgigs.my_user_id())
                    AND    (me.user_type = 'freelance_recruiter'
                            OR me.user_type = 'company'
                               AND EXISTS (SELECT hotgigs.my_companies('recruiter')))));

COMMENT ON VIEW hotgigs.candidate_cards IS
    'What one sees of a candidate, as far as he allows.';
COMMENT ON COLUMN hotgigs.candidate_cards.id IS
    'The profile''s id; what other tables call candidate_id.';
COMMENT ON COLUMN hotgigs.candidate_cards.user_id IS
    'The user it belongs to; never changes; NULL: belongs to nobody.';
COMMENT ON COLUMN hotgigs.candidate_cards.first_name              IS 'Given name.';
COMMENT ON COLUMN hotgigs.candidate_cards.last_name               IS 'Family name.';
COMMENT ON COLUMN hotgigs.candidate_cards.profile_image_url       IS 'URL of the picture.';
COMMENT ON COLUMN hotgigs.candidate_cards.headline                IS 'One line under the name.';
COMMENT ON COLUMN hotgigs.candidate_cards.summary                 IS 'Free text about oneself.';
COMMENT ON COLUMN hotgigs.candidate_cards.current_title           IS 'Present job title.';
COMMENT ON COLUMN hotgigs.candidate_cards.current_company         IS 'Present employer.';
COMMENT ON COLUMN hotgigs.candidate_cards.experience_years        IS 'Years of work, whole.';
COMMENT ON COLUMN hotgigs.candidate_cards.education_level IS
    'Free text: high_school, bachelor, master, doctorate, ...';
COMMENT ON COLUMN hotgigs.candidate_cards.availability            IS 'How soon he could begin.';
COMMENT ON COLUMN hotgigs.candidate_cards.desired_salary_min IS
    'Lower end, whole units of desired_salary_currency a year; NULL: open, or not shown.';
COMMENT ON COLUMN hotgigs.candidate_cards.desired_salary_max IS
    'Upper end, inclusive; NULL: open, or not shown.';
COMMENT ON COLUMN hotgigs.candidate_cards.desired_salary_currency IS
    'ISO 4217 code; NULL: not shown.';
COMMENT ON COLUMN hotgigs.candidate_cards.desired_job_types       IS 'Values as in jobs.job_type.';
COMMENT ON COLUMN hotgigs.candidate_cards.desired_locations       IS 'Places, free text.';
COMMENT ON COLUMN hotgigs.candidate_cards.remote_preference IS
    'Free text: on_site, remote, hybrid, any.';
COMMENT ON COLUMN hotgigs.candidate_cards.skills IS
    'Array of names or of {name, level, years}.';
COMMENT ON COLUMN hotgigs.candidate_cards.languages IS
    'Array of names or of {name, level}.';
COMMENT ON COLUMN hotgigs.candidate_cards.portfolio_url           IS 'Portfolio page.';
COMMENT ON COLUMN hotgigs.candidate_cards.resume_url IS
    'The résumé to send by default.';
COMMENT ON COLUMN hotgigs.candidate_cards.email                   IS 'Address; NULL: not shown.';
COMMENT ON COLUMN hotgigs.candidate_cards.phone IS
    'Free text; NULL: none, or not shown.';
COMMENT ON COLUMN hotgigs.candidate_cards.created_at              IS 'When the row was made, UTC.';
COMMENT ON COLUMN hotgigs.candidate_cards.updated_at IS
    'Last change, UTC; the row version; kept by a trigger.';

GRANT SELECT ON hotgigs.candidate_cards
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer;
-- Not cover_letter_template, ai_score, visibility_settings. Nothing for hotgigs_anon.

-- The interviews of one's company and those that one holds; feedback and score once completed, so
-- that one interviewer's opinion does not make another's. Who holds the interview sees them always.
CREATE VIEW hotgigs.interview_cards WITH (security_barrier) AS
SELECT i.id,
       i.application_id,
       i.interviewer_id,
       i.interview_type,
       i.scheduled_at,
       i.duration_minutes,
       i.location,
       i.meeting_link,
       i.status,
       i.notes,
       CASE WHEN i.status = 'completed' OR i.interviewer_id = (SELECT hotgigs.my_user_id())
            THEN i.feedback
       END AS feedback,
       CASE WHEN i.status = 'completed' OR i.interviewer_id = (SELECT hotgigs.my_user_id())
            THEN i.score
       END AS score,
       i.ai_analysis,
       i.recording_url,
       i.created_at,
       i.updated_at
FROM   public.interviews i
WHERE  i.interviewer_id = (SELECT hotgigs.my_user_id())
OR     EXISTS (SELECT FROM public.applications a
               WHERE  a.id = i.application_id
               AND    a.job_id = ANY (ARRAY(SELECT hotgigs.company_jobs())));

COMMENT ON VIEW hotgigs.interview_cards IS
    'An interview, with its result once it is completed.';
COMMENT ON COLUMN hotgigs.interview_cards.id               IS 'The interview''s id.';
COMMENT ON COLUMN hotgigs.interview_cards.application_id   IS 'The application; never changes.';
COMMENT ON COLUMN hotgigs.interview_cards.interviewer_id IS
    'The user who holds it; NULL: not yet known, an AI interview, or erased.';
COMMENT ON COLUMN hotgigs.interview_cards.interview_type   IS 'How it is held.';
COMMENT ON COLUMN hotgigs.interview_cards.scheduled_at     IS 'When it begins, UTC.';
COMMENT ON COLUMN hotgigs.interview_cards.duration_minutes IS 'How long it is to take, minutes.';
COMMENT ON COLUMN hotgigs.interview_cards.location         IS 'Where, free text.';
COMMENT ON COLUMN hotgigs.interview_cards.meeting_link     IS 'URL of the call.';
COMMENT ON COLUMN hotgigs.interview_cards.status           IS 'Where it stands.';
COMMENT ON COLUMN hotgigs.interview_cards.notes            IS 'Notes for the interviewers.';
COMMENT ON COLUMN hotgigs.interview_cards.feedback IS
    'The interviewer''s opinion; NULL: none, or not completed.';
COMMENT ON COLUMN hotgigs.interview_cards.score IS
    '1 to 10; NULL: none given, or not completed.';
COMMENT ON COLUMN hotgigs.interview_cards.ai_analysis      IS 'Object made by a model.';
COMMENT ON COLUMN hotgigs.interview_cards.recording_url    IS 'URL of the recording.';
COMMENT ON COLUMN hotgigs.interview_cards.created_at       IS 'When the row was made, UTC.';
COMMENT ON COLUMN hotgigs.interview_cards.updated_at IS
    'Last change, UTC; the row version; kept by a trigger.';

GRANT SELECT ON hotgigs.interview_cards
    TO hotgigs_candidate, hotgigs_company;
-- A candidate sees here only what he holds, not what he is asked in. A freelancer has the table.
-- Nothing for hotgigs_anon.

-- The referrals to the jobs of one's company; commission and notes to its admins.
CREATE VIEW hotgigs.referral_cards WITH (security_barrier) AS
SELECT r.id,
       r.recruiter_id,
       r.candidate_id,
       r.job_id,
       r.referral_status,
       CASE WHEN r.job_id = ANY (ARRAY(SELECT hotgigs.company_jobs('admin')))
            THEN r.commission_amount
       END AS commission_amount,
       CASE WHEN r.job_id = ANY (ARRAY(SELECT hotgigs.company_jobs('admin')))
            THEN r.commission_status
       END AS commission_status,
       CASE WHEN r.job_id = ANY (ARRAY(SELECT hotgigs.company_jobs('admin')))
            THEN r.notes
       END AS notes,
       r.created_at,
       r.updated_at
FROM   public.referrals r
WHERE  r.job_id = ANY (ARRAY(SELECT hotgigs.company_jobs()));

COMMENT ON VIEW hotgigs.referral_cards IS
    'A referral to a company''s job, with its commission for admins.';
COMMENT ON COLUMN hotgigs.referral_cards.id                IS 'The referral''s id.';
COMMENT ON COLUMN hotgigs.referral_cards.recruiter_id IS
    'The freelance recruiter; never changes.';
COMMENT ON COLUMN hotgigs.referral_cards.candidate_id IS
    'The candidate profile; never changes.';
COMMENT ON COLUMN hotgigs.referral_cards.job_id            IS 'The job; never changes.';
COMMENT ON COLUMN hotgigs.referral_cards.referral_status IS
    'Where it stands; decided by the company.';
COMMENT ON COLUMN hotgigs.referral_cards.commission_amount IS
    'In the job''s salary_currency; NULL: not agreed, or no admin asks.';
COMMENT ON COLUMN hotgigs.referral_cards.commission_status IS
    'Where the payment stands; NULL: no admin asks.';
COMMENT ON COLUMN hotgigs.referral_cards.notes IS
    'The freelancer''s remarks; NULL: none, or no admin asks.';
COMMENT ON COLUMN hotgigs.referral_cards.created_at        IS 'When the row was made, UTC.';
COMMENT ON COLUMN hotgigs.referral_cards.updated_at IS
    'Last change, UTC; the row version; kept by a trigger.';

GRANT SELECT ON hotgigs.referral_cards
    TO hotgigs_company;
-- Nothing for the others: the freelancer has the table, the candidate sees no commission.

-- What applicants have to show, to recruiters, with what the fraud check says.
CREATE VIEW hotgigs.document_cards WITH (security_barrier) AS
SELECT d.id,
       d.user_id,
       d.document_type,
       d.file_name,
       d.file_url,
       d.file_size,
       d.mime_type,
       d.is_public,
       d.fraud_check_status,
       d.tags,
       d.created_at,
       d.updated_at
FROM   public.documents d
WHERE  d.user_id = ANY (ARRAY(SELECT hotgigs.company_applicant_users('recruiter')))
AND    d.document_type IN ('resume', 'cover_letter', 'portfolio', 'certificate');

COMMENT ON VIEW hotgigs.document_cards IS
    'A document of an applicant, with its fraud check.';
COMMENT ON COLUMN hotgigs.document_cards.id                 IS 'The document''s id.';
COMMENT ON COLUMN hotgigs.document_cards.user_id IS
    'The user it belongs to; never changes; NULL: belongs to nobody.';
COMMENT ON COLUMN hotgigs.document_cards.document_type      IS 'What it is.';
COMMENT ON COLUMN hotgigs.document_cards.file_name          IS 'Name as uploaded.';
COMMENT ON COLUMN hotgigs.document_cards.file_url           IS 'Where the bytes are.';
COMMENT ON COLUMN hotgigs.document_cards.file_size          IS 'Bytes; NULL: unknown.';
COMMENT ON COLUMN hotgigs.document_cards.mime_type IS
    'Type as uploaded, such as application/pdf.';
COMMENT ON COLUMN hotgigs.document_cards.is_public IS
    'True: also seen by a freelancer who referred the owner with his consent.';
COMMENT ON COLUMN hotgigs.document_cards.fraud_check_status IS
    'Free text: pending, passed, failed, review; set by the service.';
COMMENT ON COLUMN hotgigs.document_cards.tags               IS 'The owner''s own words.';
COMMENT ON COLUMN hotgigs.document_cards.created_at         IS 'When the row was made, UTC.';
COMMENT ON COLUMN hotgigs.document_cards.updated_at IS
    'Last change, UTC; the row version; kept by a trigger.';

GRANT SELECT ON hotgigs.document_cards
    TO hotgigs_company;
-- Not fraud_check_results, ai_extracted_data, ocr_text. Nothing for the others.

-- The verified freelancers, to candidates and companies: whom to let refer, whom to ask.
CREATE VIEW hotgigs.freelance_recruiter_cards WITH (security_barrier) AS
SELECT f.id,
       f.user_id,
       u.first_name,
       u.last_name,
       u.profile_image_url,
       f.specializations,
       f.experience_years,
       f.success_rate,
       f.total_placements,
       f.rating,
       f.created_at
FROM   public.freelance_recruiters f
JOIN   public.users u ON u.id = f.user_id
WHERE  f.is_verified
AND    u.is_active
AND    (SELECT hotgigs.my_user_id()) IS NOT NULL;

COMMENT ON VIEW hotgigs.freelance_recruiter_cards IS
    'What a verified freelance recruiter shows of himself.';
COMMENT ON COLUMN hotgigs.freelance_recruiter_cards.id IS
    'The profile''s id; what referrals call recruiter_id.';
COMMENT ON COLUMN hotgigs.freelance_recruiter_cards.user_id IS
    'The user it belongs to; never changes; NULL: belongs to nobody.';
COMMENT ON COLUMN hotgigs.freelance_recruiter_cards.first_name        IS 'Given name.';
COMMENT ON COLUMN hotgigs.freelance_recruiter_cards.last_name         IS 'Family name.';
COMMENT ON COLUMN hotgigs.freelance_recruiter_cards.profile_image_url IS 'URL of the picture.';
COMMENT ON COLUMN hotgigs.freelance_recruiter_cards.specializations   IS 'Fields, one an element.';
COMMENT ON COLUMN hotgigs.freelance_recruiter_cards.experience_years  IS 'Years of work, whole.';
COMMENT ON COLUMN hotgigs.freelance_recruiter_cards.success_rate IS
    'Percent of referrals that were hired, 0.00 to 100.00; NULL: none yet.';
COMMENT ON COLUMN hotgigs.freelance_recruiter_cards.total_placements IS
    'Referrals that were hired.';
COMMENT ON COLUMN hotgigs.freelance_recruiter_cards.rating IS
    '0.00 to 5.00, average; NULL: not rated.';
COMMENT ON COLUMN hotgigs.freelance_recruiter_cards.created_at IS
    'When the row was made, UTC.';

GRANT SELECT ON hotgigs.freelance_recruiter_cards
    TO hotgigs_candidate, hotgigs_company;
-- Not payment_info, total_earnings, commission_rate. Nothing for hotgigs_anon; a freelancer has his
-- own row of the table.

COMMIT;
