-- email_stats_daily: the same for each day of a time, days without e-mail included.
--
-- Days are those of the reader's time zone.
--
-- group: messages · rows: many · rights: service · by: service
-- $1 since   inclusive, by created_at, UTC
-- $2 until   exclusive
-- $3 email_type? = email_logs.email_type
-- $4 zone?   A name that the server knows, such as Europe/Zurich; NULL: UTC.
-- > day
-- > total
-- > pending
-- > sent
-- > delivered
-- > failed
-- > bounced
-- INVALID  no such zone, or more than 100,000 days
WITH counted AS (
    SELECT hotgigs.time_bucket(e.created_at, 'day', coalesce($4::text, 'UTC')) AS bucket,
           count(*) AS total,
           count(*) FILTER (WHERE coalesce(e.status, 'pending') = 'pending') AS pending,
           count(*) FILTER (WHERE e.status = 'sent')      AS sent,
           count(*) FILTER (WHERE e.status = 'delivered') AS delivered,
           count(*) FILTER (WHERE e.status = 'failed')    AS failed,
           count(*) FILTER (WHERE e.status = 'bounced')   AS bounced
    FROM   public.email_logs e
    WHERE  e.created_at >= $1 AND e.created_at < $2
    AND    ($3::text IS NULL OR e.email_type = $3)
    GROUP  BY 1
)
SELECT b.bucket::date AS day, coalesce(c.total, 0) AS total, coalesce(c.pending, 0) AS pending,
       coalesce(c.sent, 0) AS sent, coalesce(c.delivered, 0) AS delivered,
       coalesce(c.failed, 0) AS failed, coalesce(c.bounced, 0) AS bounced
FROM   hotgigs.time_buckets($1::timestamp, $2::timestamp, 'day', coalesce($4::text, 'UTC')) b
LEFT   JOIN counted c ON c.bucket = b.bucket
ORDER  BY b.bucket;
