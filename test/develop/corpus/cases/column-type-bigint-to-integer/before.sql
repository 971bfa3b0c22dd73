CREATE TABLE orders (id integer PRIMARY KEY, total bigint NOT NULL);
