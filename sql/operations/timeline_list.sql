-- timeline_list: the history of an application in order.
--
-- To the candidate what and when; to the company also who, why and how. Empty if the caller may not see the application.
--
-- group: applications · rows: many · rights: definer · by: candidate, company, service
-- $1 application_id
-- > id = application_timeline.id
-- > status = application_timeline.status
-- > created_at? = application_timeline.created_at
-- > notes? = application_timeline.notes             Company and service only.
-- > changed_by? = application_timeline.changed_by   Company and service only.
-- > changed_by_first_name? = users.first_name       Company and service only.
-- > changed_by_last_name? = users.last_name         Company and service only.
-- > metadata? = application_timeline.metadata       Company and service only.
SELECT id, status, created_at, notes, changed_by, changed_by_first_name, changed_by_last_name, metadata
FROM   hotgigs.timeline_list($1);
