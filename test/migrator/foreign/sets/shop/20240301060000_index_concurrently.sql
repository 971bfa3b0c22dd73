-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY orders_customer_idx ON orders (customer_id, placed_at);
CREATE INDEX CONCURRENTLY IF NOT EXISTS customers_name_idx
  ON customers (lower(last_name), lower(first_name) text_pattern_ops);
CREATE UNIQUE INDEX CONCURRENTLY categories_slug_key ON categories (slug) WHERE parent_id IS NULL;
CREATE UNIQUE INDEX CONCURRENTLY order_items_sku_key ON order_items (order_id, sku);
ALTER TABLE order_items ADD CONSTRAINT order_items_sku_once UNIQUE USING INDEX order_items_sku_key;

-- migrate:down transaction:false
ALTER TABLE order_items DROP CONSTRAINT order_items_sku_once;
DROP INDEX CONCURRENTLY categories_slug_key;
DROP INDEX CONCURRENTLY IF EXISTS customers_name_idx;
DROP INDEX CONCURRENTLY orders_customer_idx;
