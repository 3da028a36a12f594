-- task_page: a page of tasks that the caller sees: urgent first, then by due date, those without one last.
--
-- group: messages · rows: many · rights: caller · by: company, freelancer
-- $1 company_id?
-- $2 assigned_to?
-- $3 related_application_id?
-- $4 statuses?                          any of these, such as pending and in_progress; NULL: all
-- $5 priority? = tasks.priority
-- $6 overdue?                           true: open, and due before now
-- $7 due_before?                        exclusive
-- $8 after_priority? = tasks.priority   of the last row of the page before
-- $9 after_due_date?                    likewise; NULL if that is
-- $10 after_id?                         likewise; NULL: the first page
-- $11 at_most?                          rows; NULL: 50; 1000 at the most
-- > id
-- > company_id?
-- > assigned_to?
-- > assigned_by?
-- > related_application_id?
-- > title
-- > description?
-- > task_type?
-- > priority?
-- > status?
-- > due_date?
-- > completed_at?
-- > notes?
-- > created_at?
-- > updated_at?
-- > company_name? = companies.name
-- > assignee_name?   given and family name; NULL: nobody, or not shown to the caller
-- > is_overdue       open, and due before now
WITH ranked AS (
    SELECT t.*,
           coalesce(array_position(ARRAY['urgent', 'high', 'normal', 'low'], t.priority::text), 5) AS rank,
           coalesce(t.due_date, 'infinity') AS due,
           coalesce(t.status, 'pending') IN ('pending', 'in_progress')
               AND coalesce(t.due_date < now() AT TIME ZONE 'UTC', false) AS is_overdue
    FROM   public.tasks t
    WHERE  ($1::uuid IS NULL OR t.company_id = $1)
    AND    ($2::uuid IS NULL OR t.assigned_to = $2)
    AND    ($3::uuid IS NULL OR t.related_application_id = $3)
    AND    ($4::text[] IS NULL OR coalesce(t.status, 'pending') = ANY ($4))
    AND    ($5::text IS NULL OR t.priority = $5)
    AND    ($7::timestamp IS NULL OR t.due_date < $7)
), page AS (
    SELECT r.*
    FROM   ranked r
    WHERE  ($6 IS NOT TRUE OR r.is_overdue)
    AND    ($10::uuid IS NULL
            OR (r.rank, r.due, r.id)
               > (coalesce(array_position(ARRAY['urgent', 'high', 'normal', 'low'], $8::text), 5),
                  coalesce($9::timestamp, 'infinity'), $10))
    ORDER  BY r.rank, r.due, r.id
    LIMIT  least(coalesce($11::integer, 50), 1000)
)
SELECT p.id, p.company_id, p.assigned_to, p.assigned_by, p.related_application_id, p.title,
       p.description, p.task_type, p.priority, p.status, p.due_date, p.completed_at, p.notes,
       p.created_at, p.updated_at,
       (SELECT c.name FROM hotgigs.company_cards c WHERE c.id = p.company_id) AS company_name,
       (SELECT nullif(concat_ws(' ', u.first_name, u.last_name), '')
        FROM   hotgigs.user_cards u WHERE u.id = p.assigned_to) AS assignee_name,
       p.is_overdue
FROM   page p
ORDER  BY p.rank, p.due, p.id;
