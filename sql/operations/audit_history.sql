-- audit_history: what happened to one row, oldest first, with the names of those who did it.
--
-- The service sees all. Admins of the company that the row belongs to see who did what and which columns it touched,
-- without values and addresses. To anybody else the list is empty.
--
-- group: audit · rows: many · rights: definer · by: company, service
-- $1 resource_type = audit_logs.resource_type
-- $2 resource_id = audit_logs.resource_id
-- $3 after_created_at?   Of the last row of the page before; with after_id.
-- $4 after_id?
-- $5 at_most
-- > id = audit_logs.id
-- > created_at? = audit_logs.created_at
-- > action = audit_logs.action
-- > op?                 insert, update, delete; event, read, denied; NULL: the service wrote the entry by hand.
-- > actor_id?           Who did it; NULL: the service, a visitor, or erased.
-- > actor_first_name?   NULL as well if he is no more.
-- > actor_last_name?
-- > role?               The database role that he acted as.
-- > changed             Names of the columns that changed, or of all.
-- > old_values?         Service only.
-- > new_values?         Service only; without _meta.
-- > ip_address?         Service only.
-- > user_agent?         Service only.
-- > request_id?
-- > txid?               The transaction: entries with the same number were written together.
SELECT id, created_at, action, op, actor_id, actor_first_name, actor_last_name, role, changed, old_values, new_values,
       ip_address, user_agent, request_id, txid
FROM   hotgigs.audit_history($1, $2, $3, $4, $5);
