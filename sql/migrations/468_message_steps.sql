-- The steps of messages: a task's step from one status to the next.
--
-- Needs:  notifications (403), email_logs (404), tasks (405), the helpers (004), and, when it is run,
--         the moves (482).
-- What else belongs to messages runs under the caller's own policies (sql/operations).

BEGIN;
SET LOCAL ROLE hotgigs_owner;

-- The e-mail of a time, whatever its state: hotgigs' statistics.
CREATE INDEX email_logs_created_at_email_type_idx ON public.email_logs (created_at, email_type);

-- Account managers of the company move its tasks, the freelancer those that he was given. Who may
-- not see the task is told that there is none. completed_at follows the status. The same status
-- again writes nothing but the notes that are given.
--
-- DEFINER: a freelancer has no right to change the row.
CREATE FUNCTION hotgigs.task_set_status(task uuid, new_status text, expected_status text,
                                        new_notes text, set_notes boolean)
RETURNS SETOF public.tasks
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
DECLARE
    persona CONSTANT text := current_setting('role');
    found   public.tasks;
    old     text;
BEGIN
    SELECT t.* INTO found
    FROM   public.tasks t
    WHERE  t.id = task
    AND    CASE persona
               WHEN 'hotgigs_service' THEN true
               WHEN 'hotgigs_company' THEN t.company_id = ANY (ARRAY(SELECT hotgigs.my_companies()))
               ELSE t.assigned_to = hotgigs.my_user_id()
           END
    FOR    NO KEY UPDATE OF t;
    IF found.id IS NULL THEN
        RAISE EXCEPTION 'no such task' USING ERRCODE = 'HG001';
    END IF;
    IF persona = 'hotgigs_company'
       AND found.company_id <> ALL (ARRAY(SELECT hotgigs.my_companies('account_manager'))) THEN
        RAISE EXCEPTION 'this needs a higher rank in the company' USING ERRCODE = 'HG004';
    END IF;
    old := coalesce(found.status, 'pending');
    IF old <> expected_status THEN
        RAISE EXCEPTION 'the task has another status by now' USING ERRCODE = 'HG002';
    END IF;
    IF new_status IS NULL THEN
        RAISE EXCEPTION 'no status is given' USING ERRCODE = 'HG005';
    END IF;
    IF old <> new_status AND NOT EXISTS (SELECT FROM hotgigs.task_moves() m
                                         WHERE  m.from_status = old AND m.to_status = new_status) THEN
        RAISE EXCEPTION 'a task does not go from its status to this one' USING ERRCODE = 'HG012';
    END IF;
    RETURN QUERY
    UPDATE public.tasks t
    SET    status       = new_status,
           completed_at = CASE
                              WHEN new_status <> 'completed' THEN NULL
                              WHEN old = 'completed' THEN t.completed_at
                              ELSE clock_timestamp() AT TIME ZONE 'UTC'
                          END,
           notes        = CASE WHEN set_notes THEN new_notes ELSE t.notes END
    WHERE  t.id = task
    RETURNING t.*;
END
$$;
COMMENT ON FUNCTION hotgigs.task_set_status(uuid, text, text, text, boolean) IS
    'Moves a task to its next status, with notes; completed_at follows.';
REVOKE ALL ON FUNCTION hotgigs.task_set_status(uuid, text, text, text, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.task_set_status(uuid, text, text, text, boolean)
    TO hotgigs_company, hotgigs_freelancer, hotgigs_service;

COMMIT;
