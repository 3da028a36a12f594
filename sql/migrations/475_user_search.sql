-- company_people: whom a company has to do with, by name; user_search reads it.
--
-- Needs:  users (101), company_members (105), jobs (106), candidate_profiles (201), applications (204), user_cards (450).
--
-- Who applied to a company stands in four tables, and his name in the last: a page by name of a thousand applicants would read
-- twelve pages a head. Here a company's members and applicants stand one after the other.
--
-- Kept by triggers, for the search alone. Who changes what a row is made of waits for those who make one of it, by the lock of the
-- user that these take, and of the job and the profile that their foreign keys take; then he sees it. (Not in a transaction that sees
-- the tables as they were before: so that a member is active is asked again where a page is shown.)

BEGIN;
SET LOCAL ROLE hotgigs_owner;

CREATE TABLE hotgigs.company_people (
    source     uuid    PRIMARY KEY,
    company_id uuid    NOT NULL,
    user_id    uuid    NOT NULL,
    is_member  boolean NOT NULL,
    name       text    NOT NULL,
    email      text    NOT NULL,
    user_type  text    NOT NULL
);
COMMENT ON TABLE  hotgigs.company_people            IS 'A member of a company, or an application to it, with the user''s name.';
COMMENT ON COLUMN hotgigs.company_people.source     IS 'The row of company_members, or of applications.';
COMMENT ON COLUMN hotgigs.company_people.company_id IS 'The company.';
COMMENT ON COLUMN hotgigs.company_people.user_id    IS 'The active member, or who applied to a job of the company.';
COMMENT ON COLUMN hotgigs.company_people.is_member  IS 'Whether it is a member''s row.';
COMMENT ON COLUMN hotgigs.company_people.name       IS 'His given and family name.';
COMMENT ON COLUMN hotgigs.company_people.email      IS 'As in users.';
COMMENT ON COLUMN hotgigs.company_people.user_type  IS 'As in users.';
-- No grants: the functions below read and write it.

-- A company's people in the order of the search, with all that it asks of them.
CREATE INDEX company_people_name_idx ON hotgigs.company_people (company_id, name, user_id) INCLUDE (email, user_type, is_member);

CREATE FUNCTION hotgigs.company_people_due()
RETURNS SETOF hotgigs.company_people
LANGUAGE sql
STABLE
AS $$
    SELECT m.id, m.company_id, m.user_id, true, pg_catalog.concat_ws(' ', u.first_name, u.last_name), u.email::text, u.user_type::text
    FROM   public.company_members m
    JOIN   public.users u ON u.id = m.user_id
    WHERE  m.company_id IS NOT NULL
    AND    m.is_active
    AND    m.joined_at IS NOT NULL
    AND    u.is_active
    UNION  ALL
    SELECT a.id, j.company_id, p.user_id, false, pg_catalog.concat_ws(' ', u.first_name, u.last_name), u.email::text, u.user_type::text
    FROM   public.applications a
    JOIN   public.jobs j ON j.id = a.job_id
    JOIN   public.candidate_profiles p ON p.id = a.candidate_id
    JOIN   public.users u ON u.id = p.user_id
    WHERE  j.company_id IS NOT NULL
$$;
COMMENT ON FUNCTION hotgigs.company_people_due() IS
    'The rows of company_people as the tables say that they are made of.';
REVOKE ALL ON FUNCTION hotgigs.company_people_due() FROM PUBLIC;

-- Each call would be planned anew, for its few rows: several times what they cost. And a plan made while a table is empty would read it
-- as a whole when it is not.
CREATE FUNCTION hotgigs.keep_company_people_of(sources uuid[])
RETURNS void
LANGUAGE plpgsql
SET search_path = ''
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $$
BEGIN
    PERFORM FROM public.users u
    WHERE  u.id IN (SELECT m.user_id FROM public.company_members m WHERE m.id = ANY (sources)
                    UNION ALL SELECT p.user_id FROM public.applications a JOIN public.candidate_profiles p ON p.id = a.candidate_id
                              WHERE a.id = ANY (sources))
    ORDER  BY u.id
    FOR    KEY SHARE;
    DELETE FROM hotgigs.company_people p WHERE p.source = ANY (sources);
    INSERT INTO hotgigs.company_people SELECT d.* FROM hotgigs.company_people_due() d WHERE d.source = ANY (sources);
END
$$;
COMMENT ON FUNCTION hotgigs.keep_company_people_of(uuid[]) IS
    'Makes company_people say of these members and applications what is so; for the triggers alone.';
REVOKE ALL ON FUNCTION hotgigs.keep_company_people_of(uuid[]) FROM PUBLIC;

CREATE FUNCTION hotgigs.keep_company_people()
RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = ''
AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM hotgigs.company_people p WHERE p.source = OLD.id;
    ELSE
        PERFORM hotgigs.keep_company_people_of(ARRAY[NEW.id]);
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION hotgigs.keep_company_people() IS
    'Trigger: company_people has what a changed member or application says.';
REVOKE ALL ON FUNCTION hotgigs.keep_company_people() FROM PUBLIC;

CREATE FUNCTION hotgigs.keep_new_company_people()
RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = ''
AS $$
BEGIN
    PERFORM hotgigs.keep_company_people_of(ARRAY(SELECT a.id FROM added a));
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION hotgigs.keep_new_company_people() IS
    'Trigger: company_people has the new members and applications.';
REVOKE ALL ON FUNCTION hotgigs.keep_new_company_people() FROM PUBLIC;

-- The row is locked against whoever holds it, to make a row of it: he is waited for, and his row is then seen.
CREATE FUNCTION hotgigs.keep_company_people_behind()
RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = ''
AS $$
BEGIN
    EXECUTE pg_catalog.format('SELECT FROM public.%I WHERE id = $1 FOR UPDATE', TG_TABLE_NAME) USING NEW.id;
    PERFORM hotgigs.keep_company_people_of(CASE TG_TABLE_NAME
        WHEN 'jobs' THEN ARRAY(SELECT a.id FROM public.applications a WHERE a.job_id = NEW.id)
        WHEN 'candidate_profiles' THEN ARRAY(SELECT a.id FROM public.applications a WHERE a.candidate_id = NEW.id)
        ELSE ARRAY(SELECT m.id FROM public.company_members m WHERE m.user_id = NEW.id
                   UNION ALL SELECT a.id FROM public.candidate_profiles p JOIN public.applications a ON a.candidate_id = p.id
                             WHERE p.user_id = NEW.id)
        END);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION hotgigs.keep_company_people_behind() IS
    'Trigger: company_people has what a changed user, profile or job says.';
REVOKE ALL ON FUNCTION hotgigs.keep_company_people_behind() FROM PUBLIC;

CREATE TRIGGER company_people_insert AFTER INSERT ON public.company_members
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.keep_new_company_people();
CREATE TRIGGER company_people_update AFTER UPDATE OF company_id, user_id, is_active, joined_at ON public.company_members
    FOR EACH ROW EXECUTE FUNCTION hotgigs.keep_company_people();
CREATE TRIGGER company_people_delete AFTER DELETE ON public.company_members
    FOR EACH ROW EXECUTE FUNCTION hotgigs.keep_company_people();
CREATE TRIGGER company_people_insert AFTER INSERT ON public.applications
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION hotgigs.keep_new_company_people();
CREATE TRIGGER company_people_update AFTER UPDATE OF job_id, candidate_id ON public.applications
    FOR EACH ROW EXECUTE FUNCTION hotgigs.keep_company_people();
CREATE TRIGGER company_people_delete AFTER DELETE ON public.applications
    FOR EACH ROW EXECUTE FUNCTION hotgigs.keep_company_people();
CREATE TRIGGER company_people_users AFTER UPDATE OF first_name, last_name, email, user_type, is_active ON public.users
    FOR EACH ROW
    WHEN (OLD.first_name IS DISTINCT FROM NEW.first_name OR OLD.last_name IS DISTINCT FROM NEW.last_name
          OR OLD.email IS DISTINCT FROM NEW.email OR OLD.user_type IS DISTINCT FROM NEW.user_type
          OR OLD.is_active IS DISTINCT FROM NEW.is_active)
    EXECUTE FUNCTION hotgigs.keep_company_people_behind();
CREATE TRIGGER company_people_candidates AFTER UPDATE OF user_id ON public.candidate_profiles
    FOR EACH ROW WHEN (OLD.user_id IS DISTINCT FROM NEW.user_id)
    EXECUTE FUNCTION hotgigs.keep_company_people_behind();
CREATE TRIGGER company_people_jobs AFTER UPDATE OF company_id ON public.jobs
    FOR EACH ROW WHEN (OLD.company_id IS DISTINCT FROM NEW.company_id)
    EXECUTE FUNCTION hotgigs.keep_company_people_behind();

CREATE FUNCTION hotgigs.refill_company_people()
RETURNS void
LANGUAGE sql
SET search_path = ''
AS $$
    DELETE FROM hotgigs.company_people;
    INSERT INTO hotgigs.company_people SELECT d.* FROM hotgigs.company_people_due() d;
$$;
COMMENT ON FUNCTION hotgigs.refill_company_people() IS
    'Makes company_people anew, after a load with triggers switched off; the owner''s alone.';
REVOKE ALL ON FUNCTION hotgigs.refill_company_people() FROM PUBLIC;

DO $$ BEGIN PERFORM hotgigs.refill_company_people(); END $$;

-- ---- The search ---------------------------------------------------------------------------------

-- DEFINER: company_people is the owner's. The rule is that of user_cards: oneself, the members of one's companies and who applied to
-- them; a freelancer's are those of the card itself, few as they are.
CREATE FUNCTION hotgigs.user_search(words text, of_type text, after_name text, after_id uuid, at_most integer)
RETURNS TABLE (id uuid, name text, email text, profile_image_url text, user_type text, is_verified boolean)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
ROWS 50
SET search_path = ''
SET plan_cache_mode = force_custom_plan
SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE
    pattern CONSTANT text := '%' || replace(replace(replace(words, '\', '\\'), '%', '\%'), '_', '\_') || '%';
    mine    CONSTANT uuid[] := ARRAY(SELECT hotgigs.my_companies());
    size    integer := least(coalesce(at_most, 50), 1000);
    people  record;
    shown   integer;
BEGIN
    IF current_setting('role') <> 'hotgigs_company' OR mine = '{}' THEN
        RETURN QUERY
        SELECT f.*
        FROM   (SELECT c.id, concat_ws(' ', c.first_name, c.last_name) AS name, c.email::text, c.profile_image_url, c.user_type::text,
                       c.is_verified
                FROM   hotgigs.user_cards c) AS f
        WHERE  (pattern IS NULL OR f.name || ' ' || coalesce(f.email, '') ILIKE pattern)
        AND    (of_type IS NULL OR f.user_type = of_type)
        AND    (after_id IS NULL OR (f.name, f.id) > (coalesce(after_name, ''), after_id))
        ORDER  BY f.name, f.id
        LIMIT  size;
        RETURN;
    END IF;
    -- A row of one who is active no more leaves a place in the page, which the next ones fill.
    LOOP
        SELECT array_agg(f.name) AS names, array_agg(f.user_id) AS ids, array_agg(f.is_member) AS are_members
        INTO   people
        FROM   (SELECT s.name, s.user_id, bool_and(s.is_member) AS is_member
                FROM   unnest(mine) AS m(id)
                CROSS  JOIN LATERAL
                       (SELECT p.name, p.user_id, bool_and(p.is_member) AS is_member
                        FROM   hotgigs.company_people p
                        WHERE  p.company_id = m.id
                        AND    (pattern IS NULL OR p.name || ' ' || p.email ILIKE pattern)
                        AND    (of_type IS NULL OR p.user_type = of_type)
                        AND    (after_id IS NULL OR (p.name, p.user_id) > (coalesce(after_name, ''), after_id))
                        GROUP  BY p.name, p.user_id
                        ORDER  BY p.name, p.user_id
                        LIMIT  size) s
                GROUP  BY s.name, s.user_id
                ORDER  BY s.name, s.user_id
                LIMIT  size) f;
        RETURN QUERY
        SELECT u.id, f.name, u.email::text, u.profile_image_url, u.user_type::text, u.is_verified
        FROM   unnest(people.names, people.ids, people.are_members) AS f(name, user_id, is_member)
        JOIN   public.users u ON u.id = f.user_id
        WHERE  u.is_active OR NOT f.is_member
        ORDER  BY f.name, f.user_id;
        GET DIAGNOSTICS shown = ROW_COUNT;
        EXIT WHEN shown = size OR coalesce(cardinality(people.ids), 0) < size;
        after_name := people.names[size];
        after_id := people.ids[size];
        size := size - shown;
    END LOOP;
END
$$;
COMMENT ON FUNCTION hotgigs.user_search(text, text, text, uuid, integer) IS
    'A page of the people whom the caller has to do with, by name.';
REVOKE ALL ON FUNCTION hotgigs.user_search(text, text, text, uuid, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.user_search(text, text, text, uuid, integer) TO hotgigs_company, hotgigs_freelancer;

COMMIT;
