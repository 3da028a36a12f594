-- Analytics: buckets of time, and what a company may count of the events.
--
-- Needs:  jobs (106), analytics_events (304), the helpers (004).
--
-- What a persona may see anyway is counted by the operations themselves (sql/operations/dashboard_*.sql and others), under
-- his policies. Here is what they share, and the one thing that he may count and not see.

BEGIN;
SET LOCAL ROLE hotgigs_owner;

-- The bucket in which a moment lies: the beginning of its day, week or month on the clock of that zone, and of its hour as
-- UTC, since a clock that is put back shows an hour twice. A week begins on Monday. No SET: it is inlined.
CREATE FUNCTION hotgigs.time_bucket(moment timestamp, unit text, zone text)
RETURNS timestamp
LANGUAGE sql
STABLE
PARALLEL SAFE
AS $$
    SELECT CASE WHEN unit OPERATOR(pg_catalog.=) 'hour'
                THEN pg_catalog.timezone('UTC', pg_catalog.date_trunc('hour', pg_catalog.timezone('UTC', moment), zone))
                ELSE pg_catalog.date_trunc(unit, pg_catalog.timezone(zone, pg_catalog.timezone('UTC', moment)))
           END
$$;
COMMENT ON FUNCTION hotgigs.time_bucket(timestamp, text, text) IS
    'The hour (UTC), or the day, week or month (on the clock of the zone), in which a moment lies.';
REVOKE ALL ON FUNCTION hotgigs.time_bucket(timestamp, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.time_bucket(timestamp, text, text)
    TO hotgigs_company, hotgigs_freelancer, hotgigs_service;

-- Every bucket from since to before until, those without anything included. starts_at is when it begins, UTC: a day may have
-- 23 or 25 hours. Half an hour is the least by which a clock is put back, so hours are found by quarters.
CREATE FUNCTION hotgigs.time_buckets(since timestamp, until timestamp, unit text, zone text)
RETURNS TABLE (bucket timestamp, starts_at timestamp)
LANGUAGE plpgsql
STABLE
PARALLEL SAFE
ROWS 100
SET search_path = ''
AS $$
#variable_conflict use_column
DECLARE
    most CONSTANT interval := CASE unit WHEN 'hour' THEN '100000 hours' WHEN 'day' THEN '100000 days'
                                        WHEN 'week' THEN '700000 days' WHEN 'month' THEN '3000000 days' END;
BEGIN
    IF most IS NULL THEN
        RAISE EXCEPTION 'unit is none of hour, day, week, month' USING ERRCODE = 'HG005';
    END IF;
    IF NOT isfinite(since) OR NOT isfinite(until) THEN
        RAISE EXCEPTION 'since or until is infinite' USING ERRCODE = 'HG005';
    END IF;
    IF until - since > most THEN
        RAISE EXCEPTION 'more than 100000 buckets' USING ERRCODE = 'HG005';
    END IF;

    IF unit = 'hour' THEN
        RETURN QUERY
        SELECT DISTINCT hotgigs.time_bucket(quarter, unit, zone), hotgigs.time_bucket(quarter, unit, zone)
        FROM   generate_series(hotgigs.time_bucket(since, unit, zone), until - interval '1 microsecond',
                               interval '15 minutes') AS quarter
        WHERE  since < until;
    ELSE
        RETURN QUERY
        SELECT step, step AT TIME ZONE zone AT TIME ZONE 'UTC'
        FROM   generate_series(hotgigs.time_bucket(since, unit, zone),
                               hotgigs.time_bucket(until - interval '1 microsecond', unit, zone),
                               ('1 ' || unit)::interval) AS step
        WHERE  since < until;
    END IF;
END
$$;
COMMENT ON FUNCTION hotgigs.time_buckets(timestamp, timestamp, text, text) IS
    'The hours, days, weeks or months of a window on the clock of a zone, without gaps.';
REVOKE ALL ON FUNCTION hotgigs.time_buckets(timestamp, timestamp, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.time_buckets(timestamp, timestamp, text, text)
    TO hotgigs_company, hotgigs_service;

-- The events about these jobs, of a window. Most events are about none.
CREATE INDEX analytics_events_job_id_created_at_idx
    ON public.analytics_events ((event_data ->> 'job_id'), created_at)
    WHERE event_data ->> 'job_id' IS NOT NULL;

-- What happened in a window, per type, with a row for every type that is asked for. A company gets what is about its jobs,
-- the service that or, with company NULL, everything; whoever is no member gets nothing.
--
-- Job by job (OFFSET 0 keeps it so): for a window that it does not know the planner would else read the events of everybody
-- by their time, 3,851 pages instead of 80 among 200,000.
--
-- DEFINER: no persona may read events, whose addresses and agents are the service's alone.
CREATE FUNCTION hotgigs.event_counts(company uuid, types text[], since timestamp, until timestamp)
RETURNS TABLE (event_type text, events bigint, users bigint, sessions bigint)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
ROWS 20
SET search_path = ''
AS $$
#variable_conflict use_column
BEGIN
    IF current_setting('role') <> 'hotgigs_service'
       AND NOT coalesce(company = ANY (ARRAY(SELECT hotgigs.my_companies())), false) THEN
        RETURN;
    END IF;

    RETURN QUERY
    WITH its_events AS (
        SELECT e.event_type, e.user_id, e.session_id
        FROM   public.jobs j
        CROSS  JOIN LATERAL (
            SELECT v.event_type, v.user_id, v.session_id
            FROM   public.analytics_events v
            WHERE  v.event_data ->> 'job_id' = j.id::text
            AND    v.created_at >= since
            AND    v.created_at < until
            OFFSET 0) e
        WHERE  j.company_id = company
        UNION  ALL
        SELECT e.event_type, e.user_id, e.session_id
        FROM   public.analytics_events e
        WHERE  company IS NULL
        AND    e.created_at >= since
        AND    e.created_at < until
    ), counts AS (
        SELECT e.event_type::text AS event_type, count(*) AS events, count(DISTINCT e.user_id) AS users,
               count(DISTINCT e.session_id) AS sessions
        FROM   its_events e
        WHERE  types IS NULL OR e.event_type = ANY (types)
        GROUP  BY e.event_type
    ), wanted AS (
        SELECT DISTINCT w.event_type FROM unnest(types) AS w (event_type) WHERE w.event_type IS NOT NULL
        UNION
        SELECT c.event_type FROM counts c
    )
    SELECT w.event_type, coalesce(c.events, 0), coalesce(c.users, 0), coalesce(c.sessions, 0)
    FROM   wanted w
    LEFT   JOIN counts c ON c.event_type = w.event_type;
END
$$;
COMMENT ON FUNCTION hotgigs.event_counts(uuid, text[], timestamp, timestamp) IS
    'Events of a window per type: about a company''s jobs, or for the service all.';
REVOKE ALL ON FUNCTION hotgigs.event_counts(uuid, text[], timestamp, timestamp) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.event_counts(uuid, text[], timestamp, timestamp)
    TO hotgigs_company, hotgigs_service;

-- The same per bucket of time, all types together.
--
-- DEFINER: as event_counts().
CREATE FUNCTION hotgigs.event_series(
    company uuid, types text[], since timestamp, until timestamp, unit text, zone text)
RETURNS TABLE (starts_at timestamp, starts_on date, events bigint, users bigint, sessions bigint)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
ROWS 100
SET search_path = ''
AS $$
#variable_conflict use_column
BEGIN
    IF current_setting('role') <> 'hotgigs_service'
       AND NOT coalesce(company = ANY (ARRAY(SELECT hotgigs.my_companies())), false) THEN
        RETURN;
    END IF;

    RETURN QUERY
    WITH its_events AS (
        SELECT e.event_type, e.user_id, e.session_id, e.created_at
        FROM   public.jobs j
        CROSS  JOIN LATERAL (
            SELECT v.event_type, v.user_id, v.session_id, v.created_at
            FROM   public.analytics_events v
            WHERE  v.event_data ->> 'job_id' = j.id::text
            AND    v.created_at >= since
            AND    v.created_at < until
            OFFSET 0) e
        WHERE  j.company_id = company
        UNION  ALL
        SELECT e.event_type, e.user_id, e.session_id, e.created_at
        FROM   public.analytics_events e
        WHERE  company IS NULL
        AND    e.created_at >= since
        AND    e.created_at < until
    ), counts AS (
        SELECT hotgigs.time_bucket(e.created_at, unit, zone) AS bucket, count(*) AS events,
               count(DISTINCT e.user_id) AS users, count(DISTINCT e.session_id) AS sessions
        FROM   its_events e
        WHERE  types IS NULL OR e.event_type = ANY (types)
        GROUP  BY 1
    )
    SELECT b.starts_at, (b.starts_at AT TIME ZONE 'UTC' AT TIME ZONE zone)::date, coalesce(c.events, 0),
           coalesce(c.users, 0), coalesce(c.sessions, 0)
    FROM   hotgigs.time_buckets(since, until, unit, zone) b
    LEFT   JOIN counts c ON c.bucket = b.bucket;
END
$$;
COMMENT ON FUNCTION hotgigs.event_series(uuid, text[], timestamp, timestamp, text, text) IS
    'Events of a window per bucket of time: about a company''s jobs, or for the service all.';
REVOKE ALL ON FUNCTION hotgigs.event_series(uuid, text[], timestamp, timestamp, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.event_series(uuid, text[], timestamp, timestamp, text, text)
    TO hotgigs_company, hotgigs_service;

COMMIT;
