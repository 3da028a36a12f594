-- Steps of documents, matches and analyses: what callers may not write, or must not write at once.
--
-- Needs:  documents (207), ai_job_matches (302), ai_resume_analysis (303), the helpers (004); and,
--         when they are run, the moves (486).
--
-- Each is one call of the library (sql/operations/document_*.sql, match_*.sql), and all of it happens
-- or none.

BEGIN;
SET LOCAL ROLE hotgigs_owner;

-- A tag as it is kept: without blanks around it. Invoker's rights: it reads nothing.
CREATE FUNCTION hotgigs.tag_of(text)
RETURNS text
LANGUAGE plpgsql
IMMUTABLE
PARALLEL SAFE
SET search_path = ''
AS $$
BEGIN
    IF btrim($1) = '' OR length(btrim($1)) > 100 THEN
        RAISE EXCEPTION 'a tag has 1 to 100 characters' USING ERRCODE = 'HG005';
    END IF;
    RETURN btrim($1);
END
$$;
COMMENT ON FUNCTION hotgigs.tag_of(text) IS
    'A tag without blanks around it; refuses one that is nothing else, or too long.';
REVOKE ALL ON FUNCTION hotgigs.tag_of(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.tag_of(text) TO hotgigs_candidate, hotgigs_service;

-- A document goes, and its analyses stay, without it.
--
-- DEFINER: a candidate may not write analyses.
CREATE FUNCTION hotgigs.document_remove(document uuid)
RETURNS integer
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
SET search_path = ''
AS $$
DECLARE
    unlinked integer;
BEGIN
    PERFORM FROM public.documents d
    WHERE   d.id = document
    AND     (current_setting('role') = 'hotgigs_service' OR d.user_id = hotgigs.my_user_id())
    FOR     UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such document, or not the caller''s' USING ERRCODE = 'HG001';
    END IF;
    UPDATE public.ai_resume_analysis a SET document_id = NULL WHERE a.document_id = document;
    GET DIAGNOSTICS unlinked = ROW_COUNT;
    DELETE FROM public.documents d WHERE d.id = document;
    RETURN unlinked;
END
$$;
COMMENT ON FUNCTION hotgigs.document_remove(uuid) IS
    'Deletes a document, and gives the number of analyses that are now without it.';
REVOKE ALL ON FUNCTION hotgigs.document_remove(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.document_remove(uuid)
    TO hotgigs_candidate, hotgigs_service;

-- The queue of documents to check, oldest first: without those that are decided.
CREATE INDEX documents_fraud_check_pending_idx
    ON public.documents (created_at, id) WHERE fraud_check_status = 'pending';

-- What came out of a check, of the file that was checked: another one that was put in its place
-- meanwhile is not meant.
--
-- DEFINER: for the service, to tell why not.
CREATE FUNCTION hotgigs.document_fraud_set(document uuid, verdict text, results jsonb, checked_url text)
RETURNS TABLE (id uuid, user_id uuid, file_url text, fraud_check_status varchar,
               fraud_check_results jsonb, updated_at timestamp)
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
#variable_conflict use_column
DECLARE
    checked public.documents;
BEGIN
    IF jsonb_typeof(results) <> 'object' THEN
        RAISE EXCEPTION 'results is no object' USING ERRCODE = 'HG005';
    END IF;
    IF verdict NOT IN (SELECT m.to_status FROM hotgigs.fraud_check_moves() m) THEN
        RAISE EXCEPTION 'a verdict is passed, failed or review' USING ERRCODE = 'HG005';
    END IF;
    SELECT d.* INTO checked FROM public.documents d WHERE d.id = document FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such document' USING ERRCODE = 'HG001';
    END IF;
    IF checked.file_url <> checked_url THEN
        RAISE EXCEPTION 'the document has another file by now' USING ERRCODE = 'HG002';
    END IF;
    IF NOT EXISTS (SELECT FROM hotgigs.fraud_check_moves() m
                   WHERE  m.from_status = coalesce(checked.fraud_check_status, 'pending')
                   AND    m.to_status = verdict) THEN
        RAISE EXCEPTION 'the check is decided already' USING ERRCODE = 'HG012';
    END IF;
    RETURN QUERY
    UPDATE public.documents d
    SET    fraud_check_status = verdict, fraud_check_results = coalesce(results, '{}')
    WHERE  d.id = document
    RETURNING d.id, d.user_id, d.file_url, d.fraud_check_status, d.fraud_check_results, d.updated_at;
END
$$;
COMMENT ON FUNCTION hotgigs.document_fraud_set(uuid, text, jsonb, text) IS
    'Writes the verdict of a fraud check on the file that was checked.';
REVOKE ALL ON FUNCTION hotgigs.document_fraud_set(uuid, text, jsonb, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.document_fraud_set(uuid, text, jsonb, text) TO hotgigs_service;

-- Matches, one for each candidate and job: what is there is written over, but not whether the
-- candidate has seen it. No key says so, so the candidates' rows are the lock, taken in the order
-- of their ids, and what there is is looked for afterwards.
--
-- DEFINER: it locks candidates and tells why not.
CREATE FUNCTION hotgigs.match_save_batch(matches jsonb)
RETURNS TABLE (inserted bigint, updated bigint)
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
ROWS 1
SET search_path = ''
AS $$
#variable_conflict use_column
BEGIN
    IF jsonb_typeof(matches) <> 'array' THEN
        RAISE EXCEPTION 'matches is no array' USING ERRCODE = 'HG005';
    END IF;
    BEGIN
        IF EXISTS (SELECT FROM jsonb_to_recordset(matches) AS r (candidate_id uuid, job_id uuid,
                                                                match_score numeric)
                   WHERE  r.candidate_id IS NULL OR r.job_id IS NULL OR r.match_score IS NULL
                   OR     r.match_score NOT BETWEEN 0 AND 100) THEN
            RAISE EXCEPTION 'a match has candidate_id, job_id and match_score, 0 to 100'
                USING ERRCODE = 'HG005';
        END IF;
        IF EXISTS (SELECT FROM jsonb_to_recordset(matches) AS r (candidate_id uuid, job_id uuid)
                   GROUP  BY r.candidate_id, r.job_id
                   HAVING count(*) > 1) THEN
            RAISE EXCEPTION 'two matches are of the same candidate and job' USING ERRCODE = 'HG005';
        END IF;
    EXCEPTION
        WHEN data_exception THEN
            RAISE EXCEPTION 'a match is no object, or an id or number in it is none'
                USING ERRCODE = 'HG005';
    END;

    PERFORM FROM public.candidate_profiles p
    WHERE   p.id = ANY (ARRAY(SELECT r.candidate_id
                              FROM   jsonb_to_recordset(matches) AS r (candidate_id uuid)))
    ORDER   BY p.id
    FOR     NO KEY UPDATE;
    RETURN QUERY
    WITH given AS (
        SELECT r.*
        FROM   jsonb_to_recordset(matches)
               AS r (candidate_id uuid, job_id uuid, match_score numeric, match_reasons jsonb,
                     skill_match_score numeric, experience_match_score numeric,
                     location_match_score numeric, salary_match_score numeric,
                     culture_fit_score numeric, is_recommended boolean)
    ), rewritten AS (
        UPDATE public.ai_job_matches m
        SET    match_score = g.match_score,
               match_reasons = coalesce(g.match_reasons, '{}'),
               skill_match_score = g.skill_match_score,
               experience_match_score = g.experience_match_score,
               location_match_score = g.location_match_score,
               salary_match_score = g.salary_match_score,
               culture_fit_score = g.culture_fit_score,
               is_recommended = coalesce(g.is_recommended, false)
        FROM   given g
        WHERE  m.candidate_id = g.candidate_id
        AND    m.job_id = g.job_id
        RETURNING m.candidate_id, m.job_id
    ), added AS (
        INSERT INTO public.ai_job_matches
               (candidate_id, job_id, match_score, match_reasons, skill_match_score,
                experience_match_score, location_match_score, salary_match_score,
                culture_fit_score, is_recommended, created_at)
        SELECT g.candidate_id, g.job_id, g.match_score, coalesce(g.match_reasons, '{}'),
               g.skill_match_score, g.experience_match_score, g.location_match_score,
               g.salary_match_score, g.culture_fit_score, coalesce(g.is_recommended, false),
               clock_timestamp() AT TIME ZONE 'UTC'
        FROM   given g
        WHERE  NOT EXISTS (SELECT FROM rewritten r
                           WHERE  r.candidate_id = g.candidate_id AND r.job_id = g.job_id)
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM added),
           (SELECT count(*) FROM (SELECT DISTINCT r.candidate_id, r.job_id FROM rewritten r) AS d);
END
$$;
COMMENT ON FUNCTION hotgigs.match_save_batch(jsonb) IS
    'Writes matches, one for each candidate and job, and keeps which of them were seen.';
REVOKE ALL ON FUNCTION hotgigs.match_save_batch(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.match_save_batch(jsonb) TO hotgigs_service;

-- DEFINER: a candidate may not write matches.
CREATE FUNCTION hotgigs.match_mark_viewed(matches uuid[])
RETURNS integer
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
SET search_path = ''
AS $$
DECLARE
    marked integer;
BEGIN
    UPDATE public.ai_job_matches m
    SET    viewed_by_candidate = true
    WHERE  m.id = ANY (matches)
    AND    m.candidate_id = ANY (ARRAY(SELECT hotgigs.my_candidates()))
    AND    m.viewed_by_candidate IS NOT TRUE;
    GET DIAGNOSTICS marked = ROW_COUNT;
    RETURN marked;
END
$$;
COMMENT ON FUNCTION hotgigs.match_mark_viewed(uuid[]) IS
    'Marks matches of the calling candidate as seen, and gives how many were not.';
REVOKE ALL ON FUNCTION hotgigs.match_mark_viewed(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.match_mark_viewed(uuid[]) TO hotgigs_candidate;

COMMIT;
