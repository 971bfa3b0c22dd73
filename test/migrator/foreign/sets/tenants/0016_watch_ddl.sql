-- migrate:up
CREATE TABLE audit.ddl (id serial PRIMARY KEY, tag text NOT NULL, object text);
CREATE FUNCTION audit.record_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit.ddl (tag, object)
  SELECT command_tag, object_identity FROM pg_event_trigger_ddl_commands() WHERE schema_name NOT LIKE 'pg\_%';
END $$;
CREATE EVENT TRIGGER record_ddl ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'ALTER TABLE')
  EXECUTE FUNCTION audit.record_ddl();
ALTER TABLE tenancy.plans ADD COLUMN note text;

-- migrate:down
DROP EVENT TRIGGER record_ddl;
ALTER TABLE tenancy.plans DROP COLUMN note;
DROP FUNCTION audit.record_ddl();
DROP TABLE audit.ddl;
