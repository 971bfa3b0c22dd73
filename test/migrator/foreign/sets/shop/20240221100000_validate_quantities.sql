-- migrate:up
UPDATE order_items SET quantity = 1 WHERE quantity <= 0;
ALTER TABLE order_items VALIDATE CONSTRAINT order_items_quantity_check;
ALTER TABLE order_items VALIDATE CONSTRAINT order_items_position_check;

-- migrate:down
ALTER TABLE order_items DROP CONSTRAINT order_items_quantity_check;
ALTER TABLE order_items DROP CONSTRAINT order_items_position_check;
ALTER TABLE order_items ADD CONSTRAINT order_items_quantity_check CHECK (quantity > 0) NOT VALID;
ALTER TABLE order_items ADD CONSTRAINT order_items_position_check CHECK (position BETWEEN 1 AND 999) NOT VALID;
