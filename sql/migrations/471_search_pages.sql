-- Pages of the searches over jobs and candidates: of all rows that have the marks that are asked for, so many in an order.
--
-- Needs:  the marks of searches (470).

BEGIN;
SET LOCAL ROLE hotgigs_owner;

-- What a search reads. Texts are SQL made by the searches (473, 474), in which every value of a caller's is a literal by
-- format's %L; the row's alias is r.
CREATE TYPE hotgigs.searched AS (
    of_table   text,        -- where the rows stand
    id_column  text,
    finds      text,        -- the tsvector that its GIN index has
    filter     text,        -- what a row is looked at for besides
    carried    text,        -- an array of texts that a page gives of each row, so that nobody reads the row again for them
    owner      text,        -- such an array of the owner that q.carried names, and what is asked of q.owner and q.id; both of as many
    late       text,        -- rows as are shown alone
    key        text,        -- the order: this, and id among equal keys. An index has both.
    key_type   text,
    in_group   text,        -- %s: the key, made coarse without a change of the order; an index has this alone. NULL: id_group()
    least      text,        -- %s: a key that none of its group is below, and one that none is above
    greatest   text,
    base       text,        -- the predicate of both indexes; nothing else has what is asked for
    descending boolean
);
COMMENT ON TYPE hotgigs.searched IS 'Where a search finds rows, and in which order; for the searches alone.';

-- row_at: good for the statement that found it, which sees one state of the rows.
CREATE TYPE hotgigs.found AS (pass integer, key text, id uuid, row_at tid, carried text[], is_ahead boolean);
COMMENT ON TYPE hotgigs.found IS 'A row of a search, and in which pass and by which key it stands there; for the searches alone.';

-- The rows of an order behind one row, up to and with another; without a key: from its beginning, to its end. Two bounds of a
-- column that the planner does not know are one row in 200 to it: so it lays them over whatever is asked for.
CREATE FUNCTION hotgigs.between(way hotgigs.searched, start hotgigs.found, stop hotgigs.found)
RETURNS text
LANGUAGE plpgsql
IMMUTABLE
SET search_path = ''
AS $$
DECLARE
    beyond CONSTANT text := CASE WHEN way.descending THEN '<' ELSE '>' END;
    before CONSTANT text := CASE WHEN way.descending THEN '>=' ELSE '<=' END;
    bound  CONSTANT text := '(%s, r.%I) %s (%L::%s, %L::uuid)';
BEGIN
    RETURN concat_ws(' AND ', way.base,
        CASE WHEN start.key IS NOT NULL THEN format(bound, way.key, way.id_column, beyond, start.key, way.key_type, start.id) END,
        CASE WHEN stop.key IS NOT NULL THEN format(bound, way.key, way.id_column, before, stop.key, way.key_type, stop.id) END);
END
$$;
COMMENT ON FUNCTION hotgigs.between(hotgigs.searched, hotgigs.found, hotgigs.found) IS
    'SQL: whether a row stands between two; for the searches alone.';
REVOKE ALL ON FUNCTION hotgigs.between(hotgigs.searched, hotgigs.found, hotgigs.found) FROM PUBLIC;

CREATE FUNCTION hotgigs.group_of(way hotgigs.searched, key text, id text)
RETURNS text
LANGUAGE sql
IMMUTABLE
SET search_path = ''
AS $$
    SELECT CASE WHEN way.in_group IS NULL THEN format('hotgigs.id_group(%s, %s)', key, id) ELSE format(way.in_group, key) END
$$;
COMMENT ON FUNCTION hotgigs.group_of(hotgigs.searched, text, text) IS
    'SQL: the group of a row; for the searches alone.';
REVOKE ALL ON FUNCTION hotgigs.group_of(hotgigs.searched, text, text) FROM PUBLIC;

-- Of the group of a row those beyond it, or those before it and itself. Each key has its own condition: a row comparison ends the
-- scan of an index where the first column does, however many share that.
CREATE FUNCTION hotgigs.beside(way hotgigs.searched, of_row hotgigs.found, is_beyond boolean)
RETURNS text
LANGUAGE plpgsql
IMMUTABLE
SET search_path = ''
AS $$
DECLARE
    is_below CONSTANT boolean := is_beyond = way.descending;
    key      CONSTANT text := format('%L::%s', of_row.key, way.key_type);
    same_key CONSTANT text := format('%s AND %s = %s AND r.%I %s (SELECT %L::uuid)', way.base, way.key, key, way.id_column,
                                     CASE WHEN is_below THEN '<' ELSE '>' END || CASE WHEN is_beyond THEN '' ELSE '=' END, of_row.id);
    bits     CONSTANT integer := get_byte(uuid_send(of_row.id), 0);
BEGIN
    IF of_row.key IS NULL THEN
        RETURN NULL;
    ELSIF way.in_group IS NULL THEN
        RETURN same_key || format(' AND r.%I %s (SELECT %L::uuid)', way.id_column, CASE WHEN is_below THEN '>=' ELSE '<=' END,
                                  CASE WHEN is_below THEN rpad(lpad(to_hex(bits & 252), 2, '0'), 32, '0')
                                       ELSE rpad(lpad(to_hex(bits | 3), 2, '0'), 32, 'f') END);
    END IF;
    RETURN same_key || format(' OR %s AND %s %s', way.base, way.key,
                              CASE WHEN is_below THEN format('>= %s AND %s < %s', format(way.least, key), way.key, key)
                                   ELSE format('<= %s AND %s > %s', format(way.greatest, key), way.key, key) END);
END
$$;
COMMENT ON FUNCTION hotgigs.beside(hotgigs.searched, hotgigs.found, boolean) IS
    'SQL: whether a row is in the group of another, and beyond it; for the searches alone.';
REVOKE ALL ON FUNCTION hotgigs.beside(hotgigs.searched, hotgigs.found, boolean) FROM PUBLIC;

-- The same for a bitmap: the coarse index, of a tenth of the pages, leads to whole groups, and the exact one to the rest of the
-- first row's group and to the beginning of the last row's. What stands in a sub-select the planner does not know: of two ids close
-- to each other it would say that nothing is between them, and read all that is, by the primary key.
CREATE FUNCTION hotgigs.span_of(way hotgigs.searched, start hotgigs.found, stop hotgigs.found)
RETURNS text
LANGUAGE plpgsql
STABLE
SET search_path = ''
AS $$
DECLARE
    beyond CONSTANT text := CASE WHEN way.descending THEN '<' ELSE '>' END;
    before CONSTANT text := CASE WHEN way.descending THEN '>' ELSE '<' END;
    a_row  CONSTANT text := hotgigs.group_of(way, way.key, format('r.%I', way.id_column));
    first  CONSTANT text := hotgigs.group_of(way, format('%L::%s', start.key, way.key_type), format('%L::uuid', start.id));
    last   CONSTANT text := hotgigs.group_of(way, format('%L::%s', stop.key, way.key_type), format('%L::uuid', stop.id));
    whole  text;                -- groups
    is_one boolean := false;
BEGIN
    whole := concat_ws(' AND ', way.base, CASE WHEN start.key IS NOT NULL THEN format('%s %s (SELECT %s)', a_row, beyond, first) END,
                       CASE WHEN stop.key IS NOT NULL THEN format('%s %s (SELECT %s)', a_row, before, last) END);
    IF start.key IS NULL AND stop.key IS NULL THEN
        RETURN 'true';
    ELSIF start.key IS NOT NULL AND stop.key IS NOT NULL THEN
        EXECUTE format('SELECT %s = %s', first, last) INTO is_one;
    END IF;
    IF is_one AND start.key = stop.key THEN
        -- The planner takes this for a row or two, and would lay nothing over it but for the groups between, of which there are none.
        RETURN format('(%s OR %s AND %s = %L::%s AND r.%I %s (SELECT %L::uuid) AND r.%6$I %9$s= (SELECT %10$L::uuid))', whole, way.base,
                      way.key, start.key, way.key_type, way.id_column, beyond, start.id, before, stop.id);
    ELSIF is_one THEN
        RETURN hotgigs.between(way, start, stop);
    END IF;
    RETURN format('(%s) IS TRUE AND (%s)', hotgigs.between(way, start, stop),
                  concat_ws(' OR ', whole, hotgigs.beside(way, start, true), hotgigs.beside(way, stop, false)));
END
$$;
COMMENT ON FUNCTION hotgigs.span_of(hotgigs.searched, hotgigs.found, hotgigs.found) IS
    'SQL: whether a row stands between two, for two indexes of an order; for the searches alone.';
REVOKE ALL ON FUNCTION hotgigs.span_of(hotgigs.searched, hotgigs.found, hotgigs.found) FROM PUBLIC;

-- Of a span the rows that are asked for, at_most + 1 of them, in order; only those behind start unless it is a sample.
-- passes tells them apart; NULL: all are of start's.
--
-- A row costs a page and an entry of an index next to none: told so, the planner lays one index over the other wherever that leaves
-- fewer rows, and takes the one that has fewer entries to read. No plan by these costs is worth compiling.
CREATE FUNCTION hotgigs.rows_of(way hotgigs.searched, asked tsquery, passes tsquery[], start hotgigs.found, span text,
                                is_sample boolean, at_most integer)
RETURNS hotgigs.found[]
LANGUAGE plpgsql
STABLE
SET search_path = ''
SET max_parallel_workers_per_gather = 0
SET enable_seqscan = off
SET enable_indexscan = off
SET cpu_tuple_cost = 1000000
SET cpu_index_tuple_cost = 10
SET jit = off
AS $$
DECLARE
    -- A sample is in the indexes of one row in 8: that of words, and those of orders where there is a span.
    in_eighth CONSTANT text := CASE WHEN is_sample
        THEN format(' AND uuid_hash(r.%I) & 7 < 1', way.id_column)
             || CASE WHEN span = 'true' THEN '' ELSE format(' AND abs(uuid_hash(r.%I) %% 8) < 1', way.id_column) END END;
    rows hotgigs.found[];
BEGIN
    EXECUTE format('SELECT array_agg(ROW(a.pass, a.key::text, a.id, a.row_at, a.carried, a.is_ahead)::hotgigs.found'
                   ' ORDER BY a.pass, a.key %1$s, a.id %1$s)'
                   ' FROM (SELECT q.*, q.pass > $3 OR q.pass = $3 AND q.is_behind AS is_ahead'
                   ' FROM (SELECT %2$s AS pass, %3$s AS key, r.%4$I AS id, r.ctid AS row_at, %5$s::text[] AS carried, %6$s AS is_behind'
                   ' FROM %7$s r WHERE %8$s @@ (SELECT $1) AND %9$s AND %10$s%11$s OFFSET 0) q'
                   ' WHERE $4 OR q.pass > $3 OR q.pass = $3 AND q.is_behind LIMIT $5) a',
                   CASE WHEN way.descending THEN 'DESC' END,
                   CASE WHEN cardinality(passes) > 1
                        THEN format('(SELECT min(p.nth)::integer FROM (SELECT %s AS finds OFFSET 0) f,'
                                    ' unnest($2) WITH ORDINALITY AS p(asked, nth) WHERE f.finds @@ p.asked)', way.finds)
                        ELSE '$3' END,
                   way.key, way.id_column, CASE WHEN is_sample THEN 'NULL' ELSE way.carried END,
                   hotgigs.between(way, start, NULL), way.of_table, way.finds, span, way.filter, in_eighth)
        INTO rows USING asked, passes, start.pass, is_sample, at_most + 1;
    RETURN coalesce(rows, '{}');
END
$$;
COMMENT ON FUNCTION hotgigs.rows_of(hotgigs.searched, tsquery, tsquery[], hotgigs.found, text, boolean, integer) IS
    'Rows of a part of an order, by the index of words; for the searches alone.';
REVOKE ALL ON FUNCTION hotgigs.rows_of(hotgigs.searched, tsquery, tsquery[], hotgigs.found, text, boolean, integer) FROM PUBLIC;

-- A sample of them by their marks (sample_marks), one row in so many, and in step times as many while more than at_most
-- come: an even one wherever in the order or in the table the rows stand.
CREATE FUNCTION hotgigs.sample_of(way hotgigs.searched, asked tsquery, passes tsquery[], start hotgigs.found, span text,
                                  at_most integer, step integer, INOUT one_in integer, OUT rows hotgigs.found[], OUT used integer)
LANGUAGE plpgsql
STABLE
SET search_path = ''
AS $$
BEGIN
    LOOP
        rows := hotgigs.rows_of(way, CASE WHEN one_in = 8 THEN asked ELSE asked && format('%L', 'one in ' || one_in)::tsquery END, passes,
                                start, span, true, at_most);
        EXIT WHEN cardinality(rows) <= at_most OR one_in >= 131072;
        one_in := one_in * step;
    END LOOP;
    SELECT count(*) INTO used FROM unnest(rows) r WHERE NOT r.is_ahead;
END
$$;
COMMENT ON FUNCTION hotgigs.sample_of(hotgigs.searched, tsquery, tsquery[], hotgigs.found, text, integer, integer, integer) IS
    'A sample of the rows of a part of an order, and how many of it are not behind start; for the searches alone.';
REVOKE ALL ON FUNCTION hotgigs.sample_of(hotgigs.searched, tsquery, tsquery[], hotgigs.found, text, integer, integer, integer)
    FROM PUBLIC;

-- The order itself is read, so many rows of it at most, until stop or until at_most are found; edge: where that
-- ended.
CREATE FUNCTION hotgigs.walk_of(way hotgigs.searched, asked tsquery, start hotgigs.found, stop hotgigs.found, within integer,
                                at_most integer, OUT rows hotgigs.found[], OUT edge hotgigs.found)
LANGUAGE plpgsql
STABLE
SET search_path = ''
SET max_parallel_workers_per_gather = 0
SET enable_seqscan = off
SET enable_bitmapscan = off
AS $$
DECLARE
    walked record;
BEGIN
    EXECUTE format('WITH w AS MATERIALIZED (SELECT %s AS key, r.%I AS id, r.ctid AS row_at, %s AS carried, %s%s AS is_asked FROM %s r WHERE %s'
                   ' ORDER BY 1 %8$s, 2 %8$s LIMIT $3)'
                   ' SELECT f.rows, CASE WHEN cardinality(f.rows) = $4 THEN f.rows[$4]'
                   ' ELSE (SELECT ROW($2, w.key::text, w.id, NULL, NULL, true)::hotgigs.found FROM w OFFSET $3 - 1 LIMIT 1) END AS edge'
                   ' FROM (SELECT array_agg(ROW($2, q.key::text, q.id, q.row_at, q.carried, true)::hotgigs.found) AS rows'
                   ' FROM (SELECT * FROM w WHERE w.is_asked LIMIT $4) q) f',
                   way.key, way.id_column, way.carried, way.filter,
                   CASE WHEN asked <> hotgigs.whole(NULL) THEN format(' AND %s @@ $1', way.finds) END, way.of_table,
                   hotgigs.between(way, start, stop), CASE WHEN way.descending THEN 'DESC' END)
        INTO walked USING asked, start.pass, within, at_most;
    rows := coalesce(walked.rows, '{}');
    edge := walked.edge;
    IF cardinality(rows) = at_most THEN
        RETURN;
    END IF;
    IF edge.key IS NULL THEN
        edge := stop;
    END IF;
END
$$;
COMMENT ON FUNCTION hotgigs.walk_of(hotgigs.searched, tsquery, hotgigs.found, hotgigs.found, integer, integer) IS
    'Rows of the beginning of a part of an order; for the searches alone.';
REVOKE ALL ON FUNCTION hotgigs.walk_of(hotgigs.searched, tsquery, hotgigs.found, hotgigs.found, integer, integer) FROM PUBLIC;

-- Behind which row a page begins: its predecessor's last one, whose pass and key place says: "2:1990-01-01".
CREATE FUNCTION hotgigs.start_of(way hotgigs.searched, place text, after uuid)
RETURNS hotgigs.found
LANGUAGE plpgsql
STABLE
SET search_path = ''
AS $$
DECLARE
    start hotgigs.found;
BEGIN
    start.pass := 1;
    IF place IS NULL THEN
        RETURN start;
    ELSIF after IS NULL OR place !~ '^[0-9]{1,2}:' THEN
        RAISE EXCEPTION 'after_place is of no page' USING ERRCODE = 'HG005';
    END IF;
    start.pass := greatest(split_part(place, ':', 1)::integer, 1);
    start.id := after;
    EXECUTE format('SELECT %L::%s::text', substr(place, strpos(place, ':') + 1), way.key_type) INTO start.key;
    RETURN start;
EXCEPTION
    WHEN data_exception OR invalid_text_representation THEN
        RAISE EXCEPTION 'after_place is of no page' USING ERRCODE = 'HG005';
END
$$;
COMMENT ON FUNCTION hotgigs.start_of(hotgigs.searched, text, uuid) IS
    'Behind which row a page begins; for the searches alone.';
REVOKE ALL ON FUNCTION hotgigs.start_of(hotgigs.searched, text, uuid) FROM PUBLIC;

-- One page of the rows that are asked for: those of the first of the passes, in order, then those of the next.
--
-- An order is read by windows. In each the index of words and the order's are ANDed, and the heap is read for what is in
-- both. A sample tells where a window has to end so that it has a page: one row in 2,048 of all that is asked for, or more of
-- what is rarer. Where it is too coarse, one of the window tells where in it the next one ends. Of what hardly any are there
-- is no window, and where one row in eight is asked for, the order itself is read as long as that holds.
CREATE FUNCTION hotgigs.page_of(way hotgigs.searched, asked tsquery, passes tsquery[], place text, after uuid, at_most integer)
RETURNS TABLE (pass integer, sort_key text, id uuid, row_at tid, carried text[], owner text[])
LANGUAGE plpgsql
STABLE
ROWS 20
SET search_path = ''
SET datestyle = 'ISO, YMD'
AS $$
#variable_conflict use_column
DECLARE
    is_all    CONSTANT boolean := passes = ARRAY[hotgigs.whole(NULL)];
    in_all    CONSTANT double precision := (SELECT c.reltuples FROM pg_catalog.pg_class c WHERE c.oid = way.of_table::regclass);
    start     hotgigs.found := hotgigs.start_of(way, place, after);
    edge      hotgigs.found;            -- where the window ends; no key: at the end of the pass
    stop      hotgigs.found;            -- where the sample ends that is of this pass alone
    sample    hotgigs.found[];
    one_in    integer;
    used      integer;                  -- rows of the sample that are not behind start
    nth       integer;                  -- the one that is the edge
    expected  integer;
    is_part   boolean := false;         -- the sample is of this pass alone; the one of all is
    whole     hotgigs.found[];
    whole_in  integer;
    whole_used integer;                 -- and at stop
    is_rest   boolean;                  -- of all passes nothing is left but the window
    is_dense  boolean := true;          -- nothing tells that the order's next rows have not what is asked for
    most      integer := greatest(200, 4 * at_most);
    walk      record;
    rows      hotgigs.found[];
    shown     integer;
    left_over integer := at_most;
BEGIN
    WHILE left_over > 0 AND start.pass <= cardinality(passes) LOOP
        is_rest := false;
        IF sample IS NULL AND NOT is_all THEN
            is_part := false;
            stop := NULL;
            SELECT s.* INTO one_in, sample, used FROM hotgigs.sample_of(way, asked, passes, start, 'true', 100, 64, 2048) s;
            WHILE one_in = 2048 AND cardinality(sample) <= 4 OR one_in = 128 AND cardinality(sample) <= 12 LOOP
                SELECT s.* INTO one_in, sample, used
                FROM   hotgigs.sample_of(way, asked, passes, start, 'true', 200, 4,
                                         CASE WHEN one_in = 128 OR cardinality(sample) <= 1 THEN 32 ELSE 128 END) s;
            END LOOP;
        END IF;
        expected := one_in * (1 + (SELECT count(*) FROM unnest(sample) s WHERE s.is_ahead AND s.pass = start.pass));
        IF is_all OR is_dense AND NOT is_part AND 8.0 * expected > in_all THEN
            edge := CASE WHEN (sample[used + 1]).pass = start.pass THEN sample[used + 1] END;
            -- Where all rows have what is asked for, only the filter leaves some out: they are next in the order, however many it passes
            -- over. Else what twice a page has not brought together is looked for by its words.
            walk := hotgigs.walk_of(way, passes[start.pass], start, edge, CASE WHEN is_all THEN 100 ELSE 2 END * at_most, left_over);
            rows := walk.rows;
            nth := used + (edge.key IS NOT NULL AND walk.edge IS NOT DISTINCT FROM edge)::integer;
            edge := walk.edge;
            is_dense := cardinality(rows) * 4 >= at_most;
        ELSE
            nth := used + ceil(left_over * 1.5 / one_in) + (one_in <= 128)::integer;
            edge := sample[nth];
            IF edge.pass IS DISTINCT FROM start.pass THEN
                edge := stop;
            ELSE
                expected := one_in * (nth - used);
            END IF;
            -- What is so few is read as a whole.
            is_rest := NOT is_part AND one_in = 32 AND cardinality(sample) <= 6;
            IF is_rest THEN
                edge := NULL;
                rows := hotgigs.rows_of(way, asked, passes, start, 'true', false, most + 120);
            ELSIF expected <= most / 2 THEN
                rows := hotgigs.rows_of(way, passes[start.pass], NULL, start, hotgigs.span_of(way, start, edge), false, most);
            END IF;
            IF cardinality(rows) > most + is_rest::integer * 120 OR expected > most / 2 AND NOT is_rest THEN
                IF NOT is_part THEN
                    whole := sample;
                    whole_in := one_in;
                    whole_used := nth;
                END IF;
                stop := edge;
                most := CASE WHEN one_in = 8 THEN 4 * most ELSE most END;
                SELECT s.* INTO one_in, sample, used
                FROM   hotgigs.sample_of(way, passes[start.pass], NULL, start, hotgigs.span_of(way, start, stop), 240, 4,
                                         CASE WHEN one_in > 128 THEN one_in / 64 ELSE 8 END) s;
                is_part := true;
                CONTINUE;
            END IF;
        END IF;
        RETURN QUERY EXECUTE format('SELECT q.pass, q.key, q.id, q.row_at, q.carried, q.owner'
                                    ' FROM (SELECT q.*, %s AS owner FROM unnest($1) q OFFSET 0) q WHERE %s LIMIT %s',
                                    coalesce(way.owner, 'NULL::text[]'), coalesce(way.late, 'true'), left_over) USING rows;
        GET DIAGNOSTICS shown = ROW_COUNT;
        left_over := left_over - shown;
        EXIT WHEN is_rest;
        IF is_part AND edge IS NOT DISTINCT FROM stop THEN
            is_part := false;
            sample := whole;
            one_in := whole_in;
            nth := whole_used;
            stop := NULL;
        END IF;
        IF edge.key IS NULL THEN
            start := ROW(start.pass + 1, NULL, NULL, NULL, NULL, NULL);
            is_dense := true;
            SELECT count(*) INTO used FROM unnest(sample) s WHERE s.pass < start.pass;
        ELSE
            start := edge;
            used := nth;
        END IF;
    END LOOP;
END
$$;
COMMENT ON FUNCTION hotgigs.page_of(hotgigs.searched, tsquery, tsquery[], text, uuid, integer) IS
    'One page of a search, and where its rows stand; for the searches alone.';
REVOKE ALL ON FUNCTION hotgigs.page_of(hotgigs.searched, tsquery, tsquery[], text, uuid, integer) FROM PUBLIC;

-- page_of(), total_of() and facets_of() run the text that the searches make. Nobody but the owner may
-- execute them, and the searches, which everybody may, run none.
CREATE FUNCTION hotgigs.total_of(of_table text, finds text, asked tsquery, conditions text)
RETURNS bigint
LANGUAGE plpgsql
STABLE
SET search_path = ''
AS $$
DECLARE
    counted bigint;
BEGIN
    EXECUTE format('SELECT count(*) FROM %s r WHERE %s @@ $1 AND %s', of_table, finds, conditions) INTO counted USING asked;
    RETURN counted;
END
$$;
COMMENT ON FUNCTION hotgigs.total_of(text, text, tsquery, text) IS
    'How many rows a search matches; for the searches alone.';
REVOKE ALL ON FUNCTION hotgigs.total_of(text, text, tsquery, text) FROM PUBLIC;

COMMIT;
