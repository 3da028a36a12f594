-- application_bulk_set_status: moves many applications to one status, and says of each what became of it.
--
-- Each moves only as the status machine has it. One row comes back for each id, in the order in which they were given. Two
-- calls with the same ids in any order do not wait for each other in a circle. To hired: application_hire, one by one.
--
-- group: applications · rows: many · rights: definer · by: company, service
-- $1 application_ids
-- $2 to_status = applications.status
-- $3 note?                           A remark for the timelines; the candidates do not see it.
-- > place                            Which of the ids, from 1.
-- > id?                              The id; NULL where NULL was given.
-- > outcome                          moved · unchanged: it was there already · not_allowed: the machine has no such move ·
--                                    denied: the caller is no recruiter there · duplicate: the same id again · not_found: no
--                                    such application, or not one of the caller's companies'.
-- > status? = applications.status    What it is now; NULL: not_found.
-- INVALID  to_status is hired or withdrawn, or where nothing leads
SELECT place, id, outcome, status
FROM   hotgigs.application_bulk_set_status($1, $2, $3);
