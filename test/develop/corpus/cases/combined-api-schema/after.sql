CREATE TABLE people (id integer PRIMARY KEY, name text NOT NULL, salary integer, boss_id integer REFERENCES people);
CREATE SCHEMA api;
CREATE VIEW api.people WITH (security_barrier) AS SELECT id, name, boss_id FROM public.people;
CREATE FUNCTION api.team(boss integer) RETURNS SETOF api.people LANGUAGE sql STABLE
  AS $$ SELECT * FROM api.people WHERE boss_id = boss $$;
REVOKE EXECUTE ON FUNCTION api.team(integer) FROM PUBLIC;
GRANT USAGE ON SCHEMA api TO pg_monitor;
GRANT SELECT ON api.people TO pg_monitor;
GRANT EXECUTE ON FUNCTION api.team(integer) TO pg_monitor;
COMMENT ON VIEW api.people IS 'without salaries';
