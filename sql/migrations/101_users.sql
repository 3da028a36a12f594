-- users: everyone who has an account, one row a person.
--
-- Needs:  the helpers (004), the triggers (005).
-- Seen in full by oneself; others see cards (450). Written by the service; one's own name, phone
-- and picture by oneself.

BEGIN;
SET LOCAL ROLE hotgigs_owner;
SET LOCAL search_path = public;

CREATE TABLE users (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    email VARCHAR(255) UNIQUE NOT NULL,
    password_hash VARCHAR(255),
    first_name VARCHAR(100),
    last_name VARCHAR(100),
    phone VARCHAR(20),
    profile_image_url TEXT,
    user_type VARCHAR(20) NOT NULL CHECK (user_type = ANY ('{candidate,company,freelance_recruiter}')),
    is_active BOOLEAN DEFAULT true,
    is_verified BOOLEAN DEFAULT false,
    email_verified_at TIMESTAMP,
    last_login_at TIMESTAMP,
    created_at TIMESTAMP DEFAULT NOW(),
    updated_at TIMESTAMP DEFAULT NOW()
);
ALTER TABLE users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE users IS
    'A user of the platform: candidate, company user or freelance recruiter.';
COMMENT ON COLUMN users.id                IS 'The user''s id; the sub claim of his tokens.';
COMMENT ON COLUMN users.email IS
    'Address he signs in with; unique as written, looked up folded and trimmed.';
COMMENT ON COLUMN users.password_hash IS
    'Hash in the application''s format; NULL: signs in by OAuth only.';
COMMENT ON COLUMN users.first_name        IS 'Given name.';
COMMENT ON COLUMN users.last_name         IS 'Family name.';
COMMENT ON COLUMN users.phone             IS 'Free text, as the user writes it.';
COMMENT ON COLUMN users.profile_image_url IS 'URL of the picture.';
COMMENT ON COLUMN users.user_type IS
    'Which persona the user acts as; changed by the service alone.';
COMMENT ON COLUMN users.is_active IS
    'False: signs in nowhere and sees nothing as a user; NULL counts as false.';
COMMENT ON COLUMN users.is_verified       IS 'True: the e-mail address is confirmed.';
COMMENT ON COLUMN users.email_verified_at IS
    'When the address was first confirmed; UTC; NULL: not yet.';
COMMENT ON COLUMN users.last_login_at IS
    'Last sign-in, UTC; NULL: never; does not move updated_at.';
COMMENT ON COLUMN users.created_at        IS 'When the row was made, UTC.';
COMMENT ON COLUMN users.updated_at IS
    'Last change but for last_login_at, UTC; the row version; kept by a trigger.';

-- The document's: the user with this address (the unique key answers too), and the users of a type.
CREATE INDEX idx_users_email ON users(email);
CREATE INDEX idx_users_user_type ON users(user_type);

-- The user with this address whatever its case: hotgigs.user_credentials.
CREATE INDEX users_email_lower_idx ON users (lower(email));

-- The owner sees all: helpers and definer functions read as the owner.
CREATE POLICY owner_all ON users TO hotgigs_owner
    USING (true) WITH CHECK (true);

-- The application's own jobs work on the rows of all tenants.
CREATE POLICY service_all ON users TO hotgigs_service
    USING (true) WITH CHECK (true);

-- The document's own: everyone sees himself. (auth.uid() there; here he must be a live user of the
-- role's type.)
CREATE POLICY "Users can view own profile" ON users FOR SELECT
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer
    USING (id = (SELECT caller_id FROM hotgigs.callers));
-- Everyone changes himself.
CREATE POLICY self_update ON users FOR UPDATE
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer
    USING (id = (SELECT caller_id FROM hotgigs.callers))
    WITH CHECK (id = (SELECT caller_id FROM hotgigs.callers));

GRANT SELECT (id, email, first_name, last_name, phone, profile_image_url, user_type, is_active,
              is_verified, email_verified_at, last_login_at, created_at, updated_at, xmin),
      INSERT (id, email, password_hash, first_name, last_name, phone, profile_image_url, user_type,
              is_active, is_verified, email_verified_at, last_login_at, created_at, updated_at),
      UPDATE (email, password_hash, first_name, last_name, phone, profile_image_url, user_type,
              is_active, is_verified, email_verified_at, last_login_at),
      DELETE
    ON users TO hotgigs_service;
-- No SELECT of password_hash: the function below reads it.

GRANT SELECT (id, email, first_name, last_name, phone, profile_image_url, user_type, is_active,
              is_verified, email_verified_at, last_login_at, created_at, updated_at, xmin),
      UPDATE (first_name, last_name, phone, profile_image_url)
    ON users TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer;
-- No INSERT: the service registers. No UPDATE of email, user_type, is_active, is_verified: nobody
-- promotes himself. No DELETE: erasure is a function. Nothing for hotgigs_anon.

-- As touch_updated_at(), but a sign-in is no change: last_login_at alone leaves the time as it is.
CREATE FUNCTION hotgigs.touch_user()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = ''
AS $$
DECLARE
    but_for_login public.users;
BEGIN
    NEW.updated_at := OLD.updated_at;
    but_for_login := NEW;
    but_for_login.last_login_at := OLD.last_login_at;
    IF NOT but_for_login *= OLD THEN
        NEW.updated_at := greatest(now() AT TIME ZONE 'UTC',
                                   nullif(OLD.updated_at, 'infinity') + interval '1 microsecond');
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION hotgigs.touch_user() IS
    'Trigger: users.updated_at grows whenever more than last_login_at changed.';
REVOKE ALL ON FUNCTION hotgigs.touch_user() FROM PUBLIC;

CREATE TRIGGER users_touch BEFORE UPDATE ON users
    FOR EACH ROW EXECUTE FUNCTION hotgigs.touch_user();

-- The only way to a password hash. Two addresses that differ in case alone are two users to the
-- document's unique key: then the one written exactly so is meant, and without one nobody is.
--
-- DEFINER: no role but the owner may read password_hash.
CREATE FUNCTION hotgigs.user_credentials(email text)
RETURNS TABLE (id uuid, password_hash text, is_active boolean, is_verified boolean, user_type text)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
#variable_conflict use_column
DECLARE
    wanted CONSTANT text := btrim(user_credentials.email);
BEGIN
    RETURN QUERY
    SELECT u.id, u.password_hash::text, u.is_active, u.is_verified, u.user_type::text
    FROM   public.users u
    WHERE  lower(u.email) = lower(wanted)
    AND    (u.email = wanted
            OR NOT EXISTS (SELECT
                           FROM   public.users twin
                           WHERE  lower(twin.email) = lower(wanted)
                           AND    twin.id <> u.id));
END
$$;
COMMENT ON FUNCTION hotgigs.user_credentials(text) IS
    'What a sign-in needs of the user with this address; case and outer blanks do not count.';
REVOKE ALL ON FUNCTION hotgigs.user_credentials(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.user_credentials(text) TO hotgigs_service;

-- Every change leaves an entry in the audit trail.
CREATE TRIGGER users_audit_insert AFTER INSERT ON users
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();
CREATE TRIGGER users_audit_update AFTER UPDATE ON users
    REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();
CREATE TRIGGER users_audit_delete AFTER DELETE ON users
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();

COMMIT;
