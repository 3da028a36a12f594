-- metric_latest: the newest measurement of each of some names.
--
-- group: analytics · rows: many · rights: service · row: system_metrics
-- $1 metric_names   A row each, by name; none for a name that was never measured.
-- $2 dimensions?    Only measurements whose dimensions contain this object; NULL: all.
SELECT m.id, m.metric_name, m.metric_value, m.metric_unit, m.dimensions, m.recorded_at
FROM   (SELECT DISTINCT name FROM unnest($1::text[]) AS name) AS wanted
CROSS  JOIN LATERAL (
    SELECT s.id, s.metric_name, s.metric_value, s.metric_unit, s.dimensions, s.recorded_at
    FROM   public.system_metrics s
    WHERE  s.metric_name = wanted.name
    AND    s.recorded_at IS NOT NULL
    AND    ($2::jsonb IS NULL OR s.dimensions @> $2)
    ORDER  BY s.recorded_at DESC, s.id DESC
    LIMIT  1) AS m
ORDER  BY m.metric_name;
