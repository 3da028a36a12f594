CREATE TABLE things (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text NOT NULL
);
COMMENT ON TABLE things IS 'A thing.';
COMMENT ON COLUMN things.id IS 'Its id.';
COMMENT ON COLUMN things.name IS 'Its name.';
