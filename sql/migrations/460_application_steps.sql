-- Steps of applications: what candidates and companies may not write themselves.
--
-- Needs:  applications (204), application_timeline (205), notifications (403), the helpers (004); and,
--         when they are run, the moves (480).
--
-- Each is one call of the library (sql/operations/application_*.sql) and all of it happens or none.
-- Locks are taken in one order, so that no two of them wait for each other: the job, then the
-- application, then what hangs on it. Times are the clock's, since now() stands still in a
-- transaction, and a timeline has to be in order.

BEGIN;
SET LOCAL ROLE hotgigs_owner;

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
       OR wanted.application_deadline <= clock_timestamp() AT TIME ZONE 'UTC' THEN
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
            RAISE EXCEPTION 'the application is in another status by now' USING ERRCODE = 'HG012';
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

-- ---- What several steps share: for the owner alone, who runs them all ----

-- Whether the caller may act for this company: he is the service, or an active member of at least
-- this rank. What is not his companies' looks like what is not there; what is of no company at all, such
-- as a job, is the service's.
CREATE FUNCTION hotgigs.reach_company(company uuid, at_least text, what text DEFAULT 'company')
RETURNS void
LANGUAGE plpgsql
STABLE
SET search_path = ''
AS $$
BEGIN
    IF current_setting('role') = 'hotgigs_service'
       AND (EXISTS (SELECT FROM public.companies c WHERE c.id = company)
            OR company IS NULL AND what <> 'company') THEN
        RETURN;
    END IF;
    IF company IS NULL OR NOT company = ANY (ARRAY(SELECT hotgigs.my_companies())) THEN
        RAISE EXCEPTION 'no such %, or not one of the caller''s companies''', what
            USING ERRCODE = 'HG001';
    END IF;
    IF NOT company = ANY (ARRAY(SELECT hotgigs.my_companies(at_least))) THEN
        RAISE EXCEPTION 'this takes the rank of % in the company', at_least
            USING ERRCODE = 'HG004';
    END IF;
END
$$;
COMMENT ON FUNCTION hotgigs.reach_company(uuid, text, text) IS
    'Refuses a caller who is neither the service nor a member of that rank; what names the thing.';
REVOKE ALL ON FUNCTION hotgigs.reach_company(uuid, text, text) FROM PUBLIC;

-- The same by an application.
CREATE FUNCTION hotgigs.reach_application(application uuid, at_least text)
RETURNS void
LANGUAGE plpgsql
STABLE
SET search_path = ''
AS $$
DECLARE
    company uuid;
BEGIN
    SELECT j.company_id INTO company
    FROM   public.applications a
    LEFT   JOIN public.jobs j ON j.id = a.job_id
    WHERE  a.id = application;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such application, or not one of the caller''s companies'''
            USING ERRCODE = 'HG001';
    END IF;
    PERFORM hotgigs.reach_company(company, at_least, 'application');
END
$$;
COMMENT ON FUNCTION hotgigs.reach_application(uuid, text) IS
    'Refuses a caller who may not act for the company of this application at that rank.';
REVOKE ALL ON FUNCTION hotgigs.reach_application(uuid, text) FROM PUBLIC;

-- The row of an application, locked: what is decided about it afterwards holds until the end.
CREATE FUNCTION hotgigs.lock_application(application uuid)
RETURNS public.applications
LANGUAGE plpgsql
VOLATILE
SET search_path = ''
AS $$
DECLARE
    locked public.applications;
BEGIN
    SELECT a.* INTO locked
    FROM   public.applications a
    WHERE  a.id = application
    FOR    NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the application was deleted meanwhile' USING ERRCODE = 'HG001';
    END IF;
    RETURN locked;
END
$$;
COMMENT ON FUNCTION hotgigs.lock_application(uuid) IS
    'Locks an application until the end of the transaction, and gives its row.';
REVOKE ALL ON FUNCTION hotgigs.lock_application(uuid) FROM PUBLIC;

-- A job's row, locked, if it takes applications from its own company: hidden it may be.
CREATE FUNCTION hotgigs.lock_open_job(job uuid)
RETURNS public.jobs
LANGUAGE plpgsql
VOLATILE
SET search_path = ''
AS $$
DECLARE
    locked public.jobs;
BEGIN
    SELECT j.* INTO locked
    FROM   public.jobs j
    WHERE  j.id = job
    FOR    NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such job' USING ERRCODE = 'HG001';
    END IF;
    IF locked.employment_status IS DISTINCT FROM 'open'
       OR locked.application_deadline <= clock_timestamp() AT TIME ZONE 'UTC' THEN
        RAISE EXCEPTION 'the job takes no applications' USING ERRCODE = 'HG012';
    END IF;
    RETURN locked;
END
$$;
COMMENT ON FUNCTION hotgigs.lock_open_job(uuid) IS
    'Locks an open job before its deadline, and gives its row.';
REVOKE ALL ON FUNCTION hotgigs.lock_open_job(uuid) FROM PUBLIC;

-- The clock, but later than the last entry: entries written in one transaction, or while a clock is
-- set back, keep their order.
CREATE FUNCTION hotgigs.timeline_clock(application uuid)
RETURNS timestamp
LANGUAGE plpgsql
VOLATILE
SET search_path = ''
AS $$
BEGIN
    RETURN greatest(clock_timestamp() AT TIME ZONE 'UTC',
                    (SELECT max(t.created_at) + interval '1 microsecond'
                     FROM   public.application_timeline t
                     WHERE  t.application_id = application));
END
$$;
COMMENT ON FUNCTION hotgigs.timeline_clock(uuid) IS
    'The clock''s time, later than every entry of this application''s timeline.';
REVOKE ALL ON FUNCTION hotgigs.timeline_clock(uuid) FROM PUBLIC;

-- A notification; without a user there is nobody to tell.
CREATE FUNCTION hotgigs.tell(person uuid, kind text, title text, message text, data jsonb)
RETURNS void
LANGUAGE plpgsql
VOLATILE
SET search_path = ''
AS $$
BEGIN
    INSERT INTO public.notifications (user_id, notification_type, title, message, data, created_at)
    SELECT person, kind, tell.title, tell.message, tell.data, clock_timestamp() AT TIME ZONE 'UTC'
    WHERE  person IS NOT NULL;
END
$$;
COMMENT ON FUNCTION hotgigs.tell(uuid, text, text, text, jsonb) IS
    'Notifies this user, if there is one.';
REVOKE ALL ON FUNCTION hotgigs.tell(uuid, text, text, text, jsonb) FROM PUBLIC;

CREATE FUNCTION hotgigs.user_of_candidate(candidate uuid)
RETURNS uuid
LANGUAGE sql
STABLE
AS $$
    SELECT p.user_id FROM public.candidate_profiles p WHERE p.id = candidate
$$;
COMMENT ON FUNCTION hotgigs.user_of_candidate(uuid) IS
    'The user behind a candidate profile.';
REVOKE ALL ON FUNCTION hotgigs.user_of_candidate(uuid) FROM PUBLIC;

-- What every move writes: the status, and the step in the timeline with from and to, so that each
-- step begins where the one before it ended. The caller has locked the row and asked the machine.
CREATE FUNCTION hotgigs.write_move(application uuid, to_status text, note text, details jsonb)
RETURNS public.applications
LANGUAGE plpgsql
VOLATILE
SET search_path = ''
AS $$
DECLARE
    from_status CONSTANT text := (SELECT a.status FROM public.applications a WHERE a.id = application);
    moved       public.applications;
BEGIN
    UPDATE public.applications a
    SET    status = to_status
    WHERE  a.id = application
    RETURNING a.* INTO moved;
    INSERT INTO public.application_timeline
           (application_id, status, notes, changed_by, metadata, created_at)
    VALUES (application, to_status, note, hotgigs.my_user_id(),
            details || jsonb_build_object('from', from_status, 'to', to_status),
            hotgigs.timeline_clock(application));
    RETURN moved;
END
$$;
COMMENT ON FUNCTION hotgigs.write_move(uuid, text, text, jsonb) IS
    'Sets an application''s status and writes the step, unasked.';
REVOKE ALL ON FUNCTION hotgigs.write_move(uuid, text, text, jsonb) FROM PUBLIC;

-- Tells the candidate where his application stands; never why, which is read with the application.
CREATE FUNCTION hotgigs.tell_status(moved public.applications)
RETURNS void
LANGUAGE plpgsql
VOLATILE
SET search_path = ''
AS $$
BEGIN
    PERFORM hotgigs.tell(
        hotgigs.user_of_candidate(moved.candidate_id), 'application_status', 'Your application',
        format('Your application for %s is now: %s.',
               coalesce((SELECT j.title FROM public.jobs j WHERE j.id = moved.job_id), 'a job'),
               moved.status),
        jsonb_build_object('application_id', moved.id, 'status', moved.status));
END
$$;
COMMENT ON FUNCTION hotgigs.tell_status(public.applications) IS
    'Notifies the candidate of the status of his application.';
REVOKE ALL ON FUNCTION hotgigs.tell_status(public.applications) FROM PUBLIC;

-- A new application with its first step. The caller has locked the job, which is what makes one of
-- any number of callers the first.
CREATE FUNCTION hotgigs.write_application(
    job uuid, candidate uuid, letter text, resume text, documents jsonb, source text, referrer uuid,
    details jsonb)
RETURNS public.applications
LANGUAGE plpgsql
VOLATILE
SET search_path = ''
AS $$
DECLARE
    at   CONSTANT timestamp := clock_timestamp() AT TIME ZONE 'UTC';
    made public.applications;
BEGIN
    IF EXISTS (SELECT FROM public.applications a
               WHERE  a.job_id = job AND a.candidate_id = candidate) THEN
        RAISE EXCEPTION 'the candidate has applied for this job already' USING ERRCODE = 'HG002';
    END IF;
    INSERT INTO public.applications AS a
           (job_id, candidate_id, status, cover_letter, resume_url, additional_documents,
            application_source, referrer_id, applied_at, last_updated_at, created_at)
    VALUES (job, candidate, 'applied', letter, resume, coalesce(documents, '[]'), source, referrer,
            at, at, at)
    RETURNING a.* INTO made;
    INSERT INTO public.application_timeline (application_id, status, changed_by, metadata, created_at)
    VALUES (made.id, made.status, hotgigs.my_user_id(),
            details || jsonb_build_object('to', made.status), at);
    RETURN made;
END
$$;
COMMENT ON FUNCTION hotgigs.write_application(uuid, uuid, text, text, jsonb, text, uuid, jsonb) IS
    'Writes an application and its first step, unless the candidate has one for this job.';
REVOKE ALL ON FUNCTION
    hotgigs.write_application(uuid, uuid, text, text, jsonb, text, uuid, jsonb) FROM PUBLIC;

-- Percent of a freelancer's referrals that were hired. The caller has locked his row.
CREATE FUNCTION hotgigs.rate_freelancer(freelancer uuid)
RETURNS numeric
LANGUAGE sql
STABLE
AS $$
    SELECT round(100.0 * count(*) FILTER (WHERE r.referral_status = 'hired')
                 / nullif(count(*), 0), 2)
    FROM   public.referrals r
    WHERE  r.recruiter_id = freelancer
$$;
COMMENT ON FUNCTION hotgigs.rate_freelancer(uuid) IS
    'Percent of this freelancer''s referrals that were hired; NULL without any.';
REVOKE ALL ON FUNCTION hotgigs.rate_freelancer(uuid) FROM PUBLIC;

-- ---- Applying in another's name ----

-- A recruiter applies for a candidate: one who opted in, or who has applied to this very company
-- before. An application makes its candidate visible to the whole company, so being seen by the
-- caller elsewhere is not enough.
--
-- DEFINER: as application_submit; and the company may not read other candidates' consent.
CREATE FUNCTION hotgigs.application_submit_on_behalf(
    job uuid, candidate uuid, letter text, resume text, documents jsonb, source text, referrer uuid)
RETURNS TABLE (id uuid, job_id uuid, candidate_id uuid, status varchar, referrer_id uuid,
               applied_at timestamp, last_updated_at timestamp)
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
#variable_conflict use_column
DECLARE
    is_service CONSTANT boolean := current_setting('role') = 'hotgigs_service';
    caller     CONSTANT uuid := hotgigs.my_user_id();
    company    uuid;
    is_open_to boolean;
    wanted     public.jobs;
    made       public.applications;
BEGIN
    SELECT j.company_id INTO company FROM public.jobs j WHERE j.id = job;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such job, or not one of the caller''s companies''' USING ERRCODE = 'HG001';
    END IF;
    PERFORM hotgigs.reach_company(company, 'recruiter', 'job');
    IF jsonb_typeof(documents) <> 'array' THEN
        RAISE EXCEPTION 'documents is no array' USING ERRCODE = 'HG005';
    END IF;

    SELECT is_service
           OR p.visibility_settings @> '{"profile_public": true}'
           OR EXISTS (SELECT FROM public.applications a
                      JOIN   public.jobs j ON j.id = a.job_id
                      WHERE  a.candidate_id = candidate AND j.company_id = company)
    INTO   is_open_to
    FROM   public.candidate_profiles p
    WHERE  p.id = candidate;
    IF is_open_to IS NOT TRUE THEN
        RAISE EXCEPTION 'no such candidate, or none who lets the company apply for him'
            USING ERRCODE = 'HG001';
    END IF;
    IF NOT is_service AND referrer IS NOT NULL
       AND NOT EXISTS (SELECT FROM public.company_members m
                       JOIN   public.users u ON u.id = m.user_id
                       WHERE  m.company_id = company AND m.user_id = referrer
                       AND    m.is_active AND m.joined_at IS NOT NULL AND u.is_active) THEN
        RAISE EXCEPTION 'no such referrer in the company; a freelancer''s referral is decided upon'
            USING ERRCODE = 'HG001';
    END IF;

    wanted := hotgigs.lock_open_job(job);
    made := hotgigs.write_application(job, candidate, letter, resume, documents, source, referrer,
                                      jsonb_build_object('on_behalf', true));
    PERFORM hotgigs.tell(
        hotgigs.user_of_candidate(candidate), 'application_on_behalf', 'Your application',
        format('A recruiter has applied for %s in your name.', wanted.title),
        jsonb_build_object('application_id', made.id, 'job_id', job));
    IF wanted.posted_by IS DISTINCT FROM caller THEN
        PERFORM hotgigs.tell(
            wanted.posted_by, 'application_received', 'New application',
            format('There is a new application for %s.', wanted.title),
            jsonb_build_object('application_id', made.id, 'job_id', job));
    END IF;

    RETURN QUERY
    SELECT made.id, made.job_id, made.candidate_id, made.status, made.referrer_id, made.applied_at,
           made.last_updated_at;
END
$$;
COMMENT ON FUNCTION hotgigs.application_submit_on_behalf(uuid, uuid, text, text, jsonb, text, uuid) IS
    'A recruiter applies for a candidate who lets the company: application, first step, notices.';
REVOKE ALL ON FUNCTION
    hotgigs.application_submit_on_behalf(uuid, uuid, text, text, jsonb, text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    hotgigs.application_submit_on_behalf(uuid, uuid, text, text, jsonb, text, uuid)
    TO hotgigs_company, hotgigs_service;

-- The same candidate for another job of the same company. The company's notes and scores stay
-- where they are. To another company it would show who has not applied there.
--
-- DEFINER: as application_submit.
CREATE FUNCTION hotgigs.application_copy_to_job(application uuid, job uuid)
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
    original public.applications;
    wanted   public.jobs;
    made     public.applications;
BEGIN
    PERFORM hotgigs.reach_application(application, 'recruiter');
    IF NOT EXISTS (SELECT FROM public.applications a
                   JOIN   public.jobs o ON o.id = a.job_id
                   JOIN   public.jobs j ON j.company_id = o.company_id
                   WHERE  a.id = application AND j.id = job) THEN
        RAISE EXCEPTION 'no such job in the company of the application' USING ERRCODE = 'HG001';
    END IF;

    wanted := hotgigs.lock_open_job(job);
    SELECT a.* INTO original FROM public.applications a WHERE a.id = application;
    made := hotgigs.write_application(
        job, original.candidate_id, original.cover_letter, original.resume_url,
        original.additional_documents, original.application_source, original.referrer_id,
        jsonb_build_object('copied_from', application));
    PERFORM hotgigs.tell(
        hotgigs.user_of_candidate(made.candidate_id), 'application_copied', 'Your application',
        format('You are now considered for %s, too.', wanted.title),
        jsonb_build_object('application_id', made.id, 'job_id', job));

    RETURN QUERY
    SELECT made.id, made.job_id, made.candidate_id, made.status, made.applied_at,
           made.last_updated_at;
END
$$;
COMMENT ON FUNCTION hotgigs.application_copy_to_job(uuid, uuid) IS
    'Opens an application of the same candidate for another job of the company.';
REVOKE ALL ON FUNCTION hotgigs.application_copy_to_job(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.application_copy_to_job(uuid, uuid)
    TO hotgigs_company, hotgigs_service;

-- ---- Moves ----

-- DEFINER: the candidate may write neither the status, nor the timeline, nor the poster's
-- notifications.
CREATE FUNCTION hotgigs.application_withdraw(application uuid, reason text)
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
    moved      public.applications;
BEGIN
    IF NOT EXISTS (SELECT FROM public.applications a
                   WHERE  a.id = application
                   AND    (is_service
                           OR a.candidate_id = ANY (ARRAY(SELECT hotgigs.my_candidates())))) THEN
        RAISE EXCEPTION 'no such application, or not the caller''s' USING ERRCODE = 'HG001';
    END IF;
    moved := hotgigs.lock_application(application);
    IF NOT EXISTS (SELECT FROM hotgigs.application_moves() m
                   WHERE  m.from_status = moved.status
                   AND    m.to_status = 'withdrawn'
                   AND    m.made_by = 'candidate') THEN
        RAISE EXCEPTION 'the application cannot be withdrawn any more' USING ERRCODE = 'HG012';
    END IF;

    moved := hotgigs.write_move(application, 'withdrawn', reason, '{}');
    PERFORM hotgigs.tell(
                j.posted_by, 'application_withdrawn', 'Application withdrawn',
                format('A candidate for %s has withdrawn.', j.title),
                jsonb_build_object('application_id', application, 'job_id', j.id))
    FROM    public.jobs j
    WHERE   j.id = moved.job_id;

    RETURN QUERY
    SELECT moved.id, moved.job_id, moved.candidate_id, moved.status, moved.last_updated_at;
END
$$;
COMMENT ON FUNCTION hotgigs.application_withdraw(uuid, text) IS
    'The candidate withdraws his application, unless it was decided.';
REVOKE ALL ON FUNCTION hotgigs.application_withdraw(uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.application_withdraw(uuid, text)
    TO hotgigs_candidate, hotgigs_service;

-- The reason is the company's, the feedback the candidate's: neither goes into the notification,
-- and the timeline has the reason, which the candidate does not read there.
--
-- DEFINER: as application_set_status.
CREATE FUNCTION hotgigs.application_reject(application uuid, reason text, feedback text)
RETURNS TABLE (id uuid, job_id uuid, candidate_id uuid, status varchar, rejection_reason text,
               rejection_feedback text, last_updated_at timestamp)
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
#variable_conflict use_column
DECLARE
    moved public.applications;
BEGIN
    PERFORM hotgigs.reach_application(application, 'recruiter');
    moved := hotgigs.lock_application(application);
    IF NOT EXISTS (SELECT FROM hotgigs.application_moves() m
                   WHERE  m.from_status = moved.status
                   AND    m.to_status = 'rejected'
                   AND    m.made_by = 'company') THEN
        RAISE EXCEPTION 'the application is decided already' USING ERRCODE = 'HG012';
    END IF;

    UPDATE public.applications a
    SET    rejection_reason = reason, rejection_feedback = feedback
    WHERE  a.id = application;
    moved := hotgigs.write_move(application, 'rejected', reason, '{}');
    PERFORM hotgigs.tell_status(moved);

    RETURN QUERY
    SELECT moved.id, moved.job_id, moved.candidate_id, moved.status, moved.rejection_reason,
           moved.rejection_feedback, moved.last_updated_at;
END
$$;
COMMENT ON FUNCTION hotgigs.application_reject(uuid, text, text) IS
    'Rejects an open application, with a reason for the company and feedback for the candidate.';
REVOKE ALL ON FUNCTION hotgigs.application_reject(uuid, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.application_reject(uuid, text, text)
    TO hotgigs_company, hotgigs_service;

-- The candidate is hired, and with him his referral, once, whoever else asks at the same time: the
-- locks are taken in one order (job, application, referral, freelancer), and what was read before
-- the lock is not believed. What is done already is not done again, so that a repeat after a lost
-- reply is harmless; an application that came to hired by another way gets its referral settled.
--
-- DEFINER: as application_set_status; and the company may write neither referrals nor totals.
CREATE FUNCTION hotgigs.application_hire(application uuid, fee_basis numeric, close_job boolean)
RETURNS TABLE (id uuid, job_id uuid, candidate_id uuid, status varchar, last_updated_at timestamp,
               referral_id uuid, is_job_closed boolean)
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
#variable_conflict use_column
DECLARE
    job        uuid;
    moved      public.applications;
    referral   public.referrals;
    freelancer public.freelance_recruiters;
BEGIN
    PERFORM hotgigs.reach_application(application, 'recruiter');
    IF fee_basis < 0 OR fee_basis >= 1e12 THEN      -- NaN is greater than every number
        RAISE EXCEPTION 'fee_basis is no amount of money' USING ERRCODE = 'HG005';
    END IF;
    SELECT a.job_id INTO job FROM public.applications a WHERE a.id = application;
    PERFORM FROM public.jobs j WHERE j.id = job FOR NO KEY UPDATE;
    moved := hotgigs.lock_application(application);

    IF moved.status IS DISTINCT FROM 'hired' THEN
        IF NOT EXISTS (SELECT FROM hotgigs.application_moves() m
                       WHERE  m.from_status = moved.status
                       AND    m.to_status = 'hired'
                       AND    m.made_by = 'company') THEN
            RAISE EXCEPTION 'only an application with an offer is hired' USING ERRCODE = 'HG012';
        END IF;
        moved := hotgigs.write_move(application, 'hired', NULL, '{}');
        PERFORM hotgigs.tell_status(moved);
    END IF;

    SELECT r.* INTO referral
    FROM   public.referrals r
    JOIN   public.freelance_recruiters f ON f.id = r.recruiter_id
    WHERE  r.candidate_id = moved.candidate_id
    AND    r.job_id = moved.job_id
    AND    f.user_id = moved.referrer_id
    AND    r.referral_status IN ('accepted', 'hired')
    ORDER  BY r.created_at, r.id
    LIMIT  1
    FOR    NO KEY UPDATE OF r;
    IF referral.referral_status = 'accepted' THEN
        SELECT f.* INTO freelancer
        FROM   public.freelance_recruiters f
        WHERE  f.id = referral.recruiter_id
        FOR    NO KEY UPDATE;
        UPDATE public.referrals r
        SET    referral_status = 'hired',
               commission_status = 'pending',
               commission_amount = round(fee_basis * coalesce(freelancer.commission_rate, 0) / 100, 2)
        WHERE  r.id = referral.id;
        UPDATE public.freelance_recruiters f
        SET    total_placements = coalesce(f.total_placements, 0) + 1,
               success_rate = hotgigs.rate_freelancer(f.id)
        WHERE  f.id = freelancer.id;
        PERFORM hotgigs.tell(
            freelancer.user_id, 'referral_hired', 'Your referral',
            'A candidate whom you referred was hired.',
            jsonb_build_object('referral_id', referral.id, 'job_id', job));
    END IF;
    UPDATE public.jobs j
    SET    employment_status = 'filled'
    WHERE  j.id = job
    AND    close_job
    AND    j.employment_status IS DISTINCT FROM 'filled';

    RETURN QUERY
    SELECT moved.id, moved.job_id, moved.candidate_id, moved.status, moved.last_updated_at,
           referral.id,
           coalesce((SELECT j.employment_status = 'filled' FROM public.jobs j WHERE j.id = job), false);
END
$$;
COMMENT ON FUNCTION hotgigs.application_hire(uuid, numeric, boolean) IS
    'Hires a candidate with an offer, settles his referral once, and fills the job if asked.';
REVOKE ALL ON FUNCTION hotgigs.application_hire(uuid, numeric, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.application_hire(uuid, numeric, boolean)
    TO hotgigs_company, hotgigs_service;

-- Back to where it was before the last move, with a step of its own, since what happened, happened.
-- An undo is not undone, and withdrawing is the candidate's word. A hire takes its referral back
-- with it, as long as nobody approved the commission.
--
-- DEFINER: as application_hire.
CREATE FUNCTION hotgigs.application_undo(application uuid, note text)
RETURNS TABLE (id uuid, job_id uuid, candidate_id uuid, status varchar, last_updated_at timestamp)
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
#variable_conflict use_column
DECLARE
    moved     public.applications;
    last_move public.application_timeline;
    referral  public.referrals;
BEGIN
    PERFORM hotgigs.reach_application(application, 'recruiter');
    moved := hotgigs.lock_application(application);
    SELECT t.* INTO last_move
    FROM   public.application_timeline t
    WHERE  t.application_id = application
    AND    t.metadata ? 'to'
    ORDER  BY t.created_at DESC, t.id DESC
    LIMIT  1;
    IF last_move.metadata ->> 'from' IS NULL
       OR last_move.metadata ->> 'to' IS DISTINCT FROM moved.status
       OR last_move.metadata ? 'undo' THEN
        RAISE EXCEPTION 'there is no move to undo' USING ERRCODE = 'HG012';
    END IF;
    IF 'withdrawn' IN (last_move.metadata ->> 'from', last_move.metadata ->> 'to') THEN
        RAISE EXCEPTION 'a withdrawal is the candidate''s' USING ERRCODE = 'HG012';
    END IF;

    IF moved.status = 'hired' THEN
        SELECT r.* INTO referral
        FROM   public.referrals r
        JOIN   public.freelance_recruiters f ON f.id = r.recruiter_id
        WHERE  r.candidate_id = moved.candidate_id
        AND    r.job_id = moved.job_id
        AND    f.user_id = moved.referrer_id
        AND    r.referral_status = 'hired'
        ORDER  BY r.created_at, r.id
        LIMIT  1
        FOR    NO KEY UPDATE OF r;
        IF FOUND AND referral.commission_status IS DISTINCT FROM 'pending' THEN
            RAISE EXCEPTION 'the commission for this hire is approved' USING ERRCODE = 'HG012';
        END IF;
        PERFORM FROM public.freelance_recruiters f
        WHERE   f.id = referral.recruiter_id
        FOR     NO KEY UPDATE;
        UPDATE public.referrals r
        SET    referral_status = 'accepted', commission_amount = NULL
        WHERE  r.id = referral.id;
        UPDATE public.freelance_recruiters f
        SET    total_placements = greatest(coalesce(f.total_placements, 0) - 1, 0),
               success_rate = hotgigs.rate_freelancer(f.id)
        WHERE  f.id = referral.recruiter_id;
    END IF;
    UPDATE public.applications a
    SET    rejection_reason = NULL, rejection_feedback = NULL
    WHERE  a.id = application
    AND    a.status = 'rejected';
    moved := hotgigs.write_move(application, last_move.metadata ->> 'from', note,
                                jsonb_build_object('undo', true));
    PERFORM hotgigs.tell_status(moved);

    RETURN QUERY
    SELECT moved.id, moved.job_id, moved.candidate_id, moved.status, moved.last_updated_at;
END
$$;
COMMENT ON FUNCTION hotgigs.application_undo(uuid, text) IS
    'Returns an application to the status before its last move, the hire''s referral included.';
REVOKE ALL ON FUNCTION hotgigs.application_undo(uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.application_undo(uuid, text)
    TO hotgigs_company, hotgigs_service;

-- Moves as many as the machine lets, and says of each id what became of it. Rows are locked in the
-- order of their ids, whatever order they come in, so that two calls never wait for each other. A
-- foreign id and a missing one are the same. Hiring has more to it, and is done one by one.
--
-- DEFINER: as application_set_status.
CREATE FUNCTION hotgigs.application_bulk_set_status(applications uuid[], to_status text, note text)
RETURNS TABLE (place bigint, id uuid, outcome text, status varchar)
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
SET search_path = ''
AS $$
#variable_conflict use_column
DECLARE
    is_service CONSTANT boolean := current_setting('role') = 'hotgigs_service';
    caller     CONSTANT uuid := hotgigs.my_user_id();
    seen       CONSTANT uuid[] := ARRAY(SELECT hotgigs.my_companies());
    reached    CONSTANT uuid[] := ARRAY(SELECT hotgigs.my_companies('recruiter'));
    bulk       CONSTANT uuid := gen_random_uuid();
    locked     uuid[];
    froms      text[];
    movable    uuid[];
BEGIN
    IF to_status NOT IN (SELECT m.to_status FROM hotgigs.application_moves() m
                         WHERE  m.made_by = 'company' AND m.to_status <> 'hired') THEN
        RAISE EXCEPTION 'many applications are not moved to this status at once'
            USING ERRCODE = 'HG005';
    END IF;

    SELECT coalesce(array_agg(l.id ORDER BY l.id), '{}'),
           coalesce(array_agg(l.status::text ORDER BY l.id), '{}')
    INTO   locked, froms
    FROM   (SELECT a.id, a.status
            FROM   public.applications a
            LEFT   JOIN public.jobs j ON j.id = a.job_id
            WHERE  a.id = ANY (applications)
            AND    (is_service OR j.company_id = ANY (reached))
            ORDER  BY a.id
            FOR    NO KEY UPDATE OF a) AS l;
    SELECT coalesce(array_agg(l.id ORDER BY l.id), '{}') INTO movable
    FROM   unnest(locked, froms) AS l (id, status)
    JOIN   hotgigs.application_moves() m
           ON m.from_status = l.status AND m.to_status = application_bulk_set_status.to_status
    WHERE  m.made_by = 'company';

    UPDATE public.applications a
    SET    status = application_bulk_set_status.to_status
    WHERE  a.id = ANY (movable);
    INSERT INTO public.application_timeline
           (application_id, status, notes, changed_by, metadata, created_at)
    SELECT l.id, application_bulk_set_status.to_status, note, caller,
           jsonb_build_object('from', l.status, 'to', application_bulk_set_status.to_status,
                              'bulk_id', bulk),
           hotgigs.timeline_clock(l.id)
    FROM   unnest(locked, froms) AS l (id, status)
    WHERE  l.id = ANY (movable);
    INSERT INTO public.notifications (user_id, notification_type, title, message, data, created_at)
    SELECT c.user_id, 'application_status', 'Your application',
           format('Your application for %s is now: %s.', coalesce(j.title, 'a job'), a.status),
           jsonb_build_object('application_id', a.id, 'status', a.status),
           clock_timestamp() AT TIME ZONE 'UTC'
    FROM   public.applications a
    JOIN   public.candidate_profiles c ON c.id = a.candidate_id
    LEFT   JOIN public.jobs j ON j.id = a.job_id
    WHERE  a.id = ANY (movable)
    AND    c.user_id IS NOT NULL;

    RETURN QUERY
    SELECT w.place, w.id,
           CASE WHEN w.id IS NULL OR NOT v.is_visible THEN 'not_found'
                WHEN w.nth > 1                        THEN 'duplicate'
                WHEN NOT w.id = ANY (locked)          THEN 'denied'
                WHEN w.id = ANY (movable)             THEN 'moved'
                WHEN a.status = application_bulk_set_status.to_status THEN 'unchanged'
                ELSE 'not_allowed'
           END,
           CASE WHEN v.is_visible THEN a.status END
    FROM   (SELECT u.place, u.id, row_number() OVER (PARTITION BY u.id ORDER BY u.place) AS nth
            FROM   unnest(applications) WITH ORDINALITY AS u (id, place)) AS w
    LEFT   JOIN public.applications a ON a.id = w.id
    LEFT   JOIN public.jobs j ON j.id = a.job_id
    CROSS  JOIN LATERAL (SELECT coalesce(a.id IS NOT NULL
                                         AND (is_service OR j.company_id = ANY (seen)),
                                         false)) AS v (is_visible)
    ORDER  BY w.place;
END
$$;
COMMENT ON FUNCTION hotgigs.application_bulk_set_status(uuid[], text, text) IS
    'Moves many applications to one status as application_moves() says; an outcome for each id.';
REVOKE ALL ON FUNCTION hotgigs.application_bulk_set_status(uuid[], text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.application_bulk_set_status(uuid[], text, text)
    TO hotgigs_company, hotgigs_service;

-- ---- Notes ----

-- DEFINER: account managers may write notes and nothing else of an application.
CREATE FUNCTION hotgigs.application_set_notes(application uuid, notes text, expected timestamp)
RETURNS TABLE (id uuid, job_id uuid, candidate_id uuid, recruiter_notes text,
               last_updated_at timestamp)
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
#variable_conflict use_column
DECLARE
    written public.applications;
BEGIN
    PERFORM hotgigs.reach_application(application, 'account_manager');
    UPDATE public.applications a
    SET    recruiter_notes = notes
    WHERE  a.id = application
    AND    a.last_updated_at = expected
    RETURNING a.* INTO written;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the application has changed since' USING ERRCODE = 'HG002';
    END IF;
    RETURN QUERY
    SELECT written.id, written.job_id, written.candidate_id, written.recruiter_notes,
           written.last_updated_at;
END
$$;
COMMENT ON FUNCTION hotgigs.application_set_notes(uuid, text, timestamp) IS
    'Sets the company''s notes on an application that nobody has changed since it was read.';
REVOKE ALL ON FUNCTION hotgigs.application_set_notes(uuid, text, timestamp) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.application_set_notes(uuid, text, timestamp)
    TO hotgigs_company, hotgigs_service;

-- A remark in the timeline, under the status of the moment. from and to are the moves': by them
-- the history is read, so a note has neither.
--
-- DEFINER: no persona may write the timeline.
CREATE FUNCTION hotgigs.timeline_add_note(application uuid, note text, details jsonb)
RETURNS TABLE (id uuid, application_id uuid, status varchar, notes text, changed_by uuid,
               metadata jsonb, created_at timestamp)
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
#variable_conflict use_column
BEGIN
    PERFORM hotgigs.reach_application(application, 'account_manager');
    IF btrim(note) = '' THEN
        RAISE EXCEPTION 'the note is empty' USING ERRCODE = 'HG005';
    END IF;
    IF jsonb_typeof(details) <> 'object' THEN
        RAISE EXCEPTION 'details is no object' USING ERRCODE = 'HG005';
    END IF;
    RETURN QUERY
    INSERT INTO public.application_timeline AS t
           (application_id, status, notes, changed_by, metadata, created_at)
    SELECT a.id, coalesce(a.status, 'applied'), note, hotgigs.my_user_id(),
           coalesce(details, '{}') - 'from' - 'to' - 'undo' || '{"note": true}',
           hotgigs.timeline_clock(a.id)
    FROM   public.applications a
    WHERE  a.id = application
    RETURNING t.id, t.application_id, t.status, t.notes, t.changed_by, t.metadata, t.created_at;
END
$$;
COMMENT ON FUNCTION hotgigs.timeline_add_note(uuid, text, jsonb) IS
    'Adds a remark to an application''s timeline; the status is repeated.';
REVOKE ALL ON FUNCTION hotgigs.timeline_add_note(uuid, text, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.timeline_add_note(uuid, text, jsonb)
    TO hotgigs_company, hotgigs_service;

-- ---- Reading: what one persona sees of rows that several see differently ----

-- What became of those whom the calling freelancer brought: where they stand, and nothing else.
--
-- DEFINER: a freelancer may not read applications.
CREATE FUNCTION hotgigs.application_list_referred(
    at_most integer, after_time timestamp, after_id uuid)
RETURNS TABLE (id uuid, job_id uuid, candidate_id uuid, status varchar, applied_at timestamp,
               last_updated_at timestamp, job_title varchar)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
SET search_path = ''
AS $$
#variable_conflict use_column
DECLARE
    caller CONSTANT uuid := hotgigs.my_user_id();
BEGIN
    RETURN QUERY
    SELECT a.id, a.job_id, a.candidate_id, a.status, a.applied_at, a.last_updated_at, j.title
    FROM   public.applications a
    LEFT   JOIN public.jobs j ON j.id = a.job_id
    WHERE  a.referrer_id = caller
    AND    (after_id IS NULL
            OR (coalesce(a.applied_at, '-infinity'), a.id)
               < (coalesce(after_time, '-infinity'), after_id))
    ORDER  BY coalesce(a.applied_at, '-infinity') DESC, a.id DESC
    LIMIT  greatest(at_most, 0);
END
$$;
COMMENT ON FUNCTION hotgigs.application_list_referred(integer, timestamp, uuid) IS
    'A page of the applications that the calling freelancer brought, with their status.';
REVOKE ALL ON FUNCTION hotgigs.application_list_referred(integer, timestamp, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.application_list_referred(integer, timestamp, uuid)
    TO hotgigs_freelancer;

-- The history of an application: to the candidate what and when; to the company also who and why.
--
-- DEFINER: former members and candidates have names, too, which the cards do not show.
CREATE FUNCTION hotgigs.timeline_list(application uuid)
RETURNS TABLE (id uuid, status varchar, created_at timestamp, notes text, changed_by uuid,
               changed_by_first_name varchar, changed_by_last_name varchar, metadata jsonb)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
SET search_path = ''
AS $$
#variable_conflict use_column
DECLARE
    persona  CONSTANT text := current_setting('role');
    is_whole boolean;
BEGIN
    SELECT persona = 'hotgigs_service'
           OR persona = 'hotgigs_company'
              AND j.company_id = ANY (ARRAY(SELECT hotgigs.my_companies()))
    INTO   is_whole
    FROM   public.applications a
    LEFT   JOIN public.jobs j ON j.id = a.job_id
    WHERE  a.id = application
    AND    (persona <> 'hotgigs_candidate'
            OR a.candidate_id = ANY (ARRAY(SELECT hotgigs.my_candidates())));
    IF is_whole IS NULL OR NOT is_whole AND persona <> 'hotgigs_candidate' THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT t.id, t.status, t.created_at,
           CASE WHEN is_whole THEN t.notes END,
           CASE WHEN is_whole THEN t.changed_by END,
           CASE WHEN is_whole THEN u.first_name END,
           CASE WHEN is_whole THEN u.last_name END,
           CASE WHEN is_whole THEN t.metadata END
    FROM   public.application_timeline t
    LEFT   JOIN public.users u ON u.id = t.changed_by
    WHERE  t.application_id = application
    ORDER  BY t.created_at NULLS FIRST, t.id;
END
$$;
COMMENT ON FUNCTION hotgigs.timeline_list(uuid) IS
    'The history of an application in order, as far as the caller may see it.';
REVOKE ALL ON FUNCTION hotgigs.timeline_list(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.timeline_list(uuid)
    TO hotgigs_candidate, hotgigs_company, hotgigs_service;

COMMIT;
