CREATE TABLE items (id integer PRIMARY KEY, price integer);
CREATE FUNCTION is_dear(wanted integer) RETURNS boolean LANGUAGE sql STABLE
  BEGIN ATOMIC
    SELECT items.price > 100 FROM items WHERE items.id = wanted;
  END;
