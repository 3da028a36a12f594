-- event_counts: how often things happened in a window, by how many users and in how many visits, per type of event.
--
-- A company gets the events about its jobs: those that have job_id in their data. Only sums leave the database.
--
-- group: analytics · rows: many · rights: definer · by: company, service
-- $1 since        From here, UTC.
-- $2 until        The window's end, UTC, not in it.
-- $3 types?       A row for each of these, with zeros if need be; NULL: those that happened.
-- $4 company_id?  Events about this company's jobs; of one that is not the caller's there is nothing. NULL, for the service
--                 alone: all events.
-- > event_type = analytics_events.event_type
-- > events      How often it happened.
-- > users       How many different users did it, visitors not counted.
-- > sessions    In how many different visits.
SELECT c.event_type, c.events, c.users, c.sessions
FROM   hotgigs.event_counts($4, $3::text[], $1::timestamp, $2::timestamp) c
ORDER  BY c.events DESC, c.event_type;
