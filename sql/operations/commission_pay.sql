-- commission_pay: marks an approved commission as paid and adds it to the freelancer's earnings, once.
--
-- group: referrals · rows: one · rights: definer · by: service · row: referrals
-- $1 referral_id
-- $2 amount? = referrals.commission_amount   Given: what was paid, which has to be what was approved.
-- NOT_FOUND  no such referral
-- CONFLICT   another amount was approved
-- STATE      it is not approved, or paid already
SELECT id, recruiter_id, candidate_id, job_id, referral_status, commission_amount, commission_status, updated_at
FROM   hotgigs.commission_pay($1, $2);
