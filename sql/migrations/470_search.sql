-- The searches over jobs and candidates: their words, their indexes, their functions.
--
-- Needs:  jobs (106), job_skills (107), candidate_profiles (201), applications (204), the helpers
--         (004), companies (104), users (101).
--
-- Under a policy neither full text nor arrays nor LIKE may use an index (their operators are not
-- leakproof), so the searches are definer functions that say the access rule themselves: open
-- public jobs before their deadline; candidates who opted in.
--
-- How a page costs a few hundred buffers whatever the words match. Neither plan alone does: words
-- that one row in a hundred has are 2,000 heap pages by the GIN index, and as many by walking the
-- newest rows. So page_of() asks for windows of the order one after the other, 500 rows, 6,000,
-- the rest; in each the planner may AND the GIN index with the window, and reads the heap
-- for rows that are in both. The page is full after the first window for common words, and for rare
-- ones the last window has few rows left to read. Three filters and more are rare together: they
-- begin with the second. What the newest order's index has in it (deadline, salary, place) needs neither
-- windows nor heap: the index is walked until the page is full.
--
-- For the same reason relevance is no ts_rank, which has to see every match: it is where the words
-- stand (title; a part of them in the title; elsewhere), the newest first within. Each is a pass of
-- its own.

BEGIN;
SET LOCAL ROLE hotgigs_owner;
SET LOCAL search_path = public;

-- ---- What is found ------------------------------------------------------------------------------

-- Who writes a row runs the functions of its indexes, so they are granted to whoever may. They look at
-- their arguments alone.

-- 100 characters of a name are enough to find it; a GIN key has 2.7 kB at most.
CREATE FUNCTION hotgigs.skill_names(skills jsonb)
RETURNS text[]
LANGUAGE plpgsql
IMMUTABLE
PARALLEL SAFE
COST 500
SET search_path = ''
AS $$
DECLARE
    names text[] := '{}';
    each  jsonb;
    name  text;
BEGIN
    IF skills IS NULL OR jsonb_typeof(skills) <> 'array' THEN
        RETURN names;
    END IF;
    -- A loop: a query takes longer to start than three names take. Joined with nothing it is read from the
    -- disk once, and not once an element.
    skills := skills || '[]'::jsonb;
    FOR i IN 0 .. jsonb_array_length(skills) - 1 LOOP
        each := skills -> i;
        name := left(lower(btrim(CASE jsonb_typeof(each) WHEN 'string' THEN each #>> '{}'
                                                         WHEN 'object' THEN each ->> 'name' END)), 100);
        IF name <> '' THEN
            names := names || name;
        END IF;
    END LOOP;
    RETURN names;
END
$$;
COMMENT ON FUNCTION hotgigs.skill_names(jsonb) IS
    'The names in a skills array of either spelling, strings or {name, ...}, folded.';
REVOKE ALL ON FUNCTION hotgigs.skill_names(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.skill_names(jsonb)
    TO hotgigs_candidate, hotgigs_company, hotgigs_service;

CREATE FUNCTION hotgigs.folded(names text[])
RETURNS text[]
LANGUAGE plpgsql
IMMUTABLE
PARALLEL SAFE
COST 200
SET search_path = ''
AS $$
BEGIN
    IF cardinality(names) > 1000 THEN       -- each is looked for
        RAISE EXCEPTION 'a search takes 1,000 names at most in a list' USING ERRCODE = 'HG005';
    END IF;
    RETURN ARRAY(SELECT DISTINCT left(lower(btrim(n.name)), 100)
                 FROM   unnest(names) AS n(name)
                 WHERE  btrim(n.name) <> '');
END
$$;
COMMENT ON FUNCTION hotgigs.folded(text[]) IS
    'Names without case and outer blanks, each once; NULL and blank ones are left out; at most 1,000.';
REVOKE ALL ON FUNCTION hotgigs.folded(text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.folded(text[]) TO hotgigs_candidate, hotgigs_service;

-- A tsvector holds 1 MB: 100,000 characters of the body are read. COST keeps the planner from
-- making it for rows that an index can find.
CREATE FUNCTION hotgigs.job_words(title text, skills jsonb, department text, location text,
                                  keywords text[], description text, requirements text,
                                  responsibilities text, benefits text)
RETURNS tsvector
LANGUAGE plpgsql
IMMUTABLE
PARALLEL SAFE
COST 5000
SET search_path = ''
AS $$
BEGIN
    RETURN setweight(to_tsvector('pg_catalog.english', coalesce(title, '')), 'A')
        || setweight(to_tsvector('pg_catalog.english',
                                 array_to_string(hotgigs.skill_names(skills), ' ; ')), 'B')
        || setweight(to_tsvector('pg_catalog.english',
                                 concat_ws(' ; ', department, location,
                                           left(array_to_string(keywords, ' ; '), 10000))), 'C')
        || to_tsvector('pg_catalog.english',
                       left(concat_ws(' ; ', description, requirements, responsibilities, benefits),
                            100000));
END
$$;
COMMENT ON FUNCTION hotgigs.job_words(text, jsonb, text, text, text[], text, text, text, text) IS
    'The words of a job: A title, B skills, C department, place and keywords, D body.';
REVOKE ALL ON FUNCTION hotgigs.job_words(text, jsonb, text, text, text[], text, text, text, text)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    hotgigs.job_words(text, jsonb, text, text, text[], text, text, text, text)
    TO hotgigs_company, hotgigs_service;

CREATE FUNCTION hotgigs.title_words(title text)
RETURNS tsvector
LANGUAGE plpgsql
IMMUTABLE
PARALLEL SAFE
COST 5000
SET search_path = ''
AS $$
BEGIN
    RETURN to_tsvector('pg_catalog.english', title);
END
$$;
COMMENT ON FUNCTION hotgigs.title_words(text) IS
    'The words of a title.';
REVOKE ALL ON FUNCTION hotgigs.title_words(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.title_words(text)
    TO hotgigs_candidate, hotgigs_company, hotgigs_service;

CREATE FUNCTION hotgigs.candidate_words(headline text, current_title text, skills jsonb,
                                        current_company text, summary text)
RETURNS tsvector
LANGUAGE plpgsql
IMMUTABLE
PARALLEL SAFE
COST 5000
SET search_path = ''
AS $$
BEGIN
    RETURN setweight(to_tsvector('pg_catalog.english', concat_ws(' ; ', headline, current_title)), 'A')
        || setweight(to_tsvector('pg_catalog.english',
                                 array_to_string(hotgigs.skill_names(skills), ' ; ')), 'B')
        || setweight(to_tsvector('pg_catalog.english', coalesce(current_company, '')), 'C')
        || to_tsvector('pg_catalog.english', left(coalesce(summary, ''), 100000));
END
$$;
COMMENT ON FUNCTION hotgigs.candidate_words(text, text, jsonb, text, text) IS
    'The words of a candidate: A headline and title, B skills, C employer, D summary.';
REVOKE ALL ON FUNCTION hotgigs.candidate_words(text, text, jsonb, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.candidate_words(text, text, jsonb, text, text)
    TO hotgigs_candidate, hotgigs_service;

CREATE FUNCTION hotgigs.name_marks(kind text, names text[])
RETURNS text[]
LANGUAGE plpgsql
IMMUTABLE
PARALLEL SAFE
SET search_path = ''
AS $$
DECLARE
    marks text[] := '{}';
    name  text;
BEGIN
    FOREACH name IN ARRAY coalesce(names, '{}') LOOP
        name := left(lower(btrim(name)), 100);
        IF name <> '' THEN
            marks := marks || (kind || ' ' || name);
        END IF;
    END LOOP;
    RETURN marks;
END
$$;
COMMENT ON FUNCTION hotgigs.name_marks(text, text[]) IS
    'Names as marks, folded; NULL and blank ones are left out.';
REVOKE ALL ON FUNCTION hotgigs.name_marks(text, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.name_marks(text, text[])
    TO hotgigs_candidate, hotgigs_company, hotgigs_service;

-- An amount by its digits: 145000 is 'most 6:', 'most 6:1', 'most 6:14', 'most 6:145' and 'most 6:1450'.
-- So whatever is above it, or below, is a dozen or two of marks, as 'most 6:2' and 'most 7:'. Exact to
-- four digits; the filter looks at the amount itself besides.
CREATE FUNCTION hotgigs.amount_marks(kind text, amount integer)
RETURNS text[]
LANGUAGE plpgsql
IMMUTABLE
PARALLEL SAFE
SET search_path = ''
AS $$
DECLARE
    digits CONSTANT text := greatest(amount, 0)::text;
    head   CONSTANT text := kind || ' ' || length(digits) || ':';
BEGIN
    IF amount IS NULL THEN
        RETURN ARRAY[kind || ' open'];
    END IF;
    RETURN ARRAY[head, head || left(digits, 1), head || left(digits, 2), head || left(digits, 3),
                 head || left(digits, 4)];
END
$$;
COMMENT ON FUNCTION hotgigs.amount_marks(text, integer) IS
    'An amount as marks by its digits; NULL: open.';
REVOKE ALL ON FUNCTION hotgigs.amount_marks(text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.amount_marks(text, integer)
    TO hotgigs_candidate, hotgigs_company, hotgigs_service;

CREATE FUNCTION hotgigs.amounts_beyond(kind text, amount integer, above boolean)
RETURNS text[]
LANGUAGE plpgsql
IMMUTABLE
SET search_path = ''
AS $$
DECLARE
    digits CONSTANT text := greatest(amount, 0)::text;
    marks  text[];
BEGIN
    marks := ARRAY(SELECT kind || ' ' || n || ':' FROM generate_series(1, 10) AS u(n)
                   WHERE  CASE WHEN above THEN n > length(digits) ELSE n < length(digits) END)
          || ARRAY[kind || ' ' || length(digits) || ':' || left(digits, 4), kind || ' open'];
    FOR n IN 1 .. least(length(digits), 4) LOOP
        marks := marks || ARRAY(
            SELECT kind || ' ' || length(digits) || ':' || left(digits, n - 1) || d
            FROM   generate_series(0, 9) AS u(d)
            WHERE  CASE WHEN above THEN d > substr(digits, n, 1)::integer
                        ELSE d < substr(digits, n, 1)::integer END);
    END LOOP;
    RETURN marks;
END
$$;
COMMENT ON FUNCTION hotgigs.amounts_beyond(text, integer, boolean) IS
    'Marks of which one has whoever is at or beyond this amount, or open; for the searches alone.';
REVOKE ALL ON FUNCTION hotgigs.amounts_beyond(text, integer, boolean) FROM PUBLIC;

-- What the filters ask for, as words of one array: one GIN index then answers any mixture of them by
-- itself, and none is left that walks the table because it has no index of its own.
CREATE FUNCTION hotgigs.job_marks(job_type text, experience_level text, remote_type text, skills jsonb,
                                  salary_min integer, salary_max integer, salary_currency text,
                                  salary_period text)
RETURNS text[]
LANGUAGE plpgsql
IMMUTABLE
PARALLEL SAFE
COST 5000
SET search_path = ''
AS $$
BEGIN
    RETURN array_remove(ARRAY['type ' || job_type, 'level ' || experience_level,
                              'remote ' || remote_type], NULL)
        || hotgigs.amount_marks('least', salary_min)
        || hotgigs.amount_marks('most', salary_max)
        || CASE WHEN salary_min IS NULL AND salary_max IS NULL
                THEN '{currency open,period open}'
                ELSE array_remove(ARRAY['salary stated', 'currency ' || salary_currency,
                                        'period ' || salary_period], NULL)
           END
        || hotgigs.name_marks('skill', hotgigs.skill_names(skills));
END
$$;
COMMENT ON FUNCTION hotgigs.job_marks(text, text, text, jsonb, integer, integer, text, text) IS
    'Type, level, remote type, salary and skills of a job, as ''skill sql''.';
REVOKE ALL ON FUNCTION hotgigs.job_marks(text, text, text, jsonb, integer, integer, text, text)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.job_marks(text, text, text, jsonb, integer, integer, text, text)
    TO hotgigs_company, hotgigs_service;

-- A function of its own, in PL/pgSQL: the planner knows how many rows it leaves from the statistics
-- below, which it may not read for jsonb's own operators, and then takes for one in a hundred.
CREATE FUNCTION hotgigs.opted_in(visibility_settings jsonb)
RETURNS boolean
LANGUAGE plpgsql
IMMUTABLE
PARALLEL SAFE
SET search_path = ''
AS $$
BEGIN
    RETURN coalesce(visibility_settings @> '{"profile_public": true}', false);
END
$$;
COMMENT ON FUNCTION hotgigs.opted_in(jsonb) IS
    'Whether these visibility settings let recruiters and freelancers find the profile.';
REVOKE ALL ON FUNCTION hotgigs.opted_in(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.opted_in(jsonb) TO hotgigs_candidate, hotgigs_service;

-- Who names no job types, or no remote preference, takes any; who does not show his salary, or has none in
-- mind, matches every one.
CREATE FUNCTION hotgigs.candidate_marks(availability text, education_level text,
                                        experience_years integer, remote_preference text,
                                        desired_job_types text[], desired_locations text[],
                                        skills jsonb, desired_salary_min integer,
                                        desired_salary_max integer, desired_salary_currency text,
                                        visibility_settings jsonb)
RETURNS text[]
LANGUAGE plpgsql
IMMUTABLE
PARALLEL SAFE
COST 5000
SET search_path = ''
AS $$
BEGIN
    IF NOT hotgigs.opted_in(visibility_settings) THEN
        RETURN '{}';
    END IF;
    RETURN array_remove(ARRAY['available ' || availability, 'education ' || lower(btrim(education_level)),
                              'remote ' || coalesce(remote_preference, 'any')], NULL)
        || CASE WHEN experience_years IS NOT NULL THEN hotgigs.amount_marks('years', experience_years) END
        || CASE WHEN visibility_settings @> '{"salary_visible": true}'
                     AND (desired_salary_min IS NOT NULL OR desired_salary_max IS NOT NULL)
                THEN hotgigs.amount_marks('least', desired_salary_min)
                  || hotgigs.amount_marks('most', desired_salary_max)
                  || array_remove(ARRAY['currency ' || desired_salary_currency], NULL)
                ELSE '{least open,most open,currency open}'
           END
        || CASE WHEN cardinality(desired_job_types) > 0
                THEN hotgigs.name_marks('type', desired_job_types) ELSE '{type any}' END
        || hotgigs.name_marks('place', desired_locations)
        || hotgigs.name_marks('skill', hotgigs.skill_names(skills));
END
$$;
COMMENT ON FUNCTION hotgigs.candidate_marks(text, text, integer, text, text[], text[], jsonb, integer,
                                             integer, text, jsonb) IS
    'What the filters of candidate_search ask for, as ''skill sql''; nothing of who did not opt in.';
REVOKE ALL ON FUNCTION hotgigs.candidate_marks(text, text, integer, text, text[], text[], jsonb, integer,
                                               integer, text, jsonb)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.candidate_marks(text, text, integer, text, text[], text[], jsonb,
                                                  integer, integer, text, jsonb)
    TO hotgigs_candidate, hotgigs_service;

-- One of these, as a condition on marks; each mark begins with kind.
CREATE FUNCTION hotgigs.has_mark(marks text, kind text, names text[])
RETURNS text
LANGUAGE plpgsql
IMMUTABLE
SET search_path = ''
AS $$
BEGIN
    RETURN format('%s && %L::text[]', marks, ARRAY(SELECT kind || ' ' || n FROM unnest(names) AS u(n)));
END
$$;
COMMENT ON FUNCTION hotgigs.has_mark(text, text, text[]) IS
    'SQL for a row that has one of these marks; for the searches alone.';
REVOKE ALL ON FUNCTION hotgigs.has_mark(text, text, text[]) FROM PUBLIC;

-- Blanks are and; or, "a phrase" and -word as on the web; AND, OR and NOT in capitals as elsewhere.
-- NULL where no word is left: then nothing is asked for.
CREATE FUNCTION hotgigs.search_words(words text)
RETURNS tsquery
LANGUAGE plpgsql
IMMUTABLE
SET search_path = ''
AS $$
DECLARE
    asked tsquery;
BEGIN
    IF length(words) > 10000 THEN
        RAISE EXCEPTION 'a search takes 10,000 characters of text at most' USING ERRCODE = 'HG005';
    END IF;
    asked := websearch_to_tsquery(
        'pg_catalog.english',
        regexp_replace(regexp_replace(words, '\mNOT\s+', '-', 'g'), '\mAND\M', ' ', 'g'));
    RETURN CASE WHEN numnode(asked) > 0 THEN asked END;
EXCEPTION
    WHEN internal_error THEN                -- of 32 and more "-" in a row: "tsquery stack too small"
        RAISE EXCEPTION 'a search takes no NOT of a NOT of a NOT ...' USING ERRCODE = 'HG005';
END
$$;
COMMENT ON FUNCTION hotgigs.search_words(text) IS
    'What somebody typed into a search field, as a query; NULL: nothing.';
REVOKE ALL ON FUNCTION hotgigs.search_words(text) FROM PUBLIC;

-- ---- Indexes ------------------------------------------------------------------------------------

-- Jobs with these words; in their titles; of this type, level and so on. Of all jobs: the
-- planner takes two partial indexes with one predicate for redundant, and would not AND them.
CREATE INDEX jobs_words_idx ON jobs
    USING gin (hotgigs.job_words(title, skills, department, location, seo_keywords, description,
                                 requirements, responsibilities, benefits));
CREATE INDEX jobs_title_words_idx ON jobs
    USING gin (hotgigs.title_words(title));
CREATE INDEX jobs_marks_idx ON jobs
    USING gin (hotgigs.job_marks(job_type, experience_level, remote_type, skills, salary_min, salary_max,
                                 salary_currency, salary_period));

-- Open public jobs in the orders of job_search. (No index on view_count: with one, each page view
-- would write every index of the table.) INCLUDE: what the filters without an index of their own ask
-- for, so that the heap is read for the rows of the page alone; and without the column itself beside the
-- expression there is no index-only scan. Ascending, and read backwards: what is new comes at the
-- right end, where pages fill up. A row of an index has 2.7 kB at most: title and place, as long as
-- they may be, are not both in the order of titles.
CREATE INDEX jobs_open_newest_idx ON jobs
    ((coalesce(created_at, '-infinity')), id) INCLUDE (created_at)
    WHERE is_public AND employment_status = 'open';
CREATE INDEX jobs_open_newest_card_idx ON jobs
    ((coalesce(created_at, '-infinity')), id)
    INCLUDE (created_at, application_deadline, salary_min, salary_max, salary_currency, salary_period,
             is_featured, location)
    WHERE is_public AND employment_status = 'open';
CREATE INDEX jobs_open_salary_idx ON jobs
    ((coalesce(salary_max, salary_min, -1)), id)
    INCLUDE (created_at, application_deadline, salary_min, salary_max, salary_currency, salary_period,
             is_featured, location)
    WHERE is_public AND employment_status = 'open';
CREATE INDEX jobs_open_title_idx ON jobs
    (lower(title), id)
    INCLUDE (created_at, application_deadline, salary_min, salary_max, salary_currency, salary_period,
             is_featured, title)
    WHERE is_public AND employment_status = 'open';

-- The featured ones, few, in any order.
CREATE INDEX jobs_open_featured_idx ON jobs
    ((coalesce(created_at, '-infinity')), id)
    INCLUDE (created_at, application_deadline, salary_min, salary_max, salary_currency, salary_period,
             location, title)
    WHERE is_public AND employment_status = 'open' AND is_featured;

-- Open public jobs of an industry.
CREATE INDEX companies_industry_lower_idx ON companies (lower(industry));

-- The job with this slug in a company: job_create, job_view_public.
CREATE INDEX jobs_company_id_slug_idx ON jobs (company_id, slug);

-- Open jobs whose deadline is over, or near: job_expire_due, job_closing_soon.
CREATE INDEX jobs_open_deadline_idx ON jobs (application_deadline, id)
    WHERE employment_status = 'open';

-- Jobs that ask for a skill, and skills by the beginning of their name, whatever the case. Its
-- pattern operators serve equality too.
CREATE INDEX job_skills_skill_name_lower_idx ON job_skills
    (lower(skill_name) text_pattern_ops, job_id) INCLUDE (skill_name);

-- How often each name is used: of equal entries an index keeps one, which it does not beside INCLUDE or a column that
-- tells them apart. Without the column itself beside the expression it is not read alone.
CREATE INDEX job_skills_names_idx ON job_skills (lower(skill_name) text_pattern_ops, skill_name);

-- Candidates with these words; in headline or title; with these skills and so on. Of all candidates, as
-- with jobs.
CREATE INDEX candidate_profiles_words_idx ON candidate_profiles
    USING gin (hotgigs.candidate_words(headline, current_title, skills, current_company, summary));
CREATE INDEX candidate_profiles_title_words_idx ON candidate_profiles
    USING gin (hotgigs.title_words(coalesce(headline, '') || ' ; ' || coalesce(current_title, '')));
CREATE INDEX candidate_profiles_marks_idx ON candidate_profiles
    USING gin (hotgigs.candidate_marks(availability, education_level, experience_years,
                                       remote_preference, desired_job_types, desired_locations,
                                       skills, desired_salary_min, desired_salary_max,
                                       desired_salary_currency, visibility_settings));

-- Candidates who opted in, in the orders of candidate_search.
CREATE INDEX candidate_profiles_public_newest_idx ON candidate_profiles
    ((coalesce(created_at, '-infinity')), id) INCLUDE (created_at)
    WHERE hotgigs.opted_in(visibility_settings);
CREATE INDEX candidate_profiles_public_years_idx ON candidate_profiles
    ((coalesce(experience_years, -1)), id) INCLUDE (experience_years)
    WHERE hotgigs.opted_in(visibility_settings);

-- How the keys of these orders are spread: of an expression in a partial index the planner does not
-- know it, and takes each window for a third of the table.
CREATE STATISTICS jobs_newest_stat ON (coalesce(created_at, '-infinity')) FROM jobs;
CREATE STATISTICS jobs_salary_stat ON (coalesce(salary_max, salary_min, -1)) FROM jobs;
CREATE STATISTICS jobs_title_stat ON (lower(title)) FROM jobs;
CREATE STATISTICS candidate_profiles_opted_in_stat
    ON (hotgigs.opted_in(visibility_settings)) FROM candidate_profiles;
CREATE STATISTICS candidate_profiles_newest_stat
    ON (coalesce(created_at, '-infinity')) FROM candidate_profiles;
CREATE STATISTICS candidate_profiles_years_stat
    ON (coalesce(experience_years, -1)) FROM candidate_profiles;

-- Users with the same phone number however it is written, or the same name: candidate_find_duplicates.
CREATE INDEX users_phone_digits_idx ON users (regexp_replace(phone, '\D', '', 'g'));
CREATE INDEX users_name_lower_idx ON users (lower(last_name), lower(first_name));

-- Jobs at a place by any part of its name, where the extension is to be had. Its
-- operator class stands in the extension's own schema.
DO $$
DECLARE
    place text := (SELECT n.nspname
                   FROM   pg_catalog.pg_extension e
                   JOIN   pg_catalog.pg_namespace n ON n.oid = e.extnamespace
                   WHERE  e.extname = 'pg_trgm');
BEGIN
    IF place IS NULL THEN
        RAISE NOTICE 'without the extension pg_trgm jobs_location_trgm_idx is not made';
        RETURN;
    END IF;
    EXECUTE format('CREATE INDEX jobs_location_trgm_idx ON public.jobs '
                   'USING gin (location %I.gin_trgm_ops)', place);
END
$$;

-- ---- Pages --------------------------------------------------------------------------------------

-- One page of ids, by windows as the head of this file says. All texts are SQL made by the searches
-- below, in which every value of a caller's is a literal by format's %L; in key and bases %1$s is
-- the row's alias.
--
--   of_table, bases   the rows of each pass: an index predicate, so that windows are cheap to find
--   near              what else each pass asks of a row r in the first window
--   far               in the other windows: the same, and salaries as marks too, which their index finds,
--                     and which cost more to read than a short window does
--   rest              in the rest, the base among it
--   wanted            for jobs: [["sql"], ["c", "c++"]], skills of which the job asks for one each,
--                     in its JSONB column or in job_skills: see asks_for()
--   user_column       of a row's user, who must be active; NULL: nobody
--   windows           how many rows each has; 0: as many as the page still needs, by what the ones before
--                     gave; NULL: the rest
--   is_walked         the rest may be read in its order until the page is full
--   key, key_type, descending   the order within a pass; id decides among equal keys
--   place, after      where the page before ended: its last row's pass and key, "2:1990-01-01", and id
CREATE FUNCTION hotgigs.page_of(of_table text, bases text[], near text[], far text[], rest text[],
                                wanted jsonb, user_column text, windows integer[], is_walked boolean, key text,
                                key_type text, descending boolean, place text, after uuid,
                                at_most integer)
RETURNS TABLE (pass integer, sort_key text, id uuid)
LANGUAGE plpgsql
STABLE
ROWS 20
SET search_path = ''
SET datestyle = 'ISO, YMD'
SET max_parallel_workers_per_gather = 0
SET enable_seqscan = off
SET enable_indexscan = on
AS $$
#variable_conflict use_column
DECLARE
    beyond   CONSTANT text := CASE WHEN descending THEN '<' ELSE '>' END;
    in_order CONSTANT text := format(CASE WHEN descending THEN '%s DESC, r.id DESC' ELSE '%s, r.id' END,
                                     format(key, 'r'));
    order_of_q CONSTANT text := CASE WHEN descending THEN 'q.key DESC, q.id DESC' ELSE 'q.key, q.id' END;
    first_pass integer := 1;
    start    text := 'true';        -- %1$s is the alias: rows behind the page before, or the window
    span     text;
    edge     text;
    bound    text;                  -- edge as a literal of key_type, within a template of format()
    size     integer;
    seen     integer;               -- rows of the pass's windows, and how many of them were found
    found_in integer;
    rows     integer;
    left_over integer := at_most;
    asked    text;
    active   CONSTANT text := CASE WHEN user_column IS NULL THEN '' ELSE format(
        ' AND EXISTS (SELECT FROM public.users u WHERE u.id = %%1$s.%I AND u.is_active)', user_column) END;
BEGIN
    IF place IS NOT NULL THEN
        IF after IS NULL OR place !~ '^[0-9]{1,2}:' THEN
            RAISE EXCEPTION 'after_place is of no page' USING ERRCODE = 'HG005';
        END IF;
        BEGIN
            first_pass := split_part(place, ':', 1)::integer;
            EXECUTE format('SELECT %L::%s::text', substr(place, strpos(place, ':') + 1), key_type)
                INTO edge;
        EXCEPTION
            WHEN data_exception OR invalid_text_representation THEN
                RAISE EXCEPTION 'after_place is of no page' USING ERRCODE = 'HG005';
        END;
        bound := replace(format('%L::%s', edge, key_type), '%', '%%');
        start := format('(%s, %%1$s.id) %s (%s, %L::uuid)', key, beyond, bound, after);
    END IF;

    -- What is sorted as a whole is read in the heap's order, each page once.
    IF windows[1] IS NULL AND NOT is_walked THEN
        PERFORM set_config('enable_indexscan', 'off', true);
    END IF;

    FOR number IN greatest(first_pass, 1) .. cardinality(bases) LOOP
        seen := 0;
        found_in := 0;
        FOR w IN 1 .. cardinality(windows) LOOP
            size := CASE WHEN windows[w] <> 0 THEN windows[w]
                         WHEN windows[w] = 0 AND found_in = 0 THEN 40000
                         WHEN windows[w] = 0 THEN least(greatest(seen / found_in * left_over * 3 / 2, 1000), 40000)
                    END;
            edge := NULL;
            IF size IS NOT NULL THEN
                EXECUTE format('SELECT (%s)::text FROM %s r WHERE %s AND %s ORDER BY %s OFFSET %s LIMIT 1',
                               format(key, 'r'), of_table, format(bases[number], 'r'),
                               format(start, 'r'), in_order, size)
                    INTO edge;
            END IF;
            span := start;
            IF edge IS NOT NULL THEN
                bound := replace(format('%L::%s', edge, key_type), '%', '%%');
                span := span || format(' AND %s %s= %s', key, translate(beyond, '<>', '><'), bound);
            END IF;

            asked := format('SELECT %s AS key, r.id%s FROM %s r WHERE %s AND %s%s',
                            format(key, 'r'), ', r.' || user_column, of_table, format(span, 'r'),
                            CASE WHEN edge IS NULL THEN rest[number]
                                 ELSE format(bases[number], 'r') || ' AND '
                                      || CASE WHEN w = 1 THEN near[number] ELSE far[number] END
                            END,
                            hotgigs.asks_for(wanted, CASE WHEN key LIKE '%.created_at%'
                                THEN replace(replace(format(span, 'k'), format(key, 'k'), 'k.newest'), 'k.id', 'k.job_id')
                                ELSE 'true' END));

            -- Only the short windows may be walked in order: OFFSET 0 keeps the planner, which takes
            -- any words for one row in two hundred, from walking a long one for words that are rare. Of a
            -- long one it is looked up last whose user is active, for no more rows than are shown.
            asked := CASE
                WHEN is_walked AND edge IS NULL
                     OR edge IS NOT NULL AND size <= CASE WHEN user_column IS NULL THEN 6000 ELSE 500 END THEN
                    '(' || asked || format(active, 'r') || ') q'
                WHEN user_column IS NULL THEN
                    '(' || asked || ' OFFSET 0) q'
                ELSE
                    format('(SELECT * FROM (%s) q ORDER BY %s OFFSET 0) q WHERE true', asked, order_of_q)
                    || format(active, 'q')
                END;
            RETURN QUERY EXECUTE format('SELECT %s, q.key::text, q.id FROM %s ORDER BY %s LIMIT %s',
                                        number, asked, order_of_q, left_over);
            GET DIAGNOSTICS rows = ROW_COUNT;
            left_over := left_over - rows;
            IF left_over <= 0 THEN
                RETURN;
            END IF;
            EXIT WHEN edge IS NULL;
            seen := seen + size;
            found_in := found_in + rows;
            start := format('%s %s %s', key, beyond, bound);
        END LOOP;
        start := 'true';
    END LOOP;
END
$$;
COMMENT ON FUNCTION hotgigs.page_of(text, text[], text[], text[], text[], jsonb, text, integer[], boolean,
                                    text, text, boolean, text, uuid, integer) IS
    'One page of ids of a search; for the searches alone.';
REVOKE ALL ON FUNCTION
    hotgigs.page_of(text, text[], text[], text[], text[], jsonb, text, integer[], boolean, text, text, boolean,
                    text, uuid, integer)
    FROM PUBLIC;

-- page_of(), total_of() and facets_of() run the text that the searches make. Nobody but the owner may
-- execute them, and the searches, which everybody may, run none.
CREATE FUNCTION hotgigs.total_of(of_table text, conditions text)
RETURNS bigint
LANGUAGE plpgsql
STABLE
SET search_path = ''
AS $$
DECLARE
    counted bigint;
BEGIN
    EXECUTE format('SELECT count(*) FROM %s r WHERE %s', of_table, conditions) INTO counted;
    RETURN counted;
END
$$;
COMMENT ON FUNCTION hotgigs.total_of(text, text) IS
    'How many rows a search matches; for the searches alone.';
REVOKE ALL ON FUNCTION hotgigs.total_of(text, text) FROM PUBLIC;

CREATE FUNCTION hotgigs.facets_of(conditions text)
RETURNS TABLE (facet text, value text, jobs bigint)
LANGUAGE plpgsql
STABLE
SET search_path = ''
AS $$
BEGIN
    RETURN QUERY EXECUTE format($sql$
        SELECT f.facet, f.value, f.jobs
        FROM   (SELECT g.facet, g.value, g.jobs,
                       row_number() OVER (PARTITION BY g.facet ORDER BY g.jobs DESC, g.value) AS nth
                FROM   (SELECT CASE grouping(r.job_type, r.experience_level, r.remote_type, r.location)
                                   WHEN 7 THEN 'job_type'
                                   WHEN 11 THEN 'experience_level'
                                   WHEN 13 THEN 'remote_type'
                                   ELSE 'location'
                               END AS facet,
                               coalesce(r.job_type, r.experience_level, r.remote_type,
                                        r.location)::text AS value,
                               count(*) AS jobs
                        FROM   public.jobs r
                        WHERE  %s
                        GROUP  BY GROUPING SETS ((r.job_type), (r.experience_level), (r.remote_type),
                                                 (r.location))) g
                WHERE  g.value IS NOT NULL) f
        WHERE  f.nth <= 20
        ORDER  BY f.facet, f.nth $sql$, conditions);
END
$$;
COMMENT ON FUNCTION hotgigs.facets_of(text) IS
    'How many jobs a search matches, by type, level, remote and place; for the searches alone.';
REVOKE ALL ON FUNCTION hotgigs.facets_of(text) FROM PUBLIC;

-- That a job r asks for one skill of each list. jobs_by_skill (471) has the jobs of a skill, in its index
-- alone and, where the order is that of the newest, within the window. Of a skill that many ask for, each job
-- is asked. Of the others it gives the jobs that ask for all of them, by their ids where those are few. Else
-- the marks find those that say so in their JSON, and meet other filters before a job is looked at; only the
-- rest of job_skills is named.
CREATE FUNCTION hotgigs.asks_for(wanted jsonb, span text)
RETURNS text
LANGUAGE plpgsql
STABLE
SET search_path = ''
AS $$
DECLARE
    marks CONSTANT text := 'hotgigs.job_marks(r.job_type, r.experience_level, r.remote_type, r.skills, '
        'r.salary_min, r.salary_max, r.salary_currency, r.salary_period)';
    many   CONSTANT integer := 5000;
    few    CONSTANT integer := 50;
    others CONSTANT integer := 50;
    asked  text := '';
    marked text := '';
    names  text[];
    count  integer;
    ids    uuid[];
    rest   uuid[];                  -- of ids, those that job_skills alone says
    all_of uuid[];                  -- the jobs of every list so far
BEGIN
    FOR i IN 0 .. jsonb_array_length(wanted) - 1 LOOP
        names := ARRAY(SELECT jsonb_array_elements_text(wanted -> i));
        EXECUTE format('SELECT sum(k.lines), array_agg(k.job_id), array_agg(k.job_id) FILTER (WHERE NOT k.in_json)'
                       ' FROM (SELECT k.job_id, count(*) AS lines, bool_or(k.said_by = k.job_id) AS in_json'
                       '       FROM (SELECT k.job_id, k.said_by FROM hotgigs.jobs_by_skill k'
                       '             WHERE k.skill = ANY (%L::text[]) AND %s LIMIT %s) k GROUP BY k.job_id) k',
                       names, span, many + 1) INTO count, ids, rest;
        IF count > many THEN
            asked := asked || format(' AND EXISTS (SELECT FROM hotgigs.jobs_by_skill k WHERE k.skill = ANY (%L::text[])'
                                     ' AND %s AND k.newest = coalesce(r.created_at, ''-infinity'') AND k.job_id = r.id)',
                                     names, span);
        ELSE
            ids := coalesce(ids, '{}');
            all_of := CASE WHEN all_of IS NULL THEN ids
                           ELSE ARRAY(SELECT unnest(all_of) INTERSECT SELECT unnest(ids)) END;
            marked := CASE WHEN cardinality(rest) > others THEN NULL
                           ELSE marked || format(' AND (%s%s)', hotgigs.has_mark(marks, 'skill', names),
                                                 format(' OR r.id = ANY (%L::uuid[])', rest)) END;
        END IF;
    END LOOP;
    IF all_of IS NOT NULL THEN
        asked := asked || CASE WHEN cardinality(all_of) <= few OR marked IS NULL
                               THEN format(' AND r.id = ANY (%L::uuid[])', all_of) ELSE marked END;
    END IF;
    RETURN asked;
END
$$;
COMMENT ON FUNCTION hotgigs.asks_for(jsonb, text) IS
    'SQL for a job that asks for these skills; for the searches alone.';
REVOKE ALL ON FUNCTION hotgigs.asks_for(jsonb, text) FROM PUBLIC;

-- Names of skills as [["a"], ["b"]] for all of them and [["a", "b"]] for one of them.
CREATE FUNCTION hotgigs.wanted_skills(any_of text[], all_of text[])
RETURNS jsonb
LANGUAGE plpgsql
IMMUTABLE
SET search_path = ''
AS $$
BEGIN
    RETURN CASE WHEN cardinality(hotgigs.folded(any_of)) > 0
                THEN jsonb_build_array(to_jsonb(hotgigs.folded(any_of)))
                ELSE '[]'
           END
        || coalesce((SELECT jsonb_agg(jsonb_build_array(n))
                     FROM   unnest(hotgigs.folded(all_of)) AS u(n)), '[]');
END
$$;
COMMENT ON FUNCTION hotgigs.wanted_skills(text[], text[]) IS
    'Skills of which one, and of which all are asked for; for the searches alone.';
REVOKE ALL ON FUNCTION hotgigs.wanted_skills(text[], text[]) FROM PUBLIC;

-- The words of any of which one in the title makes a match better; NULL where that says nothing.
CREATE FUNCTION hotgigs.part_of(asked tsquery)
RETURNS tsquery
LANGUAGE plpgsql
IMMUTABLE
SET search_path = ''
AS $$
BEGIN
    IF numnode(asked) < 2 OR asked::text !~ '&' OR asked::text ~ '[!<]' THEN
        RETURN NULL;
    END IF;
    RETURN replace(asked::text, ' & ', ' | ')::tsquery;
END
$$;
COMMENT ON FUNCTION hotgigs.part_of(tsquery) IS
    'The same words with or for and; NULL: no better than the query; for the searches alone.';
REVOKE ALL ON FUNCTION hotgigs.part_of(tsquery) FROM PUBLIC;

CREATE FUNCTION hotgigs.page_size(at_most integer)
RETURNS integer
LANGUAGE plpgsql
IMMUTABLE
SET search_path = ''
AS $$
BEGIN
    IF at_most NOT BETWEEN 1 AND 200 THEN
        RAISE EXCEPTION 'a page has 1 to 200 rows' USING ERRCODE = 'HG005';
    END IF;
    RETURN coalesce(at_most, 20);
END
$$;
COMMENT ON FUNCTION hotgigs.page_size(integer) IS
    'How many rows a page of a search has: 20 if not said; for the searches alone.';
REVOKE ALL ON FUNCTION hotgigs.page_size(integer) FROM PUBLIC;

-- ---- Jobs ---------------------------------------------------------------------------------------

-- What job_search and job_facets ask of an open public job, but for words and skills.
--
-- Each filter is one that the planner may only look at a row for; in the far windows a salary, and in the
-- rest a place too, is also one that an index finds: see page_of().
CREATE FUNCTION hotgigs.job_filter(location text, job_types text[], levels text[],
                                   remote_types text[], salary_from integer, salary_to integer,
                                   salary_currency text, salary_period text, salary_stated boolean,
                                   company_id uuid, industry text, posted_within integer,
                                   stage text)
RETURNS text
LANGUAGE plpgsql
STABLE
SET search_path = ''
SET datestyle = 'ISO, YMD'
AS $$
DECLARE
    today CONSTANT timestamp := now() AT TIME ZONE 'UTC';
    marks CONSTANT text := 'hotgigs.job_marks(r.job_type, r.experience_level, r.remote_type, r.skills, '
        'r.salary_min, r.salary_max, r.salary_currency, r.salary_period)';
    pattern text;
    parts text[] := ARRAY[format('(r.application_deadline IS NULL OR r.application_deadline > %L::timestamp)',
                                 today)];
BEGIN
    IF posted_within < 0 OR posted_within > 36500 OR salary_from > salary_to THEN
        RAISE EXCEPTION 'no such range' USING ERRCODE = 'HG005';
    END IF;
    IF btrim(location) <> '' THEN
        -- Of LIKE the planner knows nothing under a policy. It takes a long place for one that nearly no job
        -- has, and would not lay a window over it; of four letters it thinks better.
        pattern := replace(replace(replace(btrim(location), '\', '\\'), '%', '\%'), '_', '\_');
        parts := parts || format(CASE WHEN stage = 'rest' THEN 'r.location ILIKE %L'
                                      ELSE '(r.location || '''') ILIKE %L' END, '%' || pattern || '%');
        IF stage = 'far' AND btrim(location) !~ '[%\\_]' THEN
            parts := parts || format('r.location ILIKE %L', '%' || left(pattern, 4) || '%');
        END IF;
    END IF;
    IF job_types IS NOT NULL THEN
        parts := parts || hotgigs.has_mark(marks, 'type', job_types);
    END IF;
    IF levels IS NOT NULL THEN
        parts := parts || hotgigs.has_mark(marks, 'level', levels);
    END IF;
    IF remote_types IS NOT NULL THEN
        parts := parts || hotgigs.has_mark(marks, 'remote', remote_types);
    END IF;
    IF salary_from IS NOT NULL THEN
        parts := parts || format('(r.salary_max IS NULL OR r.salary_max >= %s)', salary_from);
    END IF;
    IF salary_to IS NOT NULL THEN
        parts := parts || format('(r.salary_min IS NULL OR r.salary_min <= %s)', salary_to);
    END IF;
    IF salary_currency IS NOT NULL THEN
        parts := parts || format('(r.salary_currency = upper(%L) OR r.salary_min IS NULL AND r.salary_max IS NULL)',
                                 salary_currency);
    END IF;
    IF salary_period IS NOT NULL THEN
        parts := parts || format('(r.salary_period = %L OR r.salary_min IS NULL AND r.salary_max IS NULL)',
                                 salary_period);
    END IF;
    IF salary_stated THEN
        parts := parts || '(r.salary_min IS NOT NULL OR r.salary_max IS NOT NULL)'::text;
    END IF;
    IF stage <> 'near' THEN
        parts := parts
            || CASE WHEN salary_from IS NOT NULL
                    THEN ARRAY[format('%s && %L::text[]', marks,
                                      hotgigs.amounts_beyond('most', salary_from, true))]
               END
            || CASE WHEN salary_to IS NOT NULL
                    THEN ARRAY[format('%s && %L::text[]', marks,
                                      hotgigs.amounts_beyond('least', salary_to, false))]
               END
            || CASE WHEN salary_currency IS NOT NULL
                    THEN ARRAY[hotgigs.has_mark(marks, 'currency', ARRAY[upper(salary_currency), 'open'])]
               END
            || CASE WHEN salary_period IS NOT NULL
                    THEN ARRAY[hotgigs.has_mark(marks, 'period', ARRAY[salary_period, 'open'])]
               END
            || CASE WHEN salary_stated THEN ARRAY[hotgigs.has_mark(marks, 'salary', '{stated}')] END;
    END IF;
    IF company_id IS NOT NULL THEN
        parts := parts || format('r.company_id = %L::uuid', company_id);
    END IF;
    IF industry IS NOT NULL THEN
        parts := parts || format('r.company_id = ANY (%L::uuid[])',
                                 ARRAY(SELECT c.id FROM public.companies c
                                       WHERE  lower(c.industry) = (SELECT lower(btrim(job_filter.industry)))));
    END IF;
    IF posted_within IS NOT NULL THEN
        parts := parts || format('coalesce(r.created_at, ''-infinity'') >= %L::timestamp',
                                 today - make_interval(days => posted_within));
    END IF;
    RETURN array_to_string(parts, ' AND ');
END
$$;
COMMENT ON FUNCTION hotgigs.job_filter(text, text[], text[], text[], integer, integer, text, text,
                                       boolean, uuid, text, integer, text) IS
    'SQL for the filters of job_search and job_facets; for the searches alone.';
REVOKE ALL ON FUNCTION hotgigs.job_filter(text, text[], text[], text[], integer, integer, text, text,
                                          boolean, uuid, text, integer, text) FROM PUBLIC;

-- DEFINER: full text, arrays and LIKE use no index under a policy. The rule that it repeats: a
-- public job is public, and searches show only open ones before their deadline.
CREATE FUNCTION hotgigs.job_search(words text, at_location text, job_types text[], levels text[],
                                   remote_types text[], salary_from integer, salary_to integer,
                                   currency text, period text, salary_stated boolean,
                                   skills_any text[], skills_all text[], of_company uuid,
                                   industry text, posted_within integer, featured_first boolean,
                                   sort text, after_place text, after_id uuid, at_most integer,
                                   with_total boolean)
RETURNS TABLE (id uuid, company_id uuid, company_name text, company_slug text, company_logo_url text,
               title text, slug text, location text, job_type text, experience_level text,
               remote_type text, salary_min integer, salary_max integer, salary_currency text,
               salary_period text, skills jsonb, is_featured boolean, application_deadline timestamp,
               view_count integer, created_at timestamp, relevance integer, place text, total bigint)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
ROWS 20
SET search_path = ''
SET datestyle = 'ISO, YMD'
AS $$
#variable_conflict use_column
DECLARE
    base       CONSTANT text := '%1$s.is_public AND %1$s.employment_status = ''open''';
    all_words  CONSTANT text := 'hotgigs.job_words(r.title, r.skills, r.department, r.location, '
        'r.seo_keywords, r.description, r.requirements, r.responsibilities, r.benefits)';
    title_words CONSTANT text := 'hotgigs.title_words(r.title)';
    asked      CONSTANT tsquery := hotgigs.search_words(words);
    a_part     CONSTANT tsquery := hotgigs.part_of(asked);
    wanted     CONSTANT jsonb := hotgigs.wanted_skills(skills_any, skills_all);
    by_words   CONSTANT text := coalesce(sort, CASE WHEN asked IS NULL THEN 'newest' ELSE 'relevance' END);
    has_place  CONSTANT boolean := coalesce(btrim(at_location) <> '', false);
    has_pay    CONSTANT boolean := num_nonnulls(salary_from, salary_to, currency, period) > 0
                                   OR coalesce(salary_stated, false);
    marks      CONSTANT integer := num_nonnulls(job_types, levels, remote_types);
    by_title_and_place CONSTANT boolean := has_place AND by_words = 'title';
    is_plain   CONSTANT boolean := asked IS NULL AND wanted = '[]' AND marks = 0 AND of_company IS NULL
                                   AND industry IS NULL AND by_words <> 'views'
                                   AND NOT by_title_and_place;          -- all of it stands in an index
    near       CONSTANT text := hotgigs.job_filter(at_location, job_types, levels, remote_types, salary_from,
                                                   salary_to, currency, period, salary_stated, of_company,
                                                   industry, posted_within, CASE WHEN by_title_and_place THEN 'far' ELSE 'near' END);
    far        CONSTANT text := hotgigs.job_filter(at_location, job_types, levels, remote_types, salary_from,
                                                   salary_to, currency, period, salary_stated, of_company,
                                                   industry, posted_within, 'far');
    filter     CONSTANT text := hotgigs.job_filter(at_location, job_types, levels, remote_types, salary_from,
                                                   salary_to, currency, period, salary_stated, of_company,
                                                   industry, posted_within, 'rest');
    matching   text := filter;
    tiers      text[];
    bases      text[] := '{}';
    conditions text[] := '{}';
    windows    integer[];
    newest     text;                -- in the order of views: where the newest 6,000 begin
    key        text;
    key_type   text;
    counted    bigint;
BEGIN
    IF by_words NOT IN ('relevance', 'newest', 'salary', 'title', 'views') THEN
        RAISE EXCEPTION 'no such order' USING ERRCODE = 'HG005';
    END IF;
    key := CASE by_words WHEN 'salary' THEN 'coalesce(%1$s.salary_max, %1$s.salary_min, -1)'
                         WHEN 'title'  THEN 'lower(%1$s.title)'
                         WHEN 'views'  THEN 'coalesce(%1$s.view_count, 0)'
                         ELSE 'coalesce(%1$s.created_at, ''-infinity'')' END;
    key_type := CASE WHEN by_words IN ('salary', 'views') THEN 'integer'
                     WHEN by_words = 'title' THEN 'text'
                     ELSE 'timestamp' END;

    IF asked IS NOT NULL THEN
        matching := filter || format(' AND %s @@ %L::tsquery', all_words, asked);
    END IF;
    tiers := CASE
        WHEN asked IS NULL OR by_words <> 'relevance' THEN ARRAY[matching]
        WHEN a_part IS NULL THEN
            ARRAY[filter || format(' AND %s @@ %L::tsquery', title_words, asked),
                  matching || format(' AND NOT %s @@ %L::tsquery', title_words, asked)]
        ELSE
            ARRAY[filter || format(' AND %s @@ %L::tsquery', title_words, asked),
                  matching || format(' AND %1$s @@ %2$L::tsquery AND NOT %1$s @@ %3$L::tsquery',
                                     title_words, a_part, asked),
                  matching || format(' AND NOT %s @@ %L::tsquery', title_words, a_part)]
        END;
    IF by_words = 'views' THEN
        BEGIN
            newest := CASE WHEN after_place IS NULL THEN coalesce(
                          (SELECT coalesce(j.created_at, '-infinity')
                           FROM   public.jobs j
                           WHERE  j.is_public AND j.employment_status = 'open'
                           ORDER  BY coalesce(j.created_at, '-infinity') DESC, j.id DESC
                           OFFSET 5999 LIMIT 1), '-infinity')
                      ELSE split_part(after_place, '@', 2)::timestamp END;
        EXCEPTION
            WHEN data_exception OR invalid_text_representation THEN
                RAISE EXCEPTION 'after_place is of no page' USING ERRCODE = 'HG005';
        END;
        tiers := ARRAY[matching || format(' AND coalesce(r.created_at, ''-infinity'') >= %L::timestamp', newest),
                       matching || format(' AND coalesce(r.created_at, ''-infinity'') < %L::timestamp', newest)];
    END IF;
    IF featured_first THEN
        bases := array_fill(base || ' AND %1$s.is_featured', ARRAY[cardinality(tiers)]);
        conditions := tiers;
        FOR i IN 1 .. cardinality(tiers) LOOP
            tiers[i] := tiers[i] || ' AND r.is_featured IS NOT TRUE';
        END LOOP;
    END IF;
    bases := bases || array_fill(base, ARRAY[cardinality(tiers)]);
    conditions := conditions || tiers;
    windows := CASE
        WHEN by_words = 'views' THEN ARRAY[NULL::integer]           -- its tiers are its windows
        WHEN is_plain THEN CASE WHEN has_place OR has_pay THEN ARRAY[10000, NULL] ELSE ARRAY[NULL::integer] END
        WHEN marks = 3 THEN ARRAY[6000, NULL]
        -- Skills have a window more: without an end, jobs are looked up one by one.
        WHEN wanted <> '[]' THEN ARRAY[500, 6000, 0, NULL]
        ELSE ARRAY[500, 6000, NULL]
        END;

    IF with_total THEN
        counted := hotgigs.total_of('public.jobs', format(base, 'r') || ' AND ' || matching
                                    || hotgigs.asks_for(wanted, 'true'));
    END IF;

    RETURN QUERY
    SELECT j.id, j.company_id, c.name::text, c.slug::text, c.logo_url, j.title::text, j.slug::text,
           j.location::text, j.job_type::text, j.experience_level::text, j.remote_type::text,
           j.salary_min, j.salary_max, j.salary_currency::text, j.salary_period::text, j.skills,
           coalesce(j.is_featured, false), j.application_deadline, coalesce(j.view_count, 0),
           j.created_at,
           cardinality(tiers) - (p.pass - 1) % cardinality(tiers),
           p.pass || ':' || p.sort_key || coalesce('@' || newest, ''), counted
    FROM   hotgigs.page_of('public.jobs', bases,
                           ARRAY(SELECT replace(c, filter, near)
                                 FROM   unnest(conditions) WITH ORDINALITY AS u(c, nth) ORDER BY nth),
                           ARRAY(SELECT replace(c, filter, far)
                                 FROM   unnest(conditions) WITH ORDINALITY AS u(c, nth) ORDER BY nth),
                           ARRAY(SELECT format(b, 'r') || ' AND ' || c
                                 FROM   unnest(bases, conditions) WITH ORDINALITY AS u(b, c, nth) ORDER BY nth),
                           wanted, NULL, windows,
                           is_plain AND NOT has_place AND NOT has_pay, key, key_type, by_words <> 'title',
                           CASE WHEN newest IS NULL THEN after_place ELSE split_part(after_place, '@', 1) END,
                           after_id, hotgigs.page_size(at_most))
               WITH ORDINALITY AS p(pass, sort_key, id, nth)
    JOIN   public.jobs j ON j.id = p.id
    LEFT   JOIN public.companies c ON c.id = j.company_id
    ORDER  BY p.nth;
END
$$;
COMMENT ON FUNCTION hotgigs.job_search(text, text, text[], text[], text[], integer, integer, text,
                                       text, boolean, text[], text[], uuid, text, integer, boolean,
                                       text, text, uuid, integer, boolean) IS
    'A page of the open public jobs that match, whoever asks.';
REVOKE ALL ON FUNCTION hotgigs.job_search(text, text, text[], text[], text[], integer, integer, text,
                                          text, boolean, text[], text[], uuid, text, integer, boolean,
                                          text, text, uuid, integer, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.job_search(text, text, text[], text[], text[], integer, integer,
                                             text, text, boolean, text[], text[], uuid, text, integer,
                                             boolean, text, text, uuid, integer, boolean)
    TO hotgigs_anon, hotgigs_candidate, hotgigs_company, hotgigs_freelancer, hotgigs_service;

-- DEFINER: as job_search.
CREATE FUNCTION hotgigs.job_facets(words text, location text, job_types text[], levels text[],
                                   remote_types text[], salary_from integer, salary_to integer,
                                   salary_currency text, salary_period text, salary_stated boolean,
                                   skills_any text[], skills_all text[], company_id uuid,
                                   industry text, posted_within integer)
RETURNS TABLE (facet text, value text, jobs bigint)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
ROWS 30
SET search_path = ''
AS $$
#variable_conflict use_column
DECLARE
    base      CONSTANT text := '%1$s.is_public AND %1$s.employment_status = ''open''';
    all_words CONSTANT text := 'hotgigs.job_words(r.title, r.skills, r.department, r.location, '
        'r.seo_keywords, r.description, r.requirements, r.responsibilities, r.benefits)';
    asked     CONSTANT tsquery := hotgigs.search_words(words);
    wanted    CONSTANT jsonb := hotgigs.wanted_skills(skills_any, skills_all);
    matching  text := hotgigs.job_filter(location, job_types, levels, remote_types, salary_from,
                                         salary_to, salary_currency, salary_period, salary_stated,
                                         company_id, industry, posted_within, 'rest');
BEGIN
    IF asked IS NOT NULL THEN
        matching := matching || format(' AND %s @@ %L::tsquery', all_words, asked);
    END IF;
    matching := matching || hotgigs.asks_for(wanted, 'true');
    RETURN QUERY
    SELECT f.facet, f.value, f.jobs
    FROM   hotgigs.facets_of(format(base, 'r') || ' AND ' || matching) f;
END
$$;
COMMENT ON FUNCTION hotgigs.job_facets(text, text, text[], text[], text[], integer, integer, text,
                                       text, boolean, text[], text[], uuid, text, integer) IS
    'How many open public jobs match, by type, level, remote and place.';
REVOKE ALL ON FUNCTION hotgigs.job_facets(text, text, text[], text[], text[], integer, integer, text,
                                          text, boolean, text[], text[], uuid, text, integer)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.job_facets(text, text, text[], text[], text[], integer, integer,
                                             text, text, boolean, text[], text[], uuid, text, integer)
    TO hotgigs_anon, hotgigs_candidate, hotgigs_company, hotgigs_freelancer, hotgigs_service;

-- A name that no open public job asks for is not suggested: it may be a secret. Up to 25 its count is
-- that of open public jobs; to look at more jobs costs too much for a key stroke, so above it is how
-- often the name is used at all, rounded down to two digits.
--
-- A prefix is a range of the pattern order, whose operators serve an index whatever the parameter is.
--
-- DEFINER: neither those operators nor lower() are leakproof.
CREATE FUNCTION hotgigs.skill_suggest(prefix text, at_most integer)
RETURNS TABLE (name text, jobs bigint)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
ROWS 10
SET search_path = ''
SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE
    wanted CONSTANT text := lower(ltrim(prefix));
BEGIN
    IF coalesce(wanted, '') = '' OR at_most NOT BETWEEN 1 AND 50 THEN
        RAISE EXCEPTION 'a suggestion needs a beginning, and at_most of 1 to 50' USING ERRCODE = 'HG005';
    END IF;
    RETURN QUERY
    SELECT u.name, CASE WHEN u.uses <= 25 THEN o.jobs ELSE u.rounded END
    FROM   (SELECT lower(s.skill_name) AS name, count(*) AS uses,
                   trunc(count(*)::numeric, 1 - floor(log(count(*)))::integer)::bigint AS rounded
            FROM   public.job_skills s
            WHERE  lower(s.skill_name) ~>=~ wanted
            AND    lower(s.skill_name) ~<~ (wanted || chr(1114111))
            GROUP  BY 1
            ORDER  BY 2 DESC, 1) u
    CROSS  JOIN LATERAL
           (SELECT count(*) AS jobs
            FROM   (SELECT s.job_id
                    FROM   public.job_skills s
                    JOIN   public.jobs j ON j.id = s.job_id
                    WHERE  lower(s.skill_name) = u.name
                    AND    j.is_public
                    AND    j.employment_status = 'open'
                    AND    (j.application_deadline IS NULL
                            OR j.application_deadline > now() AT TIME ZONE 'UTC')
                    LIMIT  CASE WHEN u.uses <= 25 THEN 25 ELSE 1 END) few) o
    WHERE  o.jobs > 0
    LIMIT  coalesce(at_most, 10);
END
$$;
COMMENT ON FUNCTION hotgigs.skill_suggest(text, integer) IS
    'Names of skills that open public jobs ask for and that begin so, the most used first.';
REVOKE ALL ON FUNCTION hotgigs.skill_suggest(text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.skill_suggest(text, integer)
    TO hotgigs_anon, hotgigs_candidate, hotgigs_company, hotgigs_freelancer, hotgigs_service;

-- ---- Candidates ---------------------------------------------------------------------------------

-- DEFINER: as job_search. The rule that it repeats: recruiters and freelancers find who opted in and
-- whose user is active. A salary that its owner does not show matches every range: a filter would
-- tell it by and by. An array of two dimensions, which a list of texts in C cannot be, is shown as one: a
-- candidate who stores one would else end the page of whoever finds him.
CREATE FUNCTION hotgigs.candidate_search(words text, skills_any text[], skills_all text[],
                                         years_from integer, years_to integer, available text[],
                                         education text[], locations text[], job_types text[],
                                         remote text, salary_from integer, salary_to integer,
                                         salary_currency text, not_applied_to uuid, sort text,
                                         after_place text, after_id uuid, at_most integer,
                                         with_total boolean)
RETURNS TABLE (id uuid, first_name text, last_name text, profile_image_url text, headline text,
               current_title text, current_company text, experience_years integer,
               education_level text, availability text, desired_salary_min integer,
               desired_salary_max integer, desired_salary_currency text, desired_job_types text[],
               desired_locations text[], remote_preference text, skills jsonb, created_at timestamp,
               relevance integer, place text, total bigint)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
ROWS 20
SET search_path = ''
AS $$
#variable_conflict use_column
DECLARE
    base        CONSTANT text := 'hotgigs.opted_in(%1$s.visibility_settings)';
    all_words   CONSTANT text := 'hotgigs.candidate_words(r.headline, r.current_title, r.skills, '
        'r.current_company, r.summary)';
    title_words CONSTANT text := 'hotgigs.title_words('
        'coalesce(r.headline, '''') || '' ; '' || coalesce(r.current_title, ''''))';
    marks       CONSTANT text := 'hotgigs.candidate_marks(r.availability, r.education_level, '
        'r.experience_years, r.remote_preference, r.desired_job_types, r.desired_locations, r.skills, '
        'r.desired_salary_min, r.desired_salary_max, r.desired_salary_currency, r.visibility_settings)';
    persona     CONSTANT text := current_setting('role');
    asked       CONSTANT tsquery := hotgigs.search_words(words);
    a_part      CONSTANT tsquery := hotgigs.part_of(asked);
    by_words    CONSTANT text := coalesce(sort, CASE WHEN asked IS NULL THEN 'newest' ELSE 'relevance' END);
    filter      text := 'true';
    active      CONSTANT text := ' AND EXISTS (SELECT FROM public.users u WHERE u.id = r.user_id AND u.is_active)';
    marked      CONSTANT integer := num_nonnulls(coalesce(years_from, years_to), available, education, locations,
                                                 job_types, remote);
    -- coalesce: not for an index, which the planner would read from end to end to leave out one row in three
    rest_base   CONSTANT text := CASE WHEN marked > 2
                                      THEN 'coalesce(hotgigs.opted_in(r.visibility_settings), false)'
                                      ELSE format(base, 'r') END;
    matching    text;
    tiers       text[];
    group_of    jsonb;
    key         text;
    key_type    text;
    counted     bigint;
BEGIN
    IF NOT (persona = 'hotgigs_service'
            OR persona = 'hotgigs_freelancer' AND hotgigs.my_user_id() IS NOT NULL
            OR persona = 'hotgigs_company'
               AND EXISTS (SELECT FROM hotgigs.my_companies('recruiter'))) THEN
        RAISE EXCEPTION 'only recruiters search for candidates' USING ERRCODE = 'HG004';
    END IF;
    IF by_words NOT IN ('relevance', 'newest', 'experience') THEN
        RAISE EXCEPTION 'no such order' USING ERRCODE = 'HG005';
    END IF;
    IF salary_from > salary_to OR years_from > years_to THEN
        RAISE EXCEPTION 'no such range' USING ERRCODE = 'HG005';
    END IF;

    FOR group_of IN SELECT jsonb_array_elements(hotgigs.wanted_skills(skills_any, skills_all)) LOOP
        filter := filter || ' AND '
            || hotgigs.has_mark(marks, 'skill', ARRAY(SELECT jsonb_array_elements_text(group_of)));
    END LOOP;
    IF years_from IS NOT NULL OR years_to IS NOT NULL THEN
        filter := filter || format(' AND r.experience_years BETWEEN %s AND %s',
                                   coalesce(years_from, 0), coalesce(years_to, 100));
        IF years_from IS NOT NULL THEN
            filter := filter || format(' AND %s && %L::text[]', marks,
                                       hotgigs.amounts_beyond('years', years_from, true));
        END IF;
        IF years_to IS NOT NULL THEN
            filter := filter || format(' AND %s && %L::text[]', marks,
                                       hotgigs.amounts_beyond('years', years_to, false));
        END IF;
    END IF;
    IF available IS NOT NULL THEN
        filter := filter || ' AND ' || hotgigs.has_mark(marks, 'available', available);
    END IF;
    IF education IS NOT NULL THEN
        filter := filter || ' AND ' || hotgigs.has_mark(marks, 'education', hotgigs.folded(education));
    END IF;
    IF cardinality(hotgigs.folded(locations)) > 0 THEN
        filter := filter || ' AND ' || hotgigs.has_mark(marks, 'place', hotgigs.folded(locations));
    END IF;
    IF job_types IS NOT NULL THEN
        filter := filter || ' AND '
            || hotgigs.has_mark(marks, 'type', hotgigs.folded(job_types) || 'any'::text);
    END IF;
    IF remote IS NOT NULL THEN
        filter := filter || ' AND ' || hotgigs.has_mark(marks, 'remote', ARRAY[remote, 'any']);
    END IF;
    IF salary_from IS NOT NULL OR salary_to IS NOT NULL THEN
        filter := filter || format(
            ' AND (r.visibility_settings @> ''{"salary_visible": true}'' IS NOT TRUE'
            ' OR r.desired_salary_min IS NULL AND r.desired_salary_max IS NULL'
            ' OR (r.desired_salary_min IS NULL OR %1$L::integer IS NULL OR r.desired_salary_min <= %1$L::integer)'
            ' AND (r.desired_salary_max IS NULL OR %2$L::integer IS NULL OR r.desired_salary_max >= %2$L::integer)'
            ' AND (%3$L::text IS NULL OR r.desired_salary_currency = upper(%3$L)))',
            salary_to, salary_from, salary_currency);
        filter := filter
            || CASE WHEN salary_from IS NOT NULL
                    THEN format(' AND %s && %L::text[]', marks, hotgigs.amounts_beyond('most', salary_from, true))
                    ELSE '' END
            || CASE WHEN salary_to IS NOT NULL
                    THEN format(' AND %s && %L::text[]', marks, hotgigs.amounts_beyond('least', salary_to, false))
                    ELSE '' END
            || CASE WHEN salary_currency IS NOT NULL
                    THEN ' AND ' || hotgigs.has_mark(marks, 'currency', ARRAY[upper(salary_currency), 'open'])
                    ELSE '' END;
    END IF;
    IF not_applied_to IS NOT NULL THEN
        IF persona <> 'hotgigs_service'
           AND NOT EXISTS (SELECT FROM public.jobs j
                           WHERE  j.id = not_applied_to
                           AND    j.company_id = ANY (ARRAY(SELECT hotgigs.my_companies()))) THEN
            RAISE EXCEPTION 'no such job' USING ERRCODE = 'HG001';
        END IF;
        filter := filter || format(' AND NOT EXISTS (SELECT FROM public.applications a'
                                   ' WHERE a.candidate_id = r.id AND a.job_id = %L::uuid)',
                                   not_applied_to);
    END IF;

    matching := filter;
    IF asked IS NOT NULL THEN
        matching := filter || format(' AND %s @@ %L::tsquery', all_words, asked);
    END IF;
    tiers := CASE
        WHEN asked IS NULL OR by_words <> 'relevance' THEN ARRAY[matching]
        WHEN a_part IS NULL THEN
            ARRAY[filter || format(' AND %s @@ %L::tsquery', title_words, asked),
                  matching || format(' AND NOT %s @@ %L::tsquery', title_words, asked)]
        ELSE
            ARRAY[filter || format(' AND %s @@ %L::tsquery', title_words, asked),
                  matching || format(' AND %1$s @@ %2$L::tsquery AND NOT %1$s @@ %3$L::tsquery',
                                     title_words, a_part, asked),
                  matching || format(' AND NOT %s @@ %L::tsquery', title_words, a_part)]
        END;
    key := CASE by_words WHEN 'experience' THEN 'coalesce(%1$s.experience_years, -1)'
                         ELSE 'coalesce(%1$s.created_at, ''-infinity'')' END;
    key_type := CASE by_words WHEN 'experience' THEN 'integer' ELSE 'timestamp' END;

    IF with_total THEN
        counted := hotgigs.total_of('public.candidate_profiles',
                                    format(base, 'r') || ' AND ' || matching || active);
    END IF;

    RETURN QUERY
    SELECT c.id, u.first_name::text, u.last_name::text, u.profile_image_url, c.headline::text,
           c.current_title::text, c.current_company::text, c.experience_years,
           c.education_level::text, c.availability::text,
           CASE WHEN s.shown THEN c.desired_salary_min END,
           CASE WHEN s.shown THEN c.desired_salary_max END,
           CASE WHEN s.shown THEN c.desired_salary_currency::text END,
           CASE WHEN array_ndims(c.desired_job_types) > 1 THEN ARRAY(SELECT unnest(c.desired_job_types))
                ELSE c.desired_job_types END,
           CASE WHEN array_ndims(c.desired_locations) > 1 THEN ARRAY(SELECT unnest(c.desired_locations))
                ELSE c.desired_locations END,
           c.remote_preference::text, c.skills,
           c.created_at, cardinality(tiers) - p.pass + 1, p.pass || ':' || p.sort_key, counted
    FROM   hotgigs.page_of('public.candidate_profiles', array_fill(base, ARRAY[cardinality(tiers)]),
                           tiers, tiers,
                           ARRAY(SELECT rest_base || ' AND ' || t
                                 FROM   unnest(tiers) WITH ORDINALITY AS u(t, nth) ORDER BY nth),
                           '[]', 'user_id',
                           CASE WHEN marked > 2 THEN ARRAY[6000, NULL] ELSE ARRAY[500, 6000, NULL] END, false,
                           key, key_type, true, after_place, after_id, hotgigs.page_size(at_most))
               WITH ORDINALITY AS p(pass, sort_key, id, nth)
    JOIN   public.candidate_profiles c ON c.id = p.id
    CROSS  JOIN LATERAL (SELECT c.visibility_settings @> '{"salary_visible": true}' AS shown) s
    LEFT   JOIN public.users u ON u.id = c.user_id
    ORDER  BY p.nth;
END
$$;
COMMENT ON FUNCTION hotgigs.candidate_search(text, text[], text[], integer, integer, text[], text[],
                                             text[], text[], text, integer, integer, text, uuid,
                                             text, text, uuid, integer, boolean) IS
    'A page of the candidates who opted in and match, for recruiters.';
REVOKE ALL ON FUNCTION hotgigs.candidate_search(text, text[], text[], integer, integer, text[],
                                                text[], text[], text[], text, integer, integer, text,
                                                uuid, text, text, uuid, integer, boolean)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.candidate_search(text, text[], text[], integer, integer, text[],
                                                   text[], text[], text[], text, integer, integer,
                                                   text, uuid, text, text, uuid, integer, boolean)
    TO hotgigs_company, hotgigs_freelancer, hotgigs_service;

COMMIT;
