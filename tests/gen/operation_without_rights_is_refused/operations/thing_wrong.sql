-- thing_wrong: is wrong.
--
-- group: things · rows: many
-- > id
SELECT id FROM public.things;
