CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE customers (id integer PRIMARY KEY, name text);
ALTER TABLE customers ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON customers USING (true);
CREATE TRIGGER touch BEFORE UPDATE ON customers FOR EACH ROW EXECUTE FUNCTION touch();
GRANT SELECT ON customers TO pg_monitor;
COMMENT ON TABLE customers IS 'who buys';
