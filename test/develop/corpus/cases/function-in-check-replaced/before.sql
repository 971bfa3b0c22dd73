CREATE FUNCTION is_code(value text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT value ~ ''^[a-z]+$''';
CREATE TABLE items (id integer PRIMARY KEY, code text CONSTRAINT items_code CHECK (is_code(code)));
