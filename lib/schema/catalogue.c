/* catalogue.c - the query that describes a database.
 *
 * A line begins with what it is about, so that lines of one table stand together:
 *
 *     extension pg_trgm
 *     role hotgigs_owner: nothing special
 *     schema hotgigs: owner hotgigs_owner
 *     schema hotgigs grants: USAGE to hotgigs_anon, ...
 *     public.jobs table: owner hotgigs_owner, row security enabled and forced
 *     public.jobs grants: DELETE to hotgigs_company, hotgigs_service
 *     public.jobs column title: character varying(255) not null
 *     public.jobs column title grants: INSERT to hotgigs_company, ...; SELECT to ...; UPDATE to ...
 *     public.jobs constraint jobs_pkey: PRIMARY KEY (id)
 *     public.jobs index idx_jobs_location: CREATE INDEX ...
 *     public.jobs policy company_update: permissive for UPDATE to hotgigs_company using (...) check (...)
 *     public.jobs trigger jobs_touch: CREATE TRIGGER ...
 *     hotgigs.my_companies(at_least text) function: returns SETOF uuid, ...
 *     hotgigs.user_cards view: owner hotgigs_owner, ...
 *
 * The text is the same on PostgreSQL 14 to 18 (tried on all). What is left out, or made alike, and why:
 *
 *   - NOT NULL is said of the column: from 18 on it is a constraint as well, with a name.
 *   - An owner's own rights: 17 added MAINTAIN to them.
 *   - Rights of roles that are neither ours nor PUBLIC: an operator's reports are his own business.
 *   - Of schema public only who of us may use it, by whichever grant: on 14 it is the superuser's.
 *   - The schema of pg_trgm's operator classes: some hosts keep extensions in one of their own.
 *   - In a view's text the names that stand before a column: until 15 a view has them always, from 16 on only where
 *     several tables are read. A hash of the rest is compared.
 *   - Whose rights a view has: 14 knows only its owner's, so job_cards, the invoker's from 15 on, is behind a barrier there.
 *   - Lists of values: `x IN ('a', 'b')` of a varchar says its casts in one way when it was written, and in another once it
 *     was dumped and restored. The casts of constants in lists are left out.
 *   - Line breaks, comments, storage, the order of columns, and what an extension owns.
 *
 * Bodies of functions are compared by SHA-256, which servers under FIPS have, and md5() not. */
#include "schema/catalogue.h"

const char hgi_catalogue_settings[] =
    "SELECT pg_catalog.set_config(name, value, true)"
    " FROM (VALUES ('search_path', 'pg_catalog'), ('quote_all_identifiers', 'off'),"
    "              ('standard_conforming_strings', 'on'), ('DateStyle', 'ISO, YMD'),"
    "              ('IntervalStyle', 'postgres'), ('TimeZone', 'UTC'), ('bytea_output', 'hex'),"
    "              ('extra_float_digits', '1')) AS s(name, value)";

/* ISO C guarantees strings of 4095 characters; gcc and clang have no limit, and warn only if asked to. */
#if defined(__GNUC__)
#pragma GCC diagnostic ignored "-Woverlength-strings"
#endif

/* ('a'::character varying)::text and 'a'::character varying, in an array, are 'a', and (ARRAY[...])::text[] is ARRAY[...]. */
#define LISTS_ALIKE(text) \
    "regexp_replace(regexp_replace(regexp_replace(" text "," \
    " '\\(((?:''[^'']*'')+)::character varying\\)::text', '\\1', 'g')," \
    " '''::character varying(?=[],])', '''', 'g')," \
    " '\\((ARRAY\\[[^][]*\\])\\)::text\\[\\]', '\\1', 'g')"

const char hgi_catalogue_sql[] =
    /* Relations of ours, and of whoever else is in public: who compares leaves out tables that he does not expect. */
    "WITH relation AS ("
    " SELECT c.oid, format('%I.%I', n.nspname, c.relname) AS name, c.relkind, c.relowner, c.relacl,"
    "        c.relrowsecurity, c.relforcerowsecurity, c.relpersistence, c.reloptions"
    " FROM pg_class c"
    " JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname IN ('public', 'hotgigs') AND c.relkind IN ('r', 'p', 'f', 'v', 'm')"
    " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid"
    "                 AND d.deptype = 'e')"
    "), function AS ("
    " SELECT p.*, format('hotgigs.%I(%s)', p.proname, pg_get_function_identity_arguments(p.oid)) AS name"
    " FROM pg_proc p"
    " WHERE p.pronamespace = (SELECT oid FROM pg_namespace WHERE nspname = 'hotgigs')"
    "), role AS ("
    " SELECT *"
    " FROM pg_roles"
    " WHERE rolname IN ('hotgigs_owner', 'hotgigs_anon', 'hotgigs_candidate', 'hotgigs_company',"
    "                   'hotgigs_freelancer', 'hotgigs_service')"
    "), "

    /* Where nothing was ever granted, the default counts: EXECUTE for all of a function, nothing of a table. */
    "acl AS ("
    " SELECT name AS subject, relowner AS owner, relacl AS items"
    " FROM relation"
    " UNION ALL"
    " SELECT format('%s column %I', r.name, a.attname), r.relowner, a.attacl"
    " FROM relation r"
    " JOIN pg_attribute a ON a.attrelid = r.oid AND NOT a.attisdropped"
    " UNION ALL"
    " SELECT name, proowner, coalesce(proacl, acldefault('f', proowner))"
    " FROM function"
    " UNION ALL"
    " SELECT 'schema hotgigs', nspowner, coalesce(nspacl, acldefault('n', nspowner))"
    " FROM pg_namespace"
    " WHERE nspname = 'hotgigs'"
    "), granted AS ("
    " SELECT acl.subject, i.privilege_type,"
    "        CASE i.grantee WHEN 0 THEN 'PUBLIC' ELSE r.rolname END"
    "        || CASE WHEN i.is_grantable THEN ' with grant option' ELSE '' END COLLATE \"C\" AS grantee"
    " FROM acl"
    " CROSS JOIN aclexplode(acl.items) i"
    " LEFT JOIN pg_roles r ON r.oid = i.grantee"
    " WHERE i.grantee <> acl.owner"
    " AND (i.grantee = 0 OR r.rolname LIKE 'hotgigs\\_%')"
    "), privilege AS ("
    " SELECT subject, privilege_type || ' to ' || string_agg(DISTINCT grantee, ', ' ORDER BY grantee) AS item"
    " FROM granted"
    " GROUP BY subject, privilege_type"
    ")"

    /* Roles, schemas and all rights. */
    " SELECT regexp_replace(" LISTS_ALIKE("line") ", '\\s+', ' ', 'g') COLLATE \"C\" AS line FROM ("
    "SELECT 'extension pg_trgm' AS line"
    " FROM pg_extension"
    " WHERE extname = 'pg_trgm'"
    " UNION ALL"
    " SELECT format('role %I: %s', rolname,"
    "               coalesce(nullif(concat_ws(', ', CASE WHEN rolsuper THEN 'SUPERUSER' END,"
    "                                               CASE WHEN rolbypassrls THEN 'BYPASSRLS' END,"
    "                                               CASE WHEN rolcanlogin THEN 'LOGIN' END,"
    "                                               CASE WHEN rolcreaterole THEN 'CREATEROLE' END,"
    "                                               CASE WHEN rolreplication THEN 'REPLICATION' END),"
    "                               ''), 'nothing special'))"
    " FROM role"
    " UNION ALL"
    " SELECT format('role %I: member of %I', role.rolname, g.rolname)"
    " FROM role"
    " JOIN pg_auth_members m ON m.member = role.oid"
    " JOIN pg_roles g ON g.oid = m.roleid"
    " UNION ALL"
    " SELECT format('schema hotgigs: owner %I', pg_get_userbyid(nspowner))"
    " FROM pg_namespace"
    " WHERE nspname = 'hotgigs'"
    " UNION ALL"
    " SELECT format('schema public: usable by %I', role.rolname)"
    " FROM role"
    " JOIN pg_namespace n ON n.nspname = 'public' AND has_schema_privilege(role.oid, n.oid, 'USAGE')"
    " UNION ALL"
    " SELECT format('%s grants: %s', subject, string_agg(item, '; ' ORDER BY item COLLATE \"C\"))"
    " FROM privilege"
    " GROUP BY subject"

    /* What belongs to a table or a view. */
    " UNION ALL"
    " SELECT format('%s table: owner %I, row security %s', name, pg_get_userbyid(relowner),"
    "               CASE WHEN relrowsecurity AND relforcerowsecurity THEN 'enabled and forced'"
    "                    WHEN relrowsecurity THEN 'enabled' ELSE 'disabled' END)"
    "        || CASE relpersistence WHEN 'u' THEN ', unlogged' ELSE '' END"
    "        || CASE relkind WHEN 'p' THEN ', partitioned' WHEN 'f' THEN ', foreign' ELSE '' END"
    " FROM relation"
    " WHERE relkind IN ('r', 'p', 'f')"
    " UNION ALL"
    " SELECT format('%s column %I: %s', r.name, a.attname, format_type(a.atttypid, a.atttypmod))"
    "        || CASE WHEN a.attcollation NOT IN (0, y.typcollation)"
    "                THEN format(' collate %s', a.attcollation::regcollation) ELSE '' END"
    "        || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END"
    "        || CASE a.attidentity WHEN '' THEN '' WHEN 'a' THEN ' identity always' ELSE ' identity' END"
    "        || coalesce(CASE a.attgenerated WHEN '' THEN ' default ' WHEN 's' THEN ' generated stored '"
    "                    ELSE ' generated ' END || pg_get_expr(d.adbin, d.adrelid), '')"
    " FROM relation r"
    " JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped"
    " JOIN pg_type y ON y.oid = a.atttypid"
    " LEFT JOIN pg_attrdef d ON d.adrelid = r.oid AND d.adnum = a.attnum"
    " UNION ALL"
    " SELECT format('%s constraint %I: %s', r.name, k.conname, pg_get_constraintdef(k.oid))"
    " FROM relation r"
    " JOIN pg_constraint k ON k.conrelid = r.oid AND k.contype IN ('p', 'u', 'f', 'c', 'x')"
    " UNION ALL"
    " SELECT format('%s index %I: %s', r.name, c.relname,"
    "               regexp_replace(pg_get_indexdef(i.indexrelid), '[^ .(]+\\.(g[a-z]+_trgm_ops)', '\\1', 'g'))"
    "        || CASE WHEN i.indisvalid THEN '' ELSE ' (invalid)' END"
    " FROM relation r"
    " JOIN pg_index i ON i.indrelid = r.oid"
    " JOIN pg_class c ON c.oid = i.indexrelid"
    " WHERE NOT EXISTS (SELECT FROM pg_constraint k"       /* that one's line says it all */
    "                   WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))"
    " UNION ALL"
    " SELECT format('%s policy %I: %s for %s to %s', r.name, p.polname,"
    "               CASE WHEN p.polpermissive THEN 'permissive' ELSE 'restrictive' END,"
    "               CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'"
    "                             WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,"
    "               (SELECT string_agg(CASE o WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(o) END, ', '"
    "                                  ORDER BY CASE o WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(o) END COLLATE \"C\")"
    "                FROM unnest(p.polroles) o))"
    "        || coalesce(' using (' || pg_get_expr(p.polqual, p.polrelid) || ')', '')"
    "        || coalesce(' check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '')"
    " FROM relation r"
    " JOIN pg_policy p ON p.polrelid = r.oid"
    " UNION ALL"
    " SELECT format('%s trigger %I: %s', r.name, t.tgname, pg_get_triggerdef(t.oid))"
    "        || CASE t.tgenabled WHEN 'O' THEN '' WHEN 'D' THEN ' (disabled)' ELSE ' (enabled differently)' END"
    " FROM relation r"
    " JOIN pg_trigger t ON t.tgrelid = r.oid AND NOT t.tgisinternal"

    /* Functions, and views as a whole. */
    " UNION ALL"
    " SELECT format('%s function: returns %s, language %s, %s%s%s%s, parallel %s, rows %s, owner %I, set %s,"
    " arguments (%s), source %s', name, pg_get_function_result(f.oid), l.lanname,"
    "               CASE provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END,"
    "               CASE WHEN prosecdef THEN ', security definer' ELSE '' END,"
    "               CASE WHEN proisstrict THEN ', strict' ELSE '' END,"
    "               CASE WHEN proleakproof THEN ', leakproof' ELSE '' END,"
    "               CASE proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' ELSE 'unsafe' END,"
    "               prorows, pg_get_userbyid(proowner), coalesce(array_to_string(proconfig, ', '), 'nothing'),"
    "               pg_get_function_arguments(f.oid),"
    "               left(encode(sha256(convert_to(prosrc, 'UTF8')), 'hex'), 32))"
    " FROM function f"
    " JOIN pg_language l ON l.oid = f.prolang"
    " UNION ALL"
    " SELECT format('%s view: owner %I, options %s, query %s', name, pg_get_userbyid(relowner),"
    "               CASE WHEN name = 'hotgigs.job_cards' AND reloptions = '{security_barrier=true}'"
    "                         AND current_setting('server_version_num')::integer < 150000 THEN 'security_invoker=true'"
    "                    ELSE coalesce(array_to_string(reloptions, ', '), 'none') END,"
    "               left(encode(sha256(convert_to(regexp_replace(regexp_replace("
    "                   " LISTS_ALIKE("pg_get_viewdef(oid)") ", '[A-Za-z0-9_\"]+\\.', '', 'g'), '\\s+', ' ', 'g'), 'UTF8')), 'hex'), 32))"
    " FROM relation"
    " WHERE relkind IN ('v', 'm')"
    ") AS lines ORDER BY 1";
