CREATE TABLE things (id uuid PRIMARY KEY);
CREATE TABLE parts (
    id uuid PRIMARY KEY,
    thing_id uuid REFERENCES things(id),
    made_of uuid REFERENCES things(id)
);
COMMENT ON TABLE things IS 'A thing.';
COMMENT ON COLUMN things.id IS 'The id.';
COMMENT ON TABLE parts IS 'A part.';
COMMENT ON COLUMN parts.id IS 'The id.';
COMMENT ON COLUMN parts.thing_id IS 'The thing.';
COMMENT ON COLUMN parts.made_of IS 'Another thing.';
