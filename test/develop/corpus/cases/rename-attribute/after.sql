CREATE TYPE address AS (road text, city text);
CREATE TABLE people (id integer PRIMARY KEY, home address);
