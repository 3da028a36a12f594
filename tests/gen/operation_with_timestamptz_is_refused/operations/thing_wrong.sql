-- thing_wrong: is wrong.
--
-- group: things · rows: one · rights: caller
-- > now
SELECT now() AS now;
