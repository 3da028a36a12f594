-- application_timeline: what happened to an application, step by step.
--
-- Needs:  applications (204), users (101).
-- Seen by whoever sees the application; the candidate sees status and time only. Written by
-- functions; entries are evidence, and the service itself only adds.

BEGIN;
SET LOCAL ROLE hotgigs_owner;
SET LOCAL search_path = public;

CREATE TABLE application_timeline (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    application_id UUID REFERENCES applications(id) ON DELETE CASCADE,
    status VARCHAR(50) NOT NULL,
    notes TEXT,
    changed_by UUID REFERENCES users(id),
    metadata JSONB DEFAULT '{}',
    created_at TIMESTAMP DEFAULT NOW()
);
ALTER TABLE application_timeline ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE  application_timeline                IS 'A step in an application''s history.';
COMMENT ON COLUMN application_timeline.id             IS 'The step''s id.';
COMMENT ON COLUMN application_timeline.application_id IS 'The application; never changes.';
COMMENT ON COLUMN application_timeline.status IS
    'The status reached, or the one it had when a note was added.';
COMMENT ON COLUMN application_timeline.notes IS
    'A remark of the company; not seen by the candidate.';
COMMENT ON COLUMN application_timeline.changed_by IS
    'The user who did it; NULL: the service, or erased; not seen by the candidate.';
COMMENT ON COLUMN application_timeline.metadata IS
    'Object: from, to, reason, bulk_id; not seen by the candidate.';
COMMENT ON COLUMN application_timeline.created_at IS
    'When it happened, UTC; the id orders those of one moment.';

-- The history of this application in order; and ON DELETE CASCADE of applications.
CREATE INDEX application_timeline_application_id_created_at_idx
    ON application_timeline (application_id, created_at);

-- When applications were hired: of all (platform_stats), and of these, without their other steps.
CREATE INDEX application_timeline_hired_idx
    ON application_timeline (application_id, created_at) WHERE status = 'hired';

-- Whether a user who is to be deleted changed any.
CREATE INDEX application_timeline_changed_by_idx ON application_timeline (changed_by);

-- The owner sees all: helpers and definer functions read as the owner.
CREATE POLICY owner_all ON application_timeline TO hotgigs_owner
    USING (true) WITH CHECK (true);

-- The service reads and adds: what happened, happened. Erasure runs as the owner.
CREATE POLICY service_select ON application_timeline FOR SELECT TO hotgigs_service
    USING (true);
CREATE POLICY service_insert ON application_timeline FOR INSERT TO hotgigs_service
    WITH CHECK (true);

-- Whoever sees the application sees its history: the sub-select runs under the caller's policies on
-- applications.
CREATE POLICY read_with_application ON application_timeline FOR SELECT
    TO hotgigs_candidate, hotgigs_company
    USING (EXISTS (SELECT FROM applications a WHERE a.id = application_id));

GRANT SELECT (id, application_id, status, notes, changed_by, metadata, created_at, xmin),
      INSERT (id, application_id, status, notes, changed_by, metadata, created_at)
    ON application_timeline TO hotgigs_service;

GRANT SELECT (id, application_id, status, created_at, xmin)
    ON application_timeline TO hotgigs_candidate;

GRANT SELECT (id, application_id, status, notes, changed_by, metadata, created_at, xmin)
    ON application_timeline TO hotgigs_company;
-- No INSERT: functions write the steps and the notes. No UPDATE, DELETE for anybody, the service
-- included. Nothing for hotgigs_freelancer and hotgigs_anon.

COMMIT;
