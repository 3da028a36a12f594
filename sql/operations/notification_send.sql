-- notification_send: tells one or many users something, the same to each.
--
-- One row a user, however often he is named; users who do not exist are passed over.
--
-- group: messages · rows: many · rights: service · by: service
-- $1 user_ids
-- $2 notification_type = notifications.notification_type
-- $3 title = notifications.title
-- $4 message = notifications.message
-- $5 data? = notifications.data               object; NULL: {}
-- $6 priority? = notifications.priority       NULL: normal
-- $7 expires_at? = notifications.expires_at   NULL: never
-- > id
-- > user_id
-- > created_at
-- INVALID  data is no JSON object
INSERT INTO public.notifications (user_id, notification_type, title, message, data, priority,
                                  expires_at, created_at)
SELECT u.id, $2, $3, $4, coalesce(hotgigs.json_object_only($5), '{}'), coalesce($6, 'normal'), $7,
       clock_timestamp() AT TIME ZONE 'UTC'
FROM   public.users u
WHERE  u.id = ANY ($1::uuid[])
RETURNING id, user_id, created_at;
