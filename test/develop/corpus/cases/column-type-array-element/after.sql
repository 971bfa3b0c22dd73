CREATE TABLE series (id integer PRIMARY KEY, values bigint[] NOT NULL DEFAULT '{}');
