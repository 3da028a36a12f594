-- thing_wrong: is wrong.
--
-- group: things · rows: none · rights: caller
SELECT id FROM public.things;
