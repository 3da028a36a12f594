-- email_logs: what became of the e-mail that the platform sent.
--
-- Needs:  users (101).
-- Seen and written by the service alone.

BEGIN;
SET LOCAL ROLE hotgigs_owner;
SET LOCAL search_path = public;

CREATE TABLE email_logs (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id UUID REFERENCES users(id),
    email_type VARCHAR(100) NOT NULL,
    recipient_email VARCHAR(255) NOT NULL,
    subject VARCHAR(255),
    status VARCHAR(50) DEFAULT 'pending' CHECK (status = ANY ('{pending,sent,delivered,failed,bounced}')),
    provider_message_id VARCHAR(255),
    error_message TEXT,
    sent_at TIMESTAMP,
    delivered_at TIMESTAMP,
    created_at TIMESTAMP DEFAULT NOW()
);
ALTER TABLE email_logs ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE email_logs IS
    'An e-mail that the platform sent or is to send.';
COMMENT ON COLUMN email_logs.id                  IS 'The entry''s id.';
COMMENT ON COLUMN email_logs.user_id IS
    'The user it was for; NULL: nobody yet, or erased.';
COMMENT ON COLUMN email_logs.email_type IS
    'What it was about: verification, interview_reminder, ...';
COMMENT ON COLUMN email_logs.recipient_email     IS 'Address it was sent to.';
COMMENT ON COLUMN email_logs.subject             IS 'Its subject.';
COMMENT ON COLUMN email_logs.status              IS 'How far it got.';
COMMENT ON COLUMN email_logs.provider_message_id IS
    'The mail provider''s id, by which its reports come in.';
COMMENT ON COLUMN email_logs.error_message IS
    'What went wrong, in the provider''s words; NULL: nothing.';
COMMENT ON COLUMN email_logs.sent_at IS
    'When the provider took it, UTC; NULL: not yet.';
COMMENT ON COLUMN email_logs.delivered_at        IS 'When it arrived, UTC; NULL: not yet.';
COMMENT ON COLUMN email_logs.created_at          IS 'When it was made, UTC.';

-- What was sent to this user; and whether a user who is to be deleted has any.
CREATE INDEX email_logs_user_id_idx ON email_logs (user_id);

-- The message that a provider reports on.
CREATE INDEX email_logs_provider_message_id_idx ON email_logs (provider_message_id);

-- What is still to be sent, oldest first.
CREATE INDEX email_logs_created_at_idx ON email_logs (created_at) WHERE status = 'pending';

-- The owner sees all: helpers and definer functions read as the owner.
CREATE POLICY owner_all ON email_logs TO hotgigs_owner
    USING (true) WITH CHECK (true);

-- The application's own jobs work on the rows of all tenants.
CREATE POLICY service_all ON email_logs TO hotgigs_service
    USING (true) WITH CHECK (true);

GRANT SELECT (id, user_id, email_type, recipient_email, subject, status, provider_message_id,
              error_message, sent_at, delivered_at, created_at, xmin),
      INSERT (id, user_id, email_type, recipient_email, subject, status, provider_message_id,
              error_message, sent_at, delivered_at, created_at),
      UPDATE (user_id, email_type, recipient_email, subject, status, provider_message_id,
              error_message, sent_at, delivered_at),
      DELETE
    ON email_logs TO hotgigs_service;
-- Nothing for any persona: addresses, and what the provider says.

COMMIT;
