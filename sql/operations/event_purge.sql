-- event_purge: removes events that are older than a time, the oldest first, up to so many; repeat it until it removes none.
--
-- group: analytics · rows: count · rights: service
-- $1 before    Events before this, UTC, go.
-- $2 at_most   How many at most in one go, such as 10,000; none for less than 1.
DELETE FROM public.analytics_events
WHERE  id = ANY (ARRAY(SELECT e.id
                       FROM   public.analytics_events e
                       WHERE  e.created_at < $1
                       ORDER  BY e.created_at
                       LIMIT  greatest($2::integer, 0)));
