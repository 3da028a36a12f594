-- thing_wrong: is wrong.
--
-- group: things · rows: many · rights: caller
-- > id
-- > title
SELECT id, name FROM public.things;
