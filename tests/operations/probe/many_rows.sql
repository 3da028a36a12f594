-- many_rows: so many rows.
--
-- group: probe · rows: many · rights: caller
-- $1 how_many
-- > number
-- > squares
SELECT n AS number, ARRAY[n::text, (n * n)::text] AS squares FROM generate_series(1, $1::integer) AS g(n);
