-- Steps of jobs: what callers may not write themselves.
--
-- Needs:  jobs (106), analytics_events (304), the helpers (004).
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

COMMIT;
