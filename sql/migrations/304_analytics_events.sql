-- analytics_events: what people do on the platform.
--
-- Needs:  users (101), the helpers (004).
-- Added by everyone, about oneself; read by the service alone, which also removes what is old.
-- Companies get sums, by functions.

BEGIN;
SET LOCAL ROLE hotgigs_owner;
SET LOCAL search_path = public;

CREATE TABLE analytics_events (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id UUID REFERENCES users(id),
    event_type VARCHAR(100) NOT NULL,
    event_data JSONB DEFAULT '{}',
    session_id VARCHAR(255),
    ip_address INET,
    user_agent TEXT,
    created_at TIMESTAMP DEFAULT NOW()
);
ALTER TABLE analytics_events ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE  analytics_events            IS 'Something that somebody did, for statistics.';
COMMENT ON COLUMN analytics_events.id         IS 'The event''s id.';
COMMENT ON COLUMN analytics_events.user_id    IS 'Who did it; NULL: a visitor, or erased.';
COMMENT ON COLUMN analytics_events.event_type IS
    'What was done: job_view, search, apply_start, ...';
COMMENT ON COLUMN analytics_events.event_data IS 'Object: particulars, by type.';
COMMENT ON COLUMN analytics_events.session_id IS 'The application''s own name for a visit.';
COMMENT ON COLUMN analytics_events.ip_address IS 'Address of the client; read by the service only.';
COMMENT ON COLUMN analytics_events.user_agent IS
    'The client''s own description; read by the service only.';
COMMENT ON COLUMN analytics_events.created_at IS 'When it happened, UTC.';

-- The document's: what this user did, by type (and what a user who is to be deleted did); the
-- newest first.
CREATE INDEX idx_analytics_events_user_type ON analytics_events(user_id, event_type);
CREATE INDEX idx_analytics_events_created_at ON analytics_events(created_at DESC);

-- The owner sees all: helpers and definer functions read as the owner.
CREATE POLICY owner_all ON analytics_events TO hotgigs_owner
    USING (true) WITH CHECK (true);

-- The service reads, adds and removes what is old. An event does not change.
CREATE POLICY service_select ON analytics_events FOR SELECT TO hotgigs_service
    USING (true);
CREATE POLICY service_insert ON analytics_events FOR INSERT TO hotgigs_service
    WITH CHECK (true);
CREATE POLICY service_delete ON analytics_events FOR DELETE TO hotgigs_service
    USING (true);

-- A visitor's events are nobody's,
CREATE POLICY anon_insert ON analytics_events FOR INSERT
    TO hotgigs_anon
    WITH CHECK (user_id IS NULL);
-- a user's are his own.
CREATE POLICY self_insert ON analytics_events FOR INSERT
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer
    WITH CHECK (user_id = (SELECT caller_id FROM hotgigs.callers));

GRANT SELECT (id, user_id, event_type, event_data, session_id, ip_address, user_agent, created_at,
              xmin),
      INSERT (id, user_id, event_type, event_data, session_id, ip_address, user_agent, created_at),
      DELETE
    ON analytics_events TO hotgigs_service;

GRANT INSERT (id, user_id, event_type, event_data, session_id, ip_address, user_agent)
    ON analytics_events TO hotgigs_anon, hotgigs_candidate, hotgigs_company, hotgigs_freelancer;
-- No SELECT, so no RETURNING: events say what people do, and only sums of them are for companies.

COMMIT;
