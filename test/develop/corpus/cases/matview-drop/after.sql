CREATE TABLE sales (id integer PRIMARY KEY, total integer);
