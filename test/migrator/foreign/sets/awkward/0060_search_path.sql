-- migrate:up
CREATE SCHEMA hidden;
SET search_path TO hidden, public;
CREATE TABLE secrets (id integer REFERENCES notes);
SELECT pg_catalog.set_config('search_path', '', false);
SET statement_timeout = 0;
SET lock_timeout = 0;
SET check_function_bodies = false;
SET client_min_messages = warning;
SET row_security = off;
SET standard_conforming_strings = on;
CREATE FUNCTION hidden.later() RETURNS integer LANGUAGE sql AS 'SELECT id FROM public.not_there_yet';

-- migrate:down
SET search_path TO hidden;
DROP FUNCTION later();
DROP TABLE secrets;
RESET search_path;
DROP SCHEMA hidden;
