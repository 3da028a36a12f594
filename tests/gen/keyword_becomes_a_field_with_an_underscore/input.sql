CREATE TABLE things (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    type text,
    class text,
    func integer,
    lambda date,
    match text,
    role text
);
COMMENT ON TABLE things IS 'A thing.';
COMMENT ON COLUMN things.id IS 'The id.';
COMMENT ON COLUMN things.type IS 'The type.';
COMMENT ON COLUMN things.class IS 'The class.';
COMMENT ON COLUMN things.func IS 'The func.';
COMMENT ON COLUMN things.lambda IS 'The lambda.';
COMMENT ON COLUMN things.match IS 'The match.';
COMMENT ON COLUMN things.role IS 'The role.';
