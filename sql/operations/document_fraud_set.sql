-- document_fraud_set: writes the verdict of a fraud check.
--
-- pending to passed, failed or review; review to passed or failed.
--
-- group: documents · rows: one · rights: definer · by: service · row: documents
-- $1 document_id
-- $2 verdict   = documents.fraud_check_status    passed, failed or review.
-- $3 results?  = documents.fraud_check_results   An object; NULL: {}.
-- $4 file_url  = documents.file_url              The file that was checked.
-- NOT_FOUND  no such document
-- CONFLICT   it has another file by now, which is to be checked anew
-- STATE      it is decided already
-- INVALID    there is no such verdict, or results is no object
SELECT id, user_id, file_url, fraud_check_status, fraud_check_results, updated_at
FROM   hotgigs.document_fraud_set($1, $2, $3, $4);
