-- Erasure: one person goes from all 25 tables and from the audit trail, in the caller's transaction.
--
-- Needs:  the catalogue of privacy (006), all tables, hotgigs.audit_redact() (490), hotgigs.audit_record() (491).
--
-- Nothing here lists columns: which rows are a person's, and what becomes of each column, is the catalogue's word
-- (sql/privacy/columns.txt), and who else refers to a row that goes is the foreign keys'. So a new column is erased as soon as
-- it has its line in the catalogue, without which nothing can be generated.
--
-- What others wrote in free text elsewhere, such as his name in a job's description, is not touched: no rule can tell whom it
-- means.

BEGIN;
SET LOCAL ROLE hotgigs_owner;

CREATE TABLE hotgigs.legal_holds (
    user_id uuid      PRIMARY KEY,
    reason  text      NOT NULL CHECK (reason <> ''),
    since   timestamp NOT NULL
);
COMMENT ON TABLE  hotgigs.legal_holds         IS 'Users whose data may not be erased for now, such as during a lawsuit.';
COMMENT ON COLUMN hotgigs.legal_holds.user_id IS 'The user.';
COMMENT ON COLUMN hotgigs.legal_holds.reason  IS 'Why.';
COMMENT ON COLUMN hotgigs.legal_holds.since   IS 'Since when, UTC.';
-- No grants: the functions below read and write it.

-- Which mails went to the address of somebody who was erased?
CREATE INDEX email_logs_recipient_email_idx ON public.email_logs (recipient_email);

-- ---- Whose rows ----------------------------------------------------------------------------------------------------

-- A path of the catalogue as a condition on the row t: "candidate_id > candidate_profiles.user_id" becomes
-- t.candidate_id = ANY (ARRAY(SELECT s.id FROM public.candidate_profiles s WHERE s.user_id = $1)). Arrays, since each is
-- computed once and then found by index.
CREATE FUNCTION hotgigs.privacy_condition(subject text)
RETURNS text
LANGUAGE plpgsql
IMMUTABLE
SET search_path = ''
AS $$
DECLARE
    way   text;
    steps text[];
    found text;
    ways  text[] := '{}';
BEGIN
    FOREACH way IN ARRAY string_to_array(subject, ' | ') LOOP
        IF way LIKE '% = %' THEN
            found := split_part(way, ' = ', 2);
            found := format('t.%I = (SELECT s.%I FROM public.%I s WHERE s.id = $1)', split_part(way, ' = ', 1),
                            split_part(found, '.', 2), split_part(found, '.', 1));
        ELSE
            steps := string_to_array(way, ' > ');
            found := '$1';
            FOR i IN REVERSE cardinality(steps) .. 2 LOOP
                found := format('ANY (ARRAY(SELECT s.id FROM public.%I s WHERE s.%I = %s))', split_part(steps[i], '.', 1),
                                split_part(steps[i], '.', 2), found);
            END LOOP;
            found := format('t.%I = %s', steps[1], found);
        END IF;
        ways := ways || found;
    END LOOP;
    RETURN array_to_string(ways, ' OR ');
END
$$;
COMMENT ON FUNCTION hotgigs.privacy_condition(text) IS
    'A path of the privacy catalogue as a condition on the row t, with the user as $1.';
REVOKE ALL ON FUNCTION hotgigs.privacy_condition(text) FROM PUBLIC;

-- Which rows t of a table have to be kept, without what is personal in them: NULL, or a condition.
CREATE FUNCTION hotgigs.privacy_kept(table_name text)
RETURNS text
LANGUAGE sql
IMMUTABLE
SET search_path = ''
AS $$
    SELECT CASE table_name
        WHEN 'referrals' THEN 't.commission_status IN (''approved'', ''paid'')'
        WHEN 'freelance_recruiters' THEN 'EXISTS (SELECT FROM public.referrals r WHERE r.recruiter_id = t.id '
                                         'AND r.commission_status IN (''approved'', ''paid''))'
    END
$$;
COMMENT ON FUNCTION hotgigs.privacy_kept(text) IS
    'Which rows of a table erasure has to keep, since the law asks for them: a condition on t, or NULL.';
REVOKE ALL ON FUNCTION hotgigs.privacy_kept(text) FROM PUBLIC;

-- All rows of a person, children after their parents by depth; the audit trail, which has a door of its own, left out. Also
-- what others were told about his applications. One statement for all tables: parsed and planned in half the time of twenty.
CREATE FUNCTION hotgigs.privacy_rows(subject uuid)
RETURNS TABLE (kind text, action text, depth integer, id uuid, is_kept boolean)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
ROWS 100
SET search_path = ''
AS $$
DECLARE
    query text;
BEGIN
    SELECT string_agg(format('SELECT %L::text, %L::text, %s, t.id, %s FROM public.%I t WHERE %s', t.table_name, t.action,
                             length(t.subject) - length(replace(t.subject, '>', '')),
                             coalesce(hotgigs.privacy_kept(t.table_name), 'false'), t.table_name,
                             hotgigs.privacy_condition(t.subject)), ' UNION ALL ' ORDER BY t.table_name)
    INTO   query
    FROM  (SELECT DISTINCT p.table_name, p.subject, p.action FROM hotgigs.privacy_columns p
           WHERE p.action IN ('delete', 'scrub')) t;
    RETURN QUERY EXECUTE query USING subject;
    RETURN QUERY
    WITH his AS (
        SELECT a.id, a.job_id, a.referrer_id
        FROM   public.candidate_profiles c
        JOIN   public.applications a ON a.candidate_id = c.id
        WHERE  c.user_id = subject
    ), told AS (
        SELECT m.user_id FROM his h JOIN public.jobs j ON j.id = h.job_id
        JOIN   public.company_members m ON m.company_id = j.company_id
        UNION  SELECT h.referrer_id FROM his h
        UNION  SELECT i.interviewer_id FROM his h JOIN public.interviews i ON i.application_id = h.id
    )
    SELECT 'notifications', 'delete', 0, n.id, false
    FROM   public.notifications n
    WHERE  n.user_id = ANY (ARRAY(SELECT w.user_id FROM told w WHERE w.user_id <> subject))
    AND    (n.data ->> 'application_id' IN (SELECT h.id::text FROM his h)
            OR n.data ->> 'interview_id' IN (SELECT i.id::text FROM his h
                                             JOIN public.interviews i ON i.application_id = h.id));
END
$$;
COMMENT ON FUNCTION hotgigs.privacy_rows(uuid) IS
    'The rows of all tables that are about this user, with what erasure does to them.';
REVOKE ALL ON FUNCTION hotgigs.privacy_rows(uuid) FROM PUBLIC;

-- ---- What erasure is made of -----------------------------------------------------------------------------------------

-- Locks the user, and refuses what has to be settled first.
CREATE FUNCTION hotgigs.privacy_may_erase(subject uuid)
RETURNS void
LANGUAGE plpgsql
SET search_path = ''
AS $$
BEGIN
    PERFORM FROM public.users u WHERE u.id = subject FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such user' USING ERRCODE = 'HG001';
    END IF;
    PERFORM FROM hotgigs.legal_holds h WHERE h.user_id = subject FOR UPDATE;
    IF FOUND THEN
        RAISE EXCEPTION 'a legal hold keeps the data of this user' USING ERRCODE = 'HG014';
    END IF;
    PERFORM hotgigs.lock_admins(m.company_id)
    FROM   public.company_members m
    WHERE  m.user_id = subject AND m.role = 'admin'
    ORDER  BY m.company_id;
    IF EXISTS (SELECT FROM public.company_members m
               WHERE  m.user_id = subject AND m.role = 'admin' AND m.is_active AND m.joined_at IS NOT NULL
               AND    NOT EXISTS (SELECT FROM public.company_members o
                                  JOIN   public.users u ON u.id = o.user_id
                                  WHERE  o.company_id = m.company_id AND o.user_id <> subject AND o.role = 'admin'
                                  AND    o.is_active AND o.joined_at IS NOT NULL AND u.is_active)) THEN
        RAISE EXCEPTION 'this user is the last admin of a company: appoint another, or close it' USING ERRCODE = 'HG012';
    END IF;
END
$$;
COMMENT ON FUNCTION hotgigs.privacy_may_erase(uuid) IS
    'Locks a user for erasure; refuses one who is not there, is under a legal hold, or a company''s last admin.';
REVOKE ALL ON FUNCTION hotgigs.privacy_may_erase(uuid) FROM PUBLIC;

-- The addresses of files in these rows: what is stored elsewhere, and the caller has to delete.
CREATE FUNCTION hotgigs.privacy_files(kind text, ids uuid[])
RETURNS jsonb
LANGUAGE plpgsql
STABLE
SET search_path = ''
AS $$
DECLARE
    c     record;
    found jsonb;
    files jsonb := '[]';
BEGIN
    FOR c IN SELECT p.column_name FROM hotgigs.privacy_columns p
             WHERE p.table_name = kind AND p.class IN ('identity', 'profile', 'content')
             AND   (p.column_name LIKE '%\_url' OR p.column_name = 'additional_documents')
             ORDER BY p.column_name LOOP
        EXECUTE format('SELECT jsonb_agg(jsonb_build_object(''table'', %L::text, ''id'', t.id, ''column'', %L::text, '
                       '''value'', t.%I) ORDER BY t.id) '
                       'FROM public.%I t WHERE t.id = ANY ($1) AND t.%I::text NOT IN ('''', ''[]'', ''{}'', ''null'')',
                       kind, c.column_name, c.column_name, kind, c.column_name)
        INTO found
        USING ids;
        files := files || coalesce(found, '[]');
    END LOOP;
    RETURN files;
END
$$;
COMMENT ON FUNCTION hotgigs.privacy_files(text, uuid[]) IS
    'The addresses of files in these rows, as an array of table, id, column and value.';
REVOKE ALL ON FUNCTION hotgigs.privacy_files(text, uuid[]) FROM PUBLIC;

-- Changes rows that stay as the catalogue says. Gives how many.
CREATE FUNCTION hotgigs.privacy_scrub(kind text, ids uuid[], subject uuid, hard boolean)
RETURNS bigint
LANGUAGE plpgsql
SET search_path = ''
AS $$
DECLARE
    assignments text;
    changed     bigint := 0;
BEGIN
    SELECT string_agg(format('%I = ', p.column_name) || CASE p.erasure
               WHEN 'null' THEN 'NULL'
               WHEN 'empty' THEN CASE WHEN a.atttypid = 'jsonb'::regtype THEN '''{}''' ELSE '''''' END
               WHEN 'false' THEN 'false'
               WHEN 'pseudonym' THEN format('%L', 'erased-' || privacy_scrub.subject || '@erased.invalid')
               WHEN 'link' THEN format('nullif(%I, %L)', p.column_name, privacy_scrub.subject) END, ', ')
    INTO   assignments
    FROM   hotgigs.privacy_columns p
    JOIN   pg_catalog.pg_attribute a ON a.attrelid = format('public.%I', kind)::regclass AND a.attname = p.column_name
    WHERE  p.table_name = kind
    AND    (p.erasure IN ('null', 'empty', 'false', 'pseudonym') OR (p.erasure = 'link' AND hard));
    IF assignments IS NOT NULL THEN
        EXECUTE format('UPDATE public.%I SET %s WHERE id = ANY ($1)', kind, assignments) USING ids;
        GET DIAGNOSTICS changed = ROW_COUNT;
    END IF;
    RETURN changed;
END
$$;
COMMENT ON FUNCTION hotgigs.privacy_scrub(text, uuid[], uuid, boolean) IS
    'Empties the columns of these rows that the privacy catalogue calls personal.';
REVOKE ALL ON FUNCTION hotgigs.privacy_scrub(text, uuid[], uuid, boolean) FROM PUBLIC;

-- Lets go of rows that are about to be deleted: every reference to them that would forbid it (ON DELETE NO ACTION) becomes
-- NULL. The audit trail's is audit_redact()'s. First one statement finds where there are any, mostly nowhere: an UPDATE of
-- nothing fires triggers, too.
CREATE FUNCTION hotgigs.privacy_release(kind text, ids uuid[])
RETURNS void
LANGUAGE plpgsql
SET search_path = ''
AS $$
DECLARE
    query text;
    k     record;
BEGIN
    SELECT string_agg(format('SELECT %L::text AS table_name, %L::text AS column_name '
                             'WHERE EXISTS (SELECT FROM public.%I t WHERE t.%I = ANY ($1))',
                             r.relname, a.attname, r.relname, a.attname), ' UNION ALL ' ORDER BY r.relname, a.attname)
    INTO   query
    FROM   pg_catalog.pg_constraint c
    JOIN   pg_catalog.pg_class r ON r.oid = c.conrelid
    JOIN   pg_catalog.pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    WHERE  c.contype = 'f' AND c.confdeltype IN ('a', 'r')
    AND    c.confrelid = format('public.%I', kind)::regclass
    AND    r.relname <> 'audit_logs';
    IF query IS NOT NULL THEN
        FOR k IN EXECUTE query USING ids LOOP
            EXECUTE format('UPDATE public.%I SET %I = NULL WHERE %I = ANY ($1)', k.table_name, k.column_name, k.column_name)
            USING ids;
        END LOOP;
    END IF;
END
$$;
COMMENT ON FUNCTION hotgigs.privacy_release(text, uuid[]) IS
    'Sets to NULL what refers to these rows and would forbid that they are deleted.';
REVOKE ALL ON FUNCTION hotgigs.privacy_release(text, uuid[]) FROM PUBLIC;

-- ---- Erasure -----------------------------------------------------------------------------------------------------------

-- The deed itself, once it is known that it may be done. Children go before their parents.
CREATE FUNCTION hotgigs.privacy_erase_rows(subject uuid, hard boolean)
RETURNS TABLE (deleted jsonb, changed jsonb, kept jsonb, files jsonb, task_ids uuid[], audit_entries bigint)
LANGUAGE plpgsql
ROWS 1
SET search_path = ''
AS $$
DECLARE
    kinds text[] := '{}';
    ids   uuid[] := '{}';
    g     record;
    n     bigint;
BEGIN
    deleted := '{}';
    changed := '{}';
    kept    := '[]';
    files   := '[]';
    WITH handed_back AS (
        UPDATE public.tasks t SET assigned_to = NULL
        WHERE  t.assigned_to = subject AND t.status IS DISTINCT FROM 'completed' AND t.status IS DISTINCT FROM 'cancelled'
        RETURNING t.id)
    SELECT coalesce(array_agg(h.id ORDER BY h.id), '{}') INTO task_ids FROM handed_back h;

    -- Where a row is deleted but for kept ones, those are scrubbed first, so that they do not go with a parent.
    FOR g IN SELECT r.kind, r.is_kept OR r.action = 'scrub' AND NOT (r.kind = 'users' AND hard) AS stays, max(r.depth) AS depth,
                    array_agg(DISTINCT r.id) AS ids,
                    coalesce(jsonb_agg(DISTINCT jsonb_build_object('table', r.kind, 'id', r.id, 'reason',
                                           'a commission was approved or paid: tax law asks for amounts and dates'))
                             FILTER (WHERE r.is_kept), '[]') AS kept
             FROM   hotgigs.privacy_rows(subject) r
             GROUP  BY 1, 2
             ORDER  BY 2 DESC, r.kind = 'users', 3 DESC, 1 LOOP
        kinds := kinds || array_fill(g.kind, ARRAY[cardinality(g.ids)]);
        ids := ids || g.ids;
        kept := kept || g.kept;
        files := files || hotgigs.privacy_files(g.kind, g.ids);
        IF g.stays THEN
            n := hotgigs.privacy_scrub(g.kind, g.ids, subject, hard);
            changed := changed || jsonb_build_object(g.kind, n);
            CONTINUE;
        END IF;
        PERFORM hotgigs.privacy_release(g.kind, g.ids);
        IF g.kind = 'users' THEN
            audit_entries := hotgigs.privacy_redact(subject, kinds, ids, true);
        END IF;
        EXECUTE format('DELETE FROM public.%I WHERE id = ANY ($1)', g.kind) USING g.ids;
        GET DIAGNOSTICS n = ROW_COUNT;
        deleted := deleted || jsonb_build_object(g.kind, n);
    END LOOP;
    IF hard THEN
        -- What the deletion of the user itself has left.
        PERFORM hotgigs.audit_redact(subject, ARRAY['users'], ARRAY[subject], true);
    ELSE
        audit_entries := hotgigs.privacy_redact(subject, kinds, ids, false);
    END IF;
    RETURN NEXT;
END
$$;
COMMENT ON FUNCTION hotgigs.privacy_erase_rows(uuid, boolean) IS
    'Deletes and empties the rows of a user; for hotgigs.privacy_erase() alone.';
REVOKE ALL ON FUNCTION hotgigs.privacy_erase_rows(uuid, boolean) FROM PUBLIC;

-- The audit trail forgets these rows, and what of the person was deleted long ago: rows that were his, or his candidate's,
-- application's or recruiter's.
CREATE FUNCTION hotgigs.privacy_redact(subject uuid, kinds text[], ids uuid[], forget boolean)
RETURNS bigint
LANGUAGE plpgsql
SET search_path = ''
AS $$
DECLARE
    gone_kinds text[];
    gone_ids   uuid[];
BEGIN
    SELECT array_agg(d.kind), array_agg(d.id) INTO gone_kinds, gone_ids
    FROM  (SELECT array_agg(w.column_name) AS columns, array_agg(w.id) AS ids
           FROM  (SELECT 'user_id' AS column_name, subject AS id
                  UNION ALL
                  SELECT p.column_name, u.id
                  FROM   unnest(kinds, ids) AS u (kind, id)
                  JOIN  (VALUES ('candidate_profiles', 'candidate_id'), ('freelance_recruiters', 'recruiter_id'),
                                ('applications', 'application_id'), ('applications', 'related_application_id'))
                         AS p (kind, column_name) ON p.kind = u.kind) w) l
    CROSS  JOIN LATERAL hotgigs.audit_deleted(l.columns, l.ids) d;
    RETURN hotgigs.audit_redact(subject, kinds || gone_kinds, ids || gone_ids, forget);
END
$$;
COMMENT ON FUNCTION hotgigs.privacy_redact(uuid, text[], uuid[], boolean) IS
    'Redacts a person''s rows in the audit trail, those included that were deleted long ago.';
REVOKE ALL ON FUNCTION hotgigs.privacy_redact(uuid, text[], uuid[], boolean) FROM PUBLIC;

-- A dry run does all of it in a subtransaction that it then rolls back: its report is that of the deed.
--
-- DEFINER: it reads and writes every table, and the audit trail.
CREATE FUNCTION hotgigs.privacy_erase(subject uuid, hard boolean, dry_run boolean)
RETURNS TABLE (user_id uuid, mode text, erased_at timestamp, deleted jsonb, changed jsonb, kept jsonb, files jsonb, grants jsonb,
               task_ids uuid[], audit_entries bigint, ledger text)
LANGUAGE plpgsql
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
BEGIN
    user_id       := subject;
    mode          := CASE WHEN hard THEN 'delete' ELSE 'tombstone' END;
    erased_at     := date_trunc('second', clock_timestamp() AT TIME ZONE 'UTC');
    ledger        := to_char(erased_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') || ' ' || subject || ' ' || mode;
    PERFORM hotgigs.privacy_may_erase(subject);
    SELECT coalesce(jsonb_agg(jsonb_build_object('provider', o.provider, 'provider_user_id', o.provider_user_id)
                              ORDER BY o.provider, o.provider_user_id), '[]') INTO grants
    FROM   public.oauth_accounts o
    WHERE  o.user_id = subject;

    BEGIN
        SELECT * INTO deleted, changed, kept, files, task_ids, audit_entries FROM hotgigs.privacy_erase_rows(subject, hard);
        IF dry_run THEN
            RAISE EXCEPTION USING ERRCODE = 'HGDRY';
        END IF;
    EXCEPTION
        WHEN SQLSTATE 'HGDRY' THEN
            ledger := NULL;
    END;
    IF NOT dry_run THEN
        PERFORM hotgigs.audit_record('event', 'gdpr.erase', 'users', subject, NULL, jsonb_build_object(
                    'mode', mode, 'deleted', deleted, 'changed', changed, 'kept', jsonb_array_length(kept)));
    END IF;
    RETURN NEXT;
END
$$;
COMMENT ON FUNCTION hotgigs.privacy_erase(uuid, boolean, boolean) IS
    'Erases a user from all tables and the audit trail, and reports what was done; or only reports it.';
REVOKE ALL ON FUNCTION hotgigs.privacy_erase(uuid, boolean, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.privacy_erase(uuid, boolean, boolean) TO hotgigs_service;

-- ---- After a restore -------------------------------------------------------------------------------------------------

-- One line of the ledger again. A user who is not there, or has been erased since, is passed over.
CREATE FUNCTION hotgigs.privacy_replay(ledger text, since timestamp)
RETURNS TABLE (line integer, user_id uuid, mode text, outcome text)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = ''
AS $$
DECLARE
    lines CONSTANT text[] := string_to_array(coalesce(ledger, ''), E'\n');
    given text;
    parts text[];
BEGIN
    line := 0;
    -- What follows the last line feed is a line that was being written when the machine stopped: its erasure was never
    -- committed. Whoever wrote the next line has ended it with " torn".
    FOREACH given IN ARRAY lines[1 : cardinality(lines) - 1] LOOP
        line := line + 1;
        CONTINUE WHEN given LIKE '% torn';
        parts := regexp_match(given, '^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)Z ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}) (tombstone|delete)$');
        IF parts IS NULL THEN
            RAISE EXCEPTION 'line % of the ledger is none', line USING ERRCODE = 'HG005';
        END IF;
        CONTINUE WHEN parts[1]::timestamp < since;
        user_id := parts[2]::uuid;
        mode := parts[3];
        outcome := CASE WHEN NOT EXISTS (SELECT FROM public.users u WHERE u.id = user_id) THEN 'absent'
                        WHEN mode = 'tombstone'
                             AND EXISTS (SELECT FROM public.users u
                                         WHERE u.id = user_id AND u.email = 'erased-' || user_id || '@erased.invalid')
                        THEN 'erased before'
                        ELSE 'erased' END;
        IF outcome = 'erased' THEN
            PERFORM hotgigs.privacy_erase(user_id, mode = 'delete', false);
        END IF;
        RETURN NEXT;
    END LOOP;
END
$$;
COMMENT ON FUNCTION hotgigs.privacy_replay(text, timestamp) IS
    'Erases again, after a restore, who stands in the ledger of erasures.';
REVOKE ALL ON FUNCTION hotgigs.privacy_replay(text, timestamp) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.privacy_replay(text, timestamp) TO hotgigs_service;

-- ---- Legal holds -----------------------------------------------------------------------------------------------------

CREATE FUNCTION hotgigs.privacy_hold(subject uuid, why text)
RETURNS void
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = ''
AS $$
BEGIN
    PERFORM FROM public.users u WHERE u.id = subject FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such user' USING ERRCODE = 'HG001';
    END IF;
    IF why = '' THEN
        RAISE EXCEPTION 'the reason is empty' USING ERRCODE = 'HG005';
    END IF;
    IF why IS NULL THEN
        DELETE FROM hotgigs.legal_holds h WHERE h.user_id = subject;
    ELSE
        INSERT INTO hotgigs.legal_holds AS h (user_id, reason, since)
        VALUES (subject, why, clock_timestamp() AT TIME ZONE 'UTC')
        ON CONFLICT ON CONSTRAINT legal_holds_pkey DO UPDATE SET reason = excluded.reason;
    END IF;
    PERFORM hotgigs.audit_record('event', CASE WHEN why IS NULL THEN 'legal_hold.release' ELSE 'legal_hold.set' END, 'users',
                                 subject, NULL, NULL);
END
$$;
COMMENT ON FUNCTION hotgigs.privacy_hold(uuid, text) IS
    'Sets a legal hold on a user, or releases it if there is no reason.';
REVOKE ALL ON FUNCTION hotgigs.privacy_hold(uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.privacy_hold(uuid, text) TO hotgigs_service;

COMMIT;
