-- task_set_status: moves a task to its next status, with notes; completed_at follows.
--
-- pending, in_progress, completed; any open one to cancelled; a completed one back to in_progress (hotgigs.task_moves).
-- The same status again is no move. The company's account managers may, and the freelancer whom it is assigned to.
--
-- group: messages · rows: one · rights: definer · by: company, freelancer, service
-- row: tasks
-- $1 task_id
-- $2 status = tasks.status
-- $3 expected_status? = tasks.status   refused if it is another one by now; NULL: whichever
-- $4 notes?                            left alone unless given; NULL clears them
-- $5 given notes
-- NOT_FOUND  no such task, or not one that the caller sees
-- DENIED     the caller's rank is too low
-- CONFLICT   it is not in expected_status any more
-- STATE      no move leads from its status to this one
SELECT t.id, t.company_id, t.assigned_to, t.assigned_by, t.related_application_id, t.title,
       t.description, t.task_type, t.priority, t.status, t.due_date, t.completed_at, t.notes,
       t.created_at, t.updated_at
FROM   hotgigs.task_set_status($1, $2, $3, $4, $5) t;
