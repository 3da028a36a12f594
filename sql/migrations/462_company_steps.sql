-- The steps of companies: founding and deleting one, and who belongs to it.
--
-- Needs:  companies (104), company_members (105) with its trigger for the last admin, jobs (106),
--         applications (204), interviews (206), referrals (402), tasks (405), the helpers (004),
--         reach_company() (460).
-- Each function is one call of the library (sql/operations). Steps that may take an admin away lock
-- the company's admins in the order of their ids first, and ask for the caller's rank again behind
-- the lock: of two admins who demote each other the slower one is none any more.

BEGIN;
SET LOCAL ROLE hotgigs_owner;

-- --- The search over companies ------------------------------------------------------------------

-- Who writes a company's row runs the function of its index. It looks at its arguments alone. Each letter of the
-- name begins a mark of three, the last two shorter ones.
CREATE FUNCTION hotgigs.company_finds(name text, industry text, company_size text, is_verified boolean)
RETURNS tsvector
LANGUAGE plpgsql
IMMUTABLE
PARALLEL SAFE
COST 5000
SET search_path = ''
AS $$
DECLARE
    letters CONSTANT text := lower(name);
    marks   text[];
BEGIN
    FOR i IN 1 .. length(letters) LOOP
        marks[i] := 'in ' || substr(letters, i, 3);
    END LOOP;
    RETURN array_to_tsvector(marks || array_remove(ARRAY['industry ' || industry, 'size ' || company_size,
                                                         'verified ' || coalesce(is_verified, false)], NULL));
END
$$;
COMMENT ON FUNCTION hotgigs.company_finds(text, text, text, boolean) IS
    'What a company is found by: industry, size, whether verified, and any three letters of its name.';
REVOKE ALL ON FUNCTION hotgigs.company_finds(text, text, text, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.company_finds(text, text, text, boolean)
    TO hotgigs_company, hotgigs_service;

-- Of a long word six places are enough; one of two letters begins a mark.
CREATE FUNCTION hotgigs.company_asked(words text, industry text, company_size text, is_verified boolean)
RETURNS tsquery
LANGUAGE sql
IMMUTABLE
SET search_path = ''
AS $$
    SELECT string_agg('''' || replace(replace(m.mark, '\', '\\'), '''', '''''') || '''' || m.as_prefix, ' & ')::tsquery
    FROM   (SELECT 'industry ' || industry, ''
            UNION  ALL SELECT 'size ' || company_size, ''
            UNION  ALL SELECT 'verified ' || is_verified, ''
            UNION  ALL SELECT 'in ' || substr(lower(words), 1 + n * greatest(length(lower(words)) - 3, 0) / 5, 3),
                              CASE WHEN length(lower(words)) < 3 THEN ':*' ELSE '' END
            FROM   generate_series(0, 5) AS u(n) WHERE words <> '') AS m(mark, as_prefix)
    WHERE  m.mark IS NOT NULL
$$;
COMMENT ON FUNCTION hotgigs.company_asked(text, text, text, boolean) IS
    'The marks that a company has to have; NULL: none; for company_search alone.';
REVOKE ALL ON FUNCTION hotgigs.company_asked(text, text, text, boolean) FROM PUBLIC;

-- Companies by any mixture of these. What is in the index's pending list is read by each search: 32 pages at most.
CREATE INDEX companies_finds_idx ON public.companies
    USING gin (hotgigs.company_finds(name, industry, company_size, is_verified))
    WITH (gin_pending_list_limit = 256);

-- Companies by name, and without a look at the table what the search asks of them.
CREATE INDEX companies_name_id_idx ON public.companies (name, id) INCLUDE (industry, company_size, is_verified);

-- How many open public jobs a company has, without a look at them.
CREATE INDEX jobs_open_company_id_idx ON public.jobs (company_id, application_deadline)
    WHERE is_public AND employment_status = 'open';

-- --- What several steps share -------------------------------------------------------------------

-- What a member may do in the application, as far as permissions says nothing else. It decides no
-- row: row-level security goes by the rank alone.
CREATE FUNCTION hotgigs.role_permissions()
RETURNS TABLE (role text, permission text)
LANGUAGE sql
IMMUTABLE
ROWS 13
PARALLEL SAFE
AS $$
    VALUES ('admin',           'manage_jobs'),
           ('admin',           'manage_candidates'),
           ('admin',           'manage_team'),
           ('admin',           'view_analytics'),
           ('admin',           'export_data'),
           ('admin',           'manage_settings'),
           ('recruiter',       'manage_jobs'),
           ('recruiter',       'manage_candidates'),
           ('recruiter',       'view_analytics'),
           ('recruiter',       'export_data'),
           ('account_manager', 'manage_candidates'),
           ('account_manager', 'view_analytics'),
           ('viewer',          'view_analytics')
$$;
COMMENT ON FUNCTION hotgigs.role_permissions() IS
    'What each rank may do in the application by itself.';
REVOKE ALL ON FUNCTION hotgigs.role_permissions() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.role_permissions()
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer, hotgigs_service;

-- permissions is {} (what the rank may), {all: true}, {key: true or false}, or a list of keys, which
-- stands for the rank's own.
CREATE FUNCTION hotgigs.known_permissions(value jsonb)
RETURNS jsonb
LANGUAGE plpgsql
IMMUTABLE
PARALLEL SAFE
SET search_path = ''
AS $$
DECLARE
    known CONSTANT text[] := ARRAY(SELECT p.permission FROM hotgigs.role_permissions() p)
                             || 'all'::text;
    ok    boolean := true;
BEGIN
    IF jsonb_typeof(value) = 'object' THEN
        ok := NOT EXISTS (SELECT FROM jsonb_each(value) e
                          WHERE  e.key <> ALL (known) OR jsonb_typeof(e.value) <> 'boolean');
    ELSIF jsonb_typeof(value) = 'array' THEN
        ok := NOT EXISTS (SELECT FROM jsonb_array_elements(value) e
                          WHERE  jsonb_typeof(e) <> 'string' OR e #>> '{}' <> ALL (known));
    ELSIF value IS NOT NULL THEN
        ok := false;
    END IF;
    IF NOT ok THEN
        RAISE EXCEPTION 'permissions are an object of true and false, or a list, of known names'
            USING ERRCODE = 'HG005';
    END IF;
    RETURN value;
END
$$;
COMMENT ON FUNCTION hotgigs.known_permissions(jsonb) IS
    'The same permissions, which have to be of a known form and name (HG005).';
REVOKE ALL ON FUNCTION hotgigs.known_permissions(jsonb) FROM PUBLIC;

-- Invoker's rights: called by the steps below, which are the owner's.
CREATE FUNCTION hotgigs.lock_admins(company uuid)
RETURNS void
LANGUAGE plpgsql
VOLATILE
SET search_path = ''
AS $$
BEGIN
    PERFORM FROM   public.company_members m
            WHERE  m.company_id = company AND m.role = 'admin' AND m.is_active
            ORDER  BY m.id
            FOR    UPDATE;
END
$$;
COMMENT ON FUNCTION hotgigs.lock_admins(uuid) IS
    'Locks the rows of a company''s admins, in one order for all.';
REVOKE ALL ON FUNCTION hotgigs.lock_admins(uuid) FROM PUBLIC;

-- "Müller & Söhne" gives muller-sohne; a name in another script gives ''.
CREATE FUNCTION hotgigs.slug_of(name text)
RETURNS text
LANGUAGE plpgsql
IMMUTABLE
PARALLEL SAFE
SET search_path = ''
AS $$
DECLARE
    folded text := name;
BEGIN
    IF pg_catalog.getdatabaseencoding() = 'UTF8' THEN
        folded := regexp_replace(normalize(name, NFKD), '[\u0300-\u036f]', '', 'g');
    END IF;
    folded := regexp_replace(lower(folded), '[^a-z0-9]+', '-', 'g');
    RETURN btrim(left(btrim(folded, '-'), 60), '-');
END
$$;
COMMENT ON FUNCTION hotgigs.slug_of(text) IS
    'A name as it stands in URLs: a-z, 0-9 and dashes, at most 60; may be empty.';
REVOKE ALL ON FUNCTION hotgigs.slug_of(text) FROM PUBLIC;

-- --- The company -----------------------------------------------------------------------------------

-- The slug that was asked for or that follows from the name, if it is free; else with -2 to -4 behind
-- it, then with chance. Callers with one name wait for each other at the unique key, and each gets a
-- slug of his own. Nobody is told that one is taken.
--
-- DEFINER: no persona inserts companies or its own membership.
CREATE FUNCTION hotgigs.company_create(name text, slug text, description text, industry text,
                                       company_size text, website_url text, logo_url text,
                                       headquarters_location text, founded_year integer,
                                       company_type text, creator uuid)
RETURNS SETOF public.companies
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
#variable_conflict use_variable
DECLARE
    founder uuid := hotgigs.my_user_id();
    base    text := hotgigs.slug_of(coalesce(nullif(slug, ''), name));
    wanted  text;
    added   public.companies;
BEGIN
    IF current_setting('role') = 'hotgigs_service' THEN
        founder := creator;
    ELSIF creator <> founder THEN
        RAISE EXCEPTION 'a company is made in one''s own name' USING ERRCODE = 'HG004';
    END IF;
    IF founder IS NULL OR NOT EXISTS (SELECT FROM public.users u
                                      WHERE  u.id = founder AND u.is_active) THEN
        RAISE EXCEPTION 'no such user' USING ERRCODE = 'HG001';
    END IF;
    IF coalesce(btrim(name), '') = '' THEN
        RAISE EXCEPTION 'a company needs a name' USING ERRCODE = 'HG005';
    END IF;
    FOR attempt IN 1 .. 20 LOOP
        wanted := CASE
                      WHEN base <> '' AND attempt = 1  THEN base
                      WHEN base <> '' AND attempt <= 4 THEN base || '-' || attempt
                      ELSE coalesce(nullif(base, ''), 'company') || '-'
                           || left(replace(gen_random_uuid()::text, '-', ''), 8)
                  END;
        INSERT INTO public.companies AS c (name, slug, description, industry, company_size,
                                           website_url, logo_url, headquarters_location,
                                           founded_year, company_type)
        VALUES (btrim(name), wanted, description, industry, company_size, website_url, logo_url,
                headquarters_location, founded_year, company_type)
        ON CONFLICT ON CONSTRAINT companies_slug_key DO NOTHING
        RETURNING c.* INTO added;
        EXIT WHEN added.id IS NOT NULL;
    END LOOP;
    IF added.id IS NULL THEN
        RAISE EXCEPTION 'no free slug was found' USING ERRCODE = 'HG002';
    END IF;
    INSERT INTO public.company_members (company_id, user_id, role, joined_at)
    VALUES (added.id, founder, 'admin', now() AT TIME ZONE 'UTC');
    RETURN NEXT added;
END
$$;
COMMENT ON FUNCTION hotgigs.company_create(text, text, text, text, text, text, text, text, integer,
                                           text, uuid) IS
    'Founds a company with a slug of its own; the founder is its admin.';
REVOKE ALL ON FUNCTION hotgigs.company_create(text, text, text, text, text, text, text, text, integer,
                                              text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.company_create(text, text, text, text, text, text, text, text,
                                                 integer, text, uuid)
    TO hotgigs_candidate, hotgigs_company, hotgigs_service;

-- The card, and for members the rest: which columns are open depends on the rank in the row.
--
-- DEFINER: the table shows other companies to nobody, and settings to no persona.
CREATE FUNCTION hotgigs.company_view(company uuid, company_slug text)
RETURNS TABLE (id uuid, name text, slug text, description text, industry text, company_size text,
               website_url text, logo_url text, headquarters_location text, founded_year integer,
               company_type text, is_verified boolean, created_at timestamp, open_jobs bigint,
               my_role text, subscription_plan text, subscription_expires_at timestamp,
               settings jsonb, updated_at timestamp)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
#variable_conflict use_column
DECLARE
    is_service CONSTANT boolean := current_setting('role') = 'hotgigs_service';
    wanted uuid := company;
    rank   text;
BEGIN
    IF (company IS NULL) = (company_slug IS NULL) THEN
        RAISE EXCEPTION 'a company is looked up by its id or by its slug' USING ERRCODE = 'HG005';
    END IF;
    IF wanted IS NULL THEN
        SELECT c.id INTO wanted FROM public.companies c WHERE c.slug = company_slug;
    END IF;
    IF wanted = ANY (ARRAY(SELECT hotgigs.my_companies())) THEN
        SELECT m.role INTO rank
        FROM   public.company_members m
        WHERE  m.company_id = wanted AND m.user_id = hotgigs.my_user_id();
    END IF;
    RETURN QUERY
    SELECT c.id, c.name::text, c.slug::text, c.description, c.industry::text, c.company_size::text,
           c.website_url::text, c.logo_url, c.headquarters_location::text, c.founded_year,
           c.company_type::text, c.is_verified, c.created_at,
           (SELECT count(*) FROM public.jobs j
            WHERE  j.company_id = c.id AND j.is_public AND j.employment_status = 'open'
            AND    (j.application_deadline IS NULL
                    OR j.application_deadline > now() AT TIME ZONE 'UTC')),
           rank,
           CASE WHEN is_service OR rank IS NOT NULL THEN c.subscription_plan::text END,
           CASE WHEN is_service OR rank IS NOT NULL THEN c.subscription_expires_at END,
           CASE WHEN is_service OR rank = 'admin' THEN c.settings END,
           CASE WHEN is_service OR rank IS NOT NULL THEN c.updated_at END
    FROM   public.companies c
    WHERE  c.id = wanted;
END
$$;
COMMENT ON FUNCTION hotgigs.company_view(uuid, text) IS
    'A company''s card; to its members with plan, to its admins with settings.';
REVOKE ALL ON FUNCTION hotgigs.company_view(uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.company_view(uuid, text)
    TO hotgigs_anon, hotgigs_candidate, hotgigs_company, hotgigs_freelancer, hotgigs_service;

-- DEFINER: to merge means to read, and no persona reads companies.settings.
CREATE FUNCTION hotgigs.company_settings_merge(company uuid, patch jsonb)
RETURNS TABLE (id uuid, settings jsonb, updated_at timestamp)
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
#variable_conflict use_column
BEGIN
    PERFORM hotgigs.reach_company(company, 'admin');
    IF jsonb_typeof(patch) IS DISTINCT FROM 'object' THEN
        RAISE EXCEPTION 'this is no JSON object' USING ERRCODE = 'HG005';
    END IF;
    RETURN QUERY
    UPDATE public.companies c
    SET    settings = coalesce(c.settings, '{}') || patch
    WHERE  c.id = company
    RETURNING c.id, c.settings, c.updated_at;
END
$$;
COMMENT ON FUNCTION hotgigs.company_settings_merge(uuid, jsonb) IS
    'Merges an object into a company''s settings, and gives them back.';
REVOKE ALL ON FUNCTION hotgigs.company_settings_merge(uuid, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.company_settings_merge(uuid, jsonb)
    TO hotgigs_company, hotgigs_service;

-- Every company's card is everybody's, so the access rule is none.
--
-- The order is read until the page is full, or 5,000 companies: then few are found, and by their marks. If
-- those are not few after all, it is read on: at worst as a whole, nine pages for a thousand companies, and one more for each whose
-- row stands where some changed since the last vacuum.
--
-- So of a table of 500 pages at most no more of the order is read than shows that most are asked for; or else the marks lead to all.
--
-- DEFINER: under the view, which is a security barrier, neither the order nor a part of the name
-- could use an index.
CREATE FUNCTION hotgigs.company_search(words text, given_industry text, given_size text,
                                       given_is_verified boolean, after_name text, after_id uuid,
                                       at_most integer, with_total boolean)
RETURNS TABLE (id uuid, name text, slug text, industry text, company_size text, logo_url text,
               headquarters_location text, company_type text, is_verified boolean,
               created_at timestamp, open_jobs bigint, total bigint)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
SET search_path = ''
SET plan_cache_mode = force_custom_plan
SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE
    small   CONSTANT boolean := (SELECT t.relpages <= 500 FROM pg_catalog.pg_class t WHERE t.oid = 'public.companies'::regclass);
    few     CONSTANT bigint := CASE WHEN small THEN 1000000 ELSE 200 END;
    asked   CONSTANT tsquery := hotgigs.company_asked(words, given_industry, given_size, given_is_verified);
    pattern CONSTANT text := '%' || replace(replace(replace(words, '\', '\\'), '%', '\%'), '_', '\_') || '%';
    size    CONSTANT integer := least(coalesce(at_most, 50), 1000);
    today   CONSTANT timestamp := now() AT TIME ZONE 'UTC';
    names   text[];
    ids     uuid[];
    counted bigint;
BEGIN
    FOR round IN 1 .. 3 LOOP
        IF round = 2 THEN
            SELECT array_agg(f.name), array_agg(f.id)
            INTO   names, ids
            FROM   (SELECT c.name, c.id
                    FROM   public.companies c
                    WHERE  hotgigs.company_finds(c.name, c.industry, c.company_size, c.is_verified) @@ asked
                    AND    (pattern IS NULL OR c.name ILIKE pattern)
                    LIMIT  few + 1) f;
            counted := coalesce(cardinality(ids), 0);
            EXIT WHEN counted <= few;
        ELSE
            SELECT array_agg(f.name), array_agg(f.id)
            INTO   names, ids
            FROM   (SELECT w.name, w.id
                    FROM   (SELECT c.name, c.id, c.industry, c.company_size, c.is_verified
                            FROM   public.companies c
                            WHERE  after_id IS NULL OR (c.name, c.id) > (coalesce(after_name, ''), after_id)
                            ORDER  BY c.name, c.id
                            LIMIT  CASE WHEN round > 1 THEN NULL WHEN small THEN 2::bigint * size ELSE 5000 END) w
                    WHERE  (pattern IS NULL OR w.name ILIKE pattern)
                    AND    (given_industry IS NULL OR w.industry = given_industry)
                    AND    (given_size IS NULL OR w.company_size = given_size)
                    AND    (given_is_verified IS NULL OR coalesce(w.is_verified, false) = given_is_verified)
                    ORDER  BY w.name, w.id
                    LIMIT  size) f;
            EXIT WHEN asked IS NULL OR cardinality(ids) = size;
        END IF;
    END LOOP;
    IF NOT coalesce(with_total, false) THEN
        counted := NULL;
    ELSIF counted IS NULL OR counted > few THEN
        SELECT count(*)
        INTO   counted
        FROM   public.companies c
        WHERE  (pattern IS NULL OR c.name ILIKE pattern)
        AND    (given_industry IS NULL OR c.industry = given_industry)
        AND    (given_size IS NULL OR c.company_size = given_size)
        AND    (given_is_verified IS NULL OR coalesce(c.is_verified, false) = given_is_verified);
    END IF;

    RETURN QUERY
    WITH page AS MATERIALIZED (
        SELECT u.name, u.id
        FROM   unnest(names, ids) AS u(name, id)
        WHERE  after_id IS NULL OR (u.name, u.id) > (coalesce(after_name, ''), after_id)
        ORDER  BY u.name, u.id
        LIMIT  size
    )
    SELECT c.id, c.name::text, c.slug::text, c.industry::text, c.company_size::text, c.logo_url,
           c.headquarters_location::text, c.company_type::text, c.is_verified, c.created_at,
           (SELECT count(*) FROM public.jobs j          -- of the page's rows alone
            WHERE  j.company_id = c.id AND j.is_public AND j.employment_status = 'open'
            AND    (j.application_deadline IS NULL OR j.application_deadline > today)),
           counted
    FROM   page p
    JOIN   public.companies c ON c.id = p.id
    ORDER  BY p.name, p.id;
END
$$;
COMMENT ON FUNCTION hotgigs.company_search(text, text, text, boolean, text, uuid, integer, boolean) IS
    'A page of company cards by name, with the number of open jobs.';
REVOKE ALL ON FUNCTION hotgigs.company_search(text, text, text, boolean, text, uuid, integer, boolean)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    hotgigs.company_search(text, text, text, boolean, text, uuid, integer, boolean)
    TO hotgigs_anon, hotgigs_candidate, hotgigs_company, hotgigs_freelancer, hotgigs_service;

-- What goes with a company, for its admin to read before he says yes.
--
-- DEFINER: an admin may not see commissions, but their number.
CREATE FUNCTION hotgigs.company_remove_preview(company uuid)
RETURNS TABLE (members bigint, jobs bigint, applications bigint, interviews bigint,
               referrals bigint, tasks bigint)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
#variable_conflict use_column
BEGIN
    PERFORM hotgigs.reach_company(company, 'admin');
    RETURN QUERY
    SELECT (SELECT count(*) FROM public.company_members m WHERE m.company_id = company),
           (SELECT count(*) FROM public.jobs j WHERE j.company_id = company),
           (SELECT count(*) FROM public.applications a
            JOIN   public.jobs j ON j.id = a.job_id WHERE j.company_id = company),
           (SELECT count(*) FROM public.interviews i
            JOIN   public.applications a ON a.id = i.application_id
            JOIN   public.jobs j ON j.id = a.job_id WHERE j.company_id = company),
           (SELECT count(*) FROM public.referrals r
            JOIN   public.jobs j ON j.id = r.job_id WHERE j.company_id = company),
           (SELECT count(*) FROM public.tasks t WHERE t.company_id = company);
END
$$;
COMMENT ON FUNCTION hotgigs.company_remove_preview(uuid) IS
    'How many rows of each kind go with a company.';
REVOKE ALL ON FUNCTION hotgigs.company_remove_preview(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.company_remove_preview(uuid)
    TO hotgigs_company, hotgigs_service;

-- The company's row is locked first: jobs that are inserted meanwhile wait for their foreign key, so
-- that what is counted is what goes. Tasks that point to its applications have no ON DELETE, whoever
-- they belong to: its own are deleted first, others' lose the pointer.
--
-- DEFINER: no persona deletes a company, and other companies' tasks are not the caller's.
CREATE FUNCTION hotgigs.company_remove(company uuid, confirm_jobs bigint, confirm_applications bigint)
RETURNS TABLE (members bigint, jobs bigint, applications bigint, interviews bigint,
               referrals bigint, tasks bigint)
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
#variable_conflict use_column
DECLARE
    gone record;
BEGIN
    PERFORM hotgigs.reach_company(company, 'admin');
    PERFORM FROM public.companies c WHERE c.id = company FOR UPDATE;
    PERFORM hotgigs.reach_company(company, 'admin');
    PERFORM FROM public.jobs j WHERE j.company_id = company ORDER BY j.id FOR UPDATE;
    SELECT p.* INTO gone FROM hotgigs.company_remove_preview(company) p;
    IF gone.jobs IS DISTINCT FROM confirm_jobs
       OR gone.applications IS DISTINCT FROM confirm_applications THEN
        RAISE EXCEPTION 'the company has other jobs or applications than were confirmed'
            USING ERRCODE = 'HG002';
    END IF;
    DELETE FROM public.tasks t WHERE t.company_id = company;
    UPDATE public.tasks t
    SET    related_application_id = NULL
    FROM   public.applications a
    JOIN   public.jobs j ON j.id = a.job_id
    WHERE  t.related_application_id = a.id AND j.company_id = company;
    DELETE FROM public.companies c WHERE c.id = company;
    RETURN QUERY SELECT gone.members, gone.jobs, gone.applications, gone.interviews, gone.referrals,
                        gone.tasks;
END
$$;
COMMENT ON FUNCTION hotgigs.company_remove(uuid, bigint, bigint) IS
    'Deletes a company with all that is its, if the caller knows how much that is (HG002).';
REVOKE ALL ON FUNCTION hotgigs.company_remove(uuid, bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.company_remove(uuid, bigint, bigint)
    TO hotgigs_company, hotgigs_service;

-- --- Its members -------------------------------------------------------------------------------------

-- Whoever was there before comes back by accepting, like anybody. N invitations at once meet at the
-- unique key and make one. An admin invites those whom he sees: otherwise he could ask of any id
-- whether a user has it. For the others the service invites, in his name.
--
-- DEFINER: to invite again clears joined_at and writes invited_by, which no persona may.
CREATE FUNCTION hotgigs.member_invite(company uuid, person uuid, rank text, rights jsonb,
                                      inviter uuid)
RETURNS SETOF public.company_members
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
DECLARE
    host uuid := hotgigs.my_user_id();
BEGIN
    PERFORM hotgigs.reach_company(company, 'admin');
    IF current_setting('role') = 'hotgigs_service' THEN
        host := inviter;
        IF inviter IS NOT NULL
           AND NOT EXISTS (SELECT FROM public.company_members m
                           JOIN   public.users u ON u.id = m.user_id
                           WHERE  m.company_id = company AND m.user_id = inviter
                           AND    m.role = 'admin' AND m.is_active AND m.joined_at IS NOT NULL
                           AND    u.is_active) THEN
            RAISE EXCEPTION 'only an admin of the company invites' USING ERRCODE = 'HG004';
        END IF;
    ELSIF inviter <> host THEN
        RAISE EXCEPTION 'one invites in one''s own name' USING ERRCODE = 'HG004';
    END IF;
    IF hotgigs.member_rank(rank) IS NULL THEN
        RAISE EXCEPTION 'a member needs a role' USING ERRCODE = 'HG005';
    END IF;
    IF NOT EXISTS (SELECT FROM public.users u
                   WHERE  u.id = person
                   AND    (current_setting('role') = 'hotgigs_service'
                           OR u.id IN (SELECT m.user_id FROM public.company_members m
                                       WHERE  m.company_id = company)
                           OR u.id IN (SELECT hotgigs.my_coworkers())
                           OR u.id IN (SELECT hotgigs.company_applicant_users()))) THEN
        RAISE EXCEPTION 'no such user' USING ERRCODE = 'HG001';
    END IF;
    RETURN QUERY
    INSERT INTO public.company_members AS m (company_id, user_id, role, permissions, invited_by,
                                             invited_at)
    VALUES (company, person, rank, coalesce(hotgigs.known_permissions(rights), '{}'), host,
            clock_timestamp() AT TIME ZONE 'UTC')
    ON CONFLICT ON CONSTRAINT company_members_company_id_user_id_key DO UPDATE
    SET    role        = excluded.role,
           permissions = excluded.permissions,
           invited_by  = excluded.invited_by,
           invited_at  = excluded.invited_at,
           joined_at   = NULL,
           is_active   = true
    WHERE  m.joined_at IS NULL OR m.is_active IS NOT TRUE
    RETURNING m.*;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'this user is a member already' USING ERRCODE = 'HG002';
    END IF;
END
$$;
COMMENT ON FUNCTION hotgigs.member_invite(uuid, uuid, text, jsonb, uuid) IS
    'Invites a user into a company, or again one who left; pending until he accepts.';
REVOKE ALL ON FUNCTION hotgigs.member_invite(uuid, uuid, text, jsonb, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.member_invite(uuid, uuid, text, jsonb, uuid)
    TO hotgigs_company, hotgigs_service;

-- Once: whoever comes second finds joined_at set, or the membership gone.
--
-- DEFINER: no persona writes joined_at, nor a membership of his own.
CREATE FUNCTION hotgigs.member_answer(company uuid, person uuid, accepts boolean)
RETURNS SETOF public.company_members
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
DECLARE
    me CONSTANT uuid := CASE WHEN current_setting('role') = 'hotgigs_service' THEN person
                             ELSE hotgigs.my_user_id()
                        END;
BEGIN
    IF me IS NULL OR me <> person THEN
        RAISE EXCEPTION 'one answers for oneself' USING ERRCODE = 'HG004';
    END IF;
    RETURN QUERY
    UPDATE public.company_members m
    SET    joined_at = CASE WHEN accepts THEN clock_timestamp() AT TIME ZONE 'UTC' END, is_active = accepts IS TRUE
    WHERE  m.company_id = company AND m.user_id = me AND m.is_active AND m.joined_at IS NULL
    RETURNING m.*;
    IF NOT FOUND THEN
        IF EXISTS (SELECT FROM public.company_members m
                   WHERE  m.company_id = company AND m.user_id = me AND m.is_active) THEN
            RAISE EXCEPTION 'the invitation was accepted before' USING ERRCODE = 'HG012';
        END IF;
        RAISE EXCEPTION 'no such invitation' USING ERRCODE = 'HG001';
    END IF;
END
$$;
COMMENT ON FUNCTION hotgigs.member_answer(uuid, uuid, boolean) IS
    'Accepts an invitation, once, or declines it; the company may invite again.';
REVOKE ALL ON FUNCTION hotgigs.member_answer(uuid, uuid, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.member_answer(uuid, uuid, boolean)
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer, hotgigs_service;

-- An admin may give any rank, and his own is the highest; nobody changes his own.
--
-- DEFINER: to lock the admins, of whom the caller is one.
CREATE FUNCTION hotgigs.member_set_role(company uuid, person uuid, rank text, rights jsonb,
                                        set_rights boolean)
RETURNS SETOF public.company_members
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
BEGIN
    PERFORM hotgigs.reach_company(company, 'admin');
    PERFORM hotgigs.lock_admins(company);
    PERFORM hotgigs.reach_company(company, 'admin');
    IF person = hotgigs.my_user_id() THEN
        RAISE EXCEPTION 'nobody changes his own rank' USING ERRCODE = 'HG004';
    END IF;
    IF rank IS NULL AND NOT set_rights THEN
        RAISE EXCEPTION 'neither a role nor permissions are given' USING ERRCODE = 'HG005';
    END IF;
    IF rank IS NOT NULL AND hotgigs.member_rank(rank) IS NULL THEN
        RAISE EXCEPTION 'no such role' USING ERRCODE = 'HG005';
    END IF;
    RETURN QUERY
    UPDATE public.company_members m
    SET    role        = coalesce(rank, m.role),
           permissions = CASE WHEN set_rights
                              THEN coalesce(hotgigs.known_permissions(rights), '{}')
                              ELSE m.permissions
                         END
    WHERE  m.company_id = company AND m.user_id = person AND m.is_active
    RETURNING m.*;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such member' USING ERRCODE = 'HG001';
    END IF;
END
$$;
COMMENT ON FUNCTION hotgigs.member_set_role(uuid, uuid, text, jsonb, boolean) IS
    'Changes the rank or permissions of another member; the last admin stays one (55000).';
REVOKE ALL ON FUNCTION hotgigs.member_set_role(uuid, uuid, text, jsonb, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.member_set_role(uuid, uuid, text, jsonb, boolean)
    TO hotgigs_company, hotgigs_service;

-- The row stays, without rights, so that what he did keeps its name; joined_at is cleared, so that
-- nobody is brought back without his consent.
--
-- DEFINER: no persona clears joined_at.
CREATE FUNCTION hotgigs.member_remove(company uuid, person uuid)
RETURNS SETOF public.company_members
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
BEGIN
    PERFORM hotgigs.reach_company(company, 'admin');
    PERFORM hotgigs.lock_admins(company);
    PERFORM hotgigs.reach_company(company, 'admin');
    IF person = hotgigs.my_user_id() THEN
        RAISE EXCEPTION 'nobody removes himself; leave instead' USING ERRCODE = 'HG004';
    END IF;
    RETURN QUERY
    UPDATE public.company_members m
    SET    is_active = false,
           joined_at = NULL
    WHERE  m.company_id = company AND m.user_id = person
    AND    (m.is_active OR m.joined_at IS NOT NULL)
    RETURNING m.*;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such member' USING ERRCODE = 'HG001';
    END IF;
END
$$;
COMMENT ON FUNCTION hotgigs.member_remove(uuid, uuid) IS
    'Takes another member, or an invitation, out of a company; never the last admin (55000).';
REVOKE ALL ON FUNCTION hotgigs.member_remove(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.member_remove(uuid, uuid) TO hotgigs_company, hotgigs_service;

-- DEFINER: no persona changes a membership of his own.
CREATE FUNCTION hotgigs.member_leave(company uuid)
RETURNS SETOF public.company_members
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
DECLARE
    me CONSTANT uuid := hotgigs.my_user_id();
BEGIN
    IF NOT EXISTS (SELECT FROM public.company_members m
                   WHERE  m.company_id = company AND m.user_id = me
                   AND    m.is_active AND m.joined_at IS NOT NULL) THEN
        RAISE EXCEPTION 'no such company' USING ERRCODE = 'HG001';
    END IF;
    PERFORM hotgigs.lock_admins(company);
    RETURN QUERY
    UPDATE public.company_members m
    SET    is_active = false,
           joined_at = NULL
    WHERE  m.company_id = company AND m.user_id = me AND m.is_active AND m.joined_at IS NOT NULL
    RETURNING m.*;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such company' USING ERRCODE = 'HG001';
    END IF;
END
$$;
COMMENT ON FUNCTION hotgigs.member_leave(uuid) IS
    'Ends the caller''s own membership; the last admin stays (55000).';
REVOKE ALL ON FUNCTION hotgigs.member_leave(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.member_leave(uuid)
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer;

-- Of an active member only, and only to himself, to his colleagues and to the service.
--
-- DEFINER: whether the member's user is active is not the caller's to read.
CREATE FUNCTION hotgigs.member_role(company uuid, person uuid DEFAULT NULL)
RETURNS TABLE (role text, rank integer, permissions jsonb)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT m.role::text, hotgigs.member_rank(m.role), m.permissions
    FROM   public.company_members m
    JOIN   public.users u ON u.id = m.user_id
    WHERE  m.company_id = company
    AND    m.user_id = coalesce(person, hotgigs.my_user_id())
    AND    m.is_active
    AND    m.joined_at IS NOT NULL
    AND    u.is_active
    AND    (current_setting('role') = 'hotgigs_service'
            OR m.user_id = hotgigs.my_user_id()
            OR current_setting('role') = 'hotgigs_company'
               AND company = ANY (ARRAY(SELECT hotgigs.my_companies())));
END
$$;
COMMENT ON FUNCTION hotgigs.member_role(uuid, uuid) IS
    'The rank of an active member; no row for anybody else.';
REVOKE ALL ON FUNCTION hotgigs.member_role(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.member_role(uuid, uuid)
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer, hotgigs_service;

-- What permissions says, and where it says nothing, what the rank may.
--
-- DEFINER: as member_role.
CREATE FUNCTION hotgigs.member_can(company uuid, permission text, person uuid DEFAULT NULL)
RETURNS TABLE (allowed boolean)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
#variable_conflict use_column
DECLARE
    member record;
BEGIN
    IF NOT EXISTS (SELECT FROM hotgigs.role_permissions() p
                   WHERE  p.permission = member_can.permission) THEN
        RAISE EXCEPTION 'no such permission' USING ERRCODE = 'HG005';
    END IF;
    SELECT r.role, coalesce(r.permissions, '{}') AS permissions INTO member
    FROM   hotgigs.member_role(company, person) r;
    IF NOT FOUND THEN
        RETURN QUERY SELECT false;
    ELSIF jsonb_typeof(member.permissions) = 'array' THEN
        RETURN QUERY SELECT member.permissions ?| ARRAY[member_can.permission, 'all'];
    ELSE
        RETURN QUERY
        SELECT coalesce(
                   CASE jsonb_typeof(member.permissions -> member_can.permission)
                       WHEN 'boolean' THEN (member.permissions -> member_can.permission)::boolean
                   END,
                   CASE WHEN member.permissions @> '{"all": true}' THEN true END,
                   EXISTS (SELECT FROM hotgigs.role_permissions() p
                           WHERE  p.role = member.role AND p.permission = member_can.permission));
    END IF;
END
$$;
COMMENT ON FUNCTION hotgigs.member_can(uuid, text, uuid) IS
    'Whether an active member may do this in the application: by his permissions, else by his rank.';
REVOKE ALL ON FUNCTION hotgigs.member_can(uuid, text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.member_can(uuid, text, uuid)
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer, hotgigs_service;

-- Ends a membership and hands over what he had in this company: open tasks, jobs, interviews to come.
--
-- DEFINER: posted_by is nobody's to change, and joined_at neither.
CREATE FUNCTION hotgigs.member_offboard(company uuid, person uuid, successor uuid)
RETURNS TABLE (tasks bigint, jobs bigint, interviews bigint)
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
#variable_conflict use_column
BEGIN
    PERFORM hotgigs.reach_company(company, 'admin');
    PERFORM hotgigs.lock_admins(company);
    PERFORM hotgigs.reach_company(company, 'admin');
    IF person = hotgigs.my_user_id() THEN
        RAISE EXCEPTION 'nobody removes himself; leave instead' USING ERRCODE = 'HG004';
    END IF;
    IF person = successor THEN
        RAISE EXCEPTION 'the successor is the one who leaves' USING ERRCODE = 'HG005';
    END IF;
    -- The successor stays while this lasts.
    PERFORM FROM   public.company_members m
            JOIN   public.users u ON u.id = m.user_id
            WHERE  m.company_id = company AND m.user_id = successor
            AND    m.is_active AND m.joined_at IS NOT NULL AND u.is_active
            FOR    SHARE OF m;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the successor is no active member' USING ERRCODE = 'HG001';
    END IF;
    -- Also of one who left before, and whose work is still in his name.
    UPDATE public.company_members m
    SET    is_active = false,
           joined_at = NULL
    WHERE  m.company_id = company AND m.user_id = person;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such member' USING ERRCODE = 'HG001';
    END IF;
    RETURN QUERY
    WITH posted AS (
        UPDATE public.jobs j
        SET    posted_by = successor
        WHERE  j.company_id = company AND j.posted_by = person
        RETURNING 1
    ), held AS (
        UPDATE public.interviews i
        SET    interviewer_id = successor
        FROM   public.applications a
        JOIN   public.jobs j ON j.id = a.job_id
        WHERE  i.application_id = a.id
        AND    j.company_id = company
        AND    i.interviewer_id = person
        AND    i.status = 'scheduled'
        AND    i.scheduled_at > now() AT TIME ZONE 'UTC'
        RETURNING 1
    ), assigned AS (
        UPDATE public.tasks t
        SET    assigned_to = successor
        WHERE  t.company_id = company
        AND    t.assigned_to = person
        AND    coalesce(t.status, 'pending') IN ('pending', 'in_progress')
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM assigned), (SELECT count(*) FROM posted),
           (SELECT count(*) FROM held);
END
$$;
COMMENT ON FUNCTION hotgigs.member_offboard(uuid, uuid, uuid) IS
    'Ends a membership and gives open tasks, jobs and interviews to come to another member.';
REVOKE ALL ON FUNCTION hotgigs.member_offboard(uuid, uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.member_offboard(uuid, uuid, uuid)
    TO hotgigs_company, hotgigs_service;

COMMIT;
