-- a_thing: how many things there are.
--
-- group: counts · rows: count · rights: service
SELECT count(*) FROM public.things;
