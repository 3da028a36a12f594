-- thing_wrong: is wrong.
--
-- group: things · rows: none · rights: service
SELECT 1; SELECT 2;
