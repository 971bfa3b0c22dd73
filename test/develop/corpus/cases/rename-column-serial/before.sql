CREATE TABLE orders (nr serial PRIMARY KEY, note text);
