CREATE TABLE things (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    state text CHECK (state IS NULL OR state IN ('a', 'b')),
    kind text CHECK (kind NOT IN ('a', 'b')),
    mood text CHECK (lower(mood) IN ('a', 'b'))
);
COMMENT ON TABLE things IS 'A thing.';
COMMENT ON COLUMN things.id IS 'The id.';
COMMENT ON COLUMN things.state IS 'The state.';
COMMENT ON COLUMN things.kind IS 'The kind.';
COMMENT ON COLUMN things.mood IS 'The mood.';
