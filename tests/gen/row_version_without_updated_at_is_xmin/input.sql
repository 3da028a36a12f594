CREATE TABLE things (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    created_at timestamp
);
COMMENT ON TABLE things IS 'A thing.';
COMMENT ON COLUMN things.id IS 'The id.';
COMMENT ON COLUMN things.created_at IS 'The created at.';
GRANT SELECT (id) ON things TO hotgigs_anon;
GRANT SELECT ON things TO hotgigs_service;
