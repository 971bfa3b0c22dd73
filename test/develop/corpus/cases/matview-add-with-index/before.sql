CREATE TABLE sales (id integer PRIMARY KEY, shop integer, total integer);
