CREATE TABLE things (id integer PRIMARY KEY, code text);
CREATE INDEX things_code_idx ON things USING hash (code);
