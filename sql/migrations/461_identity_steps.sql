-- The steps of identity: signing up, signing in by another provider, changing what one signs in with.
--
-- Needs:  users (101), user_profiles (102), oauth_accounts (103), company_members (105), candidates
--         (201 to 203), freelance_recruiters (401), the helpers (004).
-- Each function is one call of the library (sql/operations). That an address is taken is told to the
-- service only. Addresses are stored folded (trimmed, lower case), so that the unique key of users
-- holds whatever the case; a mixed-case row from before counts as taken, too.

BEGIN;
SET LOCAL ROLE hotgigs_owner;

-- What the list of users for the service is sorted by, newest first. Rows without a time come last,
-- and no page loses them.
CREATE INDEX users_newest_idx
    ON public.users ((coalesce(created_at, '-infinity')) DESC, id DESC);

-- Users by part of a name or address, where trigrams are to be had.
DO $$
DECLARE
    place CONSTANT text := (SELECT n.nspname FROM pg_catalog.pg_extension e
                            JOIN   pg_catalog.pg_namespace n ON n.oid = e.extnamespace
                            WHERE  e.extname = 'pg_trgm');
BEGIN
    IF place IS NOT NULL THEN
        EXECUTE format('CREATE INDEX users_words_idx ON public.users USING gin '
                       '((coalesce(first_name, '''') || '' '' || coalesce(last_name, '''') || '' '' '
                       '|| email) %I.gin_trgm_ops)', place);
    END IF;
END
$$;

-- --- What several steps share -------------------------------------------------------------------

CREATE FUNCTION hotgigs.folded_email(email text)
RETURNS text
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$ SELECT pg_catalog.lower(pg_catalog.btrim(email)) $$;
COMMENT ON FUNCTION hotgigs.folded_email(text) IS
    'An e-mail address as it is stored and compared: without outer blanks, in lower case.';
REVOKE ALL ON FUNCTION hotgigs.folded_email(text) FROM PUBLIC;

-- JSON that is merged with || has to be an object: anything else would turn the column into an array.
CREATE FUNCTION hotgigs.json_object_only(value jsonb)
RETURNS jsonb
LANGUAGE plpgsql
IMMUTABLE
PARALLEL SAFE
SET search_path = ''
AS $$
BEGIN
    IF jsonb_typeof(value) <> 'object' THEN
        RAISE EXCEPTION 'this is no JSON object' USING ERRCODE = 'HG005';
    END IF;
    RETURN value;
END
$$;
COMMENT ON FUNCTION hotgigs.json_object_only(jsonb) IS
    'The same JSON, which has to be an object (HG005); NULL stays NULL.';
REVOKE ALL ON FUNCTION hotgigs.json_object_only(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.json_object_only(jsonb)
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer, hotgigs_service;

-- A user with all that belongs to one: his profile and the row of his persona. NULL: the address is
-- taken, and nothing was made. Two at once meet at the unique key: the second waits for the first.
--
-- Invoker's rights: called by the steps below, which are the owner's.
CREATE FUNCTION hotgigs.add_user(email text, password_hash text, first_name text, last_name text,
                                 phone text, profile_image_url text, user_type text,
                                 is_verified boolean, notification_preferences jsonb,
                                 privacy_settings jsonb, visibility_settings jsonb)
RETURNS uuid
LANGUAGE plpgsql
VOLATILE
SET search_path = ''
AS $$
DECLARE
    folded CONSTANT text := hotgigs.folded_email(add_user.email);
    added  uuid;
BEGIN
    IF folded IS NULL OR folded !~ '^[^@[:space:]]+@[^@[:space:]]+$' THEN
        RAISE EXCEPTION 'this is no e-mail address' USING ERRCODE = 'HG005';
    END IF;
    IF hotgigs.persona_of(add_user.user_type) IS NULL THEN
        RAISE EXCEPTION 'a new user needs a user_type' USING ERRCODE = 'HG005';
    END IF;
    IF EXISTS (SELECT FROM public.users u WHERE lower(u.email) = folded) THEN
        RETURN NULL;
    END IF;
    INSERT INTO public.users AS u (email, password_hash, first_name, last_name, phone,
                                   profile_image_url, user_type, is_verified, email_verified_at)
    VALUES (folded, add_user.password_hash, add_user.first_name, add_user.last_name,
            add_user.phone, add_user.profile_image_url, add_user.user_type,
            coalesce(add_user.is_verified, false),
            CASE WHEN add_user.is_verified THEN now() AT TIME ZONE 'UTC' END)
    ON CONFLICT ON CONSTRAINT users_email_key DO NOTHING
    RETURNING u.id INTO added;
    IF added IS NULL THEN
        RETURN NULL;
    END IF;

    INSERT INTO public.user_profiles (user_id, notification_preferences, privacy_settings)
    VALUES (added,
            '{"email_notifications": true, "job_alerts": true, "application_updates": true}'
                || coalesce(hotgigs.json_object_only(add_user.notification_preferences), '{}'),
            '{"profile_visibility": "private", "contact_visibility": "private"}'
                || coalesce(hotgigs.json_object_only(add_user.privacy_settings), '{}'));
    IF add_user.user_type = 'candidate' THEN
        INSERT INTO public.candidate_profiles (user_id, visibility_settings)
        VALUES (added,
                '{"profile_public": false, "salary_visible": false, "contact_visible": false}'
                    || coalesce(hotgigs.json_object_only(add_user.visibility_settings), '{}'));
    ELSIF add_user.user_type = 'freelance_recruiter' THEN
        INSERT INTO public.freelance_recruiters (user_id) VALUES (added);
    END IF;
    RETURN added;
END
$$;
COMMENT ON FUNCTION hotgigs.add_user(text, text, text, text, text, text, text, boolean, jsonb, jsonb,
                                     jsonb) IS
    'Makes a user with his profile and the row of his persona; NULL if the address is taken.';
REVOKE ALL ON FUNCTION hotgigs.add_user(text, text, text, text, text, text, text, boolean, jsonb,
                                        jsonb, jsonb) FROM PUBLIC;

-- --- Signing up ------------------------------------------------------------------------------------

-- DEFINER: four tables in one step, and what it says about an address is for the service alone.
CREATE FUNCTION hotgigs.user_register(given_email text, given_password_hash text,
                                      given_user_type text, given_first_name text,
                                      given_last_name text, given_phone text,
                                      given_notification_preferences jsonb,
                                      given_privacy_settings jsonb,
                                      given_visibility_settings jsonb)
RETURNS TABLE (id uuid, email text, first_name text, last_name text, phone text, user_type text,
               is_active boolean, is_verified boolean, created_at timestamp, updated_at timestamp,
               user_profile_id uuid, persona_profile_id uuid)
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
#variable_conflict use_column
DECLARE
    added CONSTANT uuid := hotgigs.add_user(given_email, given_password_hash, given_first_name,
                                            given_last_name, given_phone, NULL, given_user_type,
                                            false, given_notification_preferences,
                                            given_privacy_settings, given_visibility_settings);
BEGIN
    IF added IS NULL THEN
        RAISE EXCEPTION 'the e-mail address is taken' USING ERRCODE = 'HG002';
    END IF;
    RETURN QUERY
    SELECT u.id, u.email::text, u.first_name::text, u.last_name::text, u.phone::text,
           u.user_type::text, u.is_active, u.is_verified, u.created_at, u.updated_at,
           (SELECT p.id FROM public.user_profiles p WHERE p.user_id = u.id),
           coalesce((SELECT c.id FROM public.candidate_profiles c WHERE c.user_id = u.id),
                    (SELECT f.id FROM public.freelance_recruiters f WHERE f.user_id = u.id))
    FROM   public.users u
    WHERE  u.id = added;
END
$$;
COMMENT ON FUNCTION hotgigs.user_register(text, text, text, text, text, text, jsonb, jsonb, jsonb) IS
    'Signs a user up: users, user_profiles and the row of his persona, or nothing.';
REVOKE ALL ON FUNCTION hotgigs.user_register(text, text, text, text, text, text, jsonb, jsonb, jsonb)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    hotgigs.user_register(text, text, text, text, text, text, jsonb, jsonb, jsonb)
    TO hotgigs_service;

-- --- What one signs in with ----------------------------------------------------------------------

-- Compare and set: a second change that knows the old hash only comes too late.
--
-- DEFINER: no role but the owner may read password_hash.
CREATE FUNCTION hotgigs.user_change_password(user_id uuid, old_hash text, new_hash text)
RETURNS TABLE (id uuid, updated_at timestamp)
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
#variable_conflict use_column
BEGIN
    IF coalesce(new_hash, '') = '' THEN
        RAISE EXCEPTION 'the new hash is empty' USING ERRCODE = 'HG005';
    END IF;
    RETURN QUERY
    UPDATE public.users u
    SET    password_hash = new_hash
    WHERE  u.id = user_change_password.user_id
    AND    u.password_hash IS NOT DISTINCT FROM old_hash
    RETURNING u.id, u.updated_at;
    IF NOT FOUND THEN
        IF EXISTS (SELECT FROM public.users u WHERE u.id = user_change_password.user_id) THEN
            RAISE EXCEPTION 'the password is another one by now' USING ERRCODE = 'HG002';
        END IF;
        RAISE EXCEPTION 'no such user' USING ERRCODE = 'HG001';
    END IF;
END
$$;
COMMENT ON FUNCTION hotgigs.user_change_password(uuid, text, text) IS
    'Replaces a password hash if it is still the old one (HG002 otherwise).';
REVOKE ALL ON FUNCTION hotgigs.user_change_password(uuid, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.user_change_password(uuid, text, text) TO hotgigs_service;

-- A new address has to be confirmed again; the same one in other letters has not.
--
-- DEFINER: so that what it says about an address is for the service alone.
CREATE FUNCTION hotgigs.user_change_email(given_user_id uuid, given_email text)
RETURNS TABLE (id uuid, email text, is_verified boolean, updated_at timestamp)
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
#variable_conflict use_column
DECLARE
    folded CONSTANT text := hotgigs.folded_email(given_email);
BEGIN
    IF folded IS NULL OR folded !~ '^[^@[:space:]]+@[^@[:space:]]+$' THEN
        RAISE EXCEPTION 'this is no e-mail address' USING ERRCODE = 'HG005';
    END IF;
    IF EXISTS (SELECT FROM public.users u
               WHERE  lower(u.email) = folded AND u.id <> given_user_id) THEN
        RAISE EXCEPTION 'the e-mail address is taken' USING ERRCODE = 'HG002';
    END IF;
    RETURN QUERY
    UPDATE public.users u
    SET    email             = folded,
           is_verified       = u.is_verified AND lower(u.email) = folded,
           email_verified_at = CASE WHEN lower(u.email) = folded THEN u.email_verified_at END
    WHERE  u.id = given_user_id
    RETURNING u.id, u.email::text, u.is_verified, u.updated_at;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such user' USING ERRCODE = 'HG001';
    END IF;
EXCEPTION
    WHEN unique_violation THEN              -- somebody else was quicker
        RAISE EXCEPTION 'the e-mail address is taken' USING ERRCODE = 'HG002';
END
$$;
COMMENT ON FUNCTION hotgigs.user_change_email(uuid, text) IS
    'Gives a user another address, which is then unconfirmed (HG002 if it is taken).';
REVOKE ALL ON FUNCTION hotgigs.user_change_email(uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.user_change_email(uuid, text) TO hotgigs_service;

-- --- Signing in by another provider ------------------------------------------------------------------

-- Who signs in by this account of a provider. In this order: the user it is linked to; the user who
-- asks for the link (signed_in_as); the user with the same address, if the provider says that it is
-- confirmed; a new user. A link never moves to another user.
--
-- Whoever signed up with an address that he never confirmed may be anybody. When its owner comes with
-- a provider's word for it, what the stranger could sign in with (password, other links) is removed.
--
-- Callers with the same account wait for each other, hence the lock; two providers' accounts with one
-- address meet at the unique key of users.
--
-- DEFINER: so that what it says about an address is for the service alone.
CREATE FUNCTION hotgigs.oauth_register_or_link(given_provider text, given_provider_user_id text,
                                               given_email text, email_is_verified boolean,
                                               signed_in_as uuid, given_user_type text,
                                               given_first_name text, given_last_name text,
                                               given_profile_image_url text,
                                               given_access_token text, given_refresh_token text,
                                               given_expires_at timestamp, given_scope text,
                                               given_token_type text)
RETURNS TABLE (outcome text, account_id uuid, id uuid, email text, first_name text, last_name text,
               user_type text, is_active boolean, is_verified boolean)
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
#variable_conflict use_column
DECLARE
    folded CONSTANT text := hotgigs.folded_email(given_email);
    account  public.oauth_accounts;
    owner_id uuid := signed_in_as;
    result   text := 'linked';
    twins    bigint;
BEGIN
    IF coalesce(btrim(given_provider), '') = ''
       OR coalesce(btrim(given_provider_user_id), '') = '' THEN
        RAISE EXCEPTION 'a provider''s account needs the provider and an id' USING ERRCODE = 'HG005';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(
                'oauth ' || given_provider || ' ' || given_provider_user_id, 0));
    SELECT a.* INTO account
    FROM   public.oauth_accounts a
    WHERE  a.provider = given_provider
    AND    a.provider_user_id = given_provider_user_id;

    IF account.id IS NOT NULL THEN
        IF account.user_id IS NULL OR account.user_id <> signed_in_as THEN
            RAISE EXCEPTION 'this account is linked to another user' USING ERRCODE = 'HG002';
        END IF;
        owner_id := account.user_id;
        result := 'existing';
        UPDATE public.oauth_accounts a
        SET    access_token  = coalesce(given_access_token, a.access_token),
               refresh_token = coalesce(given_refresh_token, a.refresh_token),
               expires_at    = coalesce(given_expires_at, a.expires_at),
               scope         = coalesce(given_scope, a.scope),
               token_type    = coalesce(given_token_type, a.token_type)
        WHERE  a.id = account.id;
    ELSE
        IF owner_id IS NULL THEN
            IF coalesce(folded, '') = '' THEN
                RAISE EXCEPTION 'the provider gives no e-mail address' USING ERRCODE = 'HG005';
            END IF;
            -- Made, or found, or made by somebody else in the meantime.
            IF NOT EXISTS (SELECT FROM public.users u WHERE lower(u.email) = folded) THEN
                owner_id := hotgigs.add_user(folded, NULL, given_first_name, given_last_name, NULL,
                                             given_profile_image_url, given_user_type,
                                             email_is_verified, NULL, NULL, NULL);
                IF owner_id IS NOT NULL THEN
                    result := 'created';
                END IF;
            END IF;
            IF owner_id IS NULL THEN
                IF email_is_verified IS NOT TRUE THEN
                    RAISE EXCEPTION 'the e-mail address is taken, and the provider does not say that '
                                    'it is confirmed' USING ERRCODE = 'HG002';
                END IF;
                -- Twins that differ in case alone: nobody knows which is meant.
                SELECT count(*) INTO twins FROM public.users u WHERE lower(u.email) = folded;
                SELECT u.id INTO owner_id
                FROM   public.users u
                WHERE  lower(u.email) = folded AND (twins = 1 OR u.email = folded)
                FOR    NO KEY UPDATE;
                IF owner_id IS NULL THEN
                    RAISE EXCEPTION 'several users have this e-mail address' USING ERRCODE = 'HG002';
                END IF;
                IF EXISTS (SELECT FROM public.users u
                           WHERE  u.id = owner_id AND u.is_verified IS NOT TRUE) THEN
                    DELETE FROM public.oauth_accounts a WHERE a.user_id = owner_id;
                    UPDATE public.users u
                    SET    password_hash     = NULL,
                           is_verified       = true,
                           email_verified_at = coalesce(u.email_verified_at,
                                                        now() AT TIME ZONE 'UTC')
                    WHERE  u.id = owner_id;
                END IF;
            END IF;
        ELSIF NOT EXISTS (SELECT FROM public.users u WHERE u.id = owner_id) THEN
            RAISE EXCEPTION 'no such user' USING ERRCODE = 'HG001';
        END IF;
        INSERT INTO public.oauth_accounts AS a (user_id, provider, provider_user_id, access_token,
                                                refresh_token, expires_at, scope, token_type)
        VALUES (owner_id, given_provider, given_provider_user_id, given_access_token,
                given_refresh_token, given_expires_at, given_scope, given_token_type)
        RETURNING a.* INTO account;
    END IF;

    RETURN QUERY
    SELECT result, account.id, u.id, u.email::text, u.first_name::text, u.last_name::text,
           u.user_type::text, u.is_active, u.is_verified
    FROM   public.users u
    WHERE  u.id = owner_id;
END
$$;
COMMENT ON FUNCTION hotgigs.oauth_register_or_link(text, text, text, boolean, uuid, text, text, text,
                                                   text, text, text, timestamp, text, text) IS
    'The user who signs in by a provider''s account: found, linked by his address, or made.';
REVOKE ALL ON FUNCTION hotgigs.oauth_register_or_link(text, text, text, boolean, uuid, text, text,
                                                      text, text, text, text, timestamp, text, text)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    hotgigs.oauth_register_or_link(text, text, text, boolean, uuid, text, text, text, text, text,
                                   text, timestamp, text, text)
    TO hotgigs_service;

-- The user's row is locked, so that two that unlink at once do not both find the other link.
--
-- DEFINER: nobody deletes a link himself, and nobody may know whether there is a password.
CREATE FUNCTION hotgigs.oauth_unlink(provider text, user_id uuid DEFAULT NULL)
RETURNS integer
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
SET search_path = ''
AS $$
#variable_conflict use_column
DECLARE
    me CONSTANT uuid := CASE WHEN current_setting('role') = 'hotgigs_service'
                             THEN oauth_unlink.user_id
                             ELSE hotgigs.my_user_id()
                        END;
    removed integer;
BEGIN
    IF me IS NULL OR me <> oauth_unlink.user_id THEN
        RAISE EXCEPTION 'no such user' USING ERRCODE = 'HG001';
    END IF;
    PERFORM FROM public.users u WHERE u.id = me FOR NO KEY UPDATE;
    DELETE FROM public.oauth_accounts a WHERE a.user_id = me AND a.provider = oauth_unlink.provider;
    GET DIAGNOSTICS removed = ROW_COUNT;
    IF removed = 0 THEN
        RAISE EXCEPTION 'no account of this provider is linked' USING ERRCODE = 'HG001';
    END IF;
    IF NOT EXISTS (SELECT FROM public.users u WHERE u.id = me AND u.password_hash IS NOT NULL)
       AND NOT EXISTS (SELECT FROM public.oauth_accounts a WHERE a.user_id = me) THEN
        RAISE EXCEPTION 'this is the last way to sign in' USING ERRCODE = 'HG012';
    END IF;
    RETURN removed;
END
$$;
COMMENT ON FUNCTION hotgigs.oauth_unlink(text, uuid) IS
    'Removes the links to a provider, but never the last way to sign in (HG012).';
REVOKE ALL ON FUNCTION hotgigs.oauth_unlink(text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.oauth_unlink(text, uuid)
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer, hotgigs_service;

-- --- Reading -----------------------------------------------------------------------------------------

-- All that belongs to a person's account, in one snapshot: STABLE, so every part is read with the
-- snapshot of the statement that calls it. Secrets are not among it: password_hash, tokens,
-- payment_info.
--
-- DEFINER: one statement for every persona, and no persona may read all of these tables.
CREATE FUNCTION hotgigs.user_get_bundle(user_id uuid DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
SET search_path = ''
AS $$
#variable_conflict use_column
DECLARE
    me CONSTANT uuid := CASE WHEN current_setting('role') = 'hotgigs_service'
                             THEN user_get_bundle.user_id
                             ELSE hotgigs.my_user_id()
                        END;
    bundle jsonb;
BEGIN
    SELECT jsonb_build_object(
               'user', jsonb_build_object(
                   'id', u.id, 'email', u.email, 'first_name', u.first_name,
                   'last_name', u.last_name, 'phone', u.phone,
                   'profile_image_url', u.profile_image_url, 'user_type', u.user_type,
                   'is_active', u.is_active, 'is_verified', u.is_verified,
                   'email_verified_at', u.email_verified_at, 'last_login_at', u.last_login_at,
                   'created_at', u.created_at, 'updated_at', u.updated_at),
               'profile', (SELECT to_jsonb(p) - 'user_id'
                           FROM   public.user_profiles p
                           WHERE  p.user_id = u.id
                           ORDER  BY p.created_at, p.id LIMIT 1),
               'candidate', (SELECT to_jsonb(c) - 'user_id' || jsonb_build_object(
                                        'experiences',
                                        (SELECT coalesce(jsonb_agg(to_jsonb(e) - 'candidate_id'
                                                                   ORDER BY e.is_current IS TRUE DESC,
                                                                            e.start_date DESC, e.id),
                                                         '[]')
                                         FROM   public.candidate_experiences e
                                         WHERE  e.candidate_id = c.id),
                                        'education',
                                        (SELECT coalesce(jsonb_agg(to_jsonb(s) - 'candidate_id'
                                                                   ORDER BY s.end_date DESC,
                                                                            s.start_date DESC, s.id),
                                                         '[]')
                                         FROM   public.candidate_education s
                                         WHERE  s.candidate_id = c.id))
                             FROM   public.candidate_profiles c
                             WHERE  c.user_id = u.id
                             ORDER  BY c.created_at, c.id LIMIT 1),
               'freelance_recruiter', (SELECT to_jsonb(f) - 'user_id' - 'payment_info'
                                       FROM   public.freelance_recruiters f
                                       WHERE  f.user_id = u.id
                                       ORDER  BY f.created_at, f.id LIMIT 1),
               'memberships', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                                          'company', jsonb_build_object(
                                              'id', c.id, 'name', c.name, 'slug', c.slug,
                                              'logo_url', c.logo_url,
                                              'is_verified', c.is_verified),
                                          'role', m.role, 'is_active', m.is_active,
                                          'invited_at', m.invited_at, 'joined_at', m.joined_at)
                                          ORDER BY c.name, c.id), '[]')
                               FROM   public.company_members m
                               JOIN   public.companies c ON c.id = m.company_id
                               WHERE  m.user_id = u.id AND m.is_active))
    INTO   bundle
    FROM   public.users u
    WHERE  u.id = me
    AND    u.id = coalesce(user_get_bundle.user_id, u.id);
    IF bundle IS NULL THEN
        RAISE EXCEPTION 'no such user' USING ERRCODE = 'HG001';
    END IF;
    RETURN bundle;
END
$$;
COMMENT ON FUNCTION hotgigs.user_get_bundle(uuid) IS
    'A person''s account as one document: user, profile, persona, history, memberships; no secrets.';
REVOKE ALL ON FUNCTION hotgigs.user_get_bundle(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.user_get_bundle(uuid)
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer, hotgigs_service;

-- Planned anew each time: which index serves depends on which filters are given.
--
-- DEFINER: like the others of the service; its own policy would do.
CREATE FUNCTION hotgigs.user_admin_list(words text, given_user_type text, given_is_active boolean,
                                        given_is_verified boolean, since timestamp,
                                        after_created_at timestamp, after_id uuid, at_most integer,
                                        with_total boolean)
RETURNS TABLE (id uuid, email text, first_name text, last_name text, phone text, user_type text,
               is_active boolean, is_verified boolean, last_login_at timestamp,
               created_at timestamp, updated_at timestamp, total bigint)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
SET search_path = ''
SET plan_cache_mode = force_custom_plan
AS $$
#variable_conflict use_column
DECLARE
    pattern CONSTANT text := '%' || replace(replace(replace(words, '\', '\\'), '%', '\%'), '_', '\_')
                                 || '%';
BEGIN
    RETURN QUERY
    WITH matching AS NOT MATERIALIZED (
        SELECT u.*
        FROM   public.users u
        WHERE  (given_user_type IS NULL OR u.user_type = given_user_type)
        AND    (given_is_active IS NULL
                OR coalesce(u.is_active, false) = given_is_active)
        AND    (given_is_verified IS NULL
                OR coalesce(u.is_verified, false) = given_is_verified)
        AND    (since IS NULL OR coalesce(u.created_at, '-infinity') >= since)
        AND    (pattern IS NULL
                OR coalesce(u.first_name, '') || ' ' || coalesce(u.last_name, '') || ' ' || u.email
                   ILIKE pattern)
    )
    SELECT m.id, m.email::text, m.first_name::text, m.last_name::text, m.phone::text,
           m.user_type::text, m.is_active, m.is_verified, m.last_login_at, m.created_at,
           m.updated_at,
           CASE WHEN with_total THEN (SELECT count(*) FROM matching) END
    FROM   matching m
    WHERE  after_id IS NULL
    OR     (coalesce(m.created_at, '-infinity'), m.id)
           < (coalesce(after_created_at, '-infinity'), after_id)
    ORDER  BY coalesce(m.created_at, '-infinity') DESC, m.id DESC
    LIMIT  least(coalesce(at_most, 50), 1000);
END
$$;
COMMENT ON FUNCTION hotgigs.user_admin_list(text, text, boolean, boolean, timestamp, timestamp, uuid,
                                            integer, boolean) IS
    'A page of users, newest first, without hashes.';
REVOKE ALL ON FUNCTION hotgigs.user_admin_list(text, text, boolean, boolean, timestamp, timestamp,
                                               uuid, integer, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    hotgigs.user_admin_list(text, text, boolean, boolean, timestamp, timestamp, uuid, integer,
                            boolean)
    TO hotgigs_service;

COMMIT;
