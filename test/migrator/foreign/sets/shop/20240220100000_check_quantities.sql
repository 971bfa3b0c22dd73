-- migrate:up lock_timeout:2s
ALTER TABLE order_items ADD CONSTRAINT order_items_quantity_check CHECK (quantity > 0) NOT VALID;
ALTER TABLE order_items ADD CONSTRAINT order_items_position_check CHECK (position BETWEEN 1 AND 999) NOT VALID;

-- migrate:down
ALTER TABLE order_items
  DROP CONSTRAINT order_items_quantity_check,
  DROP CONSTRAINT order_items_position_check;
