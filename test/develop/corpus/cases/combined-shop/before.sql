CREATE TABLE products (id integer PRIMARY KEY, name varchar(100) NOT NULL, price integer NOT NULL, legacy_code text);
CREATE TABLE customers (id integer PRIMARY KEY, email text NOT NULL);
CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer NOT NULL CONSTRAINT orders_customer_id_customers_id_fk REFERENCES customers (id), status text DEFAULT 'new');
