-- freelancer_recompute: counts a freelancer's placements, success rate and earnings anew from his referrals.
--
-- group: referrals · rows: one · rights: definer · by: service · row: freelance_recruiters
-- $1 recruiter_id
-- NOT_FOUND  no such freelancer
SELECT id, success_rate, total_placements, total_earnings
FROM   hotgigs.freelancer_recompute($1);
