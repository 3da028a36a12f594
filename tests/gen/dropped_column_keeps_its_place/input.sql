CREATE TABLE things (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    size integer,
    last date
);
COMMENT ON TABLE things IS 'A thing.';
COMMENT ON COLUMN things.id IS 'The id.';
COMMENT ON COLUMN things.size IS 'The size.';
COMMENT ON COLUMN things.last IS 'The last.';
