-- notifications: what the platform tells a user inside the application.
--
-- Needs:  users (101), the helpers (004).
-- Seen by oneself until it expires; read and removed by oneself; made by the service.

BEGIN;
SET LOCAL ROLE hotgigs_owner;
SET LOCAL search_path = public;

CREATE TABLE notifications (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id UUID REFERENCES users(id) ON DELETE CASCADE,
    notification_type VARCHAR(100) NOT NULL,
    title VARCHAR(255) NOT NULL,
    message TEXT NOT NULL,
    data JSONB DEFAULT '{}',
    is_read BOOLEAN DEFAULT false,
    read_at TIMESTAMP,
    priority VARCHAR(20) DEFAULT 'normal' CHECK (priority = ANY ('{low,normal,high,urgent}')),
    expires_at TIMESTAMP,
    created_at TIMESTAMP DEFAULT NOW()
);
ALTER TABLE notifications ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE notifications IS
    'A message to a user, shown inside the application.';
COMMENT ON COLUMN notifications.id                IS 'The notification''s id.';
COMMENT ON COLUMN notifications.user_id           IS 'The user it is for; never changes.';
COMMENT ON COLUMN notifications.notification_type IS
    'What it is about: application_status, interview_scheduled, ...';
COMMENT ON COLUMN notifications.title             IS 'One line.';
COMMENT ON COLUMN notifications.message           IS 'The text.';
COMMENT ON COLUMN notifications.data IS
    'Object: what a click needs, such as {application_id}.';
COMMENT ON COLUMN notifications.is_read           IS 'True: the user has seen it.';
COMMENT ON COLUMN notifications.read_at           IS 'When, UTC; NULL: not yet.';
COMMENT ON COLUMN notifications.priority          IS 'How urgent it is.';
COMMENT ON COLUMN notifications.expires_at IS
    'From when on it is not shown, UTC; NULL: never expires.';
COMMENT ON COLUMN notifications.created_at        IS 'When it was made, UTC.';

-- The document's: the unread of this user (and ON DELETE CASCADE of users); the newest first.
CREATE INDEX idx_notifications_user_unread ON notifications(user_id, is_read);
CREATE INDEX idx_notifications_created_at ON notifications(created_at DESC);

-- This user's page of notifications, newest first, without reading those of others.
CREATE INDEX notifications_user_id_created_at_idx ON notifications (user_id, created_at DESC);

-- What has expired and can go.
CREATE INDEX notifications_expires_at_idx
    ON notifications (expires_at) WHERE expires_at IS NOT NULL;

-- The owner sees all: helpers and definer functions read as the owner.
CREATE POLICY owner_all ON notifications TO hotgigs_owner
    USING (true) WITH CHECK (true);

-- The application's own jobs work on the rows of all tenants.
CREATE POLICY service_all ON notifications TO hotgigs_service
    USING (true) WITH CHECK (true);

-- Everyone sees his own notifications, until they expire,
CREATE POLICY self_select ON notifications FOR SELECT
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer
    USING (user_id = (SELECT caller_id FROM hotgigs.callers)
           AND (expires_at IS NULL OR expires_at > (SELECT now() AT TIME ZONE 'UTC')));
-- marks them as read
CREATE POLICY self_update ON notifications FOR UPDATE
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer
    USING (user_id = (SELECT caller_id FROM hotgigs.callers)
           AND (expires_at IS NULL OR expires_at > (SELECT now() AT TIME ZONE 'UTC')))
    WITH CHECK (user_id = (SELECT caller_id FROM hotgigs.callers)
                AND (expires_at IS NULL OR expires_at > (SELECT now() AT TIME ZONE 'UTC')));
-- and removes them.
CREATE POLICY self_delete ON notifications FOR DELETE
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer
    USING (user_id = (SELECT caller_id FROM hotgigs.callers)
           AND (expires_at IS NULL OR expires_at > (SELECT now() AT TIME ZONE 'UTC')));

GRANT SELECT (id, user_id, notification_type, title, message, data, is_read, read_at, priority,
              expires_at, created_at, xmin),
      INSERT (id, user_id, notification_type, title, message, data, is_read, read_at, priority,
              expires_at, created_at),
      UPDATE (notification_type, title, message, data, is_read, read_at, priority, expires_at),
      DELETE
    ON notifications TO hotgigs_service;
-- No UPDATE of user_id: policies rely on it, and a row does not change hands.

GRANT SELECT (id, user_id, notification_type, title, message, data, is_read, read_at, priority,
              expires_at, created_at, xmin),
      UPDATE (is_read, read_at),
      DELETE
    ON notifications TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer;
-- No INSERT: the service and functions tell. Nothing for hotgigs_anon.

-- read_at is the time of the first reading, whatever the reader writes there, and stays if he calls it unread again. The
-- service writes what it is told, for import.
CREATE FUNCTION hotgigs.keep_read_at()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = ''
AS $$
BEGIN
    NEW.read_at := OLD.read_at;
    IF NEW.is_read AND NEW.read_at IS NULL THEN
        NEW.read_at := clock_timestamp() AT TIME ZONE 'UTC';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION hotgigs.keep_read_at() IS
    'Trigger: read_at is the time at which a user read his notification for the first time.';
REVOKE ALL ON FUNCTION hotgigs.keep_read_at() FROM PUBLIC;

CREATE TRIGGER notifications_read BEFORE UPDATE ON notifications
    FOR EACH ROW WHEN (current_user IN ('hotgigs_candidate', 'hotgigs_company', 'hotgigs_freelancer'))
    EXECUTE FUNCTION hotgigs.keep_read_at();

-- Every change leaves an entry in the audit trail.
CREATE TRIGGER notifications_audit_insert AFTER INSERT ON notifications
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();
CREATE TRIGGER notifications_audit_update AFTER UPDATE ON notifications
    REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();
CREATE TRIGGER notifications_audit_delete AFTER DELETE ON notifications
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();

COMMIT;
