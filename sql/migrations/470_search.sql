-- The searches over jobs and candidates: how what is searched is found, and how pages are read. Their functions: 472, 473.
--
-- Needs:  jobs (106), job_skills (107), candidate_profiles (201), companies (104), users (101).
--
-- Under a policy neither full text nor arrays nor LIKE may use an index (their operators are not
-- leakproof), so the searches are definer functions that say the access rule themselves: open
-- public jobs before their deadline; candidates who opted in.
--
-- All that a search may ask of a row stands in one tsvector: its words, the words of its title once more
-- ('title rust'), and a mark for what each filter asks for ('skill sql', 'type contract', amounts by their
-- bits). No word has a blank in it, so marks are no words. Whatever is asked for together, with and, or and
-- not, is then one tsquery, and one GIN index answers it by itself: its rarest part leads, and frequent ones are
-- skipped through. There is no filter without an index, and no mixture that the planner could misjudge.
--
-- An order is read by windows of it: see page_of(). Relevance is no ts_rank, which has to see every match: it is
-- where the words stand (title; a part of them in the title; elsewhere), the newest first within. Each is a pass
-- of its own.

BEGIN;
SET LOCAL ROLE hotgigs_owner;
SET LOCAL search_path = public;

-- ---- What is found ------------------------------------------------------------------------------

-- Who writes a candidate's row runs the functions of its index, so they are granted to whoever may. They look at
-- their arguments alone.

-- 100 characters of a name are enough to find it; a GIN key has 2.7 kB at most. So are a thousand names: a tsvector has 1 MB at
-- most.
CREATE FUNCTION hotgigs.skill_names(skills jsonb)
RETURNS text[]
LANGUAGE plpgsql
IMMUTABLE
PARALLEL SAFE
COST 500
SET search_path = ''
AS $$
DECLARE
    names text[] := '{}';
    each  jsonb;
    name  text;
BEGIN
    IF skills IS NULL OR jsonb_typeof(skills) <> 'array' THEN
        RETURN names;
    END IF;
    -- A loop: a query takes longer to start than three names take. Joined with nothing it is read from the
    -- disk once, and not once an element.
    skills := skills || '[]'::jsonb;
    FOR i IN 0 .. least(jsonb_array_length(skills), 1000) - 1 LOOP
        each := skills -> i;
        name := left(lower(btrim(CASE jsonb_typeof(each) WHEN 'string' THEN each #>> '{}'
                                                         WHEN 'object' THEN each ->> 'name' END)), 100);
        IF name <> '' THEN
            names := names || name;
        END IF;
    END LOOP;
    RETURN names;
END
$$;
COMMENT ON FUNCTION hotgigs.skill_names(jsonb) IS
    'The names in a skills array of either spelling, strings or {name, ...}, folded; a thousand at most.';
REVOKE ALL ON FUNCTION hotgigs.skill_names(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.skill_names(jsonb)
    TO hotgigs_candidate, hotgigs_company, hotgigs_service;

CREATE FUNCTION hotgigs.folded(names text[])
RETURNS text[]
LANGUAGE plpgsql
IMMUTABLE
PARALLEL SAFE
COST 200
SET search_path = ''
AS $$
BEGIN
    IF cardinality(names) > 1000 THEN       -- each is looked for
        RAISE EXCEPTION 'a search takes 1,000 names at most in a list' USING ERRCODE = 'HG005';
    END IF;
    RETURN ARRAY(SELECT DISTINCT left(lower(btrim(n.name)), 100)
                 FROM   unnest(names) AS n(name)
                 WHERE  btrim(n.name) <> '');
END
$$;
COMMENT ON FUNCTION hotgigs.folded(text[]) IS
    'Names without case and outer blanks, each once; NULL and blank ones are left out; at most 1,000.';
REVOKE ALL ON FUNCTION hotgigs.folded(text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.folded(text[]) TO hotgigs_candidate, hotgigs_service;

-- The words of a title, once as they are and once as those of a title.
CREATE FUNCTION hotgigs.title_words(title text)
RETURNS tsvector
LANGUAGE plpgsql
IMMUTABLE
PARALLEL SAFE
SET search_path = ''
AS $$
DECLARE
    words CONSTANT tsvector := to_tsvector('pg_catalog.english', coalesce(title, ''));
BEGIN
    RETURN words || regexp_replace(words::text, '''((?:[^'']|'''')*)''', '''title \1''', 'g')::tsvector;
END
$$;
COMMENT ON FUNCTION hotgigs.title_words(text) IS
    'The words of a title, and each as ''title rust''.';
REVOKE ALL ON FUNCTION hotgigs.title_words(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.title_words(text) TO hotgigs_candidate, hotgigs_service;

CREATE FUNCTION hotgigs.name_marks(kind text, names text[])
RETURNS text[]
LANGUAGE plpgsql
IMMUTABLE
PARALLEL SAFE
SET search_path = ''
AS $$
DECLARE
    marks text[] := '{}';
    name  text;
BEGIN
    FOREACH name IN ARRAY coalesce(names[:2000], '{}') LOOP
        name := left(lower(btrim(name)), 100);
        IF name <> '' THEN
            marks := marks || (kind || ' ' || name);
        END IF;
    END LOOP;
    RETURN marks;
END
$$;
COMMENT ON FUNCTION hotgigs.name_marks(text, text[]) IS
    'Two thousand names as marks, folded; NULL and blank ones are left out.';
REVOKE ALL ON FUNCTION hotgigs.name_marks(text, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.name_marks(text, text[])
    TO hotgigs_candidate, hotgigs_service;

-- An amount as bits that sort as it does: in how many pairs of bits it is written, then the first four of these.
-- Exact below 256; the filters look at the amount itself besides.
CREATE FUNCTION hotgigs.amount_bits(amount integer)
RETURNS text
LANGUAGE plpgsql
IMMUTABLE
PARALLEL SAFE
SET search_path = ''
AS $$
DECLARE
    bits  CONSTANT text := greatest(amount, 0)::bit(32)::text;
    first CONSTANT integer := greatest(strpos(bits, '1') - 1, 0) / 2 * 2;
BEGIN
    IF amount IS NULL THEN
        RETURN NULL;
    ELSIF amount <= 0 THEN
        RETURN '000000000000';
    END IF;
    RETURN (15 - first / 2)::bit(4)::text || rpad(substr(bits, first + 1, 8), 8, '0');
END
$$;
COMMENT ON FUNCTION hotgigs.amount_bits(integer) IS
    'Twelve bits that sort as amounts do; those below none are as none.';
REVOKE ALL ON FUNCTION hotgigs.amount_bits(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.amount_bits(integer) TO hotgigs_candidate, hotgigs_service;

-- The day of a time by its bits, all exact until 2149.
CREATE FUNCTION hotgigs.day_bits(at timestamp)
RETURNS text
LANGUAGE plpgsql
IMMUTABLE
PARALLEL SAFE
SET search_path = ''
AS $$
BEGIN
    RETURN (CASE WHEN at < '1970-01-02' THEN 0 WHEN at > '2149-01-01' THEN 65535 ELSE at::date - date '1970-01-01' END)::bit(16)::text;
END
$$;
COMMENT ON FUNCTION hotgigs.day_bits(timestamp) IS
    'Sixteen bits that sort as days do.';
REVOKE ALL ON FUNCTION hotgigs.day_bits(timestamp) FROM PUBLIC;

CREATE FUNCTION hotgigs.year_bits(years integer)
RETURNS text
LANGUAGE plpgsql
IMMUTABLE
STRICT
PARALLEL SAFE
SET search_path = ''
AS $$
BEGIN
    RETURN least(greatest(years, 0), 255)::bit(8)::text;
END
$$;
COMMENT ON FUNCTION hotgigs.year_bits(integer) IS
    'Eight bits that sort as numbers of years do.';
REVOKE ALL ON FUNCTION hotgigs.year_bits(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.year_bits(integer) TO hotgigs_candidate, hotgigs_service;

-- A number by its bits in digits of four, and which rows have it or one beyond it. Above: at each digit of a row there is a mark for this
-- and for each smaller one, so that whatever is above a number is a mark a digit. Below is the same with the digits turned round.
CREATE FUNCTION hotgigs.fours(bits text, above boolean)
RETURNS text
LANGUAGE plpgsql
IMMUTABLE
STRICT
PARALLEL SAFE
SET search_path = ''
AS $$
DECLARE
    digits text := '';
BEGIN
    FOR i IN 1 .. length(bits) / 2 LOOP
        digits := digits || substr(bits, 2 * i - 1, 2)::bit(2)::integer;
    END LOOP;
    RETURN CASE WHEN above THEN digits ELSE translate(digits, '0123', '3210') END;
END
$$;
COMMENT ON FUNCTION hotgigs.fours(text, boolean) IS
    'Bits as digits of four, which grow from above to below where not above.';
REVOKE ALL ON FUNCTION hotgigs.fours(text, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.fours(text, boolean) TO hotgigs_candidate, hotgigs_service;

CREATE FUNCTION hotgigs.bit_marks(kind text, bits text, above boolean)
RETURNS text[]
LANGUAGE plpgsql
IMMUTABLE
PARALLEL SAFE
SET search_path = ''
AS $$
DECLARE
    digits CONSTANT text := hotgigs.fours(bits, above);
    marks  text[] := '{}';
BEGIN
    IF bits IS NULL THEN
        RETURN ARRAY[kind || ' open'];
    END IF;
    FOR i IN 1 .. length(digits) LOOP
        FOR digit IN least(i - 1, 1) .. substr(digits, i, 1)::integer LOOP      -- each number is 0 or more
            marks := marks || (kind || ' ' || left(digits, i - 1) || digit);
        END LOOP;
    END LOOP;
    RETURN marks;
END
$$;
COMMENT ON FUNCTION hotgigs.bit_marks(text, text, boolean) IS
    'A number as marks, for searches of this one and above, or below; NULL: open.';
REVOKE ALL ON FUNCTION hotgigs.bit_marks(text, text, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.bit_marks(text, text, boolean) TO hotgigs_candidate, hotgigs_service;

-- A function of its own, in PL/pgSQL: the planner knows how many rows it leaves from the statistics
-- below, which it may not read for jsonb's own operators, and then takes for one in a hundred.
CREATE FUNCTION hotgigs.opted_in(visibility_settings jsonb)
RETURNS boolean
LANGUAGE plpgsql
IMMUTABLE
PARALLEL SAFE
SET search_path = ''
AS $$
BEGIN
    RETURN coalesce(visibility_settings @> '{"profile_public": true}', false);
END
$$;
COMMENT ON FUNCTION hotgigs.opted_in(jsonb) IS
    'Whether these visibility settings let recruiters and freelancers find the profile.';
REVOKE ALL ON FUNCTION hotgigs.opted_in(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.opted_in(jsonb) TO hotgigs_candidate, hotgigs_service;

-- ---- What is asked for --------------------------------------------------------------------------

-- Blanks are and; or, "a phrase" and -word as on the web; AND, OR and NOT in capitals as elsewhere.
-- NULL where no word is left: then nothing is asked for.
CREATE FUNCTION hotgigs.search_words(words text)
RETURNS tsquery
LANGUAGE plpgsql
IMMUTABLE
SET search_path = ''
AS $$
DECLARE
    asked tsquery;
BEGIN
    IF length(words) > 10000 THEN
        RAISE EXCEPTION 'a search takes 10,000 characters of text at most' USING ERRCODE = 'HG005';
    END IF;
    asked := websearch_to_tsquery(
        'pg_catalog.english',
        regexp_replace(regexp_replace(words, '\mNOT\s+', '-', 'g'), '\mAND\M', ' ', 'g'));
    RETURN CASE WHEN numnode(asked) > 0 THEN asked END;
EXCEPTION
    WHEN internal_error THEN                -- of 32 and more "-" in a row: "tsquery stack too small"
        RAISE EXCEPTION 'a search takes no NOT of a NOT of a NOT ...' USING ERRCODE = 'HG005';
END
$$;
COMMENT ON FUNCTION hotgigs.search_words(text) IS
    'What somebody typed into a search field, as a query; NULL: nothing.';
REVOKE ALL ON FUNCTION hotgigs.search_words(text) FROM PUBLIC;

-- Each tsquery below is NULL where nothing is asked for.
CREATE FUNCTION hotgigs.both(one tsquery, other tsquery)
RETURNS tsquery
LANGUAGE sql
IMMUTABLE
SET search_path = ''
AS $$
    SELECT coalesce(one && other, one, other)
$$;
COMMENT ON FUNCTION hotgigs.both(tsquery, tsquery) IS
    'Rows that have what both ask for; for the searches alone.';
REVOKE ALL ON FUNCTION hotgigs.both(tsquery, tsquery) FROM PUBLIC;

-- Without a word that has to be there the index would be read as a whole: each row has this mark.
CREATE FUNCTION hotgigs.whole(asked tsquery)
RETURNS tsquery
LANGUAGE sql
IMMUTABLE
SET search_path = ''
AS $$
    SELECT CASE WHEN asked IS NULL THEN '''any row'''
                WHEN querytree(asked) IN ('', 'T') THEN '''any row''' && asked
                ELSE asked END
$$;
COMMENT ON FUNCTION hotgigs.whole(tsquery) IS
    'The same, as the index is asked for it; for the searches alone.';
REVOKE ALL ON FUNCTION hotgigs.whole(tsquery) FROM PUBLIC;

CREATE FUNCTION hotgigs.one_of(kind text, names text[])
RETURNS tsquery
LANGUAGE plpgsql
IMMUTABLE
SET search_path = ''
AS $$
BEGIN
    RETURN coalesce((SELECT string_agg('''' || replace(replace(left(kind || ' ' || n, 200), '\', '\\'), '''', '''''') || '''', ' | ')
                     FROM   unnest(names) AS u(n)), '''none of none''')::tsquery;
END
$$;
COMMENT ON FUNCTION hotgigs.one_of(text, text[]) IS
    'Rows that have one of these marks; for the searches alone.';
REVOKE ALL ON FUNCTION hotgigs.one_of(text, text[]) FROM PUBLIC;

-- From 2310 on: what begins with 3, and what goes on behind 23 with 1 or more. No digit is above a 3, and all are above a last 0.
CREATE FUNCTION hotgigs.beyond(kind text, bits text, above boolean)
RETURNS tsquery
LANGUAGE plpgsql
IMMUTABLE
SET search_path = ''
AS $$
DECLARE
    digits CONSTANT text := coalesce(nullif(rtrim(hotgigs.fours(bits, above), '0'), ''), '0');
BEGIN
    RETURN hotgigs.one_of(kind, digits
        || ARRAY(SELECT left(digits, n - 1) || substr(digits, n, 1)::integer + 1
                 FROM   generate_series(1, length(digits) - 1) AS u(n)
                 WHERE  substr(digits, n, 1) < '3'));
END
$$;
COMMENT ON FUNCTION hotgigs.beyond(text, text, boolean) IS
    'Rows with this number or one beyond it; for the searches alone.';
REVOKE ALL ON FUNCTION hotgigs.beyond(text, text, boolean) FROM PUBLIC;

CREATE FUNCTION hotgigs.skills_asked(any_of text[], all_of text[])
RETURNS tsquery
LANGUAGE plpgsql
IMMUTABLE
SET search_path = ''
AS $$
DECLARE
    asked tsquery;
    name  text;
BEGIN
    IF cardinality(hotgigs.folded(any_of)) > 0 THEN
        asked := hotgigs.one_of('skill', hotgigs.folded(any_of));
    END IF;
    FOREACH name IN ARRAY hotgigs.folded(all_of) LOOP
        asked := hotgigs.both(asked, hotgigs.one_of('skill', ARRAY[name]));
    END LOOP;
    RETURN asked;
END
$$;
COMMENT ON FUNCTION hotgigs.skills_asked(text[], text[]) IS
    'Rows that name one of the first and all of the second; for the searches alone.';
REVOKE ALL ON FUNCTION hotgigs.skills_asked(text[], text[]) FROM PUBLIC;

-- The words of any of which one in the title makes a match better; NULL where that says nothing.
CREATE FUNCTION hotgigs.part_of(asked tsquery)
RETURNS tsquery
LANGUAGE plpgsql
IMMUTABLE
SET search_path = ''
AS $$
BEGIN
    IF numnode(asked) < 2 OR asked::text !~ '&' OR asked::text ~ '[!<]' THEN
        RETURN NULL;
    END IF;
    RETURN replace(asked::text, ' & ', ' | ')::tsquery;
END
$$;
COMMENT ON FUNCTION hotgigs.part_of(tsquery) IS
    'The same words with or for and; NULL: no better than the query; for the searches alone.';
REVOKE ALL ON FUNCTION hotgigs.part_of(tsquery) FROM PUBLIC;

-- The passes of relevance, the best first. What is asked for holds in each.
CREATE FUNCTION hotgigs.passes_of(asked tsquery, filter tsquery, by_relevance boolean)
RETURNS tsquery[]
LANGUAGE plpgsql
IMMUTABLE
SET search_path = ''
AS $$
DECLARE
    in_title CONSTANT tsquery := regexp_replace(asked::text, '''((?:[^'']|'''')*)''', '''title \1''', 'g')::tsquery;
    a_part   CONSTANT tsquery := regexp_replace(hotgigs.part_of(asked)::text, '''((?:[^'']|'''')*)''', '''title \1''',
                                                'g')::tsquery;
BEGIN
    filter := hotgigs.both(filter, asked);
    IF asked IS NULL OR NOT by_relevance THEN
        RETURN ARRAY[hotgigs.whole(filter)];
    ELSIF a_part IS NULL THEN
        RETURN ARRAY[hotgigs.whole(filter && in_title), hotgigs.whole(filter && !!in_title)];
    END IF;
    RETURN ARRAY[filter && in_title, filter && a_part && !!in_title, filter && !!a_part];
END
$$;
COMMENT ON FUNCTION hotgigs.passes_of(tsquery, tsquery, boolean) IS
    'What the passes of a search ask for: all in the title, a part of it, the rest; for the searches alone.';
REVOKE ALL ON FUNCTION hotgigs.passes_of(tsquery, tsquery, boolean) FROM PUBLIC;

CREATE FUNCTION hotgigs.page_size(at_most integer)
RETURNS integer
LANGUAGE plpgsql
IMMUTABLE
SET search_path = ''
AS $$
BEGIN
    IF at_most NOT BETWEEN 1 AND 200 THEN
        RAISE EXCEPTION 'a page has 1 to 200 rows' USING ERRCODE = 'HG005';
    END IF;
    RETURN coalesce(at_most, 20);
END
$$;
COMMENT ON FUNCTION hotgigs.page_size(integer) IS
    'How many rows a page of a search has: 20 if not said; for the searches alone.';
REVOKE ALL ON FUNCTION hotgigs.page_size(integer) FROM PUBLIC;

-- ---- Indexes ------------------------------------------------------------------------------------

-- Open public jobs of an industry.
CREATE INDEX companies_industry_lower_idx ON companies (lower(industry));

-- The job with this slug in a company: job_create, job_view_public.
CREATE INDEX jobs_company_id_slug_idx ON jobs (company_id, slug);

-- Open jobs whose deadline is over, or near: job_expire_due, job_closing_soon.
CREATE INDEX jobs_open_deadline_idx ON jobs (application_deadline, id)
    WHERE employment_status = 'open';

-- Jobs that ask for a skill, and skills by the beginning of their name, whatever the case. Its
-- pattern operators serve equality too.
CREATE INDEX job_skills_skill_name_lower_idx ON job_skills
    (lower(skill_name) text_pattern_ops, job_id) INCLUDE (skill_name);

-- How often each name is used: of equal entries an index keeps one, which it does not beside INCLUDE or a column that
-- tells them apart. Without the column itself beside the expression it is not read alone.
CREATE INDEX job_skills_names_idx ON job_skills (lower(skill_name) text_pattern_ops, skill_name);

-- Users with the same phone number however it is written, or the same name: candidate_find_duplicates.
CREATE INDEX users_phone_digits_idx ON users (regexp_replace(phone, '\D', '', 'g'));
CREATE INDEX users_name_lower_idx ON users (lower(last_name), lower(first_name));

-- ---- Pages --------------------------------------------------------------------------------------

-- One page of ids. Texts are SQL made by the searches (472, 473), in which every value of a caller's is a literal by
-- format's %L; the row's alias is r.
--
--   of_table, id_column, finds   where the rows stand, and the tsvector that its GIN index has
--   base       a predicate of the order's index; nothing else has what the passes ask for
--   passes     what is asked for, one after the other
--   filter     what a row is looked at for besides
--   owner, late   a column, and what is asked of q.owner for as many rows as are shown alone; NULL: nothing
--   key, key_type, descending   the order within a pass; id decides among equal keys. An index has both.
--   is_spread  the rows of any part of the order stand all over the table
--   is_walked  nearly each row of the order is found: it is read until the page is full
--   place, after      where the page before ended: its last row's pass and key, "2:1990-01-01", and id
--
-- An order is read by windows. In each the GIN index and the order's are ANDed, and the heap is read for what is in both.
-- The first has 120 rows. If hardly any was found, all the rest is asked for, but for 90 rows at most: they are all of what
-- is rare. Of what is neither rare nor frequent they are a sample, by which part of the table they fill: it tells how long
-- the next window has to be, or where it ends. Other windows are as long as the ones before found many. One with more than
-- 90 rows is too long: so what stands all at the far end of an order is not read as a whole.
CREATE FUNCTION hotgigs.page_of(of_table text, id_column text, finds text, base text, passes tsquery[], filter text,
                                owner text, late text, key text, key_type text, descending boolean, is_spread boolean,
                                is_walked boolean, place text, after uuid, at_most integer)
RETURNS TABLE (pass integer, sort_key text, id uuid)
LANGUAGE plpgsql
STABLE
ROWS 20
SET search_path = ''
SET datestyle = 'ISO, YMD'
SET max_parallel_workers_per_gather = 0
SET enable_seqscan = off
SET enable_indexscan = off
AS $$
#variable_conflict use_column
DECLARE
    in_order CONSTANT text := CASE WHEN descending THEN 'q.key DESC, q.id DESC' ELSE 'q.key, q.id' END;
    walk     CONSTANT text := CASE WHEN descending THEN 'ORDER BY 1 DESC, 2 DESC' ELSE 'ORDER BY 1, 2' END;
    beyond   CONSTANT text := CASE WHEN descending THEN '<' ELSE '>' END;
    before   CONSTANT text := CASE WHEN descending THEN '>' ELSE '<' END;
    begins   CONSTANT text := CASE WHEN NOT descending THEN '' WHEN key_type = 'integer' THEN '2147483647' ELSE 'infinity' END;
    many     CONSTANT integer := greatest(90, at_most);
    columns  CONSTANT text := format('%s AS key, r.%I AS id, %s AS owner', key, id_column, coalesce('r.' || owner, 'NULL::uuid'));
    first_pass integer := 1;
    start    text := begins;        -- where a window begins: behind this row, or with this key; and where it ends
    start_id uuid;
    edge     text;
    edge_id  uuid;
    span     text;                  -- the rows from start on
    size     integer;
    most     integer;               -- with more rows than that it is too long
    is_all   boolean;               -- all the rest was asked for, and was too much
    share    double precision;      -- the part of the table that has the rows that came
    is_given boolean;               -- edge is the nth of a sample, which is that part of all that is found
    sample   text[];
    sample_ids uuid[];
    part     double precision;
    nth      integer;
    seen     integer;               -- rows of the pass's windows, and how many of them were shown
    shown    integer;
    keys     text[];
    ids      uuid[];
    owners   uuid[];
    found    integer;
    rows     integer;
    left_over integer := at_most;
    pages_in_all integer;
    rows_in_all double precision;
BEGIN
    SELECT greatest(c.relpages, 1), greatest(c.reltuples, 1) INTO pages_in_all, rows_in_all
    FROM   pg_catalog.pg_class c WHERE c.oid = of_table::regclass;
    IF place IS NOT NULL THEN
        IF after IS NULL OR place !~ '^[0-9]{1,2}:' THEN
            RAISE EXCEPTION 'after_place is of no page' USING ERRCODE = 'HG005';
        END IF;
        BEGIN
            first_pass := split_part(place, ':', 1)::integer;
            EXECUTE format('SELECT %L::%s::text', substr(place, strpos(place, ':') + 1), key_type) INTO start;
        EXCEPTION
            WHEN data_exception OR invalid_text_representation THEN
                RAISE EXCEPTION 'after_place is of no page' USING ERRCODE = 'HG005';
        END;
        start_id := after;
    END IF;

    FOR number IN greatest(first_pass, 1) .. cardinality(passes) LOOP
        size := 120;
        is_all := false;
        is_given := false;
        seen := 0;
        shown := 0;
        LOOP
            span := CASE WHEN start_id IS NULL THEN format('%s %s= %L::%s', key, beyond, start, key_type)
                         ELSE format('(%s, r.%I) %s (%L::%s, %L::uuid)', key, id_column, beyond, start, key_type, start_id) END;
            edge := CASE WHEN is_given THEN edge END;
            PERFORM set_config('enable_indexscan', 'on', true);
            IF is_walked THEN
                EXECUTE format('SELECT array_agg(q.key::text ORDER BY %1$s), array_agg(q.id ORDER BY %1$s),'
                               ' array_agg(q.owner ORDER BY %1$s), count(*)'
                               ' FROM (SELECT %2$s FROM %3$s r WHERE %4$s AND %5$s AND %6$s %7$s LIMIT %8$s) q',
                               in_order, columns, of_table, base, span, filter, walk, left_over)
                    INTO keys, ids, owners, found;
            ELSE
                IF size IS NOT NULL AND NOT is_given THEN
                    EXECUTE format('SELECT q.key::text, q.id FROM (SELECT %s AS key, r.%I AS id FROM %s r WHERE %s AND %s %s'
                                   ' OFFSET %s LIMIT 1) q', key, id_column, of_table, base, span, walk, size)
                        INTO edge, edge_id;
                END IF;
                most := CASE WHEN is_given THEN 3 * many ELSE many END;
                -- Bounds that the planner does not know are one row in 27 to it, and whatever is asked for one in 200: so it lays one
                -- over the other. What it knows of keys is no help, for very many rows may have the same.
                IF edge IS NOT NULL THEN
                    span := format('(%1$s, r.%2$I) %3$s= (%4$L::%5$s, %6$L::uuid) AND %7$s AND %1$s %3$s= (SELECT %4$L::%5$s)',
                                   key, id_column, before, edge, key_type, edge_id, span);
                END IF;
                -- All the rest is no window: IS TRUE is for no index.
                PERFORM set_config('enable_indexscan', 'off', true);
                EXECUTE format('SELECT array_agg(q.key::text ORDER BY %1$s), array_agg(q.id ORDER BY %1$s),'
                               ' array_agg(q.owner ORDER BY %1$s), count(*), (1 + max(q.block) - min(q.block)) / greatest(%10$s - min(q.block), 1)'
                               ' FROM (SELECT %2$s, (r.ctid::text::point)[0] AS block FROM %3$s r WHERE %4$s AND (%5$s)%9$s AND %6$s @@ (SELECT $1) AND %7$s LIMIT %8$s) q',
                               in_order, columns, of_table, CASE WHEN edge IS NULL THEN 'true' ELSE base END, span, finds, filter, most + 1,
                               CASE WHEN edge IS NULL THEN ' IS TRUE' END, pages_in_all)
                    INTO keys, ids, owners, found, share USING passes[number];
                IF found > most THEN
                    is_given := is_given OR edge IS NULL AND is_spread AND NOT is_all;
                    IF is_given THEN
                        sample := keys;
                        sample_ids := ids;
                        part := greatest(least(share, 1), 0.001);
                        nth := least(ceil(part * left_over * 5 / 4), found - 1);
                        edge := sample[nth];
                        edge_id := sample_ids[nth];
                    ELSIF size IS NULL THEN
                        size := least(greatest(rows_in_all * share * left_over * 5 / 4 / found, 1000), 40000);
                    ELSE
                        size := greatest(size / 4, 50);
                    END IF;
                    is_all := true;
                    CONTINUE;
                END IF;
            END IF;
            RETURN QUERY EXECUTE format('SELECT %s, q.key, q.id FROM unnest($1, $2, $3) AS q(key, id, owner) WHERE %s LIMIT %s',
                                        number, coalesce(late, 'true'), left_over) USING keys, ids, owners;
            GET DIAGNOSTICS rows = ROW_COUNT;
            IF is_walked AND found = left_over THEN
                edge := keys[found];
                edge_id := ids[found];
            END IF;
            left_over := left_over - rows;
            IF left_over <= 0 THEN
                RETURN;
            END IF;
            EXIT WHEN edge IS NULL;
            start := edge;
            start_id := edge_id;
            IF is_given THEN
                nth := nth + ceil(part * left_over * 5 / 4);
                edge := sample[nth];
                edge_id := sample_ids[nth];
                is_given := edge IS NOT NULL;
                size := 20000;
            ELSE
                seen := seen + size;
                shown := shown + rows;
                size := CASE WHEN shown * 125 < seen AND (rows = 0 OR shown * 5000 < seen * left_over) AND NOT is_all THEN NULL
                             WHEN shown = 0 THEN least(greatest(size * 4, 4000), 40000)
                             ELSE least(greatest(seen / shown * left_over * 3 / 2, 100), 20000) END;
            END IF;
        END LOOP;
        start := begins;
        start_id := NULL;
    END LOOP;
END
$$;
COMMENT ON FUNCTION hotgigs.page_of(text, text, text, text, tsquery[], text, text, text, text, text, boolean, boolean,
                                    boolean, text, uuid, integer) IS
    'One page of ids of a search; for the searches alone.';
REVOKE ALL ON FUNCTION
    hotgigs.page_of(text, text, text, text, tsquery[], text, text, text, text, text, boolean, boolean, boolean, text, uuid,
                    integer)
    FROM PUBLIC;

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
