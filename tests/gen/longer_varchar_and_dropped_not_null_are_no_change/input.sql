CREATE TABLE things (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name varchar(200),
    size integer
);
COMMENT ON TABLE things IS 'A thing.';
COMMENT ON COLUMN things.id IS 'The id.';
COMMENT ON COLUMN things.name IS 'The name.';
COMMENT ON COLUMN things.size IS 'The size.';
