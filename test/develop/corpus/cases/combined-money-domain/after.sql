CREATE DOMAIN money_amount AS numeric(12, 2) CONSTRAINT not_negative CHECK (VALUE >= 0);
CREATE TABLE items (id integer PRIMARY KEY, price money_amount NOT NULL);
CREATE TABLE lines (id integer PRIMARY KEY, price money_amount);
CREATE TABLE discounts (id integer PRIMARY KEY, amount money_amount DEFAULT 0);
