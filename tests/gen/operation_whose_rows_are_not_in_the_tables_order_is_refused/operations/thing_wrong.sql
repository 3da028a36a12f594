-- thing_wrong: is wrong.
--
-- group: things · rows: many · rights: caller · row: things
SELECT name, id FROM public.things;
