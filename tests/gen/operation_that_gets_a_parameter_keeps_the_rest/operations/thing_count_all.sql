-- thing_count_all: how many things there are.
--
-- group: counts · rows: count · rights: service
SELECT count(*) FROM public.things;
