-- document_tag_remove: removes a tag from a document, whatever its case.
--
-- One that is not there is success.
--
-- group: documents · rows: one · rights: caller · by: candidate, service · row: documents
-- $1 document_id
-- $2 tag           1 to 100 characters, without blanks around it.
-- NOT_FOUND  no such document, or not the caller's
-- INVALID    the tag is empty or too long
UPDATE public.documents
SET    tags = ARRAY(SELECT t.tag
                    FROM   unnest(tags) WITH ORDINALITY AS t (tag, place)
                    WHERE  lower(t.tag) IS DISTINCT FROM lower(hotgigs.tag_of($2))
                    ORDER  BY t.place)
WHERE  id = $1
RETURNING id, tags, updated_at;
