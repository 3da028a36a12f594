-- thing_wrong: is wrong.
--
-- group: things · rows: one · rights: caller
-- > average?
SELECT avg(price) AS average FROM public.things;
