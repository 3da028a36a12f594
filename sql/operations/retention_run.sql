-- retention_run: removes a batch of what has been kept long enough, the oldest first.
--
-- To be called until it is done. Several may run at once: each takes rows that no other has, and passes over those that somebody
-- has locked. What is about a user under a legal hold stays. Leaves an entry in the audit trail.
--
-- group: privacy · rows: one · rights: definer · by: service
-- $1 what      notifications (that expired before), events, emails (made before), rejected_applications (not changed since),
--              abandoned_users (registered before, never verified, never signed in, without application and company).
-- $2 before    UTC.
-- $3 at_most   1 to 10,000.
-- > removed    Rows.
-- > is_done    True: fewer than at_most were there; what is left is locked or held.
-- > locked     Rows that were due and that somebody had locked: they were passed over, for the next time; 0 until it is done.
-- INVALID  what is none of these, or at_most is out of its range
SELECT removed, is_done, locked
FROM   hotgigs.retention_run($1, $2, $3);
