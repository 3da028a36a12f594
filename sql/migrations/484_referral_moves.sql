-- referral_moves: the status machine of referrals, and who is first.
--
-- Needs:  referrals (402), lock_open_job() (460).
-- Asked by referral_decide() (467); the last move is application_hire()'s (460). Freelancers may add
-- referrals by the table's calls, too: the trigger below asks the same of them as referral_create().

BEGIN;
SET LOCAL ROLE hotgigs_owner;

-- How a referral goes on. The last step is application_hire's.
CREATE FUNCTION hotgigs.referral_moves()
RETURNS TABLE (from_status text, to_status text)
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
    VALUES ('pending',  'accepted'),
           ('pending',  'rejected'),
           ('accepted', 'hired')
$$;
COMMENT ON FUNCTION hotgigs.referral_moves() IS
    'The status machine of referrals: from, to.';
REVOKE ALL ON FUNCTION hotgigs.referral_moves() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.referral_moves()
    TO hotgigs_company, hotgigs_freelancer, hotgigs_service;

-- AFTER the row was written: what the policies refuse is refused by them. The job's row is the lock,
-- as it is for referral_create() and who applies: of many at once each has written his row, and who
-- has the lock sees those who had it before him. The step writes as the owner and has asked already.
--
-- DEFINER: a freelancer sees neither others' referrals nor applications.
CREATE FUNCTION hotgigs.check_referral()
RETURNS trigger
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
SET search_path = ''
AS $$
BEGIN
    PERFORM hotgigs.lock_open_job(NEW.job_id);
    IF EXISTS (SELECT FROM public.referrals r
               WHERE  r.candidate_id = NEW.candidate_id AND r.job_id = NEW.job_id AND r.id <> NEW.id)
       OR EXISTS (SELECT FROM public.applications a
                  WHERE  a.candidate_id = NEW.candidate_id AND a.job_id = NEW.job_id) THEN
        RAISE EXCEPTION 'the candidate has applied for this job or was referred to it already'
            USING ERRCODE = 'HG002';
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION hotgigs.check_referral() IS
    'Refuses a referral to a job that takes none, or of whom somebody was quicker to refer.';
REVOKE ALL ON FUNCTION hotgigs.check_referral() FROM PUBLIC;

CREATE TRIGGER referrals_check AFTER INSERT ON public.referrals
    FOR EACH ROW WHEN (current_user = 'hotgigs_freelancer')
    EXECUTE FUNCTION hotgigs.check_referral();

COMMIT;
