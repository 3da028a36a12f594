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
    TO hotgigs_company, hotgigs_service;

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

COMMIT;
