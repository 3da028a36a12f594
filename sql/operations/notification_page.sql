-- notification_page: a page of the caller's notifications, newest first, without those that have expired.
--
-- group: messages · rows: many · rights: caller · by: candidate, company, freelancer
-- row: notifications
-- $1 unread_only?
-- $2 notification_type? = notifications.notification_type
-- $3 after_created_at?   of the last row of the page before; NULL if that is
-- $4 after_id?           likewise; NULL: the first page
-- $5 at_most?            rows; NULL: 50; 1000 at the most
SELECT n.id, n.user_id, n.notification_type, n.title, n.message, n.data, n.is_read, n.read_at,
       n.priority, n.expires_at, n.created_at
FROM   public.notifications n
WHERE  n.user_id = (SELECT hotgigs.my_user_id())
AND    ($1 IS NOT TRUE OR n.is_read IS NOT TRUE)
AND    ($2::text IS NULL OR n.notification_type = $2)
AND    ($4::uuid IS NULL
        OR (n.created_at, n.id) < ($3::timestamp, $4)
        OR $3 IS NULL AND (n.created_at IS NOT NULL OR n.id < $4))    -- rows without a time are first
ORDER  BY n.created_at DESC, n.id DESC
LIMIT  least(coalesce($5::integer, 50), 1000);
