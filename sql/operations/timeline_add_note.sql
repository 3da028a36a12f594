-- timeline_add_note: adds a remark to the history of an application, under its status of the moment.
--
-- The candidate sees the status and the time of it.
--
-- group: applications · rows: one · rights: definer · by: company, service · row: application_timeline
-- $1 application_id
-- $2 note           = application_timeline.notes
-- $3 details?       = application_timeline.metadata   An object; from, to and undo are left out, note is true.
-- NOT_FOUND  no such application, or not one of the caller's companies'
-- DENIED     the caller is a viewer of the company
-- INVALID    the note is empty, or details is no object
SELECT id, application_id, status, notes, changed_by, metadata, created_at
FROM   hotgigs.timeline_add_note($1, $2, $3);
