-- match_mark_viewed: marks matches as seen by the candidate, and gives how many were not.
--
-- Those that are not the caller's are left alone.
--
-- group: documents · rows: count · rights: definer · by: candidate
-- $1 match_ids
SELECT hotgigs.match_mark_viewed($1);
