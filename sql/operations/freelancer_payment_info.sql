-- freelancer_payment_info: where the calling freelancer is paid.
--
-- The only call that gives it. It is written with hg_freelance_recruiter_update().
--
-- group: referrals · rows: maybe · rights: definer · by: freelancer
-- > recruiter_id = freelance_recruiters.id
-- > payment_info? = freelance_recruiters.payment_info
SELECT recruiter_id, payment_info
FROM   hotgigs.my_payment_info()
ORDER  BY recruiter_id
LIMIT  1;
