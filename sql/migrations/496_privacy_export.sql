-- Export: what is held about a user, as one JSON document.
--
-- Needs:  the catalogue of privacy (006), all tables, the functions of erasure (495), hotgigs.audit_record() (491).
--
-- Which columns are in it is the catalogue's word: what would show other people, and secrets, is left out.

BEGIN;
SET LOCAL ROLE hotgigs_owner;

-- A column of t as the export shows it: times in UTC by RFC 3339, decimals exactly, as strings.
CREATE FUNCTION hotgigs.privacy_shown(column_name name, type oid)
RETURNS text
LANGUAGE sql
IMMUTABLE
SET search_path = ''
AS $$
    SELECT CASE type
        WHEN 'timestamp'::regtype THEN format('CASE WHEN isfinite(t.%1$I) THEN to_char(t.%1$I, '
                                              '''YYYY-MM-DD"T"HH24:MI:SS.US"Z"'') ELSE t.%1$I::text END', column_name)
        WHEN 'numeric'::regtype THEN format('t.%I::text', column_name)
        ELSE format('t.%I', column_name)
    END
$$;
COMMENT ON FUNCTION hotgigs.privacy_shown(name, oid) IS
    'The SQL by which an export shows a column of the row t.';
REVOKE ALL ON FUNCTION hotgigs.privacy_shown(name, oid) FROM PUBLIC;

-- A profile in the form of JSON Resume, schema 1.0.0 (jsonresume.org).
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
                'name', nullif(concat_ws(' ', u.first_name, u.last_name), ''), 'label', c.headline, 'email', u.email,
                'phone', u.phone, 'image', u.profile_image_url, 'summary', c.summary, 'url', c.portfolio_url),
            'work', coalesce((SELECT jsonb_agg(jsonb_build_object(
                        'name', e.company_name, 'position', e.job_title, 'startDate', to_char(e.start_date, 'YYYY-MM-DD'),
                        'endDate', to_char(e.end_date, 'YYYY-MM-DD'), 'location', e.location, 'summary', e.description,
                        'highlights', e.achievements) ORDER BY e.start_date DESC, e.id)
                     FROM public.candidate_experiences e WHERE e.candidate_id = c.id), '[]'),
            'education', coalesce((SELECT jsonb_agg(jsonb_build_object(
                        'institution', d.institution_name, 'area', d.field_of_study, 'studyType', d.degree,
                        'startDate', to_char(d.start_date, 'YYYY-MM-DD'), 'endDate', to_char(d.end_date, 'YYYY-MM-DD'),
                        'score', d.gpa::text) ORDER BY d.start_date DESC, d.id)
                     FROM public.candidate_education d WHERE d.candidate_id = c.id), '[]'),
            'skills', coalesce((SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                        'name', coalesce(s.value ->> 'name', s.value #>> '{}'), 'level', s.value ->> 'level')) ORDER BY s.place)
                     FROM jsonb_array_elements(CASE WHEN jsonb_typeof(c.skills) = 'array' THEN c.skills ELSE '[]' END)
                          WITH ORDINALITY AS s (value, place)), '[]')))
        FROM   public.users u
        JOIN   public.candidate_profiles c ON c.user_id = u.id
        WHERE  u.id = subject
        ORDER  BY c.created_at, c.id
        LIMIT  1);
END
$$;
COMMENT ON FUNCTION hotgigs.privacy_resume(uuid) IS
    'A candidate''s profile in the form of JSON Resume; NULL: he has none.';
REVOKE ALL ON FUNCTION hotgigs.privacy_resume(uuid) FROM PUBLIC;

-- STABLE, so that all its queries read the snapshot of the one that calls it.
CREATE FUNCTION hotgigs.privacy_document(subject uuid, portable boolean)
RETURNS jsonb
LANGUAGE plpgsql
STABLE
SET search_path = ''
AS $$
DECLARE
    t      record;
    found  jsonb;
    tables jsonb := '{}';
BEGIN
    FOR t IN SELECT p.table_name, p.subject,
                    string_agg(format('%L, ', p.column_name) || hotgigs.privacy_shown(a.attname, a.atttypid), ', '
                               ORDER BY a.attnum) AS shown
             FROM   hotgigs.privacy_columns p
             JOIN   pg_catalog.pg_attribute a ON a.attrelid = format('public.%I', p.table_name)::regclass
                                             AND a.attname = p.column_name
             WHERE  p.subject <> '-'
             AND    (p.export = 'yes' OR (p.export = 'access' AND NOT portable))
             GROUP  BY p.table_name, p.subject
             ORDER  BY p.table_name LOOP
        EXECUTE format('SELECT jsonb_agg(jsonb_build_object(%s) ORDER BY t.created_at, t.id) FROM public.%I t WHERE %s', t.shown,
                       t.table_name, hotgigs.privacy_condition(t.subject))
        INTO found
        USING subject;
        tables := tables || jsonb_build_object(t.table_name, coalesce(found, '[]'));
    END LOOP;
    RETURN jsonb_build_object(
        'schema', 'hotgigs-export', 'version', 1, 'user_id', subject,
        'scope', CASE WHEN portable THEN 'portability' ELSE 'access' END,
        'generated_at', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'tables', tables, 'resume', hotgigs.privacy_resume(subject));
END
$$;
COMMENT ON FUNCTION hotgigs.privacy_document(uuid, boolean) IS
    'What is held about a user, as the privacy catalogue lets it be shown to him.';
REVOKE ALL ON FUNCTION hotgigs.privacy_document(uuid, boolean) FROM PUBLIC;

-- DEFINER: it reads every table, and the catalogue. A user may have his own; the service, anybody's.
CREATE FUNCTION hotgigs.privacy_export(subject uuid, portable boolean)
RETURNS jsonb
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = ''
AS $$
BEGIN
    IF (current_setting('role') <> 'hotgigs_service' AND subject IS DISTINCT FROM hotgigs.my_user_id())
       OR NOT EXISTS (SELECT FROM public.users u WHERE u.id = subject) THEN
        RAISE EXCEPTION 'no such user' USING ERRCODE = 'HG001';
    END IF;
    PERFORM hotgigs.audit_record('read', 'gdpr.export', 'users', subject, NULL, jsonb_build_object(
                'scope', CASE WHEN portable THEN 'portability' ELSE 'access' END));
    RETURN hotgigs.privacy_document(subject, portable);
END
$$;
COMMENT ON FUNCTION hotgigs.privacy_export(uuid, boolean) IS
    'What is held about a user, as one document; leaves an entry in the audit trail.';
REVOKE ALL ON FUNCTION hotgigs.privacy_export(uuid, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.privacy_export(uuid, boolean)
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer, hotgigs_service;

COMMIT;
