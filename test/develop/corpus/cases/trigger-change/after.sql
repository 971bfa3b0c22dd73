CREATE TABLE items (id integer PRIMARY KEY, price integer, changed_at timestamptz);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.changed_at := now(); RETURN NEW; END';
CREATE TRIGGER touch BEFORE UPDATE OF price ON items FOR EACH ROW
  WHEN (OLD.price IS DISTINCT FROM NEW.price) EXECUTE FUNCTION touch('price', '2');
