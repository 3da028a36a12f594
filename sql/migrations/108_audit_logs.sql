-- audit_logs: who did what to which row, and what changed.
--
-- Needs:  users (101), the helpers (004), the catalogue of privacy (006).
-- Seen by the service, and by oneself what one did, without addresses and values. Rows are only
-- ever added: grants, policies and a trigger say so, to the service too. Triggers write most of them
-- (hotgigs.audit_change, 005); 490 seals them.

BEGIN;
SET LOCAL ROLE hotgigs_owner;
SET LOCAL search_path = public;

CREATE TABLE audit_logs (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id UUID REFERENCES users(id),
    action VARCHAR(100) NOT NULL,
    resource_type VARCHAR(100) NOT NULL,
    resource_id UUID,
    old_values JSONB,
    new_values JSONB,
    ip_address INET,
    user_agent TEXT,
    created_at TIMESTAMP DEFAULT NOW()
);
ALTER TABLE audit_logs ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE  audit_logs               IS 'An entry of the audit trail; only ever added.';
COMMENT ON COLUMN audit_logs.id            IS 'The entry''s id.';
COMMENT ON COLUMN audit_logs.user_id IS
    'Who did it; NULL: the service, a visitor, or erased.';
COMMENT ON COLUMN audit_logs.action        IS 'What was done: application.reject, or the SQL verb.';
COMMENT ON COLUMN audit_logs.resource_type IS
    'Table of the row it was done to, or another kind of thing.';
COMMENT ON COLUMN audit_logs.resource_id   IS 'That row''s id; NULL: none.';
COMMENT ON COLUMN audit_logs.old_values IS
    'Object of the changed columns as they were, secrets as a marker; NULL for an insert.';
COMMENT ON COLUMN audit_logs.new_values IS
    'Object of the changed columns as they became, secrets as a marker; under _meta op, role, txid, request_id, actor.';
COMMENT ON COLUMN audit_logs.ip_address    IS 'Address of the client; NULL: unknown or redacted.';
COMMENT ON COLUMN audit_logs.user_agent IS
    'The client''s own description; NULL: unknown or redacted.';
COMMENT ON COLUMN audit_logs.created_at    IS 'When it happened, UTC.';

-- What this user did, newest last; and whether a user who is to be deleted has entries.
CREATE INDEX audit_logs_user_id_created_at_idx ON audit_logs (user_id, created_at);

-- What happened to this row, newest last.
CREATE INDEX audit_logs_resource_type_resource_id_created_at_idx
    ON audit_logs (resource_type, resource_id, created_at);

-- A window of time, and a page of the newest. Entries come nearly in that order, which such an index takes at its end.
CREATE INDEX audit_logs_created_at_idx ON audit_logs (created_at, id);

-- What this user did who is no more, or never was: his id is kept under _meta.
CREATE INDEX audit_logs_actor_idx ON audit_logs ((new_values #>> '{_meta,actor}'))
    WHERE user_id IS NULL AND new_values #>> '{_meta,actor}' IS NOT NULL;

-- Rows that are gone, by any column: whose they were. Most entries are no deletes. What waits to be sorted in is read by
-- every search, and an erasure makes a dozen: 64 kB of it, not the server's 4 MB (which took 80 ms of an erasure).
CREATE INDEX audit_logs_deleted_idx ON audit_logs USING gin (old_values jsonb_path_ops) WITH (gin_pending_list_limit = 64)
    WHERE new_values #>> '{_meta,op}' = 'delete';

-- The columns of a table that the trail does not show as they are: asked once a statement by 005.
CREATE INDEX privacy_columns_audit_idx ON hotgigs.privacy_columns (table_name, column_name, audit)
    WHERE audit <> 'plain';

-- The owner sees all: helpers and definer functions read as the owner.
CREATE POLICY owner_all ON audit_logs TO hotgigs_owner
    USING (true) WITH CHECK (true);

-- The service reads and adds. It has no policy and no grant to change or delete, and nobody has.
CREATE POLICY service_select ON audit_logs FOR SELECT TO hotgigs_service
    USING (true);
CREATE POLICY service_insert ON audit_logs FOR INSERT TO hotgigs_service
    WITH CHECK (true);

-- Everyone sees what he did himself. What others did to a company's rows is a function of its
-- admins.
CREATE POLICY self_select ON audit_logs FOR SELECT
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer
    USING (user_id = (SELECT caller_id FROM hotgigs.callers));

GRANT SELECT (id, user_id, action, resource_type, resource_id, old_values, new_values, ip_address,
              user_agent, created_at, xmin),
      INSERT (id, user_id, action, resource_type, resource_id, old_values, new_values, ip_address,
              user_agent, created_at)
    ON audit_logs TO hotgigs_service;

GRANT SELECT (id, user_id, action, resource_type, resource_id, created_at, xmin)
    ON audit_logs TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer;
-- No INSERT: triggers and the service write. No UPDATE, DELETE for anybody. Nothing for
-- hotgigs_anon.

-- What grants refuse to everyone, this refuses to the owner: UPDATE, DELETE and TRUNCATE, of no row
-- even. The one door is for retention and erasure, which run as hotgigs_owner in a definer
-- function, and open it for their own transaction:  set_config('hotgigs.audit_maintenance', 'on',
-- true). The setting alone opens nothing: anybody may set it, but only the owner passes.
CREATE FUNCTION hotgigs.refuse_audit_change()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = ''
AS $$
BEGIN
    IF current_user = 'hotgigs_owner' AND current_setting('hotgigs.audit_maintenance', true) = 'on' THEN
        RETURN coalesce(NEW, OLD);      -- in a trigger of the statement NULL, as it should be
    END IF;
    RAISE EXCEPTION 'audit_logs is append-only'
        USING ERRCODE = 'insufficient_privilege',
              SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME;
END
$$;
COMMENT ON FUNCTION hotgigs.refuse_audit_change() IS
    'Trigger: refuses (42501) whatever would change or remove entries of the audit trail.';
REVOKE ALL ON FUNCTION hotgigs.refuse_audit_change() FROM PUBLIC;

CREATE TRIGGER audit_logs_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_logs
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.refuse_audit_change();

CREATE TRIGGER audit_logs_append_only_row BEFORE UPDATE OR DELETE ON audit_logs
    FOR EACH ROW EXECUTE FUNCTION hotgigs.refuse_audit_change();

-- Entries that no seal covers yet, a row a statement that wrote some: what the sealer (490) has to do.
CREATE TABLE hotgigs.audit_unsealed (
    txid xid8   NOT NULL,
    ids  uuid[] NOT NULL
);
COMMENT ON TABLE  hotgigs.audit_unsealed      IS 'Entries of the audit trail that no seal covers yet.';
COMMENT ON COLUMN hotgigs.audit_unsealed.txid IS 'The transaction that wrote them.';
COMMENT ON COLUMN hotgigs.audit_unsealed.ids  IS 'Their ids, in the order in which they were written.';
-- No grant: functions of the owner write and read it.

-- Entries that the service or an administrator writes himself are to be sealed like the others. The functions of the
-- owner that write entries list them themselves. Definer: nobody may write to the list.
CREATE FUNCTION hotgigs.audit_queue()
RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = ''
AS $$
BEGIN
    INSERT INTO hotgigs.audit_unsealed (txid, ids)
    SELECT pg_current_xact_id(), array_agg(id) FROM added HAVING count(*) > 0;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION hotgigs.audit_queue() IS
    'Trigger: lists entries of the audit trail that were written by hand as not sealed yet.';
REVOKE ALL ON FUNCTION hotgigs.audit_queue() FROM PUBLIC;

CREATE TRIGGER audit_logs_queue AFTER INSERT ON audit_logs
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT WHEN (current_user <> 'hotgigs_owner') EXECUTE FUNCTION hotgigs.audit_queue();

-- The trail outlives its users, and is no reason why one could not be deleted: his id goes from the foreign key to
-- _meta. A seal covers whichever of the two holds it. An entry by hand whose new_values are no object has no room for
-- it: there it is forgotten, salt included. Definer: the trail's one door is the owner's.
CREATE FUNCTION hotgigs.audit_let_go()
RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = ''
AS $$
BEGIN
    UPDATE hotgigs.audit_salts s
    SET    identity = NULL
    FROM   public.audit_logs a
    WHERE  a.user_id = OLD.id
    AND    jsonb_typeof(a.new_values) <> 'object'
    AND    s.entry_id = a.id;

    PERFORM set_config('hotgigs.audit_maintenance', 'on', true);
    UPDATE public.audit_logs a
    SET    user_id = NULL,
           new_values = CASE WHEN jsonb_typeof(a.new_values) <> 'object' THEN a.new_values
                             ELSE coalesce(a.new_values, '{}')
                                  || jsonb_build_object('_meta', coalesce(a.new_values -> '_meta', '{}')
                                                                 || jsonb_build_object('actor', OLD.id)) END
    WHERE  a.user_id = OLD.id;
    PERFORM set_config('hotgigs.audit_maintenance', '', true);
    RETURN OLD;
END
$$;
COMMENT ON FUNCTION hotgigs.audit_let_go() IS
    'Trigger: before a user is deleted, his id in the audit trail moves from the foreign key to _meta.';
REVOKE ALL ON FUNCTION hotgigs.audit_let_go() FROM PUBLIC;

CREATE TRIGGER users_audit_let_go BEFORE DELETE ON users
    FOR EACH ROW EXECUTE FUNCTION hotgigs.audit_let_go();

COMMIT;
