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

-- DEFINER: it deletes in tables whose rows the service may not delete, and redacts the audit trail.
CREATE FUNCTION hotgigs.retention_run(what text, before timestamp, at_most integer)
RETURNS TABLE (removed bigint, is_done boolean)
LANGUAGE plpgsql
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
DECLARE
    ids uuid[];
BEGIN
    IF at_most NOT BETWEEN 1 AND 10000 THEN
        RAISE EXCEPTION 'at_most is not between 1 and 10000' USING ERRCODE = 'HG005';
    END IF;
    CASE what
    WHEN 'notifications' THEN
        ids := ARRAY(SELECT n.id FROM public.notifications n WHERE n.expires_at < before
                     AND NOT EXISTS (SELECT FROM hotgigs.legal_holds h WHERE h.user_id = n.user_id)
                     ORDER BY n.expires_at LIMIT at_most FOR UPDATE SKIP LOCKED);
        DELETE FROM public.notifications n WHERE n.id = ANY (ids);
        PERFORM hotgigs.audit_redact(NULL, array_fill('notifications'::text, ARRAY[cardinality(ids)]), ids, false);
    WHEN 'events' THEN
        ids := ARRAY(SELECT e.id FROM public.analytics_events e WHERE e.created_at < before
                     AND NOT EXISTS (SELECT FROM hotgigs.legal_holds h WHERE h.user_id = e.user_id)
                     ORDER BY e.created_at LIMIT at_most FOR UPDATE SKIP LOCKED);
        DELETE FROM public.analytics_events e WHERE e.id = ANY (ids);
    WHEN 'emails' THEN
        ids := ARRAY(SELECT e.id FROM public.email_logs e WHERE e.created_at < before
                     AND NOT EXISTS (SELECT FROM hotgigs.legal_holds h WHERE h.user_id = e.user_id)
                     ORDER BY e.created_at LIMIT at_most FOR UPDATE SKIP LOCKED);
        DELETE FROM public.email_logs e WHERE e.id = ANY (ids);
    WHEN 'rejected_applications' THEN
        ids := ARRAY(SELECT a.id FROM public.applications a WHERE a.status = 'rejected' AND a.last_updated_at < before
                     AND NOT EXISTS (SELECT FROM public.candidate_profiles c JOIN hotgigs.legal_holds h ON h.user_id = c.user_id
                                     WHERE c.id = a.candidate_id)
                     ORDER BY a.last_updated_at LIMIT at_most FOR UPDATE SKIP LOCKED);
        PERFORM hotgigs.retention_applications(ids) WHERE cardinality(ids) > 0;
    WHEN 'abandoned_users' THEN
        ids := ARRAY(SELECT u.id FROM public.users u
                     WHERE u.created_at < before AND u.is_verified IS NOT TRUE AND u.last_login_at IS NULL
                     AND u.email NOT LIKE 'erased-%@erased.invalid'
                     AND NOT EXISTS (SELECT FROM hotgigs.legal_holds h WHERE h.user_id = u.id)
                     AND NOT EXISTS (SELECT FROM public.company_members m WHERE m.user_id = u.id)
                     AND NOT EXISTS (SELECT FROM public.candidate_profiles c JOIN public.applications a ON a.candidate_id = c.id
                                     WHERE c.user_id = u.id)
                     ORDER BY u.created_at LIMIT at_most FOR UPDATE SKIP LOCKED);
        PERFORM hotgigs.privacy_erase(u.id, true, false) FROM unnest(ids) AS u (id);
    ELSE
        RAISE EXCEPTION 'what is none of notifications, events, emails, rejected_applications, abandoned_users'
            USING ERRCODE = 'HG005';
    END CASE;
    removed := cardinality(ids);
    is_done := removed < at_most;
    IF removed > 0 THEN
        PERFORM hotgigs.audit_record('event', 'retention.run', what, NULL, NULL,
                                     jsonb_build_object('before', before, 'removed', removed));
    END IF;
    RETURN NEXT;
END
$$;
COMMENT ON FUNCTION hotgigs.retention_run(text, timestamp, integer) IS
    'Removes a batch of what has been kept long enough.';
REVOKE ALL ON FUNCTION hotgigs.retention_run(text, timestamp, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.retention_run(text, timestamp, integer) TO hotgigs_service;

COMMIT;
