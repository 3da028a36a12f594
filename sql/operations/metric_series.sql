-- metric_series: a measurement of the platform per hour, day, week or month of a time zone, without gaps.
--
-- group: analytics · rows: many · rights: service
-- $1 metric_name = system_metrics.metric_name
-- $2 since         From here, UTC. The first bucket is the one in which it lies, and counts from since on.
-- $3 until         The window's end, UTC, not in it.
-- $4 unit?         hour, day, week (from Monday) or month; NULL: hour.
-- $5 zone?         A name that the server knows, such as Europe/Zurich; NULL: UTC.
-- $6 dimensions?   Only measurements whose dimensions contain this object; NULL: all.
-- > starts_at                                    When the bucket begins, UTC.
-- > samples                                      Measurements that gave a value.
-- > failures                                     Measurements that gave none.
-- > average? = numeric(17,6)                     Of the values; NULL: there are none, and so the next two.
-- > least? = system_metrics.metric_value         The least of them.
-- > greatest? = system_metrics.metric_value      The greatest of them.
-- INVALID  no such unit or zone, or more than 100,000 buckets
WITH figures AS (
    SELECT hotgigs.time_bucket(m.recorded_at, coalesce($4::text, 'hour'), coalesce($5::text, 'UTC')) AS bucket,
           count(m.metric_value) AS samples,
           count(*) - count(m.metric_value) AS failures,
           round(avg(m.metric_value), 6) AS average,
           min(m.metric_value) AS least,
           max(m.metric_value) AS greatest
    FROM   public.system_metrics m
    WHERE  m.metric_name = $1
    AND    m.recorded_at >= $2::timestamp
    AND    m.recorded_at < $3::timestamp
    AND    ($6::jsonb IS NULL OR m.dimensions @> $6)
    GROUP  BY 1
)
SELECT b.starts_at,
       coalesce(f.samples, 0) AS samples,
       coalesce(f.failures, 0) AS failures,
       f.average, f.least, f.greatest
FROM   hotgigs.time_buckets($2::timestamp, $3::timestamp, coalesce($4::text, 'hour'), coalesce($5::text, 'UTC')) b
LEFT   JOIN figures f ON f.bucket = b.bucket
ORDER  BY b.bucket;
