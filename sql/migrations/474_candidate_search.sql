-- candidate_search: the search over candidates.
--
-- Needs:  candidate_profiles (201), the marks and pages of searches (470, 471), applications (204), users (101).
--
-- All that it asks of a candidate stands in one row of one table, so an index of an expression has it.

BEGIN;
SET LOCAL ROLE hotgigs_owner;
SET LOCAL search_path = public;

-- Who names no job types, or no remote preference, takes any; who does not show his salary, or has none in
-- mind, matches every one.
CREATE FUNCTION hotgigs.candidate_finds(id uuid, headline text, current_title text, current_company text, summary text,
                                        availability text, education_level text, experience_years integer,
                                        remote_preference text, desired_job_types text[], desired_locations text[],
                                        skills jsonb, desired_salary_min integer, desired_salary_max integer,
                                        desired_salary_currency text, visibility_settings jsonb)
RETURNS tsvector
LANGUAGE plpgsql
IMMUTABLE
PARALLEL SAFE
COST 5000
SET search_path = ''
AS $$
DECLARE
    names CONSTANT text[] := hotgigs.skill_names(skills);
BEGIN
    IF NOT hotgigs.opted_in(visibility_settings) THEN
        RETURN '';
    END IF;
    RETURN hotgigs.title_words(concat_ws(' ; ', headline, current_title))
        || to_tsvector('pg_catalog.english', concat_ws(' ; ', array_to_string(names, ' ; '), current_company))
        || to_tsvector('pg_catalog.english', left(coalesce(summary, ''), 100000))
        || array_to_tsvector(
               array_remove(ARRAY['any row', 'available ' || availability, 'education ' || lower(btrim(education_level)),
                                  'remote ' || coalesce(remote_preference, 'any')], NULL)
               || CASE WHEN experience_years IS NOT NULL
                       THEN hotgigs.bit_marks('years from', hotgigs.year_bits(experience_years), true)
                         || hotgigs.bit_marks('years to', hotgigs.year_bits(experience_years), false)
                  END
               || CASE WHEN visibility_settings @> '{"salary_visible": true}'
                            AND (desired_salary_min IS NOT NULL OR desired_salary_max IS NOT NULL)
                       THEN hotgigs.bit_marks('least', hotgigs.amount_bits(desired_salary_min), false)
                         || hotgigs.bit_marks('most', hotgigs.amount_bits(desired_salary_max), true)
                         || array_remove(ARRAY['currency ' || desired_salary_currency], NULL)
                       ELSE '{least open,most open,currency open}'
                  END
               || CASE WHEN cardinality(desired_job_types) > 0
                       THEN hotgigs.name_marks('type', desired_job_types) ELSE '{type any}' END
               || hotgigs.name_marks('place', desired_locations)
               || hotgigs.sample_marks(id)
               || hotgigs.name_marks('skill', names));
END
$$;
COMMENT ON FUNCTION hotgigs.candidate_finds(uuid, text, text, text, text, text, text, integer, text, text[], text[], jsonb, integer,
                                            integer, text, jsonb) IS
    'What a candidate is found by: words and marks; nothing of who did not opt in.';
REVOKE ALL ON FUNCTION hotgigs.candidate_finds(uuid, text, text, text, text, text, text, integer, text, text[], text[], jsonb, integer,
                                               integer, text, jsonb)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.candidate_finds(uuid, text, text, text, text, text, text, integer, text, text[], text[], jsonb,
                                                  integer, integer, text, jsonb)
    TO hotgigs_candidate, hotgigs_service;

-- What is in the index's pending list is read by each search: 32 pages at most.
CREATE INDEX candidate_profiles_finds_idx ON candidate_profiles
    USING gin (hotgigs.candidate_finds(id, headline, current_title, current_company, summary, availability, education_level,
                                       experience_years, remote_preference, desired_job_types, desired_locations, skills,
                                       desired_salary_min, desired_salary_max, desired_salary_currency, visibility_settings))
    WITH (gin_pending_list_limit = 256);
-- What samples are taken from, as that of open_jobs (472).
CREATE INDEX candidate_profiles_finds_sample_idx ON candidate_profiles
    USING gin (hotgigs.candidate_finds(id, headline, current_title, current_company, summary, availability, education_level,
                                       experience_years, remote_preference, desired_job_types, desired_locations, skills,
                                       desired_salary_min, desired_salary_max, desired_salary_currency, visibility_settings))
    WITH (gin_pending_list_limit = 64)
    WHERE uuid_hash(id) & 7 < 1;

-- Candidates who opted in, in the orders of candidate_search. INCLUDE: without the column itself beside the expression
-- there is no index-only scan.
CREATE INDEX candidate_profiles_public_newest_idx ON candidate_profiles
    ((coalesce(created_at, '-infinity')), id) INCLUDE (created_at)
    WHERE hotgigs.opted_in(visibility_settings);
CREATE INDEX candidate_profiles_public_years_idx ON candidate_profiles
    ((coalesce(experience_years, -1)), id) INCLUDE (experience_years)
    WHERE hotgigs.opted_in(visibility_settings);
CREATE INDEX candidate_profiles_newest_group_idx ON candidate_profiles ((coalesce(created_at, '-infinity')::date))
    WHERE hotgigs.opted_in(visibility_settings);
CREATE INDEX candidate_profiles_years_group_idx ON candidate_profiles (hotgigs.id_group(coalesce(experience_years, -1), id))
    WHERE hotgigs.opted_in(visibility_settings);
CREATE INDEX candidate_profiles_newest_group_sample_idx ON candidate_profiles ((coalesce(created_at, '-infinity')::date))
    WHERE hotgigs.opted_in(visibility_settings) AND abs(uuid_hash(id) % 8) < 1;
CREATE INDEX candidate_profiles_years_group_sample_idx ON candidate_profiles (hotgigs.id_group(coalesce(experience_years, -1), id))
    WHERE hotgigs.opted_in(visibility_settings) AND abs(uuid_hash(id) % 8) < 1;
-- No statistics: as those of open_jobs (472).
ALTER INDEX candidate_profiles_finds_idx ALTER COLUMN 1 SET STATISTICS 0;
ALTER INDEX candidate_profiles_finds_sample_idx ALTER COLUMN 1 SET STATISTICS 0;
ALTER INDEX candidate_profiles_public_newest_idx ALTER COLUMN 1 SET STATISTICS 0;
ALTER INDEX candidate_profiles_public_years_idx ALTER COLUMN 1 SET STATISTICS 0;
ALTER INDEX candidate_profiles_newest_group_idx ALTER COLUMN 1 SET STATISTICS 0;
ALTER INDEX candidate_profiles_years_group_idx ALTER COLUMN 1 SET STATISTICS 0;
ALTER INDEX candidate_profiles_newest_group_sample_idx ALTER COLUMN 1 SET STATISTICS 0;
ALTER INDEX candidate_profiles_years_group_sample_idx ALTER COLUMN 1 SET STATISTICS 0;

-- DEFINER: as job_search. The rule that it repeats: recruiters and freelancers find who opted in and
-- whose user is active. A salary that its owner does not show matches every range: a filter would
-- tell it by and by. An array of two dimensions, which a list of texts in C cannot be, is shown as one: a
-- candidate who stores one would else end the page of whoever finds him.
CREATE FUNCTION hotgigs.candidate_search(words text, skills_any text[], skills_all text[],
                                         years_from integer, years_to integer, available text[],
                                         education text[], locations text[], job_types text[],
                                         remote text, salary_from integer, salary_to integer,
                                         salary_currency text, not_applied_to uuid, sort text,
                                         after_place text, after_id uuid, at_most integer,
                                         with_total boolean)
RETURNS TABLE (id uuid, first_name text, last_name text, profile_image_url text, headline text,
               current_title text, current_company text, experience_years integer,
               education_level text, availability text, desired_salary_min integer,
               desired_salary_max integer, desired_salary_currency text, desired_job_types text[],
               desired_locations text[], remote_preference text, skills jsonb, created_at timestamp,
               relevance integer, place text, total bigint)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
ROWS 20
SET search_path = ''
AS $$
#variable_conflict use_column
DECLARE
    finds    CONSTANT text := 'hotgigs.candidate_finds(r.id, r.headline, r.current_title, r.current_company, r.summary, r.availability, '
        'r.education_level, r.experience_years, r.remote_preference, r.desired_job_types, r.desired_locations, r.skills, '
        'r.desired_salary_min, r.desired_salary_max, r.desired_salary_currency, r.visibility_settings)';
    opted_in CONSTANT text := 'hotgigs.opted_in(r.visibility_settings)';
    persona  CONSTANT text := current_setting('role');
    asked    CONSTANT tsquery := hotgigs.search_words(words);
    by_words CONSTANT text := coalesce(sort, CASE WHEN asked IS NULL THEN 'newest' ELSE 'relevance' END);
    filter   tsquery := hotgigs.skills_asked(skills_any, skills_all);
    looked_at text := 'true';
    applied  text := '';
    way      hotgigs.searched;
    passes   tsquery[];
    counted  bigint;
BEGIN
    IF NOT (persona = 'hotgigs_service'
            OR persona = 'hotgigs_freelancer' AND hotgigs.my_user_id() IS NOT NULL
            OR persona = 'hotgigs_company'
               AND EXISTS (SELECT FROM hotgigs.my_companies('recruiter'))) THEN
        RAISE EXCEPTION 'only recruiters search for candidates' USING ERRCODE = 'HG004';
    END IF;
    IF by_words NOT IN ('relevance', 'newest', 'experience') THEN
        RAISE EXCEPTION 'no such order' USING ERRCODE = 'HG005';
    END IF;
    IF salary_from > salary_to OR years_from > years_to THEN
        RAISE EXCEPTION 'no such range' USING ERRCODE = 'HG005';
    END IF;

    IF years_from IS NOT NULL OR years_to IS NOT NULL THEN
        looked_at := format('r.experience_years BETWEEN %s AND %s', coalesce(years_from, 0), coalesce(years_to, 100));
    END IF;
    IF years_from IS NOT NULL THEN
        filter := hotgigs.both(filter, hotgigs.beyond('years from', hotgigs.year_bits(years_from), true));
    END IF;
    IF years_to IS NOT NULL THEN
        filter := hotgigs.both(filter, hotgigs.beyond('years to', hotgigs.year_bits(years_to), false));
    END IF;
    IF available IS NOT NULL THEN
        filter := hotgigs.both(filter, hotgigs.one_of('available', available));
    END IF;
    IF education IS NOT NULL THEN
        filter := hotgigs.both(filter, hotgigs.one_of('education', hotgigs.folded(education)));
    END IF;
    IF cardinality(hotgigs.folded(locations)) > 0 THEN
        filter := hotgigs.both(filter, hotgigs.one_of('place', hotgigs.folded(locations)));
    END IF;
    IF job_types IS NOT NULL THEN
        filter := hotgigs.both(filter, hotgigs.one_of('type', hotgigs.folded(job_types) || 'any'::text));
    END IF;
    IF remote IS NOT NULL THEN
        filter := hotgigs.both(filter, hotgigs.one_of('remote', ARRAY[remote, 'any']));
    END IF;
    IF salary_from IS NOT NULL OR salary_to IS NOT NULL THEN
        looked_at := looked_at || format(
            ' AND (r.visibility_settings @> ''{"salary_visible": true}'' IS NOT TRUE'
            ' OR r.desired_salary_min IS NULL AND r.desired_salary_max IS NULL'
            ' OR (r.desired_salary_min IS NULL OR %1$L::integer IS NULL OR r.desired_salary_min <= %1$L::integer)'
            ' AND (r.desired_salary_max IS NULL OR %2$L::integer IS NULL OR r.desired_salary_max >= %2$L::integer)'
            ' AND (%3$L::text IS NULL OR r.desired_salary_currency = upper(%3$L)))',
            salary_to, salary_from, salary_currency);
        IF salary_from IS NOT NULL THEN
            filter := hotgigs.both(filter, hotgigs.beyond('most', hotgigs.amount_bits(salary_from), true) || '''most open''');
        END IF;
        IF salary_to IS NOT NULL THEN
            filter := hotgigs.both(filter, hotgigs.beyond('least', hotgigs.amount_bits(salary_to), false) || '''least open''');
        END IF;
        IF salary_currency IS NOT NULL THEN
            filter := hotgigs.both(filter, hotgigs.one_of('currency', ARRAY[upper(salary_currency), 'open']));
        END IF;
    END IF;
    IF not_applied_to IS NOT NULL THEN
        IF persona <> 'hotgigs_service'
           AND NOT EXISTS (SELECT FROM public.jobs j
                           WHERE  j.id = not_applied_to
                           AND    j.company_id = ANY (ARRAY(SELECT hotgigs.my_companies()))) THEN
            RAISE EXCEPTION 'no such job' USING ERRCODE = 'HG001';
        END IF;
        applied := format(' AND NOT EXISTS (SELECT FROM public.applications a WHERE a.candidate_id = %%s AND a.job_id = %L::uuid)',
                          not_applied_to);
    END IF;
    passes := hotgigs.passes_of(asked, filter, by_words = 'relevance');
    way := ROW('public.candidate_profiles', 'id', finds, looked_at, 'ARRAY[r.user_id::text]',
               '(SELECT ARRAY[u.first_name, u.last_name, u.profile_image_url]::text[] FROM public.users u'
               ' WHERE u.id = q.carried[1]::uuid AND u.is_active)', 'q.owner IS NOT NULL' || format(applied, 'q.id'),
               CASE by_words WHEN 'experience' THEN 'coalesce(r.experience_years, -1)' ELSE 'coalesce(r.created_at, ''-infinity'')' END,
               CASE by_words WHEN 'experience' THEN 'integer' ELSE 'timestamp' END,
               CASE by_words WHEN 'experience' THEN NULL ELSE '(%s)::date' END,
               CASE by_words WHEN 'experience' THEN NULL ELSE '(%s)::date' END,
               CASE by_words WHEN 'experience' THEN NULL ELSE '(%s)::date + 1' END, opted_in, true);

    IF with_total THEN
        counted := hotgigs.total_of('public.candidate_profiles', finds, hotgigs.whole(hotgigs.both(filter, asked)),
                                    looked_at || ' AND EXISTS (SELECT FROM public.users u WHERE u.id = r.user_id AND u.is_active)'
                                    || format(applied, 'r.id'));
    END IF;

    RETURN QUERY
    SELECT c.id, p.owner[1], p.owner[2], p.owner[3], c.headline::text,
           c.current_title::text, c.current_company::text, c.experience_years,
           c.education_level::text, c.availability::text,
           CASE WHEN s.shown THEN c.desired_salary_min END,
           CASE WHEN s.shown THEN c.desired_salary_max END,
           CASE WHEN s.shown THEN c.desired_salary_currency::text END,
           CASE WHEN array_ndims(c.desired_job_types) > 1 THEN ARRAY(SELECT unnest(c.desired_job_types))
                ELSE c.desired_job_types END,
           CASE WHEN array_ndims(c.desired_locations) > 1 THEN ARRAY(SELECT unnest(c.desired_locations))
                ELSE c.desired_locations END,
           c.remote_preference::text, c.skills,
           c.created_at, cardinality(passes) - p.pass + 1, p.pass || ':' || p.sort_key, counted
    FROM   hotgigs.page_of(way, hotgigs.whole(hotgigs.both(filter, asked)), passes, after_place, after_id,
                           hotgigs.page_size(at_most))
               WITH ORDINALITY AS p(pass, sort_key, id, row_at, carried, owner, nth)
    JOIN   public.candidate_profiles c ON c.ctid = p.row_at
    CROSS  JOIN LATERAL (SELECT c.visibility_settings @> '{"salary_visible": true}' AS shown) s
    ORDER  BY p.nth;
END
$$;
COMMENT ON FUNCTION hotgigs.candidate_search(text, text[], text[], integer, integer, text[], text[],
                                             text[], text[], text, integer, integer, text, uuid,
                                             text, text, uuid, integer, boolean) IS
    'A page of the candidates who opted in and match, for recruiters.';
REVOKE ALL ON FUNCTION hotgigs.candidate_search(text, text[], text[], integer, integer, text[],
                                                text[], text[], text[], text, integer, integer, text,
                                                uuid, text, text, uuid, integer, boolean)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.candidate_search(text, text[], text[], integer, integer, text[],
                                                   text[], text[], text[], text, integer, integer,
                                                   text, uuid, text, text, uuid, integer, boolean)
    TO hotgigs_company, hotgigs_freelancer, hotgigs_service;

COMMIT;
