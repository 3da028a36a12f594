-- What only the installer can make: the extension, the schemas hotgigs and auth, and auth.uid().
--
-- Needs:  the roles (001). Runs as the installer, like 001. All of it is made only if absent:
-- Supabase brings the schema auth and auth.uid() under another owner, and keeps both.

BEGIN;

-- Trigrams serve the searches by part of a name. The extension is trusted, so that an owner of the
-- database can make it; where it is not to be had, searches are slower and nothing else is missing.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = 'pg_trgm') THEN
        CREATE EXTENSION pg_trgm WITH SCHEMA public;
    END IF;
EXCEPTION
    WHEN OTHERS THEN
        RAISE NOTICE 'extension pg_trgm is not to be had here: %', SQLERRM;
END
$$;

CREATE SCHEMA IF NOT EXISTS hotgigs AUTHORIZATION hotgigs_owner;

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = 'auth') THEN
        CREATE SCHEMA auth AUTHORIZATION hotgigs_owner;
    END IF;
END
$$;

-- auth.uid(): the id of the caller as his token says it, the convention of Supabase and PostgREST.
-- The claims come in the transaction-local settings request.jwt.claims (JSON, member sub) and
-- request.jwt.claim.sub. After such a setting ends it reads as '', not NULL, and a malformed id
-- reads as NULL.
--
-- One expression, no SET, no FROM, every name qualified or of pg_catalog: so the planner can inline
-- it.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_proc p
               JOIN   pg_catalog.pg_namespace n ON n.oid = p.pronamespace
               WHERE  n.nspname = 'auth' AND p.proname = 'uid' AND p.pronargs = 0) THEN
        RETURN;
    END IF;
    IF pg_has_role(current_user, (SELECT nspowner FROM pg_catalog.pg_namespace
                                  WHERE  nspname = 'auth'), 'MEMBER') THEN
        EXECUTE format('SET LOCAL ROLE %I', (SELECT nspowner::regrole::text FROM pg_catalog.pg_namespace
                                             WHERE  nspname = 'auth'));
    END IF;
    CREATE FUNCTION auth.uid()
    RETURNS uuid
    LANGUAGE sql
    STABLE
    PARALLEL SAFE
    AS $uid$
        SELECT pg_catalog.substring(
                   coalesce(nullif(pg_catalog.current_setting('request.jwt.claim.sub', true), ''),
                            nullif(pg_catalog.current_setting('request.jwt.claims', true), '')
                                ::pg_catalog.jsonb ->> 'sub'),
                   '^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$')::pg_catalog.uuid
    $uid$;
    COMMENT ON FUNCTION auth.uid() IS 'The user id in the caller''s claims; NULL without one.';
    REVOKE ALL ON FUNCTION auth.uid() FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION auth.uid()
        TO hotgigs_owner, hotgigs_anon, hotgigs_candidate, hotgigs_company, hotgigs_freelancer,
           hotgigs_service;
    GRANT USAGE ON SCHEMA auth
        TO hotgigs_owner, hotgigs_anon, hotgigs_candidate, hotgigs_company, hotgigs_freelancer,
           hotgigs_service;
END
$$;

COMMIT;
