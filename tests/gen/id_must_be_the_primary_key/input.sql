CREATE TABLE things (
    id uuid,
    number integer PRIMARY KEY
);
COMMENT ON TABLE things IS 'A thing.';
COMMENT ON COLUMN things.id IS 'The id.';
COMMENT ON COLUMN things.number IS 'The number.';
