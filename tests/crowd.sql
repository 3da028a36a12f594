-- crowd.sql - a platform at work, for the suites that look at plans: 200,000 jobs with a million applications, and the other
-- tables in proportion; or a quarter of it, see below. tests/crowd runs it by a superuser with session_replication_role = replica,
-- in a copy of the database that holds the policies' fixture already and has lost its secondary indexes, which are built behind it.
--
-- Whose is what can be computed: row n of a kind has the id pg_temp.id(kind, n), the same in every run. That is the whole platform,
-- of make plans. A run of the tests takes the jobs of the first :companies companies alone, 5,000, with all that hangs on them.
--
--   users       1 to 20000 admin of company n, 20001 to 120000 candidate n - 20000, 120001 to 130000 freelancer n - 120000,
--               130001 to 150000 recruiter of company n - 130000
--   companies   20,000; company c has the jobs c + 20000 k, k from 0 to 9, and 50 applications
--   jobs        200,000, six of each company open; job j has the applications j - 1 + 200000 k, k from 0 to 4
--   candidates  100,000 with ten applications each
--
-- Nothing depends on the hour: what is over was before 2026, what is to come is from 2099 on.

CREATE FUNCTION pg_temp.id(kind text, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE
    RETURN ('00000000-0000-4000-' || kind || '-' || lpad(n::text, 12, '0'))::uuid;

INSERT INTO users (id, email, password_hash, user_type, first_name, last_name, phone, is_verified,
                   created_at, updated_at)
SELECT pg_temp.id('8000', n), 'crowd' || n || '@example.org', 'h',
       CASE WHEN n <= 20000 OR n > 130000 THEN 'company' WHEN n <= 120000 THEN 'candidate' ELSE 'freelance_recruiter' END,
       'First' || n % 5000, 'Last' || substr(md5(n::text), 1, 6), '+41 44 ' || n, n % 100 > 0, t, t
FROM   generate_series(1, 150000) n, LATERAL (SELECT timestamp '2024-01-01' + n * interval '5 minutes' AS t) made;

INSERT INTO user_profiles (id, user_id)
SELECT pg_temp.id('8100', n), pg_temp.id('8000', n) FROM generate_series(1, 150000) n;

INSERT INTO oauth_accounts (id, user_id, provider, provider_user_id)
SELECT pg_temp.id('8200', n), pg_temp.id('8000', n), 'google', n FROM generate_series(1, 100000) n;

INSERT INTO companies (id, name, slug, industry, company_size)
SELECT pg_temp.id('9000', n), 'Crowd ' || n || ' ' || md5(n::text), 'crowd-' || n, 'industry' || n % 50,
       (ARRAY['1-10', '11-50', '51-200'])[1 + n % 3]
FROM   generate_series(1, 20000) n;

INSERT INTO company_members (id, company_id, user_id, role, joined_at)
SELECT pg_temp.id('9100', n), pg_temp.id('9000', n), pg_temp.id('8000', n), 'admin', timestamp '2024-01-01'
FROM   generate_series(1, 20000) n
UNION ALL
SELECT pg_temp.id('9100', 130000 + n), pg_temp.id('9000', n), pg_temp.id('8000', 130000 + n), 'recruiter',
       timestamp '2024-01-01'
FROM   generate_series(1, 20000) n
UNION ALL                              -- recruiter n is invited by the next company
SELECT pg_temp.id('9100', 150000 + n), pg_temp.id('9000', n + 1), pg_temp.id('8000', 130000 + n), 'viewer', NULL
FROM   generate_series(1, 19999) n;

INSERT INTO jobs (id, company_id, posted_by, title, slug, description, job_type, experience_level, location, remote_type,
                  salary_min, salary_max, skills, employment_status, application_deadline, is_public, application_count,
                  created_at, updated_at)
SELECT pg_temp.id('a000', n), pg_temp.id('9000', company), pg_temp.id('8000', CASE WHEN n <= 100000 THEN company
       ELSE 130000 + company END), (ARRAY['Baker', 'Nurse', 'Engineer', 'Analyst'])[1 + n % 4] || ' ' || n % 5000,
       'job-' || n, 'Bread of shift ' || n % 100,
       (ARRAY['full_time', 'part_time', 'contract'])[1 + n % 3], (ARRAY['entry', 'mid', 'senior'])[1 + n / 3 % 3],
       (ARRAY['Berlin', 'London', 'Paris', 'Lima', 'Oslo'])[1 + n / 7 % 5], (ARRAY['on_site', 'remote'])[1 + n % 2],
       30000 + n % 100 * 1000, 50000 + n % 100 * 1000, jsonb_build_array('skill' || n % 300),
       CASE WHEN (n + (n - 1) / 20000) % 5 IN (1, 2, 3) THEN 'open' ELSE 'closed' END,
       CASE WHEN n % 10 = 1 THEN timestamp '2099-01-01' + n * interval '1 minute' END, n % 10 <> 9, 5, t, t
FROM   generate_series(1, 200000) n,
       LATERAL (SELECT 1 + (n - 1) % 20000 AS company, timestamp '2024-01-01' + n * interval '5 minutes' AS t) made
WHERE  company <= :companies;

INSERT INTO job_skills (id, job_id, skill_name)
SELECT pg_temp.id('a100', n), pg_temp.id('a000', 1 + n % 200000), 'skill' || abs(hashint4(n)) % 300
FROM   generate_series(1, 400000) n
WHERE  n % 20000 < :companies;

INSERT INTO candidate_profiles (id, user_id, headline, summary, current_title, experience_years, availability,
                                desired_salary_min, desired_salary_max, desired_job_types, desired_locations, skills,
                                visibility_settings, created_at, updated_at)
SELECT pg_temp.id('b000', n), pg_temp.id('8000', 20000 + n), (ARRAY['Baker', 'Nurse',
       'Engineer'])[1 + n % 3] || ' ' || n % 5000,
       'I bake', 'Baker', n % 30, (ARRAY['immediately', 'within_month', 'not_looking'])[1 + n % 3], 40000, 60000,
       ARRAY['full_time'], ARRAY['Berlin'], jsonb_build_array('skill' || n % 300),
       CASE WHEN n % 10 < 7 THEN '{"profile_public": true}' ELSE '{}' END::jsonb, t, t
FROM   generate_series(1, 100000) n, LATERAL (SELECT timestamp '2024-01-01' + n * interval '5 minutes' AS t) made;

INSERT INTO candidate_experiences (id, candidate_id, company_name, job_title, start_date, end_date)
SELECT pg_temp.id('b100', n), pg_temp.id('b000', 1 + n % 100000), 'Bakery ' || n % 1000, 'Baker',
       date '2000-01-01' + n % 5000,
       date '2015-01-01' + n % 3000
FROM   generate_series(1, 200000) n;

INSERT INTO candidate_education (id, candidate_id, institution_name)
SELECT pg_temp.id('b200', n), pg_temp.id('b000', n), 'School ' || n % 1000 FROM generate_series(1, 100000) n;

INSERT INTO documents (id, user_id, document_type, file_name, file_url, fraud_check_status, created_at, updated_at)
SELECT pg_temp.id('b300', n), pg_temp.id('8000', 20000 + n), 'resume', 'f' || n, 'u' || n,
       CASE WHEN n % 100 = 0 THEN 'pending' ELSE 'passed' END, t, t
FROM   generate_series(1, 100000) n, LATERAL (SELECT timestamp '2024-01-01' + n * interval '5 minutes' AS t) made;

INSERT INTO ai_resume_analysis (id, candidate_id, document_id, created_at)
SELECT pg_temp.id('b400', n), pg_temp.id('b000', n), pg_temp.id('b300', n),
       timestamp '2024-01-01' + n * interval '5 minutes'
FROM   generate_series(1, 100000) n;

-- The five candidates of a job are 13 apart, the jobs of a candidate far apart.
INSERT INTO applications (id, job_id, candidate_id, status, application_source, referrer_id, ai_match_score, applied_at,
                          last_updated_at, created_at)
SELECT pg_temp.id('c000', n), pg_temp.id('a000', 1 + n % 200000),
       pg_temp.id('b000', 1 + (n % 200000 * 7 + n / 200000 * 13) % 100000),
       (ARRAY['applied', 'screening', 'interviewing', 'offer', 'hired', 'rejected', 'withdrawn'])[1 + n % 7],
       (ARRAY['website', 'referral', 'board'])[1 + n % 3],
       CASE WHEN n % 20 = 0 THEN pg_temp.id('8000', 120001 + n / 20 % 10000) END, n % 100, t, t, t
FROM   generate_series(0, 999999) n, LATERAL (SELECT timestamp '2024-01-01' + n * interval '1 minute' AS t) made
WHERE  n % 20000 < :companies;

INSERT INTO application_timeline (id, application_id, status, metadata, created_at)
SELECT pg_temp.id('c100', n), pg_temp.id('c000', n), 'applied', '{"to": "applied"}',
       timestamp '2024-01-01' + n * interval '1 minute'
FROM   generate_series(0, 999999) n
WHERE  n % 20000 < :companies;
INSERT INTO application_timeline (id, application_id, status, changed_by, metadata, created_at)
SELECT pg_temp.id('c200', n), pg_temp.id('c000', n), s.status, pg_temp.id('8000', 1 + n % 20000),
       jsonb_build_object('from', 'applied', 'to', s.status), timestamp '2024-01-08' + n * interval '1 minute'
FROM   generate_series(0, 999999) n, LATERAL (SELECT (ARRAY['screening', 'interviewing', 'offer', 'hired', 'rejected',
       'withdrawn'])[n % 7] AS status) s
WHERE  n % 7 > 0 AND n % 2 = 0 AND n % 20000 < :companies;

-- Three in four are over. The company's admin holds them.
INSERT INTO interviews (id, application_id, interviewer_id, interview_type, scheduled_at, status, score)
SELECT pg_temp.id('c300', n), pg_temp.id('c000', application), pg_temp.id('8000', 1 + application % 20000), 'video',
       CASE WHEN n % 4 = 3 THEN timestamp '2099-01-01' ELSE timestamp '2024-01-01' END + n * interval '1 hour',
       CASE WHEN n % 4 = 3 THEN 'scheduled' ELSE 'completed' END, CASE WHEN n % 4 < 3 THEN 1 + n % 10 END
FROM   generate_series(0, 199999) n, LATERAL (SELECT n * 5 + n / 4000 % 5 AS application) held
WHERE  application % 20000 < :companies;

INSERT INTO ai_interview_sessions (id, application_id, session_type, questions, responses)
SELECT pg_temp.id('c400', n), pg_temp.id('c000', n * 10 + n / 2000 % 10), 'technical', '[1]', '[]'
FROM   generate_series(0, 99999) n
WHERE  (n * 10 + n / 2000 % 10) % 20000 < :companies;

INSERT INTO ai_job_matches (id, candidate_id, job_id, match_score, is_recommended)
SELECT pg_temp.id('c500', n), pg_temp.id('b000', 1 + (n * 3 + n / 200000) % 100000), pg_temp.id('a000',
       1 + n % 200000), n % 100, n % 2 = 0
FROM   generate_series(0, 399999) n
WHERE  n % 20000 < :companies;

INSERT INTO freelance_recruiters (id, user_id, is_verified, payment_info)
SELECT pg_temp.id('d000', n), pg_temp.id('8000', 120000 + n), true, '{"iban": "CH"}' FROM generate_series(1, 10000) n;

INSERT INTO referrals (id, recruiter_id, candidate_id, job_id, referral_status, commission_status,
       commission_amount, created_at,
                       updated_at)
SELECT pg_temp.id('d100', n), pg_temp.id('d000', 1 + n % 10000), pg_temp.id('b000', 1 + n * 11 % 100000),
       pg_temp.id('a000', 1 + n), (ARRAY['pending', 'accepted', 'rejected', 'hired'])[1 + n / 20000 % 4],
       CASE WHEN n / 20000 % 4 = 3 AND n % 2 = 1 THEN 'approved' ELSE 'pending' END, 100, t, t
FROM   generate_series(0, 99999) n, LATERAL (SELECT timestamp '2024-01-01' + n * interval '5 minutes' AS t) made
WHERE  n % 20000 < :companies;

INSERT INTO notifications (id, user_id, notification_type, title, message, is_read, expires_at, created_at)
SELECT pg_temp.id('e000', n), pg_temp.id('8000', 1 + n % 150000), 'n' || n % 5, 't', 'm', n % 2 = 0,
       CASE WHEN n % 10 = 0 THEN timestamp '2099-01-01' + n * interval '1 minute' END,
       timestamp '2024-01-01' + n * interval '1 minute'
FROM   generate_series(1, 300000) n;

INSERT INTO email_logs (id, user_id, email_type, recipient_email, status, provider_message_id, sent_at, created_at)
SELECT pg_temp.id('e100', n), pg_temp.id('8000', 1 + n % 150000), 'type' || n % 5,
       'crowd' || 1 + n % 150000 || '@example.org',
       CASE WHEN n % 100 = 0 THEN 'pending' ELSE (ARRAY['sent', 'delivered'])[1 + n % 2] END, 'm' || n,
       CASE WHEN n % 100 > 0 THEN t END, t
FROM   generate_series(1, 300000) n, LATERAL (SELECT timestamp '2024-01-01' + n * interval '1 minute' AS t) made;

INSERT INTO tasks (id, company_id, title, assigned_to, assigned_by, related_application_id, status, due_date)
SELECT pg_temp.id('e200', n), pg_temp.id('9000', 1 + n % 20000), 't', pg_temp.id('8000', 130001 + n % 20000),
       pg_temp.id('8000', 1 + n % 20000), pg_temp.id('c000', n),
       (ARRAY['pending', 'in_progress', 'completed', 'cancelled'])[1 + n / 20000 % 4],
       timestamp '2025-01-01' + n * interval '1 hour'
FROM   generate_series(0, 199999) n
WHERE  n % 20000 < :companies;

INSERT INTO analytics_events (id, user_id, event_type, event_data, session_id, created_at)
SELECT pg_temp.id('e300', n), pg_temp.id('8000', 1 + n % 150000), CASE WHEN n % 10 = 0 THEN 'search' ELSE 'job_view' END,
       jsonb_build_object('job_id', pg_temp.id('a000', 1 + n % 200000)), 's' || n / 10,
       timestamp '2024-01-01' + n * interval '1 minute'
FROM   generate_series(1, 300000) n;

INSERT INTO system_metrics (id, metric_name, metric_value, recorded_at)
SELECT pg_temp.id('e400', n), 'metric' || n % 100, n, timestamp '2024-01-01' + n * interval '1 minute'
FROM   generate_series(1, 200000) n;

INSERT INTO audit_logs (id, user_id, action, resource_type, resource_id, new_values, created_at)
SELECT pg_temp.id('e500', n), pg_temp.id('8000', 1 + n % 150000), (ARRAY['job.update', 'application.update'])[1 + n % 2],
       (ARRAY['jobs', 'applications'])[1 + n % 2], pg_temp.id((ARRAY['a000', 'c000'])[1 + n % 2], 1 + n / 2 % 200000),
       jsonb_build_object('title', 'T' || n, '_meta', jsonb_build_object('op', 'update')),
       timestamp '2024-01-01' + n * interval '1 minute'
FROM   generate_series(1, 300000) n;
