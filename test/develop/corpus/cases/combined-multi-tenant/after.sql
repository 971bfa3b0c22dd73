CREATE TABLE tenants (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE users (id integer PRIMARY KEY, email text NOT NULL, tenant_id integer REFERENCES tenants, UNIQUE (tenant_id, email));
CREATE TABLE projects (id integer PRIMARY KEY, owner_id integer NOT NULL REFERENCES users, name text NOT NULL,
  tenant_id integer REFERENCES tenants);
CREATE INDEX projects_tenant_id_idx ON projects (tenant_id);
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
ALTER TABLE projects ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION current_tenant() RETURNS integer LANGUAGE sql STABLE AS $$ SELECT current_setting('app.tenant', true)::integer $$;
CREATE POLICY own_tenant ON users USING (tenant_id = current_tenant());
CREATE POLICY own_tenant ON projects USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
