-- The trigger functions that several tables share. Those of one table stand in its file.
--
-- Needs:  schema hotgigs (002), the helpers (004). Once rows are written: the catalogue of privacy (006), users (101),
-- audit_logs (108).
-- Nobody needs EXECUTE to fire a trigger.

BEGIN;
SET LOCAL ROLE hotgigs_owner;

-- The row version of a table is its updated_at (api.md), so the time grows with each change, even
-- if the clock stands or goes back: now(), or the old time and one microsecond. It is now() and not
-- the running clock, as in the document's DEFAULT NOW(): rows changed together bear one time. What
-- a caller writes into the column is ignored, the service's UPDATE included (an INSERT keeps its
-- time, for import). A statement that changes nothing leaves the time as it is; *= compares the
-- stored bytes, so 1.0 and 1.00 differ.
--
-- An infinite time has no successor: after 'infinity' comes now(). Invoker's rights: it looks at OLD and NEW alone.
CREATE FUNCTION hotgigs.touch_updated_at()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = ''
AS $$
BEGIN
    NEW.updated_at := OLD.updated_at;
    IF NOT NEW *= OLD THEN
        NEW.updated_at := greatest(now() AT TIME ZONE 'UTC',
                                   nullif(OLD.updated_at, 'infinity') + interval '1 microsecond');
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION hotgigs.touch_updated_at() IS
    'Trigger: updated_at grows whenever something else in the row changed.';
REVOKE ALL ON FUNCTION hotgigs.touch_updated_at() FROM PUBLIC;

-- ---- The audit trail writes itself ---------------------------------------------------------------

-- Who acts, and what the trail is to know of it besides: from the settings that travel with a session's statements.
-- hotgigs.audit is {"ip": ..., "user_agent": ..., "request_id": ..., "action": ...} or a part of it: one setting, since
-- each costs every call of a session a fifteenth of its context, and reads, which are most, look at none.
-- Whatever they hold, it is no error: claims and an address that are none read as NULL, and so does a user who does
-- not exist (audit_logs.user_id is a foreign key); his id is kept in meta as actor. The lock keeps the user until the
-- entry's own check of the key, so that one who is being deleted is waited for, and then is one who does not exist.
--
-- No SET: its callers have one, and it cost as much again.
CREATE FUNCTION hotgigs.audit_context(op text, OUT actor uuid, OUT verb text, OUT address inet, OUT agent text,
                                      OUT meta jsonb)
LANGUAGE plpgsql
AS $$
DECLARE
    claimed uuid;
    given   pg_catalog.jsonb;
BEGIN
    BEGIN
        claimed := hotgigs.claimed_user_id();
    EXCEPTION
        WHEN data_exception THEN
            NULL;
    END;
    IF claimed IS NOT NULL THEN
        SELECT u.id INTO actor FROM public.users u WHERE u.id OPERATOR(pg_catalog.=) claimed FOR KEY SHARE;
    END IF;
    IF pg_catalog.current_setting('hotgigs.audit', true) OPERATOR(pg_catalog.<>) '' THEN
        BEGIN
            given := pg_catalog.current_setting('hotgigs.audit');
            address := given OPERATOR(pg_catalog.->>) 'ip';
        EXCEPTION
            WHEN data_exception THEN
                NULL;
        END;
    END IF;
    verb := pg_catalog.left(coalesce(given OPERATOR(pg_catalog.->>) 'action', op), 100);
    agent := given OPERATOR(pg_catalog.->>) 'user_agent';
    meta := pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
        'op', op,
        'role', coalesce(nullif(pg_catalog.current_setting('role'), 'none'), session_user),
        'txid', pg_catalog.pg_current_xact_id()::pg_catalog.text::pg_catalog.int8,
        'request_id', given OPERATOR(pg_catalog.->>) 'request_id',
        'actor', CASE WHEN actor IS NULL THEN claimed END));
END
$$;
COMMENT ON FUNCTION hotgigs.audit_context(text) IS
    'What the session says about who acts; for functions that write to the audit trail.';
REVOKE ALL ON FUNCTION hotgigs.audit_context(text) FROM PUBLIC;

-- Values as the trail may hold them: a secret as a marker that there is one, a large text as its length and hash. NULL
-- stays NULL. names, ways: the columns that the catalogue of privacy does not call plain.
CREATE FUNCTION hotgigs.audit_redacted(given jsonb, names text[], ways text[])
RETURNS jsonb
LANGUAGE plpgsql
IMMUTABLE
PARALLEL SAFE
SET search_path = ''
AS $$
DECLARE
    shown jsonb := '{}';
    value text;
BEGIN
    FOR i IN 1 .. cardinality(names) LOOP
        CONTINUE WHEN NOT given ? names[i];
        value := given ->> names[i];
        IF ways[i] = 'omit' THEN
            given := given - names[i];
        ELSIF value IS NOT NULL AND ways[i] = 'digest' THEN
            shown := shown || jsonb_build_object(names[i], jsonb_build_object(
                         'length', length(value), 'sha256', encode(sha256(convert_to(value, 'UTF8')), 'hex')));
        ELSIF value IS NOT NULL THEN
            shown := shown || jsonb_build_object(names[i], '(secret)');
        END IF;
    END LOOP;
    RETURN given || shown;
END
$$;
COMMENT ON FUNCTION hotgigs.audit_redacted(jsonb, text[], text[]) IS
    'Columns as the audit trail may hold them: secrets as a marker, large texts as length and hash.';
REVOKE ALL ON FUNCTION hotgigs.audit_redacted(jsonb, text[], text[]) FROM PUBLIC;

-- The audit trigger of every table that holds personal, tenant or money data: once a statement, with its rows as the
-- transition tables added and removed. An insert leaves its values, a delete those that were, an update the keys that
-- changed, both ways; _meta in new_values says op, role, transaction and request. Nothing is written if nothing
-- changed but the time of the last change and the two counters of a job, which say what other entries say. A sign-in
-- (users.last_login_at) is written: auditors ask for those.
--
-- created_at is the running clock, unlike the document's DEFAULT: entries of one transaction keep their order, and so
-- do those of two that waited for each other's row.
--
-- How each query is written (microseconds a row of tasks on 15, which took 25 to insert and 30 to update without a
-- trail):
--   * added a with meta as one more column, and then to_jsonb: in one go, without a concatenation a row (14 an insert);
--   * two jsonb_each in step give the pairs of equal keys: jsonb keeps keys in one order (50 an update);
--   * FULL JOIN, although every row has its partner: it cannot become a nested loop, which the kept plan of a first
--     statement with one row would be for the next with 20,000; and a row that changed its id leaves two entries;
--   * a row that stayed as it was, byte for byte, is not taken apart (a fifth of what such an update cost);
--   * the ids of a statement's entries count on from one that is random (v4 to its look: 90 random bits, then a number): a random
--     one each took 2.4 microseconds to make and 4 to find its place in the primary key (an eighth of a bulk insert);
--   * a statement that touched no row ends at once. An upsert fires both triggers, one of them for nothing.
-- The list of entries that no seal covers yet gets one row a statement (490).
--
-- Definer: nobody who writes a table may write to the trail, or read the catalogue of privacy.
CREATE FUNCTION hotgigs.audit_change()
RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = ''
AS $$
DECLARE
    kind  CONSTANT text := TG_TABLE_NAME;
    at    CONSTANT timestamp := clock_timestamp() AT TIME ZONE 'UTC';
    ids   CONSTANT text := left(gen_random_uuid()::text, 28);
    who   record;
    names text[];
    ways  text[];
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM FROM removed LIMIT 1;
    ELSE
        PERFORM FROM added LIMIT 1;
    END IF;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    who := hotgigs.audit_context(lower(TG_OP));
    SELECT array_agg(p.column_name), array_agg(p.audit) INTO names, ways
    FROM   hotgigs.privacy_columns p
    WHERE  p.table_name = kind
    AND    p.audit <> 'plain';

    IF TG_OP = 'INSERT' THEN
        WITH written AS (
            INSERT INTO public.audit_logs (id, user_id, action, resource_type, resource_id, new_values, ip_address,
                                           user_agent, created_at)
            SELECT (ids || to_hex(x'10000000'::bigint + row_number() OVER ()))::uuid, who.actor, who.verb, kind, r.id,
                   CASE WHEN names IS NULL THEN to_jsonb(r) ELSE hotgigs.audit_redacted(to_jsonb(r), names, ways) END,
                   who.address, who.agent, at
            FROM   (SELECT a.*, who.meta AS _meta FROM added a) r
            RETURNING id)
        INSERT INTO hotgigs.audit_unsealed (txid, ids)
        SELECT pg_current_xact_id(), array_agg(id) FROM written HAVING count(*) > 0;
    ELSIF TG_OP = 'DELETE' THEN
        WITH written AS (
            INSERT INTO public.audit_logs (id, user_id, action, resource_type, resource_id, old_values, new_values,
                                           ip_address, user_agent, created_at)
            SELECT (ids || to_hex(x'10000000'::bigint + row_number() OVER ()))::uuid, who.actor, who.verb, kind, r.id,
                   CASE WHEN names IS NULL THEN to_jsonb(r) ELSE hotgigs.audit_redacted(to_jsonb(r), names, ways) END,
                   jsonb_build_object('_meta', who.meta), who.address, who.agent, at
            FROM   removed r
            RETURNING id)
        INSERT INTO hotgigs.audit_unsealed (txid, ids)
        SELECT pg_current_xact_id(), array_agg(id) FROM written HAVING count(*) > 0;
    ELSE
        WITH written AS (
            INSERT INTO public.audit_logs (id, user_id, action, resource_type, resource_id, old_values, new_values,
                                           ip_address, user_agent, created_at)
            SELECT (ids || to_hex(x'10000000'::bigint + row_number() OVER ()))::uuid, who.actor, who.verb, kind,
                   coalesce(n.id, o.id),
                   CASE WHEN names IS NULL THEN d.was ELSE hotgigs.audit_redacted(d.was, names, ways) END,
                   CASE WHEN names IS NULL THEN d.became ELSE hotgigs.audit_redacted(d.became, names, ways) END
                       || jsonb_build_object('_meta', who.meta),
                   who.address, who.agent, at
            FROM   removed o
            FULL   JOIN added n ON n.id = o.id
            CROSS  JOIN LATERAL (
                SELECT coalesce(jsonb_object_agg(e.key, e.was) FILTER (WHERE e.key IS NOT NULL), '{}') AS was,
                       coalesce(jsonb_object_agg(e.new_key, e.became) FILTER (WHERE e.new_key IS NOT NULL), '{}')
                           AS became,
                       bool_or(coalesce(e.key, e.new_key) NOT IN ('updated_at', 'last_updated_at', 'view_count',
                                                                  'application_count')) AS counts
                FROM   ROWS FROM (jsonb_each(to_jsonb(o)), jsonb_each(to_jsonb(n))) AS e (key, was, new_key, became)
                WHERE  e.was IS DISTINCT FROM e.became) d
            WHERE  (o *= n) IS NOT TRUE
            AND    d.counts
            RETURNING id)
        INSERT INTO hotgigs.audit_unsealed (txid, ids)
        SELECT pg_current_xact_id(), array_agg(id) FROM written HAVING count(*) > 0;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION hotgigs.audit_change() IS
    'Trigger: writes to the audit trail what a statement inserted, deleted or changed in a table.';
REVOKE ALL ON FUNCTION hotgigs.audit_change() FROM PUBLIC;

COMMIT;
