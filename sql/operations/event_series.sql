-- event_series: how often things happened per hour, day, week or month of a time zone, without gaps.
--
-- A company gets the events about its jobs: those that have job_id in their data. Only sums leave the database.
--
-- group: analytics · rows: many · rights: definer · by: company, service
-- $1 since        From here, UTC. The first bucket is the one in which it lies, and counts from since on.
-- $2 until        The window's end, UTC, not in it.
-- $3 unit?        hour, day, week (from Monday) or month; NULL: day.
-- $4 zone?        A name that the server knows, such as Europe/Zurich; NULL: UTC.
-- $5 types?       Of these types together; NULL: of all.
-- $6 company_id?  Events about this company's jobs; of one that is not the caller's there is nothing. NULL, for the service
--                 alone: all events.
-- > starts_at   When the bucket begins, UTC.
-- > starts_on   The calendar date of that, in the zone.
-- > events      How often it happened.
-- > users       How many different users did it, visitors not counted.
-- > sessions    In how many different visits.
-- INVALID  no such unit or zone, or more than 100,000 buckets
SELECT s.starts_at, s.starts_on, s.events, s.users, s.sessions
FROM   hotgigs.event_series($6, $5::text[], $1::timestamp, $2::timestamp, coalesce($3::text, 'day'),
                            coalesce($4::text, 'UTC')) s
ORDER  BY s.starts_at;
