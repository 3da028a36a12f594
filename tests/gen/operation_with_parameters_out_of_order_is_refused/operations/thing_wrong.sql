-- thing_wrong: is wrong.
--
-- group: things · rows: many · rights: caller
-- $2 thing_id
-- > id
SELECT id FROM public.things WHERE id = $1;
