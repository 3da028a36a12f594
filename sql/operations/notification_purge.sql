-- notification_purge: deletes a batch of notifications that were made, or expired, before a time.
--
-- To be called until it gives 0. Several may run at once: each takes rows that no other has.
--
-- group: messages · rows: count · rights: service · by: service
-- $1 before
-- $2 at_most?   rows; NULL: 1000
WITH old AS (
    SELECT n.id FROM public.notifications n
    WHERE  n.created_at < $1
    ORDER  BY n.created_at
    LIMIT  coalesce($2::integer, 1000)
    FOR    UPDATE SKIP LOCKED
), expired AS (
    SELECT n.id FROM public.notifications n
    WHERE  n.expires_at < $1
    ORDER  BY n.expires_at
    LIMIT  coalesce($2::integer, 1000)
    FOR    UPDATE SKIP LOCKED
)
DELETE FROM public.notifications
WHERE  id = ANY (ARRAY(SELECT id FROM old UNION SELECT id FROM expired LIMIT coalesce($2::integer, 1000)));
