-- notification_clear: deletes the caller's notifications up to a time.
--
-- group: messages · rows: count · rights: caller · by: candidate, company, freelancer
-- $1 up_to          inclusive; what arrives meanwhile stays
-- $2 with_unread?   true: those that were not read, too
DELETE FROM public.notifications
WHERE  user_id = (SELECT hotgigs.my_user_id())
AND    ($2 IS TRUE OR is_read)
AND    (created_at <= $1 OR created_at IS NULL);
