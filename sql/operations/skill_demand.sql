-- skill_demand: which skills jobs ask for, and what they pay.
--
-- Of a company of one's own all jobs, without one the open public ones.
--
-- group: jobs · rows: many · rights: definer · by: candidate, company, freelancer, service
-- $1 days?         Jobs made in the last days; NULL: ever made.
-- $2 company_id?
-- $3 at_most?      1 to 200; NULL: 20.
-- > skill          In lower case.
-- > jobs           That ask for it.
-- > required       Of them, those that do not do without.
-- > average_salary? = numeric(14,2)   Of those that state it in USD a year, the middle of the range; NULL: none does.
-- NOT_FOUND  no such company, or the caller is no member of it
-- INVALID    days or at_most out of their range
SELECT skill, jobs, required, average_salary
FROM   hotgigs.skill_demand($1, $2, $3);
