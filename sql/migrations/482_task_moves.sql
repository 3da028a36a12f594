-- task_moves: the status machine of tasks.
--
-- Needs:  tasks (405).
-- Asked by task_set_status() (468). Account managers may write tasks by the table's calls, too: the
-- trigger below asks the same of them, and keeps completed_at.

BEGIN;
SET LOCAL ROLE hotgigs_owner;

-- A task that was completed by mistake goes back to work; a cancelled one is made anew.
CREATE FUNCTION hotgigs.task_moves()
RETURNS TABLE (from_status text, to_status text)
LANGUAGE sql
IMMUTABLE
ROWS 5
PARALLEL SAFE
AS $$
    VALUES ('pending',     'in_progress'),
           ('pending',     'cancelled'),
           ('in_progress', 'completed'),
           ('in_progress', 'cancelled'),
           ('completed',   'in_progress')
$$;
COMMENT ON FUNCTION hotgigs.task_moves() IS
    'The moves that tasks.status may make.';
REVOKE ALL ON FUNCTION hotgigs.task_moves() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.task_moves()
    TO hotgigs_company, hotgigs_freelancer, hotgigs_service;

-- Invoker's rights: it reads the row alone. The step writes as the owner and has asked already.
CREATE FUNCTION hotgigs.check_task()
RETURNS trigger
LANGUAGE plpgsql
VOLATILE
SET search_path = ''
AS $$
DECLARE
    old_status text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        old_status := coalesce(OLD.status, 'pending');
        IF old_status <> coalesce(NEW.status, 'pending')
           AND NOT EXISTS (SELECT FROM hotgigs.task_moves() m
                           WHERE  m.from_status = old_status
                           AND    m.to_status = coalesce(NEW.status, 'pending')) THEN
            RAISE EXCEPTION 'a task does not go from its status to this one' USING ERRCODE = 'HG012';
        END IF;
    END IF;
    NEW.completed_at := CASE
                            WHEN NEW.status IS DISTINCT FROM 'completed' THEN NULL
                            WHEN old_status = 'completed' THEN OLD.completed_at
                            ELSE clock_timestamp() AT TIME ZONE 'UTC'
                        END;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION hotgigs.check_task() IS
    'Refuses a move that the machine of tasks has not; completed_at follows the status.';
REVOKE ALL ON FUNCTION hotgigs.check_task() FROM PUBLIC;

CREATE TRIGGER tasks_check BEFORE INSERT OR UPDATE ON public.tasks
    FOR EACH ROW WHEN (current_user = 'hotgigs_company')
    EXECUTE FUNCTION hotgigs.check_task();

COMMIT;
