-- oauth_accounts: accounts elsewhere by which a user signs in.
--
-- Needs:  users (101), the helpers (004).
-- Seen by oneself, without tokens and what belongs to them. Written by the service alone.

BEGIN;
SET LOCAL ROLE hotgigs_owner;
SET LOCAL search_path = public;

CREATE TABLE oauth_accounts (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id UUID REFERENCES users(id) ON DELETE CASCADE,
    provider VARCHAR(50) NOT NULL,
    provider_user_id VARCHAR(255) NOT NULL,
    access_token TEXT,
    refresh_token TEXT,
    expires_at TIMESTAMP,
    scope TEXT,
    token_type VARCHAR(50),
    created_at TIMESTAMP DEFAULT NOW(),
    updated_at TIMESTAMP DEFAULT NOW(),
    UNIQUE(provider, provider_user_id)
);
ALTER TABLE oauth_accounts ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE oauth_accounts IS
    'An account at an OAuth provider, linked to a user.';
COMMENT ON COLUMN oauth_accounts.id               IS 'The link''s id.';
COMMENT ON COLUMN oauth_accounts.user_id IS
    'The user who signs in by it; never changes; NULL: nobody.';
COMMENT ON COLUMN oauth_accounts.provider IS
    'Name of the provider: google, linkedin, github, ...';
COMMENT ON COLUMN oauth_accounts.provider_user_id IS
    'The user''s id at the provider; unique per provider; never changes.';
COMMENT ON COLUMN oauth_accounts.access_token IS
    'Secret; written by the service, read by hotgigs.oauth_tokens only.';
COMMENT ON COLUMN oauth_accounts.refresh_token IS
    'Secret; written by the service, read by hotgigs.oauth_tokens only.';
COMMENT ON COLUMN oauth_accounts.expires_at IS
    'When access_token ends, UTC; NULL: unknown or never.';
COMMENT ON COLUMN oauth_accounts.scope            IS 'What the provider granted, in its own words.';
COMMENT ON COLUMN oauth_accounts.token_type       IS 'Usually Bearer.';
COMMENT ON COLUMN oauth_accounts.created_at       IS 'When the account was linked, UTC.';
COMMENT ON COLUMN oauth_accounts.updated_at IS
    'Last change, UTC; the row version; kept by a trigger.';

-- The document's: the user behind a provider's account (the unique key answers too).
CREATE INDEX idx_oauth_accounts_provider_user ON oauth_accounts(provider, provider_user_id);

-- The accounts of this user; and ON DELETE CASCADE of users.
CREATE INDEX oauth_accounts_user_id_idx ON oauth_accounts (user_id);

-- The owner sees all: helpers and definer functions read as the owner.
CREATE POLICY owner_all ON oauth_accounts TO hotgigs_owner
    USING (true) WITH CHECK (true);

-- The application's own jobs work on the rows of all tenants.
CREATE POLICY service_all ON oauth_accounts TO hotgigs_service
    USING (true) WITH CHECK (true);

-- Everyone sees which accounts he has linked.
CREATE POLICY self_select ON oauth_accounts FOR SELECT
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer
    USING (user_id = (SELECT caller_id FROM hotgigs.callers));

GRANT SELECT (id, user_id, provider, provider_user_id, expires_at, scope, token_type, created_at,
              updated_at, xmin),
      INSERT (id, user_id, provider, provider_user_id, access_token, refresh_token, expires_at,
              scope, token_type, created_at, updated_at),
      UPDATE (access_token, refresh_token, expires_at, scope, token_type),
      DELETE
    ON oauth_accounts TO hotgigs_service;
-- No SELECT of access_token and refresh_token: the function below reads them.
-- No UPDATE of user_id, provider, provider_user_id: policies rely on them, and a row does not
-- change hands.

GRANT SELECT (id, user_id, provider, provider_user_id, token_type, created_at, updated_at, xmin)
    ON oauth_accounts TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer;
-- No INSERT, UPDATE: the service links and renews. No DELETE: unlinking is a function, which keeps
-- the last way to sign in. Nothing for hotgigs_anon.

CREATE TRIGGER oauth_accounts_touch BEFORE UPDATE ON oauth_accounts
    FOR EACH ROW EXECUTE FUNCTION hotgigs.touch_updated_at();

-- The only way to the tokens.
--
-- DEFINER: no role but the owner may read access_token and refresh_token.
CREATE FUNCTION hotgigs.oauth_tokens(account_id uuid)
RETURNS TABLE (access_token text, refresh_token text, expires_at timestamp, scope text,
               token_type text)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT o.access_token, o.refresh_token, o.expires_at, o.scope, o.token_type::text
    FROM   public.oauth_accounts o
    WHERE  o.id = account_id;
END
$$;
COMMENT ON FUNCTION hotgigs.oauth_tokens(uuid) IS
    'The tokens of one linked account, and until when they hold.';
REVOKE ALL ON FUNCTION hotgigs.oauth_tokens(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.oauth_tokens(uuid) TO hotgigs_service;

-- Every change leaves an entry in the audit trail.
CREATE TRIGGER oauth_accounts_audit_insert AFTER INSERT ON oauth_accounts
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();
CREATE TRIGGER oauth_accounts_audit_update AFTER UPDATE ON oauth_accounts
    REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();
CREATE TRIGGER oauth_accounts_audit_delete AFTER DELETE ON oauth_accounts
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();

COMMIT;
