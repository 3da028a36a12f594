-- company_members: who works for which company, and as what.
--
-- Needs:  users (101), companies (104), the helpers (004).
-- Seen by oneself and by the members of the company. Invited, changed and removed by its admins;
-- accepting, declining and leaving are functions, which clear joined_at on leaving, so that nobody
-- is brought back without his consent.

BEGIN;
SET LOCAL ROLE hotgigs_owner;
SET LOCAL search_path = public;

CREATE TABLE company_members (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    company_id UUID REFERENCES companies(id) ON DELETE CASCADE,
    user_id UUID REFERENCES users(id) ON DELETE CASCADE,
    role VARCHAR(50) NOT NULL CHECK (role = ANY ('{admin,recruiter,account_manager,viewer}')),
    permissions JSONB DEFAULT '{}',
    invited_by UUID REFERENCES users(id),
    invited_at TIMESTAMP,
    joined_at TIMESTAMP,
    is_active BOOLEAN DEFAULT true,
    created_at TIMESTAMP DEFAULT NOW(),
    updated_at TIMESTAMP DEFAULT NOW(),
    UNIQUE(company_id, user_id)
);
ALTER TABLE company_members ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE company_members IS
    'Membership of a user in a company; active once joined.';
COMMENT ON COLUMN company_members.id          IS 'The membership''s id.';
COMMENT ON COLUMN company_members.company_id  IS 'The company; never changes.';
COMMENT ON COLUMN company_members.user_id     IS 'The member; never changes.';
COMMENT ON COLUMN company_members.role IS
    'Rank; each includes the ones below it: admin, recruiter, account_manager, viewer.';
COMMENT ON COLUMN company_members.permissions IS
    'Rules over the rank: {}, {all: true}, or a list such as manage_jobs, export_data.';
COMMENT ON COLUMN company_members.invited_by IS
    'The user who invited; NULL: the founder, or erased.';
COMMENT ON COLUMN company_members.invited_at  IS 'When the invitation was made, UTC.';
COMMENT ON COLUMN company_members.joined_at IS
    'When it was accepted, UTC; NULL: pending, which gives no rights.';
COMMENT ON COLUMN company_members.is_active IS
    'False: suspended or left, which gives no rights; true for a pending invitation, too.';
COMMENT ON COLUMN company_members.created_at  IS 'When the row was made, UTC.';
COMMENT ON COLUMN company_members.updated_at IS
    'Last change, UTC; the row version; kept by a trigger.';

-- The document's: this user's place in this company (the unique key answers too).
CREATE INDEX idx_company_members_company_user ON company_members(company_id, user_id);

-- The companies of this user: every policy of a company asks it; and ON DELETE CASCADE of users.
CREATE INDEX company_members_user_id_idx ON company_members (user_id);

-- Who was invited by a user who is to be deleted.
CREATE INDEX company_members_invited_by_idx ON company_members (invited_by);

CREATE OR REPLACE FUNCTION hotgigs.my_coworkers()
RETURNS SETOF uuid
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
ROWS 10
PARALLEL SAFE
SET search_path = ''
AS $$
BEGIN
    RETURN QUERY
    SELECT DISTINCT c.user_id
    FROM   hotgigs.callers me
    JOIN   public.company_members m ON m.user_id = me.caller_id
    JOIN   public.company_members c ON c.company_id = m.company_id
    JOIN   public.users cu ON cu.id = c.user_id
    WHERE  me.subject = hotgigs.claimed_subject()
    AND    me.persona = current_setting('role')
    AND    current_setting('role') = 'hotgigs_company'
    AND    m.is_active
    AND    m.joined_at IS NOT NULL
    AND    c.is_active
    AND    c.joined_at IS NOT NULL
    AND    cu.is_active;
END
$$;

-- The owner sees all: helpers and definer functions read as the owner.
CREATE POLICY owner_all ON company_members TO hotgigs_owner
    USING (true) WITH CHECK (true);

-- The application's own jobs work on the rows of all tenants.
CREATE POLICY service_all ON company_members TO hotgigs_service
    USING (true) WITH CHECK (true);

-- Everyone sees his own memberships and invitations.
CREATE POLICY self_select ON company_members FOR SELECT
    TO hotgigs_candidate, hotgigs_freelancer
    USING (user_id = (SELECT caller_id FROM hotgigs.callers));
-- In companies one also sees one's colleagues.
CREATE POLICY company_select ON company_members FOR SELECT
    TO hotgigs_company
    USING (user_id = (SELECT caller_id FROM hotgigs.callers)
           OR company_id = ANY ((SELECT viewer_of FROM hotgigs.callers)::uuid[]));
-- Admins invite others, in their own name, and nobody joins without having accepted. Colleagues and
-- applicants only: the foreign key would tell of any other id whether a user has it. Strangers are
-- invited by the service.
CREATE POLICY company_insert ON company_members FOR INSERT
    TO hotgigs_company
    WITH CHECK (company_id = ANY ((SELECT admin_of FROM hotgigs.callers)::uuid[])
                AND invited_by = (SELECT caller_id FROM hotgigs.callers)
                AND user_id <> (SELECT caller_id FROM hotgigs.callers)
                AND (user_id = ANY (ARRAY(SELECT hotgigs.my_coworkers()))
                     OR user_id = ANY (ARRAY(SELECT hotgigs.company_applicant_users())))
                AND joined_at IS NULL);
-- Admins change the rank of others, never their own.
CREATE POLICY company_update ON company_members FOR UPDATE
    TO hotgigs_company
    USING (company_id = ANY ((SELECT admin_of FROM hotgigs.callers)::uuid[])
           AND user_id <> (SELECT caller_id FROM hotgigs.callers))
    WITH CHECK (company_id = ANY ((SELECT admin_of FROM hotgigs.callers)::uuid[])
                AND user_id <> (SELECT caller_id FROM hotgigs.callers));
-- Admins remove others; leaving is a function.
CREATE POLICY company_delete ON company_members FOR DELETE
    TO hotgigs_company
    USING (company_id = ANY ((SELECT admin_of FROM hotgigs.callers)::uuid[])
           AND user_id <> (SELECT caller_id FROM hotgigs.callers));

GRANT SELECT (id, company_id, user_id, role, permissions, invited_by, invited_at, joined_at,
              is_active, created_at, updated_at, xmin),
      INSERT (id, company_id, user_id, role, permissions, invited_by, invited_at, joined_at,
              is_active, created_at, updated_at),
      UPDATE (role, permissions, invited_by, invited_at, joined_at, is_active),
      DELETE
    ON company_members TO hotgigs_service;
-- No UPDATE of company_id, user_id: policies rely on them, and a row does not change hands.

GRANT SELECT (id, company_id, user_id, role, invited_at, joined_at, is_active, created_at,
              updated_at, xmin)
    ON company_members TO hotgigs_candidate, hotgigs_freelancer;
-- No SELECT of permissions, invited_by: for members of the company.

GRANT SELECT (id, company_id, user_id, role, permissions, invited_by, invited_at, joined_at,
              is_active, created_at, updated_at, xmin),
      INSERT (id, company_id, user_id, role, permissions, invited_by, invited_at),
      UPDATE (role, permissions, is_active),
      DELETE
    ON company_members TO hotgigs_company;
-- No INSERT or UPDATE of joined_at: accepting is a function of the one who is invited. No UPDATE of
-- company_id, user_id, invited_by. Nothing for hotgigs_anon.

CREATE TRIGGER company_members_touch BEFORE UPDATE ON company_members
    FOR EACH ROW EXECUTE FUNCTION hotgigs.touch_updated_at();

-- A company keeps an active admin: without one it is out of reach for all but the service. Two
-- admins who remove each other at the same time would both see the other still there, so the ones
-- that remain are locked; the slower of the two waits, and is refused or is the victim of a
-- deadlock (40P01: try again). When the company itself goes, its memberships may.
--
-- DEFINER: the caller may not lock, and may be leaving the company he asks about.
CREATE FUNCTION hotgigs.keep_last_admin()
RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = ''
AS $$
BEGIN
    IF EXISTS (SELECT FROM public.companies WHERE id = OLD.company_id) THEN
        PERFORM FROM   public.company_members m
                JOIN   public.users u ON u.id = m.user_id
                WHERE  m.company_id = OLD.company_id
                AND    m.role = 'admin' AND m.is_active AND m.joined_at IS NOT NULL AND u.is_active
                ORDER  BY m.id
                FOR    UPDATE OF m;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the last admin of a company cannot leave it'
                USING ERRCODE = 'object_not_in_prerequisite_state',
                      SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                      CONSTRAINT = 'company_members_last_admin';
        END IF;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION hotgigs.keep_last_admin() IS
    'Trigger: refuses (55000) the change by which a company would lose its last active admin.';
REVOKE ALL ON FUNCTION hotgigs.keep_last_admin() FROM PUBLIC;

CREATE TRIGGER company_members_last_admin_removed AFTER DELETE ON company_members
    FOR EACH ROW WHEN (OLD.role = 'admin' AND OLD.is_active AND OLD.joined_at IS NOT NULL)
    EXECUTE FUNCTION hotgigs.keep_last_admin();

CREATE TRIGGER company_members_last_admin_changed AFTER UPDATE ON company_members
    FOR EACH ROW WHEN (OLD.role = 'admin' AND OLD.is_active AND OLD.joined_at IS NOT NULL
                       AND NOT (NEW.role = 'admin'
                                AND NEW.is_active IS TRUE
                                AND NEW.joined_at IS NOT NULL
                                AND NEW.company_id IS NOT DISTINCT FROM OLD.company_id))
    EXECUTE FUNCTION hotgigs.keep_last_admin();

-- Every change leaves an entry in the audit trail.
CREATE TRIGGER company_members_audit_insert AFTER INSERT ON company_members
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();
CREATE TRIGGER company_members_audit_update AFTER UPDATE ON company_members
    REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();
CREATE TRIGGER company_members_audit_delete AFTER DELETE ON company_members
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();

COMMIT;
