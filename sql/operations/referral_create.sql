-- referral_create: refers a candidate to an open job, if nobody did before and he has not applied.
--
-- Of any number of calls at once for a candidate and a job, one refers. The candidate is one who opted in (profile_public)
-- or who names this freelancer among his referrers. The job's poster and the candidate are told.
--
-- group: referrals · rows: one · rights: definer · by: freelancer, service · row: referrals
-- $1 recruiter_id = referrals.recruiter_id   The caller's own profile (freelance_recruiters.id); the service's choice.
-- $2 candidate_id = referrals.candidate_id
-- $3 job_id       = referrals.job_id
-- $4 notes?       = referrals.notes
-- NOT_FOUND  no such freelancer, candidate or job, or not for the caller
-- CONFLICT   the candidate was referred to it already, or has applied
-- STATE      the job is closed or past its deadline
SELECT id, recruiter_id, candidate_id, job_id, referral_status, commission_status, notes, created_at, updated_at
FROM   hotgigs.referral_create($1, $2, $3, $4);
