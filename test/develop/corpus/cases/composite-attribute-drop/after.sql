CREATE TYPE money_amount AS (cents bigint);
CREATE TABLE t (id integer PRIMARY KEY, price money_amount);
