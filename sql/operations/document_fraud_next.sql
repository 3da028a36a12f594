-- document_fraud_next: claims documents that are to be checked, oldest first.
--
-- Each goes to one worker: who claims it has it for so many minutes, and then it is to be had again. The claim stands in
-- fraud_check_results, as claimed_until, and makes a new row version. Another file of the owner's ends it.
--
-- group: documents · rows: many · rights: service · row: documents
-- $1 at_most           How many at most.
-- $2 lease_minutes?    NULL: 10.
WITH claimed AS (
    SELECT d.id
    FROM   public.documents d
    WHERE  d.fraud_check_status = 'pending'
    AND    coalesce(d.fraud_check_results ->> 'claimed_until', '')
           < to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')
    ORDER  BY d.created_at, d.id
    LIMIT  greatest($1::integer, 0)
    FOR    NO KEY UPDATE SKIP LOCKED
)
UPDATE public.documents d
SET    fraud_check_results = coalesce(d.fraud_check_results, '{}') || jsonb_build_object(
           'claimed_until', to_char(clock_timestamp() AT TIME ZONE 'UTC'
                                    + make_interval(mins => coalesce($2::integer, 10)),
                                    'YYYY-MM-DD"T"HH24:MI:SS.US'))
FROM   claimed c
WHERE  d.id = c.id
RETURNING d.id, d.user_id, d.document_type, d.file_name, d.file_url, d.file_size, d.mime_type, d.fraud_check_status,
          d.fraud_check_results, d.created_at, d.updated_at;
