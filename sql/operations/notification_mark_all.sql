-- notification_mark_all: marks the caller's notifications up to a time as read.
--
-- The time is the created_at of the newest one that the user was shown: what arrives meanwhile stays unread.
--
-- group: messages · rows: count · rights: caller · by: candidate, company, freelancer
-- $1 up_to   inclusive
UPDATE public.notifications
SET    is_read = true                                  -- and a trigger keeps read_at
WHERE  user_id = (SELECT hotgigs.my_user_id())
AND    is_read IS NOT TRUE
AND    (created_at <= $1 OR created_at IS NULL);
