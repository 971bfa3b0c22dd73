-- migrate:up
CREATE TABLE metrics.measurements (
  tenant_id integer NOT NULL REFERENCES tenancy.tenants ON DELETE CASCADE,
  taken_at timestamptz NOT NULL,
  sensor text NOT NULL,
  kind text NOT NULL DEFAULT 'other',
  value double precision,
  PRIMARY KEY (tenant_id, taken_at, sensor, kind)
) PARTITION BY RANGE (taken_at);

CREATE TABLE metrics.measurements_2025 PARTITION OF metrics.measurements
  FOR VALUES FROM ('2025-01-01 00:00+00') TO ('2026-01-01 00:00+00') PARTITION BY LIST (kind);
CREATE TABLE metrics.measurements_2025_heat PARTITION OF metrics.measurements_2025 FOR VALUES IN ('heat', 'cold');
CREATE TABLE metrics.measurements_2025_other PARTITION OF metrics.measurements_2025 DEFAULT PARTITION BY HASH (sensor);
DO $$
BEGIN
  FOR i IN 0..2 LOOP
    EXECUTE format('CREATE TABLE metrics.measurements_2025_other_%s PARTITION OF metrics.measurements_2025_other
      FOR VALUES WITH (MODULUS 3, REMAINDER %s)', i, i);
  END LOOP;
END $$;
CREATE TABLE metrics.measurements_rest PARTITION OF metrics.measurements DEFAULT;
CREATE INDEX measurements_sensor ON metrics.measurements USING brin (taken_at) WITH (pages_per_range = 16);

-- migrate:down
DROP TABLE metrics.measurements;
