-- skill_suggest: names of skills that begin so, in lower case, those that most jobs ask for first.
--
-- Only names that an open public job asks for.
--
-- group: jobs · rows: many · rights: definer
-- $1 prefix     The beginning of a name, whatever its case.
-- $2 at_most?   1 to 50; NULL: 10.
-- > name
-- > jobs        Open public jobs up to ten; above that how often the name is used, rounded down to two digits.
-- INVALID  nothing to begin with, or at_most out of its range
SELECT name, jobs
FROM   hotgigs.skill_suggest($1, $2);
