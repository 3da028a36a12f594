-- commission_approve: an admin of the company approves the commission of a hire, once.
--
-- group: referrals · rows: one · rights: definer · by: company, service · row: referrals
-- $1 referral_id
-- $2 amount? = referrals.commission_amount   NULL: as it was reckoned when the candidate was hired.
-- NOT_FOUND  no such referral, or not one of the caller's companies'
-- STATE      the candidate is not hired, or it is approved already
-- INVALID    the amount is negative, or there is none
-- DENIED     the caller is no admin of the company
SELECT id, recruiter_id, candidate_id, job_id, referral_status, commission_amount, commission_status, updated_at
FROM   hotgigs.commission_approve($1, $2);
