-- freelance_recruiters: recruiters who work for themselves.
--
-- Needs:  users (101), candidate_profiles (201), interviews (206), the helpers (004).
-- Seen in full by oneself (payment_info through hotgigs.my_payment_info); others see a card of the
-- verified ones (450). One's own fields, experience and payment_info are written by oneself, the
-- rest by the service.

BEGIN;
SET LOCAL ROLE hotgigs_owner;
SET LOCAL search_path = public;

CREATE TABLE freelance_recruiters (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id UUID REFERENCES users(id) ON DELETE CASCADE,
    specializations TEXT[],
    experience_years INTEGER,
    success_rate DECIMAL(5,2),
    total_placements INTEGER DEFAULT 0,
    total_earnings DECIMAL(12,2) DEFAULT 0,
    commission_rate DECIMAL(5,2) DEFAULT 10.00,
    payment_info JSONB DEFAULT '{}',
    is_verified BOOLEAN DEFAULT false,
    rating DECIMAL(3,2),
    created_at TIMESTAMP DEFAULT NOW(),
    updated_at TIMESTAMP DEFAULT NOW()
);
ALTER TABLE freelance_recruiters ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE freelance_recruiters IS
    'The profile of a freelance recruiter; one a user, where all is well.';
COMMENT ON COLUMN freelance_recruiters.id IS
    'The profile''s id; what referrals call recruiter_id.';
COMMENT ON COLUMN freelance_recruiters.user_id IS
    'The user it belongs to; never changes; NULL: belongs to nobody.';
COMMENT ON COLUMN freelance_recruiters.specializations  IS 'Fields, one an element.';
COMMENT ON COLUMN freelance_recruiters.experience_years IS 'Years of work, whole.';
COMMENT ON COLUMN freelance_recruiters.success_rate IS
    'Percent of referrals that were hired, 0.00 to 100.00; NULL: none yet.';
COMMENT ON COLUMN freelance_recruiters.total_placements IS
    'Referrals that were hired; does not move updated_at.';
COMMENT ON COLUMN freelance_recruiters.total_earnings IS
    'Commissions paid, in the platform''s currency; seen by oneself only.';
COMMENT ON COLUMN freelance_recruiters.commission_rate IS
    'Percent of the fee basis, 0.00 to 100.00; seen by oneself only.';
COMMENT ON COLUMN freelance_recruiters.payment_info IS
    'Object: where to pay; written by oneself, read by hotgigs.my_payment_info.';
COMMENT ON COLUMN freelance_recruiters.is_verified IS
    'True: checked by the platform, and shown to others.';
COMMENT ON COLUMN freelance_recruiters.rating IS
    '0.00 to 5.00, average; NULL: not rated.';
COMMENT ON COLUMN freelance_recruiters.created_at       IS 'When the row was made, UTC.';
COMMENT ON COLUMN freelance_recruiters.updated_at IS
    'Last change but for totals and rates, UTC; the row version; kept by a trigger.';

-- The profile of this user: every policy of a freelancer asks it; and ON DELETE CASCADE of users.
CREATE INDEX freelance_recruiters_user_id_idx ON freelance_recruiters (user_id);

CREATE OR REPLACE FUNCTION hotgigs.consenting_candidates()
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
    SELECT p.id
    FROM   hotgigs.callers me
    JOIN   public.freelance_recruiters f ON f.user_id = me.caller_id
    JOIN   public.candidate_profiles p ON p.visibility_settings -> 'referrers' ? f.id::text
    WHERE  me.subject = hotgigs.claimed_subject()
    AND    me.persona = current_setting('role')
    AND    current_setting('role') = 'hotgigs_freelancer';
END
$$;

-- As in 206, with freelancers: a verified one may be given work by anybody.
CREATE OR REPLACE FUNCTION hotgigs.may_work_for(company uuid, person uuid)
RETURNS boolean
LANGUAGE plpgsql
STABLE
PARALLEL SAFE
SET search_path = ''
AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM hotgigs.callers c
        WHERE  c.subject = person::text
        AND    c.persona IS NOT NULL
        AND    (company = ANY (c.viewer_of)
                OR EXISTS (SELECT FROM public.freelance_recruiters f
                           WHERE  f.id = ANY (c.freelancers) AND f.is_verified)));
END
$$;

-- The owner sees all: helpers and definer functions read as the owner.
CREATE POLICY owner_all ON freelance_recruiters TO hotgigs_owner
    USING (true) WITH CHECK (true);

-- The application's own jobs work on the rows of all tenants.
CREATE POLICY service_all ON freelance_recruiters TO hotgigs_service
    USING (true) WITH CHECK (true);

-- A freelancer sees his own profile
CREATE POLICY freelancer_select ON freelance_recruiters FOR SELECT
    TO hotgigs_freelancer
    USING (user_id = (SELECT caller_id FROM hotgigs.callers));
-- and changes it.
CREATE POLICY freelancer_update ON freelance_recruiters FOR UPDATE
    TO hotgigs_freelancer
    USING (user_id = (SELECT caller_id FROM hotgigs.callers))
    WITH CHECK (user_id = (SELECT caller_id FROM hotgigs.callers));

GRANT SELECT (id, user_id, specializations, experience_years, success_rate, total_placements,
              total_earnings, commission_rate, payment_info, is_verified, rating, created_at,
              updated_at, xmin),
      INSERT (id, user_id, specializations, experience_years, success_rate, total_placements,
              total_earnings, commission_rate, payment_info, is_verified, rating, created_at,
              updated_at),
      UPDATE (specializations, experience_years, success_rate, total_placements, total_earnings,
              commission_rate, payment_info, is_verified, rating),
      DELETE
    ON freelance_recruiters TO hotgigs_service;
-- No UPDATE of user_id: policies rely on it, and a row does not change hands.

GRANT SELECT (id, user_id, specializations, experience_years, success_rate, total_placements,
              total_earnings, commission_rate, is_verified, rating, created_at, updated_at, xmin),
      UPDATE (specializations, experience_years, payment_info)
    ON freelance_recruiters TO hotgigs_freelancer;
-- No SELECT of payment_info: hotgigs.my_payment_info. No UPDATE of what is earned, rated or
-- verified. No INSERT: the service registers. Nothing for the others, who see a card of the
-- verified ones (freelance_recruiter_cards).

-- As touch_updated_at(), but totals and rates, which referrals bring about, do not count.
CREATE FUNCTION hotgigs.touch_freelance_recruiter()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = ''
AS $$
DECLARE
    but_for_totals public.freelance_recruiters;
BEGIN
    NEW.updated_at := OLD.updated_at;
    but_for_totals := NEW;
    but_for_totals.success_rate := OLD.success_rate;
    but_for_totals.total_placements := OLD.total_placements;
    but_for_totals.total_earnings := OLD.total_earnings;
    but_for_totals.rating := OLD.rating;
    IF NOT but_for_totals *= OLD THEN
        NEW.updated_at := greatest(now() AT TIME ZONE 'UTC',
                                   nullif(OLD.updated_at, 'infinity') + interval '1 microsecond');
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION hotgigs.touch_freelance_recruiter() IS
    'Trigger: freelance_recruiters.updated_at grows whenever more than totals and rates changed.';
REVOKE ALL ON FUNCTION hotgigs.touch_freelance_recruiter() FROM PUBLIC;

CREATE TRIGGER freelance_recruiters_touch BEFORE UPDATE ON freelance_recruiters
    FOR EACH ROW EXECUTE FUNCTION hotgigs.touch_freelance_recruiter();

-- The caller's own payment_info, which no persona may select: a mistake in a policy would show
-- everybody's.
--
-- DEFINER: no persona may read payment_info.
CREATE FUNCTION hotgigs.my_payment_info()
RETURNS TABLE (recruiter_id uuid, payment_info jsonb)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT f.id, f.payment_info
    FROM   hotgigs.callers me
    JOIN   public.freelance_recruiters f ON f.user_id = me.caller_id
    WHERE  me.subject = hotgigs.claimed_subject()
    AND    me.persona = current_setting('role');
END
$$;
COMMENT ON FUNCTION hotgigs.my_payment_info() IS
    'Where the calling freelancer is paid; no row without a profile of his.';
REVOKE ALL ON FUNCTION hotgigs.my_payment_info() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.my_payment_info() TO hotgigs_freelancer;

-- Every change leaves an entry in the audit trail.
CREATE TRIGGER freelance_recruiters_audit_insert AFTER INSERT ON freelance_recruiters
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();
CREATE TRIGGER freelance_recruiters_audit_update AFTER UPDATE ON freelance_recruiters
    REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();
CREATE TRIGGER freelance_recruiters_audit_delete AFTER DELETE ON freelance_recruiters
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();

COMMIT;
