-- thing_wrong: is wrong.
--
-- group: things · rows: many · rights: caller
-- $1 state = things.status
-- > id
SELECT id FROM public.things WHERE state = $1;
