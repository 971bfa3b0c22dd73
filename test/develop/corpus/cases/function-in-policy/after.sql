CREATE FUNCTION current_owner() RETURNS text LANGUAGE sql STABLE AS 'SELECT current_setting(''app.owner'', true)';
CREATE TABLE items (id integer PRIMARY KEY, owner text);
ALTER TABLE items ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON items USING (owner = current_owner());
