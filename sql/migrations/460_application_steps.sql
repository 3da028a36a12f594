-- Steps of applications: what candidates and companies may not write themselves.
--
-- Needs:  applications (204), application_timeline (205), notifications (403), the helpers (004).
--
-- Each is one call of the library (sql/operations/application_*.sql) and all of it happens or none.
-- Locks are taken in one order, so that no two of them wait for each other: the job, then the
-- application, then what hangs on it. Times are the clock's, since now() stands still in a
-- transaction, and a timeline has to be in order.

BEGIN;
SET LOCAL ROLE hotgigs_owner;

-- The moves of an application's status, and who makes them. A company's admin may force any other
-- move but to or from withdrawn: that is the candidate's word.
CREATE FUNCTION hotgigs.application_moves()
RETURNS TABLE (from_status text, to_status text, made_by text)
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
    VALUES ('applied',      'screening',    'company'),
           ('screening',    'interviewing', 'company'),
           ('interviewing', 'offer',        'company'),
           ('offer',        'hired',        'company'),
           ('applied',      'rejected',     'company'),
           ('screening',    'rejected',     'company'),
           ('interviewing', 'rejected',     'company'),
           ('offer',        'rejected',     'company'),
           ('applied',      'withdrawn',    'candidate'),
           ('screening',    'withdrawn',    'candidate'),
           ('interviewing', 'withdrawn',    'candidate'),
           ('offer',        'withdrawn',    'candidate')
$$;
COMMENT ON FUNCTION hotgigs.application_moves() IS
    'The status machine of applications: from, to, and whether the company or the candidate moves.';
REVOKE ALL ON FUNCTION hotgigs.application_moves() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.application_moves()
    TO hotgigs_candidate, hotgigs_company, hotgigs_service;

-- One application of a candidate for a job. The job's row is the lock: its counter is written by
-- every application anyway, so that of any number of callers at once, one is first and the others
-- find his.
--
-- DEFINER: the candidate may write neither applications, nor the timeline, nor the poster's
-- notifications.
CREATE FUNCTION hotgigs.application_submit(
    job uuid, candidate uuid, cover_letter text, resume_url text, documents jsonb, source text)
RETURNS TABLE (id uuid, job_id uuid, candidate_id uuid, status varchar, applied_at timestamp,
               last_updated_at timestamp)
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
#variable_conflict use_column
DECLARE
    is_service CONSTANT boolean := current_setting('role') = 'hotgigs_service';
    wanted     public.jobs;
    made       public.applications;
BEGIN
    IF NOT is_service AND NOT candidate = ANY (ARRAY(SELECT hotgigs.my_candidates())) THEN
        RAISE EXCEPTION 'no such candidate, or not the caller' USING ERRCODE = 'HG001';
    END IF;
    IF jsonb_typeof(documents) <> 'array' THEN
        RAISE EXCEPTION 'documents is no array' USING ERRCODE = 'HG005';
    END IF;

    SELECT j.* INTO wanted
    FROM   public.jobs j
    WHERE  j.id = job
    AND    (is_service OR j.is_public)
    FOR    NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such job' USING ERRCODE = 'HG001';
    END IF;
    IF wanted.employment_status IS DISTINCT FROM 'open'
       OR NOT coalesce(wanted.is_public, false)
       OR wanted.application_deadline < clock_timestamp() AT TIME ZONE 'UTC' THEN
        RAISE EXCEPTION 'the job takes no applications' USING ERRCODE = 'HG012';
    END IF;
    IF EXISTS (SELECT FROM public.applications a
               WHERE  a.job_id = job AND a.candidate_id = candidate) THEN
        RAISE EXCEPTION 'the candidate has applied for this job already' USING ERRCODE = 'HG002';
    END IF;

    INSERT INTO public.applications AS a
           (job_id, candidate_id, status, cover_letter, resume_url, additional_documents,
            application_source, applied_at, last_updated_at, created_at)
    SELECT job, candidate, 'applied', application_submit.cover_letter,
           application_submit.resume_url, coalesce(documents, '[]'), source, t.now, t.now, t.now
    FROM   (SELECT clock_timestamp() AT TIME ZONE 'UTC') AS t (now)
    RETURNING a.* INTO made;
    INSERT INTO public.application_timeline (application_id, status, changed_by, metadata, created_at)
    VALUES (made.id, made.status, hotgigs.my_user_id(), jsonb_build_object('to', made.status),
            made.applied_at);
    INSERT INTO public.notifications (user_id, notification_type, title, message, data)
    SELECT wanted.posted_by, 'application_received', 'New application',
           format('There is a new application for %s.', wanted.title),
           jsonb_build_object('application_id', made.id, 'job_id', job)
    WHERE  wanted.posted_by IS NOT NULL;

    RETURN QUERY
    SELECT made.id, made.job_id, made.candidate_id, made.status, made.applied_at,
           made.last_updated_at;
END
$$;
COMMENT ON FUNCTION hotgigs.application_submit(uuid, uuid, text, text, jsonb, text) IS
    'Applies for an open, public job, once: application, first step of the timeline, notification.';
REVOKE ALL ON FUNCTION hotgigs.application_submit(uuid, uuid, text, text, jsonb, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.application_submit(uuid, uuid, text, text, jsonb, text)
    TO hotgigs_candidate, hotgigs_service;

-- One move of one application. To where it is already nothing is written, so that a repeat after a
-- lost reply is harmless.
--
-- DEFINER: the company may write neither the status, nor the timeline, nor the candidate's
-- notifications.
CREATE FUNCTION hotgigs.application_set_status(
    application uuid, from_status text, to_status text, note text, force boolean)
RETURNS TABLE (id uuid, job_id uuid, candidate_id uuid, status varchar, last_updated_at timestamp)
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
#variable_conflict use_column
DECLARE
    is_service CONSTANT boolean := current_setting('role') = 'hotgigs_service';
    found_one  public.applications;
    company    uuid;
    is_allowed boolean;
BEGIN
    SELECT j.company_id INTO company
    FROM   public.applications a
    LEFT   JOIN public.jobs j ON j.id = a.job_id
    WHERE  a.id = application;
    IF NOT FOUND
       OR NOT (is_service OR coalesce(company = ANY (ARRAY(SELECT hotgigs.my_companies())), false)) THEN
        RAISE EXCEPTION 'no such application, or not one of the caller''s companies'''
            USING ERRCODE = 'HG001';
    END IF;
    IF NOT (is_service OR company = ANY (ARRAY(SELECT hotgigs.my_companies('recruiter')))) THEN
        RAISE EXCEPTION 'recruiters move applications' USING ERRCODE = 'HG004';
    END IF;

    SELECT a.* INTO found_one
    FROM   public.applications a
    WHERE  a.id = application
    FOR    NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the application was deleted meanwhile' USING ERRCODE = 'HG001';
    END IF;
    IF found_one.status IS DISTINCT FROM to_status THEN
        IF found_one.status IS DISTINCT FROM from_status THEN
            RAISE EXCEPTION 'the application is in another status by now' USING ERRCODE = 'HG002';
        END IF;
        is_allowed := EXISTS (SELECT FROM hotgigs.application_moves() m
                              WHERE  m.from_status = found_one.status
                              AND    m.to_status = application_set_status.to_status
                              AND    m.made_by = 'company');
        IF NOT is_allowed AND force AND 'withdrawn' NOT IN (found_one.status, to_status) THEN
            is_allowed := is_service
                          OR company = ANY (ARRAY(SELECT hotgigs.my_companies('admin')));
        END IF;
        IF NOT is_allowed THEN
            RAISE EXCEPTION 'an application does not move like this' USING ERRCODE = 'HG012';
        END IF;

        UPDATE public.applications a
        SET    status = application_set_status.to_status
        WHERE  a.id = application
        RETURNING a.* INTO found_one;
        INSERT INTO public.application_timeline
               (application_id, status, notes, changed_by, metadata, created_at)
        VALUES (application, to_status, note, hotgigs.my_user_id(),
                jsonb_build_object('from', from_status, 'to', to_status),
                clock_timestamp() AT TIME ZONE 'UTC');
        INSERT INTO public.notifications (user_id, notification_type, title, message, data)
        SELECT c.user_id, 'application_status', 'Your application',
               format('Your application for %s is now: %s.', coalesce(j.title, 'a job'), to_status),
               jsonb_build_object('application_id', application, 'status', to_status)
        FROM   public.candidate_profiles c
        LEFT   JOIN public.jobs j ON j.id = found_one.job_id
        WHERE  c.id = found_one.candidate_id
        AND    c.user_id IS NOT NULL;
    END IF;

    RETURN QUERY
    SELECT found_one.id, found_one.job_id, found_one.candidate_id, found_one.status,
           found_one.last_updated_at;
END
$$;
COMMENT ON FUNCTION hotgigs.application_set_status(uuid, text, text, text, boolean) IS
    'Moves an application from one status to another as application_moves() says, and tells.';
REVOKE ALL ON FUNCTION hotgigs.application_set_status(uuid, text, text, text, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.application_set_status(uuid, text, text, text, boolean)
    TO hotgigs_company, hotgigs_service;

COMMIT;
