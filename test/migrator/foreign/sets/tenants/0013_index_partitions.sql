-- migrate:up transaction:false
CREATE INDEX measurements_tenant ON ONLY metrics.measurements (tenant_id, sensor);
CREATE INDEX CONCURRENTLY measurements_2026_tenant ON metrics.measurements_2026 (tenant_id, sensor);
ALTER INDEX metrics.measurements_tenant ATTACH PARTITION metrics.measurements_2026_tenant;
CREATE INDEX CONCURRENTLY measurements_rest_tenant ON metrics.measurements_rest (tenant_id, sensor);
ALTER INDEX metrics.measurements_tenant ATTACH PARTITION metrics.measurements_rest_tenant;

-- migrate:down
DROP INDEX metrics.measurements_tenant;
