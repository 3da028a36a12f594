-- companies: the tenants.
--
-- Needs:  the helpers (004), among them my_companies (105).
-- Seen in full by members (settings by admins, through a card); others see the public card (450).
-- Changed by admins; made and deleted by functions.

BEGIN;
SET LOCAL ROLE hotgigs_owner;
SET LOCAL search_path = public;

CREATE TABLE companies (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    name VARCHAR(255) NOT NULL,
    slug VARCHAR(255) UNIQUE NOT NULL,
    description TEXT,
    industry VARCHAR(100),
    company_size VARCHAR(50),
    website_url VARCHAR(255),
    logo_url TEXT,
    headquarters_location VARCHAR(255),
    founded_year INTEGER,
    company_type VARCHAR(50),
    is_verified BOOLEAN DEFAULT false,
    subscription_plan VARCHAR(50) DEFAULT 'free',
    subscription_expires_at TIMESTAMP,
    settings JSONB DEFAULT '{}',
    created_at TIMESTAMP DEFAULT NOW(),
    updated_at TIMESTAMP DEFAULT NOW()
);
ALTER TABLE companies ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE  companies                         IS 'A company: a tenant of the platform.';
COMMENT ON COLUMN companies.id                      IS 'The company''s id.';
COMMENT ON COLUMN companies.name                    IS 'Name as shown.';
COMMENT ON COLUMN companies.slug                    IS 'Name in URLs; unique over all companies.';
COMMENT ON COLUMN companies.description             IS 'Free text.';
COMMENT ON COLUMN companies.industry IS
    'Free text: Technology, Healthcare, Finance, ...';
COMMENT ON COLUMN companies.company_size IS
    'Head count, free text: 1-10, 11-50, 51-200, ...';
COMMENT ON COLUMN companies.website_url             IS 'Web site.';
COMMENT ON COLUMN companies.logo_url                IS 'URL of the logo.';
COMMENT ON COLUMN companies.headquarters_location   IS 'Free text.';
COMMENT ON COLUMN companies.founded_year            IS 'Calendar year.';
COMMENT ON COLUMN companies.company_type IS
    'Free text: startup, public, private, nonprofit, agency, ...';
COMMENT ON COLUMN companies.is_verified IS
    'True: the platform has checked that the company is who it says; set by the service.';
COMMENT ON COLUMN companies.subscription_plan IS
    'Plan paid for, free unless the service set another.';
COMMENT ON COLUMN companies.subscription_expires_at IS
    'When the plan ends, UTC; NULL: does not end.';
COMMENT ON COLUMN companies.settings IS
    'Object of the company''s own settings; read by its admins only.';
COMMENT ON COLUMN companies.created_at              IS 'When the row was made, UTC.';
COMMENT ON COLUMN companies.updated_at IS
    'Last change, UTC; the row version; kept by a trigger.';

-- The document's: the company with this slug (the unique key answers too).
CREATE INDEX idx_companies_slug ON companies(slug);
-- The newest companies, a page at a time: everybody sees the cards of all.
CREATE INDEX companies_created_at_id_idx ON companies (created_at DESC, id);

-- The owner sees all: helpers and definer functions read as the owner.
CREATE POLICY owner_all ON companies TO hotgigs_owner
    USING (true) WITH CHECK (true);

-- The application's own jobs work on the rows of all tenants.
CREATE POLICY service_all ON companies TO hotgigs_service
    USING (true) WITH CHECK (true);

-- The document's own, for every persona: active members see their company.
CREATE POLICY "Company members can view company data" ON companies FOR SELECT
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer
    USING (id = ANY ((SELECT viewer_of FROM hotgigs.callers)::uuid[]));
-- Its admins change it.
CREATE POLICY company_update ON companies FOR UPDATE
    TO hotgigs_company
    USING (id = ANY ((SELECT admin_of FROM hotgigs.callers)::uuid[]))
    WITH CHECK (id = ANY ((SELECT admin_of FROM hotgigs.callers)::uuid[]));

GRANT SELECT (id, name, slug, description, industry, company_size, website_url, logo_url,
              headquarters_location, founded_year, company_type, is_verified, subscription_plan,
              subscription_expires_at, settings, created_at, updated_at, xmin),
      INSERT (id, name, slug, description, industry, company_size, website_url, logo_url,
              headquarters_location, founded_year, company_type, is_verified, subscription_plan,
              subscription_expires_at, settings, created_at, updated_at),
      UPDATE (name, slug, description, industry, company_size, website_url, logo_url,
              headquarters_location, founded_year, company_type, is_verified, subscription_plan,
              subscription_expires_at, settings),
      DELETE
    ON companies TO hotgigs_service;

GRANT SELECT (id, name, slug, description, industry, company_size, website_url, logo_url,
              headquarters_location, founded_year, company_type, is_verified, subscription_plan,
              subscription_expires_at, created_at, updated_at, xmin)
    ON companies TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer;
-- No SELECT of settings: that depends on the rank, so it is a card (company_settings).

GRANT UPDATE (name, description, industry, company_size, website_url, logo_url,
              headquarters_location, founded_year, company_type, settings)
    ON companies TO hotgigs_company;
-- No UPDATE of slug, is_verified, subscription_plan, subscription_expires_at: the service's. No
-- INSERT, DELETE: functions. Nothing for hotgigs_anon, who sees the public card (company_cards).

CREATE TRIGGER companies_touch BEFORE UPDATE ON companies
    FOR EACH ROW EXECUTE FUNCTION hotgigs.touch_updated_at();

-- Every change leaves an entry in the audit trail.
CREATE TRIGGER companies_audit_insert AFTER INSERT ON companies
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();
CREATE TRIGGER companies_audit_update AFTER UPDATE ON companies
    REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();
CREATE TRIGGER companies_audit_delete AFTER DELETE ON companies
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();

COMMIT;
