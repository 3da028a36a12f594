-- thing_wrong: is wrong.
--
-- group: things · rows: many · rights: caller
-- > id
SELECT id,
       name FORM public.things;
