CREATE TABLE things (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    "Name" text
);
COMMENT ON TABLE things IS 'A thing.';
COMMENT ON COLUMN things.id IS 'The id.';
COMMENT ON COLUMN things."Name" IS 'The Name.';
