-- dashboard_freelancer: what a freelance recruiter's front page says: referrals, placements and earnings, in one snapshot.
--
-- Commissions are in the currency of their job and are added up for each by itself. Who referred nobody yet has zeros.
--
-- group: analytics · rows: one · rights: caller · by: freelancer, service
-- $1 recruiter_id   The caller's own profile; the service's choice.
-- > recruiter_id                                              The profile.
-- > referrals_total                                           All referrals.
-- > referrals_pending                                         Of those: pending,
-- > referrals_accepted                                        accepted,
-- > referrals_rejected                                        rejected,
-- > placed                                                    hired.
-- > in_pipeline                                               Pending and accepted ones.
-- > open_jobs                                                 Open jobs among those that he referred somebody to.
-- > conversion = numeric(5,4)                                 placed of referrals_total, 0 to 1; 0 without referrals.
-- > earned = freelance_recruiters.total_earnings              Commissions paid, as the profile has it.
-- > commissions                                               Array by currency: {currency, pending, approved, paid}: amounts
--                                                             agreed; currency may be null.
-- NOT_FOUND  no such profile, or not the caller's
WITH the_recruiter AS (
    SELECT f.id, coalesce(f.total_earnings, 0.00) AS earned
    FROM   public.freelance_recruiters f
    WHERE  f.id = $1
), his_referrals AS MATERIALIZED (
    SELECT r.referral_status, r.commission_amount, r.commission_status, r.job_id,
           j.salary_currency AS currency, j.employment_status = 'open' AS is_open
    FROM   the_recruiter f
    JOIN   public.referrals r ON r.recruiter_id = f.id
    LEFT   JOIN public.jobs j ON j.id = r.job_id
), counts AS (
    SELECT count(*) AS total,
           count(*) FILTER (WHERE referral_status = 'pending') AS pending,
           count(*) FILTER (WHERE referral_status = 'accepted') AS accepted,
           count(*) FILTER (WHERE referral_status = 'rejected') AS rejected,
           count(*) FILTER (WHERE referral_status = 'hired') AS placed,
           count(DISTINCT job_id) FILTER (WHERE is_open) AS open_jobs
    FROM   his_referrals
), by_currency AS (
    SELECT currency,
           coalesce(sum(commission_amount) FILTER (WHERE commission_status = 'pending'), 0) AS pending,
           coalesce(sum(commission_amount) FILTER (WHERE commission_status = 'approved'), 0) AS approved,
           coalesce(sum(commission_amount) FILTER (WHERE commission_status = 'paid'), 0) AS paid
    FROM   his_referrals
    WHERE  commission_amount IS NOT NULL
    GROUP  BY currency
), commissions AS (
    SELECT coalesce(jsonb_agg(jsonb_build_object('currency', currency, 'pending', pending, 'approved', approved,
                                                 'paid', paid)
                              ORDER BY currency NULLS LAST), '[]') AS list
    FROM   by_currency
)
SELECT f.id AS recruiter_id,
       n.total AS referrals_total, n.pending AS referrals_pending, n.accepted AS referrals_accepted,
       n.rejected AS referrals_rejected, n.placed, n.pending + n.accepted AS in_pipeline, n.open_jobs,
       coalesce(round(n.placed::numeric / nullif(n.total, 0), 4), 0.0000) AS conversion,
       f.earned,
       c.list AS commissions
FROM   the_recruiter f
CROSS  JOIN counts n
CROSS  JOIN commissions c;
