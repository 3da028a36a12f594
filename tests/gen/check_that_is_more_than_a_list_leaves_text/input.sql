CREATE TABLE things (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    state text CHECK (state IS NULL OR state IN ('a', 'b')),
    kind text CHECK (kind NOT IN ('a', 'b')),
    mood text CHECK (lower(mood) IN ('a', 'b')),
    tone text CHECK (tone = ANY ('{a,NULL}')),
    turn text CHECK (turn = ANY ('{{a},{b}}')),
    pace text CHECK (pace <> ALL ('{a,b}')),
    rank text CHECK (rank = ANY ('{a,b}') OR rank = '')
);
COMMENT ON TABLE things IS 'A thing.';
COMMENT ON COLUMN things.id IS 'The id.';
COMMENT ON COLUMN things.state IS 'The state.';
COMMENT ON COLUMN things.kind IS 'The kind.';
COMMENT ON COLUMN things.mood IS 'The mood.';
COMMENT ON COLUMN things.tone IS 'The tone.';
COMMENT ON COLUMN things.turn IS 'The turn.';
COMMENT ON COLUMN things.pace IS 'The pace.';
COMMENT ON COLUMN things.rank IS 'The rank.';
