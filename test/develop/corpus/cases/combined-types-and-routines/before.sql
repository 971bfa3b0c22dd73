CREATE TYPE state AS ENUM ('on', 'off');
CREATE TYPE reading AS (value integer, state state);
CREATE FUNCTION last_reading() RETURNS reading LANGUAGE sql AS $$ SELECT 1, 'on'::state $$;
CREATE TABLE sensors (id integer PRIMARY KEY, state state NOT NULL DEFAULT 'off');
