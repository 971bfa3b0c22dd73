-- migrate:up
CREATE TABLE stock_moves (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sku char(8) NOT NULL REFERENCES products ON DELETE CASCADE,
  change integer NOT NULL,
  why text NOT NULL DEFAULT 'no reason; -- migrate:down is not one /* nor is this'
);

CREATE FUNCTION move_stock() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
  target text := TG_ARGV[0];
  note constant text := $note$it's sold; see "orders"$note$;
BEGIN
  /* what a parser may stumble over: ; ' $$ -- migrate:up
     and a comment /* in a comment; */ -- migrate:down */
  IF TG_OP = 'DELETE' THEN
    EXECUTE format($q$INSERT INTO %I (sku, change, why) VALUES ($1, $2, 'back; ' || $3)$q$, target)
      USING OLD.sku, OLD.quantity, note;
    RETURN OLD;
  END IF;
  EXECUTE format($q$INSERT INTO %I (sku, change, why) VALUES ($1, $2, $3)$q$, target)
    USING NEW.sku, -NEW.quantity, E'sold\; ' || note || ' -- migrate:down';
  RETURN NEW;
END
$body$;

CREATE TRIGGER order_items_stock AFTER INSERT OR DELETE ON order_items
  FOR EACH ROW EXECUTE FUNCTION move_stock('stock_moves');

INSERT INTO stock_moves (sku, change, why)
SELECT sku, -sum(quantity), 'sold before stock was kept' FROM order_items GROUP BY sku;

-- migrate:down
DROP TRIGGER order_items_stock ON order_items;
DROP FUNCTION move_stock();
DROP TABLE stock_moves;
