-- derived: whether the tables that triggers keep hold what they are derived from.
--
-- Needs:  callers_due() (406), open_jobs_due() (472), company_people_due() (475).
--
-- Rows can come past the triggers: loaded with triggers switched off, by a replica, by whoever disabled one.
-- hg_schema_verify() asks this in a database whose schema is right.

BEGIN;
SET LOCAL ROLE hotgigs_owner;

CREATE FUNCTION hotgigs.derived_differences()
RETURNS TABLE (derived text, differing bigint, difference text)
LANGUAGE sql
STABLE
SET search_path = ''
AS $$
    SELECT 'callers', count(*),
           format('users whose callers are not what users, company_members and profiles say: %s;'
                  ' run hotgigs.refill_callers()', count(*))
    FROM   hotgigs.callers c
    FULL   JOIN hotgigs.callers_due() d USING (subject)
    WHERE  c IS DISTINCT FROM d
    HAVING count(*) > 0
    UNION  ALL
    SELECT 'open_jobs', count(*),
           format('jobs whose open_jobs are not what jobs, job_skills and companies say: %s;'
                  ' run hotgigs.refill_open_jobs()', count(*))
    FROM   hotgigs.open_jobs o
    FULL   JOIN hotgigs.open_jobs_due() d USING (job_id)
    WHERE  o IS DISTINCT FROM d
    HAVING count(*) > 0
    UNION  ALL
    SELECT 'company_people', count(*),
           format('members and applications that company_people has otherwise than the tables say: %s;'
                  ' run hotgigs.refill_company_people()', count(*))
    FROM   hotgigs.company_people p
    FULL   JOIN hotgigs.company_people_due() d USING (source)
    WHERE  p IS DISTINCT FROM d
    HAVING count(*) > 0
$$;
COMMENT ON FUNCTION hotgigs.derived_differences() IS
    'A row a derived table that differs from what it is derived from: what, how many, what to do; the owner''s alone.';
REVOKE ALL ON FUNCTION hotgigs.derived_differences() FROM PUBLIC;

COMMIT;
