CREATE TABLE things (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email text,
    phone text UNIQUE
);
COMMENT ON TABLE things IS 'A thing.';
COMMENT ON COLUMN things.id IS 'The id.';
COMMENT ON COLUMN things.email IS 'The email.';
COMMENT ON COLUMN things.phone IS 'The phone.';
