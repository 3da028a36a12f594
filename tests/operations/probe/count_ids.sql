-- count_ids: how many ids there are, as a column.
--
-- group: probe · rows: count · rights: caller
-- $1 ids?
SELECT count(*) FROM unnest($1::uuid[]);
