-- Keeps updated_at for three tables.

-- migrate:up
ALTER TABLE customers ADD COLUMN updated_at timestamptz;
ALTER TABLE products ADD COLUMN updated_at timestamptz;
ALTER TABLE orders ADD COLUMN updated_at timestamptz;

CREATE FUNCTION touch() RETURNS trigger AS $$
BEGIN
  -- a semicolon; and a quote that does not end: '
  IF NEW IS DISTINCT FROM OLD THEN
    NEW.updated_at := clock_timestamp();
  END IF;
  RETURN NEW;
END;
$$ LANGUAGE plpgsql;

CREATE TRIGGER customers_touch BEFORE UPDATE ON customers FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TRIGGER products_touch BEFORE UPDATE OF price_net, name ON products FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TRIGGER orders_touch BEFORE UPDATE ON orders FOR EACH ROW
  WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION touch();

-- migrate:down
DROP TRIGGER orders_touch ON orders;
DROP TRIGGER products_touch ON products;
DROP TRIGGER customers_touch ON customers;
DROP FUNCTION touch();
ALTER TABLE orders DROP COLUMN updated_at;
ALTER TABLE products DROP COLUMN updated_at;
ALTER TABLE customers DROP COLUMN updated_at;
