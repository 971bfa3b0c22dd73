-- migrate:up
ALTER TABLE orders SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE products ALTER COLUMN attributes SET STORAGE EXTERNAL, ALTER COLUMN name SET STATISTICS 500;
CREATE STATISTICS orders_of_customers (dependencies, ndistinct) ON customer_id, status FROM orders;
ALTER TABLE orders CLUSTER ON orders_customer_idx;
COMMENT ON INDEX orders_customer_idx IS 'for the page "my orders"';
COMMENT ON CONSTRAINT orders_refunded_check ON orders IS 'the bank asks for it';

-- migrate:down
COMMENT ON CONSTRAINT orders_refunded_check ON orders IS NULL;
COMMENT ON INDEX orders_customer_idx IS NULL;
ALTER TABLE orders SET WITHOUT CLUSTER;
DROP STATISTICS orders_of_customers;
ALTER TABLE products ALTER COLUMN attributes SET STORAGE EXTENDED, ALTER COLUMN name SET STATISTICS -1;
ALTER TABLE orders RESET (fillfactor, autovacuum_vacuum_scale_factor);
