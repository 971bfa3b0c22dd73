-- migrate:up
REVOKE ALL ON SCHEMA audit FROM PUBLIC;
GRANT USAGE ON SCHEMA tenancy, metrics, extensions TO PUBLIC;
GRANT SELECT (id, slug), UPDATE (address) ON tenancy.tenants TO PUBLIC;
GRANT SELECT, INSERT ON metrics.measurements, tenancy.bookings TO PUBLIC;
GRANT USAGE ON SEQUENCE tenancy.invoice_numbers TO PUBLIC;
REVOKE EXECUTE ON FUNCTION audit.record_change() FROM PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA metrics GRANT SELECT ON TABLES TO PUBLIC;

-- migrate:down
ALTER DEFAULT PRIVILEGES IN SCHEMA metrics REVOKE SELECT ON TABLES FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.record_change() TO PUBLIC;
REVOKE USAGE ON SEQUENCE tenancy.invoice_numbers FROM PUBLIC;
REVOKE SELECT, INSERT ON metrics.measurements, tenancy.bookings FROM PUBLIC;
REVOKE SELECT (id, slug), UPDATE (address) ON tenancy.tenants FROM PUBLIC;
REVOKE USAGE ON SCHEMA tenancy, metrics, extensions FROM PUBLIC;
