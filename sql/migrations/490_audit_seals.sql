-- The audit trail under seal: whoever changes, deletes, inserts or reorders entries behind the triggers' back, as the
-- owner even, is found out.
--
-- Needs:  audit_logs (108).
--
-- Entries are sealed in batches, outside the write path, by hotgigs.audit_seal(). Each sealed entry has a leaf: a
-- commitment (SHA-256) to each of four parts of it,
--
--     fixed     id, action, resource, time, _meta without actor; and the leaf's seal and place
--     identity  who did it: user_id, or else _meta.actor
--     network   ip_address, user_agent
--     payload   old_values, and new_values without _meta
--
-- and a link: the hash of the leaf before and of its own commitments. A seal's root is its last link, so each root
-- vouches for all before it. Whoever rewrites the chain to its end comes to another root, and cannot change the one
-- that was exported.
--
-- The last three parts are salted, by salts that stand in a table of their own. Erasure empties a part and deletes
-- its salt: the commitment stays and says nothing any more, since it cannot be guessed without the salt; the chain
-- stays whole, and the part reads as redacted. A part without salt that is not empty is a fault, so that redaction
-- hides no change.

BEGIN;
SET LOCAL ROLE hotgigs_owner;

CREATE TABLE hotgigs.audit_seals (
    seal      bigint    PRIMARY KEY CHECK (seal > 0),
    entries   integer   NOT NULL CHECK (entries > 0),
    root      bytea     NOT NULL,
    sealed_at timestamp NOT NULL
);
COMMENT ON TABLE  hotgigs.audit_seals           IS 'A batch of entries of the audit trail that was sealed.';
COMMENT ON COLUMN hotgigs.audit_seals.seal      IS 'Its number, from 1, without gaps.';
COMMENT ON COLUMN hotgigs.audit_seals.entries   IS 'How many entries it covers.';
COMMENT ON COLUMN hotgigs.audit_seals.root      IS 'The link of its last leaf: vouches for this batch and all before.';
COMMENT ON COLUMN hotgigs.audit_seals.sealed_at IS 'When it was sealed, UTC.';

CREATE TABLE hotgigs.audit_leaves (
    seal     bigint  NOT NULL,
    place    integer NOT NULL,
    entry_id uuid    NOT NULL UNIQUE,
    fixed    bytea,
    identity bytea,
    network  bytea,
    payload  bytea,
    link     bytea   NOT NULL,
    PRIMARY KEY (seal, place)
);
COMMENT ON TABLE  hotgigs.audit_leaves          IS 'What a seal knows of one entry of the audit trail.';
COMMENT ON COLUMN hotgigs.audit_leaves.seal     IS 'The seal.';
COMMENT ON COLUMN hotgigs.audit_leaves.place    IS 'The place in it, from 1.';
COMMENT ON COLUMN hotgigs.audit_leaves.entry_id IS 'The entry.';
COMMENT ON COLUMN hotgigs.audit_leaves.fixed    IS 'Commitment; NULL, like the next three: the entry was gone by then.';
COMMENT ON COLUMN hotgigs.audit_leaves.identity IS 'Commitment to who did it.';
COMMENT ON COLUMN hotgigs.audit_leaves.network  IS 'Commitment to address and user agent.';
COMMENT ON COLUMN hotgigs.audit_leaves.payload  IS 'Commitment to the values.';
COMMENT ON COLUMN hotgigs.audit_leaves.link     IS 'SHA-256 of the link before, the entry''s id and the commitments.';

CREATE TABLE hotgigs.audit_salts (
    entry_id uuid PRIMARY KEY,
    identity bytea,
    network  bytea,
    payload  bytea
);
COMMENT ON TABLE  hotgigs.audit_salts          IS 'Salts of the commitments; NULL: deleted with what it hid.';
COMMENT ON COLUMN hotgigs.audit_salts.entry_id IS 'The entry.';
COMMENT ON COLUMN hotgigs.audit_salts.identity IS 'Salt of that part; NULL: redacted.';
COMMENT ON COLUMN hotgigs.audit_salts.network  IS 'Salt of that part; NULL: redacted.';
COMMENT ON COLUMN hotgigs.audit_salts.payload  IS 'Salt of that part; NULL: redacted.';

-- One row, which whoever seals or redacts changes first: one of them at a time, and a transaction whose snapshot is
-- older than the other's work is told to try again (40001) rather than to go by what it sees.
CREATE TABLE hotgigs.audit_turn (
    one   boolean PRIMARY KEY DEFAULT true CHECK (one),
    turns bigint  NOT NULL
);
COMMENT ON TABLE  hotgigs.audit_turn       IS 'Whose turn it is to seal or redact.';
COMMENT ON COLUMN hotgigs.audit_turn.one   IS 'True: there is one row.';
COMMENT ON COLUMN hotgigs.audit_turn.turns IS 'How often there was one.';
INSERT INTO hotgigs.audit_turn (turns) VALUES (0);
-- No grants on any of the four: the functions below read and write them.

-- ---- What is committed to ---------------------------------------------------------------------------------------

-- The four parts of an entry. JSON, since its text does not depend on the session's settings. No SET: it is inlined.
CREATE FUNCTION hotgigs.audit_parts(entry public.audit_logs)
RETURNS TABLE (fixed jsonb, identity jsonb, network jsonb, payload jsonb)
LANGUAGE sql
STABLE
PARALLEL SAFE
ROWS 1
AS $$
    SELECT pg_catalog.jsonb_build_array(
               entry.id, entry.action, entry.resource_type, entry.resource_id, entry.created_at,
               CASE WHEN pg_catalog.jsonb_typeof(entry.new_values -> '_meta') OPERATOR(pg_catalog.=) 'object'
                    THEN nullif((entry.new_values -> '_meta') OPERATOR(pg_catalog.-) 'actor', '{}') END),
           pg_catalog.jsonb_build_array(coalesce(entry.user_id::pg_catalog.text,
                                                 entry.new_values OPERATOR(pg_catalog.#>>) '{_meta,actor}')),
           pg_catalog.jsonb_build_array(entry.ip_address, entry.user_agent),
           pg_catalog.jsonb_build_array(
               entry.old_values,
               CASE WHEN pg_catalog.jsonb_typeof(entry.new_values) OPERATOR(pg_catalog.=) 'object'
                    THEN nullif(entry.new_values OPERATOR(pg_catalog.-) '_meta', '{}') ELSE entry.new_values END)
$$;
COMMENT ON FUNCTION hotgigs.audit_parts(public.audit_logs) IS
    'The four parts of an entry of the audit trail that its leaf commits to.';
REVOKE ALL ON FUNCTION hotgigs.audit_parts(public.audit_logs) FROM PUBLIC;

-- No SET: it is inlined.
CREATE FUNCTION hotgigs.audit_commitment(salt bytea, part jsonb)
RETURNS bytea
LANGUAGE sql
STABLE
PARALLEL SAFE
AS $$
    SELECT pg_catalog.sha256(salt OPERATOR(pg_catalog.||) pg_catalog.convert_to(part::pg_catalog.text, 'UTF8'))
$$;
COMMENT ON FUNCTION hotgigs.audit_commitment(bytea, jsonb) IS
    'SHA-256 of salt and part.';
REVOKE ALL ON FUNCTION hotgigs.audit_commitment(bytea, jsonb) FROM PUBLIC;

-- No SET: it is inlined.
CREATE FUNCTION hotgigs.audit_link(before bytea, id uuid, fixed bytea, identity bytea, network bytea, payload bytea)
RETURNS bytea
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
    SELECT pg_catalog.sha256(before OPERATOR(pg_catalog.||) pg_catalog.uuid_send(id)
                             OPERATOR(pg_catalog.||) coalesce(fixed, '') OPERATOR(pg_catalog.||) coalesce(identity, '')
                             OPERATOR(pg_catalog.||) coalesce(network, '')
                             OPERATOR(pg_catalog.||) coalesce(payload, ''))
$$;
COMMENT ON FUNCTION hotgigs.audit_link(bytea, uuid, bytea, bytea, bytea, bytea) IS
    'The link of a leaf: SHA-256 of the link before, the entry and its commitments.';
REVOKE ALL ON FUNCTION hotgigs.audit_link(bytea, uuid, bytea, bytea, bytea, bytea) FROM PUBLIC;

-- Whether the values of a part are empty, as redaction leaves them.
CREATE FUNCTION hotgigs.audit_is_redacted(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
    SELECT value IS NULL OR value OPERATOR(pg_catalog.=) 'null' OR value OPERATOR(pg_catalog.=) '{"_redacted": true}'
$$;
COMMENT ON FUNCTION hotgigs.audit_is_redacted(jsonb) IS
    'Whether these values are none, or the marker that redaction leaves.';
REVOKE ALL ON FUNCTION hotgigs.audit_is_redacted(jsonb) FROM PUBLIC;

-- ---- The one door for erasure -----------------------------------------------------------------------------------

-- Removes what the trail knows of a person, and the salts with it, so that nobody can guess it from the commitments:
--
--   subject      wherever this user acted: address and user agent; of what the application itself recorded of him
--                (op event, read, denied) also the values
--   kinds, ids   of each entry about these rows (a table's name and an id; the arrays go together), whoever acted: all
--                values. They become {"_redacted": true}
--   forget       true: also the subject's id, wherever he acted. False: his users row stays, and the id with it
--
-- Call it last: what erasure itself changed has left entries, too. Gives the number of entries that changed. Rows of
-- the subject that were deleted long ago are found by hotgigs.audit_deleted().
--
-- For functions of the owner alone; there is no other way to change an entry.
CREATE FUNCTION hotgigs.audit_redact(subject uuid, kinds text[], ids uuid[], forget boolean)
RETURNS bigint
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = ''
AS $$
DECLARE
    changed bigint;
BEGIN
    UPDATE hotgigs.audit_turn SET turns = turns + 1;
    PERFORM set_config('hotgigs.audit_maintenance', 'on', true);

    WITH found AS (
        SELECT a.id, true AS network, forget AS identity,
               coalesce(a.new_values #>> '{_meta,op}' IN ('event', 'read', 'denied'), false) AS payload
        FROM   public.audit_logs a
        WHERE  a.user_id = subject
        UNION  ALL
        SELECT a.id, true, forget, coalesce(a.new_values #>> '{_meta,op}' IN ('event', 'read', 'denied'), false)
        FROM   public.audit_logs a
        WHERE  a.user_id IS NULL
        AND    a.new_values #>> '{_meta,actor}' = subject::text
        UNION  ALL
        SELECT a.id, false, false, true
        FROM   (SELECT DISTINCT u.kind, u.id FROM unnest(kinds, ids) AS u (kind, id)) r
        JOIN   public.audit_logs a ON a.resource_type = r.kind AND a.resource_id = r.id
    ), parts AS (
        SELECT f.id, bool_or(f.network) AS network, bool_or(f.identity) AS identity, bool_or(f.payload) AS payload
        FROM   found f
        GROUP  BY f.id
    ), emptied AS (
        UPDATE public.audit_logs a
        SET    user_id    = CASE WHEN p.identity THEN NULL ELSE a.user_id END,
               ip_address = CASE WHEN p.network THEN NULL ELSE a.ip_address END,
               user_agent = CASE WHEN p.network THEN NULL ELSE a.user_agent END,
               old_values = CASE WHEN p.payload AND NOT hotgigs.audit_is_redacted(a.old_values)
                                 THEN '{"_redacted": true}' ELSE a.old_values END,
               new_values = CASE WHEN jsonb_typeof(a.new_values) <> 'object'
                                 THEN CASE WHEN p.payload THEN '{"_redacted": true}' ELSE a.new_values END
                                 ELSE (CASE WHEN p.payload AND a.new_values - '_meta' <> '{}'
                                            THEN '{"_redacted": true}' ELSE a.new_values - '_meta' END)
                                      || jsonb_build_object('_meta',
                                             CASE WHEN p.identity THEN (a.new_values -> '_meta') - 'actor'
                                                  ELSE a.new_values -> '_meta' END) END
        FROM   parts p
        WHERE  a.id = p.id
        RETURNING a.id, p.network, p.identity, p.payload
    ), unsalted AS (
        UPDATE hotgigs.audit_salts s
        SET    identity = CASE WHEN e.identity THEN NULL ELSE s.identity END,
               network  = CASE WHEN e.network THEN NULL ELSE s.network END,
               payload  = CASE WHEN e.payload THEN NULL ELSE s.payload END
        FROM   emptied e
        WHERE  s.entry_id = e.id
        RETURNING 1
    )
    SELECT count(*) INTO changed FROM emptied;

    PERFORM set_config('hotgigs.audit_maintenance', '', true);
    RETURN changed;
END
$$;
COMMENT ON FUNCTION hotgigs.audit_redact(uuid, text[], uuid[], boolean) IS
    'Removes a person''s values from the audit trail, so that it can still be verified; for erasure alone.';
REVOKE ALL ON FUNCTION hotgigs.audit_redact(uuid, text[], uuid[], boolean) FROM PUBLIC;

-- The rows that were deleted and had that id in that column, such as the experiences of a candidate: what erasure has to
-- redact besides the rows that are still there. The arrays go together.
CREATE FUNCTION hotgigs.audit_deleted(column_names text[], ids uuid[])
RETURNS TABLE (kind text, id uuid)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
ROWS 10
SET search_path = ''
AS $$
BEGIN
    RETURN QUERY
    SELECT a.resource_type::text, a.resource_id
    FROM   unnest(column_names, ids) AS u (column_name, id)
    JOIN   public.audit_logs a ON a.old_values @> jsonb_build_object(u.column_name, u.id)
    WHERE  a.new_values #>> '{_meta,op}' = 'delete';
END
$$;
COMMENT ON FUNCTION hotgigs.audit_deleted(text[], uuid[]) IS
    'Table and id of the rows that were deleted and had that id in that column; the arrays go together.';
REVOKE ALL ON FUNCTION hotgigs.audit_deleted(text[], uuid[]) FROM PUBLIC;

-- ---- Sealing ----------------------------------------------------------------------------------------------------

-- Seals the next entries, about at_most (one statement's entries are not divided), and tells the new seal; no row if
-- there is nothing to seal, or somebody else is at it. Only entries of transactions older than the oldest that still
-- runs: what is sealed is settled, on a standby too.
CREATE FUNCTION hotgigs.audit_seal(at_most integer)
RETURNS TABLE (seal bigint, entries integer, root text, sealed_at timestamp)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = ''
AS $$
#variable_conflict use_column
DECLARE
    number  bigint;
    link    bytea;
    place   integer := 0;
    e       record;
BEGIN
    PERFORM FROM hotgigs.audit_turn t FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    UPDATE hotgigs.audit_turn SET turns = turns + 1;
    SELECT s.seal + 1, s.root INTO number, link FROM hotgigs.audit_seals s ORDER BY s.seal DESC LIMIT 1;
    number := coalesce(number, 1);
    link := coalesce(link, sha256('libhotgigs audit trail'));

    FOR e IN
        WITH due AS (
            SELECT q.ctid AS row, q.txid,
                   sum(cardinality(q.ids)) OVER (ORDER BY q.txid, q.ctid) - cardinality(q.ids) AS before
            FROM   hotgigs.audit_unsealed q
            WHERE  q.txid < pg_snapshot_xmin(pg_current_snapshot())
        ), taken AS (
            DELETE FROM hotgigs.audit_unsealed q
            USING  due d
            WHERE  q.ctid = d.row
            AND    d.before < at_most
            RETURNING d.row, d.txid, q.ids
        ), placed AS (
            SELECT f.id, row_number() OVER (ORDER BY f.txid, f.row, f.n)::integer AS place,
                   uuid_send(gen_random_uuid()) AS identity_salt, uuid_send(gen_random_uuid()) AS network_salt,
                   uuid_send(gen_random_uuid()) AS payload_salt
            FROM   -- An entry has one leaf. Whoever deleted it behind the triggers' back and wrote another by its id is found
                   -- by that leaf; sealing goes on.
                  (SELECT DISTINCT ON (u.id) u.id, t.txid, t.row, u.n
                   FROM   taken t
                   CROSS  JOIN LATERAL unnest(t.ids) WITH ORDINALITY AS u (id, n)
                   WHERE  NOT EXISTS (SELECT FROM hotgigs.audit_leaves l WHERE l.entry_id = u.id)
                   ORDER  BY u.id, t.txid, t.row, u.n) f
        )
        SELECT p.place, p.id, a.id IS NULL AS is_gone, p.identity_salt, p.network_salt, p.payload_salt,
               hotgigs.audit_commitment('', to_jsonb(ARRAY[number, p.place]) || o.fixed) AS fixed,
               hotgigs.audit_commitment(p.identity_salt, o.identity) AS identity,
               hotgigs.audit_commitment(p.network_salt, o.network) AS network,
               hotgigs.audit_commitment(p.payload_salt, o.payload) AS payload
        FROM   placed p
        LEFT   JOIN public.audit_logs a ON a.id = p.id
        LEFT   JOIN LATERAL hotgigs.audit_parts(a) o ON a.id IS NOT NULL
        ORDER  BY p.place
    LOOP
        place := e.place;
        link := hotgigs.audit_link(link, e.id, e.fixed, e.identity, e.network, e.payload);
        INSERT INTO hotgigs.audit_leaves (seal, place, entry_id, fixed, identity, network, payload, link)
        VALUES (number, place, e.id, e.fixed, e.identity, e.network, e.payload, link);
        IF NOT e.is_gone THEN
            INSERT INTO hotgigs.audit_salts (entry_id, identity, network, payload)
            VALUES (e.id, e.identity_salt, e.network_salt, e.payload_salt);
        END IF;
    END LOOP;
    IF place = 0 THEN
        RETURN;
    END IF;
    RETURN QUERY
    INSERT INTO hotgigs.audit_seals AS s (seal, entries, root, sealed_at)
    VALUES (number, place, link, clock_timestamp() AT TIME ZONE 'UTC')
    RETURNING s.seal, s.entries, encode(s.root, 'hex'), s.sealed_at;
END
$$;

COMMENT ON FUNCTION hotgigs.audit_seal(integer) IS
    'Seals the next entries of the audit trail; tells the seal, if there was anything to seal.';
REVOKE ALL ON FUNCTION hotgigs.audit_seal(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.audit_seal(integer) TO hotgigs_service;

-- ---- Verifying --------------------------------------------------------------------------------------------------

-- The seals in order, with the last root of before from_seal taken on trust. known_seal and known_root: what was
-- exported when that seal was new.
--
-- One row: problem is NULL if all is well; else the first fault in the order of the seals, as seal, place and entry
-- where they are known. After them come entries that no seal and no list of the triggers knows: the oldest of those.
CREATE FUNCTION hotgigs.audit_verify(from_seal bigint, known_seal bigint, known_root text)
RETURNS TABLE (problem text, seal bigint, place integer, entry_id uuid, seals bigint, entries bigint, redacted bigint,
               unsealed bigint, root text)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
SET search_path = ''
AS $$
#variable_conflict use_column
DECLARE
    first_seal CONSTANT bigint := greatest(coalesce(from_seal, 1), 1);
    start      bytea;
    last_seal  bigint;
BEGIN
    SELECT s.root INTO start FROM hotgigs.audit_seals s WHERE s.seal = first_seal - 1;
    IF first_seal = 1 THEN
        start := sha256('libhotgigs audit trail');
    END IF;
    SELECT max(s.seal), count(*), coalesce(sum(s.entries), 0) INTO last_seal, seals, entries
    FROM   hotgigs.audit_seals s
    WHERE  s.seal >= first_seal;
    SELECT encode(s.root, 'hex') INTO root FROM hotgigs.audit_seals s WHERE s.seal = last_seal;
    SELECT coalesce(sum(cardinality(q.ids)), 0) INTO unsealed FROM hotgigs.audit_unsealed q;
    SELECT count(*) INTO redacted
    FROM   hotgigs.audit_leaves l
    JOIN   hotgigs.audit_salts t ON t.entry_id = l.entry_id
    WHERE  l.seal >= first_seal
    AND    (t.identity IS NULL OR t.network IS NULL OR t.payload IS NULL);

    -- The chain, and each entry against its leaf.
    SELECT f.fault, f.seal, f.place, f.entry_id INTO problem, seal, place, entry_id
    FROM  (SELECT CASE
                  WHEN l.seal IS DISTINCT FROM l.due_seal OR l.place IS DISTINCT FROM l.due_place
                       THEN 'leaf missing before this one'
                  WHEN hotgigs.audit_link(l.before, l.entry_id, l.fixed, l.identity, l.network, l.payload) <> l.link
                       THEN 'leaf changed'
                  WHEN l.place = l.last_place AND (s.root IS DISTINCT FROM l.link OR s.entries <> l.place)
                       THEN 'seal changed, or leaves missing at its end'
                  WHEN l.fixed IS NULL THEN 'entry deleted before it was sealed'
                  WHEN a.id IS NULL THEN 'entry deleted'
                  WHEN t.entry_id IS NULL THEN 'salts deleted'
                  WHEN hotgigs.audit_commitment('', to_jsonb(ARRAY[l.seal, l.place]) || p.fixed) <> l.fixed
                       THEN 'entry changed: what, when or which row'
                  WHEN hotgigs.audit_commitment(t.identity, p.identity) <> l.identity THEN 'entry changed: who'
                  WHEN hotgigs.audit_commitment(t.network, p.network) <> l.network
                       THEN 'entry changed: address or user agent'
                  WHEN hotgigs.audit_commitment(t.payload, p.payload) <> l.payload THEN 'entry changed: values'
                  WHEN t.identity IS NULL AND p.identity <> '[null]' THEN 'entry changed: who, after it was redacted'
                  WHEN t.network IS NULL AND p.network <> '[null, null]'
                       THEN 'entry changed: address or user agent, after it was redacted'
                  WHEN t.payload IS NULL AND NOT (hotgigs.audit_is_redacted(p.payload -> 0)
                                                  AND hotgigs.audit_is_redacted(p.payload -> 1))
                       THEN 'entry changed: values, after it was redacted'
                  END AS fault, l.seal, l.place, l.entry_id
           FROM  (SELECT v.*,
                         lag(v.link, 1, start) OVER w AS before,
                         CASE WHEN lag(v.seal) OVER w = v.seal THEN v.seal
                              ELSE coalesce(lag(v.seal) OVER w, first_seal - 1) + 1 END AS due_seal,
                         CASE WHEN lag(v.seal) OVER w = v.seal THEN lag(v.place) OVER w + 1 ELSE 1 END AS due_place,
                         CASE WHEN lead(v.seal) OVER w = v.seal THEN NULL ELSE v.place END AS last_place
                  FROM   hotgigs.audit_leaves v
                  WHERE  v.seal >= first_seal
                  WINDOW w AS (ORDER BY v.seal, v.place)) l
           LEFT   JOIN hotgigs.audit_seals s ON s.seal = l.seal
           LEFT   JOIN public.audit_logs a ON a.id = l.entry_id
           LEFT   JOIN hotgigs.audit_salts t ON t.entry_id = l.entry_id
           LEFT   JOIN LATERAL hotgigs.audit_parts(a) p ON a.id IS NOT NULL) f
    WHERE  f.fault IS NOT NULL
    ORDER  BY f.seal, f.place
    LIMIT  1;

    -- A seal without any leaf, and the root that somebody kept elsewhere.
    IF problem IS NULL THEN
        SELECT 'leaves missing', s.seal INTO problem, seal
        FROM   hotgigs.audit_seals s
        WHERE  s.seal >= first_seal
        AND    NOT EXISTS (SELECT FROM hotgigs.audit_leaves l WHERE l.seal = s.seal)
        ORDER  BY s.seal
        LIMIT  1;
    END IF;
    IF problem IS NULL AND known_seal IS NOT NULL
       AND NOT EXISTS (SELECT FROM hotgigs.audit_seals s
                       WHERE  s.seal = known_seal AND encode(s.root, 'hex') = lower(known_root))
    THEN
        problem := 'root is not the one that was exported';
        seal := known_seal;
    END IF;

    -- Entries from nowhere. As a difference of sets, which is never worse than sorting them, whatever the statistics say.
    IF problem IS NULL THEN
        SELECT 'entry inserted behind the triggers', a.id INTO problem, entry_id
        FROM  (SELECT l.id FROM public.audit_logs l
               EXCEPT SELECT l.entry_id FROM hotgigs.audit_leaves l
               EXCEPT SELECT unnest(q.ids) FROM hotgigs.audit_unsealed q) n
        JOIN   public.audit_logs a ON a.id = n.id
        ORDER  BY a.created_at, a.id
        LIMIT  1;
    END IF;
    RETURN NEXT;
END
$$;
COMMENT ON FUNCTION hotgigs.audit_verify(bigint, bigint, text) IS
    'Whether the audit trail is as it was written; names the first entry that is not.';
REVOKE ALL ON FUNCTION hotgigs.audit_verify(bigint, bigint, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.audit_verify(bigint, bigint, text) TO hotgigs_service;

-- The last seal: what to keep where nobody who owns this database can change it.
CREATE FUNCTION hotgigs.audit_root()
RETURNS TABLE (seal bigint, root text, sealed_at timestamp)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
SET search_path = ''
AS $$
BEGIN
    RETURN QUERY
    SELECT s.seal, encode(s.root, 'hex'), s.sealed_at
    FROM   hotgigs.audit_seals s
    ORDER  BY s.seal DESC
    LIMIT  1;
END
$$;
COMMENT ON FUNCTION hotgigs.audit_root() IS
    'Number, root and time of the last seal of the audit trail.';
REVOKE ALL ON FUNCTION hotgigs.audit_root() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.audit_root() TO hotgigs_service;

COMMIT;
