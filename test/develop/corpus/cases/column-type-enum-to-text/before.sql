CREATE TYPE order_status AS ENUM ('open', 'paid');
CREATE TABLE orders (id integer PRIMARY KEY, status order_status NOT NULL DEFAULT 'open');
