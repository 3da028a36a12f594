-- documents: files of candidates: résumés, letters, certificates.
--
-- Needs:  users (101), the helpers (004), among them company_applicant_users (204) and
--         referred_candidate_users (402).
-- Seen and written by the candidate, but for what the service finds out. Applicants' résumés,
-- letters, portfolios and certificates are seen by recruiters, public ones by the freelancer who
-- referred the candidate.

BEGIN;
SET LOCAL ROLE hotgigs_owner;
SET LOCAL search_path = public;

CREATE TABLE documents (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id UUID REFERENCES users(id) ON DELETE CASCADE,
    document_type VARCHAR(50) NOT NULL CHECK (document_type = ANY ('{resume,cover_letter,portfolio,certificate,contract,other}')),
    file_name VARCHAR(255) NOT NULL,
    file_url TEXT NOT NULL,
    file_size INTEGER,
    mime_type VARCHAR(100),
    is_public BOOLEAN DEFAULT false,
    ai_extracted_data JSONB DEFAULT '{}',
    ocr_text TEXT,
    fraud_check_status VARCHAR(50) DEFAULT 'pending',
    fraud_check_results JSONB DEFAULT '{}',
    tags TEXT[],
    created_at TIMESTAMP DEFAULT NOW(),
    updated_at TIMESTAMP DEFAULT NOW()
);
ALTER TABLE documents ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE  documents                     IS 'A file of a user; the bytes are elsewhere.';
COMMENT ON COLUMN documents.id                  IS 'The document''s id.';
COMMENT ON COLUMN documents.user_id IS
    'The user it belongs to; never changes; NULL: belongs to nobody.';
COMMENT ON COLUMN documents.document_type       IS 'What it is.';
COMMENT ON COLUMN documents.file_name           IS 'Name as uploaded.';
COMMENT ON COLUMN documents.file_url            IS 'Where the bytes are.';
COMMENT ON COLUMN documents.file_size           IS 'Bytes; NULL: unknown.';
COMMENT ON COLUMN documents.mime_type           IS 'Type as uploaded, such as application/pdf.';
COMMENT ON COLUMN documents.is_public IS
    'True: also seen by a freelancer who referred the owner with his consent.';
COMMENT ON COLUMN documents.ai_extracted_data IS
    'Object read from the file by a model; service only.';
COMMENT ON COLUMN documents.ocr_text            IS 'Text read from the file; service only.';
COMMENT ON COLUMN documents.fraud_check_status IS
    'Free text: pending, passed, failed, review; set by the service.';
COMMENT ON COLUMN documents.fraud_check_results IS
    'Object behind fraud_check_status; service only.';
COMMENT ON COLUMN documents.tags                IS 'The owner''s own words.';
COMMENT ON COLUMN documents.created_at          IS 'When the row was made, UTC.';
COMMENT ON COLUMN documents.updated_at IS
    'Last change, UTC; the row version; kept by a trigger.';

-- The documents of this user, of a type; and ON DELETE CASCADE of users.
CREATE INDEX documents_user_id_document_type_idx ON documents (user_id, document_type);

-- The owner sees all: helpers and definer functions read as the owner.
CREATE POLICY owner_all ON documents TO hotgigs_owner
    USING (true) WITH CHECK (true);

-- The application's own jobs work on the rows of all tenants.
CREATE POLICY service_all ON documents TO hotgigs_service
    USING (true) WITH CHECK (true);

-- A candidate sees his own documents,
CREATE POLICY candidate_select ON documents FOR SELECT
    TO hotgigs_candidate
    USING (user_id = (SELECT caller_id FROM hotgigs.callers));
-- adds,
CREATE POLICY candidate_insert ON documents FOR INSERT
    TO hotgigs_candidate
    WITH CHECK (user_id = (SELECT caller_id FROM hotgigs.callers));
-- changes
CREATE POLICY candidate_update ON documents FOR UPDATE
    TO hotgigs_candidate
    USING (user_id = (SELECT caller_id FROM hotgigs.callers))
    WITH CHECK (user_id = (SELECT caller_id FROM hotgigs.callers));
-- and removes them.
CREATE POLICY candidate_delete ON documents FOR DELETE
    TO hotgigs_candidate
    USING (user_id = (SELECT caller_id FROM hotgigs.callers));
-- Recruiters see what applicants have to show, not their contracts and other papers.
CREATE POLICY company_select ON documents FOR SELECT
    TO hotgigs_company
    USING (user_id = ANY (ARRAY(SELECT hotgigs.company_applicant_users('recruiter')))
           AND document_type IN ('resume', 'cover_letter', 'portfolio', 'certificate'));
-- Freelancers see what those whom they referred with their consent have made public. (None until
-- 402.)
CREATE POLICY freelancer_select ON documents FOR SELECT
    TO hotgigs_freelancer
    USING (user_id = ANY (ARRAY(SELECT hotgigs.referred_candidate_users()))
           AND is_public);

GRANT SELECT (id, user_id, document_type, file_name, file_url, file_size, mime_type, is_public,
              ai_extracted_data, ocr_text, fraud_check_status, fraud_check_results, tags,
              created_at, updated_at, xmin),
      INSERT (id, user_id, document_type, file_name, file_url, file_size, mime_type, is_public,
              ai_extracted_data, ocr_text, fraud_check_status, fraud_check_results, tags,
              created_at, updated_at),
      UPDATE (document_type, file_name, file_url, file_size, mime_type, is_public,
              ai_extracted_data, ocr_text, fraud_check_status, fraud_check_results, tags),
      DELETE
    ON documents TO hotgigs_service;
-- No UPDATE of user_id: policies rely on it, and a row does not change hands.

GRANT SELECT (id, user_id, document_type, file_name, file_url, file_size, mime_type, is_public,
              tags, created_at, updated_at, xmin),
      INSERT (id, user_id, document_type, file_name, file_url, file_size, mime_type, is_public, tags),
      UPDATE (document_type, file_name, file_url, file_size, mime_type, is_public, tags),
      DELETE
    ON documents TO hotgigs_candidate;

GRANT SELECT (id, user_id, document_type, file_name, file_url, file_size, mime_type, is_public,
              tags, created_at, updated_at, xmin)
    ON documents TO hotgigs_company, hotgigs_freelancer;
-- No SELECT of what the service finds out; recruiters have a card with the status (document_cards).
-- Nothing for hotgigs_anon.

CREATE TRIGGER documents_touch BEFORE UPDATE ON documents
    FOR EACH ROW EXECUTE FUNCTION hotgigs.touch_updated_at();

-- Another file is another document to the checks: what was found out about the old one goes, so
-- that nobody has a clean file checked and then puts another in its place. The service and the
-- owner write what they find.
CREATE FUNCTION hotgigs.recheck_document()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = ''
AS $$
BEGIN
    NEW.fraud_check_status  := 'pending';
    NEW.fraud_check_results := '{}';
    NEW.ai_extracted_data   := '{}';
    NEW.ocr_text            := NULL;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION hotgigs.recheck_document() IS
    'Trigger: a document that gets another file is unchecked again.';
REVOKE ALL ON FUNCTION hotgigs.recheck_document() FROM PUBLIC;

CREATE TRIGGER documents_recheck BEFORE UPDATE ON documents
    FOR EACH ROW WHEN (NEW.file_url IS DISTINCT FROM OLD.file_url
                       AND current_user NOT IN ('hotgigs_service', 'hotgigs_owner'))
    EXECUTE FUNCTION hotgigs.recheck_document();

-- Every change leaves an entry in the audit trail.
CREATE TRIGGER documents_audit_insert AFTER INSERT ON documents
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();
CREATE TRIGGER documents_audit_update AFTER UPDATE ON documents
    REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();
CREATE TRIGGER documents_audit_delete AFTER DELETE ON documents
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();

COMMIT;
