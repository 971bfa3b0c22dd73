CREATE FUNCTION is_code(candidate text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT candidate ~ ''^[a-z0-9]+$''';
CREATE TABLE items (id integer PRIMARY KEY, code text CONSTRAINT items_code CHECK (is_code(code)));
