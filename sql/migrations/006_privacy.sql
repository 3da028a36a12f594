-- The catalogue of privacy as the database knows it: which columns the audit trail does not show as they are.
--
-- Needs:  schema hotgigs (002).

BEGIN;
SET LOCAL ROLE hotgigs_owner;

CREATE TABLE hotgigs.privacy_columns (
    table_name  text    NOT NULL,
    column_name text    NOT NULL,
    class       text,
    subject     text,
    erasure     text,
    exported    boolean,
    audit       text,
    log         text,
    PRIMARY KEY (table_name, column_name)
);
COMMENT ON TABLE  hotgigs.privacy_columns             IS 'What is to be done with a column for the sake of privacy.';
COMMENT ON COLUMN hotgigs.privacy_columns.table_name  IS 'The table.';
COMMENT ON COLUMN hotgigs.privacy_columns.column_name IS 'The column.';
COMMENT ON COLUMN hotgigs.privacy_columns.class       IS 'The class of personal data.';
COMMENT ON COLUMN hotgigs.privacy_columns.subject     IS 'How the row leads to the person.';
COMMENT ON COLUMN hotgigs.privacy_columns.erasure     IS 'What erasure does.';
COMMENT ON COLUMN hotgigs.privacy_columns.exported    IS 'Whether the export shows it.';
COMMENT ON COLUMN hotgigs.privacy_columns.audit       IS 'How the audit trail shows it: plain, secret, digest, omit.';
COMMENT ON COLUMN hotgigs.privacy_columns.log         IS 'How logs show it.';

INSERT INTO hotgigs.privacy_columns (table_name, column_name, audit) VALUES
    ('users',                'password_hash',     'secret'),
    ('oauth_accounts',       'access_token',      'secret'),
    ('oauth_accounts',       'refresh_token',     'secret'),
    ('freelance_recruiters', 'payment_info',      'secret'),
    ('applications',         'cover_letter',      'digest'),
    ('documents',            'ocr_text',          'digest');

COMMIT;
