-- jobs_by_skill: the jobs that ask for a skill, whichever way they say so.
--
-- Needs:  jobs (106), job_skills (107), skill_names() of the search (470).
--
-- A job names its skills in jobs.skills, in job_skills, or in both. No index of one of them knows the
-- other, and jobs that ask for two skills, of which each stands in another place, were found by reading
-- all that have one of them. Here both stand side by side, folded as the search folds them, the newest
-- jobs at the right end: what asks for several skills is an intersection of two short ranges of one index.
--
-- Kept by triggers, for the search alone. A line belongs to the row that it was read from, so two
-- transactions that name the same skill of a job do not decide about each other's.

BEGIN;
SET LOCAL ROLE hotgigs_owner;

CREATE TABLE hotgigs.jobs_by_skill (
    skill   text      NOT NULL COLLATE "C",
    newest  timestamp NOT NULL,
    job_id  uuid      NOT NULL,
    said_by uuid      NOT NULL,
    PRIMARY KEY (skill, newest, job_id, said_by)
);
COMMENT ON TABLE  hotgigs.jobs_by_skill         IS 'A skill that a job asks for, in one of its two places.';
COMMENT ON COLUMN hotgigs.jobs_by_skill.skill   IS 'Its name as skill_names() folds it.';
COMMENT ON COLUMN hotgigs.jobs_by_skill.newest  IS 'The job''s created_at, UTC; -infinity where it has none.';
COMMENT ON COLUMN hotgigs.jobs_by_skill.job_id  IS 'The job.';
COMMENT ON COLUMN hotgigs.jobs_by_skill.said_by IS
    'The row that says so: the job itself (jobs.skills) or a row of job_skills.';
-- No grants: the functions below read and write it, and the searches.

CREATE FUNCTION hotgigs.folded_skill(name text)
RETURNS text
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
    SELECT pg_catalog.left(pg_catalog.lower(pg_catalog.btrim(name)), 100)
$$;
COMMENT ON FUNCTION hotgigs.folded_skill(text) IS
    'A name as skill_names() folds it.';
REVOKE ALL ON FUNCTION hotgigs.folded_skill(text) FROM PUBLIC;

-- ---- Jobs ---------------------------------------------------------------------------------------

CREATE FUNCTION hotgigs.keep_skills_of_new_jobs()
RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = ''
AS $$
BEGIN
    INSERT INTO hotgigs.jobs_by_skill (skill, newest, job_id, said_by)
    SELECT DISTINCT n.name, coalesce(a.created_at, '-infinity'), a.id, a.id
    FROM   added a
    CROSS  JOIN LATERAL unnest(hotgigs.skill_names(a.skills)) AS n(name);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION hotgigs.keep_skills_of_new_jobs() IS
    'Trigger: jobs_by_skill has what new jobs say.';
REVOKE ALL ON FUNCTION hotgigs.keep_skills_of_new_jobs() FROM PUBLIC;

-- Before a job goes: then its rows of job_skills are still there, which go with it.
CREATE FUNCTION hotgigs.keep_skills_of_job()
RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = ''
AS $$
DECLARE
    before CONSTANT timestamp := coalesce(OLD.created_at, '-infinity');
BEGIN
    DELETE FROM hotgigs.jobs_by_skill k
    USING  (SELECT unnest(hotgigs.skill_names(OLD.skills)) AS name
            UNION
            SELECT hotgigs.folded_skill(s.skill_name) FROM public.job_skills s
            WHERE  s.job_id = OLD.id AND TG_OP = 'DELETE') n
    WHERE  k.skill = n.name AND k.newest = before AND k.job_id = OLD.id
    AND    (TG_OP = 'DELETE' OR k.said_by = OLD.id);
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    INSERT INTO hotgigs.jobs_by_skill (skill, newest, job_id, said_by)
    SELECT DISTINCT n.name, before, NEW.id, NEW.id
    FROM   unnest(hotgigs.skill_names(NEW.skills)) AS n(name);
    IF NEW.created_at IS DISTINCT FROM OLD.created_at THEN
        UPDATE hotgigs.jobs_by_skill k
        SET    newest = coalesce(NEW.created_at, '-infinity')
        FROM   (SELECT unnest(hotgigs.skill_names(NEW.skills)) AS name
                UNION
                SELECT hotgigs.folded_skill(s.skill_name) FROM public.job_skills s WHERE s.job_id = NEW.id) n
        WHERE  k.skill = n.name AND k.newest = before AND k.job_id = NEW.id;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION hotgigs.keep_skills_of_job() IS
    'Trigger: jobs_by_skill has what a changed job says, and nothing of a deleted one.';
REVOKE ALL ON FUNCTION hotgigs.keep_skills_of_job() FROM PUBLIC;

-- ---- Rows of job_skills -------------------------------------------------------------------------

-- Of rows that go with their job there is nothing left: the job is gone. What a row said that was
-- deleted while triggers were off is still here when the row comes back, which is no conflict.
CREATE FUNCTION hotgigs.keep_skills_of_rows()
RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = ''
AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM hotgigs.jobs_by_skill k
        USING  removed r
        JOIN   public.jobs j ON j.id = r.job_id
        WHERE  k.skill = hotgigs.folded_skill(r.skill_name)
        AND    k.newest = coalesce(j.created_at, '-infinity')
        AND    k.job_id = j.id
        AND    k.said_by = r.id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO hotgigs.jobs_by_skill (skill, newest, job_id, said_by)
        SELECT hotgigs.folded_skill(a.skill_name), coalesce(j.created_at, '-infinity'), j.id, a.id
        FROM   added a
        JOIN   public.jobs j ON j.id = a.job_id
        WHERE  hotgigs.folded_skill(a.skill_name) <> ''
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION hotgigs.keep_skills_of_rows() IS
    'Trigger: jobs_by_skill has what the changed rows of job_skills say.';
REVOKE ALL ON FUNCTION hotgigs.keep_skills_of_rows() FROM PUBLIC;

-- ---- All of it ----------------------------------------------------------------------------------

CREATE FUNCTION hotgigs.jobs_by_skill_due()
RETURNS SETOF hotgigs.jobs_by_skill
LANGUAGE sql
STABLE
AS $$
    SELECT n.name, coalesce(j.created_at, '-infinity'), j.id, j.id
    FROM   public.jobs j
    CROSS  JOIN LATERAL (SELECT DISTINCT unnest(hotgigs.skill_names(j.skills)) AS name) n
    UNION  ALL
    SELECT hotgigs.folded_skill(s.skill_name), coalesce(j.created_at, '-infinity'), j.id, s.id
    FROM   public.job_skills s
    JOIN   public.jobs j ON j.id = s.job_id
    WHERE  hotgigs.folded_skill(s.skill_name) <> ''
$$;
COMMENT ON FUNCTION hotgigs.jobs_by_skill_due() IS
    'The rows of jobs_by_skill as jobs and job_skills say them.';
REVOKE ALL ON FUNCTION hotgigs.jobs_by_skill_due() FROM PUBLIC;

-- For rows that came past the triggers: loaded by a replica's role, or before this file.
CREATE FUNCTION hotgigs.refill_jobs_by_skill()
RETURNS void
LANGUAGE sql
SET search_path = ''
AS $$
    DELETE FROM hotgigs.jobs_by_skill;
    INSERT INTO hotgigs.jobs_by_skill
    SELECT d.* FROM hotgigs.jobs_by_skill_due() d
    ORDER  BY d.skill, d.newest, d.job_id, d.said_by;
$$;
COMMENT ON FUNCTION hotgigs.refill_jobs_by_skill() IS
    'Makes jobs_by_skill anew from jobs and job_skills; for the owner, after a load without triggers.';
REVOKE ALL ON FUNCTION hotgigs.refill_jobs_by_skill() FROM PUBLIC;

DO $$ BEGIN PERFORM hotgigs.refill_jobs_by_skill(); END $$;

CREATE TRIGGER jobs_skills_insert AFTER INSERT ON public.jobs
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.keep_skills_of_new_jobs();
CREATE TRIGGER jobs_skills_update AFTER UPDATE OF skills, created_at ON public.jobs
    FOR EACH ROW WHEN (OLD.skills IS DISTINCT FROM NEW.skills OR OLD.created_at IS DISTINCT FROM NEW.created_at)
    EXECUTE FUNCTION hotgigs.keep_skills_of_job();
CREATE TRIGGER jobs_skills_delete BEFORE DELETE ON public.jobs
    FOR EACH ROW EXECUTE FUNCTION hotgigs.keep_skills_of_job();
CREATE TRIGGER job_skills_by_skill_insert AFTER INSERT ON public.job_skills
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.keep_skills_of_rows();
CREATE TRIGGER job_skills_by_skill_update AFTER UPDATE ON public.job_skills
    REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.keep_skills_of_rows();
CREATE TRIGGER job_skills_by_skill_delete AFTER DELETE ON public.job_skills
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.keep_skills_of_rows();

COMMIT;
