CREATE TABLE things (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    state varchar(9) CHECK (state = ANY ('{b,"it''s \\ \"so\""}'))
);
COMMENT ON TABLE things IS 'A thing.';
COMMENT ON COLUMN things.id IS 'The id.';
COMMENT ON COLUMN things.state IS 'The state.';
