-- 200,000 jobs for search_plans.c: as search_data.sql, at the same time.
-- h(g, n): a number below n that looks random and is the same each time.
WITH paragraphs AS MATERIALIZED (
    SELECT array_agg(p.text ORDER BY p.i) AS texts
    FROM   (SELECT i, string_agg('word' || substr(md5(i::text || w), 1, 3), ' ') AS text
            FROM generate_series(0, 999) i, generate_series(1, 6) w GROUP BY i) p)
INSERT INTO public.jobs (id, company_id, title, slug, description, job_type, experience_level, location, remote_type,
                         salary_min, salary_max, skills, application_deadline, is_featured, is_public,
                         employment_status, created_at)
SELECT md5('j' || g)::uuid, md5('c' || 1 + h.a % 2000)::uuid,
       (ARRAY['Senior', 'Junior', 'Lead', 'Staff'])[1 + h.b % 4] || ' '
           || CASE WHEN h.a % 100 = 7 THEN 'Rust ' WHEN h.a % 10 = 3 THEN 'Java ' ELSE '' END
           || CASE WHEN h.b % 3 = 0 THEN 'Engineer' WHEN h.b % 20 = 1 THEN 'Nurse' ELSE 'Analyst' END
           || CASE WHEN g % 20000 = 0 THEN ' Xylophone' ELSE '' END || ' ' || h.c % 9000,
       'job-' || g,
       p.texts[1 + h.c % 1000] || CASE WHEN h.c % 50 = 0 THEN ' rust' ELSE '' END
           || CASE WHEN g % 5000 = 0 THEN ' xylophone' ELSE '' END,
       (ARRAY['full_time', 'part_time', 'contract', 'freelance', 'internship'])[1 + h.a % 5],
       (ARRAY['entry', 'mid', 'senior', 'executive'])[1 + h.b % 4],
       (ARRAY['Berlin, Germany', 'Hamburg, Germany', 'London', 'Paris', 'New York', 'Remote', 'Tokyo', 'Oslo', 'Lima',
              'Chicago, IL'])[1 + h.c % 10] || CASE WHEN h.a % 200 = 1 THEN ' Northquarter' ELSE '' END,
       (ARRAY['on_site', 'remote', 'hybrid'])[1 + h.b % 3],
       CASE WHEN h.a % 4 <> 0 THEN 30000 + 1000 * (h.c % 100) END,
       CASE WHEN h.a % 4 <> 0 THEN 50000 + 1000 * (h.c % 100) END,
       CASE WHEN g % 2 = 0 THEN to_jsonb(ARRAY['Skill' || h.a % 300, 'skill' || h.b % 300])
            ELSE jsonb_build_array(jsonb_build_object('name', 'Skill' || h.a % 300, 'level', 'expert')) END,
       CASE WHEN h.b % 3 = 0 THEN TIMESTAMP '2100-01-01' END, h.c % 100 = 1, h.b % 20 <> 0,
       CASE WHEN h.a % 25 = 0 THEN 'closed' ELSE 'open' END,
       TIMESTAMP '2024-01-01' + g / 10 * interval '3 minutes'
FROM   generate_series(1, 200000) g
CROSS  JOIN LATERAL (SELECT abs(hashint4(g)) AS a, abs(hashint4(g + 1000000)) AS b, abs(hashint4(g + 2000000)) AS c) h
CROSS  JOIN paragraphs p;
