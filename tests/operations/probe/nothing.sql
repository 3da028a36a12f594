-- nothing: gives nothing back.
--
-- group: probe · rows: none · rights: caller
SELECT pg_sleep(0);
