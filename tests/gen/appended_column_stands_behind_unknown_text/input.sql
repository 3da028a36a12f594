CREATE TABLE things (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    state text CHECK (state IN ('a', 'b')),
    weight integer
);
COMMENT ON TABLE things IS 'A thing.';
COMMENT ON COLUMN things.id IS 'The id.';
COMMENT ON COLUMN things.state IS 'The state.';
COMMENT ON COLUMN things.weight IS 'The weight.';
