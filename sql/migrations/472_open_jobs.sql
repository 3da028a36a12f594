-- open_jobs: the open public jobs as job_search finds them.
--
-- Needs:  jobs (106), job_skills (107), companies (104), the marks of searches (470).
--
-- What a search asks of a job stands in three tables: in jobs, in job_skills, in companies. No index of one knows the
-- others. Here it stands in one row, whose tsvector (470) answers whatever is asked for together, beside the keys of the
-- orders and what a page shows of the company. jobs itself has no index for the search: a page view, or any other change
-- of a job that no search asks for, writes none.
--
-- Kept by triggers, for the search alone. All that change what a job is found by take its turn, so they wait for each
-- other, and the last one sees what the ones before wrote.

BEGIN;
SET LOCAL ROLE hotgigs_owner;

CREATE TABLE hotgigs.open_jobs (
    job_id       uuid      PRIMARY KEY,
    newest       timestamp NOT NULL,
    salary       integer   NOT NULL,
    title        text      COLLATE "C" NOT NULL,
    views        integer   NOT NULL,
    deadline     timestamp,
    salary_min   integer,
    salary_max   integer,
    place        text,
    finds        tsvector  NOT NULL,
    company_name text,
    company_slug text,
    company_logo text
) WITH (fillfactor = 80);
-- The room is for a row of a company that is renamed: of 1,190 jobs 0.2 s, and 8 s where each is written into all indexes anew.
COMMENT ON TABLE  hotgigs.open_jobs              IS 'An open public job as job_search finds it.';
COMMENT ON COLUMN hotgigs.open_jobs.job_id       IS 'The job.';
COMMENT ON COLUMN hotgigs.open_jobs.newest       IS 'Its created_at, UTC; -infinity where it has none.';
COMMENT ON COLUMN hotgigs.open_jobs.salary       IS 'Its salary_max, or else salary_min, or else -1.';
COMMENT ON COLUMN hotgigs.open_jobs.title        IS 'Its title in small letters.';
COMMENT ON COLUMN hotgigs.open_jobs.views        IS 'Its view_count in steps: see views_step().';
COMMENT ON COLUMN hotgigs.open_jobs.deadline     IS 'Its application_deadline, UTC; NULL: none.';
COMMENT ON COLUMN hotgigs.open_jobs.salary_min   IS 'As in jobs.';
COMMENT ON COLUMN hotgigs.open_jobs.salary_max   IS 'As in jobs.';
COMMENT ON COLUMN hotgigs.open_jobs.place        IS 'Its location.';
COMMENT ON COLUMN hotgigs.open_jobs.finds        IS 'Its words and marks.';
COMMENT ON COLUMN hotgigs.open_jobs.company_name IS 'Its company''s name, for the page that shows it; NULL: it has no company.';
COMMENT ON COLUMN hotgigs.open_jobs.company_slug IS 'Its company''s slug.';
COMMENT ON COLUMN hotgigs.open_jobs.company_logo IS 'Its company''s logo_url; of a longer one, which may be a picture, 1,001 characters.';
-- No grants: the functions below read and write it, and the searches.

-- What is in the index's pending list is read by each search: 32 pages at most.
CREATE INDEX open_jobs_finds_idx ON hotgigs.open_jobs USING gin (finds) WITH (gin_pending_list_limit = 256);
-- What samples are taken from: of each list an eighth.
CREATE INDEX open_jobs_finds_sample_idx ON hotgigs.open_jobs USING gin (finds) WITH (gin_pending_list_limit = 64)
    WHERE uuid_hash(job_id) & 7 < 1;

-- The orders. Ascending, and read backwards but for titles: what is new comes at the right end, where pages fill up.
CREATE INDEX open_jobs_newest_idx ON hotgigs.open_jobs (newest, job_id);
CREATE INDEX open_jobs_salary_idx ON hotgigs.open_jobs (salary, job_id);
CREATE INDEX open_jobs_title_idx ON hotgigs.open_jobs (title, job_id);
CREATE INDEX open_jobs_views_idx ON hotgigs.open_jobs (views, job_id);

-- The same, coarse: of equal entries an index keeps one, with six bytes a row, so what lies between two places is a few pages
-- even where nothing of it is found. No column by itself: a condition on that could be for either index.
CREATE INDEX open_jobs_newest_group_idx ON hotgigs.open_jobs ((newest::date));
CREATE INDEX open_jobs_salary_group_idx ON hotgigs.open_jobs (hotgigs.id_group(salary, job_id));
CREATE INDEX open_jobs_title_group_idx ON hotgigs.open_jobs ((left(title, 16)));
CREATE INDEX open_jobs_views_group_idx ON hotgigs.open_jobs (hotgigs.id_group(views, job_id));
-- Of samples. PostgreSQL ANDs no two indexes of one predicate: so this is the same one in 8 in other words.
CREATE INDEX open_jobs_newest_group_sample_idx ON hotgigs.open_jobs ((newest::date)) WHERE abs(uuid_hash(job_id) % 8) < 1;
CREATE INDEX open_jobs_salary_group_sample_idx ON hotgigs.open_jobs (hotgigs.id_group(salary, job_id))
    WHERE abs(uuid_hash(job_id) % 8) < 1;
CREATE INDEX open_jobs_title_group_sample_idx ON hotgigs.open_jobs ((left(title, 16))) WHERE abs(uuid_hash(job_id) % 8) < 1;
CREATE INDEX open_jobs_views_group_sample_idx ON hotgigs.open_jobs (hotgigs.id_group(views, job_id))
    WHERE abs(uuid_hash(job_id) % 8) < 1;

-- Who changes what a job is found by takes its turn first, which is a write: of two transactions that see one state of the
-- tables (repeatable read) the later one fails, and does not miss what the other wrote.
CREATE TABLE hotgigs.open_job_turns (
    job_id uuid   PRIMARY KEY,
    turn   bigint NOT NULL
);
COMMENT ON TABLE  hotgigs.open_job_turns        IS 'Whose turn it is to say what a job is found by: who holds its row.';
COMMENT ON COLUMN hotgigs.open_job_turns.job_id IS 'The job; none that was never changed.';
COMMENT ON COLUMN hotgigs.open_job_turns.turn   IS 'How often.';
-- No grants: the functions below write it.

-- What the planner does not know it cannot be wrong about, as it would be of a million rows that share a key. Then it
-- takes whatever is asked for, for one row in 200, and a window of an order for one in 27: so it lays one over the other.
ALTER TABLE hotgigs.open_jobs
    ALTER COLUMN finds SET STATISTICS 0,
    ALTER COLUMN newest SET STATISTICS 0,
    ALTER COLUMN salary SET STATISTICS 0,
    ALTER COLUMN title SET STATISTICS 0,
    ALTER COLUMN views SET STATISTICS 0;
ALTER INDEX hotgigs.open_jobs_newest_group_idx ALTER COLUMN 1 SET STATISTICS 0;
ALTER INDEX hotgigs.open_jobs_salary_group_idx ALTER COLUMN 1 SET STATISTICS 0;
ALTER INDEX hotgigs.open_jobs_title_group_idx ALTER COLUMN 1 SET STATISTICS 0;
ALTER INDEX hotgigs.open_jobs_views_group_idx ALTER COLUMN 1 SET STATISTICS 0;
ALTER INDEX hotgigs.open_jobs_newest_group_sample_idx ALTER COLUMN 1 SET STATISTICS 0;
ALTER INDEX hotgigs.open_jobs_salary_group_sample_idx ALTER COLUMN 1 SET STATISTICS 0;
ALTER INDEX hotgigs.open_jobs_title_group_sample_idx ALTER COLUMN 1 SET STATISTICS 0;
ALTER INDEX hotgigs.open_jobs_views_group_sample_idx ALTER COLUMN 1 SET STATISTICS 0;

-- ---- What a job is found by ---------------------------------------------------------------------

-- 0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, ...: 1,000 page views are 30 steps, and as many writes.
CREATE FUNCTION hotgigs.views_step(views integer)
RETURNS integer
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
    SELECT CASE WHEN coalesce(views, 0) < 8 THEN greatest(views, 0)
                ELSE 4 * (pg_catalog.length(pg_catalog.ltrim(views::bit(32)::text, '0')) - 3)
                     + pg_catalog.substr(pg_catalog.ltrim(views::bit(32)::text, '0'), 1, 3)::bit(3)::integer
           END
$$;
COMMENT ON FUNCTION hotgigs.views_step(integer) IS
    'How often a job was seen, in steps of a quarter or less.';
REVOKE ALL ON FUNCTION hotgigs.views_step(integer) FROM PUBLIC;

-- A place from each of its letters on, eight letters long: what is looked for in it, up to eight letters, begins one of these.
CREATE FUNCTION hotgigs.place_marks(place text)
RETURNS text[]
LANGUAGE plpgsql
IMMUTABLE
PARALLEL SAFE
SET search_path = ''
AS $$
DECLARE
    folded CONSTANT text := coalesce(lower(place), '');
    marks  text[] := '{}';
BEGIN
    FOR i IN 1 .. length(folded) LOOP
        marks[i] := 'at ' || substr(folded, i, 8);
    END LOOP;
    RETURN marks;
END
$$;
COMMENT ON FUNCTION hotgigs.place_marks(text) IS
    'A place as marks by its letters.';
REVOKE ALL ON FUNCTION hotgigs.place_marks(text) FROM PUBLIC;

-- A tsvector holds 1 MB: 100,000 characters of the body are read, and a thousand names of skills here and there.
CREATE FUNCTION hotgigs.job_finds(job public.jobs, industry text, skill_rows text[])
RETURNS tsvector
LANGUAGE plpgsql
IMMUTABLE
PARALLEL SAFE
SET search_path = ''
AS $$
DECLARE
    skills CONSTANT text[] := hotgigs.skill_names(job.skills);
BEGIN
    RETURN hotgigs.title_words(job.title)
        || to_tsvector('pg_catalog.english',
                       concat_ws(' ; ', array_to_string(skills, ' ; '), job.department, job.location,
                                 left(array_to_string(job.seo_keywords, ' ; '), 10000)))
        || to_tsvector('pg_catalog.english',
                       left(concat_ws(' ; ', job.description, job.requirements, job.responsibilities, job.benefits), 100000))
        || array_to_tsvector(
               array_remove(ARRAY['any row', 'type ' || job.job_type, 'level ' || job.experience_level,
                                  'remote ' || job.remote_type, 'company ' || job.company_id,
                                  'industry ' || left(lower(industry), 100),
                                  CASE WHEN job.is_featured THEN 'is featured' END], NULL)
               || CASE WHEN job.salary_min IS NULL AND job.salary_max IS NULL
                       THEN '{least none,most none,currency open,period open}'
                       ELSE array_remove(ARRAY['salary stated', 'currency ' || job.salary_currency,
                                               'period ' || job.salary_period], NULL)
                         || hotgigs.bit_marks('least', hotgigs.amount_bits(job.salary_min), false)
                         || hotgigs.bit_marks('most', hotgigs.amount_bits(job.salary_max), true)
                  END
               || hotgigs.bit_marks('day', hotgigs.day_bits(coalesce(job.created_at, '-infinity')), true)
               || hotgigs.place_marks(job.location)
               || hotgigs.sample_marks(job.id)
               || hotgigs.name_marks('skill', skills || skill_rows)
               || hotgigs.name_marks('listed', skill_rows));
END
$$;
COMMENT ON FUNCTION hotgigs.job_finds(public.jobs, text, text[]) IS
    'The words and marks of a job: of itself, of its company''s industry and of its rows of job_skills.';
REVOKE ALL ON FUNCTION hotgigs.job_finds(public.jobs, text, text[]) FROM PUBLIC;

CREATE FUNCTION hotgigs.open_jobs_due()
RETURNS SETOF hotgigs.open_jobs
LANGUAGE sql
STABLE
AS $$
    SELECT j.id, coalesce(j.created_at, '-infinity'), coalesce(j.salary_max, j.salary_min, -1), pg_catalog.lower(j.title),
           hotgigs.views_step(j.view_count), j.application_deadline, j.salary_min, j.salary_max, j.location::text,
           hotgigs.job_finds(j, c.industry,
                             ARRAY(SELECT s.skill_name::text FROM public.job_skills s WHERE s.job_id = j.id ORDER BY s.id LIMIT 1000)),
           c.name::text, c.slug::text, pg_catalog.left(c.logo_url, 1001)
    FROM   public.jobs j
    LEFT   JOIN public.companies c ON c.id = j.company_id
    WHERE  j.is_public
    AND    j.employment_status = 'open'
$$;
COMMENT ON FUNCTION hotgigs.open_jobs_due() IS
    'The rows of open_jobs as jobs, job_skills and companies say them.';
REVOKE ALL ON FUNCTION hotgigs.open_jobs_due() FROM PUBLIC;

-- ---- Kept ---------------------------------------------------------------------------------------

-- A job that is being deleted, and its skills with it, has no turn any more.
CREATE FUNCTION hotgigs.take_turns_of(jobs uuid[])
RETURNS void
LANGUAGE plpgsql
SET search_path = ''
AS $$
BEGIN
    INSERT INTO hotgigs.open_job_turns AS t (job_id, turn)
    SELECT j.id, 1 FROM public.jobs j WHERE j.id = ANY (take_turns_of.jobs) ORDER BY j.id
    ON CONFLICT (job_id) DO UPDATE SET turn = t.turn + 1;
END
$$;
COMMENT ON FUNCTION hotgigs.take_turns_of(uuid[]) IS
    'Waits until nobody else says what these jobs are found by; for the triggers alone.';
REVOKE ALL ON FUNCTION hotgigs.take_turns_of(uuid[]) FROM PUBLIC;

-- The turn is taken before the rest is read: what somebody wrote who had it until now is then seen.
CREATE FUNCTION hotgigs.keep_open_jobs_of(jobs uuid[])
RETURNS void
LANGUAGE plpgsql
SET search_path = ''
AS $$
BEGIN
    PERFORM hotgigs.take_turns_of(jobs);
    DELETE FROM hotgigs.open_jobs o
    WHERE  o.job_id = ANY (keep_open_jobs_of.jobs)
    AND    NOT EXISTS (SELECT FROM public.jobs j WHERE j.id = o.job_id AND j.is_public AND j.employment_status = 'open');
    INSERT INTO hotgigs.open_jobs AS o
    SELECT d.* FROM hotgigs.open_jobs_due() d WHERE d.job_id = ANY (keep_open_jobs_of.jobs)
    ON CONFLICT (job_id) DO UPDATE
    SET    (newest, salary, title, views, deadline, salary_min, salary_max, place, finds, company_name, company_slug, company_logo)
           = (excluded.newest, excluded.salary, excluded.title, excluded.views, excluded.deadline, excluded.salary_min,
              excluded.salary_max, excluded.place, excluded.finds, excluded.company_name, excluded.company_slug, excluded.company_logo)
    WHERE  o IS DISTINCT FROM excluded;
END
$$;
COMMENT ON FUNCTION hotgigs.keep_open_jobs_of(uuid[]) IS
    'Makes open_jobs say of these jobs what is so; for the triggers alone.';
REVOKE ALL ON FUNCTION hotgigs.keep_open_jobs_of(uuid[]) FROM PUBLIC;

CREATE FUNCTION hotgigs.keep_new_open_jobs()
RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = ''
AS $$
BEGIN
    INSERT INTO hotgigs.open_jobs SELECT d.* FROM hotgigs.open_jobs_due() d WHERE d.job_id = ANY (ARRAY(SELECT a.id FROM added a));
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION hotgigs.keep_new_open_jobs() IS
    'Trigger: open_jobs has the new jobs.';
REVOKE ALL ON FUNCTION hotgigs.keep_new_open_jobs() FROM PUBLIC;

CREATE FUNCTION hotgigs.keep_open_job()
RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = ''
AS $$
BEGIN
    IF TG_ARGV[0] = 'views' THEN
        UPDATE hotgigs.open_jobs o
        SET    views = hotgigs.views_step(NEW.view_count)
        WHERE  o.job_id = NEW.id
        AND    o.views <> hotgigs.views_step(NEW.view_count);
    ELSE
        PERFORM hotgigs.keep_open_jobs_of(ARRAY[NEW.id]);
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION hotgigs.keep_open_job() IS
    'Trigger: open_jobs has what a changed job says.';
REVOKE ALL ON FUNCTION hotgigs.keep_open_job() FROM PUBLIC;

CREATE FUNCTION hotgigs.keep_no_deleted_jobs()
RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = ''
AS $$
BEGIN
    DELETE FROM hotgigs.open_jobs o WHERE o.job_id = ANY (ARRAY(SELECT r.id FROM removed r));
    DELETE FROM hotgigs.open_job_turns t WHERE t.job_id = ANY (ARRAY(SELECT r.id FROM removed r));
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION hotgigs.keep_no_deleted_jobs() IS
    'Trigger: open_jobs has no deleted job.';
REVOKE ALL ON FUNCTION hotgigs.keep_no_deleted_jobs() FROM PUBLIC;

CREATE FUNCTION hotgigs.keep_skills_of_open_jobs()
RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = ''
AS $$
DECLARE
    jobs uuid[] := '{}';
BEGIN
    IF TG_OP <> 'DELETE' THEN
        jobs := ARRAY(SELECT DISTINCT a.job_id FROM added a);
    END IF;
    IF TG_OP <> 'INSERT' THEN
        jobs := jobs || ARRAY(SELECT DISTINCT r.job_id FROM removed r);
    END IF;
    IF jobs <> '{}' THEN
        PERFORM hotgigs.keep_open_jobs_of(jobs);
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION hotgigs.keep_skills_of_open_jobs() IS
    'Trigger: open_jobs has the skills that changed rows of job_skills say.';
REVOKE ALL ON FUNCTION hotgigs.keep_skills_of_open_jobs() FROM PUBLIC;

CREATE FUNCTION hotgigs.keep_company_of_open_jobs()
RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = ''
AS $$
DECLARE
    jobs uuid[];
BEGIN
    -- Who makes a job holds its company by the foreign key: that is waited for, and the job is then seen.
    PERFORM FROM public.companies c WHERE c.id = NEW.id FOR UPDATE;
    jobs := ARRAY(SELECT j.id FROM public.jobs j WHERE j.company_id = NEW.id);
    IF OLD.industry IS DISTINCT FROM NEW.industry THEN
        PERFORM hotgigs.keep_open_jobs_of(jobs);
        RETURN NULL;
    END IF;
    PERFORM hotgigs.take_turns_of(jobs);        -- no words are read again
    UPDATE hotgigs.open_jobs o
    SET    company_name = c.name, company_slug = c.slug, company_logo = left(c.logo_url, 1001)
    FROM   public.companies c
    WHERE  o.job_id = ANY (jobs)
    AND    c.id = NEW.id;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION hotgigs.keep_company_of_open_jobs() IS
    'Trigger: open_jobs has what a changed company says.';
REVOKE ALL ON FUNCTION hotgigs.keep_company_of_open_jobs() FROM PUBLIC;

-- For rows that came past the triggers: loaded by a replica's role, or before this file.
CREATE FUNCTION hotgigs.refill_open_jobs()
RETURNS void
LANGUAGE sql
SET search_path = ''
AS $$
    DELETE FROM hotgigs.open_jobs;
    INSERT INTO hotgigs.open_jobs SELECT d.* FROM hotgigs.open_jobs_due() d;
$$;
COMMENT ON FUNCTION hotgigs.refill_open_jobs() IS
    'Makes open_jobs anew from jobs, job_skills and companies; for the owner, after a load without triggers.';
REVOKE ALL ON FUNCTION hotgigs.refill_open_jobs() FROM PUBLIC;

DO $$ BEGIN PERFORM hotgigs.refill_open_jobs(); END $$;

CREATE TRIGGER open_jobs_insert AFTER INSERT ON public.jobs
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.keep_new_open_jobs();
CREATE TRIGGER open_jobs_update
    AFTER UPDATE OF company_id, title, description, requirements, responsibilities, benefits, department, location, job_type,
                    experience_level, remote_type, salary_min, salary_max, salary_currency, salary_period, skills, seo_keywords,
                    employment_status, application_deadline, is_featured, is_public, created_at
    ON public.jobs
    FOR EACH ROW
    WHEN (OLD.is_public AND OLD.employment_status = 'open' OR NEW.is_public AND NEW.employment_status = 'open')
    EXECUTE FUNCTION hotgigs.keep_open_job();
CREATE TRIGGER open_jobs_views AFTER UPDATE OF view_count ON public.jobs
    FOR EACH ROW WHEN (OLD.view_count IS DISTINCT FROM NEW.view_count)
    EXECUTE FUNCTION hotgigs.keep_open_job('views');
CREATE TRIGGER open_jobs_delete AFTER DELETE ON public.jobs
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.keep_no_deleted_jobs();
CREATE TRIGGER open_jobs_skills_insert AFTER INSERT ON public.job_skills
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.keep_skills_of_open_jobs();
CREATE TRIGGER open_jobs_skills_update AFTER UPDATE ON public.job_skills
    REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.keep_skills_of_open_jobs();
CREATE TRIGGER open_jobs_skills_delete AFTER DELETE ON public.job_skills
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.keep_skills_of_open_jobs();
CREATE TRIGGER open_jobs_company AFTER UPDATE OF name, slug, logo_url, industry ON public.companies
    FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name OR OLD.slug IS DISTINCT FROM NEW.slug
                       OR OLD.logo_url IS DISTINCT FROM NEW.logo_url OR OLD.industry IS DISTINCT FROM NEW.industry)
    EXECUTE FUNCTION hotgigs.keep_company_of_open_jobs();

COMMIT;
