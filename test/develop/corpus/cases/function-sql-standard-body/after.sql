CREATE TABLE items (id integer PRIMARY KEY, price integer);
CREATE FUNCTION dearest() RETURNS integer LANGUAGE sql STABLE
  BEGIN ATOMIC
    SELECT max(items.price) FROM items;
  END;
