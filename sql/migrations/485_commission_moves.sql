-- commission_moves: the status machine of commissions.
--
-- Needs:  referrals (402).
-- Asked by commission_approve() and commission_pay() (467), which want a hire first. No persona may
-- write the commission of a referral.

BEGIN;
SET LOCAL ROLE hotgigs_owner;

-- How a commission goes on, once its referral is hired.
CREATE FUNCTION hotgigs.commission_moves()
RETURNS TABLE (from_status text, to_status text)
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
    VALUES ('pending',  'approved'),
           ('approved', 'paid')
$$;
COMMENT ON FUNCTION hotgigs.commission_moves() IS
    'The status machine of commissions: from, to.';
REVOKE ALL ON FUNCTION hotgigs.commission_moves() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.commission_moves()
    TO hotgigs_company, hotgigs_freelancer, hotgigs_service;

COMMIT;
