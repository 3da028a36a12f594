-- thing_wrong: is wrong.
--
-- group: things · rows: many · rights: definer
-- > id
SELECT id FROM public.things;
