CREATE TABLE items (id integer PRIMARY KEY, price bigint);
CREATE FUNCTION is_dear(wanted integer) RETURNS boolean LANGUAGE sql STABLE
  BEGIN ATOMIC
    SELECT items.price > 100 FROM items WHERE items.id = wanted;
  END;
