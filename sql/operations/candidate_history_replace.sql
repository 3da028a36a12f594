-- candidate_history_replace: puts what a parsed résumé tells in the place of a candidate's history.
--
-- As a whole or not at all; of two calls at once one is there as a whole. A part that is not there is left alone.
--
-- group: candidates · rows: one · rights: definer · by: candidate, service
-- $1 candidate_id
-- $2 history   Object: experiences and education, arrays of objects named like the tables' columns; profile, an object with
--              headline, summary, current_title, current_company, experience_years and skills.
-- > experiences   How many there are now of the résumé's; 0 where left alone.
-- > education     Likewise.
-- NOT_FOUND  no such profile, or not the caller's
-- INVALID    an entry lacks a name or a beginning, ends before it begins, or is no date or number
SELECT experiences, education
FROM   hotgigs.candidate_history_replace($1, $2);
