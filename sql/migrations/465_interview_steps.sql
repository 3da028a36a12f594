-- Steps of interviews and AI sessions: what callers may not write, or must not write at once.
--
-- Needs:  interviews (206), ai_interview_sessions (301), analytics_events (304), notifications (403),
--         the helpers (004), what the steps share (460); and, when they are run, the moves (481).
--
-- Each is one call of the library (sql/operations/interview_*.sql, ai_session_*.sql), and all of it
-- happens or none. Locks: the application, the interview, then the interviewer, who is an advisory
-- lock of the transaction: his row in users is nobody's here to hold.

BEGIN;
SET LOCAL ROLE hotgigs_owner;

-- Waits until nobody else plans this person's time, and refuses if he is busy then: in an interview
-- of any company, or within so many minutes of one. A transaction that came later sees what this one
-- wrote. Each statement of a VOLATILE function has a snapshot of its own, so that what the one
-- before committed counts.
CREATE FUNCTION hotgigs.take_time(
    person uuid, but_for uuid, starts timestamp, minutes integer, buffer integer)
RETURNS void
LANGUAGE plpgsql
VOLATILE
SET search_path = ''
AS $$
BEGIN
    IF person IS NULL THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('hotgigs.interviewer ' || person, 0));
    IF EXISTS (SELECT FROM public.interviews i
               WHERE  i.interviewer_id = person
               AND    i.id IS DISTINCT FROM but_for
               AND    i.status = 'scheduled'
               AND    i.scheduled_at < starts + make_interval(mins => minutes + buffer)
               AND    i.scheduled_at + make_interval(mins => coalesce(i.duration_minutes, 60) + buffer)
                      > starts) THEN
        RAISE EXCEPTION 'the interviewer is busy at that time' USING ERRCODE = 'HG002';
    END IF;
END
$$;
COMMENT ON FUNCTION hotgigs.take_time(uuid, uuid, timestamp, integer, integer) IS
    'Locks an interviewer''s calendar and refuses a time that is taken, buffer included.';
REVOKE ALL ON FUNCTION hotgigs.take_time(uuid, uuid, timestamp, integer, integer) FROM PUBLIC;

-- Refuses lengths that are none.
CREATE FUNCTION hotgigs.check_time(starts timestamp, minutes integer, buffer integer)
RETURNS void
LANGUAGE plpgsql
IMMUTABLE
SET search_path = ''
AS $$
BEGIN
    IF NOT isfinite(starts) THEN
        RAISE EXCEPTION 'the start is no moment' USING ERRCODE = 'HG005';
    END IF;
    IF minutes NOT BETWEEN 1 AND 1440 OR buffer NOT BETWEEN 0 AND 1440 THEN
        RAISE EXCEPTION 'an interview takes 1 to 1440 minutes, and its buffer 0 to 1440'
            USING ERRCODE = 'HG005';
    END IF;
END
$$;
COMMENT ON FUNCTION hotgigs.check_time(timestamp, integer, integer) IS
    'Refuses what is no time for an interview.';
REVOKE ALL ON FUNCTION hotgigs.check_time(timestamp, integer, integer) FROM PUBLIC;

-- Tells the candidate and the interviewer, but not the caller.
CREATE FUNCTION hotgigs.tell_interview(interview public.interviews, kind text, title text, message text)
RETURNS void
LANGUAGE plpgsql
VOLATILE
SET search_path = ''
AS $$
BEGIN
    PERFORM hotgigs.tell(p.person, kind, title, message,
                         jsonb_build_object('interview_id', interview.id,
                                            'application_id', interview.application_id,
                                            'scheduled_at', interview.scheduled_at))
    FROM   (SELECT interview.interviewer_id
            UNION
            SELECT c.user_id
            FROM   public.applications a
            JOIN   public.candidate_profiles c ON c.id = a.candidate_id
            WHERE  a.id = interview.application_id) AS p (person)
    WHERE  p.person IS DISTINCT FROM hotgigs.my_user_id();
END
$$;
COMMENT ON FUNCTION hotgigs.tell_interview(public.interviews, text, text, text) IS
    'Notifies the candidate and the interviewer of an interview.';
REVOKE ALL ON FUNCTION hotgigs.tell_interview(public.interviews, text, text, text) FROM PUBLIC;

-- An interview for an open application, at a time at which the interviewer has no other.
--
-- DEFINER: the company may not see the interviewer's other interviews, nor write the timeline and
-- notifications.
CREATE FUNCTION hotgigs.interview_schedule(
    application uuid, interviewer uuid, kind text, starts timestamp, minutes integer, place text,
    link text, remarks text, buffer integer, advance boolean)
RETURNS TABLE (id uuid, application_id uuid, interviewer_id uuid, interview_type varchar,
               scheduled_at timestamp, duration_minutes integer, location varchar,
               meeting_link varchar, status varchar, notes text, updated_at timestamp)
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
#variable_conflict use_column
DECLARE
    wanted public.applications;
    made   public.interviews;
    next   text;
BEGIN
    PERFORM hotgigs.reach_application(application, 'recruiter');
    PERFORM hotgigs.check_time(starts, minutes, buffer);
    IF current_setting('role') <> 'hotgigs_service'
       AND NOT hotgigs.interview_takes(NULL, application, interviewer) THEN
        RAISE EXCEPTION 'no such interviewer: a member of the company, or a verified freelancer'
            USING ERRCODE = 'HG001';
    END IF;
    wanted := hotgigs.lock_application(application);
    IF wanted.status NOT IN ('applied', 'screening', 'interviewing', 'offer') THEN
        RAISE EXCEPTION 'the application is decided already' USING ERRCODE = 'HG012';
    END IF;
    PERFORM hotgigs.take_time(interviewer, NULL, starts, minutes, buffer);

    INSERT INTO public.interviews AS i
           (application_id, interviewer_id, interview_type, scheduled_at, duration_minutes,
            location, meeting_link, notes)
    VALUES (application, interviewer, kind, starts, minutes, place, link, remarks)
    RETURNING i.* INTO made;
    WHILE advance AND wanted.status IN ('applied', 'screening') LOOP    -- as the machine goes
        next := (SELECT m.to_status FROM hotgigs.application_moves() m
                 WHERE  m.from_status = wanted.status
                 AND    m.to_status IN ('screening', 'interviewing')
                 AND    m.made_by = 'company');
        wanted := hotgigs.write_move(application, next, NULL,
                                     jsonb_build_object('interview_id', made.id));
    END LOOP;
    PERFORM hotgigs.tell_interview(made, 'interview_scheduled', 'Interview',
                                   format('There will be an interview on %s UTC.',
                                          to_char(made.scheduled_at, 'YYYY-MM-DD HH24:MI')));

    RETURN QUERY
    SELECT made.id, made.application_id, made.interviewer_id, made.interview_type,
           made.scheduled_at, made.duration_minutes, made.location, made.meeting_link, made.status,
           made.notes, made.updated_at;
END
$$;
COMMENT ON FUNCTION hotgigs.interview_schedule(
    uuid, uuid, text, timestamp, integer, text, text, text, integer, boolean) IS
    'Plans an interview while its interviewer is free, and tells those who take part.';
REVOKE ALL ON FUNCTION hotgigs.interview_schedule(
    uuid, uuid, text, timestamp, integer, text, text, text, integer, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.interview_schedule(
    uuid, uuid, text, timestamp, integer, text, text, text, integer, boolean)
    TO hotgigs_company, hotgigs_service;

-- Another time for an interview that is still to come.
--
-- DEFINER: as interview_schedule.
CREATE FUNCTION hotgigs.interview_reschedule(
    interview uuid, starts timestamp, expected timestamp, minutes integer, buffer integer)
RETURNS TABLE (id uuid, application_id uuid, interviewer_id uuid, scheduled_at timestamp,
               duration_minutes integer, status varchar, updated_at timestamp)
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
#variable_conflict use_column
DECLARE
    moved   public.interviews;
    company uuid;
BEGIN
    SELECT j.company_id INTO company
    FROM   public.interviews i
    LEFT   JOIN public.applications a ON a.id = i.application_id
    LEFT   JOIN public.jobs j ON j.id = a.job_id
    WHERE  i.id = interview;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such interview, or not one of the caller''s companies'''
            USING ERRCODE = 'HG001';
    END IF;
    PERFORM hotgigs.reach_company(company, 'recruiter', 'interview');
    SELECT i.* INTO moved FROM public.interviews i WHERE i.id = interview FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the interview was deleted meanwhile' USING ERRCODE = 'HG001';
    END IF;
    PERFORM hotgigs.check_time(starts, coalesce(minutes, moved.duration_minutes, 60), buffer);
    IF moved.status IS DISTINCT FROM 'scheduled' THEN
        RAISE EXCEPTION 'the interview is over or cancelled' USING ERRCODE = 'HG012';
    END IF;
    IF moved.scheduled_at <> expected THEN
        RAISE EXCEPTION 'the interview is at another time by now' USING ERRCODE = 'HG002';
    END IF;
    PERFORM hotgigs.take_time(moved.interviewer_id, interview, starts,
                              coalesce(minutes, moved.duration_minutes, 60), buffer);

    UPDATE public.interviews i
    SET    scheduled_at = starts, duration_minutes = coalesce(minutes, i.duration_minutes)
    WHERE  i.id = interview
    RETURNING i.* INTO moved;
    PERFORM hotgigs.tell_interview(moved, 'interview_rescheduled', 'Interview',
                                   format('Your interview is now on %s UTC.',
                                          to_char(moved.scheduled_at, 'YYYY-MM-DD HH24:MI')));

    RETURN QUERY
    SELECT moved.id, moved.application_id, moved.interviewer_id, moved.scheduled_at,
           moved.duration_minutes, moved.status, moved.updated_at;
END
$$;
COMMENT ON FUNCTION hotgigs.interview_reschedule(uuid, timestamp, timestamp, integer, integer) IS
    'Moves a scheduled interview from the time that was read to another that is free.';
REVOKE ALL ON FUNCTION
    hotgigs.interview_reschedule(uuid, timestamp, timestamp, integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    hotgigs.interview_reschedule(uuid, timestamp, timestamp, integer, integer)
    TO hotgigs_company, hotgigs_service;

-- How it went. The interviewer says it, whatever he is otherwise, or a recruiter of the company.
--
-- DEFINER: the interviewer may not write interviews.
CREATE FUNCTION hotgigs.interview_finish(
    interview uuid, outcome text, points integer, opinion text, remarks text)
RETURNS TABLE (id uuid, application_id uuid, interviewer_id uuid, scheduled_at timestamp,
               duration_minutes integer, status varchar, score integer, feedback text,
               updated_at timestamp)
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
#variable_conflict use_column
DECLARE
    caller CONSTANT uuid := hotgigs.my_user_id();
    held   public.interviews;
BEGIN
    -- One that does not exist takes the way of one that is not the caller's, and he hears the same.
    SELECT i.* INTO held FROM public.interviews i WHERE i.id = interview;
    IF held.interviewer_id IS DISTINCT FROM caller OR caller IS NULL THEN
        IF current_setting('role') IN ('hotgigs_candidate', 'hotgigs_freelancer') THEN
            RAISE EXCEPTION 'no such interview, or not one that the caller holds'
                USING ERRCODE = 'HG001';
        END IF;
        PERFORM hotgigs.reach_company((SELECT j.company_id
                                       FROM   public.applications a
                                       JOIN   public.jobs j ON j.id = a.job_id
                                       WHERE  a.id = held.application_id), 'recruiter', 'interview');
    END IF;
    IF held.id IS NULL THEN
        RAISE EXCEPTION 'no such interview' USING ERRCODE = 'HG001';
    END IF;
    IF outcome NOT IN (SELECT m.to_status FROM hotgigs.interview_moves() m) THEN
        RAISE EXCEPTION 'an interview ends as completed, cancelled or no_show'
            USING ERRCODE = 'HG005';
    END IF;
    IF points NOT BETWEEN 1 AND 10 OR points IS NOT NULL AND outcome <> 'completed' THEN
        RAISE EXCEPTION 'a completed interview has a score of 1 to 10, no other has any'
            USING ERRCODE = 'HG005';
    END IF;

    SELECT i.* INTO held FROM public.interviews i WHERE i.id = interview FOR NO KEY UPDATE;
    IF NOT EXISTS (SELECT FROM hotgigs.interview_moves() m
                   WHERE  m.from_status = held.status AND m.to_status = outcome) THEN
        RAISE EXCEPTION 'the interview is over or cancelled' USING ERRCODE = 'HG012';
    END IF;
    UPDATE public.interviews i
    SET    status = outcome,
           score = points,
           feedback = opinion,
           notes = coalesce(remarks, i.notes)
    WHERE  i.id = interview
    RETURNING i.* INTO held;
    IF outcome = 'cancelled' THEN
        PERFORM hotgigs.tell_interview(held, 'interview_cancelled', 'Interview',
                                       format('The interview on %s UTC is cancelled.',
                                              to_char(held.scheduled_at, 'YYYY-MM-DD HH24:MI')));
    END IF;

    RETURN QUERY
    SELECT held.id, held.application_id, held.interviewer_id, held.scheduled_at,
           held.duration_minutes, held.status, held.score, held.feedback, held.updated_at;
END
$$;
COMMENT ON FUNCTION hotgigs.interview_finish(uuid, text, integer, text, text) IS
    'Ends a scheduled interview, by its interviewer or a recruiter, with score and feedback.';
REVOKE ALL ON FUNCTION hotgigs.interview_finish(uuid, text, integer, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.interview_finish(uuid, text, integer, text, text)
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer, hotgigs_service;

-- The candidate and the interviewer, as far as they are users.
CREATE FUNCTION hotgigs.who_takes_part(interview public.interviews)
RETURNS TABLE (person uuid, is_candidate boolean)
LANGUAGE sql
STABLE
ROWS 2
AS $$
    SELECT c.user_id, true
    FROM   public.applications a
    JOIN   public.candidate_profiles c ON c.id = a.candidate_id
    WHERE  a.id = interview.application_id
    AND    c.user_id IS NOT NULL
    UNION ALL
    SELECT interview.interviewer_id, false
    WHERE  interview.interviewer_id IS NOT NULL
$$;
COMMENT ON FUNCTION hotgigs.who_takes_part(public.interviews) IS
    'The users who take part in an interview.';
REVOKE ALL ON FUNCTION hotgigs.who_takes_part(public.interviews) FROM PUBLIC;

CREATE FUNCTION hotgigs.is_reminded(interview public.interviews, minutes_before integer, person uuid)
RETURNS boolean
LANGUAGE sql
STABLE
AS $$
    SELECT EXISTS (SELECT FROM public.analytics_events e
                   WHERE  e.user_id = person
                   AND    e.event_type = 'interview_reminder'
                   AND    e.event_data @> jsonb_build_object('interview_id', interview.id,
                                                             'minutes_before', minutes_before,
                                                             'scheduled_at', interview.scheduled_at))
$$;
COMMENT ON FUNCTION hotgigs.is_reminded(public.interviews, integer, uuid) IS
    'Whether this user was reminded of this interview at this time, so long before.';
REVOKE ALL ON FUNCTION hotgigs.is_reminded(public.interviews, integer, uuid) FROM PUBLIC;

-- Whom to remind of what is about to begin, each of them once: the event that is written with the
-- notification is the mark. The notification itself is not: its user may remove it, and would be
-- reminded again. The rows are locked first, and the marks are looked for afterwards in a statement
-- of its own: its snapshot is younger than the lock, so that no other call can have marked them
-- unseen. Another time is another reminder.
--
-- DEFINER: it calls functions that are the owner's alone.
CREATE FUNCTION hotgigs.interview_due_reminders(minutes_before integer, at_most integer)
RETURNS TABLE (interview_id uuid, user_id uuid, is_candidate boolean, email varchar,
               first_name varchar, scheduled_at timestamp, interview_type varchar,
               location varchar, meeting_link varchar, job_title varchar)
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
SET search_path = ''
AS $$
#variable_conflict use_column
DECLARE
    at     CONSTANT timestamp := clock_timestamp() AT TIME ZONE 'UTC';
    locked uuid[];
BEGIN
    IF minutes_before NOT BETWEEN 1 AND 43200 THEN
        RAISE EXCEPTION 'reminders come 1 to 43200 minutes before' USING ERRCODE = 'HG005';
    END IF;
    locked := ARRAY(SELECT i.id
                    FROM   public.interviews i
                    WHERE  i.status = 'scheduled'
                    AND    i.scheduled_at > at
                    AND    i.scheduled_at <= at + make_interval(mins => minutes_before)
                    AND    (SELECT bool_or(NOT hotgigs.is_reminded(i, minutes_before, p.person))
                            FROM   hotgigs.who_takes_part(i) AS p (person, is_candidate))
                    ORDER  BY i.scheduled_at, i.id
                    LIMIT  greatest(at_most, 0)
                    FOR    NO KEY UPDATE SKIP LOCKED);
    RETURN QUERY
    WITH due AS (
        SELECT i.*, p.person, p.is_candidate
        FROM   public.interviews i
        CROSS  JOIN LATERAL hotgigs.who_takes_part(i) AS p (person, is_candidate)
        WHERE  i.id = ANY (locked)
        AND    i.status = 'scheduled'
        AND    NOT hotgigs.is_reminded(i, minutes_before, p.person)
    ), marked AS (
        INSERT INTO public.analytics_events (user_id, event_type, event_data, created_at)
        SELECT d.person, 'interview_reminder',
               jsonb_build_object('interview_id', d.id, 'minutes_before', minutes_before,
                                  'scheduled_at', d.scheduled_at), at
        FROM   due d
    ), told AS (
        INSERT INTO public.notifications
               (user_id, notification_type, title, message, data, priority, expires_at, created_at)
        SELECT d.person, 'interview_reminder', 'Interview',
               format('Your interview begins on %s UTC.', to_char(d.scheduled_at, 'YYYY-MM-DD HH24:MI')),
               jsonb_build_object('interview_id', d.id, 'scheduled_at', d.scheduled_at),
               'high', d.scheduled_at, at
        FROM   due d
    )
    SELECT d.id, d.person, d.is_candidate, u.email, u.first_name, d.scheduled_at, d.interview_type,
           d.location, d.meeting_link, j.title
    FROM   due d
    JOIN   public.users u ON u.id = d.person
    LEFT   JOIN public.applications a ON a.id = d.application_id
    LEFT   JOIN public.jobs j ON j.id = a.job_id
    ORDER  BY d.scheduled_at, d.id, d.is_candidate DESC;
END
$$;
COMMENT ON FUNCTION hotgigs.interview_due_reminders(integer, integer) IS
    'Claims the reminders of interviews that begin within so many minutes: each of them once.';
REVOKE ALL ON FUNCTION hotgigs.interview_due_reminders(integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.interview_due_reminders(integer, integer)
    TO hotgigs_service;

-- What the queue of reminders reads, without the history.
CREATE INDEX interviews_scheduled_at_idx
    ON public.interviews (scheduled_at, id) WHERE status = 'scheduled';

-- When somebody is busy: the times, and not with whom. Asked of oneself, of co-workers, and, by
-- recruiters, of verified freelancers, who may be interviewers, too; of others nothing is known.
--
-- DEFINER: another company's interviews take a person's time as well.
CREATE FUNCTION hotgigs.interviewer_busy(person uuid, starts_from timestamp, starts_until timestamp)
RETURNS TABLE (starts_at timestamp, ends_at timestamp)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
SET search_path = ''
AS $$
#variable_conflict use_column
BEGIN
    IF NOT (current_setting('role') = 'hotgigs_service'
            OR person = hotgigs.my_user_id()
            OR current_setting('role') = 'hotgigs_company'
               AND EXISTS (SELECT hotgigs.my_companies('recruiter'))
               AND (person = ANY (ARRAY(SELECT hotgigs.my_coworkers()))
                    OR EXISTS (SELECT FROM public.freelance_recruiters f
                               JOIN   public.users u ON u.id = f.user_id
                               WHERE  f.user_id = person AND f.is_verified AND u.is_active))) IS TRUE THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT i.scheduled_at,
           i.scheduled_at + make_interval(mins => coalesce(i.duration_minutes, 60))
    FROM   public.interviews i
    WHERE  i.interviewer_id = person
    AND    i.status = 'scheduled'
    AND    i.scheduled_at < starts_until
    AND    i.scheduled_at + make_interval(mins => coalesce(i.duration_minutes, 60)) > starts_from
    ORDER  BY i.scheduled_at, i.id;
END
$$;
COMMENT ON FUNCTION hotgigs.interviewer_busy(uuid, timestamp, timestamp) IS
    'The times in a window at which this person has interviews.';
REVOKE ALL ON FUNCTION hotgigs.interviewer_busy(uuid, timestamp, timestamp) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.interviewer_busy(uuid, timestamp, timestamp)
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer, hotgigs_service;

-- Interviews of a company in a window: a row for each interviewer, and one for all, which is there
-- even if there is nothing. Only completed ones have scores. OFFSET 0 has each application and each
-- interview looked up: with two hundred thousand applications of a hundred companies the planner
-- read all of them otherwise.
--
-- DEFINER: no member reads scores from the table.
CREATE FUNCTION hotgigs.interview_stats(
    company uuid, starts_from timestamp, starts_until timestamp)
RETURNS TABLE (is_total boolean, interviewer_id uuid, first_name varchar, last_name varchar,
               interviews bigint, scheduled bigint, completed bigint, cancelled bigint,
               no_show bigint, avg_score numeric, stddev_score numeric, no_show_percent numeric)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
SET search_path = ''
AS $$
#variable_conflict use_column
BEGIN
    PERFORM hotgigs.reach_company(company, 'viewer');
    RETURN QUERY
    SELECT grouping(i.interviewer_id) = 1,
           i.interviewer_id,
           min(u.first_name::text)::varchar,
           min(u.last_name::text)::varchar,
           count(i.id),
           count(i.id) FILTER (WHERE i.status = 'scheduled'),
           count(i.id) FILTER (WHERE i.status = 'completed'),
           count(i.id) FILTER (WHERE i.status = 'cancelled'),
           count(i.id) FILTER (WHERE i.status = 'no_show'),
           round(avg(i.score) FILTER (WHERE i.status = 'completed'), 2),
           round(stddev_samp(i.score) FILTER (WHERE i.status = 'completed'), 2),
           coalesce(round(100.0 * count(*) FILTER (WHERE i.status = 'no_show')
                          / nullif(count(*) FILTER (WHERE i.status IN ('completed', 'no_show')), 0),
                          2), 0)
    FROM   public.jobs j
    CROSS  JOIN LATERAL (SELECT a.id FROM public.applications a WHERE a.job_id = j.id OFFSET 0) AS a
    CROSS  JOIN LATERAL (SELECT n.id, n.interviewer_id, n.status, n.score
                         FROM   public.interviews n
                         WHERE  n.application_id = a.id
                         AND    (starts_from IS NULL OR n.scheduled_at >= starts_from)
                         AND    (starts_until IS NULL OR n.scheduled_at < starts_until)
                         OFFSET 0) AS i
    LEFT   JOIN public.users u ON u.id = i.interviewer_id
    WHERE  j.company_id = company
    GROUP  BY GROUPING SETS ((i.interviewer_id), ())
    ORDER  BY grouping(i.interviewer_id) DESC, count(i.id) DESC, i.interviewer_id;
END
$$;
COMMENT ON FUNCTION hotgigs.interview_stats(uuid, timestamp, timestamp) IS
    'Numbers and scores of a company''s interviews, in all and by interviewer.';
REVOKE ALL ON FUNCTION hotgigs.interview_stats(uuid, timestamp, timestamp) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.interview_stats(uuid, timestamp, timestamp)
    TO hotgigs_company, hotgigs_service;

-- ---- AI sessions ----

-- DEFINER: recruiters may not write sessions.
CREATE FUNCTION hotgigs.ai_session_create(application uuid, kind text, asked jsonb)
RETURNS TABLE (id uuid, application_id uuid, session_type varchar, questions jsonb,
               responses jsonb, created_at timestamp)
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
#variable_conflict use_column
DECLARE
    wanted public.applications;
BEGIN
    PERFORM hotgigs.reach_application(application, 'recruiter');
    IF jsonb_typeof(asked) <> 'array' OR asked = '[]' THEN
        RAISE EXCEPTION 'questions is no array, or an empty one' USING ERRCODE = 'HG005';
    END IF;
    wanted := hotgigs.lock_application(application);
    IF wanted.status NOT IN ('applied', 'screening', 'interviewing', 'offer') THEN
        RAISE EXCEPTION 'the application is decided already' USING ERRCODE = 'HG012';
    END IF;
    PERFORM hotgigs.tell(
        hotgigs.user_of_candidate(wanted.candidate_id), 'ai_interview', 'Interview',
        'Questions are waiting for your answers.',
        jsonb_build_object('application_id', application));
    RETURN QUERY
    INSERT INTO public.ai_interview_sessions AS s
           (application_id, session_type, questions, responses, created_at)
    VALUES (application, kind, asked, '[]', clock_timestamp() AT TIME ZONE 'UTC')
    RETURNING s.id, s.application_id, s.session_type, s.questions, s.responses, s.created_at;
END
$$;
COMMENT ON FUNCTION hotgigs.ai_session_create(uuid, text, jsonb) IS
    'Opens an AI interview for an open application, and tells the candidate.';
REVOKE ALL ON FUNCTION hotgigs.ai_session_create(uuid, text, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.ai_session_create(uuid, text, jsonb)
    TO hotgigs_company, hotgigs_service;

-- One more answer, if there are as many as the caller thinks: so an answer that is sent twice is
-- kept once. The update itself asks again, when it has the row.
--
-- DEFINER: candidates may not write sessions.
CREATE FUNCTION hotgigs.ai_session_append(session uuid, response jsonb, expected integer)
RETURNS integer
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
SET search_path = ''
AS $$
DECLARE
    is_service CONSTANT boolean := current_setting('role') = 'hotgigs_service';
    length     integer;
    at         timestamp;
BEGIN
    IF NOT EXISTS (SELECT FROM public.ai_interview_sessions s
                   LEFT   JOIN public.applications a ON a.id = s.application_id
                   WHERE  s.id = session
                   AND    (is_service
                           OR a.candidate_id = ANY (ARRAY(SELECT hotgigs.my_candidates())))) THEN
        RAISE EXCEPTION 'no such session, or not the caller''s' USING ERRCODE = 'HG001';
    END IF;
    IF jsonb_typeof(response) <> 'object' THEN
        RAISE EXCEPTION 'response is no object' USING ERRCODE = 'HG005';
    END IF;
    UPDATE public.ai_interview_sessions s
    SET    responses = s.responses || jsonb_build_array(response)
    WHERE  s.id = session
    AND    s.completed_at IS NULL
    AND    jsonb_array_length(s.responses) = expected
    RETURNING jsonb_array_length(s.responses) INTO length;
    IF NOT FOUND THEN
        SELECT s.completed_at INTO at FROM public.ai_interview_sessions s WHERE s.id = session;
        IF at IS NOT NULL THEN
            RAISE EXCEPTION 'the session is completed' USING ERRCODE = 'HG012';
        END IF;
        RAISE EXCEPTION 'the session has another number of responses' USING ERRCODE = 'HG002';
    END IF;
    RETURN length;
END
$$;
COMMENT ON FUNCTION hotgigs.ai_session_append(uuid, jsonb, integer) IS
    'Adds a response to a session that has as many as expected, and gives the new number.';
REVOKE ALL ON FUNCTION hotgigs.ai_session_append(uuid, jsonb, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.ai_session_append(uuid, jsonb, integer)
    TO hotgigs_candidate, hotgigs_service;

-- DEFINER: for the service, to tell why not.
CREATE FUNCTION hotgigs.ai_session_complete(
    session uuid, scores jsonb, overall numeric, advice text, seconds integer)
RETURNS TABLE (id uuid, application_id uuid, session_type varchar, ai_scores jsonb,
               overall_score numeric, recommendations text, session_duration integer,
               completed_at timestamp)
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
#variable_conflict use_column
BEGIN
    IF jsonb_typeof(scores) <> 'object' OR overall NOT BETWEEN 0 AND 100 OR seconds < 0 THEN
        RAISE EXCEPTION 'scores is an object, overall_score 0 to 100, and the duration no less than 0'
            USING ERRCODE = 'HG005';
    END IF;
    RETURN QUERY
    UPDATE public.ai_interview_sessions s
    SET    ai_scores = coalesce(scores, '{}'),
           overall_score = overall,
           recommendations = advice,
           session_duration = seconds,
           completed_at = clock_timestamp() AT TIME ZONE 'UTC'
    WHERE  s.id = session
    AND    s.completed_at IS NULL
    RETURNING s.id, s.application_id, s.session_type, s.ai_scores, s.overall_score,
              s.recommendations, s.session_duration, s.completed_at;
    IF NOT FOUND THEN
        IF EXISTS (SELECT FROM public.ai_interview_sessions s WHERE s.id = session) THEN
            RAISE EXCEPTION 'the session is completed already' USING ERRCODE = 'HG012';
        END IF;
        RAISE EXCEPTION 'no such session' USING ERRCODE = 'HG001';
    END IF;
END
$$;
COMMENT ON FUNCTION hotgigs.ai_session_complete(uuid, jsonb, numeric, text, integer) IS
    'Completes a session with its scores, once.';
REVOKE ALL ON FUNCTION hotgigs.ai_session_complete(uuid, jsonb, numeric, text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.ai_session_complete(uuid, jsonb, numeric, text, integer)
    TO hotgigs_service;

COMMIT;
