CREATE SCHEMA extensions;
CREATE EXTENSION hstore SCHEMA extensions;
CREATE TABLE people (id integer PRIMARY KEY, facts extensions.hstore);
