-- fraud_check_moves: the status machine of fraud checks.
--
-- Needs:  documents (207).
-- Asked by document_fraud_set() (466). Only the service writes verdicts; another file begins anew.

BEGIN;
SET LOCAL ROLE hotgigs_owner;

-- How a fraud check goes on.
CREATE FUNCTION hotgigs.fraud_check_moves()
RETURNS TABLE (from_status text, to_status text)
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
    VALUES ('pending', 'passed'),
           ('pending', 'failed'),
           ('pending', 'review'),
           ('review',  'passed'),
           ('review',  'failed')
$$;
COMMENT ON FUNCTION hotgigs.fraud_check_moves() IS
    'The status machine of fraud checks: from, to.';
REVOKE ALL ON FUNCTION hotgigs.fraud_check_moves() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.fraud_check_moves() TO hotgigs_service;

COMMIT;
