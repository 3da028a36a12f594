-- callers: how it follows what it is derived from.
--
-- Needs:  callers (004), users (101), company_members (105), candidate_profiles (201),
--         freelance_recruiters (401).
--
-- Policies ask hotgigs.callers, so each change of those tables reaches it in the same transaction. The
-- functions are the owner's: nobody else writes callers.

BEGIN;
SET LOCAL ROLE hotgigs_owner;
SET LOCAL search_path = public;

-- What a user is.
CREATE FUNCTION hotgigs.keep_caller()
RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = ''
AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.id <> NEW.id THEN
        DELETE FROM hotgigs.callers WHERE subject = OLD.id::text;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN NULL;
    END IF;
    INSERT INTO hotgigs.callers (subject, caller_id, persona)
    VALUES (NEW.id::text, NEW.id, CASE WHEN NEW.is_active THEN hotgigs.persona_of(NEW.user_type) END)
    ON CONFLICT (subject) DO UPDATE SET persona = excluded.persona;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION hotgigs.keep_caller() IS
    'Trigger: callers has every user, and the persona of those who are active.';
REVOKE ALL ON FUNCTION hotgigs.keep_caller() FROM PUBLIC;

CREATE TRIGGER users_caller AFTER INSERT OR DELETE ON users
    FOR EACH ROW EXECUTE FUNCTION hotgigs.keep_caller();
CREATE TRIGGER users_caller_changed AFTER UPDATE ON users
    FOR EACH ROW WHEN (OLD.is_active IS DISTINCT FROM NEW.is_active
                       OR OLD.user_type IS DISTINCT FROM NEW.user_type
                       OR OLD.id <> NEW.id)
    EXECUTE FUNCTION hotgigs.keep_caller();

-- What is his, each list in the order of ids, so that the same is equal. An expression with a name, for the
-- functions below.
CREATE FUNCTION hotgigs.places_of(person uuid)
RETURNS TABLE (viewer_of uuid[], account_manager_of uuid[], recruiter_of uuid[], admin_of uuid[],
               candidates uuid[], freelancers uuid[])
LANGUAGE sql
STABLE
AS $$
    SELECT coalesce(array_agg(m.company_id ORDER BY m.company_id), '{}'),
           coalesce(array_agg(m.company_id ORDER BY m.company_id) FILTER (WHERE m.role <> 'viewer'), '{}'),
           coalesce(array_agg(m.company_id ORDER BY m.company_id)
                        FILTER (WHERE m.role IN ('recruiter', 'admin')), '{}'),
           coalesce(array_agg(m.company_id ORDER BY m.company_id) FILTER (WHERE m.role = 'admin'), '{}'),
           ARRAY(SELECT p.id FROM public.candidate_profiles p WHERE p.user_id = person ORDER BY p.id),
           ARRAY(SELECT f.id FROM public.freelance_recruiters f WHERE f.user_id = person ORDER BY f.id)
    FROM   public.company_members m
    WHERE  m.user_id = person
    AND    m.company_id IS NOT NULL
    AND    m.is_active
    AND    m.joined_at IS NOT NULL
$$;
COMMENT ON FUNCTION hotgigs.places_of(uuid) IS
    'Companies in which this user is an active member, by the rank that he has at least; his profiles.';
REVOKE ALL ON FUNCTION hotgigs.places_of(uuid) FROM PUBLIC;

-- The row is locked before the tables are read, so that of two changes at once the second reads what the
-- first wrote.
CREATE FUNCTION hotgigs.keep_callers_places()
RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = ''
AS $$
DECLARE
    person uuid;
BEGIN
    FOR person IN SELECT DISTINCT p FROM unnest(ARRAY[OLD.user_id, NEW.user_id]) p ORDER BY p LOOP
        PERFORM FROM hotgigs.callers c WHERE c.subject = person::text FOR UPDATE;
        UPDATE hotgigs.callers c
        SET    (viewer_of, account_manager_of, recruiter_of, admin_of, candidates, freelancers) =
               (SELECT p.* FROM hotgigs.places_of(person) p)
        WHERE  c.subject = person::text;
    END LOOP;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION hotgigs.keep_callers_places() IS
    'Trigger: callers has the companies in which the user is an active member, by rank, and his profiles.';
REVOKE ALL ON FUNCTION hotgigs.keep_callers_places() FROM PUBLIC;

CREATE TRIGGER company_members_caller AFTER INSERT OR DELETE ON company_members
    FOR EACH ROW EXECUTE FUNCTION hotgigs.keep_callers_places();
CREATE TRIGGER company_members_caller_changed AFTER UPDATE ON company_members
    FOR EACH ROW WHEN (OLD.role IS DISTINCT FROM NEW.role
                       OR OLD.is_active IS DISTINCT FROM NEW.is_active
                       OR OLD.joined_at IS DISTINCT FROM NEW.joined_at
                       OR OLD.company_id IS DISTINCT FROM NEW.company_id
                       OR OLD.user_id IS DISTINCT FROM NEW.user_id)
    EXECUTE FUNCTION hotgigs.keep_callers_places();

CREATE TRIGGER candidate_profiles_caller AFTER INSERT OR DELETE ON candidate_profiles
    FOR EACH ROW EXECUTE FUNCTION hotgigs.keep_callers_places();
CREATE TRIGGER candidate_profiles_caller_changed AFTER UPDATE ON candidate_profiles
    FOR EACH ROW WHEN (OLD.user_id IS DISTINCT FROM NEW.user_id OR OLD.id <> NEW.id)
    EXECUTE FUNCTION hotgigs.keep_callers_places();

CREATE TRIGGER freelance_recruiters_caller AFTER INSERT OR DELETE ON freelance_recruiters
    FOR EACH ROW EXECUTE FUNCTION hotgigs.keep_callers_places();
CREATE TRIGGER freelance_recruiters_caller_changed AFTER UPDATE ON freelance_recruiters
    FOR EACH ROW WHEN (OLD.user_id IS DISTINCT FROM NEW.user_id OR OLD.id <> NEW.id)
    EXECUTE FUNCTION hotgigs.keep_callers_places();

-- What callers has to hold, for the two functions below.
CREATE FUNCTION hotgigs.callers_due()
RETURNS SETOF hotgigs.callers
LANGUAGE sql
STABLE
AS $$
    SELECT u.id::text, u.id, CASE WHEN u.is_active THEN hotgigs.persona_of(u.user_type) END, p.*
    FROM   public.users u
    CROSS  JOIN LATERAL hotgigs.places_of(u.id) p
$$;
COMMENT ON FUNCTION hotgigs.callers_due() IS
    'The rows of callers as the tables say that they are derived from.';
REVOKE ALL ON FUNCTION hotgigs.callers_due() FROM PUBLIC;

-- For whoever loaded those tables with triggers switched off.
CREATE FUNCTION hotgigs.refill_callers()
RETURNS void
LANGUAGE sql
SET search_path = ''
AS $$
    LOCK TABLE hotgigs.callers IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM hotgigs.callers c WHERE NOT EXISTS (SELECT FROM public.users u WHERE u.id = c.caller_id);
    INSERT INTO hotgigs.callers
    SELECT * FROM hotgigs.callers_due()
    ON CONFLICT (subject) DO UPDATE
    SET    persona = excluded.persona, viewer_of = excluded.viewer_of,
           account_manager_of = excluded.account_manager_of, recruiter_of = excluded.recruiter_of,
           admin_of = excluded.admin_of, candidates = excluded.candidates,
           freelancers = excluded.freelancers;
$$;
COMMENT ON FUNCTION hotgigs.refill_callers() IS
    'Derives callers anew, after a load with triggers switched off; the owner''s alone.';
REVOKE ALL ON FUNCTION hotgigs.refill_callers() FROM PUBLIC;

COMMIT;
