-- audit_as_of: one row as it was at a time, put together from the audit trail.
--
-- Secrets, large texts and what was erased are as the trail has them: a marker, a length and hash. A job's two
-- counters are as of the last change of something else.
--
-- group: audit · rows: one · rights: service · by: service
-- $1 resource_type = audit_logs.resource_type   A table.
-- $2 resource_id = audit_logs.resource_id
-- $3 moment                                     UTC.
-- > values?       The columns as an object; NULL if the row was deleted by then.
-- > is_complete   False: the trail does not begin with the row's insert: only columns that changed since are known.
-- > changed_at    Its last change until then, UTC.
-- NOT_FOUND  the trail knows nothing of such a row until that time
WITH told AS (
    SELECT a.id, a.created_at, a.new_values #>> '{_meta,op}' AS op, a.new_values - '_meta' AS became
    FROM   public.audit_logs a
    WHERE  a.resource_type = $1
    AND    a.resource_id = $2
    AND    a.created_at <= $3
    AND    a.new_values #>> '{_meta,op}' IN ('insert', 'update', 'delete')
), last_entry AS (
    SELECT t.op, t.created_at FROM told t ORDER BY t.created_at DESC, t.id DESC LIMIT 1
), birth AS (
    SELECT max(t.created_at) AS created_at FROM told t WHERE t.op = 'insert'
)
SELECT CASE WHEN l.op <> 'delete'
            THEN (SELECT jsonb_object_agg(e.key, e.value ORDER BY t.created_at, t.id)
                  FROM   told t
                  CROSS  JOIN LATERAL jsonb_each(t.became) e
                  WHERE  b.created_at IS NULL OR t.created_at >= b.created_at) END AS values,
       b.created_at IS NOT NULL AS is_complete,
       l.created_at AS changed_at
FROM   last_entry l
CROSS  JOIN birth b;
