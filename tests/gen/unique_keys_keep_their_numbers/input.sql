CREATE TABLE things (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email text,
    phone text
);
COMMENT ON TABLE things IS 'A thing.';
COMMENT ON COLUMN things.id IS 'The id.';
COMMENT ON COLUMN things.email IS 'The email.';
COMMENT ON COLUMN things.phone IS 'The phone.';
ALTER TABLE things ADD UNIQUE (email);
ALTER TABLE things ADD UNIQUE (phone);
