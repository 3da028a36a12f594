-- Retention: what has been kept long enough goes, in small batches.
--
-- Needs:  all tables, the functions of erasure (495), hotgigs.audit_redact() (490), hotgigs.audit_record() (491).
--
-- How old is old enough is the operator's to say. Rows that somebody has locked are left for the next batch, and so is all that
-- is about a user under a legal hold.

BEGIN;
SET LOCAL ROLE hotgigs_owner;

-- The oldest of what may go, without reading what stays.
CREATE INDEX applications_rejected_idx ON public.applications (last_updated_at) WHERE status = 'rejected';
CREATE INDEX users_abandoned_idx ON public.users (created_at)
    WHERE is_verified IS NOT TRUE AND last_login_at IS NULL;

-- Applications with all that belongs to them; the audit trail forgets their values.
CREATE FUNCTION hotgigs.retention_applications(given_ids uuid[])
RETURNS bigint
LANGUAGE plpgsql
SET search_path = ''
AS $$
DECLARE
    kinds text[];
    ids   uuid[];
    gone  bigint;
BEGIN
    SELECT array_agg(r.kind), array_agg(r.id) INTO kinds, ids
    FROM  (SELECT 'applications' AS kind, u.id FROM unnest(given_ids) AS u (id)
           UNION ALL SELECT 'interviews', i.id FROM public.interviews i WHERE i.application_id = ANY (given_ids)
           UNION ALL SELECT 'ai_interview_sessions', s.id FROM public.ai_interview_sessions s
                     WHERE s.application_id = ANY (given_ids)) r;
    PERFORM hotgigs.privacy_release('applications', given_ids);
    DELETE FROM public.applications a WHERE a.id = ANY (given_ids);
    GET DIAGNOSTICS gone = ROW_COUNT;
    PERFORM hotgigs.audit_redact(NULL, kinds, ids, false);
    RETURN gone;
END
$$;
COMMENT ON FUNCTION hotgigs.retention_applications(uuid[]) IS
    'Deletes applications with all that belongs to them; for hotgigs.retention_run() alone.';
REVOKE ALL ON FUNCTION hotgigs.retention_applications(uuid[]) FROM PUBLIC;

-- Which rows t of which table are due, with the time as $1; NULL: there is no such kind. What is about a user under a legal hold
-- is not.
CREATE FUNCTION hotgigs.retention_due(what text, OUT kind text, OUT age text, OUT due text)
LANGUAGE sql
IMMUTABLE
SET search_path = ''
AS $$
    SELECT r.kind, r.age, format('t.%I < $1 AND %s AND NOT EXISTS (SELECT FROM hotgigs.legal_holds h WHERE h.user_id = %s)',
                                 r.age, r.also, r.whose)
    FROM  (VALUES
        ('notifications', 'notifications', 'expires_at', 't.user_id', 'true'),
        ('events', 'analytics_events', 'created_at', 't.user_id', 'true'),
        ('emails', 'email_logs', 'created_at', 't.user_id', 'true'),
        ('rejected_applications', 'applications', 'last_updated_at',
         '(SELECT c.user_id FROM public.candidate_profiles c WHERE c.id = t.candidate_id)', 't.status = ''rejected'''),
        ('abandoned_users', 'users', 'created_at', 't.id',
         't.is_verified IS NOT TRUE AND t.last_login_at IS NULL AND t.email NOT LIKE ''erased-%@erased.invalid'' '
         'AND NOT EXISTS (SELECT FROM public.company_members m WHERE m.user_id = t.id) '
         'AND NOT EXISTS (SELECT FROM public.candidate_profiles c JOIN public.applications a ON a.candidate_id = c.id '
                         'WHERE c.user_id = t.id)')) AS r (what, kind, age, whose, also)
    WHERE r.what = retention_due.what
$$;
COMMENT ON FUNCTION hotgigs.retention_due(text) IS
    'Table, column of time and condition of the rows that are due; for hotgigs.retention_run() alone.';
REVOKE ALL ON FUNCTION hotgigs.retention_due(text) FROM PUBLIC;

CREATE FUNCTION hotgigs.retention_batch(what text, before timestamp, at_most integer, OUT removed bigint, OUT locked bigint)
LANGUAGE plpgsql
SET search_path = ''
AS $$
DECLARE
    rule record;
    ids  uuid[];
BEGIN
    SELECT r.* INTO rule FROM hotgigs.retention_due(what) r;
    IF rule.kind IS NULL THEN
        RAISE EXCEPTION 'what is none of notifications, events, emails, rejected_applications, abandoned_users'
            USING ERRCODE = 'HG005';
    END IF;
    EXECUTE format('SELECT ARRAY(SELECT t.id FROM public.%I t WHERE %s ORDER BY t.%I LIMIT $2 FOR UPDATE SKIP LOCKED)',
                   rule.kind, rule.due, rule.age)
    INTO ids USING before, at_most;
    CASE what
    WHEN 'rejected_applications' THEN
        PERFORM hotgigs.retention_applications(ids) WHERE cardinality(ids) > 0;
    WHEN 'abandoned_users' THEN
        PERFORM hotgigs.privacy_erase(u.id, true, false) FROM unnest(ids) AS u (id);
    ELSE
        EXECUTE format('DELETE FROM public.%I t WHERE t.id = ANY ($1)', rule.kind) USING ids;
        IF what = 'notifications' THEN
            PERFORM hotgigs.audit_redact(NULL, array_fill('notifications'::text, ARRAY[cardinality(ids)]), ids, false);
        END IF;
    END CASE;
    removed := cardinality(ids);
    locked := 0;
    IF removed < at_most THEN       -- what is due and still there was locked
        EXECUTE format('SELECT count(*) FROM public.%I t WHERE %s', rule.kind, rule.due) INTO locked USING before;
    END IF;
END
$$;
COMMENT ON FUNCTION hotgigs.retention_batch(text, timestamp, integer) IS
    'Removes a batch of rows that are due, past those that somebody has locked; for hotgigs.retention_run() alone.';
REVOKE ALL ON FUNCTION hotgigs.retention_batch(text, timestamp, integer) FROM PUBLIC;

-- DEFINER: it deletes in tables whose rows the service may not delete, and redacts the audit trail.
CREATE FUNCTION hotgigs.retention_run(what text, before timestamp, at_most integer)
RETURNS TABLE (removed bigint, is_done boolean, locked bigint)
LANGUAGE plpgsql
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
BEGIN
    IF at_most NOT BETWEEN 1 AND 10000 THEN
        RAISE EXCEPTION 'at_most is not between 1 and 10000' USING ERRCODE = 'HG005';
    END IF;
    SELECT b.removed, b.locked INTO removed, locked FROM hotgigs.retention_batch(what, before, at_most) b;
    is_done := removed < at_most;
    IF removed > 0 THEN
        PERFORM hotgigs.audit_record('event', 'retention.run', what, NULL, NULL,
                                     jsonb_build_object('before', before, 'removed', removed, 'locked', locked));
    END IF;
    RETURN NEXT;
END
$$;
COMMENT ON FUNCTION hotgigs.retention_run(text, timestamp, integer) IS
    'Removes a batch of what has been kept long enough.';
REVOKE ALL ON FUNCTION hotgigs.retention_run(text, timestamp, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.retention_run(text, timestamp, integer) TO hotgigs_service;

COMMIT;
