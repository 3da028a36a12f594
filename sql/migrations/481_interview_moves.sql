-- interview_moves: the status machine of interviews, and what it takes to plan one.
--
-- Needs:  interviews (206), take_time() and check_time() (465).
-- Asked by the steps of 465. Recruiters may write interviews by the table's calls, too: the trigger
-- below asks the same of them.

BEGIN;
SET LOCAL ROLE hotgigs_owner;

-- How an interview ends. Another time keeps it scheduled.
CREATE FUNCTION hotgigs.interview_moves()
RETURNS TABLE (from_status text, to_status text)
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
    VALUES ('scheduled', 'completed'),
           ('scheduled', 'cancelled'),
           ('scheduled', 'no_show')
$$;
COMMENT ON FUNCTION hotgigs.interview_moves() IS
    'The status machine of interviews: from, to.';
REVOKE ALL ON FUNCTION hotgigs.interview_moves() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.interview_moves()
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer, hotgigs_service;

-- AFTER the row was written: what the policies refuse is refused by them, so that this tells nobody
-- when a stranger is busy. The steps write as the owner and have asked already.
--
-- DEFINER: the company may not see the interviewer's other interviews.
CREATE FUNCTION hotgigs.check_interview()
RETURNS trigger
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
SET search_path = ''
AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF coalesce(NEW.status, 'scheduled') <> coalesce(OLD.status, 'scheduled')
           AND NOT EXISTS (SELECT FROM hotgigs.interview_moves() m
                           WHERE  m.from_status = coalesce(OLD.status, 'scheduled')
                           AND    m.to_status = NEW.status) THEN
            RAISE EXCEPTION 'an interview does not go from its status to this one'
                USING ERRCODE = 'HG012';
        END IF;
        IF NEW.score IS NOT NULL AND NEW.status IS DISTINCT FROM 'completed'
           AND (NEW.score IS DISTINCT FROM OLD.score OR NEW.status IS DISTINCT FROM OLD.status) THEN
            RAISE EXCEPTION 'only a completed interview has a score' USING ERRCODE = 'HG012';
        END IF;
        IF NEW.scheduled_at = OLD.scheduled_at
           AND NEW.duration_minutes IS NOT DISTINCT FROM OLD.duration_minutes
           AND NEW.interviewer_id IS NOT DISTINCT FROM OLD.interviewer_id THEN
            RETURN NULL;
        END IF;
        IF coalesce(OLD.status, 'scheduled') <> 'scheduled' THEN
            RAISE EXCEPTION 'the interview is over or cancelled' USING ERRCODE = 'HG012';
        END IF;
    ELSIF EXISTS (SELECT FROM public.applications a
                  WHERE  a.id = NEW.application_id
                  AND    a.status NOT IN ('applied', 'screening', 'interviewing', 'offer')) THEN
        RAISE EXCEPTION 'the application is decided already' USING ERRCODE = 'HG012';
    END IF;
    IF coalesce(NEW.status, 'scheduled') = 'scheduled' THEN
        PERFORM hotgigs.check_time(NEW.scheduled_at, coalesce(NEW.duration_minutes, 60), 0);
        PERFORM hotgigs.take_time(NEW.interviewer_id, NEW.id, NEW.scheduled_at,
                                  coalesce(NEW.duration_minutes, 60), 0);
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION hotgigs.check_interview() IS
    'Refuses an interview at a time that is taken or of a decided application, a move that its machine has not, a score too early.';
REVOKE ALL ON FUNCTION hotgigs.check_interview() FROM PUBLIC;

CREATE TRIGGER interviews_check AFTER INSERT OR UPDATE ON public.interviews
    FOR EACH ROW WHEN (current_user = 'hotgigs_company')
    EXECUTE FUNCTION hotgigs.check_interview();

COMMIT;
