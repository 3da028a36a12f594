CREATE TABLE things (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid()
);
COMMENT ON TABLE things IS 'A thing.';
COMMENT ON COLUMN things.id IS 'The id.';
