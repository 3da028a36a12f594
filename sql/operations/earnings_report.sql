-- earnings_report: a freelancer's commissions by month and status.
--
-- Of hired referrals, in the month of their last change, which is when they came to their status. Months are those of the
-- reader's time zone.
--
-- group: referrals · rows: many · rights: caller · by: freelancer, service
-- $1 recruiter_id                            The caller's own profile, or the list is empty; the service's choice.
-- $2 changed_from?  = referrals.updated_at   From this moment on, UTC.
-- $3 changed_until? = referrals.updated_at   Before this moment.
-- $4 zone?                                   A name that the server knows, such as Europe/Zurich; NULL: UTC.
-- > month                                    Its first day.
-- > commission_status? = referrals.commission_status
-- > referrals                                How many.
-- > amount = numeric(14,2)                   Their sum; those without an amount count as 0.
-- INVALID  no such zone
SELECT hotgigs.time_bucket(r.updated_at, 'month', coalesce($4::text, 'UTC'))::date AS month, r.commission_status, count(*) AS referrals,
       coalesce(sum(r.commission_amount), 0) AS amount
FROM   public.referrals r
WHERE  r.recruiter_id = $1
AND    r.referral_status = 'hired'
AND    r.updated_at IS NOT NULL
AND    ($2::timestamp IS NULL OR r.updated_at >= $2)
AND    ($3::timestamp IS NULL OR r.updated_at < $3)
GROUP  BY 1, r.commission_status
ORDER  BY month, r.commission_status;
