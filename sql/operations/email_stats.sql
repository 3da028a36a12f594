-- email_stats: how many e-mails of a time are in which state, and which part of them arrived.
--
-- group: messages · rows: one · rights: service · by: service
-- $1 since   inclusive, by created_at
-- $2 until   exclusive
-- $3 email_type? = email_logs.email_type
-- > total
-- > pending
-- > sent
-- > delivered
-- > failed
-- > bounced
-- > delivery_rate = numeric(5,4)   delivered, of those that left; 0 when none did
-- > bounce_rate = numeric(5,4)     bounced, of those that left
-- > failure_rate = numeric(5,4)    failed, of all that are not pending
WITH counted AS (
    SELECT count(*) AS total,
           count(*) FILTER (WHERE coalesce(e.status, 'pending') = 'pending') AS pending,
           count(*) FILTER (WHERE e.status = 'sent')      AS sent,
           count(*) FILTER (WHERE e.status = 'delivered') AS delivered,
           count(*) FILTER (WHERE e.status = 'failed')    AS failed,
           count(*) FILTER (WHERE e.status = 'bounced')   AS bounced
    FROM   public.email_logs e
    WHERE  e.created_at >= $1 AND e.created_at < $2
    AND    ($3::text IS NULL OR e.email_type = $3)
)
SELECT total, pending, sent, delivered, failed, bounced,
       coalesce(round(delivered::numeric / nullif(sent + delivered + bounced, 0), 4), 0) AS delivery_rate,
       coalesce(round(bounced::numeric / nullif(sent + delivered + bounced, 0), 4), 0) AS bounce_rate,
       coalesce(round(failed::numeric / nullif(total - pending, 0), 4), 0) AS failure_rate
FROM   counted;
