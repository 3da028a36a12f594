-- system_metrics: measurements of the platform itself.
--
-- Needs:  no other table.
-- Seen and written by the service alone.

BEGIN;
SET LOCAL ROLE hotgigs_owner;
SET LOCAL search_path = public;

CREATE TABLE system_metrics (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    metric_name VARCHAR(100) NOT NULL,
    metric_value DECIMAL(15,4),
    metric_unit VARCHAR(50),
    dimensions JSONB DEFAULT '{}',
    recorded_at TIMESTAMP DEFAULT NOW()
);
ALTER TABLE system_metrics ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

COMMENT ON TABLE  system_metrics              IS 'A measurement of the platform itself.';
COMMENT ON COLUMN system_metrics.id           IS 'The measurement''s id.';
COMMENT ON COLUMN system_metrics.metric_name  IS 'What was measured.';
COMMENT ON COLUMN system_metrics.metric_value IS
    'The value, in metric_unit; NULL: the measurement failed.';
COMMENT ON COLUMN system_metrics.metric_unit  IS 'Unit: ms, bytes, count, percent, ...';
COMMENT ON COLUMN system_metrics.dimensions IS
    'Object: where and of what, such as {host, route}.';
COMMENT ON COLUMN system_metrics.recorded_at  IS 'When it was measured, UTC.';

-- The series of this metric, and its latest value.
CREATE INDEX system_metrics_metric_name_recorded_at_idx
    ON system_metrics (metric_name, recorded_at);

-- The owner sees all: helpers and definer functions read as the owner.
CREATE POLICY owner_all ON system_metrics TO hotgigs_owner
    USING (true) WITH CHECK (true);

-- The application's own jobs work on the rows of all tenants.
CREATE POLICY service_all ON system_metrics TO hotgigs_service
    USING (true) WITH CHECK (true);

GRANT SELECT (id, metric_name, metric_value, metric_unit, dimensions, recorded_at, xmin),
      INSERT (id, metric_name, metric_value, metric_unit, dimensions, recorded_at),
      UPDATE (metric_name, metric_value, metric_unit, dimensions, recorded_at),
      DELETE
    ON system_metrics TO hotgigs_service;
-- Nothing for any persona.

COMMIT;
