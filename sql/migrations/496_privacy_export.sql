-- Export: what is held about a user, as the parts of one JSON document.
--
-- Needs:  the catalogue of privacy (006), all tables, the functions of erasure (495), hotgigs.audit_record() (491).
--
-- Which columns are in it, and which of them are masked, is the catalogue's word.

BEGIN;
SET LOCAL ROLE hotgigs_owner;

-- ---- How a column is shown -----------------------------------------------------------------------------------------

-- Which rows t of a table are the person's alone, though they tell of others too: a condition, with the user as $1.
CREATE FUNCTION hotgigs.privacy_own(table_name text)
RETURNS text
LANGUAGE sql
IMMUTABLE
SET search_path = ''
AS $$
    SELECT CASE table_name
        WHEN 'referrals' THEN 't.recruiter_id = ANY (ARRAY(SELECT r.id FROM public.freelance_recruiters r WHERE r.user_id = $1))'
        WHEN 'audit_logs' THEN 't.resource_type = ''users'' AND t.resource_id = $1'
        ELSE 'true'
    END
$$;
COMMENT ON FUNCTION hotgigs.privacy_own(text) IS
    'Which rows of a table are a person''s alone, for columns that are masked in the others: a condition on t.';
REVOKE ALL ON FUNCTION hotgigs.privacy_own(text) FROM PUBLIC;

-- A column of t as the export shows it: times in UTC by RFC 3339, decimals exactly, as strings.
CREATE FUNCTION hotgigs.privacy_shown(column_name name, type oid, way text, own text)
RETURNS text
LANGUAGE sql
IMMUTABLE
SET search_path = ''
AS $$
    SELECT CASE way
        WHEN 'mask' THEN format('CASE WHEN t.%I IS NOT NULL THEN ''(masked)'' END', column_name)
        WHEN 'own'  THEN format('CASE WHEN t.%1$I IS NULL THEN NULL WHEN %2$s THEN to_json(%3$s) ELSE to_json(''(masked)''::text) END',
                                column_name, own, shown)
        ELSE shown
    END
    FROM (SELECT CASE type
        WHEN 'timestamp'::regtype THEN format('CASE WHEN isfinite(t.%1$I) AND t.%1$I >= ''0001-01-01'' THEN to_char(t.%1$I, '
                                              '''YYYY-MM-DD"T"HH24:MI:SS.US"Z"'') ELSE t.%1$I::text END', column_name)
        WHEN 'numeric'::regtype THEN format('t.%I::text', column_name)
        ELSE format('t.%I', column_name)
    END) AS plain (shown)
$$;
COMMENT ON FUNCTION hotgigs.privacy_shown(name, oid, text, text) IS
    'The SQL by which an export shows a column of the row t.';
REVOKE ALL ON FUNCTION hotgigs.privacy_shown(name, oid, text, text) FROM PUBLIC;

-- ---- JSON Resume -----------------------------------------------------------------------------------------------------

-- A text that JSON Resume takes for a URL (RFC 3986: a scheme, and no character that has to be escaped), else NULL.
CREATE FUNCTION hotgigs.privacy_as_url(given text)
RETURNS text
LANGUAGE sql
IMMUTABLE
SET search_path = ''
AS $$
    SELECT substring(given FROM '^[A-Za-z][A-Za-z0-9+.-]*:(?:[]A-Za-z0-9._~:/?#[@!$&''()*+,;=-]|%[0-9A-Fa-f]{2})+$')
$$;
COMMENT ON FUNCTION hotgigs.privacy_as_url(text) IS
    'A text, if it is a URL by RFC 3986; else NULL.';
REVOKE ALL ON FUNCTION hotgigs.privacy_as_url(text) FROM PUBLIC;

-- JSON Resume has days of the years 1000 to 2999.
CREATE FUNCTION hotgigs.privacy_as_date(given date)
RETURNS text
LANGUAGE sql
IMMUTABLE
SET search_path = ''
AS $$
    SELECT to_char(given::timestamp, 'YYYY-MM-DD') WHERE given BETWEEN '1000-01-01' AND '2999-12-31'
$$;
COMMENT ON FUNCTION hotgigs.privacy_as_date(date) IS
    'A day as JSON Resume has it; NULL: it has none such.';
REVOKE ALL ON FUNCTION hotgigs.privacy_as_date(date) FROM PUBLIC;

-- A profile in the form of JSON Resume, schema 1.0.0 (jsonresume.org). What a column holds that the schema does not take is
-- left out here, and stands in the tables.
CREATE FUNCTION hotgigs.privacy_resume(subject uuid)
RETURNS jsonb
LANGUAGE plpgsql
STABLE
SET search_path = ''
AS $$
BEGIN
    RETURN (
        SELECT jsonb_strip_nulls(jsonb_build_object(
            'basics', jsonb_build_object(
                'name', nullif(concat_ws(' ', nullif(u.first_name, ''), nullif(u.last_name, '')), ''), 'label', c.headline,
                'email', substring(u.email FROM '^[!-?A-~]+@[A-Za-z0-9.-]+$'), 'phone', u.phone,
                'image', hotgigs.privacy_as_url(u.profile_image_url), 'summary', c.summary,
                'url', hotgigs.privacy_as_url(coalesce(nullif(c.portfolio_url, ''), p.website_url)),
                'profiles', (SELECT jsonb_agg(jsonb_build_object('network', n.network, 'url', n.url) ORDER BY n.network)
                             FROM (VALUES ('GitHub', hotgigs.privacy_as_url(p.github_url)),
                                          ('LinkedIn', hotgigs.privacy_as_url(p.linkedin_url))) AS n (network, url)
                             WHERE n.url IS NOT NULL)),
            'work', coalesce((SELECT jsonb_agg(jsonb_build_object(
                        'name', e.company_name, 'position', e.job_title, 'startDate', hotgigs.privacy_as_date(e.start_date),
                        'endDate', hotgigs.privacy_as_date(e.end_date), 'location', e.location, 'summary', e.description,
                        'highlights', array_remove(e.achievements, NULL)) ORDER BY e.start_date DESC, e.id)
                     FROM public.candidate_experiences e WHERE e.candidate_id = c.id), '[]'),
            'education', coalesce((SELECT jsonb_agg(jsonb_build_object(
                        'institution', d.institution_name, 'area', d.field_of_study, 'studyType', d.degree,
                        'startDate', hotgigs.privacy_as_date(d.start_date), 'endDate', hotgigs.privacy_as_date(d.end_date),
                        'score', d.gpa::text) ORDER BY d.start_date DESC, d.id)
                     FROM public.candidate_education d WHERE d.candidate_id = c.id), '[]'),
            'skills', coalesce((SELECT jsonb_agg(jsonb_build_object(
                        'name', CASE jsonb_typeof(s.value) WHEN 'string' THEN s.value #>> '{}' ELSE s.value ->> 'name' END,
                        'level', s.value ->> 'level') ORDER BY s.place)
                     FROM jsonb_array_elements(CASE WHEN jsonb_typeof(c.skills) = 'array' THEN c.skills ELSE '[]' END)
                          WITH ORDINALITY AS s (value, place)
                     WHERE jsonb_typeof(s.value) = 'string' OR s.value ->> 'name' IS NOT NULL), '[]'),
            'languages', coalesce((SELECT jsonb_agg(jsonb_build_object(
                        'language', CASE jsonb_typeof(l.value) WHEN 'string' THEN l.value #>> '{}'
                                    ELSE coalesce(l.value ->> 'language', l.value ->> 'name') END,
                        'fluency', coalesce(l.value ->> 'fluency', l.value ->> 'level')) ORDER BY l.place)
                     FROM jsonb_array_elements(CASE WHEN jsonb_typeof(c.languages) = 'array' THEN c.languages ELSE '[]' END)
                          WITH ORDINALITY AS l (value, place)
                     WHERE jsonb_typeof(l.value) = 'string' OR coalesce(l.value ->> 'language', l.value ->> 'name') IS NOT NULL),
                     '[]')))
        FROM   public.users u
        JOIN   public.candidate_profiles c ON c.user_id = u.id
        LEFT   JOIN public.user_profiles p ON p.user_id = u.id
        WHERE  u.id = subject
        ORDER  BY c.created_at, c.id
        LIMIT  1);
END
$$;
COMMENT ON FUNCTION hotgigs.privacy_resume(uuid) IS
    'A candidate''s profile in the form of JSON Resume; NULL: he has none.';
REVOKE ALL ON FUNCTION hotgigs.privacy_resume(uuid) FROM PUBLIC;

-- ---- Who read it -----------------------------------------------------------------------------------------------------

-- Reads of a person's rows by others, as the audit trail has them: exports, and what was read by hg_audit_read(). The newest
-- thousand, since they are one member of the document. Who it was is another person's: the role alone is told.
CREATE FUNCTION hotgigs.privacy_disclosures(subject uuid)
RETURNS json
LANGUAGE plpgsql
STABLE
SET search_path = ''
AS $$
BEGIN
    RETURN (
        SELECT coalesce(json_agg(json_build_object(
                   'read_at', to_char(d.created_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'action', d.action, 'table', d.resource_type,
                   'id', d.resource_id, 'by', d.role) ORDER BY d.created_at, d.id), '[]')
        FROM (SELECT a.id, a.created_at, a.action, a.resource_type, a.resource_id, a.new_values #>> '{_meta,role}' AS role
              FROM   (SELECT r.kind, r.id FROM hotgigs.privacy_rows(subject) r
                      WHERE  r.kind NOT IN ('notifications', 'analytics_events', 'email_logs')) AS his
              JOIN   public.audit_logs a ON a.resource_type = his.kind AND a.resource_id = his.id
              WHERE  a.new_values #>> '{_meta,op}' = 'read'
              AND    a.user_id IS DISTINCT FROM subject
              ORDER  BY a.created_at DESC, a.id DESC
              LIMIT  1000) AS d);
END
$$;
COMMENT ON FUNCTION hotgigs.privacy_disclosures(uuid) IS
    'Who else read a user''s rows, when and by which action, as the audit trail has it: an array.';
REVOKE ALL ON FUNCTION hotgigs.privacy_disclosures(uuid) FROM PUBLIC;

-- ---- The document ----------------------------------------------------------------------------------------------------

-- The parts of the document in their order: its members (table_name is NULL), and between them the tables' rows, of a table
-- without rows one whose item is NULL. item is JSON.
--
-- STABLE, so that all its queries read the snapshot of the one that calls it. The rows wait on the server, on its disk if
-- there are many.
CREATE FUNCTION hotgigs.privacy_parts(subject uuid, portable boolean)
RETURNS TABLE (table_name text, member text, item text)
LANGUAGE plpgsql
STABLE
ROWS 1000
SET search_path = ''
AS $$
DECLARE
    t record;
BEGIN
    RETURN QUERY VALUES
        (NULL, 'schema', '"hotgigs-export"'),
        (NULL, 'version', '1'),
        (NULL, 'user_id', to_json(subject)::text),
        (NULL, 'scope', CASE WHEN portable THEN '"portability"' ELSE '"access"' END),
        (NULL, 'generated_at', to_json(to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text);
    FOR t IN SELECT p.table_name AS name, p.subject,
                    string_agg(format('%L, ', p.column_name)
                               || hotgigs.privacy_shown(a.attname, a.atttypid, p.export, hotgigs.privacy_own(p.table_name)), ', '
                               ORDER BY a.attnum) AS shown
             FROM   hotgigs.privacy_columns p
             JOIN   pg_catalog.pg_attribute a ON a.attrelid = format('public.%I', p.table_name)::regclass
                                             AND a.attname = p.column_name
             WHERE  p.subject <> '-'
             AND    (p.export = 'yes' OR (p.export IN ('access', 'own', 'mask') AND NOT portable))
             GROUP  BY p.table_name, p.subject
             ORDER  BY p.table_name LOOP
        RETURN QUERY EXECUTE format('SELECT %L::text, NULL::text, json_build_object(%s)::text FROM public.%I t WHERE %s '
                                    'ORDER BY t.created_at, t.id', t.name, t.shown, t.name, hotgigs.privacy_condition(t.subject))
            USING subject;
        IF NOT FOUND THEN
            RETURN QUERY VALUES (t.name, NULL::text, NULL::text);
        END IF;
    END LOOP;
    IF NOT portable THEN
        RETURN QUERY VALUES (NULL, 'disclosures', hotgigs.privacy_disclosures(subject)::text);
    END IF;
    RETURN QUERY VALUES (NULL, 'resume', coalesce(hotgigs.privacy_resume(subject)::text, 'null'));
END
$$;
COMMENT ON FUNCTION hotgigs.privacy_parts(uuid, boolean) IS
    'What is held about a user, as the privacy catalogue lets it be shown to him, part by part.';
REVOKE ALL ON FUNCTION hotgigs.privacy_parts(uuid, boolean) FROM PUBLIC;

CREATE FUNCTION hotgigs.privacy_document(subject uuid, portable boolean)
RETURNS jsonb
LANGUAGE plpgsql
STABLE
SET search_path = ''
AS $$
BEGIN
    RETURN (
        WITH part AS MATERIALIZED (
            SELECT p.table_name, p.member, p.item, row_number() OVER () AS place
            FROM   hotgigs.privacy_parts(subject, portable) p
        ), tables AS (
            SELECT r.table_name, coalesce(jsonb_agg(r.item::jsonb ORDER BY r.place) FILTER (WHERE r.item IS NOT NULL), '[]') AS rows
            FROM   part r
            WHERE  r.table_name IS NOT NULL
            GROUP  BY r.table_name
        )
        SELECT jsonb_object_agg(m.member, m.item::jsonb)
               || jsonb_build_object('tables', (SELECT jsonb_object_agg(t.table_name, t.rows) FROM tables t))
        FROM   part m
        WHERE  m.table_name IS NULL);
END
$$;
COMMENT ON FUNCTION hotgigs.privacy_document(uuid, boolean) IS
    'What is held about a user as one document, in one piece.';
REVOKE ALL ON FUNCTION hotgigs.privacy_document(uuid, boolean) FROM PUBLIC;

-- ---- Exports ---------------------------------------------------------------------------------------------------------

-- Puts an export on record, and gives the entry's id. A user may have his own; the service, anybody's.
--
-- DEFINER: it asks for a user whom the caller may not see.
CREATE FUNCTION hotgigs.privacy_export_begin(subject uuid, portable boolean)
RETURNS uuid
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = ''
AS $$
BEGIN
    IF (current_setting('role') <> 'hotgigs_service' AND subject IS DISTINCT FROM hotgigs.my_user_id())
       OR NOT EXISTS (SELECT FROM public.users u WHERE u.id = subject) THEN
        RAISE EXCEPTION 'no such user' USING ERRCODE = 'HG001';
    END IF;
    RETURN hotgigs.audit_record('read', 'gdpr.export', 'users', subject, NULL, jsonb_build_object(
               'scope', CASE WHEN portable THEN 'portability' ELSE 'access' END));
END
$$;
COMMENT ON FUNCTION hotgigs.privacy_export_begin(uuid, boolean) IS
    'Writes to the audit trail that a user''s data is exported, and gives the entry''s id for privacy_export_rows().';
REVOKE ALL ON FUNCTION hotgigs.privacy_export_begin(uuid, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.privacy_export_begin(uuid, boolean)
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer, hotgigs_service;

-- The parts of an export that is on record: of one transaction before this one, whose rollback would take the entry away, and
-- not of yesterday's, which would be another export.
--
-- DEFINER: it reads every table, and the catalogue. STABLE: of one snapshot.
CREATE FUNCTION hotgigs.privacy_export_rows(entry uuid)
RETURNS TABLE (table_name text, member text, item text)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
ROWS 1000
SET search_path = ''
AS $$
DECLARE
    is_service CONSTANT boolean := current_setting('role') = 'hotgigs_service';
    export     record;
BEGIN
    SELECT a.resource_id AS subject, a.new_values ->> 'scope' = 'portability' AS portable, a.new_values #>> '{_meta,txid}' AS txid
    INTO   export
    FROM   public.audit_logs a
    WHERE  a.id = entry
    AND    a.action = 'gdpr.export'
    AND    a.created_at > clock_timestamp() AT TIME ZONE 'UTC' - interval '5 minutes'
    AND    (a.new_values #>> '{_meta,role}' = 'hotgigs_service') = is_service
    AND    (is_service OR (a.user_id = a.resource_id AND a.resource_id = hotgigs.my_user_id()));
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such export' USING ERRCODE = 'HG001';
    END IF;
    IF export.txid = pg_current_xact_id_if_assigned()::text THEN
        RAISE EXCEPTION 'the export is on record only when the transaction that began it has been committed'
            USING ERRCODE = 'HG012';
    END IF;
    RETURN QUERY SELECT p.table_name, p.member, p.item FROM hotgigs.privacy_parts(export.subject, coalesce(export.portable, false)) p;
END
$$;
COMMENT ON FUNCTION hotgigs.privacy_export_rows(uuid) IS
    'The parts of the document whose export privacy_export_begin() put on record.';
REVOKE ALL ON FUNCTION hotgigs.privacy_export_rows(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.privacy_export_rows(uuid)
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer, hotgigs_service;

-- The document in one piece, for a person with few rows.
--
-- DEFINER: as the two above.
CREATE FUNCTION hotgigs.privacy_export(subject uuid, portable boolean)
RETURNS jsonb
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = ''
AS $$
BEGIN
    PERFORM hotgigs.privacy_export_begin(subject, portable);
    RETURN hotgigs.privacy_document(subject, portable);
END
$$;
COMMENT ON FUNCTION hotgigs.privacy_export(uuid, boolean) IS
    'What is held about a user, as one document; leaves an entry in the audit trail.';
REVOKE ALL ON FUNCTION hotgigs.privacy_export(uuid, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.privacy_export(uuid, boolean)
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer, hotgigs_service;

COMMIT;
