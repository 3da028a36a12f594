-- audit_root: the last seal of the audit trail.
--
-- Its number and root belong where nobody who owns this database can change them: in another system's log, in a file,
-- on paper. audit_verify takes them as known_seal and known_root.
--
-- group: audit · rows: maybe · rights: definer · by: service
-- > seal        Its number.
-- > root        SHA-256 in hexadecimal digits.
-- > sealed_at   UTC.
SELECT seal, root, sealed_at
FROM   hotgigs.audit_root();
