-- Steps of candidates: one profile a user, a history that is replaced as a whole, imports.
--
-- Needs:  users (101), user_profiles (102), candidate_profiles (201), candidate_experiences (202),
--         candidate_education (203), documents (207), the helpers (004).

BEGIN;
SET LOCAL ROLE hotgigs_owner;

-- Refuses what no position and no course may have; else true, so that a statement can ask it in its
-- WHERE.
CREATE FUNCTION hotgigs.period_is_sound(start_date date, end_date date, is_current boolean)
RETURNS boolean
LANGUAGE plpgsql
IMMUTABLE
PARALLEL SAFE
SET search_path = ''
AS $$
BEGIN
    IF start_date > end_date THEN
        RAISE EXCEPTION 'it ends before it begins' USING ERRCODE = 'HG005';
    END IF;
    IF is_current AND end_date IS NOT NULL THEN
        RAISE EXCEPTION 'what is current has no end' USING ERRCODE = 'HG005';
    END IF;
    RETURN true;
END
$$;
COMMENT ON FUNCTION hotgigs.period_is_sound(date, date, boolean) IS
    'True; fails if it ends before it begins, or is current and has an end.';
REVOKE ALL ON FUNCTION hotgigs.period_is_sound(date, date, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.period_is_sound(date, date, boolean)
    TO hotgigs_candidate, hotgigs_service;

-- A candidate's history is sound by whichever way he writes it. The service and the steps ask where they write for him; what
-- they import stays as it was.
CREATE FUNCTION hotgigs.check_period()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = ''
AS $$
BEGIN
    IF TG_TABLE_NAME = 'candidate_experiences' THEN
        PERFORM hotgigs.period_is_sound(NEW.start_date, NEW.end_date, NEW.is_current);
    ELSE
        PERFORM hotgigs.period_is_sound(NEW.start_date, NEW.end_date, false);
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION hotgigs.check_period() IS
    'Trigger: refuses what ends before it begins, and what is current and has an end.';
REVOKE ALL ON FUNCTION hotgigs.check_period() FROM PUBLIC;

CREATE TRIGGER candidate_experiences_period BEFORE INSERT OR UPDATE ON public.candidate_experiences
    FOR EACH ROW WHEN (current_user = 'hotgigs_candidate')
    EXECUTE FUNCTION hotgigs.check_period();
CREATE TRIGGER candidate_education_period BEFORE INSERT OR UPDATE ON public.candidate_education
    FOR EACH ROW WHEN (current_user = 'hotgigs_candidate')
    EXECUTE FUNCTION hotgigs.check_period();

-- Only the JSON values true and false are flags: the text "true" would open nothing, and say that it
-- does.
CREATE FUNCTION hotgigs.visibility_patch(patch jsonb)
RETURNS jsonb
LANGUAGE plpgsql
IMMUTABLE
PARALLEL SAFE
SET search_path = ''
AS $$
BEGIN
    IF jsonb_typeof(patch) <> 'object'
       OR jsonb_typeof(patch -> 'profile_public') <> 'boolean'
       OR jsonb_typeof(patch -> 'salary_visible') <> 'boolean'
       OR jsonb_typeof(patch -> 'contact_visible') <> 'boolean'
       OR jsonb_typeof(patch -> 'referrers') <> 'array' THEN
        RAISE EXCEPTION 'no such visibility settings' USING ERRCODE = 'HG005';
    END IF;
    RETURN patch;
END
$$;
COMMENT ON FUNCTION hotgigs.visibility_patch(jsonb) IS
    'The patch; fails unless it is an object whose flags are booleans and whose referrers an array.';
REVOKE ALL ON FUNCTION hotgigs.visibility_patch(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.visibility_patch(jsonb) TO hotgigs_candidate, hotgigs_service;

-- One skill of an array of names or of {name, level, years}: put (level given or not) or taken out,
-- whatever its case; the others stay as they are written. An argument of the UPDATE that calls it is
-- the row's own column, read again if another transaction was quicker, so that nothing is lost.
CREATE FUNCTION hotgigs.skills_with(skills jsonb, skill text, level text, years integer)
RETURNS jsonb
LANGUAGE plpgsql
IMMUTABLE
PARALLEL SAFE
SET search_path = ''
AS $$
DECLARE
    entry CONSTANT jsonb := jsonb_strip_nulls(jsonb_build_object('name', btrim(skill), 'level', level,
                                                                 'years', years));
    found_at integer;
    n        integer := 0;
    e        jsonb;
BEGIN
    IF coalesce(btrim(skill), '') = '' OR length(btrim(skill)) > 100
       OR level NOT IN ('beginner', 'intermediate', 'advanced', 'expert') OR years NOT BETWEEN 0 AND 80 THEN
        RAISE EXCEPTION 'a skill has a name of up to 100 characters, a level and years that there are'
            USING ERRCODE = 'HG005';
    END IF;
    IF skills IS NULL OR jsonb_typeof(skills) <> 'array' THEN
        skills := '[]';
    END IF;
    FOR e IN SELECT jsonb_array_elements(skills) LOOP
        IF lower(btrim(skill)) = lower(btrim(CASE jsonb_typeof(e)
                                                 WHEN 'string' THEN e #>> '{}'
                                                 WHEN 'object' THEN e ->> 'name'
                                             END)) THEN
            found_at := n;
            EXIT;
        END IF;
        n := n + 1;
    END LOOP;
    IF found_at IS NULL THEN
        RETURN skills || jsonb_build_array(entry);
    END IF;
    RETURN jsonb_set(skills, ARRAY[found_at::text],
                     CASE WHEN jsonb_typeof(skills -> found_at) = 'object'
                          THEN (skills -> found_at) || entry
                          ELSE entry
                     END);
END
$$;
COMMENT ON FUNCTION hotgigs.skills_with(jsonb, text, text, integer) IS
    'An array of skills with this one: added, or its level and years changed.';
REVOKE ALL ON FUNCTION hotgigs.skills_with(jsonb, text, text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.skills_with(jsonb, text, text, integer)
    TO hotgigs_candidate, hotgigs_service;

CREATE FUNCTION hotgigs.skills_without(skills jsonb, skill text)
RETURNS jsonb
LANGUAGE plpgsql
IMMUTABLE
PARALLEL SAFE
SET search_path = ''
AS $$
BEGIN
    IF skills IS NULL OR jsonb_typeof(skills) <> 'array' THEN
        RETURN '[]';
    END IF;
    RETURN coalesce((SELECT jsonb_agg(e.skill ORDER BY e.nth)
                     FROM   jsonb_array_elements(skills) WITH ORDINALITY AS e(skill, nth)
                     WHERE  lower(btrim(CASE jsonb_typeof(e.skill)
                                            WHEN 'string' THEN e.skill #>> '{}'
                                            WHEN 'object' THEN e.skill ->> 'name'
                                        END)) IS DISTINCT FROM lower(btrim(skills_without.skill))),
                    '[]');
END
$$;
COMMENT ON FUNCTION hotgigs.skills_without(jsonb, text) IS
    'An array of skills without this one, whatever its case.';
REVOKE ALL ON FUNCTION hotgigs.skills_without(jsonb, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.skills_without(jsonb, text) TO hotgigs_candidate, hotgigs_service;

-- DEFINER: the profile is made under the user's lock, since the document has no unique key; a second
-- maker waits, and finds it. The service makes anybody's, a candidate his own.
CREATE FUNCTION hotgigs.candidate_create(for_user uuid, headline text, summary text,
                                         current_title text, current_company text,
                                         experience_years integer, education_level text,
                                         availability text, skills jsonb, visibility_settings jsonb)
RETURNS SETOF public.candidate_profiles
LANGUAGE plpgsql
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
#variable_conflict use_column
DECLARE
    owner_id CONSTANT uuid := CASE WHEN current_setting('role') = 'hotgigs_service' THEN for_user
                                   ELSE hotgigs.my_user_id() END;
BEGIN
    IF owner_id IS DISTINCT FROM for_user THEN
        RAISE EXCEPTION 'a candidate makes his own profile' USING ERRCODE = 'HG004';
    END IF;
    PERFORM
    FROM   public.users u
    WHERE  u.id = owner_id
    AND    u.user_type = 'candidate'
    FOR    NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such candidate' USING ERRCODE = 'HG001';
    END IF;
    IF EXISTS (SELECT FROM public.candidate_profiles p WHERE p.user_id = owner_id) THEN
        RAISE EXCEPTION 'the user has a candidate profile' USING ERRCODE = 'HG002';
    END IF;
    PERFORM hotgigs.read_skills(coalesce(candidate_create.skills, '[]'));
    RETURN QUERY
    INSERT INTO public.candidate_profiles (user_id, headline, summary, current_title, current_company,
                                           experience_years, education_level, availability, skills,
                                           visibility_settings)
    VALUES (owner_id, candidate_create.headline, candidate_create.summary,
            candidate_create.current_title, candidate_create.current_company,
            candidate_create.experience_years, candidate_create.education_level,
            candidate_create.availability, coalesce(candidate_create.skills, '[]'),
            hotgigs.visibility_patch(coalesce(candidate_create.visibility_settings, '{}')))
    RETURNING *;
END
$$;
COMMENT ON FUNCTION hotgigs.candidate_create(uuid, text, text, text, text, integer, text, text, jsonb,
                                             jsonb) IS
    'Makes a user''s candidate profile, one at most.';
REVOKE ALL ON FUNCTION hotgigs.candidate_create(uuid, text, text, text, text, integer, text, text,
                                                jsonb, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.candidate_create(uuid, text, text, text, text, integer, text, text,
                                                   jsonb, jsonb)
    TO hotgigs_candidate, hotgigs_service;

-- The history that a parsed résumé tells: {"experiences": [...], "education": [...], "profile": {...}};
-- a part that is not there is left alone.
CREATE FUNCTION hotgigs.write_history(candidate uuid, history jsonb)
RETURNS TABLE (experiences bigint, education bigint)
LANGUAGE plpgsql
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
#variable_conflict use_column
BEGIN
    IF jsonb_typeof(history) <> 'object'
       OR jsonb_typeof(history -> 'experiences') <> 'array'
       OR jsonb_typeof(history -> 'education') <> 'array'
       OR jsonb_typeof(history -> 'profile') <> 'object' THEN
        RAISE EXCEPTION 'no such history' USING ERRCODE = 'HG005';
    END IF;
    experiences := 0;
    education := 0;
    IF history ? 'experiences' THEN
        DELETE FROM public.candidate_experiences e WHERE e.candidate_id = candidate;
        INSERT INTO public.candidate_experiences (candidate_id, company_name, job_title, description,
                                                  start_date, end_date, is_current, location,
                                                  achievements, skills_used)
        SELECT candidate, r.company_name, r.job_title, r.description, r.start_date, r.end_date,
               coalesce(r.is_current, false), r.location, r.achievements, r.skills_used
        FROM   jsonb_to_recordset(history -> 'experiences')
                   AS r(company_name text, job_title text, description text, start_date date,
                        end_date date, is_current boolean, location text, achievements text[],
                        skills_used text[])
        WHERE  hotgigs.period_is_sound(r.start_date, r.end_date, r.is_current);
        GET DIAGNOSTICS experiences = ROW_COUNT;
    END IF;
    IF history ? 'education' THEN
        DELETE FROM public.candidate_education e WHERE e.candidate_id = candidate;
        INSERT INTO public.candidate_education (candidate_id, institution_name, degree, field_of_study,
                                                start_date, end_date, gpa, description, achievements)
        SELECT candidate, r.institution_name, r.degree, r.field_of_study, r.start_date, r.end_date,
               r.gpa, r.description, r.achievements
        FROM   jsonb_to_recordset(history -> 'education')
                   AS r(institution_name text, degree text, field_of_study text, start_date date,
                        end_date date, gpa numeric, description text, achievements text[])
        WHERE  hotgigs.period_is_sound(r.start_date, r.end_date, false);
        GET DIAGNOSTICS education = ROW_COUNT;
    END IF;
    UPDATE public.candidate_profiles p
    SET    headline         = coalesce(history -> 'profile' ->> 'headline', p.headline),
           summary          = coalesce(history -> 'profile' ->> 'summary', p.summary),
           current_title    = coalesce(history -> 'profile' ->> 'current_title', p.current_title),
           current_company  = coalesce(history -> 'profile' ->> 'current_company', p.current_company),
           experience_years = coalesce((history -> 'profile' ->> 'experience_years')::integer,
                                       p.experience_years),
           skills           = coalesce(history -> 'profile' -> 'skills', p.skills)
    WHERE  p.id = candidate
    AND    history ? 'profile'
    AND    (history -> 'profile' -> 'skills' IS NULL
            OR (SELECT count(*) FROM hotgigs.read_skills(history -> 'profile' -> 'skills')) >= 0);
    RETURN NEXT;
EXCEPTION
    WHEN data_exception OR not_null_violation THEN
        RAISE EXCEPTION 'an entry of the history lacks something, or is no date or number'
            USING ERRCODE = 'HG005';
END
$$;
COMMENT ON FUNCTION hotgigs.write_history(uuid, jsonb) IS
    'Replaces a candidate''s work history and education; for the steps alone.';
REVOKE ALL ON FUNCTION hotgigs.write_history(uuid, jsonb) FROM PUBLIC;

-- DEFINER: the profile is locked first, so that of two histories one is there as a whole.
CREATE FUNCTION hotgigs.candidate_history_replace(candidate_id uuid, history jsonb)
RETURNS TABLE (experiences bigint, education bigint)
LANGUAGE plpgsql
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
#variable_conflict use_column
BEGIN
    PERFORM
    FROM   public.candidate_profiles p
    WHERE  p.id = candidate_history_replace.candidate_id
    AND    (current_setting('role') = 'hotgigs_service'
            OR p.id = ANY (ARRAY(SELECT hotgigs.my_candidates())))
    FOR    NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such candidate' USING ERRCODE = 'HG001';
    END IF;
    RETURN QUERY
    SELECT h.experiences, h.education
    FROM   hotgigs.write_history(candidate_history_replace.candidate_id, history) h;
END
$$;
COMMENT ON FUNCTION hotgigs.candidate_history_replace(uuid, jsonb) IS
    'Replaces a candidate''s history by that of a parsed résumé, as a whole.';
REVOKE ALL ON FUNCTION hotgigs.candidate_history_replace(uuid, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.candidate_history_replace(uuid, jsonb)
    TO hotgigs_candidate, hotgigs_service;

-- Each record is a savepoint: it is there as a whole, or not at all with its reason.
--
-- DEFINER: savepoints, and several tables a record; the service might write each.
CREATE FUNCTION hotgigs.candidate_bulk_import(records jsonb)
RETURNS TABLE (nth integer, candidate_id uuid, outcome text)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = ''
AS $$
#variable_conflict use_column
DECLARE
    rec     jsonb;
    user_id uuid;
BEGIN
    IF jsonb_typeof(records) <> 'array' OR jsonb_array_length(records) > 10000 THEN
        RAISE EXCEPTION 'records is no array, or has more than 10000' USING ERRCODE = 'HG005';
    END IF;
    nth := 0;
    FOR rec IN SELECT jsonb_array_elements(records) LOOP
        nth := nth + 1;
        candidate_id := NULL;
        BEGIN
            IF coalesce(btrim(rec ->> 'email'), '') = '' THEN
                RAISE EXCEPTION 'no e-mail' USING ERRCODE = 'HG005';
            END IF;
            PERFORM pg_advisory_xact_lock(hashtextextended('hotgigs.email ' || lower(btrim(rec ->> 'email')), 0));
            IF EXISTS (SELECT FROM public.users u WHERE lower(u.email) = lower(btrim(rec ->> 'email'))) THEN
                RAISE EXCEPTION 'taken' USING ERRCODE = 'HG002';
            END IF;
            INSERT INTO public.users (email, first_name, last_name, phone, user_type)
            VALUES (lower(btrim(rec ->> 'email')), rec ->> 'first_name', rec ->> 'last_name',
                    rec ->> 'phone', 'candidate')
            RETURNING id INTO user_id;
            INSERT INTO public.user_profiles (user_id) VALUES (user_id);
            INSERT INTO public.candidate_profiles (user_id) VALUES (user_id)
            RETURNING id INTO candidate_id;
            PERFORM hotgigs.write_history(candidate_id, rec - 'documents');
            INSERT INTO public.documents (user_id, document_type, file_name, file_url, file_size,
                                          mime_type)
            SELECT user_id, d.document_type, d.file_name, d.file_url, d.file_size, d.mime_type
            FROM   jsonb_to_recordset(coalesce(rec -> 'documents', '[]'))
                       AS d(document_type text, file_name text, file_url text, file_size integer,
                            mime_type text);
            outcome := 'created';
        EXCEPTION
            WHEN sqlstate 'HG002' OR unique_violation THEN
                candidate_id := NULL;
                outcome := 'taken';
            WHEN sqlstate 'HG005' OR data_exception OR integrity_constraint_violation THEN
                candidate_id := NULL;
                outcome := 'invalid';
        END;
        RETURN NEXT;
    END LOOP;
END
$$;
COMMENT ON FUNCTION hotgigs.candidate_bulk_import(jsonb) IS
    'Makes users with candidate profile, history and documents, each as a whole or not at all.';
REVOKE ALL ON FUNCTION hotgigs.candidate_bulk_import(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.candidate_bulk_import(jsonb) TO hotgigs_service;

COMMIT;
