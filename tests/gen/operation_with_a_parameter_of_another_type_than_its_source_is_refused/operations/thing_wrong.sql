-- thing_wrong: is wrong.
--
-- group: things · rows: many · rights: caller
-- $1 number = things.state
-- > id
SELECT id FROM public.things WHERE number = $1;
