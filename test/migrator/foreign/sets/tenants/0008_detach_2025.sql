-- migrate:up
ALTER TABLE metrics.measurements DETACH PARTITION metrics.measurements_2025;
ALTER TABLE metrics.measurements_2025 SET SCHEMA audit;

-- migrate:down
ALTER TABLE audit.measurements_2025 SET SCHEMA metrics;
ALTER TABLE metrics.measurements ATTACH PARTITION metrics.measurements_2025
  FOR VALUES FROM ('2025-01-01 00:00+00') TO ('2026-01-01 00:00+00');
