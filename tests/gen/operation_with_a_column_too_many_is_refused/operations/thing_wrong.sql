-- thing_wrong: is wrong.
--
-- group: things · rows: many · rights: caller
-- > id
-- > name
SELECT id FROM public.things;
