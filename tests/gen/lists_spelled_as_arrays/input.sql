CREATE TABLE things (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    state varchar(9) CHECK (state = ANY ('{a,in_work}')),
    mood text CHECK (mood = ANY ('{"b",c}'::text[])),
    kind varchar(9) CHECK (kind = ANY ('{d}'::varchar[]))
);
COMMENT ON TABLE things IS 'A thing.';
COMMENT ON COLUMN things.id IS 'The id.';
COMMENT ON COLUMN things.state IS 'The state.';
COMMENT ON COLUMN things.mood IS 'The mood.';
COMMENT ON COLUMN things.kind IS 'The kind.';
