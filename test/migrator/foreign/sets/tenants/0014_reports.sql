-- migrate:up
CREATE FUNCTION metrics.later(a double precision, b double precision) RETURNS double precision
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT coalesce(b, a)';
CREATE AGGREGATE metrics.newest(double precision) (SFUNC = metrics.later, STYPE = double precision);
CREATE OPERATOR metrics.<+> (LEFTARG = double precision, RIGHTARG = double precision, FUNCTION = metrics.later);
CREATE VIEW metrics.newest_values WITH (security_barrier = true) AS
  SELECT tenant_id, sensor, metrics.newest(value ORDER BY taken_at) AS value,
         count(*) FILTER (WHERE kind = 'heat') AS hot
    FROM metrics.measurements GROUP BY GROUPING SETS ((tenant_id, sensor), (tenant_id));
CREATE STATISTICS metrics.sensors_of_tenants (mcv) ON tenant_id, sensor FROM metrics.measurements;

-- migrate:down
DROP STATISTICS metrics.sensors_of_tenants;
DROP VIEW metrics.newest_values;
DROP OPERATOR metrics.<+> (double precision, double precision);
DROP AGGREGATE metrics.newest(double precision);
DROP FUNCTION metrics.later(double precision, double precision);
