CREATE TABLE things (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text
);
COMMENT ON TABLE things IS 'A thing.';
COMMENT ON COLUMN things.id IS 'The id.';
COMMENT ON COLUMN things.name IS 'Matches /* and */ and "quotes" and \ and ??= too.
Second line.';
