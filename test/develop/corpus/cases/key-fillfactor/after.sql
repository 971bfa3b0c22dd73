CREATE TABLE customers (id integer PRIMARY KEY WITH (fillfactor = 80));
