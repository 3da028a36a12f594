-- Who is the caller, and what is his: the table and the functions with which all policies are written.
--
-- Needs:  schema hotgigs (002).
--
-- A policy may only name what exists, and policies stand in the file of their table, so the table and
-- every helper are made here. Helpers that read tables return nothing yet: until the file that brings
-- the tables replaces them, the rows that they would open are closed. CREATE OR REPLACE keeps owner,
-- grants and comment.
--
-- What every policy asks, who the caller is, where he is a member and which profile is his, is one row of
-- hotgigs.callers, found by the text of the claim: read in a sub-select, it costs 7 microseconds a statement where a
-- function that joined users with company_members cost 27. What few policies ask, a helper answers.
--
-- How each helper is written, and why (times are measured):
--   * PL/pgSQL, one query, no helper calling a helper: before PostgreSQL 18 a helper in SQL is
--     planned again at every executor start (97 microseconds a get under policy, against 27);
--   * SECURITY DEFINER, owned by hotgigs_owner, whose own policies are USING (true): otherwise
--     those of company_members, applications and others would lead back into themselves;
--   * STABLE, PARALLEL SAFE, search_path = '' and every table qualified; ROWS 10 keeps index plans;
--   * sets of uuid, used as  col = ANY (ARRAY(SELECT hotgigs.company_jobs())): once a statement,
--     and an index condition; a function per row took 4,100 ms where this takes 0.57.
-- What a helper tells is about the caller only: executing it tells no more than the policies do.
-- The owner sees every row of callers, so that whatever runs as the owner, a card or a definer
-- function, must ask the helpers my_user_id(), my_companies(), my_candidates() and my_freelancers(), which
-- say whose row.

BEGIN;
SET LOCAL ROLE hotgigs_owner;

-- The functions up to member_rank() are no helpers in the sense above: but for subject_of_claims() they
-- are expressions with a name, which the planner inlines, since they have neither SET nor SECURITY
-- DEFINER. So they cost what their text costs: 0.3 microseconds a function called in it, at every start
-- of the query, whether that part of it is reached or not.

-- The subject of the caller's claims where they are the JSON object of a host such as PostgREST and
-- nothing else, written as users.id is; NULL: there is none, it is no uuid, or the plain setting is
-- there, which goes first. Claims that are no JSON at all are an error (22P02). Not inlined on purpose:
-- its text would make every policy 5 microseconds dearer, in sessions that never come to it.
CREATE FUNCTION hotgigs.subject_of_claims()
RETURNS text
LANGUAGE plpgsql
STABLE
PARALLEL SAFE
SET search_path = ''
AS $$
DECLARE
    subject text;
BEGIN
    IF coalesce(current_setting('request.jwt.claim.sub', true), '') <> '' THEN
        RETURN NULL;
    END IF;
    subject := replace(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub', '-', '');
    RETURN CASE WHEN length(subject) = 32 AND subject ~ '^[0-9A-Fa-f]*$' THEN subject::uuid::text END;
END
$$;
COMMENT ON FUNCTION hotgigs.subject_of_claims() IS
    'The user id in claims that are a JSON object alone, believed by nobody.';
REVOKE ALL ON FUNCTION hotgigs.subject_of_claims() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.subject_of_claims()
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer;

-- The text of the caller's claim. It is compared with callers.subject and never read as a uuid: what is
-- malformed, or is not written as the server writes a uuid, is nobody's.
CREATE FUNCTION hotgigs.claimed_subject()
RETURNS text
LANGUAGE sql
STABLE
PARALLEL SAFE
AS $$
    SELECT coalesce(nullif(pg_catalog.current_setting('request.jwt.claim.sub', true), ''),
                    hotgigs.subject_of_claims())
$$;
COMMENT ON FUNCTION hotgigs.claimed_subject() IS
    'The user id in the caller''s claims as text, believed by nobody until callers confirms it.';
REVOKE ALL ON FUNCTION hotgigs.claimed_subject() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.claimed_subject()
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer;

-- The same as a uuid, for the audit trail, which also notes what a service says it acts for. A malformed
-- id reads as NULL, and so does ''. A pattern with {8} and {12} in it took 8 microseconds a call, since
-- the server builds its states anew each time; this one takes 1.
CREATE FUNCTION hotgigs.claimed_user_id()
RETURNS uuid
LANGUAGE sql
STABLE
PARALLEL SAFE
AS $$
    SELECT CASE WHEN pg_catalog.length(pg_catalog.replace(
                         pg_catalog.current_setting('request.jwt.claim.sub', true), '-', ''))
                     OPERATOR(pg_catalog.=) 32
                AND  pg_catalog.current_setting('request.jwt.claim.sub', true)
                     OPERATOR(pg_catalog.~) '^[0-9A-Fa-f-]*$'
                THEN pg_catalog.replace(
                         pg_catalog.current_setting('request.jwt.claim.sub', true), '-', '')::pg_catalog.uuid
                ELSE hotgigs.subject_of_claims()::pg_catalog.uuid END
$$;
COMMENT ON FUNCTION hotgigs.claimed_user_id() IS
    'The user id in the caller''s claims, believed by nobody until users confirms it.';
REVOKE ALL ON FUNCTION hotgigs.claimed_user_id() FROM PUBLIC;

-- The role through which a user of this type acts. No type stands for hotgigs_service or hotgigs_anon,
-- so there is no live user under either, whatever the claims say.
CREATE FUNCTION hotgigs.persona_of(user_type text)
RETURNS text
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
    SELECT CASE user_type
               WHEN 'candidate'           THEN 'hotgigs_candidate'
               WHEN 'company'             THEN 'hotgigs_company'
               WHEN 'freelance_recruiter' THEN 'hotgigs_freelancer'
           END
$$;
COMMENT ON FUNCTION hotgigs.persona_of(text) IS
    'The role through which users of this user_type act; NULL for any other text.';
REVOKE ALL ON FUNCTION hotgigs.persona_of(text) FROM PUBLIC;

-- Ranks are cumulative: an admin may whatever a viewer may. An unknown name has no rank, and
-- reaches none.
CREATE FUNCTION hotgigs.member_rank(role text)
RETURNS integer
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
    SELECT pg_catalog.array_position(
               ARRAY['viewer', 'account_manager', 'recruiter', 'admin']::pg_catalog.text[], role)
$$;
COMMENT ON FUNCTION hotgigs.member_rank(text) IS
    'viewer 1, account_manager 2, recruiter 3, admin 4; NULL for any other name.';
REVOKE ALL ON FUNCTION hotgigs.member_rank(text) FROM PUBLIC;

-- Every user, as what he may act, where he is a member and which profile is his: what the policies would
-- otherwise join at every statement. Kept by triggers (406), in the transaction that changes what it is
-- derived from. A user who is closed, or of no type, keeps his row and has no
-- persona: it is the row that two changes of one user wait at, or fail at, whatever their isolation.
CREATE TABLE hotgigs.callers (
    subject            text COLLATE "C" PRIMARY KEY,
    caller_id          uuid NOT NULL,
    persona            text,
    viewer_of          uuid[] NOT NULL DEFAULT '{}',
    account_manager_of uuid[] NOT NULL DEFAULT '{}',
    recruiter_of       uuid[] NOT NULL DEFAULT '{}',
    admin_of           uuid[] NOT NULL DEFAULT '{}',
    candidates         uuid[] NOT NULL DEFAULT '{}',
    freelancers        uuid[] NOT NULL DEFAULT '{}'
);
ALTER TABLE hotgigs.callers ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE  hotgigs.callers IS
    'A user as policies see him; derived from users, company_members and the two kinds of profiles.';
COMMENT ON COLUMN hotgigs.callers.subject IS
    'The user''s id as text: the sub of his claims.';
COMMENT ON COLUMN hotgigs.callers.caller_id IS
    'The user''s id.';
COMMENT ON COLUMN hotgigs.callers.persona IS
    'The role that he may act through; NULL: none, the user is closed.';
COMMENT ON COLUMN hotgigs.callers.viewer_of IS
    'Companies in which he is an active member, of whatever rank.';
COMMENT ON COLUMN hotgigs.callers.account_manager_of IS
    'Those in which he is at least account manager.';
COMMENT ON COLUMN hotgigs.callers.recruiter_of IS
    'Those in which he is at least recruiter.';
COMMENT ON COLUMN hotgigs.callers.admin_of IS
    'Those in which he is admin.';
COMMENT ON COLUMN hotgigs.callers.candidates IS
    'His candidate profiles: one, where all is well.';
COMMENT ON COLUMN hotgigs.callers.freelancers IS
    'His freelance recruiter profiles: one, where all is well.';

-- The owner sees all, and must say whose row it wants.
CREATE POLICY owner_all ON hotgigs.callers TO hotgigs_owner
    USING (true) WITH CHECK (true);

-- Everyone sees himself, through the role of his type and no other, so that nobody acts through a role
-- that is not his. The setting role is what the caller's SET ROLE, or the login's ALTER ROLE ... SET
-- role, made it, inside a definer function too (tried on 14 to 18, parallel workers included).
CREATE POLICY self_select ON hotgigs.callers FOR SELECT
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer
    USING (subject = hotgigs.claimed_subject() AND persona = current_setting('role'));

GRANT SELECT ON hotgigs.callers TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer;

-- The caller's live user id, as callers has it: NULL unless that user exists, is active and has the
-- user_type of the current role.
CREATE FUNCTION hotgigs.my_user_id()
RETURNS uuid
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
PARALLEL SAFE
SET search_path = ''
AS $$
BEGIN
    RETURN (SELECT me.caller_id
            FROM   hotgigs.callers me
            WHERE  me.subject = hotgigs.claimed_subject()
            AND    me.persona = current_setting('role'));
END
$$;
COMMENT ON FUNCTION hotgigs.my_user_id() IS
    'The caller''s user id if he is a live user of the current role''s type; else NULL.';
REVOKE ALL ON FUNCTION hotgigs.my_user_id() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.my_user_id()
    TO hotgigs_anon, hotgigs_candidate, hotgigs_company, hotgigs_freelancer, hotgigs_service;

-- The sets. Those with a file named above them are empty until that file. Only my_companies() answers every user who
-- is a member; my_coworkers() and company_...() answer the company persona, my_candidates() and
-- applied_jobs() the candidate, the others the freelancer; to another persona they are empty. Some
-- may be executed by personas to whom they say nothing: a card (450) serves several, and is written
-- with the helpers of all of them.

-- An unknown rank is reached nowhere.
CREATE FUNCTION hotgigs.my_companies(at_least text DEFAULT 'viewer')
RETURNS SETOF uuid
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
ROWS 10
PARALLEL SAFE
SET search_path = ''
AS $$
BEGIN
    RETURN QUERY
    SELECT unnest(CASE at_least
                      WHEN 'viewer'          THEN me.viewer_of
                      WHEN 'account_manager' THEN me.account_manager_of
                      WHEN 'recruiter'       THEN me.recruiter_of
                      WHEN 'admin'           THEN me.admin_of
                  END)
    FROM   hotgigs.callers me
    WHERE  me.subject = hotgigs.claimed_subject()
    AND    me.persona = current_setting('role');
END
$$;
COMMENT ON FUNCTION hotgigs.my_companies(text) IS
    'Companies in which the caller is an active member of at least this rank.';
REVOKE ALL ON FUNCTION hotgigs.my_companies(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.my_companies(text)
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer;

-- 105_company_members
CREATE FUNCTION hotgigs.my_coworkers()
RETURNS SETOF uuid
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
ROWS 10
PARALLEL SAFE
SET search_path = ''
AS $$ BEGIN RETURN; END $$;
COMMENT ON FUNCTION hotgigs.my_coworkers() IS
    'Users who are active members of a company of the caller''s, himself included.';
REVOKE ALL ON FUNCTION hotgigs.my_coworkers() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.my_coworkers()
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer;

-- 106_jobs
CREATE FUNCTION hotgigs.company_jobs(at_least text DEFAULT 'viewer')
RETURNS SETOF uuid
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
ROWS 10
PARALLEL SAFE
SET search_path = ''
AS $$ BEGIN RETURN; END $$;
COMMENT ON FUNCTION hotgigs.company_jobs(text) IS
    'Jobs of the companies in which the caller has at least this rank.';
REVOKE ALL ON FUNCTION hotgigs.company_jobs(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.company_jobs(text)
    TO hotgigs_candidate, hotgigs_company;

CREATE FUNCTION hotgigs.my_candidates()
RETURNS SETOF uuid
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
ROWS 10
PARALLEL SAFE
SET search_path = ''
AS $$
BEGIN
    RETURN QUERY
    SELECT unnest(me.candidates)
    FROM   hotgigs.callers me
    WHERE  me.subject = hotgigs.claimed_subject()
    AND    me.persona = current_setting('role')
    AND    current_setting('role') = 'hotgigs_candidate';
END
$$;
COMMENT ON FUNCTION hotgigs.my_candidates() IS
    'Candidate profiles of the caller: one, where all is well.';
REVOKE ALL ON FUNCTION hotgigs.my_candidates() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.my_candidates()
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer;

-- 204_applications
CREATE FUNCTION hotgigs.applied_jobs()
RETURNS SETOF uuid
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
ROWS 10
PARALLEL SAFE
SET search_path = ''
AS $$ BEGIN RETURN; END $$;
COMMENT ON FUNCTION hotgigs.applied_jobs() IS
    'Jobs for which the caller has applied.';
REVOKE ALL ON FUNCTION hotgigs.applied_jobs() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.applied_jobs()
    TO hotgigs_candidate;

-- 204_applications
CREATE FUNCTION hotgigs.company_applicants(at_least text DEFAULT 'viewer')
RETURNS SETOF uuid
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
ROWS 10
PARALLEL SAFE
SET search_path = ''
AS $$ BEGIN RETURN; END $$;
COMMENT ON FUNCTION hotgigs.company_applicants(text) IS
    'Candidate profiles with an application to a job of the caller''s companies.';
REVOKE ALL ON FUNCTION hotgigs.company_applicants(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.company_applicants(text)
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer;

-- 204_applications
CREATE FUNCTION hotgigs.company_applicant_users(at_least text DEFAULT 'viewer')
RETURNS SETOF uuid
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
ROWS 10
PARALLEL SAFE
SET search_path = ''
AS $$ BEGIN RETURN; END $$;
COMMENT ON FUNCTION hotgigs.company_applicant_users(text) IS
    'Users behind company_applicants().';
REVOKE ALL ON FUNCTION hotgigs.company_applicant_users(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.company_applicant_users(text)
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer;

CREATE FUNCTION hotgigs.my_freelancers()
RETURNS SETOF uuid
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
ROWS 10
PARALLEL SAFE
SET search_path = ''
AS $$
BEGIN
    RETURN QUERY
    SELECT unnest(me.freelancers)
    FROM   hotgigs.callers me
    WHERE  me.subject = hotgigs.claimed_subject()
    AND    me.persona = current_setting('role')
    AND    current_setting('role') = 'hotgigs_freelancer';
END
$$;
COMMENT ON FUNCTION hotgigs.my_freelancers() IS
    'Freelance recruiter profiles of the caller: one, where all is well.';
REVOKE ALL ON FUNCTION hotgigs.my_freelancers() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.my_freelancers()
    TO hotgigs_freelancer;

-- 401_freelance_recruiters
CREATE FUNCTION hotgigs.consenting_candidates()
RETURNS SETOF uuid
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
ROWS 10
PARALLEL SAFE
SET search_path = ''
AS $$ BEGIN RETURN; END $$;
COMMENT ON FUNCTION hotgigs.consenting_candidates() IS
    'Candidate profiles that name the caller among the recruiters who may refer them.';
REVOKE ALL ON FUNCTION hotgigs.consenting_candidates() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.consenting_candidates()
    TO hotgigs_freelancer;

-- 402_referrals
CREATE FUNCTION hotgigs.referred_jobs()
RETURNS SETOF uuid
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
ROWS 10
PARALLEL SAFE
SET search_path = ''
AS $$ BEGIN RETURN; END $$;
COMMENT ON FUNCTION hotgigs.referred_jobs() IS
    'Jobs to which the caller has referred a candidate.';
REVOKE ALL ON FUNCTION hotgigs.referred_jobs() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.referred_jobs()
    TO hotgigs_freelancer;

-- 402_referrals
CREATE FUNCTION hotgigs.referred_candidates()
RETURNS SETOF uuid
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
ROWS 10
PARALLEL SAFE
SET search_path = ''
AS $$ BEGIN RETURN; END $$;
COMMENT ON FUNCTION hotgigs.referred_candidates() IS
    'Candidate profiles that the caller has referred and that still consent to it.';
REVOKE ALL ON FUNCTION hotgigs.referred_candidates() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.referred_candidates()
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer;

-- 402_referrals
CREATE FUNCTION hotgigs.referred_candidate_users()
RETURNS SETOF uuid
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
ROWS 10
PARALLEL SAFE
SET search_path = ''
AS $$ BEGIN RETURN; END $$;
COMMENT ON FUNCTION hotgigs.referred_candidate_users() IS
    'Users behind referred_candidates().';
REVOKE ALL ON FUNCTION hotgigs.referred_candidate_users() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hotgigs.referred_candidate_users()
    TO hotgigs_candidate, hotgigs_company, hotgigs_freelancer;

COMMIT;
