-- evidence: what this database says of who may do what, and of how well it is watched: for an auditor.
--
-- Facts of the server's catalogues and of the audit trail, a row an item. hg_audit_verify() says besides whether the trail is
-- as it was written. A backup that the server does not know of, such as a copy of its disks, is not in it.
--
-- group: privacy · rows: many · rights: definer · by: service
-- > section     server, role, table, policy, columns, trail, erasure or backup.
-- > item        Which one: a role's, table's or policy's name, or persona and table.
-- > facts       Object: what there is to say of it.
SELECT section, item, facts
FROM   hotgigs.evidence();
