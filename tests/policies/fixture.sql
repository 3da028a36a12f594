-- fixture.sql: the people, companies, jobs and papers that the tests of the policies look at.
--
-- Loaded by psql as the installer, who becomes hotgigs_owner. The lines that begin with \set are read by the tests too
-- (names.c): they give every row its name, which is unique over all tables, and its fixed id. The first group of an id is the
-- number of the table's migration file, the last one begins with whose it is: a Acme, b Beta, c a candidate, f a
-- freelancer, 0 nobody.

-- ---- Names --------------------------------------------------------------------------------------------------------------

-- users. Acme has every rank, somebody invited, somebody suspended and an admin whose account is closed; 'both' works for
-- two companies; dan is a candidate whom Beta made a recruiter, and fiona a freelancer whom Beta made a viewer.
\set acme_admin     '00000101-0000-4000-8000-a00000000004'
\set acme_recruiter '00000101-0000-4000-8000-a00000000003'
\set acme_manager   '00000101-0000-4000-8000-a00000000002'
\set acme_viewer    '00000101-0000-4000-8000-a00000000001'
\set acme_pending   '00000101-0000-4000-8000-a00000000005'
\set acme_inactive  '00000101-0000-4000-8000-a00000000006'
\set acme_gone      '00000101-0000-4000-8000-a00000000007'
\set both           '00000101-0000-4000-8000-ab0000000001'
\set beta_admin     '00000101-0000-4000-8000-b00000000004'
\set ada            '00000101-0000-4000-8000-c00000000001'
\set ben            '00000101-0000-4000-8000-c00000000002'
\set cleo           '00000101-0000-4000-8000-c00000000003'
\set dan            '00000101-0000-4000-8000-c00000000004'
\set eve            '00000101-0000-4000-8000-c00000000005'
\set fay            '00000101-0000-4000-8000-c00000000006'
\set gus            '00000101-0000-4000-8000-c00000000007'
\set hal            '00000101-0000-4000-8000-c00000000008'
\set fred           '00000101-0000-4000-8000-f00000000001'
\set fiona          '00000101-0000-4000-8000-f00000000002'
\set finn           '00000101-0000-4000-8000-f00000000003'

\set up_ada         '00000102-0000-4000-8000-c00000000001'
\set up_ben         '00000102-0000-4000-8000-c00000000002'
\set up_cleo        '00000102-0000-4000-8000-c00000000003'
\set up_dan         '00000102-0000-4000-8000-c00000000004'
\set up_hal         '00000102-0000-4000-8000-c00000000008'
\set up_acme_admin  '00000102-0000-4000-8000-a00000000004'
\set up_pending     '00000102-0000-4000-8000-a00000000005'
\set up_gone        '00000102-0000-4000-8000-a00000000007'
\set up_beta_admin  '00000102-0000-4000-8000-b00000000004'
\set up_fred        '00000102-0000-4000-8000-f00000000001'
\set up_nobody      '00000102-0000-4000-8000-000000000001'

\set oa_ada         '00000103-0000-4000-8000-c00000000001'
\set oa_ben         '00000103-0000-4000-8000-c00000000002'
\set oa_hal         '00000103-0000-4000-8000-c00000000008'
\set oa_acme_admin  '00000103-0000-4000-8000-a00000000004'
\set oa_gone        '00000103-0000-4000-8000-a00000000007'
\set oa_fred        '00000103-0000-4000-8000-f00000000001'
\set oa_nobody      '00000103-0000-4000-8000-000000000001'

\set acme           '00000104-0000-4000-8000-a00000000000'
\set beta           '00000104-0000-4000-8000-b00000000000'
\set empty          '00000104-0000-4000-8000-e00000000000'

\set m_admin        '00000105-0000-4000-8000-a00000000004'
\set m_recruiter    '00000105-0000-4000-8000-a00000000003'
\set m_manager      '00000105-0000-4000-8000-a00000000002'
\set m_viewer       '00000105-0000-4000-8000-a00000000001'
\set m_pending      '00000105-0000-4000-8000-a00000000005'
\set m_inactive     '00000105-0000-4000-8000-a00000000006'
\set m_gone         '00000105-0000-4000-8000-a00000000007'
\set m_both_acme    '00000105-0000-4000-8000-ab0000000001'
\set m_both_beta    '00000105-0000-4000-8000-ba0000000001'
\set m_beta_admin   '00000105-0000-4000-8000-b00000000004'
\set m_dan          '00000105-0000-4000-8000-b00000000005'
\set m_fiona        '00000105-0000-4000-8000-b00000000006'

\set acme_open      '00000106-0000-4000-8000-a00000000001'
\set acme_closed    '00000106-0000-4000-8000-a00000000002'
\set acme_draft     '00000106-0000-4000-8000-a00000000003'
\set beta_open      '00000106-0000-4000-8000-b00000000001'
\set beta_filled    '00000106-0000-4000-8000-b00000000002'
\set beta_paused    '00000106-0000-4000-8000-b00000000003'
\set beta_late      '00000106-0000-4000-8000-b00000000004'
\set lost_job       '00000106-0000-4000-8000-000000000001'

\set s_acme_open    '00000107-0000-4000-8000-a00000000001'
\set s_acme_draft   '00000107-0000-4000-8000-a00000000003'
\set s_beta_open    '00000107-0000-4000-8000-b00000000001'
\set s_beta_filled  '00000107-0000-4000-8000-b00000000002'
\set s_beta_paused  '00000107-0000-4000-8000-b00000000003'

\set log_ada        '00000108-0000-4000-8000-c00000000001'
\set log_hal        '00000108-0000-4000-8000-c00000000008'
\set log_acme_admin '00000108-0000-4000-8000-a00000000004'
\set log_fred       '00000108-0000-4000-8000-f00000000001'
\set log_nobody     '00000108-0000-4000-8000-000000000001'

\set p_ada          '00000201-0000-4000-8000-c00000000001'
\set p_ben          '00000201-0000-4000-8000-c00000000002'
\set p_cleo         '00000201-0000-4000-8000-c00000000003'
\set p_dan          '00000201-0000-4000-8000-c00000000004'
\set p_fay          '00000201-0000-4000-8000-c00000000006'
\set p_gus          '00000201-0000-4000-8000-c00000000007'
\set p_hal          '00000201-0000-4000-8000-c00000000008'
\set p_stray        '00000201-0000-4000-8000-a00000000006'

\set x_ada          '00000202-0000-4000-8000-c00000000001'
\set x_cleo         '00000202-0000-4000-8000-c00000000003'
\set x_dan          '00000202-0000-4000-8000-c00000000004'
\set x_fay          '00000202-0000-4000-8000-c00000000006'
\set x_hal          '00000202-0000-4000-8000-c00000000008'

\set e_ada          '00000203-0000-4000-8000-c00000000001'
\set e_ben          '00000203-0000-4000-8000-c00000000002'
\set e_cleo         '00000203-0000-4000-8000-c00000000003'
\set e_fay          '00000203-0000-4000-8000-c00000000006'

\set ada_acme       '00000204-0000-4000-8000-a00000000001'
\set ben_draft      '00000204-0000-4000-8000-a00000000002'
\set ben_closed     '00000204-0000-4000-8000-a00000000003'
\set fay_acme       '00000204-0000-4000-8000-a00000000004'
\set ada_beta       '00000204-0000-4000-8000-b00000000001'
\set gus_filled     '00000204-0000-4000-8000-b00000000002'
\set gus_beta       '00000204-0000-4000-8000-b00000000003'
\set hal_lost       '00000204-0000-4000-8000-000000000001'
\set stray_lost     '00000204-0000-4000-8000-000000000002'

\set t_ada_acme     '00000205-0000-4000-8000-a00000000001'
\set t_ben_draft    '00000205-0000-4000-8000-a00000000002'
\set t_ada_beta     '00000205-0000-4000-8000-b00000000001'
\set t_gus_filled   '00000205-0000-4000-8000-b00000000002'

\set i_ada_acme     '00000206-0000-4000-8000-a00000000001'
\set i_ada_late     '00000206-0000-4000-8000-a10000000001'
\set i_ben_draft    '00000206-0000-4000-8000-a00000000002'
\set i_fay_acme     '00000206-0000-4000-8000-a00000000004'
\set i_ada_beta     '00000206-0000-4000-8000-b00000000001'
\set i_gus_filled   '00000206-0000-4000-8000-b00000000002'

\set d_ada_resume   '00000207-0000-4000-8000-c00000000001'
\set d_ada_contract '00000207-0000-4000-8000-c10000000001'
\set d_ben_letter   '00000207-0000-4000-8000-c00000000002'
\set d_cleo_resume  '00000207-0000-4000-8000-c00000000003'
\set d_dan_resume   '00000207-0000-4000-8000-c00000000004'
\set d_fay_public   '00000207-0000-4000-8000-c00000000006'
\set d_fay_private  '00000207-0000-4000-8000-c10000000006'
\set d_hal_resume   '00000207-0000-4000-8000-c00000000008'
\set d_acme_admin   '00000207-0000-4000-8000-a00000000004'

\set ai_ada_acme    '00000301-0000-4000-8000-a00000000001'
\set ai_ada_beta    '00000301-0000-4000-8000-b00000000001'
\set ai_gus_filled  '00000301-0000-4000-8000-b00000000002'

\set fit_ada_acme   '00000302-0000-4000-8000-a00000000001'
\set fit_cleo_draft '00000302-0000-4000-8000-a00000000003'
\set fit_dan_beta   '00000302-0000-4000-8000-b00000000001'

\set ra_ada         '00000303-0000-4000-8000-c00000000001'
\set ra_dan         '00000303-0000-4000-8000-c00000000004'
\set ra_fay         '00000303-0000-4000-8000-c00000000006'

\set ev_ada         '00000304-0000-4000-8000-c00000000001'
\set ev_acme_admin  '00000304-0000-4000-8000-a00000000004'
\set ev_visitor     '00000304-0000-4000-8000-000000000001'

\set metric_cpu     '00000305-0000-4000-8000-000000000001'

\set f_fred         '00000401-0000-4000-8000-f00000000001'
\set f_fiona        '00000401-0000-4000-8000-f00000000002'
\set f_finn         '00000401-0000-4000-8000-f00000000003'
\set f_stray        '00000401-0000-4000-8000-c00000000001'

\set r_fay_pending  '00000402-0000-4000-8000-f10000000001'
\set r_fay_accepted '00000402-0000-4000-8000-f10000000002'
\set r_hal_rejected '00000402-0000-4000-8000-f10000000003'
\set r_cleo_pending '00000402-0000-4000-8000-f20000000001'
\set r_cleo_hired   '00000402-0000-4000-8000-f20000000002'
\set r_ada_paid     '00000402-0000-4000-8000-f20000000003'
\set r_finn         '00000402-0000-4000-8000-f30000000001'
\set r_stray        '00000402-0000-4000-8000-c00000000001'

\set n_ada          '00000403-0000-4000-8000-c00000000001'
\set n_ada_later    '00000403-0000-4000-8000-c10000000001'
\set n_ada_expired  '00000403-0000-4000-8000-c20000000001'
\set n_ben          '00000403-0000-4000-8000-c00000000002'
\set n_hal          '00000403-0000-4000-8000-c00000000008'
\set n_acme_admin   '00000403-0000-4000-8000-a00000000004'
\set n_fred         '00000403-0000-4000-8000-f00000000001'

\set mail_pending   '00000404-0000-4000-8000-c00000000001'
\set mail_sent      '00000404-0000-4000-8000-c00000000002'
\set mail_delivered '00000404-0000-4000-8000-c00000000003'
\set mail_failed    '00000404-0000-4000-8000-c00000000004'
\set mail_bounced   '00000404-0000-4000-8000-000000000001'

\set task_manager   '00000405-0000-4000-8000-a00000000001'
\set task_fred      '00000405-0000-4000-8000-a00000000002'
\set task_both      '00000405-0000-4000-8000-b00000000001'
\set task_outsider  '00000405-0000-4000-8000-b00000000002'

-- ---- Rows ---------------------------------------------------------------------------------------------------------------

BEGIN;
SET LOCAL ROLE hotgigs_owner;

INSERT INTO users (id, email, password_hash, first_name, last_name, phone, user_type, is_active, is_verified) VALUES
    (:'acme_admin',     'admin@acme.test',     'hash-1',  'Abel',  'Acme',   '+1-101', 'company',             true,  true),
    (:'acme_recruiter', 'recruiter@acme.test', 'hash-2',  'Rita',  'Acme',   '+1-102', 'company',             true,  true),
    (:'acme_manager',   'manager@acme.test',   'hash-3',  'Mona',  'Acme',   '+1-103', 'company',             true,  true),
    (:'acme_viewer',    'viewer@acme.test',    'hash-4',  'Vera',  'Acme',   '+1-104', 'company',             true,  true),
    (:'acme_pending',   'pending@acme.test',   'hash-5',  'Penny', 'Invited','+1-105', 'company',             true,  true),
    (:'acme_inactive',  'inactive@acme.test',  'hash-6',  'Ina',   'Former', '+1-106', 'company',             true,  true),
    (:'acme_gone',      'gone@acme.test',      'hash-7',  'Gerd',  'Closed', '+1-107', 'company',             false, true),
    (:'both',           'both@agency.test',    'hash-8',  'Tom',   'Twice',  '+1-108', 'company',             true,  true),
    (:'beta_admin',     'admin@beta.test',     'hash-9',  'Berta', 'Beta',   '+1-109', 'company',             true,  true),
    (:'ada',            'ada@mail.test',       'hash-10', 'Ada',   'A',      '+1-201', 'candidate',           true,  true),
    (:'ben',            'ben@mail.test',       'hash-11', 'Ben',   'B',      '+1-202', 'candidate',           true,  true),
    (:'cleo',           'cleo@mail.test',      'hash-12', 'Cleo',  'C',      '+1-203', 'candidate',           true,  true),
    (:'dan',            'dan@mail.test',       'hash-13', 'Dan',   'D',      '+1-204', 'candidate',           true,  true),
    (:'eve',            'eve@mail.test',       'hash-14', 'Eve',   'E',      '+1-205', 'candidate',           true,  false),
    (:'fay',            'fay@mail.test',       'hash-15', 'Fay',   'F',      '+1-206', 'candidate',           true,  true),
    (:'gus',            'gus@mail.test',       'hash-16', 'Gus',   'G',      '+1-207', 'candidate',           true,  true),
    (:'hal',            'hal@mail.test',       'hash-17', 'Hal',   'H',      '+1-208', 'candidate',           false, true),
    (:'fred',           'fred@agent.test',     'hash-18', 'Fred',  'Free',   '+1-301', 'freelance_recruiter', true,  true),
    (:'fiona',          'fiona@agent.test',    'hash-19', 'Fiona', 'Free',   '+1-302', 'freelance_recruiter', true,  true),
    (:'finn',           'finn@agent.test',     'hash-20', 'Finn',  'Free',   '+1-303', 'freelance_recruiter', false, true);
UPDATE users SET profile_image_url = 'https://i.test/' || first_name;

INSERT INTO user_profiles (id, user_id, bio, privacy_settings) VALUES
    (:'up_ada',        :'ada',          'of ada',        '{}'),
    (:'up_ben',        :'ben',          'of ben',        '{"profile_visibility": "private"}'),
    (:'up_cleo',       :'cleo',         'of cleo',       '{"profile_visibility": "public"}'),
    (:'up_dan',        :'dan',          'of dan',        '{}'),
    (:'up_hal',        :'hal',          'of hal',        '{}'),
    (:'up_acme_admin', :'acme_admin',   'of acme_admin', '{}'),
    (:'up_pending',    :'acme_pending', 'of penny',      '{}'),
    (:'up_gone',       :'acme_gone',    'of gerd',       '{}'),
    (:'up_beta_admin', :'beta_admin',   'of beta_admin', '{}'),
    (:'up_fred',       :'fred',         'of fred',       '{}'),
    (:'up_nobody',     NULL,            'of nobody',     '{}');

INSERT INTO oauth_accounts (id, user_id, provider, provider_user_id, access_token, refresh_token, scope) VALUES
    (:'oa_ada',        :'ada',        'google',   'g-ada',   'secret-a1', 'secret-a2', 'email'),
    (:'oa_ben',        :'ben',        'google',   'g-ben',   'secret-b1', 'secret-b2', 'email'),
    (:'oa_hal',        :'hal',        'google',   'g-hal',   'secret-h1', 'secret-h2', 'email'),
    (:'oa_acme_admin', :'acme_admin', 'linkedin', 'l-abel',  'secret-c1', 'secret-c2', 'email'),
    (:'oa_gone',       :'acme_gone',  'linkedin', 'l-gerd',  'secret-d1', 'secret-d2', 'email'),
    (:'oa_fred',       :'fred',       'github',   'h-fred',  'secret-f1', 'secret-f2', 'email'),
    (:'oa_nobody',     NULL,          'github',   'h-none',  'secret-n1', 'secret-n2', 'email');

INSERT INTO companies (id, name, slug, subscription_plan, settings) VALUES
    (:'acme',  'Acme',  'acme',  'pro',  '{"currency": "USD"}'),
    (:'beta',  'Beta',  'beta',  'free', '{"currency": "EUR"}'),
    (:'empty', 'Empty', 'empty', 'free', '{"currency": "CHF"}');

INSERT INTO company_members (id, company_id, user_id, role, invited_by, joined_at, is_active) VALUES
    (:'m_admin',      :'acme', :'acme_admin',     'admin',           NULL,          '2025-01-01', true),
    (:'m_recruiter',  :'acme', :'acme_recruiter', 'recruiter',       :'acme_admin', '2025-01-02', true),
    (:'m_manager',    :'acme', :'acme_manager',   'account_manager', :'acme_admin', '2025-01-03', true),
    (:'m_viewer',     :'acme', :'acme_viewer',    'viewer',          :'acme_admin', '2025-01-04', true),
    (:'m_pending',    :'acme', :'acme_pending',   'admin',           :'acme_admin', NULL,         true),
    (:'m_inactive',   :'acme', :'acme_inactive',  'admin',           :'acme_admin', '2025-01-06', false),
    (:'m_gone',       :'acme', :'acme_gone',      'admin',           NULL,          '2025-01-07', true),
    (:'m_both_acme',  :'acme', :'both',           'viewer',          :'acme_admin', '2025-01-08', true),
    (:'m_both_beta',  :'beta', :'both',           'recruiter',       :'beta_admin', '2025-01-09', true),
    (:'m_beta_admin', :'beta', :'beta_admin',     'admin',           NULL,          '2025-01-10', true),
    (:'m_dan',        :'beta', :'dan',            'recruiter',       :'beta_admin', '2025-01-11', true),
    (:'m_fiona',      :'beta', :'fiona',          'viewer',          :'beta_admin', '2025-01-12', true);

INSERT INTO jobs (id, company_id, posted_by, title, slug, description, job_type, employment_status, is_public,
                  ai_generated_content) VALUES
    (:'acme_open',   :'acme', :'acme_recruiter', 'Engineer', 'engineer', 'x', 'full_time',  'open',   true,  '{"hint": 1}'),
    (:'acme_closed', :'acme', :'acme_recruiter', 'Editor',   'editor',   'x', 'part_time',  'closed', true,  '{"hint": 2}'),
    (:'acme_draft',  :'acme', :'acme_admin',     'Officer',  'officer',  'x', 'contract',   'draft',  false, '{"hint": 3}'),
    (:'beta_open',   :'beta', :'beta_admin',     'Pilot',    'pilot',    'x', 'freelance',  'open',   true,  '{"hint": 4}'),
    (:'beta_filled', :'beta', :'both',           'Painter',  'painter',  'x', 'internship', 'filled', false, '{"hint": 5}'),
    (:'beta_paused', :'beta', :'both',           'Porter',   'porter',   'x', 'full_time',  'paused', false, '{"hint": 6}'),
    (:'beta_late',   :'beta', :'beta_admin',     'Poet',     'poet',     'x', 'full_time',  'open',   true,  '{"hint": 8}'),
    (:'lost_job',    NULL,    NULL,              'Ghost',    'ghost',    'x', 'full_time',  'open',   false, '{"hint": 7}');
UPDATE jobs SET application_deadline = '2999-01-01' WHERE id = :'acme_open';
UPDATE jobs SET application_deadline = '2020-01-01' WHERE id = :'beta_late';

INSERT INTO job_skills (id, job_id, skill_name) VALUES
    (:'s_acme_open',   :'acme_open',   'C'),
    (:'s_acme_draft',  :'acme_draft',  'law'),
    (:'s_beta_open',   :'beta_open',   'flying'),
    (:'s_beta_filled', :'beta_filled', 'colour'),
    (:'s_beta_paused', :'beta_paused', 'lifting');

INSERT INTO audit_logs (id, user_id, action, resource_type, resource_id, new_values, ip_address) VALUES
    (:'log_ada',        :'ada',        'UPDATE',     'users', :'ada',       '{"a": 1}', '192.0.2.1'),
    (:'log_hal',        :'hal',        'UPDATE',     'users', :'hal',       '{"a": 2}', '192.0.2.2'),
    (:'log_acme_admin', :'acme_admin', 'job.delete', 'jobs',  :'acme_open', '{"a": 3}', '192.0.2.3'),
    (:'log_fred',       :'fred',       'UPDATE',     'users', :'fred',      '{"a": 4}', '192.0.2.4'),
    (:'log_nobody',     NULL,          'purge',      'users', NULL,         '{"a": 5}', NULL);

-- cleo is open to all; gus says so in the wrong JSON type, which opens nothing, and lets fred refer him, who has not;
-- fay lets fred refer her, who has; hal was referred and let nobody; dan hides.
--
-- Strays: rows of people who are of another type by now, or whose account is closed, and that must open nothing to them:
-- a candidate profile with an application of acme_inactive, a freelancer's with a referral of ada, an application of hal, a
-- referral of finn. They hang on the lost job, which no company has.
INSERT INTO candidate_profiles (id, user_id, headline, desired_salary_min, ai_score, visibility_settings) VALUES
    (:'p_ada',  :'ada',  'ada',  101, '{"s": 1}', '{}'),
    (:'p_ben',  :'ben',  'ben',  102, '{"s": 2}', '{"profile_public": false, "referrers": ["00000401-0000-4000-8000-f00000000003"]}'),
    (:'p_cleo', :'cleo', 'cleo', 103, '{"s": 3}', '{"profile_public": true, "salary_visible": true, "contact_visible": true}'),
    (:'p_dan',  :'dan',  'dan',  104, '{"s": 4}', '{"profile_public": false, "salary_visible": true, "contact_visible": true,
                                          "referrers": ["00000401-0000-4000-8000-c00000000001"]}'),
    (:'p_fay',  :'fay',  'fay',  106, '{"s": 6}', '{"referrers": ["00000401-0000-4000-8000-f00000000001"]}'),
    (:'p_gus',  :'gus',  'gus',  107, '{"s": 7}', '{"profile_public": "true", "referrers": ["00000401-0000-4000-8000-f00000000001"]}'),
    (:'p_hal',  :'hal',  'hal',  108, '{"s": 8}', '{"referrers": []}'),
    (:'p_stray', :'acme_inactive', 'stray', 109, '{"s": 9}', '{}');
UPDATE candidate_profiles SET desired_salary_max = desired_salary_min + 1000;

INSERT INTO candidate_experiences (id, candidate_id, company_name, job_title, start_date) VALUES
    (:'x_ada',  :'p_ada',  'Old', 'Coder',  '2020-01-01'),
    (:'x_cleo', :'p_cleo', 'Old', 'Cook',   '2020-01-01'),
    (:'x_dan',  :'p_dan',  'Old', 'Dancer', '2020-01-01'),
    (:'x_fay',  :'p_fay',  'Old', 'Farmer', '2020-01-01'),
    (:'x_hal',  :'p_hal',  'Old', 'Host',   '2020-01-01');

INSERT INTO candidate_education (id, candidate_id, institution_name) VALUES
    (:'e_ada',  :'p_ada',  'School of A'),
    (:'e_ben',  :'p_ben',  'School of B'),
    (:'e_cleo', :'p_cleo', 'School of C'),
    (:'e_fay',  :'p_fay',  'School of F');

INSERT INTO applications (id, job_id, candidate_id, status, referrer_id, ai_match_score, recruiter_notes) VALUES
    (:'ada_acme',   :'acme_open',   :'p_ada', 'applied',      NULL,    91, 'note 1'),
    (:'ben_draft',  :'acme_draft',  :'p_ben', 'hired',        NULL,    92, 'note 2'),
    (:'ben_closed', :'acme_closed', :'p_ben', 'rejected',     NULL,    93, 'note 3'),
    (:'fay_acme',   :'acme_open',   :'p_fay', 'screening',    :'fred', 94, 'note 4'),
    (:'ada_beta',   :'beta_open',   :'p_ada', 'interviewing', NULL,    95, 'note 5'),
    (:'gus_filled', :'beta_filled', :'p_gus', 'offer',        NULL,    96, 'note 6'),
    (:'gus_beta',   :'beta_open',   :'p_gus', 'withdrawn',    NULL,    97, 'note 7'),
    (:'hal_lost',   :'lost_job',    :'p_hal', 'applied',      NULL,    98, 'note 8'),
    (:'stray_lost', :'lost_job',    :'p_stray', 'applied',    NULL,    99, 'note 9');
UPDATE applications SET rejection_reason = 'reason';

INSERT INTO application_timeline (id, application_id, status, notes, changed_by) VALUES
    (:'t_ada_acme',   :'ada_acme',   'applied',      'seen',  :'acme_recruiter'),
    (:'t_ben_draft',  :'ben_draft',  'hired',        'glad',  :'acme_admin'),
    (:'t_ada_beta',   :'ada_beta',   'interviewing', 'soon',  :'both'),
    (:'t_gus_filled', :'gus_filled', 'offer',        'quick', :'beta_admin');

-- Held by a colleague, by somebody of another company, by nobody, by a freelancer, by a user of type candidate. The time of
-- i_ada_late is over and nobody has said how it ended.
INSERT INTO interviews (id, application_id, interviewer_id, interview_type, scheduled_at, status, feedback, score) VALUES
    (:'i_ada_acme',   :'ada_acme',   :'acme_recruiter', 'phone',        '2999-01-01', 'scheduled', 'fine',  7),
    (:'i_ada_late',   :'ada_acme',   :'acme_recruiter', 'phone',        '2026-01-01', 'scheduled', 'slow',  5),
    (:'i_ben_draft',  :'ben_draft',  :'beta_admin',     'video',        '2026-01-02', 'completed', 'good',  8),
    (:'i_fay_acme',   :'fay_acme',   NULL,              'ai_interview', '2026-01-03', 'no_show',   'gone',  1),
    (:'i_ada_beta',   :'ada_beta',   :'fred',           'in_person',    '2026-01-04', 'completed', 'great', 9),
    (:'i_gus_filled', :'gus_filled', :'dan',            'phone',        '2999-01-05', 'cancelled', 'none',  2);

INSERT INTO documents (id, user_id, document_type, file_name, file_url, is_public, fraud_check_status, ocr_text) VALUES
    (:'d_ada_resume',   :'ada',        'resume',       'a.pdf', 'https://f.test/a', false, 'passed',  'text a'),
    (:'d_ada_contract', :'ada',        'contract',     'k.pdf', 'https://f.test/k', false, 'pending', 'text k'),
    (:'d_ben_letter',   :'ben',        'cover_letter', 'b.pdf', 'https://f.test/b', false, 'passed',  'text b'),
    (:'d_cleo_resume',  :'cleo',       'certificate',  'c.pdf', 'https://f.test/c', true,  'passed',  'text c'),
    (:'d_dan_resume',   :'dan',        'resume',       'd.pdf', 'https://f.test/d', false, 'failed',  'text d'),
    (:'d_fay_public',   :'fay',        'portfolio',    'f.pdf', 'https://f.test/f', true,  'passed',  'text f'),
    (:'d_fay_private',  :'fay',        'resume',       'g.pdf', 'https://f.test/g', false, 'review',  'text g'),
    (:'d_hal_resume',   :'hal',        'resume',       'h.pdf', 'https://f.test/h', true,  'passed',  'text h'),
    (:'d_acme_admin',   :'acme_admin', 'other',        'o.pdf', 'https://f.test/o', true,  'passed',  'text o');

INSERT INTO ai_interview_sessions (id, application_id, session_type, questions, responses, overall_score) VALUES
    (:'ai_ada_acme',   :'ada_acme',   'technical',    '[]', '[]', 71),
    (:'ai_ada_beta',   :'ada_beta',   'behavioral',   '[]', '[]', 72),
    (:'ai_gus_filled', :'gus_filled', 'cultural_fit', '[]', '[]', 73);

INSERT INTO ai_job_matches (id, candidate_id, job_id, match_score) VALUES
    (:'fit_ada_acme',   :'p_ada',  :'acme_open',  81),
    (:'fit_cleo_draft', :'p_cleo', :'acme_draft', 82),
    (:'fit_dan_beta',   :'p_dan',  :'beta_open',  83);

INSERT INTO ai_resume_analysis (id, candidate_id, document_id, overall_score) VALUES
    (:'ra_ada', :'p_ada', :'d_ada_resume',  61),
    (:'ra_dan', :'p_dan', NULL,             62),
    (:'ra_fay', :'p_fay', :'d_fay_private', 63);

INSERT INTO analytics_events (id, user_id, event_type, ip_address) VALUES
    (:'ev_ada',        :'ada',        'job_view', '192.0.2.1'),
    (:'ev_acme_admin', :'acme_admin', 'search',   '192.0.2.3'),
    (:'ev_visitor',    NULL,          'job_view', '192.0.2.9');

INSERT INTO system_metrics (id, metric_name, metric_value) VALUES (:'metric_cpu', 'cpu', 0.5);

INSERT INTO freelance_recruiters (id, user_id, payment_info, is_verified, total_earnings) VALUES
    (:'f_fred',  :'fred',  '{"iban": "X1"}', true,  100),
    (:'f_fiona', :'fiona', '{"iban": "X2"}', false, 200),
    (:'f_finn',  :'finn',  '{"iban": "X3"}', true,  300),
    (:'f_stray', :'ada',   '{"iban": "X4"}', false, 400);

INSERT INTO referrals (id, recruiter_id, candidate_id, job_id, referral_status, commission_amount, commission_status) VALUES
    (:'r_fay_pending',  :'f_fred',  :'p_fay',  :'acme_open',   'pending',  NULL, 'pending'),
    (:'r_fay_accepted', :'f_fred',  :'p_fay',  :'acme_draft',  'accepted', NULL, 'pending'),
    (:'r_hal_rejected', :'f_fred',  :'p_hal',  :'beta_paused', 'rejected', NULL, 'pending'),
    (:'r_cleo_pending', :'f_fiona', :'p_cleo', :'acme_open',   'pending',  NULL, 'pending'),
    (:'r_cleo_hired',   :'f_fiona', :'p_cleo', :'beta_open',   'hired',    1000, 'approved'),
    (:'r_ada_paid',     :'f_fiona', :'p_ada',  :'beta_open',   'hired',    2000, 'paid'),
    (:'r_finn',         :'f_finn',  :'p_ben',  :'lost_job',    'pending',  NULL, 'pending'),
    (:'r_stray',        :'f_stray', :'p_dan',  :'lost_job',    'pending',  NULL, 'pending');
UPDATE referrals SET notes = 'note';

INSERT INTO notifications (id, user_id, notification_type, title, message, priority, expires_at) VALUES
    (:'n_ada',         :'ada',        'x', 't', 'm', 'low',    NULL),
    (:'n_ada_later',   :'ada',        'x', 't', 'm', 'high',   '2999-01-01'),
    (:'n_ada_expired', :'ada',        'x', 't', 'm', 'urgent', '2020-01-01'),
    (:'n_ben',         :'ben',        'x', 't', 'm', 'normal', NULL),
    (:'n_hal',         :'hal',        'x', 't', 'm', 'normal', NULL),
    (:'n_acme_admin',  :'acme_admin', 'x', 't', 'm', 'normal', NULL),
    (:'n_fred',        :'fred',       'x', 't', 'm', 'normal', NULL);

INSERT INTO email_logs (id, user_id, email_type, recipient_email, status) VALUES
    (:'mail_pending',   :'ada',  'x', 'ada@mail.test',  'pending'),
    (:'mail_sent',      :'ben',  'x', 'ben@mail.test',  'sent'),
    (:'mail_delivered', :'cleo', 'x', 'cleo@mail.test', 'delivered'),
    (:'mail_failed',    :'dan',  'x', 'dan@mail.test',  'failed'),
    (:'mail_bounced',   NULL,    'x', 'who@mail.test',  'bounced');

-- task_outsider is Beta's, and assigned to somebody who works for Acme.
INSERT INTO tasks (id, company_id, assigned_to, assigned_by, related_application_id, title, task_type, priority, status) VALUES
    (:'task_manager',  :'acme', :'acme_manager', :'acme_admin', :'ada_acme', 'call',  'follow_up', 'low',    'pending'),
    (:'task_fred',     :'acme', :'fred',         :'acme_admin', NULL,        'find',  'other',     'normal', 'in_progress'),
    (:'task_both',     :'beta', :'both',         :'beta_admin', :'ada_beta', 'read',  'review',    'high',   'completed'),
    (:'task_outsider', :'beta', :'acme_manager', :'beta_admin', NULL,        'check', 'document_check', 'urgent', 'cancelled');

-- The trail has written down all of this. The matrix lists the five entries above.
ALTER TABLE audit_logs DISABLE TRIGGER USER;
DELETE FROM audit_logs WHERE new_values ? '_meta';
ALTER TABLE audit_logs ENABLE TRIGGER USER;
DELETE FROM hotgigs.audit_unsealed;

COMMIT;
