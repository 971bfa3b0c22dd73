CREATE TABLE notes (id integer PRIMARY KEY, tenant bigint);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON notes USING (tenant = current_setting('app.tenant')::integer);
