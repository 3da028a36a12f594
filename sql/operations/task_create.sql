-- task_create: makes a task of a company, pending, in the caller's name.
--
-- group: messages · rows: one · rights: caller · by: company, service
-- row: tasks
-- $1 company_id = tasks.company_id
-- $2 title = tasks.title
-- $3 description? = tasks.description
-- $4 task_type? = tasks.task_type
-- $5 priority? = tasks.priority                 NULL: normal
-- $6 assigned_to? = tasks.assigned_to           an active member or a verified freelancer; NULL: nobody yet
-- $7 related_application_id? = tasks.related_application_id   to a job of the same company
-- $8 due_date? = tasks.due_date
-- $9 notes? = tasks.notes
-- $10 assigned_by? = tasks.assigned_by          for the service: in whose name; NULL: nobody's
-- DENIED  the caller is no account manager there, the person may not have it, or the application is another company's
INSERT INTO public.tasks (company_id, title, description, task_type, priority, assigned_to,
                          related_application_id, due_date, notes, assigned_by)
VALUES ($1, $2, $3, $4, coalesce($5, 'normal'), $6, $7, $8, $9,
        coalesce($10, (SELECT hotgigs.my_user_id())))
RETURNING id, company_id, assigned_to, assigned_by, related_application_id, title, description,
          task_type, priority, status, due_date, completed_at, notes, created_at, updated_at;
