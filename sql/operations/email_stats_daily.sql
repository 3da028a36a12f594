-- email_stats_daily: the same for each day of a time, days without e-mail included.
--
-- group: messages · rows: many · rights: service · by: service
-- $1 since   inclusive, by created_at; days are UTC's
-- $2 until   exclusive
-- $3 email_type? = email_logs.email_type
-- > day
-- > total
-- > pending
-- > sent
-- > delivered
-- > failed
-- > bounced
WITH counted AS (
    SELECT e.created_at::date AS day,
           count(*) AS total,
           count(*) FILTER (WHERE coalesce(e.status, 'pending') = 'pending') AS pending,
           count(*) FILTER (WHERE e.status = 'sent')      AS sent,
           count(*) FILTER (WHERE e.status = 'delivered') AS delivered,
           count(*) FILTER (WHERE e.status = 'failed')    AS failed,
           count(*) FILTER (WHERE e.status = 'bounced')   AS bounced
    FROM   public.email_logs e
    WHERE  e.created_at >= $1 AND e.created_at < $2
    AND    ($3::text IS NULL OR e.email_type = $3)
    GROUP  BY e.created_at::date
)
SELECT d.day::date AS day, coalesce(c.total, 0) AS total, coalesce(c.pending, 0) AS pending,
       coalesce(c.sent, 0) AS sent, coalesce(c.delivered, 0) AS delivered,
       coalesce(c.failed, 0) AS failed, coalesce(c.bounced, 0) AS bounced
FROM   generate_series($1::date::timestamp, ($2::timestamp - interval '1 microsecond')::date::timestamp,
                       interval '1 day') AS d (day)
LEFT   JOIN counted c ON c.day = d.day::date
ORDER  BY d.day;
