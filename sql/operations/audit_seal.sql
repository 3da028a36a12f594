-- audit_seal: seals the next entries of the audit trail, so that a later change of them is found out.
--
-- To be called every few seconds, by as many processes as like: one of them seals, the others get nothing. Only
-- entries of transactions older than the oldest that still runs are sealed.
--
-- group: audit · rows: maybe · rights: definer · by: service
-- $1 at_most   Entries; those of one statement are not divided.
-- > seal        Its number.
-- > entries     How many it covers.
-- > root        SHA-256 in hexadecimal digits: vouches for these entries and all before.
-- > sealed_at   UTC.
SELECT seal, entries, root, sealed_at
FROM   hotgigs.audit_seal($1);
