-- touch_users: writes users as they are.
--
-- group: probe · rows: count · rights: service
-- $1 ids
UPDATE public.users SET last_login_at = last_login_at WHERE id = ANY ($1);
