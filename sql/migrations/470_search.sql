-- The searches over jobs and candidates: by what marks a row is found, and how they are asked for. Pages of it: 471.
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

-- Which samples a row is in, by its id: of the one in 8 that the indexes of samples have, one in 32, 128, ... of all has each mark.
CREATE FUNCTION hotgigs.sample_marks(id uuid)
RETURNS text[]
LANGUAGE plpgsql
IMMUTABLE
PARALLEL SAFE
SET search_path = ''
AS $$
DECLARE
    bits   CONSTANT integer := uuid_hash(id);
    marks  text[] := '{}';
    one_in integer := 32;
BEGIN
    WHILE one_in <= 131072 AND bits & (one_in - 1) = 0 LOOP
        marks := marks || ('one in ' || one_in);
        one_in := one_in * 4;
    END LOOP;
    RETURN marks;
END
$$;
COMMENT ON FUNCTION hotgigs.sample_marks(uuid) IS
    'Marks by which a row is in samples.';
REVOKE ALL ON FUNCTION hotgigs.sample_marks(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.sample_marks(uuid) TO hotgigs_candidate, hotgigs_service;

-- Of an order by a number: the rows of one number, in 64 parts. However many have it, a part of an order is a part of them.
CREATE FUNCTION hotgigs.id_group(key integer, id uuid)
RETURNS bigint
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
    SELECT key::bigint * 64 + pg_catalog.get_byte(pg_catalog.uuid_send(id), 0) / 4
$$;
COMMENT ON FUNCTION hotgigs.id_group(integer, uuid) IS
    'The 64th part of those with the same number, by id.';
REVOKE ALL ON FUNCTION hotgigs.id_group(integer, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.id_group(integer, uuid) TO hotgigs_candidate, hotgigs_service;

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
    -- Of 32 and more "-" in a row: "tsquery stack too small", in 17.12 "tsquery is too complex".
    WHEN internal_error OR program_limit_exceeded THEN
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

COMMIT;
