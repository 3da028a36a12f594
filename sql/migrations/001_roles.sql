-- The roles of this database, and who may make what in it.
--
-- Runs as the installer: owner of the database and CREATEROLE, no superuser; or a role that finds
-- the roles made and has CREATE on the database and public. So does 002; every later file runs as
-- hotgigs_owner.
--
-- Roles belong to the whole cluster, so only what is missing is made, and two databases of one
-- cluster share them. The logins are the operator's, under any name. What they need:
--
--     CREATE ROLE hotgigs_login LOGIN NOINHERIT PASSWORD '...'
--         IN ROLE hotgigs_anon, hotgigs_candidate, hotgigs_company, hotgigs_freelancer;
--     ALTER ROLE hotgigs_login SET role = 'hotgigs_anon';
--     ALTER ROLE hotgigs_login SET timezone = 'UTC';
--
--     CREATE ROLE hotgigs_service_login LOGIN NOINHERIT PASSWORD '...' IN ROLE hotgigs_service;
--     ALTER ROLE hotgigs_service_login SET role = 'hotgigs_service';
--     ALTER ROLE hotgigs_service_login SET timezone = 'UTC';
--
-- No login may be a member of both hotgigs_service and a persona, and none of hotgigs_owner.

BEGIN;

DO $$
DECLARE
    wanted text;
    wrong  text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['hotgigs_owner', 'hotgigs_anon', 'hotgigs_candidate',
                                  'hotgigs_company', 'hotgigs_freelancer', 'hotgigs_service']
    LOOP
        CONTINUE WHEN EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = wanted);
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN
                NULL;   -- an installation into another database was quicker
        END;
    END LOOP;

    -- Roles that were found may be anything. These attributes would step over every policy.
    SELECT string_agg(rolname, ', ' ORDER BY rolname) INTO wrong
    FROM   pg_catalog.pg_roles
    WHERE  rolname IN ('hotgigs_owner', 'hotgigs_anon', 'hotgigs_candidate',
                       'hotgigs_company', 'hotgigs_freelancer', 'hotgigs_service')
    AND    (rolsuper OR rolbypassrls OR rolcanlogin OR rolcreaterole OR rolreplication);
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'roles with rights that they must not have: %', wrong
            USING HINT = 'ALTER ROLE ... NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOREPLICATION',
                  ERRCODE = 'object_not_in_prerequisite_state';
    END IF;

    -- The installer becomes the owner with SET ROLE. From 16 on he need not inherit its rights; before,
    -- membership is all that there is.
    IF current_setting('server_version_num')::integer >= 160000 THEN
        IF NOT pg_has_role(current_user, 'hotgigs_owner', 'SET') THEN
            EXECUTE 'GRANT hotgigs_owner TO CURRENT_USER WITH INHERIT FALSE, SET TRUE';
        END IF;
    ELSIF NOT pg_has_role(current_user, 'hotgigs_owner', 'MEMBER') THEN
        EXECUTE 'GRANT hotgigs_owner TO CURRENT_USER';
    END IF;
END
$$;

-- Tables in public are the owner's alone: until 14 everyone may create there, and a table or
-- function of a stranger would stand where an unqualified name looks. On 14 public belongs to the
-- superuser, unless he gave it away; then only he can change that.
DO $$
BEGIN
    IF has_schema_privilege(current_user, 'public', 'CREATE WITH GRANT OPTION') THEN
        GRANT USAGE, CREATE ON SCHEMA public TO hotgigs_owner;
        REVOKE CREATE ON SCHEMA public FROM PUBLIC;
        GRANT USAGE ON SCHEMA public
            TO hotgigs_anon, hotgigs_candidate, hotgigs_company, hotgigs_freelancer, hotgigs_service;
    END IF;
    IF NOT has_schema_privilege('hotgigs_owner', 'public', 'CREATE') THEN
        RAISE EXCEPTION 'hotgigs_owner may not create tables in schema public'
            USING HINT = 'as the owner of that schema: GRANT USAGE, CREATE ON SCHEMA public TO hotgigs_owner',
                  ERRCODE = 'insufficient_privilege';
    END IF;
    IF has_schema_privilege('hotgigs_anon', 'public', 'CREATE') THEN
        RAISE WARNING 'everyone may create in schema public'
            USING HINT = 'as the owner of that schema, before installing: ALTER SCHEMA public OWNER TO pg_database_owner; '
                         'or now: GRANT USAGE, CREATE ON SCHEMA public TO hotgigs_owner, then '
                         'REVOKE CREATE ON SCHEMA public FROM PUBLIC';
    END IF;
END
$$;

-- What is the database's. A temporary table shadows unqualified names of whoever made it, and no
-- persona needs one. The document's times have no zone and their DEFAULT NOW() follows the
-- session's: UTC, unless a login says otherwise.
DO $$
BEGIN
    IF pg_has_role(current_user, (SELECT datdba FROM pg_catalog.pg_database
                                  WHERE  datname = current_database()), 'USAGE') THEN
        EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
        EXECUTE format('ALTER DATABASE %I SET timezone = %L', current_database(), 'UTC');
    ELSE
        RAISE NOTICE 'not the owner of this database: TEMPORARY is not revoked from PUBLIC, timezone is not set';
    END IF;
END
$$;

COMMIT;
