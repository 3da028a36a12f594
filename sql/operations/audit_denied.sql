-- audit_denied: writes to the audit trail that an attempt was refused.
--
-- A connection opened with audit_denied = 1 does so by itself, for what PostgreSQL or the library refuses; this is
-- for what the application refuses. Part of the caller's transaction: where the refusal ends that, hg_audit_apart()
-- has a connection that it does not end.
--
-- group: audit · rows: one · rights: definer · by: anon, candidate, company, freelancer, service
-- $1 resource_type = audit_logs.resource_type   Table, operation or other thing that was asked for.
-- $2 resource_id? = audit_logs.resource_id
-- $3 reason?   What the refusal said.
-- > id = audit_logs.id
-- INVALID  a resource_type that is empty or too long
SELECT hotgigs.audit_record('denied', NULL, $1, $2, NULL,
                            jsonb_strip_nulls(jsonb_build_object('reason', $3::text))) AS id;
