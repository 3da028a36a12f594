CREATE TABLE things (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    null_mask integer
);
COMMENT ON TABLE things IS 'A thing.';
COMMENT ON COLUMN things.id IS 'The id.';
COMMENT ON COLUMN things.null_mask IS 'The null mask.';
