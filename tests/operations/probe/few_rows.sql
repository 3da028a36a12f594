-- few_rows: so many rows, where one at most is expected; a negative number gives a NULL.
--
-- group: probe · rows: maybe · rights: caller
-- $1 how_many
-- > number    Never NULL, it says.
SELECT CASE WHEN $1::integer > 0 THEN n END AS number FROM generate_series(1, abs($1::integer)) AS g(n);
