CREATE FUNCTION normal(value text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower(trim(value))';
CREATE TABLE items (id integer PRIMARY KEY, code text, code_normal text GENERATED ALWAYS AS (normal(code)) STORED);
