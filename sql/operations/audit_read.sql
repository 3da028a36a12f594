-- audit_read: writes to the audit trail that somebody read what not everybody may know.
--
-- For a résumé that is opened, an export, a token that is used: reads leave no trace of themselves. Part of the
-- caller's transaction, like audit_record.
--
-- group: audit · rows: one · rights: definer · by: anon, candidate, company, freelancer, service
-- $1 resource_type = audit_logs.resource_type   Table of the row that was read, or another kind of thing.
-- $2 resource_id? = audit_logs.resource_id
-- $3 purpose?   Why, such as "reference check".
-- > id = audit_logs.id
-- INVALID  a resource_type that is empty or too long
SELECT hotgigs.audit_record('read', NULL, $1, $2, NULL,
                            jsonb_strip_nulls(jsonb_build_object('purpose', $3::text))) AS id;
