-- referrals: a freelancer brings a candidate to a job.
--
-- Needs:  freelance_recruiters (401), candidate_profiles (201), jobs (106), the helpers (004),
--         among them my_freelancers (401), my_candidates (201) and company_jobs (106).
-- Seen in full by the freelancer, without commission and notes by the candidate and the members of
-- the company; its admins have a card (450). Made, noted on and taken back by the freelancer while
-- pending; decided and paid by functions.

BEGIN;
SET LOCAL ROLE hotgigs_owner;
SET LOCAL search_path = public;

CREATE TABLE referrals (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    recruiter_id UUID REFERENCES freelance_recruiters(id) ON DELETE CASCADE,
    candidate_id UUID REFERENCES candidate_profiles(id) ON DELETE CASCADE,
    job_id UUID REFERENCES jobs(id) ON DELETE CASCADE,
    referral_status VARCHAR(50) DEFAULT 'pending' CHECK (referral_status = ANY ('{pending,accepted,rejected,hired}')),
    commission_amount DECIMAL(10,2),
    commission_status VARCHAR(50) DEFAULT 'pending' CHECK (commission_status = ANY ('{pending,approved,paid}')),
    notes TEXT,
    created_at TIMESTAMP DEFAULT NOW(),
    updated_at TIMESTAMP DEFAULT NOW()
);
ALTER TABLE referrals ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE referrals IS
    'A candidate brought to a job by a freelance recruiter.';
COMMENT ON COLUMN referrals.id                IS 'The referral''s id.';
COMMENT ON COLUMN referrals.recruiter_id      IS 'The freelance recruiter; never changes.';
COMMENT ON COLUMN referrals.candidate_id      IS 'The candidate profile; never changes.';
COMMENT ON COLUMN referrals.job_id            IS 'The job; never changes.';
COMMENT ON COLUMN referrals.referral_status   IS 'Where it stands; decided by the company.';
COMMENT ON COLUMN referrals.commission_amount IS
    'In the job''s salary_currency; NULL: not agreed; set by functions.';
COMMENT ON COLUMN referrals.commission_status IS 'Where the payment stands.';
COMMENT ON COLUMN referrals.notes IS
    'The freelancer''s remarks; seen by him and by the company''s admins.';
COMMENT ON COLUMN referrals.created_at        IS 'When the row was made, UTC.';
COMMENT ON COLUMN referrals.updated_at IS
    'Last change, UTC; the row version; kept by a trigger.';

-- The referrals of this freelancer; and ON DELETE CASCADE of freelance_recruiters.
CREATE INDEX referrals_recruiter_id_idx ON referrals (recruiter_id);

-- Who referred this candidate, to this job first; and ON DELETE CASCADE of candidate_profiles.
CREATE INDEX referrals_candidate_id_job_id_idx ON referrals (candidate_id, job_id);

-- The referrals to these jobs; and ON DELETE CASCADE of jobs.
CREATE INDEX referrals_job_id_idx ON referrals (job_id);

CREATE OR REPLACE FUNCTION hotgigs.referred_jobs()
RETURNS SETOF uuid
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
ROWS 10
PARALLEL SAFE
SET search_path = ''
AS $$
BEGIN
    RETURN QUERY
    SELECT DISTINCT r.job_id
    FROM   hotgigs.callers me
    JOIN   public.freelance_recruiters f ON f.user_id = me.caller_id
    JOIN   public.referrals r ON r.recruiter_id = f.id
    WHERE  me.subject = hotgigs.claimed_subject()
    AND    me.persona = current_setting('role')
    AND    current_setting('role') = 'hotgigs_freelancer'
    AND    r.job_id IS NOT NULL;
END
$$;

-- A referral alone opens no profile: the candidate must still name the freelancer. Whoever
-- withdraws his consent is out of sight at once, whatever was referred before.
CREATE OR REPLACE FUNCTION hotgigs.referred_candidates()
RETURNS SETOF uuid
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
ROWS 10
PARALLEL SAFE
SET search_path = ''
AS $$
BEGIN
    RETURN QUERY
    SELECT DISTINCT p.id
    FROM   hotgigs.callers me
    JOIN   public.freelance_recruiters f ON f.user_id = me.caller_id
    JOIN   public.referrals r ON r.recruiter_id = f.id
    JOIN   public.candidate_profiles p ON p.id = r.candidate_id
    WHERE  me.subject = hotgigs.claimed_subject()
    AND    me.persona = current_setting('role')
    AND    current_setting('role') = 'hotgigs_freelancer'
    AND    p.visibility_settings -> 'referrers' ? f.id::text;
END
$$;

CREATE OR REPLACE FUNCTION hotgigs.referred_candidate_users()
RETURNS SETOF uuid
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
ROWS 10
PARALLEL SAFE
SET search_path = ''
AS $$
BEGIN
    RETURN QUERY
    SELECT DISTINCT p.user_id
    FROM   hotgigs.callers me
    JOIN   public.freelance_recruiters f ON f.user_id = me.caller_id
    JOIN   public.referrals r ON r.recruiter_id = f.id
    JOIN   public.candidate_profiles p ON p.id = r.candidate_id
    WHERE  me.subject = hotgigs.claimed_subject()
    AND    me.persona = current_setting('role')
    AND    current_setting('role') = 'hotgigs_freelancer'
    AND    p.visibility_settings -> 'referrers' ? f.id::text
    AND    p.user_id IS NOT NULL;
END
$$;

-- The owner sees all: helpers and definer functions read as the owner.
CREATE POLICY owner_all ON referrals TO hotgigs_owner
    USING (true) WITH CHECK (true);

-- The application's own jobs work on the rows of all tenants.
CREATE POLICY service_all ON referrals TO hotgigs_service
    USING (true) WITH CHECK (true);

-- A freelancer sees his own referrals.
CREATE POLICY freelancer_select ON referrals FOR SELECT
    TO hotgigs_freelancer
    USING (recruiter_id = ANY ((SELECT freelancers FROM hotgigs.callers)::uuid[]));
-- He refers whom he sees already, or who consents, to a job that he sees: a referral opens the
-- profile, so it must not be a way to one (the sub-selects run under his policies). It begins
-- undecided and unpaid.
CREATE POLICY freelancer_insert ON referrals FOR INSERT
    TO hotgigs_freelancer
    WITH CHECK (recruiter_id = ANY ((SELECT freelancers FROM hotgigs.callers)::uuid[])
                AND EXISTS (SELECT FROM jobs j WHERE j.id = job_id)
                AND (candidate_id = ANY (ARRAY(SELECT hotgigs.consenting_candidates()))
                     OR EXISTS (SELECT FROM candidate_profiles p WHERE p.id = candidate_id))
                AND referral_status = 'pending'
                AND commission_status = 'pending'
                AND commission_amount IS NULL);
-- He changes his note while the company has not decided,
CREATE POLICY freelancer_update ON referrals FOR UPDATE
    TO hotgigs_freelancer
    USING (recruiter_id = ANY ((SELECT freelancers FROM hotgigs.callers)::uuid[])
           AND referral_status = 'pending')
    WITH CHECK (recruiter_id = ANY ((SELECT freelancers FROM hotgigs.callers)::uuid[])
                AND referral_status = 'pending');
-- or takes the referral back.
CREATE POLICY freelancer_delete ON referrals FOR DELETE
    TO hotgigs_freelancer
    USING (recruiter_id = ANY ((SELECT freelancers FROM hotgigs.callers)::uuid[])
           AND referral_status = 'pending');
-- A candidate sees who referred him.
CREATE POLICY candidate_select ON referrals FOR SELECT
    TO hotgigs_candidate
    USING (candidate_id = ANY ((SELECT candidates FROM hotgigs.callers)::uuid[]));
-- Members see the referrals to their company's jobs: not to the jobs they see, which are all public
-- ones.
CREATE POLICY company_select ON referrals FOR SELECT
    TO hotgigs_company
    USING (job_id = ANY (ARRAY(SELECT hotgigs.company_jobs())));

GRANT SELECT (id, recruiter_id, candidate_id, job_id, referral_status, commission_amount,
              commission_status, notes, created_at, updated_at, xmin),
      INSERT (id, recruiter_id, candidate_id, job_id, referral_status, commission_amount,
              commission_status, notes, created_at, updated_at),
      UPDATE (referral_status, commission_amount, commission_status, notes),
      DELETE
    ON referrals TO hotgigs_service;
-- No UPDATE of recruiter_id, candidate_id, job_id: policies rely on them, and a row does not change
-- hands.

GRANT SELECT (id, recruiter_id, candidate_id, job_id, referral_status, commission_amount,
              commission_status, notes, created_at, updated_at, xmin),
      INSERT (id, recruiter_id, candidate_id, job_id, notes),
      UPDATE (notes),
      DELETE
    ON referrals TO hotgigs_freelancer;
-- No INSERT or UPDATE of the status and the commission: the company decides, by functions.

GRANT SELECT (id, recruiter_id, candidate_id, job_id, referral_status, created_at, updated_at, xmin)
    ON referrals TO hotgigs_candidate, hotgigs_company;
-- No SELECT of commission and notes, which depend on the rank: a card (referral_cards). Nothing for
-- hotgigs_anon.

CREATE TRIGGER referrals_touch BEFORE UPDATE ON referrals
    FOR EACH ROW EXECUTE FUNCTION hotgigs.touch_updated_at();

-- Every change leaves an entry in the audit trail.
CREATE TRIGGER referrals_audit_insert AFTER INSERT ON referrals
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();
CREATE TRIGGER referrals_audit_update AFTER UPDATE ON referrals
    REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();
CREATE TRIGGER referrals_audit_delete AFTER DELETE ON referrals
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();

COMMIT;
