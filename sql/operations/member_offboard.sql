-- member_offboard: ends a membership, and gives what he had to another member.
--
-- Open tasks, the jobs he posted and his interviews to come, of this company alone. All of it happens or none.
--
-- group: companies · rows: one · rights: definer · by: company, service
-- $1 company_id
-- $2 user_id
-- $3 successor_id
-- > tasks   how many were handed over
-- > jobs
-- > interviews
-- NOT_FOUND  no such company, not one of the caller's, no such member, or the successor is no active one
-- DENIED     the caller is no admin of it, or it is himself
-- INVALID    the successor is the one who leaves
-- STATE      he is the last admin
SELECT m.tasks, m.jobs, m.interviews
FROM   hotgigs.member_offboard($1, $2, $3) m;
