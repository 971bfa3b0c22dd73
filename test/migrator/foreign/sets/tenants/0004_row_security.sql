-- migrate:up
CREATE FUNCTION tenancy.current_tenant() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE SET search_path = ''
  AS $$ SELECT nullif(pg_catalog.current_setting('app.tenant', true), '')::integer $$;

ALTER TABLE tenancy.tenants ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenancy.tenants FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON tenancy.tenants USING (id = tenancy.current_tenant());
CREATE POLICY no_moves ON tenancy.tenants AS RESTRICTIVE FOR UPDATE TO PUBLIC
  USING (true) WITH CHECK (plan <> 'company' OR discount <= 50);
COMMENT ON POLICY no_moves ON tenancy.tenants IS 'sales asked for it';

-- migrate:down
DROP POLICY no_moves ON tenancy.tenants;
DROP POLICY own_tenant ON tenancy.tenants;
ALTER TABLE tenancy.tenants NO FORCE ROW LEVEL SECURITY;
ALTER TABLE tenancy.tenants DISABLE ROW LEVEL SECURITY;
DROP FUNCTION tenancy.current_tenant();
