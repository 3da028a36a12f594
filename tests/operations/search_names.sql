-- 98,000 more companies for search_names.c, and who works with u1 and u2, and 6,000 applications to the company of u2: as search_data.sql. Of three words of a name the first is where it
-- stands in the order, and the others stand all over it.
INSERT INTO public.companies (id, name, slug, industry, company_size, is_verified)
SELECT md5('c' || g)::uuid,
       (ARRAY['Acme', 'Blue', 'First', 'Global', 'Royal', 'Smart'])[1 + h.a % 6] || ' '
           || (ARRAY['Steel', 'Foods', 'Bank', 'Media', 'Health'])[1 + h.b % 5] || ' ' || g,
       'company-' || g, (ARRAY['Mining', 'Textiles', 'Farming', 'Printing', 'Shipping'])[1 + g % 5],
       (ARRAY['1-10', '11-50', '51-200', '500+'])[1 + h.c % 4], h.b % 23 = 1
FROM   generate_series(2001, 100000) g
CROSS  JOIN LATERAL (SELECT abs(hashint4(g)) AS a, abs(hashint4(g + 1000000)) AS b, abs(hashint4(g + 2000000)) AS c) h;

INSERT INTO public.company_members (company_id, user_id, role, joined_at)
SELECT md5('c1')::uuid, md5('u' || g)::uuid, 'viewer', now() FROM generate_series(1001, 1020) g;
INSERT INTO public.company_members (company_id, user_id, role, joined_at)
SELECT md5('c2')::uuid, md5('u' || g)::uuid, 'viewer', now() FROM generate_series(1101, 1500) g;
INSERT INTO public.applications (id, job_id, candidate_id)
SELECT md5('a' || g || ' ' || n)::uuid, j.id, md5('p' || g * 20)::uuid
FROM   (SELECT array_agg(id ORDER BY id) AS ids FROM public.jobs
        WHERE  company_id::text = md5('c2')::uuid::text) of_company             -- by no index, for none is kept
CROSS  JOIN generate_series(1, 4000) g
CROSS  JOIN generate_series(1, 1 + g % 2) n
CROSS  JOIN LATERAL (SELECT ids[1 + (g + 7 * n) % cardinality(ids)] AS id) j;

-- Sixty names that are used twenty times each by jobs that came one after the other, sixty by jobs from all over the table, sixty ten
-- times by such jobs, and one that no open public job asks for.
INSERT INTO public.job_skills (id, job_id, skill_name)
SELECT md5('rare' || g)::uuid, md5('j' || g)::uuid, 'Xrare' || g % 60 FROM generate_series(1, 1200) g;
INSERT INTO public.job_skills (id, job_id, skill_name)
SELECT md5('far' || g)::uuid, md5('j' || 1 + g * 7919 % 200000)::uuid, 'Yfar' || g % 60 FROM generate_series(1, 1200) g;
INSERT INTO public.job_skills (id, job_id, skill_name)
SELECT md5('few' || g)::uuid, md5('j' || 1 + g * 5693 % 200000)::uuid, 'Zfew' || g % 60 FROM generate_series(1, 600) g;
INSERT INTO public.job_skills (id, job_id, skill_name)
SELECT md5('secret' || j.id)::uuid, j.id, 'Xsecret'
FROM   (SELECT id FROM public.jobs WHERE employment_status || '' = 'closed' ORDER BY id LIMIT 500) j;
