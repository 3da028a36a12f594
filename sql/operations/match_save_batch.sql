-- match_save_batch: writes matches, one for each candidate and job: all of them or none.
--
-- What is there already is written over, but for viewed_by_candidate.
--
-- group: documents · rows: one · rights: definer · by: service
-- $1 matches    An array of objects: candidate_id, job_id, match_score (0 to 100); match_reasons, skill_match_score,
--               experience_match_score, location_match_score, salary_match_score, culture_fit_score, is_recommended as they
--               are in the table.
-- > inserted    How many are new.
-- > updated     How many were there.
-- INVALID     not such an array, a score outside its range, or two for the same candidate and job
-- CONSTRAINT  no such candidate or job
SELECT inserted, updated
FROM   hotgigs.match_save_batch($1);
