-- thing_wrong: is wrong.
--
-- group: things · rows: many · rights: caller
-- $1 set
-- > id
SELECT id FROM public.things WHERE id = $1;
