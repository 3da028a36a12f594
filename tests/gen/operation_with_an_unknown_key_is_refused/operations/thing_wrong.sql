-- thing_wrong: is wrong.
--
-- group: things · rows: many · rigths: caller
SELECT 1;
