-- email_apply_event: notes what became of an e-mail: taken by the provider, delivered, failed or bounced.
--
-- Reports come twice and out of order. One that leads back (hotgigs.email_moves) changes nothing, so that what was
-- delivered is never merely sent; it may still fill in a time that is missing.
--
-- group: messages · rows: one · rights: service · by: service
-- $1 email_id?                   the worker's own report, after sending
-- $2 provider_message_id?        the provider's report; beside an id it is stored
-- $3 event = email_logs.status   sent, delivered, failed or bounced
-- $4 at?                         when; NULL: now
-- $5 error?                      what went wrong
-- > id
-- > status
-- > changed   false: it was known, or came too late
-- NOT_FOUND  no such e-mail
WITH report AS (
    SELECT coalesce($4, clock_timestamp() AT TIME ZONE 'UTC') AS at
), found AS (
    SELECT e.id, coalesce(e.status, 'pending') AS status
    FROM   public.email_logs e
    WHERE  e.id = coalesce($1::uuid,
                           (SELECT m.id FROM public.email_logs m WHERE m.provider_message_id = $2
                            ORDER BY m.created_at, m.id LIMIT 1))
    FOR    NO KEY UPDATE
), step AS (
    SELECT f.id,
           EXISTS (SELECT FROM hotgigs.email_moves() m
                   WHERE  m.from_status = f.status AND m.to_status = $3) AS moves
    FROM   found f
), written AS (
    UPDATE public.email_logs e
    SET    status              = CASE WHEN s.moves THEN $3 ELSE e.status END,
           provider_message_id = coalesce(e.provider_message_id, $2),
           sent_at             = CASE
                                     WHEN s.moves AND $3 = 'sent' THEN r.at
                                     WHEN $3 IN ('sent', 'delivered') THEN coalesce(e.sent_at, r.at)
                                     ELSE e.sent_at
                                 END,
           delivered_at        = CASE WHEN $3 = 'delivered' THEN coalesce(e.delivered_at, r.at)
                                      ELSE e.delivered_at
                                 END,
           error_message       = CASE WHEN s.moves AND $3 IN ('failed', 'bounced') THEN $5
                                      ELSE e.error_message
                                 END
    FROM   step s, report r
    WHERE  e.id = s.id
    AND    (s.moves
            OR $3 IN ('sent', 'delivered') AND e.sent_at IS NULL
            OR $3 = 'delivered' AND e.delivered_at IS NULL
            OR $2 IS NOT NULL AND e.provider_message_id IS NULL)
    RETURNING e.id, e.status
)
SELECT f.id, coalesce(w.status, f.status) AS status, w.id IS NOT NULL AND s.moves AS changed
FROM   found f
JOIN   step s ON s.id = f.id
LEFT   JOIN written w ON w.id = f.id;
