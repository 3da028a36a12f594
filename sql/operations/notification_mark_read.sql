-- notification_mark_read: marks these notifications of the caller's as read; the time of the first reading stays.
--
-- Gives the number of those that were unread. Ids of others' and of nobody's notifications change nothing.
--
-- group: messages · rows: count · rights: caller · by: candidate, company, freelancer
-- $1 notification_ids
UPDATE public.notifications
SET    is_read = true                                  -- and a trigger keeps read_at
WHERE  id = ANY ($1::uuid[])
AND    user_id = (SELECT hotgigs.my_user_id())
AND    is_read IS NOT TRUE;
