-- thing_step: calls a definer's function, which says that it writes.
--
-- group: things · rows: maybe · rights: definer
-- $1 thing_id
-- > id = things.id
-- > state? = things.state
-- DENIED  it is somebody else's
SELECT id, state FROM public.step($1);
