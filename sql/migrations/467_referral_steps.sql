-- Steps of referrals and commissions: what freelancers and companies may not write themselves.
--
-- Needs:  referrals (402), freelance_recruiters (401), applications (204), notifications (403), the
--         helpers (004), what the steps share (460); and, when they are run, the moves (484, 485).
--
-- Each is one call of the library (sql/operations/referral_*.sql, commission_*.sql), and all of it
-- happens or none. Locks in one order: the job, the application, the referral, the freelancer.
-- A referral is hired with its application, by application_hire (460).

BEGIN;
SET LOCAL ROLE hotgigs_owner;

-- The first who refers a candidate to a job, before he applied himself. The job's row is the lock,
-- as it is for who applies. Whom the freelancer sees already or who consents may be referred: a
-- referral must not be a way to a profile. That somebody was quicker and that the candidate has
-- applied are one answer, so that it tells neither.
--
-- DEFINER: a freelancer sees neither others' referrals nor applications.
CREATE FUNCTION hotgigs.referral_create(recruiter uuid, candidate uuid, job uuid, remarks text)
RETURNS TABLE (id uuid, recruiter_id uuid, candidate_id uuid, job_id uuid, referral_status varchar,
               commission_status varchar, notes text, created_at timestamp, updated_at timestamp)
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
#variable_conflict use_column
DECLARE
    is_service CONSTANT boolean := current_setting('role') = 'hotgigs_service';
    wanted     public.jobs;
    made       public.referrals;
BEGIN
    IF NOT (is_service OR recruiter = ANY (ARRAY(SELECT hotgigs.my_freelancers()))) THEN
        RAISE EXCEPTION 'no such freelancer, or not the caller' USING ERRCODE = 'HG001';
    END IF;
    IF NOT EXISTS (SELECT FROM public.candidate_profiles p
                   WHERE  p.id = candidate
                   AND    (p.visibility_settings @> '{"profile_public": true}'
                           OR p.visibility_settings -> 'referrers' ? recruiter::text)) THEN
        RAISE EXCEPTION 'no such candidate, or none who lets himself be referred'
            USING ERRCODE = 'HG001';
    END IF;
    IF NOT EXISTS (SELECT FROM public.jobs j
                   WHERE  j.id = job
                   AND    (is_service OR j.is_public
                           OR j.company_id = ANY (ARRAY(SELECT hotgigs.my_companies()))
                           OR j.id = ANY (ARRAY(SELECT hotgigs.referred_jobs())))) THEN
        RAISE EXCEPTION 'no such job' USING ERRCODE = 'HG001';
    END IF;

    wanted := hotgigs.lock_open_job(job);
    IF EXISTS (SELECT FROM public.referrals r
               WHERE  r.candidate_id = candidate AND r.job_id = job)
       OR EXISTS (SELECT FROM public.applications a
                  WHERE  a.candidate_id = candidate AND a.job_id = job) THEN
        RAISE EXCEPTION 'the candidate has applied for this job or was referred to it already'
            USING ERRCODE = 'HG002';
    END IF;
    INSERT INTO public.referrals AS r
           (recruiter_id, candidate_id, job_id, referral_status, commission_status, notes)
    VALUES (recruiter, candidate, job, 'pending', 'pending', remarks)
    RETURNING r.* INTO made;
    PERFORM hotgigs.tell(wanted.posted_by, 'referral_received', 'New referral',
                         format('A candidate was referred to %s.', wanted.title),
                         jsonb_build_object('referral_id', made.id, 'job_id', job));
    PERFORM hotgigs.tell(hotgigs.user_of_candidate(candidate), 'referred', 'You were referred',
                         format('A recruiter has referred you to %s.', wanted.title),
                         jsonb_build_object('referral_id', made.id, 'job_id', job));

    RETURN QUERY
    SELECT made.id, made.recruiter_id, made.candidate_id, made.job_id, made.referral_status,
           made.commission_status, made.notes, made.created_at, made.updated_at;
END
$$;
COMMENT ON FUNCTION hotgigs.referral_create(uuid, uuid, uuid, text) IS
    'Refers a candidate who lets himself be referred to an open job, if nobody did before.';
REVOKE ALL ON FUNCTION hotgigs.referral_create(uuid, uuid, uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.referral_create(uuid, uuid, uuid, text)
    TO hotgigs_freelancer, hotgigs_service;

-- The company takes the candidate or not. Taken, he has an application with the freelancer as its
-- referrer: a new one, or his own, if he has applied since. Who has withdrawn his consent meanwhile
-- is not taken: an application would show him to the company.
--
-- DEFINER: the company may write neither referrals nor applications.
CREATE FUNCTION hotgigs.referral_decide(referral uuid, accept boolean)
RETURNS TABLE (id uuid, recruiter_id uuid, candidate_id uuid, job_id uuid, referral_status varchar,
               application_id uuid, updated_at timestamp)
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
#variable_conflict use_column
DECLARE
    decided  public.referrals;
    company  uuid;
    referrer uuid;
    applied  public.applications;
BEGIN
    SELECT r.* INTO decided FROM public.referrals r WHERE r.id = referral;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such referral, or not one of the caller''s companies'''
            USING ERRCODE = 'HG001';
    END IF;
    SELECT j.company_id INTO company FROM public.jobs j WHERE j.id = decided.job_id;
    PERFORM hotgigs.reach_company(company, 'recruiter', 'referral');

    IF accept THEN
        PERFORM hotgigs.lock_open_job(decided.job_id);
        SELECT a.* INTO applied
        FROM   public.applications a
        WHERE  a.candidate_id = decided.candidate_id
        AND    a.job_id = decided.job_id
        ORDER  BY a.applied_at, a.id
        LIMIT  1
        FOR    NO KEY UPDATE;
    END IF;
    SELECT r.* INTO decided FROM public.referrals r WHERE r.id = referral FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the referral was taken back' USING ERRCODE = 'HG001';
    END IF;
    IF NOT EXISTS (SELECT FROM hotgigs.referral_moves() m
                   WHERE  m.from_status = decided.referral_status
                   AND    m.to_status = CASE WHEN accept THEN 'accepted' ELSE 'rejected' END) THEN
        RAISE EXCEPTION 'the referral is decided already' USING ERRCODE = 'HG012';
    END IF;
    SELECT f.user_id INTO referrer
    FROM   public.freelance_recruiters f
    WHERE  f.id = decided.recruiter_id;

    IF accept AND applied.id IS NULL THEN
        IF NOT EXISTS (SELECT FROM public.candidate_profiles p
                       WHERE  p.id = decided.candidate_id
                       AND    (p.visibility_settings @> '{"profile_public": true}'
                               OR p.visibility_settings -> 'referrers' ? decided.recruiter_id::text)) THEN
            RAISE EXCEPTION 'the candidate does not let himself be referred any more'
                USING ERRCODE = 'HG012';
        END IF;
        applied := hotgigs.write_application(
            decided.job_id, decided.candidate_id, NULL,
            (SELECT p.resume_url FROM public.candidate_profiles p WHERE p.id = decided.candidate_id),
            NULL, 'referral', referrer, jsonb_build_object('referral_id', referral));
    ELSIF accept THEN
        IF applied.applied_at < decided.created_at
           OR applied.referrer_id IS NOT NULL AND applied.referrer_id IS DISTINCT FROM referrer THEN
            RAISE EXCEPTION 'the candidate came by himself or through another' USING ERRCODE = 'HG002';
        END IF;
        IF applied.status NOT IN ('applied', 'screening', 'interviewing', 'offer') THEN
            RAISE EXCEPTION 'the candidate''s application is decided already' USING ERRCODE = 'HG012';
        END IF;
        UPDATE public.applications a
        SET    referrer_id = referrer
        WHERE  a.id = applied.id
        AND    a.referrer_id IS NULL;
    END IF;
    UPDATE public.referrals r
    SET    referral_status = CASE WHEN accept THEN 'accepted' ELSE 'rejected' END
    WHERE  r.id = referral
    RETURNING r.* INTO decided;
    PERFORM hotgigs.tell(referrer, 'referral_decided', 'Your referral',
                         format('Your referral was %s.', decided.referral_status),
                         jsonb_build_object('referral_id', referral, 'job_id', decided.job_id));
    IF accept THEN
        PERFORM hotgigs.tell_status(applied);
    END IF;

    RETURN QUERY
    SELECT decided.id, decided.recruiter_id, decided.candidate_id, decided.job_id,
           decided.referral_status, applied.id, decided.updated_at;
END
$$;
COMMENT ON FUNCTION hotgigs.referral_decide(uuid, boolean) IS
    'Accepts a referral, with an application that names the freelancer, or rejects it.';
REVOKE ALL ON FUNCTION hotgigs.referral_decide(uuid, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.referral_decide(uuid, boolean)
    TO hotgigs_company, hotgigs_service;

-- A company's admin agrees to the commission of a hire.
--
-- DEFINER: the company may not write referrals.
CREATE FUNCTION hotgigs.commission_approve(referral uuid, amount numeric)
RETURNS TABLE (id uuid, recruiter_id uuid, candidate_id uuid, job_id uuid, referral_status varchar,
               commission_amount numeric, commission_status varchar, updated_at timestamp)
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
#variable_conflict use_column
DECLARE
    approved public.referrals;
    company  uuid;
BEGIN
    SELECT j.company_id INTO company
    FROM   public.referrals r
    LEFT   JOIN public.jobs j ON j.id = r.job_id
    WHERE  r.id = referral;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such referral, or not one of the caller''s companies'''
            USING ERRCODE = 'HG001';
    END IF;
    PERFORM hotgigs.reach_company(company, 'admin', 'referral');
    IF amount < 0 OR amount >= 1e8 THEN             -- NaN is greater than every number
        RAISE EXCEPTION 'amount is no amount of money' USING ERRCODE = 'HG005';
    END IF;
    SELECT r.* INTO approved FROM public.referrals r WHERE r.id = referral FOR NO KEY UPDATE;
    IF approved.referral_status IS DISTINCT FROM 'hired' THEN
        RAISE EXCEPTION 'only a hired candidate earns a commission' USING ERRCODE = 'HG012';
    END IF;
    IF NOT EXISTS (SELECT FROM hotgigs.commission_moves() m
                   WHERE  m.from_status = coalesce(approved.commission_status, 'pending')
                   AND    m.to_status = 'approved') THEN
        RAISE EXCEPTION 'the commission is approved already' USING ERRCODE = 'HG012';
    END IF;
    IF coalesce(amount, approved.commission_amount) IS NULL THEN
        RAISE EXCEPTION 'no amount was agreed on; give one' USING ERRCODE = 'HG005';
    END IF;

    UPDATE public.referrals r
    SET    commission_status = 'approved', commission_amount = coalesce(amount, r.commission_amount)
    WHERE  r.id = referral
    RETURNING r.* INTO approved;
    PERFORM hotgigs.tell(f.user_id, 'commission_approved', 'Your commission',
                         'A commission of yours was approved.',
                         jsonb_build_object('referral_id', referral))
    FROM    public.freelance_recruiters f
    WHERE   f.id = approved.recruiter_id;

    RETURN QUERY
    SELECT approved.id, approved.recruiter_id, approved.candidate_id, approved.job_id,
           approved.referral_status, approved.commission_amount, approved.commission_status,
           approved.updated_at;
END
$$;
COMMENT ON FUNCTION hotgigs.commission_approve(uuid, numeric) IS
    'Approves the commission of a hired referral, once.';
REVOKE ALL ON FUNCTION hotgigs.commission_approve(uuid, numeric) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.commission_approve(uuid, numeric)
    TO hotgigs_company, hotgigs_service;

-- An approved commission is paid, and earned, once: the referral's row is the lock.
--
-- DEFINER: for the service, to tell why not.
CREATE FUNCTION hotgigs.commission_pay(referral uuid, amount numeric)
RETURNS TABLE (id uuid, recruiter_id uuid, candidate_id uuid, job_id uuid, referral_status varchar,
               commission_amount numeric, commission_status varchar, updated_at timestamp)
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
#variable_conflict use_column
DECLARE
    paid public.referrals;
BEGIN
    SELECT r.* INTO paid FROM public.referrals r WHERE r.id = referral FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such referral' USING ERRCODE = 'HG001';
    END IF;
    IF paid.referral_status IS DISTINCT FROM 'hired'
       OR NOT EXISTS (SELECT FROM hotgigs.commission_moves() m
                      WHERE  m.from_status = paid.commission_status AND m.to_status = 'paid') THEN
        RAISE EXCEPTION 'the commission is not approved, or paid already' USING ERRCODE = 'HG012';
    END IF;
    IF amount <> paid.commission_amount THEN
        RAISE EXCEPTION 'another amount was approved' USING ERRCODE = 'HG002';
    END IF;

    UPDATE public.referrals r
    SET    commission_status = 'paid'
    WHERE  r.id = referral
    RETURNING r.* INTO paid;
    UPDATE public.freelance_recruiters f
    SET    total_earnings = coalesce(f.total_earnings, 0) + paid.commission_amount
    WHERE  f.id = paid.recruiter_id;
    PERFORM hotgigs.tell(f.user_id, 'commission_paid', 'Your commission',
                         'A commission of yours was paid.',
                         jsonb_build_object('referral_id', referral))
    FROM    public.freelance_recruiters f
    WHERE   f.id = paid.recruiter_id;

    RETURN QUERY
    SELECT paid.id, paid.recruiter_id, paid.candidate_id, paid.job_id, paid.referral_status,
           paid.commission_amount, paid.commission_status, paid.updated_at;
END
$$;
COMMENT ON FUNCTION hotgigs.commission_pay(uuid, numeric) IS
    'Marks an approved commission as paid and adds it to the freelancer''s earnings, once.';
REVOKE ALL ON FUNCTION hotgigs.commission_pay(uuid, numeric) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.commission_pay(uuid, numeric) TO hotgigs_service;

-- The totals anew from the referrals. Under the freelancer's lock: who hires or pays at the same
-- time adds his own afterwards, or has done so before.
--
-- DEFINER: it calls what is the owner's alone.
CREATE FUNCTION hotgigs.freelancer_recompute(recruiter uuid)
RETURNS TABLE (id uuid, success_rate numeric, total_placements integer, total_earnings numeric)
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
#variable_conflict use_column
BEGIN
    PERFORM FROM public.freelance_recruiters f WHERE f.id = recruiter FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such freelancer' USING ERRCODE = 'HG001';
    END IF;
    RETURN QUERY
    UPDATE public.freelance_recruiters f
    SET    success_rate = hotgigs.rate_freelancer(f.id),
           total_placements = t.placements,
           total_earnings = t.earnings
    FROM   (SELECT (count(*) FILTER (WHERE r.referral_status = 'hired'))::integer,
                   coalesce(sum(r.commission_amount) FILTER (WHERE r.commission_status = 'paid'), 0)
            FROM   public.referrals r
            WHERE  r.recruiter_id = recruiter) AS t (placements, earnings)
    WHERE  f.id = recruiter
    RETURNING f.id, f.success_rate, f.total_placements, f.total_earnings;
END
$$;
COMMENT ON FUNCTION hotgigs.freelancer_recompute(uuid) IS
    'Counts a freelancer''s placements, success and earnings anew.';
REVOKE ALL ON FUNCTION hotgigs.freelancer_recompute(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.freelancer_recompute(uuid) TO hotgigs_service;

COMMIT;
