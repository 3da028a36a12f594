-- email_moves: the status machine of e-mails.
--
-- Needs:  email_logs (404).
-- Asked by email_apply_event and email_claim_pending (sql/operations). Only the service writes mails.

BEGIN;
SET LOCAL ROLE hotgigs_owner;

-- Reports come twice and out of order, so a later state may be reached without the ones before it,
-- and none leads back. A bounce may come after a delivery; failed and bounced are final.
CREATE FUNCTION hotgigs.email_moves()
RETURNS TABLE (from_status text, to_status text)
LANGUAGE sql
IMMUTABLE
ROWS 8
PARALLEL SAFE
AS $$
    VALUES ('pending',   'sent'),
           ('pending',   'delivered'),
           ('pending',   'failed'),
           ('pending',   'bounced'),
           ('sent',      'delivered'),
           ('sent',      'failed'),
           ('sent',      'bounced'),
           ('delivered', 'bounced')
$$;
COMMENT ON FUNCTION hotgigs.email_moves() IS
    'The moves that email_logs.status may make.';
REVOKE ALL ON FUNCTION hotgigs.email_moves() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.email_moves() TO hotgigs_service;

COMMIT;
