-- user_profiles: what a user of any type tells about himself, and his preferences.
--
-- Needs:  users (101), the helpers (004).
-- Seen and written by oneself; seen by others where privacy_settings says so, and by co-workers and
-- the companies applied to.

BEGIN;
SET LOCAL ROLE hotgigs_owner;
SET LOCAL search_path = public;

CREATE TABLE user_profiles (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id UUID REFERENCES users(id) ON DELETE CASCADE,
    bio TEXT,
    location VARCHAR(255),
    timezone VARCHAR(50),
    linkedin_url VARCHAR(255),
    github_url VARCHAR(255),
    website_url VARCHAR(255),
    preferred_language VARCHAR(10) DEFAULT 'en',
    notification_preferences JSONB DEFAULT '{}',
    privacy_settings JSONB DEFAULT '{}',
    created_at TIMESTAMP DEFAULT NOW(),
    updated_at TIMESTAMP DEFAULT NOW()
);
ALTER TABLE user_profiles ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE user_profiles IS
    'What a user tells about himself; one row a user, where all is well.';
COMMENT ON COLUMN user_profiles.id                       IS 'The profile''s id.';
COMMENT ON COLUMN user_profiles.user_id IS
    'The user it belongs to; never changes; NULL: belongs to nobody.';
COMMENT ON COLUMN user_profiles.bio                      IS 'Free text about oneself.';
COMMENT ON COLUMN user_profiles.location                 IS 'Where the user lives, free text.';
COMMENT ON COLUMN user_profiles.timezone                 IS 'IANA name, such as Europe/Berlin.';
COMMENT ON COLUMN user_profiles.linkedin_url             IS 'LinkedIn page.';
COMMENT ON COLUMN user_profiles.github_url               IS 'GitHub page.';
COMMENT ON COLUMN user_profiles.website_url              IS 'Own web site.';
COMMENT ON COLUMN user_profiles.preferred_language       IS 'Language tag, such as en or pt-BR.';
COMMENT ON COLUMN user_profiles.notification_preferences IS
    'Object of booleans: email_notifications, job_alerts, application_updates.';
COMMENT ON COLUMN user_profiles.privacy_settings IS
    'Object: profile_visibility (public: seen by all who signed in), contact_visibility.';
COMMENT ON COLUMN user_profiles.created_at               IS 'When the row was made, UTC.';
COMMENT ON COLUMN user_profiles.updated_at IS
    'Last change, UTC; the row version; kept by a trigger.';

-- The profile of this user; and ON DELETE CASCADE of users.
CREATE INDEX user_profiles_user_id_idx ON user_profiles (user_id);

-- The owner sees all: helpers and definer functions read as the owner.
CREATE POLICY owner_all ON user_profiles TO hotgigs_owner
    USING (true) WITH CHECK (true);

-- The application's own jobs work on the rows of all tenants.
CREATE POLICY service_all ON user_profiles TO hotgigs_service
    USING (true) WITH CHECK (true);

-- One's own, and to live users those whose privacy_settings say public.
CREATE POLICY signed_in_select ON user_profiles FOR SELECT
    TO hotgigs_candidate, hotgigs_freelancer
    USING (user_id = (SELECT caller_id FROM hotgigs.callers)
           OR (privacy_settings ->> 'profile_visibility' = 'public'
               AND (SELECT caller_id FROM hotgigs.callers) IS NOT NULL));
-- Companies also see those of co-workers and of applicants.
CREATE POLICY company_select ON user_profiles FOR SELECT
    TO hotgigs_company
    USING (user_id = (SELECT caller_id FROM hotgigs.callers)
           OR user_id = ANY (ARRAY(SELECT hotgigs.my_coworkers()))
           OR user_id = ANY (ARRAY(SELECT hotgigs.company_applicant_users()))
           OR (privacy_settings ->> 'profile_visibility' = 'public'
               AND (SELECT caller_id FROM hotgigs.callers) IS NOT NULL));
-- Everyone makes his own,
CREATE POLICY self_insert ON user_profiles FOR INSERT
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer
    WITH CHECK (user_id = (SELECT caller_id FROM hotgigs.callers));
-- and changes it.
CREATE POLICY self_update ON user_profiles FOR UPDATE
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer
    USING (user_id = (SELECT caller_id FROM hotgigs.callers))
    WITH CHECK (user_id = (SELECT caller_id FROM hotgigs.callers));

GRANT SELECT (id, user_id, bio, location, timezone, linkedin_url, github_url, website_url,
              preferred_language, notification_preferences, privacy_settings, created_at,
              updated_at, xmin),
      INSERT (id, user_id, bio, location, timezone, linkedin_url, github_url, website_url,
              preferred_language, notification_preferences, privacy_settings, created_at, updated_at),
      UPDATE (bio, location, timezone, linkedin_url, github_url, website_url, preferred_language,
              notification_preferences, privacy_settings),
      DELETE
    ON user_profiles TO hotgigs_service;
-- No UPDATE of user_id: policies rely on it, and a row does not change hands.

GRANT SELECT (id, user_id, bio, location, timezone, linkedin_url, github_url, website_url,
              preferred_language, notification_preferences, privacy_settings, created_at,
              updated_at, xmin),
      INSERT (id, user_id, bio, location, timezone, linkedin_url, github_url, website_url,
              preferred_language, notification_preferences, privacy_settings),
      UPDATE (bio, location, timezone, linkedin_url, github_url, website_url, preferred_language,
              notification_preferences, privacy_settings)
    ON user_profiles TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer;
-- No DELETE: the profile goes with its user. Nothing for hotgigs_anon.

CREATE TRIGGER user_profiles_touch BEFORE UPDATE ON user_profiles
    FOR EACH ROW EXECUTE FUNCTION hotgigs.touch_updated_at();

-- Every change leaves an entry in the audit trail.
CREATE TRIGGER user_profiles_audit_insert AFTER INSERT ON user_profiles
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();
CREATE TRIGGER user_profiles_audit_update AFTER UPDATE ON user_profiles
    REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();
CREATE TRIGGER user_profiles_audit_delete AFTER DELETE ON user_profiles
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();

COMMIT;
