-- migrate:up transaction:false
ALTER TYPE order_status ADD VALUE IF NOT EXISTS 'refunded' AFTER 'paid';
ALTER TYPE order_status ADD VALUE 'draft' BEFORE 'new';
ALTER TABLE orders ADD CONSTRAINT orders_refunded_check CHECK (status <> 'refunded' OR refunded_at IS NOT NULL);
ALTER TABLE orders ALTER COLUMN status SET DEFAULT 'draft';

-- migrate:down
ALTER TABLE orders ALTER COLUMN status DROP DEFAULT;
ALTER TABLE orders DROP CONSTRAINT orders_refunded_check;
DROP TRIGGER orders_touch ON orders;
DROP INDEX orders_open_idx;
ALTER TYPE order_status RENAME TO order_status_old;
CREATE TYPE order_status AS ENUM ('new', 'paid', 'shipped');
ALTER TABLE orders ALTER COLUMN status TYPE order_status
  USING CASE status WHEN 'draft' THEN 'new' WHEN 'refunded' THEN 'paid' ELSE status::text END::order_status;
DROP TYPE order_status_old;
ALTER TABLE orders ALTER COLUMN status SET DEFAULT 'new';
CREATE INDEX orders_open_idx ON orders (placed_at DESC NULLS LAST) INCLUDE (customer_id) WHERE status <> 'shipped';
CREATE TRIGGER orders_touch BEFORE UPDATE ON orders FOR EACH ROW
  WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION touch();
