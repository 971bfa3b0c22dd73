CREATE TABLE customers (id integer PRIMARY KEY);
CREATE TABLE orders (id integer PRIMARY KEY,
  customer_id integer NOT NULL CONSTRAINT orders_customer_id_customers_id_fk REFERENCES customers (id));
