-- candidate_bulk_import: makes many users with candidate profile, history and documents, with an outcome for each.
--
-- Each record is there as a whole or not at all; one that fails does not stop the others. They cannot sign in until they
-- have a password, and are not found until they opt in.
--
-- group: candidates · rows: many · rights: service
-- $1 records   Array of up to 10000 objects: email, first_name, last_name, phone; profile, experiences and education as
--              in candidate_history_replace; documents, an array of document_type, file_name, file_url, file_size, mime_type.
-- > nth             From 1, as in records.
-- > candidate_id?   NULL: not made.
-- > outcome         created, taken (the address has a user), invalid.
-- INVALID  no array, or too many
SELECT nth, candidate_id, outcome
FROM   hotgigs.candidate_bulk_import($1);
