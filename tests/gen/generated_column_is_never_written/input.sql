CREATE TABLE things (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    size integer,
    twice integer GENERATED ALWAYS AS (size * 2) STORED
);
COMMENT ON TABLE things IS 'A thing.';
COMMENT ON COLUMN things.id IS 'The id.';
COMMENT ON COLUMN things.size IS 'The size.';
COMMENT ON COLUMN things.twice IS 'The twice.';
GRANT ALL ON things TO hotgigs_service;
