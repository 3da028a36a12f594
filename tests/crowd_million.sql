-- crowd_million.sql - the crowd once more and again, until each of the 25 tables has a million rows: for plans at that size.
-- tests/crowd million runs it behind crowd.sql, in the same transaction.
--
-- A copy of a row has another id, and another value in the last column of each unique key; what it refers to stays, so a company
-- has five times the jobs and a user three times the notifications. The fixture's people have no more than they had.

CREATE FUNCTION pg_temp.grow(of regclass, most bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    present bigint;
    crowd   bigint;
    columns text;
    values  text;
BEGIN
    EXECUTE format('SELECT count(*), count(*) FILTER (WHERE id::text LIKE ''00000000-%%'') FROM %s', of)
    INTO present, crowd;
    IF present >= most THEN
        RETURN;
    END IF;
    SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum),
           string_agg(CASE WHEN a.attname <> 'id' AND u.last IS NULL THEN quote_ident(a.attname)
                           WHEN a.atttypid = 'uuid'::regtype THEN 'gen_random_uuid()'
                           ELSE format('%I || ''.'' || copy', a.attname) END, ', ' ORDER BY a.attnum)
    INTO   columns, values
    FROM   pg_attribute a
    LEFT JOIN (SELECT indkey[indnkeyatts - 1] AS last FROM pg_index WHERE indrelid = of AND indisunique
               UNION
               SELECT last FROM secondary WHERE indrelid = of AND indisunique) u ON u.last = a.attnum
    WHERE  a.attrelid = of AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '';
    EXECUTE format('INSERT INTO %1$s (%2$s) SELECT %3$s FROM %1$s, generate_series(1, %4$s) AS copy'
                   ' WHERE id::text LIKE ''00000000-%%'' LIMIT %5$s',
                   of, columns, values, (most - present + crowd - 1) / crowd, most - present);
END
$$;

SELECT pg_temp.grow(oid::regclass, 1000000) FROM pg_class
WHERE  relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname;
