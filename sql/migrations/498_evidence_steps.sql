-- Evidence for an auditor: who may do what, and how well it is watched.
--
-- Needs:  all tables, the audit trail's seals (490), the privacy catalogue (006).

BEGIN;
SET LOCAL ROLE hotgigs_owner;

-- DEFINER: the seals and the catalogue of privacy are read by nobody but the owner.
CREATE FUNCTION hotgigs.evidence()
RETURNS TABLE (section text, item text, facts jsonb)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
ROWS 1000
SET search_path = ''
AS $$
BEGIN
    RETURN QUERY
    SELECT 'server', current_database()::text,
           jsonb_build_object('version', current_setting('server_version'),
                              'at', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                              'ssl', current_setting('ssl'),
                              'migrations', (SELECT count(*) FROM hotgigs.schema_history));
    RETURN QUERY
    SELECT 'role', r.rolname::text,
           jsonb_build_object('superuser', r.rolsuper, 'bypasses_row_security', r.rolbypassrls, 'may_log_in', r.rolcanlogin,
                              'acts_as', coalesce((SELECT jsonb_agg(g.rolname ORDER BY g.rolname)
                                                   FROM   pg_catalog.pg_auth_members m
                                                   JOIN   pg_catalog.pg_roles g ON g.oid = m.roleid
                                                   WHERE  m.member = r.oid AND g.rolname LIKE 'hotgigs\_%'), '[]'))
    FROM   pg_catalog.pg_roles r
    WHERE  r.rolname LIKE 'hotgigs\_%'
    OR     r.rolsuper
    OR     EXISTS (SELECT FROM pg_catalog.pg_auth_members m
                   JOIN   pg_catalog.pg_roles g ON g.oid = m.roleid
                   WHERE  m.member = r.oid AND g.rolname LIKE 'hotgigs\_%')
    ORDER  BY r.rolname;
    RETURN QUERY
    SELECT 'table', c.relname::text,
           jsonb_build_object('row_security', c.relrowsecurity, 'forced', c.relforcerowsecurity,
                              'policies', (SELECT count(*) FROM pg_catalog.pg_policy p WHERE p.polrelid = c.oid),
                              'audited', EXISTS (SELECT FROM pg_catalog.pg_trigger t
                                                 JOIN   pg_catalog.pg_proc f ON f.oid = t.tgfoid
                                                 WHERE  t.tgrelid = c.oid AND f.proname = 'audit_change'
                                                 AND    t.tgenabled <> 'D'),
                              'on_erasure', (SELECT min(p.action) FROM hotgigs.privacy_columns p
                                             WHERE  p.table_name = c.relname))
    FROM   pg_catalog.pg_class c
    WHERE  c.relnamespace = 'public'::regnamespace
    AND    c.relkind = 'r'
    ORDER  BY c.relname;
    RETURN QUERY
    SELECT 'policy', p.tablename || '.' || p.policyname,
           jsonb_build_object('command', p.cmd, 'roles', to_jsonb(p.roles), 'rows', p.qual, 'new_rows', p.with_check)
    FROM   pg_catalog.pg_policies p
    WHERE  p.schemaname = 'public'
    ORDER  BY p.tablename, p.policyname;
    RETURN QUERY
    SELECT 'columns', r.rolname || ' ' || c.relname,
           jsonb_build_object(
               'reads', count(*) FILTER (WHERE has_column_privilege(r.oid, c.oid, a.attnum, 'SELECT')),
               'inserts', count(*) FILTER (WHERE has_column_privilege(r.oid, c.oid, a.attnum, 'INSERT')),
               'updates', count(*) FILTER (WHERE has_column_privilege(r.oid, c.oid, a.attnum, 'UPDATE')),
               'deletes', bool_or(has_table_privilege(r.oid, c.oid, 'DELETE')),
               'hidden', coalesce(jsonb_agg(a.attname ORDER BY a.attnum)
                                      FILTER (WHERE NOT has_column_privilege(r.oid, c.oid, a.attnum, 'SELECT')), '[]'))
    FROM   pg_catalog.pg_class c
    JOIN   pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    CROSS  JOIN pg_catalog.pg_roles r
    WHERE  c.relnamespace = 'public'::regnamespace
    AND    c.relkind = 'r'
    AND    r.rolname IN ('hotgigs_anon', 'hotgigs_candidate', 'hotgigs_company', 'hotgigs_freelancer', 'hotgigs_service')
    GROUP  BY r.rolname, c.relname
    ORDER  BY c.relname, r.rolname;
    -- The trail is read once, whatever is counted of it.
    RETURN QUERY
    WITH entries AS (
        SELECT CASE WHEN e.op = 'event' AND (e.action LIKE 'privacy.%' OR e.action LIKE 'retention.%' OR e.action LIKE 'gdpr.%')
                    THEN e.action END AS erasure,
               count(*) AS times, count(*) FILTER (WHERE e.op = 'denied') AS denied, max(e.created_at) AS last
        FROM   (SELECT a.action, a.new_values #>> '{_meta,op}' AS op, a.created_at FROM public.audit_logs a) e
        GROUP  BY 1
    )
    SELECT 'trail', 'audit_logs',
           jsonb_build_object('entries', (SELECT coalesce(sum(e.times), 0) FROM entries e),
                              'seals', (SELECT count(*) FROM hotgigs.audit_seals),
                              'sealed', (SELECT coalesce(sum(s.entries), 0) FROM hotgigs.audit_seals s),
                              'last_root', (SELECT encode(s.root, 'hex') FROM hotgigs.audit_seals s ORDER BY s.seal DESC LIMIT 1),
                              'denied', (SELECT coalesce(sum(e.denied), 0) FROM entries e))
    UNION  ALL
    (SELECT 'erasure', e.erasure::text, jsonb_build_object('times', e.times, 'last', e.last)
     FROM   entries e
     WHERE  e.erasure IS NOT NULL
     ORDER  BY e.erasure);
    RETURN QUERY
    SELECT 'backup', 'archive',
           jsonb_build_object('mode', current_setting('archive_mode'), 'archived', b.archived_count,
                              'last_archived_at', b.last_archived_time AT TIME ZONE 'UTC', 'failed', b.failed_count,
                              'last_failed_at', b.last_failed_time AT TIME ZONE 'UTC')
    FROM   pg_catalog.pg_stat_archiver b;
END
$$;
COMMENT ON FUNCTION hotgigs.evidence() IS
    'Who may do what, and how well it is watched, for an auditor.';
REVOKE ALL ON FUNCTION hotgigs.evidence() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.evidence() TO hotgigs_service;

COMMIT;
