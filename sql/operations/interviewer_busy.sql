-- interviewer_busy: when somebody has interviews, and not with whom.
--
-- Asked of oneself; by recruiters also of co-workers and of verified freelancers. Of others nothing is known.
--
-- group: interviews · rows: many · rights: definer · by: candidate, company, freelancer, service
-- $1 interviewer_id
-- $2 starts_from  = interviews.scheduled_at   What ends before is left out.
-- $3 starts_until = interviews.scheduled_at   What begins at it or later is left out.
-- > starts_at   When it begins, UTC.
-- > ends_at     When it is to end, UTC.
SELECT starts_at, ends_at
FROM   hotgigs.interviewer_busy($1, $2, $3);
