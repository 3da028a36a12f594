-- task_counts: how many tasks that the caller sees are pending, in progress, overdue, done and cancelled.
--
-- group: messages · rows: one · rights: caller · by: company, freelancer, service
-- $1 company_id?
-- $2 assigned_to?
-- > pending
-- > in_progress
-- > overdue   pending or in progress, and due before now
-- > completed
-- > cancelled
SELECT count(*) FILTER (WHERE coalesce(t.status, 'pending') = 'pending') AS pending,
       count(*) FILTER (WHERE t.status = 'in_progress') AS in_progress,
       count(*) FILTER (WHERE coalesce(t.status, 'pending') IN ('pending', 'in_progress')
                              AND t.due_date < now() AT TIME ZONE 'UTC') AS overdue,
       count(*) FILTER (WHERE t.status = 'completed') AS completed,
       count(*) FILTER (WHERE t.status = 'cancelled') AS cancelled
FROM   public.tasks t
WHERE  ($1::uuid IS NULL OR t.company_id = $1)
AND    ($2::uuid IS NULL OR t.assigned_to = $2);
