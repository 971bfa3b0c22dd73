CREATE TABLE items (id integer PRIMARY KEY, price integer);
CREATE FUNCTION with_tax(price integer) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT price * 119 / 100 $$;
