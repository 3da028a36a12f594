-- job_search, job_facets, skill_suggest: the searches over jobs.
--
-- Needs:  open_jobs (472), the marks and pages of searches (470, 471), jobs (106), companies (104).

BEGIN;
SET LOCAL ROLE hotgigs_owner;
SET LOCAL search_path = public;

-- Of a longer one its first eight letters and its last; the filter looks at the rest.
CREATE FUNCTION hotgigs.place_asked(place text)
RETURNS tsquery
LANGUAGE sql
IMMUTABLE
SET search_path = ''
AS $$
    SELECT hotgigs.both((hotgigs.one_of('at', ARRAY[left(place, 8)])::text || ':*')::tsquery,
                        CASE WHEN length(place) > 8 THEN (hotgigs.one_of('at', ARRAY[right(place, 8)])::text || ':*')::tsquery END)
$$;
COMMENT ON FUNCTION hotgigs.place_asked(text) IS
    'Rows whose place has these letters; for the searches alone.';
REVOKE ALL ON FUNCTION hotgigs.place_asked(text) FROM PUBLIC;

-- What job_search and job_facets ask of an open public job: by the index, and by a look at it.
CREATE FUNCTION hotgigs.job_filter(location text, job_types text[], levels text[], remote_types text[],
                                   salary_from integer, salary_to integer, salary_currency text, salary_period text,
                                   salary_stated boolean, skills_any text[], skills_all text[], company_id uuid,
                                   industry text, posted_within integer, OUT asked tsquery, OUT looked_at text)
LANGUAGE plpgsql
STABLE
SET search_path = ''
SET datestyle = 'ISO, YMD'
AS $$
DECLARE
    today CONSTANT timestamp := now() AT TIME ZONE 'UTC';
    place CONSTANT text := lower(btrim(location));
    unstated CONSTANT text[] := CASE WHEN salary_stated THEN '{open}' ELSE '{open,none}' END;
BEGIN
    IF posted_within < 0 OR posted_within > 36500 OR salary_from > salary_to THEN
        RAISE EXCEPTION 'no such range' USING ERRCODE = 'HG005';
    END IF;
    asked := hotgigs.skills_asked(skills_any, skills_all);
    looked_at := format('(r.deadline IS NULL OR r.deadline > %L::timestamp)', today);
    IF place <> '' THEN
        asked := hotgigs.both(asked, hotgigs.place_asked(place));
        looked_at := looked_at || format(' AND r.place ILIKE %L', '%' || replace(replace(replace(
                         btrim(location), '\', '\\'), '%', '\%'), '_', '\_') || '%');
    END IF;
    IF job_types IS NOT NULL THEN
        asked := hotgigs.both(asked, hotgigs.one_of('type', job_types));
    END IF;
    IF levels IS NOT NULL THEN
        asked := hotgigs.both(asked, hotgigs.one_of('level', levels));
    END IF;
    IF remote_types IS NOT NULL THEN
        asked := hotgigs.both(asked, hotgigs.one_of('remote', remote_types));
    END IF;
    IF salary_from IS NOT NULL THEN
        asked := hotgigs.both(asked, hotgigs.beyond('most', hotgigs.amount_bits(salary_from), true) || hotgigs.one_of('most', unstated));
        looked_at := looked_at || format(' AND (r.salary_max IS NULL OR r.salary_max >= %s)', salary_from);
    END IF;
    IF salary_to IS NOT NULL THEN
        asked := hotgigs.both(asked, hotgigs.beyond('least', hotgigs.amount_bits(salary_to), false) || hotgigs.one_of('least', unstated));
        looked_at := looked_at || format(' AND (r.salary_min IS NULL OR r.salary_min <= %s)', salary_to);
    END IF;
    IF salary_currency IS NOT NULL THEN
        asked := hotgigs.both(asked, hotgigs.one_of('currency', ARRAY[upper(salary_currency), 'open']));
    END IF;
    IF salary_period IS NOT NULL THEN
        asked := hotgigs.both(asked, hotgigs.one_of('period', ARRAY[salary_period, 'open']));
    END IF;
    IF salary_stated AND salary_from IS NULL AND salary_to IS NULL THEN
        asked := hotgigs.both(asked, hotgigs.one_of('salary', '{stated}'));
    END IF;
    IF company_id IS NOT NULL THEN
        asked := hotgigs.both(asked, hotgigs.one_of('company', ARRAY[company_id::text]));
    END IF;
    IF industry IS NOT NULL THEN
        asked := hotgigs.both(asked, hotgigs.one_of('industry', ARRAY[left(lower(btrim(industry)), 100)]));
    END IF;
    IF posted_within IS NOT NULL THEN
        asked := hotgigs.both(asked, hotgigs.beyond('day', hotgigs.day_bits(today - make_interval(days => posted_within)), true));
        looked_at := looked_at || format(' AND (r.newest >= %L::timestamp) IS TRUE', today - make_interval(days => posted_within));
    END IF;
END
$$;
COMMENT ON FUNCTION hotgigs.job_filter(text, text[], text[], text[], integer, integer, text, text, boolean, text[], text[], uuid,
                                       text, integer) IS
    'What the filters of job_search and job_facets ask for, and SQL for the rest; for the searches alone.';
REVOKE ALL ON FUNCTION hotgigs.job_filter(text, text[], text[], text[], integer, integer, text, text, boolean, text[], text[],
                                          uuid, text, integer) FROM PUBLIC;

-- DEFINER: full text, arrays and LIKE use no index under a policy. The rule that it repeats: a
-- public job is public, and searches show only open ones before their deadline.
CREATE FUNCTION hotgigs.job_search(words text, at_location text, job_types text[], levels text[],
                                   remote_types text[], salary_from integer, salary_to integer,
                                   currency text, period text, salary_stated boolean,
                                   skills_any text[], skills_all text[], of_company uuid,
                                   industry text, posted_within integer, featured_first boolean,
                                   sort text, after_place text, after_id uuid, at_most integer,
                                   with_total boolean)
RETURNS TABLE (id uuid, company_id uuid, company_name text, company_slug text, company_logo_url text,
               title text, slug text, location text, job_type text, experience_level text,
               remote_type text, salary_min integer, salary_max integer, salary_currency text,
               salary_period text, skills jsonb, is_featured boolean, application_deadline timestamp,
               view_count integer, created_at timestamp, relevance integer, place text, total bigint)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
ROWS 20
SET search_path = ''
SET datestyle = 'ISO, YMD'
AS $$
#variable_conflict use_column
DECLARE
    by_words CONSTANT text := coalesce(sort, CASE WHEN hotgigs.search_words(words) IS NULL THEN 'newest' ELSE 'relevance' END);
    key      CONSTANT text := CASE by_words WHEN 'salary' THEN 'salary' WHEN 'title' THEN 'title' WHEN 'views' THEN 'views'
                                            ELSE 'newest' END;
    way      hotgigs.searched;
    filter   record;
    asked    tsquery;
    passes   tsquery[];
    tiers    integer;
    counted  bigint;
BEGIN
    IF by_words NOT IN ('relevance', 'newest', 'salary', 'title', 'views') THEN
        RAISE EXCEPTION 'no such order' USING ERRCODE = 'HG005';
    END IF;
    filter := hotgigs.job_filter(at_location, job_types, levels, remote_types, salary_from, salary_to, currency, period,
                                 salary_stated, skills_any, skills_all, of_company, industry, posted_within);
    passes := hotgigs.passes_of(hotgigs.search_words(words), filter.asked, by_words = 'relevance');
    tiers := cardinality(passes);
    asked := hotgigs.whole(hotgigs.both(filter.asked, hotgigs.search_words(words)));
    way := ROW('hotgigs.open_jobs', 'job_id', 'r.finds', filter.looked_at,
               'ARRAY[r.company_name, r.company_slug, r.company_logo]', NULL, NULL, 'r.' || key,
               CASE key WHEN 'newest' THEN 'timestamp' WHEN 'title' THEN 'text' ELSE 'integer' END,
               CASE key WHEN 'newest' THEN '(%s)::date' WHEN 'title' THEN 'left(%s, 16)' END,
               CASE key WHEN 'newest' THEN '(%s)::date' WHEN 'title' THEN 'left(%s, 16)' END,
               CASE key WHEN 'newest' THEN '(%s)::date + 1'
                        WHEN 'title' THEN 'left(%1$s, 16) || CASE WHEN length(%1$s) < 16 THEN '''' ELSE repeat(chr(1114111), 1000) END' END,
               'true', key <> 'title');

    IF with_total THEN
        counted := hotgigs.total_of('hotgigs.open_jobs', 'r.finds', asked, filter.looked_at);
    END IF;
    IF featured_first THEN
        passes := ARRAY(SELECT '''is featured'''::tsquery && p FROM unnest(passes) WITH ORDINALITY AS u(p, nth) ORDER BY nth)
               || ARRAY(SELECT p && '!''is featured'''::tsquery FROM unnest(passes) WITH ORDINALITY AS u(p, nth) ORDER BY nth);
    END IF;

    RETURN QUERY
    SELECT j.id, j.company_id, p.carried[1], p.carried[2],
           -- of a longer one open_jobs has the beginning
           CASE WHEN length(p.carried[3]) > 1000 THEN (SELECT c.logo_url FROM public.companies c WHERE c.id = j.company_id)
                ELSE p.carried[3] END, j.title::text, j.slug::text,
           j.location::text, j.job_type::text, j.experience_level::text, j.remote_type::text,
           j.salary_min, j.salary_max, j.salary_currency::text, j.salary_period::text, j.skills,
           coalesce(j.is_featured, false), j.application_deadline, coalesce(j.view_count, 0),
           j.created_at, tiers - (p.pass - 1) % tiers, p.pass || ':' || p.sort_key, counted
    FROM   hotgigs.page_of(way, asked, passes, after_place, after_id, hotgigs.page_size(at_most))
               WITH ORDINALITY AS p(pass, sort_key, id, row_at, carried, owner, nth)
    JOIN   public.jobs j ON j.id = p.id
    ORDER  BY p.nth;
END
$$;
COMMENT ON FUNCTION hotgigs.job_search(text, text, text[], text[], text[], integer, integer, text,
                                       text, boolean, text[], text[], uuid, text, integer, boolean,
                                       text, text, uuid, integer, boolean) IS
    'A page of the open public jobs that match, whoever asks.';
REVOKE ALL ON FUNCTION hotgigs.job_search(text, text, text[], text[], text[], integer, integer, text,
                                          text, boolean, text[], text[], uuid, text, integer, boolean,
                                          text, text, uuid, integer, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.job_search(text, text, text[], text[], text[], integer, integer,
                                             text, text, boolean, text[], text[], uuid, text, integer,
                                             boolean, text, text, uuid, integer, boolean)
    TO hotgigs_anon, hotgigs_candidate, hotgigs_company, hotgigs_freelancer, hotgigs_service;

CREATE FUNCTION hotgigs.facets_of(asked tsquery, conditions text)
RETURNS TABLE (facet text, value text, jobs bigint)
LANGUAGE plpgsql
STABLE
SET search_path = ''
AS $$
BEGIN
    RETURN QUERY EXECUTE format($sql$
        SELECT f.facet, f.value, f.jobs
        FROM   (SELECT g.facet, g.value, g.jobs,
                       row_number() OVER (PARTITION BY g.facet ORDER BY g.jobs DESC, g.value) AS nth
                FROM   (SELECT CASE grouping(j.job_type, j.experience_level, j.remote_type, j.location)
                                   WHEN 7 THEN 'job_type'
                                   WHEN 11 THEN 'experience_level'
                                   WHEN 13 THEN 'remote_type'
                                   ELSE 'location'
                               END AS facet,
                               coalesce(j.job_type, j.experience_level, j.remote_type,
                                        j.location)::text AS value,
                               count(*) AS jobs
                        FROM   hotgigs.open_jobs r
                        JOIN   public.jobs j ON j.id = r.job_id
                        WHERE  r.finds @@ $1
                        AND    %s
                        GROUP  BY GROUPING SETS ((j.job_type), (j.experience_level), (j.remote_type),
                                                 (j.location))) g
                WHERE  g.value IS NOT NULL) f
        WHERE  f.nth <= 20
        ORDER  BY f.facet, f.nth $sql$, conditions) USING asked;
END
$$;
COMMENT ON FUNCTION hotgigs.facets_of(tsquery, text) IS
    'How many jobs a search matches, by type, level, remote and place; for the searches alone.';
REVOKE ALL ON FUNCTION hotgigs.facets_of(tsquery, text) FROM PUBLIC;

-- DEFINER: as job_search.
CREATE FUNCTION hotgigs.job_facets(words text, location text, job_types text[], levels text[],
                                   remote_types text[], salary_from integer, salary_to integer,
                                   salary_currency text, salary_period text, salary_stated boolean,
                                   skills_any text[], skills_all text[], company_id uuid,
                                   industry text, posted_within integer)
RETURNS TABLE (facet text, value text, jobs bigint)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
ROWS 30
SET search_path = ''
AS $$
#variable_conflict use_column
DECLARE
    asked  CONSTANT tsquery := hotgigs.search_words(words);
    filter record;
BEGIN
    filter := hotgigs.job_filter(location, job_types, levels, remote_types, salary_from, salary_to, salary_currency,
                                 salary_period, salary_stated, skills_any, skills_all, company_id, industry, posted_within);
    RETURN QUERY
    SELECT f.facet, f.value, f.jobs
    FROM   hotgigs.facets_of(hotgigs.whole(hotgigs.both(filter.asked, asked)), filter.looked_at) f;
END
$$;
COMMENT ON FUNCTION hotgigs.job_facets(text, text, text[], text[], text[], integer, integer, text,
                                       text, boolean, text[], text[], uuid, text, integer) IS
    'How many open public jobs match, by type, level, remote and place.';
REVOKE ALL ON FUNCTION hotgigs.job_facets(text, text, text[], text[], text[], integer, integer, text,
                                          text, boolean, text[], text[], uuid, text, integer)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.job_facets(text, text, text[], text[], text[], integer, integer,
                                             text, text, boolean, text[], text[], uuid, text, integer)
    TO hotgigs_anon, hotgigs_candidate, hotgigs_company, hotgigs_freelancer, hotgigs_service;

-- Of some names those that an open public job asks for, in the order given. Up to ten uses the count is that of open public
-- jobs; to look at more jobs costs too much for a key stroke, so above it is how often the name is used at all, rounded down
-- to two digits.
--
-- Which open public jobs have a name in job_skills stands in open_jobs ('listed sql'), but for blanks behind the name and what it has
-- beyond 100 characters; of those, the rows of job_skills are counted. The jobs of all names up to ten uses are looked for at once.
CREATE FUNCTION hotgigs.open_uses(names text[], uses bigint[])
RETURNS TABLE (name text, jobs bigint)
LANGUAGE plpgsql
STABLE
ROWS 10
SET search_path = ''
SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE
    rare  CONSTANT text[] := ARRAY(SELECT n.name FROM unnest(open_uses.names, open_uses.uses) AS n(name, uses) WHERE n.uses <= 10);
    today CONSTANT timestamp := now() AT TIME ZONE 'UTC';
BEGIN
    RETURN QUERY
    SELECT n.name, coalesce(o.jobs, trunc(n.uses::numeric, 1 - floor(log(n.uses))::integer)::bigint)
    FROM   unnest(open_uses.names, open_uses.uses) WITH ORDINALITY AS n(name, uses, nth)
    LEFT   JOIN (SELECT lower(s.skill_name) AS name, count(*) AS jobs
                 FROM   public.job_skills s
                 WHERE  lower(s.skill_name) = ANY (rare)
                 AND    (s.job_id IN (SELECT r.job_id FROM hotgigs.open_jobs r      -- a hash, and no condition of an index
                                      WHERE  r.finds @@ hotgigs.one_of('listed', hotgigs.folded(rare))
                                      AND    (r.deadline IS NULL OR r.deadline > today))) IS TRUE
                 GROUP  BY 1) o ON o.name = n.name
    WHERE  CASE WHEN n.uses <= 10
                THEN o.jobs > 0
                -- One of the first is, but for names of closed jobs.
                WHEN EXISTS (SELECT
                             FROM   (SELECT s.job_id FROM public.job_skills s WHERE lower(s.skill_name) = n.name LIMIT 10) s
                             JOIN   hotgigs.open_jobs r ON r.job_id = s.job_id
                             WHERE  r.deadline IS NULL OR r.deadline > today)
                THEN true
                ELSE EXISTS (SELECT
                             FROM   (SELECT r.job_id FROM hotgigs.open_jobs r
                                     WHERE  r.finds @@ hotgigs.one_of('listed', hotgigs.folded(ARRAY[n.name]))
                                     AND    (r.deadline IS NULL OR r.deadline > today)
                                     OFFSET 0) r
                             CROSS  JOIN LATERAL (SELECT FROM public.job_skills s
                                                  WHERE  lower(s.skill_name) = n.name AND s.job_id = r.job_id LIMIT 1) s)
           END
    ORDER  BY n.nth;
END
$$;
COMMENT ON FUNCTION hotgigs.open_uses(text[], bigint[]) IS
    'Which of these names of skills open public jobs ask for, and how many; for skill_suggest alone.';
REVOKE ALL ON FUNCTION hotgigs.open_uses(text[], bigint[]) FROM PUBLIC;

-- A name that no open public job asks for is not suggested: it may be a secret. As many names as may be shown are asked for
-- at a time, the most used first.
--
-- A prefix is a range of the pattern order, whose operators serve an index whatever the parameter is. Above the range is what goes
-- on with the last character there is for longer than any name.
--
-- DEFINER: neither those operators nor lower() are leakproof.
CREATE FUNCTION hotgigs.skill_suggest(prefix text, at_most integer)
RETURNS TABLE (name text, jobs bigint)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
ROWS 10
SET search_path = ''
SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE
    wanted CONSTANT text := lower(ltrim(prefix));
    size   CONSTANT integer := coalesce(at_most, 10);
BEGIN
    IF coalesce(wanted, '') = '' OR size NOT BETWEEN 1 AND 50 THEN
        RAISE EXCEPTION 'a suggestion needs a beginning, and at_most of 1 to 50' USING ERRCODE = 'HG005';
    END IF;
    RETURN QUERY
    SELECT o.name, o.jobs
    FROM   (SELECT array_agg(u.name ORDER BY u.nth) AS names, array_agg(u.uses ORDER BY u.nth) AS uses
            FROM   (SELECT lower(s.skill_name) AS name, count(*) AS uses,
                           row_number() OVER (ORDER BY count(*) DESC, lower(s.skill_name)) - 1 AS nth
                    FROM   public.job_skills s
                    WHERE  lower(s.skill_name) ~>=~ wanted
                    AND    lower(s.skill_name) ~<~ (wanted || repeat(chr(1114111), 1000))
                    GROUP  BY 1) u
            GROUP  BY u.nth / size
            ORDER  BY u.nth / size) p
    CROSS  JOIN LATERAL hotgigs.open_uses(p.names, p.uses) o
    LIMIT  size;
END
$$;
COMMENT ON FUNCTION hotgigs.skill_suggest(text, integer) IS
    'Names of skills that open public jobs ask for and that begin so, the most used first.';
REVOKE ALL ON FUNCTION hotgigs.skill_suggest(text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.skill_suggest(text, integer)
    TO hotgigs_anon, hotgigs_candidate, hotgigs_company, hotgigs_freelancer, hotgigs_service;

COMMIT;
