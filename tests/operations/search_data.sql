-- 400,000 job_skills, 100,000 candidates and the companies for search_plans.c: run by a superuser with
-- session_replication_role = replica, as hotgigs_owner, while no index is kept. Beside it: search_jobs.sql.
INSERT INTO public.users (id, email, user_type, first_name, last_name)
SELECT md5('u' || g)::uuid, 'u' || g || '@big.test', CASE WHEN g <= 2000 THEN 'company' ELSE 'candidate' END,
       'First' || g % 500, 'Last' || g % 3000
FROM   generate_series(1, 102000) g;
INSERT INTO public.companies (id, name, slug, industry)
SELECT md5('c' || g)::uuid, 'Company ' || g, 'company-' || g,
       (ARRAY['Technology', 'Healthcare', 'Finance', 'Retail', 'Energy'])[1 + g % 5]
FROM   generate_series(1, 2000) g;
INSERT INTO public.company_members (company_id, user_id, role, joined_at)
SELECT md5('c' || g)::uuid, md5('u' || g)::uuid, 'admin', now() FROM generate_series(1, 2000) g;

INSERT INTO public.job_skills (id, job_id, skill_name)
SELECT md5('s' || g || ' ' || n)::uuid, md5('j' || g)::uuid,
       chr(97 + abs(hashint4(g * 3 + n)) % 20) || 'ool' || (abs(hashint4(g * 3 + n)) % 400)
FROM   generate_series(1, 200000) g, generate_series(1, 2) n;

INSERT INTO public.candidate_profiles (id, user_id, headline, summary, current_title, experience_years, education_level,
                                       availability, desired_salary_min, desired_salary_max, desired_job_types,
                                       desired_locations, skills, visibility_settings, created_at)
SELECT md5('p' || g)::uuid, md5('u' || g + 2000)::uuid,
       CASE WHEN h.a % 100 = 7 THEN 'Rust ' ELSE '' END || (ARRAY['Engineer', 'Nurse', 'Analyst'])[1 + h.b % 3],
       'I like word' || substr(md5((h.c % 1000)::text), 1, 3) || CASE WHEN h.c % 50 = 0 THEN ' and rust' ELSE '' END,
       (ARRAY['Senior', 'Junior', 'Lead', 'Staff'])[1 + h.b % 4] || ' worker', h.a % 30,
       (ARRAY['bachelor', 'master', 'doctorate'])[1 + h.b % 3],
       (ARRAY['immediately', 'within_2_weeks', 'within_month', 'not_looking'])[1 + h.a % 4],
       30000 + 1000 * (h.c % 100), 50000 + 1000 * (h.c % 100), ARRAY['full_time'],
       ARRAY[(ARRAY['Berlin', 'Hamburg', 'London', 'Paris', 'Oslo'])[1 + h.c % 5]],
       to_jsonb(ARRAY['Skill' || h.a % 300, 'skill' || h.b % 300]),
       CASE WHEN h.b % 10 < 7 THEN '{"profile_public": true, "salary_visible": true}' ELSE '{}' END::jsonb,
       TIMESTAMP '2024-01-01' + g * interval '1 minute'
FROM   generate_series(1, 100000) g
CROSS  JOIN LATERAL (SELECT abs(hashint4(g)) AS a, abs(hashint4(g + 1000000)) AS b, abs(hashint4(g + 2000000)) AS c) h;
