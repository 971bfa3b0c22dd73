CREATE TYPE state AS ENUM ('on', 'off', 'broken');
CREATE TYPE reading AS (value integer, state state, unit text);
CREATE FUNCTION last_reading() RETURNS reading LANGUAGE sql AS $$ SELECT 1, 'on'::state, 'V' $$;
CREATE TABLE sensors (id integer PRIMARY KEY, state state NOT NULL DEFAULT 'off');
CREATE FUNCTION is_ok(reading) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $1.state <> 'broken' $$;
