-- thing_wrong: is wrong.
--
-- group: things · rows: many · rights: caller · by: company, anon
-- > id
SELECT id FROM public.things;
