-- document_remove: deletes a document; its analyses stay, without it.
--
-- The number is that of the analyses.
--
-- group: documents · rows: count · rights: definer · by: candidate, service
-- $1 document_id
-- NOT_FOUND  no such document, or not the caller's
SELECT hotgigs.document_remove($1);
