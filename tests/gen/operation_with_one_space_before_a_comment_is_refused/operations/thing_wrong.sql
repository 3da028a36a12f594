-- thing_wrong: is wrong.
--
-- group: things · rows: many · rights: caller
-- $1 thing_id The thing.
-- > id
SELECT id FROM public.things WHERE id = $1;
