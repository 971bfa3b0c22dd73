CREATE TYPE currency AS ENUM ('EUR', 'USD');
CREATE TABLE products (id integer PRIMARY KEY, name varchar(200) NOT NULL, price integer NOT NULL, currency currency NOT NULL DEFAULT 'EUR');
CREATE TABLE customers (id integer PRIMARY KEY, email text NOT NULL CONSTRAINT customers_email_unique UNIQUE, phone text);
CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer NOT NULL CONSTRAINT orders_customer_id_customers_id_fk REFERENCES customers (id), status text NOT NULL DEFAULT 'open');
CREATE TABLE order_lines (
  id integer PRIMARY KEY,
  order_id integer NOT NULL CONSTRAINT order_lines_order_id_orders_id_fk REFERENCES orders (id) ON DELETE CASCADE,
  product_id integer NOT NULL CONSTRAINT order_lines_product_id_products_id_fk REFERENCES products (id),
  quantity integer NOT NULL DEFAULT 1
);
CREATE INDEX order_lines_order_id_idx ON order_lines (order_id);
