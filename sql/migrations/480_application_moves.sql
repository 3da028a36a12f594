-- application_moves: the status machine of applications.
--
-- Needs:  applications (204).
-- Asked by the steps of 460 and 465: which of them may skip a stage, and what comes with a move, stands
-- there. No persona may write applications.status, so that there is no way around them.

BEGIN;
SET LOCAL ROLE hotgigs_owner;

-- The moves of an application's status, and who makes them. A company's admin may force any other
-- move but to or from withdrawn: that is the candidate's word.
CREATE FUNCTION hotgigs.application_moves()
RETURNS TABLE (from_status text, to_status text, made_by text)
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
    VALUES ('applied',      'screening',    'company'),
           ('screening',    'interviewing', 'company'),
           ('interviewing', 'offer',        'company'),
           ('offer',        'hired',        'company'),
           ('applied',      'rejected',     'company'),
           ('screening',    'rejected',     'company'),
           ('interviewing', 'rejected',     'company'),
           ('offer',        'rejected',     'company'),
           ('applied',      'withdrawn',    'candidate'),
           ('screening',    'withdrawn',    'candidate'),
           ('interviewing', 'withdrawn',    'candidate'),
           ('offer',        'withdrawn',    'candidate')
$$;
COMMENT ON FUNCTION hotgigs.application_moves() IS
    'The status machine of applications: from, to, and whether the company or the candidate moves.';
REVOKE ALL ON FUNCTION hotgigs.application_moves() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.application_moves()
    TO hotgigs_candidate, hotgigs_company, hotgigs_service;

COMMIT;
