-- hotgigs.schema_history: which files this database has had, and with which contents.
--
-- Needs:  schema hotgigs (002). Written by the library's runner as hotgigs_owner, one row a file,
-- 001 and 002 included; files that were run by psql leave no row. Every role may read it: a program
-- asks at start whether the schema is its own.

BEGIN;
SET LOCAL ROLE hotgigs_owner;

COMMENT ON SCHEMA hotgigs IS 'What libhotgigs adds to the 25 tables: helpers, cards, history.';

GRANT USAGE ON SCHEMA hotgigs
    TO hotgigs_anon, hotgigs_candidate, hotgigs_company, hotgigs_freelancer, hotgigs_service;

-- What hotgigs_owner makes from here on is nobody's until it is granted. Each function is revoked
-- below its definition as well, so that a reader need not remember this.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE TABLE hotgigs.schema_history (
    version         text PRIMARY KEY,
    name            text NOT NULL,
    checksum        bytea NOT NULL CHECK (octet_length(checksum) = 32),
    applied_at      timestamptz DEFAULT now(),
    duration_ms     integer CHECK (duration_ms >= 0),
    applied_by      text DEFAULT session_user,
    library_version text
);

COMMENT ON TABLE hotgigs.schema_history IS
    'A migration file that this database has had.';
COMMENT ON COLUMN hotgigs.schema_history.version IS
    'The number in the file''s name, such as 106.';
COMMENT ON COLUMN hotgigs.schema_history.name IS
    'The rest of the file''s name, such as jobs.';
COMMENT ON COLUMN hotgigs.schema_history.checksum IS
    'SHA-256 of the file as it was applied.';
COMMENT ON COLUMN hotgigs.schema_history.applied_at IS
    'When its transaction began.';
COMMENT ON COLUMN hotgigs.schema_history.duration_ms IS
    'How long it took, in milliseconds; NULL: not measured.';
COMMENT ON COLUMN hotgigs.schema_history.applied_by IS
    'The login that applied it.';
COMMENT ON COLUMN hotgigs.schema_history.library_version IS
    'The libhotgigs that applied it; NULL: adopted.';

GRANT SELECT ON hotgigs.schema_history
    TO hotgigs_anon, hotgigs_candidate, hotgigs_company, hotgigs_freelancer, hotgigs_service;

COMMIT;
