CREATE TABLE things (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    price numeric(19,2)
);
COMMENT ON TABLE things IS 'A thing.';
COMMENT ON COLUMN things.id IS 'The id.';
COMMENT ON COLUMN things.price IS 'The price.';
