CREATE TABLE shops (id integer NOT NULL, country text) PARTITION BY LIST (country);
CREATE TABLE shops_de PARTITION OF shops FOR VALUES IN ('de');
