-- notification_unread_count: how many notifications the caller has not read, without those that have expired.
--
-- group: messages · rows: count · rights: caller · by: candidate, company, freelancer
SELECT count(*)
FROM   public.notifications n
WHERE  n.user_id = (SELECT hotgigs.my_user_id())
AND    n.is_read IS NOT TRUE;
