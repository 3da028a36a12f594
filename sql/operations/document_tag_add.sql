-- document_tag_add: adds a tag to a document that does not have it yet.
--
-- Whatever its case: a tag that is there stays as it is written. Two at once add both.
--
-- group: documents · rows: one · rights: caller · by: candidate, service · row: documents
-- $1 document_id
-- $2 tag           1 to 100 characters, without blanks around it.
-- NOT_FOUND  no such document, or not the caller's
-- INVALID    the tag is empty or too long
UPDATE public.documents
SET    tags = CASE WHEN EXISTS (SELECT FROM unnest(tags) AS t (tag) WHERE lower(t.tag) = lower(hotgigs.tag_of($2)))
                   THEN tags
                   ELSE coalesce(tags, '{}') || hotgigs.tag_of($2)
              END
WHERE  id = $1
RETURNING id, tags, updated_at;
