-- audit_search: entries of the audit trail by actor, action, resource and window, newest first.
--
-- Every condition may be left out. hg_audit_log_find() asks anything else.
--
-- group: audit · rows: many · rights: service · by: service
-- $1 actor_id?                                    Also one who was deleted since.
-- $2 action? = audit_logs.action
-- $3 resource_type? = audit_logs.resource_type
-- $4 resource_id? = audit_logs.resource_id
-- $5 op?                                          insert, update, delete, event, read or denied.
-- $6 since?                                       Inclusive, UTC.
-- $7 until?                                       Exclusive, UTC.
-- $8 before_created_at?                           Of the last row of the page before; with before_id.
-- $9 before_id?
-- $10 at_most
-- > id = audit_logs.id
-- > created_at? = audit_logs.created_at
-- > action = audit_logs.action
-- > op?                 NULL: the service wrote the entry by hand.
-- > actor_id?           Who did it; NULL: the service, a visitor, or erased.
-- > actor_first_name?   NULL as well if he is no more.
-- > actor_last_name?
-- > role?               The database role that he acted as.
-- > resource_type = audit_logs.resource_type
-- > resource_id? = audit_logs.resource_id
-- > old_values? = audit_logs.old_values
-- > new_values?         Without _meta.
-- > ip_address? = audit_logs.ip_address
-- > user_agent? = audit_logs.user_agent
-- > request_id?
-- > txid?               The transaction: entries with the same number were written together.
SELECT a.id, a.created_at, a.action, a.new_values #>> '{_meta,op}' AS op,
       coalesce(a.user_id, (a.new_values #>> '{_meta,actor}')::uuid) AS actor_id, u.first_name AS actor_first_name,
       u.last_name AS actor_last_name, a.new_values #>> '{_meta,role}' AS role, a.resource_type, a.resource_id,
       a.old_values, a.new_values - '_meta' AS new_values, a.ip_address, a.user_agent,
       a.new_values #>> '{_meta,request_id}' AS request_id,
       (a.new_values #>> '{_meta,txid}')::bigint AS txid
FROM   public.audit_logs a
LEFT   JOIN public.users u ON u.id = a.user_id
WHERE  ($1::uuid IS NULL OR a.user_id = $1 OR (a.user_id IS NULL AND a.new_values #>> '{_meta,actor}' = $1::text))
AND    ($2::text IS NULL OR a.action = $2)
AND    ($3::text IS NULL OR a.resource_type = $3)
AND    ($4::uuid IS NULL OR a.resource_id = $4)
AND    ($5::text IS NULL OR a.new_values #>> '{_meta,op}' = $5)
AND    ($6::timestamp IS NULL OR a.created_at >= $6)
AND    ($7::timestamp IS NULL OR a.created_at < $7)
AND    ($8::timestamp IS NULL OR (a.created_at, a.id) < ($8, $9::uuid))
ORDER  BY a.created_at DESC, a.id DESC
LIMIT  $10::integer;
