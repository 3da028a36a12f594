CREATE TABLE things (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    part_id uuid
);
COMMENT ON TABLE things IS 'A thing.';
COMMENT ON COLUMN things.id IS 'The id.';
COMMENT ON COLUMN things.part_id IS 'The part id.';
CREATE TABLE thing_parts (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid()
);
COMMENT ON TABLE thing_parts IS 'A thing.';
COMMENT ON COLUMN thing_parts.id IS 'The id.';
