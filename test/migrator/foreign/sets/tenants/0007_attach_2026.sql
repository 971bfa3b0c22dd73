-- migrate:up
CREATE TABLE metrics.measurements_2026 (LIKE metrics.measurements INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
ALTER TABLE metrics.measurements_2026 ADD CONSTRAINT in_2026
  CHECK (taken_at >= '2026-01-01 00:00+00' AND taken_at < '2027-01-01 00:00+00');
WITH moved AS (
  DELETE FROM metrics.measurements_rest
   WHERE taken_at >= '2026-01-01 00:00+00' AND taken_at < '2027-01-01 00:00+00' RETURNING *
)
INSERT INTO metrics.measurements_2026 SELECT * FROM moved;
ALTER TABLE metrics.measurements ATTACH PARTITION metrics.measurements_2026
  FOR VALUES FROM ('2026-01-01 00:00+00') TO ('2027-01-01 00:00+00');
ALTER TABLE metrics.measurements_2026 DROP CONSTRAINT in_2026;

-- migrate:down
ALTER TABLE metrics.measurements DETACH PARTITION metrics.measurements_2026;
INSERT INTO metrics.measurements SELECT * FROM metrics.measurements_2026;
DROP TABLE metrics.measurements_2026;
