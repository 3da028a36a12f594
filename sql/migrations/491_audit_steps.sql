-- The audit trail: what the application writes to it itself, and who reads what of it.
--
-- Needs:  audit_logs (108), audit_context (005), the tables that lead from a row to its company.

BEGIN;
SET LOCAL ROLE hotgigs_owner;

-- An entry of the application's own, about whoever acts. op: event; read, of something that not everybody may know;
-- denied, an attempt that was refused. No session can pass one of these off as a change of a row, or as somebody
-- else's deed.
CREATE FUNCTION hotgigs.audit_record(op text, action text, resource_type text, resource_id uuid, old_values jsonb,
                                     new_values jsonb)
RETURNS uuid
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = ''
AS $$
DECLARE
    most CONSTANT integer := 65536;
    who  record;
    made uuid;
BEGIN
    IF op NOT IN ('event', 'read', 'denied') THEN
        RAISE EXCEPTION 'op is none of event, read, denied' USING ERRCODE = 'HG005';
    END IF;
    IF length(action) NOT BETWEEN 1 AND 100 THEN
        RAISE EXCEPTION 'action is empty or longer than 100 characters' USING ERRCODE = 'HG005';
    END IF;
    IF length(resource_type) NOT BETWEEN 1 AND 100 THEN
        RAISE EXCEPTION 'resource_type is empty or longer than 100 characters' USING ERRCODE = 'HG005';
    END IF;
    IF jsonb_typeof(old_values) <> 'object' OR jsonb_typeof(new_values) <> 'object' THEN
        RAISE EXCEPTION 'the values are not an object' USING ERRCODE = 'HG005';
    END IF;
    IF octet_length(old_values::text) > most OR octet_length(new_values::text) > most THEN
        RAISE EXCEPTION 'the values are longer than 64 kB' USING ERRCODE = 'HG005';
    END IF;

    who := hotgigs.audit_context(op);
    INSERT INTO public.audit_logs (user_id, action, resource_type, resource_id, old_values, new_values, ip_address,
                                   user_agent, created_at)
    VALUES (who.actor, coalesce(action, who.verb), resource_type, resource_id, old_values,
            coalesce(new_values, '{}') || jsonb_build_object('_meta', who.meta), who.address, who.agent,
            clock_timestamp() AT TIME ZONE 'UTC')
    RETURNING id INTO made;
    INSERT INTO hotgigs.audit_unsealed (txid, ids) VALUES (pg_current_xact_id(), ARRAY[made]);
    RETURN made;
END
$$;
COMMENT ON FUNCTION hotgigs.audit_record(text, text, text, uuid, jsonb, jsonb) IS
    'Writes an event, a read or a refused attempt to the audit trail, as done by the caller.';
REVOKE ALL ON FUNCTION hotgigs.audit_record(text, text, text, uuid, jsonb, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.audit_record(text, text, text, uuid, jsonb, jsonb)
    TO hotgigs_anon, hotgigs_candidate, hotgigs_company, hotgigs_freelancer, hotgigs_service;

-- The company that a row belongs to, or belonged to when it was deleted; NULL: none.
CREATE FUNCTION hotgigs.audit_company(resource_type text, resource_id uuid)
RETURNS uuid
LANGUAGE plpgsql
STABLE
SET search_path = ''
AS $$
DECLARE
    found uuid;
    gone  jsonb;
BEGIN
    found := CASE resource_type
        WHEN 'companies'       THEN (SELECT c.id FROM public.companies c WHERE c.id = resource_id)
        WHEN 'company_members' THEN (SELECT m.company_id FROM public.company_members m WHERE m.id = resource_id)
        WHEN 'jobs'            THEN (SELECT j.company_id FROM public.jobs j WHERE j.id = resource_id)
        WHEN 'tasks'           THEN (SELECT t.company_id FROM public.tasks t WHERE t.id = resource_id)
        WHEN 'job_skills'      THEN (SELECT j.company_id FROM public.job_skills s JOIN public.jobs j ON j.id = s.job_id
                                     WHERE s.id = resource_id)
        WHEN 'applications'    THEN (SELECT j.company_id FROM public.applications a
                                     JOIN public.jobs j ON j.id = a.job_id WHERE a.id = resource_id)
        WHEN 'interviews'      THEN (SELECT j.company_id FROM public.interviews i
                                     JOIN public.applications a ON a.id = i.application_id
                                     JOIN public.jobs j ON j.id = a.job_id WHERE i.id = resource_id)
        WHEN 'referrals'       THEN (SELECT j.company_id FROM public.referrals r JOIN public.jobs j ON j.id = r.job_id
                                     WHERE r.id = resource_id)
    END;
    IF found IS NULL AND resource_type IN ('company_members', 'jobs', 'tasks', 'job_skills', 'applications',
                                           'interviews', 'referrals') THEN
        SELECT a.old_values INTO gone
        FROM   public.audit_logs a
        WHERE  a.resource_type = audit_company.resource_type
        AND    a.resource_id = audit_company.resource_id
        AND    a.new_values #>> '{_meta,op}' = 'delete'
        ORDER  BY a.created_at DESC
        LIMIT  1;
        found := coalesce(gone ->> 'company_id',
                          (SELECT j.company_id::text FROM public.jobs j WHERE j.id = (gone ->> 'job_id')::uuid),
                          (SELECT j.company_id::text FROM public.applications a JOIN public.jobs j ON j.id = a.job_id
                           WHERE a.id = (gone ->> 'application_id')::uuid))::uuid;
    END IF;
    RETURN found;
END
$$;
COMMENT ON FUNCTION hotgigs.audit_company(text, uuid) IS
    'The company that a row belongs to, or belonged to when it was deleted.';
REVOKE ALL ON FUNCTION hotgigs.audit_company(text, uuid) FROM PUBLIC;

-- The entries about one row, oldest first. The service sees all of them; admins of the company that the row belongs
-- to see who did what and which columns it touched, without values and addresses; to others there are none.
CREATE FUNCTION hotgigs.audit_history(kind text, resource uuid, after_created_at timestamp, after_id uuid,
                                      at_most integer)
RETURNS TABLE (id uuid, created_at timestamp, action text, op text, actor_id uuid, actor_first_name text,
               actor_last_name text, role text, changed text[], old_values jsonb, new_values jsonb, ip_address inet,
               user_agent text, request_id text, txid bigint)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
SET search_path = ''
AS $$
#variable_conflict use_column
DECLARE
    all_of_it CONSTANT boolean := current_setting('role') = 'hotgigs_service';
BEGIN
    IF NOT all_of_it
       AND NOT coalesce(hotgigs.audit_company(kind, resource) = ANY (ARRAY(SELECT hotgigs.my_companies('admin'))),
                        false) THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT a.id, a.created_at, a.action::text, a.new_values #>> '{_meta,op}',
           coalesce(a.user_id, (a.new_values #>> '{_meta,actor}')::uuid), u.first_name::text, u.last_name::text,
           a.new_values #>> '{_meta,role}',
           ARRAY(SELECT k.key FROM jsonb_object_keys(CASE WHEN jsonb_typeof(a.new_values - '_meta') = 'object'
                                                          AND a.new_values - '_meta' <> '{}' THEN a.new_values - '_meta'
                                                          WHEN jsonb_typeof(a.old_values) = 'object' THEN a.old_values
                                                          ELSE '{}' END) AS k (key)),
           CASE WHEN all_of_it THEN a.old_values END,
           CASE WHEN all_of_it THEN a.new_values - '_meta' END,
           CASE WHEN all_of_it THEN a.ip_address END,
           CASE WHEN all_of_it THEN a.user_agent END,
           a.new_values #>> '{_meta,request_id}',
           (a.new_values #>> '{_meta,txid}')::bigint
    FROM   public.audit_logs a
    LEFT   JOIN public.users u ON u.id = a.user_id
    WHERE  a.resource_type = kind
    AND    a.resource_id = resource
    AND    (after_created_at IS NULL OR (a.created_at, a.id) > (after_created_at, after_id))
    ORDER  BY a.created_at, a.id
    LIMIT  at_most;
END
$$;
COMMENT ON FUNCTION hotgigs.audit_history(text, uuid, timestamp, uuid, integer) IS
    'What happened to one row, oldest first; without values for the admins of its company.';
REVOKE ALL ON FUNCTION hotgigs.audit_history(text, uuid, timestamp, uuid, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.audit_history(text, uuid, timestamp, uuid, integer)
    TO hotgigs_company, hotgigs_service;

COMMIT;
