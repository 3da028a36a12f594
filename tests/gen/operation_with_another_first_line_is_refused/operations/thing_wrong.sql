-- thing_other: is wrong.
--
SELECT 1;
