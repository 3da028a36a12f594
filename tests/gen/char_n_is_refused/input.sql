CREATE TABLE things (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    code char(3)
);
COMMENT ON TABLE things IS 'A thing.';
COMMENT ON COLUMN things.id IS 'The id.';
COMMENT ON COLUMN things.code IS 'The code.';
