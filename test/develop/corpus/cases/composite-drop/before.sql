CREATE TYPE money_amount AS (cents bigint, currency text);
CREATE TABLE t (id integer PRIMARY KEY, price money_amount);
