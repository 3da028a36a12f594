-- Steps of jobs and their skills: what has to be one whole, or is not the caller's to write.
--
-- Needs:  jobs (106), job_skills (107), applications (204), interviews (206), ai_job_matches (302),
--         analytics_events (304), referrals (402), tasks (405), the helpers (004),
--         reach_company() (460).
--
-- Each is one call of the library (sql/operations/job_*.sql), and all of it happens or none.

BEGIN;
SET LOCAL ROLE hotgigs_owner;

-- One more view of a public job. A job that nobody sees is not counted, and nobody is told whether
-- it is there. The event comes first, since the job's row is a hot one: it is locked last.
--
-- DEFINER: no persona may write the counter.
CREATE FUNCTION hotgigs.job_count_view(job uuid, session text)
RETURNS void
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
SET search_path = ''
AS $$
BEGIN
    INSERT INTO public.analytics_events (user_id, event_type, event_data, session_id, created_at)
    SELECT hotgigs.my_user_id(), 'job_view', jsonb_build_object('job_id', j.id), session,
           clock_timestamp() AT TIME ZONE 'UTC'
    FROM   public.jobs j
    WHERE  j.id = job
    AND    j.is_public
    AND    session IS NOT NULL;
    UPDATE public.jobs j
    SET    view_count = coalesce(j.view_count, 0) + 1
    WHERE  j.id = job
    AND    j.is_public;
END
$$;
COMMENT ON FUNCTION hotgigs.job_count_view(uuid, text) IS
    'Counts one view of a public job, and keeps it as an event if the session is told.';
REVOKE ALL ON FUNCTION hotgigs.job_count_view(uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.job_count_view(uuid, text)
    TO hotgigs_anon, hotgigs_candidate, hotgigs_company, hotgigs_freelancer, hotgigs_service;

-- Locks one job for a step and gives its company; fails as reach_company (460) does.
CREATE FUNCTION hotgigs.lock_job(job uuid, at_least text)
RETURNS uuid
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = ''
AS $$
DECLARE
    company uuid;
BEGIN
    SELECT j.company_id INTO company FROM public.jobs j WHERE j.id = job;
    PERFORM hotgigs.reach_company(company, at_least, 'job');
    PERFORM FROM public.jobs j WHERE j.id = job FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such job' USING ERRCODE = 'HG001';
    END IF;
    RETURN company;
END
$$;
COMMENT ON FUNCTION hotgigs.lock_job(uuid, text) IS
    'Locks a job that the caller may change; for the steps alone.';
REVOKE ALL ON FUNCTION hotgigs.lock_job(uuid, text) FROM PUBLIC;

-- A slug that no job of the company has, made from wanted. A second maker in the same company waits
-- until the transaction ends, since the document has no unique key. Letters of any script stay;
-- without any the slug is job.
CREATE FUNCTION hotgigs.free_job_slug(company uuid, wanted text)
RETURNS text
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = ''
AS $$
DECLARE
    base   CONSTANT text := coalesce(nullif(btrim(left(
        regexp_replace(lower(wanted), '[^[:alnum:]]+', '-', 'g'), 200), '-'), ''), 'job');
    found_slug text := base;
    number integer := 1;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('hotgigs.job_slug ' || company, 0));
    WHILE EXISTS (SELECT FROM public.jobs j WHERE j.company_id = company AND j.slug = found_slug) LOOP
        number := number + 1;
        found_slug := base || '-' || number;
    END LOOP;
    RETURN found_slug;
END
$$;
COMMENT ON FUNCTION hotgigs.free_job_slug(uuid, text) IS
    'A slug that no job of the company has; for the steps alone.';
REVOKE ALL ON FUNCTION hotgigs.free_job_slug(uuid, text) FROM PUBLIC;

-- The rows of job_skills that an array of names or of {name, level, is_required} stands for; the first
-- of each name, whatever its case.
CREATE FUNCTION hotgigs.read_skills(skills jsonb)
RETURNS TABLE (name text, level text, is_required boolean)
LANGUAGE plpgsql
IMMUTABLE
SET search_path = ''
AS $$
BEGIN
    IF jsonb_typeof(skills) <> 'array' THEN
        RAISE EXCEPTION 'skills is no array' USING ERRCODE = 'HG005';
    END IF;
    IF EXISTS (SELECT
               FROM   jsonb_array_elements(skills) AS e(skill)
               CROSS  JOIN LATERAL (SELECT CASE jsonb_typeof(e.skill)
                                               WHEN 'string' THEN e.skill #>> '{}'
                                               WHEN 'object' THEN e.skill ->> 'name'
                                           END) AS n(name)
               WHERE  coalesce(btrim(n.name), '') = ''
               OR     length(btrim(n.name)) > 100
               OR     e.skill ->> 'level' NOT IN ('beginner', 'intermediate', 'advanced', 'expert')
               OR     jsonb_typeof(e.skill -> 'is_required') NOT IN ('boolean', 'null')) THEN
        RAISE EXCEPTION 'a skill is a name or {name, level, is_required}' USING ERRCODE = 'HG005';
    END IF;
    RETURN QUERY
    SELECT f.name, f.level, f.is_required
    FROM   (SELECT DISTINCT ON (lower(btrim(n.name)))
                   btrim(n.name) AS name, e.skill ->> 'level' AS level,
                   coalesce((e.skill ->> 'is_required')::boolean, true) AS is_required, e.nth
            FROM   jsonb_array_elements(skills) WITH ORDINALITY AS e(skill, nth)
            CROSS  JOIN LATERAL (SELECT CASE jsonb_typeof(e.skill)
                                            WHEN 'string' THEN e.skill #>> '{}'
                                            ELSE e.skill ->> 'name'
                                        END) AS n(name)
            ORDER  BY lower(btrim(n.name)), e.nth) f
    ORDER  BY f.nth;
END
$$;
COMMENT ON FUNCTION hotgigs.read_skills(jsonb) IS
    'An array of skills as rows; for the steps alone.';
REVOKE ALL ON FUNCTION hotgigs.read_skills(jsonb) FROM PUBLIC;

-- DEFINER: the slug is looked up among all jobs of the company, under a lock.
CREATE FUNCTION hotgigs.job_create(company_id uuid, title text, slug text, description text,
                                   requirements text, responsibilities text, benefits text,
                                   job_type text, experience_level text, location text,
                                   remote_type text, salary_min integer, salary_max integer,
                                   salary_currency text, salary_period text, department text,
                                   employment_status text, application_deadline timestamp,
                                   is_featured boolean, is_public boolean, seo_keywords text[],
                                   skills jsonb)
RETURNS SETOF public.jobs
LANGUAGE plpgsql
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
#variable_conflict use_column
DECLARE
    made public.jobs;
BEGIN
    PERFORM hotgigs.reach_company(job_create.company_id, 'recruiter');
    IF btrim(job_create.title) = '' OR job_create.salary_min > job_create.salary_max THEN
        RAISE EXCEPTION 'a job has a title, and a salary that does not end below its beginning'
            USING ERRCODE = 'HG005';
    END IF;

    INSERT INTO public.jobs (company_id, posted_by, title, slug, description, requirements,
                             responsibilities, benefits, job_type, experience_level, location,
                             remote_type, salary_min, salary_max, salary_currency, salary_period,
                             department, employment_status, application_deadline, is_featured,
                             is_public, seo_keywords, skills)
    VALUES (job_create.company_id, hotgigs.my_user_id(), btrim(job_create.title),
            hotgigs.free_job_slug(job_create.company_id,
                                  coalesce(nullif(job_create.slug, ''), job_create.title)),
            job_create.description, job_create.requirements, job_create.responsibilities,
            job_create.benefits, job_create.job_type, job_create.experience_level,
            job_create.location, job_create.remote_type, job_create.salary_min,
            job_create.salary_max, coalesce(job_create.salary_currency, 'USD'),
            coalesce(job_create.salary_period, 'yearly'), job_create.department,
            coalesce(job_create.employment_status, 'open'), job_create.application_deadline,
            coalesce(job_create.is_featured, false), coalesce(job_create.is_public, true),
            job_create.seo_keywords, coalesce(job_create.skills, '[]'))
    RETURNING * INTO made;

    INSERT INTO public.job_skills (job_id, skill_name, skill_level, is_required)
    SELECT made.id, s.name, s.level, s.is_required
    FROM   hotgigs.read_skills(coalesce(job_create.skills, '[]')) s;
    RETURN NEXT made;
END
$$;
COMMENT ON FUNCTION hotgigs.job_create(uuid, text, text, text, text, text, text, text, text, text,
                                       text, integer, integer, text, text, text, text, timestamp,
                                       boolean, boolean, text[], jsonb) IS
    'Makes a job with its skills; its slug is the only one of its kind in the company.';
REVOKE ALL ON FUNCTION hotgigs.job_create(uuid, text, text, text, text, text, text, text, text, text,
                                          text, integer, integer, text, text, text, text, timestamp,
                                          boolean, boolean, text[], jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.job_create(uuid, text, text, text, text, text, text, text, text,
                                             text, text, integer, integer, text, text, text, text,
                                             timestamp, boolean, boolean, text[], jsonb)
    TO hotgigs_company, hotgigs_service;

-- jobs.skills is written with the rows, so that the two do not drift apart.
--
-- DEFINER: the job is locked first, so that of two replacements one is there as a whole.
CREATE FUNCTION hotgigs.job_skills_replace(job_id uuid, skills jsonb)
RETURNS SETOF public.job_skills
LANGUAGE plpgsql
SECURITY DEFINER
ROWS 10
SET search_path = ''
AS $$
#variable_conflict use_column
BEGIN
    PERFORM hotgigs.lock_job(job_skills_replace.job_id, 'recruiter');
    DELETE FROM public.job_skills s WHERE s.job_id = job_skills_replace.job_id;
    UPDATE public.jobs j SET skills = job_skills_replace.skills WHERE j.id = job_skills_replace.job_id;
    RETURN QUERY
    INSERT INTO public.job_skills (job_id, skill_name, skill_level, is_required)
    SELECT job_skills_replace.job_id, s.name, s.level, s.is_required
    FROM   hotgigs.read_skills(job_skills_replace.skills) s
    RETURNING *;
END
$$;
COMMENT ON FUNCTION hotgigs.job_skills_replace(uuid, jsonb) IS
    'Gives a job these skills instead of those that it has.';
REVOKE ALL ON FUNCTION hotgigs.job_skills_replace(uuid, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.job_skills_replace(uuid, jsonb) TO hotgigs_company, hotgigs_service;

-- DEFINER: as job_create.
CREATE FUNCTION hotgigs.job_duplicate(job_id uuid, title text)
RETURNS SETOF public.jobs
LANGUAGE plpgsql
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
#variable_conflict use_column
DECLARE
    company CONSTANT uuid := hotgigs.lock_job(job_duplicate.job_id, 'recruiter');
    called  CONSTANT text := nullif(btrim(job_duplicate.title), '');
    made    public.jobs;
BEGIN
    INSERT INTO public.jobs (company_id, posted_by, title, slug, description, requirements,
                             responsibilities, benefits, job_type, experience_level, location,
                             remote_type, salary_min, salary_max, salary_currency, salary_period,
                             skills, department, employment_status, is_featured, is_public,
                             ai_generated_content, seo_keywords)
    SELECT j.company_id, hotgigs.my_user_id(), coalesce(called, j.title),
           hotgigs.free_job_slug(company, coalesce(called, j.title)),
           j.description, j.requirements, j.responsibilities, j.benefits, j.job_type,
           j.experience_level, j.location, j.remote_type, j.salary_min, j.salary_max,
           j.salary_currency, j.salary_period, j.skills, j.department, 'draft', false, false,
           j.ai_generated_content, j.seo_keywords
    FROM   public.jobs j
    WHERE  j.id = job_duplicate.job_id
    RETURNING * INTO made;

    INSERT INTO public.job_skills (job_id, skill_name, skill_level, is_required)
    SELECT made.id, s.skill_name, s.skill_level, s.is_required
    FROM   public.job_skills s
    WHERE  s.job_id = job_duplicate.job_id;
    RETURN NEXT made;
END
$$;
COMMENT ON FUNCTION hotgigs.job_duplicate(uuid, text) IS
    'Copies a job with its skills: a draft, unpublished, counters at 0, no deadline.';
REVOKE ALL ON FUNCTION hotgigs.job_duplicate(uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.job_duplicate(uuid, text) TO hotgigs_company, hotgigs_service;

-- FOR UPDATE: a new application, whose foreign key takes a lock too, waits and then finds no job.
--
-- DEFINER: tasks refer to applications without a cascade, and those of another company are out of the
-- caller's reach.
CREATE FUNCTION hotgigs.job_remove(job_id uuid)
RETURNS TABLE (applications bigint, interviews bigint, skills bigint, matches bigint,
               referrals bigint, tasks_unlinked bigint)
LANGUAGE plpgsql
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
#variable_conflict use_column
DECLARE
    these uuid[];
BEGIN
    PERFORM hotgigs.lock_job(job_remove.job_id, 'admin');
    PERFORM FROM public.jobs j WHERE j.id = job_remove.job_id FOR UPDATE;

    these := ARRAY(SELECT a.id FROM public.applications a WHERE a.job_id = job_remove.job_id);
    applications := cardinality(these);
    interviews := (SELECT count(*) FROM public.interviews i WHERE i.application_id = ANY (these));
    skills := (SELECT count(*) FROM public.job_skills s WHERE s.job_id = job_remove.job_id);
    matches := (SELECT count(*) FROM public.ai_job_matches m WHERE m.job_id = job_remove.job_id);
    referrals := (SELECT count(*) FROM public.referrals r WHERE r.job_id = job_remove.job_id);

    UPDATE public.tasks t SET related_application_id = NULL WHERE t.related_application_id = ANY (these);
    GET DIAGNOSTICS tasks_unlinked = ROW_COUNT;
    DELETE FROM public.jobs j WHERE j.id = job_remove.job_id;
    RETURN NEXT;
END
$$;
COMMENT ON FUNCTION hotgigs.job_remove(uuid) IS
    'Deletes a job and what hangs on it; tasks stay, without the application.';
REVOKE ALL ON FUNCTION hotgigs.job_remove(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.job_remove(uuid) TO hotgigs_company, hotgigs_service;

-- The jobs are locked in the order of their ids, as the trigger that counts does, and counted by a
-- later statement: what was committed until the lock is seen, and what waits for it counts itself.
--
-- DEFINER: two statements in one call; the service might do each.
CREATE FUNCTION hotgigs.job_counters_repair(of_company uuid)
RETURNS TABLE (job_id uuid, was integer, is_now integer)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = ''
SET plan_cache_mode = force_custom_plan     -- one for a company, another for all
AS $$
#variable_conflict use_column
BEGIN
    PERFORM
    FROM   public.jobs j
    WHERE  of_company IS NULL OR j.company_id = of_company
    ORDER  BY j.id
    FOR    NO KEY UPDATE;

    RETURN QUERY
    WITH drifted AS (
        SELECT j.id, j.application_count AS was, count(a.id)::integer AS is_now
        FROM   public.jobs j
        LEFT   JOIN public.applications a ON a.job_id = j.id
        WHERE  of_company IS NULL OR j.company_id = of_company
        GROUP  BY j.id
        HAVING j.application_count IS DISTINCT FROM count(a.id)
    ), repaired AS (
        UPDATE public.jobs j
        SET    application_count = d.is_now
        FROM   drifted d
        WHERE  j.id = d.id
    )
    SELECT d.id, d.was, d.is_now FROM drifted d ORDER BY d.id;
END
$$;
COMMENT ON FUNCTION hotgigs.job_counters_repair(uuid) IS
    'Sets application_count to what there is, and tells where it was not so.';
REVOKE ALL ON FUNCTION hotgigs.job_counters_repair(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.job_counters_repair(uuid) TO hotgigs_service;

-- DEFINER: under the policies each skill asks for its job by itself. The rule: a company's jobs for
-- its members, else the open public ones.
CREATE FUNCTION hotgigs.skill_demand(days integer, of_company uuid, at_most integer)
RETURNS TABLE (skill text, jobs bigint, required bigint, average_salary numeric)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
ROWS 20
SET search_path = ''
SET plan_cache_mode = force_custom_plan     -- one for a company, another for a window
AS $$
#variable_conflict use_column
BEGIN
    IF of_company IS NOT NULL THEN
        PERFORM hotgigs.reach_company(of_company, 'viewer');
    END IF;
    IF days NOT BETWEEN 1 AND 36500 THEN
        RAISE EXCEPTION 'the window is 1 to 36500 days' USING ERRCODE = 'HG005';
    END IF;
    RETURN QUERY
    SELECT lower(s.skill_name), count(DISTINCT j.id),
           count(DISTINCT j.id) FILTER (WHERE s.is_required),
           round(avg((coalesce(j.salary_min, j.salary_max)::numeric
                      + coalesce(j.salary_max, j.salary_min)) / 2)
                     FILTER (WHERE j.salary_period = 'yearly' AND j.salary_currency = 'USD'), 2)
    FROM   public.jobs j
    JOIN   public.job_skills s ON s.job_id = j.id
    WHERE  (days IS NULL
            OR j.created_at >= now() AT TIME ZONE 'UTC' - make_interval(days => days))
    AND    CASE WHEN of_company IS NULL THEN j.is_public AND j.employment_status = 'open'
                ELSE j.company_id = of_company
           END
    GROUP  BY 1
    ORDER  BY 3 DESC, 2 DESC, 1
    LIMIT  hotgigs.page_size(at_most);
END
$$;
COMMENT ON FUNCTION hotgigs.skill_demand(integer, uuid, integer) IS
    'How many jobs ask for which skills, and what they pay: open public ones, or a company''s.';
REVOKE ALL ON FUNCTION hotgigs.skill_demand(integer, uuid, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.skill_demand(integer, uuid, integer)
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer, hotgigs_service;

-- For hotgigs.job_similar. It tells of open public jobs, what everybody may know.
--
-- One level after the other: the jobs that share the most skills, then those that share one less. How many they share, an
-- index says without the jobs. Of a level that is many jobs the newest are looked for from the newest open job on, which costs
-- a page for two hundred of them, and a look at each of the level's jobs four pages; where they are old or closed, so that
-- twenty thousand newer jobs give too few, or where the level is small, each is looked at.
--
-- DEFINER: under the policies each row of every skill asks for its job by itself.
CREATE FUNCTION hotgigs.jobs_like(of_job uuid, of_company uuid, skills text[], at_most integer)
RETURNS TABLE (job_id uuid, shared_skills bigint)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
ROWS 10
SET search_path = ''
SET enable_seqscan = off                    -- of many that share a skill the planner would rather read all jobs, texts and all,
SET enable_bitmapscan = off                 -- or the skills' own pages, where the index says it
SET plan_cache_mode = force_custom_plan     -- a list that is known is looked up in by hashing
AS $$
#variable_conflict use_column
DECLARE
    wanted integer := greatest(at_most, 0);
    level  record;
    own    uuid[];
    others uuid[];
    found  uuid[];
BEGIN
    own := ARRAY(SELECT j.id FROM public.jobs j
                 WHERE  j.company_id = of_company AND j.id <> of_job AND j.employment_status = 'open' AND j.is_public
                 ORDER  BY coalesce(j.created_at, '-infinity') DESC, j.id DESC);
    FOR level IN
        SELECT s.skills AS shared, array_agg(s.job_id) AS ids
        FROM   (SELECT d.job_id, count(*) AS skills
                FROM   (SELECT DISTINCT s.job_id, lower(s.skill_name) FROM public.job_skills s
                        WHERE  lower(s.skill_name) = ANY (skills) AND s.job_id <> of_job) d
                GROUP  BY d.job_id) s
        GROUP  BY s.skills
        UNION  ALL
        SELECT 0, '{}'
        ORDER  BY 1 DESC
    LOOP
        EXIT WHEN wanted = 0;
        found := ARRAY(SELECT o.id FROM unnest(own) WITH ORDINALITY AS o (id, place)
                       WHERE  level.shared = 0 OR o.id = ANY (level.ids)
                       ORDER  BY o.place
                       LIMIT  wanted);
        RETURN QUERY SELECT f.id, level.shared FROM unnest(found) AS f (id);
        wanted := wanted - cardinality(found);

        CONTINUE WHEN level.shared = 0 OR wanted = 0;
        others := ARRAY(SELECT i.id FROM unnest(level.ids) AS i (id) EXCEPT SELECT o.id FROM unnest(own) AS o (id));
        own := ARRAY(SELECT o.id FROM unnest(own) WITH ORDINALITY AS o (id, place)
                     WHERE  o.id <> ALL (found)
                     ORDER  BY o.place);
        found := NULL;
        IF cardinality(others) > 60 THEN
            found := ARRAY(SELECT n.id
                           FROM   (SELECT o.job_id AS id FROM hotgigs.open_jobs o
                                   ORDER  BY o.newest DESC, o.job_id DESC
                                   LIMIT  20000) n
                           WHERE  n.id = ANY (others)
                           LIMIT  wanted);
        END IF;
        IF found IS NULL OR cardinality(found) < wanted THEN
            found := ARRAY(SELECT j.id FROM public.jobs j
                           WHERE  j.id = ANY (others) AND j.employment_status = 'open' AND j.is_public
                           ORDER  BY coalesce(j.created_at, '-infinity') DESC, j.id DESC
                           LIMIT  wanted);
        END IF;
        RETURN QUERY SELECT f.id, level.shared FROM unnest(found) AS f (id);
        wanted := wanted - cardinality(found);
    END LOOP;
END
$$;
COMMENT ON FUNCTION hotgigs.jobs_like(uuid, uuid, text[], integer) IS
    'Open public jobs that ask for these skills or are this company''s, most alike first, without this one.';
REVOKE ALL ON FUNCTION hotgigs.jobs_like(uuid, uuid, text[], integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.jobs_like(uuid, uuid, text[], integer)
    TO hotgigs_anon, hotgigs_candidate, hotgigs_company, hotgigs_freelancer, hotgigs_service;

COMMIT;
