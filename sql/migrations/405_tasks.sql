-- tasks: what is to be done in a company, and by whom.
--
-- Needs:  companies (104), users (101), applications (204), freelance_recruiters (401), the
--         helpers (004), among them my_companies (105).
-- Seen by the members of the company, and by the freelancer it is assigned to. Written by its
-- account managers and above, deleted by its admins.

BEGIN;
SET LOCAL ROLE hotgigs_owner;
SET LOCAL search_path = public;

CREATE TABLE tasks (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    company_id UUID REFERENCES companies(id) ON DELETE CASCADE,
    assigned_to UUID REFERENCES users(id),
    assigned_by UUID REFERENCES users(id),
    related_application_id UUID REFERENCES applications(id),
    title VARCHAR(255) NOT NULL,
    description TEXT,
    task_type VARCHAR(50) CHECK (task_type = ANY ('{interview,review,follow_up,document_check,reference_check,other}')),
    priority VARCHAR(20) DEFAULT 'normal' CHECK (priority = ANY ('{low,normal,high,urgent}')),
    status VARCHAR(50) DEFAULT 'pending' CHECK (status = ANY ('{pending,in_progress,completed,cancelled}')),
    due_date TIMESTAMP,
    completed_at TIMESTAMP,
    notes TEXT,
    created_at TIMESTAMP DEFAULT NOW(),
    updated_at TIMESTAMP DEFAULT NOW()
);
ALTER TABLE tasks ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE  tasks                        IS 'Something to be done in a company.';
COMMENT ON COLUMN tasks.id                     IS 'The task''s id.';
COMMENT ON COLUMN tasks.company_id             IS 'The company; never changes.';
COMMENT ON COLUMN tasks.assigned_to            IS 'The user who is to do it; NULL: nobody yet.';
COMMENT ON COLUMN tasks.assigned_by IS
    'The user who made it; NULL: the service, or erased.';
COMMENT ON COLUMN tasks.related_application_id IS 'The application it is about; NULL: none.';
COMMENT ON COLUMN tasks.title                  IS 'One line.';
COMMENT ON COLUMN tasks.description            IS 'The text.';
COMMENT ON COLUMN tasks.task_type              IS 'What kind of work it is; NULL: not said.';
COMMENT ON COLUMN tasks.priority               IS 'How urgent it is.';
COMMENT ON COLUMN tasks.status                 IS 'Where it stands.';
COMMENT ON COLUMN tasks.due_date               IS 'By when, UTC; NULL: no limit.';
COMMENT ON COLUMN tasks.completed_at           IS 'When it was done, UTC; NULL: not yet.';
COMMENT ON COLUMN tasks.notes                  IS 'Remarks of those who work on it.';
COMMENT ON COLUMN tasks.created_at             IS 'When the row was made, UTC.';
COMMENT ON COLUMN tasks.updated_at IS
    'Last change, UTC; the row version; kept by a trigger.';

-- The tasks of this company; and ON DELETE CASCADE of companies.
CREATE INDEX tasks_company_id_idx ON tasks (company_id);

-- The tasks of this user, by state; and whether a user who is to be deleted has any.
CREATE INDEX tasks_assigned_to_status_idx ON tasks (assigned_to, status);

-- Whether a user who is to be deleted assigned any.
CREATE INDEX tasks_assigned_by_idx ON tasks (assigned_by);

-- The tasks about this application; and whether an application that is to be deleted has any.
CREATE INDEX tasks_related_application_id_idx ON tasks (related_application_id);

-- May this person be given this task? As interview_takes() (206), asked by account managers.
--
-- DEFINER: the caller sees neither users nor the members of other companies.
CREATE FUNCTION hotgigs.task_takes(task uuid, company uuid, person uuid)
RETURNS boolean
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
PARALLEL SAFE
SET search_path = ''
SET plan_cache_mode = force_generic_plan    -- by index either way, and planning takes ten times the query
AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM hotgigs.callers me
        WHERE  me.subject = hotgigs.claimed_subject()
        AND    me.persona = current_setting('role')
        AND    company = ANY (me.account_manager_of)
        AND    (person IS NULL
                OR hotgigs.may_work_for(company, person)
                OR EXISTS (SELECT FROM public.tasks t
                           WHERE  t.id = task
                           AND    t.company_id = company
                           AND    t.assigned_to = person)));
END
$$;
COMMENT ON FUNCTION hotgigs.task_takes(uuid, uuid, uuid) IS
    'True: the caller manages tasks of this company, and this person may be given this task.';
REVOKE ALL ON FUNCTION hotgigs.task_takes(uuid, uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.task_takes(uuid, uuid, uuid) TO hotgigs_company;

-- The owner sees all: helpers and definer functions read as the owner.
CREATE POLICY owner_all ON tasks TO hotgigs_owner
    USING (true) WITH CHECK (true);

-- The application's own jobs work on the rows of all tenants.
CREATE POLICY service_all ON tasks TO hotgigs_service
    USING (true) WITH CHECK (true);

-- Members see the tasks of their company.
CREATE POLICY company_select ON tasks FOR SELECT
    TO hotgigs_company
    USING (company_id = ANY ((SELECT viewer_of FROM hotgigs.callers)::uuid[]));
-- A freelancer sees those assigned to him, and nothing of the application they are about.
CREATE POLICY freelancer_select ON tasks FOR SELECT
    TO hotgigs_freelancer
    USING (assigned_to = (SELECT caller_id FROM hotgigs.callers));
-- Account managers make tasks in their own name, for somebody who may have them, about an
-- application to the same company. That the task is assigned to the caller opens nothing here: it
-- would let him move it to another company.
CREATE POLICY company_insert ON tasks FOR INSERT
    TO hotgigs_company
    WITH CHECK (company_id = ANY ((SELECT account_manager_of FROM hotgigs.callers)::uuid[])
                AND assigned_by = (SELECT caller_id FROM hotgigs.callers)
                AND hotgigs.task_takes(id, company_id, assigned_to)
                AND (related_application_id IS NULL
                     OR EXISTS (SELECT FROM applications a
                                JOIN   jobs j ON j.id = a.job_id
                                WHERE  a.id = related_application_id
                                AND    j.company_id = tasks.company_id)));
-- Account managers change them, under the same conditions.
CREATE POLICY company_update ON tasks FOR UPDATE
    TO hotgigs_company
    USING (company_id = ANY ((SELECT account_manager_of FROM hotgigs.callers)::uuid[]))
    WITH CHECK (company_id = ANY ((SELECT account_manager_of FROM hotgigs.callers)::uuid[])
                AND hotgigs.task_takes(id, company_id, assigned_to)
                AND (related_application_id IS NULL
                     OR EXISTS (SELECT FROM applications a
                                JOIN   jobs j ON j.id = a.job_id
                                WHERE  a.id = related_application_id
                                AND    j.company_id = tasks.company_id)));
-- Admins delete them.
CREATE POLICY company_delete ON tasks FOR DELETE
    TO hotgigs_company
    USING (company_id = ANY ((SELECT admin_of FROM hotgigs.callers)::uuid[]));

GRANT SELECT (id, company_id, assigned_to, assigned_by, related_application_id, title, description,
              task_type, priority, status, due_date, completed_at, notes, created_at, updated_at,
              xmin),
      INSERT (id, company_id, assigned_to, assigned_by, related_application_id, title, description,
              task_type, priority, status, due_date, completed_at, notes, created_at, updated_at),
      UPDATE (assigned_to, assigned_by, related_application_id, title, description, task_type,
              priority, status, due_date, completed_at, notes),
      DELETE
    ON tasks TO hotgigs_service;
-- No UPDATE of company_id: policies rely on it, and a row does not change hands.

GRANT SELECT (id, company_id, assigned_to, assigned_by, related_application_id, title, description,
              task_type, priority, status, due_date, completed_at, notes, created_at, updated_at,
              xmin),
      INSERT (id, company_id, assigned_to, assigned_by, related_application_id, title, description,
              task_type, priority, status, due_date, completed_at, notes),
      UPDATE (assigned_to, related_application_id, title, description, task_type, priority, status,
              due_date, completed_at, notes),
      DELETE
    ON tasks TO hotgigs_company;

GRANT SELECT (id, company_id, assigned_to, assigned_by, related_application_id, title, description,
              task_type, priority, status, due_date, completed_at, notes, created_at, updated_at,
              xmin)
    ON tasks TO hotgigs_freelancer;
-- No UPDATE for the freelancer: he reports by a function. No UPDATE of company_id, assigned_by.
-- Nothing for hotgigs_candidate and hotgigs_anon.

CREATE TRIGGER tasks_touch BEFORE UPDATE ON tasks
    FOR EACH ROW EXECUTE FUNCTION hotgigs.touch_updated_at();

-- Every change leaves an entry in the audit trail.
CREATE TRIGGER tasks_audit_insert AFTER INSERT ON tasks
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();
CREATE TRIGGER tasks_audit_update AFTER UPDATE ON tasks
    REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();
CREATE TRIGGER tasks_audit_delete AFTER DELETE ON tasks
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.audit_change();

COMMIT;
