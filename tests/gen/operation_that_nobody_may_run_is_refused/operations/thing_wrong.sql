-- thing_wrong: is wrong.
--
-- group: things · rows: count · rights: caller
DELETE FROM public.things;
