-- email_claim_pending: takes a batch of e-mails that are to be sent, oldest first; no other worker gets them meanwhile.
--
-- They stay pending, with sent_at as the time they were taken, until email_apply_event says what became of them. What a
-- worker has not reported when its time is over (it died) is given out again. The rows come in no particular order.
--
-- group: messages · rows: many · rights: service · by: service
-- row: email_logs
-- $1 at_most?         rows; NULL: 100
-- $2 lease_seconds?   how long they are the caller's; NULL: 300
WITH free AS (
    SELECT e.id
    FROM   public.email_logs e
    WHERE  e.status = 'pending'
    AND    (e.sent_at IS NULL
            OR e.sent_at < clock_timestamp() AT TIME ZONE 'UTC'
                               - make_interval(secs => coalesce($2::integer, 300)))
    ORDER  BY e.created_at
    LIMIT  coalesce($1::integer, 100)
    FOR    UPDATE SKIP LOCKED
)
UPDATE public.email_logs e
SET    sent_at = clock_timestamp() AT TIME ZONE 'UTC'
WHERE  e.id = ANY (ARRAY(SELECT id FROM free))     -- a join would read the whole table
RETURNING e.id, e.user_id, e.email_type, e.recipient_email, e.subject, e.status, e.provider_message_id,
          e.error_message, e.sent_at, e.delivered_at, e.created_at;
