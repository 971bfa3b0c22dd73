CREATE TYPE money_amount AS (cents integer, currency text);
CREATE TABLE t (id integer PRIMARY KEY, price money_amount);
